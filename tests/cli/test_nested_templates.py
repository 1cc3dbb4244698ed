"""Nested templates and definitions of state machines in files next to the template, as `aws cloudformation package`
uploads them."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.cli.tools import run

NESTED = {
    "Parameters": {
        "Nodes": {"Type": "Number", "Default": 1, "AllowedValues": [1, 2, 3]},
        "Release": {"Type": "String", "Default": "emr-7.5.0"},
    },
    "Resources": {
        "Cluster": {
            "Type": "AWS::EMR::Cluster",
            "Properties": {
                "Name": "n", "ReleaseLabel": {"Ref": "Release"}, "ServiceRole": "r", "JobFlowRole": "p",
                "Instances": {
                    "Ec2SubnetId": "subnet-0123456789abcdef0",
                    "MasterInstanceGroup": {"InstanceCount": {"Ref": "Nodes"}, "InstanceType": "m5.xlarge"},
                },
            },
        }
    },
}  # fmt: skip
REQUEST = {
    **NESTED["Resources"]["Cluster"]["Properties"],
    "ReleaseLabel": "${Release}",
    "Instances": {
        "KeepJobFlowAliveWhenNoSteps": True,
        "InstanceGroups": [{"InstanceRole": "MASTER", "InstanceCount": 2, "InstanceType": "m5.xlarge"}],
    },
}
STATE = {
    "Type": "Task",
    "Resource": "arn:aws:states:::elasticmapreduce:createCluster.sync",
    "Parameters": REQUEST,
    "End": True,
}


@pytest.fixture
def parent(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "nested.yaml").write_text(yaml.safe_dump(NESTED))
    (tmp_path / "states.json").write_text(json.dumps({"StartAt": "Launch", "States": {"Launch": STATE}}))

    def write(*resources, parameters=()):
        declared = {name: {"Type": "String"} for name in parameters}
        content = {"Parameters": declared, "Resources": {f"R{at}": it for at, it in enumerate(resources)}}
        path = tmp_path / "parent.json"
        path.write_text(json.dumps(content))
        return path

    return write


def stack(location="in/nested.yaml", kind="AWS::CloudFormation::Stack", **parameters):
    key = "TemplateURL" if kind.startswith("AWS::CloudFormation") else "Location"
    return {"Type": kind, "Properties": {key: location, "Parameters": parameters}}


@pytest.mark.parametrize("kind", ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"])
def test_a_nested_template_with_the_values_of_its_parent(parent, kind):
    result = run("check", parent(stack(kind=kind, Nodes=2)))
    assert result.exit_code == 1
    assert "in/nested.yaml:" in result.output
    assert "must be 1 or 3, got 2 [emr-master-count]" in result.output
    described = run("describe", parent(stack(kind=kind, Nodes=3)))
    assert "n  Cluster in" in described.output
    assert "primary  3 " in described.output


def test_only_the_values_of_the_parent_count(parent):
    # By itself, the template also has the default, and other allowed values.
    known = run("check", parent(stack(Nodes="3", Release={"Ref": "R"}), parameters=["R"]))
    assert known.output == "0 errors and 0 warnings in 2 files\n"
    unknown = run("describe", parent(stack(Nodes={"Ref": "N"}), parameters=["N"])).output
    assert "primary  unknown" in unknown
    assert "if parameter Nodes is '2'" in run("check", parent(stack())).output


def test_files_are_reported_once(parent, tmp_path):
    nested = tmp_path / "in" / "nested.yaml"
    both = run("check", parent(stack(), stack(), stack(Nodes=1)), nested)
    assert both.output.count("emr-master-count") == 1
    assert both.output.endswith("1 error and 0 warnings in 2 files\n")


@pytest.mark.parametrize(
    "location",
    ["../parent.json", "/etc/passwd", "https://b.s3.amazonaws.com/nested.yaml", "absent.yaml", {"Ref": "R"}, 3,
     "parent.json", "./parent.json", "in", "a\0b"],
    ids=str,
)  # fmt: skip
def test_locations_that_are_not_followed(parent, location):
    result = run("check", parent(stack(location), parameters=["R"]))
    assert result.exit_code == 0
    assert result.output.endswith(" files\n") or result.output.endswith(" 1 file\n")


def test_many_nested_templates_end(tmp_path):
    for number in range(40):
        following = {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": f"{number + 1}.json", "Parameters": {"A": {"Fn::Sub": "${A}1"}}},
        }
        other = {**following, "Properties": {**following["Properties"], "Parameters": {"A": {"Fn::Sub": "${A}2"}}}}
        content = {"Parameters": {"A": {"Type": "String", "Default": "0"}}, "Resources": {"A": following, "B": other}}
        (tmp_path / f"{number}.json").write_text(json.dumps(content))
    assert run("check", tmp_path / "0.json").exit_code == 0


@pytest.mark.parametrize("kind", ["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"])
def test_a_definition_in_a_file(parent, kind):
    member = "DefinitionS3Location" if kind.startswith("AWS::StepF") else "DefinitionUri"
    machine = {
        "Type": kind,
        "Properties": {member: "states.json", "DefinitionSubstitutions": {"Release": "emr-7.5.0"}},
    }
    result = run("check", parent(machine))
    assert "states.json:1: error: instance count of the primary instance group" in result.output
    assert "release       emr-7.5.0" in run("describe", parent(machine)).output
