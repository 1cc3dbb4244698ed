"""Automatic scaling of an instance group with rules on CloudWatch metrics.

    AutoScalingPolicy(
        minimum=2,
        maximum=20,
        rules=[
            ScalingRule.change_by("Out", 2, when=ScalingTrigger.below("YARNMemoryAvailablePercentage", 15)),
            ScalingRule.change_by("In", -1, when=ScalingTrigger.above("YARNMemoryAvailablePercentage", 75)),
        ],
    )

Managed scaling doesn't require rules and also supports instance fleets.
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
    """The options of ``ScalingTrigger``, which are its fields of the same names."""

    evaluation_periods: int
    period_seconds: int | Duration
    statistic: Statistic
    unit: str
    namespace: str
    dimensions: Mapping[str, str]


@check_calls
@value_class(kw_only=True)
class ScalingTrigger:
    """A threshold of a metric.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_CloudWatchAlarmDefinition.html

    :raises EmrError: the metric doesn't have the period, the threshold is negative, or the comparison, statistic or
        unit is unknown.
    """

    metric_name: str
    """The name of the metric, for example ``YARNMemoryAvailablePercentage`` or ``ContainerPendingRatio``."""

    comparison: Comparison
    """How the metric is compared with the threshold."""

    threshold: float
    """The threshold, 0 or more, in the unit of the metric."""

    evaluation_periods: int | None = None
    """The number of consecutive periods. Default: 1."""

    period_seconds: int | Duration = 300
    """The length of a period in seconds, or a ``cdk.Duration``. Default: 300, the period of EMR metrics."""

    statistic: Statistic | None = None
    """The statistic of a period. Default: the average."""

    unit: str | None = None
    """The unit of the metric, for example ``PERCENT`` or ``COUNT``. Default: none."""

    namespace: str | None = None
    """The namespace of the metric. Default: ``AWS/ElasticMapReduce``."""

    dimensions: Mapping[str, str] = converted(dict, default=())
    """The dimensions of the metric, in whose values ``${emr.clusterId}`` is replaced by the cluster ID. Default: the
    cluster (``JobFlowId``)."""

    def __post_init__(self) -> None:
        enforce("CloudWatchAlarmDefinition", self._render())

    @classmethod
    def above(cls, metric_name: str, threshold: float, **options: Unpack[ScalingTriggerOptions]) -> ScalingTrigger:
        """Scale when the metric is greater than the threshold."""
        return cls(metric_name=metric_name, comparison="GREATER_THAN", threshold=threshold, **options)

    @classmethod
    def below(cls, metric_name: str, threshold: float, **options: Unpack[ScalingTriggerOptions]) -> ScalingTrigger:
        """Scale when the metric is less than the threshold."""
        return cls(metric_name=metric_name, comparison="LESS_THAN", threshold=threshold, **options)

    def _render(self) -> dict[str, Any]:
        """Render ``CloudWatchAlarmDefinition`` of the EMR API."""
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
    """The options of ``ScalingRule``, which are its fields of the same names."""

    cool_down_seconds: int | Duration
    description: str


@check_calls
@value_class(kw_only=True)
class ScalingRule:
    """A change of the size of an instance group, with its trigger.

    Created with one of the factories.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_ScalingRule.html

    :raises EmrError: the adjustment is 0, or an exact capacity is less than 1.
    """

    name: str
    adjustment_type: str | None
    """The kind of the adjustment. None: left out, which means a change in nodes."""

    adjustment: int
    when: ScalingTrigger
    cool_down_seconds: int | Duration | None = None
    """Seconds between a change and the next one, or a ``cdk.Duration``. Default: 0."""

    description: str | None = None
    """The description of the rule. Default: none."""

    def __post_init__(self) -> None:
        enforce("ScalingRule", self._render())

    @classmethod
    def change_by(
        cls, name: str, nodes: int, *, when: ScalingTrigger, **options: Unpack[ScalingRuleOptions]
    ) -> ScalingRule:
        """Add nodes, or remove nodes with a negative number.

        :param name: the name of the rule, unique in the policy.
        """
        return cls(name=name, adjustment_type="CHANGE_IN_CAPACITY", adjustment=nodes, when=when, **options)

    @classmethod
    def change_by_percent(
        cls, name: str, percent: int, *, when: ScalingTrigger, **options: Unpack[ScalingRuleOptions]
    ) -> ScalingRule:
        """Add a percentage of the nodes, or remove it with a negative number.

        :param name: the name of the rule, unique in the policy.
        """
        return cls(name=name, adjustment_type="PERCENT_CHANGE_IN_CAPACITY", adjustment=percent, when=when, **options)

    @classmethod
    def set_to(
        cls, name: str, nodes: int, *, when: ScalingTrigger, **options: Unpack[ScalingRuleOptions]
    ) -> ScalingRule:
        """Set the number of nodes.

        :param name: the name of the rule, unique in the policy.
        """
        return cls(name=name, adjustment_type="EXACT_CAPACITY", adjustment=nodes, when=when, **options)

    def _render(self) -> dict[str, Any]:
        """Render ``ScalingRule`` of the EMR API."""
        simple: dict[str, Any] = {"ScalingAdjustment": self.adjustment}
        if self.adjustment_type is not None:
            simple = {"AdjustmentType": self.adjustment_type, **simple}
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

    A cluster gets its Auto Scaling role only at launch, so the first policy of a cluster replaces it. Changes to a
    policy are updated in place.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-automatic-scaling.html

    :raises EmrError: the minimum exceeds the maximum, there is no rule, or two rules have the same name.
    """

    minimum: int
    """The minimum number of nodes."""

    maximum: int
    """The maximum number of nodes."""

    rules: Sequence[ScalingRule] = converted(tuple)
    """The rules that resize the group."""

    def __post_init__(self) -> None:
        enforce("AutoScalingPolicy", self._render())

    def _render(self) -> dict[str, Any]:
        """Render ``AutoScalingPolicy`` of the EMR API."""
        return {
            "Constraints": {"MinCapacity": self.minimum, "MaxCapacity": self.maximum},
            "Rules": [rule._render() for rule in self.rules],
        }
