"""Kerberos: the KDC in the security configuration, the realm and passwords of the cluster, and both together."""

from __future__ import annotations

from collections.abc import Iterator

from .registry import Part, Severity, rule
from .releases import has_application, lacks, supports
from .security_configuration import LAUNCH, document_of
from .shapes import add_enum, add_shape
from .software import configurations, settings
from .sources import management_guide
from .topology import has_three_masters

_PAGE = management_guide("emr-kerberos-configure-settings")
_OPTIONS = management_guide("emr-kerberos-options")
_HA = management_guide("emr-plan-ha-applications")

add_enum("KerberosProvider", ("ClusterDedicatedKdc", "ExternalKdc"))
add_enum("KdcServerType", ("Single",))
add_shape(
    "AuthenticationConfiguration",
    {
        "KerberosConfiguration": "KerberosConfiguration",
        "IdentityCenterConfiguration": "IdentityCenterConfiguration",
    },
)
add_shape(
    "KerberosConfiguration",
    {
        "Provider": "KerberosProvider",
        "ClusterDedicatedKdcConfiguration": "ClusterDedicatedKdcConfiguration",
        "ExternalKdcConfiguration": "ExternalKdcConfiguration",
    },
    required=["Provider"],
)
add_shape(
    "ClusterDedicatedKdcConfiguration",
    {"TicketLifetimeInHours": "Integer", "CrossRealmTrustConfiguration": "CrossRealmTrustConfiguration"},
)
_TRUST = ("Realm", "Domain", "AdminServer", "KdcServer")
add_shape("CrossRealmTrustConfiguration", dict.fromkeys(_TRUST, "String"), required=_TRUST)
_EXTERNAL = {"KdcServerType": "KdcServerType", "AdminServer": "String", "KdcServer": "String"}
add_shape(
    "ExternalKdcConfiguration",
    {
        **_EXTERNAL,
        "TicketLifetimeInHours": "Integer",
        "AdIntegrationConfiguration": "AdIntegrationConfiguration",
    },
    required=_EXTERNAL,
)
_DIRECTORY = ("AdRealm", "AdDomain", "AdServer")
add_shape("AdIntegrationConfiguration", dict.fromkeys(_DIRECTORY, "String"), required=_DIRECTORY)
_PASSWORDS = ("KdcAdminPassword", "CrossRealmTrustPrincipalPassword", "ADDomainJoinPassword")


@rule(
    "emr-kerberos-provider",
    "KerberosConfiguration",
    do="configure the provider that is named, and no other",
    source=_PAGE,
)
def _provider_is_configured(kerberos: Part) -> Iterator[str]:
    """The KDC that is named as the provider is configured, and the other one is not."""
    provider = kerberos.get("Provider")
    for name in ("ClusterDedicatedKdc", "ExternalKdc"):
        configured = f"{name}Configuration" in kerberos
        if provider is not None and configured is not (provider == name):
            state = "configured" if configured else "not configured"
            yield f"the Kerberos provider is {provider} and {name} is {state}"


@rule(
    "emr-kerberos-ticket-lifetime",
    "ClusterDedicatedKdcConfiguration",
    "ExternalKdcConfiguration",
    do="use 1 hour or more",
    source=_PAGE,
)
def _tickets_live(kdc: Part) -> Iterator[str]:
    """A ticket is valid for an hour at least."""
    hours = kdc.get("TicketLifetimeInHours")
    if hours is not None and hours < 1:
        yield f"a Kerberos ticket is valid for {hours} hours"


@rule(
    "emr-kerberos-name",
    "CrossRealmTrustConfiguration",
    "ExternalKdcConfiguration",
    "AdIntegrationConfiguration",
    "KerberosAttributes",
    do="use a name such as EXAMPLE.COM for a realm, example.com for a domain, and kdc.example.com:88 for a server",
    source=_PAGE,
)
def _names_are_names(part: Part) -> Iterator[str]:
    """A realm, a domain and a server are names without spaces; a server may have a port."""
    for member in (*_TRUST, *_DIRECTORY):
        value = part.get(member)
        if isinstance(value, str) and (
            not value or any(character.isspace() or character == "/" for character in value)
        ):
            yield f"{member} is {value!r}"


@rule(
    "emr-kerberos-join-credentials",
    "KerberosAttributes",
    do="give both, or neither",
    source=_PAGE,
)
def _join_user_has_a_password(attributes: Part) -> Iterator[str]:
    """The user that joins nodes to an Active Directory domain and the password of that user go together."""
    for given, lacking in (
        ("ADDomainJoinUser", "ADDomainJoinPassword"),
        ("ADDomainJoinPassword", "ADDomainJoinUser"),
    ):
        if given in attributes and lacking not in attributes:
            yield f"the Kerberos attributes have an {given} and no {lacking}"


@rule(
    "emr-kerberos-password-in-clear",
    "KerberosAttributes",
    severity=Severity.WARNING,
    do="refer to a secret: {{resolve:secretsmanager:...}} in a template, a secret of Secrets Manager in CDK",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html",
)
def _passwords_are_secret(attributes: Part) -> Iterator[str]:
    """A password is a reference to a secret: whoever may read a template or a request could read it."""
    for member in _PASSWORDS:
        if attributes.get(member) is not None:
            yield f"{member} is there in clear"


@rule(
    "emr-kerberos-both-sides",
    LAUNCH,
    do="give both, or neither",
    source=_PAGE,
)
def _configuration_and_cluster_agree(launch: Part) -> Iterator[tuple[str, str] | str]:
    """Kerberos in the security configuration and Kerberos attributes of the cluster go together."""
    document = document_of(launch)
    if document is None or not document.is_complete("AuthenticationConfiguration"):
        return
    configured = "KerberosConfiguration" in document.part("AuthenticationConfiguration")
    if configured and "KerberosAttributes" not in launch.part("Cluster"):
        yield (
            "the security configuration has Kerberos and the cluster has no Kerberos attributes",
            "give the cluster kerberos=KerberosAttributes(...)",
        )
    if not configured and "KerberosAttributes" in launch.part("Cluster"):
        yield (
            "the cluster has Kerberos attributes and its security configuration has no Kerberos",
            "give the security configuration kerberos=Kerberos.cluster_dedicated_kdc() or another KDC",
        )


@rule(
    "emr-kerberos-trust-password",
    LAUNCH,
    do="give the cluster a cross_realm_trust_principal_password if and only if the KDC trusts another realm",
    source=_PAGE,
)
def _trust_has_a_password(launch: Part) -> Iterator[str]:
    """A cross-realm trust needs the password of its principal, and only a trust takes one."""
    kerberos, attributes = _kerberos(launch), launch.part("Cluster").part("KerberosAttributes")
    trusts = "CrossRealmTrustConfiguration" in kerberos.part("ClusterDedicatedKdcConfiguration")
    given = "CrossRealmTrustPrincipalPassword" in attributes
    if "Realm" not in attributes or "Provider" not in kerberos:
        return
    if trusts and not given:
        yield "the KDC trusts another realm and the cluster has no CrossRealmTrustPrincipalPassword"
    if given and not trusts:
        yield "the cluster has a CrossRealmTrustPrincipalPassword and its KDC trusts no other realm"


@rule(
    "emr-kerberos-domain-join",
    LAUNCH,
    do="give the cluster ad_domain_join_user and ad_domain_join_password if and only if it joins a domain",
    source=_PAGE,
)
def _nodes_join_a_domain(launch: Part) -> Iterator[str]:
    """An external KDC with Active Directory needs a user that joins nodes; nothing but a trust takes one besides."""
    kerberos, attributes = _kerberos(launch), launch.part("Cluster").part("KerberosAttributes")
    trusts = "CrossRealmTrustConfiguration" in kerberos.part("ClusterDedicatedKdcConfiguration")
    directory = "AdIntegrationConfiguration" in kerberos.part("ExternalKdcConfiguration")
    given = "ADDomainJoinUser" in attributes
    if "Realm" not in attributes or "Provider" not in kerberos:
        return
    if directory and not given:
        yield "the external KDC is integrated with Active Directory and the cluster has no ADDomainJoinUser"
    if given and not (directory or trusts):
        yield "the cluster has an ADDomainJoinUser and its KDC knows no Active Directory domain"


@rule("emr-kerberos-ha", LAUNCH, do="use an external KDC, or one master node", source=_HA)
def _kdc_survives_its_master(launch: Part) -> Iterator[str]:
    """A cluster with three master nodes has an external KDC: one on a master node would be lost with it."""
    if _kerberos(launch).get("Provider") == "ClusterDedicatedKdc" and has_three_masters(launch.part("Cluster")):
        yield "a cluster with three master nodes has a KDC of its own"


@rule("emr-kerberos-release", LAUNCH, do="use a newer release", source=_OPTIONS)
def _kerberos_needs_a_release(launch: Part) -> Iterator[tuple[str, str]]:
    """Kerberos needs a release from 5.10.0 on, an external KDC one from 5.20.0 on."""
    provider = _kerberos(launch).get("Provider")
    if provider is not None:
        yield from lacks(launch.part("Cluster"), "external_kdc" if provider == "ExternalKdc" else "kerberos")


@rule(
    "emr-kerberos-spark-metastore",
    LAUNCH,
    severity=Severity.WARNING,
    do="add *HiveConfigurations.metastore_without_tls(), which sets hive.metastore.use.SSL to false, or use the Glue "
    "Data Catalog for Spark",
    source=management_guide("emr-encryption-support-matrix"),
)
def _spark_reaches_the_metastore(launch: Part) -> Iterator[str]:
    """From emr-7.3.0 on, a Hive metastore that Spark uses must not have TLS on a cluster with Kerberos."""
    cluster, document = launch.part("Cluster"), launch.part("SecurityConfiguration")
    encrypted = document.part("EncryptionConfiguration").get("EnableInTransitEncryption") is True
    with_tls = encrypted and supports(cluster.get("ReleaseLabel", ""), "hive_metastore_tls")
    if not with_tls or "Provider" not in _kerberos(launch) or not has_application(cluster, "Spark"):
        return
    found = list(configurations(cluster, "MASTER"))
    hive, spark = settings(found, "hive-site"), settings(found, "spark-hive-site")
    is_known = cluster.is_complete("Configurations") and all(part.is_complete("Properties") for part in found)
    if not is_known or "glue" in spark.get("hive.metastore.client.factory.class", "").lower():
        return
    # The metastore of the cluster reads hive-site; for one elsewhere, the cluster has only the client of Spark.
    if any(has_application(cluster, name) for name in ("Hive", "HCatalog")):
        owner, site = "the cluster's Hive metastore", hive
    elif "hive.metastore.uris" in spark:
        owner, site = f"the Hive metastore at {spark['hive.metastore.uris']!r}", spark
    else:
        return
    if site.get("hive.metastore.use.SSL", "").lower() != "false":
        yield f"Spark can't connect to {owner}, because Kerberos and in-transit encryption are both enabled"


def _kerberos(launch: Part) -> Part:
    document = launch.part("SecurityConfiguration")
    return document.part("AuthenticationConfiguration").part("KerberosConfiguration")
