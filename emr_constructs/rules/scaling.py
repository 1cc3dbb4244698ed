"""How core and task nodes are resized: managed scaling, and automatic scaling by rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import inf
from typing import Final

from .constraints import constraint, in_range, one_of, repeated_at, requires_release
from .instance_types import facts
from .parts import Part
from .registry import At, Severity, rule
from .sources import api_reference, management_guide
from .termination import outside_yarn
from .topology import fleets, groups

_MANAGED = management_guide("emr-managed-scaling")
_ADVANCED = management_guide("managed-scaling-allocation-strategy-optimized")
_LIMITS = api_reference("ComputeLimits")
_AUTOMATIC = management_guide("emr-automatic-scaling")
_SIMPLE = api_reference("SimpleScalingPolicyConfiguration")
_LESSER_LIMITS: Final = {
    "MinimumCapacityUnits": "minimum",
    "MaximumOnDemandCapacityUnits": "maximum of On-Demand capacity",
    "MaximumCoreCapacityUnits": "maximum of core capacity",
}


def _scaled_groups(cluster: Part) -> list[Part]:
    return [group for group in cluster.part("Instances").items("InstanceGroups") if "AutoScalingPolicy" in group]


def _limits(cluster: Part) -> Part:
    return cluster.part("ManagedScalingPolicy").part("ComputeLimits")


def _lacks_core_nodes(cluster: Part) -> bool:
    instances = cluster.part("Instances")
    roles: set[str] = set()
    for kind, role in (("InstanceGroups", "InstanceRole"), ("InstanceFleets", "InstanceFleetType")):
        if not instances.is_complete(kind):
            return False
        roles.update(part.get(role, "CORE") for part in instances.items(kind))
    return bool(roles) and "CORE" not in roles


def _launched(instances: Part, roles: Collection[str], unit: str | None) -> int:
    """The units of the nodes of ``roles`` at launch, as far as they are known."""
    if unit == "InstanceFleetUnits":
        targets = ("TargetOnDemandCapacity", "TargetSpotCapacity")
        return sum(fleet.get(target, 0) for fleet in fleets(instances, *roles) for target in targets)
    sizes = [(group.get("InstanceCount", 0), group.get("InstanceType", "")) for group in groups(instances, *roles)]
    if unit == "VCPU":
        return sum(count * known["vcpu"] for count, name in sizes if (known := facts(name)))
    return sum(count for count, _ in sizes) if unit == "Instances" else 0


def _capacity_at_launch(cluster: Part) -> At | None:
    limits, instances = _limits(cluster), cluster.part("Instances")
    for kind, roles, title in (("", ("CORE", "TASK"), "units"), ("Core", ("CORE",), "core units")):
        high = limits.get(f"Maximum{kind}CapacityUnits")
        # A limit of 0 is wrong in itself.
        if high and (launched := _launched(instances, roles, limits.get("UnitType"))) > high:
            return At(limits.at(f"Maximum{kind}CapacityUnits"), f"{launched} {title} and a maximum of {high}")
    return None


def _unordered(constraints: Part) -> str | None:
    low, high = constraints.get("MinCapacity"), constraints.get("MaxCapacity")
    is_wrong = low is not None and (low < 0 or (high is not None and low > high))
    return f"a minimum of {low} and a maximum of {high}" if is_wrong else None


def _above_maximum(limits: Part) -> Iterator[At]:
    high = limits.get("MaximumCapacityUnits", inf)
    for member, title in _LESSER_LIMITS.items():
        if (value := limits.get(member, -inf)) > high:
            yield At(limits.at(member), f"a {title} of {value} and a maximum of {high}")


def _core_on_demand(cluster: Part) -> str | None:
    """The limits of On-Demand core nodes that contradict each other."""
    limits = _limits(cluster)
    core, on_demand = limits.get("MaximumCoreCapacityUnits", -inf), limits.get("MaximumOnDemandCapacityUnits", inf)
    cores = groups(cluster.part("Instances"), "CORE")
    is_on_demand = any("Market" not in group or group.get("Market") == "ON_DEMAND" for group in cores)
    return f"{core} core and {on_demand} On-Demand units" if core > on_demand and is_on_demand else None


@rule("emr-managed-scaling-unit", "RunJobFlowInput", at="ManagedScalingPolicy.ComputeLimits.UnitType",
      fix="use the other unit", source=_LIMITS)  # fmt: skip
def _unit_fits_the_nodes(cluster: Part) -> Iterator[tuple[str, str]]:
    """The unit of managed scaling must be fleet units for instance fleets, and instances or vCPUs for groups."""
    unit, instances = _limits(cluster).get("UnitType"), cluster.part("Instances")
    if "InstanceGroups" in instances and "InstanceFleets" in instances:
        return  # no unit fits both
    if unit == "InstanceFleetUnits" and "InstanceGroups" in instances:
        yield f"unit of managed scaling must fit instance groups, got {unit}", "use Instances or VCPU"
    if unit in ("Instances", "VCPU") and "InstanceFleets" in instances:
        yield f"unit of managed scaling must fit instance fleets, got {unit}", "use InstanceFleetUnits"


@rule("emr-auto-scaling-role", "RunJobFlowInput", fix="specify AutoScalingRole, which can't be added after launch",
      source=_AUTOMATIC)  # fmt: skip
def _policies_need_a_role(cluster: Part) -> Iterator[At]:
    """Automatic scaling requires an Auto Scaling role."""
    # A request without a service role is a part of one: where it runs, and so its roles, are not known yet.
    groups = _scaled_groups(cluster)
    if groups and "ServiceRole" in cluster and "AutoScalingRole" not in cluster:
        place = groups[0].at("AutoScalingPolicy")
        yield At(place, "automatic scaling policy requires an Auto Scaling role, which is missing")


@rule("emr-auto-scaling-rules", "AutoScalingPolicy", fix="change a name", is_form=True, source=_AUTOMATIC)
def _rules_have_different_names(policy: Part) -> Iterator[At]:
    """An automatic scaling policy must have rules, with unique names."""
    if not policy.items("Rules") and policy.is_complete("Rules"):
        yield At(policy.at("Rules"), "an automatic scaling policy must have rules", "specify at least one")
    for found in repeated_at(policy.items("Rules"), "Name"):
        yield At(found.place, f"names of automatic scaling rules must be unique, got {found.message}")


@rule("emr-scaling-adjustment", "SimpleScalingPolicyConfiguration", at="ScalingAdjustment",
      fix="use a number other than 0",
      severity=Severity.WARNING, source=_SIMPLE)  # fmt: skip
def _adjustment_has_an_effect(simple: Part) -> Iterator[str | tuple[str, str]]:
    """The adjustment of a scaling rule must not be 0, and an exact capacity must be at least 1."""
    adjustment = simple.get("ScalingAdjustment")
    if adjustment is None:
        return
    if simple.get("AdjustmentType") == "EXACT_CAPACITY":
        if adjustment < 1:
            yield f"exact capacity of a scaling rule must be at least 1, got {adjustment}", "use at least 1"
    elif adjustment == 0:
        yield "adjustment of a scaling rule must not be 0"


# fmt: off
constraint("emr-managed-scaling-limits", "ComputeLimits",
           "the other limits of managed scaling must be at most its maximum",
           _above_maximum, fix="use minimum <= maximum, or lower the other limits", is_form=True, source=_LIMITS)
in_range("emr-managed-scaling-minimum", "ComputeLimits", "MinimumCapacityUnits", 1,
         what="the minimum of managed scaling",
         fix="use at least 1, for the core nodes", severity=Severity.WARNING, source=_LIMITS)
in_range("emr-managed-scaling-core-limit", "ComputeLimits", "MaximumCoreCapacityUnits", 1,
         what="the core limit of managed scaling", severity=Severity.WARNING, source=_LIMITS)
# EMR's rejection: https://github.com/boto/boto3/issues/3963
constraint("emr-managed-scaling-core-on-demand", "RunJobFlowInput",
           "the core limit of managed scaling must be at most its On-Demand limit, if core nodes are On-Demand "
           "Instances", _core_on_demand, at="ManagedScalingPolicy.ComputeLimits.MaximumCoreCapacityUnits",
           fix="lower MaximumCoreCapacityUnits, or raise MaximumOnDemandCapacityUnits",
           library_fix="lower the core limit, or raise the On-Demand limit", source=_LIMITS)
one_of("emr-managed-scaling-index", "ManagedScalingPolicy", "UtilizationPerformanceIndex", (1, 25, 50, 75, 100),
       what="the utilization performance index", source=_ADVANCED)
constraint("emr-managed-scaling-strategy", "ManagedScalingPolicy",
           "the utilization performance index requires the scaling strategy ADVANCED",
           lambda policy: "UtilizationPerformanceIndex" in policy
           and ("ScalingStrategy" not in policy or policy.get("ScalingStrategy") == "DEFAULT"),
           at="UtilizationPerformanceIndex", fix="use the scaling strategy ADVANCED, or remove the index",
           severity=Severity.WARNING, source=_ADVANCED)
requires_release("emr-managed-scaling-release", "RunJobFlowInput", {
    "managed_scaling": "ManagedScalingPolicy",
    "advanced_scaling": lambda cluster: cluster.part("ManagedScalingPolicy").get("ScalingStrategy") == "ADVANCED",
}, source=_MANAGED)
constraint("emr-managed-scaling-core", "RunJobFlowInput",
           "managed scaling requires core nodes, because it doesn't resize the primary node",
           lambda cluster: "ManagedScalingPolicy" in cluster and _lacks_core_nodes(cluster), at="ManagedScalingPolicy",
           fix="add core nodes, or remove managed scaling", severity=Severity.WARNING, source=_MANAGED)
constraint("emr-managed-scaling-initial", "RunJobFlowInput",
           "the capacity at launch must be at most the maximum of managed scaling", _capacity_at_launch,
           fix="launch fewer core and task nodes, or raise the maximum", severity=Severity.WARNING, source=_MANAGED)
constraint("emr-managed-scaling-not-on-yarn", "RunJobFlowInput",
           "managed scaling must not be used with applications that don't run on YARN, because it only monitors YARN",
           lambda cluster: "ManagedScalingPolicy" in cluster and outside_yarn(cluster), at="ManagedScalingPolicy",
           fix="remove managed scaling, or acknowledge this warning if YARN jobs determine the number of nodes",
           severity=Severity.WARNING, source=_MANAGED)
constraint("emr-auto-scaling-role-fleets", "RunJobFlowInput",
           "an Auto Scaling role must not be used with instance fleets, which it doesn't resize",
           lambda cluster: "AutoScalingRole" in cluster and "InstanceFleets" in cluster.part("Instances"),
           at="AutoScalingRole", fix="remove the role; instance fleets are resized by managed scaling",
           severity=Severity.WARNING, source=_AUTOMATIC)
constraint("emr-two-scalings", "RunJobFlowInput", "managed scaling can't be combined with automatic scaling policies",
           lambda cluster: "ManagedScalingPolicy" in cluster and bool(_scaled_groups(cluster)),
           at="ManagedScalingPolicy", fix="remove one of them", severity=Severity.WARNING, source=_MANAGED)
constraint("emr-auto-scaling-master", "InstanceGroupConfig",
           "the primary instance group must not have an automatic scaling policy",
           lambda group: group.get("InstanceRole") == "MASTER" and "AutoScalingPolicy" in group,
           at="AutoScalingPolicy", fix="specify the policy for a core or task group", source=_AUTOMATIC)
constraint("emr-auto-scaling-core-minimum", "InstanceGroupConfig",
           "the minimum of the automatic scaling policy of a core instance group must be at least 1",
           lambda group: group.get("InstanceRole") == "CORE"
           and group.part("AutoScalingPolicy").part("Constraints").get("MinCapacity") == 0 and "0",
           at="AutoScalingPolicy.Constraints.MinCapacity", fix="use at least 1", severity=Severity.WARNING,
           source=_AUTOMATIC)
constraint("emr-auto-scaling-limits", "ScalingConstraints",
           "the minimum of an automatic scaling policy must be 0 to its maximum", _unordered,
           at="MinCapacity", fix="use 0 <= minimum <= maximum", is_form=True, source=_AUTOMATIC)
in_range("emr-scaling-cool-down", "SimpleScalingPolicyConfiguration", "CoolDown", 0,
         what="the cooldown of a scaling rule", unit="seconds", source=_SIMPLE)
constraint("emr-scaling-market", "ScalingAction",
           "a scaling rule must not have a market, because an instance group has its own",
           lambda action: "Market" in action and str(action.get("Market", "a parameter")),
           at="Market", fix="remove the market", severity=Severity.WARNING, source=api_reference("ScalingAction"))
