"""Which release of Amazon Linux the nodes run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .registry import Part, Severity, rule
from .releases import lacks, supports
from .sources import management_guide

_LINUX = management_guide("emr-custom-ami-change-al-release")


@rule(
    "emr-os-release-label",
    "RunJobFlowInput",
    do="use a label such as 2023.12.20260629.0, or 2.0.20210312.1 before emr-7.0.0",
    source=_LINUX,
)
def _os_release_is_well_formed(cluster: Part) -> Iterator[str]:
    """A release of Amazon Linux has two numbers, a date and a patch number."""
    label = cluster.get("OSReleaseLabel")
    if label is not None and not re.fullmatch(r"\d+\.\d+\.\d{8}\.\d+", label):
        yield f"{label!r} is not a release label of Amazon Linux"


@rule("emr-os-release-label-release", "RunJobFlowInput", do="use a newer release, or leave it out", source=_LINUX)
def _os_release_needs_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Choosing a release of Amazon Linux needs emr-5.36.0, or emr-6.6.0 and newer."""
    if "OSReleaseLabel" in cluster:
        yield from lacks(cluster, "os_release_label")


@rule("emr-os-release-label-linux", "RunJobFlowInput", do="use a label of that Amazon Linux", source=_LINUX)
def _os_release_fits_the_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Releases before 7.0.0 run Amazon Linux 2, newer ones Amazon Linux 2023."""
    release, label = cluster.get("ReleaseLabel", ""), cluster.get("OSReleaseLabel")
    newer = supports(release, "amazon_linux_2023")
    if label is None or newer is None:
        return
    series, example = ("2023", "2023.12.20260629.0") if newer else ("2", "2.0.20210312.1")
    if label.partition(".")[0] != series:
        yield (
            f"{release} runs Amazon Linux {series} and the operating system release is {label}",
            f"use a label such as {example}",
        )


@rule(
    "emr-os-release-label-custom-ami",
    "RunJobFlowInput",
    do="leave the label out: the AMI decides it",
    source=_LINUX,
    severity=Severity.WARNING,
)
def _os_release_is_for_the_ami_of_emr(cluster: Part) -> Iterator[str]:
    """A release of Amazon Linux is chosen for the AMI of EMR, not for a custom one."""
    if "OSReleaseLabel" in cluster and "CustomAmiId" in cluster:
        yield "the cluster has a custom AMI and an operating system release"
