from __future__ import annotations

import pytest
from aws_cdk import Duration, Token, aws_lambda
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from emr_constructs import (
    AlarmTopic,
    Application,
    Cluster,
    ClusterAlarms,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    Termination,
)
from tests.monitoring.cloudwatch import states
from tests.tools import as_list, flat, imported_key, imported_vpc, new_app, new_stack, only, resources, synthesize

HA = {
    "instances": InstanceGroups(master=InstanceGroup("m7g.xlarge", 3), core=InstanceGroup("m7g.xlarge", 4)),
    "termination": Termination.manual(protected=True),
}
DISABLED = dict.fromkeys(
    [
        "hdfs_utilization_above", "missing_blocks_above", "corrupt_blocks_above", "unhealthy_nodes_above",
        "new_lost_nodes_above", "core_nodes_pending_for", "new_failed_applications_above",
        "pending_applications_above", "yarn_memory_available_below", "idle_for",
    ]
)  # fmt: skip
PUBLISHER = {"Service": "cloudwatch.amazonaws.com"}


def make(*, imported=False, cluster=None, **options):
    stack = new_stack(new_app())
    if imported:
        target = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    else:
        target = Cluster(
            stack, "Cluster", vpc=imported_vpc(stack), **{"applications": [Application.SPARK], **(cluster or {})}
        )
    alarms = ClusterAlarms(stack, "Alarms", cluster=target, **options)
    template = synthesize(stack)
    found = {
        name.removeprefix("Alarms")[:-8]: alarm["Properties"]
        for name, alarm in resources(template, "AWS::CloudWatch::Alarm").items()
    }
    assert set(found) == set(alarms.alarms)
    return found, template, alarms


@pytest.fixture(scope="module")
def default():
    return make()


@pytest.fixture(scope="module")
def watched():
    """All alarms, at their defaults."""
    return make(cluster=HA)[0]


def metrics(alarm):
    """The metrics of an alarm with their statistics and dimensions, and its period in minutes."""
    listed = [query["MetricStat"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
    if not listed:
        return {alarm["MetricName"]: alarm["Statistic"]}, [alarm], alarm["Period"] / 60
    named = {stat["Metric"]["MetricName"]: stat["Stat"] for stat in listed}
    return named, [stat["Metric"] for stat in listed], listed[0]["Period"] / 60


@pytest.mark.parametrize(
    ("name", "metric", "statistic", "comparison", "threshold", "minutes"),
    [
        ("HdfsUtilization", "HDFSUtilization", "Average", "GreaterThanThreshold", 80, 15),
        ("MissingBlocks", "MissingBlocks", "Maximum", "GreaterThanThreshold", 0, 5),
        ("CorruptBlocks", "CorruptBlocks", "Maximum", "GreaterThanThreshold", 0, 5),
        ("UnhealthyNodes", "MRUnhealthyNodes", "Minimum", "GreaterThanThreshold", 0, 10),
        ("LostNodes", "MRLostNodes", "Maximum", "GreaterThanThreshold", 0, 5),
        ("CoreNodesPending", "CoreNodesPending", "Minimum", "GreaterThanThreshold", 0, 15),
        ("FailedApplications", "AppsFailed", "Maximum", "GreaterThanThreshold", 0, 5),
        ("PendingApplications", "AppsPending", "Minimum", "GreaterThanThreshold", 10, 15),
        ("YarnMemoryAvailable", "YARNMemoryAvailablePercentage", "Average", "LessThanThreshold", 15, 15),
        ("Idle", "IsIdle", "Minimum", "GreaterThanThreshold", 0, 120),
        ("MasterNodesRunning", "MultiMasterInstanceGroupNodesRunning", "Maximum", "LessThanThreshold", 3, 10),
        ("MasterQuorum", "MultiMasterInstanceGroupNodesRunning", "Maximum", "LessThanThreshold", 2, 10),
    ],
)
def test_defaults(watched, name, metric, statistic, comparison, threshold, minutes):
    alarm = watched[name]
    found, where, period = metrics(alarm)
    assert found == {metric: statistic}
    assert {(one["Namespace"], flat(one["Dimensions"][0]["Value"])[:8]) for one in where} == {
        ("AWS/ElasticMapReduce", "<Cluster")
    }
    assert alarm["ComparisonOperator"] == comparison
    assert alarm["Threshold"] == threshold
    assert alarm["EvaluationPeriods"] * period == minutes
    assert "DatapointsToAlarm" not in alarm
    # A unit that EMR does not publish with the metric would leave the alarm without data.
    assert "Unit" not in str(alarm)


# Values that EMR publishes, one for each five minutes.
HEALTHY = {
    "HdfsUtilization": [79, 80, 85, 90, 79, 40],
    "MissingBlocks": [0] * 12,
    "CorruptBlocks": [0] * 12,
    "UnhealthyNodes": [0, 1, 0, 1, 0],
    "LostNodes": [0] * 12,
    "CoreNodesPending": [4, 4, 0, 4, 4, 0],
    "FailedApplications": [0] * 12,
    "PendingApplications": [10, 200, 11, 10, 11, 11, 0],
    "YarnMemoryAvailable": [100, 15, 0, 0, 15, 14, 14, 15],
    "Idle": ([1] * 23 + [0]) * 3,
    "MasterNodesRunning": [3, 3, 2, 3, 3],
    "MasterQuorum": [3, 2, 2, 2, 1, 2],
}
# The same, and the periods at whose end there is an alarm.
SICK = {
    "HdfsUtilization": ([79, 81, 81, 81], [3]),
    "MissingBlocks": ([0, 1, 1, 0], [1, 2]),
    "CorruptBlocks": ([0, 1, 1, 0], [1, 2]),
    "UnhealthyNodes": ([0, 1, 1, 1, 0], [2, 3]),
    "LostNodes": ([0, 1, 1, 3, 3], [1, 3]),
    "CoreNodesPending": ([0, 2, 2, 1, 0], [3]),
    "FailedApplications": ([0, 1, 2, 2, 5, 5, 5], [1, 2, 4]),
    "PendingApplications": ([0, 11, 30, 12, 10], [3]),
    "YarnMemoryAvailable": ([15, 14, 0, 14, 15], [3]),
    "Idle": ([0, *[1] * 25, 0], [24, 25]),
    "MasterNodesRunning": ([3, 2, 2, 2, 3], [2, 3]),
    "MasterQuorum": ([3, 2, 1, 1, 1], [3, 4]),
}


class TestStates:
    """What CloudWatch says about values that EMR publishes."""

    def run(self, watched, name, values):
        """The states of an alarm, one for each period.

        :param values: by minute; or one for each five minutes, None for those without a datapoint.
        """
        if isinstance(values, list):
            values = {5 * index: value for index, value in enumerate(values) if value is not None}
        (metric,) = metrics(watched[name])[0]
        until = max(values, default=175) + 5
        return states(watched[name], {metric: values}, until=until)

    @pytest.mark.parametrize("name", HEALTHY)
    def test_a_healthy_cluster(self, watched, name):
        assert set(self.run(watched, name, HEALTHY[name])) == {"OK"}

    @pytest.mark.parametrize("name", SICK)
    def test_a_sick_cluster_and_its_recovery(self, watched, name):
        values, alarming = SICK[name]
        found = self.run(watched, name, values)
        assert [period for period, state in enumerate(found) if state == "ALARM"] == alarming

    def test_every_alarm_is_tried(self, watched):
        assert set(HEALTHY) == set(SICK) == set(watched)

    @pytest.mark.parametrize("name", ["LostNodes", "FailedApplications"])
    def test_a_counter_that_stays_is_no_news(self, watched, name):
        assert self.run(watched, name, [0, *[1] * 30]) == ["OK", "ALARM", *["OK"] * 29]

    @pytest.mark.parametrize("name", ["LostNodes", "FailedApplications"])
    def test_a_restart_of_yarn_resets_the_counter(self, watched, name):
        assert self.run(watched, name, [7, 7, 0, 0, 1, 0]) == ["OK"] * 4 + ["ALARM", "OK"]

    @pytest.mark.parametrize("name", ["LostNodes", "FailedApplications"])
    def test_what_the_first_datapoint_counts_is_not_noticed(self, watched, name):
        assert set(self.run(watched, name, [3, 3, None, None, None, 5, 5])) == {"OK"}

    @pytest.mark.parametrize("name", ["LostNodes", "FailedApplications"])
    def test_a_late_datapoint_hides_nothing(self, watched, name):
        assert self.run(watched, name, [1, 1, None, 2, 2]) == ["OK", "OK", "OK", "ALARM", "OK"]

    def test_several_datapoints_of_a_period_count_a_failure_once(self, watched):
        """With managed scaling, EMR publishes some metrics every minute: a sum would count it five times."""
        found, _, _ = make(imported=True, new_failed_applications_above=2)
        every_minute = {minute: 2 * (minute >= 7) for minute in range(30)}
        assert set(self.run(found, "FailedApplications", every_minute)) == {"OK"}
        assert self.run(watched, "FailedApplications", every_minute).count("ALARM") == 1

    def test_idle_for_a_moment_of_each_period_is_not_idle(self, watched):
        """With managed scaling: between short jobs, IsIdle is 1 once in five minutes."""
        assert set(self.run(watched, "Idle", {minute: minute % 5 == 0 for minute in range(240)})) == {"OK"}
        assert "ALARM" in self.run(watched, "Idle", dict.fromkeys(range(240), 1))

    def test_bursts_of_applications_are_no_queue(self, watched):
        burst = {minute: 200 * (minute % 5 == 0) for minute in range(60)}
        assert set(self.run(watched, "PendingApplications", burst)) == {"OK"}

    @pytest.mark.parametrize("name", sorted(set(SICK) - {"MasterQuorum"}))
    def test_an_unreachable_cluster_has_no_data_and_no_alarm(self, watched, name):
        assert set(self.run(watched, name, {})) == {"OK"}

    def test_an_unreachable_cluster_with_three_primary_nodes_has_lost_its_quorum(self, watched):
        """Also before the first datapoint."""
        assert self.run(watched, "MasterQuorum", [None, 3, 3]) == ["ALARM", "OK", "OK"]
        silent = [3, 3, *[None] * 5, 3]
        assert self.run(watched, "MasterQuorum", silent) == ["OK"] * 5 + ["ALARM"] * 2 + ["OK"]


def test_every_alarm_acts_and_only_the_quorum_needs_data(watched, default):
    (topic,) = resources(default[1], "AWS::SNS::Topic")
    for alarm in default[0].values():
        assert alarm["AlarmActions"] == [{"Ref": topic}]
    assert {name for name, alarm in watched.items() if alarm["TreatMissingData"] == "breaching"} == {"MasterQuorum"}
    assert {alarm["TreatMissingData"] for alarm in watched.values()} == {"breaching", "notBreaching"}


def test_only_a_cluster_with_three_primary_nodes_watches_them(watched, default):
    assert set(watched) - set(default[0]) == {"MasterNodesRunning", "MasterQuorum"}
    found, _, _ = make(imported=True, master_nodes_running_below=2, master_quorum=True)
    assert (found["MasterNodesRunning"]["Threshold"], found["MasterQuorum"]["Threshold"]) == (2, 2)


DESCRIPTIONS = {
    "HdfsUtilization": "HDFS utilization has been above 80% for 15 minutes; add core nodes or delete data.",
    "MissingBlocks": "HDFS has missing blocks; data may be lost.",
    "CorruptBlocks": "HDFS has corrupt blocks; data may be lost.",
    "UnhealthyNodes": "One or more nodes have been unhealthy for 10 minutes, often because of low disk space.",
    "LostNodes": (
        "One or more nodes stopped communicating with YARN within 5 minutes; the cluster runs at reduced capacity."
    ),
    "CoreNodesPending": "Core nodes have been pending for 15 minutes; check EC2 capacity and service quotas.",
    "FailedApplications": "One or more YARN applications failed within 5 minutes; check their logs.",
    "PendingApplications": "More than 10 YARN applications have been pending for 15 minutes; consider scaling out.",
    "YarnMemoryAvailable": "Available YARN memory has been below 15% for 15 minutes; consider scaling out.",
    "Idle": "The cluster has been idle for 120 minutes and is still incurring cost.",
    "MasterNodesRunning": (
        "Fewer than 3 primary nodes have been running for 10 minutes; check that EMR replaces failed nodes."
    ),
    "MasterQuorum": (
        "Fewer than 2 primary nodes have been running, or no metrics were published, for 10 minutes; without a quorum "
        "the cluster can't recover, so migrate its data."
    ),
}


def test_descriptions(watched):
    assert {name: alarm["AlarmDescription"] for name, alarm in watched.items()} == DESCRIPTIONS


def test_thresholds_say_what_is_tolerated():
    found, _, _ = make(
        cluster=HA,
        hdfs_utilization_above=60.5,
        missing_blocks_above=1,
        corrupt_blocks_above=7,
        unhealthy_nodes_above=1,
        core_nodes_pending_for=Duration.minutes(30),
        idle_for=Duration.hours(6),
        new_failed_applications_above=3,
        pending_applications_above=0,
        master_nodes_running_below=1,
    )
    assert found["HdfsUtilization"]["Threshold"] == 60.5
    assert found["HdfsUtilization"]["AlarmDescription"].startswith("HDFS utilization has been above 60.5% for 15")
    assert found["MissingBlocks"]["AlarmDescription"].startswith("Two or more HDFS blocks are missing;")
    assert found["CorruptBlocks"]["AlarmDescription"].startswith("More than 7 HDFS blocks are corrupt;")
    assert found["UnhealthyNodes"]["AlarmDescription"].startswith("Two or more nodes have been unhealthy for 10")
    assert found["CoreNodesPending"]["EvaluationPeriods"] == 6
    assert found["Idle"]["EvaluationPeriods"] == 72
    assert found["FailedApplications"]["AlarmDescription"].startswith("More than 3 YARN applications failed within 5")
    assert found["PendingApplications"]["AlarmDescription"].startswith("One or more YARN applications have been pend")
    assert found["MasterNodesRunning"]["AlarmDescription"].startswith("No primary node has been running for 10 minutes")


def test_none_disables_an_alarm(default):
    found, _, _ = make(idle_for=None, core_nodes_pending_for=None, hdfs_utilization_above=None)
    assert set(default[0]) - set(found) == {"Idle", "CoreNodesPending", "HdfsUtilization"}
    found, _, _ = make(cluster=HA, master_nodes_running_below=None, master_quorum=False)
    assert not {"MasterNodesRunning", "MasterQuorum"} & set(found)


@pytest.mark.parametrize(
    ("termination", "periods"),
    [
        (Termination.when_idle(Duration.minutes(30)), 18),
        (Termination.when_idle(Duration.seconds(61)), 13),
        (Termination.manual(), 24),
        (Termination.when_idle(Duration.hours(23)), 288),
        (Termination.when_idle(Duration.days(2)), None),
    ],
)
def test_idle_time_allows_for_the_idle_timeout(termination, periods):
    found, _, _ = make(cluster={"termination": termination})
    assert (found["Idle"]["EvaluationPeriods"] if "Idle" in found else None) == periods


@pytest.mark.parametrize("application", [Application.HBASE, Application.TRINO, Application.of("presto")])
def test_a_cluster_whose_work_is_not_on_yarn_seems_idle(application):
    serving = {"applications": [Application.HADOOP, application], "termination": Termination.manual()}
    assert "Idle" not in make(cluster=serving)[0]
    assert make(cluster=serving, idle_for=Duration.hours(1))[0]["Idle"]["EvaluationPeriods"] == 12


def test_watches_an_imported_cluster(default):
    found, template, _ = make(imported=True)
    assert set(found) == set(default[0])
    assert found["Idle"]["Dimensions"] == [{"Name": "JobFlowId", "Value": "j-1"}]
    assert found["Idle"]["EvaluationPeriods"] == 24
    assert only(template, "AWS::KMS::Key")["EnableKeyRotation"] is True


class TestTopic:
    """Where the alarms publish, and what lets them."""

    def test_the_topic_is_encrypted_with_a_key_that_alarms_of_the_account_may_use(self, default):
        template = default[1]
        key = only(template, "AWS::KMS::Key")
        assert "ProfileKey" in flat(only(template, "AWS::SNS::Topic")["KmsMasterKeyId"])
        (statement,) = [one for one in key["KeyPolicy"]["Statement"] if one["Principal"] == PUBLISHER]
        assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
        check_source(statement)
        assert not [one for one in key["KeyPolicy"]["Statement"] if "*" in as_list(one["Principal"].get("AWS", ""))]

    def test_the_topic_requires_tls_and_takes_messages_of_alarms_of_the_account(self, default):
        listed = only(default[1], "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
        denied, allowed = listed
        assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert (allowed["Effect"], allowed["Action"], allowed["Principal"]) == ("Allow", "sns:Publish", PUBLISHER)
        check_source(allowed)

    def test_takes_an_alarm_topic(self):
        stack = new_stack(new_app())
        topic = AlarmTopic(stack, "Pager")
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        alarms = ClusterAlarms(stack, "Alarms", cluster=cluster, topic=topic)
        assert alarms.topic is topic.topic
        template = synthesize(stack)
        (name,) = resources(template, "AWS::SNS::Topic")
        assert name.startswith("Pager")
        for alarm in resources(template, "AWS::CloudWatch::Alarm").values():
            assert alarm["Properties"]["AlarmActions"] == [{"Ref": name}]

    def test_extends_the_policies_of_a_topic_of_the_app(self):
        stack = new_stack(new_app())
        key = kms.Key(stack, "Key")
        topic = sns.Topic(stack, "Pager", master_key=key, enforce_ssl=True)
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        ClusterAlarms(stack, "Alarms", cluster=cluster, topic=topic)
        ClusterAlarms(stack, "MoreAlarms", cluster=cluster, topic=topic, **{**DISABLED, "idle_for": Duration.hours(1)})
        template = synthesize(stack)
        for document in (
            only(template, "AWS::SNS::TopicPolicy")["PolicyDocument"],
            only(template, "AWS::KMS::Key")["KeyPolicy"],
        ):
            (statement,) = [one for one in document["Statement"] if one["Principal"] == PUBLISHER]
            check_source(statement)

    def test_takes_an_imported_topic_as_it_is(self):
        stack = new_stack(new_app())
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:111111111111:pager")
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        assert ClusterAlarms(stack, "Alarms", cluster=cluster, topic=topic).topic is topic
        template = synthesize(stack)
        assert {resource["Type"] for resource in template["Resources"].values()} == {"AWS::CloudWatch::Alarm"}
        for alarm in resources(template, "AWS::CloudWatch::Alarm").values():
            assert alarm["Properties"]["AlarmActions"] == ["arn:aws:sns:us-east-1:111111111111:pager"]

    def test_takes_actions_instead_of_a_topic(self):
        stack = new_stack(new_app())
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:111111111111:pager")
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        alarms = ClusterAlarms(stack, "Alarms", cluster=cluster, actions=[actions.SnsAction(topic)])
        assert alarms.topic is None
        template = synthesize(stack)
        assert resources(template, "AWS::SNS::Topic") == {}
        for alarm in resources(template, "AWS::CloudWatch::Alarm").values():
            assert alarm["Properties"]["AlarmActions"] == ["arn:aws:sns:us-east-1:111111111111:pager"]

    @pytest.mark.parametrize("key", [imported_key, lambda stack: "alias/aws/sns"])
    def test_rejects_a_key_whose_policy_cannot_be_extended(self, stack, key):
        message = (
            r"encryption_key must be a kms\.Key that this app defines, since CloudWatch requires a statement in its "
            r"key policy, got an object of the class \w+; pass a kms\.Key, or omit it"
        )
        with pytest.raises(EmrError, match=message) as error:
            AlarmTopic(stack, "Topic", encryption_key=key(stack))
        assert error.value.path == "Test/Topic"


def check_source(statement):
    """That a statement is limited to alarms of the account and region."""
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert flat(statement["Condition"]["ArnLike"]["aws:SourceArn"]) == (
        "arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*"
    )


class TestActions:
    """An alarm is one of CDK's, to which actions are added."""

    def make(self, **options):
        stack = new_stack(new_app())
        topics = [
            sns.Topic.from_topic_arn(stack, name, f"arn:aws:sns:us-east-1:111111111111:{name}")
            for name in ("pager", "added", "more")
        ]
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        given = {"topic": topics[0], **DISABLED, "idle_for": Duration.hours(1), **options}
        alarms = ClusterAlarms(stack, "Alarms", cluster=cluster, **given)
        return stack, alarms.alarms["Idle"], topics

    def test_are_added_to_those_of_the_topic(self):
        stack, alarm, (_, added, more) = self.make()
        alarm.add_alarm_action(actions.SnsAction(added))
        alarm.add_alarm_action(actions.SnsAction(more))
        found = only(synthesize(stack), "AWS::CloudWatch::Alarm")
        assert [arn.rpartition(":")[2] for arn in found["AlarmActions"]] == ["pager", "added", "more"]
        assert not {"OKActions", "InsufficientDataActions"} & set(found)

    def test_of_other_states(self):
        stack, alarm, (_, added, more) = self.make()
        alarm.add_ok_action(actions.SnsAction(added))
        alarm.add_insufficient_data_action(actions.SnsAction(more))
        found = only(synthesize(stack), "AWS::CloudWatch::Alarm")
        assert [arn.rpartition(":")[2] for arn in found["AlarmActions"]] == ["pager"]
        assert [arn.rpartition(":")[2] for arn in found["OKActions"]] == ["added"]
        assert [arn.rpartition(":")[2] for arn in found["InsufficientDataActions"]] == ["more"]

    def test_may_need_the_alarm(self):
        """A function has to allow the very alarm; CDK asks the alarm for its ARN and its id."""
        stack, alarm, _ = self.make()
        function = aws_lambda.Function(
            stack,
            "Function",
            code=aws_lambda.Code.from_inline("def handler(event, context): ..."),
            handler="index.handler",
            runtime=aws_lambda.Runtime.PYTHON_3_13,
        )
        alarm.add_alarm_action(actions.LambdaAction(function))
        template = synthesize(stack)
        (name,) = resources(template, "AWS::CloudWatch::Alarm")
        assert only(template, "AWS::Lambda::Permission")["SourceArn"] == {"Fn::GetAtt": [name, "Arn"]}
        assert only(template, "AWS::CloudWatch::Alarm")["AlarmActions"][1] == {
            "Fn::GetAtt": [next(iter(resources(template, "AWS::Lambda::Function"))), "Arn"]
        }

    def test_an_action_on_an_instance_is_rejected(self):
        _, alarm, _ = self.make()
        with pytest.raises(EmrError, match=r"an alarm on a cluster can't have an EC2 action, got arn:.*:ec2:stop; use"):
            alarm.add_alarm_action(actions.Ec2Action(actions.Ec2InstanceAction.STOP))

    def test_composite_alarms_take_them(self):
        stack, alarm, _ = self.make()
        cloudwatch.CompositeAlarm(stack, "Composite", alarm_rule=cloudwatch.AlarmRule.not_(alarm))
        template = synthesize(stack)
        (name,) = resources(template, "AWS::CloudWatch::Alarm")
        assert flat(only(template, "AWS::CloudWatch::CompositeAlarm")["AlarmRule"]) == f'(NOT (ALARM("<{name}.Arn>")))'

    def test_its_name_can_be_read(self):
        stack, alarm, _ = self.make()
        (name,) = resources(synthesize(stack), "AWS::CloudWatch::Alarm")
        assert stack.resolve(alarm.alarm_name) == {"Ref": name}


def test_alarms_are_those_that_cdk_would_render():
    """Each with its metric, and as a line of a graph."""
    _, template, alarms = make(
        imported=True, master_nodes_running_below=2, master_quorum=True, hdfs_utilization_above=62.5
    )
    stack = new_stack(new_app())
    for name, alarm in alarms.alarms.items():
        properties = only_named(template, name)
        twin = cloudwatch.Alarm(
            stack,
            name,
            metric=alarm.metric,
            threshold=properties["Threshold"],
            evaluation_periods=properties["EvaluationPeriods"],
            alarm_description=properties["AlarmDescription"],
            comparison_operator=OPERATORS[properties["ComparisonOperator"]],
            treat_missing_data=MISSING_DATA[properties["TreatMissingData"]],
        )
        line, expected = alarm.to_annotation(), twin.to_annotation()
        assert (line.label, line.value) == (expected.label, expected.value)
    twins = resources(synthesize(stack), "AWS::CloudWatch::Alarm")
    assert {name[:-8]: twin["Properties"] for name, twin in twins.items()} == {
        name: {key: value for key, value in only_named(template, name).items() if key != "AlarmActions"}
        for name in alarms.alarms
    }


def only_named(template, name):
    (found,) = [
        alarm["Properties"]
        for logical_id, alarm in resources(template, "AWS::CloudWatch::Alarm").items()
        if logical_id[6:-8] == name
    ]
    return found


OPERATORS = {
    "GreaterThanThreshold": cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    "LessThanThreshold": cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
}
MISSING_DATA = {
    "breaching": cloudwatch.TreatMissingData.BREACHING,
    "notBreaching": cloudwatch.TreatMissingData.NOT_BREACHING,
}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"hdfs_utilization_above": 101},
            "hdfs_utilization_above must be between 0 and 100, got 101; specify a percentage",
        ),
        (
            {"yarn_memory_available_below": -1},
            "yarn_memory_available_below must be between 0 and 100, got -1; specify a percentage",
        ),
        ({"yarn_memory_available_below": float("nan")}, "yarn_memory_available_below must be a "),
        ({"new_lost_nodes_above": -1}, "new_lost_nodes_above must be 0 or more, got -1; specify a count"),
        ({"missing_blocks_above": float("inf")}, "missing_blocks_above must be a "),
        (
            {"master_nodes_running_below": 4},
            "master_nodes_running_below must be between 1 and 3, got 4; specify a number of nodes",
        ),
        ({"master_nodes_running_below": 0}, "master_nodes_running_below must be between 1 and 3, got 0"),
        ({"master_nodes_running_below": 0.5}, r"master_nodes_running_below must be an integer, got 0\.5"),
        ({"master_quorum": "yes"}, "master_quorum must be a boolean, got 'yes'"),
        (
            {"idle_for": Duration.minutes(7)},
            r"idle_for must be a multiple of 5 minutes, up to 1 day, got 7 minutes; specify a value such as Dur",
        ),
        ({"idle_for": Duration.days(2)}, "idle_for must be a multiple of 5 minutes, up to 1 day, got 2880 minutes"),
        ({"idle_for": Duration.minutes(0)}, "idle_for must be a multiple of 5 minutes, up to 1 day, got 0 minutes"),
        ({"core_nodes_pending_for": Duration.seconds(90)}, r"core_nodes_pending_for must be .*, got 1\.5 minutes"),
        (
            {"idle_for": Duration.hours(Token.as_number({"Ref": "Hours"}))},
            "idle_for must be known at synth time, got a token; specify a Duration of a plain number",
        ),
        ({"actions": []}, "actions must not be empty; specify at least one action, or omit it to use a topic"),
        (DISABLED, "all alarms are disabled; enable at least one, or remove ClusterAlarms"),
        (
            {"topic": "arn:aws:sns:us-east-1:111111111111:pager"},
            "topic must be an sns.ITopic or an AlarmTopic, got 'arn.*'",
        ),
        ({"cluster": "j-1"}, r"cluster must be an ICluster, got 'j-1'; use Cluster\.from_cluster_attributes\(\.\.\.\)"),
        ({"cluster": None}, "cluster must be an ICluster, got None"),
    ],
)
def test_rejects_what_makes_no_alarm(stack, options, message):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    with pytest.raises(EmrError, match=message) as error:
        ClusterAlarms(stack, "Alarms", **{"cluster": cluster, **options})
    assert error.value.path == "Test/Alarms"


def test_reports_all_problems_together(stack):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    with pytest.raises(EmrError) as error:
        ClusterAlarms(stack, "Alarms", cluster=cluster, missing_blocks_above=-1, idle_for=Duration.minutes(1))
    assert len(error.value.problems) == 2


@pytest.mark.parametrize("option", [{"master_quorum": True}, {"master_nodes_running_below": 2}])
def test_rejects_to_watch_three_primary_nodes_of_a_cluster_with_one(option):
    ((name, value),) = option.items()
    message = f"{name} requires a cluster with three primary nodes, got {value!r}; remove it"
    with pytest.raises(EmrError, match=message):
        make(**option)


def test_a_cluster_with_one_primary_node_need_not_be_watched_for_three(default):
    found, _, _ = make(master_quorum=False, master_nodes_running_below=None)
    assert set(found) == set(default[0])


def test_rejects_a_topic_combined_with_actions(stack):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    topic = AlarmTopic(stack, "Topic")
    with pytest.raises(EmrError, match="topic can't be combined with actions; remove one of them"):
        ClusterAlarms(stack, "Alarms", cluster=cluster, topic=topic, actions=[actions.SnsAction(topic.topic)])


def test_rejects_a_rule_target_as_an_action(stack):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    target = targets.SnsTopic(AlarmTopic(stack, "Topic").topic)
    with pytest.raises(EmrError, match=r"actions\[0\] must be a cloudwatch.IAlarmAction, got a SnsTopic object"):
        ClusterAlarms(stack, "Alarms", cluster=cluster, actions=[target])
