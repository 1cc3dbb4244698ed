"""``diff``: shows the effect of an update on each cluster."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from ..templates.differences import Outcome
from ..templates.inputs import Source, is_template, sources_in
from ..templates.parsing import UnreadableError
from ..templates.updates import ClusterUpdate, compare
from .check import standard_input

__all__ = ["run"]

_COLORS = {
    Outcome.REPLACED: "red",
    Outcome.MAY_REPLACE: "red",
    Outcome.DELETED: "red",
    Outcome.IN_PLACE: "yellow",
    Outcome.ADDED: "green",
}
_REQUIRES = {
    Outcome.REPLACED: " (requires replacement)",
    Outcome.MAY_REPLACE: " (may require replacement)",
}
_LOSING = (Outcome.REPLACED, Outcome.MAY_REPLACE, Outcome.DELETED)


def run(old: str, new: str, style: str, *, allow_replacement: bool) -> int:
    """Compare two templates or two cloud assemblies, print the effects, and return the exit code."""
    try:
        before, after = _templates(old), _templates(new)
    except UnreadableError as error:
        click.echo(str(error), err=True)
        return 2
    if len(before) == len(after) == 1:
        # Two single templates are versions of one stack, even if the file names differ.
        before = dict(zip(after, before.values(), strict=True))
    updates = {
        name: compare(before[name].content if name in before else {}, source.content) for name, source in after.items()
    }
    kept = [name for name in before if name not in after]
    click.echo(_json(updates, kept) if style == "json" else _text(updates, kept))
    is_losing = any(update.outcome in _LOSING for found in updates.values() for update in found)
    return 1 if is_losing and not allow_replacement else 0


def _templates(path: str) -> dict[str, Source]:
    """The templates at ``path`` by file name."""
    try:
        found = {Path(source.name).name: source for source in sources_in(path, standard_input)}
    except UnreadableError as error:
        raise UnreadableError(f"{path}: {error}") from None
    for source in found.values():
        if not is_template(source.content):
            raise UnreadableError(f"{source.name}: the file must be a CloudFormation template")
    return found


def _json(updates: dict[str, list[ClusterUpdate]], kept: list[str]) -> str:
    found = [{"template": name, **asdict(update)} for name, listed in updates.items() for update in listed]
    return json.dumps({"clusters": found, "templates_only_in_old": kept}, indent=2)


def _text(updates: dict[str, list[ClusterUpdate]], kept: list[str]) -> str:
    lines = []
    for name, listed in updates.items():
        for update in listed:
            outcome = click.style(update.outcome, fg=_COLORS.get(update.outcome), bold=True)
            lines.append(f"{name}: {update.cluster}: {outcome}")
            lines += [f"    {change}{_REQUIRES.get(change.outcome, '')}" for change in update.changes]
            lines += [f"    ! {consequence}" for consequence in update.consequences]
    lines += [f"{name}: missing from NEW; the update doesn't change or delete its stack" for name in kept]
    return "\n".join(lines or ["no clusters found"])
