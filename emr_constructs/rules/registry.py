"""What a rule is, what it sees and what it finds, and the rules by the structure that they are about.

A rule is a function over one part of a request (an instance group, a step, the whole RunJobFlow input). It knows no
CDK and needs no Node process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final, NotRequired, TypedDict, TypeVar, Unpack, overload

from .._core.findings import Severity
from .._core.values import value_class
from .sources import api_reference, management_guide

__all__ = [
    "ANYTHING",
    "At",
    "Find",
    "Part",
    "Rule",
    "Severity",
    "Violation",
    "Words",
    "all_rules",
    "load_rules",
    "register",
    "rule",
    "rules_of",
    "rules_reading",
]


class At:
    """A violation of a property inside the part: its place, a message, and fixes more precise than the rule's."""

    __slots__ = ("fixes", "message", "place")

    def __init__(self, place: str, message: str, *fixes: str) -> None:
        """State where the violation is.

        :param place: what ``Part.at`` returns.
        :param message: the condition with the value got; in a plain constraint, only the value got, if any.
        :param fixes: for a template, and for the library.
        """
        self.place = place
        self.message = message
        self.fixes = fixes


Violation = str | tuple[str, ...] | At
"""A message with the value got; or it, and a fix more precise than the rule's: for a template, and for the library."""

Find = Callable[["Part"], Iterable[Violation]]


@value_class
class Rule:
    """A constraint, written once."""

    id: str
    shapes: tuple[str, ...]
    """The API shapes of the parts that it reads, for example ``InstanceGroupConfig``."""

    severity: Severity
    stated: str | Callable[[], str]
    """The statement, or what returns it: one that needs the data of releases reads them when it is shown."""

    fix: str
    """What to do, in the words of a template or a request."""

    library_fix: str
    """What to do, in the words of this library."""

    source: str
    """The page that states the constraint."""

    find: Find
    at: str = ""
    """The property inside the part that a violation is about, unless it names another place; the part if empty."""

    is_form: bool = False
    """Whether a value that violates it is malformed."""

    reads: tuple[str, ...] = ()
    """Members without any of which a part can't violate it; empty if there are none."""

    @property
    def statement(self) -> str:
        """The constraint in a sentence."""
        return self.stated if isinstance(self.stated, str) else self.stated()

    def described(self, found: Violation, part: Part, *, in_library: bool) -> tuple[str, str, str]:
        """The message of a violation that was found in ``part``, its fix and its place."""
        if isinstance(found, At):
            place, message, fixes = found.place, found.message, found.fixes
        else:
            place = part.at(self.at)
            message, *more = (found,) if isinstance(found, str) else found
            fixes = tuple(more)
        return message, (fixes or (self.fix, self.library_fix))[-1 if in_library else 0], place


class Part:
    """A structure of a request as the rules see it: only what is known and has the right type has a value."""

    __slots__ = ("_incomplete", "_path", "_placed", "_present", "_references", "_values")

    def __init__(
        self,
        values: dict[str, Any],
        present: frozenset[str],
        incomplete: frozenset[str],
        placed: dict[str, list[Any]] | None = None,
        path: str = "",
        *,
        references: dict[str, str] | None = None,
    ) -> None:
        self._path = path
        self._references = references or {}
        self._values = values
        self._placed = placed or {}
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

    def reference(self, member: str) -> str:
        """The text of ``member`` if it refers to a value that isn't known yet; empty otherwise."""
        return self._references.get(member, "")

    def part(self, member: str) -> Part:
        """The structure ``member``; an empty one where it is absent or unknown."""
        found: Part = self._values.get(member, _EMPTY)
        return found

    def items(self, member: str) -> list[Any]:
        """The known items of the list ``member``."""
        found: list[Any] = self._values.get(member, [])
        return found

    def placed_items(self, member: str) -> list[Any]:
        """The items of the list ``member``, each in its place: an unknown one is ``UNKNOWN``."""
        return self._placed.get(member) or self.items(member)

    def at(self, *names: str | int) -> str:
        """The place of this structure, or of what ``names`` and indexes lead to in it.

        A finding is reported at the closest parent of a place that doesn't exist.
        """
        path = self._path
        for name in names:
            path += f"[{name}]" if isinstance(name, int) else f".{name}" if path and name else name
        return path

    def first(self, *members: str) -> str:
        """The place of the first of ``members`` that is specified; of this structure if none is."""
        return self.at(next(filter(self.__contains__, members), ""))

    def is_complete(self, member: str) -> bool:
        """Whether nothing in the list or map ``member`` is unknown: only then may a rule say what it lacks."""
        return member not in self._incomplete


_T = TypeVar("_T")


_EMPTY: Final = Part({}, frozenset(), frozenset())


class _Anything(Part):
    """An unknown structure that may have any member."""

    __slots__ = ()

    def __contains__(self, member: str) -> bool:
        return True

    def part(self, member: str) -> Part:  # noqa: ARG002
        return self

    def is_complete(self, member: str) -> bool:  # noqa: ARG002
        return False


ANYTHING: Final[Part] = _Anything({}, frozenset(), frozenset())
"""An unknown structure, if all members that it may have are assumed to be present."""


_RULES: Final[dict[str, list[Rule]]] = {}


class Words(TypedDict):
    """What every declaration of a rule states besides its condition."""

    fix: str
    source: str
    library_fix: NotRequired[str]
    """Default: ``fix``."""

    severity: NotRequired[Severity]
    """Default: an error."""

    at: NotRequired[str]
    """The property inside the part that violations are about. Default: the part."""

    is_form: NotRequired[bool]
    """Whether a value that violates it is malformed, whatever EMR accepts. Values raise it at once, and it can't be
    acknowledged at their construct. Default: false."""

    reads: NotRequired[Iterable[str]]
    """Members without any of which a part can't violate the rule, which isn't run then. Default: it is always run."""


def register(
    rule_id: str, shapes: tuple[str, ...], statement: str | Callable[[], str], find: Find, **words: Unpack[Words]
) -> None:
    """Register a rule over every part of the ``shapes``."""
    severity, fix = words.get("severity", Severity.ERROR), words["fix"]
    registered = Rule(
        rule_id,
        shapes,
        severity,
        statement,
        fix,
        words.get("library_fix", fix),
        words["source"],
        find,
        at=words.get("at", ""),
        is_form=words.get("is_form", False),
        reads=tuple(words.get("reads", ())),
    )
    for shape in shapes:
        _RULES.setdefault(shape, []).append(registered)


def rule(rule_id: str, *shapes: str, **words: Unpack[Words]) -> Callable[[Find], Find]:
    """Register the decorated function, which yields violations, as a rule; its docstring is the statement."""

    def decorate(find: Find) -> Find:
        register(rule_id, shapes, " ".join((find.__doc__ or "").split()), find, **words)
        return find

    return decorate


@cache
def load_rules() -> None:
    """Import the modules of this package, each of which registers its rules.

    Constructs ask some of them for facts, so they are imported in any order.
    """
    for module in iter_modules([str(Path(__file__).parent)]):
        import_module(f"{__package__}.{module.name}")
    for rules in _RULES.values():
        rules.sort(key=lambda it: it.id)


def rules_of(shape: str) -> Sequence[Rule]:
    """The rules over structures of ``shape``, ordered by id."""
    load_rules()
    return _RULES.get(shape, ())


@lru_cache(maxsize=4096)
def rules_reading(shape: str, present: frozenset[str], *, is_form_only: bool = False) -> tuple[Rule, ...]:
    """The rules over structures of ``shape`` that one with only the members ``present`` can violate.

    :param is_form_only: only those about malformed values.
    """
    rules = (found for found in rules_of(shape) if found.is_form or not is_form_only)
    return tuple(found for found in rules if not found.reads or not present.isdisjoint(found.reads))


def all_rules() -> list[Rule]:
    """Every rule, ordered by id: those that are registered, and those that follow from the service model."""
    load_rules()
    registered = {found.id: found for rules in _RULES.values() for found in rules}
    return sorted([*_OF_THE_MODEL, *registered.values()], key=lambda it: it.id)


_MODEL_PAGE: Final = api_reference("RunJobFlow")


_OF_THE_MODEL: Final = [
    *(
        Rule(f"emr-{name}", (), Severity.ERROR, statement, fix, fix, _MODEL_PAGE, lambda _part: ())
        for name, statement, fix in (
            ("type", "A value must have the type that the EMR API declares.", "use a value of this type"),
            ("unknown-property", "A structure must have only members that the API declares.", "use a declared member"),
            ("missing-property", "A structure must have every member that the API requires.", "specify the member"),
            ("enum", "A value with a fixed set of choices must be one of them.", "use one of the choices"),
            ("length", "The length of a text must be in the range that the API declares.", "change the length"),
            ("range", "A number must be in the range that the EMR API declares.", "use a number in the range"),
        )
    ),
    Rule(
        "emr-unknown-setting",
        (),
        Severity.WARNING,
        "A security configuration must have only members that EMR documents.",
        "use a documented member",
        "use a documented member",
        management_guide("emr-create-security-configuration"),
        lambda _part: (),
    ),
]
