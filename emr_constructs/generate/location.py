"""Prints the network and the roles of a cluster: the options of ``emr.ClusterProfile``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..templates.intrinsics import items, mapping
from .code import Call, Code, Commented, Items, Literal, Name
from .context import is_intrinsic
from .imports import Imported
from .resolution import Intrinsic, placeholder_text

if TYPE_CHECKING:
    from .expressions import Expressions
    from .identifiers import Names

__all__ = ["MANAGED_POLICY_TAG", "has_managed_policy_tag", "profile_key", "profile_options"]

_MEMBERS: Final = (
    "AutoScalingRole",
    "JobFlowRole",
    "LogEncryptionKmsKeyId",
    "LogUri",
    "SecurityConfiguration",
    "ServiceRole",
)
_GROUPS: Final = {
    "EmrManagedMasterSecurityGroup": ("master", "MasterGroup"),
    "EmrManagedSlaveSecurityGroup": ("core", "CoreGroup"),
    "ServiceAccessSecurityGroup": ("service_access", "ServiceAccessGroup"),
}
_ADDITIONAL: Final = {
    "AdditionalMasterSecurityGroups": ("additional_master", "AdditionalMasterGroup"),
    "AdditionalSlaveSecurityGroups": ("additional_core", "AdditionalCoreGroup"),
}
_SUBNETS: Final = ("Ec2SubnetId", "Ec2SubnetIds")
_MEMBERS_OF_INSTANCES: Final = (*_SUBNETS, *_GROUPS, *_ADDITIONAL)
MANAGED_POLICY_TAG: Final = "for-use-with-amazon-emr-managed-policies"
_ROLES: Final = ("AutoScalingRole", "JobFlowRole", "ServiceRole")
_ARN_OF_NAME: Final = re.compile(r"arn:\$\{AWS::Partition\}:iam::\$\{AWS::AccountId\}:(role|instance-profile)/[^/$]+")
_DEFAULT_SUBNET: Final = "subnet-00000000"


def profile_key(request: Mapping[str, Any]) -> str:
    """Return a string that is the same for clusters that can share a profile."""
    instances = mapping(request.get("Instances"))
    members = [request.get(name) for name in _MEMBERS], [instances.get(name) for name in _MEMBERS_OF_INSTANCES]
    return repr((members, has_managed_policy_tag(request)))


def profile_options(
    request: Mapping[str, Any],
    context: Expressions,
    names: Names,
    *,
    is_private: bool | None,
    configuration: Code | None,
) -> tuple[dict[str, Code], dict[str, Any]]:
    """Return the options of the profile of a cluster, and properties of the cluster that replace what they render.

    :param is_private: whether the subnets are private; None if that isn't known.
    :param configuration: the security configuration, if it is a construct of the stack.
    """
    instances = mapping(request.get("Instances"))
    imported = _Imported(context, names)
    options: dict[str, Code] = {"subnets": _subnets(instances, context)}
    options["public"] = _public(instances, context, is_private=is_private)
    options["security_groups"], replaced = _groups(instances, imported)
    if request.get("ServiceRole") is not None:
        options["service_role"] = imported.role("ServiceRole", request["ServiceRole"])
    if request.get("JobFlowRole") is not None:
        profile = request["JobFlowRole"]
        if configuration is None:
            options["instance_profile"] = imported.instance_profile(profile)
        else:
            options["instance_profile"] = imported.instance_profile_with_role(profile)
            replaced |= {"JobFlowRole": profile} if _is_arn(profile) else {}
    if request.get("AutoScalingRole") is not None:
        options["auto_scaling_role"] = imported.role("AutoScalingRole", request["AutoScalingRole"])
    named = request.get("SecurityConfiguration")
    if configuration is None and named is not None:
        configuration = imported.named(
            "emr.SecurityConfiguration.from_security_configuration_name", "SecurityConfiguration", named
        )
    options["security_configuration"] = configuration or Literal(None)
    if request.get("LogUri") is not None:
        options["log_uri"] = context.value(request["LogUri"])
    else:
        options["log_bucket"] = Literal(None)
    if request.get("LogEncryptionKmsKeyId") is not None:
        options["log_encryption_key"] = imported.named(
            "kms.Key.from_key_arn", "LogKey", request["LogEncryptionKmsKeyId"]
        )
    if options.keys() >= {"service_role"} and not has_managed_policy_tag(request):
        options["managed_policy_tag"] = Literal(False)
    # A role by an ARN that only consists of its name is written as the name.
    replaced |= {name: request[name] for name in _ROLES if _is_arn_of_name(request.get(name))}
    return options, replaced | _replaced_subnets(instances)


def has_managed_policy_tag(request: Mapping[str, Any]) -> bool:
    """Return whether the tags of a cluster include the one of EMR's managed policy."""
    tags = [mapping(tag) for tag in items(request.get("Tags"))]
    return any(tag.get("Key") == MANAGED_POLICY_TAG and tag.get("Value") == "true" for tag in tags)


def _replaced_subnets(instances: Mapping[str, Any]) -> dict[str, Any]:
    """What a construct doesn't render: no subnet, or several of them with instance groups."""
    listed, has_fleets = instances.get("Ec2SubnetIds"), bool(instances.get("InstanceFleets"))
    if listed and not has_fleets:
        return {"Instances.Ec2SubnetId": None, "Instances.Ec2SubnetIds": listed}
    if instances.get("Ec2SubnetId") is not None:
        one = instances["Ec2SubnetId"]
        return {"Instances.Ec2SubnetId": one, "Instances.Ec2SubnetIds": None} if has_fleets else {}
    return {} if listed else {f"Instances.{_SUBNETS[has_fleets]}": None}


class _Imported(Imported):
    """Imports of roles, instance profiles and security groups."""

    def role(self, construct_id: str, value: Any, **options: Code) -> Code:
        """Return a role by its name or ARN."""
        what = "arn" if _is_arn(value) else "name"
        return self.named(f"iam.Role.from_role_{what}", construct_id, value, **options)

    def instance_profile(self, value: Any) -> Code:
        """Return an instance profile by its name or ARN."""
        what = "arn" if _is_arn(value) else "name"
        return self.named(f"iam.InstanceProfile.from_instance_profile_{what}", "InstanceProfile", value)

    def instance_profile_with_role(self, value: Any) -> Code:
        """Return an instance profile with its role, whose permissions aren't changed.

        The parts of a security configuration require permissions. A role that isn't known is assumed to have the name
        of the instance profile, as those that EMR and IAM create.
        """
        role = self._context.role_of_profile(value)
        name = _last_name(value) if role is None and _is_arn(value) else value
        options = {
            "instance_profile_arn": self._context.value(value if _is_arn(value) else _arn_of_profile(value)),
            "role": self.role("InstanceRole", name if role is None else role, mutable=Literal(False)),
        }
        args = (Name("self"), Literal(self._names.construct_id("InstanceProfile")))
        return Call("iam.InstanceProfile.from_instance_profile_attributes", args, options)

    def group(self, construct_id: str, value: Any) -> Code:
        """Return a security group by its ID."""
        return self.named("ec2.SecurityGroup.from_security_group_id", construct_id, value)


def _is_arn(value: Any) -> bool:
    """Return whether a value is an ARN, as far as its text shows."""
    match value:
        case {"Fn::GetAtt": [_, attribute]}:
            return str(attribute).endswith("Arn")
        case {"Fn::Sub": [str(text), *_]}:
            return text.startswith("arn:")
        case {"Ref": str(name)} | {"Fn::ImportValue": str(name)} | {"Fn::ImportValue": {"Fn::Sub": str(name)}}:
            return name.lower().endswith("arn")
    return (placeholder_text(value) or "").startswith("arn:")


def _is_arn_of_name(value: Any) -> bool:
    return is_intrinsic(value) and _ARN_OF_NAME.fullmatch(placeholder_text(value) or "") is not None


def _arn_of_profile(name: Any) -> Intrinsic:
    """The ARN of an instance profile of the account."""
    partition, account = Intrinsic({"Ref": "AWS::Partition"}), Intrinsic({"Ref": "AWS::AccountId"})
    return Intrinsic({"Fn::Join": ["", ["arn:", partition, ":iam::", account, ":instance-profile/", name]]})


def _last_name(arn: Any) -> Any:
    """The name in the ARN of an instance profile."""
    if isinstance(arn, str):
        return arn.rpartition("/")[2]
    return Intrinsic({"Fn::Select": [1, Intrinsic({"Fn::Split": ["/", arn]})]})


def _subnets(instances: Mapping[str, Any], context: Expressions) -> Code:
    listed = instances.get("Ec2SubnetIds")
    one = instances.get("Ec2SubnetId")
    if listed is not None and listed != []:
        return context.value(listed)
    if one is not None:
        return Items([context.value(one)])
    comment = context.note("specify the subnets; without them, EMR uses the default VPC")
    return Commented(Items([Literal(_DEFAULT_SUBNET)]), comment)


def _public(instances: Mapping[str, Any], context: Expressions, *, is_private: bool | None) -> Code:
    if is_private is None and instances.get("ServiceAccessSecurityGroup") is not None:
        is_private = True
    if is_private is None and instances.get("EmrManagedMasterSecurityGroup") is not None:
        # With groups of its own, a cluster in a private subnet requires a service-access group.
        is_private = False
    if is_private is not None:
        return Literal(not is_private)
    what = "set public=True if the subnets have a route to the internet"
    return Commented(Literal(False), context.note(what))


def _groups(instances: Mapping[str, Any], imported: _Imported) -> tuple[Code, dict[str, Any]]:
    options: dict[str, Code] = {}
    replaced: dict[str, Any] = {}
    is_own = instances.get("EmrManagedMasterSecurityGroup") is not None
    for member, (option, construct_id) in _GROUPS.items():
        if instances.get(member) is not None:
            if is_own:
                options[option] = imported.group(construct_id, instances[member])
            else:
                replaced[f"Instances.{member}"] = instances[member]
    for member, (option, construct_id) in _ADDITIONAL.items():
        value = instances.get(member)
        if is_intrinsic(value):
            # The number of groups in a list that is only known at deployment is unknown.
            replaced[f"Instances.{member}"] = value
        elif value:
            options[option] = Items([imported.group(construct_id, item) for item in items(value)])
    if is_own and "core" not in options:
        options["core"] = options["master"]
        replaced["Instances.EmrManagedSlaveSecurityGroup"] = None
    function = "from_security_groups" if is_own else "emr_managed"
    return Call(f"emr.ClusterSecurityGroups.{function}", (), options), replaced
