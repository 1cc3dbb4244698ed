"""Instance types that EMR supports, and their properties.

- ``SupportedInstanceType.find("m7g.xlarge").architecture`` is ``AARCH64``.
- ``SupportedInstanceType.all_of(ReleaseLabel.EMR_7_14_0)`` are the types that a release supports.

The properties are those that the EMR API returns; unknown properties are None.
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-supported-instance-types.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.signatures import check_calls
from .._core.values import value_class
from ..rules import instance_types
from ..software.release_label import ReleaseLabel
from .instances import type_name

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

__all__ = ["SupportedInstanceType"]


@check_calls
@value_class
class SupportedInstanceType:
    """An EC2 instance type that EMR supports; see :meth:`find` and :meth:`all_of`.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_SupportedInstanceType.html
    """

    name: str
    """The name, for example ``m7g.xlarge``."""

    architecture: str
    """``AARCH64`` (Graviton) or ``X86_64``, which a custom AMI must match."""

    vcpu: int
    """The number of vCPUs that EMR reports, which differs from EC2 for old types."""

    memory_gib: float
    """The memory in GiB that EMR can use, which is less than the memory of the instance."""

    disks: int
    """The number of instance store volumes; 0 for types with only EBS volumes."""

    storage_gb: int
    """The total size of instance store volumes in GB."""

    ebs_only: bool
    """Whether instances have only EBS volumes."""

    @classmethod
    def find(cls, instance_type: str | ec2.InstanceType) -> SupportedInstanceType | None:
        """Return the type with a name, or None if the library doesn't know it."""
        name = type_name(instance_type)
        known = instance_types.facts(name)
        if known is None:
            return None
        return cls(
            name,
            known["architecture"],
            known["vcpu"],
            known["memory_gib"],
            known["disks"],
            known["storage_gb"],
            known["ebs_only"],
        )

    @classmethod
    def all_of(cls, release: ReleaseLabel) -> tuple[SupportedInstanceType, ...] | None:
        """Return the types that ``release`` supports by name, or None if it isn't known."""
        names = instance_types.supported_types(release.label)
        return None if names is None else tuple(found for name in names if (found := cls.find(name)) is not None)

    def is_supported_by(self, release: ReleaseLabel) -> bool | None:
        """Return whether ``release`` supports the type.

        Returns None if the release isn't known, or if the responses of EMR are inconsistent.
        """
        return instance_types.supports(release.label, self.name)

    def first_release(self, *, after: ReleaseLabel | None = None) -> ReleaseLabel | None:
        """Return the first release that supports the type, or None.

        Later releases may not support it: in a new major version, support can begin with a later minor version.

        :param after: only consider releases after this one. Default: all releases.
        """
        label = instance_types.first_release(self.name, after=None if after is None else after.label)
        return None if label is None else ReleaseLabel.of(label)
