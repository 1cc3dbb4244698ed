from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import aws_cdk as cdk
import pytest
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_stepfunctions as sfn

from emr_constructs import (
    Application,
    Cluster,
    EmrError,
    JobInput,
    Schedule,
    Script,
    Step,
    StepSubmission,
    TransientCluster,
)
from tests.tools import as_list, flat, imported_key, imported_vpc, new_stack, only, resources, statements, synthesize

HOURLY = scheduler.ScheduleExpression.rate(cdk.Duration.hours(1))
ZURICH = ZoneInfo("Europe/Zurich")
MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:jobs"


def make(stack=None, **options):
    stack = stack or new_stack()
    target = options.pop("target", None) or sfn.StateMachine.from_state_machine_arn(stack, "Machine", MACHINE)
    return Schedule(stack, "Schedule", **{"target": target, "schedule": HOURLY, **options})


def rendered(**options):
    return only(synthesize(make(**options)), "AWS::Scheduler::Schedule")


def job(stack, *inputs):
    step = Step.spark("A", script=Script.from_uri("s3://jobs/a.py"), args=[found.value for found in inputs])
    return TransientCluster(
        stack, "Job", vpc=imported_vpc(stack), applications=[Application.SPARK], work=[step], inputs=inputs
    )


class TestTimes:
    def test_at_a_rate(self):
        found = rendered()
        assert found["ScheduleExpression"] == "rate(1 hour)"
        assert found["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert found["State"] == "ENABLED"

    def test_by_the_clock_of_a_time_zone(self):
        zone = cdk.TimeZone.EUROPE_ZURICH
        found = rendered(schedule=scheduler.ScheduleExpression.cron(minute="0", hour="2", time_zone=zone))
        assert found["ScheduleExpression"] == "cron(0 2 * * ? *)"
        assert found["ScheduleExpressionTimezone"] == "Europe/Zurich"

    def test_within_a_window(self):
        found = rendered(flexible_window=cdk.Duration.minutes(15))
        assert found["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}

    def test_between_two_days(self):
        found = rendered(
            start=datetime(2026, 12, 1, tzinfo=ZURICH), end=datetime(2027, 1, 1, tzinfo=ZURICH), flexible_window=None
        )
        assert (found["StartDate"], found["EndDate"]) == ("2026-11-30T23:00:00.000Z", "2026-12-31T23:00:00.000Z")

    def test_not_at_all_while_it_is_paused(self):
        assert rendered(enabled=False)["State"] == "DISABLED"

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"flexible_window": cdk.Duration.seconds(90)}, "the flexible window is 90 seconds; use whole minutes"),
            ({"flexible_window": cdk.Duration.hours(25)}, "the flexible window is 90000 seconds"),
            ({"flexible_window": cdk.Duration.minutes(0)}, "the flexible window is 0 seconds"),
            ({"start": datetime(2026, 12, 1)}, "the start of the schedule is 2026-12-01T00:00:00, without a time zone"),
            ({"end": datetime(2026, 12, 1)}, "the end of the schedule is 2026-12-01T00:00:00, without a time zone"),
            (
                {"start": datetime(2026, 12, 2, tzinfo=ZURICH), "end": datetime(2026, 12, 1, tzinfo=ZURICH)},
                r"the schedule ends at 2026-12-01T00:00:00\+01:00, before it starts; give a later end",
            ),
        ],
    )
    def test_fails_where_a_time_makes_no_sense(self, options, message):
        with pytest.raises(EmrError, match=message) as raised:
            make(**options)
        assert raised.value.path == "Test/Schedule"


class TestTarget:
    def test_a_state_machine_gets_an_empty_input_or_what_is_given(self):
        assert rendered()["Target"]["Input"] == "{}"
        found = rendered(input={"date": "2026-11-23"})["Target"]
        assert (found["Arn"], json.loads(found["Input"])) == (MACHINE, {"date": "2026-11-23"})

    def test_a_transient_cluster(self, stack):
        target = job(stack, JobInput.text("date", default="today"))
        found = only(synthesize(make(stack, target=target, input={"date": "x"})), "AWS::Scheduler::Schedule")
        assert flat(found["Target"]["Arn"]).startswith("<JobStateMachine")
        assert json.loads(found["Target"]["Input"]) == {"date": "x"}

    def test_its_inputs_are_checked(self, stack):
        target = job(stack, JobInput.text("date"))
        with pytest.raises(EmrError) as raised:
            make(stack, target=target, input={"day": "x"})
        assert raised.value.problems == (
            "the schedule gives the input 'day', which the job does not have; leave it out, or add it to inputs",
            "the schedule does not give the input 'date', which has no default; give it",
        )

    def test_arguments_are_what_they_have_to_be(self):
        with pytest.raises(EmrError) as raised:
            make(target="jobs", schedule="rate(1 hour)", enabled=None, start="2026-12-01")
        assert raised.value.problems == (
            "target is 'jobs'; give a TransientCluster, a StepSubmission or an sfn.IStateMachine",
            "schedule is 'rate(1 hour)'; give a ScheduleExpression",
            "enabled is None; give True or False",
            "start is '2026-12-01'; give a datetime",
        )


class TestPermissions:
    def test_the_role_may_start_the_target_and_keep_what_fails(self):
        template = synthesize(make())
        found = {
            statement["Sid"]: (as_list(statement["Action"]), flat(statement["Resource"]))
            for statement in statements(template, "SchedulePolicy")
        }
        (queue,) = resources(template, "AWS::SQS::Queue")
        (key,) = resources(template, "AWS::KMS::Key")
        assert found == {
            "StartExecution": (["states:StartExecution"], MACHINE),
            "SendToDeadLetterQueue": (["sqs:SendMessage"], f"<{queue}.Arn>"),
            "EncryptDeadLetters": (["kms:Decrypt", "kms:GenerateDataKey"], f"<{key}.Arn>"),
        }
        assert resources(template, "AWS::IAM::Policy") == {}

    def test_only_the_scheduler_of_the_account_assumes_the_role(self):
        (statement,) = only(synthesize(make()), "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
        assert {name: flat(value) for name, value in statement["Condition"]["StringEquals"].items()} == {
            "aws:SourceAccount": "<AWS::AccountId>",
            "aws:SourceArn": "arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule-group/default",
        }

    def test_dead_letters_are_encrypted_and_sent_over_tls(self):
        stack = new_stack()
        template = synthesize(make(stack, encryption_key=imported_key(stack)))
        assert only(template, "AWS::SQS::Queue")["KmsMasterKeyId"].startswith("arn:aws:kms:")
        assert resources(template, "AWS::KMS::Key") == {}
        (statement,) = only(template, "AWS::SQS::QueuePolicy")["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
        schedule = only(template, "AWS::Scheduler::Schedule")
        (queue,) = resources(template, "AWS::SQS::Queue")
        assert flat(schedule["Target"]["DeadLetterConfig"]["Arn"]) == f"<{queue}.Arn>"

    def test_the_schedule_waits_for_its_permissions(self):
        (schedule,) = resources(synthesize(make()), "AWS::Scheduler::Schedule").values()
        assert any(name.startswith("SchedulePolicy") for name in schedule["DependsOn"])


def submission(stack):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1ABCDEFGHIJKL")
    step = Step.spark("A", script=Script.from_uri("s3://jobs/a.py"))
    return StepSubmission(stack, "Submission", cluster=cluster, step=step)


def machine(stack):
    return sfn.StateMachine(
        stack, "Machine", definition_body=sfn.DefinitionBody.from_string('{"StartAt": "A", "States": {}}')
    )


def imported_machine(stack):
    return sfn.StateMachine.from_state_machine_arn(stack, "Machine", MACHINE)


TARGETS = {"job": job, "submission": submission, "machine": machine, "imported machine": imported_machine}


def schedules(scope, target, *names, **options):
    return [Schedule(scope, name, target=target, schedule=HOURLY, **options) for name in names]


def queues_of(template):
    """The dead-letter queue of each schedule, and the key of each queue that schedules have."""
    queues = [
        flat(found["Properties"]["Target"]["DeadLetterConfig"]["Arn"])
        for found in resources(template, "AWS::Scheduler::Schedule").values()
    ]
    keys = {
        f"<{name}.Arn>": flat(found["Properties"]["KmsMasterKeyId"])
        for name, found in resources(template, "AWS::SQS::Queue").items()
    }
    return queues, [keys[queue] for queue in dict.fromkeys(queues)]


class TestDeadLetters:
    @pytest.mark.parametrize("kind", TARGETS)
    def test_schedules_of_a_target_share_a_queue_and_its_key(self, stack, kind):
        first, second = schedules(stack, TARGETS[kind](stack), "First", "Second")
        template = synthesize(stack)
        (one, two), (key,) = queues_of(template)
        assert first.dead_letters is second.dead_letters
        assert one == two
        (permission,) = {
            flat(statement["Resource"])
            for policy in ("FirstPolicy", "SecondPolicy")
            for statement in statements(template, policy)
            if statement["Sid"] == "EncryptDeadLetters"
        }
        assert permission == key

    @pytest.mark.parametrize(
        ("kind", "path"),
        [
            ("job", "Job/ScheduleDeadLetters"),
            ("submission", "Submission/ScheduleDeadLetters"),
            ("machine", "Machine/ScheduleDeadLetters"),
            ("imported machine", "MachineScheduleDeadLettersb87e35e7"),
        ],
    )
    def test_their_place_and_with_it_their_logical_ids_do_not_depend_on_the_schedules(self, stack, kind, path):
        for schedule in schedules(stack, TARGETS[kind](stack), "First", "Second"):
            assert schedule.dead_letters.node.path == f"Test/{path}"

    def test_a_job_encrypts_them_with_its_key(self, stack):
        target = job(stack)
        schedules(stack, target, "First", "Second")
        template = synthesize(stack)
        (key,) = set(queues_of(template)[1])
        assert key.startswith("<JobKey")
        assert len(resources(template, "AWS::KMS::Key")) == 2, "another one is that of the clusters"

    @pytest.mark.parametrize("kind", ["submission", "machine", "imported machine"])
    def test_a_key_goes_with_the_queue_that_it_encrypts(self, stack, kind):
        schedules(stack, TARGETS[kind](stack), "First")
        (key,) = resources(synthesize(stack), "AWS::KMS::Key").values()
        assert (key["DeletionPolicy"], key["Properties"]["EnableKeyRotation"]) == ("Delete", True)

    def test_targets_have_a_queue_each(self, stack):
        for name in ("First", "Second"):
            target = sfn.StateMachine.from_state_machine_arn(stack, f"{name}Machine", f"{MACHINE}-{name}")
            schedules(stack, target, name)
        queues, keys = queues_of(synthesize(stack))
        assert len(set(queues)) == len(set(keys)) == 2

    def test_targets_of_one_id_have_a_queue_each(self, app, stack):
        """They are told apart by their address where the queues are in the stack of the schedules."""
        for name in ("One", "Other"):
            schedules(stack, machine(new_stack(app, name)), f"{name}First", f"{name}Second")
        queues, keys = queues_of(synthesize(stack))
        assert (len(queues), len(set(queues)), len(set(keys))) == (4, 2, 2)

    @pytest.mark.parametrize("kind", ["job", "submission", "machine"])
    def test_schedules_of_another_stack_share_what_is_in_their_stack(self, app, stack, kind):
        """Otherwise the stack of the target could not be changed without theirs."""
        elsewhere = new_stack(app, "Elsewhere")
        target = TARGETS[kind](stack)
        own, *_ = schedules(stack, target, "Own")
        first, second = schedules(elsewhere, target, "First", "Second")
        assert first.dead_letters is second.dead_letters
        assert own.dead_letters is not first.dead_letters
        template = synthesize(elsewhere)
        (queue, _), (key,) = queues_of(template)
        assert len(resources(template, "AWS::SQS::Queue")) == 1
        (key_id,) = resources(template, "AWS::KMS::Key")
        assert key == f"<{key_id}.Arn>"
        assert "import" not in queue

    def test_a_schedule_with_a_key_of_its_own_has_a_queue_of_its_own(self, stack):
        target, key = submission(stack), imported_key(stack)
        (shared,) = schedules(stack, target, "Shared")
        (own,) = schedules(stack, target, "Own", encryption_key=key)
        assert own.dead_letters.encryption_key is key
        assert own.dead_letters.node.path == "Test/Own/DeadLetters"
        assert shared.dead_letters.node.path == "Test/Submission/ScheduleDeadLetters"
        assert len(set(queues_of(synthesize(stack))[0])) == 2
