"""Which instance types EMR supports, and what they are made of.

- ``SupportedInstanceType.find("m7g.xlarge").architecture`` is ``AARCH64``.
- ``SupportedInstanceType.all_of(ReleaseLabel.EMR_7_14_0)`` are the types that a release supports.

As the EMR API describes them. What the library does not know is None, never guessed.
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
    """An EC2 instance type that some release of EMR supports; found by :meth:`find` and :meth:`all_of`.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_SupportedInstanceType.html
    """

    name: str
    """For example ``m7g.xlarge``."""

    architecture: str
    """``AARCH64`` (Graviton) or ``X86_64``; a custom AMI has to be of the same."""

    vcpu: int
    """Virtual CPUs as EMR counts them, which for old types is not as EC2 does."""

    memory_gib: float
    """What EMR can use, which is less than the whole memory of the instance."""

    disks: int
    """Number of disks of the instance itself; 0 where there is EBS alone."""

    storage_gb: int
    """What these disks hold together, in GB."""

    ebs_only: bool
    """Whether nodes have no disks but EBS volumes."""

    @classmethod
    def find(cls, instance_type: str | ec2.InstanceType) -> SupportedInstanceType | None:
        """The type with this name; None where the library does not know it."""
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
        """The types that ``release`` supports, by name; None for a release that the library does not know."""
        names = instance_types.supported_types(release.label)
        return None if names is None else tuple(found for name in names if (found := cls.find(name)) is not None)

    def is_supported_by(self, release: ReleaseLabel) -> bool | None:
        """Whether ``release`` supports the type.

        None for a release that the library does not know, and where EMR's own answers contradict each other.
        """
        return instance_types.supports(release.label, self.name)

    def first_release(self, *, after: ReleaseLabel | None = None) -> ReleaseLabel | None:
        """The first release that supports the type; with ``after`` the first one that is newer; None: there is none.

        Not every later release does: a new major version can support a type from a later minor version on.
        """
        label = instance_types.first_release(self.name, after=None if after is None else after.label)
        return None if label is None else ReleaseLabel.of(label)
