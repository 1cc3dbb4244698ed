"""What becomes of the clusters of executions that stop: the cleanup as the template defines it, executed."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from moto.emr.models import emr_backends

from emr_constructs import Application, TransientCluster
from emr_constructs.security.nag_findings import ALARM_WITHOUT_ACTION
from tests.deploy.emulator import ACCOUNT
from tests.executions import REGION, job, step, wait_for
from tests.tools import as_list, flat, imported_vpc, new_app, new_stack, only, resources, statements, synthesize

LAUNCHER = "emr-constructs__launcher"
EXECUTION = "emr-constructs__execution"


@pytest.fixture(scope="module")
def template():
    return job()


def abort(account, template, name="stopped"):
    account.world.steps["Import"] = ["RUNNING"]
    execution = account.start(account.create(template, "NightlyJob"), name=name)
    with account.paused(lambda: account.submitted()[-1:] == ["Import"]):
        account.sfn.stop_execution(executionArn=execution, cause="somebody did")
    return account.wait(execution)


def tags(account, execution):
    """The tags of the cluster of an execution."""
    given = {tag["Key"]: tag["Value"] for tag in account.world.called("run_job_flow")[0]["Tags"]}
    return {LAUNCHER: given["emr-constructs:launcher"], EXECUTION: execution["executionArn"]}


class TestEvent:
    def test_of_an_aborted_execution_terminates_its_cluster(self, account, template):
        stopped = abort(account, template)
        assert (stopped["status"], account.running()) == ("ABORTED", ["Test/Nightly stopped"])
        assert account.messages() == []
        done = account.clean_up(template, stopped, cause="somebody did")
        (cluster,) = account.emr.list_clusters()["Clusters"]
        assert json.loads(done["output"]) == {"Terminated": [cluster["Id"]]}
        assert account.running() == []
        message = {
            "Outcome": "stopped",
            "Execution": stopped["executionArn"],
            "Reason": "somebody did",
            "Terminated": [cluster["Id"]],
            "ClusterMayStillBeRunning": False,
            "Problems": [],
        }
        assert account.messages() == [("Test/Nightly stopped", message)]

    def test_has_no_cause_for_most_executions(self, account, template):
        stopped = abort(account, template)
        account.clean_up(template, stopped, cause=None)
        assert [message["Reason"] for _, message in account.messages()] == ["ABORTED"]

    def test_of_an_execution_that_timed_out(self, account):
        template = job(timeout=cdk.Duration.seconds(1))
        account.world.steps["Import"] = ["RUNNING"]
        account.world.wait_seconds = 2  # moto fails an execution whose time is up during a call
        stopped = account.wait(account.start(account.create(template, "NightlyJob")))
        assert (stopped["status"], len(account.running())) == ("TIMED_OUT", 1)
        assert account.clean_up(template, stopped)["status"] == "SUCCEEDED"
        assert account.running() == []
        assert [message["Reason"] for _, message in account.messages()] == ["TIMED_OUT"]

    def test_of_an_execution_that_waits_for_its_cluster(self, account, template):
        account.world.launch = "STARTING"
        execution = account.start(account.create(template, "NightlyJob"))
        with account.paused(account.running):
            account.sfn.stop_execution(executionArn=execution)
        account.clean_up(template, account.wait(execution))
        assert account.running() == []

    def test_of_an_execution_that_does_not_know_its_cluster(self, account, template):
        """The answer of EMR was lost, though EMR launched the cluster."""
        account.world.errors["run_job_flow"] = ["InternalServerException"]
        failed = account.run(template)
        assert failed["error"] == "ClusterFailed"
        left = account.launch(f"Test/Nightly {failed['name']}", **tags(account, failed))
        account.clean_up(template, failed)
        assert account.emr.describe_cluster(ClusterId=left)["Cluster"]["Status"]["State"] == "TERMINATED"
        assert [subject for subject, _ in account.messages()] == ["Test/Nightly failed"], "it is published once"

    def test_terminates_a_cluster_that_waits(self, account, template):
        stopped = abort(account, template)
        (cluster,) = emr_backends[ACCOUNT][REGION].clusters.values()
        cluster.state = "WAITING"
        account.clean_up(template, stopped)
        assert account.running() == []

    def test_leaves_the_clusters_of_others(self, account, template):
        stopped = abort(account, template)
        others = ["Test/Nightly", "Test/Nightly stopped too", "Other stopped", "stopped"]
        for name in others:
            account.launch(name)
        account.clean_up(template, stopped)
        assert sorted(account.running()) == sorted(others)

    def test_terminates_its_own_of_two_clusters_of_one_name(self, account, template):
        """One that is not ours would make EMR refuse a call that names both."""
        stopped = abort(account, template)
        (own,) = account.emr.list_clusters()["Clusters"]
        for given in ({}, {**tags(account, stopped), LAUNCHER: "Other/Job"}, {EXECUTION: "arn"}):
            account.launch("Test/Nightly stopped", **given)
        account.clean_up(template, stopped)
        assert [request["JobFlowIds"] for request in account.world.called("terminate_job_flows")] == [[own["Id"]]]
        states = {found["Id"]: found["Status"]["State"] for found in account.emr.list_clusters()["Clusters"]}
        assert states.pop(own["Id"]) == "TERMINATED"
        assert list(states.values()) == ["WAITING"] * 3

    def test_leaves_the_cluster_of_an_execution_of_the_same_name(self, account, template):
        stopped = abort(account, template)
        other = {**tags(account, stopped), EXECUTION: f"{stopped['executionArn']}-2"}
        left = account.launch("Test/Nightly stopped", **other)
        account.clean_up(template, stopped)
        assert account.emr.describe_cluster(ClusterId=left)["Cluster"]["Status"]["State"] == "WAITING"

    def test_finds_a_cluster_with_the_name_that_the_job_had_before(self, account, template):
        stopped = abort(account, template)
        account.clean_up(job(cluster_name="Renamed"), stopped)
        assert account.running() == []

    def test_leaves_the_cluster_of_an_execution_that_was_redriven(self, account, template):
        account.world.steps["Import"] = ["RUNNING"]
        execution = account.start(account.create(template, "NightlyJob"), name="redriven")
        wait_for(lambda: account.submitted() == ["Import"])
        running = account.sfn.describe_execution(executionArn=execution)
        done = account.clean_up(template, {**running, "status": "FAILED"})
        assert json.loads(done["output"]) == {"Terminated": []}
        assert account.running() == ["Test/Nightly redriven"]
        account.sfn.stop_execution(executionArn=execution)
        account.wait(execution)

    def test_finds_the_cluster_among_many(self, account, template):
        """EMR lists fifty at a time."""
        stopped = abort(account, template)
        for number in range(60):
            account.launch(f"{number}")
        assert "Marker" in account.emr.list_clusters()
        account.clean_up(template, stopped)
        everything = [
            found for page in account.emr.get_paginator("list_clusters").paginate() for found in page["Clusters"]
        ]
        states = {found["Name"]: found["Status"]["State"] for found in everything}
        assert states.pop("Test/Nightly stopped") == "TERMINATED"
        assert set(states.values()) == {"WAITING"}

    def test_has_nothing_to_do_after_most_failures(self, account, template):
        account.world.steps["Import"] = ["FAILED"]
        assert account.clean_up(template, account.run(template))["status"] == "SUCCEEDED"
        assert len(account.messages()) == 1

    def test_publishes_a_failure_that_the_execution_could_not(self, account, template):
        """Step Functions ends an execution with too many events, or with an expression that has no value."""
        account.world.steps["Import"] = ["FAILED"]
        failed = account.run(template)
        (published,) = account.messages()
        assert published[0] == "Test/Nightly failed"
        account.clean_up(template, failed, error="States.Runtime", cause="the history has 25,000 events")
        ((subject, message),) = account.messages()
        assert (subject, message["Reason"]) == ("Test/Nightly stopped", "the history has 25,000 events")
        assert message["ClusterMayStillBeRunning"] is False

    def test_is_sent_unless_the_execution_succeeded(self, template):
        pattern = only(template, "AWS::Events::Rule", "CleanupRule")["EventPattern"]
        assert pattern["detail"]["status"] == ["ABORTED", "FAILED", "TIMED_OUT"]

    def test_works_without_a_topic(self, account):
        template = job(topic=None)
        account.clean_up(template, abort(account, template))
        assert account.running() == []


class TestSweep:
    """Finds what events have missed."""

    def lost(self, account, template):
        """An execution that stopped without an event, half an hour ago."""
        stopped = abort(account, template, name="lost")
        account.grow_older(minutes=30)
        return stopped

    def test_terminates_the_cluster_of_an_execution_that_stopped(self, account, template):
        self.lost(account, template)
        (cluster,) = account.emr.list_clusters()["Clusters"]
        assert json.loads(account.sweep(template)["output"]) == {"Terminated": [cluster["Id"]]}
        assert account.running() == []
        message = {
            "Outcome": "cleaned up",
            "Terminated": [cluster["Id"]],
            "ClusterMayStillBeRunning": False,
            "Problems": [],
        }
        assert account.messages() == [("Test/Nightly cleaned up", message)]

    @pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "SUCCEEDED"])
    def test_terminates_it_however_the_execution_ended(self, account, template, status):
        stopped = self.lost(account, template)
        account.world.executions[stopped["executionArn"]] = status
        account.sweep(template)
        assert account.running() == []

    def test_terminates_the_cluster_of_an_execution_that_is_no_longer_known(self, account, template):
        stopped = abort(account, template)
        left = account.launch(
            "Test/Nightly old", **{**tags(account, stopped), EXECUTION: f"{stopped['executionArn']}-old"}
        )
        account.grow_older(minutes=30)
        account.sweep(template)
        assert account.emr.describe_cluster(ClusterId=left)["Cluster"]["Status"]["State"] == "TERMINATED"

    @pytest.mark.parametrize("status", ["RUNNING", "PENDING_REDRIVE"])
    def test_leaves_the_cluster_of_an_execution_that_goes_on(self, account, template, status):
        stopped = self.lost(account, template)
        account.world.executions[stopped["executionArn"]] = status
        assert account.sweep(template)["status"] == "SUCCEEDED"
        assert account.running() == ["Test/Nightly lost"]
        assert account.messages() == []

    def test_leaves_a_cluster_whose_execution_is_in_doubt_and_fails(self, account, template):
        stopped = self.lost(account, template)
        account.world.executions[stopped["executionArn"]] = "SOMETHING_NEW"
        swept = account.sweep(template)
        assert (swept["status"], swept["error"]) == ("FAILED", "ClusterMayStillBeRunning")
        assert swept["cause"].endswith(": unknown status SOMETHING_NEW")
        assert account.running() == ["Test/Nightly lost"]

    def test_leaves_a_cluster_whose_execution_cannot_be_described_and_fails(self, account, template):
        stopped = self.lost(account, template)
        account.world.executions[stopped["executionArn"]] = "InvalidArn"
        swept = account.sweep(template)
        assert (swept["status"], swept["error"]) == ("FAILED", "ClusterMayStillBeRunning")
        assert "Sfn.InvalidArn" in swept["cause"]
        assert account.running() == ["Test/Nightly lost"]
        ((subject, message),) = account.messages()
        assert (subject, message["ClusterMayStillBeRunning"]) == ("Test/Nightly cleaned up", True)

    def test_leaves_the_clusters_of_others(self, account, template):
        stopped = self.lost(account, template)
        own = tags(account, stopped)
        others = {
            "foreign": {},
            "of a launch template": {"emr-constructs__launch-template": own[LAUNCHER]},
            "of another job": {**own, LAUNCHER: "Other/Job"},
            "of no execution": {LAUNCHER: own[LAUNCHER]},
        }
        for name, given in others.items():
            account.launch(name, **given)
        account.grow_older(minutes=30)
        account.sweep(template)
        assert sorted(account.running()) == sorted(others)

    def test_leaves_a_cluster_that_has_just_launched(self, account, template):
        abort(account, template)
        account.grow_older(minutes=14)
        account.sweep(template)
        assert account.running() == ["Test/Nightly stopped"]
        account.grow_older(minutes=16)
        account.sweep(template)
        assert account.running() == []

    def test_looks_at_all_pages(self, account, template):
        self.lost(account, template)
        for number in range(60):
            account.launch(f"{number}")
        account.grow_older(minutes=30)
        account.sweep(template)
        assert len(account.world.called("describe_cluster")) >= 61
        assert [request["JobFlowIds"] for request in account.world.called("terminate_job_flows")] == [
            [account.world.launched[0]]
        ]

    def test_says_nothing_without_orphans(self, account, template):
        assert json.loads(account.sweep(template)["output"]) == {"Terminated": []}
        assert account.messages() == []


class TestFailure:
    def test_of_the_termination_is_published_and_fails(self, account, template):
        account.world.protected = True
        stopped = abort(account, template)
        cleaned = account.clean_up(template, stopped)
        assert (cleaned["status"], cleaned["error"]) == ("FAILED", "ClusterMayStillBeRunning")
        ((subject, message),) = account.messages()
        assert (subject, message["ClusterMayStillBeRunning"]) == ("Test/Nightly stopped", True)
        assert "termination protected" in message["Problems"][0]

    def test_to_publish_does_not_mean_that_a_cluster_is_left(self, account, template):
        stopped = abort(account, template)
        account.delete_topic()
        assert account.clean_up(template, stopped)["status"] == "SUCCEEDED"
        assert account.running() == []

    def test_to_list_clusters_fails(self, account, template):
        stopped = abort(account, template)
        account.world.errors["list_clusters"] = ["InternalServerException"] * 4
        cleaned = account.clean_up(template, stopped)
        assert (cleaned["status"], cleaned["error"]) == ("FAILED", "ClusterMayStillBeRunning")
        assert cleaned["cause"].startswith("Emr.InternalServerException")

    def test_to_describe_one_cluster_does_not_hide_another(self, account, template):
        stopped = abort(account, template)
        other = account.launch("Other stopped")
        account.world.errors[f"describe_cluster {other}"] = ["InternalServerException"] * 4
        cleaned = account.clean_up(template, stopped)
        assert (cleaned["status"], cleaned["error"]) == ("FAILED", "ClusterMayStillBeRunning")
        assert f"cluster {other}: Emr.InternalServerException" in cleaned["cause"]
        assert account.running() == ["Other stopped"]

    @pytest.mark.parametrize("options", [{}, {"topic": None}])
    def test_raises_an_alarm(self, options):
        template = job(**options)
        (machine,) = (name for name in resources(template, "AWS::StepFunctions::StateMachine") if "Cleanup" in name)
        alarms = resources(template, "AWS::CloudWatch::Alarm").values()
        found = {alarm["Properties"]["MetricName"]: alarm["Properties"] for alarm in alarms}
        assert set(found) == {"ExecutionsFailed", "ExecutionsTimedOut"}
        for alarm in found.values():
            assert alarm["Namespace"] == "AWS/States"
            assert alarm["Dimensions"] == [{"Name": "StateMachineArn", "Value": {"Ref": machine}}]
            assert (alarm["Statistic"], alarm["Period"], alarm["EvaluationPeriods"]) == ("Sum", 300, 1)
            assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
            assert alarm["TreatMissingData"] == "notBreaching"
            assert ("AlarmActions" in alarm) is ("topic" not in options)

    def test_the_alarm_may_publish_to_the_encrypted_topic(self, template):
        publish = only(template, "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
        (allowed,) = (statement for statement in publish if statement["Effect"] == "Allow")
        assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        key = only(template, "AWS::KMS::Key", "NightlyKey")["KeyPolicy"]["Statement"]
        services = [service for found in key for service in as_list(found["Principal"].get("Service"))]
        assert "cloudwatch.amazonaws.com" in services

    def test_the_finding_about_an_alarm_without_action_is_answered_for(self):
        assert set(ALARM_WITHOUT_ACTION) == {
            "HIPAA.Security-CloudWatchAlarmAction",
            "NIST.800.53.R4-CloudWatchAlarmAction",
            "NIST.800.53.R5-CloudWatchAlarmAction",
        }


class TestPermissions:
    def test_are_to_find_clusters_and_to_terminate_those_with_the_tag(self, template):
        found = {statement["Sid"]: statement for statement in statements(template, "CleanupJobPolicy")}
        cluster = "arn:<AWS::Partition>:elasticmapreduce:<AWS::Region>:<AWS::AccountId>:cluster/*"
        machine = "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:"
        actions = {sid: as_list(statement["Action"]) for sid, statement in found.items()}
        assert actions == {
            "ListClusters": ["elasticmapreduce:ListClusters"],
            "DescribeClusters": ["elasticmapreduce:DescribeCluster"],
            "TerminateTaggedClusters": ["elasticmapreduce:TerminateJobFlows"],
            "DescribeExecutions": ["states:DescribeExecution"],
            "Publish": ["sns:Publish"],
            "EncryptMessages": ["kms:Decrypt", "kms:GenerateDataKey"],
        }
        assert flat(found["DescribeClusters"]["Resource"]) == cluster
        terminate = found["TerminateTaggedClusters"]
        assert flat(terminate["Resource"]) == cluster
        ((key, launcher),) = terminate["Condition"]["StringEquals"].items()
        assert key == "elasticmapreduce:ResourceTag/emr-constructs:launcher"
        assert launcher.startswith("Test/Nightly c8")
        executions = flat(found["DescribeExecutions"]["Resource"])
        (job_machine,) = (
            name for name in resources(template, "AWS::StepFunctions::StateMachine") if "NightlyJob" in name
        )
        assert executions == f"{machine}<{job_machine}.Name>:*"

    def test_its_log_has_no_configurations_of_other_clusters(self, template):
        logging = {
            name: found["Properties"]["LoggingConfiguration"]
            for name, found in resources(template, "AWS::StepFunctions::StateMachine").items()
        }
        data = {"Cleanup" in name: found["IncludeExecutionData"] for name, found in logging.items()}
        assert data == {True: False, False: True}
        assert {found["Level"] for found in logging.values()} == {"ALL"}

    def test_a_name_with_other_letters_has_a_tag_of_its_own(self):
        stack = new_stack(new_app())
        vpc = imported_vpc(stack)
        jobs = [
            TransientCluster(stack, name, vpc=vpc, workflow=[step("Import")], applications=[Application.SPARK])
            for name in ("Job é", "Job ü")
        ]
        first, second = (found.launcher for found in jobs)
        assert first != second
        assert first.startswith("Test/Job - c8")
        assert max(map(len, (first, second))) < 256
        synthesize(stack)
