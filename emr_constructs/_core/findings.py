"""The findings of rules, shared by constructs, templates, CLI and plugin."""

from __future__ import annotations

from enum import StrEnum

from .values import contents_of, known_value, value_class

__all__ = ["Finding", "Severity", "changed"]


class Severity(StrEnum):
    """The certainty of a rule."""

    ERROR = "error"
    """EMR or CloudFormation rejects the value, or the cluster fails to launch."""

    WARNING = "warning"
    """Accepted, but risky or probably not intended."""


@value_class
class Finding:
    """A violation of a rule, with its location."""

    rule: str
    """The ID of the rule, for acknowledging a warning and for looking it up."""

    severity: Severity
    """An error, which EMR rejects, or a warning."""

    message: str
    """The violated condition, with the value."""

    fix: str
    """The fix, as an imperative."""

    path: str = ""
    """The property that the message is about, such as ``Instances.InstanceGroups[0].InstanceCount``; the structure
    that lacks it if it is missing. In a template from the root of the file: ``Resources.Cluster.Properties.Name``.
    Default: the checked structure."""

    resource: str = ""
    """The logical ID in a template. Default: none."""

    construct: str = ""
    """The construct path, if the template contains it. Default: none."""

    file: str = ""
    """The name of the file, if one was read. Default: none."""

    line: int | None = None
    """The line in ``file``, from 1. Default: not determined."""

    part: str = ""
    """The structure that has the property, in the checked dictionary. Messages of the library begin with it, and
    name the property in the words of the library. Default: none."""

    def __str__(self) -> str:
        where = f"{self.part}: " if self.part else ""
        return f"{where}{self.message}; {self.fix} [{self.rule}]"


def changed(finding: Finding, **changes: object) -> Finding:
    """Return a copy of ``finding`` with other contents of the fields that are named."""
    return known_value(Finding, **contents_of(finding) | changes)
