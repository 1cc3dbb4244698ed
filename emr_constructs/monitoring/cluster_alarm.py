"""An alarm on a metric of a cluster, with the methods of CDK's alarms.

It renders ``AWS::CloudWatch::Alarm`` itself. A ``cloudwatch.Alarm`` with its ``cloudwatch.Metric`` would create 50%
more constructs for the same resource, and a cluster has a dozen alarms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import Resource
from aws_cdk import aws_cloudwatch as cloudwatch

from .._core.cloudformation import create_resource
from .._core.errors import EmrError
from .._core.patterns import regex
from .._core.signatures import checked
from .alarm_thresholds import PERIOD
from .metrics import NAMESPACE, ClusterMetrics, increase_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_sns as sns
    from constructs import Construct

    from .alarm_thresholds import Threshold

__all__ = ["ClusterAlarm"]

_EC2_ACTION: Final = regex(r"arn:.*:automate:.*:ec2:[a-z]+")


class ClusterAlarm(cloudwatch.AlarmBase):
    """One of the alarms of ``ClusterAlarms``."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        threshold: Threshold,
        cluster_id: str,
        topics: Sequence[sns.ITopic],
        runbook_url: str | None = None,
    ) -> None:
        """Define the alarm.

        :param threshold: the threshold of the alarm.
        :param cluster_id: the ID of the cluster to watch.
        :param topics: the topics that the alarm publishes to, which ``add_alarm_action`` extends.
        :param runbook_url: the address in the description. Default: none.
        """
        super().__init__(scope, construct_id)
        self._threshold = threshold
        self._cluster_id = cluster_id
        self._topics = list(topics)
        self._runbook_url = runbook_url
        self._resource = create_resource(cloudwatch.CfnAlarm, self, "Resource", self._properties())

    @property
    def alarm_arn(self) -> str:
        """The ARN of the alarm."""
        return self._resource.attr_arn

    @property
    def alarm_name(self) -> str:
        """The name of the alarm, which CloudFormation generates."""
        return self._resource.ref

    @property
    def base_name(self) -> str:
        """The name of the alarm in ``ClusterAlarms``, without its severity."""
        return self._threshold.base_name or self._threshold.name

    @property
    def metric(self) -> cloudwatch.IMetric:
        """The metric of the alarm, for example for a graph."""
        metrics, watched = ClusterMetrics(self._cluster_id), self._threshold
        if watched.increases:
            return metrics.increase(watched.metric, statistic=watched.statistic)
        return metrics.metric(watched.metric, statistic=watched.statistic)

    def to_annotation(self) -> cloudwatch.HorizontalAnnotation:
        """Return the threshold as a line for a graph."""
        watched, periods = self._threshold, self._periods
        label = increase_of(watched.metric).label if watched.increases else watched.metric
        sign = ">" if watched.is_above else "<"
        value = watched.value
        assert value is not None
        number = int(value) if value == int(value) else value
        return cloudwatch.HorizontalAnnotation(
            label=f"{label} {sign} {number} for {periods} datapoints within {periods * PERIOD} minutes", value=value
        )

    @checked
    def add_alarm_action(self, *actions: cloudwatch.IAlarmAction) -> None:
        """Add actions for the state ALARM: ``cloudwatch_actions.SnsAction(topic)``.

        :raises EmrError: an action stops, terminates, reboots or recovers an EC2 instance, which CloudWatch only does
            for alarms on a metric of that instance.
            https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html
        """
        super().add_alarm_action(*actions)
        added = self._alarm_action_arns or []
        if refused := [arn for arn in added if _EC2_ACTION.fullmatch(arn)]:
            raise EmrError(
                f"an alarm on a cluster can't have an EC2 action, got {', '.join(refused)}; use an action such as an "
                "SnsAction or a LambdaAction",
                at=self,
            )
        self._resource.alarm_actions = [*(topic.topic_arn for topic in self._topics), *added]

    @checked
    def add_ok_action(self, *actions: cloudwatch.IAlarmAction) -> None:
        """Add actions for the state OK."""
        super().add_ok_action(*actions)
        self._resource.ok_actions = self._ok_action_arns

    @checked
    def add_insufficient_data_action(self, *actions: cloudwatch.IAlarmAction) -> None:
        """Add actions for the state INSUFFICIENT_DATA."""
        super().add_insufficient_data_action(*actions)
        self._resource.insufficient_data_actions = self._insufficient_data_action_arns

    @property
    def _periods(self) -> int:
        minutes = self._threshold.minutes
        assert minutes is not None
        return int(minutes) // PERIOD

    def _properties(self) -> dict[str, Any]:
        """Render the properties of ``AWS::CloudWatch::Alarm``."""
        watched = self._threshold
        properties = {
            "AlarmDescription": watched.describe(self._runbook_url),
            "ComparisonOperator": "GreaterThanThreshold" if watched.is_above else "LessThanThreshold",
            "EvaluationPeriods": self._periods,
            "Threshold": watched.value,
            "TreatMissingData": "breaching" if watched.breaches_without_data else "notBreaching",
            **self._measured(),
        }
        if self._topics:
            # CDK reads the ARN of a topic that it defines or imports.
            properties["AlarmActions"] = [
                topic if isinstance(topic, Resource) else topic.topic_arn for topic in self._topics
            ]
        return properties

    def _measured(self) -> dict[str, Any]:
        watched = self._threshold
        metric = {
            "Namespace": NAMESPACE,
            "MetricName": watched.metric,
            "Dimensions": [{"Name": "JobFlowId", "Value": self._cluster_id}],
        }
        seconds = PERIOD * 60
        if not watched.increases:
            return {**metric, "Period": seconds, "Statistic": watched.statistic}
        counter, expression, label = increase_of(watched.metric)
        measured = {"Metric": metric, "Period": seconds, "Stat": watched.statistic}
        return {
            "Metrics": [
                {"Id": "expr_1", "Expression": expression, "Label": label, "ReturnData": True},
                {"Id": counter, "MetricStat": measured, "ReturnData": False},
            ]
        }
