"""Runs the rules of a set over a cluster."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .._core.errors import EmrError
from .._core.findings import Finding
from ..rules.places import closest
from .known import Undecided
from .parts import Violation

if TYPE_CHECKING:
    from .cluster import ResolvedCluster
    from .policy import CustomRule

__all__ = ["FailedRuleError", "findings_of", "summary"]

_PACKAGE: Final = Path(__file__).parents[1]


class FailedRuleError(EmrError):
    """Raised for a rule that raises an exception, or that returns something else than violations."""

    def __init__(self, rule: CustomRule, problem: str, fix: str) -> None:
        where = f" ({rule.defined})" if rule.defined else ""
        self.rule = rule
        self.message = f"rule {rule.id}{where} {problem}"
        self.fix = fix
        super().__init__(f"{self.message}; {fix}")


def findings_of(rule: CustomRule, cluster: ResolvedCluster) -> Iterator[Finding]:
    """Yield the violations of a rule by a cluster, as far as they are certain.

    :raises FailedRuleError: the rule raises an exception.
    """
    for violation in _violations(rule, cluster):
        source = (violation.part or cluster)._source
        place = source.inside(None, closest(source.members, violation.member)).path
        finding = Finding(rule.id, rule.severity, violation.message, violation.fix or rule.fix)
        yield source.locate(finding, place)


def _violations(rule: CustomRule, cluster: ResolvedCluster) -> list[Violation]:
    source = cluster._source
    source.hidden.clear()
    found: dict[tuple[str, str, str, str], Violation] = {}
    while True:
        try:
            for violation in _returned(rule, rule.find(cluster)):
                key = (violation.part or cluster)._source.key
                found.setdefault((violation.message, violation.fix, key, violation.member), violation)
        except Undecided as reason:
            # The rule goes on with the other parts as if this one were an unknown item.
            if reason.part in (source.key, *source.hidden):
                return list(found.values())
            source.hidden.add(reason.part)
        except FailedRuleError:
            raise
        except (Exception, SystemExit) as error:
            problem = f"must not raise an exception, got {summary(error)}{_place(error)}"
            raise FailedRuleError(rule, problem, "correct its function") from None
        else:
            return list(found.values())


def _returned(rule: CustomRule, result: Iterable[Violation | str] | None) -> Iterator[Violation]:
    """The violations in what a function of a rule returns."""
    what = "must yield violations or strings"
    fix = "use yield cluster.violation(...)"
    if isinstance(result, str | Violation):
        result = [result]
    elif result is not None and (isinstance(result, Mapping) or not isinstance(result, Iterable)):
        raise FailedRuleError(rule, f"{what}, got {result!r}", fix)
    for item in result or ():
        if not isinstance(item, str | Violation) or not str(getattr(item, "message", item)).strip():
            raise FailedRuleError(rule, f"{what}, got {item!r}", fix)
        yield Violation(item) if isinstance(item, str) else item


def summary(error: BaseException) -> str:
    """Return the type and the message of an exception in one line."""
    reason = str(error.msg if isinstance(error, SyntaxError) else error)
    return f"{type(error).__name__}: {' '.join(reason.split())}".removesuffix(": ")


def _place(error: BaseException) -> str:
    """Where a function of a user raised an error: the last line outside of the library."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if _PACKAGE not in Path(frame.filename).parents
    ]
    return f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
