"""The cost of the EBS volumes of one node: its root volume, and those that the cluster specifies or EMR adds.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-storage.html
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-custom-ami-root-volume-size.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import is_unknown
from ..rules.instance_types import facts
from ..rules.releases import parse, supports
from ..templates.display import is_open
from ..templates.intrinsics import items, mapping, section
from ..templates.nodes import DEFAULT_EBS, is_count
from .amounts import FREE, Cost

if TYPE_CHECKING:
    from .price_file import Prices

__all__ = ["Storage"]

# How AWS prorates a monthly price: 30 days.
_HOURS: Final = 720
# What a gp3 volume has at no charge.
_FREE_IOPS: Final = 3000
_FREE_MIBPS: Final = 125
_DEFAULT_TYPES: Final = ("gp2", "gp3")
_SIZE_DEPENDS_ON_TYPE: Final = (5, 22, 0)


@dataclass(frozen=True, slots=True)
class Storage:
    """The EBS volumes of the nodes of a cluster."""

    request: Mapping[str, Any]
    """The RunJobFlow request."""

    prices: Prices

    def cost(self, nodes: Mapping[str, Any], instance_type: str) -> Cost:
        """Return the cost of the volumes of one node.

        :param nodes: the instance group, or the instance type of a fleet.
        """
        return self._root(nodes) + self._volumes(nodes, instance_type)

    def _root(self, nodes: Mapping[str, Any]) -> Cost:
        if "CustomAmiId" in self.request or "CustomAmiId" in nodes:
            return Cost.without("root volumes, whose type the custom AMI determines")
        label = self._label
        is_gp3, has_15_gib = supports(label, "gp3_root_volume"), supports(label, "root_volume_15_gib")
        if is_gp3 is None or has_15_gib is None:
            return Cost.without("root volumes, because the release is unknown")
        root = {
            "VolumeType": "gp3" if is_gp3 else "gp2",
            "SizeInGB": self.request.get("EbsRootVolumeSize", 15 if has_15_gib else 10),
            **{
                name: self.request[f"EbsRootVolume{name}"]
                for name in ("Iops", "Throughput")
                if f"EbsRootVolume{name}" in self.request
            },
        }
        return self._volume(root, "root volumes")

    def _volumes(self, nodes: Mapping[str, Any], instance_type: str) -> Cost:
        configuration = nodes.get("EbsConfiguration")
        devices = section(nodes, "EbsConfiguration").get("EbsBlockDeviceConfigs")
        if is_open(nodes) or is_open(configuration) or is_open(devices) or any(map(is_open, items(devices))):
            return Cost.without(f"storage volumes of {instance_type}")
        return sum(self._devices(items(devices)), FREE) if devices else self._default(instance_type)

    def _devices(self, devices: list[Any]) -> Iterator[Cost]:
        for device in devices:
            count = mapping(device).get("VolumesPerInstance", 1)
            if is_count(count):
                yield self._volume(section(device, "VolumeSpecification"), "storage volumes").times(count)
            else:
                yield Cost.without("number of storage volumes")

    def _default(self, instance_type: str) -> Cost:
        """The volumes that EMR adds to an instance type without storage."""
        kind, release = facts(instance_type), parse(self._label)
        if kind is None:
            return Cost.without(f"storage volumes of {instance_type}")
        if not kind["ebs_only"]:
            return FREE
        if release is None:
            return Cost.without("storage volumes, because the release is unknown")
        if release.version < _SIZE_DEPENDS_ON_TYPE:
            return Cost.without("storage volumes, whose default size before emr-5.22.0 isn't documented")
        size = DEFAULT_EBS * kind["vcpu"]
        # AWS documents that EMR uses one of two types, not which one.
        costs = [self._volume({"VolumeType": name, "SizeInGB": size}, "storage volumes") for name in _DEFAULT_TYPES]
        unknown = tuple(dict.fromkeys(reason for cost in costs for reason in cost.unknown))
        return Cost(min(cost.least for cost in costs), max(cost.most for cost in costs), unknown)

    def _volume(self, volume: Mapping[str, Any], what: str) -> Cost:
        kind, size = volume.get("VolumeType"), volume.get("SizeInGB")
        if not isinstance(kind, str) or is_unknown(kind):
            return Cost.without(f"type of {what}")
        if not is_count(size):
            return Cost.without(f"size of {what}")
        amounts: dict[str, Any] = {"gib_month": size}
        if kind == "io1":
            amounts["iops_month"] = volume.get("Iops")
        elif kind == "gp3":
            amounts["iops_month"] = _beyond(volume.get("Iops", _FREE_IOPS), _FREE_IOPS)
            amounts["mibps_month"] = _beyond(volume.get("Throughput", _FREE_MIBPS), _FREE_MIBPS)
        return sum((self._part(kind, name, amount, what) for name, amount in amounts.items()), FREE)

    def _part(self, kind: str, name: str, amount: Any, what: str) -> Cost:
        if not is_count(amount):
            return Cost.without(f"{'IOPS' if name == 'iops_month' else 'throughput'} of {what}")
        price = self.prices.volumes.get(kind, {}).get(name)
        if not amount:
            return FREE
        if price is None:
            part = {"iops_month": " IOPS", "mibps_month": " throughput"}.get(name, " volumes")
            return Cost.without(f"{kind}{part}, whose price the file lacks")
        return Cost.exactly(price * Decimal(amount) / _HOURS)

    @property
    def _label(self) -> str:
        label = self.request.get("ReleaseLabel")
        return label if isinstance(label, str) else ""


def _beyond(amount: Any, baseline: int) -> Any:
    """What is charged of an amount; unknown amounts stay as they are."""
    return max(amount - baseline, 0) if is_count(amount) else amount
