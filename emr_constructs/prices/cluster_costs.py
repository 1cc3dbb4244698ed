"""The hourly cost of a cluster at launch and at the limit of scaling, from its RunJobFlow request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import UNKNOWN
from ..templates.display import is_open
from ..templates.intrinsics import items, mapping
from ..templates.nodes import configured_nodes
from .amounts import Breakdown, Cost
from .node_costs import NodesCost, nodes_cost
from .scaling_costs import managed_scaling_cost
from .storage_costs import Storage

if TYPE_CHECKING:
    from .price_file import Prices

__all__ = ["ClusterCost", "hourly_cost"]

_NODES: Final = ("InstanceGroups", "InstanceFleets")


@dataclass(frozen=True, slots=True)
class ClusterCost:
    """The hourly cost of a cluster."""

    nodes: tuple[NodesCost, ...]
    launch: Breakdown
    limit: Breakdown | None
    """At the limit of managed scaling or automatic scaling policies; None if the cluster isn't scaled."""

    @property
    def highest(self) -> Cost:
        """The cost at launch or at the limit of scaling, whichever can be more.

        A part that is unknown in one of them is unknown here.
        """
        launch = self.launch.total
        limit = launch if self.limit is None else self.limit.total
        unknown = tuple(dict.fromkeys((*launch.unknown, *limit.unknown)))
        has_spot = launch.has_spot or limit.has_spot
        return Cost(max(launch.least, limit.least), max(launch.most, limit.most), unknown, has_spot)


def hourly_cost(
    request: Mapping[str, Any], prices: Prices, more: Sequence[tuple[str, Mapping[str, Any]]] = ()
) -> ClusterCost:
    """Return the hourly cost of a cluster: EC2 and EMR at On-Demand prices, and EBS.

    Not included are network traffic, S3, CloudWatch, KMS, requests to magnetic volumes, and discounts.

    :param request: a RunJobFlow request whose numbers are numbers; unknown values are tokens.
    :param more: instance groups and instance fleets that other resources add, by logical ID.
    """
    instances = mapping(_instances(request))
    storage = Storage(request, prices)
    found = [(content, nodes_cost(content, nodes, storage)) for content, nodes in configured_nodes(instances, more)]
    doubts = Breakdown.each(lambda _: Cost.without(*_doubts(request)))
    launch = Breakdown.sum([doubts, *(cost.launch for _, cost in found)])
    nodes = tuple(cost for _, cost in found)
    policy = request.get("ManagedScalingPolicy")
    if policy is not None or is_open(request):
        return ClusterCost(nodes, launch, doubts + managed_scaling_cost(policy, found))
    if all(cost.limit is None for cost in nodes):
        return ClusterCost(nodes, launch, None)
    return ClusterCost(nodes, launch, Breakdown.sum([doubts, *(cost.limit or cost.launch for cost in nodes)]))


def _instances(request: Mapping[str, Any]) -> Any:
    return request.get("Instances", UNKNOWN if is_open(request) else None)


def _doubts(request: Mapping[str, Any]) -> Iterator[str]:
    """The nodes of a cluster that its file doesn't show."""
    instances = _instances(request)
    if is_open(instances):
        yield "nodes of the cluster"
    for name in _NODES:
        value = mapping(instances).get(name)
        if is_open(value) or any(map(is_open, items(value))):
            yield f"nodes in {name}"
