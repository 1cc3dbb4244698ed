"""Prints authentication and authorization of security configurations."""

from __future__ import annotations

from typing import Any, Final

from .code import Call, Code, Items, Literal
from .context import Context, is_intrinsic
from .exact import Exact, InexpressibleError, items, structure

__all__ = ["authentication", "authorization"]

_IDENTIFIERS: Final = {"User": "users", "Group": "groups", "Prefix": "prefixes"}
_PLUGINS: Final = {"Spark": "spark", "Hive": "hive", "EMRFS-S3": "emrfs_s3", "Trino": "trino"}
_SESSION_TAG: Final = "Amazon EMR"
_A_DAY: Final = 24


def authentication(raw: Any, context: Context) -> dict[str, Code]:
    """Return the options of ``AuthenticationConfiguration``.

    :raises InexpressibleError: an option can't express a part.
    """
    options: dict[str, Code] = {}
    with structure(raw) as members:
        if "KerberosConfiguration" in members:
            options["kerberos"] = _kerberos(members.take("KerberosConfiguration"), context)
        if "IdentityCenterConfiguration" in members:
            options["identity_center"] = _identity_center(members.take("IdentityCenterConfiguration"), context)
    return _not_empty(options)


def authorization(raw: Any, context: Context) -> dict[str, Code]:
    """Return the options of ``AuthorizationConfiguration``.

    :raises InexpressibleError: an option can't express a part.
    """
    options: dict[str, Code] = {}
    with structure(raw) as members:
        if "EmrFsConfiguration" in members:
            with structure(members.take("EmrFsConfiguration")) as emrfs:
                mappings = items(emrfs.take("RoleMappings"))
            options["emrfs_role_mappings"] = Items([_mapping(mapping, context) for mapping in mappings])
        if "IAMConfiguration" in members:
            options["runtime_roles"] = _runtime_roles(members.take("IAMConfiguration"), context)
        if "LakeFormationConfiguration" in members:
            options["lake_formation"] = _lake_formation(members.take("LakeFormationConfiguration"), context)
        if "RangerConfiguration" in members:
            options["ranger"] = _ranger(members.take("RangerConfiguration"), context)
    return _not_empty(options)


def _not_empty(options: dict[str, Code]) -> dict[str, Code]:
    if not options:
        raise InexpressibleError("a section must not be empty")
    return options


def _kerberos(raw: Any, context: Context) -> Code:
    with structure(raw) as members:
        provider = members.text("Provider")
        if provider not in ("ClusterDedicatedKdc", "ExternalKdc"):
            raise InexpressibleError(f"the provider {provider} is unknown")
        with structure(members.take(f"{provider}Configuration")) as kdc:
            lifetime = context.value(kdc.optional("TicketLifetimeInHours"))
            options: dict[str, Code] = {} if lifetime == Literal(_A_DAY) else {"ticket_lifetime_hours": lifetime}
            if provider == "ClusterDedicatedKdc":
                if "CrossRealmTrustConfiguration" in kdc:
                    trust = kdc.take("CrossRealmTrustConfiguration")
                    names = ("Realm", "Domain", "AdminServer", "KdcServer")
                    options["cross_realm_trust"] = _all("emr.CrossRealmTrust", trust, names, context)
                return Call("emr.Kerberos.cluster_dedicated_kdc", (), options)
            if kdc.take("KdcServerType") != "Single":
                raise InexpressibleError("the type of an external KDC must be Single")
            servers = {name: context.value(kdc.take(member)) for name, member in _SERVERS.items()}
            if "AdIntegrationConfiguration" in kdc:
                domain = kdc.take("AdIntegrationConfiguration")
                members_of_domain = ("AdRealm", "AdDomain", "AdServer")
                options["active_directory"] = _all("emr.ActiveDirectory", domain, members_of_domain, context)
            return Call("emr.Kerberos.external_kdc", (), {**servers, **options})


_SERVERS: Final = {"admin_server": "AdminServer", "kdc_server": "KdcServer"}


def _all(function: str, raw: Any, names: tuple[str, ...], context: Context) -> Code:
    with structure(raw) as members:
        return Call(function, [context.value(members.take(name)) for name in names])


def _identity_center(raw: Any, context: Context) -> Code:
    with structure(raw) as members:
        if members.take("EnableIdentityCenter") is not True:
            raise InexpressibleError("Identity Center must be enabled")
        role = _role(members, "IAMRoleForEMRIdentityCenterApplicationARN", "IdentityCenterRole", context)
        options = members.options(
            context,
            instance_arn="IdentityCenterInstanceARN",
            application_assignment_required="IdentityCenterApplicationAssignmentRequired",
            user_background_sessions="EnableUserBackgroundSession",
        )
        return Call("emr.IdentityCenter", (role,), options)


def _mapping(raw: Any, context: Context) -> Code:
    with structure(raw) as members:
        role = _role(members, "Role", "MappedRole", context)
        factory = _IDENTIFIERS.get(members.text("IdentifierType"))
        if factory is None:
            raise InexpressibleError("the type of identifiers is unknown")
        identifiers = [context.value(item) for item in items(members.take("Identifiers"))]
        return Call(f"emr.RoleMapping.{factory}", (role, *identifiers))


def _runtime_roles(raw: Any, context: Context) -> Code:
    with structure(raw) as members:
        if members.take("EnableApplicationScopedIAMRole") is not True:
            raise InexpressibleError("runtime roles must be enabled")
        options: dict[str, Code] = {}
        if "ApplicationScopedIAMRoleConfiguration" in members:
            with structure(members.take("ApplicationScopedIAMRoleConfiguration")) as scoped:
                value = scoped.take("PropagateSourceIdentity")
            options["propagate_source_identity"] = context.value(value)
        return Call("emr.RuntimeRoles", (), options)


def _lake_formation(raw: Any, context: Context) -> Code:
    with structure(raw) as members:
        if "AuthorizedSessionTagValue" in members:
            tag = members.take("AuthorizedSessionTagValue")
            return Call("emr.LakeFormation", () if tag == _SESSION_TAG else (context.value(tag),))
        if members.take("EnableLakeFormation") is not True:
            raise InexpressibleError("Lake Formation must be enabled")
        return Call("emr.LakeFormation", (Literal(None),))


def _ranger(raw: Any, context: Context) -> Code:
    with structure(raw) as members:
        options = {
            "admin_server_url": context.value(members.take("AdminServerURL")),
            "admin_server_secret": _secret(members, "AdminServerSecretARN", "RangerAdminSecret", context),
            "plugins": Items([_plugin(item, context) for item in items(members.take("RangerPluginConfigurations"))]),
            "role_for_plugins": _role(members, "RoleForRangerPluginsARN", "RangerPluginsRole", context),
            "role_for_other_services": _role(members, "RoleForOtherAWSServicesARN", "RangerServicesRole", context),
        }
        if "AuditConfiguration" in members:
            audit = members.take("AuditConfiguration")
            with (
                structure(audit) as outer,
                structure(outer.take("Destinations")) as destinations,
                structure(destinations.take("AmazonCloudWatchLogs")) as logs,
            ):
                arn = logs.text("CloudWatchLogGroup")
            options["audit_log_group"] = context.imported("logs.LogGroup.from_log_group_arn", "RangerAuditLogs", arn)
        return Call("emr.Ranger", (), options)


def _plugin(raw: Any, context: Context) -> Code:
    with structure(raw) as members:
        factory = _PLUGINS.get(members.text("App"))
        if factory is None:
            raise InexpressibleError("the application has no plugin")
        secret = _secret(members, "ClientSecretARN", "RangerClientSecret", context)
        repository = context.value(members.take("PolicyRepositoryName"))
        return Call(f"emr.RangerPlugin.{factory}", (secret,), {"policy_repository": repository})


def _role(members: Exact, member: str, construct_id: str, context: Context) -> Code:
    return context.imported("iam.Role.from_role_arn", construct_id, _arn(members.take(member)))


def _secret(members: Exact, member: str, construct_id: str, context: Context) -> Code:
    # EMR requires ARNs without the suffix of Secrets Manager. A token is rendered in another way.
    return context.imported("secretsmanager.Secret.from_secret_partial_arn", construct_id, _arn(members.text(member)))


def _arn(value: Any) -> Any:
    if not is_intrinsic(value) and not str(value).startswith("arn:"):
        raise InexpressibleError("an ARN is required")
    return value
