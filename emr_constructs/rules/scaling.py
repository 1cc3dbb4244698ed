"""How core and task nodes are resized: managed scaling, and automatic scaling by rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint, in_range, one_of, repeated, requires_release
from .registry import Part, Severity, rule
from .sources import api_reference, management_guide
from .termination import outside_yarn

_MANAGED = management_guide("emr-managed-scaling")
_ADVANCED = management_guide("managed-scaling-allocation-strategy-optimized")
_LIMITS = api_reference("ComputeLimits")
_AUTOMATIC = management_guide("emr-automatic-scaling")
_SIMPLE = api_reference("SimpleScalingPolicyConfiguration")
_ALARM = api_reference("CloudWatchAlarmDefinition")
_EMR_PERIOD: Final = 300


def _has_scaled_groups(cluster: Part) -> bool:
    return any("AutoScalingPolicy" in group for group in cluster.part("Instances").items("InstanceGroups"))


def _is_default_strategy(policy: Part) -> bool:
    return "ScalingStrategy" not in policy or policy.get("ScalingStrategy") == "DEFAULT"


def _lacks_core_nodes(cluster: Part) -> bool:
    for kind, role in (("InstanceGroups", "InstanceRole"), ("InstanceFleets", "InstanceFleetType")):
        parts = cluster.part("Instances").items(kind)
        roles = {part.get(role, "CORE") for part in parts}
        if parts and cluster.part("Instances").is_complete(kind) and "CORE" not in roles:
            return True
    return False


def _capacity_at_launch(cluster: Part) -> str | None:
    limits = cluster.part("ManagedScalingPolicy").part("ComputeLimits")
    unit, high = limits.get("UnitType"), limits.get("MaximumCapacityUnits")
    instances = cluster.part("Instances")
    launched = 0
    if unit == "Instances":
        groups = instances.items("InstanceGroups")
        launched = sum(part.get("InstanceCount", 0) for part in groups if part.get("InstanceRole") != "MASTER")
    elif unit == "InstanceFleetUnits":
        fleets = [part for part in instances.items("InstanceFleets") if part.get("InstanceFleetType") != "MASTER"]
        targets = ("TargetOnDemandCapacity", "TargetSpotCapacity")
        launched = sum(part.get(target, 0) for part in fleets for target in targets)
    return f"{launched} units and a maximum of {high}" if high is not None and launched > high else None


def _unordered(constraints: Part) -> str | None:
    low, high = constraints.get("MinCapacity"), constraints.get("MaxCapacity")
    is_wrong = low is not None and (low < 0 or (high is not None and low > high))
    return f"a minimum of {low} and a maximum of {high}" if is_wrong else None


@rule("emr-managed-scaling-limits", "ComputeLimits", fix="use 1 <= minimum <= maximum", source=_LIMITS)
def _limits_are_ordered(limits: Part) -> Iterator[str | tuple[str, str]]:
    """Managed scaling must have a minimum of at least 1, and a maximum that no other limit exceeds."""
    low, high = limits.get("MinimumCapacityUnits"), limits.get("MaximumCapacityUnits")
    if low is not None and low < 1:
        yield f"minimum of managed scaling must be at least 1, got {low}", "use at least 1, for the core nodes"
    if high is None:
        return
    if low is not None and low > high:
        yield f"minimum of managed scaling must be at most its maximum, got {low} and a maximum of {high}"
    for member, title, least in (
        ("MaximumOnDemandCapacityUnits", "On-Demand", 0),
        ("MaximumCoreCapacityUnits", "core", 1),
    ):
        limit = limits.get(member)
        if limit is not None and not least <= limit <= high:
            fix = f"use {least} to {high}"
            yield f"{title} limit of managed scaling must be {least} to its maximum of {high}, got {limit}", fix


@rule("emr-managed-scaling-unit", "RunJobFlowInput", fix="use the other unit", source=_LIMITS)
def _unit_fits_the_nodes(cluster: Part) -> Iterator[tuple[str, str]]:
    """The unit of managed scaling must be fleet units for instance fleets, and instances or vCPUs for groups."""
    unit = cluster.part("ManagedScalingPolicy").part("ComputeLimits").get("UnitType")
    instances = cluster.part("Instances")
    if unit == "InstanceFleetUnits" and "InstanceGroups" in instances:
        yield f"unit of managed scaling must fit instance groups, got {unit}", "use Instances or VCPU"
    if unit in ("Instances", "VCPU") and "InstanceFleets" in instances:
        yield f"unit of managed scaling must fit instance fleets, got {unit}", "use InstanceFleetUnits"


@rule("emr-auto-scaling-role", "RunJobFlowInput", fix="specify AutoScalingRole, which can't be added after launch",
      source=_AUTOMATIC)  # fmt: skip
def _policies_need_a_role(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """Automatic scaling requires an Auto Scaling role, which can't be combined with instance fleets."""
    # A request without a service role is a part of one: where it runs, and so its roles, are not known yet.
    if _has_scaled_groups(cluster) and "ServiceRole" in cluster and "AutoScalingRole" not in cluster:
        yield "automatic scaling policy requires an Auto Scaling role, which is missing"
    if "AutoScalingRole" in cluster and "InstanceFleets" in cluster.part("Instances"):
        fix = "remove the role; instance fleets are resized by managed scaling"
        yield "Auto Scaling role can't be combined with instance fleets", fix


@rule("emr-auto-scaling-rules", "AutoScalingPolicy", fix="change a name", source=_AUTOMATIC)
def _rules_have_different_names(policy: Part) -> Iterator[str | tuple[str, str]]:
    """An automatic scaling policy must have rules, with unique names."""
    if not policy.items("Rules") and policy.is_complete("Rules"):
        yield "an automatic scaling policy must have rules", "specify at least one"
    names = (item.get("Name") for item in policy.items("Rules"))
    for found in repeated(name for name in names if name):
        yield f"names of automatic scaling rules must be unique, got {found}"


@rule("emr-scaling-adjustment", "SimpleScalingPolicyConfiguration", fix="use a number other than 0", source=_SIMPLE)
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


@rule("emr-scaling-period", "CloudWatchAlarmDefinition", fix="use 300 seconds, or a multiple", source=_ALARM)
def _period_has_values(definition: Part) -> Iterator[str | tuple[str, str]]:
    """The period of a scaling rule must be a multiple of 300 seconds for a metric of EMR, otherwise at least 1."""
    period = definition.get("Period")
    of_emr = "Namespace" not in definition or definition.get("Namespace") == "AWS/ElasticMapReduce"
    if period is None:
        return
    if period < 1:
        fix = "use at least 1, or 300 for a metric of EMR"
        yield f"period of a scaling rule must be at least 1 second, got {period}", fix
    elif of_emr and period % _EMR_PERIOD:
        yield f"period of a scaling rule for a metric of EMR must be a multiple of 300 seconds, got {period}"


# fmt: off
one_of("emr-managed-scaling-index", "ManagedScalingPolicy", "UtilizationPerformanceIndex", (1, 25, 50, 75, 100),
       what="utilization performance index", source=_ADVANCED)
constraint("emr-managed-scaling-strategy", "ManagedScalingPolicy",
           "utilization performance index requires the scaling strategy ADVANCED",
           lambda policy: "UtilizationPerformanceIndex" in policy and _is_default_strategy(policy),
           fix="use the scaling strategy ADVANCED, or remove the index", source=_ADVANCED)
requires_release("emr-managed-scaling-release", "RunJobFlowInput", {
    "managed_scaling": "ManagedScalingPolicy",
    "advanced_scaling": lambda cluster: cluster.part("ManagedScalingPolicy").get("ScalingStrategy") == "ADVANCED",
}, source=_MANAGED)
constraint("emr-managed-scaling-core", "RunJobFlowInput",
           "managed scaling requires core nodes, because it doesn't resize the primary node",
           lambda cluster: "ManagedScalingPolicy" in cluster and _lacks_core_nodes(cluster),
           fix="add core nodes, or remove managed scaling", source=_MANAGED)
constraint("emr-managed-scaling-initial", "RunJobFlowInput",
           "capacity at launch must be at most the maximum of managed scaling", _capacity_at_launch,
           fix="launch fewer core and task nodes, or raise the maximum", severity=Severity.WARNING, source=_MANAGED)
constraint("emr-managed-scaling-not-on-yarn", "RunJobFlowInput",
           "managed scaling must not be used with applications that don't run on YARN, because it only monitors YARN",
           lambda cluster: "ManagedScalingPolicy" in cluster and outside_yarn(cluster),
           fix="remove managed scaling, or acknowledge this warning if YARN jobs determine the number of nodes",
           severity=Severity.WARNING, source=_MANAGED)
constraint("emr-two-scalings", "RunJobFlowInput", "managed scaling can't be combined with automatic scaling policies",
           lambda cluster: "ManagedScalingPolicy" in cluster and _has_scaled_groups(cluster),
           fix="remove one of them", source=_MANAGED)
constraint("emr-auto-scaling-master", "InstanceGroupConfig",
           "the primary instance group must not have an automatic scaling policy",
           lambda group: group.get("InstanceRole") == "MASTER" and "AutoScalingPolicy" in group,
           fix="specify the policy for a core or task group", source=_AUTOMATIC)
constraint("emr-auto-scaling-limits", "ScalingConstraints",
           "minimum of an automatic scaling policy must be 0 to its maximum", _unordered,
           fix="use 0 <= minimum <= maximum", source=_AUTOMATIC)
in_range("emr-scaling-evaluation-periods", "CloudWatchAlarmDefinition", "EvaluationPeriods", 1,
         what="evaluation periods of a scaling rule", source=_ALARM)
in_range("emr-scaling-cool-down", "SimpleScalingPolicyConfiguration", "CoolDown", 0,
         what="cooldown of a scaling rule", unit="seconds", source=_SIMPLE)
constraint("emr-scaling-market", "ScalingAction",
           "a scaling rule must not have a market, because an instance group has its own",
           lambda action: "Market" in action and str(action.get("Market", "a parameter")),
           fix="remove the market", severity=Severity.WARNING, source=api_reference("ScalingAction"))
