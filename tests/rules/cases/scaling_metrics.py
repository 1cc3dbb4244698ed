"""What the rules of ``emr_constructs.rules.scaling_metrics`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case, alarm

ALARM = "CloudWatchAlarmDefinition"


def scaling(adjustment, operator, **members):
    action = {"SimpleScalingPolicyConfiguration": {"ScalingAdjustment": adjustment}}
    trigger = {"CloudWatchAlarmDefinition": alarm(ComparisonOperator=operator, **members)}
    return {"Name": "rule", "Action": action, "Trigger": trigger}


CASES = [
    Case("emr-scaling-namespace", ALARM, alarm(Namespace="AWS/EMR"),
         "namespace of an EMR metric must be AWS/ElasticMapReduce, got 'AWS/EMR' for YARNMemoryAvailablePercentage",
         alarm(Namespace="AWS/ElasticMapReduce")),
    Case("emr-scaling-namespace", ALARM, alarm(Namespace="AWS/EC2"), "got 'AWS/EC2'", alarm(Namespace="Company")),
    Case("emr-scaling-dimension", ALARM, alarm(Dimensions=[{"Key": "ClusterId", "Value": "${emr.clusterId}"}]),
         "an EMR metric must have the dimension JobFlowId, because it has no values for others, got 'ClusterId'",
         alarm(Dimensions=[{"Key": "JobFlowId", "Value": "${emr.clusterId}"}])),
    Case("emr-scaling-threshold", ALARM, alarm(Threshold=0.15),
         "threshold of a metric in percent must be 0 or at least 1, because 15 stands for 15%, got 0.15 for "
         "YARNMemoryAvailablePercentage", alarm(MetricName="ContainerPendingRatio", Threshold=0.75)),
    Case("emr-scaling-direction", "ScalingRule", scaling(-1, "LESS_THAN"),
         "a scaling rule must add nodes when the cluster is busy, and remove nodes when it is idle, got -1 if "
         "YARNMemoryAvailablePercentage is less than 15.0", scaling(1, "LESS_THAN_OR_EQUAL")),
    Case("emr-scaling-direction", "ScalingRule", scaling(1, "GREATER_THAN"), "got 1 if YARNMemoryAvailablePercentage",
         scaling(-1, "GREATER_THAN")),
    Case("emr-scaling-direction", "ScalingRule",
         scaling(-2, "GREATER_THAN", MetricName="ContainerPendingRatio", Threshold=0.75), "got -2",
         scaling(-2, "GREATER_THAN", MetricName="Custom", Namespace="Jobs")),
    Case("emr-scaling-dimension", ALARM, alarm(Dimensions=[{"Key": "JobFlowId", "Value": "${emr.cluster_id}"}]),
         "got the value '${emr.cluster_id}'", alarm(Dimensions=[{"Key": "JobFlowId", "Value": "j-1K48XXXXXXHCB"}])),
]  # fmt: skip
