"""Kerberos: the KDC in the security configuration, the realm and passwords of the cluster, and both together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from .constraints import constraint, in_range, options_of, requires_release
from .parts import Part
from .registry import At, Severity, rule
from .releases import application_at, has_application, supports
from .security_configuration import LAUNCH, document_of, lacks_in_transit_encryption
from .software import configurations, setting_at, settings
from .sources import management_guide
from .topology import has_three_masters

_PAGE = management_guide("emr-kerberos-configure-settings")
_OPTIONS = management_guide("emr-kerberos-options")
_HA = management_guide("emr-plan-ha-applications")

_DEDICATED: Final = "ClusterDedicatedKdc"
_EXTERNAL: Final = "ExternalKdc"
_KDCS: Final = ("ClusterDedicatedKdcConfiguration", "ExternalKdcConfiguration")
_TRUST: Final = ("Realm", "Domain", "AdminServer", "KdcServer")
_DIRECTORY: Final = ("AdRealm", "AdDomain", "AdServer")
_PASSWORDS: Final = ("KdcAdminPassword", "CrossRealmTrustPrincipalPassword", "ADDomainJoinPassword")


def _kerberos(launch: Part) -> Part:
    document = launch.part("SecurityConfiguration")
    return document.part("AuthenticationConfiguration").part("KerberosConfiguration")


def _provider_is(name: str, launch: Part) -> bool:
    return bool(_kerberos(launch).get("Provider") == name)


def _wrong_names(part: Part) -> Iterator[At]:
    for member in (*_TRUST, *_DIRECTORY):
        value = part.get(member)
        if isinstance(value, str) and (not value or any(it.isspace() or it == "/" for it in value)):
            yield At(part.at(member), f"{value!r} for {member}")


@rule("emr-kerberos-join-credentials", "KerberosAttributes", fix="specify both or neither", severity=Severity.WARNING,
      source=_PAGE)  # fmt: skip
def _join_user_has_a_password(attributes: Part) -> Iterator[At]:
    """The user that joins nodes to an Active Directory domain and its password must be specified together."""
    names = ("ADDomainJoinUser", "ADDomainJoinPassword")
    for given, lacking in (names, names[::-1]):
        if given in attributes and lacking not in attributes:
            yield At(attributes.at(given), f"{given} requires {lacking}, which is missing")


@rule("emr-kerberos-both-sides", LAUNCH, fix="specify both or neither", source=_PAGE)
def _configuration_and_cluster_agree(launch: Part) -> Iterator[At]:
    """Kerberos in the security configuration and Kerberos attributes of the cluster must be specified together."""
    document = document_of(launch)
    if document is None or not document.is_complete("AuthenticationConfiguration"):
        return
    configured = "KerberosConfiguration" in document.part("AuthenticationConfiguration")
    given = "KerberosAttributes" in launch.part("Cluster")
    if configured and not given:
        yield At(
            launch.at("Cluster", "SecurityConfiguration"),
            "Kerberos in the security configuration requires Kerberos attributes of the cluster, which are missing",
            "specify KerberosAttributes",
            "pass kerberos=KerberosAttributes(...) to the cluster",
        )
    elif given and not configured:
        yield At(
            launch.at("Cluster", "KerberosAttributes"),
            "Kerberos attributes of the cluster require Kerberos in the security configuration, which is missing",
            "specify KerberosConfiguration in the security configuration",
            "pass kerberos=Kerberos.cluster_dedicated_kdc() or another KDC to the security configuration",
        )


def _trusts(launch: Part) -> bool:
    return "CrossRealmTrustConfiguration" in _kerberos(launch).part(_KDCS[0])


def _given(launch: Part, member: str) -> bool | None:
    """Whether the Kerberos attributes of the cluster have ``member``; None if Kerberos is not known on both sides."""
    attributes = launch.part("Cluster").part("KerberosAttributes")
    return member in attributes if "Realm" in attributes and "Provider" in _kerberos(launch) else None


@rule("emr-kerberos-trust-password", LAUNCH, at="Cluster.KerberosAttributes.CrossRealmTrustPrincipalPassword",
      fix="specify CrossRealmTrustPrincipalPassword", severity=Severity.WARNING, source=_PAGE,
      library_fix="pass cross_realm_trust_principal_password to KerberosAttributes")  # fmt: skip
def _trust_has_a_password(launch: Part) -> Iterator[str]:
    """A cluster whose KDC trusts another realm must have the password of the trust."""
    if _given(launch, "CrossRealmTrustPrincipalPassword") is False and _trusts(launch):
        yield "cross-realm trust requires CrossRealmTrustPrincipalPassword, which is missing"


@rule("emr-kerberos-domain-join", LAUNCH, at="Cluster.KerberosAttributes.ADDomainJoinUser",
      fix="specify ADDomainJoinUser and ADDomainJoinPassword if and only if the cluster joins a domain",
      library_fix="pass ad_domain_join_user and ad_domain_join_password if and only if the cluster joins a domain",
      severity=Severity.WARNING, source=_PAGE)  # fmt: skip
def _nodes_join_a_domain(launch: Part) -> Iterator[str]:
    """An external KDC with Active Directory must have a user that joins nodes; others require a trust to have one."""
    given = _given(launch, "ADDomainJoinUser")
    is_integrated = "AdIntegrationConfiguration" in _kerberos(launch).part(_KDCS[1])
    if given is False and is_integrated:
        yield "Active Directory integration requires ADDomainJoinUser, which is missing"
    if given and not (is_integrated or _trusts(launch)):
        yield "ADDomainJoinUser requires Active Directory integration or a cross-realm trust, which are missing"


def _unreachable_metastore(launch: Part) -> At | None:
    cluster, document = launch.part("Cluster"), launch.part("SecurityConfiguration")
    encrypted = document.part("EncryptionConfiguration").get("EnableInTransitEncryption") is True
    with_tls = encrypted and supports(cluster.get("ReleaseLabel", ""), "hive_metastore_tls")
    if not with_tls or "Provider" not in _kerberos(launch) or not has_application(cluster, "Spark"):
        return None
    found = list(configurations(cluster, "MASTER"))
    hive, spark = settings(found, "hive-site"), settings(found, "spark-hive-site")
    is_known = cluster.is_complete("Configurations") and all(part.is_complete("Properties") for part in found)
    if not is_known or "glue" in spark.get("hive.metastore.client.factory.class", "").lower():
        return None
    # The metastore of the cluster reads hive-site; for one elsewhere, the cluster has only the client of Spark.
    if any(has_application(cluster, name) for name in ("Hive", "HCatalog")):
        owner, site, place = "the cluster's Hive metastore", hive, application_at(cluster, "Hive", "HCatalog")
    elif "hive.metastore.uris" in spark:
        owner, site = f"the Hive metastore at {spark['hive.metastore.uris']!r}", spark
        place = setting_at(cluster, "spark-hive-site", "hive.metastore.uris")
    else:
        return None
    return None if site.get("hive.metastore.use.SSL", "").lower() == "false" else At(place, owner)


def _without_kerberos(launch: Part) -> Iterator[At]:
    """The query engines that Kerberos doesn't protect: on an earlier release, or without TLS."""
    cluster, document = launch.part("Cluster"), launch.part("SecurityConfiguration")
    # The plugin of Ranger for Trino has its own releases.
    if "Provider" not in _kerberos(launch) or "RangerConfiguration" in document.part("AuthorizationConfiguration"):
        return
    for name in filter(partial(has_application, cluster), ("Presto", "Trino")):
        label = cluster.get("ReleaseLabel", "")
        if supports(label, f"kerberos_{name.lower()}") is False:
            yield At(application_at(cluster, name), f"{name} of {label}")
        elif lacks_in_transit_encryption(document):
            yield At(application_at(cluster, name), f"{name} without in-transit encryption")


# fmt: off
options_of(("emr-kerberos-provider", "emr-kerberos-provider-unused"), "KerberosConfiguration", "Provider",
           {_DEDICATED: f"{_DEDICATED}Configuration", _EXTERNAL: f"{_EXTERNAL}Configuration"},
           what="the Kerberos provider", fix="configure the provider", source=_PAGE)
in_range("emr-kerberos-ticket-lifetime", _KDCS, "TicketLifetimeInHours", 1, what="the lifetime of a Kerberos ticket",
         unit="hour", source=_PAGE)
constraint("emr-kerberos-name",
           ("CrossRealmTrustConfiguration", _KDCS[1], "AdIntegrationConfiguration", "KerberosAttributes"),
           "the name of a realm, domain or server must not be empty or contain spaces or slashes", _wrong_names,
           fix="use a name such as EXAMPLE.COM for a realm, example.com for a domain, kdc.example.com:88 for a server",
           is_form=True, source=_PAGE)
constraint("emr-kerberos-password-in-clear", "KerberosAttributes",
           "a password must be a reference to a secret, because templates and requests are readable",
           lambda attributes: [
               At(attributes.at(it), f"plain text for {it}") for it in _PASSWORDS if attributes.get(it) is not None
           ], fix="use {{resolve:secretsmanager:...}}", library_fix="pass a secret of AWS Secrets Manager",
           severity=Severity.WARNING, source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
           "dynamic-references-secretsmanager.html")
constraint("emr-kerberos-ssm-secure", "KerberosAttributes",
           "a password must not be a secure string of Parameter Store, because CloudFormation supports ssm-secure only "
           "for the properties in its documentation", lambda attributes: [
               At(attributes.at(it), f"{attributes.reference(it)!r} for {it}") for it in _PASSWORDS
               if attributes.reference(it).startswith("{{resolve:ssm-secure:")
           ], fix="use {{resolve:secretsmanager:...}}, or a parameter with NoEcho",
           library_fix="pass a secret of AWS Secrets Manager, or cdk.SecretValue.cfn_parameter(...)",
           severity=Severity.WARNING, source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
           "dynamic-references-ssm-secure-strings.html")
constraint("emr-kerberos-ha", LAUNCH,
           "a cluster with three primary nodes must have an external KDC, because a cluster-dedicated KDC is lost "
           "with its node",
           lambda launch: _provider_is(_DEDICATED, launch) and has_three_masters(launch.part("Cluster")),
           at="Cluster.SecurityConfiguration", fix="use an external KDC, or one primary node", source=_HA)
requires_release("emr-kerberos-release", LAUNCH, {
    "kerberos": lambda launch: _provider_is(_DEDICATED, launch),
    "external_kdc": lambda launch: _provider_is(_EXTERNAL, launch),
}, source=_OPTIONS)
constraint("emr-kerberos-query-engine", LAUNCH,
           "Kerberos requires release 6.9.0 for Presto and 6.11.0 for Trino, and in-transit encryption for both",
           _without_kerberos, fix="use a later release and enable in-transit encryption, or remove the application",
           severity=Severity.WARNING, source=management_guide("emr-kerberos-principals"))
constraint("emr-kerberos-spark-metastore", LAUNCH,
           "a Hive metastore that Spark uses must not have TLS on a cluster with Kerberos, because Spark can't connect",
           _unreachable_metastore,
           fix="set hive.metastore.use.SSL to false, or use the AWS Glue Data Catalog for Spark",
           library_fix="add *HiveConfigurations.metastore_without_tls(), or use the AWS Glue Data Catalog for Spark",
           severity=Severity.WARNING, source=management_guide("emr-encryption-support-matrix"))
