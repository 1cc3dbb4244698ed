"""Instance groups: one instance type for each group, all in one subnet.

- ``InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=InstanceGroup("r7g.2xlarge", 4))``
- ``InstanceGroup("m7g.xlarge", 10, market=Market.spot(), name="Spot")`` is a task group for ``InstanceGroups(...,
  tasks=[...])``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from .._core.known import require_known
from .._core.signatures import check_calls
from .._core.unset import DEFAULT, Default
from .._core.values import converted, known_value, value_class
from ..rules import enforce
from ..software.configurations import Configurations, flatten
from .ebs_volumes import EbsVolume
from .instances import render_instances, render_name, type_name

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

    from .._core.unknown import Flag
    from ..software.configurations import Configuration
    from ..software.release_label import ReleaseLabel
    from .automatic_scaling import AutoScalingPolicy

__all__ = ["InstanceGroup", "InstanceGroups", "Market"]


@check_calls
@value_class
class Market:
    """The purchase option of instances: ``on_demand`` or ``spot``.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-purchasing-options.html
    """

    purchase_option: str | None
    """``ON_DEMAND`` or ``SPOT``. None: left out, as in ``Market(None, "0.10")``; with a bid price, EMR uses Spot."""

    bid_price: str | None = None
    """The maximum price of a Spot Instance in USD per hour. None: the On-Demand price."""

    def __post_init__(self) -> None:
        require_known("purchase_option", self.purchase_option, "use Market.spot() or Market.on_demand()")

    @classmethod
    def on_demand(cls) -> Market:
        """Use On-Demand Instances."""
        return cls("ON_DEMAND")

    @classmethod
    def spot(cls, *, bid_price: float | str | None = None) -> Market:
        """Use Spot Instances, which EC2 interrupts with 2 minutes' notice.

        :param bid_price: the maximum price in US dollars per instance and hour. Default: the On-Demand price.
        """
        return cls("SPOT", None if bid_price is None else str(bid_price))

    @property
    def is_spot(self) -> bool:
        """Whether the instances are Spot Instances."""
        is_implied = self.purchase_option is None and self.bid_price is not None
        return is_implied or self.purchase_option == "SPOT"

    def _render(self) -> dict[str, Any]:
        """Render the purchase option as members of ``InstanceGroupConfig``."""
        members = {"Market": self.purchase_option, "BidPrice": self.bid_price}
        return {name: value for name, value in members.items() if value is not None}


@check_calls
@value_class
class InstanceGroup:
    """Nodes of one role with one instance type.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_InstanceGroupConfig.html

    :raises EmrError: the role doesn't allow the count, or the instance type, AMI ID or bid price is malformed.
    """

    instance_type: str | ec2.InstanceType
    """The EC2 instance type, for example ``m7g.xlarge``."""

    instance_count: int = 1
    """The initial number of nodes. A change resizes core and task groups in place; don't change it with managed or
    automatic scaling. Default: 1."""

    market: Market | None = known_value(Market, purchase_option="ON_DEMAND", bid_price=None)
    """The purchase option. None: left out, which also means On-Demand. Default: On-Demand."""

    name: str | None | Default = DEFAULT
    """The name of the group, which must be unique for several task groups. None: left out. Default: ``Master``,
    ``Core`` or ``Task`` by role."""

    ebs_volumes: Sequence[EbsVolume] = converted(tuple, default=())
    """EBS volumes of each node. Default: EMR attaches volumes to types without instance storage."""

    ebs_optimized: Flag | None = None
    """Whether the instances are EBS-optimized. Default: the default of EC2, which is true for current types."""

    configurations: Configurations = converted(flatten, default=())
    """Configurations of this group, which override those of the cluster. Default: none."""

    custom_ami_id: str | None = None
    """The AMI of this group. Default: the AMI of the cluster."""

    auto_scaling_policy: AutoScalingPolicy | None = None
    """The automatic scaling policy of a core or task group. Default: none; managed scaling can resize the group."""

    def __post_init__(self) -> None:
        # The role isn't known yet, so the rules for task groups apply; InstanceGroups checks the others.
        enforce("InstanceGroupConfig", self._render("TASK"))

    @property
    def uses_spot(self) -> bool:
        """Whether the group has Spot Instances."""
        return self.market is not None and self.market.is_spot

    def _render(self, role: str) -> dict[str, Any]:
        """Render ``InstanceGroupConfig`` of the EMR API.

        :param role: ``MASTER``, ``CORE`` or ``TASK``.
        """
        group: dict[str, Any] = {
            **render_name(self.name, role),
            "InstanceRole": role,
            "InstanceType": type_name(self.instance_type),
            "InstanceCount": self.instance_count,
            **({} if self.market is None else self.market._render()),
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
    """The nodes of a cluster as a primary group, a core group and task groups.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-master-core-task-nodes.html

    :raises EmrError: the primary count isn't 1 or 3, the core group is empty, there are more than 48 task groups, or
        task groups have equal names or no core group.
    """

    master: InstanceGroup
    """The primary group: one node, or three nodes for high availability."""

    core: InstanceGroup | None = None
    """Nodes that store HDFS data and run tasks. Default: none, for a cluster with only a primary node."""

    tasks: Sequence[InstanceGroup] = converted(tuple, default=())
    """Up to 48 groups of nodes that run tasks but don't store data. Default: none."""

    def __post_init__(self) -> None:
        enforce("JobFlowInstancesConfig", self._render())

    @classmethod
    def default(cls, release: ReleaseLabel) -> InstanceGroups:
        """Return one primary and two core nodes of the latest general-purpose family.

        It is the latest Graviton family that ``release`` supports, or the latest Intel family for releases before
        emr-5.30.0 and for 6.0.x, which don't support Graviton. Each node has 64 GiB on two gp3 volumes, the default of
        EMR for an xlarge instance.
        """
        return _default_groups(release)

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
        """Whether a group has an automatic scaling policy and so an Auto Scaling role."""
        return any(group.auto_scaling_policy is not None for group in self._groups)

    @property
    def uses_spot(self) -> bool:
        """Whether a group has Spot Instances."""
        return any(group.uses_spot for group in self._groups)

    @property
    def _groups(self) -> tuple[InstanceGroup, ...]:
        return tuple(group for group in (self.master, self.core, *self.tasks) if group is not None)

    def _render(self) -> dict[str, Any]:
        """Render the groups as members of ``JobFlowInstancesConfig``."""
        groups = [self.master._render("MASTER")]
        if self.core is not None:
            groups.append(self.core._render("CORE"))
        groups += [task._render("TASK") for task in self.tasks]
        return {"InstanceGroups": groups}


@cache
def _default_groups(release: ReleaseLabel) -> InstanceGroups:
    family = next((family for family in ("m7g", "m6g", "m5") if release.supports(family)), "m4")
    group = InstanceGroup(f"{family}.xlarge", ebs_volumes=[EbsVolume.gp3(size_gib=32, count=2)])
    return InstanceGroups(master=group, core=replace(group, instance_count=2))
