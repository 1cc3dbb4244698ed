"""Security configurations: encryption, access control and instance metadata.

``SecurityConfiguration(self, "Security", encryption_key=key)`` encrypts data in S3, local disks with EBS volumes, and
in-transit data with EMR-managed certificates, and requires IMDSv2. Kerberos, runtime roles, Lake Formation and other
access control are disabled by default. ``None`` leaves a part out of the document, so that an existing document can be
reproduced exactly.
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-create-security-configuration.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol

import aws_cdk as cdk
from aws_cdk import aws_emr as emr

from .._core import tokens
from .._core.errors import EmrError, report
from .._core.input_values import reject_inputs
from .._core.signatures import checked
from .._core.unset import DEFAULT, Default
from ..rules import check
from ..rules.security_configuration import DOCUMENT
from .encryption import InTransitEncryption, LocalDiskEncryption, S3Encryption, WalEncryption

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from ..software.release_label import ReleaseLabel
    from ..steps.scripts import Location, Script
    from .authorization import AssumedRole, IdentityCenter, LakeFormation, RoleMapping, RuntimeRoles
    from .existing_configuration import ISecurityConfiguration
    from .kerberos import Kerberos
    from .ranger import Ranger

__all__ = ["SecurityConfiguration"]

_CERTIFICATES_TAG: Final = "emr-constructs:security-configuration"


class SecurityConfiguration(cdk.Resource):
    """An immutable EMR security configuration.

    Any change of its document creates a new security configuration and replaces the clusters that use it.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-create-security-configuration.html
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        encryption_key: kms.IKey | None = None,
        s3_encryption: S3Encryption | Literal[False] | None | Default = DEFAULT,
        local_disk_encryption: LocalDiskEncryption | Literal[False] | None | Default = DEFAULT,
        in_transit_encryption: InTransitEncryption | Literal[False] | None | Default = DEFAULT,
        wal_encryption: WalEncryption | None = None,
        kerberos: Kerberos | None = None,
        identity_center: IdentityCenter | None = None,
        emrfs_role_mappings: Sequence[RoleMapping] | None = None,
        runtime_roles: RuntimeRoles | None = None,
        lake_formation: LakeFormation | None = None,
        ranger: Ranger | None = None,
        require_imdsv2: bool | None = True,
        imds_hop_limit: int | None = None,
        security_configuration_name: str | None = None,
    ) -> None:
        """Define a security configuration.

        The document has only the sections of the parts that are specified or enabled by default. EMR treats encryption
        that is left out as disabled.

        :param encryption_key: the KMS key of the parts below that you don't pass. Required unless you pass all three.
        :param s3_encryption: the encryption of data in S3. Default: SSE-KMS with ``encryption_key``. None: no
            encryption by the nodes. False: also none, and without local disk encryption the document contains
            ``"EnableAtRestEncryption": false``.
        :param local_disk_encryption: the encryption of disks. Default: local disks and EBS volumes with
            ``encryption_key``. None: no encryption. False: also none, as for ``s3_encryption``.
        :param in_transit_encryption: the certificates of in-transit encryption. Default: EMR-managed certificates,
            which require emr-7.11.0 or later. None: no encryption. False: also none, and the document contains
            ``"EnableInTransitEncryption": false``.
        :param wal_encryption: the key of EMR's write-ahead log for HBase. Default: a key that EMR manages.
        :param kerberos: the KDC; clusters also require ``kerberos=KerberosAttributes(...)``. Default: none.
        :param identity_center: trusted identity propagation of IAM Identity Center. Default: none.
        :param emrfs_role_mappings: the roles of S3 requests, of which the first match applies. Default: the instance
            role.
        :param runtime_roles: runtime roles for steps and sessions. Default: the instance role.
        :param lake_formation: access control of Lake Formation on tables. Default: none.
        :param ranger: access control of Apache Ranger; requires Kerberos. Default: none.
        :param require_imdsv2: whether the instance metadata service requires session tokens. Requires emr-5.32.0 or
            emr-6.2.0 or later. None: the document has no section for the instance metadata service. Default: true.
        :param imds_hop_limit: 1 to 64 network hops to the instance metadata service. Containers require 2. Can't be
            combined with ``require_imdsv2=None``. Default: 1.
        :param security_configuration_name: a fixed name, which must change with every other change. Default: a name
            that CloudFormation generates.
        :raises EmrError: ``encryption_key`` is required but not specified, or the parts can't be combined.
        """
        super().__init__(scope, construct_id)
        tokens.share_path(self, scope, construct_id)
        if encryption_key is None and DEFAULT in (s3_encryption, local_disk_encryption, in_transit_encryption):
            raise EmrError(
                "encryption_key must be specified for the encryption that is enabled by default, got none; pass a key, "
                "or pass s3_encryption, local_disk_encryption and in_transit_encryption",
                at=self,
            )
        if require_imdsv2 is None and imds_hop_limit is not None:
            raise EmrError(
                f"imds_hop_limit can't be combined with require_imdsv2=None, got {imds_hop_limit}; set require_imdsv2 "
                "to True or False, or remove imds_hop_limit",
                at=self,
            )
        if s3_encryption is DEFAULT:
            s3_encryption = S3Encryption.sse_kms(_given(encryption_key))
        if local_disk_encryption is DEFAULT:
            local_disk_encryption = LocalDiskEncryption.aws_kms(_given(encryption_key))
        if in_transit_encryption is DEFAULT:
            in_transit_encryption = InTransitEncryption.emr_managed(encryption_key)
        self._locations: dict[Script, Location] = {}
        self.certificate_secret_tag: tuple[str, str] | None = None
        """The tag of the secrets in which EMR stores certificates. None if there are no such secrets."""
        if in_transit_encryption and in_transit_encryption.provider_type == "EMR":
            if in_transit_encryption.access_tag:
                self.certificate_secret_tag = (_CERTIFICATES_TAG, tokens.address(self))
                in_transit_encryption = in_transit_encryption.with_secret_tags(dict([self.certificate_secret_tag]))
            else:
                self.certificate_secret_tag = next(iter(in_transit_encryption.secret_tags.items()), None)
        self._s3, self._disk = s3_encryption or None, local_disk_encryption or None
        self._in_transit = in_transit_encryption or None
        self._wal, self._ranger = wal_encryption, ranger
        mapped = [mapping.assumed_role for mapping in emrfs_role_mappings or ()]
        propagated = [] if identity_center is None else [identity_center.assumed_role]
        self.assumed_roles: tuple[AssumedRole, ...] = tuple(
            dict.fromkeys([*mapped, *propagated, *(() if ranger is None else ranger.assumed_roles)])
        )
        """The roles that the nodes assume."""

        document = {
            **self._render_encryption(
                disables_at_rest=s3_encryption is False or local_disk_encryption is False,
                disables_in_transit=in_transit_encryption is False,
            ),
            **_section(
                "AuthenticationConfiguration",
                KerberosConfiguration=kerberos,
                IdentityCenterConfiguration=identity_center,
            ),
            **_section(
                "AuthorizationConfiguration",
                EmrFsConfiguration=None if emrfs_role_mappings is None else _RoleMappings(emrfs_role_mappings),
                IAMConfiguration=runtime_roles,
                LakeFormationConfiguration=lake_formation,
                RangerConfiguration=ranger,
            ),
        }
        if require_imdsv2 is not None:
            document["InstanceMetadataServiceConfiguration"] = {
                "MinimumInstanceMetadataServiceVersion": 2 if require_imdsv2 else 1,
                "HttpPutResponseHopLimit": 1 if imds_hop_limit is None else imds_hop_limit,
            }
        if not document:
            raise EmrError(
                "a security configuration must have at least one part, got none; specify a part, or pass "
                "security_configuration=None to the profile",
                at=self,
            )
        self.document: Mapping[str, Any] = document
        """The security configuration in the shape of the EMR API."""
        reject_inputs("a security configuration", document, at=self)
        report(check(DOCUMENT, self.document, in_library=True), self)
        self._resource = emr.CfnSecurityConfiguration(
            self, "Resource", name=security_configuration_name, security_configuration=self.document
        )
        self.security_configuration_name: str = self._resource.ref
        """The name of the security configuration."""

    @classmethod
    def default_for(
        cls, scope: Construct, construct_id: str, *, release_label: ReleaseLabel, encryption_key: kms.IKey
    ) -> SecurityConfiguration:
        """Create a configuration with IMDSv2 and all encryption that a release supports.

        :param release_label: the release of the clusters.
        :param encryption_key: encrypts data in S3, local disks, EBS volumes and certificates.
        """
        # A document without the member differs from deployed ones, and would replace their clusters.
        in_transit: InTransitEncryption | Literal[False] = False
        if release_label.supports("emr_managed_certificates"):
            in_transit = InTransitEncryption.emr_managed(encryption_key)
        return cls(
            scope,
            construct_id,
            encryption_key=encryption_key,
            local_disk_encryption=LocalDiskEncryption.aws_kms(
                encryption_key, ebs=release_label.supports("ebs_encryption")
            ),
            in_transit_encryption=in_transit,
            require_imdsv2=release_label.supports("imdsv2"),
        )

    @staticmethod
    @checked
    def from_security_configuration_name(scope: Construct, construct_id: str, name: str) -> ISecurityConfiguration:
        """Import an existing security configuration.

        Its content isn't known: no permissions are granted for it, and clusters aren't checked against it. For a
        document that this class can't express, define an ``aws_emr.CfnSecurityConfiguration`` and import its ``ref``.

        :param name: the name, which can be a token such as ``cdk.Fn.import_value(...)``.
        :raises EmrError: the name is empty.
        """
        if not name:
            raise EmrError(
                "name must be the name of a security configuration, got ''; use its name in the EMR console", at=scope
            )
        from .existing_configuration import NamedSecurityConfiguration

        return NamedSecurityConfiguration(scope, construct_id, name)

    @property
    def node_keys(self) -> tuple[kms.IKey, ...]:
        """The KMS keys that the nodes use."""
        parts = (self._s3, self._disk, self._wal)
        keys = [key for part in parts if part is not None for key in part.keys]
        if self._in_transit is not None and self._in_transit.key is not None:
            keys.append(self._in_transit.key)
        return tuple(keys)

    @property
    def s3_keys(self) -> tuple[kms.IKey, ...]:
        """The KMS keys that encrypt data in S3."""
        return () if self._s3 is None else self._s3.keys

    @property
    def secrets(self) -> tuple[secretsmanager.ISecret, ...]:
        """The secrets that the nodes read."""
        return () if self._ranger is None else self._ranger.secrets

    @property
    def volume_keys(self) -> tuple[kms.IKey, ...]:
        """The KMS keys that EC2 uses for the EBS volumes of the nodes."""
        return self._disk.keys if self._disk is not None and self._disk.ebs else ()

    @property
    def artifacts(self) -> tuple[Location, ...]:
        """The JAR files and archives that the nodes read."""
        return tuple(self._locations.values())

    def _locate(self, script: Script) -> str:
        if script not in self._locations:
            self._locations[script] = script._bind(self, f"Artifact{len(self._locations) + 1}")
        return self._locations[script].uri

    def _render_encryption(self, *, disables_at_rest: bool, disables_in_transit: bool) -> dict[str, Any]:
        """Render the section on encryption, or nothing.

        :param disables_at_rest: whether the document states that encryption at rest is disabled, if it is.
        :param disables_in_transit: whether the document states that in-transit encryption is disabled.
        """
        at_rest: dict[str, Any] = {}
        if self._s3 is not None:
            at_rest["S3EncryptionConfiguration"] = self._s3._render(self._locate)
        if self._disk is not None:
            at_rest["LocalDiskEncryptionConfiguration"] = self._disk._render(self._locate)
        encryption: dict[str, Any] = {}
        if self._in_transit is not None or disables_in_transit:
            encryption["EnableInTransitEncryption"] = self._in_transit is not None
        if at_rest or disables_at_rest:
            encryption["EnableAtRestEncryption"] = bool(at_rest)
        if self._in_transit is not None:
            encryption["InTransitEncryptionConfiguration"] = {
                "TLSCertificateConfiguration": self._in_transit._render(self._locate)
            }
        if at_rest:
            encryption["AtRestEncryptionConfiguration"] = at_rest
        if self._wal is not None:
            encryption["EMRWALEncryptionConfiguration"] = self._wal._render()
        return {"EncryptionConfiguration": encryption} if encryption else {}


def _given(key: kms.IKey | None) -> kms.IKey:
    assert key is not None
    return key


class _Part(Protocol):
    def _render(self) -> dict[str, Any]: ...


class _RoleMappings(NamedTuple):
    mappings: Sequence[RoleMapping]

    def _render(self) -> dict[str, Any]:
        return {"RoleMappings": [mapping._render() for mapping in self.mappings]}


def _section(name: str, **parts: _Part | None) -> dict[str, Any]:
    """Render a section of the document with the parts that are enabled, or nothing."""
    rendered = {part: value._render() for part, value in parts.items() if value is not None}
    return {name: rendered} if rendered else {}
