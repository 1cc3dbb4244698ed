"""Flowcharts: what they show, and that text of templates can't change them."""

from __future__ import annotations

import re

import pytest

from emr_constructs.templates.mermaid import Flowchart, label
from emr_constructs.templates.parsing import parse
from emr_constructs.templates.pictures import picture_of_cluster, picture_of_states
from tests.overviews import overviews
from tests.templates.test_overview import DEFINITION, TEMPLATES, machine

TEXT = r'"[^"`<>{}\[\]|\\]*(?:<br/>[^"`<>{}\[\]|\\]*)*"'
NODE = rf"n\d+(?:\[{TEXT}\]|\[\[{TEXT}\]\]|\(\[{TEXT}\]\)|\[\({TEXT}\)\]|\{{{TEXT}\}}|\{{\{{{TEXT}\}}\}})"
LINE = re.compile(rf" +(?:{NODE}|n\d+ (?:-->|-\.->)(?:\|{TEXT}\|)? n\d+|subgraph n\d+\[{TEXT}\]|end)")
EVIL = "\"]; click n1 \\n ```%%{init: {}}%%\n<b> |a| 'b' # &lt; \x1b[0m @{ shape: x } end"


def assert_valid(lines):
    assert re.fullmatch("flowchart (LR|TD)", lines[0])
    wrong = [line for line in lines[1:] if not LINE.fullmatch(line)]
    assert wrong == []
    assert sum("subgraph" in line for line in lines) == lines.count("    end") + lines.count("        end")


def joined(lines):
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a <b> \"c\"", "a #60;b#62; #34;c#34;"),
        ("a;b#c", "a#59;b#35;c"),
        ("1. a", "1#46; a"),
        ("- a", "#45; a"),
        ("http://a", "http#58;//a"),
        ("s3://a/b_c", "s3://a/b_c"),
        ("_a_", "#95;a#95;"),
        ("direction TB", "#100;irection TB"),
        ("Direction  lr", "#68;irection  lr"),
        ("x" * 100, "x" * 77 + "..."),
    ],
)  # fmt: skip
def test_labels(text, says):
    assert label(text) == f'"{says}"'


def test_lines_of_labels():
    assert label("a", "", "b") == '"a<br/>b"'


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.*")), ids=lambda path: path.stem)
def test_pictures_of_all_templates(path):
    for overview in overviews(parse(path.read_text())):
        assert_valid(picture_of_cluster(overview))


def test_what_a_picture_shows():
    (overview,) = overviews(parse((TEMPLATES / "private_network.yaml").read_text()))
    chart = joined(picture_of_cluster(overview))
    for text in ("VPC<br/>", "subnet<br/>", "security group<br/>", "instance profile<br/>", "service role<br/>",
                 "security configuration<br/>", "terminates after 1 hour idle", "2 x m7g.xlarge",
                 "key<br/>"):  # fmt: skip
        assert text in chart


def test_schedule_and_state_machine():
    schedule = {
        "Type": "AWS::Events::Rule",
        "Properties": {"ScheduleExpression": "rate(1 day)", "Targets": [{"Arn": {"Ref": "Machine"}}]},
    }
    (overview,) = overviews(machine(DEFINITION, Daily=schedule))
    lines = picture_of_cluster(overview)
    assert_valid(lines)
    chart = joined(lines)
    assert "schedule<br/>rate(1 day)<br/>Daily" in chart
    assert '-->|"starts"|' in chart
    assert '-->|"launches"|' in chart


def test_text_of_a_template_cannot_change_a_picture():
    group = {"InstanceCount": 1, "InstanceType": EVIL, "Name": EVIL, "Market": EVIL}
    instances = {
        "MasterInstanceGroup": group, "Ec2SubnetId": EVIL, "EmrManagedMasterSecurityGroup": EVIL, "Ec2KeyName": EVIL,
    }  # fmt: skip
    members = ("Name", "ReleaseLabel", "JobFlowRole", "ServiceRole", "LogUri", "SecurityConfiguration")
    steps = [{"Name": EVIL, "HadoopJarStep": {"Jar": "a"}}] * 20
    properties = {**dict.fromkeys(members, EVIL), "Instances": instances, "Steps": steps}
    (overview,) = overviews({"Resources": {EVIL: {"Type": "AWS::EMR::Cluster", "Properties": properties}}})
    lines = picture_of_cluster(overview)
    assert_valid(lines)
    assert "8 more steps" in joined(lines)


def test_states():
    branch = {"StartAt": EVIL, "States": {EVIL: {"Type": "Pass", "End": True}}}
    states = {
        "Choose": {
            "Type": "Choice", "Choices": [{"Next": "Both"}, {"Next": "Both"}], "Default": "Wait",
        },
        "Both": {
            "Type": "Parallel", "Branches": [branch], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}],
            "Next": "Each",
        },
        "Each": {"Type": "Map", "ItemProcessor": branch, "Next": "missing"},
        "Wait": {"Type": "Wait", "Next": "Done"}, "Done": {"Type": "Succeed"}, "Lost": {"Type": "Fail"}, "x": "y",
    }  # fmt: skip
    lines = picture_of_states({"StartAt": "Choose", "States": states})
    assert_valid(lines)
    chart = joined(lines)
    assert sum("n1 --> n2" in line for line in lines) == 1
    assert '-.->|"States.ALL"|' in chart
    assert 'n1 -->|"otherwise"|' in chart
    assert "Each: for each item" in chart


@pytest.mark.parametrize(
    "definition", [{}, {"States": []}, {"StartAt": 1, "States": {"a": {"Choices": 1, "Catch": "x"}}}]
)
def test_malformed_definitions(definition):
    assert_valid(picture_of_states(definition))


def test_frames_are_indented():
    chart = Flowchart()
    chart.start("a")
    chart.node("b")
    chart.end()
    assert chart.lines() == ["flowchart LR", '    subgraph n1["a"]', '        n2["b"]', "    end"]
