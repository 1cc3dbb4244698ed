"""Kerberos: the KDC of a security configuration, and the attributes of clusters.

- ``Kerberos.cluster_dedicated_kdc()`` runs a KDC on the primary node, optionally with a cross-realm trust.
- ``Kerberos.external_kdc(admin_server="kdc.example.com:749", kdc_server="kdc.example.com:88")`` uses an existing KDC,
  for example on another cluster.
- ``KerberosAttributes("EC2.INTERNAL", kdc_admin_password=secret)`` is the ``kerberos`` option of a cluster.

Passwords are secrets of AWS Secrets Manager, or a ``cdk.SecretValue`` such as a parameter with NoEcho. CloudFormation
resolves them at deployment with the permissions of the deploying principal; the roles of the cluster don't require
access, and templates don't contain them.
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-kerberos-options.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from .._core.errors import EmrError
from .._core.patterns import regex
from .._core.signatures import check_calls
from .._core.types import implements
from .._core.unknown import is_unknown, literal_part
from .._core.values import value_class
from ..rules import enforce

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import Duration, SecretValue
    from aws_cdk import aws_secretsmanager as secretsmanager

__all__ = ["ActiveDirectory", "CrossRealmTrust", "Kerberos", "KerberosAttributes", "Password", "SecretField"]

Password: TypeAlias = "secretsmanager.ISecret | SecretField | SecretValue"  # noqa: S105  (a type)
"""A secret whose whole text is the password, a field of a secret, or the value of one or of a parameter with NoEcho."""

_A_DAY: Final = 24
_DYNAMIC_REFERENCE: Final = regex(r"\{\{resolve:[^{}]*\}\}")
_PASSWORDS: Final = {
    "kdc_admin_password": "KdcAdminPassword",
    "cross_realm_trust_principal_password": "CrossRealmTrustPrincipalPassword",
    "ad_domain_join_password": "ADDomainJoinPassword",
}


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

    :raises EmrError: the ticket lifetime is less than 1 hour, the name of a server is invalid, or an argument has no
        effect on the provider.
    """

    provider: Literal["ClusterDedicatedKdc", "ExternalKdc"]
    ticket_lifetime_hours: int | Duration | None = _A_DAY
    trust: CrossRealmTrust | None = None
    admin_server: str | None = None
    kdc_server: str | None = None
    active_directory: ActiveDirectory | None = None

    def __post_init__(self) -> None:
        is_external = self.provider == "ExternalKdc"
        without_effect = ("trust",) if is_external else ("admin_server", "kdc_server", "active_directory")
        problems = [
            f"{name} has no effect on the provider {self.provider}; remove it, or use the other provider"
            for name in without_effect
            if getattr(self, name) is not None
        ]
        if problems:
            raise EmrError(problems)
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

    A password is a secret, a ``SecretField``, or a ``cdk.SecretValue``:
    ``SecretValue.secrets_manager("emr/kerberos", json_field="kdc")``, or ``SecretValue.cfn_parameter(parameter)`` of a
    parameter with NoEcho. CloudFormation documents ``SecretValue.ssm_secure`` only for properties of other resources,
    so it gets the warning ``emr-kerberos-ssm-secure``.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_KerberosAttributes.html

    :raises EmrError: the realm is invalid, or a password would be readable in the template.
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
        problems = [f"{name} {problem}" for name, text in self._passwords for problem in _readable(text)]
        if problems:
            raise EmrError(problems)
        enforce("KerberosAttributes", self._render())

    @property
    def _passwords(self) -> Iterator[tuple[str, str]]:
        """The names and references of the passwords that were passed."""
        for name in _PASSWORDS:
            password = getattr(self, name)
            if password is not None:
                yield name, _reference(password)

    def _render(self) -> dict[str, Any]:
        """Render ``KerberosAttributes`` of the EMR API, with references to the passwords."""
        passwords = {_PASSWORDS[name]: text for name, text in self._passwords}
        user = {} if self.ad_domain_join_user is None else {"ADDomainJoinUser": self.ad_domain_join_user}
        return {"Realm": self.realm, **passwords, **user}


def _reference(password: Password) -> str:
    """Return the reference to a password that CloudFormation resolves."""
    if isinstance(password, SecretField):
        return password.secret.secret_value_from_json(password.field).unsafe_unwrap()
    if implements(password, "unsafe_unwrap"):
        return cast("SecretValue", password).unsafe_unwrap()
    return cast("secretsmanager.ISecret", password).secret_value.unsafe_unwrap()


def _readable(text: str) -> Iterator[str]:
    """Return an error if the password ``text`` is in the template or in the parameters of the stack."""
    from aws_cdk import CfnParameter, Tokenization

    ways = (
        "pass a secret of AWS Secrets Manager, cdk.SecretValue.secrets_manager(...), or cdk.SecretValue.cfn_parameter("
        "...) of a parameter with NoEcho"
    )
    literal = literal_part(text)
    if not is_unknown(text) or (literal and not _DYNAMIC_REFERENCE.fullmatch(literal)):
        yield f"must be a reference to a secret, got plain text, which is readable in the template; {ways}"
        return
    for token in Tokenization.reverse_string(text).tokens:
        target = token if isinstance(token, CfnParameter) else getattr(token, "target", None)
        if isinstance(target, CfnParameter) and not target.no_echo:
            yield (
                f"must be a reference to a secret, got the parameter {target.node.id!r} without NoEcho, whose value is "
                "readable; create it with no_echo=True"
            )
