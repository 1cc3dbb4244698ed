"""The security configuration document and the release that it needs; its parts have modules of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .._core.findings import Severity
from .checking import check
from .constraints import in_range, one_of, requires_release
from .parts import Part
from .sources import management_guide

__all__ = ["DOCUMENT", "LAUNCH", "document_of", "is_encrypted_in_transit", "is_local_disk_encrypted"]

_PAGE = management_guide("emr-create-security-configuration")

DOCUMENT: Final = "SecurityConfigurationDocument"
LAUNCH: Final = "Launch"
"""A cluster together with its security configuration, for rules that join the two, and for those on templates only."""


def document_of(launch: Part) -> Part | None:
    """The security configuration of a cluster: an empty one where it has none, None where it is not known."""
    given = "SecurityConfiguration" in launch
    if given and launch.is_complete("SecurityConfiguration"):
        return launch.part("SecurityConfiguration")
    return None if given or "SecurityConfiguration" in launch.part("Cluster") else launch.part("SecurityConfiguration")


def is_encrypted_in_transit(document: Mapping[str, Any]) -> bool:
    """Whether the security configuration switches in-transit encryption on, with certificates."""
    encryption = document.get("EncryptionConfiguration", {})
    return encryption.get("EnableInTransitEncryption") is True and not _has_errors(document)


def is_local_disk_encrypted(document: Mapping[str, Any]) -> bool:
    """Whether the security configuration switches local disk encryption on, with a key provider."""
    encryption = document.get("EncryptionConfiguration", {})
    at_rest = encryption.get("AtRestEncryptionConfiguration", {})
    on = encryption.get("EnableAtRestEncryption") is True and "LocalDiskEncryptionConfiguration" in at_rest
    return on and not _has_errors(document)


def _has_errors(document: Mapping[str, Any]) -> bool:
    return any(found.severity is Severity.ERROR for found in check(DOCUMENT, document))


def _uses_imdsv2(launch: Part) -> bool:
    imds = launch.part("SecurityConfiguration").part("InstanceMetadataServiceConfiguration")
    return bool(imds.get("MinimumInstanceMetadataServiceVersion") == 2)


def _encryption(launch: Part) -> Part:
    return launch.part("SecurityConfiguration").part("EncryptionConfiguration")


def _encrypts_ebs(launch: Part) -> bool:
    at_rest = _encryption(launch).part("AtRestEncryptionConfiguration")
    return at_rest.part("LocalDiskEncryptionConfiguration").get("EnableEbsEncryption") is True


def _uses_emr_certificates(launch: Part) -> bool:
    tls = _encryption(launch).part("InTransitEncryptionConfiguration").part("TLSCertificateConfiguration")
    return bool(tls.get("CertificateProviderType") == "EMR")


# fmt: off
one_of("emr-imds-version", "InstanceMetadataServiceConfiguration", "MinimumInstanceMetadataServiceVersion", (1, 2),
       what="minimum version of the instance metadata service", source=_PAGE)
in_range("emr-imds-hop-limit", "InstanceMetadataServiceConfiguration", "HttpPutResponseHopLimit", 1, 64,
         what="hop limit of the instance metadata service", source=_PAGE)
requires_release("emr-security-configuration-release", LAUNCH, {
    "security_configuration": "SecurityConfiguration", "ebs_encryption": _encrypts_ebs,
    "emr_managed_certificates": _uses_emr_certificates, "imdsv2": _uses_imdsv2,
    "emr_wal": lambda launch: "EMRWALEncryptionConfiguration" in _encryption(launch),
}, fix="use a later release, or a security configuration without it", source=_PAGE)
