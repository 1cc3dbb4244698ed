"""What a cluster in a template refers to: its profile, its roles, its security configuration, and what it waits for.

The request alone cannot show it, since a reference has no value before deployment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .registry import Part, Severity, rule
from .shapes import add_list, add_shape
from .sources import management_guide, template_reference

REFERENCES: Final = "ClusterReferences"
"""The resources of the same template that a cluster refers to, and those that it should depend on."""

_CLUSTER = template_reference("aws-resource-emr-cluster")
_PROFILE = management_guide("emr-iam-role-for-ec2")
add_shape("ResourceReference", {"LogicalId": "String", "Type": "String", "Attribute": "String"})
add_list("ResourceReferenceList", "ResourceReference")
add_shape(
    REFERENCES,
    {
        "JobFlowRole": "ResourceReference",
        "ServiceRole": "ResourceReference",
        "AutoScalingRole": "ResourceReference",
        "SecurityConfiguration": "ResourceReference",
        "Unordered": "ResourceReferenceList",
        "KeepAlive": "Boolean",
        "HasSteps": "Boolean",
    },
)


@rule("emr-profile-name", "RunJobFlowInput", do="give the name of the instance profile", source=_PROFILE)
def _profile_is_no_arn(cluster: Part) -> Iterator[str]:
    """JobFlowRole is the name of an instance profile, not the ARN of one or of a role."""
    name = cluster.get("JobFlowRole")
    if name is not None and name.startswith("arn:"):
        yield f"JobFlowRole is {name!r}"


def _is_other(kind: str | None, wanted: str) -> bool:
    """Whether a resource cannot have the name that is wanted; a nested stack or a custom resource can."""
    return (
        kind is not None
        and kind != wanted
        and kind.startswith(("AWS::IAM::", "AWS::EMR::", "AWS::EC2::", "AWS::KMS::"))
    )


@rule("emr-profile-reference", REFERENCES, do="refer to the instance profile: Ref gives its name", source=_PROFILE)
def _profile_is_named(references: Part) -> Iterator[str]:
    """JobFlowRole is the name of an instance profile: neither its ARN nor the role in it."""
    profile = references.part("JobFlowRole")
    kind, attribute = profile.get("Type"), profile.get("Attribute")
    if _is_other(kind, "AWS::IAM::InstanceProfile"):
        yield f"JobFlowRole refers to {profile.get('LogicalId')!r}, which is {kind}"
    elif kind == "AWS::IAM::InstanceProfile" and attribute == "Arn":
        yield f"JobFlowRole is the ARN of the instance profile {profile.get('LogicalId')!r}"


@rule("emr-role-reference", REFERENCES, do="refer to the role, by Ref or by its ARN", source=_CLUSTER)
def _roles_are_roles(references: Part) -> Iterator[str]:
    """The service role and the Auto Scaling role are roles."""
    for member in ("ServiceRole", "AutoScalingRole"):
        role = references.part(member)
        kind = role.get("Type")
        if _is_other(kind, "AWS::IAM::Role"):
            yield f"{member} refers to {role.get('LogicalId')!r}, which is {kind}"


@rule(
    "emr-security-configuration-reference",
    REFERENCES,
    do="refer to the AWS::EMR::SecurityConfiguration: Ref gives its name",
    source=template_reference("aws-resource-emr-securityconfiguration"),
)
def _security_configuration_is_one(references: Part) -> Iterator[str]:
    """SecurityConfiguration is the name of a security configuration."""
    found = references.part("SecurityConfiguration")
    kind = found.get("Type")
    if _is_other(kind, "AWS::EMR::SecurityConfiguration"):
        yield f"SecurityConfiguration refers to {found.get('LogicalId')!r}, which is {kind}"


@rule(
    "emr-unordered-resources",
    REFERENCES,
    severity=Severity.WARNING,
    do="name them in DependsOn of the cluster",
    source=_CLUSTER,
)
def _cluster_waits_for_what_it_needs(references: Part) -> Iterator[str]:
    """A cluster depends on the policies of its roles and on the rules of its security groups.

    Otherwise it may start before them, and they may be deleted while it still runs.
    """
    names = [str(found.get("LogicalId")) for found in references.items("Unordered")]
    if names:
        yield f"the cluster does not depend on {', '.join(sorted(names))}, which its nodes need"


@rule(
    "emr-ends-at-once",
    REFERENCES,
    severity=Severity.WARNING,
    do="set Instances.KeepJobFlowAliveWhenNoSteps, or give steps; CloudFormation's default is false",
    source=template_reference("aws-properties-emr-cluster-jobflowinstancesconfig"),
)
def _cluster_stays(references: Part) -> Iterator[str]:
    """A cluster in a template that says nothing about staying alive has steps; without any it ends after the start."""
    if references.get("KeepAlive") is False and references.get("HasSteps") is False:
        yield "the cluster has no steps, and nothing keeps it alive without them"
