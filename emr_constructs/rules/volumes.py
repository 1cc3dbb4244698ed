"""EBS volumes of the nodes and their root volume: types, sizes, IOPS, throughput and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import inf
from typing import Final, NamedTuple

from .constraints import constraint, in_range, one_of, requires_release
from .parts import Part
from .registry import At, Severity, rule
from .releases import supports
from .sources import api_reference, management_guide

__all__ = ["VOLUME_TYPES"]

_VOLUME = api_reference("VolumeSpecification")
_BLOCKS = api_reference("EbsBlockDeviceConfig")
_EBS = "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html"
_ROOT = management_guide("emr-custom-ami-root-volume-size")
_STORAGE = management_guide("emr-plan-storage")
_LARGEST: Final = 1024
"""GiB of a volume, for EMR; EC2 has larger ones."""
_MOST_VOLUMES: Final = 25


class _Limits(NamedTuple):
    """What EC2 accepts for a type of volume."""

    smallest: int = 1
    """GiB."""

    iops: tuple[int, int] | None = None
    """The fewest and the most; None: they can't be specified."""

    iops_per_gib: int = 0
    free_iops: int = 0
    """What a volume of any size has."""


_TYPES: Final = {
    "gp3": _Limits(iops=(3000, 80000), iops_per_gib=500, free_iops=3000),
    "gp2": _Limits(),
    "io1": _Limits(smallest=4, iops=(100, 64000), iops_per_gib=50),
    "st1": _Limits(smallest=125),
    "sc1": _Limits(smallest=125),
    "standard": _Limits(),
}
VOLUME_TYPES: Final = tuple(_TYPES)
_ROOT_VOLUME: Final = _TYPES["gp3"]


def _limits(volume: Part) -> _Limits:
    """The limits of the type of a volume; those of any type if it isn't known."""
    return _TYPES.get(str(volume.get("VolumeType")), _Limits())


def _other_type(member: str, *types: str) -> Callable[[Part], str | None]:
    """The type of a volume that specifies ``member``, which only ``types`` have."""

    def found(volume: Part) -> str | None:
        kind = volume.get("VolumeType")
        return repr(kind) if member in volume and kind in _TYPES and kind not in types else None

    return found


def _volumes(ebs: Part) -> list[Part]:
    return [device.part("VolumeSpecification") for device in ebs.items("EbsBlockDeviceConfigs")]


def _below(least: int, volumes: Iterable[Part]) -> Iterator[At]:
    """The sizes of ``volumes`` that are below ``least``."""
    for volume in volumes:
        if 1 <= (size := volume.get("SizeInGB", 0)) < least:
            yield At(volume.at("SizeInGB"), str(size))


def _of_core_nodes(nodes: Part) -> Iterator[Part]:
    """The volumes of an instance group or fleet of core nodes."""
    is_core = "CORE" in (nodes.get("InstanceRole"), nodes.get("InstanceFleetType"))
    for part in (nodes, *nodes.items("InstanceTypeConfigs")) if is_core else ():
        yield from _volumes(part.part("EbsConfiguration"))


def _many(ebs: Part) -> str | None:
    count = sum(device.get("VolumesPerInstance", 1) for device in ebs.items("EbsBlockDeviceConfigs"))
    return str(count) if count > _MOST_VOLUMES else None


def _too_many_iops(what: str, limits: _Limits, iops: int | None, size: int | None) -> Iterator[tuple[str, str]]:
    ratio = limits.iops_per_gib
    if iops is not None and size is not None and ratio and iops > max(ratio * size, limits.free_iops):
        message = f"{what} must be at most {ratio} for each GiB, got {iops} IOPS on {size} GiB"
        yield message, f"use at most {ratio * size} IOPS, or at least {-(-iops // ratio)} GiB"


def _too_much_throughput(what: str, part: Part, prefix: str = "") -> Iterator[tuple[str, str]]:
    """:param prefix: begins the names of the members."""
    throughput, name = part.get(f"{prefix}Throughput", 0), f"{prefix}Iops"
    iops = part.get(name, inf if name in part else _ROOT_VOLUME.free_iops)
    if 125 <= throughput <= 1000 and 4 * throughput > iops:
        message = f"{what} must be at most 0.25 MiB/s for each of its IOPS, got {throughput} MiB/s on {iops} IOPS"
        yield message, f"use at most {iops // 4} MiB/s, or at least {4 * throughput} IOPS"


@rule("emr-volume-size-type", "VolumeSpecification", at="SizeInGB", fix="use a larger volume, or another type",
      source=_EBS)  # fmt: skip
def _size_fits_the_type(volume: Part) -> Iterator[str]:
    """An io1 volume must have at least 4 GiB, an st1 or sc1 volume 125 GiB."""
    smallest, size = _limits(volume).smallest, volume.get("SizeInGB", 0)
    if 1 <= size < smallest:
        yield f"size of the {volume.get('VolumeType')} volume must be at least {smallest} GiB, got {size}"


@rule("emr-volume-iops", "VolumeSpecification", at="Iops", fix="use IOPS in the range of the type", source=_EBS)
def _iops_fit_the_type(volume: Part) -> Iterator[tuple[str, str]]:
    """A gp3 volume must have 3000 to 80000 IOPS, an io1 volume 100 to 64000."""
    bounds, iops = _limits(volume).iops, volume.get("Iops")
    if bounds is not None and iops is not None and not bounds[0] <= iops <= bounds[1]:
        listed = f"{bounds[0]} to {bounds[1]}"
        yield f"IOPS of the {volume.get('VolumeType')} volume must be {listed}, got {iops}", f"use {listed}"


@rule("emr-volume-iops-size", "VolumeSpecification", at="Iops", fix="use fewer IOPS, or a larger volume", source=_EBS)
def _iops_fit_the_size(volume: Part) -> Iterator[tuple[str, str]]:
    """A gp3 volume must have at most 500 IOPS for each GiB beyond the 3000 of any size, an io1 volume 50."""
    if iops := volume.get("Iops"):
        what = f"IOPS of the {volume.get('VolumeType')} volume"
        yield from _too_many_iops(what, _limits(volume), iops, volume.get("SizeInGB"))


@rule("emr-volume-throughput-iops", "VolumeSpecification", at="Throughput", fix="use more IOPS, or less throughput",
      source=_EBS)  # fmt: skip
def _throughput_fits_the_iops(volume: Part) -> Iterator[tuple[str, str]]:
    """A gp3 volume must have at most 0.25 MiB/s for each of its IOPS."""
    if volume.get("VolumeType") == "gp3":
        yield from _too_much_throughput("volume throughput", volume)


@rule("emr-root-volume-size", "RunJobFlowInput", at="EbsRootVolumeSize", fix="use 15 to 100 GiB", source=_ROOT)
def _root_volume_size_is_in_range(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The root volume must have 15 to 100 GiB, or 10 to 100 GiB before release 6.10.0."""
    size = cluster.get("EbsRootVolumeSize")
    smallest = 15 if supports(cluster.get("ReleaseLabel", ""), "root_volume_15_gib") else 10
    if size is not None and not smallest <= size <= 100:
        yield f"root volume size must be {smallest} to 100 GiB, got {size}", f"use {smallest} to 100 GiB"


@rule("emr-root-volume-iops", "RunJobFlowInput", at="EbsRootVolumeIops", fix="use 3000 to 16000", source=_ROOT)
def _root_volume_iops_are_in_range(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The root volume must have 3000 to 16000 IOPS, and at most 500 for each GiB."""
    iops = cluster.get("EbsRootVolumeIops")
    if iops is not None and not 3000 <= iops <= 16000:
        yield f"root volume IOPS must be 3000 to 16000, got {iops}"
    else:
        yield from _too_many_iops("root volume IOPS", _ROOT_VOLUME, iops, cluster.get("EbsRootVolumeSize"))


@rule("emr-root-volume-throughput", "RunJobFlowInput", at="EbsRootVolumeThroughput", fix="use 125 to 1000 MiB/s",
      source=_ROOT)  # fmt: skip
def _root_volume_throughput_is_in_range(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The root volume must have a throughput of 125 to 1000 MiB/s, and at most 0.25 MiB/s for each of its IOPS."""
    throughput = cluster.get("EbsRootVolumeThroughput")
    if throughput is not None and not 125 <= throughput <= 1000:
        yield f"root volume throughput must be 125 to 1000 MiB/s, got {throughput}"
    yield from _too_much_throughput("root volume throughput", cluster, "EbsRootVolume")


# fmt: off
one_of("emr-volume-type", "VolumeSpecification", "VolumeType", VOLUME_TYPES, what="the volume type", source=_VOLUME)
in_range("emr-volume-size", "VolumeSpecification", "SizeInGB", 1, _LARGEST, what="the volume size", unit="GiB",
         fix="use 1 to 1024, and more volumes for more space", source=_VOLUME)
constraint("emr-volume-size-optimized", "EbsConfiguration",
           "the volume size of an EBS-optimized instance must be at least 10 GiB",
           lambda ebs: ebs.get("EbsOptimized") is True and _below(10, _volumes(ebs)),
           fix="use at least 10 GiB", source=_VOLUME)
constraint("emr-volume-size-core", ("InstanceGroupConfig", "InstanceFleetConfig"),
           "the volume size of core nodes must be at least 5 GiB", lambda nodes: _below(5, _of_core_nodes(nodes)),
           fix="use at least 5 GiB", source=_STORAGE)
in_range("emr-volume-throughput", "VolumeSpecification", "Throughput", 125, 1000,
         when=lambda volume: volume.get("VolumeType") == "gp3", what="the throughput of a gp3 volume", unit="MiB/s",
         source=_VOLUME)
constraint("emr-volume-throughput-type", "VolumeSpecification", "the volume type must be gp3 to specify a throughput",
           _other_type("Throughput", "gp3"), at="VolumeType", fix="use gp3, or remove the throughput", source=_VOLUME)
constraint("emr-volume-iops-type", "VolumeSpecification", "the volume type must be gp3 or io1 to specify IOPS",
           _other_type("Iops", "gp3", "io1"), at="VolumeType", fix="use gp3 or io1, or remove the IOPS", source=_VOLUME)
constraint("emr-volume-iops-missing", "VolumeSpecification", "a volume of type io1 must have IOPS",
           lambda volume: volume.get("VolumeType") == "io1" and "Iops" not in volume,
           at="VolumeType", fix="specify Iops, or use gp3", severity=Severity.WARNING, source=_EBS)
in_range("emr-volumes-per-instance", "EbsBlockDeviceConfig", "VolumesPerInstance", 1,
         what="the number of volumes per instance", source=_BLOCKS)
constraint("emr-volume-count", "EbsConfiguration",
           f"the number of volumes of an instance must be at most {_MOST_VOLUMES}", _many,
           at="EbsBlockDeviceConfigs", fix="use fewer and larger volumes", source=_STORAGE)
requires_release("emr-root-volume-release", "RunJobFlowInput", {"root_volume_performance":
                 lambda cluster: "EbsRootVolumeIops" in cluster or "EbsRootVolumeThroughput" in cluster},
                 fix="use a later release, or specify only the size", source=_ROOT)
