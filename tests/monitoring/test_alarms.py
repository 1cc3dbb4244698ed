from __future__ import annotations

import pytest
from aws_cdk import Duration, Token
from aws_cdk import aws_cloudwatch_actions as actions
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
from tests.tools import as_list, flat, imported_key, imported_vpc, new_app, new_stack, only, resources, synthesize

HA = {
    "instances": InstanceGroups(master=InstanceGroup("m7g.xlarge", 3), core=InstanceGroup("m7g.xlarge", 4)),
    "termination": Termination.manual(protected=True),
}


def make(*, imported=False, cluster=None, **options):
    stack = new_stack(new_app())
    if imported:
        target = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    else:
        target = Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.SPARK], **(cluster or {}))
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


@pytest.mark.parametrize(
    ("name", "metric", "comparison", "threshold", "minutes"),
    [
        ("HdfsUtilization", "HDFSUtilization", "GreaterThanThreshold", 80, 15),
        ("MissingBlocks", "MissingBlocks", "GreaterThanThreshold", 0, 5),
        ("CorruptBlocks", "CorruptBlocks", "GreaterThanThreshold", 0, 5),
        ("UnhealthyNodes", "MRUnhealthyNodes", "GreaterThanThreshold", 0, 10),
        ("LostNodes", "MRLostNodes", "GreaterThanThreshold", 0, 5),
        ("CoreNodesPending", "CoreNodesPending", "GreaterThanThreshold", 0, 15),
        ("FailedApplications", "AppsFailed", "GreaterThanThreshold", 0, 5),
        ("PendingApplications", "AppsPending", "GreaterThanThreshold", 10, 15),
        ("YarnMemoryAvailable", "YARNMemoryAvailablePercentage", "LessThanThreshold", 15, 15),
        ("Idle", "IsIdle", "GreaterThanThreshold", 0, 120),
    ],
)
def test_defaults(default, name, metric, comparison, threshold, minutes):
    alarm = default[0][name]
    assert alarm["Namespace"] == "AWS/ElasticMapReduce"
    assert alarm["MetricName"] == metric
    assert alarm["ComparisonOperator"] == comparison
    assert alarm["Threshold"] == threshold
    assert alarm["EvaluationPeriods"] * alarm["Period"] == minutes * 60
    assert flat(alarm["Dimensions"][0]["Value"]).startswith("<Cluster")


def test_every_alarm_says_what_it_means_and_acts(default):
    found, template, _ = default
    (topic,) = resources(template, "AWS::SNS::Topic")
    for alarm in found.values():
        assert alarm["AlarmDescription"][0].isupper()
        assert "{" not in alarm["AlarmDescription"]
        assert alarm["AlarmActions"] == [{"Ref": topic}]
        assert alarm["TreatMissingData"] == "notBreaching"


def test_only_a_cluster_with_three_masters_watches_them(default):
    found, _, _ = make(cluster=HA)
    assert set(found) - set(default[0]) == {"MasterNodesRunning", "MasterQuorum"}
    assert found["MasterNodesRunning"]["Threshold"] == 1
    assert found["MasterNodesRunning"]["AlarmDescription"].startswith("Less than 100% of the requested master nodes")
    assert found["MasterQuorum"]["Threshold"] == 0.5
    assert found["MasterQuorum"]["MetricName"] == "MultiMasterInstanceGroupNodesRunningPercentage"
    assert found["MasterQuorum"]["TreatMissingData"] == "breaching"


def test_thresholds_say_what_is_tolerated():
    found, _, _ = make(
        hdfs_utilization_above=60.5,
        core_nodes_pending_for=Duration.minutes(30),
        idle_for=Duration.hours(6),
        pending_applications_above=50,
        master_nodes_running_below=0.9,
    )
    assert found["HdfsUtilization"]["Threshold"] == 60.5
    assert found["HdfsUtilization"]["AlarmDescription"].startswith("HDFS is more than 60.5 % full for 15 minutes")
    assert found["CoreNodesPending"]["EvaluationPeriods"] == 6
    assert found["Idle"]["EvaluationPeriods"] == 72
    assert found["PendingApplications"]["Threshold"] == 50
    assert found["MasterNodesRunning"]["Threshold"] == 0.9


def test_none_leaves_an_alarm_out(default):
    found, _, _ = make(idle_for=None, core_nodes_pending_for=None, hdfs_utilization_above=None)
    assert set(default[0]) - set(found) == {"Idle", "CoreNodesPending", "HdfsUtilization"}


@pytest.mark.parametrize(
    ("termination", "periods"),
    [
        (Termination.when_idle(Duration.minutes(30)), 18),
        (Termination.when_idle(Duration.seconds(61)), 13),
        (Termination.manual(), 24),
        (Termination.when_idle(Duration.days(2)), None),
    ],
)
def test_idle_time_allows_for_the_idle_timeout(termination, periods):
    found, _, _ = make(cluster={"termination": termination})
    assert (found["Idle"]["EvaluationPeriods"] if "Idle" in found else None) == periods


def test_watches_an_imported_cluster(default):
    found, template, _ = make(imported=True)
    assert set(found) == set(default[0])
    assert found["Idle"]["Dimensions"] == [{"Name": "JobFlowId", "Value": "j-1"}]
    assert only(template, "AWS::KMS::Key")["EnableKeyRotation"] is True


def test_the_topic_is_encrypted_with_a_key_that_alarms_may_use(default):
    template = default[1]
    key = only(template, "AWS::KMS::Key")
    assert "ProfileKey" in flat(only(template, "AWS::SNS::Topic")["KmsMasterKeyId"])
    statement = key["KeyPolicy"]["Statement"][1]
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert not [one for one in key["KeyPolicy"]["Statement"] if "*" in as_list(one["Principal"].get("AWS", ""))]


def test_the_topic_takes_tls_and_messages_of_the_alarms_of_the_account(default):
    listed = only(default[1], "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    denied = next(one for one in listed if one["Effect"] == "Deny")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    allowed = next(one for one in listed if one["Effect"] == "Allow")
    assert (allowed["Action"], allowed["Principal"]) == ("sns:Publish", {"Service": "cloudwatch.amazonaws.com"})
    assert flat(allowed["Condition"]["ArnLike"]["aws:SourceArn"]) == (
        "arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*"
    )


def test_takes_actions_instead_of_a_topic():
    stack = new_stack(new_app())
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:111111111111:pager")
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    alarms = ClusterAlarms(stack, "Alarms", cluster=cluster, actions=[actions.SnsAction(topic)])
    assert alarms.topic is None
    template = synthesize(stack)
    assert resources(template, "AWS::SNS::Topic") == {}
    for alarm in resources(template, "AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"] == ["arn:aws:sns:us-east-1:111111111111:pager"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hdfs_utilization_above": 101}, "the threshold of the alarm HdfsUtilization is 101; use 0 to 100"),
        ({"yarn_memory_available_below": -1}, "the threshold of the alarm YarnMemoryAvailable is -1; use 0 to 100"),
        ({"lost_nodes_above": -1}, "the threshold of the alarm LostNodes is -1; use 0 or more"),
        ({"master_nodes_running_below": 2}, "the threshold of the alarm MasterNodesRunning is 2; use 0 to 1"),
        (
            {"idle_for": Duration.minutes(7)},
            "the alarm Idle waits for 7 minutes; use 5 minutes to a day, in steps of 5",
        ),
        ({"idle_for": Duration.days(2)}, "the alarm Idle waits for 2880 minutes; use 5 minutes to a day"),
        ({"core_nodes_pending_for": Duration.seconds(90)}, r"the alarm CoreNodesPending waits for 1\.5 minutes"),
        ({"actions": []}, "actions is an empty list; give an action, or leave it out for a topic"),
    ],
)
def test_refuses_what_makes_no_alarm(stack, options, message):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    with pytest.raises(EmrError, match=message) as error:
        ClusterAlarms(stack, "Alarms", cluster=cluster, **options)
    assert error.value.path == "Test/Alarms"


def test_refuses_to_leave_every_alarm_out(stack):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    options = [
        "hdfs_utilization_above", "missing_blocks_above", "corrupt_blocks_above", "unhealthy_nodes_above",
        "lost_nodes_above", "core_nodes_pending_for", "failed_applications_above", "pending_applications_above",
        "yarn_memory_available_below", "idle_for",
    ]  # fmt: skip
    with pytest.raises(EmrError, match="every alarm is left out; keep one, or leave the alarms out"):
        ClusterAlarms(stack, "Alarms", cluster=cluster, **dict.fromkeys(options))


def test_refuses_a_time_that_is_not_known_yet():
    with pytest.raises(EmrError, match=r"the time of an alarm is only known at deployment; .*\n?.*at Test/Alarms"):
        make(imported=True, idle_for=Duration.hours(Token.as_number({"Ref": "Hours"})))


def test_refuses_a_key_whose_policy_cannot_be_extended(stack):
    with pytest.raises(EmrError, match=r"no alarm could publish; give a kms\.Key that is, or leave it out"):
        AlarmTopic(stack, "Topic", encryption_key=imported_key(stack))
