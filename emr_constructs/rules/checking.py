"""Runs the rules over plain dictionaries in the shape of the EMR API.

A value object runs the rules of its own part the moment it is built, a cluster those that join parts, and the command
line all of them over a template that this library never saw. What is only known at deployment is *unknown*: present,
but without a value. A rule stays silent about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from .._core.errors import EmrError
from .._core.findings import Finding, Severity
from .._core.unknown import is_unknown
from .registry import Part, rules_of
from .shapes import did_you_mean, shape_facts

__all__ = ["check", "enforce"]


def check(shape: str, value: object) -> list[Finding]:
    """All problems that the rules find in ``value``, a plain dictionary of API shape ``shape``, and inside it."""
    problems: list[Finding] = []
    try:
        _view(shape, value, "", problems)
    except RecursionError:
        _report(problems, "emr-type", "", "is nested too deeply", "use fewer levels")
    return problems


def enforce(shape: str, value: object) -> None:
    """Raise :class:`EmrError` with every error that the rules find in ``value``; warnings pass."""
    errors = [finding for finding in check(shape, value) if finding.severity is Severity.ERROR]
    if errors:
        raise EmrError(map(str, errors), findings=errors)


_PYTHON_TYPES: Final[dict[str, tuple[tuple[type, ...], str]]] = {
    "string": ((str,), "a string"),
    "integer": ((int,), "a whole number"),
    "long": ((int,), "a whole number"),
    "double": ((int, float), "a number"),
    "boolean": ((bool,), "true or false"),
    "list": ((list, tuple), "a list"),
    "map": ((Mapping,), "a mapping"),
    "structure": ((Mapping,), "a mapping"),
}
_ABSENT: Final = object()
_LARGEST: Final = 2**63


def _view(name: str, value: object, path: str, problems: list[Finding]) -> Any:
    """``value`` as rules see it, or ``_ABSENT`` where it is unknown or of the wrong type; reports on the way."""
    shape = shape_facts(name)
    kind = shape["type"]
    if is_unknown(value):
        return _ABSENT
    types, described = _PYTHON_TYPES[kind]
    if not isinstance(value, types) or (isinstance(value, bool) and kind != "boolean"):
        _report(problems, "emr-type", path, f"is {_shown(value)}", f"give {described}")
        return _ABSENT
    match value:
        case str():
            return _text(shape, value, path, problems)
        case bool():
            return value
        case int() | float():
            return _number(shape, value, path, problems)
        case list() | tuple():
            viewed = [_view(shape["member"], item, f"{path}[{at}]", problems) for at, item in enumerate(value)]
            return [item for item in viewed if item is not _ABSENT]
        case _ if kind == "map":
            pairs = [
                (_view(shape["key"], key, path, problems), _view(shape["value"], item, f"{path}.{key}", problems))
                for key, item in cast("Mapping[str, Any]", value).items()
            ]
            return {key: item for key, item in pairs if key is not _ABSENT and item is not _ABSENT}
        case _:
            return _structure(name, shape, cast("Mapping[str, Any]", value), path, problems)


def _structure(
    name: str, shape: Mapping[str, Any], value: Mapping[str, Any], path: str, problems: list[Finding]
) -> Part:
    members: dict[str, str] = shape["members"]
    values: dict[str, Any] = {}
    present: set[str] = set()
    incomplete: set[str] = set()
    for member, item in value.items():
        where = f"{path}.{member}" if path else str(member)
        if member not in members:
            fix = did_you_mean(member, members)
            problems.append(Finding("emr-unknown-property", Severity.ERROR, f"{name} has no {member!r}", fix, path))
            continue
        if item is None:
            continue
        present.add(member)
        viewed = _view(members[member], item, where, problems)
        if viewed is _ABSENT:
            incomplete.add(member)
            continue
        values[member] = viewed
        if isinstance(viewed, list | dict) and len(viewed) != len(item):
            incomplete.add(member)
    problems += [
        Finding("emr-missing-property", Severity.ERROR, f"{name} lacks {member}", f"give {member}", path)
        for member in shape["required"]
        if member not in present
    ]
    part = Part(values, frozenset(present), frozenset(incomplete))
    for found in rules_of(name):
        findings = (finding if isinstance(finding, tuple) else (finding, found.fix) for finding in found.find(part))
        problems += [Finding(found.id, found.severity, message, fix, path) for message, fix in findings]
    return part


def _text(shape: Mapping[str, Any], value: str, path: str, problems: list[Finding]) -> str:
    choices = shape.get("enum")
    if choices and value not in choices:
        _report(problems, "emr-enum", path, f"is {value!r}", f"use one of {', '.join(choices)}")
    shortest, longest = shape.get("min", 0), shape.get("max")
    if len(value) < shortest or (longest is not None and len(value) > longest):
        shown = value if len(value) <= 60 else f"{value[:57]}..."
        _report(
            problems,
            "emr-length",
            path,
            f"has {len(value)} characters ({shown!r})",
            f"use {shortest} to {longest} characters",
        )
    return value


def _shown(value: object) -> str:
    try:
        return repr(value)
    except ValueError:
        return "a number of thousands of digits"


def _number(shape: Mapping[str, Any], value: float, path: str, problems: list[Finding]) -> Any:
    if isinstance(value, int) and abs(value) > _LARGEST:
        _report(problems, "emr-range", path, "is too large for any number of EMR", "use a smaller number")
        return _ABSENT
    lowest, highest = shape.get("min"), shape.get("max")
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        bound = f"{lowest} or more" if highest is None else f"{lowest} to {highest}"
        _report(problems, "emr-range", path, f"is {value}", f"use {bound}")
    return value


def _report(problems: list[Finding], rule_id: str, path: str, message: str, fix: str) -> None:
    parent, _, member = path.rpartition(".")
    problems.append(Finding(rule_id, Severity.ERROR, f"{member or 'the value'} {message}", fix, parent))
