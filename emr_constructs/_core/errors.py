"""The exception of the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .acknowledged import acknowledged_at
from .findings import Severity

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

    from .findings import Finding

__all__ = ["EmrError", "errors_at", "report"]


class EmrError(ValueError):
    """A value that EMR, CloudFormation or the library rejects.

    The message contains the condition, the value and the fix, and the path of the construct.
    """

    def __init__(
        self, problems: str | Iterable[str], *, at: IConstruct | None = None, findings: Iterable[Finding] = ()
    ) -> None:
        """Create an error.

        :param problems: the message, or one for each problem.
        :param at: the construct with the problems. Default: none, for a value.
        :param findings: the violated rules among the problems. Default: none.
        """
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        """The messages, one for each problem of the call."""
        self.findings: tuple[Finding, ...] = tuple(findings)
        """The violated rules among the problems."""
        self.path: str = at.node.path if at is not None else ""
        """The construct path. Empty for a value that doesn't belong to a construct yet."""
        if len(self.problems) == 1:
            text = self.problems[0]
        else:
            text = "\n".join([f"{len(self.problems)} problems:", *(f"  - {problem}" for problem in self.problems)])
        super().__init__(f"{text}\n  at {self.path}" if self.path else text)


@contextmanager
def errors_at(construct: IConstruct) -> Iterator[None]:
    """Add the path of ``construct`` to errors of values and rules."""
    try:
        yield
    except EmrError as error:
        raise EmrError(error.problems, at=construct, findings=error.findings) from None


def report(findings: Sequence[Finding], at: Construct) -> None:
    """Raise the errors that aren't acknowledged, and add the warnings to ``at``."""
    # Values raise errors without a construct, and so without CDK.
    from .validations import add_warning

    accepted = acknowledged_at(at)
    errors = [found for found in findings if found.severity is Severity.ERROR and found.rule not in accepted]
    if errors:
        raise EmrError(map(str, errors), at=at, findings=errors)
    for found in findings:
        if found.rule in accepted:
            continue
        add_warning(at, found.rule, f"{found.message}; {found.fix}")
