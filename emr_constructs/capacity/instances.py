"""The shared members of instance groups and instance types of fleets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._core.unset import DEFAULT, Default
from ..software.configurations import render as render_configurations

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

    from .._core.unknown import Flag
    from ..software.configurations import Configurations
    from .ebs_volumes import EbsVolume

__all__ = ["render_instances", "render_name", "type_name"]


def type_name(instance_type: str | ec2.InstanceType) -> str:
    """Return the name of an instance type, for example ``m7g.xlarge``."""
    return instance_type if isinstance(instance_type, str) else instance_type.to_string()


def render_name(name: str | None | Default, role: str) -> dict[str, str]:
    """Render ``Name`` of a group or fleet, by default its role; nothing for None."""
    if name is None:
        return {}
    return {"Name": role.title() if name is DEFAULT else name}


def render_instances(
    *,
    ebs_volumes: Sequence[EbsVolume],
    ebs_optimized: Flag | None,
    configurations: Configurations,
    custom_ami_id: str | None,
) -> dict[str, Any]:
    """Render the shared members of ``InstanceGroupConfig`` and ``InstanceTypeConfig``."""
    members: dict[str, Any] = {}
    ebs: dict[str, Any] = {}
    if ebs_volumes:
        ebs["EbsBlockDeviceConfigs"] = [volume._render() for volume in ebs_volumes]
    if ebs_optimized is not None:
        ebs["EbsOptimized"] = ebs_optimized
    if ebs:
        members["EbsConfiguration"] = ebs
    if configurations:
        members["Configurations"] = render_configurations(configurations)
    if custom_ami_id is not None:
        members["CustomAmiId"] = custom_ami_id
    return members
