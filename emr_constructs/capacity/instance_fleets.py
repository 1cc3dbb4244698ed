"""The nodes of a cluster as instance fleets: several instance types for each fleet, in the best of several subnets.

- ``InstanceFleet.on_demand("m7g.xlarge", "m6g.xlarge", units=4)`` takes whichever of the types EC2 has.
- ``InstanceFleet.spot("r7g.2xlarge", "r6g.2xlarge", "r8g.2xlarge", units=8)`` takes Spot instances.
- ``InstanceFleet.mixed(FleetInstanceType("m7g.2xlarge", weighted_capacity=2), "m7g.xlarge", on_demand_units=2,
  spot_units=8)`` takes both; an instance counts as many units as its type weighs.
- ``InstanceFleets(master=..., core=..., task=...)`` are the nodes of a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from .._core.signatures import check_calls
from .._core.values import converted, value_class
from ..rules import enforce
from ..software.configurations import Configurations, flatten
from .fleet_provisioning import OnDemandProvisioning, OnDemandResizing, SpotProvisioning, SpotResizing
from .instances import render_instances, type_name

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

    from ..software.configurations import Configuration
    from .ebs_volumes import EbsVolume

__all__ = ["FleetInstanceType", "InstanceFleet", "InstanceFleetOptions", "InstanceFleets"]


@check_calls
@value_class
class FleetInstanceType:
    """An instance type of a fleet, and what is special about it.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_InstanceTypeConfig.html

    :raises EmrError: a weight below 1, a negative priority or percentage, two bids, or a malformed instance type, bid
        price or AMI id.
    """

    instance_type: str | ec2.InstanceType
    """The EC2 instance type, for example ``m7g.xlarge``."""

    weighted_capacity: int | None = None
    """How many units of the target an instance counts, 1 or more. Default: 1; a master always counts 1."""

    priority: float | None = None
    """0 or more, 0 is taken first; for the prioritized allocation strategies. Default: the lowest priority."""

    bid_price: float | str | None = None
    """The most to pay for a Spot instance, in US dollars an hour. Default: the on-demand price."""

    bid_price_percentage: float | None = None
    """The most to pay for a Spot instance, in percent of the on-demand price. Default: 100."""

    ebs_volumes: Sequence[EbsVolume] = converted(tuple, default=())
    """Volumes attached to each instance. Default: EMR attaches volumes to types without instance storage, by size."""

    ebs_optimized: bool | None = None
    """Whether the instances are EBS-optimized. Default: what EC2 does for the type; all current types are."""

    configurations: Configurations = converted(flatten, default=())
    """Configurations of these instances, which override those of the cluster. Default: none."""

    custom_ami_id: str | None = None
    """An AMI for this type, instead of one for the whole cluster. Default: the AMI of the cluster."""

    def __post_init__(self) -> None:
        enforce("InstanceTypeConfig", self._render())

    def _render(self) -> dict[str, Any]:
        """The type in the shape of the EMR API (``InstanceTypeConfig``)."""
        members = {
            "InstanceType": type_name(self.instance_type),
            "WeightedCapacity": self.weighted_capacity,
            "Priority": self.priority,
            "BidPrice": None if self.bid_price is None else str(self.bid_price),
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
    """What the factories of :class:`InstanceFleet` take besides types and units: its fields of the same names."""

    name: str
    on_demand_provisioning: OnDemandProvisioning
    spot_provisioning: SpotProvisioning
    on_demand_resizing: OnDemandResizing
    spot_resizing: SpotResizing


@check_calls
@value_class
class InstanceFleet:
    """Nodes of one kind, of up to 5 instance types; of up to 30 where an allocation strategy is given.

    Made with one of the factories. A changed target resizes the fleet in place; under managed scaling the targets are
    those at launch.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-fleet.html

    :raises EmrError: no or too many instance types, no capacity, or a strategy by priority without priorities.
    """

    instance_types: Sequence[FleetInstanceType | str | ec2.InstanceType] = converted(_fleet_types)
    """The types to choose from."""

    target_on_demand_capacity: int
    """Units of On-Demand instances."""

    target_spot_capacity: int
    """Units of Spot instances, which EC2 may take back with a warning of two minutes."""

    name: str | None = None
    """Default: ``Master``, ``Core`` or ``Task`` by role."""

    on_demand_provisioning: OnDemandProvisioning | None = None
    """How On-Demand capacity is provided at launch. Default: at the lowest price."""

    spot_provisioning: SpotProvisioning | None = None
    """How Spot capacity is provided at launch. Default: by EMR's strategy; after an hour On-Demand instances make up
    for what is missing."""

    on_demand_resizing: OnDemandResizing | None = None
    """How On-Demand capacity grows later. Default: at the lowest price, as long as it takes."""

    spot_resizing: SpotResizing | None = None
    """How Spot capacity grows later. Default: by EMR's strategy, as long as it takes."""

    def __post_init__(self) -> None:
        # A task fleet stands for any role here: the role, and what depends on it, is known in InstanceFleets.
        enforce("InstanceFleetConfig", self._render("TASK"))

    @classmethod
    def on_demand(
        cls,
        *instance_types: FleetInstanceType | str | ec2.InstanceType,
        units: int,
        **options: Unpack[InstanceFleetOptions],
    ) -> InstanceFleet:
        """A fleet of On-Demand instances.

        :param instance_types: the types to choose from.
        :param units: how much capacity; an instance counts 1, unless its type has a weight.
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
        """A fleet of Spot instances; the more types, the fewer interruptions.

        :param instance_types: the types to choose from.
        :param units: how much capacity; an instance counts 1, unless its type has a weight.
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
        """A fleet of On-Demand and Spot instances.

        :param instance_types: the types to choose from.
        :param on_demand_units: how much On-Demand capacity.
        :param spot_units: how much Spot capacity.
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
        """Whether instances may run in reserved capacity, for which the service role needs more than otherwise."""
        parts = (self.on_demand_provisioning, self.on_demand_resizing)
        chosen = (part.capacity_reservations for part in parts if part is not None)
        return any(reservations is not None and reservations.are_used for reservations in chosen)

    @property
    def uses_spot(self) -> bool:
        """Whether the fleet has Spot Instances; one whose target is only known at deployment may have some."""
        return self.target_spot_capacity != 0

    @property
    def _types(self) -> tuple[FleetInstanceType, ...]:
        return tuple(kind for kind in self.instance_types if isinstance(kind, FleetInstanceType))

    def _render(self, role: str) -> dict[str, Any]:
        """The fleet in the shape of the EMR API (``InstanceFleetConfig``).

        :param role: ``MASTER``, ``CORE`` or ``TASK``.
        """
        # EMR refuses to change one target of a fleet that was given without the other, so 0 is written too.
        fleet: dict[str, Any] = {
            "Name": role.title() if self.name is None else self.name,
            "InstanceFleetType": role,
            "TargetOnDemandCapacity": self.target_on_demand_capacity,
            "TargetSpotCapacity": self.target_spot_capacity,
            "InstanceTypeConfigs": [kind._render() for kind in self._types],
        }
        spot = self.spot_provisioning or (SpotProvisioning() if self.target_spot_capacity else None)
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
    """The nodes of a cluster: a master fleet, a core fleet and a task fleet.

    EMR launches them in the subnet of the profile that has the best capacity. The console calls the master *primary*.
    Needs emr-4.8.0 or newer, except 5.0. https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-fleet.html

    :raises EmrError: a master fleet of other than one instance, or three On-Demand instances; or a task fleet without a
        core fleet.
    """

    master: InstanceFleet
    """One unit, or three On-Demand units for high availability."""

    core: InstanceFleet | None = None
    """Nodes that store HDFS data and run tasks. Default: none; the cluster is a single master node."""

    task: InstanceFleet | None = None
    """Nodes that run tasks and store nothing. Default: none."""

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
        """Whether instances may run in reserved capacity, for which the service role needs more than otherwise."""
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
        """The fleets as members of ``JobFlowInstancesConfig``."""
        return {"InstanceFleets": [fleet._render(role) for role, fleet in self._fleets.items()]}


def _rendered(
    **parts: OnDemandProvisioning | SpotProvisioning | OnDemandResizing | SpotResizing | None,
) -> dict[str, dict[str, Any]]:
    return {member: part._render() for member, part in parts.items() if part is not None}
