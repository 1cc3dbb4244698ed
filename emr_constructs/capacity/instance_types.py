"""Instance types that EMR supports, and their properties.

- ``SupportedInstanceType.find("m7g.xlarge").architecture`` is ``AARCH64``.
- ``SupportedInstanceType.all_of(ReleaseLabel.EMR_7_14_0)`` are the types that a release supports.
- ``SupportedInstanceType.choose(ReleaseLabel.EMR_7_14_0, vcpu=8, memory_gib=(28, 64))`` are types for a fleet.

The properties are those that the EMR API returns; unknown properties are None.
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-supported-instance-types.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from .._core.errors import EmrError
from .._core.known import require_known
from .._core.signatures import check_calls
from .._core.values import value_class
from ..rules import instance_types
from ..rules.yarn_memory import yarn_memory
from ..software.release_label import ReleaseLabel
from .instances import type_name

if TYPE_CHECKING:
    from aws_cdk import Size
    from aws_cdk import aws_ec2 as ec2

__all__ = ["SupportedInstanceType"]


@check_calls
@value_class
class SupportedInstanceType:
    """An EC2 instance type that EMR supports; see ``find``, ``all_of`` and ``choose``.

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

    @property
    def yarn_memory_mib(self) -> int | None:
        """The memory in MiB that YARN has for containers on a node, or None if the EMR documentation doesn't state it.

        It is the default of ``yarn.nodemanager.resource.memory-mb``, without HBase. A type that the documentation
        doesn't list yet has the value of listed types with the same memory.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hadoop-task-config.html
        """
        found = yarn_memory(self.name)
        return None if found is None else found.node

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

    @classmethod
    def choose(
        cls,
        release: ReleaseLabel,
        *,
        vcpu: int | tuple[int, int],
        memory_gib: float | Size | tuple[float, float],
        architecture: Literal["AARCH64", "X86_64"] | None = None,
        limit: int = 10,
        accelerated: bool = False,
        metal: bool = False,
        local_storage: bool = False,
        catalog: str | None = None,
    ) -> tuple[str, ...]:
        """Return the names of instance types by size, for ``InstanceFleet.spot(*names, units=8)``.

        The newest generations are first, of these the smallest types. The choice is the same with later versions of
        the library: it depends only on the arguments and on a dated catalog, which is by default the first one of
        the library that lists the release.

        :param release: the release that supports the types.
        :param vcpu: the vCPUs that EMR reports, or the minimum and the maximum.
        :param memory_gib: the memory in EC2 in GiB, a ``cdk.Size``, or the minimum and the maximum. EMR reports a
            part of it: types with 94% of the amount match, such as 30.5 for 32 GiB.
        :param architecture: ``AARCH64`` (Graviton) or ``X86_64``. Default: both, which native code must support.
        :param limit: the maximum number of types. A fleet has up to 5, or 30 with an allocation strategy. Default: 10.
        :param accelerated: whether to include types with GPUs, FPGAs and other accelerators. Default: False.
        :param metal: whether to include bare metal types. Default: False.
        :param local_storage: whether to include types with instance store volumes, such as those of storage-optimized
            families. Default: False, only types with EBS volumes.
        :param catalog: the day of the catalog, for example ``2026-11-23``, to use newer types with a release. A
            change of the choice replaces the cluster. Default: the first catalog that lists the release.
        :raises EmrError: the release or catalog isn't known, a range is invalid, or no type matches.
        """
        from .instance_choice import Kinds, chosen, range_of

        require_known("limit", limit, "use a number")
        require_known("architecture", architecture, "use 'AARCH64' or 'X86_64'")
        require_known("catalog", catalog, "use the day of a catalog")
        if limit < 1:
            raise EmrError(f"limit must be at least 1, got {limit}; use a larger number")
        return chosen(
            release.label,
            range_of("vcpu", vcpu),
            range_of("memory_gib", cast("float | tuple[float, float]", memory_gib)),
            Kinds(architecture, accelerated, metal, local_storage),
            limit=limit,
            day=catalog,
        )

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
