"""Encryption in the security configuration: S3, local disks, traffic, and the write-ahead log of HBase."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from .._core.patterns import regex
from .constraints import constraint, in_range, matches, options_of, unique
from .parts import Part
from .registry import At, Severity
from .sources import management_guide

_PAGE = management_guide("emr-create-security-configuration")
_KEYS = management_guide("emr-encryption-enable")
_CERTIFICATE: Final = regex(r".*\.(pem|crt|cer|key|p12|pfx|jks)", re.IGNORECASE | re.DOTALL)
_TLS: Final = "TLSCertificateConfiguration"
_S3: Final = ("S3EncryptionConfiguration", "S3EncryptionOverride")
_DISK: Final = "LocalDiskEncryptionConfiguration"
_WAL: Final = "EMRWALEncryptionConfiguration"
_CUSTOM: Final = ("S3Object", "EncryptionKeyProviderClass")
_PARTS: Final = (
    ("in-transit", "EnableInTransitEncryption", "InTransitEncryptionConfiguration"),
    ("at-rest", "EnableAtRestEncryption", "AtRestEncryptionConfiguration"),
)


def _parts(*, enabled: bool, configured: bool) -> Callable[[Part], list[At]]:
    """The kinds of encryption that are enabled, and configured, as stated."""
    return lambda encryption: [
        At(
            encryption.first(*((configuration, switch) if configured else (switch,))),
            title,
            *((f"set {switch} to true, or remove {configuration}", "remove the configuration") if configured else ()),
        )
        for title, switch, configuration in _PARTS
        if encryption.is_complete(switch)
        and encryption.get(switch, False) is enabled
        and (configuration in encryption) is configured
    ]


def _repeated_class(at_rest: Part) -> str | None:
    # AWS's page requires different classes, but one of its samples has the same.
    s3, disk = (at_rest.part(name).get("EncryptionKeyProviderClass") for name in (_S3[0], _DISK))
    return f"{s3!r} for both" if s3 is not None and s3 == disk else None


def _other_archive(tls: Part) -> str | None:
    name = tls.get("S3Object", "")
    is_file = tls.get("CertificateProviderType") == "PEM" and _CERTIFICATE.fullmatch(name)
    return repr(name) if is_file else None


# fmt: off
constraint("emr-certificate-archive", _TLS,
           "the S3 object of PEM certificates must be a ZIP archive with privateKey.pem and certificateChain.pem",
           _other_archive, at="S3Object", fix="use the URI of the archive", severity=Severity.WARNING, source=_KEYS)
constraint("emr-encryption-parts", "EncryptionConfiguration", "encryption that is enabled must be configured",
           _parts(enabled=True, configured=False), fix="also configure it, or disable it", source=_PAGE)
constraint("emr-encryption-not-enabled", "EncryptionConfiguration",
           "encryption that is configured must be enabled, because otherwise nothing is encrypted",
           _parts(enabled=False, configured=True),
           fix="set EnableInTransitEncryption or EnableAtRestEncryption to true",
           library_fix="remove the configuration", severity=Severity.WARNING, source=_PAGE)
options_of(("emr-s3-encryption-provider", "emr-s3-encryption-provider-unused"), _S3, "EncryptionMode",
           {"SSE-S3": (), "SSE-KMS": "AwsKmsKey", "CSE-KMS": "AwsKmsKey", "CSE-Custom": _CUSTOM}, what="S3 encryption",
           fix="specify a key for SSE-KMS and CSE-KMS, a JAR and a class for CSE-Custom", source=_PAGE)
options_of(("emr-local-disk-provider", "emr-local-disk-provider-unused"), _DISK,
           "EncryptionKeyProviderType", {"AwsKms": "AwsKmsKey", "Custom": _CUSTOM}, what="local disk encryption",
           fix="specify a key for AwsKms, a JAR and a class for Custom", source=_PAGE)
options_of(("emr-certificate-provider", "emr-certificate-provider-unused"), _TLS, "CertificateProviderType",
           {"EMR": (), "PEM": "S3Object", "Custom": ("S3Object", "CertificateProviderClass")},
           optional={"EMR": ("AwsKmsKey", "SecretTags", "ValidityInDays", "WildcardDnsSuffix")},
           what="the certificate provider", fix="specify an archive for PEM, a JAR and a class for Custom",
           source=_KEYS)
constraint("emr-at-rest-empty", "AtRestEncryptionConfiguration",
           "at-rest encryption must include S3, local disks or both",
           lambda at_rest: _S3[0] not in at_rest and _DISK not in at_rest,
           fix="configure S3 encryption, local disk encryption or both", source=_PAGE)
constraint("emr-ebs-encryption-provider", _DISK, "EBS encryption requires the key provider AwsKms",
           lambda disk: disk.get("EnableEbsEncryption") is True and disk.get("EncryptionKeyProviderType") == "Custom"
           and "Custom", at="EnableEbsEncryption", fix="use a KMS key, or disable EBS encryption", source=_PAGE)
constraint("emr-key-provider-class", "AtRestEncryptionConfiguration",
           "key provider classes for S3 and for local disks must be different", _repeated_class,
           at="LocalDiskEncryptionConfiguration.EncryptionKeyProviderClass",
           fix="use another class for one of them", severity=Severity.WARNING, source=_PAGE)
unique("emr-override-repeated", _S3[0], "Overrides", "BucketName", what="the buckets of encryption overrides",
       fix="specify one override for each bucket", severity=Severity.WARNING, source=_PAGE)
matches("emr-kms-key-arn", (_TLS, *_S3, _DISK, _WAL), "AwsKmsKey", "arn:.*:kms:.*", what="the KMS key",
        must="be an ARN", fix="use the ARN of the key", source=_KEYS)
in_range("emr-certificate-validity", _TLS, "ValidityInDays", 1, what="the validity of certificates", unit="day",
         source=_PAGE)
matches("emr-s3-object", (_TLS, *_S3, _DISK), "S3Object", "(s3://|arn:).*", what="the S3 object",
        must="be an S3 URI or an ARN", fix="use s3://bucket/key or the ARN of the object", source=_PAGE)
