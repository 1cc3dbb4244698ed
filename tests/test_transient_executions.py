"""Executions of the state machines of a transient cluster, path by path: none of them leaves a cluster running."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from zoneinfo import ZoneInfo

import aws_cdk as cdk
import boto3
import pytest
from moto import mock_aws

from emr_constructs import (
    Application,
    InstanceGroup,
    InstanceGroups,
    JobInput,
    ParallelSteps,
    Script,
    Step,
    StepTask,
    TransientCluster,
)
from tests.step_functions import ENDED, World, interpreter
from tests.tools import imported_vpc, new_app, new_stack, only, synthesize

REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/states"
DATE = JobInput.text("date", default="today", pattern=r"today|\d{4}-\d{2}-\d{2}")
ZURICH = cdk.TimeZone.EUROPE_ZURICH
SENT = "emr-constructs:scheduled-time"
SPAN = {"first": 7, "last": 1}
NODES = JobInput.number("core_nodes", default=2, minimum=1, maximum=5)


def step(name, *args):
    return Step.spark(name, script=Script.from_uri(f"s3://jobs/{name}.py"), args=args)


def job(**options):
    stack = new_stack(new_app())
    options = {"work": [step("Import"), step("Report")], "applications": [Application.SPARK], **options}
    TransientCluster(stack, "Nightly", vpc=imported_vpc(stack), **options)
    return synthesize(stack)


@pytest.fixture(scope="module")
def in_sequence():
    return job()


@pytest.fixture(scope="module")
def forgiving():
    return job(
        work=[
            StepTask(step("Import"), retries=2, retry_interval=cdk.Duration.seconds(1)),
            StepTask(step("Check"), continue_on_failure=True),
            step("Report"),
        ]
    )


@pytest.fixture(scope="module")
def in_parallel():
    lenient = StepTask(step("Left 2"), continue_on_failure=True)
    return job(work=[step("Import"), ParallelSteps([[step("Left 1"), lenient], step("Right")]), step("Report")])


@pytest.fixture(scope="module")
def with_inputs():
    return job(
        work=[step("Import", "--date", DATE.value, f"s3://data/{DATE.value}/")],
        instances=InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=InstanceGroup("m7g.xlarge", NODES.value)),
        inputs=[DATE, NODES],
    )


@pytest.fixture(scope="module")
def with_day():
    day = JobInput.date("day", time_zone=ZURICH)
    return job(work=[step("Import", f"s3://data/{day.value}/")], inputs=[day])


@pytest.fixture(scope="module")
def one_at_a_time():
    return job(allow_concurrent_executions=False)


class Account:
    """The account in which the state machines of a template run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.emr, self.sfn = boto3.client("emr", REGION), boto3.client("stepfunctions", REGION)
        ec2, sns, sqs = boto3.client("ec2", REGION), boto3.client("sns", REGION), boto3.client("sqs", REGION)
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self._subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/20")["Subnet"]["SubnetId"]
        self._group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
        self._topic = sns.create_topic(Name="t")["TopicArn"]
        self._queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        sns.subscribe(TopicArn=self._topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:q")
        self._sqs = sqs
        self._count = 0

    def _resolve(self, value):
        """``value`` of a template with what moto needs to exist; anything else stands for itself."""
        match value:
            case {"Fn::Join": [delimiter, items]}:
                return delimiter.join(map(self._resolve, items))
            case {"Ref": "AWS::Partition"}:
                return "aws"
            case {"Ref": name} if "Topic" in name:
                return self._topic
            case {"Ref": name}:
                return name
            case {"Fn::GetAtt": [name, "GroupId"]}:
                return self._group
            case {"Fn::GetAtt": [name, _]}:
                return name
            case str():
                return value
        raise AssertionError(value)

    def create(self, template, containing):
        definition = self._resolve(only(template, "AWS::StepFunctions::StateMachine", containing)["DefinitionString"])
        self._count += 1
        made = self.sfn.create_state_machine(
            name=f"machine-{self._count}", definition=definition.replace("subnet-aaaa", self._subnet), roleArn=ROLE
        )
        return made["stateMachineArn"]

    def start(self, machine, given=None, name=None):
        self._count += 1
        return self.sfn.start_execution(
            stateMachineArn=machine,
            name=name or f"execution-{self._count}",
            input=json.dumps({} if given is None else given),
        )["executionArn"]

    def wait(self, execution):
        for _ in range(600):
            found = self.sfn.describe_execution(executionArn=execution)
            if found["status"] != "RUNNING":
                return found
            threading.Event().wait(0.02)
        raise AssertionError(self.sfn.get_execution_history(executionArn=execution)["events"][-3:])

    def run(self, template, given=None):
        return self.wait(self.start(self.create(template, "NightlyJob"), given))

    def clean_up(self, template, execution):
        """Send the event that EventBridge would, if the rule of the template asks for it."""
        pattern = only(template, "AWS::Events::Rule")["EventPattern"]
        assert (pattern["source"], pattern["detail-type"]) == (
            ["aws.states"],
            ["Step Functions Execution Status Change"],
        )
        assert execution["status"] in pattern["detail"]["status"]
        detail = {
            "executionArn": execution["executionArn"],
            "stateMachineArn": execution["stateMachineArn"],
            "name": execution["name"],
            "status": execution["status"],
            **({"cause": execution["cause"]} if "cause" in execution else {}),
        }
        event = {"source": "aws.states", "detail-type": "Step Functions Execution Status Change", "detail": detail}
        return self.wait(self.start(self.create(template, "Cleanup"), event))

    def clusters(self):
        return {found["Name"]: found["Status"]["State"] for found in self.emr.list_clusters()["Clusters"]}

    def running(self):
        return [name for name, state in self.clusters().items() if state not in ENDED]

    def messages(self):
        found = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", [])
        bodies = [json.loads(message["Body"]) for message in found]
        return [(body["Subject"], json.loads(body["Message"])) for body in bodies]

    def submitted(self):
        return [request["Steps"][0]["Name"] for request in self.world.called("add_job_flow_steps")]


@pytest.fixture
def world():
    return World()


@pytest.fixture
def account(world):
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}), interpreter(world):
        yield Account(world)


def wait_for(condition):
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not happen")


class TestSuccess:
    def test_runs_the_steps_in_sequence_and_ends_the_cluster(self, account, in_sequence):
        done = account.run(in_sequence)
        assert done["status"] == "SUCCEEDED", done
        assert account.submitted() == ["Import", "Report"]
        (cluster,) = account.emr.list_clusters()["Clusters"]
        assert json.loads(done["output"]) == {"ClusterId": cluster["Id"]}
        assert account.clusters() == {f"Test/Nightly {done['name']}": "TERMINATED"}

    def test_tells_it(self, account, in_sequence):
        done = account.run(in_sequence)
        (cluster,) = account.emr.list_clusters()["Clusters"]
        told = {"Outcome": "succeeded", "Execution": done["executionArn"], "ClusterId": cluster["Id"]}
        assert account.messages() == [("Test/Nightly succeeded", told)]

    def test_the_cluster_is_the_one_that_was_defined(self, account, in_sequence):
        account.run(in_sequence)
        (request,) = account.world.called("run_job_flow")
        assert request["AutoTerminationPolicy"] == {"IdleTimeout": 3600}
        assert request["Instances"]["KeepJobFlowAliveWhenNoSteps"] is True
        assert "Steps" not in request
        assert {"Key": "emr-constructs:launcher", "Value": "Test/Nightly"} in request["Tags"]

    def test_nobody_is_told_without_a_topic(self, account):
        done = account.run(job(topic=None))
        assert done["status"] == "SUCCEEDED"
        assert account.running() == account.messages() == []


class TestFailure:
    def test_of_a_step_ends_the_work_and_the_cluster(self, account, in_sequence):
        account.world.steps["Import"] = ["FAILED"]
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "StepFailed")
        (cluster,) = account.emr.list_clusters()["Clusters"]
        assert done["cause"].startswith(f"the step Import failed on {cluster['Id']}: States.TaskFailed: ")
        assert "Import found no data" in done["cause"]
        assert account.submitted() == ["Import"]
        assert account.running() == []

    def test_is_told_with_the_reason_of_the_step(self, account, in_sequence):
        account.world.steps["Report"] = ["CANCELLED"]
        done = account.run(in_sequence)
        told = {
            "Outcome": "failed",
            "Execution": done["executionArn"],
            "Error": "StepFailed",
            "Reason": done["cause"],
        }
        assert account.messages() == [("Test/Nightly failed", told)]

    def test_of_the_launch_is_told_with_the_reason_of_emr(self, account, in_sequence):
        account.world.launch = "TERMINATED_WITH_ERRORS"
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "ClusterFailed")
        assert done["cause"].startswith("the cluster did not start: States.TaskFailed: ")
        assert "no capacity" in done["cause"]
        assert account.submitted() == []
        assert account.running() == []
        ((subject, message),) = account.messages()
        assert subject == "Test/Nightly failed"
        assert "no capacity" in message["Reason"]

    def test_that_left_a_cluster_is_cleaned_up(self, account, in_sequence):
        """Asking for the state of a cluster that starts can fail, and then the execution does not know its id."""
        account.world.protected = True
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "TerminationFailed")
        (left,) = account.emr.list_clusters()["Clusters"]
        assert account.running() == [left["Name"]]
        account.emr.set_termination_protection(JobFlowIds=[left["Id"]], TerminationProtected=False)
        assert account.clean_up(in_sequence, done)["status"] == "SUCCEEDED"
        assert account.running() == []
        assert [subject for subject, _ in account.messages()] == ["Test/Nightly failed"], "it is told once"

    def test_of_the_end_after_a_failure_tells_both(self, account, in_sequence):
        account.world.steps["Import"], account.world.protected = ["FAILED"], True
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "StepFailed")
        assert "Import found no data" in done["cause"]
        assert "; and the cluster did not end: ElasticMapReduce.ValidationException" in done["cause"]
        (left,) = account.emr.list_clusters()["Clusters"]
        account.emr.set_termination_protection(JobFlowIds=[left["Id"]], TerminationProtected=False)
        account.clean_up(in_sequence, done)
        assert account.running() == []

    def test_to_tell_it_changes_nothing(self, account, in_sequence):
        account.world.steps["Import"] = ["FAILED"]
        boto3.client("sns", REGION).delete_topic(TopicArn=account._topic)
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "StepFailed")
        assert account.running() == []


class TestRetriesAndContinuing:
    def test_a_step_is_submitted_again(self, account, forgiving):
        account.world.steps["Import"] = ["FAILED", "FAILED", "COMPLETED"]
        assert account.run(forgiving)["status"] == "SUCCEEDED"
        assert account.submitted() == ["Import", "Import", "Import", "Check", "Report"]
        assert account.running() == []

    def test_until_the_retries_are_used_up(self, account, forgiving):
        account.world.steps["Import"] = ["FAILED"] * 3
        done = account.run(forgiving)
        assert (done["status"], done["error"]) == ("FAILED", "StepFailed")
        assert account.submitted() == ["Import", "Import", "Import"]
        assert account.running() == []

    def test_the_work_goes_on_after_a_step_that_may_fail_and_tells_it(self, account, forgiving):
        account.world.steps["Check"] = ["FAILED"]
        assert account.run(forgiving)["status"] == "SUCCEEDED"
        assert account.submitted() == ["Import", "Check", "Report"]
        (goes_on, message), (succeeded, _) = account.messages()
        assert (goes_on, succeeded) == ("Test/Nightly goes on", "Test/Nightly succeeded")
        assert "the step Check failed on j-" in message["Reason"]
        assert "Check found no data" in message["Reason"]
        assert account.running() == []


class TestParallelSteps:
    def test_run_between_the_others(self, account, in_parallel):
        assert account.run(in_parallel)["status"] == "SUCCEEDED"
        submitted = account.submitted()
        assert (submitted[0], submitted[-1]) == ("Import", "Report")
        assert set(submitted[1:-1]) == {"Left 1", "Left 2", "Right"}
        assert submitted.index("Left 1") < submitted.index("Left 2")
        assert account.running() == []

    def test_one_that_fails_ends_the_work(self, account, in_parallel):
        account.world.steps["Right"] = ["FAILED"]
        done = account.run(in_parallel)
        assert (done["status"], done["error"]) == ("FAILED", "StepFailed")
        assert done["cause"].startswith("the step Right failed on j-")
        assert "Right found no data" in done["cause"]
        assert "Report" not in account.submitted()
        assert account.running() == []

    def test_one_that_may_fail_does_not(self, account, in_parallel):
        account.world.steps["Left 2"] = ["FAILED"]
        assert account.run(in_parallel)["status"] == "SUCCEEDED"
        assert account.submitted()[-1] == "Report"
        assert sorted(subject for subject, _ in account.messages()) == [
            "Test/Nightly goes on",
            "Test/Nightly succeeded",
        ]
        assert account.running() == []

    def test_the_cluster_runs_as_many_steps_at_a_time(self, account, in_parallel):
        account.run(in_parallel)
        assert account.world.called("run_job_flow")[0]["StepConcurrencyLevel"] == 2


class TestStoppedExecutions:
    def abort(self, account, template):
        account.world.steps["Import"] = ["RUNNING"]
        execution = account.start(account.create(template, "NightlyJob"), name="stopped")
        wait_for(lambda: account.submitted() == ["Import"])
        account.sfn.stop_execution(executionArn=execution, cause="somebody did")
        return account.wait(execution)

    def test_an_aborted_one_leaves_a_cluster_that_is_cleaned_up(self, account, in_sequence):
        stopped = self.abort(account, in_sequence)
        assert stopped["status"] == "ABORTED"
        assert account.running() == ["Test/Nightly stopped"]
        assert account.messages() == []
        assert account.clean_up(in_sequence, stopped)["status"] == "SUCCEEDED"
        assert account.running() == []
        ((subject, message),) = account.messages()
        assert subject == "Test/Nightly stopped"
        assert (message["Execution"], message["ClusterMayRunOn"]) == (stopped["executionArn"], False)

    def test_one_that_takes_too_long_too(self, account):
        template = job(timeout=cdk.Duration.seconds(1))
        account.world.steps["Import"] = ["RUNNING"]
        stopped = account.wait(account.start(account.create(template, "NightlyJob")))
        assert stopped["status"] == "TIMED_OUT"
        assert len(account.running()) == 1
        assert account.clean_up(template, stopped)["status"] == "SUCCEEDED"
        assert account.running() == []
        assert [message["Reason"] for _, message in account.messages()] == ["TIMED_OUT"]

    def test_one_that_waits_for_its_cluster_too(self, account, in_sequence):
        account.world.launch = "STARTING"
        execution = account.start(account.create(in_sequence, "NightlyJob"))
        wait_for(account.running)
        account.sfn.stop_execution(executionArn=execution)
        account.clean_up(in_sequence, account.wait(execution))
        assert account.running() == []

    def test_the_clusters_of_others_are_left_alone(self, account, in_sequence):
        stopped = self.abort(account, in_sequence)
        others = ["Test/Nightly", "Test/Nightly stopped too", "Other stopped"]
        instances = {"KeepJobFlowAliveWhenNoSteps": True, "MasterInstanceType": "m5.xlarge", "InstanceCount": 1}
        for name in others:
            account.emr.run_job_flow(Name=name, Instances=instances, JobFlowRole="r", ServiceRole="s")
        account.clean_up(in_sequence, stopped)
        assert sorted(account.running()) == sorted(others)

    def test_the_cluster_is_found_among_many(self, account, in_sequence):
        """EMR lists fifty at a time."""
        stopped = self.abort(account, in_sequence)
        instances = {"KeepJobFlowAliveWhenNoSteps": True, "MasterInstanceType": "m5.xlarge", "InstanceCount": 1}
        for number in range(60):
            account.emr.run_job_flow(Name=f"{number}", Instances=instances, JobFlowRole="r", ServiceRole="s")
        assert "Marker" in account.emr.list_clusters()
        account.clean_up(in_sequence, stopped)
        everything = [
            found for page in account.emr.get_paginator("list_clusters").paginate() for found in page["Clusters"]
        ]
        states = {found["Name"]: found["Status"]["State"] for found in everything}
        assert states.pop("Test/Nightly stopped") == "TERMINATED"
        assert set(states.values()) == {"WAITING"}

    def test_a_cluster_that_cannot_be_ended_is_told(self, account, in_sequence):
        account.world.protected = True
        stopped = self.abort(account, in_sequence)
        cleaned = account.clean_up(in_sequence, stopped)
        assert (cleaned["status"], cleaned["error"]) == ("FAILED", "ClusterMayRunOn")
        ((subject, message),) = account.messages()
        assert (subject, message["ClusterMayRunOn"]) == ("Test/Nightly stopped", True)
        assert "termination protected" in message["Problem"]

    def test_nothing_is_left_to_clean_up_after_most_failures(self, account, in_sequence):
        account.world.steps["Import"] = ["FAILED"]
        assert account.clean_up(in_sequence, account.run(in_sequence))["status"] == "SUCCEEDED"
        assert len(account.messages()) == 1

    def test_a_success_is_not_cleaned_up(self, in_sequence):
        assert only(in_sequence, "AWS::Events::Rule")["EventPattern"]["detail"]["status"] == [
            "ABORTED",
            "FAILED",
            "TIMED_OUT",
        ]

    def test_cleaning_up_works_without_a_topic(self, account):
        template = job(topic=None)
        account.clean_up(template, self.abort(account, template))
        assert account.running() == []


class TestInputs:
    def test_reach_the_cluster_and_the_steps(self, account, with_inputs):
        done = account.run(with_inputs, {"date": "2026-11-23", "core_nodes": 5})
        assert done["status"] == "SUCCEEDED", done
        (request,) = account.world.called("run_job_flow")
        assert request["Instances"]["InstanceGroups"][1]["InstanceCount"] == 5
        (submitted,) = account.world.called("add_job_flow_steps")
        args = submitted["Steps"][0]["HadoopJarStep"]["Args"]
        assert args[-3:] == ["--date", "2026-11-23", "s3://data/2026-11-23/"]

    def test_have_defaults(self, account, with_inputs):
        account.run(with_inputs, {"Comment": "from the console"})
        assert account.world.called("run_job_flow")[0]["Instances"]["InstanceGroups"][1]["InstanceCount"] == 2
        args = account.world.called("add_job_flow_steps")[0]["Steps"][0]["HadoopJarStep"]["Args"]
        assert args[-2:] == ["today", "s3://data/today/"]

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            (
                {"release_label": "emr-5.0.0", "date": "today", "cores": 3},
                "the input must have no keys but date, core_nodes, got string release_label, cores",
            ),
            (["today"], 'the input must be a JSON object, got array ["today"]'),
            ("today", "the input must be a JSON object, got string today"),
            ({"date": "tomorrow"}, f"the input date must be text that matches {DATE.pattern}, got string tomorrow"),
            (
                {"date": "x2026-11-23"},
                f"the input date must be text that matches {DATE.pattern}, got string x2026-11-23",
            ),
            ({"date": "today\n"}, f"the input date must be text that matches {DATE.pattern}, got string today\n"),
            ({"date": 20261123}, f"the input date must be text that matches {DATE.pattern}, got number 20261123"),
            ({"date": None}, f"the input date must be text that matches {DATE.pattern}, got null"),
            ({"core_nodes": 6}, "the input core_nodes must be a whole number from 1 to 5, got number 6"),
            ({"core_nodes": 0}, "the input core_nodes must be a whole number from 1 to 5, got number 0"),
            ({"core_nodes": 1.5}, "the input core_nodes must be a whole number from 1 to 5, got number 1.5"),
            ({"core_nodes": "3"}, "the input core_nodes must be a whole number from 1 to 5, got string 3"),
            ({SENT: "2026-11-24T01:30:00Z"}, f"the input must have no keys but date, core_nodes, got string {SENT}"),
        ],
    )
    def test_of_another_kind_are_refused_before_anything_is_launched(self, account, with_inputs, given, says):
        done = account.run(with_inputs, given)
        assert (done["status"], done["error"]) == ("FAILED", "InvalidInput")
        assert done["cause"] == says
        assert account.clusters() == {}
        ((subject, message),) = account.messages()
        assert (subject, message["Reason"]) == ("Test/Nightly failed", done["cause"])

    def test_without_a_default_have_to_be_given(self, account):
        place = JobInput.text("place")
        template = job(work=[step("Import", place.value)], inputs=[place])
        done = account.run(template)
        assert (done["error"], done["cause"]) == ("InvalidInput", "the input place must be text, got nothing")
        assert account.run(template, {"place": "here"})["status"] == "SUCCEEDED"
        assert account.running() == []

    def test_are_taken_for_text_whatever_they_say(self, account):
        place = JobInput.text("place")
        template = job(work=[step("Import", f"<{place.value}>", "{% 1 + 1 %}")], inputs=[place])
        given = "$(rm -rf) \" & $states.context & ' {% 1 %}"
        assert account.run(template, {"place": given})["status"] == "SUCCEEDED"
        args = account.world.called("add_job_flow_steps")[0]["Steps"][0]["HadoopJarStep"]["Args"]
        assert args[-2:] == [f"<{given}>", "{% 1 + 1 %}"]


class TestDates:
    def processed(self, account):
        return [call["Steps"][0]["HadoopJarStep"]["Args"][-1] for call in account.world.called("add_job_flow_steps")]

    @pytest.mark.parametrize(
        ("scheduled", "day"),
        [
            # 01:30 in Zurich in summer and in winter, and on the days on which clocks change.
            ("2026-07-14T23:30:00Z", "s3://data/2026-07-14/"),
            ("2026-11-24T00:30:00Z", "s3://data/2026-11-23/"),
            ("2027-03-28T22:30:00Z", "s3://data/2027-03-28/"),
            ("2026-10-25T22:59:59Z", "s3://data/2026-10-24/"),
        ],
    )
    def test_follow_from_the_scheduled_time(self, account, with_day, scheduled, day):
        assert account.run(with_day, {SENT: scheduled})["status"] == "SUCCEEDED"
        assert self.processed(account) == [day]

    def test_follow_from_the_start_without_a_schedule(self, account, with_day):
        done = account.run(with_day, {"Comment": "from the console"})
        assert done["status"] == "SUCCEEDED", done
        started = done["startDate"].astimezone(ZoneInfo("Europe/Zurich")).date()
        assert self.processed(account) == [f"s3://data/{started - timedelta(days=1)}/"]

    def test_are_given_for_another_day(self, account, with_day):
        for given in ({"day": "2024-02-29"}, {"day": "2026-11-20", SENT: "2026-11-24T00:30:00Z"}):
            assert account.run(with_day, given)["status"] == "SUCCEEDED"
        assert self.processed(account) == ["s3://data/2024-02-29/", "s3://data/2026-11-20/"]

    @pytest.mark.parametrize(
        ("given", "cause"),
        [
            (
                {"day": "2026-02-29"},
                "the input day must be a calendar date such as 2026-11-23, got string 2026-02-29",
            ),
            ({"day": "today"}, "the input day must be a calendar date such as 2026-11-23, got string today"),
            ({"day": None}, "the input day must be a calendar date such as 2026-11-23, got null"),
            (
                {SENT: "<aws.scheduler.scheduled-time>"},
                f"{SENT} must be a time from 2020 to 2050, got string <aws.scheduler.scheduled-time>",
            ),
            (
                {SENT: "2051-01-01T00:00:00Z"},
                f"{SENT} must be a time from 2020 to 2050, got string 2051-01-01T00:00:00Z",
            ),
        ],
    )
    def test_that_do_not_exist_are_rejected_before_anything_is_launched(self, account, with_day, given, cause):
        done = account.run(with_day, given)
        assert (done["status"], done["error"], done["cause"]) == ("FAILED", "InvalidInput", cause)
        assert account.clusters() == {}

    def test_can_be_required(self, account):
        day = JobInput.date("day", required=True)
        template = job(work=[step("Import", day.value)], inputs=[day])
        cause = "the input day must be a calendar date such as 2026-11-23, got nothing"
        assert account.run(template)["cause"] == cause
        cause = f"the input must have no keys but day, got string {SENT}"
        assert account.run(template, {SENT: "2026-11-24T00:30:00Z"})["cause"] == cause
        assert account.run(template, {"day": "2026-11-23"})["status"] == "SUCCEEDED"
        assert self.processed(account) == ["2026-11-23"]

    def test_can_be_several(self, account):
        """A scheduled time is needed unless each of them is given."""
        first, last = (JobInput.date(name, days_before=days, time_zone=ZURICH) for name, days in SPAN.items())
        template = job(work=[step("Import", f"{first.value}/{last.value}")], inputs=[first, last])
        assert account.run(template, {SENT: "2026-11-24T00:30:00Z"})["status"] == "SUCCEEDED"
        assert account.run(template, {SENT: "x", "first": "2026-01-01", "last": "2026-01-31"})["status"] == "SUCCEEDED"
        done = account.run(template, {SENT: "x", "first": "2026-01-01"})
        assert (done["error"], done["cause"]) == (
            "InvalidInput",
            f"{SENT} must be a time from 2020 to 2050, got string x",
        )
        assert self.processed(account) == ["2026-11-17/2026-11-23", "2026-01-01/2026-01-31"]


class TestOneAtATime:
    def test_the_second_does_not_start_a_cluster(self, account, one_at_a_time):
        account.world.steps["Import"] = ["RUNNING"]
        machine = account.create(one_at_a_time, "NightlyJob")
        first = account.start(machine)
        wait_for(lambda: account.submitted() == ["Import"])
        second = account.wait(account.start(machine))
        assert second["status"] == "SUCCEEDED"
        assert json.loads(second["output"]) == {"AlreadyRunning": first}
        assert len(account.clusters()) == 1
        assert account.messages() == []
        account.sfn.stop_execution(executionArn=first)
        account.clean_up(one_at_a_time, account.wait(first))
        assert account.running() == []

    def test_the_next_one_runs_when_it_is_alone(self, account, one_at_a_time):
        machine = account.create(one_at_a_time, "NightlyJob")
        for _ in range(2):
            assert account.wait(account.start(machine))["status"] == "SUCCEEDED"
        assert list(account.clusters().values()) == ["TERMINATED", "TERMINATED"]

    def test_otherwise_they_run_side_by_side(self, account, in_sequence):
        machine = account.create(in_sequence, "NightlyJob")
        executions = [account.start(machine) for _ in range(2)]
        assert [account.wait(execution)["status"] for execution in executions] == ["SUCCEEDED", "SUCCEEDED"]
        assert len(account.clusters()) == 2
        assert account.running() == []
