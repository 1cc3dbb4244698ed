"""Rules on events: which of EMR's events they match, and what they do with them."""

from __future__ import annotations

import jsii
import pytest
from aws_cdk import aws_cloudwatch_actions as alarm_actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
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
from tests.tools import actions, flat, imported_vpc, new_app, new_stack, only, resources, statements, synthesize

CLUSTER = "j-123456789ABCD"
PUBLISHER = {"Service": "events.amazonaws.com"}


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


def resize_event(code, kind="Fleet"):
    return event(f"Instance {kind} Resize", severity="WARN", eventCode=code)


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
            resize_event(LACK),
            resize_event(LACK, "Group"),
        ],
        [provisioning_event("Group", "Something else"), resize_event("Spot Provisioning timeout"), ENDED],
    ),
    "on_instance_group_resize": (
        [resize_event(LACK, "Group"), event("Instance Group Resize")],
        [resize_event(LACK), group_event("RESIZING"), provisioning_event("Group", LACK)],
    ),
    "on_instance_fleet_resize": (
        [resize_event(LACK), event("Instance Fleet Resize")],
        [resize_event(LACK, "Group"), fleet_event("RESIZING"), provisioning_event("Fleet", LACK)],
    ),
    "on_resize_timeout": (
        [
            resize_event("Spot Provisioning timeout"),
            resize_event("On-Demand Provisioning timeout - Continuing Resize"),
        ],
        [resize_event(LACK), provisioning_event("Fleet", "Spot Provisioning timeout")],
    ),
    "on_managed_scaling_action": ([event("Managed Scaling Action")], [scaling_event("ATTACHED"), resize_event("x")]),
    "on_unhealthy_node_replacement": (
        [event("Unhealthy Node Replacement")],
        [event("Instance Group Status Notification"), event("Application Health State Change")],
    ),
    "on_application_health_state_change": (
        [event("Application Health State Change")],
        [ENDED, event("Unhealthy Node Replacement")],
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
def test_matches_only_its_events(cluster, target, method):
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


FAILURES = [
    FAILED_TO_START,
    STEP_FAILED,
    provisioning_event("Fleet", LACK),
    resize_event("Spot Provisioning timeout"),
]


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
    for name, rule in found.items():
        (published,) = rule["Properties"]["Targets"]
        assert published["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("TopicDeadLetters")
        if name.startswith("ClusterFailuresStep"):
            assert published["Arn"] == {"Ref": next(iter(resources(template, "AWS::StepFunctions::StateMachine")))}
            assert "Input" not in published
            continue
        assert published["Arn"] == {"Ref": next(iter(resources(template, "AWS::SNS::Topic")))}
        transformer = published["InputTransformer"]
        assert transformer["InputPathsMap"] == {
            "detail-type": "$.detail-type",
            "detail-message": "$.detail.message",
            "detail-clusterId": "$.detail.clusterId",
        }
        assert transformer["InputTemplate"] == '"<detail-type>: <detail-message> (cluster <detail-clusterId>)"'
    matchers = [EventPattern(None, rule["Properties"]["EventPattern"]).matches_event for rule in found.values()]
    assert [[matches(one) for one in FAILURES].index(True) for matches in matchers] == [0, 1, 2, 3]
    assert not any(matches(one) for matches in matchers for one in (ENDED, step_event("COMPLETED"), ELSEWHERE))


class TestAnyTopic:
    """``notify_failures`` with a topic that is no :class:`AlarmTopic`."""

    def test_policies_of_a_topic_and_a_key_of_the_app_are_extended(self, cluster):
        key = kms.Key(cluster.stack, "Key")
        topic = sns.Topic(cluster.stack, "Pager", master_key=key, enforce_ssl=True)
        cluster.events.notify_failures("Failures", topic, step_details=False)
        template = synthesize(cluster)
        for rule in resources(template, "AWS::Events::Rule").values():
            (published,) = rule["Properties"]["Targets"]
            assert published["Arn"] == {"Ref": next(iter(resources(template, "AWS::SNS::Topic")))}
            assert "DeadLetterConfig" not in published
        for document, allowed in (
            (only(template, "AWS::SNS::TopicPolicy")["PolicyDocument"], {"sns:Publish"}),
            (only(template, "AWS::KMS::Key")["KeyPolicy"], {"kms:Decrypt", "kms:GenerateDataKey*"}),
        ):
            (statement,) = [found for found in document["Statement"] if found["Principal"] == PUBLISHER]
            assert actions([statement]) == allowed
            assert "Condition" not in statement

    def test_an_imported_topic_is_taken_as_it_is(self, cluster):
        arn = "arn:aws:sns:us-east-1:111111111111:pager"
        cluster.events.notify_failures(
            "Failures", sns.Topic.from_topic_arn(cluster.stack, "Topic", arn), step_details=False
        )
        template = synthesize(cluster)
        assert {resource["Type"] for resource in template["Resources"].values()} == {"AWS::Events::Rule"}
        targeted = [rule["Properties"]["Targets"] for rule in resources(template, "AWS::Events::Rule").values()]
        assert [[found["Arn"] for found in listed] for listed in targeted] == [[arn]] * 4

    def test_a_log_of_failed_steps_gets_a_key_of_its_own(self, cluster):
        arn = "arn:aws:sns:us-east-1:111111111111:pager"
        cluster.events.notify_failures("Failures", sns.Topic.from_topic_arn(cluster.stack, "Topic", arn))
        template = synthesize(cluster)
        (key,) = resources(template, "AWS::KMS::Key")
        assert only(template, "AWS::Logs::LogGroup")["KmsKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
        listed = statements(template, "StepDetailsJobPolicy")
        assert actions(listed) == {"elasticmapreduce:DescribeStep", "sns:Publish"}
        assert listed[1]["Resource"] == arn

    @pytest.mark.parametrize("kind", [AlarmTopic, sns.Topic])
    def test_takes_a_dead_letter_queue(self, cluster, kind):
        queue = sqs.Queue(cluster.stack, "Undelivered")
        cluster.events.notify_failures("Failures", kind(cluster.stack, "Topic"), dead_letter_queue=queue)
        template = synthesize(cluster)
        (name,) = resources(template, "AWS::SQS::Queue")
        for rule in resources(template, "AWS::Events::Rule").values():
            (published,) = rule["Properties"]["Targets"]
            assert published["DeadLetterConfig"]["Arn"] == {"Fn::GetAtt": [name, "Arn"]}


def test_a_target_of_the_users_own(cluster):
    @jsii.implements(events.IRuleTarget)
    class Bus:
        def bind(self, rule, _id=None):
            return events.RuleTargetConfig(arn="arn:aws:events:us-east-1:111111111111:event-bus/own")

    cluster.events.on_failure("Failed", Bus())
    (target,) = only(synthesize(cluster), "AWS::Events::Rule")["Targets"]
    assert target["Arn"].endswith("event-bus/own")


class TestErrors:
    """Methods check their arguments as constructors do."""

    @pytest.mark.parametrize("method", RULES)
    @pytest.mark.parametrize(
        ("construct_id", "make", "message"),
        [
            ("Rule", lambda topic: topic, r"target must be an events\.IRuleTarget, got an AlarmTopic object"),
            (
                "Rule",
                lambda topic: topic.topic,
                r"target must be an events\.IRuleTarget, got a Topic object; use "
                r"targets\.LambdaFunction\(function\) or AlarmTopic\.event_target\(\)",
            ),
            (
                "Rule",
                lambda topic: alarm_actions.SnsAction(topic.topic),
                r"target must be an events\.IRuleTarget, got a SnsAction object",
            ),
            ("Rule", lambda topic: None, r"target must be an events\.IRuleTarget, got None"),
            (5, lambda topic: topic.event_target(), "construct_id must be a string, got 5"),
            ("", lambda topic: topic.event_target(), "construct_id must not be empty; specify an ID for the rule"),
            (
                "Taken",
                lambda topic: topic.event_target(),
                "construct_id must be unique below the cluster, got 'Taken', which exists; specify another ID",
            ),
        ],
    )
    def test_id_and_target(self, cluster, target, method, construct_id, make, message):
        cluster.events.on_failure("Taken", target)
        with pytest.raises(EmrError, match=message) as error:
            getattr(cluster.events, method)(construct_id, make(AlarmTopic(cluster.stack, "OnCall")))
        assert error.value.path == "Test/Cluster"

    @pytest.mark.parametrize("method", STATES)
    def test_states(self, cluster, target, method):
        kind = type(STATES[method][0][0]).__name__
        on_change = getattr(cluster.events, method)
        for states, message in (
            ([], f"states must not be empty; specify at least one {kind}, or omit it for any state"),
            (["TERMINATED"], rf"states\[0\] must be an? {kind}, got 'TERMINATED'"),
            ("TERMINATED", f"states must be a list of {kind} objects, got 'TERMINATED'"),
        ):
            with pytest.raises(EmrError, match=message) as error:
                on_change("Rule", target, states=states)
            assert error.value.path == "Test/Cluster"

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"detail_types": []}, "detail_types must not be empty; specify at least one type of event"),
            (
                {"detail_types": "EMR Step Status Change"},
                "detail_types must be a list of strings, got 'EMR Step Status Change'",
            ),
            ({"detail_types": [5]}, r"detail_types\[0\] must be a string, got 5"),
            ({"detail": "severity"}, "detail must be a mapping, got 'severity'"),
            ({"description": 5}, "description must be a string, got 5"),
            (
                {"detail": {"severity": "WARN"}},
                r"detail\.severity must be a list of values, got 'WARN'; use \['WARN'\]",
            ),
            ({"detail": {"a": {"b": 5}}}, r"detail\.a\.b must be a list of values, got 5; use \[5\]"),
            ({"detail": {"severity": []}}, r"detail\.severity must not be empty; specify at least one value"),
            (
                {"detail": {"clusterId": ["j-2"]}},
                r"detail must not contain 'clusterId', got \['j-2'\]; remove it; the rule already matches its cluster",
            ),
        ],
    )
    def test_patterns(self, cluster, target, options, message):
        with pytest.raises(EmrError, match=message) as error:
            cluster.events.on_event("Rule", target, **{"detail_types": ["EMR Configuration Error"], **options})
        assert error.value.path == "Test/Cluster"

    def test_patterns_may_be_nested_and_matched_by_content(self, cluster, target):
        detail = {"a": {"clusterId": ["x"]}, "severity": events.Match.prefix("WA"), "$or": [{"b": [1]}]}
        cluster.events.on_event("Rule", target, detail_types=["EMR Configuration Error"], detail=detail)
        rule = only(synthesize(cluster), "AWS::Events::Rule")
        assert rule["EventPattern"]["detail"] == {
            "clusterId": [CLUSTER],
            **detail,
            "severity": [{"prefix": "WA"}],
        }

    @pytest.mark.parametrize(
        ("topic", "options", "message"),
        [
            (
                "arn:aws:sns:us-east-1:111111111111:pager",
                {},
                r"topic must be an sns\.ITopic or an AlarmTopic, got 'arn.*'",
            ),
            (None, {}, r"topic must be an sns\.ITopic or an AlarmTopic, got None"),
            (AlarmTopic, {"step_details": "yes"}, "step_details must be a boolean, got 'yes'; use True or False"),
            (AlarmTopic, {"dead_letter_queue": "queue"}, r"dead_letter_queue must be an sqs\.IQueue, got 'queue'"),
        ],
    )
    def test_notify_failures(self, cluster, topic, options, message):
        given = topic(cluster.stack, "OnCall") if topic is AlarmTopic else topic
        with pytest.raises(EmrError, match=message) as error:
            cluster.events.notify_failures("Failures", given, **options)
        assert error.value.path == "Test/Cluster"

    def test_an_id_of_rules_that_exist(self, cluster):
        topic = AlarmTopic(cluster.stack, "Topic")
        cluster.events.notify_failures("Failures", topic)
        with pytest.raises(EmrError, match="must be unique below the cluster, got 'FailuresCluster', which exists;"):
            cluster.events.notify_failures("Failures", topic)

    def test_event_target(self, stack):
        topic = AlarmTopic(stack, "Topic")
        with pytest.raises(EmrError, match="message must be a RuleTargetInput, got 'failed'") as error:
            topic.event_target("failed")
        assert error.value.path == "Test/Topic"


class TestAlarmTopic:
    """What EventBridge needs to publish; alarms alone do not make it."""

    def test_alarms_need_no_queue(self, stack):
        AlarmTopic(stack, "Topic")
        template = synthesize(stack)
        assert resources(template, "AWS::SQS::Queue") == {}
        assert "events.amazonaws.com" not in str(template)

    def test_rules_can_publish_and_use_the_key(self, stack):
        topic = AlarmTopic(stack, "Topic")
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id=CLUSTER)
        cluster.events.on_failure("Failed", topic.event_target())
        cluster.events.on_step_failed("StepFailed", topic.event_target())
        template = synthesize(stack)
        policies = [
            only(template, "AWS::SNS::TopicPolicy")["PolicyDocument"],
            only(template, "AWS::KMS::Key")["KeyPolicy"],
        ]
        publishing, queue_key, topic_key = [
            statement for policy in policies for statement in policy["Statement"] if statement["Principal"] == PUBLISHER
        ]
        assert actions([publishing]) == {"sns:Publish"}
        # With a condition on the source account or ARN, EventBridge could not publish to the encrypted topic.
        assert actions([topic_key]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
        assert "Condition" not in topic_key
        assert actions([queue_key]) == {"kms:Decrypt", "kms:GenerateDataKey"}
        assert queue_key["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}

    def test_the_message_can_be_chosen(self, stack):
        topic = AlarmTopic(stack, "Topic")
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id=CLUSTER)
        cluster.events.on_failure("Failed", topic.event_target(events.RuleTargetInput.from_text("It failed")))
        (target,) = only(synthesize(stack), "AWS::Events::Rule")["Targets"]
        assert target["Input"] == '"It failed"'

    def test_the_queue_of_undelivered_events_is_encrypted_and_requires_tls(self, stack):
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
