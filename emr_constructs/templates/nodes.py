"""The nodes that a cluster launches: instance groups, instance fleets and their capacity.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-storage.html
https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hdfs-config.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final, TypeGuard

from .._core.unknown import is_unknown
from ..data import load
from ..rules.instance_types import facts
from .display import is_open, member, shown
from .intrinsics import items, mappings, section

__all__ = [
    "DEFAULT_EBS",
    "Amount",
    "Nodes",
    "Span",
    "configured_nodes",
    "figures_of_ec2",
    "hdfs_capacity",
    "is_count",
    "nodes_of",
    "role_name",
]

# The roles by their names in the API, in the order of the overview.
_ROLES: Final = {"MASTER": "primary", "CORE": "core", "TASK": "task"}
# The purchasing options by their names in the API.
_MARKETS: Final = {"ON_DEMAND": "On-Demand", "SPOT": "Spot"}
DEFAULT_EBS: Final = 16
"""GiB for each vCPU of the EBS volumes that EMR adds to an instance type without instance store, since emr-5.22.0."""

# The default replication factor of HDFS, by the minimum number of core nodes.
_REPLICATION: Final = ((10, 3), (4, 2), (0, 1))
_LARGEST: Final = 2**31


@dataclass(frozen=True, slots=True)
class Span:
    """An amount that depends on which of its instance types a fleet launches."""

    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.least:g} to {self.most:g}"


Amount = float | Span
"""A number; a range for a fleet whose instance types differ."""


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
    vcpus: Amount | None
    """Of all of these nodes, as EMR counts them; None if an instance type or the number is unknown.

    For a fleet, the range of its instance types, as if all of its instances had the same one.
    """

    memory_gib: Amount | None
    storage_gib: Amount | None
    """EBS volumes and instance store volumes of all of these nodes, without the root volumes."""

    resource: str = ""
    """The logical ID of the resource that adds them; empty if they are part of the cluster."""

    @property
    def title(self) -> str:
        """The role and what distinguishes the nodes from others of the role."""
        name = self.name if self.name.lower() != self.role else ""
        return f"{self.role} {name or self.resource}".strip()


def nodes_of(instances: Mapping[str, Any], more: Sequence[tuple[str, Mapping[str, Any]]] = ()) -> tuple[Nodes, ...]:
    """Return the nodes of a ``JobFlowInstancesConfig``, by role.

    :param more: instance groups and instance fleets that other resources add, by logical ID.
    """
    return tuple(nodes for _, nodes in configured_nodes(instances, more))


def configured_nodes(
    instances: Mapping[str, Any], more: Sequence[tuple[str, Mapping[str, Any]]] = ()
) -> list[tuple[Mapping[str, Any], Nodes]]:
    """Return the nodes of a ``JobFlowInstancesConfig``, by role, each with its instance group or instance fleet.

    :param more: instance groups and instance fleets that other resources add, by logical ID.
    """
    nodes = [
        *((group, _group(group)) for group in mappings(instances.get("InstanceGroups"))),
        *((fleet, _fleet(fleet)) for fleet in mappings(instances.get("InstanceFleets"))),
        *((group, _group(group)) for group in _short_form(instances)),
        *((item, (_fleet if "InstanceFleetType" in item else _group)(item, name)) for name, item in more),
    ]
    order = [*_ROLES.values()]
    return sorted(nodes, key=lambda it: order.index(it[1].role) if it[1].role in order else len(order))


def hdfs_capacity(nodes: Sequence[Nodes], configurations: Any) -> str:
    """Describe the capacity of HDFS with and without replication.

    :param configurations: a ``ConfigurationList``, which may set the replication factor.
    """
    core = [it for it in nodes if it.role == "core"] or [it for it in nodes if it.role == "primary"]
    if not core:
        return "unknown"
    least = most = 0.0
    for it in core:
        if it.storage_gib is None:
            return "depends on the instances that are launched"
        least += it.storage_gib.least if isinstance(it.storage_gib, Span) else it.storage_gib
        most += it.storage_gib.most if isinstance(it.storage_gib, Span) else it.storage_gib
    factor = _replication(configurations)
    if factor is None and (is_open(configurations) or any(it.unit == "units" for it in core)):
        return f"{_gibibytes(least, most)} before replication"
    count = sum(it.count or 0 for it in core)
    factor = factor or next((factor for minimum, factor in _REPLICATION if count >= minimum), 1)
    data = f" ({_gibibytes(least / factor, most / factor)} of data with replication factor {factor})"
    return _gibibytes(least, most) + ("" if factor == 1 else data)


def figures_of_ec2(nodes: Sequence[Nodes]) -> Iterator[str]:
    """Yield the figures of EC2 for the instance types for which EMR reports others."""
    units = {"vcpu": "{:g} vCPUs", "memory_gib": "{:g} GiB of memory", "storage_gb": "{:g} GB of storage"}
    types = dict.fromkeys(kind.partition(" ")[0] for it in nodes for kind in it.instance_types)
    for name in types:
        found = load("ec2_figures.json")["types"].get(name, {})
        if found and facts(name):
            yield f"{name} has {', '.join(units[figure].format(amount) for figure, amount in found.items())}"


def role_name(value: Any) -> str:
    """Return the name of an instance role: ``primary``, ``core`` or ``task``."""
    name = shown(value, "unknown")
    return _ROLES.get(name, name)


def _short_form(instances: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The instance groups of a request that has a number and two types instead of groups."""
    count = instances.get("InstanceCount")
    primary, core = instances.get("MasterInstanceType"), instances.get("SlaveInstanceType")
    if primary is not None:
        yield {"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": primary}
    if core is not None and count != 1:
        others = count - 1 if is_count(count) else None
        yield {"InstanceRole": "CORE", "InstanceCount": others, "InstanceType": core}


def is_count(value: Any) -> TypeGuard[int]:
    """Return whether ``value`` is a known number of things: an integer from 0."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and not is_unknown(value)
    return is_number and 0 <= value < _LARGEST


def _group(group: Mapping[str, Any], resource: str = "") -> Nodes:
    count = group.get("InstanceCount")
    known = count if is_count(count) else None
    name = member(group, "InstanceType")
    kind = facts(name)
    bid = f" (bid price {shown(group['BidPrice'])} USD)" if "BidPrice" in group else ""
    market = member(group, "Market", "SPOT" if bid else "ON_DEMAND")
    return Nodes(
        role=role_name(group.get("InstanceRole")),
        name=shown(group.get("Name"), ""),
        instance_types=(name,),
        count=known,
        unit="nodes",
        purchase=_MARKETS.get(market, market) + bid,
        vcpus=_times(kind["vcpu"] if kind else None, known),
        memory_gib=_times(kind["memory_gib"] if kind else None, known),
        storage_gib=_times(_storage(group, kind), known),
        resource=resource,
    )


def _fleet(fleet: Mapping[str, Any], resource: str = "") -> Nodes:
    absent = "${Token[unknown]}" if is_open(fleet) else 0
    targets = {
        "On-Demand": fleet.get("TargetOnDemandCapacity", absent),
        "Spot": fleet.get("TargetSpotCapacity", absent),
    }
    known = [target for target in targets.values() if is_count(target)]
    types = fleet.get("InstanceTypeConfigs")
    configurations = mappings(types)
    is_known = len(known) == len(targets) and not is_open(types) and len(configurations) == len(items(types))
    amounts = [_fleet_amounts(item, known) if is_known else None for item in configurations]
    return Nodes(
        role=role_name(fleet.get("InstanceFleetType")),
        name=shown(fleet.get("Name"), ""),
        instance_types=tuple(map(_weighted, configurations)) or ("unknown" if is_open(types) else "not specified",),
        count=sum(known) if len(known) == len(targets) else None,
        unit="units",
        purchase=", ".join(f"{shown(target)} {option}" for option, target in targets.items() if target != 0) or "none",
        vcpus=_span([it and it[0] for it in amounts]),
        memory_gib=_span([it and it[1] for it in amounts]),
        storage_gib=_span([it and it[2] for it in amounts]),
        resource=resource,
    )


def _fleet_amounts(
    configuration: Mapping[str, Any], targets: Sequence[int]
) -> tuple[float | None, float | None, float | None] | None:
    """vCPUs, memory and storage of a fleet whose instances all have the same type."""
    weight = configuration.get("WeightedCapacity", 1)
    if not is_count(weight) or weight < 1 or is_open(configuration):
        return None
    count = sum(ceil(target / weight) for target in targets)
    kind = facts(shown(configuration.get("InstanceType")))
    return (
        _times(kind["vcpu"] if kind else None, count),
        _times(kind["memory_gib"] if kind else None, count),
        _times(_storage(configuration, kind), count),
    )


def _span(amounts: Sequence[float | None]) -> Amount | None:
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts):
        return None
    return known[0] if min(known) == max(known) else Span(min(known), max(known))


def _replication(configurations: Any) -> int | None:
    for configuration in mappings(configurations):
        factor = str(section(configuration, "Properties").get("dfs.replication"))
        if configuration.get("Classification") == "hdfs-site" and re.fullmatch(r"[1-9]\d{0,2}", factor):
            return int(factor)
    return None


def _storage(nodes: Mapping[str, Any], kind: Mapping[str, Any] | None) -> float | None:
    """The storage of one node in GiB, without its root volume."""
    volumes = nodes.get("EbsConfiguration")
    devices = section(nodes, "EbsConfiguration").get("EbsBlockDeviceConfigs")
    if kind is None or is_open(nodes) or is_open(volumes) or is_open(devices):
        return None
    total: float = _gib(kind["storage_gb"])
    for device in mappings(devices):
        size = section(device, "VolumeSpecification").get("SizeInGB")
        count = device.get("VolumesPerInstance", 1)
        if not is_count(size) or not is_count(count):
            return None
        total += size * count
    if not devices and kind["ebs_only"]:
        return float(DEFAULT_EBS * kind["vcpu"])
    return total


def _gib(gigabytes: float) -> float:
    return round(gigabytes * 10**9 / 2**30)


def _gibibytes(least: float, most: float) -> str:
    return f"{least:.0f} GiB" if least == most else f"{least:.0f} to {most:.0f} GiB"


def _times(value: float | None, count: int | None) -> float | None:
    return None if value is None or count is None else value * count


def _weighted(kind: Mapping[str, Any]) -> str:
    weight = kind.get("WeightedCapacity", 1)
    return member(kind, "InstanceType") + (f" x{shown(weight)}" if weight != 1 else "")
