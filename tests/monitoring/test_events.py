"""Rules on events: which of EMR's events they match, and what they do with them."""

from __future__ import annotations

import pytest
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from moto.events.models import EventPattern

from emr_constructs import (
    AlarmTopic,
    AutoScalingPolicyState,
    Cluster,
    ClusterState,
    EmrError,
    InstanceFleetState,
    InstanceGroupState,
    StepState,
)
from tests.tools import actions, flat, imported_vpc, new_app, new_stack, only, resources, synthesize

CLUSTER = "j-123456789ABCD"


def event(detail_type, **detail):
    """An event as the EMR Management Guide shows it."""
    return {
        "version": "0",
        "id": "999cccaa-eaaa-0000-1111-123456789012",
        "detail-type": f"EMR {detail_type}",
        "source": "aws.emr",
        "account": "123456789012",
        "time": "2016-12-16T20:43:05Z",
        "region": "us-east-1",
        "resources": [],
        "detail": {"clusterId": CLUSTER, **detail},
    }


def cluster_event(state, severity="INFO", code="", **detail):
    return event(
        "Cluster State Change",
        severity=severity,
        stateChangeReason=f'{{"code":"{code}"}}',
        name="Development Cluster",
        state=state,
        message=f"Amazon EMR cluster {CLUSTER} (Development Cluster) ...",
        **detail,
    )


def step_event(state, severity="INFO", **detail):
    return event(
        "Step Status Change",
        severity=severity,
        actionOnFailure="CONTINUE",
        stepId="s-ZYXWVUTSRQPON",
        name="CustomJAR",
        state=state,
        message=f"Step s-ZYXWVUTSRQPON (CustomJAR) in Amazon EMR cluster {CLUSTER} (Development Cluster) ...",
        **detail,
    )


def group_event(state):
    return event(
        "Instance Group State Change",
        market="ON_DEMAND",
        severity="INFO",
        requestedInstanceCount="2",
        instanceType="m3.xlarge",
        instanceGroupType="CORE",
        instanceGroupId="ig-ABCDEFGHIJKL",
        runningInstanceCount="2",
        state=state,
        message="The resizing operation for instance group ig-ABCDEFGHIJKL ... is complete.",
    )


def scaling_event(state):
    return event(
        "Auto Scaling Policy State Change",
        resourceId="ig-X2LBMHTGPCBU",
        state=state,
        message="AutoScaling policy modified by user request",
        scalingResourceType="INSTANCE_GROUP",
    )


def fleet_event(state):
    return event("Instance Fleet State Change", severity="INFO", instanceFleetId="if-1", state=state)


def provisioning_event(kind, code):
    return event(f"Instance {kind} Provisioning", severity="WARN", eventCode=code)


def resize_event(code):
    return event("Instance Fleet Resize", severity="WARN", eventCode=code)


LACK = "EC2 provisioning - Insufficient Instance Capacity"
ENDED = cluster_event("TERMINATED")
FAILED_TO_START = cluster_event("TERMINATED_WITH_ERRORS", "CRITICAL", "BOOTSTRAP_FAILURE")
STEP_FAILED = step_event("FAILED", "ERROR")
ELSEWHERE = {**STEP_FAILED, "detail": {**STEP_FAILED["detail"], "clusterId": "j-OTHER"}}

# For each method: events that it matches, and events that it does not.
RULES = {
    "on_state_change": ([ENDED, FAILED_TO_START, cluster_event("WAITING")], [STEP_FAILED, group_event("RUNNING")]),
    "on_failure": ([FAILED_TO_START, cluster_event("TERMINATED", "CRITICAL", "STEP_FAILURE")], [ENDED, STEP_FAILED]),
    "on_step_state_change": ([STEP_FAILED, step_event("PENDING")], [ENDED]),
    "on_step_failed": ([STEP_FAILED], [step_event("COMPLETED"), step_event("CANCELLED"), FAILED_TO_START]),
    "on_instance_group_state_change": ([group_event("RESIZING")], [fleet_event("RESIZING"), scaling_event("FAILED")]),
    "on_instance_fleet_state_change": ([fleet_event("WAITING")], [group_event("RUNNING"), resize_event("x")]),
    "on_auto_scaling_policy_state_change": ([scaling_event("PENDING")], [group_event("RESIZING")]),
    "on_configuration_error": ([event("Configuration Error", severity="WARN")], [ENDED, STEP_FAILED]),
    "on_provisioning_failed": (
        [
            provisioning_event("Group", LACK),
            provisioning_event("Fleet", LACK),
            provisioning_event("Group", "EC2 provisioning - Insufficient Free Addresses In Subnet"),
        ],
        [provisioning_event("Group", "Something else"), resize_event(LACK)],
    ),
    "on_resize_timeout": (
        [
            resize_event("Spot Provisioning timeout"),
            resize_event("On-Demand Provisioning timeout - Continuing Resize"),
        ],
        [resize_event(LACK), provisioning_event("Fleet", "Spot Provisioning timeout")],
    ),
}
STATES = {
    "on_state_change": ([ClusterState.WAITING, ClusterState.TERMINATED], cluster_event),
    "on_step_state_change": ([StepState.COMPLETED], step_event),
    "on_instance_group_state_change": ([InstanceGroupState.RESIZING], group_event),
    "on_instance_fleet_state_change": ([InstanceFleetState.SUSPENDED], fleet_event),
    "on_auto_scaling_policy_state_change": ([AutoScalingPolicyState.FAILED], scaling_event),
}


@pytest.fixture
def cluster(stack):
    return Cluster.from_cluster_attributes(stack, "Cluster", cluster_id=CLUSTER)


@pytest.fixture
def target(stack):
    return targets.SnsTopic(sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:111111111111:pager"))


def matcher(cluster):
    return EventPattern(None, only(synthesize(cluster), "AWS::Events::Rule")["EventPattern"]).matches_event


@pytest.mark.parametrize("method", RULES)
def test_matches_its_events_alone(cluster, target, method):
    matching, others = RULES[method]
    getattr(cluster.events, method)("Rule", target)
    matches = matcher(cluster)
    assert [found["detail"] for found in matching if not matches(found)] == []
    assert [found["detail"] for found in [*others, ELSEWHERE] if matches(found)] == []


@pytest.mark.parametrize("method", STATES)
def test_matches_the_states_that_were_named(cluster, target, method):
    states, make = STATES[method]
    getattr(cluster.events, method)("Rule", target, states=states)
    matches = matcher(cluster)
    assert {state for state in type(states[0]) if matches(make(state.value))} == set(states)


def test_an_event_of_another_service_does_not_match(cluster, target):
    cluster.events.on_step_failed("Rule", target)
    assert not matcher(cluster)({**STEP_FAILED, "source": "my.own"})


def test_any_event_can_be_matched(cluster, target):
    cluster.events.on_event(
        "Rule",
        target,
        detail_types=["EMR Instance Group Status Notification"],
        detail={"severity": ["WARN"]},
        description="Nodes that lack",
    )
    matches = matcher(cluster)
    assert matches(event("Instance Group Status Notification", severity="WARN"))
    assert not matches(event("Instance Group Status Notification", severity="INFO"))
    assert only(synthesize(cluster), "AWS::Events::Rule")["Description"] == "Nodes that lack"


def test_a_rule_names_the_cluster_of_its_stack_and_its_target():
    stack = new_stack(new_app())
    cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
    repair = lambda_.Function.from_function_arn(
        stack, "Repair", "arn:aws:lambda:us-east-1:111111111111:function:repair"
    )
    cluster.events.on_step_failed("StepFailed", targets.LambdaFunction(repair))
    template = synthesize(stack)
    rule = only(template, "AWS::Events::Rule")
    assert rule["EventPattern"]["detail"]["clusterId"] == [
        {"Ref": next(iter(resources(template, "AWS::EMR::Cluster")))}
    ]
    assert [found["Arn"] for found in rule["Targets"]] == [repair.function_arn]


def test_failures_are_published_with_what_happened(cluster):
    topic = AlarmTopic(cluster.stack, "Topic")
    cluster.events.notify_failures("Failures", topic)
    template = synthesize(cluster)
    found = resources(template, "AWS::Events::Rule")
    assert [name.removeprefix("ClusterFailures")[:-8] for name in found] == [
        "Cluster",
        "Step",
        "Provisioning",
        "Resize",
    ]
    for rule in found.values():
        (published,) = rule["Properties"]["Targets"]
        assert published["Arn"] == {"Ref": next(iter(resources(template, "AWS::SNS::Topic")))}
        assert published["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("TopicDeadLetters")
        transformer = published["InputTransformer"]
        assert transformer["InputPathsMap"] == {
            "detail-type": "$.detail-type",
            "detail-message": "$.detail.message",
            "detail-clusterId": "$.detail.clusterId",
        }
        assert transformer["InputTemplate"] == '"<detail-type>: <detail-message> (cluster <detail-clusterId>)"'
    matchers = [EventPattern(None, rule["Properties"]["EventPattern"]).matches_event for rule in found.values()]
    failures = [
        FAILED_TO_START,
        STEP_FAILED,
        provisioning_event("Fleet", LACK),
        resize_event("Spot Provisioning timeout"),
    ]
    assert [[matches(one) for one in failures].index(True) for matches in matchers] == [0, 1, 2, 3]
    assert not any(matches(one) for matches in matchers for one in (ENDED, step_event("COMPLETED"), ELSEWHERE))


@pytest.mark.parametrize("method", STATES)
def test_refuses_no_states(cluster, target, method):
    with pytest.raises(
        EmrError, match="states is an empty list; give states, or leave it out for all of them"
    ) as error:
        getattr(cluster.events, method)("Rule", target, states=[])
    assert error.value.path == "Test/Cluster"


def test_refuses_no_detail_types(cluster, target):
    with pytest.raises(EmrError, match="detail_types is an empty list; give the types of the events"):
        cluster.events.on_event("Rule", target, detail_types=[])


class TestAlarmTopic:
    """What EventBridge needs to publish; alarms alone do not make it."""

    def test_alarms_need_no_queue(self, stack):
        AlarmTopic(stack, "Topic")
        template = synthesize(stack)
        assert resources(template, "AWS::SQS::Queue") == {}
        assert "events.amazonaws.com" not in str(template)

    def test_rules_may_publish_and_use_the_key(self, stack):
        topic = AlarmTopic(stack, "Topic")
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id=CLUSTER)
        cluster.events.on_failure("Failed", topic.event_target())
        cluster.events.on_step_failed("StepFailed", topic.event_target())
        template = synthesize(stack)
        policies = [
            only(template, "AWS::SNS::TopicPolicy")["PolicyDocument"],
            only(template, "AWS::KMS::Key")["KeyPolicy"],
        ]
        allowed = actions(
            statement
            for policy in policies
            for statement in policy["Statement"]
            if statement["Principal"] == {"Service": "events.amazonaws.com"}
        )
        assert {"sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"} <= allowed

    def test_the_queue_of_undelivered_events_is_encrypted_and_takes_tls_alone(self, stack):
        topic = AlarmTopic(stack, "Topic")
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id=CLUSTER)
        cluster.events.on_failure("Failed", topic.event_target())
        template = synthesize(stack)
        queue = only(template, "AWS::SQS::Queue")
        assert flat(queue["KmsMasterKeyId"]).startswith("<TopicKey")
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
        listed = only(template, "AWS::SQS::QueuePolicy")["PolicyDocument"]["Statement"]
        assert [(found["Effect"], found["Action"]) for found in listed] == [
            ("Deny", "sqs:*"),
            ("Allow", "sqs:SendMessage"),
        ]
        assert listed[1]["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::GetAtt"][0].startswith("ClusterFailed")
