"""Severities of alarms: the topics, the thresholds and the descriptions, and what is rejected."""

from __future__ import annotations

import pytest
from aws_cdk import Duration
from aws_cdk import aws_sns as sns

from emr_constructs import AlarmSeverity, AlarmTopic, Cluster, ClusterAlarms, ClusterDashboard, EmrError
from tests.tools import flat, new_app, new_stack, only, resources, synthesize

CRITICAL, WARNING, INFO = AlarmSeverity.CRITICAL, AlarmSeverity.WARNING, AlarmSeverity.INFO
RUNBOOK = "https://wiki.example.com/emr#{alarm}"


def cluster_in(stack):
    return Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")


@pytest.fixture(scope="module")
def leveled():
    stack = new_stack(new_app())
    cluster = cluster_in(stack)
    alarms = ClusterAlarms(
        stack,
        "Alarms",
        cluster=cluster,
        topics={CRITICAL: AlarmTopic(stack, "Pager"), WARNING: sns.Topic(stack, "Chat"), INFO: sns.Topic(stack, "Log")},
        severities={"LostNodes": CRITICAL},
        runbook_url=RUNBOOK,
        hdfs_utilization_above={CRITICAL: 90, WARNING: 70},
        yarn_memory_available_below={WARNING: 15, CRITICAL: 5},
        idle_for={INFO: Duration.hours(1), WARNING: Duration.hours(3)},
        pending_applications_above=None,
    )
    ClusterDashboard(stack, "Dashboard", cluster=cluster, alarms=alarms)
    template = synthesize(stack)
    found = {
        name.removeprefix("Alarms")[:-8]: alarm["Properties"]
        for name, alarm in resources(template, "AWS::CloudWatch::Alarm").items()
    }
    assert set(found) == set(alarms.alarms)
    return found, template


@pytest.mark.parametrize(
    ("name", "topic", "severity"),
    [
        ("MissingBlocks", "Pager", "critical"),
        ("CorruptBlocks", "Pager", "critical"),
        ("LostNodes", "Pager", "critical"),
        ("HdfsUtilizationCritical", "Pager", "critical"),
        ("HdfsUtilizationWarning", "Chat", "warning"),
        ("YarnMemoryAvailableCritical", "Pager", "critical"),
        ("UnhealthyNodes", "Chat", "warning"),
        ("IdleInfo", "Log", "info"),
        ("IdleWarning", "Chat", "warning"),
    ],
)
def test_an_alarm_publishes_to_the_topic_of_its_severity(leveled, name, topic, severity):
    alarm = leveled[0][name]
    assert [flat(action)[1:].startswith(topic) for action in alarm["AlarmActions"]] == [True]
    base = name.removesuffix(severity.title())
    assert alarm["AlarmDescription"].endswith(f". Severity: {severity}. Runbook: https://wiki.example.com/emr#{base}")


def test_each_severity_has_its_threshold(leveled):
    found, _ = leveled
    assert {name: alarm["Threshold"] for name, alarm in found.items() if "Hdfs" in name or "Yarn" in name} == {
        "HdfsUtilizationCritical": 90,
        "HdfsUtilizationWarning": 70,
        "YarnMemoryAvailableCritical": 5,
        "YarnMemoryAvailableWarning": 15,
    }
    assert (found["IdleInfo"]["EvaluationPeriods"], found["IdleWarning"]["EvaluationPeriods"]) == (12, 36)
    assert not any(name.startswith("PendingApplications") for name in found)


def test_the_dashboard_shows_each_threshold(leveled):
    body = flat(only(leveled[1], "AWS::CloudWatch::Dashboard")["DashboardBody"])
    assert "HDFSUtilization > 90 for 3 datapoints" in body
    assert "HDFSUtilization > 70 for 3 datapoints" in body


def test_topics_allow_alarms_to_publish(leveled):
    policies = resources(leveled[1], "AWS::SNS::TopicPolicy").values()
    assert len(policies) == 3
    assert all("cloudwatch.amazonaws.com" in str(policy) for policy in policies)


def test_severities_without_topics_are_in_the_description():
    stack = new_stack(new_app())
    ClusterAlarms(stack, "Alarms", cluster=cluster_in(stack), severities={"Idle": WARNING})
    described = {
        name.removeprefix("Alarms")[:-8]: alarm["Properties"]["AlarmDescription"]
        for name, alarm in resources(synthesize(stack), "AWS::CloudWatch::Alarm").items()
    }
    assert [name for name, text in described.items() if "Severity" in text] == ["Idle"]
    assert not any("Runbook" in text for text in described.values())


@pytest.fixture(scope="module")
def place():
    stack = new_stack(new_app())
    return stack, cluster_in(stack), sns.Topic(stack, "Topic")


def test_severities_without_alarms_require_no_topic(place):
    stack, cluster, topic = place
    topics = {CRITICAL: topic, WARNING: topic}
    alarms = ClusterAlarms(stack, "WithoutInfo", cluster=cluster, topics=topics, idle_for=None)
    assert "Idle" not in [child.node.id for child in alarms.node.children]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            lambda topic: {"topics": {CRITICAL: topic, WARNING: topic}},
            "topics must have a topic for each severity of the alarms, got none for info, the severity of Idle; add "
            r"AlarmSeverity\.INFO",
        ),
        (
            lambda topic: {"topics": {}},
            "topics must have a topic for each severity of the alarms, got none for critical",
        ),
        (lambda topic: {"topics": dict.fromkeys(AlarmSeverity, topic), "topic": topic}, "topic can't be combined with"),
        (
            lambda topic: {"topics": dict.fromkeys(AlarmSeverity, topic), "actions": []},
            "actions can't be combined with",
        ),
        (lambda topic: {"topics": topic}, "topics must be a mapping of AlarmSeverity objects"),
        (lambda topic: {"topics": {"critical": topic}}, "the key 'critical' of topics must be an AlarmSeverity"),
        (
            lambda topic: {"topics": {CRITICAL: "arn"}},
            r"topics\[.*\] must be an sns\.ITopic or an AlarmTopic, got 'arn'",
        ),
        (
            lambda topic: {"severities": {"Hdfs": INFO}},
            "severities must have names of alarms, got 'Hdfs'; use HdfsUtil",
        ),
        (lambda topic: {"severities": {"Idle": "info"}}, r"severities\['Idle'\] must be an AlarmSeverity, got 'info'"),
        (
            lambda topic: {"severities": {"HdfsUtilization": INFO}, "hdfs_utilization_above": {WARNING: 70}},
            "severities can't have 'HdfsUtilization' if hdfs_utilization_above has severities; remove one of them",
        ),
        (lambda topic: {"hdfs_utilization_above": {}}, "hdfs_utilization_above must not be empty; specify a threshold"),
        (lambda topic: {"hdfs_utilization_above": {WARNING: "70"}}, "must be a number, got '70'"),
        (lambda topic: {"hdfs_utilization_above": {WARNING: 170}}, "hdfs_utilization_above must be between 0 and 100"),
        (
            lambda topic: {"hdfs_utilization_above": {WARNING: 90, CRITICAL: 70}},
            "hdfs_utilization_above must increase with the severity, got warning 90, critical 70; swap the values",
        ),
        (
            lambda topic: {"hdfs_utilization_above": {WARNING: 90, CRITICAL: 90}},
            "hdfs_utilization_above must increase with the severity",
        ),
        (
            lambda topic: {"yarn_memory_available_below": {WARNING: 10, CRITICAL: 20}},
            "yarn_memory_available_below must decrease with the severity, got warning 10, critical 20",
        ),
        (
            lambda topic: {"idle_for": {INFO: Duration.hours(3), WARNING: Duration.hours(1)}},
            "idle_for must increase with the severity, got info 180, warning 60",
        ),
        (lambda topic: {"idle_for": {INFO: Duration.minutes(7)}}, "idle_for must be a multiple of 5 minutes"),
        (lambda topic: {"runbook_url": "wiki/emr"}, "runbook_url must be an address that begins with https:// or http"),
        (
            lambda topic: {"runbook_url": f"https://{'a' * 600}"},
            "runbook_url must have at most 600 characters, got 608",
        ),
        (
            lambda topic: {"runbook_url": f"https://wiki/{'a' * 580}#{{alarm}}"},
            "runbook_url must have at most 600 characters, got 613",
        ),
        (
            lambda topic: {"runbook_url": "https://wiki/{name}/{alarm}"},
            "runbook_url must have no braces except in {alarm}, got '{name}'; use {alarm}, or remove them",
        ),
        (
            lambda topic: {"topics": {AlarmSeverity.CRITICAL: "pager"}},
            r"topics\[AlarmSeverity\.CRITICAL\] must be an sns.ITopic or an AlarmTopic, got 'pager'",
        ),
        (lambda topic: {"runbook_url": 5}, "runbook_url must be a string, got 5"),
    ],
)
def test_rejects(place, options, message):
    stack, cluster, topic = place
    stack.node.try_remove_child("Alarms")
    with pytest.raises(EmrError, match=message) as raised:
        ClusterAlarms(stack, "Alarms", cluster=cluster, **options(topic))
    assert raised.value.path == "Test/Alarms"
