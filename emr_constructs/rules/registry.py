"""What a rule is, what it sees and what it finds, and the rules by the structure that they are about.

A rule is a function over one part of a request (an instance group, a step, the whole RunJobFlow input). It knows no
CDK and needs no Node process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar, cast, overload

from .._core.findings import Severity
from .sources import api_reference

__all__ = ["Part", "Rule", "Severity", "all_rules", "rule", "rules_of"]


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


def rules_of(shape: str) -> Sequence[Rule]:
    """The rules over structures of ``shape``."""
    return _RULES.get(shape, ())


def all_rules() -> list[Rule]:
    """Every rule, ordered by id: those that are registered, and those that follow from the service model."""
    registered = {found.id: found for rules in _RULES.values() for found in rules}
    return sorted([*_OF_THE_MODEL, *registered.values()], key=lambda it: it.id)


_MODEL_PAGE: Final = api_reference("RunJobFlow")


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
