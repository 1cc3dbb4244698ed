"""``diff``: shows the effect of an update on each cluster."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from ..templates import markdown
from ..templates.differences import Change, Outcome
from ..templates.display import described, plain, shown
from ..templates.effects import LOGICAL_ID
from ..templates.files import STANDARD_INPUT
from ..templates.inputs import Source, is_template, sources_in
from ..templates.intrinsics import section
from ..templates.parsing import UnreadableError
from ..templates.updates import ClusterUpdate, ResourceUpdate, StackUpdate, stack_update
from .check import standard_input
from .layout import wrapped
from .streams import Progress

if TYPE_CHECKING:
    from ..prices.cost_changes import CostChange
    from ..prices.price_file import Prices

__all__ = ["run"]

_COLORS: Final = {
    Outcome.REPLACED: "red",
    Outcome.MAY_REPLACE: "red",
    Outcome.DELETED: "red",
    Outcome.FAILS: "red",
    Outcome.IN_PLACE: "yellow",
    Outcome.ADDED: "green",
}
_REQUIRES: Final = {
    Outcome.REPLACED: " (requires replacement)",
    Outcome.MAY_REPLACE: " (may require replacement)",
}
_LOSING: Final = (Outcome.REPLACED, Outcome.MAY_REPLACE, Outcome.DELETED)


class _Costs(NamedTuple):
    changes: list[tuple[str, CostChange]]
    prices: Prices
    notes: list[str]


def run(
    old: str,
    new: str,
    style: str,
    prices_file: str | None,
    *,
    allow_replacement: bool,
    parameters: Sequence[str] = (),
) -> int:
    """Compare two templates or cloud assemblies, and return the exit code.

    :param parameters: values of parameters in the stack, such as ``"Key=operators"``. Default: the defaults.
    :param prices_file: a price file. Default: no costs.
    """
    if old == new == STANDARD_INPUT:
        raise click.UsageError("OLD and NEW must not both be standard input")
    prices = _prices(prices_file)
    try:
        before, after = _templates(old), _templates(new)
    except UnreadableError as error:
        click.echo(plain(str(error)), err=True)
        return 2
    values = _values(parameters, [*before.values(), *after.values()])
    before, after = (
        {name: _with_values(source, values) for name, source in found.items()} for found in (before, after)
    )
    if len(before) == len(after) == 1:
        # Two single templates are versions of one stack, even if the file names differ.
        before = dict(zip(after, before.values(), strict=True))
    updates = {}
    try:
        with Progress(len(after)) as progress:
            for name, source in after.items():
                updates[name] = stack_update(before[name].content if name in before else {}, source.content)
                progress.done += 1
            costs = _costs(before, after, updates, prices)
    except RecursionError:
        click.echo("a template is nested too deeply", err=True)
        return 2
    kept = [name for name in before if name not in after]
    write = {"json": _json, "markdown": _markdown}.get(style, _text)
    click.echo(write(updates, kept, costs))
    return _exit_code(updates, allow_replacement=allow_replacement)


def _values(parameters: Sequence[str], sources: Sequence[Source]) -> dict[str, str]:
    values = {}
    for text in parameters:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise click.UsageError(f"--parameter must be NAME=VALUE, got {plain(repr(text))}")
        if not any(name in section(source.content, "Parameters") for source in sources):
            raise click.UsageError(f"--parameter must name a parameter of the templates, got {plain(repr(name))}")
        values[name] = value
    return values


def _with_values(source: Source, values: Mapping[str, str]) -> Source:
    """A template whose parameters have ``values`` as defaults."""
    declared = section(source.content, "Parameters")
    found = {name: {**section(declared, name), "Default": value} for name, value in values.items() if name in declared}
    return replace(source, content={**source.content, "Parameters": {**declared, **found}}) if found else source


def _prices(path: str | None) -> Prices | None:
    if path is None:
        return None
    from .costs import loaded

    return loaded(path)


def _costs(
    before: dict[str, Source], after: dict[str, Source], updates: dict[str, StackUpdate], prices: Prices | None
) -> _Costs | None:
    """The changes of the costs of all clusters; None without prices."""
    if prices is None:
        return None
    from ..prices.cost_changes import cost_changes
    from .costs import other_region

    notes: list[str] = []
    changes: list[tuple[str, CostChange]] = []
    for name, source in after.items():
        old = before[name].content if name in before else {}
        renamed = {
            update.cluster: str(change.after)
            for update in updates[name].clusters
            for change in update.changes
            if change.path == LOGICAL_ID
        }
        found = cost_changes(old, source.content, prices, renamed)
        changes += [(name, change) for change in found]
        if found and (note := other_region(source.name, prices)):
            notes.append(f"{name}: {note}, the prices are those of {prices.region}")
    return _Costs(changes, prices, notes)


def _exit_code(updates: dict[str, StackUpdate], *, allow_replacement: bool) -> int:
    clusters = [update for found in updates.values() for update in found.clusters]
    outcomes = {outcome for update in clusters for outcome in (update.outcome, update.if_kept)}
    fails = Outcome.FAILS in outcomes or any(
        resource.outcome is Outcome.FAILS for found in updates.values() for resource in found.resources
    )
    return 1 if fails or (outcomes.intersection(_LOSING) and not allow_replacement) else 0


def _templates(path: str) -> dict[str, Source]:
    """Return the templates at ``path`` by file name, with the folders of those that share it."""
    try:
        sources = list(sources_in(path, standard_input))
    except UnreadableError as error:
        raise UnreadableError(f"{path}: {error}") from None
    names = Counter(Path(source.name).name for source in sources)
    found = {
        name if names[name := Path(source.name).name] == 1 else Path(source.name).relative_to(path).as_posix(): source
        for source in sources
    }
    for source in found.values():
        if not is_template(source.content):
            raise UnreadableError(f"{source.name}: the file must be a CloudFormation template")
    return found


def _json(updates: dict[str, StackUpdate], kept: list[str], costs: _Costs | None) -> str:
    found: dict[str, Any] = {
        part: [
            {"template": name, **asdict(update)} for name, stack in updates.items() for update in getattr(stack, part)
        ]
        for part in ("clusters", "resources")
    }
    found["templates_only_in_old"] = kept
    if costs is not None:
        from .costs import change_values

        found["costs"] = change_values(*costs)
    return json.dumps(described(found), indent=2, default=str)


def _parts(
    stack: StackUpdate,
) -> Iterator[tuple[str, ClusterUpdate | ResourceUpdate, tuple[str, ...], tuple[str, ...]]]:
    """Return the parts of a stack update: name, update, consequences and notes.

    Parts that fail come first.
    """
    resources = sorted(stack.resources, key=lambda it: it.outcome is not Outcome.FAILS)
    for resource in resources:
        consequences = tuple(map(shown, resource.consequences))
        yield f"{shown(resource.resource)} ({shown(resource.kind)})", resource, consequences, ()
    for cluster in stack.clusters:
        consequences = tuple(map(shown, cluster.consequences))
        yield shown(cluster.cluster), cluster, consequences, tuple(map(shown, cluster.notes))


def _changed(change: Change) -> str:
    return f"{shown(str(change))}{_REQUIRES.get(change.outcome, '')}"


def _text(updates: dict[str, StackUpdate], kept: list[str], costs: _Costs | None) -> str:
    lines: list[str] = []
    for name, stack in updates.items():
        for part, update, consequences, notes in _parts(stack):
            outcome = click.style(update.outcome, fg=_COLORS.get(update.outcome), bold=True)
            lines.append(f"{plain(name)}: {part}: {outcome}")
            lines += [wrapped(_changed(change), "    ", "      ") for change in update.changes]
            lines += [wrapped(consequence, "    ! ") for consequence in consequences]
            lines += [wrapped(note, "    i ") for note in notes]
    lines += [wrapped(_only_old(name)) for name in kept]
    if costs is not None:
        from .costs import change_lines

        lines += change_lines(*costs)
    return "\n".join(lines or ["no clusters found"])


def _markdown(updates: dict[str, StackUpdate], kept: list[str], costs: _Costs | None) -> str:
    lines: list[str] = []
    for name, stack in updates.items():
        for part, update, consequences, notes in _parts(stack):
            lines += [f"### {markdown.code(part)} in {markdown.code(name)}: {update.outcome}", ""]
            if update.changes:
                lines += ["| change | effect |", "| --- | --- |"]
                lines += [f"| {markdown.code(shown(str(change)))} | {change.outcome} |" for change in update.changes]
                lines.append("")
            lines += [f"- **{markdown.text(consequence)}**" for consequence in consequences]
            lines += [f"- {markdown.text(note)}" for note in notes]
            if consequences or notes:
                lines.append("")
    lines += [f"- {markdown.text(_only_old(name))}" for name in kept]
    if costs is not None:
        from .costs import change_table

        lines += ["", *change_table(*costs)] if kept else change_table(*costs)
    return "\n".join(lines or ["No clusters found."]).rstrip("\n")


def _only_old(name: str) -> str:
    return f"{name}: missing from NEW; the update doesn't change or delete its stack"
