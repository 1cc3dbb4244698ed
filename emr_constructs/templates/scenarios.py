"""Tries the scenarios of a resource: outcomes of open conditions, and allowed values of parameters.

A finding is certain if every scenario in which the resource is created has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .._core.findings import changed
from .intrinsics import Scenario, Values, section

if TYPE_CHECKING:
    from ..rules import Finding

__all__ = ["certain", "certain_or_allowed"]

_MOST_LEAVES: Final = 32
"""The maximum number of combinations of open conditions that are all tried; five conditions have no more."""

_MOST_SCENARIOS: Final = 128
_MOST_VALUES: Final = 2000
"""The maximum number of allowed values that are tried for a resource."""
# What a parameter disables, the deploying principal decides.
_CHOICES: Final = frozenset({"emr-encryption-not-enabled"})

_Find: TypeAlias = Callable[[Scenario], Iterable["Finding"]]
_Place: TypeAlias = tuple[str, str, str]
_Outcomes: TypeAlias = dict[str, bool]


def certain(
    template: Mapping[str, Any],
    resource: Any,
    find: _Find,
    *,
    chosen: Mapping[str, Any] | None = None,
    known: Container[Finding] = frozenset(),
    settled: Container[_Place] = (),
    constants: Values | None = None,
) -> tuple[list[Finding], set[str]]:
    """Return the findings that every scenario has, and the parameters that were read.

    All outcomes of up to five open conditions are tried. With more, all conditions are true, all are false, and each
    differs from all others: that decides what depends on two conditions.

    :param resource: scenarios in which its condition is false are left out.
    :param find: returns the findings of one scenario.
    :param chosen: values of parameters; all other parameters are unknown. Default: parameters have their defaults.
    :param known: findings of no interest; if no others are left, no more scenarios are tried.
    :param settled: the places of findings that are certain if they don't depend on all conditions at once.
    :param constants: as in ``Scenario``.
    """
    common: list[Finding] | None = None
    used: set[str] = set()
    outcomes: _Outcomes | None = {}
    plan = _plan()
    next(plan)
    for number in range(_MOST_SCENARIOS):
        scenario = Scenario(
            template,
            chosen=chosen,
            condition_values=list((outcomes or {}).items()),
            undecided=number != 1,
            constants=constants,
        )
        if scenario.exists(resource):
            findings = list(find(scenario))
            common = findings if common is None else _in_both(common, findings)
        used |= scenario.used
        if common is not None and all(finding in known for finding in common):
            break
        if number and common is not None and all(item in known or _place(item) in settled for item in common):
            break
        outcomes = plan.send(scenario.condition_values)
        if outcomes is None:
            break
    return common or [], used


def _plan() -> Generator[_Outcomes | None, _Outcomes, None]:
    """The assumed outcomes of each next scenario; receives all outcomes of the scenario before; None at the end."""
    all_true = yield {}
    if not all_true:
        yield None
    all_false = yield {}
    if max(len(all_true), len(all_false)) > _MOST_LEAVES.bit_length() - 1:
        for base in (all_true, all_false):
            for name in base:
                yield {**base, name: not base[name]}
        yield None
    last = all_true
    for _ in range(_MOST_LEAVES):
        # The next leaf of the tree of decisions: the last condition that held does not.
        decided = list(last.items())
        while decided and not decided[-1][1]:
            decided.pop()
        if not decided:
            break
        last = yield {**dict(decided), decided[-1][0]: False}
    yield None


def certain_or_allowed(
    template: Mapping[str, Any], resource: Any, find: _Find, *, constants: Values | None = None
) -> Iterator[Finding]:
    """Yield what is certain with the defaults of all parameters, and with each other allowed value of one parameter.

    :param resource: as in ``certain``.
    :param find: returns the findings of one scenario.
    :param constants: as in ``Scenario``.
    """
    findings, used = certain(template, resource, find, constants=constants)
    yield from findings
    parameters = section(template, "Parameters")
    others = {name: values for name in sorted(used) if (values := _other_values(section(parameters, name)))}
    known = frozenset(findings) if others else frozenset()
    remaining = _MOST_VALUES
    for parameter, listed in others.items():
        rejected: dict[_Place, list[str]] = {}
        first: dict[_Place, Finding] = {}
        values = listed[:remaining]
        remaining -= len(values)
        for value in values:
            found, _ = certain(
                template,
                resource,
                find,
                chosen={parameter: value},
                known=known,
                settled=rejected.keys(),
                constants=constants,
            )
            for finding in found:
                if finding not in known and finding.rule not in _CHOICES:
                    rejected.setdefault(_place(finding), []).append(str(value))
                    first.setdefault(_place(finding), finding)
        for place, finding in first.items():
            shown = _alternatives(rejected[place])
            yield changed(finding, message=f"{finding.message} if parameter {parameter} is {shown}")


def _alternatives(values: Iterable[str]) -> str:
    """The first of many values, and how many others there are."""
    listed = [repr(value) for value in dict.fromkeys(values)]
    few = 5
    more = [f"{len(listed) - few} other values"] if len(listed) > few + 1 else []
    return " or ".join([*listed[:few], *more] if more else listed)


def _other_values(parameter: Mapping[str, Any]) -> list[Any]:
    """The allowed values of a parameter, without its default."""
    allowed = parameter.get("AllowedValues")
    values = allowed if isinstance(allowed, list) else []
    if "Default" not in parameter:
        return values
    return [value for value in values if str(value) != str(parameter["Default"])]


def _place(finding: Finding) -> _Place:
    return finding.rule, finding.resource, finding.path


def _in_both(common: list[Finding], findings: list[Finding]) -> list[Finding]:
    """The findings that two scenarios share; the message of a shared finding may name another value in each."""
    here, there = Counter(map(_place, common)), Counter(map(_place, findings))
    equal = frozenset(findings)
    return [
        finding
        for finding in common
        if finding in equal or (here[_place(finding)] == 1 and there[_place(finding)] == 1)
    ]
