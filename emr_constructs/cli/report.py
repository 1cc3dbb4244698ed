"""The results of ``check``, which its output formats share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ..rules import Finding, Severity

__all__ = ["Report", "Suppression"]


class Suppression(NamedTuple):
    """An acknowledged finding."""

    finding: Finding
    reason: str
    is_in_source: bool
    """Whether the checked file acknowledges it, and not the configuration."""


@dataclass(slots=True)
class Report:
    """The findings in all files."""

    files: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    acknowledged: list[Suppression] = field(default_factory=list)
    """The findings that the template or the configuration acknowledges."""

    unreadable: dict[str, str] = field(default_factory=dict)
    """The files that can't be read, with the reason."""

    unchecked: dict[str, str] = field(default_factory=dict)
    """The files that can't be checked, with the reason."""

    def count(self, severity: Severity) -> int:
        """Return the number of findings with a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """2 if a file can't be read, else 1 if there are errors, else 0."""
        if self.unreadable:
            return 2
        return 1 if self.count(Severity.ERROR) else 0
