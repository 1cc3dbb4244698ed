"""``describe``: summarizes clusters as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from ..templates import markdown
from ..templates.descriptions import Description, described_content
from ..templates.display import plain
from ..templates.inputs import definitions_of, sources_in
from ..templates.nodes import Nodes, Span
from ..templates.parsing import UnreadableError
from ..templates.pictures import picture_of_cluster, picture_of_states
from .check import standard_input
from .layout import UNLIMITED, width, wrapped

if TYPE_CHECKING:
    from ..templates.overview import Overview

__all__ = ["run"]

_COLUMNS: Final = ("role", "count", "types", "purchase", "vCPU", "memory", "storage")


def run(paths: tuple[str, ...], style: str) -> int:
    """Describe the clusters of the files at ``paths``, and return the exit code."""
    found: list[tuple[str, Description]] = []
    code = 0
    for path in paths:
        try:
            for source in sources_in(path, standard_input):
                parts = (source, *definitions_of(source))
                found += [(part.name, described_content(part.content)) for part in parts]
        except UnreadableError as error:
            click.echo(plain(f"{path}: {error}"), err=True)
            code = 2
        except RecursionError:
            click.echo(plain(f"{path}: the file is nested too deeply"), err=True)
            code = 2
    clusters = [(name, overview) for name, description in found for overview in description.clusters]
    if style == "json":
        listed = [{"template": name, **asdict(overview)} for name, overview in clusters]
        click.echo(json.dumps(listed, indent=2, default=str))
    elif style == "markdown":
        click.echo("\n".join(_all_markdown(found)) or "No clusters found.")
    elif clusters:
        _print(clusters)
    elif code == 0:
        click.echo("no clusters found")
    return code


def _row(nodes: Nodes) -> tuple[str, ...]:
    count = "unknown" if nodes.count is None else str(nodes.count)
    return (
        nodes.title,
        count if nodes.unit == "nodes" else f"{count} {'unit' if nodes.count == 1 else nodes.unit}",
        ", ".join(nodes.instance_types),
        nodes.purchase,
        _amount(nodes.vcpus),
        _amount(nodes.memory_gib, " GiB"),
        _amount(nodes.storage_gib, " GiB"),
    )


def _amount(amount: float | Span | None, unit: str = "") -> str:
    if amount is None:
        return "unknown"
    return f"{amount if isinstance(amount, Span) else f'{amount:g}'}{unit}"


def _facts(overview: Overview) -> Iterator[tuple[str, str]]:
    if overview.figures:
        yield "figures", f"those of EMR; EC2 states {'; '.join(overview.figures)}"
    if overview.unknown:
        yield "unknown", "; ".join(overview.unknown)
    yield "release", overview.release
    yield "applications", ", ".join(overview.applications) or "Hadoop only"
    yield "HDFS", overview.hdfs
    yield "scaling", "; ".join(overview.scaling) or "none"
    yield "access", "; ".join(overview.access)
    yield "encryption", "; ".join(overview.encryption)
    yield "logs", overview.logs
    yield "steps", ", ".join(overview.steps) or "none"
    yield "terminates", overview.terminates


def _where(overview: Overview) -> str:
    """Return the location of a cluster in its file."""
    return overview.cluster or "request"


def _all_markdown(found: list[tuple[str, Description]]) -> Iterator[str]:
    for template, description in found:
        for overview in description.clusters:
            yield from _markdown(template, overview)
        for machine in description.machines:
            yield f"### State machine {markdown.code(machine.name or template)}"
            yield ""
            yield from markdown.fenced("mermaid", picture_of_states(machine.definition))
            yield ""


def _markdown(template: str, overview: Overview) -> Iterator[str]:
    yield f"### {markdown.text(overview.name)} ({markdown.code(_where(overview))})"
    yield ""
    yield from markdown.table(_COLUMNS, map(_row, overview.nodes))
    yield ""
    for name, fact in _facts(overview):
        yield f"- **{name}**: {markdown.text(fact)}"
    yield f"- **file**: {markdown.code(template)}"
    yield ""
    yield from markdown.fenced("mermaid", picture_of_cluster(overview))
    yield ""


def _print(found: list[tuple[str, Overview]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=width() or UNLIMITED, soft_wrap=True)
    for template, overview in found:
        place = f"{_where(overview)} in {plain(template)}"
        console.print(Text.assemble((overview.name, "bold"), f"  {place}"), soft_wrap=True)
        table = Table(*_COLUMNS, box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for nodes in overview.nodes:
            table.add_row(*map(Text, _row(nodes)))
        console.print(table)
        facts = list(_facts(overview))
        longest = max(len(name) for name, _ in facts)
        for name, fact in facts:
            text = Text(wrapped(fact, f"{name:{longest}}  "))
            text.stylize("dim", 0, len(name))
            console.print(text, soft_wrap=True)
        console.print()
