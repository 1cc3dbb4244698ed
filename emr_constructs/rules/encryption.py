"""Encryption in the security configuration: S3, local disks, traffic, and the write-ahead log of HBase.

The EMR service model knows the document as a string only, so its shape is written down here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .registry import Part, rule
from .shapes import add_enum, add_list, add_shape
from .sources import management_guide

_PAGE = management_guide("emr-create-security-configuration")
_KEYS = management_guide("emr-encryption-enable")

for _name, _values in {
    "CertificateProviderType": ("EMR", "PEM", "Custom"),
    "S3EncryptionMode": ("SSE-S3", "SSE-KMS", "CSE-KMS", "CSE-Custom"),
    "LocalDiskKeyProviderType": ("AwsKms", "Custom"),
}.items():
    add_enum(_name, _values)

_KMS_OR_CUSTOM = {"AwsKmsKey": "String", "S3Object": "String", "EncryptionKeyProviderClass": "String"}
_STRUCTURES: Final[dict[str, tuple[dict[str, str], tuple[str, ...]]]] = {
    "EncryptionConfiguration": (
        {
            "EnableInTransitEncryption": "Boolean",
            "EnableAtRestEncryption": "Boolean",
            "InTransitEncryptionConfiguration": "InTransitEncryptionConfiguration",
            "AtRestEncryptionConfiguration": "AtRestEncryptionConfiguration",
            "EMRWALEncryptionConfiguration": "EMRWALEncryptionConfiguration",
        },
        (),
    ),
    "InTransitEncryptionConfiguration": (
        {"TLSCertificateConfiguration": "TLSCertificateConfiguration"},
        ("TLSCertificateConfiguration",),
    ),
    "TLSCertificateConfiguration": (
        {
            "CertificateProviderType": "CertificateProviderType",
            "S3Object": "String",
            "CertificateProviderClass": "String",
            "AwsKmsKey": "String",
            "SecretTags": "TagList",
            "ValidityInDays": "Integer",
            "WildcardDnsSuffix": "String",
        },
        ("CertificateProviderType",),
    ),
    "AtRestEncryptionConfiguration": (
        {
            "S3EncryptionConfiguration": "S3EncryptionConfiguration",
            "LocalDiskEncryptionConfiguration": "LocalDiskEncryptionConfiguration",
        },
        (),
    ),
    "S3EncryptionConfiguration": (
        {"EncryptionMode": "S3EncryptionMode", "Overrides": "S3EncryptionOverrideList", **_KMS_OR_CUSTOM},
        ("EncryptionMode",),
    ),
    "S3EncryptionOverride": (
        {"BucketName": "String", "EncryptionMode": "S3EncryptionMode", **_KMS_OR_CUSTOM},
        ("BucketName", "EncryptionMode"),
    ),
    "LocalDiskEncryptionConfiguration": (
        {
            "EncryptionKeyProviderType": "LocalDiskKeyProviderType",
            "EnableEbsEncryption": "Boolean",
            **_KMS_OR_CUSTOM,
        },
        ("EncryptionKeyProviderType",),
    ),
    "EMRWALEncryptionConfiguration": ({"AwsKmsKey": "String"}, ()),
}
for _name, (_members, _required) in _STRUCTURES.items():
    add_shape(_name, _members, required=_required)
add_list("S3EncryptionOverrideList", "S3EncryptionOverride")


@rule("emr-encryption-parts", "EncryptionConfiguration", do="switch it on and configure it, or neither", source=_PAGE)
def _switch_and_configuration_agree(encryption: Part) -> Iterator[str]:
    """Encryption that is switched on is configured, and encryption that is configured is switched on."""
    for title, switch, configuration in (
        ("in-transit", "EnableInTransitEncryption", "InTransitEncryptionConfiguration"),
        ("at-rest", "EnableAtRestEncryption", "AtRestEncryptionConfiguration"),
    ):
        on = encryption.get(switch, False) if switch in encryption else False
        if encryption.is_complete(switch) and on is not (configuration in encryption):
            yield f"{title} encryption is {'on and not configured' if on else 'configured and not on'}"


@rule(
    "emr-at-rest-empty",
    "AtRestEncryptionConfiguration",
    do="configure S3 encryption, local disk encryption or both",
    source=_PAGE,
)
def _something_is_encrypted(at_rest: Part) -> Iterator[str]:
    """At-rest encryption covers S3, local disks or both."""
    if "S3EncryptionConfiguration" not in at_rest and "LocalDiskEncryptionConfiguration" not in at_rest:
        yield "at-rest encryption is on and covers nothing"


def _provider(part: Part, member: str, kms: tuple[str, ...], custom: tuple[str, ...], what: str) -> Iterator[str]:
    mode = part.get(member)
    if mode is None:
        return
    if mode in kms and "AwsKmsKey" not in part:
        yield f"{what} is {mode} and has no key"
    if mode in custom:
        for needed in ("S3Object", "EncryptionKeyProviderClass"):
            if needed not in part:
                yield f"{what} is {mode} and lacks {needed}"
    if mode not in kms and "AwsKmsKey" in part:
        yield f"{what} is {mode} and has a KMS key that it does not use"
    if mode not in custom and ("S3Object" in part or "EncryptionKeyProviderClass" in part):
        yield f"{what} is {mode} and has a custom key provider that it does not use"


@rule(
    "emr-s3-encryption-provider",
    "S3EncryptionConfiguration",
    "S3EncryptionOverride",
    do="give a key for SSE-KMS and CSE-KMS, a jar and a class for CSE-Custom, and nothing for SSE-S3",
    source=_PAGE,
)
def _s3_mode_has_its_provider(s3: Part) -> Iterator[str]:
    """SSE-KMS and CSE-KMS take a KMS key, CSE-Custom a jar and a class, SSE-S3 nothing."""
    yield from _provider(s3, "EncryptionMode", ("SSE-KMS", "CSE-KMS"), ("CSE-Custom",), "the S3 encryption")


@rule(
    "emr-local-disk-provider",
    "LocalDiskEncryptionConfiguration",
    do="give a key for AwsKms, and a jar and a class for Custom",
    source=_PAGE,
)
def _local_disk_has_its_provider(disk: Part) -> Iterator[str]:
    """AwsKms takes a KMS key, Custom a jar and a class."""
    yield from _provider(disk, "EncryptionKeyProviderType", ("AwsKms",), ("Custom",), "the local disk encryption")


@rule(
    "emr-ebs-encryption-provider",
    "LocalDiskEncryptionConfiguration",
    do="use a KMS key, or leave EBS out",
    source=_PAGE,
)
def _ebs_encryption_needs_kms(disk: Part) -> Iterator[str]:
    """EBS encryption needs AwsKms."""
    if disk.get("EnableEbsEncryption") is True and disk.get("EncryptionKeyProviderType") == "Custom":
        yield "EBS encryption is on with a custom key provider"


@rule(
    "emr-key-provider-class",
    "AtRestEncryptionConfiguration",
    do="use a class of its own for each",
    source=_PAGE,
)
def _provider_classes_differ(at_rest: Part) -> Iterator[str]:
    """The key provider classes for S3 and for local disks differ."""
    s3 = at_rest.part("S3EncryptionConfiguration").get("EncryptionKeyProviderClass")
    disk = at_rest.part("LocalDiskEncryptionConfiguration").get("EncryptionKeyProviderClass")
    if s3 is not None and s3 == disk:
        yield f"S3 and local disk encryption have the same key provider class {s3!r}"


@rule(
    "emr-override-repeated",
    "S3EncryptionConfiguration",
    do="give one for each bucket",
    source=_PAGE,
)
def _one_override_for_each_bucket(s3: Part) -> Iterator[str]:
    """A bucket has one encryption override."""
    names = [name for override in s3.items("Overrides") if (name := override.get("BucketName"))]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"the bucket {name!r} has {names.count(name)} encryption overrides"


@rule("emr-kms-key-arn", "TLSCertificateConfiguration", "S3EncryptionConfiguration", "S3EncryptionOverride",
      "LocalDiskEncryptionConfiguration", "EMRWALEncryptionConfiguration", do="give the full ARN of the key",
      source=_KEYS)  # fmt: skip
def _key_is_an_arn(part: Part) -> Iterator[str]:
    """A KMS key is given by its full ARN."""
    key = part.get("AwsKmsKey")
    if key is not None and not (key.startswith("arn:") and ":kms:" in key):
        yield f"the KMS key is {key!r}"


@rule(
    "emr-certificate-provider",
    "TLSCertificateConfiguration",
    do="give an archive for PEM, a jar and a class for Custom, and neither for EMR",
    source=_KEYS,
)
def _certificates_have_their_provider(tls: Part) -> Iterator[str]:
    """PEM takes an archive in S3, Custom a jar and a class, EMR neither; only EMR takes the other options."""
    kind = tls.get("CertificateProviderType")
    if kind is None:
        return
    wanted = {"EMR": (), "PEM": ("S3Object",), "Custom": ("S3Object", "CertificateProviderClass")}.get(kind, ())
    for member in ("S3Object", "CertificateProviderClass"):
        if member in wanted and member not in tls:
            yield f"the certificate provider {kind} lacks {member}"
        if member not in wanted and member in tls:
            yield f"the certificate provider {kind} does not take {member}"
    for member in ("AwsKmsKey", "SecretTags", "ValidityInDays", "WildcardDnsSuffix"):
        if kind != "EMR" and member in tls:
            yield f"the certificate provider {kind} does not take {member}"


@rule("emr-certificate-validity", "TLSCertificateConfiguration", do="use 1 day or more", source=_PAGE)
def _validity_is_positive(tls: Part) -> Iterator[str]:
    """Certificates are valid for at least a day."""
    days = tls.get("ValidityInDays")
    if days is not None and days < 1:
        yield f"the certificates are valid for {days} days"


@rule(
    "emr-s3-object",
    "TLSCertificateConfiguration",
    "S3EncryptionConfiguration",
    "S3EncryptionOverride",
    "LocalDiskEncryptionConfiguration",
    do="use s3://bucket/key or the ARN of the object",
    source=_PAGE,
)
def _object_is_in_s3(part: Part) -> Iterator[str]:
    """An archive or a jar is an object in S3."""
    value = part.get("S3Object")
    if value is not None and not value.startswith(("s3://", "arn:")):
        yield f"the S3 object is {value!r}"
