from __future__ import annotations

import json

import boto3
import pytest
from botocore.validate import ParamValidator

from emr_constructs import Configuration, EmrError
from emr_constructs.software.configurations import render

ENTRIES = [
    {"Classification": "spark-defaults", "Properties": {"spark.executor.cores": "4", "a.b": "true"}},
    {
        "Classification": "hadoop-env",
        "Configurations": [{"Classification": "export", "Properties": {"HADOOP_HEAPSIZE": "4096"}}],
    },
]
YAML = """
# What the team settled on.
- Classification: spark-defaults
  Properties:
    spark.executor.cores: 4
    a.b: true
- Classification: hadoop-env
  Configurations:
    - Classification: export
      Properties:
        HADOOP_HEAPSIZE: 4096
"""


@pytest.fixture
def written(tmp_path):
    def write(text, name="emr.json"):
        path = tmp_path / name
        path.write_text(text if isinstance(text, str) else json.dumps(text))
        return path

    return write


def test_json_and_yaml_say_the_same(written):
    from_json = Configuration.from_file(written(ENTRIES))
    assert render(from_json) == ENTRIES
    assert Configuration.from_file(written(YAML, "emr.yaml")) == from_json
    assert Configuration.from_file(str(written(YAML, "emr.yml"))) == from_json


def test_empty_members_stay(written):
    export = {"Classification": "export", "Properties": {"HADOOP_HEAPSIZE": "4096"}, "Configurations": []}
    entries = [{"Classification": "hadoop-env", "Properties": {}, "Configurations": [export]}]
    read = Configuration.from_file(written(entries))
    assert render(read) == entries
    variable = Configuration("hadoop-env", configurations=[Configuration("export", {"A": "b"})])
    (merged,) = render([*read, variable])
    assert merged["Properties"] == {}
    assert merged["Configurations"][0]["Properties"] == {"HADOOP_HEAPSIZE": "4096", "A": "b"}
    assert "Properties" not in variable._render()


def test_is_what_botocore_sends(written):
    model = boto3.client("emr", region_name="us-east-1").meta.service_model
    shape = model.operation_model("RunJobFlow").input_shape.members["Configurations"]
    report = ParamValidator().validate(render(Configuration.from_file(written(ENTRIES))), shape)
    assert not report.has_errors(), report.generate_report()


def test_values_are_taken_as_they_are_written(written):
    values = {"account": "012345678901", "version": "1.10", "switch": "no", "day": "2026-11-23", "flag": "true"}
    yaml = "- Classification: a\n  Properties:\n" + "".join(f"    {key}: {value}\n" for key, value in values.items())
    (found,) = render(Configuration.from_file(written(yaml, "emr.yaml")))
    assert found["Properties"] == values
    text = '[{"Classification": "a", "Properties": {"version": 1.10, "many": 10000000000000000000001, "flag": true}}]'
    (found,) = render(Configuration.from_file(written(text)))
    assert found["Properties"] == {"version": "1.10", "many": "10000000000000000000001", "flag": "true"}


def test_configurations_of_the_same_classification_are_merged(written):
    parts = [{"Classification": "a", "Properties": {name: "1"}} for name in ("b", "c")]
    (found,) = Configuration.from_file(written(parts))
    assert dict(found.properties) == {"b": "1", "c": "1"}


def test_the_path_is_relative_to_where_the_app_runs(written, monkeypatch):
    monkeypatch.chdir(written(ENTRIES).parent)
    assert len(Configuration.from_file("emr.json")) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            {"Classification": "a"},
            r"emr\.json must be a list, got \{'Classification': 'a'\}; use a list of objects",
        ),
        ([], r"emr\.json must be a list, got \[\]; use a list of objects"),
        (["spark"], r"emr\.json\[0\] must be an object, got 'spark'; use a list of objects"),
        (
            [{"Properties": {"a": "b"}}],
            r"emr\.json\[0\] must have a Classification, got none; specify a name such as spark-defaults",
        ),
        (
            [{"Classification": "a", "properties": {"b": "c"}}],
            r"emr\.json\[0\] must not have the key 'properties'; use Classification, Properties and Configurations",
        ),
        (
            [{"Classification": "a", "Properties": "b=c"}],
            r"emr\.json\[0\]\.Properties must be an object, got 'b=c'; use keys",
        ),
        (
            [{"Classification": "a", "Configurations": {"Classification": "export"}}],
            r"emr\.json\[0\]\.Configurations must be a list, got .*; use a list of objects",
        ),
        (
            [{"Classification": "a", "Configurations": [{"Classification": "export", "Name": "b"}]}],
            r"emr\.json\[0\]\.Configurations\[0\] must not have the key 'Name'",
        ),
        ([{"Classification": "a"}], r"emr\.json: configuration 'a' must not be empty; specify properties"),
        (
            [{"Classification": "a", "Properties": {"b": None}}],
            r"emr\.json: properties\['b'\] must be a string, a number, a boolean or a .*, got None",
        ),
        (
            [{"Classification": "a", "Properties": {"b": ["c"]}}],
            r"emr\.json: properties\['b'\] must be a string, a number, a boolean or a .*, got a list object",
        ),
        (
            [{"Classification": "a b", "Properties": {"b": "c"}}],
            r"emr\.json: classification must .*, got 'a b'; use a name",
        ),
        (
            [{"Classification": "a", "Properties": {"EMR.secret@b": "plain"}}],
            r"emr\.json: value .* must be the ARN of a secret, got 'plain' for 'EMR\.secret@b'; use the ARN",
        ),
        (
            [{"Classification": "a", "Properties": {"b": value}} for value in ("1", "2")],
            "'b' of 'a' must have one value, got '1' and '2'; remove one",
        ),
        (
            '[{"Classification": "a", "Classification": "b"}]',
            "must be JSON: keys must be unique, got 'Classification' twice",
        ),
        ("[", r"emr\.json must be JSON: Expecting value.*; correct the file"),
    ],
)
def test_rejects_another_spelling_than_that_of_emr(written, content, message):
    with pytest.raises(EmrError, match=message):
        Configuration.from_file(written(content))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "- Classification: a\n  Properties:\n    b: 1\n    b: 2\n",
            "must be YAML: keys must be unique, got 'b' twice; correct the file",
        ),
        ("- Classification: [", "must be YAML: while parsing a flow node"),
        ("- Classification: a\n  Properties:\n", r"emr\.yaml\[0\]\.Properties must be an object, got ''; use keys"),
        (
            "- !!python/object/apply:os.getcwd []\n",
            r"emr\.yaml\[0\] must be an object, got \[\]; use a list of objects",
        ),
    ],
)
def test_rejects_yaml_that_is_not(written, text, message):
    with pytest.raises(EmrError, match=message):
        Configuration.from_file(written(text, "emr.yaml"))


def test_reports_all_that_is_malformed_together(written):
    with pytest.raises(EmrError) as error:
        Configuration.from_file(written([{"Properties": {}}, {"Classification": "a", "Name": "b"}, 3]))
    assert len(error.value.problems) == 3


def test_rejects_a_file_that_is_not_there():
    with pytest.raises(
        EmrError, match=r"path must be a readable file, got 'nowhere\.json' \(No such file or directory\); use a path"
    ):
        Configuration.from_file("nowhere.json")


def test_rejects_another_kind_of_file(written):
    with pytest.raises(
        EmrError, match=r"path must end with \.json, \.yaml or \.yml, got '.*\.toml'; use a JSON or YAML file"
    ):
        Configuration.from_file(written("", "emr.toml"))
