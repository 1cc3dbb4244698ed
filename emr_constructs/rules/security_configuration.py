"""The security configuration document and the release that it requires; other modules check its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from .._core.findings import Severity
from .checking import check
from .constraints import in_range, one_of, requires_release
from .parts import Part
from .sources import management_guide

__all__ = [
    "DOCUMENT",
    "LAUNCH",
    "document_of",
    "is_encrypted_in_transit",
    "is_local_disk_encrypted",
    "lacks_in_transit_encryption",
]

_PAGE = management_guide("emr-create-security-configuration")
_ENCRYPTION: Final = "EncryptionConfiguration"
_AT_REST: Final = f"{_ENCRYPTION}.AtRestEncryptionConfiguration"
_IN_TRANSIT: Final = f"{_ENCRYPTION}.InTransitEncryptionConfiguration"

DOCUMENT: Final = "SecurityConfigurationDocument"
LAUNCH: Final = "Launch"
"""A cluster together with its security configuration, for rules that join the two, and for those on templates only."""


def document_of(launch: Part) -> Part | None:
    """The security configuration of a cluster: an empty one if it has none, None if it is not known."""
    given = "SecurityConfiguration" in launch
    if given and launch.is_complete("SecurityConfiguration"):
        return launch.part("SecurityConfiguration")
    return None if given or "SecurityConfiguration" in launch.part("Cluster") else launch.part("SecurityConfiguration")


def lacks_in_transit_encryption(document: Part) -> bool:
    """Whether it is certain that the security configuration doesn't switch in-transit encryption on."""
    encryption = document.part("EncryptionConfiguration")
    is_known = document.is_complete("EncryptionConfiguration") and encryption.is_complete("EnableInTransitEncryption")
    return is_known and encryption.get("EnableInTransitEncryption") is not True


def is_encrypted_in_transit(document: Mapping[str, Any]) -> bool:
    """Whether the security configuration enables in-transit encryption, with certificates."""
    encryption = document.get("EncryptionConfiguration", {})
    return encryption.get("EnableInTransitEncryption") is True and not _has_errors(document)


def is_local_disk_encrypted(document: Mapping[str, Any]) -> bool:
    """Whether the security configuration enables local disk encryption, with a key provider."""
    encryption = document.get("EncryptionConfiguration", {})
    at_rest = encryption.get("AtRestEncryptionConfiguration", {})
    on = encryption.get("EnableAtRestEncryption") is True and "LocalDiskEncryptionConfiguration" in at_rest
    return on and not _has_errors(document)


def _has_errors(document: Mapping[str, Any]) -> bool:
    return any(found.severity is Severity.ERROR for found in check(DOCUMENT, document))


def _has(path: str, value: object) -> Callable[[Part], bool]:
    """Whether the security configuration of a launch has ``value`` at ``path``."""
    *names, member = path.split(".")

    def found(launch: Part) -> bool:
        part = launch.part("SecurityConfiguration")
        for name in names:
            part = part.part(name)
        return bool(part.get(member) == value)

    return found


# fmt: off
one_of("emr-imds-version", "InstanceMetadataServiceConfiguration", "MinimumInstanceMetadataServiceVersion", (1, 2),
       what="the minimum version of the instance metadata service", source=_PAGE)
in_range("emr-imds-hop-limit", "InstanceMetadataServiceConfiguration", "HttpPutResponseHopLimit", 1, 64,
         what="the hop limit of the instance metadata service", source=_PAGE)
requires_release("emr-security-configuration-release", LAUNCH, {
    "security_configuration": "SecurityConfiguration",
    "ebs_encryption": _has(f"{_AT_REST}.LocalDiskEncryptionConfiguration.EnableEbsEncryption", value=True),
    "emr_managed_certificates": _has(f"{_IN_TRANSIT}.TLSCertificateConfiguration.CertificateProviderType", "EMR"),
    "imdsv2": _has("InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion", 2),
    "emr_wal": lambda launch: "EMRWALEncryptionConfiguration" in launch.part("SecurityConfiguration").part(_ENCRYPTION),
}, fix="use a later release, or a security configuration without it", source=_PAGE)
