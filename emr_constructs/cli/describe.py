"""``describe``: summarizes clusters as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from ..templates import markdown
from ..templates.descriptions import Description, described_content, launches_of
from ..templates.display import plain
from ..templates.files import number_of_files
from ..templates.inputs import Source, parts_of, sources_in
from ..templates.nodes import Nodes, Span
from ..templates.parsing import UnreadableError
from ..templates.pictures import picture_of_cluster, picture_of_states
from .check import standard_input
from .layout import table, wrapped
from .streams import Progress

if TYPE_CHECKING:
    from ..prices.cluster_costs import ClusterCost
    from ..prices.price_file import Prices
    from ..templates.overview import Overview

__all__ = ["run"]

_COLUMNS: Final = ("role", "count", "types", "purchase", "vCPU", "memory", "storage")


class _Cluster(NamedTuple):
    file: str
    overview: Overview
    cost: ClusterCost | None


def run(paths: tuple[str, ...], style: str, prices_file: str | None) -> int:
    """Describe the clusters of the files at ``paths``, and return the exit code.

    :param prices_file: a price file. Default: no costs.
    """
    prices = _prices(prices_file)
    found: list[tuple[str, Description, list[_Cluster]]] = []
    unread: list[str] = []
    with Progress(sum(map(number_of_files, paths))) as progress:
        for path in paths:
            try:
                for source in sources_in(path, standard_input):
                    found += _described(source, prices)
                    progress.done += 1
            except UnreadableError as error:
                unread.append(f"{path}: {error}")
            except RecursionError:
                unread.append(f"{path}: the file is nested too deeply")
    for message in unread:
        click.echo(plain(message), err=True)
    code = 2 if unread else 0
    clusters = [cluster for *_, inside in found for cluster in inside]
    if style == "json":
        click.echo(json.dumps([_values(cluster, prices) for cluster in clusters], indent=2, default=str))
    elif style == "markdown":
        click.echo("\n".join(_all_markdown(found, prices)) or "No clusters found.")
    elif clusters:
        click.echo("\n".join(line for cluster in clusters for line in _text(cluster, prices)))
    elif code == 0:
        click.echo("no clusters found")
    return code


def _described(source: Source, prices: Prices | None) -> Iterator[tuple[str, Description, list[_Cluster]]]:
    for part in parts_of(source):
        description = described_content(part.content)
        costs = _costs(part.content, description, prices)
        both = zip(description.clusters, costs, strict=True)
        yield part.name, description, [_Cluster(part.name, *pair) for pair in both]


def _prices(path: str | None) -> Prices | None:
    if path is None:
        return None
    from .costs import loaded

    return loaded(path)


def _costs(content: Any, description: Description, prices: Prices | None) -> list[ClusterCost] | list[None]:
    """The costs of the clusters of a file; None for each without prices."""
    if prices is None:
        return [None] * len(description.clusters)
    from ..prices.cost_changes import launch_cost

    return [launch_cost(launch, prices) for launch in launches_of(content)]


def _values(cluster: _Cluster, prices: Prices | None) -> dict[str, Any]:
    found = {"template": cluster.file, **asdict(cluster.overview)}
    if cluster.cost is not None and prices is not None:
        from .costs import values

        found["cost"] = values(cluster.cost, prices)
    return found


def _cost_table(cluster: _Cluster, prices: Prices | None) -> tuple[tuple[str, ...], list[tuple[str, ...]]] | None:
    """The columns and rows of the costs of a cluster; None without prices."""
    if cluster.cost is None or prices is None:
        return None
    from .costs import COLUMNS, rows

    return COLUMNS, list(rows(cluster.cost, prices.currency))


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


def _facts(cluster: _Cluster, prices: Prices | None) -> Iterator[tuple[str, str]]:
    overview = cluster.overview
    if overview.figures:
        yield "figures", f"reported by EMR; in EC2, {'; '.join(overview.figures)}"
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
    if cluster.cost is not None and prices is not None:
        from .costs import facts

        yield from facts(cluster.cost, prices, cluster.file)


def _where(overview: Overview) -> str:
    """Return the location of a cluster in its file."""
    return overview.cluster or "request"


def _all_markdown(found: list[tuple[str, Description, list[_Cluster]]], prices: Prices | None) -> Iterator[str]:
    for template, description, clusters in found:
        for cluster in clusters:
            yield from _markdown(cluster, prices)
        for machine in description.machines:
            yield f"### State machine {markdown.code(machine.name or template)}"
            yield ""
            yield from markdown.fenced("mermaid", picture_of_states(machine.definition))
            yield ""


def _markdown(cluster: _Cluster, prices: Prices | None) -> Iterator[str]:
    overview = cluster.overview
    yield f"### {markdown.text(overview.name)} ({markdown.code(_where(overview))})"
    yield ""
    yield from markdown.table(_COLUMNS, map(_row, overview.nodes))
    yield ""
    if costs := _cost_table(cluster, prices):
        yield from markdown.table(*costs)
        yield ""
    for name, fact in _facts(cluster, prices):
        yield f"- **{name}**: {markdown.text(fact)}"
    yield f"- **file**: {markdown.code(cluster.file)}"
    yield ""
    yield from markdown.fenced("mermaid", picture_of_cluster(overview))
    yield ""


def _text(cluster: _Cluster, prices: Prices | None) -> Iterator[str]:
    overview = cluster.overview
    yield f"{click.style(plain(overview.name), bold=True)}  {_where(overview)} in {plain(cluster.file)}"
    if overview.nodes:
        yield table(_COLUMNS, map(_row, overview.nodes))
    if costs := _cost_table(cluster, prices):
        yield table(*costs)
    facts = list(_facts(cluster, prices))
    longest = max(len(name) for name, _ in facts)
    for name, fact in facts:
        yield click.style(name, dim=True) + wrapped(fact, f"{name:{longest}}  ")[len(name) :]
    yield ""
