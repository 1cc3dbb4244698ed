"""What ``check`` found in all files, for each of the formats that it is printed in."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..rules import Finding, Severity

__all__ = ["Report"]


@dataclass(slots=True)
class Report:
    """What the rules found in all files."""

    files: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    """The reason, by file."""

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def exit_code(self) -> int:
        if self.unreadable:
            return 2
        return 1 if self.count(Severity.ERROR) else 0
