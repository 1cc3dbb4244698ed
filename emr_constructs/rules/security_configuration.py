"""The security configuration document and the release that it needs; its parts have modules of their own.

The EMR service model knows the document as a string only, so its shape is written down here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .checking import check
from .registry import Part, rule
from .releases import lacks
from .shapes import add_shape
from .sources import management_guide

_PAGE = management_guide("emr-create-security-configuration")

DOCUMENT: Final = "SecurityConfigurationDocument"
LAUNCH: Final = "Launch"
"""A cluster together with its security configuration, for rules that join the two."""

add_shape(
    DOCUMENT,
    {
        name: name
        for name in (
            "EncryptionConfiguration",
            "AuthenticationConfiguration",
            "AuthorizationConfiguration",
            "InstanceMetadataServiceConfiguration",
        )
    },
)
_IMDS = {"MinimumInstanceMetadataServiceVersion": "Integer", "HttpPutResponseHopLimit": "Integer"}
add_shape("InstanceMetadataServiceConfiguration", _IMDS, required=_IMDS)
add_shape(LAUNCH, {"Cluster": "RunJobFlowInput", "SecurityConfiguration": DOCUMENT}, required=["Cluster"])


def document_of(launch: Part) -> Part | None:
    """The security configuration of a cluster: an empty one where it has none, None where it is not known."""
    given = "SecurityConfiguration" in launch
    if given and launch.is_complete("SecurityConfiguration"):
        return launch.part("SecurityConfiguration")
    return None if given or "SecurityConfiguration" in launch.part("Cluster") else launch.part("SecurityConfiguration")


def is_encrypted_in_transit(document: Mapping[str, Any]) -> bool:
    """Whether the security configuration switches in-transit encryption on, with certificates."""
    encryption = document.get("EncryptionConfiguration", {})
    return encryption.get("EnableInTransitEncryption") is True and not check(DOCUMENT, document)


def is_local_disk_encrypted(document: Mapping[str, Any]) -> bool:
    """Whether the security configuration switches local disk encryption on, with a key provider."""
    encryption = document.get("EncryptionConfiguration", {})
    at_rest = encryption.get("AtRestEncryptionConfiguration", {})
    on = encryption.get("EnableAtRestEncryption") is True and "LocalDiskEncryptionConfiguration" in at_rest
    return on and not check(DOCUMENT, document)


@rule("emr-imds-version", "InstanceMetadataServiceConfiguration", do="use 1 or 2", source=_PAGE)
def _imds_version_exists(imds: Part) -> Iterator[str]:
    """The minimum version of the instance metadata service is 1 or 2."""
    version = imds.get("MinimumInstanceMetadataServiceVersion")
    if version not in (None, 1, 2):
        yield f"the minimum version of the instance metadata service is {version}"


@rule("emr-imds-hop-limit", "InstanceMetadataServiceConfiguration", do="use 1 to 64", source=_PAGE)
def _hop_limit_is_in_range(imds: Part) -> Iterator[str]:
    """The hop limit of the instance metadata service is 1 to 64."""
    limit = imds.get("HttpPutResponseHopLimit")
    if limit is not None and not 1 <= limit <= 64:
        yield f"the hop limit of the instance metadata service is {limit}"


@rule(
    "emr-security-configuration-release",
    LAUNCH,
    do="use a newer release, or a security configuration without it",
    source=_PAGE,
)
def _release_has_what_is_asked(launch: Part) -> Iterator[tuple[str, str]]:
    """The release of the cluster has everything that its security configuration asks for."""
    cluster, document = launch.part("Cluster"), launch.part("SecurityConfiguration")
    encryption = document.part("EncryptionConfiguration")
    at_rest = encryption.part("AtRestEncryptionConfiguration")
    tls = encryption.part("InTransitEncryptionConfiguration").part("TLSCertificateConfiguration")
    imds = document.part("InstanceMetadataServiceConfiguration")
    asked = {
        "security_configuration": "SecurityConfiguration" in launch,
        "ebs_encryption": at_rest.part("LocalDiskEncryptionConfiguration").get("EnableEbsEncryption") is True,
        "emr_managed_certificates": tls.get("CertificateProviderType") == "EMR",
        "emr_wal": "EMRWALEncryptionConfiguration" in encryption,
        "imdsv2": imds.get("MinimumInstanceMetadataServiceVersion") == 2,
    }
    for name, is_asked in asked.items():
        if is_asked:
            yield from lacks(cluster, name)
