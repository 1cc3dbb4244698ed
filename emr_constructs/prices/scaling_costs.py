"""The hourly cost of a cluster at the limit of managed scaling.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/managed-scaling-allocation-strategy.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ..rules.instance_types import facts
from ..templates.display import is_open
from ..templates.intrinsics import items, section
from ..templates.nodes import is_count
from .amounts import Breakdown, Cost
from .capacity_costs import Choice, split

if TYPE_CHECKING:
    from .node_costs import NodesCost

__all__ = ["managed_scaling_cost"]

_FLEET_UNITS: Final = "InstanceFleetUnits"
_SCALED: Final = ("core", "task")
_Node = tuple[int, Breakdown]


def managed_scaling_cost(policy: Any, found: Sequence[tuple[Mapping[str, Any], NodesCost]]) -> Breakdown:
    """Return the cost of a cluster at the limit of managed scaling, which core and task nodes share.

    :param found: the instance groups or instance fleets of the cluster, with their costs.
    """
    limits = section(policy, "ComputeLimits")
    capacity, unit = limits.get("MaximumCapacityUnits"), limits.get("UnitType")
    most_core = limits.get("MaximumCoreCapacityUnits", capacity)
    primary = Breakdown.sum(cost.launch for _, cost in found if cost.nodes.role == "primary")
    scaled: dict[str, list[_Node]] = {role: [] for role in _SCALED}
    is_known = not is_open(limits)
    # In fleets, the capacity beyond the limit of On-Demand Instances consists of Spot Instances.
    has_spot = unit == _FLEET_UNITS and limits.get("MaximumOnDemandCapacityUnits", capacity) != capacity
    for content, cost in found:
        if cost.nodes.role in scaled:
            nodes = _nodes(content, cost, unit, has_spot=has_spot)
            is_known = is_known and nodes is not None
            scaled[cost.nodes.role] += nodes or ()
        elif cost.nodes.role != "primary":
            is_known = False
    if not is_known or not is_count(capacity) or not is_count(most_core):
        return primary + Breakdown.each(lambda _: Cost.without("limit of managed scaling"))
    if not any(scaled.values()):
        return primary

    def at_limit(part: Callable[[Breakdown], Cost]) -> Cost:
        core, task = ([Choice(units, part(node)) for units, node in scaled[role]] for role in _SCALED)
        return split(core, task, capacity, most_core, is_fleet=unit == _FLEET_UNITS)

    return primary + Breakdown.each(at_limit)


def _nodes(content: Mapping[str, Any], cost: NodesCost, unit: Any, *, has_spot: bool) -> list[_Node] | None:
    """The nodes that managed scaling can add, with their capacity in its unit; None if it is unknown."""
    if cost.nodes.unit == "units":
        is_complete = len(cost.types) == len(items(content.get("InstanceTypeConfigs"))) > 0
        units = [kind.units for kind in cost.types if kind.units is not None]
        if unit != _FLEET_UNITS or not is_complete or len(units) < len(cost.types):
            return None
    else:
        known = [facts(kind.instance_type) for kind in cost.types]
        amounts = [{"Instances": 1, "VCPU": kind["vcpu"] if kind else 0}.get(str(unit), 0) for kind in known]
        units = [amount for amount in amounts if amount]
        if len(units) < len(cost.types):
            return None
    offered = [replace(kind, is_spot=kind.is_spot or has_spot).offered for kind in cost.types]
    return list(zip(units, offered, strict=True))
