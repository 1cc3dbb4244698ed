"""The nodes of a cluster as instance groups: one instance type for each group, all in one subnet.

- ``InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=InstanceGroup("r7g.2xlarge", 4))``
- ``InstanceGroup("m7g.xlarge", 10, market=Market.spot(), name="Spot")`` is a task group for
  ``InstanceGroups(..., tasks=[...])``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._core.signatures import check_calls
from .._core.values import converted, value_class
from ..rules import enforce
from ..software.configurations import Configurations, flatten
from .ebs_volumes import EbsVolume
from .instances import render_instances, type_name

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

    from ..software.configurations import Configuration
    from ..software.release_label import ReleaseLabel
    from .automatic_scaling import AutoScalingPolicy

__all__ = ["InstanceGroup", "InstanceGroups", "Market"]


@check_calls
@value_class
class Market:
    """How instances are bought: :meth:`on_demand` or :meth:`spot`."""

    purchase_option: str
    bid_price: str | None = None

    @classmethod
    def on_demand(cls) -> Market:
        """Instances at the on-demand price."""
        return cls("ON_DEMAND")

    @classmethod
    def spot(cls, *, bid_price: float | str | None = None) -> Market:
        """Spot instances, which EC2 may take back with a warning of two minutes.

        :param bid_price: the most to pay, in US dollars for an instance and hour. Default: the on-demand price.
        """
        return cls("SPOT", None if bid_price is None else str(bid_price))

    @property
    def is_spot(self) -> bool:
        """Whether the instances are Spot Instances."""
        return self.purchase_option == "SPOT"

    def _render(self) -> dict[str, Any]:
        """The purchase option as members of ``InstanceGroupConfig``."""
        return {"Market": self.purchase_option} | ({} if self.bid_price is None else {"BidPrice": self.bid_price})


@check_calls
@value_class
class InstanceGroup:
    """Nodes of one kind.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_InstanceGroupConfig.html

    :raises EmrError: a count that the role does not allow, a malformed instance type, AMI id or bid price.
    """

    instance_type: str | ec2.InstanceType
    """The EC2 instance type, for example ``m7g.xlarge``."""

    instance_count: int = 1
    """How many nodes the group has when the cluster starts. A changed count resizes core and task groups in place;
    under managed or automatic scaling leave it as it is."""

    market: Market = Market("ON_DEMAND")
    """How the instances are bought. Default: on demand."""

    name: str | None = None
    """Default: ``Master``, ``Core`` or ``Task`` by role. Several task groups need a name each."""

    ebs_volumes: Sequence[EbsVolume] = converted(tuple, default=())
    """Volumes attached to each node. Default: EMR attaches volumes to types without instance storage, by their size."""

    ebs_optimized: bool | None = None
    """Whether the instances are EBS-optimized. Default: what EC2 does for the type; all current types are."""

    configurations: Configurations = converted(flatten, default=())
    """Configurations of this group, which override those of the cluster. Default: none."""

    custom_ami_id: str | None = None
    """An AMI for this group, instead of one for the whole cluster. Default: the AMI of the cluster."""

    auto_scaling_policy: AutoScalingPolicy | None = None
    """How a core or task group is resized by rules. Default: not at all, but by the managed scaling of the cluster."""

    def __post_init__(self) -> None:
        # A core group stands for any role here: the role, and what depends on it, is known in InstanceGroups.
        enforce("InstanceGroupConfig", self._render("TASK"))

    @property
    def uses_spot(self) -> bool:
        """Whether the group has Spot Instances."""
        return self.market.is_spot

    def _render(self, role: str) -> dict[str, Any]:
        """The group in the shape of the EMR API (``InstanceGroupConfig``).

        :param role: ``MASTER``, ``CORE`` or ``TASK``.
        """
        group: dict[str, Any] = {
            "Name": role.title() if self.name is None else self.name,
            "InstanceRole": role,
            "InstanceType": type_name(self.instance_type),
            "InstanceCount": self.instance_count,
            **self.market._render(),
        }
        if self.auto_scaling_policy is not None:
            group["AutoScalingPolicy"] = self.auto_scaling_policy._render()
        return group | render_instances(
            ebs_volumes=self.ebs_volumes,
            ebs_optimized=self.ebs_optimized,
            configurations=self.configurations,
            custom_ami_id=self.custom_ami_id,
        )


@check_calls
@value_class(kw_only=True)
class InstanceGroups:
    """The nodes of a cluster: a master group, a core group and task groups.

    The console calls the master *primary*. https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-master-core-task-nodes.html

    :raises EmrError: a master count other than 1 or 3, an empty core group, task groups without a core group or with
        equal names, or more than 48 of them.
    """

    master: InstanceGroup
    """One node, or three for high availability."""

    core: InstanceGroup | None = None
    """Nodes that store HDFS data and run tasks. Default: none; the cluster is a single master node."""

    tasks: Sequence[InstanceGroup] = converted(tuple, default=())
    """Groups of nodes that run tasks and store nothing; up to 48. Default: none."""

    def __post_init__(self) -> None:
        enforce("JobFlowInstancesConfig", self._render())

    @classmethod
    def default(cls, release: ReleaseLabel) -> InstanceGroups:
        """One master and two core nodes of the newest general-purpose Graviton family that ``release`` supports.

        Releases before emr-5.30.0, and 6.0.x, support none and get the newest general-purpose family of Intel.
        Each node has 64 GiB on two gp3 volumes, as much as EMR gives an xlarge instance by default.
        """
        family = next((family for family in ("m7g", "m6g", "m5") if release.supports(family)), "m4")
        group = InstanceGroup(f"{family}.xlarge", ebs_volumes=[EbsVolume.gp3(size_gib=32, count=2)])
        return cls(master=group, core=replace(group, instance_count=2))

    @property
    def has_three_masters(self) -> bool:
        """Whether the cluster is highly available."""
        return self.master.instance_count == 3

    @property
    def configurations(self) -> Iterator[Configuration]:
        """The configurations of all groups."""
        for group in self._groups:
            yield from flatten(group.configurations)

    @property
    def has_auto_scaling_policy(self) -> bool:
        """Whether a group is resized by rules, for which the cluster needs an autoscaling role."""
        return any(group.auto_scaling_policy is not None for group in self._groups)

    @property
    def uses_spot(self) -> bool:
        """Whether a group has Spot Instances."""
        return any(group.uses_spot for group in self._groups)

    @property
    def _groups(self) -> tuple[InstanceGroup, ...]:
        return tuple(group for group in (self.master, self.core, *self.tasks) if group is not None)

    def _render(self) -> dict[str, Any]:
        """The groups as members of ``JobFlowInstancesConfig``."""
        groups = [self.master._render("MASTER")]
        if self.core is not None:
            groups.append(self.core._render("CORE"))
        groups += [task._render("TASK") for task in self.tasks]
        return {"InstanceGroups": groups}
