"""What a rule is, what it sees and what it finds, and the rules by the structure that they are about.

A rule is a function over one part of a request (an instance group, a step, the whole RunJobFlow input). It knows no
CDK and requires no Node process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final, NamedTuple, NotRequired, TypedDict, Unpack

from .._core.findings import Severity
from .parts import Part, Recorder

__all__ = [
    "OF_OTHER_RESOURCES",
    "At",
    "Find",
    "Rule",
    "Severity",
    "Violation",
    "Words",
    "form_rules_reading",
    "load_rules",
    "register",
    "registered_rules",
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

Find = Callable[[Part], Iterable[Violation]]


class Rule(NamedTuple):
    """A constraint, written once."""

    id: str
    shapes: tuple[str, ...]
    """The API shapes of the parts that it reads, for example ``InstanceGroupConfig``."""

    severity: Severity
    stated: str | Callable[[], str]
    """The statement, or what returns it: one that depends on the data of releases reads it when it is shown."""

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


OF_OTHER_RESOURCES: Final = frozenset(
    {
        "acknowledgments",
        "additions",
        "explanations",
        "keys",
        "roles",
        "security_groups",
        "state_machines",
        "template_references",
        "vpc",
        "wal_workspace",
    }
)
"""Modules without rules over requests. Checks of their shapes import them, so a cluster doesn't wait for them."""

_RULES: Final[dict[str, list[Rule]]] = {}


class Words(TypedDict):
    """What every declaration of a rule states in addition to its condition."""

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
def load_rules(*, all_modules: bool = False) -> None:
    """Import the modules of this package that register rules over requests.

    Constructs ask some of them for facts, so they are imported in any order.

    :param all_modules: also import those that register rules over other resources only.
    """
    for module in iter_modules([str(Path(__file__).parent)]):
        if all_modules or module.name not in OF_OTHER_RESOURCES:
            import_module(f"{__package__}.{module.name}")


def rules_of(shape: str) -> Sequence[Rule]:
    """The rules over structures of ``shape``, ordered by ID."""
    load_rules()
    return sorted(_RULES.get(shape, ()), key=lambda it: it.id)


@lru_cache(maxsize=4096)
def rules_reading(shape: str, present: frozenset[str]) -> tuple[Rule, ...]:
    """The rules over structures of ``shape`` that one with only the members ``present`` can violate."""
    rules = _rules_with_reads(shape)
    return tuple(found for found, reads in rules if reads is None or not present.isdisjoint(reads))


@lru_cache(maxsize=4096)
def form_rules_reading(shape: str, present: frozenset[str]) -> tuple[Rule, ...]:
    """The rules of ``rules_reading`` that are about malformed values."""
    return tuple(found for found in rules_reading(shape, present) if found.is_form)


@cache
def _rules_with_reads(shape: str) -> list[tuple[Rule, frozenset[str] | None]]:
    """The rules over structures of ``shape``, each with the members without any of which it can't be violated.

    None if an empty structure violates the rule.
    """
    found = []
    for one in rules_of(shape):
        empty = Recorder({}, frozenset(), frozenset())
        is_violated = any(True for _ in one.find(empty))
        found.append((one, None if is_violated else frozenset(empty.read)))
    return found


def registered_rules() -> Iterable[Rule]:
    """The rules that modules of this package register."""
    load_rules(all_modules=True)
    return {found.id: found for rules in _RULES.values() for found in rules}.values()
