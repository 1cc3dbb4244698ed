"""What ``check`` found in all files, for each of the formats that it is printed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ..rules import Severity

if TYPE_CHECKING:
    from ..templates.checking import Finding

__all__ = ["Located", "Report"]


class Located(NamedTuple):
    """A finding with its file and line."""

    file: str
    line: int | None
    finding: Finding


@dataclass(slots=True)
class Report:
    """What the rules found in all files."""

    files: list[str] = field(default_factory=list)
    findings: list[Located] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    """The reason, by file."""

    def count(self, severity: Severity) -> int:
        return sum(located.finding.severity is severity for located in self.findings)

    @property
    def exit_code(self) -> int:
        if self.unreadable:
            return 2
        return 1 if self.count(Severity.ERROR) else 0
