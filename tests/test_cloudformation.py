"""Nothing is lost between a request and the template, for every property that CloudFormation knows."""

from __future__ import annotations

import json
from functools import cache

import pytest
from aws_cdk import aws_emr as emr
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from emr_constructs import EmrError
from emr_constructs._cloudformation import cluster_properties, l1_arguments, step_properties
from tests.tools import new_app, new_stack, only, synthesize

TYPES = {"AWS::EMR::Cluster": emr.CfnCluster, "AWS::EMR::Step": emr.CfnStep}


@cache
def schema(kind):
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema


def sample(kind, definition, path, depth=0):
    """A value that says everything that ``definition`` can say, each leaf different from the others."""
    if "$ref" in definition:
        definition = schema(kind)["definitions"][definition["$ref"].rpartition("/")[2]]
    types = definition.get("type")
    main = types[0] if isinstance(types, list) else types
    if "properties" in definition:
        return {
            name: sample(kind, found, f"{path}.{name}", depth + 1)
            for name, found in definition["properties"].items()
            # Configurations nest in themselves.
            if not (name == "Configurations" and depth > 8)
        }
    if main == "array":
        return [sample(kind, definition["items"], f"{path}[]", depth + 1)]
    if main == "object":
        return {f"key of {path}": f"value of {path}"}
    if main in ("integer", "number"):
        return len(path)
    if main == "boolean":
        return True
    return f"text of {path}"


def everything(kind):
    found = schema(kind)
    readonly = {name.rpartition("/")[2] for name in found.get("readOnlyProperties", [])}
    return {
        name: sample(kind, definition, name) for name, definition in found["properties"].items() if name not in readonly
    }


def leaves(value, path=""):
    match value:
        case dict():
            return [leaf for name, item in value.items() for leaf in leaves(item, f"{path}.{name}")]
        case list():
            return [leaf for item in value for leaf in leaves(item, f"{path}[]")]
        case _:
            return [path]


@pytest.mark.parametrize("kind", TYPES)
def test_every_property_of_the_schema_arrives(kind):
    properties = everything(kind)
    assert len(leaves(properties)) > (290 if kind == "AWS::EMR::Cluster" else 8)
    stack = new_stack(new_app())
    TYPES[kind](stack, "Resource", **l1_arguments(TYPES[kind], properties))
    made = only(synthesize(stack), kind)
    assert sorted(leaves(made)) == sorted(leaves(properties))
    assert json.loads(json.dumps(made)) == properties


def test_an_unknown_property_is_an_error_at_any_depth():
    with pytest.raises(EmrError, match="CfnClusterProps of this aws-cdk-lib has no property 'NewProperty'; it has"):
        l1_arguments(emr.CfnCluster, {"NewProperty": 1})
    volume = {"VolumeSpecification": {"SizeInTB": 1}}
    instances = {"CoreInstanceGroup": {"EbsConfiguration": {"EbsBlockDeviceConfigs": [volume]}}}
    with pytest.raises(EmrError, match=r"CfnCluster\.VolumeSpecificationProperty .* has no property 'SizeInTB'"):
        l1_arguments(emr.CfnCluster, {"Instances": instances})


def test_spells_a_request_as_cloudformation_does():
    configuration = {"Classification": "a", "Properties": {"Properties": "x"}, "Configurations": []}
    nested = {"Classification": "b", "Configurations": [configuration]}
    request = {
        "Name": "cluster",
        "Configurations": [nested],
        "Steps": [{"Name": "s", "HadoopJarStep": {"Jar": "a.jar", "Properties": [{"Key": "k", "Value": "v"}]}}],
        "Instances": {
            "Ec2KeyName": "key",
            "InstanceGroups": [
                {"InstanceRole": "MASTER", "InstanceCount": 1, "Configurations": [configuration]},
                {"InstanceRole": "CORE", "InstanceCount": 2},
                {"InstanceRole": "TASK", "Name": "a"},
                {"InstanceRole": "TASK", "Name": "b"},
            ],
        },
    }
    spelled = {"Classification": "a", "ConfigurationProperties": {"Properties": "x"}, "Configurations": []}
    assert cluster_properties(request) == {
        "Name": "cluster",
        "Configurations": [{"Classification": "b", "Configurations": [spelled]}],
        "Steps": [{"Name": "s", "HadoopJarStep": {"Jar": "a.jar", "StepProperties": [{"Key": "k", "Value": "v"}]}}],
        "Instances": {
            "Ec2KeyName": "key",
            "MasterInstanceGroup": {"InstanceCount": 1, "Configurations": [spelled]},
            "CoreInstanceGroup": {"InstanceCount": 2},
            "TaskInstanceGroups": [{"Name": "a"}, {"Name": "b"}],
        },
    }


def test_refuses_what_only_the_api_can_say():
    with pytest.raises(EmrError, match="AWS::EMR::Cluster has no RepoUpgradeOnBoot, SessionEnabled; leave it out"):
        cluster_properties({"Instances": {}, "SessionEnabled": True, "RepoUpgradeOnBoot": "NONE"})


def test_a_step_belongs_to_a_cluster():
    step = {"Name": "a", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "a.jar", "Args": ["b"]}}
    assert step_properties(step, "j-1") == {"JobFlowId": "j-1", **step}


def test_logs_of_a_step_are_its_own_properties():
    logs = {"LogUri": "s3://logs/a/", "EncryptionKeyArn": "arn:aws:kms:us-east-1:111111111111:key/1"}
    step = {"Name": "a", "HadoopJarStep": {"Jar": "a.jar"}}
    monitored = {**step, "StepMonitoringConfiguration": {"S3MonitoringConfiguration": logs}}
    assert step_properties(monitored, "j-1") == {"JobFlowId": "j-1", **step, **logs}
    with pytest.raises(EmrError, match=r"launched with steps that have logs of their own: a; submit them with cluster"):
        cluster_properties({"Instances": {}, "Steps": [monitored]})


def test_additional_information_is_an_object():
    request = {"Instances": {}, "AdditionalInfo": '{"instanceAwsClientConfiguration": {"version": 1}}'}
    properties = cluster_properties(request)
    assert properties["AdditionalInfo"] == {"instanceAwsClientConfiguration": {"version": 1}}
    assert l1_arguments(emr.CfnCluster, properties)["additional_info"] == properties["AdditionalInfo"]


def test_leaves_tokens_as_they_are():
    properties = {
        "Instances": "${Token[TOKEN.1]}",
        "Steps": ["${Token[TOKEN.2]}"],
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    assert l1_arguments(emr.CfnCluster, properties) == {
        "instances": "${Token[TOKEN.1]}",
        "steps": ["${Token[TOKEN.2]}"],
        "tags": [{"key": "a", "value": "b"}],
    }
