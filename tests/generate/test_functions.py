"""Intrinsic functions, parameters and conditions of a template in the generated stack, and what stays included."""

from __future__ import annotations

from pathlib import Path

import pytest

from emr_constructs.templates.inputs import read
from tests.generate.apps import differences, generated
from tests.tools import new_app

FUNCTIONS = Path(__file__).with_name("functions.yaml")


@pytest.fixture(scope="module")
def result():
    return generated(read(str(FUNCTIONS), str))


@pytest.fixture(scope="module")
def source(result):
    return result.files["functions_stack.py"]


@pytest.fixture(scope="module")
def template(result):
    app = new_app()
    result.construct(app, "Functions")
    return app.synth().get_stack_by_name("Functions").template


def test_launches_the_same(result, template):
    found = differences(result.requests(), result.rendered(template))
    assert found == {}
    # CDK names the parameter of a text in Systems Manager by its path, if the logical IDs aren't kept.
    key_pair = template["Resources"]["Cluster"]["Properties"]["Instances"]["Ec2KeyName"]
    parameter = template["Parameters"][key_pair["Ref"]]
    assert key_pair["Ref"] in result.plan.template["Parameters"]
    assert parameter == {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/emr/key"}
    assert template["Resources"].keys() == result.plan.template["Resources"].keys()


def test_keeps_attributes_of_the_resources(result, template):
    old, new = result.plan.template["Resources"]["Cluster"], template["Resources"]["Cluster"]
    assert new["DependsOn"] == sorted(old["DependsOn"])
    assert new["DeletionPolicy"] == "Retain"
    assert new["Metadata"]["Owner"] == "reports"
    assert template["Resources"]["Tasks"]["Condition"] == "HasTasks"
    assert template["Resources"]["Second"]["DependsOn"] == ["First", "Tasks", "Topic"]


def test_parameters_are_arguments(source, template):
    arguments = source[source.index("*,") : source.index("**options")].splitlines()
    assert [line.strip() for line in arguments[1:-1]] == [
        "# The subnet of all nodes",
        "subnet: str,",
        'groups: Sequence[str] = ("sg-0123456789abcdef0", "sg-0123456789abcdef1"),',
        "core_nodes: int = 2,",
        "# Allowed values: dev, production.",
        'stage: str = "dev",',
        "# Allowed values: true, false.",
        'protected: str = "false",',
        'arguments: Sequence[str] = ("--verbose", "--fast"),',
        'tags_: str = "cost",',
    ]
    # Days is in a resource that CfnInclude doesn't parse; a secret must not be in the code.
    assert template["Parameters"].keys() >= {"Days", "Image", "AdminPassword"}
    assert template["Parameters"]["AdminPassword"] == {"Type": "String", "NoEcho": True}
    assert not template["Parameters"].keys() & {"Subnet", "Stage", "CoreNodes", "Arguments"}


def test_conditions_are_comments_or_conditions(source):
    lines = [line.strip() for line in source.splitlines()]
    at = lines.index('# Condition IsProduction is false by default; otherwise: "ON_DEMAND" instead of')
    assert lines[at + 1] == '# "SPOT"'
    assert "condition=has_tasks_condition," in lines


def test_what_refers_to_a_cluster_still_does(template):
    alarm = template["Resources"]["Alarm"]
    assert alarm["DependsOn"] == ["Cluster", "Topic"]
    assert alarm["Properties"]["Dimensions"] == [{"Name": "JobFlowId", "Value": {"Ref": "Cluster"}}]
    dns = {"Fn::GetAtt": ["Cluster", "MasterPublicDNS"]}
    assert alarm["Properties"]["AlarmDescription"]["Fn::Sub"][1]["ClusterMasterPublicDNS"] == dns
    assert template["Resources"]["Topic"]["Properties"]["DisplayName"] == {
        "Fn::Sub": ["reports of dev on ${ClusterId}", {"ClusterId": {"Ref": "Cluster"}}]
    }
    parameter = template["Resources"]["Parameter"]
    assert parameter["Properties"]["Value"]["Fn::ToJsonString"] == {
        "cluster": {"Ref": "Cluster"},
        "days": {"Ref": "Days"},
    }
    assert (parameter["Condition"], parameter["DependsOn"]) == ("HasTasks", ["Cluster"])


def test_outputs(template):
    outputs = template["Outputs"]
    assert outputs["ClusterId"]["Value"] == {"Ref": "Cluster"}
    assert outputs["ClusterId"]["Export"] == {"Name": {"Fn::Sub": "${AWS::StackName}-Cluster"}}
    assert outputs["Url"]["Condition"] == "HasTasks"
    assert outputs["Name"] == {"Description": "The configuration", "Value": {"Ref": "Security"}}
    assert outputs["Length"]["Value"] == {"Fn::Join": ["", ['["', {"Ref": "First"}, '"]']]}


def test_other_sections_stay(template):
    assert template["Description"] == "Daily reports"
    assert template["Transform"] == "AWS::LanguageExtensions"
    assert template["Mappings"]["Regions"] == {
        "us-east-1": {"Bucket": "logs-east"},
        "eu-west-1": {"Bucket": "logs-west"},
    }
    # It describes parameters that are arguments now.
    assert "AWS::CloudFormation::Interface" not in template.get("Metadata", {})


def test_other_values_of_the_arguments(result):
    app = new_app()
    values = {"stage": "production", "protected": "true", "core_nodes": 5, "arguments": ["--slow", "--safe"]}
    result.construct(app, "Production", **values)
    properties = app.synth().get_stack_by_name("Production").template["Resources"]["Cluster"]["Properties"]
    instances = properties["Instances"]
    assert instances["MasterInstanceGroup"]["InstanceType"] == "m5.4xlarge"
    assert instances["CoreInstanceGroup"]["InstanceCount"] == 5
    assert instances["TerminationProtected"] is True
    assert properties["BootstrapActions"][0]["ScriptBootstrapAction"]["Args"] == ["--slow", "--safe"]
    assert properties["BootstrapActions"][1]["ScriptBootstrapAction"]["Args"][0] == "--slow"


def test_without_logical_ids(result):
    other = generated(result.source, keeps_ids=False)
    source = other.files["functions_stack.py"]
    # A resource that CfnInclude doesn't parse refers to the cluster by its logical ID.
    assert source.count("override_logical_id") == 2
    app = new_app()
    other.construct(app, "Functions")
    resources = app.synth().get_stack_by_name("Functions").template["Resources"]
    assert resources.keys() >= {"Cluster", "Parameter", "Alarm"}
    assert "Security" not in resources


def test_one_cluster_of_several():
    source = read(str(FUNCTIONS), str)
    other = generated(source, cluster="Cluster")
    # The step of another cluster stays in the template.
    assert {part.logical_id for part in other.plan.parts} == {"Security", "Cluster", "Tasks", "First"}
    assert "Second" in other.stack.included["Resources"]
    app = new_app()
    other.construct(app, "One")
    template = app.synth().get_stack_by_name("One").template
    assert template["Resources"]["Second"]["DependsOn"] == ["First", "Tasks", "Topic"]
