"""EBS volumes of the nodes.

- ``EbsVolume.gp3(size_gib=256, count=2)`` attaches two volumes of 256 GiB to each node of an instance group.
- ``RootVolume(size_gib=50)`` sets the size of the root device of every node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.signatures import check_calls
from .._core.unknown import UNKNOWN
from .._core.values import value_class
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import Size

__all__ = ["EbsVolume", "RootVolume"]


@check_calls
@value_class
class EbsVolume:
    """EBS volumes for HDFS and temporary files on each node of an instance group.

    Created with the factory of a volume type.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-storage.html

    :raises EmrError: the size isn't 1 to 1024 GiB, the throughput isn't 125 to 1000 MiB/s, the IOPS of gp3 are less
        than 3000, or the count is less than 1.
    """

    volume_type: str
    """The volume type, such as ``gp3``."""

    size_gib: int | Size
    """Size of each volume in GiB, or a ``cdk.Size``."""

    count: int | None = 1
    """Number of volumes on each node. None: left out, which also means 1. Default: 1."""

    iops: int | None = None
    """Input and output operations per second. Default: the default of EBS for the type and size."""

    throughput_mibps: int | Size | None = None
    """Throughput in MiB/s, or a ``cdk.Size`` per second. Default: the default of EBS for the type and size."""

    def __post_init__(self) -> None:
        enforce("EbsBlockDeviceConfig", self._render())

    @classmethod
    def gp3(
        cls,
        *,
        size_gib: int | Size,
        count: int | None = 1,
        iops: int | None = None,
        throughput_mibps: int | Size | None = None,
    ) -> EbsVolume:
        """Create General Purpose SSD (gp3) volumes.

        :param size_gib: size of each volume, 1 to 1024 GiB, or a ``cdk.Size``.
        :param count: volumes on each node. None: left out, which also means 1. Default: 1.
        :param iops: 3000 or more. Default: 3000.
        :param throughput_mibps: 125 to 1000 MiB/s, or a ``cdk.Size`` per second. Default: 125.
        """
        return cls("gp3", size_gib, count, iops, throughput_mibps)

    @classmethod
    def gp2(cls, *, size_gib: int | Size, count: int | None = 1) -> EbsVolume:
        """Create General Purpose SSD (gp2) volumes, whose performance depends on the size.

        :param size_gib: size of each volume, 1 to 1024 GiB, or a ``cdk.Size``.
        :param count: volumes on each node. None: left out, which also means 1. Default: 1.
        """
        return cls("gp2", size_gib, count)

    @classmethod
    def io1(cls, *, size_gib: int | Size, iops: int, count: int | None = 1) -> EbsVolume:
        """Create Provisioned IOPS SSD (io1) volumes.

        :param size_gib: size of each volume, 4 to 1024 GiB, or a ``cdk.Size``.
        :param iops: 100 to 64000, up to 50 for each GiB.
        :param count: volumes on each node. None: left out, which also means 1. Default: 1.
        """
        return cls("io1", size_gib, count, iops)

    @classmethod
    def st1(cls, *, size_gib: int | Size, count: int | None = 1) -> EbsVolume:
        """Create Throughput Optimized HDD (st1) volumes.

        :param size_gib: size of each volume, 125 to 1024 GiB, or a ``cdk.Size``.
        :param count: volumes on each node. None: left out, which also means 1. Default: 1.
        """
        return cls("st1", size_gib, count)

    @classmethod
    def sc1(cls, *, size_gib: int | Size, count: int | None = 1) -> EbsVolume:
        """Create Cold HDD (sc1) volumes.

        :param size_gib: size of each volume, 125 to 1024 GiB, or a ``cdk.Size``.
        :param count: volumes on each node. None: left out, which also means 1. Default: 1.
        """
        return cls("sc1", size_gib, count)

    @classmethod
    def standard(cls, *, size_gib: int | Size, count: int | None = 1) -> EbsVolume:
        """Create magnetic volumes of the previous generation.

        :param size_gib: size of each volume, 1 to 1024 GiB, or a ``cdk.Size``.
        :param count: volumes on each node. None: left out, which also means 1. Default: 1.
        """
        return cls("standard", size_gib, count)

    def _render(self) -> dict[str, Any]:
        """Render ``EbsBlockDeviceConfig`` of the EMR API."""
        volume: dict[str, Any] = {"VolumeType": self.volume_type, "SizeInGB": self.size_gib}
        if self.iops is not None:
            volume["Iops"] = self.iops
        if self.throughput_mibps is not None:
            volume["Throughput"] = self.throughput_mibps
        device: dict[str, Any] = {"VolumeSpecification": volume}
        return device if self.count is None else device | {"VolumesPerInstance": self.count}


@check_calls
@value_class(kw_only=True)
class RootVolume:
    """The EBS root device of every node: gp3 from emr-6.15.0 on, gp2 before.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-custom-ami-root-volume-size.html

    :raises EmrError: a value is out of range, or there are more than 500 IOPS per GiB or more than 0.25 MiB/s per IOPS.
    """

    size_gib: int | Size | None = None
    """15 (10 before emr-6.10.0) to 100 GiB, or a ``cdk.Size``. Default: the minimum size."""

    iops: int | None = None
    """3000 to 16000 IOPS, from emr-6.15.0 on. Default: 3000."""

    throughput_mibps: int | Size | None = None
    """125 to 1000 MiB/s, or a ``cdk.Size`` per second, from emr-6.15.0 on. Default: 125."""

    def __post_init__(self) -> None:
        enforce("RunJobFlowInput", {"Name": "root volume", "Instances": UNKNOWN, **self._render()})

    def _render(self) -> dict[str, Any]:
        """Render the root volume as members of RunJobFlow."""
        members = {
            "EbsRootVolumeSize": self.size_gib,
            "EbsRootVolumeIops": self.iops,
            "EbsRootVolumeThroughput": self.throughput_mibps,
        }
        return {name: value for name, value in members.items() if value is not None}
