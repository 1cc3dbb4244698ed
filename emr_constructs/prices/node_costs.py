"""The hourly cost of the nodes of an instance group or an instance fleet, and of one node of each type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._core.unknown import UNKNOWN, is_unknown
from ..templates.display import is_open, member
from ..templates.intrinsics import items, mappings, section
from ..templates.nodes import Nodes, is_count
from .amounts import Breakdown, Cost
from .capacity_costs import Choice, covered

if TYPE_CHECKING:
    from .storage_costs import Storage

__all__ = ["NodesCost", "TypeCost", "nodes_cost"]


@dataclass(frozen=True, slots=True)
class TypeCost:
    """The hourly cost of one node of an instance type."""

    instance_type: str
    units: int | None
    """The capacity units of an instance in its fleet; None if they are unknown. 1 in an instance group."""

    cost: Breakdown
    """At On-Demand prices."""

    is_spot: bool = False
    """Whether it can be a Spot Instance."""

    @property
    def offered(self) -> Breakdown:
        """The cost, of a Spot Instance at most that of an On-Demand Instance."""
        return _at_most(self.cost) if self.is_spot else self.cost


@dataclass(frozen=True, slots=True)
class NodesCost:
    """The hourly cost of the nodes of an instance group or an instance fleet."""

    nodes: Nodes
    types: tuple[TypeCost, ...]
    launch: Breakdown
    """Of all of these nodes at launch. For a fleet, the range over all mixtures of its instance types."""

    limit: Breakdown | None = None
    """At the limit of the automatic scaling policy of an instance group; None if there is none."""


def nodes_cost(content: Mapping[str, Any], nodes: Nodes, storage: Storage) -> NodesCost:
    """Return the cost of nodes.

    :param content: their instance group or instance fleet.
    """
    if nodes.unit == "units":
        has_spot = content.get("TargetSpotCapacity", 0) != 0 or is_open(content)
        listed = mappings(content.get("InstanceTypeConfigs"))
        types = tuple(_type_cost(item, storage, is_spot=has_spot) for item in listed)
        return NodesCost(nodes, types, _fleet_cost(content, nodes, types))
    market = content.get("Market", "SPOT" if "BidPrice" in content else "ON_DEMAND")
    found = _type_cost(content, storage, is_spot=market != "ON_DEMAND")
    policy = content.get("AutoScalingPolicy")
    limit = None
    if policy is not None and policy != {}:
        most = section(policy, "Constraints").get("MaxCapacity")
        # More nodes than the limit at launch are removed later.
        highest = max(most, nodes.count or 0) if is_count(most) else None
        limit = _of_count(found.offered, highest, "limit of automatic scaling")
    launch = _of_count(found.offered, nodes.count, f"number of {nodes.title} nodes")
    return NodesCost(nodes, (found,), launch, limit)


def _of_count(node: Breakdown, count: int | None, what: str) -> Breakdown:
    if count is None:
        return Breakdown.each(lambda _: Cost.without(what))
    return Breakdown.each(lambda part: part(node).times(count))


def _type_cost(content: Mapping[str, Any], storage: Storage, *, is_spot: bool) -> TypeCost:
    """The cost of one node of an instance group, or of an instance type of a fleet."""
    weight = content.get("WeightedCapacity", 1)
    name, raw = member(content, "InstanceType"), content.get("InstanceType")
    if not isinstance(raw, str) or is_unknown(raw):
        unknown = Cost.without("instance type" if raw is None else f"instance type {name}")
        cost = Breakdown.of(unknown, unknown, storage.cost(content, name))
    else:
        row = storage.prices.instances.get(name, {})
        ec2, emr = (
            Cost.exactly(row[what]) if what in row else Cost.without(f"{title} price of {name}, which the file lacks")
            for what, title in (("ec2", "EC2"), ("emr", "EMR"))
        )
        cost = Breakdown.of(ec2, emr, storage.cost(content, name))
    return TypeCost(name, weight if is_count(weight) and weight > 0 else None, cost, is_spot)


def _at_most(cost: Breakdown) -> Breakdown:
    """The cost of a Spot Instance whose On-Demand cost this is."""
    return Breakdown.of(cost.ec2.as_spot(), cost.emr, cost.ebs)


def _fleet_cost(content: Mapping[str, Any], nodes: Nodes, types: Sequence[TypeCost]) -> Breakdown:
    listed = content.get("InstanceTypeConfigs")
    absent = UNKNOWN if is_open(content) else 0
    targets = [content.get(f"Target{option}Capacity", absent) for option in ("OnDemand", "Spot")]
    reasons = []
    if not all(map(is_count, targets)):
        reasons.append(f"target capacity of {nodes.title} nodes")
    if not types or len(types) < len(items(listed)):
        reasons.append(f"instance types of {nodes.title} nodes")
    if any(kind.units is None for kind in types):
        reasons.append(f"weighted capacity of {nodes.title} nodes")
    if reasons:
        return Breakdown.each(lambda _: Cost.without(*reasons))
    on_demand, spot = targets

    def cost(part: Callable[[Breakdown], Cost]) -> Cost:
        return covered([Choice(kind.units or 1, part(kind.cost)) for kind in types], on_demand) + covered(
            [Choice(kind.units or 1, part(_at_most(kind.cost))) for kind in types], spot
        )

    return Breakdown.each(cost)
