"""The release of Amazon Linux on the nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .constraints import both, constraint, matches, requires_release
from .parts import Part
from .registry import Severity, rule
from .releases import supports
from .sources import management_guide

_LINUX = management_guide("emr-custom-ami-change-al-release")
_LABEL: Final = r"\d+\.\d+\.\d{8}\.\d+"


@rule("emr-os-release-label-linux", "RunJobFlowInput", at="OSReleaseLabel", fix="use a label of this Amazon Linux",
      source=_LINUX)  # fmt: skip
def _os_release_fits_the_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """The operating system release must be one of Amazon Linux 2023, or of Amazon Linux 2 before emr-7.0.0."""
    release, label = cluster.get("ReleaseLabel", ""), cluster.get("OSReleaseLabel")
    newer = supports(release, "amazon_linux_2023")
    # A malformed label is reported itself.
    if label is None or newer is None or not re.fullmatch(_LABEL, label):
        return
    series, example = ("2023", "2023.12.20260629.0") if newer else ("2", "2.0.20210312.1")
    if label.partition(".")[0] != series:
        message = f"operating system release must be one of Amazon Linux {series}, on which {release} runs, got {label}"
        yield message, f"use a label such as {example}"


# fmt: off
matches("emr-os-release-label", "RunJobFlowInput", "OSReleaseLabel", _LABEL,
        what="the operating system release", must="be a release label of Amazon Linux",
        fix="use a label such as 2023.12.20260629.0, or 2.0.20210312.1 before emr-7.0.0", source=_LINUX)
requires_release("emr-os-release-label-release", "RunJobFlowInput", {"os_release_label": "OSReleaseLabel"},
                 fix="use a later release, or remove the label", source=_LINUX)
constraint("emr-os-release-label-custom-ami", "RunJobFlowInput",
           "the operating system release can't be combined with a custom AMI, which determines it",
           both("OSReleaseLabel", "CustomAmiId"), at="OSReleaseLabel", fix="remove the operating system release",
           severity=Severity.WARNING, source=_LINUX)
