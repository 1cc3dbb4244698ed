"""Prints the shared members of instance groups and instance types of fleets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .code import Call, Code, Literal
from .configurations import configurations
from .context import Context, Members

__all__ = ["instance_options", "root_volume"]

_SIZE: Final = {"size_gib": "SizeInGB", "iops": "Iops", "throughput_mibps": "Throughput"}
# The arguments of the factory of each volume type.
_FACTORIES: Final = {
    "gp3": {"size_gib", "iops", "throughput_mibps"},
    "gp2": {"size_gib"},
    "io1": {"size_gib", "iops"},
    "st1": {"size_gib"},
    "sc1": {"size_gib"},
    "standard": {"size_gib"},
}


def instance_options(members: Members, context: Context) -> dict[str, Code]:
    """Return the options that instance groups and instance types share."""
    options: dict[str, Code] = {}
    ebs = Members(members.structure("EbsConfiguration"), context)
    volumes = ebs.take("EbsBlockDeviceConfigs")
    if volumes:
        options["ebs_volumes"] = context.each("EbsBlockDeviceConfigs", volumes, _volume)
    options |= ebs.options(ebs_optimized="EbsOptimized")
    options |= ebs.rest("EbsConfiguration.")
    settings = members.take("Configurations")
    if settings:
        options["configurations"] = configurations(settings, context)
    return options | members.options(custom_ami_id="CustomAmiId")


def _volume(raw: Mapping[str, Any], context: Context) -> Code:
    members = Members(raw, context)
    specification = members.structure("VolumeSpecification")
    if specification.get("SizeInGB") is None or specification.get("VolumeType") is None:
        return context.remark("a volume requires a type and a size", raw)
    volume = Members(specification, context)
    kind = volume.take("VolumeType")
    options = volume.options(**_SIZE)
    count = {"count": context.value(members.take("VolumesPerInstance"))}
    if count["count"] == Literal(1):
        count = {}
    rest = {**volume.rest("VolumeSpecification."), **members.rest()}
    required = {"size_gib", "iops"} if kind == "io1" else {"size_gib"}
    if isinstance(kind, str) and required <= options.keys() <= _FACTORIES.get(kind, set()):
        return Call(f"emr.EbsVolume.{kind}", (), {**options, **count, **rest})
    return Call("emr.EbsVolume", (context.value(kind), options.pop("size_gib")), {**count, **options, **rest})


def root_volume(members: Members) -> Code | None:
    """Return the root volume of a cluster. None if it has no options."""
    options = members.options(
        size_gib="EbsRootVolumeSize", iops="EbsRootVolumeIops", throughput_mibps="EbsRootVolumeThroughput"
    )
    return Call("emr.RootVolume", (), options) if options else None
