"""The nodes of a cluster as company rules read them: instance groups and instance fleets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any, Final, Literal

from ..rules.instance_types import facts
from .known import KnownItems, Undecided
from .parts import ResolvedPart, Source

__all__ = ["ResolvedInstanceType", "ResolvedNodes", "ResolvedVolume", "Role", "short_form"]

Role = Literal["primary", "core", "task"]
"""The role of nodes in a cluster."""

_ROLES: Final[dict[str, Role]] = {"MASTER": "primary", "CORE": "core", "TASK": "task"}


class ResolvedVolume(ResolvedPart):
    """EBS volumes of a node that have the same specification.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_VolumeSpecification.html
    """

    _SHAPE = "EbsBlockDeviceConfig"

    @property
    def volume_type(self) -> str | None:
        """The type, such as ``gp3``."""
        return self._text("VolumeSpecification", "VolumeType")

    @property
    def size_gib(self) -> int | None:
        """The size of each volume in GiB."""
        return self._number("VolumeSpecification", "SizeInGB")

    @property
    def iops(self) -> int | None:
        """The I/O operations per second of each volume."""
        return self._number("VolumeSpecification", "Iops")

    @property
    def throughput_mibps(self) -> int | None:
        """The throughput of each volume in MiB/s."""
        return self._number("VolumeSpecification", "Throughput")

    @property
    def count(self) -> int:
        """The number of these volumes on a node."""
        found = self._number("VolumesPerInstance")
        return 1 if found is None else found


class ResolvedInstanceType(ResolvedPart):
    """An instance type of an instance fleet, or that of an instance group."""

    def _shape(self) -> str:
        return "InstanceGroupConfig" if "InstanceRole" in self._source.members else "InstanceTypeConfig"

    @property
    def name(self) -> str | None:
        """The instance type, such as ``m7g.xlarge``."""
        return self._text("InstanceType")

    @property
    def units(self) -> int:
        """The units of an instance fleet that an instance of the type counts for. 1 in an instance group."""
        found = self._number("WeightedCapacity")
        return 1 if found is None else found

    @property
    def volumes(self) -> Sequence[ResolvedVolume]:
        """The EBS volumes that are specified. EMR adds others only if there are none and the type has no disks."""
        return self._parts(ResolvedVolume, "EbsConfiguration", "EbsBlockDeviceConfigs")


class ResolvedNodes(ResolvedPart):
    """An instance group or an instance fleet: of the cluster, or one that another resource adds to it."""

    def _shape(self) -> str:
        return "InstanceFleetConfig" if self.is_fleet else "InstanceGroupConfig"

    @property
    def is_fleet(self) -> bool:
        """Whether the nodes are an instance fleet."""
        return "InstanceFleetType" in self._source.members

    @property
    def role(self) -> Role:
        """The role: ``primary``, ``core`` or ``task``."""
        found = _ROLES.get(self._text("InstanceFleetType" if self.is_fleet else "InstanceRole") or "")
        if found is None:
            raise Undecided(self._source.key)
        return found

    @property
    def name(self) -> str | None:
        """The name."""
        return self._text("Name")

    @property
    def instance_types(self) -> Sequence[ResolvedInstanceType]:
        """The instance types: one for a group."""
        if self.is_fleet:
            return self._parts(ResolvedInstanceType, "InstanceTypeConfigs")
        return KnownItems([ResolvedInstanceType(self._source)], owner=self._source.key, is_complete=True)

    @property
    def count(self) -> int:
        """The number of nodes at launch; of a fleet the number of units, On-Demand and Spot."""
        if not self.is_fleet:
            found = self._number("InstanceCount")
            return 1 if found is None else found
        return (self._number("TargetOnDemandCapacity") or 0) + (self._number("TargetSpotCapacity") or 0)

    @property
    def maximum_count(self) -> int:
        """The maximum number of nodes: with automatic scaling, and if a fleet launches only its smallest types.

        Managed scaling has limits for the cluster: see ``ResolvedCluster.maximum_nodes``.
        """
        if not self.is_fleet:
            limit = self._number("AutoScalingPolicy", "Constraints", "MaxCapacity")
            return max(self.count, limit or 0)
        capacities = (self._number("TargetOnDemandCapacity") or 0, self._number("TargetSpotCapacity") or 0)
        return sum(ceil(capacity / self.smallest_units) for capacity in capacities)

    @property
    def smallest_units(self) -> int:
        """The smallest number of units of an instance of the fleet. 1 for an instance group."""
        return max(1, min((kind.units for kind in self.instance_types), default=1))

    @property
    def smallest_vcpus(self) -> int:
        """The smallest number of vCPUs of an instance. Unknown for an instance type that the library doesn't know."""
        found = [facts(kind.name or "") for kind in self.instance_types]
        if not found or None in found:
            raise Undecided(self._source.key)
        return max(1, min(kind["vcpu"] for kind in found if kind is not None))

    @property
    def uses_spot(self) -> bool:
        """Whether Spot Instances are launched."""
        if self.is_fleet:
            return (self._number("TargetSpotCapacity") or 0) > 0
        return self._text("Market") == "SPOT" or self._text("BidPrice") is not None


def short_form(cluster: Source, instances: Mapping[str, Any]) -> list[ResolvedNodes]:
    """Return the nodes of a request that has a number and two instance types instead of groups."""
    count, found = instances.get("InstanceCount"), []
    if (primary := instances.get("MasterInstanceType")) is not None:
        found.append(("MasterInstanceType", {"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": primary}))
    if (core := instances.get("SlaveInstanceType")) is not None and count != 1:
        others = count - 1 if type(count) is int else count
        found.append(("SlaveInstanceType", {"InstanceRole": "CORE", "InstanceCount": others, "InstanceType": core}))
    return [ResolvedNodes(_at_member(cluster, group, f"Instances.{member}")) for member, group in found]


def _at_member(cluster: Source, group: Mapping[str, Any], path: str) -> Source:
    """The source of a group whose properties are one member of the request."""
    return replace(cluster.inside(group, path), locate=lambda finding, _path: cluster.locate(finding, path))
