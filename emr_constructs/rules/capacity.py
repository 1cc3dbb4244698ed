"""What the nodes are made of: volumes, purchase option, AMI."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .registry import Part, rule
from .releases import lacks, supports
from .sources import api_reference, management_guide

_VOLUME = api_reference("VolumeSpecification")
_EBS = "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html"
_ROOT = management_guide("emr-custom-ami-root-volume-size")
_AMI = management_guide("emr-custom-ami")
VOLUME_TYPES = ("gp3", "gp2", "io1", "st1", "sc1", "standard")


@rule("emr-volume-type", "VolumeSpecification", do=f"use one of {', '.join(VOLUME_TYPES)}", source=_VOLUME)
def _volume_type_is_known(volume: Part) -> Iterator[str]:
    """EMR attaches volumes of the types gp3, gp2, io1, st1, sc1 and standard."""
    kind = volume.get("VolumeType")
    if kind is not None and kind not in VOLUME_TYPES:
        yield f"the volume type is {kind!r}"


@rule("emr-volume-size", "VolumeSpecification", do="use 1 to 1024 GiB, and more volumes for more space", source=_VOLUME)
def _volume_size_is_in_range(volume: Part) -> Iterator[str]:
    """A volume has 1 to 1024 GiB."""
    size = volume.get("SizeInGB")
    if size is not None and not 1 <= size <= 1024:
        yield f"the volume size is {size} GiB"


@rule(
    "emr-volume-size-optimized",
    "EbsConfiguration",
    do="use 10 GiB or more",
    source=_VOLUME,
)
def _optimized_volume_size(ebs: Part) -> Iterator[str]:
    """A volume of an EBS-optimized instance has at least 10 GiB."""
    if ebs.get("EbsOptimized") is not True:
        return
    for device in ebs.items("EbsBlockDeviceConfigs"):
        size = device.part("VolumeSpecification").get("SizeInGB")
        if size is not None and 1 <= size < 10:
            yield f"the volume size is {size} GiB on an EBS-optimized instance"


@rule("emr-volume-throughput", "VolumeSpecification", do="use 125 to 1000 MiB/s", source=_VOLUME)
def _throughput_is_in_range(volume: Part) -> Iterator[str]:
    """The throughput of a gp3 volume is 125 to 1000 MiB/s."""
    throughput = volume.get("Throughput")
    if volume.get("VolumeType") == "gp3" and throughput is not None and not 125 <= throughput <= 1000:
        yield f"the volume throughput is {throughput} MiB/s"


@rule("emr-volume-throughput-type", "VolumeSpecification", do="use gp3, or leave the throughput out", source=_VOLUME)
def _throughput_is_for_gp3(volume: Part) -> Iterator[str]:
    """Only gp3 volumes take a throughput."""
    kind = volume.get("VolumeType")
    if kind not in (None, "gp3") and "Throughput" in volume:
        yield f"a {kind} volume has a throughput"


@rule("emr-volume-iops-type", "VolumeSpecification", do="use gp3 or io1, or leave the IOPS out", source=_VOLUME)
def _iops_are_for_provisioned_types(volume: Part) -> Iterator[str]:
    """Only gp3 and io1 volumes take a number of IOPS."""
    kind = volume.get("VolumeType")
    if kind not in (None, "gp3", "io1") and "Iops" in volume:
        yield f"a {kind} volume has provisioned IOPS"


@rule("emr-volume-iops", "VolumeSpecification", do="use 3000 or more, or leave them out for 3000", source=_EBS)
def _gp3_iops_are_not_too_few(volume: Part) -> Iterator[str]:
    """A gp3 volume has at least 3000 IOPS."""
    iops = volume.get("Iops")
    if volume.get("VolumeType") == "gp3" and iops is not None and iops < 3000:
        yield f"the volume has {iops} IOPS"


_IOPS_PER_GIB = {"gp3": 500, "io1": 50}


@rule("emr-volume-iops-size", "VolumeSpecification", do="use fewer IOPS, or a larger volume", source=_EBS)
def _iops_fit_the_size(volume: Part) -> Iterator[tuple[str, str]]:
    """A gp3 volume has at most 500 IOPS for each GiB beyond the 3000 that any size has, an io1 volume 50."""
    kind, iops, size = volume.get("VolumeType"), volume.get("Iops"), volume.get("SizeInGB")
    ratio = _IOPS_PER_GIB.get(str(kind))
    if ratio is None or iops is None or size is None or (kind == "gp3" and iops <= 3000):
        return
    if iops > ratio * size:
        fix = f"use {ratio * size} IOPS at most, or {-(-iops // ratio)} GiB at least"
        yield f"the {kind} volume has {iops} IOPS on {size} GiB, more than {ratio} for each GiB", fix


@rule("emr-volume-throughput-iops", "VolumeSpecification", do="use more IOPS, or less throughput", source=_EBS)
def _throughput_fits_the_iops(volume: Part) -> Iterator[tuple[str, str]]:
    """A gp3 volume has at most 0.25 MiB/s for each of its IOPS."""
    throughput, iops = volume.get("Throughput"), volume.get("Iops")
    if volume.get("VolumeType") != "gp3" or throughput is None or (iops is None and "Iops" in volume):
        return
    iops = 3000 if iops is None else iops
    if throughput > iops / 4 and 125 <= throughput <= 1000:
        fix = f"use {iops // 4} MiB/s at most, or {4 * throughput} IOPS at least"
        yield f"the volume throughput is {throughput} MiB/s on {iops} IOPS, more than 0.25 for each", fix


@rule(
    "emr-volumes-per-instance", "EbsBlockDeviceConfig", do="use 1 or more", source=api_reference("EbsBlockDeviceConfig")
)
def _at_least_one_volume(device: Part) -> Iterator[str]:
    """A block device stands for at least one volume on each instance."""
    count = device.get("VolumesPerInstance")
    if count is not None and count < 1:
        yield f"the number of volumes per instance is {count}"


@rule(
    "emr-bid-price-market",
    "InstanceGroupConfig",
    do="use Market.spot(bid_price=...), or leave the bid price out",
    source=api_reference("InstanceGroupConfig"),
)
def _bid_is_for_spot(group: Part) -> Iterator[str]:
    """A bid price is for Spot instances."""
    if group.get("Market") == "ON_DEMAND" and "BidPrice" in group:
        yield f"an on-demand instance group has a bid price of {group.get('BidPrice')}"


@rule(
    "emr-bid-price",
    "InstanceGroupConfig",
    "InstanceTypeConfig",
    do="give US dollars an hour above 0, for example 0.25, or leave it out to pay up to the on-demand price",
    source=api_reference("InstanceGroupConfig"),
)
def _bid_is_a_price(group: Part) -> Iterator[str]:
    """A bid price is a number of US dollars above 0, or ``OnDemandPrice``."""
    bid = group.get("BidPrice")
    if bid is None or bid == "OnDemandPrice":
        return
    if not re.fullmatch(r"\d+(\.\d+)?|\.\d+", bid) or float(bid) == 0:
        yield f"the bid price is {bid!r}"


@rule(
    "emr-instance-type",
    "InstanceGroupConfig",
    "InstanceTypeConfig",
    do="use a type such as m7g.xlarge",
    source=api_reference("InstanceGroupConfig"),
)
def _instance_type_is_well_formed(group: Part) -> Iterator[str]:
    """An instance type is a family and a size."""
    kind = group.get("InstanceType")
    if kind is not None and not re.fullmatch(r"[a-z][a-z0-9-]*\.[a-z0-9-]+", kind):
        yield f"{kind!r} is not an instance type"


@rule(
    "emr-custom-ami-id",
    "InstanceGroupConfig",
    "InstanceTypeConfig",
    "RunJobFlowInput",
    do="use an id such as ami-0123456789abcdef0",
    source=_AMI,
)
def _ami_is_an_id(part: Part) -> Iterator[str]:
    """A custom AMI is given by its id."""
    ami = part.get("CustomAmiId")
    if ami is not None and not re.fullmatch(r"ami-[0-9a-f]{8}([0-9a-f]{9})?", ami):
        yield f"{ami!r} is not the id of an AMI"


def _parts_with_amis(cluster: Part) -> Iterator[tuple[str, list[Part]]]:
    instances = cluster.part("Instances")
    yield "group", instances.items("InstanceGroups")
    yield "type", [kind for fleet in instances.items("InstanceFleets") for kind in fleet.items("InstanceTypeConfigs")]


@rule(
    "emr-custom-ami-twice",
    "RunJobFlowInput",
    do="give it for the cluster, or for each instance group or type",
    source=_AMI,
)
def _one_level_of_amis(cluster: Part) -> Iterator[str]:
    """A custom AMI is given for the cluster or for its instance groups or types, not for both."""
    for title, parts in _parts_with_amis(cluster):
        if "CustomAmiId" in cluster and any("CustomAmiId" in part for part in parts):
            yield f"both the cluster and an instance {title} have a custom AMI"


@rule("emr-custom-ami-release", "RunJobFlowInput", do="use a newer release", source=_AMI)
def _custom_ami_needs_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Custom AMIs need a release from 5.7.0 on."""
    if "CustomAmiId" in cluster or any(
        "CustomAmiId" in part for _, parts in _parts_with_amis(cluster) for part in parts
    ):
        yield from lacks(cluster, "custom_ami")


@rule("emr-root-volume-size", "RunJobFlowInput", do="use 15 to 100 GiB", source=_ROOT)
def _root_volume_size_is_in_range(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The root volume has 15 (10 before release 6.10.0) to 100 GiB."""
    size = cluster.get("EbsRootVolumeSize")
    if size is None:
        return
    smallest = 15 if supports(cluster.get("ReleaseLabel", ""), "root_volume_15_gib") else 10
    if not smallest <= size <= 100:
        yield f"the root volume size is {size} GiB", f"use {smallest} to 100 GiB"


@rule("emr-root-volume-iops", "RunJobFlowInput", do="use 3000 to 16000", source=_ROOT)
def _root_volume_iops_are_in_range(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The root volume has 3000 to 16000 IOPS, at most 500 for each GiB."""
    iops, size = cluster.get("EbsRootVolumeIops"), cluster.get("EbsRootVolumeSize")
    if iops is None:
        return
    if not 3000 <= iops <= 16000:
        yield f"the root volume has {iops} IOPS"
    elif size is not None and iops > 500 * size:
        fix = f"use {500 * size} IOPS at most, or {-(-iops // 500)} GiB at least"
        yield f"the root volume has {iops} IOPS on {size} GiB, more than 500 for each GiB", fix


@rule("emr-root-volume-throughput", "RunJobFlowInput", do="use 125 to 1000 MiB/s", source=_ROOT)
def _root_volume_throughput_is_in_range(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The root volume has a throughput of 125 to 1000 MiB/s, at most 0.25 MiB/s for each of its IOPS."""
    throughput, iops = cluster.get("EbsRootVolumeThroughput"), cluster.get("EbsRootVolumeIops", 3000)
    if throughput is None:
        return
    if not 125 <= throughput <= 1000:
        yield f"the root volume throughput is {throughput} MiB/s"
    elif throughput > iops / 4:
        fix = f"use {iops // 4} MiB/s at most, or {4 * throughput} IOPS at least"
        yield f"the root volume throughput is {throughput} MiB/s on {iops} IOPS, more than 0.25 for each", fix


@rule("emr-root-volume-release", "RunJobFlowInput", do="use a newer release, or the size alone", source=_ROOT)
def _root_volume_performance_needs_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """The IOPS and the throughput of the root volume need a release from 6.15.0 on."""
    if "EbsRootVolumeIops" in cluster or "EbsRootVolumeThroughput" in cluster:
        yield from lacks(cluster, "root_volume_performance")
