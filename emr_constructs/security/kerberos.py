"""Kerberos: a KDC in the security configuration, and the realm and passwords of a cluster.

- ``Kerberos.cluster_dedicated_kdc()`` runs a KDC on the master node; it may trust another realm.
- ``Kerberos.external_kdc(admin_server="kdc.example.com:749", kdc_server="kdc.example.com:88")`` uses one that runs
  elsewhere, for example on another cluster.
- ``KerberosAttributes("EC2.INTERNAL", kdc_admin_password=secret)`` is what a cluster gives besides: an option of it.

Passwords are secrets of AWS Secrets Manager. CloudFormation reads them while it deploys, with the permissions of
whoever deploys; no role of the cluster needs to read them, and they are in no template.
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-kerberos-options.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.values import value_class
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_secretsmanager as secretsmanager

__all__ = ["ActiveDirectory", "CrossRealmTrust", "Kerberos", "KerberosAttributes", "Password", "SecretField"]

Password: TypeAlias = "secretsmanager.ISecret | SecretField"  # noqa: S105  (a type)
"""A secret whose whole text is the password, or a field of one."""

_A_DAY: Final = 24


@check_calls
@value_class
class SecretField:
    """One field of a secret that is a JSON object, as a password.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html

    :raises EmrError: the field has no name.
    """

    secret: secretsmanager.ISecret
    """The secret in AWS Secrets Manager."""

    field: str
    """The key in the JSON object."""

    def __post_init__(self) -> None:
        if not self.field:
            raise EmrError(
                "field must be a key of the JSON object of the secret, got ''; specify the key, or pass only the secret"
            )


@check_calls
@value_class
class CrossRealmTrust:
    """A realm that a KDC on the cluster trusts, of an MIT KDC or of Active Directory.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-kerberos-cross-realm.html

    :raises EmrError: a name is empty, or is none.
    """

    realm: str
    """The name of the other realm, by convention in capitals: ``AD.EXAMPLE.COM``."""

    domain: str
    """The domain of the other realm: ``ad.example.com``."""

    admin_server: str
    """The server for administration, with a port where it is not 749."""

    kdc_server: str
    """The server for tickets, with a port where it is not 88."""

    def __post_init__(self) -> None:
        enforce("CrossRealmTrustConfiguration", self._render())

    def _render(self) -> dict[str, Any]:
        """The trust as ``CrossRealmTrustConfiguration`` of the security configuration."""
        return {
            "Realm": self.realm,
            "Domain": self.domain,
            "AdminServer": self.admin_server,
            "KdcServer": self.kdc_server,
        }


@check_calls
@value_class
class ActiveDirectory:
    """A domain that the realm of an external KDC trusts.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-kerberos-options.html

    :raises EmrError: a name is empty, or is none.
    """

    realm: str
    """The Kerberos realm of the domain, by convention in capitals: ``AD.EXAMPLE.COM``."""

    domain: str
    """The domain: ``ad.example.com``."""

    server: str
    """The full name of the domain controller."""

    def __post_init__(self) -> None:
        enforce("AdIntegrationConfiguration", self._render())

    def _render(self) -> dict[str, Any]:
        """The domain as ``AdIntegrationConfiguration`` of the security configuration."""
        return {"AdRealm": self.realm, "AdDomain": self.domain, "AdServer": self.server}


@check_calls
@value_class
class Kerberos:
    """Where the KDC is; made with one of the factories.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-kerberos-configure-settings.html

    :raises EmrError: tickets would be valid for less than an hour, or a server is no name.
    """

    provider: str
    ticket_lifetime_hours: int | Duration = _A_DAY
    trust: CrossRealmTrust | None = None
    admin_server: str | None = None
    kdc_server: str | None = None
    active_directory: ActiveDirectory | None = None

    def __post_init__(self) -> None:
        enforce("KerberosConfiguration", self._render())

    @classmethod
    def cluster_dedicated_kdc(
        cls, *, ticket_lifetime_hours: int | Duration = _A_DAY, cross_realm_trust: CrossRealmTrust | None = None
    ) -> Kerberos:
        """A KDC of the cluster's own, on its master node; not for three master nodes. Needs emr-5.10.0.

        :param ticket_lifetime_hours: how many hours a ticket is valid, or a ``cdk.Duration``. Default: 24 hours.
        :param cross_realm_trust: a realm whose principals may use the cluster. Default: none.
        """
        return cls("ClusterDedicatedKdc", ticket_lifetime_hours, cross_realm_trust)

    @classmethod
    def external_kdc(
        cls,
        *,
        admin_server: str,
        kdc_server: str,
        ticket_lifetime_hours: int | Duration = _A_DAY,
        active_directory: ActiveDirectory | None = None,
    ) -> Kerberos:
        """A KDC that runs elsewhere; the nodes have to reach it. Needs emr-5.20.0.

        :param admin_server: the server for administration, with a port where it is not 749.
        :param kdc_server: the server for tickets, with a port where it is not 88.
        :param ticket_lifetime_hours: how many hours a ticket is valid, or a ``cdk.Duration``. Default: 24 hours.
        :param active_directory: a domain that the realm of the KDC trusts, and that the nodes join. Default: none.
        """
        return cls("ExternalKdc", ticket_lifetime_hours, None, admin_server, kdc_server, active_directory)

    def _render(self) -> dict[str, Any]:
        """The KDC as ``KerberosConfiguration`` of the security configuration."""
        kdc: dict[str, Any] = {"TicketLifetimeInHours": self.ticket_lifetime_hours}
        if self.provider == "ExternalKdc":
            kdc |= {"KdcServerType": "Single", "AdminServer": self.admin_server, "KdcServer": self.kdc_server}
        if self.trust is not None:
            kdc["CrossRealmTrustConfiguration"] = self.trust._render()
        if self.active_directory is not None:
            kdc["AdIntegrationConfiguration"] = self.active_directory._render()
        return {"Provider": self.provider, f"{self.provider}Configuration": kdc}


@check_calls
@value_class
class KerberosAttributes:
    """What a cluster gives besides the KDC of its security configuration.

    Whoever deploys needs ``secretsmanager:GetSecretValue`` on the secrets, and ``kms:Decrypt`` on their keys; the roles
    of ``cdk bootstrap`` have both. A password that changes in Secrets Manager does not reach a cluster that runs.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_KerberosAttributes.html

    :raises EmrError: a password is no secret, the realm is no name, or a user has no password.
    """

    realm: str
    """The realm of all nodes, by convention in capitals: ``EC2.INTERNAL``."""

    kdc_admin_password: Password
    """The password of the KDC's administrator; of the external KDC where there is one."""

    cross_realm_trust_principal_password: Password | None = None
    """The password of the trust, the same in both realms. Needed if the KDC trusts a realm."""

    ad_domain_join_user: str | None = None
    """The name of an Active Directory user who may join computers to the domain. Needed with an external KDC that is
    integrated with Active Directory, and with a trust in the realm of one."""

    ad_domain_join_password: Password | None = None
    """The password of that user."""

    def __post_init__(self) -> None:
        enforce("KerberosAttributes", self._render())

    def _render(self) -> dict[str, Any]:
        """The attributes in the shape of the EMR API (``KerberosAttributes``), with references for the passwords."""
        rendered: dict[str, Any] = {"Realm": self.realm, "KdcAdminPassword": _reference(self.kdc_admin_password)}
        if self.cross_realm_trust_principal_password is not None:
            rendered["CrossRealmTrustPrincipalPassword"] = _reference(self.cross_realm_trust_principal_password)
        if self.ad_domain_join_user is not None:
            rendered["ADDomainJoinUser"] = self.ad_domain_join_user
        if self.ad_domain_join_password is not None:
            rendered["ADDomainJoinPassword"] = _reference(self.ad_domain_join_password)
        return rendered


def _reference(password: Password) -> str:
    """The dynamic reference of CloudFormation to a secret."""
    secret, field = (password.secret, password.field) if isinstance(password, SecretField) else (password, None)
    value = secret.secret_value if field is None else secret.secret_value_from_json(field)
    return value.unsafe_unwrap()
