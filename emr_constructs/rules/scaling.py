"""How core and task nodes are resized: managed scaling, and automatic scaling by rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .registry import Part, Severity, rule
from .releases import lacks
from .sources import api_reference, management_guide
from .termination import not_on_yarn

_MANAGED = management_guide("emr-managed-scaling")
_ADVANCED = management_guide("managed-scaling-allocation-strategy-optimized")
_LIMITS = api_reference("ComputeLimits")
_AUTOMATIC = management_guide("emr-automatic-scaling")
_ALARM = api_reference("CloudWatchAlarmDefinition")
_INDEXES: Final = (1, 25, 50, 75, 100)
_EMR_PERIOD: Final = 300


def _groups(cluster: Part) -> list[Part]:
    return cluster.part("Instances").items("InstanceGroups")


def _scaled_groups(cluster: Part) -> list[Part]:
    return [group for group in _groups(cluster) if "AutoScalingPolicy" in group]


@rule("emr-managed-scaling-limits", "ComputeLimits", do="order the limits: 1 <= minimum <= maximum", source=_LIMITS)
def _limits_are_ordered(limits: Part) -> Iterator[str | tuple[str, str]]:
    """Managed scaling has at least one unit, and a maximum that no other limit exceeds."""
    low, high = limits.get("MinimumCapacityUnits"), limits.get("MaximumCapacityUnits")
    if low is not None and low < 1:
        yield f"the minimum of managed scaling is {low}", "use 1 or more, for the core nodes"
    if high is None:
        return
    if low is not None and low > high:
        yield f"the minimum of managed scaling is {low} and the maximum {high}"
    for member, title, least in (
        ("MaximumOnDemandCapacityUnits", "On-Demand", 0),
        ("MaximumCoreCapacityUnits", "core", 1),
    ):
        limit = limits.get(member)
        if limit is not None and not least <= limit <= high:
            yield f"the {title} limit of managed scaling is {limit} and its maximum {high}", f"use {least} to {high}"


@rule("emr-managed-scaling-index", "ManagedScalingPolicy", do="use 1, 25, 50, 75 or 100", source=_ADVANCED)
def _index_is_a_level(policy: Part) -> Iterator[str]:
    """The utilization performance index is 1, 25, 50, 75 or 100."""
    index = policy.get("UtilizationPerformanceIndex")
    if index is not None and index not in _INDEXES:
        yield f"the utilization performance index is {index}"


@rule("emr-managed-scaling-strategy", "ManagedScalingPolicy", do="use the strategy ADVANCED", source=_ADVANCED)
def _index_needs_the_advanced_strategy(policy: Part) -> Iterator[str]:
    """The utilization performance index belongs to the advanced scaling strategy."""
    if "UtilizationPerformanceIndex" in policy and (
        "ScalingStrategy" not in policy or policy.get("ScalingStrategy") == "DEFAULT"
    ):
        yield "the default scaling strategy has a utilization performance index"


@rule("emr-managed-scaling-release", "RunJobFlowInput", do="use a newer release", source=_MANAGED)
def _managed_scaling_needs_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Managed scaling needs a release from 5.30.0 on, and not 6.0.0; its advanced strategy one from 7.0.0 on."""
    if "ManagedScalingPolicy" not in cluster:
        return
    yield from lacks(cluster, "managed_scaling")
    if cluster.part("ManagedScalingPolicy").get("ScalingStrategy") == "ADVANCED":
        yield from lacks(cluster, "advanced_scaling")


@rule("emr-managed-scaling-unit", "RunJobFlowInput", do="use the other unit", source=_LIMITS)
def _unit_fits_the_nodes(cluster: Part) -> Iterator[tuple[str, str]]:
    """Managed scaling counts units on instance fleets, and instances or vCPUs on instance groups."""
    unit = cluster.part("ManagedScalingPolicy").part("ComputeLimits").get("UnitType")
    instances = cluster.part("Instances")
    if unit == "InstanceFleetUnits" and "InstanceGroups" in instances:
        yield "managed scaling counts fleet units and the cluster has instance groups", "use Instances or VCPU"
    if unit in ("Instances", "VCPU") and "InstanceFleets" in instances:
        yield f"managed scaling counts {unit} and the cluster has instance fleets", "use InstanceFleetUnits"


@rule("emr-managed-scaling-core", "RunJobFlowInput", do="add core nodes, or leave managed scaling out", source=_MANAGED)
def _managed_scaling_needs_core_nodes(cluster: Part) -> Iterator[str]:
    """Managed scaling resizes core and task nodes; a single master node has none."""
    if "ManagedScalingPolicy" not in cluster:
        return
    for kind, role in (("InstanceGroups", "InstanceRole"), ("InstanceFleets", "InstanceFleetType")):
        parts = cluster.part("Instances").items(kind)
        roles = {part.get(role, "CORE") for part in parts}
        if parts and cluster.part("Instances").is_complete(kind) and "CORE" not in roles:
            yield "a cluster without core nodes has managed scaling"


@rule(
    "emr-managed-scaling-initial",
    "RunJobFlowInput",
    severity=Severity.WARNING,
    do="launch with as many nodes as the maximum at most, or raise the maximum",
    source=_MANAGED,
)
def _launch_is_within_the_limits(cluster: Part) -> Iterator[str]:
    """A cluster with managed scaling is not launched with more capacity than it may keep."""
    limits = cluster.part("ManagedScalingPolicy").part("ComputeLimits")
    unit, high = limits.get("UnitType"), limits.get("MaximumCapacityUnits")
    if high is None:
        return
    instances = cluster.part("Instances")
    launched = 0
    if unit == "Instances":
        groups = instances.items("InstanceGroups")
        launched = sum(part.get("InstanceCount", 0) for part in groups if part.get("InstanceRole") != "MASTER")
    elif unit == "InstanceFleetUnits":
        fleets = [part for part in instances.items("InstanceFleets") if part.get("InstanceFleetType") != "MASTER"]
        targets = ("TargetOnDemandCapacity", "TargetSpotCapacity")
        launched = sum(part.get(target, 0) for part in fleets for target in targets)
    if launched > high:
        yield f"the cluster is launched with {launched} units of core and task nodes and may keep {high}"


@rule(
    "emr-managed-scaling-not-on-yarn",
    "RunJobFlowInput",
    severity=Severity.WARNING,
    do="leave managed scaling out, or acknowledge this warning if YARN jobs tell how many nodes are needed",
    source=_MANAGED,
)
def _managed_scaling_watches_yarn(cluster: Part) -> Iterator[str]:
    """Managed scaling looks at YARN only: it does not see the work of HBase, Presto and Trino."""
    if "ManagedScalingPolicy" not in cluster:
        return
    serving = not_on_yarn(str(application.get("Name")) for application in cluster.items("Applications"))
    if serving:
        yield f"the cluster is resized by what YARN does, which says nothing about {' and '.join(serving)}"


@rule("emr-two-scalings", "RunJobFlowInput", do="keep one of the two", source=_MANAGED)
def _one_way_to_scale(cluster: Part) -> Iterator[str]:
    """A cluster has managed scaling, or groups with automatic scaling, not both."""
    if "ManagedScalingPolicy" in cluster and _scaled_groups(cluster):
        yield "the cluster has managed scaling and an instance group with an automatic scaling policy"


@rule(
    "emr-auto-scaling-role",
    "RunJobFlowInput",
    do="give an autoscaling role, which can only be given at launch",
    source=_AUTOMATIC,
)
def _policies_need_a_role(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """Automatic scaling needs an autoscaling role, which fleets do not take."""
    # A request without a service role is a part of one: where it runs, and so its roles, are not known yet.
    if _scaled_groups(cluster) and "ServiceRole" in cluster and "AutoScalingRole" not in cluster:
        yield "an instance group has an automatic scaling policy and the cluster has no autoscaling role"
    if "AutoScalingRole" in cluster and "InstanceFleets" in cluster.part("Instances"):
        fix = "leave the role out; instance fleets are resized by managed scaling"
        yield "a cluster of instance fleets has an autoscaling role", fix


@rule(
    "emr-auto-scaling-master",
    "InstanceGroupConfig",
    do="give the policy to a core or task group",
    source=_AUTOMATIC,
)
def _masters_do_not_scale(group: Part) -> Iterator[str]:
    """Core and task groups scale automatically, master groups do not."""
    if group.get("InstanceRole") == "MASTER" and "AutoScalingPolicy" in group:
        yield "the master instance group has an automatic scaling policy"


@rule(
    "emr-auto-scaling-limits", "ScalingConstraints", do="order the limits: 0 <= minimum <= maximum", source=_AUTOMATIC
)
def _constraints_are_ordered(constraints: Part) -> Iterator[str]:
    """The minimum of an automatic scaling policy is 0 or more, and not above its maximum."""
    low, high = constraints.get("MinCapacity"), constraints.get("MaxCapacity")
    if low is not None and (low < 0 or (high is not None and low > high)):
        yield f"an automatic scaling policy has the minimum {low} and the maximum {high}"


@rule("emr-auto-scaling-rules", "AutoScalingPolicy", do="give rules with names of their own", source=_AUTOMATIC)
def _rules_have_names_of_their_own(policy: Part) -> Iterator[str | tuple[str, str]]:
    """An automatic scaling policy has rules, whose names differ."""
    if not policy.items("Rules") and policy.is_complete("Rules"):
        yield "an automatic scaling policy has no rules", "give one or more"
    names = [name for rule_ in policy.items("Rules") if (name := rule_.get("Name"))]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{names.count(name)} automatic scaling rules have the name {name!r}"


@rule(
    "emr-scaling-adjustment",
    "SimpleScalingPolicyConfiguration",
    do="use a number other than 0",
    source=api_reference("SimpleScalingPolicyConfiguration"),
)
def _adjustment_has_an_effect(simple: Part) -> Iterator[str | tuple[str, str]]:
    """An adjustment changes something, and an exact capacity is above 0."""
    adjustment = simple.get("ScalingAdjustment")
    if adjustment is None:
        return
    if simple.get("AdjustmentType") == "EXACT_CAPACITY":
        if adjustment < 1:
            yield f"a scaling rule sets the capacity to {adjustment}", "use 1 or more"
    elif adjustment == 0:
        yield "a scaling rule changes the capacity by 0"


@rule("emr-scaling-period", "CloudWatchAlarmDefinition", do="use 300 seconds, or a multiple of it", source=_ALARM)
def _period_has_values(definition: Part) -> Iterator[str | tuple[str, str]]:
    """Metrics of EMR have a value for every 300 seconds."""
    period = definition.get("Period")
    of_emr = "Namespace" not in definition or definition.get("Namespace") == "AWS/ElasticMapReduce"
    if period is None:
        return
    if period < 1:
        yield f"the period of a scaling rule is {period} seconds", "use 1 or more; 300 for metrics of EMR"
    elif of_emr and period % _EMR_PERIOD:
        yield f"the period of a scaling rule over a metric of EMR is {period} seconds"


@rule("emr-scaling-evaluation-periods", "CloudWatchAlarmDefinition", do="use 1 or more", source=_ALARM)
def _at_least_one_evaluation_period(definition: Part) -> Iterator[str]:
    """A scaling rule looks at one period at least."""
    periods = definition.get("EvaluationPeriods")
    if periods is not None and periods < 1:
        yield f"a scaling rule looks at {periods} periods"


@rule(
    "emr-scaling-cool-down",
    "SimpleScalingPolicyConfiguration",
    do="use 0 or more",
    source=api_reference("SimpleScalingPolicyConfiguration"),
)
def _cool_down_is_not_negative(simple: Part) -> Iterator[str]:
    """The cool-down of a scaling rule is no negative number of seconds."""
    cool_down = simple.get("CoolDown")
    if cool_down is not None and cool_down < 0:
        yield f"the cool-down of a scaling rule is {cool_down} seconds"


@rule(
    "emr-scaling-market",
    "ScalingAction",
    severity=Severity.WARNING,
    do="leave the market out: a group has one market",
    source=api_reference("ScalingAction"),
)
def _groups_have_one_market(action: Part) -> Iterator[str]:
    """The market of a scaling action has no effect on an instance group, which has a market of its own."""
    if "Market" in action:
        yield f"a scaling rule has the market {action.get('Market', 'of a parameter')}"
