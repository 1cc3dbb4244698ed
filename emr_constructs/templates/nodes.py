"""The nodes that a cluster launches: instance groups, instance fleets and their capacity.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-storage.html
https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hdfs-config.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .._core.unknown import is_unknown
from ..rules.instance_types import facts
from .intrinsics import mappings, section, shown

__all__ = ["Nodes", "hdfs_capacity", "nodes_of", "role_name"]

# The roles by their names in the API, in the order of the overview.
_ROLES: Final = {"MASTER": "primary", "CORE": "core", "TASK": "task"}
# The purchasing options by their names in the API.
_MARKETS: Final = {"ON_DEMAND": "On-Demand", "SPOT": "Spot"}
# EMR attaches volumes to a type without instance storage, by its size; since release 5.22.0 16 GiB for each vCPU.
_DEFAULT_EBS: Final = 16
# The default replication factor of HDFS, by the minimum number of core nodes.
_REPLICATION: Final = ((10, 3), (4, 2), (0, 1))


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of an instance group or an instance fleet."""

    role: str
    """``primary``, ``core`` or ``task``."""

    name: str
    instance_types: tuple[str, ...]
    count: int | None
    """The initial number of nodes, or of units of a fleet; None if it is unknown."""

    unit: str
    """``nodes``, or ``units`` of a fleet."""

    purchase: str
    vcpus: int | None
    """Of all of these nodes; None for a fleet, which chooses among types, and for unknown instance types."""

    memory_gib: float | None
    storage_gib: float | None
    """EBS volumes and instance store volumes of all of these nodes, without the root volumes."""


def nodes_of(instances: Mapping[str, Any]) -> tuple[Nodes, ...]:
    """Return the nodes of a ``JobFlowInstancesConfig``, by role."""
    nodes = [
        *map(_group, mappings(instances.get("InstanceGroups"))),
        *map(_fleet, mappings(instances.get("InstanceFleets"))),
    ]
    order = [*_ROLES.values()]
    return tuple(sorted(nodes, key=lambda it: order.index(it.role) if it.role in order else len(order)))


def hdfs_capacity(nodes: Sequence[Nodes], configurations: Any) -> str:
    """Describe the capacity of HDFS with and without replication.

    :param configurations: a ``ConfigurationList``, which may set the replication factor.
    """
    core = [it for it in nodes if it.role == "core"] or [it for it in nodes if it.role == "primary"]
    sizes = [it.storage_gib for it in core]
    if not core or None in sizes:
        return "depends on the instances that are launched"
    raw = sum(size for size in sizes if size is not None)
    count = sum(it.count or 0 for it in core)
    factor = _replication(configurations) or next((factor for minimum, factor in _REPLICATION if count >= minimum), 1)
    return f"{raw:.0f} GiB" + (
        "" if factor == 1 else f" ({raw / factor:.0f} GiB of data with replication factor {factor})"
    )


def role_name(value: Any) -> str:
    """Return the name of an instance role: ``primary``, ``core`` or ``task``."""
    name = shown(value)
    return _ROLES.get(name, name)


def _group(group: Mapping[str, Any]) -> Nodes:
    count = group.get("InstanceCount")
    known = count if isinstance(count, int) and not is_unknown(count) else None
    name = shown(group.get("InstanceType"))
    kind = facts(name)
    bid = f" (bid price {shown(group['BidPrice'])} USD)" if "BidPrice" in group else ""
    market = shown(group.get("Market"), "SPOT" if bid else "ON_DEMAND")
    return Nodes(
        role=role_name(group.get("InstanceRole")),
        name=shown(group.get("Name"), ""),
        instance_types=(name,),
        count=known,
        unit="nodes",
        purchase=_MARKETS.get(market, market) + bid,
        vcpus=kind["vcpu"] * known if kind and known is not None else None,
        memory_gib=kind["memory_gib"] * known if kind and known is not None else None,
        storage_gib=_times(_storage(group, kind), known),
    )


def _fleet(fleet: Mapping[str, Any]) -> Nodes:
    targets = {"On-Demand": fleet.get("TargetOnDemandCapacity", 0), "Spot": fleet.get("TargetSpotCapacity", 0)}
    known = [target for target in targets.values() if isinstance(target, int)]
    return Nodes(
        role=role_name(fleet.get("InstanceFleetType")),
        name=shown(fleet.get("Name"), ""),
        instance_types=tuple(map(_weighted, mappings(fleet.get("InstanceTypeConfigs")))),
        count=sum(known) if len(known) == len(targets) else None,
        unit="units",
        purchase=", ".join(f"{shown(target)} {option}" for option, target in targets.items() if target != 0),
        vcpus=None,
        memory_gib=None,
        storage_gib=None,
    )


def _replication(configurations: Any) -> int | None:
    for configuration in mappings(configurations):
        factor = str(section(configuration, "Properties").get("dfs.replication"))
        if configuration.get("Classification") == "hdfs-site" and re.fullmatch(r"[1-9]\d{0,2}", factor):
            return int(factor)
    return None


def _storage(group: Mapping[str, Any], kind: Mapping[str, Any] | None) -> float | None:
    """The storage of one node of an instance group in GiB, without its root volume."""
    devices = mappings(section(group, "EbsConfiguration").get("EbsBlockDeviceConfigs"))
    total = _gib(kind["storage_gb"]) if kind else None
    for device in devices:
        size = section(device, "VolumeSpecification").get("SizeInGB")
        count = device.get("VolumesPerInstance", 1)
        if not isinstance(size, int) or not isinstance(count, int):
            return None
        total = (total or 0) + size * count
    if kind and not devices and kind["ebs_only"]:
        return float(_DEFAULT_EBS * kind["vcpu"])
    return total


def _gib(gigabytes: float) -> float:
    return round(gigabytes * 10**9 / 2**30)


def _times(value: float | None, count: int | None) -> float | None:
    return None if value is None or count is None else value * count


def _weighted(kind: Mapping[str, Any]) -> str:
    weight = kind.get("WeightedCapacity", 1)
    return shown(kind.get("InstanceType")) + (f" x{shown(weight)}" if weight != 1 else "")
