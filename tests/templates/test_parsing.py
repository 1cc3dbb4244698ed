from __future__ import annotations

import gc
import json
import time

import pytest
import yaml

from emr_constructs.templates.parsing import UnreadableError, line_of, parse

YAML = """\
Resources:
  Cluster:
    Type: AWS::EMR::Cluster
    Properties:
      Name: !Sub "${AWS::StackName}-cluster"
      Configurations:
        - Classification: spark-defaults
          ConfigurationProperties:
            spark.executor.memory: 4g
      Steps:
        - Name: first
        - Name: second
"""


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!Condition A", {"Condition": "A"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!Sub a${B}", {"Fn::Sub": "a${B}"}),
        ("!Sub [a, {B: !Ref C}]", {"Fn::Sub": ["a", {"B": {"Ref": "C"}}]}),
        ("!If [A, 1, !Ref B]", {"Fn::If": ["A", 1, {"Ref": "B"}]}),
        ("!Equals [!Ref A, b]", {"Fn::Equals": [{"Ref": "A"}, "b"]}),
        ("!Split [',', !ImportValue A]", {"Fn::Split": [",", {"Fn::ImportValue": "A"}]}),
        ("!Base64 {'Fn::Sub': a}", {"Fn::Base64": {"Fn::Sub": "a"}}),
        ("!FindInMap [A, !Ref B, C]", {"Fn::FindInMap": ["A", {"Ref": "B"}, "C"]}),
    ],
)
def test_short_intrinsics(short, long):
    assert parse(f"Value: {short}") == {"Value": long}


def test_scalars_have_the_types_of_cloudformation():
    text = "{Version: 2012-10-17, Yes: yes, Count: 3, Price: 0.25, Text: '3', Nothing: null, Off: x, 2012-10-17: y}"
    assert parse(text) == {
        "Version": "2012-10-17", "Yes": True, "Count": 3, "Price": 0.25, "Text": "3", "Nothing": None, "Off": "x",
        "2012-10-17": "y",
    }  # fmt: skip


def test_anchors_and_merged_mappings():
    assert parse("A: &a {x: 1, y: 2}\nB: {<<: *a, y: 3}\nC: [*a, *a]") == {
        "A": {"x": 1, "y": 2}, "B": {"x": 1, "y": 3}, "C": [{"x": 1, "y": 2}, {"x": 1, "y": 2}],
    }  # fmt: skip


def test_json_and_yaml_agree():
    content = {"Resources": {"A": {"Type": "B", "Properties": {"C": [1, True, None, "d", {"Ref": "E"}]}}}}
    assert parse(json.dumps(content)) == parse(yaml.safe_dump(content)) == content


def test_yaml_in_flow_style_is_not_json():
    assert parse("{Resources: {A: !Ref B}}") == {"Resources": {"A": {"Ref": "B"}}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [1, 2", "did not find expected"),
        ("a: b: c", "line 1: mapping values are not allowed"),
        ("? [a, b]\n: c", "line 1"),
        ("a: *b", "undefined alias"),
        ("a: &a [*a]", "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        ("a: 1\n---\nb: 2", "line 2: but found another document"),
        ("a: \x00", "control characters are not allowed"),
        ('{"a": 1' + "0" * 5000 + "}", "integer string conversion"),
    ],
)
def test_rejects_unreadable_texts(text, says):
    with pytest.raises(UnreadableError, match=says):
        parse(text)


def test_an_empty_text_has_no_content():
    assert parse("") is None


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("Resources.Cluster", 2),
        ("Resources.Cluster.Properties.Name", 5),
        ("Resources.Cluster.Properties.Name.Further", 5),
        ("Resources.Cluster.Properties.Absent", 4),
        ("Resources.Cluster.Properties.Configurations[0].ConfigurationProperties.spark.executor.memory", 9),
        ("Resources.Cluster.Properties.Steps[1].Name", 12),
        ("Resources.Cluster.Properties.Steps[9]", 10),
        ("Parameters.Absent", 1),
    ],
)
def test_finds_the_line_of_a_property_or_its_closest_parent(path, line):
    assert line_of(YAML, path) == line


def test_finds_lines_of_json():
    text = json.dumps({"Resources": {"A": {"Properties": {"Name": "b"}}}}, indent=2)
    assert line_of(text, "Resources.A.Properties.Name") == 5


def test_no_lines_in_an_unreadable_text():
    assert line_of("a: [", "a") is None


def test_reads_a_megabyte_within_a_second():
    step = {"Name": "step", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["spark-submit", "s3://a/b.py"]}}
    template = {
        "Resources": {f"Step{number}": {"Type": "AWS::EMR::Step", "Properties": step} for number in range(6000)}
    }
    text = yaml.safe_dump(json.loads(json.dumps(template)))
    assert len(text) > 1_000_000
    # What the tests before have left behind would be looked through by the garbage collector on the way.
    gc.collect()
    gc.freeze()
    try:
        start = time.process_time()
        assert parse(text) == template
        assert time.process_time() - start < 1
    finally:
        gc.unfreeze()
