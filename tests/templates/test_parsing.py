from __future__ import annotations

import gc
import json
import sys
import time

import pytest
import yaml

from emr_constructs.templates.parsing import Document, UnreadableError, line_of, parse

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
        ("a: &a [*a]", "line 1: alias 'a' must not be part of its own anchor"),
        ("a: &a {b: {<<: *a}}", "line 1: alias 'a' must not be part of its own anchor"),
        ("a: {<<: b}", "line 1: << must be a mapping or a list of mappings"),
        ("a: {? [b] : c}", "line 1: keys must be strings"),
        ("a: {!!str ? {b: c} : d}", "line 1"),
        ("a: &a [b]\n? *a\n: c", "line 2: keys must be strings"),
        ("[" * 100_000, "at most 100 levels"),
        ("[" * 100_000 + "]" * 100_000, "at most 100 levels"),
        ("- " * 100_000, "at most 100 levels"),
        ("? " * 100_000, "keys must be strings"),
        ("a: " + "{a: " * 50_000, "at most 100 levels"),
        ('{"a": ' * 500 + "1" + "}" * 500, "at most 100 levels"),
        ('{"a": Infinity}', "numbers must be finite, got Infinity"),
        ('{"a": [NaN]}', "numbers must be finite, got NaN"),
        ("a: \ud800", "only characters that UTF-8 can encode"),
        ("a: " + "9" * 5000, "line 1: numbers must have at most 100 digits"),
        ("a: 0x" + "f" * 5000, "line 1: numbers must have at most 100 digits"),
        ("a: \tb: c", "line 1"),
        ("a:\n\t- b", "line 2: found character that cannot start any token"),
        ("a: 1\n---\nb: 2", "line 2: but found another document"),
        ("a: \x00", "control characters are not allowed"),
        ('{"a": 1' + "0" * 5000 + "}", "numbers must have at most 100 digits"),
    ],
)
def test_rejects_unreadable_texts(text, says):
    with pytest.raises(UnreadableError, match=says):
        parse(text)


def multiplied(levels, width):
    """A YAML text whose aliases stand for ``width ** levels`` values."""
    lines = ["a0: &a0 [x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * width)}]" for level in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        multiplied(10, 9),
        multiplied(60, 2),
        f"a: &a {'x' * 100_000}\nb: [{'*a, ' * 100}]",
        "a0: &a0 {k: v}\n"
        + "\n".join(f"a{n}: &a{n} {{<<: *a{n - 1}, b: *a{n - 1}, c: *a{n - 1}}}" for n in range(1, 40)),
    ],
    ids=["wide", "deep", "texts", "merges"],
)
def test_aliases_add_a_bounded_number_of_values(text):
    with pytest.raises(UnreadableError, match=r"line \d+: aliases must add at most 100000 values"):
        parse(text)


def test_anchors_that_are_defined_again():
    assert parse("a: &a {b: &a 1, c: *a}\nd: *a") == {"a": {"b": 1, "c": 1}, "d": {"b": 1, "c": 1}}
    assert parse("a: &a b\n*a : 1") == {"a": "b", "b": 1}


def test_merged_mappings_in_their_order():
    assert parse("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], z: 3}")["c"] == {"x": 1, "y": 1, "z": 3}
    assert parse("a: {'<<': {b: 1}}") == {"a": {"<<": {"b": 1}}}


@pytest.mark.parametrize("text", [".inf", "-.INF", ".nan", "1e999", "0x_", "!!int abc", "!!float x", "!!bool x"])
def test_numbers_that_are_none_stay_texts(text):
    assert parse(f"a: {text}") == {"a": text.split()[-1]}
    assert parse('{"a": 1e999, "b": 1.5}') == {"a": "1e999", "b": 1.5}


REPEATED = """\
a: {x: 1, 'x': 2}
b:
  - c.d: 1
    e: 2
    "c.d": 3
    ? c.d
    : 4
<<: {a: 1}
f: {<<: {g: 1}, g: 2}
h: !Sub {Ref: i, Ref: j}
"""


def test_repeated_keys():
    assert [(found.path, found.key, found.lines) for found in Document(REPEATED).repeated] == [
        ("a.x", "x", (1, 1)), ("b[0].c.d", "c.d", (3, 5, 6)), ("h.Ref", "Ref", (10, 10)),
    ]  # fmt: skip
    text = '{"a": [1, {"b": {"c": 1},\n "d": "}{", "\\u0062": 2,\n"b": {}}],\n "a" : []}'
    assert [(found.path, found.key, found.lines) for found in Document(text).repeated] == [
        ("a[1].b", "b", (1, 2, 3)), ("a", "a", (1, 4)),
    ]  # fmt: skip
    assert Document('{"a": {"b": 1}, "b": {"a": 1}}').repeated == ()


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


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("Resources.A.Properties.Name", 5),
        ("Resources.A.Properties.List[0]", 7),
        ("Resources.A.Properties.List[1]", 8),
        ("Resources.A.Properties.List[1].spark.executor.memory", 9),
        ("Resources.A.Properties.List[1].spark", 10),
        ("Resources.A.Properties.List[2]", 6),
        ("Resources.A.Properties.Absent", 4),
    ],
)
def test_finds_lines_of_json(path, line):
    listed = ["{", {"spark.executor.memory": "4g", "spark": "\n"}]
    text = json.dumps({"Resources": {"A": {"Properties": {"Name": 'b"', "List": listed}}}}, indent=2)
    assert line_of(text, path) == line
    assert line_of(text.replace("\n", "\n\t"), path) == line


def test_lines_of_anchors_are_those_of_their_values():
    text = "a: &a\n  b: {c: 1}\nd: *a\ne:\n  <<: *a\n  f: 1"
    assert [line_of(text, path) for path in ("d", "d.b.c", "e.b", "e.f", "e")] == [3, 2, 2, 6, 4]


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


class _Finalized:
    """Garbage that only the collector finds, and whose finalizer calls functions."""

    def __init__(self):
        self.itself = self

    def __del__(self):
        assert [str(number) for number in range(2)]


def test_no_finalizer_runs_where_the_stack_is_exhausted(monkeypatch):
    failed = []
    monkeypatch.setattr(sys, "unraisablehook", failed.append)
    gc.collect()
    thresholds = gc.get_threshold()
    try:
        # The parser creates a list for each level: one of these numbers lets the collector run at the deepest ones.
        for number in range(800, 1010):
            gc.set_threshold(number)
            _Finalized()
            with pytest.raises(UnreadableError, match="levels"):
                parse("[" * 50_000)
            assert gc.isenabled()
            gc.collect(0)
    finally:
        gc.set_threshold(*thresholds)
    assert not failed
