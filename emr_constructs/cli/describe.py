"""``describe``: summarizes the clusters of templates as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from ..templates.inputs import definitions_of, is_template, sources_in
from ..templates.overview import Overview, launched_overviews, overviews
from ..templates.parsing import UnreadableError
from ..templates.state_machines import is_state_machine
from .check import standard_input

if TYPE_CHECKING:
    from ..templates.nodes import Nodes

__all__ = ["run"]

_COLUMNS = ("role", "count", "types", "purchase", "vCPU", "memory", "storage")


def run(paths: tuple[str, ...], style: str) -> int:
    """Describe the clusters of the files at ``paths``, and return the exit code."""
    found: list[tuple[str, Overview]] = []
    code = 0
    for path in paths:
        try:
            for source in sources_in(path, standard_input):
                for part in (source, *definitions_of(source)):
                    found += [(part.name, overview) for overview in _overviews(part.content)]
        except UnreadableError as error:
            click.echo(f"{path}: {error}", err=True)
            code = 2
    if style == "json":
        click.echo(json.dumps([{"template": name, **asdict(overview)} for name, overview in found], indent=2))
    elif style == "markdown":
        click.echo("\n".join(line for _, overview in found for line in _markdown(overview)) or "No clusters found.")
    elif found:
        _print(found)
    elif code == 0:
        click.echo("no clusters found")
    return code


def _overviews(content: Any) -> list[Overview]:
    if is_template(content):
        return overviews(content)
    if is_state_machine(content):
        return launched_overviews(content)
    raise UnreadableError("the file must be a CloudFormation template or a state machine")


def _row(nodes: Nodes) -> tuple[str, ...]:
    count = "?" if nodes.count is None else str(nodes.count)
    return (
        f"{nodes.role} {nodes.name}".strip() if nodes.name.lower() != nodes.role else nodes.role,
        count if nodes.unit == "nodes" else f"{count} {nodes.unit}",
        ", ".join(nodes.instance_types),
        nodes.purchase,
        "?" if nodes.vcpus is None else str(nodes.vcpus),
        _gib(nodes.memory_gib),
        _gib(nodes.storage_gib),
    )


def _gib(size: float | None) -> str:
    return "?" if size is None else f"{size:g} GiB"


def _facts(overview: Overview) -> Iterator[tuple[str, str]]:
    yield "release", overview.release
    yield "applications", ", ".join(overview.applications) or "Hadoop only"
    yield "HDFS", overview.hdfs
    yield "scaling", "; ".join(overview.scaling) or "none"
    yield "access", "; ".join(overview.access)
    yield "encryption", "; ".join(overview.encryption)
    yield "logs", overview.logs
    yield "steps", ", ".join(overview.steps) or "none"
    yield "terminates", overview.terminates


def _markdown(overview: Overview) -> Iterator[str]:
    yield f"### {_cell(overview.name)} (`{overview.cluster}`)\n"
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|{' --- |' * len(_COLUMNS)}"
    for nodes in overview.nodes:
        yield f"| {' | '.join(map(_cell, _row(nodes)))} |"
    yield ""
    for name, fact in _facts(overview):
        yield f"- **{name}**: {_cell(fact)}"
    yield ""


def _cell(text: str) -> str:
    """``text`` with the characters escaped that have a meaning in a Markdown table."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _print(found: list[tuple[str, Overview]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    for template, overview in found:
        title = Text.assemble((overview.name, "bold"), f"  {overview.cluster} in {template}")
        console.print(title)
        table = Table(*_COLUMNS, box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for nodes in overview.nodes:
            table.add_row(*map(Text, _row(nodes)))
        console.print(table)
        facts = Table.grid(padding=(0, 2, 0, 0))
        for name, fact in _facts(overview):
            facts.add_row(Text(name, style="dim"), Text(fact))
        console.print(facts)
        console.print()
