"""Company rules from a Python file, which run together with those of the library."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ..policies.policy import CustomRule
    from ..rules import Rule
    from ..templates.judge import Judge

__all__ = ["ListedRule", "OwnRules", "own_rules"]

ListedRule: TypeAlias = "Rule | CustomRule"
"""A rule of the library or a company rule."""


@dataclass(frozen=True, slots=True)
class OwnRules:
    """Company rules; none without a file."""

    file: str = ""
    rules: tuple[CustomRule, ...] = ()
    judge: Judge | None = None

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Report a rule that fails in one line, and keep what rules print out of the report."""
        if self.judge is None:
            yield
            return
        from .rules_file import failures_of, output_to_stderr

        with failures_of(self.file), output_to_stderr():
            yield


def own_rules(file: str | None) -> OwnRules:
    """Load the rules of a Python file; none if there is no file.

    :raises click.ClickException: the file can't be loaded, or doesn't define rules.
    """
    if file is None:
        return OwnRules()
    from ..policies.judging import CustomRulesJudge
    from .rules_file import load_rule_set

    rules = load_rule_set(file).rules
    return OwnRules(file, rules, CustomRulesJudge(rules))
