"""Instance fleets: several instance types for each fleet, in the best subnet.

- ``InstanceFleet.on_demand("m7g.xlarge", "m6g.xlarge", units=4)`` uses the types with available capacity.
- ``InstanceFleet.spot("r7g.2xlarge", "r6g.2xlarge", "r8g.2xlarge", units=8)`` uses Spot Instances.
- ``InstanceFleet.mixed(FleetInstanceType("m7g.2xlarge", weighted_capacity=2), "m7g.xlarge", on_demand_units=2,
  spot_units=8)`` uses both; an instance counts as many units as its type's weighted capacity.
- ``InstanceFleets(master=..., core=..., task=...)`` are the nodes of a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from .._core.input_values import renderable
from .._core.signatures import check_calls
from .._core.unset import DEFAULT, Default
from .._core.values import converted, value_class
from ..rules import enforce
from ..software.configurations import Configurations, flatten
from .fleet_provisioning import OnDemandProvisioning, OnDemandResizing, SpotProvisioning, SpotResizing
from .instances import render_instances, render_name, type_name

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

    from .._core.unknown import Flag
    from ..software.configurations import Configuration
    from .ebs_volumes import EbsVolume

__all__ = ["FleetInstanceType", "InstanceFleet", "InstanceFleetOptions", "InstanceFleets"]


@check_calls
@value_class
class FleetInstanceType:
    """An instance type of a fleet, with its options.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_InstanceTypeConfig.html

    :raises EmrError: the weighted capacity is less than 1, the priority or percentage is negative, there are two bid
        prices, or the instance type, bid price or AMI ID is malformed.
    """

    instance_type: str | ec2.InstanceType
    """The EC2 instance type, for example ``m7g.xlarge``."""

    weighted_capacity: int | None = None
    """The units that an instance counts, 1 or more. Default: 1, which always applies to primary nodes."""

    priority: float | None = None
    """The priority for prioritized allocation strategies, 0 or more; 0 is the highest. Default: the lowest priority."""

    bid_price: float | str | None = None
    """The maximum price of a Spot Instance in US dollars per hour. Default: the On-Demand price."""

    bid_price_percentage: float | None = None
    """The maximum price of a Spot Instance in percent of the On-Demand price. Default: 100."""

    ebs_volumes: Sequence[EbsVolume] = converted(tuple, default=())
    """EBS volumes of each instance. Default: EMR attaches volumes to types without instance storage."""

    ebs_optimized: Flag | None = None
    """Whether the instances are EBS-optimized. Default: the default of EC2, which is true for current types."""

    configurations: Configurations = converted(flatten, default=())
    """Configurations of these instances, which override those of the cluster. Default: none."""

    custom_ami_id: str | None = None
    """The AMI of this type. Default: the AMI of the cluster."""

    def __post_init__(self) -> None:
        enforce("InstanceTypeConfig", self._render())

    def _render(self) -> dict[str, Any]:
        """Render ``InstanceTypeConfig`` of the EMR API."""
        members = {
            "InstanceType": type_name(self.instance_type),
            "WeightedCapacity": self.weighted_capacity,
            "Priority": self.priority,
            "BidPrice": None if self.bid_price is None else renderable(str(self.bid_price)),
            "BidPriceAsPercentageOfOnDemandPrice": self.bid_price_percentage,
        }
        given = {name: value for name, value in members.items() if value is not None}
        return given | render_instances(
            ebs_volumes=self.ebs_volumes,
            ebs_optimized=self.ebs_optimized,
            configurations=self.configurations,
            custom_ami_id=self.custom_ami_id,
        )


def _fleet_types(kinds: Iterable[FleetInstanceType | str | ec2.InstanceType]) -> tuple[FleetInstanceType, ...]:
    return tuple(kind if isinstance(kind, FleetInstanceType) else FleetInstanceType(kind) for kind in kinds)


class InstanceFleetOptions(TypedDict, total=False):
    """The options of ``InstanceFleet``, which are its fields of the same names."""

    name: str | None
    on_demand_provisioning: OnDemandProvisioning
    spot_provisioning: SpotProvisioning | None
    on_demand_resizing: OnDemandResizing
    spot_resizing: SpotResizing


@check_calls
@value_class
class InstanceFleet:
    """Nodes of one role with several instance types.

    A fleet has up to 5 instance types, or up to 30 with an allocation strategy. Created with one of the factories, or,
    to leave out a target, with ``InstanceFleet(["m7g.xlarge"], 1, None)``. A change of the target resizes the fleet in
    place. With managed scaling, targets are initial values.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-fleet.html

    :raises EmrError: there are no or too many instance types, there is no capacity, or a prioritized strategy has no
        priorities.
    """

    instance_types: Sequence[FleetInstanceType | str | ec2.InstanceType] = converted(_fleet_types)
    """The instance types."""

    target_on_demand_capacity: int | None
    """The target capacity of On-Demand Instances, in units. None: left out, which means 0."""

    target_spot_capacity: int | None
    """The target capacity of Spot Instances, in units. EC2 interrupts Spot Instances with 2 minutes' notice. None: left
    out, which means 0."""

    name: str | None | Default = DEFAULT
    """The name of the fleet. None: left out. Default: ``Master``, ``Core`` or ``Task`` by role."""

    on_demand_provisioning: OnDemandProvisioning | None = None
    """The provisioning of On-Demand capacity at launch. Default: the lowest price."""

    spot_provisioning: SpotProvisioning | None | Default = DEFAULT
    """The provisioning of Spot capacity at launch. None: left out. Default: EMR's strategy; after 60 minutes, On-Demand
    Instances replace the missing capacity."""

    on_demand_resizing: OnDemandResizing | None = None
    """The provisioning of On-Demand capacity in a resize. Default: the lowest price, without a time limit."""

    spot_resizing: SpotResizing | None = None
    """The provisioning of Spot capacity in a resize. Default: EMR's strategy, without a time limit."""

    def __post_init__(self) -> None:
        # The role isn't known yet, so the rules for task fleets apply; InstanceFleets checks the others.
        enforce("InstanceFleetConfig", self._render("TASK"))

    @classmethod
    def on_demand(
        cls,
        *instance_types: FleetInstanceType | str | ec2.InstanceType,
        units: int,
        **options: Unpack[InstanceFleetOptions],
    ) -> InstanceFleet:
        """Create a fleet of On-Demand Instances.

        :param instance_types: the instance types.
        :param units: the target capacity. An instance counts 1, or its type's weighted capacity.
        :param options: the other fields of the fleet.
        """
        return cls(instance_types, units, 0, **options)

    @classmethod
    def spot(
        cls,
        *instance_types: FleetInstanceType | str | ec2.InstanceType,
        units: int,
        **options: Unpack[InstanceFleetOptions],
    ) -> InstanceFleet:
        """Create a fleet of Spot Instances; more instance types reduce interruptions.

        :param instance_types: the instance types.
        :param units: the target capacity. An instance counts 1, or its type's weighted capacity.
        :param options: the other fields of the fleet.
        """
        return cls(instance_types, 0, units, **options)

    @classmethod
    def mixed(
        cls,
        *instance_types: FleetInstanceType | str | ec2.InstanceType,
        on_demand_units: int,
        spot_units: int,
        **options: Unpack[InstanceFleetOptions],
    ) -> InstanceFleet:
        """Create a fleet of On-Demand and Spot Instances.

        :param instance_types: the instance types.
        :param on_demand_units: the target capacity of On-Demand Instances.
        :param spot_units: the target capacity of Spot Instances.
        :param options: the other fields of the fleet.
        """
        return cls(instance_types, on_demand_units, spot_units, **options)

    @property
    def configurations(self) -> Iterator[Configuration]:
        """The configurations of the instance types."""
        for kind in self._types:
            yield from flatten(kind.configurations)

    @property
    def uses_capacity_reservations(self) -> bool:
        """Whether instances can use capacity reservations, which require more permissions."""
        parts = (self.on_demand_provisioning, self.on_demand_resizing)
        chosen = (part.capacity_reservations for part in parts if part is not None)
        return any(reservations is not None and reservations.are_used for reservations in chosen)

    @property
    def uses_spot(self) -> bool:
        """Whether the fleet has Spot Instances, or an unknown Spot target."""
        return bool(self.target_spot_capacity)

    @property
    def _types(self) -> tuple[FleetInstanceType, ...]:
        return tuple(kind for kind in self.instance_types if isinstance(kind, FleetInstanceType))

    def _render(self, role: str) -> dict[str, Any]:
        """Render ``InstanceFleetConfig`` of the EMR API.

        :param role: ``MASTER``, ``CORE`` or ``TASK``.
        """
        # EMR rejects a change of one target of a fleet that was created without the other, so 0 is also rendered.
        targets = {
            "TargetOnDemandCapacity": self.target_on_demand_capacity,
            "TargetSpotCapacity": self.target_spot_capacity,
        }
        fleet: dict[str, Any] = {
            **render_name(self.name, role),
            "InstanceFleetType": role,
            **{name: target for name, target in targets.items() if target is not None},
            "InstanceTypeConfigs": [kind._render() for kind in self._types],
        }
        spot = self.spot_provisioning
        if spot is DEFAULT:
            spot = SpotProvisioning() if self.target_spot_capacity else None
        specifications = {
            "LaunchSpecifications": _rendered(
                OnDemandSpecification=self.on_demand_provisioning, SpotSpecification=spot
            ),
            "ResizeSpecifications": _rendered(
                OnDemandResizeSpecification=self.on_demand_resizing, SpotResizeSpecification=self.spot_resizing
            ),
        }
        return fleet | {name: given for name, given in specifications.items() if given}


@check_calls
@value_class(kw_only=True)
class InstanceFleets:
    """The nodes of a cluster as a primary fleet, a core fleet and a task fleet.

    EMR launches them in the subnet with the best capacity. Requires emr-4.8.0 or later, except 5.0.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-fleet.html

    :raises EmrError: the primary fleet doesn't have one unit or three On-Demand units, or there is a task fleet without
        a core fleet.
    """

    master: InstanceFleet
    """The primary fleet: one unit, or three On-Demand units for high availability."""

    core: InstanceFleet | None = None
    """Nodes that store HDFS data and run tasks. Default: none, for a cluster with only a primary node."""

    task: InstanceFleet | None = None
    """Nodes that run tasks but don't store data. Default: none."""

    def __post_init__(self) -> None:
        enforce("JobFlowInstancesConfig", self._render())

    @property
    def has_three_masters(self) -> bool:
        """Whether the cluster is highly available."""
        return self.master.target_on_demand_capacity == 3

    @property
    def configurations(self) -> Iterator[Configuration]:
        """The configurations of all fleets."""
        for fleet in self._fleets.values():
            yield from fleet.configurations

    @property
    def uses_capacity_reservations(self) -> bool:
        """Whether instances can use capacity reservations, which require more permissions."""
        return any(fleet.uses_capacity_reservations for fleet in self._fleets.values())

    @property
    def uses_spot(self) -> bool:
        """Whether a fleet has Spot Instances."""
        return any(fleet.uses_spot for fleet in self._fleets.values())

    @property
    def _fleets(self) -> dict[str, InstanceFleet]:
        fleets = {"MASTER": self.master, "CORE": self.core, "TASK": self.task}
        return {role: fleet for role, fleet in fleets.items() if fleet is not None}

    def _render(self) -> dict[str, Any]:
        """Render the fleets as members of ``JobFlowInstancesConfig``."""
        return {"InstanceFleets": [fleet._render(role) for role, fleet in self._fleets.items()]}


def _rendered(
    **parts: OnDemandProvisioning | SpotProvisioning | OnDemandResizing | SpotResizing | None,
) -> dict[str, dict[str, Any]]:
    return {member: part._render() for member, part in parts.items() if part is not None}
