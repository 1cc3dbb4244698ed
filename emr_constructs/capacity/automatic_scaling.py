"""Resize an instance group by rules of your own over CloudWatch metrics.

    AutoScalingPolicy(
        minimum=2,
        maximum=20,
        rules=[
            ScalingRule.change_by("Out", 2, when=ScalingTrigger.below("YARNMemoryAvailablePercentage", 15)),
            ScalingRule.change_by("In", -1, when=ScalingTrigger.above("YARNMemoryAvailablePercentage", 75)),
        ],
    )

Managed scaling needs no rules, and works with instance fleets too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict, Unpack

from .._core.signatures import check_calls
from .._core.values import converted, value_class
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import Duration

__all__ = [
    "AutoScalingPolicy",
    "Comparison",
    "ScalingRule",
    "ScalingRuleOptions",
    "ScalingTrigger",
    "ScalingTriggerOptions",
    "Statistic",
]

Comparison: TypeAlias = Literal["GREATER_THAN", "GREATER_THAN_OR_EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL"]
Statistic: TypeAlias = Literal["AVERAGE", "MAXIMUM", "MINIMUM", "SAMPLE_COUNT", "SUM"]


class ScalingTriggerOptions(TypedDict, total=False):
    """What the factories of :class:`ScalingTrigger` take besides metric and threshold: its fields of the same names."""

    evaluation_periods: int
    period_seconds: int | Duration
    statistic: Statistic
    unit: str
    namespace: str
    dimensions: Mapping[str, str]


@check_calls
@value_class(kw_only=True)
class ScalingTrigger:
    """A metric that crosses a threshold.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_CloudWatchAlarmDefinition.html

    :raises EmrError: a period that the metric does not have, a negative threshold, or an unknown comparison, statistic
        or unit.
    """

    metric_name: str
    """A metric in its own spelling, for example ``YARNMemoryAvailablePercentage`` or ``ContainerPendingRatio``."""

    comparison: Comparison
    threshold: float
    """0 or more."""

    evaluation_periods: int | None = None
    """For how many periods in a row. Default: 1."""

    period_seconds: int | Duration = 300
    """The length of a period in seconds, or a ``cdk.Duration``. Default: 300, in which EMR publishes its metrics."""

    statistic: Statistic | None = None
    """How the values of a period are combined. Default: their average."""

    unit: str | None = None
    """The unit of the metric, for example ``PERCENT`` or ``COUNT``. Default: none."""

    namespace: str | None = None
    """Default: ``AWS/ElasticMapReduce``."""

    dimensions: Mapping[str, str] = converted(dict, default=())
    """The dimensions of a metric; in a value, ``${emr.clusterId}`` stands for the id of the cluster. Default: the
    cluster (``JobFlowId``)."""

    def __post_init__(self) -> None:
        enforce("CloudWatchAlarmDefinition", self._render())

    @classmethod
    def above(cls, metric_name: str, threshold: float, **options: Unpack[ScalingTriggerOptions]) -> ScalingTrigger:
        """The metric is greater than the threshold."""
        return cls(metric_name=metric_name, comparison="GREATER_THAN", threshold=threshold, **options)

    @classmethod
    def below(cls, metric_name: str, threshold: float, **options: Unpack[ScalingTriggerOptions]) -> ScalingTrigger:
        """The metric is less than the threshold."""
        return cls(metric_name=metric_name, comparison="LESS_THAN", threshold=threshold, **options)

    def _render(self) -> dict[str, Any]:
        """The trigger in the shape of the EMR API (``CloudWatchAlarmDefinition``)."""
        members = {
            "MetricName": self.metric_name,
            "ComparisonOperator": self.comparison,
            "Threshold": self.threshold,
            "Period": self.period_seconds,
            "EvaluationPeriods": self.evaluation_periods,
            "Statistic": self.statistic,
            "Unit": self.unit,
            "Namespace": self.namespace,
        }
        definition: dict[str, Any] = {name: value for name, value in members.items() if value is not None}
        if self.dimensions:
            definition["Dimensions"] = [{"Key": key, "Value": value} for key, value in self.dimensions.items()]
        return definition


class ScalingRuleOptions(TypedDict, total=False):
    """What the factories of :class:`ScalingRule` take besides name, size and trigger: its fields of the same names."""

    cool_down_seconds: int | Duration
    description: str


@check_calls
@value_class(kw_only=True)
class ScalingRule:
    """By how much an instance group is resized, and when; made with one of the factories.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_ScalingRule.html

    :raises EmrError: an adjustment without effect, or an exact capacity below 1.
    """

    name: str
    adjustment_type: str
    adjustment: int
    when: ScalingTrigger
    cool_down_seconds: int | Duration | None = None
    """Seconds to wait after a change before the next one, or a ``cdk.Duration``. Default: not at all."""

    description: str | None = None
    """Default: none."""

    def __post_init__(self) -> None:
        enforce("ScalingRule", self._render())

    @classmethod
    def change_by(
        cls, name: str, nodes: int, *, when: ScalingTrigger, **options: Unpack[ScalingRuleOptions]
    ) -> ScalingRule:
        """Add nodes, or remove some with a negative number.

        :param name: the name of the rule, of its own within the policy.
        """
        return cls(name=name, adjustment_type="CHANGE_IN_CAPACITY", adjustment=nodes, when=when, **options)

    @classmethod
    def change_by_percent(
        cls, name: str, percent: int, *, when: ScalingTrigger, **options: Unpack[ScalingRuleOptions]
    ) -> ScalingRule:
        """Add a share of the nodes, or remove it with a negative number.

        :param name: the name of the rule, of its own within the policy.
        """
        return cls(name=name, adjustment_type="PERCENT_CHANGE_IN_CAPACITY", adjustment=percent, when=when, **options)

    @classmethod
    def set_to(
        cls, name: str, nodes: int, *, when: ScalingTrigger, **options: Unpack[ScalingRuleOptions]
    ) -> ScalingRule:
        """Have a number of nodes.

        :param name: the name of the rule, of its own within the policy.
        """
        return cls(name=name, adjustment_type="EXACT_CAPACITY", adjustment=nodes, when=when, **options)

    def _render(self) -> dict[str, Any]:
        """The rule in the shape of the EMR API (``ScalingRule``)."""
        simple: dict[str, Any] = {"AdjustmentType": self.adjustment_type, "ScalingAdjustment": self.adjustment}
        if self.cool_down_seconds is not None:
            simple["CoolDown"] = self.cool_down_seconds
        described = {} if self.description is None else {"Description": self.description}
        return {
            "Name": self.name,
            **described,
            "Action": {"SimpleScalingPolicyConfiguration": simple},
            "Trigger": {"CloudWatchAlarmDefinition": self.when._render()},
        }


@check_calls
@value_class(kw_only=True)
class AutoScalingPolicy:
    """Limits and rules for the size of a core or task group.

    The cluster gets an autoscaling role at launch and at no other time: a policy for a group of a cluster that had none
    replaces it. A changed policy is an update in place.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-automatic-scaling.html

    :raises EmrError: the limits contradict each other, there is no rule, or two rules have the same name.
    """

    minimum: int
    """The fewest nodes of the group."""

    maximum: int
    """The most nodes of the group."""

    rules: Sequence[ScalingRule] = converted(tuple)
    """When it grows and when it shrinks."""

    def __post_init__(self) -> None:
        enforce("AutoScalingPolicy", self._render())

    def _render(self) -> dict[str, Any]:
        """The policy in the shape of the EMR API (``AutoScalingPolicy``)."""
        return {
            "Constraints": {"MinCapacity": self.minimum, "MaxCapacity": self.maximum},
            "Rules": [rule._render() for rule in self.rules],
        }
