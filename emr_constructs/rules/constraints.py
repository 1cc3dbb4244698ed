"""Plain constraints as one-line declarations: ranges, patterns, counts, uniqueness, releases.

A statement begins in lower case and has no full stop: it is also the message, without the article *the* at its start,
followed by the value got.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NotRequired, TypedDict, Unpack

from .._core.findings import Severity
from .._core.patterns import regex
from .parts import Part
from .registry import At, Violation, Words, register
from .releases import feature, lacks

__all__ = [
    "Bounds",
    "Found",
    "Shapes",
    "at_most",
    "both",
    "constraint",
    "in_range",
    "listed",
    "matches",
    "one_of",
    "options_of",
    "repeated",
    "repeated_at",
    "requires_release",
    "sentence",
    "text_is",
    "unique",
    "without",
]

_SHOWN = 4
Shapes = str | tuple[str, ...]
Found = bool | str | At | Iterable[str | At] | None


class Bounds(TypedDict):
    """The words of a range, whose fix can follow from its bounds."""

    source: str
    library_fix: NotRequired[str]
    severity: NotRequired[Severity]
    is_form: NotRequired[bool]


def constraint(
    rule_id: str, shapes: Shapes, statement: str, violated: Callable[[Part], Found], **words: Unpack[Words]
) -> None:
    """Declare that ``statement`` holds unless ``violated`` returns True, or the value or values got instead."""
    condition = _without_article(statement)

    def message(got: str | At) -> str | At:
        if isinstance(got, At):
            return At(got.place, f"{condition}, got {got.message}" if got.message else condition, *got.fixes)
        return f"{condition}, got {got}"

    def find(part: Part) -> Iterable[str | At]:
        found = violated(part)
        if not found:
            return ()
        if found is True:
            return (condition,)
        return (message(found),) if isinstance(found, str | At) else map(message, found)

    _declare(rule_id, shapes, statement, find, **words)


def in_range(
    rule_id: str,
    shapes: Shapes,
    member: str,
    low: int,
    high: int | None = None,
    *,
    what: str,
    unit: str = "",
    fix: str | None = None,
    when: Callable[[Part], bool] = lambda _part: True,
    **words: Unpack[Bounds],
) -> None:
    """Declare that the number ``member`` is ``low`` to ``high``, or at least ``low``; a lower one is malformed then."""
    bounds = f"at least {low}" if high is None else f"{low} to {high}"
    words.setdefault("is_form", high is None)
    constraint(
        rule_id,
        shapes,
        f"{what} must be {bounds}{unit and f' {unit}'}",
        lambda part: (value := part.get(member)) is not None and when(part) and _outside(value, low, high),
        fix=fix or f"use {bounds}",
        at=member,
        **words,
    )


def matches(
    rule_id: str,
    shapes: Shapes,
    members: str | Mapping[str, str],
    pattern: str = "",
    *,
    what: str,
    must: str,
    instead: Callable[[str], tuple[str, ...]] = lambda _text: (),
    **words: Unpack[Words],
) -> None:
    """Declare that the whole text of ``members`` matches ``pattern``, or each the pattern that it is mapped to.

    Another string is malformed.

    :param instead: returns a fix for a string that is more precise than the rule's, if there is one.
    """
    patterns = {members: pattern} if isinstance(members, str) else members
    compiled = {member: regex(text, re.DOTALL | re.ASCII) for member, text in patterns.items()}
    subject = _without_article(what)

    def find(part: Part) -> Iterator[At]:
        for member, expected in compiled.items():
            value = part.get(member)
            if isinstance(value, str) and not expected.fullmatch(value):
                message = f"{subject if isinstance(members, str) else member} must {must}, got {value!r}"
                yield At(part.at(member), message, *instead(value))

    words.setdefault("is_form", True)
    _declare(rule_id, shapes, f"{what} must {must}", find, **words)


def one_of(rule_id: str, shapes: Shapes, member: str, choices: Iterable[Any], *, what: str, source: str) -> None:
    """Declare that ``member`` is one of ``choices``."""
    known = tuple(choices)
    listed = f"{', '.join(map(str, known[:-1]))} or {known[-1]}"
    constraint(
        rule_id,
        shapes,
        f"{what} must be {listed}",
        lambda part: member in part and part.get(member, known[0]) not in known and repr(part.get(member)),
        fix=f"use {listed}",
        source=source,
        at=member,
    )


def at_most(rule_id: str, shapes: Shapes, member: str, count: int, *, what: str, **words: Unpack[Words]) -> None:
    """Declare that the list ``member`` has at most ``count`` items."""

    def violated(part: Part) -> str | None:
        return str(len(part.items(member))) if len(part.items(member)) > count else None

    words |= {"at": member}
    constraint(rule_id, shapes, f"{what} must be at most {count}", violated, **words)


def listed(names: Sequence[str]) -> str:
    """The first of ``names``, and how many there are more."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"


def repeated(values: Iterable[str]) -> Iterator[str]:
    """The ``values`` that occur more than once, each with its count."""
    return (f"{value!r} {count} times" for value, count in sorted(Counter(values).items()) if count > 1)


def repeated_at(items: Iterable[Part], key: str, fold: Callable[[str], str] = str) -> Iterator[At]:
    """The values of ``key`` that several of ``items`` have, each with its count, at the place of the last one.

    :param fold: maps values that EMR considers equal to one value, such as ``str.lower``.
    """
    placed = [(fold(name), item.at(key)) for item in items if (name := item.get(key))]
    places = dict(placed)
    if len(places) == len(placed):
        return iter(())
    counted = sorted(Counter(value for value, _ in placed).items())
    return (At(places[value], f"{value!r} {count} times") for value, count in counted if count > 1)


def unique(
    rule_id: str,
    shapes: Shapes,
    members: Shapes,
    key: str,
    *,
    what: str,
    fold: Callable[[str], str] = str,
    note: str = "",
    **words: Unpack[Words],
) -> None:
    """Declare that the items of each list in ``members`` have different values of ``key``.

    :param note: what follows in the statement, such as the reason.
    """

    def violated(part: Part) -> Iterator[At]:
        for member in _listed(members):
            yield from repeated_at(part.items(member), key, fold)

    constraint(rule_id, shapes, f"{what} must be unique{note}", violated, **words)


def options_of(
    rule_ids: tuple[str, str],
    shapes: Shapes,
    member: str,
    options: Mapping[str, Shapes],
    *,
    what: str,
    optional: Mapping[str, Shapes] | None = None,
    **words: Unpack[Words],
) -> None:
    """Declare the members that each value of ``member`` requires, and those that it also accepts.

    The second of ``rule_ids`` is a warning about members that only another value accepts.
    """
    subject = _without_article(what)
    required = {value: _listed(names) for value, names in options.items()}
    taken = {value: {*names, *_listed((optional or {}).get(value, ()))} for value, names in required.items()}
    known = list(dict.fromkeys(name for names in (*required.values(), *taken.values()) for name in sorted(names)))

    def missing(part: Part) -> Iterator[str]:
        value = part.get(member)
        names = (name for name in required.get(value, ()) if name not in part)
        yield from (f"{subject} {value} requires {name}, which is missing" for name in names)

    def unused(part: Part) -> Iterator[At]:
        value = part.get(member)
        names = (name for name in known if value in taken and name in part and name not in taken[value])
        yield from (At(part.at(name), f"{subject} {value} must not have {name}, which has no effect") for name in names)

    _declare(rule_ids[0], shapes, f"{what} must have the members that its type requires", missing, **words)
    fix, source = "remove it, or use the other type", words["source"]
    statement = f"{what} must have only members that its type supports"
    _declare(rule_ids[1], shapes, statement, unused, fix=fix, source=source, severity=Severity.WARNING)


def requires_release(
    rule_id: str,
    shapes: Shapes,
    features: Mapping[str, str | Callable[[Part], object]],
    *,
    source: str,
    fix: str = "use a later release",
) -> None:
    """Declare that the release has each of ``features`` whose member is specified or whose condition holds."""

    def find(part: Part) -> Iterator[Violation]:
        # The condition is read first: the rule is then skipped where the member is absent.
        for name, condition in features.items():
            if condition in part if isinstance(condition, str) else condition(part):
                yield from lacks(part if "ReleaseLabel" in part else part.part("Cluster"), name)

    def statement() -> str:
        titles = [f"{feature(name).title} ({feature(name).described()})" for name in features]
        return f"The release must support {', '.join(titles)} if used."

    register(rule_id, _listed(shapes), statement, find, fix=fix, source=source)


def both(first: str, second: str) -> Callable[[Part], bool]:
    """Whether a part has both members, known or not."""
    return lambda part: first in part and second in part


def without(member: str, needed: str) -> Callable[[Part], bool]:
    """Whether a part has ``member``, known or not, but not ``needed``."""
    return lambda part: member in part and needed not in part


def text_is(member: str, wrong: Callable[[str], object]) -> Callable[[Part], str | None]:
    """Find the text of ``member`` if it is known and ``wrong``."""

    def found(part: Part) -> str | None:
        text = part.get(member)
        return repr(text) if isinstance(text, str) and wrong(text) else None

    return found


def _outside(value: float, low: int, high: int | None) -> str | None:
    return None if value >= low and (high is None or value <= high) else str(value)


def sentence(statement: str) -> str:
    """Return ``statement`` as a sentence."""
    return f"{statement[0].upper()}{statement[1:]}."


def _without_article(statement: str) -> str:
    return statement.removeprefix("the ")


def _listed(shapes: Shapes) -> tuple[str, ...]:
    return (shapes,) if isinstance(shapes, str) else shapes


def _declare(
    rule_id: str, shapes: Shapes, statement: str, find: Callable[[Part], Iterable[Violation]], **words: Unpack[Words]
) -> None:
    register(rule_id, _listed(shapes), sentence(statement), find, **words)
