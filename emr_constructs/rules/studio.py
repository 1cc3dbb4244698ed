"""EMR Studio and who may use it: what CreateStudio and CreateStudioSessionMapping take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .registry import Part, rule
from .shapes import add_enum, add_shape
from .sources import api_reference, management_guide, template_reference

__all__ = ["AUTH_MODE", "SESSION_MAPPING", "STUDIO"]

STUDIO: Final = "CreateStudioInput"
SESSION_MAPPING: Final = "CreateStudioSessionMappingInput"
AUTH_MODE: Final = "StudioAuthMode"
"""The members of :data:`STUDIO` that say how people sign in; the role that is made with the Studio may be missing."""

_API: Final = api_reference("CreateStudio")
_TEMPLATE: Final = template_reference("aws-resource-emr-studio")
_AUTHENTICATION: Final = management_guide("emr-studio-authentication")
_GROUPS: Final = management_guide("emr-studio-security-groups")
_USERS: Final = management_guide("emr-studio-manage-users")

_SSO_ONLY: Final = ("UserRole", "TrustedIdentityPropagationEnabled", "IdcUserAssignment", "IdcInstanceArn")
_IAM_ONLY: Final = ("IdpAuthUrl", "IdpRelayStateParameterName")
_ARNS: Final = {
    "EncryptionKeyArn": r"arn:[\w-]+:kms:[\w-]+:\d{12}:(key|alias)/.+",
    "IdcInstanceArn": r"arn:[\w-]+:sso:::instance/.+",
    "ServiceRole": r"arn:[\w-]+:iam::\d{12}:role/.+",
    "SessionPolicyArn": r"arn:[\w-]+:iam::(\d{12}|aws):policy/.+",
    "UserRole": r"arn:[\w-]+:iam::\d{12}:role/.+",
}

add_enum("AuthMode", ("SSO", "IAM"))
add_enum("IdcUserAssignment", ("REQUIRED", "OPTIONAL"))
add_enum("IdentityType", ("USER", "GROUP"))
_SIGN_IN: Final = {
    "AuthMode": "AuthMode",
    "UserRole": "XmlString",
    "TrustedIdentityPropagationEnabled": "Boolean",
    "IdcUserAssignment": "IdcUserAssignment",
    "IdcInstanceArn": "String",
    "IdpAuthUrl": "String",
    "IdpRelayStateParameterName": "XmlStringMaxLen256",
}
_PLACE: Final = {
    "Name": "String",
    "VpcId": "XmlStringMaxLen256",
    "SubnetIds": "StringList",
    "ServiceRole": "XmlString",
    "WorkspaceSecurityGroupId": "XmlStringMaxLen256",
    "EngineSecurityGroupId": "XmlStringMaxLen256",
    "DefaultS3Location": "XmlString",
}
_MAPPED: Final = {
    "StudioId": "XmlStringMaxLen256",
    "IdentityType": "IdentityType",
    "IdentityName": "String",
    "SessionPolicyArn": "XmlStringMaxLen256",
}
add_shape(AUTH_MODE, _SIGN_IN, required=["AuthMode"])
add_shape(
    STUDIO,
    {**_PLACE, **_SIGN_IN, "Description": "XmlStringMaxLen256", "EncryptionKeyArn": "XmlString", "Tags": "TagList"},
    required=["AuthMode", *_PLACE],
)
add_shape(SESSION_MAPPING, _MAPPED, required=_MAPPED)


@rule(
    "emr-studio-name",
    STUDIO,
    do="use up to 256 characters, letters, digits, hyphens or underscores among them",
    source=_TEMPLATE,
)
def _name_is_allowed(studio: Part) -> Iterator[str]:
    """The name of a Studio has 1 to 256 characters, and a letter, digit, hyphen or underscore at least."""
    name = studio.get("Name")
    if name is not None and (len(name) > 256 or not re.search(r"[a-zA-Z0-9_-]", name)):
        yield f"the name of the Studio is {name!r}"


@rule("emr-studio-subnets", STUDIO, do="select 1 to 5 subnets, each once", source=_API)
def _has_up_to_five_subnets(studio: Part) -> Iterator[str]:
    """A Studio has 1 to 5 subnets."""
    subnets = studio.items("SubnetIds")
    if studio.is_complete("SubnetIds") and studio.get("SubnetIds") == []:
        yield "the Studio has no subnets"
    if len(subnets) > 5:
        yield f"the Studio has {len(subnets)} subnets"
    for subnet in sorted({subnet for subnet in subnets if subnets.count(subnet) > 1}):
        yield f"the Studio has the subnet {subnet!r} {subnets.count(subnet)} times"


@rule("emr-studio-location", STUDIO, do="use s3://bucket/prefix/", source=_TEMPLATE)
def _workspaces_are_kept_in_s3(studio: Part) -> Iterator[str]:
    """Workspaces and notebooks are backed up to S3."""
    location = studio.get("DefaultS3Location")
    if location is not None and not re.match(r"s3://[^/]", location):
        yield f"the default location of the Studio is {location!r}"


@rule("emr-studio-security-group-id", STUDIO, do="give the id of a security group, sg-...", source=_TEMPLATE)
def _groups_are_given_by_id(studio: Part) -> Iterator[str]:
    """Security groups are given by their ids."""
    for member in ("EngineSecurityGroupId", "WorkspaceSecurityGroupId"):
        value = studio.get(member)
        if value is not None and not re.fullmatch(r"sg-[a-zA-Z0-9\-._]+", value):
            yield f"{member} is {value!r}"


@rule("emr-studio-security-groups", STUDIO, do="use two security groups", source=_GROUPS)
def _groups_differ(studio: Part) -> Iterator[str]:
    """The Workspace group lets nothing in and the engine group lets the Workspaces in, so they are two groups."""
    engine = studio.get("EngineSecurityGroupId")
    if engine is not None and engine == studio.get("WorkspaceSecurityGroupId"):
        yield f"engine and Workspaces have the same security group {engine!r}"


@rule("emr-studio-arn", STUDIO, AUTH_MODE, SESSION_MAPPING, do="give the full ARN", source=_TEMPLATE)
def _arns_are_arns(part: Part) -> Iterator[str]:
    """Roles, keys, session policies and the instance of Identity Center are named by their ARNs."""
    for member, pattern in _ARNS.items():
        value = part.get(member)
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            yield f"{member} is {value!r}"


@rule("emr-studio-user-role", STUDIO, do="give the role that people get when they sign in", source=_AUTHENTICATION)
def _sso_needs_a_user_role(studio: Part) -> Iterator[str]:
    """A Studio whose people sign in with IAM Identity Center has a user role."""
    if studio.get("AuthMode") == "SSO" and "UserRole" not in studio:
        yield "people sign in with IAM Identity Center (SSO), and the Studio has no user role"


@rule(
    "emr-studio-auth-mode",
    STUDIO,
    AUTH_MODE,
    do="leave it out, or use the other authentication mode",
    source=_AUTHENTICATION,
)
def _options_belong_to_the_mode(studio: Part) -> Iterator[str]:
    """Users of Identity Center have a user role; those of IAM may come from an identity provider."""
    mode = studio.get("AuthMode")
    for member in {"SSO": _IAM_ONLY, "IAM": _SSO_ONLY}.get(mode, ()):
        if member in studio and studio.get(member) is not False:
            yield f"{member} has no effect with the authentication mode {mode}"


@rule("emr-studio-idp-url", STUDIO, AUTH_MODE, do="use an address such as https://idp.example.com/sso", source=_API)
def _provider_is_reached_with_tls(studio: Part) -> Iterator[str]:
    """The identity provider has an address that begins with https and has up to 4096 characters."""
    url = studio.get("IdpAuthUrl")
    if url is not None and (
        len(url) > 4096 or not re.fullmatch(r"https://[0-9a-zA-Z]([-.\w]*[0-9a-zA-Z])(:[0-9]*)*([?/#].*)?", url)
    ):
        yield f"the address of the identity provider is {url!r}"


@rule("emr-studio-relay-state", STUDIO, AUTH_MODE, do="give the address of the identity provider too", source=_API)
def _relay_state_needs_a_provider(studio: Part) -> Iterator[str]:
    """The name of the relay state parameter belongs to an identity provider."""
    if "IdpRelayStateParameterName" in studio and "IdpAuthUrl" not in studio:
        yield "the relay state parameter has a name, and there is no identity provider"


@rule("emr-studio-id", SESSION_MAPPING, do="give the id of a Studio, es-...", source=_USERS)
def _studio_is_given_by_id(mapping: Part) -> Iterator[str]:
    """People are assigned to a Studio by its id."""
    studio = mapping.get("StudioId")
    if studio is not None and not re.fullmatch(r"es-[0-9A-Z]+", studio):
        yield f"the id of the Studio is {studio!r}"


@rule("emr-studio-identity", SESSION_MAPPING, do="use the name in IAM Identity Center, 1 to 256 characters",
      source=_USERS)  # fmt: skip
def _identity_has_a_name(mapping: Part) -> Iterator[str]:
    """A user or group of Identity Center has a name of 1 to 256 characters."""
    name = mapping.get("IdentityName")
    if name is not None and not 1 <= len(name) <= 256:
        yield f"the name of the {str(mapping.get('IdentityType', 'identity')).lower()} is {name!r}"
