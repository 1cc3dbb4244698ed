"""Hourly costs of clusters for ``describe`` and ``diff``: as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click

from .._core.errors import EmrError
from ..prices.amounts import Breakdown, money
from ..prices.cluster_costs import ClusterCost
from ..prices.cost_changes import CostChange
from ..prices.price_file import Prices, read_prices
from ..templates import markdown
from ..templates.display import plain, shown
from ..templates.files import stack_region
from .layout import wrapped
from .streams import printable

__all__ = [
    "COLUMNS",
    "change_lines",
    "change_table",
    "change_values",
    "facts",
    "loaded",
    "other_region",
    "rows",
    "values",
]

COLUMNS: Final = ("hourly cost", "type", "EC2", "EMR", "EBS", "one node", "all nodes")
_CHANGES: Final = ("cluster", "at launch", "change", "at the limit of scaling", "change")


def loaded(path: str) -> Prices:
    """Return the prices of a file.

    :raises click.UsageError: it can't be read, or has another form.
    """
    try:
        return read_prices(path)
    except EmrError as error:
        raise click.UsageError("\n".join(map(printable, error.problems))) from None


def rows(cost: ClusterCost, currency: str) -> Iterator[tuple[str, ...]]:
    """Yield the cells of a table: the nodes by instance type, and the sums of the cluster."""
    for found in cost.nodes:
        for at, kind in enumerate(found.types):
            parts = _parts(kind.cost, currency)
            whole = found.launch.total.shown(currency, is_precise=True) if at == 0 else ""
            yield (found.nodes.title if at == 0 else "", kind.instance_type, *parts, whole)
    sums = {"at launch": cost.launch, "at the limit": cost.limit}
    for title, whole_cluster in sums.items():
        if whole_cluster is not None:
            ec2, emr, ebs, total = _parts(whole_cluster, currency)
            yield title, "", ec2, emr, ebs, "", total


def other_region(file: str, prices: Prices) -> str:
    """Return a note if the template at ``file`` is that of a stack in another Region; empty otherwise."""
    region = stack_region(Path(file))
    return f"the stack is in {region}" if region not in (None, prices.region) else ""


def facts(cost: ClusterCost, prices: Prices, file: str) -> Iterator[tuple[str, str]]:
    """Yield what a reader must know about the costs: the prices that they are from, and what they lack.

    :param file: the path of the template.
    """
    launch, limit = cost.launch.total, cost.limit
    scaled = "" if limit is None else f"; {limit.total.shown(prices.currency)} at the limit of scaling"
    yield "cost", f"{launch.shown(prices.currency)} an hour at launch{scaled}"
    spot = "; Spot Instances cost at most the On-Demand price" if cost.highest.has_spot else ""
    region = f" ({found})" if (found := other_region(file, prices)) else ""
    yield "prices", f"{prices}{region}; EC2 and EMR On-Demand, EBS{spot}"
    if cost.highest.unknown:
        yield "unknown cost", "; ".join(cost.highest.unknown)


def values(cost: ClusterCost, prices: Prices) -> dict[str, Any]:
    """Return the costs for a program."""
    return {
        **_source(prices),
        "launch": cost.launch.values(),
        "limit": None if cost.limit is None else cost.limit.values(),
        "nodes": [
            {
                "nodes": found.nodes.title,
                "types": [
                    {"instance_type": kind.instance_type, "units": kind.units, "one_node": kind.cost.values()}
                    for kind in found.types
                ],
                "launch": found.launch.values(),
            }
            for found in cost.nodes
        ],
    }


def change_lines(changes: Sequence[tuple[str, CostChange]], prices: Prices, notes: Sequence[str]) -> Iterator[str]:
    """Yield lines of text about the changes of costs, by template."""
    if changes:
        yield wrapped(f"hourly costs with prices of {prices}{_at_on_demand_prices(changes)}:")
    for name, change in changes:
        yield wrapped(f"{name}: {shown(change.cluster)}: {_change(change, prices.currency)}", "", "    ")
    if len(changes) > 1:
        yield wrapped(f"all clusters: {_change(_all(changes), prices.currency)}", "", "    ")
    for note in notes:
        yield wrapped(note, "    i ")


def change_table(changes: Sequence[tuple[str, CostChange]], prices: Prices, notes: Sequence[str]) -> Iterator[str]:
    """Yield lines of Markdown about the changes of costs, by template."""
    if not changes:
        return
    yield f"### Hourly costs with prices of {markdown.text(str(prices))}{_at_on_demand_prices(changes)}"
    yield ""
    total = [("", _all(changes))] if len(changes) > 1 else []
    yield from markdown.table(_CHANGES, (_cells(*found, prices.currency) for found in (*changes, *total)))
    yield ""
    if unknown := _unknown(_all(changes)):
        yield f"- **unknown**: {markdown.text('; '.join(unknown))}"
    yield from (f"- {markdown.text(note)}" for note in notes)


def change_values(changes: Sequence[tuple[str, CostChange]], prices: Prices, notes: Sequence[str]) -> dict[str, Any]:
    """Return the changes of costs for a program."""
    return {
        **_source(prices),
        "clusters": [
            {
                "template": name,
                "cluster": change.cluster,
                "before": _both(change.before),
                "after": _both(change.after),
                "change": {
                    "launch": _amount(change, change.launch, prices.currency),
                    "limit": _amount(change, change.limit, prices.currency) if change.is_scaled else None,
                },
            }
            for name, change in changes
        ],
        "notes": list(notes),
    }


def _source(prices: Prices) -> dict[str, Any]:
    return {"region": prices.region, "currency": prices.currency, "date": prices.date}


def _both(cost: ClusterCost | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {"launch": cost.launch.values(), "limit": None if cost.limit is None else cost.limit.values()}


def _parts(cost: Breakdown, currency: str) -> list[str]:
    parts = (cost.ec2, cost.emr, cost.ebs, cost.total)
    return [part.shown(currency, is_precise=True) for part in parts]


def _all(changes: Sequence[tuple[str, CostChange]]) -> CostChange:
    """The change of all clusters together."""
    before, after = (
        ClusterCost(
            (),
            Breakdown.sum(change.launch[side] for _, change in changes),
            Breakdown.sum(change.limit[side] for _, change in changes)
            if any(change.is_scaled for _, change in changes)
            else None,
        )
        for side in (0, 1)
    )
    return CostChange("all clusters", before, after, has_same_nodes=all(change.has_same_nodes for _, change in changes))


def _at_on_demand_prices(changes: Sequence[tuple[str, CostChange]]) -> str:
    """What a reader must know about the changes of Spot Instances; empty if there are none."""
    has_spot = any(cost.total.has_spot for _, change in changes for cost in (*change.launch, *change.limit))
    return "; changes of Spot Instances are at On-Demand prices" if has_spot else ""


def _amount(change: CostChange, costs: tuple[Breakdown, Breakdown], currency: str) -> str:
    """The difference of two costs; that of equal ones is 0 even if a part of them is unknown."""
    before, after = (cost.total for cost in costs)
    return money(Decimal(0), currency) if change.is_unchanged(costs) else before.change(after, currency)


def _change(change: CostChange, currency: str) -> str:
    """The change of a cost in words, such as ``+$0.41 an hour at launch ($0.65 -> $1.06)``."""
    texts = [_difference(change, change.launch, currency, "at launch")]
    if change.is_scaled:
        texts.append(_difference(change, change.limit, currency, "at the limit of scaling"))
    if unknown := _unknown(change):
        texts.append(f"unknown: {'; '.join(unknown)}")
    return "; ".join(map(plain, texts))


def _difference(change: CostChange, costs: tuple[Breakdown, Breakdown], currency: str, when: str) -> str:
    before, after = (cost.total for cost in costs)
    if change.is_unchanged(costs):
        return f"{after.shown(currency)} an hour {when}, unchanged"
    found = before.change(after, currency)
    text = "unknown change" if found == "unknown" else f"{found} an hour"
    return f"{text} {when} ({before.shown(currency)} -> {after.shown(currency)})"


def _cells(template: str, change: CostChange, currency: str) -> tuple[str, ...]:
    cluster = shown(change.cluster)
    name = f"{cluster} in {template}" if template else cluster
    cells = []
    for costs in (change.launch, change.limit) if change.is_scaled else (change.launch,):
        before, after = (cost.total for cost in costs)
        is_same = change.is_unchanged(costs)
        cells += [before.shown(currency) if is_same else f"{before.shown(currency)} -> {after.shown(currency)}"]
        cells += ["unchanged" if is_same else before.change(after, currency)]
    return (name, *cells, *([""] * (len(_CHANGES) - 1 - len(cells))))


def _unknown(change: CostChange) -> list[str]:
    costs = [*change.launch, *(change.limit if change.is_scaled else ())]
    return list(dict.fromkeys(reason for cost in costs for reason in cost.total.unknown))
