"""Kerberos: the KDC of a security configuration, and the attributes of clusters.

- ``Kerberos.cluster_dedicated_kdc()`` runs a KDC on the primary node, optionally with a cross-realm trust.
- ``Kerberos.external_kdc(admin_server="kdc.example.com:749", kdc_server="kdc.example.com:88")`` uses an existing KDC,
  for example on another cluster.
- ``KerberosAttributes("EC2.INTERNAL", kdc_admin_password=secret)`` is the ``kerberos`` option of a cluster.

Passwords are secrets of AWS Secrets Manager. CloudFormation resolves them at deployment with the permissions of the
deploying principal; the roles of the cluster don't require access, and templates don't contain them.
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
"""A secret whose whole text is the password, or a field of a secret."""

_A_DAY: Final = 24


@check_calls
@value_class
class SecretField:
    """A password in a field of a secret that is a JSON object.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html

    :raises EmrError: the field is empty.
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
    """A trusted realm of an MIT KDC or of Active Directory, for a KDC on the cluster.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-kerberos-cross-realm.html

    :raises EmrError: a name is empty or invalid.
    """

    realm: str
    """The name of the other realm, by convention in capitals: ``AD.EXAMPLE.COM``."""

    domain: str
    """The domain of the other realm: ``ad.example.com``."""

    admin_server: str
    """The administration server, with a port unless it is 749."""

    kdc_server: str
    """The KDC server, with a port unless it is 88."""

    def __post_init__(self) -> None:
        enforce("CrossRealmTrustConfiguration", self._render())

    def _render(self) -> dict[str, Any]:
        """Render ``CrossRealmTrustConfiguration`` of the security configuration."""
        return {
            "Realm": self.realm,
            "Domain": self.domain,
            "AdminServer": self.admin_server,
            "KdcServer": self.kdc_server,
        }


@check_calls
@value_class
class ActiveDirectory:
    """An Active Directory domain that the realm of an external KDC trusts.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-kerberos-options.html

    :raises EmrError: a name is empty or invalid.
    """

    realm: str
    """The Kerberos realm of the domain, by convention in capitals: ``AD.EXAMPLE.COM``."""

    domain: str
    """The domain: ``ad.example.com``."""

    server: str
    """The fully qualified name of the domain controller."""

    def __post_init__(self) -> None:
        enforce("AdIntegrationConfiguration", self._render())

    def _render(self) -> dict[str, Any]:
        """Render ``AdIntegrationConfiguration`` of the security configuration."""
        return {"AdRealm": self.realm, "AdDomain": self.domain, "AdServer": self.server}


@check_calls
@value_class
class Kerberos:
    """The KDC of a security configuration; created with one of the factories.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-kerberos-configure-settings.html

    :raises EmrError: the ticket lifetime is less than 1 hour, or the name of a server is invalid.
    """

    provider: str
    ticket_lifetime_hours: int | Duration | None = _A_DAY
    trust: CrossRealmTrust | None = None
    admin_server: str | None = None
    kdc_server: str | None = None
    active_directory: ActiveDirectory | None = None

    def __post_init__(self) -> None:
        enforce("KerberosConfiguration", self._render())

    @classmethod
    def cluster_dedicated_kdc(
        cls, *, ticket_lifetime_hours: int | Duration | None = _A_DAY, cross_realm_trust: CrossRealmTrust | None = None
    ) -> Kerberos:
        """Use a KDC on the primary node of the cluster.

        Requires emr-5.10.0 or later. Can't be combined with three primary nodes.

        :param ticket_lifetime_hours: how many hours a ticket is valid, or a ``cdk.Duration``. None: not in the
            document. Default: 24 hours.
        :param cross_realm_trust: a realm whose principals can use the cluster. Default: none.
        """
        return cls("ClusterDedicatedKdc", ticket_lifetime_hours, cross_realm_trust)

    @classmethod
    def external_kdc(
        cls,
        *,
        admin_server: str,
        kdc_server: str,
        ticket_lifetime_hours: int | Duration | None = _A_DAY,
        active_directory: ActiveDirectory | None = None,
    ) -> Kerberos:
        """Use an existing KDC that the nodes can reach.

        Requires emr-5.20.0 or later.

        :param admin_server: the administration server, with a port unless it is 749.
        :param kdc_server: the KDC server, with a port unless it is 88.
        :param ticket_lifetime_hours: how many hours a ticket is valid, or a ``cdk.Duration``. None: not in the
            document. Default: 24 hours.
        :param active_directory: a domain that the realm of the KDC trusts and that the nodes join. Default: none.
        """
        return cls("ExternalKdc", ticket_lifetime_hours, None, admin_server, kdc_server, active_directory)

    def _render(self) -> dict[str, Any]:
        """Render the KDC as ``KerberosConfiguration`` of the security configuration."""
        kdc: dict[str, Any] = {}
        if self.ticket_lifetime_hours is not None:
            kdc["TicketLifetimeInHours"] = self.ticket_lifetime_hours
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
    """The Kerberos realm and passwords of a cluster.

    The deploying principal requires ``secretsmanager:GetSecretValue`` on the secrets and ``kms:Decrypt`` on their keys;
    the roles of ``cdk bootstrap`` have both. A password that changes in Secrets Manager doesn't affect running
    clusters.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_KerberosAttributes.html

    :raises EmrError: the realm is invalid, or a user is specified without a password.
    """

    realm: str
    """The realm of all nodes, by convention in capitals: ``EC2.INTERNAL``."""

    kdc_admin_password: Password
    """The password of the administrator of the KDC, which can be an external KDC."""

    cross_realm_trust_principal_password: Password | None = None
    """The password of the trust, identical in both realms. Required with a cross-realm trust. Default: none."""

    ad_domain_join_user: str | None = None
    """An Active Directory user with the permission to join computers to the domain. Required with an external KDC that
    is integrated with Active Directory, and with a cross-realm trust in an Active Directory domain. Default: none."""

    ad_domain_join_password: Password | None = None
    """The password of ``ad_domain_join_user``. Default: none."""

    def __post_init__(self) -> None:
        enforce("KerberosAttributes", self._render())

    def _render(self) -> dict[str, Any]:
        """Render ``KerberosAttributes`` of the EMR API, with references to the passwords."""
        rendered: dict[str, Any] = {"Realm": self.realm, "KdcAdminPassword": _reference(self.kdc_admin_password)}
        if self.cross_realm_trust_principal_password is not None:
            rendered["CrossRealmTrustPrincipalPassword"] = _reference(self.cross_realm_trust_principal_password)
        if self.ad_domain_join_user is not None:
            rendered["ADDomainJoinUser"] = self.ad_domain_join_user
        if self.ad_domain_join_password is not None:
            rendered["ADDomainJoinPassword"] = _reference(self.ad_domain_join_password)
        return rendered


def _reference(password: Password) -> str:
    """Return the CloudFormation dynamic reference to a secret."""
    secret, field = (password.secret, password.field) if isinstance(password, SecretField) else (password, None)
    value = secret.secret_value if field is None else secret.secret_value_from_json(field)
    return value.unsafe_unwrap()
