"""The hourly costs of the clusters of a template before and after an update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..templates.launches import Launch, launches_in
from .amounts import Breakdown
from .cluster_costs import ClusterCost, hourly_cost

if TYPE_CHECKING:
    from .price_file import Prices

__all__ = ["CostChange", "cost_changes", "launch_cost"]


@dataclass(frozen=True, slots=True)
class CostChange:
    """The hourly cost of a cluster before and after an update."""

    cluster: str
    """The logical ID; of a cluster that a state machine launches, the state machine and the state."""

    before: ClusterCost | None
    """None if the update adds the cluster."""

    after: ClusterCost | None
    """None if the update deletes the cluster."""

    @property
    def launch(self) -> tuple[Breakdown, Breakdown]:
        """The costs at launch; a missing cluster costs nothing."""
        before, after = (Breakdown() if cost is None else cost.launch for cost in (self.before, self.after))
        return before, after

    @property
    def limit(self) -> tuple[Breakdown, Breakdown]:
        """The costs at the limit of scaling; those at launch if a cluster isn't scaled."""
        before, after = (
            launch if cost is None or cost.limit is None else cost.limit
            for cost, launch in zip((self.before, self.after), self.launch, strict=True)
        )
        return before, after

    @property
    def is_scaled(self) -> bool:
        """Whether the cluster is scaled before or after the update."""
        return any(cost is not None and cost.limit is not None for cost in (self.before, self.after))


def launch_cost(launch: Launch, prices: Prices) -> ClusterCost:
    """Return the hourly cost of a cluster with the nodes that its file adds to it."""
    return hourly_cost(launch.request, prices, launch.nodes)


def cost_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], prices: Prices, renamed: Mapping[str, str]
) -> list[CostChange]:
    """Return the costs of each cluster of two versions of a template, with the defaults of their parameters.

    :param renamed: the clusters that get another logical ID, by the old one.
    """
    before = {renamed.get(found.where, found.where): launch_cost(found, prices) for found in launches_in(old)}
    after = {found.where: launch_cost(found, prices) for found in launches_in(new)}
    names = dict.fromkeys([*before, *after])
    return [CostChange(name, before.get(name), after.get(name)) for name in names]
