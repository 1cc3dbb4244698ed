"""Plain constraints as one-line declarations: ranges, patterns, counts, uniqueness, releases.

A statement begins in lower case and has no full stop: it is also the message, followed by the value got.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from .._core.findings import Severity
from .registry import Part, Violation, register
from .releases import feature, lacks

__all__ = [
    "Found",
    "Shapes",
    "at_most",
    "constraint",
    "in_range",
    "matches",
    "one_of",
    "repeated",
    "requires_release",
    "unique",
]

Shapes = str | tuple[str, ...]
Found = bool | str | Iterable[str] | None
_NEWER: Final = "use a later release"


def constraint(
    rule_id: str,
    shapes: Shapes,
    statement: str,
    violated: Callable[[Part], Found],
    *,
    fix: str,
    source: str,
    library_fix: str | None = None,
    severity: Severity = Severity.ERROR,
) -> None:
    """Declare that ``statement`` holds unless ``violated`` returns True, or the value or values got instead."""

    def find(part: Part) -> Iterator[str]:
        found = violated(part)
        if isinstance(found, str):
            yield f"{statement}, got {found}"
        elif isinstance(found, bool) or found is None:
            if found:
                yield statement
        else:
            yield from (f"{statement}, got {value}" for value in found)

    _declare(rule_id, shapes, statement, find, fix=fix, source=source, library_fix=library_fix, severity=severity)


def in_range(
    rule_id: str,
    shapes: Shapes,
    member: str,
    low: int,
    high: int | None = None,
    *,
    what: str,
    source: str,
    unit: str = "",
    fix: str | None = None,
    when: Callable[[Part], bool] | None = None,
) -> None:
    """Declare that the number ``member`` is ``low`` to ``high``, or at least ``low``."""
    bounds = f"at least {low}" if high is None else f"{low} to {high}"
    statement = f"{what} must be {bounds}{unit and f' {unit}'}"

    def find(part: Part) -> Iterator[str]:
        value = part.get(member)
        if value is None or (when is not None and not when(part)):
            return
        if value < low or (high is not None and value > high):
            yield f"{statement}, got {value}"

    _declare(rule_id, shapes, statement, find, fix=fix or f"use {bounds}", source=source)


def matches(
    rule_id: str,
    shapes: Shapes,
    members: str | Mapping[str, str],
    pattern: str = "",
    *,
    what: str,
    must: str,
    fix: str,
    source: str,
    library_fix: str | None = None,
) -> None:
    """Declare that the whole text of ``members`` matches ``pattern``, or each the pattern that it is mapped to."""
    patterns = {members: pattern} if isinstance(members, str) else members
    compiled = {member: re.compile(text, re.DOTALL) for member, text in patterns.items()}

    def find(part: Part) -> Iterator[str]:
        for member, expected in compiled.items():
            value = part.get(member)
            if isinstance(value, str) and not expected.fullmatch(value):
                yield f"{what if isinstance(members, str) else member} must {must}, got {value!r}"

    _declare(rule_id, shapes, f"{what} must {must}", find, fix=fix, source=source, library_fix=library_fix)


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
    )


def at_most(rule_id: str, shapes: Shapes, member: str, count: int, *, what: str, fix: str, source: str) -> None:
    """Declare that the list ``member`` has at most ``count`` items."""
    constraint(
        rule_id,
        shapes,
        f"{what} must be at most {count}",
        lambda part: len(part.items(member)) > count and str(len(part.items(member))),
        fix=fix,
        source=source,
    )


def repeated(values: Iterable[str]) -> Iterator[str]:
    """The ``values`` that occur more than once, each with its count."""
    return (f"{value!r} {count} times" for value, count in sorted(Counter(values).items()) if count > 1)


def unique(
    rule_id: str,
    shapes: Shapes,
    members: Shapes,
    key: str,
    *,
    what: str,
    fix: str,
    source: str,
    fold: Callable[[str], str] = str,
) -> None:
    """Declare that the items of each list in ``members`` have different values of ``key``."""

    def violated(part: Part) -> Iterator[str]:
        for member in _listed(members):
            names = (item.get(key) for item in part.items(member))
            yield from repeated(fold(name) for name in names if name)

    constraint(rule_id, shapes, f"{what} must be unique", violated, fix=fix, source=source)


def requires_release(
    rule_id: str,
    shapes: Shapes,
    features: Mapping[str, str | Callable[[Part], object]],
    *,
    source: str,
    fix: str = _NEWER,
) -> None:
    """Declare that the release has each of ``features`` whose member is specified or whose condition holds."""

    def find(part: Part) -> Iterator[Violation]:
        cluster = part if "ReleaseLabel" in part else part.part("Cluster")
        for name, condition in features.items():
            if condition in part if isinstance(condition, str) else condition(part):
                yield from lacks(cluster, name)

    def statement() -> str:
        titles = [f"{feature(name).title} ({feature(name).described()})" for name in features]
        return f"The release must support {', '.join(titles)} if used."

    register(rule_id, _listed(shapes), statement, find, fix=fix, source=source)


def _listed(shapes: Shapes) -> tuple[str, ...]:
    return (shapes,) if isinstance(shapes, str) else shapes


def _declare(
    rule_id: str,
    shapes: Shapes,
    statement: str,
    find: Callable[[Part], Iterator[Violation]],
    *,
    fix: str,
    source: str,
    library_fix: str | None = None,
    severity: Severity = Severity.ERROR,
) -> None:
    register(
        rule_id,
        _listed(shapes),
        f"{statement[0].upper()}{statement[1:]}.",
        find,
        fix=fix,
        library_fix=library_fix,
        source=source,
        severity=severity,
    )
