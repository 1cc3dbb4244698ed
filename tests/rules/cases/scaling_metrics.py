"""What the rules of ``emr_constructs.rules.scaling_metrics`` reject, and what they accept instead."""

from __future__ import annotations

from typing import Any

from .parts import Case, alarm

ALARM = "CloudWatchAlarmDefinition"


def scaling_rule(
    adjustment: int, comparison: str, metric: str = "YARNMemoryAvailablePercentage", threshold: int = 15
) -> dict[str, Any]:
    definition = alarm(MetricName=metric, ComparisonOperator=comparison, Threshold=threshold)
    return {
        "Name": "rule",
        "Action": {"SimpleScalingPolicyConfiguration": {"ScalingAdjustment": adjustment}},
        "Trigger": {"CloudWatchAlarmDefinition": definition},
    }


CASES = [
    Case("emr-scaling-namespace", ALARM, alarm(Namespace="AWS/EMR"),
         "namespace of a metric of EMR must be AWS/ElasticMapReduce, got 'AWS/EMR' for YARNMemoryAvailablePercentage",
         alarm(Namespace="AWS/ElasticMapReduce")),
    Case("emr-scaling-namespace", ALARM, alarm(Namespace="AWS/EC2"), "got 'AWS/EC2'", alarm(Namespace="Company")),
    Case("emr-scaling-dimension", ALARM, alarm(Dimensions=[{"Key": "ClusterId", "Value": "${emr.clusterId}"}]),
         "a metric of EMR must have the dimension JobFlowId, because it has no values for others, got 'ClusterId'",
         alarm(Dimensions=[{"Key": "JobFlowId", "Value": "${emr.clusterId}"}])),
    Case("emr-scaling-threshold", ALARM, alarm(Threshold=0.15),
         "threshold of a metric in percent must be 0 or at least 1, because 15 stands for 15%, got 0.15 for "
         "YARNMemoryAvailablePercentage", alarm(MetricName="ContainerPendingRatio", Threshold=0.75)),
    Case("emr-scaling-dimension", ALARM, alarm(Dimensions=[{"Key": "JobFlowId", "Value": "${emr:cluster_id}"}]),
         "got the value '${emr:cluster_id}'", alarm(Dimensions=[{"Key": "JobFlowId", "Value": "j-1K48XXXXXXHCB"}])),
    Case("emr-scaling-direction", "ScalingRule", scaling_rule(1, "GREATER_THAN"),
         "a scaling rule must add nodes if the cluster has too few, and remove nodes if it has too many, got +1 for "
         "YARNMemoryAvailablePercentage GREATER_THAN", scaling_rule(1, "LESS_THAN_OR_EQUAL")),
    Case("emr-scaling-direction", "ScalingRule", scaling_rule(-2, "GREATER_THAN", "ContainerPendingRatio"),
         "got -2 for ContainerPendingRatio GREATER_THAN", scaling_rule(-2, "LESS_THAN", "ContainerPendingRatio")),
    Case("emr-scaling-direction", "ScalingRule", scaling_rule(1, "LESS_THAN", "AppsPending"), "got +1 for AppsPending",
         scaling_rule(1, "LESS_THAN", "AppsRunning")),
]  # fmt: skip
