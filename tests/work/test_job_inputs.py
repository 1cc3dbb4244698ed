from __future__ import annotations

import pytest

from emr_constructs import Application, Cluster, EmrError, InstanceGroup, InstanceGroups, JobInput, Script, Step
from emr_constructs.work.job_inputs import as_expressions
from tests.tools import imported_vpc, synthesize

SCRIPT = Script.from_uri("s3://jobs/job.py")


def test_text_can_be_an_argument_or_a_part_of_one():
    day = JobInput.text("day").value
    step = Step.spark("A", script=SCRIPT, args=[day, f"s3://data/{day}/x", "plain"])
    assert as_expressions(step.render())["HadoopJarStep"]["Args"][-3:] == [
        "{% $inputs.day %}",
        '{% "s3://data/" & $inputs.day & "/x" %}',
        "plain",
    ]


def test_a_number_can_be_the_count_of_a_group(stack):
    nodes = JobInput.number("nodes", default=2)
    rendered = InstanceGroup("m7g.xlarge", nodes.value).render("CORE")
    assert stack.resolve(rendered)["InstanceCount"] == "{% $inputs.nodes %}"


@pytest.mark.parametrize("text", ["{% now() %}", "{% a", "a %}"])
def test_no_other_text_is_taken_for_an_expression(text):
    assert as_expressions({"Args": [text, True, 1, None]}) == {"Args": [f'{{% "{text}" %}}', True, 1, None]}


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a b", "ä", "a" * 65])
def test_a_name_is_a_plain_word(name):
    with pytest.raises(
        EmrError, match=r"the name of an input is .*; use a letter, then up to 63 letters, digits and _"
    ):
        JobInput.text(name)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: JobInput.text("a", pattern="("), r"the pattern of the input 'a' is '\('.*; correct it"),
        (
            lambda: JobInput.text("a", default="x", pattern="y"),
            "the default of the input 'a' is 'x'; use one that matches 'y'",
        ),
        (
            lambda: JobInput.number("a", minimum=3, maximum=2),
            "the input 'a' is 3 at least and 2 at most; exchange them",
        ),
        (
            lambda: JobInput.number("a", default=9, maximum=5),
            "the default of the input 'a' is 9; use a whole number of 5 or less",
        ),
        (
            lambda: JobInput.number("a", default=0, minimum=1),
            "the default of the input 'a' is 0; use a whole number of 1 or more",
        ),
    ],
)
def test_fails_where_an_input_contradicts_itself(make, message):
    with pytest.raises(EmrError, match=message):
        make()


def test_a_number_inside_a_text_would_be_lost():
    nodes = JobInput.number("nodes")
    with pytest.raises(EmrError, match=r"has a number of JobInput inside a text; use JobInput\.text"):
        as_expressions([f"--executors={nodes.value}"])


@pytest.mark.parametrize("made", ["steps", "instances"])
def test_a_cluster_of_cloudformation_takes_no_inputs(stack, made):
    day, nodes = JobInput.text("day").value, JobInput.number("nodes").value
    options = {
        "steps": [Step.spark("A", script=SCRIPT, args=[day])],
        "instances": InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=InstanceGroup("m7g.xlarge", nodes)),
    }
    vpc = imported_vpc(stack)
    Cluster(stack, "Cluster", vpc=vpc, applications=[Application.SPARK], **{made: options[made]})
    with pytest.raises(
        RuntimeError, match=r"Unrecognized token key: JobInput.day|instanceCount: .* should be a number"
    ):
        synthesize(stack)


def test_a_slash_does_not_end_a_pattern():
    assert JobInput.text("a", pattern=r"s3://\w+/|\/").refusal("$x").endswith(r"/^(?:s3:\/\/\w+\/|\/)$/))")


def test_says_what_is_accepted():
    assert JobInput.number("a").expectation == "a whole number"
    assert JobInput.text("a").expectation == "text"
