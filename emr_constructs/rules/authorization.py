"""Access control on a cluster: role mappings, runtime roles, Lake Formation and Identity Center."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from .constraints import constraint, matches, requires_release
from .parts import Part
from .registry import At, Severity, rule
from .releases import has_application, lacks_application, supports
from .security_configuration import DOCUMENT, LAUNCH, lacks_in_transit_encryption
from .software import configurations, setting_at, settings
from .sources import management_guide
from .topology import three_masters_at

__all__ = ["has_lake_formation", "has_runtime_roles"]

_PAGE = management_guide("emr-create-security-configuration")
_EMRFS = management_guide("emr-emrfs-iam-roles")
_RUNTIME_ROLES = management_guide("emr-steps-runtime-roles")
_LAKE_FORMATION = management_guide("emr-lf-enable")
_IDENTITY_CENTER = management_guide("emr-idc-start")
_DYNAMIC: Final = "spark.dynamicAllocation.enabled"
_SCOPED: Final = "ApplicationScopedIAMRoleConfiguration"

# fmt: off
_ROLE_ARN: Final = r"arn:[\w-]+:iam::\d{12}:role/.+"
_IN_SECRETS_MANAGER: Final = r"arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+"
_ARNS: Final = {
    "Role": _ROLE_ARN, "RoleForRangerPluginsARN": _ROLE_ARN, "RoleForOtherAWSServicesARN": _ROLE_ARN,
    "IAMRoleForEMRIdentityCenterApplicationARN": _ROLE_ARN,
    "AdminServerSecretARN": _IN_SECRETS_MANAGER, "ClientSecretARN": _IN_SECRETS_MANAGER,
    "CloudWatchLogGroup": r"arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:*]+",
    "IdentityCenterInstanceARN": r"arn:[\w-]+:sso:::instance/.+",
}
# fmt: on


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


def _identity_center(document: Part) -> Part:
    return document.part("AuthenticationConfiguration").part("IdentityCenterConfiguration")


def _has_identity_center(document: Part) -> bool:
    return _identity_center(document).get("EnableIdentityCenter") is True


def _used(*conditions: Callable[[Part], bool]) -> Callable[[Part], bool]:
    """Whether the security configuration of a launch meets all ``conditions``."""
    return lambda launch: all(condition(launch.part("SecurityConfiguration")) for condition in conditions)


_maps_roles = _used(lambda document: "EmrFsConfiguration" in document.part("AuthorizationConfiguration"))
_runtime_roles = _used(has_runtime_roles)
_identity_propagation = _used(_has_identity_center)
_lake_formation = _used(has_lake_formation)


@rule("emr-role-mapping-identifiers", "RoleMapping", is_form=True, source=_EMRFS,
      fix="specify users, groups, or prefixes such as s3://bucket/sales/")  # fmt: skip
def _mapping_has_identifiers(mapping: Part) -> Iterator[At]:
    """A role mapping must have identifiers: names of users or groups, or S3 URIs as prefixes."""
    if mapping.is_complete("Identifiers") and mapping.get("Identifiers") == []:
        yield At(mapping.at("Identifiers"), "a role mapping must have identifiers")
    kind = mapping.get("IdentifierType")
    for identifier in mapping.items("Identifiers"):
        if kind is not None and (not identifier or identifier.startswith("s3://") is not (kind == "Prefix")):
            expected = "an S3 URI" if kind == "Prefix" else "a name"
            place = mapping.at("Identifiers", mapping.placed_items("Identifiers").index(identifier))
            yield At(place, f"identifier of type {kind} must be {expected}, got {identifier!r}")


@rule("emr-authorization-in-transit", DOCUMENT, at="EncryptionConfiguration.EnableInTransitEncryption",
      fix="enable in-transit encryption", severity=Severity.WARNING, source=_LAKE_FORMATION)  # fmt: skip
def _credentials_are_encrypted_in_transit(document: Part) -> Iterator[str]:
    """Lake Formation and Identity Center must be used with in-transit encryption."""
    users = (("Lake Formation", has_lake_formation), ("IAM Identity Center", _has_identity_center))
    found = [title for title, is_used in users if is_used(document)]
    if found and lacks_in_transit_encryption(document):
        verb = "requires" if len(found) == 1 else "require"
        yield f"{' and '.join(found)} {verb} in-transit encryption, which is not enabled"


def _without_identity(document: Part) -> bool:
    known = document.is_complete("AuthorizationConfiguration") and document.is_complete("AuthenticationConfiguration")
    has_identity = has_runtime_roles(document) or _has_identity_center(document)
    return known and has_lake_formation(document) and not has_identity


def _without_session_tag(document: Part) -> bool:
    lake_formation = document.part("AuthorizationConfiguration").part("LakeFormationConfiguration")
    is_given = "AuthorizedSessionTagValue" in lake_formation and lake_formation.get("AuthorizedSessionTagValue") != ""
    return has_lake_formation(document) and has_runtime_roles(document) and not is_given


def _on_three_masters(launch: Part) -> list[At]:
    used = (("runtime roles", _runtime_roles), ("trusted identity propagation", _identity_propagation))
    place = three_masters_at(launch.part("Cluster"))
    return [At(place, title) for title, is_used in used if place and is_used(launch)]


def _steps_without_role(cluster: Part) -> list[At]:
    steps = cluster.items("Steps") if "StepExecutionRoleArn" not in cluster else []
    return [At(step.at(), f"none for step {step.get('Name')!r}") for step in steps]


def _mappings_without_emrfs(launch: Part) -> str | None:
    label: str = launch.part("Cluster").get("ReleaseLabel", "")
    return label if _maps_roles(launch) and supports(label, "emrfs") is False else None


def _configures(part: Part, word: str) -> bool:
    """Whether a configuration contains ``word`` in a setting, or may contain it: in something that is not known."""
    if not part.is_complete("Configurations"):
        return True
    return any(
        not configuration.is_complete("Properties")
        or any(word in f"{key}={value}".lower() for key, value in configuration.get("Properties", {}).items())
        or _configures(configuration, word)
        for configuration in part.items("Configurations")
    )


def _without_spark(launch: Part) -> Iterator[At]:
    cluster = launch.part("Cluster")
    if not _lake_formation(launch):
        return
    if cluster.items("Applications") and lacks_application(cluster, "Spark"):
        yield At(cluster.at("Applications"), "no Spark")
    place = setting_at(cluster, "spark-defaults", _DYNAMIC)
    found = settings(list(configurations(cluster, "MASTER")), "spark-defaults")
    if found.get(_DYNAMIC, "").lower() == "false":
        yield At(place, f"{_DYNAMIC} false", "remove the setting, or set it to true")


# fmt: off
matches("emr-authorization-arn", ("RoleMapping", "IdentityCenterConfiguration", "RangerConfiguration",
        "RangerPluginConfiguration", "AuditLogs"), _ARNS, what="a role, secret, log group or Identity Center instance",
        must="be an ARN", fix="use the full ARN, for a log group without :* at its end", source=_PAGE)
constraint("emr-role-mappings-empty", "EmrFsConfiguration", "role mappings must not be empty",
           lambda emrfs: emrfs.is_complete("RoleMappings") and emrfs.get("RoleMappings") == [],
           at="RoleMappings", fix="specify at least one, or remove them", source=_EMRFS)
constraint("emr-source-identity-without-runtime-roles", "IAMConfiguration",
           "the configuration of runtime roles requires that they are enabled",
           lambda iam: iam.get("EnableApplicationScopedIAMRole") is False and _SCOPED in iam,
           at="EnableApplicationScopedIAMRole",
           fix="enable runtime roles, or remove the configuration", severity=Severity.WARNING, source=_RUNTIME_ROLES)
constraint("emr-lake-formation-runtime-roles", DOCUMENT,
           "Lake Formation requires runtime roles or IAM Identity Center, to identify users", _without_identity,
           at="AuthorizationConfiguration.IAMConfiguration.EnableApplicationScopedIAMRole",
           fix="set EnableApplicationScopedIAMRole to true",
           library_fix="use SecurityConfiguration(runtime_roles=RuntimeRoles())", severity=Severity.WARNING,
           source=_LAKE_FORMATION)
constraint("emr-lake-formation-session-tag", DOCUMENT,
           "Lake Formation with runtime roles requires an authorized session tag value", _without_session_tag,
           at="AuthorizationConfiguration.LakeFormationConfiguration.AuthorizedSessionTagValue",
           fix="specify the AuthorizedSessionTagValue that Lake Formation trusts",
           library_fix="specify the value that Lake Formation trusts: LakeFormation('Amazon EMR')",
           severity=Severity.WARNING, source=_LAKE_FORMATION)
requires_release("emr-authorization-release", LAUNCH, {
    "emrfs_role_mappings": _maps_roles,
    "runtime_roles": _runtime_roles,
    "runtime_roles_cloudwatch_agent":
        lambda launch: _runtime_roles(launch) and has_application(launch.part("Cluster"), "AmazonCloudWatchAgent"),
    "trusted_identity_propagation": _identity_propagation,
    "trusted_identity_propagation_runtime_roles": _used(_has_identity_center, has_runtime_roles),
    "user_background_sessions": _used(lambda it: _identity_center(it).get("EnableUserBackgroundSession") is True),
}, source=_RUNTIME_ROLES)
constraint("emr-role-mappings-emrfs", LAUNCH, "role mappings for EMRFS require a release with EMRFS",
           _mappings_without_emrfs, at="Cluster.SecurityConfiguration",
           fix="use runtime roles instead of role mappings", severity=Severity.WARNING, source=_EMRFS)
constraint("emr-identity-center-spark", LAUNCH,
           "IAM Identity Center requires Spark, because other applications don't support it",
           lambda launch: _identity_propagation(launch) and bool(launch.part("Cluster").items("Applications"))
           and lacks_application(launch.part("Cluster"), "Spark"),
           at="Cluster.Applications", fix="add Spark to the applications",
           severity=Severity.WARNING, source=management_guide("emr-idc-considerations"))
constraint("emr-authorization-ha", LAUNCH,
           "a cluster with three primary nodes must not use runtime roles or trusted identity propagation",
           _on_three_masters, fix="use one primary node", severity=Severity.WARNING,
           source=management_guide("emr-plan-ha-applications"))
constraint("emr-runtime-role-steps", LAUNCH, "each step of a cluster with runtime roles must have one",
           lambda launch: _runtime_roles(launch) and _steps_without_role(launch.part("Cluster")),
           fix="submit steps with AddJobFlowSteps and ExecutionRoleArn, which CloudFormation lacks",
           library_fix="use a StepTask of a TransientCluster or a StepSubmission with a runtime_role, or a "
                       "LaunchTemplate with step_execution_role", source=_RUNTIME_ROLES)
constraint("emr-identity-center-source", LAUNCH,
           "IAM Identity Center requires Lake Formation or Amazon S3 Access Grants, to authorize access",
           lambda launch: _identity_propagation(launch) and not _lake_formation(launch)
           and not _configures(launch.part("Cluster"), "accessgrants"), at="Cluster.SecurityConfiguration",
           fix="enable Lake Formation, or set fs.s3.s3AccessGrants.enabled in core-site to true",
           severity=Severity.WARNING, source=_IDENTITY_CENTER)
constraint("emr-lake-formation-spark", LAUNCH,
           "Lake Formation requires Spark, and its dynamic allocation, because EMR supports only Spark jobs",
           _without_spark, fix="add Spark to the applications, or remove Lake Formation", severity=Severity.WARNING,
           source=management_guide("emr-lf-limitations"))
constraint("emr-lake-formation-catalog", LAUNCH,
           "Lake Formation requires configurations that use the AWS Glue Data Catalog",
           lambda launch: _lake_formation(launch) and not _configures(launch.part("Cluster"), "glue"),
           at="Cluster.Configurations",
           fix="set hive.metastore.client.factory.class of the applications to the AWS Glue Data Catalog client",
           library_fix="add Configuration.glue_data_catalog(...) for the applications", severity=Severity.WARNING,
           source=_LAKE_FORMATION)
