"""What a property of Amazon EMR refers to in its template, and what a cluster depends on.

The request by itself can't show it, because a reference has no value before deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from .constraints import constraint, listed, matches
from .parts import Part
from .registry import At, Severity, rule
from .sources import api_reference, management_guide, template_reference, user_guide

__all__ = ["LISTED", "NAMED", "OWNER", "REFERENCE", "REFERENCES", "REFERRING", "REQUEST_ROLES", "ROLE_NAMES"]

REFERENCES: Final = "ClusterReferences"
"""The resources of the same template that a cluster should depend on."""

REFERENCE: Final = "PropertyReference"
"""A property whose value is ``Ref`` or an attribute of a resource of the same template."""

LISTED: Final = "PropertyListReference"
"""A property whose value is a parameter or a resource, and whether each of the two is a list."""

NAMED: Final = "PropertyName"
"""A property whose value is the logical ID or the name of a resource of the same template, as text."""

OWNER: Final = "ClusterOwner"
"""The cluster that a resource is added to."""

ROLE_NAMES: Final = "ClusterRoleNames"
"""The roles and keys of a cluster as far as their text is known; ``<in angle brackets>`` what is not."""

_CLUSTER = template_reference("aws-resource-emr-cluster")
REQUEST_ROLES: Final = "RequestRoles"
"""The roles of a whole request to RunJobFlow."""
_REQUEST_ROLES: Final = ("JobFlowRole", "ServiceRole")
_PROFILE = management_guide("emr-iam-role-for-ec2")
_REF = user_guide("intrinsic-function-reference-ref")
_DEPENDS_ON = user_guide("aws-attribute-dependson")
_ROLES: Final = ("ServiceRole", "AutoScalingRole")
_LOCATIONS: Final = ("DefaultS3Location", "LogUri", "Path")
# Not each of their values is a location in Amazon S3.
_URIS: Final = ("Jar", "Args")
_SECURITY_KEY: Final = "AwsKmsKey"


# Nested stacks, custom resources and other services can have values of any kind.
_SERVICES: Final = ("AWS::EC2::", "AWS::EMR::", "AWS::IAM::", "AWS::KMS::", "AWS::Logs::", "AWS::S3::")
_SUBNETS: Final = ("Ec2SubnetId", "Ec2SubnetIds", "SubnetIds")
_GROUPS: Final = (
    "EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup", "ServiceAccessSecurityGroup",
    "AdditionalMasterSecurityGroups", "AdditionalSlaveSecurityGroups", "WorkspaceSecurityGroupId",
    "EngineSecurityGroupId",
)  # fmt: skip


REFERRING: Final = frozenset(
    {
        *_LOCATIONS, *_URIS, *_ROLES, *_SUBNETS, *_GROUPS, _SECURITY_KEY, "ClusterId", "Ec2KeyName", "EncryptionKeyArn",
        "JobFlowId", "JobFlowRole", "LogEncryptionKmsKeyId", "SecurityConfiguration", "SessionPolicyArn", "StudioId",
        "UserRole", "VpcId",
    }
)  # fmt: skip
"""The properties whose references rules are about."""


def _expects(
    kind: str, *properties: str, attributes: tuple[str, ...] = (), elsewhere: tuple[str, ...] = ()
) -> Callable[[Part], str | None]:
    """Find references of ``properties`` to something else than a resource of type ``kind``.

    :param attributes: attributes of the resource that have the value, in addition to ``Ref``.
    :param elsewhere: attributes that have it in resources of other types.
    """

    def found(reference: Part) -> str | None:
        if reference.get("Property") not in properties:
            return None
        other, attribute = str(reference.get("Type")), str(reference.get("Attribute"))
        is_right = other == kind and attribute in ("Ref", *attributes)
        if is_right or not other.startswith(_SERVICES):
            return None
        if other != kind and attribute.rpartition(".")[2] in elsewhere:
            return None
        what = f"{reference.get('LogicalId')!r}, an {other}"
        return what if other != kind or attribute == "Ref" else f"{attribute} of {what}"

    return found


_OF_NETWORK: Final = (
    _expects("AWS::EC2::Subnet", *_SUBNETS, attributes=("SubnetId",), elsewhere=("SubnetId",)),
    _expects("AWS::EC2::SecurityGroup", *_GROUPS, attributes=("GroupId", "Id"),
             elsewhere=("GroupId", "DefaultSecurityGroup", "SecurityGroupId")),
    _expects("AWS::EC2::VPC", "VpcId", attributes=("VpcId",), elsewhere=("VpcId",)),
    _expects("AWS::EC2::KeyPair", "Ec2KeyName", attributes=("KeyName",), elsewhere=("KeyName",)),
)  # fmt: skip


_KEYS: Final = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
_OTHER_KEYS: Final = _expects("AWS::KMS::Key", "EncryptionKeyArn", "LogEncryptionKmsKeyId", attributes=("Arn", "KeyId"))


_OF_STUDIO: Final = (
    _expects("AWS::EMR::Studio", "StudioId", attributes=("StudioId",)),
    _expects("AWS::IAM::ManagedPolicy", "SessionPolicyArn", attributes=("PolicyArn",)),
)  # fmt: skip


def _not_for_studio(reference: Part) -> str | None:
    if reference.get("IsOfStudio") is not True:
        return None
    is_name = reference.get("Type") == "AWS::IAM::Role" and reference.get("Attribute") == "Ref"
    if is_name and reference.get("Property") in ("ServiceRole", "UserRole"):
        return f"the name of role {reference.get('LogicalId')!r}"
    return next(filter(None, (find(reference) for find in _OF_STUDIO)), None)


def _other_key(reference: Part) -> str | None:
    member, kind = reference.get("Property"), reference.get("Type")
    is_id = kind in _KEYS and reference.get("Attribute") != "Arn"
    if is_id and member in ("EncryptionKeyArn", _SECURITY_KEY):
        place = f" in {_SECURITY_KEY}" if member == _SECURITY_KEY else ""
        return f"the key ID of {reference.get('LogicalId')!r}{place}"
    return None if kind in ("AWS::KMS::Alias", "AWS::KMS::ReplicaKey") else _OTHER_KEYS(reference)


def _bucket_as_location(reference: Part) -> str | None:
    if reference.get("Type") != "AWS::S3::Bucket" or reference.get("Property") not in (*_LOCATIONS, *_URIS):
        return None
    what = "name" if reference.get("Attribute") == "Ref" else str(reference.get("Attribute"))
    return f"the {what} of bucket {reference.get('LogicalId')!r}"


@rule("emr-list-reference", LISTED, fix="use a list for a list",
      source=user_guide("cloudformation-supplied-parameter-types"))  # fmt: skip
def _lists_are_for_lists(found: Part) -> Iterator[tuple[str, str]]:
    """A list must be a list of references or a parameter of a list type, and one value must not be a list."""
    name, member = found.get("LogicalId"), found.get("Property")
    if name is None:
        return
    if found.get("IsList") is not True:
        fix = "use a list that has the reference as its item, or a parameter of a list type"
        yield f"{member} must be a list, got Ref of {name!r}, which returns one value", fix
    elif found.get("IsItem") is True:
        yield (
            f"an item of {member} must be one value, got Ref of {name!r}, which returns a list",
            "use Ref without the list around it",
        )
    else:
        fix = "use Fn::Select, or a parameter of a type that is no list"
        yield f"{member} must be one value, got Ref of {name!r}, which returns a list", fix


def _unordered(references: Part) -> str | None:
    names = sorted(str(found.get("LogicalId")) for found in references.items("Unordered"))
    return f"no dependency on {listed(names)}" if names else None


def _named(name: Part) -> str | None:
    if name.get("IsOrdered") is True and name.get("IsLogicalId") is False:
        return None
    what = "logical ID" if name.get("IsLogicalId") else "name"
    return f"{name.get('Property')} {name.get('Text')!r}, the {what} of {name.get('LogicalId')!r}"


def _swapped_defaults(cluster: Part) -> Iterator[At]:
    for member, other in (("JobFlowRole", "EMR_DefaultRole"), ("ServiceRole", "EMR_EC2_DefaultRole")):
        if cluster.get(member, "").rpartition("/")[2] == other:
            yield At(cluster.at(member), f"{other} as {member}")
            return  # Swapped roles are one cause.


def _missing_role(request: Part) -> At | None:
    """The role that a request lacks which has the other one; without any, it is a part of a request."""
    roles = {name: name in request for name in _REQUEST_ROLES}
    if sorted(roles.values()) != [False, True]:
        return None
    given = next(name for name, is_there in roles.items() if is_there)
    missing = next(name for name, is_there in roles.items() if not is_there)
    return At(request.at(given), f"{given} and no {missing}", f"also specify {missing}")


# fmt: off
constraint("emr-default-roles", "RunJobFlowInput",
           "of the default roles, JobFlowRole must be EMR_EC2_DefaultRole and ServiceRole EMR_DefaultRole",
           _swapped_defaults, fix="swap the roles", severity=Severity.WARNING, source=_PROFILE)
constraint("emr-role-missing", REQUEST_ROLES,
           "a request must have a service role and an instance profile, because EMR rejects it otherwise",
           _missing_role, fix="specify JobFlowRole and ServiceRole", source=management_guide("emr-iam-roles"))
matches("emr-profile-name", ("RunJobFlowInput", ROLE_NAMES), "JobFlowRole",
        "(?!arn:).*|arn:.*:iam::.*:instance-profile/.+", what="JobFlowRole",
        must="be the name or ARN of an instance profile", fix="use the instance profile of the role", source=_PROFILE)
matches("emr-role-name", ("RunJobFlowInput", ROLE_NAMES), dict.fromkeys(_ROLES, "(?!arn:).*|arn:.*:iam::.*:role/.+"),
        what="a service role or Auto Scaling role", must="be the name or ARN of an IAM role", fix="use a role",
        source=api_reference("RunJobFlow"))
matches("emr-log-key", ("RunJobFlowInput", ROLE_NAMES), "LogEncryptionKmsKeyId", "(?!arn:).*|arn:[^:]*:kms:.*",
        what="LogEncryptionKmsKeyId", must="be a KMS key", fix="use the ARN of a KMS key",
        source=management_guide("emr-plan-debugging"))
matches("emr-cluster-id", OWNER, "ClusterId", "j-[0-9A-Z]+", what="the cluster of a step, group or fleet",
        must="be a cluster ID", fix="refer to the AWS::EMR::Cluster with Ref, or use an ID such as j-1K48XXXXXXHCB",
        source=api_reference("AddJobFlowSteps"))
constraint("emr-profile-reference", REFERENCE, "JobFlowRole must be the name or ARN of an instance profile",
           _expects("AWS::IAM::InstanceProfile", "JobFlowRole", attributes=("Arn",), elsewhere=("InstanceProfile",)),
           fix="refer to the AWS::IAM::InstanceProfile of the role", source=_PROFILE)
constraint("emr-role-reference", REFERENCE, "a service role, Auto Scaling role or user role must be an IAM role",
           _expects("AWS::IAM::Role", *_ROLES, "UserRole", attributes=("Arn",)),
           fix="refer to the role, with Ref or its ARN", source=_CLUSTER)
constraint("emr-security-configuration-reference", REFERENCE,
           "SecurityConfiguration must be the name of a security configuration",
           _expects("AWS::EMR::SecurityConfiguration", "SecurityConfiguration", attributes=("Name",)),
           fix="refer to the AWS::EMR::SecurityConfiguration; Ref returns its name",
           source=template_reference("aws-resource-emr-securityconfiguration"))
constraint("emr-cluster-reference", REFERENCE, "the cluster of a step, group or fleet must be a cluster ID",
           _expects("AWS::EMR::Cluster", "JobFlowId", "ClusterId", attributes=("Id",)),
           fix="refer to the AWS::EMR::Cluster; Ref returns its ID", source=_CLUSTER)
constraint("emr-studio-reference", REFERENCE,
           "a Studio must have the ARNs of its roles, a session mapping the ID of its Studio and the ARN of a policy",
           _not_for_studio, fix="use Fn::GetAtt with Arn of a role, and Ref of a Studio or an AWS::IAM::ManagedPolicy",
           source=template_reference("aws-resource-emr-studio"))
constraint("emr-network-reference", REFERENCE,
           "a subnet, security group or VPC must be referred to by its ID, a key pair by its name",
           lambda reference: next(filter(None, (find(reference) for find in _OF_NETWORK)), None),
           fix="refer to a resource of the type that the property requires",
           source=template_reference("aws-properties-emr-cluster-jobflowinstancesconfig"))
constraint("emr-key-reference", REFERENCE,
           "EncryptionKeyArn and AwsKmsKey must be the ARN of a KMS key, LogEncryptionKmsKeyId its ARN or ID",
           _other_key, fix="use Fn::GetAtt with Arn of the AWS::KMS::Key",
           source=management_guide("emr-plan-debugging"))
constraint("emr-bucket-reference", REFERENCE, "a location in S3 must be a URI", _bucket_as_location,
           fix="use Fn::Sub with 's3://${Bucket}/prefix/'", source=management_guide("emr-plan-debugging"))
constraint("emr-name-not-reference", NAMED,
           "a resource of the same template must be specified by reference, because otherwise CloudFormation may "
           "create it after the cluster", _named,
           fix="use Ref or Fn::GetAtt instead of its name", severity=Severity.WARNING, source=_REF)
constraint("emr-unordered-resources", REFERENCES,
           "a cluster must depend on the policies of its roles, the rules between its security groups and the routes "
           "of its subnets, because it uses them from launch to termination", _unordered,
           fix="specify them in DependsOn of the cluster", severity=Severity.WARNING, source=_DEPENDS_ON)
