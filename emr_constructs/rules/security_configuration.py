"""The security configuration document and the release that it requires; other modules check its parts.

The EMR service model knows the document only as a string, so its shape is declared here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import Severity
from .checking import check
from .constraints import in_range, one_of, requires_release
from .shapes import add_shape
from .sources import management_guide

__all__ = ["DOCUMENT", "LAUNCH", "document_of", "is_encrypted_in_transit", "is_local_disk_encrypted"]

if TYPE_CHECKING:
    from .parts import Part

_PAGE = management_guide("emr-create-security-configuration")

DOCUMENT: Final = "SecurityConfigurationDocument"
LAUNCH: Final = "Launch"
"""A cluster together with its security configuration, for rules that join the two, and for those on templates only."""

_PARTS: Final = ("Encryption", "Authentication", "Authorization", "InstanceMetadataService")
# Releases before 6.7.0 federate users to Lake Formation by SAML.
_SAML: Final = "SamlLakeFormationConfiguration"
_PARTS_OF_DOCUMENT: Final = {f"{part}Configuration": f"{part}Configuration" for part in _PARTS}
add_shape(DOCUMENT, {**_PARTS_OF_DOCUMENT, "LakeFormationConfiguration": _SAML}, is_document=True)
add_shape(_SAML, dict.fromkeys(
    ("IdpMetadataS3Path", "EmrRoleForUsersARN", "LakeFormationRoleForSAMLPrincipalARN"), "String"
))  # fmt: skip
_IMDS = {"MinimumInstanceMetadataServiceVersion": "Integer", "HttpPutResponseHopLimit": "Integer"}
add_shape("InstanceMetadataServiceConfiguration", _IMDS, required=_IMDS)
_LAUNCHED: Final = {"Cluster": "RunJobFlowInput", "SecurityConfiguration": DOCUMENT, "InTemplate": "Boolean"}
add_shape(LAUNCH, _LAUNCHED, required=["Cluster"])


def document_of(launch: Part) -> Part | None:
    """The security configuration of a cluster: an empty one if it has none, None if it is not known."""
    given = "SecurityConfiguration" in launch
    if given and launch.is_complete("SecurityConfiguration"):
        return launch.part("SecurityConfiguration")
    return None if given or "SecurityConfiguration" in launch.part("Cluster") else launch.part("SecurityConfiguration")


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
       what="the minimum version of the instance metadata service", source=_PAGE)
in_range("emr-imds-hop-limit", "InstanceMetadataServiceConfiguration", "HttpPutResponseHopLimit", 1, 64,
         what="the hop limit of the instance metadata service", source=_PAGE)
requires_release("emr-security-configuration-release", LAUNCH, {
    "security_configuration": "SecurityConfiguration", "ebs_encryption": _encrypts_ebs,
    "emr_managed_certificates": _uses_emr_certificates, "imdsv2": _uses_imdsv2,
    "emr_wal": lambda launch: "EMRWALEncryptionConfiguration" in _encryption(launch),
}, fix="use a later release, or a security configuration without it", source=_PAGE)
