"""Who may do what on a cluster: role mappings, runtime roles, Lake Formation and Identity Center."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .registry import Part, Severity, rule
from .releases import has_application, lacks
from .security_configuration import DOCUMENT, LAUNCH
from .shapes import add_enum, add_list, add_shape
from .sources import management_guide
from .topology import has_three_masters

_EMRFS = management_guide("emr-emrfs-iam-roles")
_RUNTIME_ROLES = management_guide("emr-steps-runtime-roles")
_LAKE_FORMATION = management_guide("emr-lf-enable")
_IDENTITY_CENTER = management_guide("emr-idc-start")

add_enum("RoleMappingIdentifierType", ("User", "Group", "Prefix"))

_MAPPING: Final = {"Role": "String", "IdentifierType": "RoleMappingIdentifierType", "Identifiers": "StringList"}
_IDENTITY_CENTER_REQUIRED: Final = {
    "EnableIdentityCenter": "Boolean",
    "IAMRoleForEMRIdentityCenterApplicationARN": "String",
}
for _name, _members, _required in (
    (
        "AuthorizationConfiguration",
        {
            name: name
            for name in ("EmrFsConfiguration", "IAMConfiguration", "LakeFormationConfiguration", "RangerConfiguration")
        },
        (),
    ),
    ("EmrFsConfiguration", {"RoleMappings": "RoleMappingList"}, ("RoleMappings",)),
    ("RoleMapping", _MAPPING, tuple(_MAPPING)),
    (
        "IAMConfiguration",
        {
            "EnableApplicationScopedIAMRole": "Boolean",
            "ApplicationScopedIAMRoleConfiguration": "ApplicationScopedIAMRoleConfiguration",
        },
        ("EnableApplicationScopedIAMRole",),
    ),
    ("ApplicationScopedIAMRoleConfiguration", {"PropagateSourceIdentity": "Boolean"}, ()),
    ("LakeFormationConfiguration", {"AuthorizedSessionTagValue": "String", "EnableLakeFormation": "Boolean"}, ()),
    (
        "IdentityCenterConfiguration",
        {
            **_IDENTITY_CENTER_REQUIRED,
            "IdentityCenterInstanceARN": "String",
            # AWS's pages have both spellings, so both are accepted in templates.
            "IdentityCenterApplicationAssigmentRequired": "Boolean",
            "IdentityCenterApplicationAssignmentRequired": "Boolean",
            "EnableUserBackgroundSession": "Boolean",
        },
        tuple(_IDENTITY_CENTER_REQUIRED),
    ),
):
    add_shape(_name, _members, required=_required)
add_list("RoleMappingList", "RoleMapping")

_ARNS: Final = {
    "iam": r"arn:[\w-]+:iam::\d{12}:role/.+",
    "secretsmanager": r"arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+",
    "logs": r"arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:*]+",
    "sso": r"arn:[\w-]+:sso:::instance/.+",
}
_ARN_MEMBERS: Final = {
    "Role": "iam",
    "RoleForRangerPluginsARN": "iam",
    "RoleForOtherAWSServicesARN": "iam",
    "IAMRoleForEMRIdentityCenterApplicationARN": "iam",
    "AdminServerSecretARN": "secretsmanager",
    "ClientSecretARN": "secretsmanager",
    "CloudWatchLogGroup": "logs",
    "IdentityCenterInstanceARN": "sso",
}


@rule(
    "emr-authorization-arn",
    "RoleMapping",
    "IdentityCenterConfiguration",
    "RangerConfiguration",
    "RangerPluginConfiguration",
    "AuditLogs",
    do="give the full ARN, that of a log group without :* at its end",
    source=management_guide("emr-create-security-configuration"),
)
def _arns_are_arns(part: Part) -> Iterator[str]:
    """Roles, secrets, log groups and the instance of Identity Center are named by their ARNs."""
    for member, service in _ARN_MEMBERS.items():
        value = part.get(member)
        if isinstance(value, str) and not re.fullmatch(_ARNS[service], value):
            yield f"{member} is {value!r}"


@rule("emr-role-mappings-empty", "EmrFsConfiguration", do="map one role at least, or leave it out", source=_EMRFS)
def _something_is_mapped(emrfs: Part) -> Iterator[str]:
    """Role mappings map something."""
    if emrfs.is_complete("RoleMappings") and emrfs.get("RoleMappings") == []:
        yield "there are no role mappings"


@rule(
    "emr-role-mapping-identifiers",
    "RoleMapping",
    do="name users, groups, or prefixes such as s3://bucket/sales/",
    source=_EMRFS,
)
def _mapping_has_identifiers(mapping: Part) -> Iterator[str]:
    """A role is mapped to one identifier at least; prefixes are S3 locations, users and groups are names."""
    if mapping.is_complete("Identifiers") and mapping.get("Identifiers") == []:
        yield "a role is mapped to nobody and nothing"
    kind = mapping.get("IdentifierType")
    for identifier in mapping.items("Identifiers"):
        if kind is not None and (not identifier or identifier.startswith("s3://") is not (kind == "Prefix")):
            yield f"a role is mapped to the {kind.lower()} {identifier!r}"


@rule(
    "emr-source-identity-without-runtime-roles",
    "IAMConfiguration",
    do="switch runtime roles on, or leave it out",
    source=_RUNTIME_ROLES,
)
def _source_identity_needs_runtime_roles(iam: Part) -> Iterator[str]:
    """How runtime roles work is configured where they are on."""
    if iam.get("EnableApplicationScopedIAMRole") is False and "ApplicationScopedIAMRoleConfiguration" in iam:
        yield "runtime roles are configured and not on"


@rule(
    "emr-lake-formation-runtime-roles",
    DOCUMENT,
    do="switch runtime roles on too: SecurityConfiguration(runtime_roles=RuntimeRoles())",
    source=_LAKE_FORMATION,
)
def _lake_formation_needs_an_identity(document: Part) -> Iterator[str]:
    """Lake Formation authorizes runtime roles, or the people whom Identity Center knows."""
    known = document.is_complete("AuthorizationConfiguration") and document.is_complete("AuthenticationConfiguration")
    if known and has_lake_formation(document) and not has_runtime_roles(document) and not _identity_center(document):
        yield "Lake Formation is on and the cluster has no runtime roles"


@rule(
    "emr-lake-formation-session-tag",
    DOCUMENT,
    do="give the session tag value that Lake Formation trusts: LakeFormation('Amazon EMR')",
    source=_LAKE_FORMATION,
)
def _lake_formation_knows_sessions(document: Part) -> Iterator[str]:
    """With runtime roles, Lake Formation knows the sessions of EMR by a tag."""
    lake_formation = document.part("AuthorizationConfiguration").part("LakeFormationConfiguration")
    if not has_lake_formation(document) or not has_runtime_roles(document):
        return
    if "AuthorizedSessionTagValue" not in lake_formation or lake_formation.get("AuthorizedSessionTagValue") == "":
        yield "Lake Formation is on with runtime roles and without an authorized session tag value"


@rule(
    "emr-authorization-in-transit",
    DOCUMENT,
    do="switch in-transit encryption on",
    source=_LAKE_FORMATION,
)
def _credentials_are_encrypted_in_transit(document: Part) -> Iterator[str]:
    """Lake Formation and Identity Center need in-transit encryption."""
    encryption = document.part("EncryptionConfiguration")
    known = document.is_complete("EncryptionConfiguration") and encryption.is_complete("EnableInTransitEncryption")
    if not known or encryption.get("EnableInTransitEncryption") is True:
        return
    if has_lake_formation(document):
        yield "Lake Formation is on and in-transit encryption is not"
    if _identity_center(document):
        yield "Identity Center is on and in-transit encryption is not"


def has_runtime_roles(document: Part | Mapping[str, Any]) -> bool:
    """Whether the security configuration enables runtime roles."""
    authorization: Part | Mapping[str, Any] = document.get("AuthorizationConfiguration") or {}
    iam: Part | Mapping[str, Any] = authorization.get("IAMConfiguration") or {}
    return iam.get("EnableApplicationScopedIAMRole") is True


def has_lake_formation(document: Part) -> bool:
    """Whether Lake Formation authorizes access to tables."""
    authorization = document.part("AuthorizationConfiguration")
    lake_formation = authorization.part("LakeFormationConfiguration")
    return "LakeFormationConfiguration" in authorization and lake_formation.get("EnableLakeFormation") is not False


def _identity_center(document: Part) -> bool:
    configuration = document.part("AuthenticationConfiguration").part("IdentityCenterConfiguration")
    return configuration.get("EnableIdentityCenter") is True


@rule("emr-authorization-release", LAUNCH, do="use a newer release", source=_RUNTIME_ROLES)
def _release_knows_the_authorization(launch: Part) -> Iterator[tuple[str, str]]:
    """The release has what authorizes access: role mappings, runtime roles, Identity Center."""
    cluster, document = launch.part("Cluster"), launch.part("SecurityConfiguration")
    authorization = document.part("AuthorizationConfiguration")
    identity_center = document.part("AuthenticationConfiguration").part("IdentityCenterConfiguration")
    runtime_roles, propagation = has_runtime_roles(document), _identity_center(document)
    asked = {
        "emrfs_role_mappings": "EmrFsConfiguration" in authorization,
        "runtime_roles": runtime_roles,
        "runtime_roles_cloudwatch_agent": runtime_roles and has_application(cluster, "AmazonCloudWatchAgent"),
        "trusted_identity_propagation": propagation,
        "trusted_identity_propagation_runtime_roles": propagation and runtime_roles,
        "user_background_sessions": identity_center.get("EnableUserBackgroundSession") is True,
    }
    for name, is_asked in asked.items():
        if is_asked:
            yield from lacks(cluster, name)


@rule("emr-authorization-ha", LAUNCH, do="use one master node", source=management_guide("emr-plan-ha-applications"))
def _one_master_authorizes(launch: Part) -> Iterator[str]:
    """A cluster with three master nodes has neither runtime roles nor trusted identity propagation."""
    document = launch.part("SecurityConfiguration")
    if has_three_masters(launch.part("Cluster")):
        if has_runtime_roles(document):
            yield "a cluster with three master nodes has runtime roles"
        if _identity_center(document):
            yield "a cluster with three master nodes has trusted identity propagation"


@rule(
    "emr-runtime-role-steps",
    LAUNCH,
    do="submit steps with AddJobFlowSteps and an ExecutionRoleArn, which CloudFormation does not have",
    source=_RUNTIME_ROLES,
)
def _steps_have_a_runtime_role(launch: Part) -> Iterator[str]:
    """On a cluster with runtime roles every step has one."""
    cluster = launch.part("Cluster")
    if has_runtime_roles(launch.part("SecurityConfiguration")) and "StepExecutionRoleArn" not in cluster:
        for step in cluster.items("Steps"):
            yield f"the cluster has runtime roles and its step {step.get('Name')!r} has none"


@rule(
    "emr-identity-center-source",
    LAUNCH,
    severity=Severity.WARNING,
    do="switch on Lake Formation, or S3 Access Grants with fs.s3.s3AccessGrants.enabled in core-site",
    source=_IDENTITY_CENTER,
)
def _identity_center_authorizes_something(launch: Part) -> Iterator[str]:
    """With Identity Center, access is authorized by Lake Formation or by S3 Access Grants."""
    document = launch.part("SecurityConfiguration")
    authorized = has_lake_formation(document) or _configures(launch.part("Cluster"), "accessgrants")
    if _identity_center(document) and not authorized:
        yield "Identity Center is on, and neither Lake Formation nor S3 Access Grants is"


@rule(
    "emr-lake-formation-catalog",
    LAUNCH,
    severity=Severity.WARNING,
    do="add Configuration.glue_data_catalog(...) for the applications",
    source=_LAKE_FORMATION,
)
def _lake_formation_reads_the_catalog(launch: Part) -> Iterator[str]:
    """Lake Formation authorizes access to tables of the Glue Data Catalog, so applications have to use it."""
    if has_lake_formation(launch.part("SecurityConfiguration")) and not _configures(launch.part("Cluster"), "glue"):
        yield "Lake Formation is on, and no configuration uses the Glue Data Catalog"


def _configures(part: Part, word: str) -> bool:
    """Whether a configuration says ``word`` in a setting, or may say it: in something that is not known."""
    if not part.is_complete("Configurations"):
        return True
    return any(
        not configuration.is_complete("Properties")
        or any(word in f"{key}={value}".lower() for key, value in configuration.get("Properties", {}).items())
        or _configures(configuration, word)
        for configuration in part.items("Configurations")
    )
