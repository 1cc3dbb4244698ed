"""What the nodes are made of: volumes, purchase option, AMI."""

from __future__ import annotations

from collections.abc import Iterator

from .constraints import constraint, in_range, matches, one_of, requires_release
from .registry import Part, rule
from .releases import supports
from .sources import api_reference, management_guide

__all__ = ["VOLUME_TYPES"]

_VOLUME = api_reference("VolumeSpecification")
_GROUP = api_reference("InstanceGroupConfig")
_EBS = "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html"
_ROOT = management_guide("emr-custom-ami-root-volume-size")
_AMI = management_guide("emr-custom-ami")
VOLUME_TYPES = ("gp3", "gp2", "io1", "st1", "sc1", "standard")
_IOPS_PER_GIB = {"gp3": 500, "io1": 50}
_GP3_IOPS = 3000
"""IOPS that a gp3 volume of any size has."""
_NODES = ("InstanceGroupConfig", "InstanceTypeConfig")


def _is_gp3(volume: Part) -> bool:
    return bool(volume.get("VolumeType") == "gp3")


def _other_type(volume: Part, member: str, *types: str) -> str | None:
    kind = volume.get("VolumeType")
    return repr(kind) if member in volume and kind not in (None, *types) else None


def _small_volumes(ebs: Part) -> list[str]:
    sizes = (device.part("VolumeSpecification").get("SizeInGB") for device in ebs.items("EbsBlockDeviceConfigs"))
    return [str(size) for size in sizes if ebs.get("EbsOptimized") is True and size is not None and 1 <= size < 10]


def _parts_with_amis(cluster: Part) -> list[Part]:
    instances = cluster.part("Instances")
    types = [kind for fleet in instances.items("InstanceFleets") for kind in fleet.items("InstanceTypeConfigs")]
    return [part for part in [*instances.items("InstanceGroups"), *types] if "CustomAmiId" in part]


def _too_many_iops(iops: int, size: int, ratio: int) -> tuple[str, str]:
    message = f"must be at most {ratio} for each GiB, got {iops} IOPS on {size} GiB"
    return message, f"use at most {ratio * size} IOPS, or at least {-(-iops // ratio)} GiB"


def _too_much_throughput(throughput: int, iops: int) -> tuple[str, str]:
    message = f"must be at most 0.25 MiB/s for each of its IOPS, got {throughput} MiB/s on {iops} IOPS"
    return message, f"use at most {iops // 4} MiB/s, or at least {4 * throughput} IOPS"


@rule("emr-volume-iops-size", "VolumeSpecification", fix="use fewer IOPS, or a larger volume", source=_EBS)
def _iops_fit_the_size(volume: Part) -> Iterator[tuple[str, str]]:
    """A gp3 volume must have at most 500 IOPS for each GiB beyond the 3000 of any size, an io1 volume 50."""
    kind, iops, size = volume.get("VolumeType"), volume.get("Iops"), volume.get("SizeInGB")
    ratio = _IOPS_PER_GIB.get(str(kind))
    if ratio is None or iops is None or size is None or (kind == "gp3" and iops <= _GP3_IOPS):
        return
    if iops > ratio * size:
        message, fix = _too_many_iops(iops, size, ratio)
        yield f"IOPS of the {kind} volume {message}", fix


@rule("emr-volume-throughput-iops", "VolumeSpecification", fix="use more IOPS, or less throughput", source=_EBS)
def _throughput_fits_the_iops(volume: Part) -> Iterator[tuple[str, str]]:
    """A gp3 volume must have at most 0.25 MiB/s for each of its IOPS."""
    throughput, iops = volume.get("Throughput"), volume.get("Iops", None if "Iops" in volume else _GP3_IOPS)
    if not _is_gp3(volume) or throughput is None or iops is None:
        return
    if throughput > iops / 4 and 125 <= throughput <= 1000:
        message, fix = _too_much_throughput(throughput, iops)
        yield f"volume throughput {message}", fix


@rule("emr-root-volume-size", "RunJobFlowInput", fix="use 15 to 100 GiB", source=_ROOT)
def _root_volume_size_is_in_range(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The root volume must have 15 to 100 GiB, or 10 to 100 GiB before release 6.10.0."""
    size = cluster.get("EbsRootVolumeSize")
    smallest = 15 if supports(cluster.get("ReleaseLabel", ""), "root_volume_15_gib") else 10
    if size is not None and not smallest <= size <= 100:
        yield f"root volume size must be {smallest} to 100 GiB, got {size}", f"use {smallest} to 100 GiB"


@rule("emr-root-volume-iops", "RunJobFlowInput", fix="use 3000 to 16000", source=_ROOT)
def _root_volume_iops_are_in_range(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The root volume must have 3000 to 16000 IOPS, and at most 500 for each GiB."""
    iops, size = cluster.get("EbsRootVolumeIops"), cluster.get("EbsRootVolumeSize")
    if iops is None:
        return
    if not _GP3_IOPS <= iops <= 16000:
        yield f"root volume IOPS must be 3000 to 16000, got {iops}"
    elif size is not None and iops > 500 * size:
        message, fix = _too_many_iops(iops, size, 500)
        yield f"root volume IOPS {message}", fix


@rule("emr-root-volume-throughput", "RunJobFlowInput", fix="use 125 to 1000 MiB/s", source=_ROOT)
def _root_volume_throughput_is_in_range(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The root volume must have a throughput of 125 to 1000 MiB/s, and at most 0.25 MiB/s for each of its IOPS."""
    throughput, iops = cluster.get("EbsRootVolumeThroughput"), cluster.get("EbsRootVolumeIops", _GP3_IOPS)
    if throughput is None:
        return
    if not 125 <= throughput <= 1000:
        yield f"root volume throughput must be 125 to 1000 MiB/s, got {throughput}"
    elif throughput > iops / 4:
        message, fix = _too_much_throughput(throughput, iops)
        yield f"root volume throughput {message}", fix


def _bid_without_spot(group: Part) -> str | None:
    is_on_demand = group.get("Market") == "ON_DEMAND" and "BidPrice" in group
    return f"{group.get('BidPrice', 'one')} for On-Demand Instances" if is_on_demand else None


# fmt: off
one_of("emr-volume-type", "VolumeSpecification", "VolumeType", VOLUME_TYPES, what="volume type", source=_VOLUME)
in_range("emr-volume-size", "VolumeSpecification", "SizeInGB", 1, 1024, what="volume size", unit="GiB",
         fix="use 1 to 1024, and more volumes for more space", source=_VOLUME)
constraint("emr-volume-size-optimized", "EbsConfiguration",
           "volume size of an EBS-optimized instance must be at least 10 GiB", _small_volumes,
           fix="use at least 10 GiB", source=_VOLUME)
in_range("emr-volume-throughput", "VolumeSpecification", "Throughput", 125, 1000, when=_is_gp3,
         what="throughput of a gp3 volume", unit="MiB/s", source=_VOLUME)
constraint("emr-volume-throughput-type", "VolumeSpecification", "volume type must be gp3 to specify a throughput",
           lambda volume: _other_type(volume, "Throughput", "gp3"), fix="use gp3, or remove the throughput",
           source=_VOLUME)
constraint("emr-volume-iops-type", "VolumeSpecification", "volume type must be gp3 or io1 to specify IOPS",
           lambda volume: _other_type(volume, "Iops", "gp3", "io1"), fix="use gp3 or io1, or remove the IOPS",
           source=_VOLUME)
in_range("emr-volume-iops", "VolumeSpecification", "Iops", _GP3_IOPS, when=_is_gp3, what="IOPS of a gp3 volume",
         fix="use at least 3000, or remove them for 3000", source=_EBS)
in_range("emr-volumes-per-instance", "EbsBlockDeviceConfig", "VolumesPerInstance", 1,
         what="number of volumes per instance", source=api_reference("EbsBlockDeviceConfig"))
constraint("emr-bid-price-market", "InstanceGroupConfig", "a bid price requires Spot Instances", _bid_without_spot,
           fix="set Market to SPOT, or remove the bid price",
           library_fix="use Market.spot(bid_price=...), or remove the bid price", source=_GROUP)
matches("emr-bid-price", _NODES, "BidPrice", r"OnDemandPrice|(?![0.]*$)(\d+(\.\d+)?|\.\d+)", what="bid price",
        must="be a number of US dollars per hour above 0",
        fix="use a price such as 0.25, or remove it to pay up to the On-Demand price", source=_GROUP)
matches("emr-instance-type", _NODES, "InstanceType", r"[a-z][a-z0-9-]*\.[a-z0-9-]+", what="instance type",
        must="be a family and a size", fix="use a type such as m7g.xlarge", source=_GROUP)
matches("emr-custom-ami-id", (*_NODES, "RunJobFlowInput"), "CustomAmiId", r"ami-[0-9a-f]{8}([0-9a-f]{9})?",
        what="custom AMI", must="be the ID of an AMI", fix="use an ID such as ami-0123456789abcdef0", source=_AMI)
constraint("emr-custom-ami-twice", "RunJobFlowInput",
           "custom AMI of the cluster can't be combined with custom AMIs of instance groups or types",
           lambda cluster: "CustomAmiId" in cluster and bool(_parts_with_amis(cluster)),
           fix="remove one of them", source=_AMI)
requires_release("emr-custom-ami-release", "RunJobFlowInput",
                 {"custom_ami": lambda cluster: "CustomAmiId" in cluster or _parts_with_amis(cluster)}, source=_AMI)
requires_release("emr-root-volume-release", "RunJobFlowInput", {"root_volume_performance":
                 lambda cluster: "EbsRootVolumeIops" in cluster or "EbsRootVolumeThroughput" in cluster},
                 fix="use a later release, or specify only the size", source=_ROOT)
