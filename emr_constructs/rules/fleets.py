"""Instance fleets: targets, instance types, bids, allocation strategies, timeouts, capacity reservations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from .constraints import both, constraint, in_range, requires_release, unique
from .parts import Part
from .registry import At, Severity, rule
from .security_configuration import LAUNCH
from .sources import api_reference, management_guide, template_reference

__all__ = ["ADD_FLEET"]

_FLEETS = management_guide("emr-instance-fleet")
_HA = management_guide("emr-plan-ha-launch")
_RESERVATIONS = management_guide("on-demand-capacity-reservations")
_CONFIG = api_reference("InstanceFleetConfig")
_TYPE = api_reference("InstanceTypeConfig")
_SPOT = api_reference("SpotProvisioningSpecification")
_MARKETS: Final = ("OnDemand", "Spot")

ADD_FLEET = "AddInstanceFleetInput"
"""A fleet that is added to a running cluster."""


def _target(fleet: Part, market: str) -> int | None:
    """The target of a market (``OnDemand`` or ``Spot``), which is 0 if it is absent; None if it is unknown."""
    member = f"Target{market}Capacity"
    value: int | None = fleet.get(member, None if member in fleet else 0)
    return value


def _allocation_strategies(fleet: Part) -> set[str]:
    """The strategies of the fleet at launch and on a resize."""
    launch, resize = fleet.part("LaunchSpecifications"), fleet.part("ResizeSpecifications")
    specifications = [launch.part(f"{market}Specification") for market in _MARKETS]
    specifications += [resize.part(f"{market}ResizeSpecification") for market in _MARKETS]
    return {strategy for part in specifications if (strategy := part.get("AllocationStrategy"))}


def _first_by_priority(fleet: Part) -> str | None:
    return min((name for name in _allocation_strategies(fleet) if name.endswith("prioritized")), default=None)


def _has_launch_strategy(fleet: Part) -> bool:
    launch = fleet.part("LaunchSpecifications")
    return any("AllocationStrategy" in launch.part(f"{market}Specification") for market in _MARKETS)


def _priorities(fleet: Part) -> list[str]:
    """The places of the priorities of instance types."""
    return [kind.at("Priority") for kind in fleet.items("InstanceTypeConfigs") if "Priority" in kind]


def _primary_target(fleet: Part) -> At | None:
    on_demand, spot = _target(fleet, "OnDemand"), _target(fleet, "Spot")
    if fleet.get("InstanceFleetType") != "MASTER" or on_demand is None or spot is None:
        return None
    is_allowed = on_demand + spot == 1 or (on_demand, spot) in {(3, 0), (0, 0)}
    place = fleet.at("TargetOnDemandCapacity" if on_demand else "TargetSpotCapacity")
    return None if is_allowed else At(place, f"{on_demand} On-Demand and {spot} Spot units")


def _primary_weights(fleet: Part) -> Iterator[At]:
    for kind in fleet.items("InstanceTypeConfigs") if fleet.get("InstanceFleetType") == "MASTER" else ():
        if (weight := kind.get("WeightedCapacity", 1)) > 1:
            yield At(kind.at("WeightedCapacity"), f"{weight} for {kind.get('InstanceType')}")


def _missing_priorities(fleet: Part) -> str | None:
    strategy = _first_by_priority(fleet)
    is_missing = fleet.is_complete("InstanceTypeConfigs") and not _priorities(fleet)
    return f"{strategy} without priorities" if strategy and is_missing else None


def _unused_priorities(fleet: Part) -> At | None:
    priorities = _priorities(fleet)
    return At(priorities[0], "") if priorities and not _first_by_priority(fleet) else None


def _is_empty(*roles: str) -> Callable[[Part], bool]:
    """Whether a fleet of one of ``roles`` launches nothing."""
    return lambda fleet: (
        fleet.get("InstanceFleetType") in roles and not any(_target(fleet, market) != 0 for market in _MARKETS)
    )


def _only_targets(part: Part) -> Iterator[At]:
    """The fleets of a cluster in a template, or the one that is added, with one target.

    A request that launches a cluster for a job usually isn't followed by a change.
    """
    instances = part.part("Cluster").part("Instances")
    fleets = [part.part("InstanceFleet"), *(instances.items("InstanceFleets") if part.get("InTemplate") else ())]
    yield from filter(None, map(_only_target, fleets))


def _only_target(fleet: Part) -> At | None:
    """The target that is specified if the other isn't, for a fleet whose capacity usually changes.

    Core nodes that are On-Demand Instances hold HDFS, and are rarely resized.
    """
    given = [member for member in ("TargetOnDemandCapacity", "TargetSpotCapacity") if member in fleet]
    role = fleet.get("InstanceFleetType")
    changes = role == "TASK" or (role == "CORE" and given == ["TargetSpotCapacity"])
    return At(fleet.at(given[0]), f"only {given[0]}") if changes and len(given) == 1 else None


def _spot_block(fleet: Part) -> str | None:
    """The defined duration of the Spot Instances that the fleet launches."""
    minutes = fleet.part("LaunchSpecifications").part("SpotSpecification").get("BlockDurationMinutes")
    return f"{minutes} minutes" if minutes and _target(fleet, "Spot") else None


@rule("emr-fleet-types", "InstanceFleetConfig", at="InstanceTypeConfigs",
      fix="use 1 to 5, or up to 30 with an allocation strategy", is_form=True,
      source=_FLEETS)  # fmt: skip
def _types_are_limited(fleet: Part) -> Iterator[str | tuple[str, ...]]:
    """An instance fleet must have 1 to 5 instance types, or up to 30 with an allocation strategy."""
    count = len(fleet.items("InstanceTypeConfigs"))
    if count == 0 and fleet.is_complete("InstanceTypeConfigs"):
        yield "an instance fleet must have instance types"
    elif count > 30:
        yield f"an instance fleet must have at most 30 instance types, got {count}", "remove some"
    elif count > 5 and not _has_launch_strategy(fleet):
        yield (
            f"an instance fleet without an allocation strategy must have at most 5 instance types, got {count}",
            "remove some, or specify AllocationStrategy in LaunchSpecifications",
            "remove some, or specify an allocation strategy: SpotProvisioning(allocation_strategy=...) or "
            "OnDemandProvisioning()",
        )


@rule("emr-capacity-reservation-group", "OnDemandCapacityReservationOptions",
      fix="set UsageStrategy to use-capacity-reservations-first",
      library_fix="use CapacityReservations.targeted(...)", is_form=True, source=_RESERVATIONS)  # fmt: skip
def _targeted_reservations_are_used_first(options: Part) -> Iterator[At]:
    """A resource group of capacity reservations must be an ARN, with the strategy to use it first."""
    if "CapacityReservationResourceGroupArn" not in options:
        return
    arn, place = options.get("CapacityReservationResourceGroupArn"), options.at("CapacityReservationResourceGroupArn")
    if arn is not None and (not arn.startswith("arn:") or ":resource-groups:" not in arn):
        fix = "use an ARN such as arn:aws:resource-groups:us-east-1:111122223333:group/name"
        yield At(place, f"resource group of capacity reservations must be an ARN, got {arn!r}", fix)
    if "UsageStrategy" not in options:
        yield At(place, "resource group of capacity reservations requires a usage strategy, which is missing")
    if options.get("CapacityReservationPreference") == "none":
        message = "resource group of capacity reservations can't be combined with the preference none"
        fixes = ("remove CapacityReservationPreference", "use CapacityReservations.targeted(...)")
        yield At(options.at("CapacityReservationPreference"), message, *fixes)


# fmt: off
constraint("emr-fleet-capacity", "InstanceFleetConfig",
           "an instance fleet must have a target of On-Demand or Spot capacity above 0",
           _is_empty("MASTER", "CORE"), at="TargetOnDemandCapacity", fix="specify a target above 0", source=_CONFIG)
constraint("emr-task-fleet-capacity", "InstanceFleetConfig",
           "a task instance fleet must have a target of On-Demand or Spot capacity above 0",
           _is_empty("TASK"), at="TargetOnDemandCapacity", fix="specify a target above 0, or remove the fleet",
           severity=Severity.WARNING, source=_CONFIG)
constraint("emr-fleet-targets", (LAUNCH, ADD_FLEET),
           "both targets of an instance fleet must be specified, because otherwise an update of its capacity fails",
           _only_targets, fix="also specify the other target, as 0 if it isn't used", severity=Severity.WARNING,
           source=api_reference("InstanceFleetModifyConfig"))
unique("emr-fleet-type-repeated", "InstanceFleetConfig", "InstanceTypeConfigs", "InstanceType",
       what="instance types of a fleet", fix="remove the repetition", source=_CONFIG)
constraint("emr-master-fleet-target", "InstanceFleetConfig",
           "the target of a primary instance fleet must be 1 unit, or 3 On-Demand units for high availability",
           _primary_target, fix="use 1 unit, or 3 On-Demand units", source=_HA)
constraint("emr-master-fleet-weight", "InstanceFleetConfig",
           "the weighted capacity of each instance type in a primary instance fleet must be 1", _primary_weights,
           fix="remove the weighted capacity", source=_HA)
in_range("emr-fleet-weight", "InstanceTypeConfig", "WeightedCapacity", 1,
         what="the weighted capacity of an instance type", source=_TYPE)
constraint("emr-fleet-bid", "InstanceTypeConfig",
           "the bid price of an instance type can't be combined with a percentage of the On-Demand price",
           both("BidPrice", "BidPriceAsPercentageOfOnDemandPrice"), at="BidPriceAsPercentageOfOnDemandPrice",
           fix="remove one of them", source=_TYPE)
constraint("emr-fleet-bid-percentage", "InstanceTypeConfig",
           "the bid price in percent of the On-Demand price must be above 1, because 100 is the On-Demand price",
           lambda kind: 0 < (percent := kind.get("BidPriceAsPercentageOfOnDemandPrice", 0)) <= 1 and f"{percent:g}",
           at="BidPriceAsPercentageOfOnDemandPrice", fix="use a percentage such as 100", severity=Severity.WARNING,
           source=_TYPE)
constraint("emr-fleet-priority", "InstanceFleetConfig",
           "instance types must have priorities for an allocation strategy by priority", _missing_priorities,
           at="InstanceTypeConfigs", fix="specify Priority for the instance types",
           library_fix="specify a priority: FleetInstanceType(..., priority=0)", source=_FLEETS)
constraint("emr-fleet-priority-unused", "InstanceFleetConfig",
           "priorities of instance types require an allocation strategy by priority", _unused_priorities,
           fix="use the strategy prioritized or capacity-optimized-prioritized, or remove the priorities",
           severity=Severity.WARNING, source=_FLEETS)
in_range("emr-spot-timeout", "SpotProvisioningSpecification", "TimeoutDurationMinutes", 5, 1440,
         what="the timeout for Spot capacity", unit="minutes", source=_SPOT)
in_range("emr-resize-timeout", ("SpotResizingSpecification", "OnDemandResizingSpecification"),
         "TimeoutDurationMinutes", 5, 10080, what="the timeout for resizing", unit="minutes",
         fix="use 5 minutes to 7 days", source=api_reference("SpotResizingSpecification"))
constraint("emr-spot-block", "InstanceFleetConfig", "Spot Instances must not have a defined duration", _spot_block,
           at="LaunchSpecifications.SpotSpecification.BlockDurationMinutes",
           fix="remove BlockDurationMinutes; EC2 retired Spot blocks on 2022-12-31", source=_SPOT)
constraint("emr-capacity-reservation-strategy", ("OnDemandProvisioningSpecification", "OnDemandResizingSpecification"),
           "the allocation strategy must be lowest-price to use capacity reservations",
           lambda on_demand: "CapacityReservationOptions" in on_demand
           and (strategy := on_demand.get("AllocationStrategy")) != "lowest-price" and strategy,
           at="AllocationStrategy", fix="use lowest-price, or remove the capacity reservations", source=_RESERVATIONS)
requires_release("emr-fleet-release", "RunJobFlowInput",
                 {"instance_fleets": lambda cluster: "InstanceFleets" in cluster.part("Instances")},
                 fix="use a later release, or instance groups", source=_FLEETS)
requires_release("emr-fleet-strategy-release", "RunJobFlowInput", {"allocation_strategy": lambda cluster: any(
                 _allocation_strategies(fleet) for fleet in cluster.part("Instances").items("InstanceFleets"))},
                 fix="use a later release, or remove the strategy", source=_FLEETS)
constraint("emr-added-fleet-role", ADD_FLEET, "an instance fleet added to a cluster must be a task fleet",
           lambda added: (role := added.part("InstanceFleet").get("InstanceFleetType")) in ("MASTER", "CORE")
           and f"the type {role}",
           at="InstanceFleet.InstanceFleetType", fix="define primary and core fleets in the cluster",
           library_fix="pass primary and core fleets to the cluster",
           source=template_reference("aws-resource-emr-instancefleetconfig"))
constraint("emr-added-fleet-types", ADD_FLEET,
           "an instance fleet added to a cluster must have at most 5 instance types, with any allocation strategy",
           lambda added: 5 < (count := len(added.part("InstanceFleet").items("InstanceTypeConfigs"))) <= 30
           and str(count), at="InstanceFleet.InstanceTypeConfigs",
           fix="remove some, or define the task fleet in the cluster",
           library_fix="remove some, or pass the task fleet to the cluster",
           source=template_reference("aws-properties-emr-cluster-jobflowinstancesconfig"))
