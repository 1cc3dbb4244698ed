"""Encryption at rest and in transit: values for a ``SecurityConfiguration``.

- ``S3Encryption.sse_kms(key).with_override(archive_bucket, S3Encryption.sse_s3())`` encrypts data in S3.
- ``LocalDiskEncryption.aws_kms(key)`` encrypts HDFS, temporary files and EBS volumes, including the root device.
- ``InTransitEncryption.emr_managed(key)`` and ``InTransitEncryption.pem(Script.from_asset("certificates.zip"))``
  encrypt in-transit data.
- ``WalEncryption.aws_kms(key)`` encrypts EMR's write-ahead log for HBase.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._core import tokens
from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.unknown import UNKNOWN
from .._core.values import converted, value_class
from ..rules import enforce
from ..steps.scripts import Locate, Script, unlocated

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

__all__ = ["InTransitEncryption", "LocalDiskEncryption", "S3Encryption", "WalEncryption"]


@value_class
class _Provider:
    """The source of keys: a KMS key, or a class in a JAR file."""

    key: kms.IKey | None = None
    jar: Script | None = None
    provider_class: str | None = None

    def _render(self, locate: Locate, *, known: bool) -> dict[str, Any]:
        rendered: dict[str, Any] = {}
        if self.key is not None:
            rendered["AwsKmsKey"] = tokens.key_arn(self.key) if known else UNKNOWN
        if self.jar is not None:
            rendered["S3Object"] = locate(self.jar)
        if self.provider_class is not None:
            rendered["EncryptionKeyProviderClass"] = self.provider_class
        return rendered


@check_calls
@value_class
class S3Encryption:
    """Encryption of the data that clusters write to S3; created with a factory.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html

    :raises EmrError: the provider class is empty.
    """

    mode: str
    provider: _Provider = _Provider()
    overrides: Mapping[s3.IBucket, S3Encryption] = converted(dict, default=())

    def __post_init__(self) -> None:
        enforce("S3EncryptionConfiguration", self._render(unlocated, known=False))

    @classmethod
    def sse_s3(cls) -> S3Encryption:
        """Encrypt in S3 with keys that S3 manages (SSE-S3)."""
        return cls("SSE-S3")

    @classmethod
    def sse_kms(cls, key: kms.IKey) -> S3Encryption:
        """Encrypt in S3 with a KMS key (SSE-KMS) in the Region of the cluster."""
        return cls("SSE-KMS", _Provider(key))

    @classmethod
    def cse_kms(cls, key: kms.IKey) -> S3Encryption:
        """Encrypt on the cluster with a KMS key (CSE-KMS) in the Region of the cluster."""
        return cls("CSE-KMS", _Provider(key))

    @classmethod
    def cse_custom(cls, jar: Script, *, provider_class: str) -> S3Encryption:
        """Encrypt on the cluster with an ``EncryptionMaterialsProvider`` (CSE-Custom).

        :param jar: the JAR file with the provider.
        :param provider_class: the fully qualified name of the provider class.
        """
        return cls("CSE-Custom", _Provider(None, jar, provider_class))

    def with_override(self, bucket: s3.IBucket, encryption: S3Encryption) -> S3Encryption:
        """Return the settings with another encryption for ``bucket``.

        :raises EmrError: ``encryption`` has overrides, or ``bucket`` already has one.
        """
        if encryption.overrides:
            raise EmrError(
                "encryption must not have overrides, got an S3Encryption with overrides; use one without overrides"
            )
        if bucket in self.overrides:
            raise EmrError("bucket must not have an override yet, got a second one; remove one of them")
        return replace(self, overrides={**self.overrides, bucket: encryption})

    @property
    def keys(self) -> tuple[kms.IKey, ...]:
        """The KMS keys that the nodes use."""
        everywhere = (self, *self.overrides.values())
        return tuple(choice.provider.key for choice in everywhere if choice.provider.key is not None)

    def _render(self, locate: Locate = unlocated, *, known: bool = True) -> dict[str, Any]:
        """Render ``S3EncryptionConfiguration`` of the security configuration."""
        rendered = {"EncryptionMode": self.mode, **self.provider._render(locate, known=known)}
        if self.overrides:
            rendered["Overrides"] = [
                {"BucketName": bucket.bucket_name if known else UNKNOWN, **choice._render(locate, known=known)}
                for bucket, choice in self.overrides.items()
            ]
        return rendered


@check_calls
@value_class
class LocalDiskEncryption:
    """Encryption of the disks of the nodes; created with one of the factories.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html

    :raises EmrError: the provider class is empty.
    """

    provider_type: str
    provider: _Provider
    ebs: bool | None = None

    def __post_init__(self) -> None:
        enforce("LocalDiskEncryptionConfiguration", self._render(unlocated, known=False))

    @classmethod
    def aws_kms(cls, key: kms.IKey, *, ebs: bool | None = True) -> LocalDiskEncryption:
        """Encrypt with a KMS key in the Region of the cluster.

        :param ebs: whether to use EBS encryption, which includes the root device and requires emr-5.24.0 or later.
            False: LUKS, which encrypts only storage volumes. None: ``EnableEbsEncryption`` is left out, which also
            means LUKS. Default: true.
        """
        return cls("AwsKms", _Provider(key), ebs)

    @classmethod
    def custom(cls, jar: Script, *, provider_class: str) -> LocalDiskEncryption:
        """Encrypt storage volumes with LUKS and an ``EncryptionMaterialsProvider``.

        :param jar: the JAR file with the provider.
        :param provider_class: the fully qualified name of the provider class, which must differ from that for S3.
        """
        return cls("Custom", _Provider(None, jar, provider_class))

    @property
    def keys(self) -> tuple[kms.IKey, ...]:
        """The KMS keys that the nodes use."""
        return () if self.provider.key is None else (self.provider.key,)

    def _render(self, locate: Locate = unlocated, *, known: bool = True) -> dict[str, Any]:
        """Render ``LocalDiskEncryptionConfiguration`` of the security configuration."""
        rendered = {"EncryptionKeyProviderType": self.provider_type, **self.provider._render(locate, known=known)}
        return rendered | ({} if self.ebs is None else {"EnableEbsEncryption": self.ebs})


@check_calls
@value_class
class InTransitEncryption:
    """The source of certificates for in-transit encryption; created with a factory.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-encryption-enable.html

    :raises EmrError: the validity is less than 1 day.
    """

    provider_type: str
    archive: Script | None = None
    provider_class: str | None = None
    key: kms.IKey | None = None
    secret_tags: Mapping[str, str] = converted(dict, default=())
    validity_days: int | Duration | None = None
    wildcard_dns_suffix: str | None = None
    access_tag: bool = True

    def __post_init__(self) -> None:
        enforce("TLSCertificateConfiguration", self._render(unlocated, known=False))

    @classmethod
    def emr_managed(
        cls,
        key: kms.IKey | None = None,
        *,
        secret_tags: Mapping[str, str] | None = None,
        validity_days: int | Duration | None = None,
        wildcard_dns_suffix: str | None = None,
        access_tag: bool = True,
    ) -> InTransitEncryption:
        """Use certificates of EMR, whose certificate authority is in Secrets Manager.

        Requires emr-7.11.0 or later.

        :param key: encrypts the secret. Default: the AWS managed key of Secrets Manager.
        :param secret_tags: tags of the secret, in addition to ``access_tag``. Default: none.
        :param validity_days: the validity of the certificates in days, or a ``cdk.Duration``, from the creation of the
            security configuration, which must be replaced before they expire. Default: 20 years.
        :param wildcard_dns_suffix: a domain to add to the certificates. Default: the private domain of the Region.
        :param access_tag: whether the secret has a tag that identifies it in the permissions of the instance role.
            False: the first of ``secret_tags`` identifies it; without tags, the instance role must already be allowed
            to read it. Default: true.
        """
        return cls("EMR", None, None, key, dict(secret_tags or {}), validity_days, wildcard_dns_suffix, access_tag)

    @classmethod
    def pem(cls, archive: Script) -> InTransitEncryption:
        """Use existing certificates.

        :param archive: a ZIP archive with ``privateKey.pem`` (without a passphrase), ``certificateChain.pem`` and, if
            required, ``trustedCertificates.pem``. All principals with access to the asset bucket can read an asset:
            store private keys for production in a separate bucket.
        """
        return cls("PEM", archive)

    @classmethod
    def custom(cls, jar: Script, *, provider_class: str) -> InTransitEncryption:
        """Use certificates of a ``TLSArtifactsProvider``.

        :param jar: the JAR file with the provider.
        :param provider_class: the fully qualified name of the provider class.
        """
        return cls("Custom", jar, provider_class)

    def with_secret_tags(self, tags: Mapping[str, str]) -> InTransitEncryption:
        """Return the settings with additional tags of the secret."""
        return replace(self, secret_tags={**self.secret_tags, **tags})

    def _render(self, locate: Locate = unlocated, *, known: bool = True) -> dict[str, Any]:
        """Render ``TLSCertificateConfiguration`` of the security configuration."""
        rendered: dict[str, Any] = {"CertificateProviderType": self.provider_type}
        if self.archive is not None:
            rendered["S3Object"] = locate(self.archive)
        if self.provider_class is not None:
            rendered["CertificateProviderClass"] = self.provider_class
        if self.key is not None:
            rendered["AwsKmsKey"] = tokens.key_arn(self.key) if known else UNKNOWN
        if self.secret_tags:
            rendered["SecretTags"] = [{"Key": key, "Value": value} for key, value in self.secret_tags.items()]
        if self.validity_days is not None:
            rendered["ValidityInDays"] = self.validity_days
        if self.wildcard_dns_suffix is not None:
            rendered["WildcardDnsSuffix"] = self.wildcard_dns_suffix
        return rendered


@check_calls
@value_class
class WalEncryption:
    """Encryption of EMR's write-ahead log for HBase.

    Requires emr-6.15.0 or later.
    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hbase-wal.html
    """

    key: kms.IKey | None = None
    """The key that encrypts the log. None: a key that EMR manages."""

    @classmethod
    def emr_managed(cls) -> WalEncryption:
        """Encrypt with a key that EMR manages (SSE-EMR-WAL)."""
        return cls()

    @classmethod
    def aws_kms(cls, key: kms.IKey) -> WalEncryption:
        """Encrypt with a KMS key (SSE-KMS-WAL) in the Region of the cluster."""
        return cls(key)

    @property
    def keys(self) -> tuple[kms.IKey, ...]:
        """The KMS keys that the nodes use."""
        return () if self.key is None else (self.key,)

    def _render(self) -> dict[str, Any]:
        """Render ``EMRWALEncryptionConfiguration`` of the security configuration."""
        return {} if self.key is None else {"AwsKmsKey": tokens.key_arn(self.key)}
