"""``releases``: lists the releases with the support of each, or compares two of them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

import click

from .._core.nearest import nearest
from ..rules.lifecycles import data_date, lifecycle
from ..rules.releases import known_labels
from .layout import table, wrapped

__all__ = ["run"]

_COLUMNS: Final = ("release", "released", "standard support until", "extended support until", "end of life", "state")
_UNKNOWN: Final = "unknown"
_NONE: Final = "-"


def run(releases: tuple[str, ...], style: str, today: date | None) -> int:
    """List all releases, or compare two of them, and return the exit code.

    :param releases: none, or two labels, which a file can follow.
    """
    day = today or data_date()
    if not releases:
        click.echo(json.dumps(_listed(day), indent=2) if style == "json" else _table_of_all(day))
        return 0
    if len(releases) not in (2, 3):
        raise click.UsageError(
            f"RELEASE must be two releases, which a template can follow, got {' '.join(map(repr, releases))}; "
            "specify two to compare them, or none to list all"
        )
    for label in releases[:2]:
        _check_label(label)
    from .release_comparison import compare

    return compare(*releases, style=style, day=day)


def _check_label(label: str) -> None:
    if label not in known_labels():
        near = nearest(label, known_labels())
        fix = f"use {near}, or " if near else "use "
        raise click.UsageError(
            f"RELEASE must be a known release, got {label!r}; {fix}one that emr-constructs releases lists"
        )


def _listed(day: date) -> list[dict[str, Any]]:
    return [_facts(label, day) for label in known_labels()]


def _facts(label: str, day: date) -> dict[str, Any]:
    dates = lifecycle(label)
    if dates is None:
        return {"release": label}
    return {
        "release": label,
        "released": _written(dates.released),
        "standard_support_until": _written(dates.standard_support_until),
        "extended_support_until": _written(dates.extended_support_until),
        "end_of_life": _written(dates.end_of_life),
        "state": str(dates.support_on(day)),
        "basis": "stated" if dates.is_stated else "derived",
        "sources": list(dates.sources),
    }


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _table_of_all(day: date) -> str:
    names = [column.replace(" ", "_") for column in _COLUMNS]
    rows = []
    for facts in _listed(day):
        is_derived = facts.get("basis") == "derived"
        row = [facts.get(name) or (_NONE if name in facts and name != "released" else _UNKNOWN) for name in names]
        rows.append([*row[:-1], f"{row[-1]} (derived dates)" if is_derived else row[-1]])
    notes = [
        f"States are those of {day.isoformat()}. Extended support is free of charge, on request to AWS Support.",
        "Patch releases are supported as long as their minor version.",
    ]
    return "\n".join([table(_COLUMNS, rows), "", *map(wrapped, notes)])
