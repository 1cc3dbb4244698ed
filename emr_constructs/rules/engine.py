"""Rules say what EMR would refuse; the engine runs them over plain dictionaries in the shape of the EMR API.

A rule is a function over one part of a request (an instance group, a step, the whole RunJobFlow input). It knows no
CDK and needs no Node process, so a value object can run the rules of its own part the moment it is built, a cluster
those that join parts, and a command line all of them over a template that this library never saw.

What cannot be known before deployment (CDK tokens, CloudFormation intrinsics, dynamic references) is *unknown*:
present, but without a value. A rule stays silent about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar, cast, overload

from .._errors import EmrError
from ..data import load
from .sources import api_reference

__all__ = ["UNKNOWN", "Part", "Problem", "Rule", "Severity", "all_rules", "check", "enforce", "is_unknown", "rule"]

UNKNOWN: Final = "${Token[unknown]}"
"""Stands for a string that is not known yet, in the spelling that CDK gives its tokens."""

_TOKEN_MARKS: Final = ("${Token[", "#{Token[", "{{resolve:")
_MODEL_PAGE: Final = api_reference("RunJobFlow")
# CDK encodes a number token as a double of the order of -1e289.
_NUMBER_TOKEN: Final = -1e280


class Severity(StrEnum):
    """How sure a rule is."""

    ERROR = "error"
    """Certain to be refused, or to fail when the cluster launches."""

    WARNING = "warning"
    """Accepted, but not what was meant, or risky."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What one rule found."""

    rule: str
    """The id of the rule, for acknowledging a warning and for looking it up."""

    severity: Severity
    message: str
    """What is wrong, with the value got."""

    fix: str
    """What to do about it."""

    path: str = ""
    """Where in the checked dictionary, for example ``Instances.InstanceGroups[0]``."""

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.message}; {self.fix} [{self.rule}]"


class _Check(Protocol):
    def __call__(self, part: Part, /) -> Iterable[str | tuple[str, str]]: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint, written once."""

    id: str
    shapes: tuple[str, ...]
    """The API shapes of the parts that it reads, for example ``InstanceGroupConfig``."""

    severity: Severity
    statement: str
    """The constraint in a sentence."""

    fix: str
    source: str
    """The page that states the constraint."""

    find: _Check


class Part:
    """A structure of a request as the rules see it: only what is known and has the right type has a value."""

    __slots__ = ("_incomplete", "_present", "_values")

    def __init__(self, values: dict[str, Any], present: frozenset[str], incomplete: frozenset[str]) -> None:
        self._values = values
        self._present = present
        self._incomplete = incomplete

    def __contains__(self, member: str) -> bool:
        """Whether ``member`` is given at all, known or not."""
        return member in self._present

    @overload
    def get(self, member: str) -> Any: ...
    @overload
    def get(self, member: str, default: _T) -> Any | _T: ...
    def get(self, member: str, default: Any = None) -> Any:
        """The value of ``member``, or ``default`` where it is absent or unknown."""
        return self._values.get(member, default)

    def part(self, member: str) -> Part:
        """The structure ``member``; an empty one where it is absent or unknown."""
        return cast("Part", self._values.get(member, _EMPTY))

    def items(self, member: str) -> list[Any]:
        """The known items of the list ``member``."""
        return cast("list[Any]", self._values.get(member, []))

    def is_complete(self, member: str) -> bool:
        """Whether nothing in the list or map ``member`` is unknown: only then may a rule say what it lacks."""
        return member not in self._incomplete


_T = TypeVar("_T")
_EMPTY: Final = Part({}, frozenset(), frozenset())
_RULES: Final[dict[str, list[Rule]]] = {}
_SHAPES: Final[dict[str, dict[str, Any]]] = dict(load("api_shapes.json"))


def add_shape(name: str, members: Mapping[str, str], *, required: Iterable[str] = ()) -> None:
    """Declare a structure that the EMR service model does not describe, for rules over it."""
    _SHAPES[name] = {"type": "structure", "members": dict(members), "required": list(required)}


def add_list(name: str, member: str) -> None:
    """Declare the list shape ``name`` of ``member`` shapes."""
    _SHAPES[name] = {"type": "list", "member": member}


def add_enum(name: str, values: Iterable[str]) -> None:
    """Declare the string shape ``name`` that only takes ``values``."""
    _SHAPES[name] = {"type": "string", "enum": list(values)}


def rule(
    rule_id: str, *shapes: str, do: str, source: str, severity: Severity = Severity.ERROR
) -> Callable[[_Check], _Check]:
    """Register the decorated function as a rule over every part of the ``shapes``.

    The function yields what it finds: a message with the value got, or a message and what to do where the general
    ``do`` can be said more precisely. Its docstring is the statement of the rule.
    """

    def register(find: _Check) -> _Check:
        statement = " ".join((find.__doc__ or "").split())
        registered = Rule(rule_id, shapes, severity, statement, do, source, find)
        for shape in shapes:
            _RULES.setdefault(shape, []).append(registered)
        return find

    return register


def all_rules() -> list[Rule]:
    """Every rule, ordered by id: those that are registered, and those that follow from the service model."""
    registered = {found.id: found for rules in _RULES.values() for found in rules}
    return sorted([*_OF_THE_MODEL, *registered.values()], key=lambda it: it.id)


def shape_facts(name: str) -> Mapping[str, Any]:
    """The facts about a shape: its type, and its members, items, values or limits."""
    return _SHAPES[name]


def is_unknown(value: object) -> bool:
    """Whether ``value`` stands for something that is only known at deployment."""
    match value:
        case str():
            return "{" in value and any(mark in value for mark in _TOKEN_MARKS)
        case None | bool():
            return False
        case int() | float():
            return value < _NUMBER_TOKEN
        case dict():
            return len(value) == 1 and ((name := str(next(iter(value)))) == "Ref" or name.startswith("Fn::"))
        case list() | tuple():
            return len(value) == 1 and isinstance(value[0], str) and value[0].startswith("#{Token[")
        case Mapping():
            return False
        case _:
            return True


def check(shape: str, value: object) -> list[Problem]:
    """All problems that the rules find in ``value``, a plain dictionary of API shape ``shape``, and inside it."""
    problems: list[Problem] = []
    try:
        _view(shape, value, "", problems)
    except RecursionError:
        _report(problems, "emr-type", "", "is nested too deeply", "use fewer levels")
    return problems


def enforce(shape: str, value: object) -> None:
    """Raise :class:`EmrError` with every error that the rules find in ``value``; warnings pass."""
    errors = [str(found) for found in check(shape, value) if found.severity is Severity.ERROR]
    if errors:
        raise EmrError(errors)


_OF_THE_MODEL: Final = [
    Rule(f"emr-{name}", (), Severity.ERROR, statement, fix, _MODEL_PAGE, lambda _part: ())
    for name, statement, fix in (
        ("type", "Every value has the type that EMR declares.", "give a value of the type"),
        ("unknown-property", "A structure has only the members that EMR declares.", "use a member that exists"),
        ("missing-property", "A structure has every member that EMR requires.", "give the member"),
        ("enum", "A value with a fixed set of choices is one of them.", "use one of the choices"),
        ("length", "A text has no more and no fewer characters than EMR declares.", "use a text of that length"),
        ("range", "A number is in the range that EMR declares.", "use a number in the range"),
    )
]
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


def _view(name: str, value: object, path: str, problems: list[Problem]) -> Any:
    """``value`` as rules see it, or ``_ABSENT`` where it is unknown or of the wrong type; reports on the way."""
    shape = _SHAPES[name]
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


def _structure(name: str, shape: dict[str, Any], value: Mapping[str, Any], path: str, problems: list[Problem]) -> Part:
    members: dict[str, str] = shape["members"]
    values: dict[str, Any] = {}
    present: set[str] = set()
    incomplete: set[str] = set()
    for member, item in value.items():
        where = f"{path}.{member}" if path else str(member)
        if member not in members:
            fix = did_you_mean(member, members)
            problems.append(Problem("emr-unknown-property", Severity.ERROR, f"{name} has no {member!r}", fix, path))
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
        Problem("emr-missing-property", Severity.ERROR, f"{name} lacks {member}", f"give {member}", path)
        for member in shape["required"]
        if member not in present
    ]
    part = Part(values, frozenset(present), frozenset(incomplete))
    for found in _RULES.get(name, ()):
        findings = (finding if isinstance(finding, tuple) else (finding, found.fix) for finding in found.find(part))
        problems += [Problem(found.id, found.severity, message, fix, path) for message, fix in findings]
    return part


def _text(shape: dict[str, Any], value: str, path: str, problems: list[Problem]) -> str:
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


def _number(shape: dict[str, Any], value: float, path: str, problems: list[Problem]) -> Any:
    if isinstance(value, int) and abs(value) > _LARGEST:
        _report(problems, "emr-range", path, "is too large for any number of EMR", "use a smaller number")
        return _ABSENT
    lowest, highest = shape.get("min"), shape.get("max")
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        bound = f"{lowest} or more" if highest is None else f"{lowest} to {highest}"
        _report(problems, "emr-range", path, f"is {value}", f"use {bound}")
    return value


def _report(problems: list[Problem], rule_id: str, path: str, message: str, fix: str) -> None:
    parent, _, member = path.rpartition(".")
    problems.append(Problem(rule_id, Severity.ERROR, f"{member or 'the value'} {message}", fix, parent))


def did_you_mean(member: str, members: Iterable[str]) -> str:
    known = sorted(members)
    near = next((name for name in known if name.lower() == str(member).lower().replace("_", "")), None)
    if near:
        return f"use {near!r}"
    homes = [name for name, shape in _SHAPES.items() if member in shape.get("members", ())]
    # A name that many structures have, such as Name, tells nothing about where it belongs.
    return f"it belongs in {homes[0]}" if len(homes) == 1 else f"use {', '.join(known)}"
