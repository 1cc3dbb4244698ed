"""Tries the scenarios of a resource: outcomes of open conditions, and allowed values of parameters.

A finding is certain if every scenario in which the resource is created has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from .intrinsics import Scenario, section

if TYPE_CHECKING:
    from ..rules import Finding

__all__ = ["certain", "certain_or_allowed"]

_SCENARIOS: Final = 64
"""The maximum number of scenarios that are tried; six open conditions have no more."""


def certain(
    template: Mapping[str, Any],
    resource: Any,
    find: Callable[[Scenario], Iterable[Finding]],
    *,
    chosen: Mapping[str, Any] | None = None,
) -> tuple[list[Finding], set[str]]:
    """Return the findings that every scenario has, and the parameters that were read.

    :param resource: scenarios in which its condition is false are left out.
    :param find: returns the findings of one scenario.
    :param chosen: values of parameters; all other parameters are unknown. Default: parameters have their defaults.
    """
    common: list[Finding] | None = None
    used: set[str] = set()
    condition_values: list[tuple[str, bool]] = []
    for _ in range(_SCENARIOS):
        scenario = Scenario(template, chosen=chosen, condition_values=condition_values)
        if scenario.exists(resource):
            findings = list(find(scenario))
            common = findings if common is None else _in_both(common, findings)
        used |= scenario.used
        if common == []:
            break
        # The next leaf of the tree of decisions: the last condition that held does not.
        condition_values = list(scenario.condition_values.items())
        while condition_values and not condition_values[-1][1]:
            condition_values.pop()
        if not condition_values:
            break
        condition_values[-1] = (condition_values[-1][0], False)
    return common or [], used


def certain_or_allowed(
    template: Mapping[str, Any], resource: Any, find: Callable[[Scenario], Iterable[Finding]]
) -> Iterator[Finding]:
    """Yield what is certain with the defaults of all parameters, and with each other allowed value of one parameter.

    :param resource: as in :func:`certain`.
    :param find: returns the findings of one scenario.
    """
    findings, used = certain(template, resource, find)
    yield from findings
    for parameter in sorted(used):
        rejected: dict[tuple[str, str, str], list[str]] = {}
        first: dict[tuple[str, str, str], Finding] = {}
        for value in _other_values(section(section(template, "Parameters"), parameter)):
            for finding in certain(template, resource, find, chosen={parameter: value})[0]:
                if finding not in findings:
                    rejected.setdefault(_place(finding), []).append(str(value))
                    first.setdefault(_place(finding), finding)
        for place, finding in first.items():
            values = " or ".join(map(repr, dict.fromkeys(rejected[place])))
            yield replace(finding, message=f"{finding.message} if parameter {parameter} is {values}")


def _other_values(parameter: Mapping[str, Any]) -> list[Any]:
    """The allowed values of a parameter, without its default."""
    allowed = parameter.get("AllowedValues")
    values = allowed if isinstance(allowed, list) else []
    if "Default" not in parameter:
        return values
    return [value for value in values if str(value) != str(parameter["Default"])]


def _place(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.resource, finding.path


def _in_both(common: list[Finding], findings: list[Finding]) -> list[Finding]:
    """The findings that two scenarios share; the message of a shared finding may name another value in each."""
    here, there = Counter(map(_place, common)), Counter(map(_place, findings))
    return [
        finding
        for finding in common
        if finding in findings or (here[_place(finding)] == 1 and there[_place(finding)] == 1)
    ]
