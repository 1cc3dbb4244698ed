"""Prints managed scaling, and the automatic scaling policies of instance groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from .code import Call, Code, Literal
from .context import Context, Members
from .pairs import pairs

__all__ = ["auto_scaling_policy", "managed_scaling"]

_UNITS: Final = {"Instances": "instances", "VCPU": "vcpu", "InstanceFleetUnits": "fleet_units"}
_CHANGES: Final = {
    "CHANGE_IN_CAPACITY": "change_by",
    "PERCENT_CHANGE_IN_CAPACITY": "change_by_percent",
    "EXACT_CAPACITY": "set_to",
}
_COMPARISONS: Final = {"GREATER_THAN": "above", "LESS_THAN": "below"}


def managed_scaling(raw: Mapping[str, Any], context: Context) -> Code:
    """Return ``emr.ManagedScaling`` for ``ManagedScalingPolicy`` of the EMR API."""
    members = Members(raw, context)
    limits = Members(members.structure("ComputeLimits"), context)
    unit = limits.take("UnitType")
    options = limits.options(
        minimum="MinimumCapacityUnits",
        maximum="MaximumCapacityUnits",
        maximum_on_demand="MaximumOnDemandCapacityUnits",
        maximum_core="MaximumCoreCapacityUnits",
    )
    if unit is None or not {"minimum", "maximum"} <= options.keys():
        return context.remark("managed scaling requires a unit, a minimum and a maximum", raw)
    index = members.options(utilization_performance_index="UtilizationPerformanceIndex")
    options |= index
    if raw.get("ScalingStrategy") == ("ADVANCED" if index else "DEFAULT"):
        members.take("ScalingStrategy")
    rest = {**limits.rest("ComputeLimits."), **members.rest()}
    if isinstance(unit, str) and unit in _UNITS:
        return Call(f"emr.ManagedScaling.{_UNITS[unit]}", (), {**options, **rest})
    return Call("emr.ManagedScaling", (), {"unit_type": context.value(unit), **options, **rest})


def auto_scaling_policy(raw: Mapping[str, Any], context: Context) -> Code:
    """Return ``emr.AutoScalingPolicy`` for ``AutoScalingPolicy`` of the EMR API."""
    members = Members(raw, context)
    limits = Members(members.structure("Constraints"), context)
    options = limits.options(minimum="MinCapacity", maximum="MaxCapacity")
    rules = members.take("Rules")
    if len(options) < 2 or not isinstance(rules, Sequence) or not all(map(_is_complete, rules)):
        return context.remark("an automatic scaling policy requires limits, and rules with triggers", raw)
    options["rules"] = context.each("Rules", rules, _rule)
    return Call("emr.AutoScalingPolicy", (), {**options, **limits.rest("Constraints."), **members.rest()})


def _is_complete(rule: Any) -> bool:
    match rule:
        case {
            "Name": _,
            "Action": {"SimpleScalingPolicyConfiguration": {"ScalingAdjustment": _}},
            "Trigger": {"CloudWatchAlarmDefinition": {"MetricName": _, "ComparisonOperator": _, "Threshold": _}},
        }:
            return True
    return False


def _rule(raw: Mapping[str, Any], context: Context) -> Code:
    members = Members(raw, context)
    action = Members(members.structure("Action"), context)
    change = Members(action.structure("SimpleScalingPolicyConfiguration"), context)
    kind = change.take("AdjustmentType")
    name, amount = context.value(members.take("Name")), context.value(change.take("ScalingAdjustment"))
    trigger = Members(members.structure("Trigger"), context)
    options: dict[str, Code] = {"when": _trigger(trigger.structure("CloudWatchAlarmDefinition"), context)}
    options |= change.options(cool_down_seconds="CoolDown")
    options |= members.options(description="Description")
    options |= {**change.rest("Action."), **action.rest("Action."), **trigger.rest("Trigger."), **members.rest()}
    if isinstance(kind, str) and kind in _CHANGES:
        return Call(f"emr.ScalingRule.{_CHANGES[kind]}", (name, amount), options)
    kinds = {"name": name, "adjustment_type": context.value(kind), "adjustment": amount}
    return Call("emr.ScalingRule", (), {**kinds, **options})


def _trigger(raw: Mapping[str, Any], context: Context) -> Code:
    members = Members(raw, context)
    comparison = members.take("ComparisonOperator")
    metric, threshold = context.value(members.take("MetricName")), context.value(members.take("Threshold"))
    options = members.options(
        evaluation_periods="EvaluationPeriods",
        period_seconds="Period",
        statistic="Statistic",
        unit="Unit",
        namespace="Namespace",
    )
    if options.get("period_seconds") == Literal(300):
        del options["period_seconds"]
    dimensions = members.take("Dimensions")
    if dimensions:
        options["dimensions"] = pairs("Dimensions", dimensions, context)
    options |= members.rest()
    if isinstance(comparison, str) and comparison in _COMPARISONS:
        return Call(f"emr.ScalingTrigger.{_COMPARISONS[comparison]}", (metric, threshold), options)
    first = {"metric_name": metric, "comparison": context.value(comparison), "threshold": threshold}
    return Call("emr.ScalingTrigger", (), {**first, **options})
