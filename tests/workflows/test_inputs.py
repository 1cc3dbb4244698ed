from __future__ import annotations

import json
import re

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from emr_constructs import (
    Application,
    BootstrapAction,
    Cluster,
    ClusterProfile,
    Configuration,
    EmrError,
    InstanceFleet,
    InstanceGroup,
    InstanceGroups,
    JobInput,
    ManagedScaling,
    RootVolume,
    Schedule,
    Script,
    Step,
    StepSubmission,
    TransientCluster,
)
from emr_constructs._core.input_values import as_expressions
from tests.step_functions import evaluate
from tests.tools import flat, imported_vpc, new_stack, resources, synthesize

SCRIPT = Script.from_uri("s3://jobs/job.py")
ZURICH = cdk.TimeZone.EUROPE_ZURICH
TOKEN = cdk.Aws.ACCOUNT_ID
NUMBER_TOKEN = cdk.Token.as_number(cdk.Fn.import_value("number"))
NUMBER_AS_TEXT = "must be text, got the value of the number input 'nodes'; use JobInput.text('nodes', pattern='[0-9]+')"
DAY, NODES = JobInput.text("day"), JobInput.number("nodes")


def date(name="day", **options):
    return JobInput.date(name, **{"time_zone": ZURICH, **options})


class TestValues:
    def test_text_can_be_an_argument_or_a_part_of_one(self):
        day = JobInput.text("day").value
        step = Step.spark("A", script=SCRIPT, args=[day, f"s3://data/{day}/x", "plain"])
        assert as_expressions(step._render())["HadoopJarStep"]["Args"][-3:] == [
            "{% $inputs.day %}",
            '{% "s3://data/" & $inputs.day & "/x" %}',
            "plain",
        ]

    def test_a_date_is_text(self):
        assert as_expressions(f"day={date().value}") == '{% "day=" & $inputs.day %}'

    def test_a_number_can_be_the_count_of_a_group(self):
        rendered = InstanceGroup("m7g.xlarge", JobInput.number("nodes", default=2).value)._render("CORE")
        assert as_expressions(rendered)["InstanceCount"] == "{% $inputs.nodes %}"

    @pytest.mark.parametrize("text", ["{% now() %}", "{% a", "a %}"])
    def test_no_other_text_is_taken_for_an_expression(self, text):
        assert as_expressions({"Args": [text, True, 1, None]}) == {"Args": [f'{{% "{text}" %}}', True, 1, None]}

    def test_a_number_inside_a_text_would_be_lost(self):
        with pytest.raises(EmrError) as raised:
            as_expressions([f"--executors={NODES.value}"])
        assert str(raised.value) == f"a part of a string {NUMBER_AS_TEXT}"
        assert as_expressions([f"--executors={NUMBER_TOKEN}"])[0].startswith("--executors=${Token[")

    def test_a_number_is_no_argument(self):
        with pytest.raises(EmrError) as raised:
            Step.spark("A", script=SCRIPT, args=["--nodes", NODES.value])
        assert str(raised.value) == f"an argument of the step 'A' {NUMBER_AS_TEXT}"
        with pytest.raises(EmrError, match=r"args\[0\] must be a string or a Script, got 1\.5; use '1\.5\'"):
            Step.spark("A", script=SCRIPT, args=[1.5])


class TestArguments:
    @pytest.mark.parametrize("name", ["", "1a", "a-b", "a b", "ä", "a" * 65, "a\n", TOKEN, NUMBER_TOKEN])
    def test_a_name_is_a_plain_word(self, name):
        message = "the name of an input must have 1 to 64 letters, digits and underscores and begin with a letter"
        for make in (JobInput.text, JobInput.number, date):
            with pytest.raises(EmrError, match=message):
                make(name)

    @pytest.mark.parametrize("name", ["and", "or", "in", "true", "false", "null"])
    def test_a_name_is_no_keyword(self, name):
        with pytest.raises(EmrError, match=f"the name of an input can't be a keyword of JSONata, got '{name}'; use an"):
            JobInput.text(name)

    @pytest.mark.parametrize("name", ["day", "a", "function", "lambda", "not", "order", "A_1", "Infinity", "NaN"])
    def test_any_other_word_is_read_by_jsonata(self, name):
        """The fields of an object, in a path and in an expression."""
        given = json.dumps({"input": {JobInput.text(name).name: "x"}})
        assert evaluate(f"($states := {given}; $exists($states.input.{name}) ? ($states.input.{name}) : 0)") == "x"

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (
                lambda: JobInput("day"),
                "JobInput must be created with a factory; use JobInput.text(...), JobInput.number(...) or "
                "JobInput.date(...)",
            ),
            (lambda: JobInput.text(None), "name must be a string, got None; use a string"),
            (lambda: JobInput.text("a", default=["x"]), "default must be a string, got ['x']; use a string"),
            (lambda: JobInput.text("a", default=5), "default must be a string, got 5; use '5'"),
            (
                lambda: JobInput.text("a", pattern=re.compile("a")),
                "pattern must be a string, got re.compile('a'); use a string",
            ),
            (
                lambda: JobInput.text("a", default=NUMBER_TOKEN),
                "the default of the input 'a' must be text, got a number token; use text",
            ),
            (
                lambda: JobInput.text("a", default=f"x{DAY.value}"),
                "the default of the input 'a' can't be the value of another input, got that of 'day'; use text",
            ),
            (
                lambda: JobInput.text("a", pattern=TOKEN),
                "the pattern of the input 'a' must be known at synth time, got a token; use text",
            ),
            (
                lambda: JobInput.text("a", default="x", pattern="y"),
                "the default of the input 'a' must be text that matches y, got 'x'; use a default that matches",
            ),
            (
                lambda: JobInput.number("a", default="5; rm -rf /"),
                "default must be an integer, got '5; rm -rf /'; use an integer",
            ),
            (lambda: JobInput.number("a", default=True), "default must be an integer, got True; use an integer"),
            (lambda: JobInput.number("a", default=1.5), "default must be an integer, got 1.5; use an integer"),
            (lambda: JobInput.number("a", minimum="1"), "minimum must be an integer, got '1'; use 1"),
            (lambda: JobInput.number("a", maximum=float("inf")), "maximum must be an integer, got inf; use an integer"),
            (
                lambda: JobInput.number("a", default=NUMBER_TOKEN),
                "the default of the input 'a' must be known at synth time, got a token; use a plain number",
            ),
            (
                lambda: JobInput.number("a", maximum=NODES.value),
                "the maximum of the input 'a' must be known at synth time, got a token; use a plain number",
            ),
            (
                lambda: JobInput.number("a", minimum=TOKEN),
                "the minimum of the input 'a' must be known at synth time, got a token; use a plain number",
            ),
            (
                lambda: JobInput.number("a", minimum=3, maximum=2),
                "the minimum of the input 'a' must be at most the maximum, got 3 and 2; swap them",
            ),
            (
                lambda: JobInput.number("a", default=9, maximum=5),
                "the default of the input 'a' must be a whole number of 5 or less, got 9; use a default that matches",
            ),
            (
                lambda: JobInput.number("a", default=0, minimum=1),
                "the default of the input 'a' must be a whole number of 1 or more, got 0; use a default that matches",
            ),
            (
                lambda: JobInput.number("a", default=6, minimum=1, maximum=5),
                "the default of the input 'a' must be a whole number from 1 to 5, got 6; use a default that matches",
            ),
            (
                lambda: JobInput.date("a"),
                "time_zone of the input 'a' must be specified; pass the time zone of the schedule, such as "
                "cdk.TimeZone.EUROPE_ZURICH, or required=True if each execution gets a date",
            ),
            (
                lambda: date("a", time_zone="Europe/Zurich"),
                "time_zone must be a cdk.TimeZone, got 'Europe/Zurich'; use cdk.TimeZone.EUROPE_ZURICH",
            ),
            (
                lambda: date("a", time_zone=cdk.TimeZone.of("Mars/Olympus")),
                "the time zone must be a name of the IANA database, got 'Mars/Olympus'; use a constant of cdk.TimeZone",
            ),
            (lambda: date("a", days_before="1"), "days_before must be an integer, got '1'; use 1"),
            (lambda: date("a", days_before=True), "days_before must be an integer, got True; use an integer"),
            (
                lambda: date("a", days_before=-1),
                "days_before of the input 'a' must be 0 to 3650, got -1; use 1 for the last complete day",
            ),
            (
                lambda: date("a", days_before=3651),
                "days_before of the input 'a' must be 0 to 3650, got 3651; use 1 for the last complete day",
            ),
            (
                lambda: date("a", days_before=NODES.value),
                "days_before of the input 'a' must be 0 to 3650, got a token; use 1 for the last complete day",
            ),
            (lambda: date("a", required="yes"), "required must be a boolean, got 'yes'; use True or False"),
            (
                lambda: JobInput.date("a", required=True, days_before=1),
                "days_before of the input 'a' has no effect, because the input is required; remove days_before or "
                "required",
            ),
            (
                lambda: date("a", required=True),
                "time_zone of the input 'a' has no effect, because the input is required; remove time_zone or required",
            ),
        ],
    )
    def test_are_checked(self, make, message):
        with pytest.raises(EmrError) as raised:
            make()
        assert str(raised.value) == message

    def test_a_default_can_be_known_only_at_deployment(self):
        bucket = JobInput.text("bucket", default=TOKEN, pattern="[a-z]+")
        assert bucket._fallback() == json.dumps(TOKEN)

    def test_a_date_is_the_last_complete_day(self):
        assert date("a")._fallback() == date("a", days_before=1)._fallback() != date("a", days_before=0)._fallback()

    def test_a_range_can_be_a_single_number(self):
        assert JobInput.number("a", default=3, minimum=3, maximum=3).expectation == "a whole number from 3 to 3"


@pytest.mark.parametrize(
    ("found", "accepted", "others"),
    [
        (JobInput.text("a"), ["", "x", "{% 1 %}"], [5, True, None, ["x"], {"x": "y"}]),
        (JobInput.text("a", pattern="x+"), ["x", "xx"], ["", "y", "xy", "x\n", "\nx", 5]),
        (JobInput.number("a"), [0, -5, 7.0], ["5", True, 1.5, None, [5]]),
        (JobInput.number("a", minimum=2), [2, 3], [1, "2"]),
        (JobInput.number("a", maximum=2), [2, -3], [3]),
        (JobInput.number("a", minimum=1, maximum=5), [1, 5], [0, 6, 1.5]),
        (date("a"), ["2026-11-23", "2028-02-29"], ["2027-02-29", "20261123", "yesterday", 20261123, None]),
        (JobInput.date("a", required=True), ["2026-11-23"], ["2026-11-31", ""]),
    ],
)
def test_values_are_the_same_at_synth_time_and_in_an_execution(found, accepted, others):
    for value in (*accepted, *others):
        rejected = evaluate(f"($given := {json.dumps(value)}; {found._rejects('$given')})")
        assert (found._accepts(value), rejected) == (value in accepted, value not in accepted), value


def fails(message, path, make):
    with pytest.raises(EmrError) as raised:
        make()
    (problem,) = raised.value.problems
    assert problem == f"{message}; use it only in the workflow and the definition of a TransientCluster"
    assert raised.value.path == path


def cluster(**options):
    stack = new_stack()
    return Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.SPARK], **options)


def job(**options):
    stack = new_stack()
    defaults = {"applications": [Application.SPARK], "inputs": [DAY], "workflow": [Step.spark("A", script=SCRIPT)]}
    return TransientCluster(stack, "Job", **{"vpc": imported_vpc(stack), **defaults, **options})


def core(count):
    return InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=InstanceGroup("m7g.xlarge", count))


STEP = Step.spark("Import", script=SCRIPT, args=[DAY.value])


class TestElsewhere:
    """No place takes the value of an input without meaning it."""

    def test_in_the_name_of_a_step(self):
        message = "the name of a step can't contain the value of the input 'day'"
        fails(message, "", lambda: Step.spark(f"Import {DAY.value}", script=SCRIPT))

    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("day", {"steps": [STEP]}),
            ("nodes", {"instances": core(NODES.value)}),
            ("day", {"cluster_name": f"nightly {DAY.value}"}),
            ("day", {"tags": {"day": DAY.value}}),
            ("day", {"tags": {DAY.value: "day"}}),
            ("day", {"bootstrap_actions": [BootstrapAction("A", script=SCRIPT, args=[DAY.value])]}),
            ("day", {"configurations": [Configuration("spark-defaults", {"spark.app": DAY.value})]}),
            ("nodes", {"configurations": [Configuration("spark-defaults", {"spark.cores": NODES.value})]}),
            ("day", {"additional_info": {"day": DAY.value}}),
            ("day", {"custom_ami_id": DAY.value}),
            ("nodes", {"step_concurrency_level": NODES.value}),
        ],
    )
    def test_in_a_cluster(self, name, options):
        message = f"a cluster of CloudFormation can't contain the value of the input '{name}'"
        fails(message, "Test/Cluster", lambda: cluster(**options))

    def test_in_what_is_added_to_a_cluster(self):
        made = cluster(instances=core(2))
        message = "the step 'Import' can't contain the value of the input 'day'"
        fails(message, "Test/Cluster", lambda: made.add_step(STEP))
        message = "the task group can't contain the value of the input 'nodes'"
        group = InstanceGroup("m7g.xlarge", NODES.value)
        fails(message, "Test/Cluster", lambda: made.add_task_group(group))

    def test_in_what_is_added_to_an_imported_cluster(self):
        made = Cluster.from_cluster_attributes(new_stack(), "Cluster", cluster_id="j-1")
        message = "the step 'Import' can't contain the value of the input 'day'"
        fails(message, "Test/Cluster", lambda: made.add_step(STEP))
        message = "the task fleet can't contain the value of the input 'nodes'"
        fleet = InstanceFleet.on_demand("m7g.xlarge", units=NODES.value)
        fails(message, "Test/Cluster", lambda: made.add_task_fleet(fleet))

    def test_in_a_step_submission(self):
        stack = new_stack()
        made = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        message = "the step 'Import' can't contain the value of the input 'day'"
        fails(message, "Test/Submission", lambda: StepSubmission(stack, "Submission", cluster=made, step=STEP))

    @pytest.mark.parametrize(
        ("message", "options"),
        [
            ("cluster_name can't contain", {"cluster_name": f"nightly {DAY.value}"}),
            ("tags can't contain", {"tags": {"day": DAY.value}}),
            ("additional_info can't contain", {"additional_info": {"day": DAY.value}}),
            (
                "the name of a setting can't contain",
                {"configurations": [Configuration("spark-defaults", {f"spark.{DAY.value}": "x"})]},
            ),
        ],
    )
    def test_in_a_part_of_a_job_that_is_the_same_for_all_executions(self, message, options):
        fails(f"{message} the value of the input 'day'", "Test/Job", lambda: job(**options))

    def test_in_permissions(self):
        made = job(workflow=[STEP])
        bucket = s3.Bucket.from_bucket_name(made, "Data", "data")
        message = "the prefix of a grant can't contain the value of the input 'day'"
        for grant in (made.grants.read_bucket, made.grants.read_write_bucket):
            fails(message, "Test/Job", lambda grant=grant: grant(bucket, f"raw/{DAY.value}/"))
        message = "a Glue database of a grant can't contain the value of the input 'day'"
        fails(message, "Test/Job", lambda: made.grants.use_glue_data_catalog(f"sales_{DAY.value}"))
        message = "the log prefix can't contain the value of the input 'day'"
        fails(message, "", lambda: STEP.with_logs(bucket, f"{DAY.value}/"))

    def test_in_a_profile(self, stack):
        message = "log_prefix can't contain the value of the input 'day'"
        made = {"vpc": imported_vpc(stack), "log_prefix": f"{DAY.value}/"}
        fails(message, "Test/Profile", lambda: ClusterProfile(stack, "Profile", **made))

    def test_in_the_input_of_a_schedule(self):
        made = job(workflow=[STEP])
        hourly = cdk.aws_scheduler.ScheduleExpression.rate(cdk.Duration.hours(1))
        given = {"target": made, "schedule": hourly, "input": {"day": DAY.value}}
        message = "the input of the schedule can't contain the value of the input 'day'"
        fails(message, "Test/Job/Schedule", lambda: Schedule(made, "Schedule", **given))

    @pytest.mark.parametrize("value", ["text", "number"])
    def test_in_a_construct_of_cdk(self, stack, value):
        """Where no code of this library looks, the error names the input, too."""
        properties = {"text": {"BucketName": DAY.value}, "number": {"Days": NODES.value}}[value]
        cdk.CfnResource(stack, "Bucket", type="AWS::S3::Bucket", properties=properties)
        name = {"text": "day", "number": "nodes"}[value]
        with pytest.raises(RuntimeError, match=f"the value of the input '{name}' can't be used here; use it only in"):
            synthesize(stack)


def request_of(template):
    """The arguments with which the job launches its clusters."""
    for machine in resources(template, "AWS::StepFunctions::StateMachine").values():
        states = json.loads(flat(machine["Properties"]["DefinitionString"]))["States"].values()
        for arguments in (state.get("Arguments", {}) for state in states):
            if "Instances" in arguments:
                return arguments
    raise AssertionError("nothing launches a cluster")


@pytest.mark.parametrize(
    ("options", "path", "expression"),
    [
        (
            {"bootstrap_actions": [BootstrapAction("A", script=SCRIPT, args=[DAY.value])]},
            ["BootstrapActions", 0, "ScriptBootstrapAction", "Args", 0],
            "$inputs.day",
        ),
        (
            {"configurations": [Configuration("spark-defaults", {"spark.app": f"day {DAY.value}"})]},
            ["Configurations", 0, "Properties", "spark.app"],
            '"day " & $inputs.day',
        ),
        ({"instances": core(NODES.value)}, ["Instances", "InstanceGroups", 1, "InstanceCount"], "$inputs.nodes"),
        ({"custom_ami_id": DAY.value}, ["CustomAmiId"], "$inputs.day"),
        ({"root_volume": RootVolume(size_gib=NODES.value)}, ["EbsRootVolumeSize"], "$inputs.nodes"),
        ({"step_concurrency_level": NODES.value}, ["StepConcurrencyLevel"], "$inputs.nodes"),
        (
            {"managed_scaling": ManagedScaling.instances(minimum=2, maximum=NODES.value)},
            ["ManagedScalingPolicy", "ComputeLimits", "MaximumCapacityUnits"],
            "$inputs.nodes",
        ),
    ],
)
def test_works_in_any_setting_of_a_job(options, path, expression):
    used = [found for found in (DAY, NODES) if f"$inputs.{found.name}" in expression]
    template = synthesize(job(inputs=used, **options))
    found = request_of(template)
    for member in path:
        found = found[member]
    assert found == f"{{% {expression} %}}"


def test_a_number_is_no_setting_of_an_application():
    """EMR takes text there, in which a number could not be replaced."""
    with pytest.raises(EmrError, match=re.escape(f"a part of a string {NUMBER_AS_TEXT}\n  at Test/Job")):
        job(inputs=[NODES], configurations=[Configuration("spark-defaults", {"spark.cores": NODES.value})])
