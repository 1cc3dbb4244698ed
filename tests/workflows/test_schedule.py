from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import aws_cdk as cdk
import pytest
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from emr_constructs import (
    Application,
    Cluster,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    JobInput,
    Schedule,
    Script,
    Step,
    StepSubmission,
    TransientCluster,
)
from tests.tools import (
    as_list,
    flat,
    imported_key,
    imported_vpc,
    new_stack,
    only,
    resources,
    statements,
    synthesize,
    warnings,
)

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
    values = [found.value for found in inputs]
    texts, numbers = ([value for value in values if isinstance(value, kind)] for kind in (str, float))
    step = Step.spark("A", script=Script.from_uri("s3://jobs/a.py"), args=texts)
    core, *_ = (InstanceGroup("m7g.xlarge", count) for count in (*numbers, 2))
    groups = InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=core)
    options = {"applications": [Application.SPARK], "instances": groups, "workflow": [step], "inputs": inputs}
    return TransientCluster(stack, "Job", vpc=imported_vpc(stack), **options)


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
            (
                {"flexible_window": cdk.Duration.seconds(90)},
                "flexible_window must be whole minutes, up to 1 day, got 90 seconds",
            ),
            ({"flexible_window": cdk.Duration.hours(25)}, "flexible_window must be .*, got 90000 seconds"),
            ({"flexible_window": cdk.Duration.minutes(0)}, "flexible_window must be .*, got 0 seconds"),
            ({"start": datetime(2026, 12, 1)}, "start of the schedule must have a time zone, got 2026-12-01T00:00:00"),
            ({"end": datetime(2026, 12, 1)}, "end of the schedule must have a time zone, got 2026-12-01T00:00:00"),
            (
                {
                    "start": datetime(2026, 12, 1),
                    "schedule": scheduler.ScheduleExpression.cron(hour="2", time_zone=cdk.TimeZone.EUROPE_ZURICH),
                },
                "start of the schedule must have a time zone, got 2026-12-01T00:00:00",
            ),
            (
                {"start": datetime(2026, 12, 2, tzinfo=ZURICH), "end": datetime(2026, 12, 1, tzinfo=ZURICH)},
                r"end of the schedule must be after start, got 2026-12-01T00:00:00\+01:00; specify",
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
            "the schedule passes the input 'day', which the job does not have; remove it, or add it to inputs",
            "the schedule must pass the input 'date', which has no default; add it to the schedule's input",
        )

    def test_arguments_are_what_they_have_to_be(self):
        with pytest.raises(EmrError) as raised:
            make(target="jobs", schedule="rate(1 hour)", enabled="no", start="2026-12-01")
        assert raised.value.problems == (
            "target must be a TransientCluster, a StepSubmission or an sfn.IStateMachine, got 'jobs'; use "
            "TransientCluster(...), StepSubmission(...) or sfn.StateMachine.from_state_machine_arn(...)",
            "schedule must be a ScheduleExpression, got 'rate(1 hour)'; use ScheduleExpression.cron(...)",
            "enabled must be a boolean, got 'no'; use True or False",
            "start must be a datetime, got '2026-12-01'; use datetime(...)",
        )


SENT = "emr-constructs:scheduled-time"


def at(zone=cdk.TimeZone.EUROPE_ZURICH, **fields):
    return scheduler.ScheduleExpression.cron(**{"minute": "30", "hour": "1", "time_zone": zone, **fields})


def zurich(name="day", **options):
    return JobInput.date(name, time_zone=cdk.TimeZone.EUROPE_ZURICH, **options)


def sent(stack, *inputs, **options):
    """What the schedule of a job with ``inputs`` sends."""
    template = synthesize(make(stack, target=job(stack, *inputs), **{"schedule": at(), **options}))
    return json.loads(only(template, "AWS::Scheduler::Schedule")["Target"]["Input"])


class TestInputs:
    def test_the_scheduled_time_is_sent_for_a_date(self, stack):
        assert sent(stack, zurich()) == {SENT: "<aws.scheduler.scheduled-time>"}

    def test_beside_other_inputs(self, stack):
        inputs = [zurich(), JobInput.number("nodes", maximum=5)]
        assert sent(stack, *inputs, input={"nodes": 3}) == {"nodes": 3, SENT: "<aws.scheduler.scheduled-time>"}

    def test_it_is_not_sent_without_need(self, stack):
        assert sent(stack, JobInput.text("a", default="x")) == {}

    @pytest.mark.parametrize("found", [zurich(), JobInput.date("day", required=True)])
    def test_a_date_that_is_passed_is_the_one(self, stack, found):
        assert sent(stack, found, input={"day": "2026-11-23"}) == {"day": "2026-11-23"}

    def test_a_value_can_be_known_only_later(self, stack):
        inputs = [JobInput.text(name, pattern="[0-9]+") for name in ("account", "attempt")]
        given = {"account": cdk.Aws.ACCOUNT_ID, "attempt": scheduler.ContextAttribute.attempt_number}
        template = synthesize(make(stack, target=job(stack, *inputs), input=given))
        text = flat(only(template, "AWS::Scheduler::Schedule")["Target"]["Input"])
        assert json.loads(text) == {"account": "<AWS::AccountId>", "attempt": "<aws.scheduler.attempt-number>"}

    @pytest.mark.parametrize(
        ("found", "value", "message"),
        [
            (
                JobInput.text("a", pattern="[a-z]+"),
                "A1",
                "the input 'a' of the schedule must be text that matches [a-z]+, got 'A1'; correct the value",
            ),
            (JobInput.text("a"), 5, "the input 'a' of the schedule must be text, got 5; correct the value"),
            (
                JobInput.number("a", minimum=1, maximum=5),
                "99",
                "the input 'a' of the schedule must be a whole number from 1 to 5, got '99'; correct the value",
            ),
            (
                JobInput.number("a", minimum=1, maximum=5),
                99,
                "the input 'a' of the schedule must be a whole number from 1 to 5, got 99; correct the value",
            ),
            (
                JobInput.number("a"),
                True,
                "the input 'a' of the schedule must be a whole number, got True; correct the value",
            ),
            (
                zurich("a"),
                "yesterday",
                "the input 'a' of the schedule must be a calendar date such as 2026-11-23, got 'yesterday'; remove it, "
                "so that the date follows from the scheduled time",
            ),
            (
                zurich("a"),
                scheduler.ContextAttribute.scheduled_time,
                "the input 'a' of the schedule must be a calendar date such as 2026-11-23, got "
                "'<aws.scheduler.scheduled-time>'; remove it, so that the date follows from the scheduled time",
            ),
            (
                JobInput.date("a", required=True),
                "2026-02-30",
                "the input 'a' of the schedule must be a calendar date such as 2026-11-23, got '2026-02-30'; correct "
                "the value",
            ),
        ],
    )
    def test_are_checked_with_what_the_job_accepts(self, stack, found, value, message):
        with pytest.raises(EmrError) as raised:
            make(stack, target=job(stack, found), schedule=at(), input={"a": value})
        assert raised.value.problems == (message,)
        assert raised.value.path == "Test/Schedule"

    def test_a_required_date_is_passed(self, stack):
        message = "the schedule must pass the input 'day', which has no default; add it to the schedule's input"
        with pytest.raises(EmrError, match=message):
            make(stack, target=job(stack, JobInput.date("day", required=True)))


class TestTimeZones:
    @pytest.mark.parametrize(
        ("schedule", "got"),
        [
            (at(cdk.TimeZone.ETC_UTC), "Etc/UTC"),
            (scheduler.ScheduleExpression.cron(minute="0", hour="2"), "Etc/UTC"),
            (at(cdk.TimeZone.AMERICA_NEW_YORK), "America/New_York"),
            (scheduler.ScheduleExpression.at(datetime(2027, 1, 1, tzinfo=ZURICH)), "Etc/UTC"),
        ],
    )
    def test_of_schedule_and_date_are_the_same(self, stack, schedule, got):
        with pytest.raises(EmrError) as raised:
            make(stack, target=job(stack, zurich()), schedule=schedule)
        assert raised.value.problems == (
            "the time zone of the schedule must be Europe/Zurich, as for the input 'day', "
            f"got {got}; use the same cdk.TimeZone for both",
        )

    @pytest.mark.parametrize(
        ("schedule", "given"),
        [
            # The same clocks under another name, no time zone at all, a date that does not follow from the time.
            (at(cdk.TimeZone.of("Europe/Busingen")), {}),
            (HOURLY, {}),
            (at(cdk.TimeZone.of(cdk.Aws.REGION)), {}),
            (at(cdk.TimeZone.ETC_UTC), {"day": "2026-11-23"}),
        ],
    )
    def test_unless_it_makes_no_difference(self, stack, schedule, given):
        make(stack, target=job(stack, zurich()), schedule=schedule, input=given)

    def test_exist(self, stack):
        with pytest.raises(EmrError, match="the time zone must be a name of the IANA database, got 'Mars/Olympus'"):
            make(stack, schedule=at(cdk.TimeZone.of("Mars/Olympus")))


class TestWarnings:
    def test_of_a_time_that_daylight_saving_time_skips(self, stack):
        made = make(stack, schedule=at(hour="2"), start=datetime(2027, 1, 1, tzinfo=ZURICH))
        (found,) = warnings(made)
        assert found == (
            "the schedule does not run at 2027-03-28 02:30, which daylight saving time skips in Europe/Zurich; use a "
            "time that exists on every day, or acknowledge this warning [ack: Annotation::emr-schedule-skipped-time]"
        )

    def test_for_any_target(self, stack):
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        step = Step.spark("A", script=Script.from_uri("s3://jobs/a.py"))
        target = StepSubmission(stack, "Submission", cluster=cluster, step=step)
        assert "emr-schedule-skipped-time" in warnings(make(stack, target=target, schedule=at(hour="2")))[0]

    def test_none_of_other_times(self, stack):
        assert warnings(make(stack, schedule=at(hour="1"))) == []

    @pytest.mark.parametrize(
        ("found", "given", "source", "value"),
        [
            (JobInput.text("day", default="2026-11-23"), {}, "default", "2026-11-23"),
            (JobInput.text("day", default="s3://data/2026/11/23/"), {}, "default", "s3://data/2026/11/23/"),
            (JobInput.text("day", default="20261123"), {}, "default", "20261123"),
            (JobInput.text("day"), {"day": "2026-11-23"}, "value in the schedule", "2026-11-23"),
            (zurich("day"), {"day": "2026-11-23"}, "value in the schedule", "2026-11-23"),
        ],
    )
    def test_of_the_same_day_in_every_execution(self, stack, found, given, source, value):
        target = job(stack, found)
        (warning,) = warnings(make(stack, target=target, schedule=at(), input=given))
        assert warning == (
            f"every execution processes the same day, because the {source} of the input 'day' is {value!r}; use "
            "JobInput.date(...), which follows from the scheduled time, or acknowledge this warning "
            "[ack: Annotation::emr-schedule-same-day]"
        )

    @pytest.mark.parametrize(
        ("found", "options"),
        [
            (zurich(), {}),
            (JobInput.text("day", default="latest"), {}),
            (JobInput.text("day", default="2026-13-45"), {}),
            (JobInput.text("day", default="120261123"), {}),
            (JobInput.text("day", default="2026-11-23"), {"input": {"day": "latest"}}),
            (JobInput.text("day"), {"input": {"day": cdk.Aws.REGION}}),
            (
                JobInput.text("day", default="2026-11-23"),
                {"schedule": scheduler.ScheduleExpression.at(datetime(2027, 1, 1, tzinfo=ZURICH))},
            ),
        ],
    )
    def test_none_where_days_differ(self, stack, found, options):
        assert warnings(make(stack, target=job(stack, found), **{"schedule": at(), **options})) == []

    def test_can_be_acknowledged(self, stack):
        target = job(stack, JobInput.text("since", default="2020-01-01"))
        made = make(stack, target=target, schedule=at(hour="2"))
        reason = "The job reads everything since then."
        cdk.Validations.of(made).acknowledge(
            cdk.Acknowledgment(id="emr-schedule-same-day", reason=reason),
            cdk.Acknowledgment(id="emr-schedule-skipped-time", reason=reason),
        )
        assert warnings(made) == []


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
    def test_the_key_is_deleted_with_the_stack(self, stack, kind):
        schedules(stack, TARGETS[kind](stack), "First")
        (key,) = resources(synthesize(stack), "AWS::KMS::Key").values()
        assert (key["DeletionPolicy"], key["Properties"]["EnableKeyRotation"]) == ("Delete", True)

    def test_targets_have_a_queue_each(self, stack):
        for name in ("First", "Second"):
            target = sfn.StateMachine.from_state_machine_arn(stack, f"{name}Machine", f"{MACHINE}-{name}")
            schedules(stack, target, name)
        queues, keys = queues_of(synthesize(stack))
        assert (len(set(queues)), len(keys), len(set(keys))) == (2, 2, 1), "the key is billed every month"

    def test_five_schedules_add_at_most_one_key(self, app, stack):
        """Whatever their targets are; a job has its own key already."""
        elsewhere = new_stack(app, "Elsewhere")
        target = job(elsewhere)
        every_night = schedules(elsewhere, target, "1", "2", "3", "4", "5")
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1ABCDEFGHIJKL")
        step = Step.spark("A", script=Script.from_uri("s3://jobs/a.py"))
        submissions = [StepSubmission(stack, f"Submission{n}", cluster=cluster, step=step) for n in range(2)]
        imported = [sfn.StateMachine.from_state_machine_arn(stack, f"M{n}", f"{MACHINE}-{n}") for n in range(2)]
        for n, found in enumerate([*submissions, *imported, target]):
            schedules(stack, found, f"Schedule{n}")
        assert {found.dead_letters.encryption_key for found in every_night} == {target.encryption_key}
        assert len(resources(synthesize(elsewhere), "AWS::KMS::Key")) == 2, "that of the job and that of the clusters"
        (key,) = resources(synthesize(stack), "AWS::KMS::Key")
        assert key.startswith("ScheduleDeadLettersKey")
        assert len(set(queues_of(synthesize(stack))[0])) == 5

    def test_targets_of_one_id_have_a_queue_each(self, app, stack):
        """They are told apart by their address where the queues are in the stack of the schedules."""
        for name in ("One", "Other"):
            schedules(stack, machine(new_stack(app, name)), f"{name}First", f"{name}Second")
        queues, keys = queues_of(synthesize(stack))
        assert (len(queues), len(set(queues)), len(set(keys))) == (4, 2, 1)

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

    def test_another_construct_must_not_have_the_id_of_the_key(self, stack):
        Construct(stack, "ScheduleDeadLettersKey")
        with pytest.raises(EmrError, match="the ID 'ScheduleDeadLettersKey' must be that of the key of dead-letter"):
            schedules(stack, submission(stack), "Nightly")

    def test_a_schedule_with_a_key_of_its_own_has_a_queue_of_its_own(self, stack):
        target, key = submission(stack), imported_key(stack)
        (shared,) = schedules(stack, target, "Shared")
        (own,) = schedules(stack, target, "Own", encryption_key=key)
        assert own.dead_letters.encryption_key is key
        assert own.dead_letters.node.path == "Test/Own/DeadLetters"
        assert shared.dead_letters.node.path == "Test/Submission/ScheduleDeadLetters"
        assert len(set(queues_of(synthesize(stack))[0])) == 2
