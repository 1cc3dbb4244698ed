"""Instance fleets: targets, instance types, bids, allocation strategies, timeouts, capacity reservations."""

from __future__ import annotations

from collections.abc import Iterator

from .registry import Part, Severity, rule
from .releases import lacks
from .shapes import add_shape
from .sources import api_reference, management_guide, template_reference

__all__ = ["ADD_FLEET"]

_FLEETS = management_guide("emr-instance-fleet")
_HA = management_guide("emr-plan-ha-launch")
_RESERVATIONS = management_guide("on-demand-capacity-reservations")
_CONFIG = api_reference("InstanceFleetConfig")
_TYPE = api_reference("InstanceTypeConfig")

ADD_FLEET = "AddInstanceFleetInput"
"""A fleet that is added to a running cluster."""
add_shape(ADD_FLEET, {"ClusterId": "XmlStringMaxLen256", "InstanceFleet": "InstanceFleetConfig"})


def _target(fleet: Part, market: str) -> int | None:
    """The target of a market (``OnDemand`` or ``Spot``), which is 0 where it is absent; None where it is unknown."""
    member = f"Target{market}Capacity"
    value: int | None = fleet.get(member, None if member in fleet else 0)
    return value


def _allocation_strategies(fleet: Part) -> set[str]:
    """The strategies of the fleet at launch and on a resize."""
    launch, resize = fleet.part("LaunchSpecifications"), fleet.part("ResizeSpecifications")
    specifications = (
        launch.part("OnDemandSpecification"),
        launch.part("SpotSpecification"),
        resize.part("OnDemandResizeSpecification"),
        resize.part("SpotResizeSpecification"),
    )
    return {strategy for part in specifications if (strategy := part.get("AllocationStrategy"))}


def _has_launch_strategy(fleet: Part) -> bool:
    launch = fleet.part("LaunchSpecifications")
    kinds = ("OnDemandSpecification", "SpotSpecification")
    return any("AllocationStrategy" in launch.part(kind) for kind in kinds)


@rule("emr-fleet-capacity", "InstanceFleetConfig", do="give a target above 0", source=_CONFIG)
def _fleet_has_capacity(fleet: Part) -> Iterator[str]:
    """An instance fleet has a target of On-Demand or Spot capacity above 0."""
    if _target(fleet, "OnDemand") == 0 and _target(fleet, "Spot") == 0:
        yield "the targets of an instance fleet are both 0"


@rule(
    "emr-master-fleet-target",
    "InstanceFleetConfig",
    do="use 1 unit, or 3 On-Demand units for high availability",
    source=_HA,
)
def _master_fleet_is_one_or_three(fleet: Part) -> Iterator[str]:
    """A master instance fleet has one unit, or three On-Demand units for high availability."""
    on_demand, spot = _target(fleet, "OnDemand"), _target(fleet, "Spot")
    if fleet.get("InstanceFleetType") != "MASTER" or on_demand is None or spot is None:
        return
    if on_demand + spot != 1 and (on_demand, spot) not in {(3, 0), (0, 0)}:
        yield f"the master instance fleet has {on_demand} On-Demand units and {spot} Spot units"


@rule("emr-master-fleet-weight", "InstanceFleetConfig", do="leave the weights of a master fleet out", source=_HA)
def _masters_weigh_one(fleet: Part) -> Iterator[str]:
    """Each instance type of a master fleet weighs 1."""
    if fleet.get("InstanceFleetType") != "MASTER":
        return
    for kind in fleet.items("InstanceTypeConfigs"):
        weight = kind.get("WeightedCapacity", 1)
        if weight > 1:
            yield f"the type {kind.get('InstanceType')} of the master instance fleet weighs {weight} units"


@rule("emr-fleet-weight", "InstanceTypeConfig", do="use 1 or more", source=_TYPE)
def _weight_is_positive(kind: Part) -> Iterator[str]:
    """An instance type weighs one unit or more."""
    if kind.get("WeightedCapacity") == 0:
        yield f"the type {kind.get('InstanceType')} weighs 0 units"


@rule(
    "emr-fleet-types",
    "InstanceFleetConfig",
    do="use 1 to 5, or up to 30 with an allocation strategy",
    source=_FLEETS,
)
def _types_are_limited(fleet: Part) -> Iterator[str | tuple[str, str]]:
    """An instance fleet has 1 to 5 instance types, or up to 30 where an allocation strategy is given."""
    count = len(fleet.items("InstanceTypeConfigs"))
    if count == 0 and fleet.is_complete("InstanceTypeConfigs"):
        yield "an instance fleet has no instance types"
    elif count > 30:
        yield f"an instance fleet has {count} instance types", "use 30 at most"
    elif count > 5 and not _has_launch_strategy(fleet):
        fix = (
            "use 5 at most, or give an allocation strategy: SpotProvisioning(allocation_strategy=...) or "
            "OnDemandProvisioning()"
        )
        yield f"an instance fleet without an allocation strategy has {count} instance types", fix


@rule("emr-fleet-bid", "InstanceTypeConfig", do="give one of the two", source=_TYPE)
def _one_bid(kind: Part) -> Iterator[str]:
    """The bid of an instance type is a price or a percentage of the on-demand price."""
    if "BidPrice" in kind and "BidPriceAsPercentageOfOnDemandPrice" in kind:
        yield f"the type {kind.get('InstanceType')} has a bid price and a percentage"


@rule(
    "emr-fleet-priority",
    "InstanceFleetConfig",
    do="give a priority to the instance types: FleetInstanceType(..., priority=0)",
    source=_FLEETS,
)
def _prioritized_needs_priorities(fleet: Part) -> Iterator[str]:
    """An allocation strategy by priority needs an instance type with a priority."""
    strategies = sorted(name for name in _allocation_strategies(fleet) if name.endswith("prioritized"))
    if not strategies or not fleet.is_complete("InstanceTypeConfigs"):
        return
    if not any("Priority" in kind for kind in fleet.items("InstanceTypeConfigs")):
        yield f"an instance fleet has the allocation strategy {strategies[0]} and no type with a priority"


@rule(
    "emr-fleet-priority-unused",
    "InstanceFleetConfig",
    severity=Severity.WARNING,
    do="use the strategy prioritized or capacity-optimized-prioritized, or leave the priorities out",
    source=_FLEETS,
)
def _priorities_need_a_strategy(fleet: Part) -> Iterator[str]:
    """Priorities of instance types matter for the allocation strategies by priority only."""
    by_priority = any(name.endswith("prioritized") for name in _allocation_strategies(fleet))
    if not by_priority and any("Priority" in kind for kind in fleet.items("InstanceTypeConfigs")):
        yield "an instance fleet has types with a priority and no allocation strategy that looks at it"


@rule(
    "emr-spot-timeout",
    "SpotProvisioningSpecification",
    do="use 5 to 1440 minutes",
    source=api_reference("SpotProvisioningSpecification"),
)
def _spot_timeout_is_in_range(spot: Part) -> Iterator[str]:
    """A fleet waits 5 to 1440 minutes for its Spot capacity at launch."""
    minutes = spot.get("TimeoutDurationMinutes")
    if minutes is not None and not 5 <= minutes <= 1440:
        yield f"the timeout for Spot capacity is {minutes} minutes"


@rule(
    "emr-resize-timeout",
    "SpotResizingSpecification",
    "OnDemandResizingSpecification",
    do="use 5 to 10080 minutes (seven days)",
    source=api_reference("SpotResizingSpecification"),
)
def _resize_timeout_is_in_range(resizing: Part) -> Iterator[str]:
    """A fleet tries for 5 to 10080 minutes to grow."""
    minutes = resizing.get("TimeoutDurationMinutes")
    if minutes is not None and not 5 <= minutes <= 10080:
        yield f"the timeout for resizing is {minutes} minutes"


@rule(
    "emr-spot-block",
    "SpotProvisioningSpecification",
    do="leave BlockDurationMinutes out: EC2 ended Spot blocks on 2022-12-31",
    source=api_reference("SpotProvisioningSpecification"),
)
def _spot_blocks_are_gone(spot: Part) -> Iterator[str]:
    """Spot instances with a defined duration do not exist any more."""
    if "BlockDurationMinutes" in spot:
        yield f"Spot instances are asked for with a duration of {spot.get('BlockDurationMinutes', 'some')} minutes"


@rule(
    "emr-capacity-reservation-strategy",
    "OnDemandProvisioningSpecification",
    "OnDemandResizingSpecification",
    do="use the strategy lowest-price, or leave the capacity reservations out",
    source=_RESERVATIONS,
)
def _reservations_need_lowest_price(on_demand: Part) -> Iterator[str]:
    """Capacity reservations are used with the On-Demand strategy lowest-price."""
    strategy = on_demand.get("AllocationStrategy")
    if "CapacityReservationOptions" in on_demand and strategy not in (None, "lowest-price"):
        yield f"capacity reservations are given with the allocation strategy {strategy}"


@rule(
    "emr-capacity-reservation-group",
    "OnDemandCapacityReservationOptions",
    do="use CapacityReservations.targeted(...)",
    source=_RESERVATIONS,
)
def _targeted_reservations_are_used_first(options: Part) -> Iterator[str | tuple[str, str]]:
    """A resource group of capacity reservations is given by its ARN, with the strategy to use it first."""
    if "CapacityReservationResourceGroupArn" not in options:
        return
    arn = options.get("CapacityReservationResourceGroupArn")
    if arn is not None and (not arn.startswith("arn:") or ":resource-groups:" not in arn):
        fix = "use an ARN such as arn:aws:resource-groups:us-east-1:111122223333:group/name"
        yield f"the resource group of the capacity reservations is {arn!r}", fix
    if "UsageStrategy" not in options:
        yield "capacity reservations of a resource group have no usage strategy"
    if options.get("CapacityReservationPreference") == "none":
        yield "capacity reservations of a resource group are given and reservations are not to be used"


@rule("emr-fleet-release", "RunJobFlowInput", do="use a newer release, or instance groups", source=_FLEETS)
def _fleets_need_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Instance fleets need a release from 4.8.0 on, and not 5.0."""
    if "InstanceFleets" in cluster.part("Instances"):
        yield from lacks(cluster, "instance_fleets")


@rule("emr-fleet-strategy-release", "RunJobFlowInput", do="use a newer release, or no strategy", source=_FLEETS)
def _strategies_need_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Allocation strategies of instance fleets need a release from 5.12.1 on."""
    if any(_allocation_strategies(fleet) for fleet in cluster.part("Instances").items("InstanceFleets")):
        yield from lacks(cluster, "allocation_strategy")


@rule(
    "emr-added-fleet-role",
    ADD_FLEET,
    do="define master and core fleets with the cluster",
    source=template_reference("aws-resource-emr-instancefleetconfig"),
)
def _only_task_fleets_are_added(added: Part) -> Iterator[str]:
    """Only a task fleet can be added to a running cluster."""
    role = added.part("InstanceFleet").get("InstanceFleetType")
    if role in ("MASTER", "CORE"):
        yield f"a {role.lower()} instance fleet is added to a cluster"


@rule(
    "emr-added-fleet-types",
    ADD_FLEET,
    do="use 5 at most, or define the task fleet with the cluster",
    source=template_reference("aws-properties-emr-cluster-jobflowinstancesconfig"),
)
def _added_fleets_have_five_types(added: Part) -> Iterator[str]:
    """A task fleet that is added to a cluster has up to 5 instance types, whatever its allocation strategy."""
    count = len(added.part("InstanceFleet").items("InstanceTypeConfigs"))
    if 5 < count <= 30:
        yield f"a task instance fleet with {count} instance types is added to a cluster"
