from __future__ import annotations

import pytest

from emr_constructs import AutoScalingPolicy, EmrError, InstanceGroup, InstanceGroups, ScalingRule, ScalingTrigger
from emr_constructs.capacity.automatic_scaling import ScalingRuleOptions, ScalingTriggerOptions
from tests.tools import cluster_with

LOW = ScalingTrigger.below("YARNMemoryAvailablePercentage", 15)
OUT = ScalingRule.change_by("Out", 2, when=LOW)


def test_a_policy_in_the_shape_of_the_api():
    high = ScalingTrigger.above(
        "Backlog",
        100.5,
        evaluation_periods=3,
        period_seconds=60,
        statistic="MAXIMUM",
        unit="COUNT",
        namespace="Mine",
        dimensions={"JobFlowId": "${emr.clusterId}"},
    )
    policy = AutoScalingPolicy(
        minimum=2,
        maximum=20,
        rules=[OUT, ScalingRule.set_to("All", 20, when=high, cool_down_seconds=600, description="Catch up")],
    )
    assert policy._render() == {
        "Constraints": {"MinCapacity": 2, "MaxCapacity": 20},
        "Rules": [
            {
                "Name": "Out",
                "Action": {
                    "SimpleScalingPolicyConfiguration": {
                        "AdjustmentType": "CHANGE_IN_CAPACITY",
                        "ScalingAdjustment": 2,
                    }
                },
                "Trigger": {
                    "CloudWatchAlarmDefinition": {
                        "MetricName": "YARNMemoryAvailablePercentage",
                        "ComparisonOperator": "LESS_THAN",
                        "Threshold": 15,
                        "Period": 300,
                    }
                },
            },
            {
                "Name": "All",
                "Description": "Catch up",
                "Action": {
                    "SimpleScalingPolicyConfiguration": {
                        "AdjustmentType": "EXACT_CAPACITY",
                        "ScalingAdjustment": 20,
                        "CoolDown": 600,
                    }
                },
                "Trigger": {
                    "CloudWatchAlarmDefinition": {
                        "MetricName": "Backlog",
                        "ComparisonOperator": "GREATER_THAN",
                        "Threshold": 100.5,
                        "Period": 60,
                        "EvaluationPeriods": 3,
                        "Statistic": "MAXIMUM",
                        "Unit": "COUNT",
                        "Namespace": "Mine",
                        "Dimensions": [{"Key": "JobFlowId", "Value": "${emr.clusterId}"}],
                    }
                },
            },
        ],
    }


def test_a_share_of_the_nodes():
    action = ScalingRule.change_by_percent("In", -50, when=LOW)._render()["Action"]
    assert action["SimpleScalingPolicyConfiguration"] == {
        "AdjustmentType": "PERCENT_CHANGE_IN_CAPACITY",
        "ScalingAdjustment": -50,
    }


def test_a_policy_belongs_to_a_core_or_task_group():
    scaled = InstanceGroup("m7g.xlarge", 2, auto_scaling_policy=AutoScalingPolicy(minimum=2, maximum=9, rules=[OUT]))
    groups = InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=scaled)
    assert groups.has_auto_scaling_policy
    assert groups._render()["InstanceGroups"][1]["AutoScalingPolicy"]["Constraints"]["MaxCapacity"] == 9
    assert not InstanceGroups(master=InstanceGroup("m7g.xlarge")).has_auto_scaling_policy
    with pytest.raises(EmrError, match="primary instance group must not have an automatic scaling policy"):
        cluster_with(InstanceGroups(master=scaled))


@pytest.mark.parametrize(
    ("options", "value", "beside"),
    [
        (ScalingTriggerOptions, ScalingTrigger, {"metric_name", "comparison", "threshold"}),
        (ScalingRuleOptions, ScalingRule, {"name", "adjustment_type", "adjustment", "when"}),
    ],
)
def test_the_options_of_the_factories_are_fields(options, value, beside):
    assert set(options.__annotations__) == set(value.__dataclass_fields__) - beside


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: ScalingTrigger.below("AppsPending", 1, evaluation_periods=0),
            "evaluation periods of a scaling rule must be at least 1, got 0",
        ),
        (lambda: ScalingTrigger.below("AppsPending", -1), "Threshold must be at least 0.0, got -1"),
        (
            lambda: ScalingTrigger.below("AppsPending", 1, unit="Count"),
            "Unit must be one of NONE, .*, got 'Count'",
        ),
        (
            lambda: ScalingTrigger.below("AppsPending", 1, statistic="MEAN"),
            "statistic must be 'AVERAGE', 'MAXIMUM', 'MINIMUM', 'SAMPLE_COUNT' or 'SUM', got 'MEAN'; use ",
        ),
        (
            lambda: ScalingRule.change_by("Out", 1, when=LOW, cool_down_seconds=-1),
            "cooldown of a scaling rule must be at least 0 seconds, got -1",
        ),
        (
            lambda: AutoScalingPolicy(minimum=5, maximum=2, rules=[OUT]),
            "minimum of an automatic scaling policy must be 0 to its maximum, got a minimum of 5 and a maximum of 2",
        ),
        (
            lambda: AutoScalingPolicy(minimum=0, maximum=2, rules=[]),
            "an automatic scaling policy must have rules",
        ),
        (
            lambda: AutoScalingPolicy(minimum=0, maximum=2, rules=[OUT, OUT]),
            "names of automatic scaling rules must be unique, got 'Out' 2 times",
        ),
        (
            lambda: AutoScalingPolicy(minimum=0, maximum=2, rules=OUT),
            "rules must be a list of ScalingRule objects, got a ScalingRule object",
        ),
    ],
)
def test_rejects_what_emr_rejects(make, message):
    with pytest.raises(EmrError, match=message):
        cluster_with(make())
