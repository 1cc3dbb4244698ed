"""Executions of the state machine of a transient cluster, path by path: none of them leaves a cluster running."""

from __future__ import annotations

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import aws_cdk as cdk
import pytest

from emr_constructs import InstanceGroup, InstanceGroups, JobInput, ParallelSteps, StepTask
from tests.executions import job, step, wait_for

DATE = JobInput.text("date", default="today", pattern=r"today|\d{4}-\d{2}-\d{2}")
ZURICH = cdk.TimeZone.EUROPE_ZURICH
SENT = "emr-constructs:scheduled-time"
SPAN = {"first": 7, "last": 1}
NODES = JobInput.number("core_nodes", default=2, minimum=1, maximum=5)


@pytest.fixture(scope="module")
def in_sequence():
    return job()


@pytest.fixture(scope="module")
def forgiving():
    return job(
        workflow=[
            StepTask(step("Import"), retries=2, retry_interval=cdk.Duration.seconds(1)),
            StepTask(step("Check"), continue_on_failure=True),
            step("Report"),
        ]
    )


@pytest.fixture(scope="module")
def impatient():
    second = cdk.Duration.seconds(1)
    return job(
        workflow=[
            StepTask(step("Check"), timeout=second, continue_on_failure=True),
            StepTask(step("Import"), timeout=second, retries=2),
        ]
    )


@pytest.fixture(scope="module")
def in_parallel():
    lenient = StepTask(step("Left 2"), continue_on_failure=True)
    return job(workflow=[step("Import"), ParallelSteps([[step("Left 1"), lenient], step("Right")]), step("Report")])


@pytest.fixture(scope="module")
def with_inputs():
    return job(
        workflow=[step("Import", "--date", DATE.value, f"s3://data/{DATE.value}/")],
        instances=InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=InstanceGroup("m7g.xlarge", NODES.value)),
        inputs=[DATE, NODES],
    )


@pytest.fixture(scope="module")
def with_day():
    day = JobInput.date("day", time_zone=ZURICH)
    return job(workflow=[step("Import", f"s3://data/{day.value}/")], inputs=[day])


@pytest.fixture(scope="module")
def one_at_a_time():
    return job(allow_concurrent_executions=False)


def details_of(name):
    return {"Reason": "Unknown Error.", "Message": f"{name} found no data", "LogFile": "s3://logs/stderr.gz"}


class TestSuccess:
    def test_runs_the_steps_in_sequence_and_terminates_the_cluster(self, account, in_sequence):
        done = account.run(in_sequence)
        assert done["status"] == "SUCCEEDED", done
        assert account.submitted() == ["Import", "Report"]
        (cluster,) = account.emr.list_clusters()["Clusters"]
        assert json.loads(done["output"]) == {"ClusterId": cluster["Id"]}
        assert account.clusters() == {f"Test/Nightly {done['name']}": "TERMINATED"}

    def test_is_published(self, account, in_sequence):
        done = account.run(in_sequence)
        (cluster,) = account.emr.list_clusters()["Clusters"]
        message = {"Outcome": "succeeded", "Execution": done["executionArn"], "ClusterId": cluster["Id"]}
        assert account.messages() == [("Test/Nightly succeeded", message)]

    def test_the_cluster_is_the_one_that_was_defined(self, account, in_sequence):
        done = account.run(in_sequence)
        (request,) = account.world.called("run_job_flow")
        assert request["AutoTerminationPolicy"] == {"IdleTimeout": 3600}
        assert request["Instances"]["KeepJobFlowAliveWhenNoSteps"] is True
        assert request["Instances"]["UnhealthyNodeReplacement"] is True
        assert request["LogEncryptionKmsKeyId"]
        assert "Steps" not in request
        tags = {tag["Key"]: tag["Value"] for tag in request["Tags"]}
        assert tags["emr-constructs:launcher"].startswith("Test/Nightly c8")
        assert tags["emr-constructs:execution"] == done["executionArn"]

    def test_nothing_is_published_without_a_topic(self, account):
        done = account.run(job(topic=None))
        assert done["status"] == "SUCCEEDED"
        assert account.running() == account.messages() == []

    def test_waits_for_the_cluster_to_start_and_to_terminate(self, account, in_sequence):
        account.world.launch = "STARTING"
        account.world.on_wait = lambda: account.set_state("WAITING", after=4)
        assert account.run(in_sequence)["status"] == "SUCCEEDED"
        # Four for the cluster, one for each of two steps, one for the termination.
        assert account.world.waits == [30] * 7


class TestFailure:
    def test_of_a_step_ends_the_work_and_terminates_the_cluster(self, account, in_sequence):
        account.world.steps["Import"] = ["FAILED"]
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "StepFailed")
        (cluster,) = account.emr.list_clusters()["Clusters"]
        assert done["cause"] == (
            f"step Import failed on {cluster['Id']}: FAILED; Unknown Error.; Import found no data; s3://logs/stderr.gz"
        )
        assert account.submitted() == ["Import"]
        assert account.running() == []
        ((_, message),) = account.messages()
        assert message["FailureDetails"] == details_of("Import")

    def test_of_the_launch_has_no_link(self, account, in_sequence):
        account.world.errors["run_job_flow"] = ["InvalidRequestException"]
        done = account.run(in_sequence)
        assert done["error"] == "ClusterFailed"
        ((_, message),) = account.messages()
        assert set(message) == {"Outcome", "Execution", "Error", "Reason"}

    def test_is_published_with_the_state_of_the_step(self, account, in_sequence):
        account.world.steps["Report"] = ["CANCELLED"]
        done = account.run(in_sequence)
        (cluster,) = account.emr.list_clusters()["Clusters"]
        message = {
            "Outcome": "failed",
            "Execution": done["executionArn"],
            "Error": "StepFailed",
            "Reason": f"step Report failed on {cluster['Id']}: CANCELLED",
            "ClusterId": cluster["Id"],
            "Console": f"https://console.aws.amazon.com/emr/home?region=us-east-1#/clusterDetails/{cluster['Id']}",
        }
        assert account.messages() == [("Test/Nightly failed", message)]

    def test_of_the_launch_is_published_with_the_reason_of_emr(self, account, in_sequence):
        account.world.launch = "TERMINATED_WITH_ERRORS"
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "ClusterFailed")
        (cluster,) = account.emr.list_clusters()["Clusters"]
        assert done["cause"].startswith(f"cluster {cluster['Id']} failed to start: TERMINATED_WITH_ERRORS")
        assert "no capacity" in done["cause"]
        assert account.submitted() == []
        ((subject, message),) = account.messages()
        assert (subject, message["Reason"]) == ("Test/Nightly failed", done["cause"])

    def test_of_a_cluster_that_terminates_while_it_starts(self, account, in_sequence):
        account.world.launch = "TERMINATING"
        done = account.run(in_sequence)
        assert (done["error"], account.submitted()) == ("ClusterFailed", [])

    def test_of_the_termination_is_cleaned_up(self, account, in_sequence):
        account.world.protected = True
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "TerminationFailed")
        (left,) = account.emr.list_clusters()["Clusters"]
        assert done["cause"].startswith(f"could not terminate cluster {left['Id']}: Emr.EmrException: ")
        assert account.running() == [left["Name"]]
        account.emr.set_termination_protection(JobFlowIds=[left["Id"]], TerminationProtected=False)
        assert account.clean_up(in_sequence, done)["status"] == "SUCCEEDED"
        assert account.running() == []
        assert [subject for subject, _ in account.messages()] == ["Test/Nightly failed"], "it is published once"

    def test_of_the_termination_after_another_failure_reports_both(self, account, in_sequence):
        account.world.steps["Import"], account.world.protected = ["FAILED"], True
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "StepFailed")
        assert "Import found no data" in done["cause"]
        assert "; and could not terminate cluster j-" in done["cause"]
        assert ": Emr.EmrException: Could not shut down" in done["cause"]
        (left,) = account.emr.list_clusters()["Clusters"]
        account.emr.set_termination_protection(JobFlowIds=[left["Id"]], TerminationProtected=False)
        account.clean_up(in_sequence, done)
        assert account.running() == []

    def test_to_publish_changes_nothing(self, account, in_sequence):
        account.world.steps["Import"] = ["FAILED"]
        account.delete_topic()
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "StepFailed")
        assert account.running() == []

    def test_to_describe_the_cluster_terminates_it(self, account, in_sequence):
        account.world.errors["describe_cluster"] = ["InternalServerException"] * 4
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "ClusterFailed")
        assert done["cause"].startswith("could not describe the cluster: Emr.InternalServerException")
        assert list(account.clusters().values()) == ["TERMINATED"]

    def test_to_describe_a_step_terminates_the_cluster(self, account, in_sequence):
        account.world.errors["describe_step"] = ["InternalServerException"] * 4
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "StepUnknown")
        assert done["cause"].startswith("could not describe step Import: Emr.InternalServerException")
        assert account.submitted() == ["Import"]
        assert list(account.clusters().values()) == ["TERMINATED"]

    def test_with_a_long_reason_is_cut_off(self, account, in_sequence):
        account.world.messages["Import"] = "x" * 40_000
        account.world.steps["Import"], account.world.protected = ["FAILED"], True
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", "StepFailed")
        assert 8000 < len(done["cause"]) < 9000
        assert "; and could not terminate cluster j-" in done["cause"]

    @pytest.mark.parametrize("method", ["describe_cluster", "describe_step", "terminate_job_flows"])
    def test_to_read_or_terminate_is_retried(self, account, in_sequence, method):
        account.world.errors[method] = ["InternalServerException"] * 3
        assert account.run(in_sequence)["status"] == "SUCCEEDED"
        assert account.running() == []

    @pytest.mark.parametrize("method", ["run_job_flow", "add_job_flow_steps"])
    def test_of_a_throttled_call_is_retried(self, account, in_sequence, method):
        account.world.errors[method] = ["ThrottlingException"] * 3
        assert account.run(in_sequence)["status"] == "SUCCEEDED"
        assert len(account.clusters()) == 1

    @pytest.mark.parametrize(
        ("method", "error"), [("run_job_flow", "ClusterFailed"), ("add_job_flow_steps", "StepFailed")]
    )
    def test_of_a_call_that_may_have_had_an_effect_is_not(self, account, in_sequence, method, error):
        account.world.errors[method] = ["InternalServerException"]
        done = account.run(in_sequence)
        assert (done["status"], done["error"]) == ("FAILED", error)
        assert "Emr.InternalServerException" in done["cause"]
        assert len(account.world.called(method)) == 1
        assert account.running() == []


class TestTimeouts:
    def test_cancel_the_step_terminate_the_cluster_and_are_not_retried(self, account, impatient):
        account.world.steps["Import"] = ["RUNNING"]
        done = account.run(impatient)
        assert (done["status"], done["error"]) == ("FAILED", "StepTimedOut")
        assert "step Import failed on j-" in done["cause"]
        assert done["cause"].endswith(
            "did not finish within 1 seconds and was canceled; what it started may still be running"
        )
        (cancel,) = account.world.called("cancel_steps")
        assert cancel["StepCancellationOption"] == "TERMINATE_PROCESS"
        assert account.submitted() == ["Check", "Import"]
        assert list(account.clusters().values()) == ["TERMINATED"]

    def test_terminate_the_cluster_even_if_the_step_cannot_be_canceled(self, account, impatient):
        account.world.steps["Import"] = ["RUNNING"]
        account.world.errors["cancel_steps"] = ["InternalServerException"] * 4
        done = account.run(impatient)
        assert done["error"] == "StepTimedOut"
        assert list(account.clusters().values()) == ["TERMINATED"]

    def test_of_a_step_that_may_fail_wait_until_it_is_canceled(self, account, impatient):
        account.world.steps["Check"], account.world.canceled = ["RUNNING"], "CANCEL_PENDING"

        waits = []

        def cancel():
            waits.extend(account.world.called("cancel_steps"))
            if len(waits) == 3:
                account.set_step("Check", "CANCELLED")

        account.world.on_wait = cancel
        assert account.run(impatient)["status"] == "SUCCEEDED"
        assert account.submitted() == ["Check", "Import"]
        continues, _ = account.messages()
        assert continues[0] == "Test/Nightly continues"
        assert (continues[1]["Error"], account.running()) == ("StepTimedOut", [])

    def test_of_a_step_that_completes_meanwhile_do_not_count(self, account, impatient):
        account.world.steps["Check"], account.world.canceled = ["RUNNING"], "COMPLETED"
        assert account.run(impatient)["status"] == "SUCCEEDED"
        assert [subject for subject, _ in account.messages()] == ["Test/Nightly succeeded"]

    def test_bound_the_wait(self, account, impatient):
        account.run(impatient)
        # The cluster, the two steps, the termination.
        assert account.world.waits == [30, 1, 1, 30]


class TestRetriesAndContinuing:
    def test_a_step_is_submitted_again(self, account, forgiving):
        account.world.steps["Import"] = ["FAILED", "FAILED", "COMPLETED"]
        assert account.run(forgiving)["status"] == "SUCCEEDED"
        assert account.submitted() == ["Import", "Import", "Import", "Check", "Report"]
        assert account.running() == []
        # The cluster, three tries with a second and two between them, two steps, the termination.
        assert account.world.waits == [30, 30, 1, 30, 2, 30, 30, 30, 30]

    def test_a_step_that_was_canceled_is_not(self, account, forgiving):
        account.world.steps["Import"] = ["CANCELLED"]
        done = account.run(forgiving)
        assert (done["error"], account.submitted()) == ("StepFailed", ["Import"])

    def test_until_the_retries_are_used_up(self, account, forgiving):
        account.world.steps["Import"] = ["FAILED"] * 3
        done = account.run(forgiving)
        assert (done["status"], done["error"]) == ("FAILED", "StepFailed")
        assert account.submitted() == ["Import", "Import", "Import"]
        assert account.running() == []

    def test_the_work_continues_after_a_step_that_may_fail_and_publishes_it(self, account, forgiving):
        account.world.steps["Check"] = ["FAILED"]
        assert account.run(forgiving)["status"] == "SUCCEEDED"
        assert account.submitted() == ["Import", "Check", "Report"]
        (continues, message), (succeeded, _) = account.messages()
        assert (continues, succeeded) == ("Test/Nightly continues", "Test/Nightly succeeded")
        assert message["Error"] == "StepFailed"
        assert message["Reason"].startswith("step Check failed on j-")
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
        assert done["cause"].startswith("step Right failed on j-")
        assert done["cause"].endswith("; Right found no data; s3://logs/stderr.gz")
        ((_, message),) = account.messages()
        assert (message["Reason"], message["FailureDetails"]) == (done["cause"], details_of("Right"))
        assert message["Console"].endswith(f"#/clusterDetails/{message['ClusterId']}")
        assert "Report" not in account.submitted()
        assert account.running() == []

    def test_one_that_may_fail_does_not(self, account, in_parallel):
        account.world.steps["Left 2"] = ["FAILED"]
        assert account.run(in_parallel)["status"] == "SUCCEEDED"
        assert account.submitted()[-1] == "Report"
        assert sorted(subject for subject, _ in account.messages()) == [
            "Test/Nightly continues",
            "Test/Nightly succeeded",
        ]
        assert account.running() == []

    def test_one_that_is_canceled_has_no_details(self, account, in_parallel):
        account.world.steps["Right"] = ["CANCELLED"]
        account.run(in_parallel)
        ((_, message),) = account.messages()
        assert message["Reason"].endswith(": CANCELLED")
        assert "FailureDetails" not in message

    def test_the_cluster_runs_as_many_steps_at_a_time(self, account, in_parallel):
        account.run(in_parallel)
        assert account.world.called("run_job_flow")[0]["StepConcurrencyLevel"] == 2


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
    def test_of_another_kind_are_rejected_before_anything_is_launched(self, account, with_inputs, given, says):
        done = account.run(with_inputs, given)
        assert (done["status"], done["error"]) == ("FAILED", "InvalidInput")
        assert done["cause"] == says
        assert account.clusters() == {}
        ((subject, message),) = account.messages()
        assert (subject, message["Reason"]) == ("Test/Nightly failed", done["cause"])
        assert "Console" not in message

    def test_without_a_default_have_to_be_given(self, account):
        place = JobInput.text("place")
        template = job(workflow=[step("Import", place.value)], inputs=[place])
        done = account.run(template)
        assert (done["error"], done["cause"]) == ("InvalidInput", "the input place must be text, got nothing")
        assert account.run(template, {"place": "here"})["status"] == "SUCCEEDED"
        assert account.running() == []

    def test_are_taken_for_text_whatever_they_say(self, account):
        place = JobInput.text("place")
        template = job(workflow=[step("Import", f"<{place.value}>", "{% 1 + 1 %}")], inputs=[place])
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
            *(
                ({SENT: f"2026-{wrong}Z"}, f"{SENT} must be a time from 2020 to 2050, got string 2026-{wrong}Z")
                for wrong in ("13-01T00:00:00", "01-32T00:00:00", "01-01T24:00:00", "01-01T00:60:00", "00-01T00:00:00")
            ),
        ],
    )
    def test_that_do_not_exist_are_rejected_before_anything_is_launched(self, account, with_day, given, cause):
        done = account.run(with_day, given)
        assert (done["status"], done["error"], done["cause"]) == ("FAILED", "InvalidInput", cause)
        assert account.clusters() == {}

    def test_can_be_required(self, account):
        day = JobInput.date("day", required=True)
        template = job(workflow=[step("Import", day.value)], inputs=[day])
        cause = "the input day must be a calendar date such as 2026-11-23, got nothing"
        assert account.run(template)["cause"] == cause
        cause = f"the input must have no keys but day, got string {SENT}"
        assert account.run(template, {SENT: "2026-11-24T00:30:00Z"})["cause"] == cause
        assert account.run(template, {"day": "2026-11-23"})["status"] == "SUCCEEDED"
        assert self.processed(account) == ["2026-11-23"]

    def test_can_be_several(self, account):
        """A scheduled time is needed unless each of them is given."""
        first, last = (JobInput.date(name, days_before=days, time_zone=ZURICH) for name, days in SPAN.items())
        template = job(workflow=[step("Import", f"{first.value}/{last.value}")], inputs=[first, last])
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
        with account.paused(account.submitted):
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
