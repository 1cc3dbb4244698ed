"""``releases OLD NEW``: shows what changes from one release to another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from ..rules.instance_types import type_names
from ..templates.descriptions import launches_of
from ..templates.display import plain
from ..templates.inputs import parts_of, sources_in
from ..templates.parsing import UnreadableError
from ..templates.release_changes import Change, ReleaseChanges, Replaced, release_changes
from .check import standard_input
from .layout import table, wrapped

if TYPE_CHECKING:
    from datetime import date

    from ..templates.launches import Launch

__all__ = ["compare"]

_UNKNOWN: Final = "unknown"
_NONE: Final = "-"


def compare(old: str, new: str, path: str | None = None, *, style: str, day: date) -> int:
    """Compare two known releases, print the differences, and return the exit code.

    :param path: limits the comparison to what the clusters of a file use.
    :param day: the day of their state.
    """
    try:
        launches = None if path is None else _launches(path)
    except UnreadableError as error:
        click.echo(plain(str(error)), err=True)
        return 2
    changes = release_changes(old, new, day, launches)
    if style == "json":
        click.echo(json.dumps(asdict(changes), indent=2))
    else:
        click.echo(_compared(changes, is_limited=path is not None))
    return 0


def _launches(path: str) -> list[Launch]:
    """Return the clusters that the files at ``path`` launch."""
    try:
        sources = [part for source in sources_in(path, standard_input) for part in parts_of(source)]
        found = [launch for source in sources for launch in launches_of(source.content)]
    except UnreadableError as error:
        raise UnreadableError(f"{path}: {error}") from None
    except RecursionError:
        raise UnreadableError(f"{path}: the file is nested too deeply") from None
    if not found:
        raise UnreadableError(f"{path}: the file must launch a cluster; use a file that does, or omit it")
    return found


def _compared(changes: ReleaseChanges, *, is_limited: bool) -> str:
    titles = ("", changes.old, changes.new)
    applications = "applications in use" if is_limited else "applications"
    parts = [
        table(titles, (_row(change, changes.day) for change in (*changes.support, *changes.environment))),
        table((applications, changes.old, changes.new, ""), map(_application, changes.applications)),
        *_lists(changes),
    ]
    return "\n\n".join(part for part in parts if part)


def _row(change: Change, day: str) -> list[str]:
    # An extension that a release doesn't have isn't unknown.
    absent = _NONE if change.name.startswith("extended") else _UNKNOWN
    name = f"{change.name} on {day}" if change.name == "state" else change.name
    return [name, change.old or absent, change.new or absent]


def _application(change: Change) -> list[str]:
    return [change.name, change.old or _NONE, change.new or _NONE, change.note]


def _classification(found: Replaced) -> list[str]:
    gone = "removed" if found.is_certain else "not documented"
    return [found.name, f"renamed {found.replacement}" if found.replacement else gone]


def _lists(changes: ReleaseChanges) -> Iterator[str]:
    yield table(("classifications renamed or removed", ""), map(_classification, changes.classifications))
    for title, names in (
        ("features gained", changes.features_gained),
        ("features lost", changes.features_lost),
        ("instance types gained", _families(changes.instance_types_gained)),
        ("instance types lost", _families(changes.instance_types_lost)),
    ):
        if names:
            yield f"{click.style(title, bold=True)}\n{wrapped('; '.join(names), '  ')}"
    if changes.findings:
        lines = [f"{click.style(f'findings with {changes.new} only', bold=True)}"]
        for finding in changes.findings:
            place = ": ".join(filter(None, (finding.resource, finding.path)))
            what = f"{finding.message}; {finding.fix} [{finding.rule}]"
            lines.append(wrapped(f"{place}: {finding.severity}: {what}", "  ", "    "))
        yield "\n".join(lines)


def _families(names: Sequence[str]) -> list[str]:
    """Return ``names``, with a family instead of its types where all of them are among them."""
    found: list[str] = []
    everything = {family: set(types) for family, types in groupby(type_names(), _family)}
    for family, types in groupby(names, _family):
        listed = list(types)
        found += [f"{family}.*"] if set(listed) == everything[family] else listed
    return found


def _family(name: str) -> str:
    return name.partition(".")[0]
