"""Prints instance fleets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..rules.shapes import shape_facts
from .code import Call, Code, Items, Literal, Name
from .context import Context, Members, is_intrinsic
from .instance_groups import by_role, named
from .instances import instance_options

__all__ = ["instance_fleet", "instance_fleets"]

_ON_DEMAND: Final = ("OnDemandAllocationStrategy", "OnDemandProvisioningAllocationStrategy")
_SPOT: Final = ("SpotAllocationStrategy", "SpotProvisioningAllocationStrategy")
_TIMEOUT: Final = ("SpotTimeoutAction", "SpotProvisioningTimeoutAction")
_NONE: Final = (Literal(None), Literal(0))
_FIRST: Final = "use-capacity-reservations-first"


def instance_fleets(raw: Any, context: Context) -> Code:
    """Return ``emr.InstanceFleets`` for ``InstanceFleets`` of the EMR API; a comment without a primary fleet."""
    fleets = by_role(raw, "InstanceFleetType")
    if fleets is None or any(len(found) > 1 for found in fleets.values()) or not any(map(_can_be, fleets["MASTER"])):
        return context.remark("instance fleets require one primary fleet and up to one fleet of each other role", raw)
    options = {role.lower(): instance_fleet(found[0], context) for role, found in fleets.items() if found}
    return Call("emr.InstanceFleets", (), options)


def instance_fleet(raw: Mapping[str, Any], context: Context) -> Code:
    """Return ``emr.InstanceFleet`` for ``InstanceFleetConfig`` of the EMR API."""
    if not _can_be(raw):
        return context.remark("an instance fleet requires instance types and a target", raw)
    members = Members(raw, context)
    role = members.take("InstanceFleetType") or "TASK"
    types = [context.one("InstanceTypeConfigs", item, _instance_type) for item in members.take("InstanceTypeConfigs")]
    on_demand = context.value(members.take("TargetOnDemandCapacity"))
    spot = context.value(members.take("TargetSpotCapacity"))
    options = named(members, role, context)
    launch = Members(members.structure("LaunchSpecifications"), context)
    resize = Members(members.structure("ResizeSpecifications"), context)
    for owner, member, argument, printer in (
        (launch, "OnDemandSpecification", "on_demand_provisioning", _on_demand),
        (launch, "SpotSpecification", "spot_provisioning", _spot),
        (resize, "OnDemandResizeSpecification", "on_demand_resizing", _on_demand_resizing),
        (resize, "SpotResizeSpecification", "spot_resizing", _spot_resizing),
    ):
        specification = owner.take(member)
        if specification is not None:
            options[argument] = context.one(member, specification, printer)
        elif argument == "spot_provisioning" and spot not in _NONE:
            options[argument] = Literal(None)
    rest = {**launch.rest("LaunchSpecifications."), **resize.rest("ResizeSpecifications."), **members.rest()}
    return _fleet(types, on_demand, spot, {**options, **rest})


def _fleet(types: Sequence[Code], on_demand: Code, spot: Code, options: Mapping[str, Code]) -> Code:
    if Literal(None) in (on_demand, spot):
        units = {"target_on_demand_capacity": on_demand, "target_spot_capacity": spot}
        return Call("emr.InstanceFleet", (Items(types),), {**units, **options})
    if spot == Literal(0):
        return Call("emr.InstanceFleet.on_demand", types, {"units": on_demand, **options})
    if on_demand == Literal(0):
        return Call("emr.InstanceFleet.spot", types, {"units": spot, **options})
    return Call("emr.InstanceFleet.mixed", types, {"on_demand_units": on_demand, "spot_units": spot, **options})


def _can_be(raw: Mapping[str, Any]) -> bool:
    types = raw.get("InstanceTypeConfigs")
    has_types = isinstance(types, Sequence) and any(
        isinstance(item, Mapping) and "InstanceType" in item for item in types
    )
    return has_types and any(raw.get(name) for name in ("TargetOnDemandCapacity", "TargetSpotCapacity"))


def _instance_type(raw: Mapping[str, Any], context: Context) -> Code:
    if raw.get("InstanceType") is None:
        return context.remark("an instance type of a fleet requires a type", raw)
    members = Members(raw, context)
    name = context.value(members.take("InstanceType"))
    options = members.options(
        weighted_capacity="WeightedCapacity",
        priority="Priority",
        bid_price="BidPrice",
        bid_price_percentage="BidPriceAsPercentageOfOnDemandPrice",
    )
    options |= {**instance_options(members, context), **members.rest()}
    return Call("emr.FleetInstanceType", (name,), options) if options else name


def _on_demand(raw: Mapping[str, Any], context: Context) -> Code:
    members = Members(raw, context)
    options = _choice(members, context, "allocation_strategy", "AllocationStrategy", _ON_DEMAND)
    if options.get("allocation_strategy") == Name("emr.OnDemandAllocationStrategy.LOWEST_PRICE"):
        options = {}
    options |= _reservations(members, context)
    return Call("emr.OnDemandProvisioning", (), {**options, **members.rest()})


def _spot(raw: Mapping[str, Any], context: Context) -> Code:
    members = Members(raw, context)
    options = _choice(members, context, "allocation_strategy", "AllocationStrategy", _SPOT)
    options |= members.options(timeout_minutes="TimeoutDurationMinutes")
    if options.get("timeout_minutes") == Literal(60):
        del options["timeout_minutes"]
    action = _choice(members, context, "timeout_action", "TimeoutAction", _TIMEOUT)
    if action.get("timeout_action") != Name("emr.SpotTimeoutAction.SWITCH_TO_ON_DEMAND"):
        options |= action
    return Call("emr.SpotProvisioning", (), {**options, **members.rest()})


def _on_demand_resizing(raw: Mapping[str, Any], context: Context) -> Code:
    members = Members(raw, context)
    options = members.options(timeout_minutes="TimeoutDurationMinutes")
    options |= _choice(members, context, "allocation_strategy", "AllocationStrategy", _ON_DEMAND)
    options |= _reservations(members, context)
    return _resizing("emr.OnDemandResizing", options, members)


def _spot_resizing(raw: Mapping[str, Any], context: Context) -> Code:
    members = Members(raw, context)
    options = members.options(timeout_minutes="TimeoutDurationMinutes")
    options |= _choice(members, context, "allocation_strategy", "AllocationStrategy", _SPOT)
    return _resizing("emr.SpotResizing", options, members)


def _resizing(name: str, options: dict[str, Code], members: Members) -> Code:
    return Call(name, (), {**options, **members.rest()})


def _choice(
    members: Members, context: Context, argument: str, member: str, enumeration: tuple[str, str]
) -> dict[str, Code]:
    """Return an option that is a constant of an enumeration of the library, or the value if there is no constant."""
    value = members.take(member)
    if value is None:
        return {}
    constants, shape = enumeration
    if value in shape_facts(shape)["enum"]:
        return {argument: Name(f"emr.{constants}.{str(value).upper().replace('-', '_')}")}
    return {argument: context.value(value)}


def _reservations(members: Members, context: Context) -> dict[str, Code]:
    raw = members.take("CapacityReservationOptions")
    if raw is None:
        return {}
    if not isinstance(raw, Mapping) or is_intrinsic(raw):
        return {"capacity_reservations": context.remark("CapacityReservationOptions", raw)}
    given = {name: value for name, value in raw.items() if value is not None}
    group = given.get("CapacityReservationResourceGroupArn")
    if given == {"UsageStrategy": _FIRST, "CapacityReservationPreference": "open"}:
        code = Call("emr.CapacityReservations.open")
    elif given == {"CapacityReservationPreference": "none"}:
        code = Call("emr.CapacityReservations.none")
    elif given == {"UsageStrategy": _FIRST, "CapacityReservationResourceGroupArn": group}:
        code = Call("emr.CapacityReservations.targeted", (context.value(group),))
    else:
        inner = Members(given, context)
        options = {"usage_strategy": context.value(inner.take("UsageStrategy"))}
        options |= inner.options(
            preference="CapacityReservationPreference", resource_group_arn="CapacityReservationResourceGroupArn"
        )
        code = Call("emr.CapacityReservations", (), {**options, **inner.rest()})
    return {"capacity_reservations": code}
