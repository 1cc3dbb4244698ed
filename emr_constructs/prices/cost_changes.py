"""The hourly costs of the clusters of a template before and after an update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import MACRO
from ..templates.launches import Launch, launches_in
from .amounts import Breakdown
from .cluster_costs import ClusterCost, hourly_cost

if TYPE_CHECKING:
    from .price_file import Prices

__all__ = ["CostChange", "cost_changes", "launch_cost"]

_PRICED: Final = (
    "CustomAmiId",
    "EbsRootVolumeIops",
    "EbsRootVolumeSize",
    "EbsRootVolumeThroughput",
    "Instances",
    "ManagedScalingPolicy",
    "ReleaseLabel",
    MACRO,
)


@dataclass(frozen=True, slots=True)
class CostChange:
    """The hourly cost of a cluster before and after an update."""

    cluster: str
    """The logical ID; of a cluster that a state machine launches, the state machine and the state."""

    before: ClusterCost | None
    """None if the update adds the cluster."""

    after: ClusterCost | None
    """None if the update deletes the cluster."""

    has_same_nodes: bool = False
    """Whether the file says the same about the nodes of the cluster before and after the update."""

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

    def is_unchanged(self, costs: tuple[Breakdown, Breakdown]) -> bool:
        """Return whether the costs at launch or at the limit are equal, also in their unknown parts."""
        before, after = (cost.total for cost in costs)
        return before == after and (self.has_same_nodes or not after.unknown)


def launch_cost(launch: Launch, prices: Prices) -> ClusterCost:
    """Return the hourly cost of a cluster with the nodes that its file adds to it."""
    return hourly_cost(launch.request, prices, launch.nodes)


def cost_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], prices: Prices, renamed: Mapping[str, str]
) -> list[CostChange]:
    """Return the costs of each cluster of two versions of a template, with the defaults of their parameters.

    :param renamed: the clusters that get another logical ID, by the old one.
    """
    before = {renamed.get(found.where, found.where): found for found in launches_in(old)}
    after = {found.where: found for found in launches_in(new)}
    return [_change(name, before.get(name), after.get(name), prices) for name in dict.fromkeys([*before, *after])]


def _change(name: str, before: Launch | None, after: Launch | None, prices: Prices) -> CostChange:
    old, new = (None if found is None else launch_cost(found, prices) for found in (before, after))
    is_same = before is not None and after is not None and _priced(before) == _priced(after)
    return CostChange(name, old, new, has_same_nodes=is_same)


def _priced(launch: Launch) -> tuple[Any, ...]:
    """What a file says about the nodes of a cluster."""
    request = launch.request
    return (*(request.get(name) for name in _PRICED), [nodes for _, nodes in launch.nodes])
