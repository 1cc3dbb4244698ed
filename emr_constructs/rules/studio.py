"""EMR Studio and its users: what CreateStudio and CreateStudioSessionMapping accept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint, matches, repeated, without
from .parts import Part
from .registry import At, Severity, rule
from .s3_addresses import uri_instead
from .sources import api_reference, management_guide, template_reference

__all__ = ["AUTH_MODE", "MAPPED_STUDIO", "SESSION_MAPPING", "STUDIO", "STUDIO_GROUPS"]

STUDIO: Final = "CreateStudioInput"
SESSION_MAPPING: Final = "CreateStudioSessionMappingInput"
STUDIO_GROUPS: Final = "StudioSecurityGroups"
"""The security groups of a Studio that its template defines."""

MAPPED_STUDIO: Final = "MappedStudio"
"""The Studio of a session mapping that its template defines."""

AUTH_MODE: Final = "StudioAuthMode"
"""The members of ``STUDIO`` about sign-in; the role that is created with the Studio may be missing."""

_API: Final = api_reference("CreateStudio")
_TEMPLATE: Final = template_reference("aws-resource-emr-studio")
_AUTHENTICATION: Final = management_guide("emr-studio-authentication")
_GROUPS: Final = management_guide("emr-studio-security-groups")
_USERS: Final = management_guide("emr-studio-manage-users")

_ENGINE_PORT: Final = 18888
_SSO_ONLY: Final = ("UserRole", "TrustedIdentityPropagationEnabled", "IdcUserAssignment", "IdcInstanceArn")
_IAM_ONLY: Final = ("IdpAuthUrl", "IdpRelayStateParameterName")
_SECURITY_GROUPS: Final = ("EngineSecurityGroupId", "WorkspaceSecurityGroupId")
_ARNS: Final = {
    "EncryptionKeyArn": r"arn:[\w-]+:kms:[\w-]+:\d{12}:(key|alias)/.+",
    "IdcInstanceArn": r"arn:[\w-]+:sso:::instance/.+",
    "ServiceRole": r"arn:[\w-]+:iam::\d{12}:role/.+",
    "SessionPolicyArn": r"arn:[\w-]+:iam::(\d{12}|aws):policy/.+",
    "UserRole": r"arn:[\w-]+:iam::\d{12}:role/.+",
}


@rule("emr-studio-subnets", STUDIO, at="SubnetIds", fix="select 1 to 5 subnets", source=_API)
def _has_up_to_five_subnets(studio: Part) -> Iterator[str]:
    """A Studio must have 1 to 5 subnets, each once."""
    count = len(studio.placed_items("SubnetIds"))
    if (studio.is_complete("SubnetIds") and studio.get("SubnetIds") == []) or count > 5:
        yield f"number of subnets must be 1 to 5, got {count}"
    yield from (f"subnets must be unique, got {found}" for found in repeated(studio.items("SubnetIds")))


def _same_group(studio: Part) -> str | None:
    engine, workspace = (studio.get(name) or studio.reference(name) for name in _SECURITY_GROUPS)
    if not engine or engine != workspace:
        return None
    known = studio.get("EngineSecurityGroupId")
    return f"{repr(known) if known else 'one group'} for both"


@rule("emr-studio-auth-mode", STUDIO, AUTH_MODE, fix="remove it, or use the other authentication mode",
      is_form=True, source=_AUTHENTICATION)  # fmt: skip
def _options_belong_to_the_mode(studio: Part) -> Iterator[At]:
    """A user role and Identity Center must be used with SSO, an identity provider with IAM."""
    mode = studio.get("AuthMode")
    for member in {"SSO": _IAM_ONLY, "IAM": _SSO_ONLY}.get(mode, ()):
        if member in studio and studio.get(member) is not False:
            yield At(studio.at(member), f"{member} can't be combined with the authentication mode {mode}")


def _engine_without_port(groups: Part) -> str | None:
    rules, workspace = groups.items("Engine"), groups.get("WorkspaceGroup")
    is_known = "Engine" in groups and groups.is_complete("Engine")
    if not is_known or workspace is None or workspace == groups.get("EngineGroup"):
        return None
    return None if any(_opens(ingress, workspace) for ingress in rules) else repr(groups.get("EngineGroup"))


def _workspace_without_port(groups: Part) -> str | None:
    engine, workspace = groups.get("EngineGroup"), groups.get("WorkspaceGroup")
    is_known = "Egress" in groups and groups.is_complete("Egress")
    if not is_known or engine in (None, workspace):
        return None
    return None if any(_opens(egress, engine) for egress in groups.items("Egress")) else repr(workspace)


def _opens(ingress: Part, peer: str) -> bool:
    """Whether a rule may allow the port of the engine from or to the security group ``peer``."""
    first, last = ingress.get("FromPort", 0), ingress.get("ToPort", 65535)
    is_tcp = ingress.get("IpProtocol", "-1") in ("-1", "tcp", "6")
    return ingress.get("Source", peer) == peer and is_tcp and (first == -1 or first <= _ENGINE_PORT <= last)


# fmt: off
constraint("emr-studio-engine-port", STUDIO_GROUPS,
           f"the engine security group of a Studio must allow TCP {_ENGINE_PORT} from the Workspace security group",
           _engine_without_port, fix="add an ingress rule", severity=Severity.WARNING, source=_GROUPS)
constraint("emr-studio-workspace-egress", STUDIO_GROUPS,
           f"the Workspace security group of a Studio must allow TCP {_ENGINE_PORT} to the engine security group",
           _workspace_without_port, fix="add an egress rule", severity=Severity.WARNING, source=_GROUPS)
constraint("emr-studio-mapping-mode", MAPPED_STUDIO,
           "users and groups must be assigned to a Studio with the authentication mode SSO, because IAM policies "
           "control access to other Studios",
           lambda studio: studio.get("AuthMode") == "IAM" and f"IAM in {studio.get('LogicalId')!r}",
           fix="remove the mapping, or use SSO", severity=Severity.WARNING, source=_USERS)
matches("emr-studio-name", STUDIO, "Name", r"(?=.*[a-zA-Z0-9_-]).{1,256}", what="the name of the Studio",
        must="have 1 to 256 characters, and at least one letter, digit, hyphen or underscore", fix="change the name",
        source=_TEMPLATE)
matches("emr-studio-location", STUDIO, "DefaultS3Location", "s3://[^/].*", what="the default S3 location",
        must="be an S3 URI", instead=uri_instead, fix="use s3://bucket/prefix/", source=_TEMPLATE)
matches("emr-studio-security-group-id", STUDIO, dict.fromkeys(_SECURITY_GROUPS, r"sg-[a-zA-Z0-9\-._]+"),
        what="a security group", must="be the ID of a security group", fix="use an ID such as sg-0123456789abcdef0",
        source=_TEMPLATE)
constraint("emr-studio-security-groups", STUDIO,
           "the security groups of the engine and of Workspaces must be different",
           _same_group, at="EngineSecurityGroupId", fix="use two security groups", source=_GROUPS)
matches("emr-studio-arn", (STUDIO, AUTH_MODE, SESSION_MAPPING), _ARNS,
        what="a role, key, session policy or Identity Center instance", must="be an ARN", fix="use the full ARN",
        source=_TEMPLATE)
constraint("emr-studio-user-role", STUDIO, "the authentication mode SSO requires a user role",
           lambda studio: studio.get("AuthMode") == "SSO" and "UserRole" not in studio,
           at="AuthMode", fix="specify the role that users assume when they sign in", source=_AUTHENTICATION)
matches("emr-studio-idp-url", (STUDIO, AUTH_MODE), "IdpAuthUrl",
        r"(?=.{0,4096}$)https://[0-9a-zA-Z]([-.\w]*[0-9a-zA-Z])(:[0-9]*)*([?/#].*)?",
        what="the URL of the identity provider", must="begin with https:// and have at most 4096 characters",
        fix="use an address such as https://idp.example.com/sso", source=_API)
constraint("emr-studio-relay-state", (STUDIO, AUTH_MODE), "IdpRelayStateParameterName requires IdpAuthUrl",
           without("IdpRelayStateParameterName", "IdpAuthUrl"), at="IdpRelayStateParameterName",
           fix="also specify the URL of the identity provider", severity=Severity.WARNING, source=_API)
matches("emr-studio-id", SESSION_MAPPING, "StudioId", "es-[0-9A-Z]+", what="the Studio ID",
        must="be the ID of a Studio", fix="use an ID such as es-0123456789ABCDEF", source=_USERS)
matches("emr-studio-identity", SESSION_MAPPING, "IdentityName", ".{1,256}", what="the name of the user or group",
        must="have 1 to 256 characters", fix="use the name in IAM Identity Center", source=_USERS)
