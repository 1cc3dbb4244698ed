"""Prints Studios and their session mappings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..templates.intrinsics import items
from .code import Call, Code, Items, Literal, Name
from .context import Members
from .imports import Imported
from .pairs import pairs
from .resolution import Intrinsic, placeholder_text

if TYPE_CHECKING:
    from .expressions import Expressions
    from .identifiers import Names

__all__ = ["mapping_options", "studio_options"]

_LOCATION: Final = re.compile(r"(s3://)([^/]+)(?:/(.*))?", re.DOTALL)
_ASSIGNMENTS: Final = {"REQUIRED": True, "OPTIONAL": False}


def studio_options(
    request: Mapping[str, Any], context: Expressions, names: Names
) -> tuple[dict[str, Code], dict[str, Any]]:
    """Return the options of ``emr.Studio``, and properties that replace what they render."""
    members, imported = Members(request, context), _Imported(context, names)
    options = members.options(studio_name="Name", description="Description")
    options["vpc"] = imported.vpc(members.take("VpcId"))
    options["vpc_subnets"], replaced = imported.subnets(members.take("SubnetIds"))
    options["auth_mode"] = _auth_mode(members, imported)
    for option, member in (("engine", "EngineSecurityGroupId"), ("workspace", "WorkspaceSecurityGroupId")):
        group = members.take(member)
        if group is not None:
            function = "ec2.SecurityGroup.from_security_group_id"
            options[f"{option}_security_group"] = imported.named(function, f"{option.title()}SecurityGroup", group)
    role = members.take("ServiceRole")
    if role is not None:
        options["service_role"] = imported.role("StudioServiceRole", role)
    location = members.take("DefaultS3Location")
    name, prefix = _location(location)
    options["workspace_bucket"] = imported.named("s3.Bucket.from_bucket_name", "WorkspaceBucket", name)
    options["workspace_prefix"] = context.value(prefix)
    if prefix == "" or not isinstance(prefix, str) or not prefix.endswith("/"):
        # The library ends the prefix with a slash.
        replaced["DefaultS3Location"] = location
    key = members.take("EncryptionKeyArn")
    if key is not None:
        options["encryption_key"] = imported.named("kms.Key.from_key_arn", "StudioKey", key)
    tags = members.take("Tags")
    if tags:
        options["tags"] = pairs("Tags", tags, context)
    return {**options, **members.rest()}, replaced


def mapping_options(request: Mapping[str, Any], context: Expressions, names: Names) -> dict[str, Code]:
    """Return the options of ``emr.StudioSessionMapping``."""
    members, imported = Members(request, context), _Imported(context, names)
    studio = members.take("StudioId")
    options = {"studio": context.construct(studio) or imported.studio(studio)}
    policy = members.take("SessionPolicyArn")
    options["session_policy"] = imported.named("iam.ManagedPolicy.from_managed_policy_arn", "SessionPolicy", policy)
    kind = members.take("IdentityType")
    options["user" if kind == "USER" else "group"] = context.value(members.take("IdentityName"))
    return {**options, **members.rest()}


class _Imported(Imported):
    def role(self, construct_id: str, value: Any) -> Code:
        # The role has what it requires; a policy would be added to a mutable one.
        return self.named("iam.Role.from_role_arn", construct_id, value, mutable=Literal(False))

    def studio(self, value: Any) -> Code:
        args = (Name("self"), Literal(self._names.construct_id("Studio")))
        return Call("emr.Studio.from_studio_attributes", args, {"studio_id": self._context.value(value)})

    def vpc(self, value: Any) -> Code:
        args = (Name("self"), Literal(self._names.construct_id("StudioVpc")))
        zones = Call("cdk.Fn.get_azs")
        options: dict[str, Code] = {"vpc_id": self._context.value(value), "availability_zones": zones}
        return Call("ec2.Vpc.from_vpc_attributes", args, options)

    def subnets(self, value: Any) -> tuple[Code, dict[str, Any]]:
        """The selection of subnets. Of a list that is only known at deployment, the first represents the others."""
        is_list = isinstance(value, list)
        listed = items(value) if is_list else [Intrinsic({"Fn::Select": [0, value]})]
        function = "ec2.Subnet.from_subnet_id"
        codes = [self.named(function, f"StudioSubnet{at}", item) for at, item in enumerate(listed, 1)]
        return Call("ec2.SubnetSelection", (), {"subnets": Items(codes)}), {} if is_list else {"SubnetIds": value}


def _auth_mode(members: Members, imported: _Imported) -> Code:
    mode, role = members.take("AuthMode"), members.take("UserRole")
    if mode != "SSO":
        options = members.options(
            idp_auth_url="IdpAuthUrl", idp_relay_state_parameter_name="IdpRelayStateParameterName"
        )
        return Call("emr.StudioAuthMode.iam", (), options)
    options = {} if role is None else {"user_role": imported.role("StudioUserRole", role)}
    options |= members.options(trusted_identity_propagation="TrustedIdentityPropagationEnabled")
    assignment = members.take("IdcUserAssignment")
    if assignment in _ASSIGNMENTS:
        options["user_assignment_required"] = Literal(_ASSIGNMENTS[assignment])
    options |= members.options(identity_center_instance_arn="IdcInstanceArn")
    return Call("emr.StudioAuthMode.sso", (), options)


def _location(value: Any) -> tuple[Any, Any]:
    """The bucket and the prefix of a location in S3."""
    found = _LOCATION.fullmatch(placeholder_text(value) or "")
    if found is None:
        return Intrinsic({"Fn::Select": [2, Intrinsic({"Fn::Split": ["/", value]})]}), ""
    return _text(found[2]), _text(found[3] or "")


def _text(text: str) -> Any:
    return Intrinsic({"Fn::Sub": text}) if "${" in text else text
