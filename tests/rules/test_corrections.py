"""What to use instead of names and choices that a structure doesn't have, and one finding for one cause."""

from __future__ import annotations

import json

import pytest

from emr_constructs.rules import check
from emr_constructs.templates.checking import check_template
from emr_constructs.templates.inputs import Source, check_source
from emr_constructs.templates.parsing import parse
from tests.rules.cases.parts import cluster, group, groups, volume

TEMPLATE = """
Resources:
  Cluster:
    Type: AWS::EMR::Cluster
    Properties:
      Name: a
      ReleaseLabel: emr-7.9.0
      ServiceRole: EMR_DefaultRole
      {properties}
      Instances:
        Ec2SubnetId: subnet-0123456789abcdef0
        {instances}
"""
ROLE = "JobFlowRole: EMR_EC2_DefaultRole"
MASTER = "MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge}"


def texts(properties=ROLE, instances=MASTER):
    found = check_template(parse(TEMPLATE.replace("{properties}", properties).replace("{instances}", instances)))
    return [f"{finding.message}; {finding.fix}" for finding in found]


@pytest.mark.parametrize(
    ("properties", "instances", "expected"),
    [
        ("InstanceProfile: a", MASTER, "AWS::EMR::Cluster has no 'InstanceProfile'; use 'JobFlowRole'"),
        ("job_flow_role: a", MASTER, "AWS::EMR::Cluster has no 'job_flow_role'; use 'JobFlowRole'"),
        ("JobFlowRol: a", MASTER, "AWS::EMR::Cluster has no 'JobFlowRol'; use 'JobFlowRole'"),
        (f"{ROLE}\n      Ec2KeyName: a", MASTER, "AWS::EMR::Cluster has no 'Ec2KeyName'; it belongs in Instances"),
        (f"{ROLE}\n      AutoTermination: {{}}", MASTER,
         "AWS::EMR::Cluster has no 'AutoTermination'; use 'AutoTerminationPolicy'"),
        (f"{ROLE}\n      BootstrapActions: [{{Name: a, Path: s3://a/b.sh}}]", MASTER,
         "BootstrapActionConfig has no 'Path'; it belongs in ScriptBootstrapAction"),
        (ROLE, f"{MASTER}\n        KeyName: a", "JobFlowInstancesConfig has no 'KeyName'; use 'Ec2KeyName'"),
        (ROLE, f"{MASTER}\n        Steps: []",
         "JobFlowInstancesConfig has no 'Steps'; it belongs in the properties of the cluster"),
        (ROLE, "MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge, InstanceRole: MASTER}",
         "InstanceGroupConfig has no 'InstanceRole'; remove InstanceRole; the name of the property states the role"),
        (ROLE, "InstanceGroups: [{InstanceRole: MASTER, InstanceCount: 1, InstanceType: m5.xlarge}]",
         "JobFlowInstancesConfig has no 'InstanceGroups'; use MasterInstanceGroup, CoreInstanceGroup, "
         "TaskInstanceGroups; only the API has a single list"),
        (ROLE, "MasterInstanceGroup: {Count: 1, InstanceType: m5.xlarge}",
         "InstanceGroupConfig has no 'Count'; use 'InstanceCount'"),
    ],
)  # fmt: skip
def test_a_misspelt_property_is_one_finding(properties, instances, expected):
    assert texts(properties, instances) == [expected]


def test_another_missing_property_is_reported():
    assert texts("Foo: 1") == [
        texts(f"{ROLE}\n      Foo: 1")[0],
        "AWS::EMR::Cluster requires JobFlowRole; specify JobFlowRole",
    ]


@pytest.mark.parametrize(
    ("shape", "value", "expected"),
    [
        ("VolumeSpecification", volume(SizeInGb=1), "VolumeSpecification has no 'SizeInGb'; use 'SizeInGB'"),
        ("Tag", {"name": "a", "Value": "b"}, "Tag has no 'name'; use 'Key'"),
        ("InstanceGroupConfig", group(Market="Spot"), "Market must be one of ON_DEMAND, SPOT, got 'Spot'; use 'SPOT'"),
        ("InstanceGroupConfig", group(Market="ONDEMAND"),
         "Market must be one of ON_DEMAND, SPOT, got 'ONDEMAND'; use 'ON_DEMAND'"),
        ("InstanceGroupConfig", group(Market="a"),
         "Market must be one of ON_DEMAND, SPOT, got 'a'; use one of these values"),
        ("RunJobFlowInput", cluster(instances=groups(group("master"))),
         "InstanceRole must be one of MASTER, CORE, TASK, got 'master'; use 'MASTER'"),
        ("RunJobFlowInput", cluster(instances={"MasterInstanceGroup": {}, "KeepJobFlowAliveWhenNoSteps": True}),
         "JobFlowInstancesConfig has no 'MasterInstanceGroup'; use 'InstanceGroups'"),
    ],
)  # fmt: skip
def test_a_request_has_one_finding(shape, value, expected):
    value.pop("SizeInGB", None) if "SizeInGb" in value else None
    assert [f"{finding.message}; {finding.fix}" for finding in check(shape, value)] == [expected]


@pytest.mark.parametrize(
    ("shape", "value", "expected"),
    [
        ("RunJobFlowInput", cluster(Applications=["Spark"]),
         "Applications[0] must be a mapping, got 'Spark'; use {'Name': 'Spark'}"),
        ("HadoopJarStepConfig", {"Jar": "command-runner.jar", "Args": "spark-submit --verbose s3://a/b.py"},
         "Args must be a list, got 'spark-submit --verbose s3://a/b.py'; use a list with an item for each word, such "
         "as ['spark-submit', '--verbose']"),
        ("RunJobFlowInput", cluster(Tags={"a": "b"}), 'Tags must be a list, got {"a": "b"}; use a list'),
    ],
)  # fmt: skip
def test_a_value_of_another_type_gets_a_precise_fix(shape, value, expected):
    assert [f"{finding.message}; {finding.fix}" for finding in check(shape, value)] == [expected]


def test_properties_in_a_request_are_text():
    content = {"Configurations": [{"Classification": "spark-defaults", "Properties": {"spark.executor.cores": 4}}]}
    for value in (content, content["Configurations"]):
        (finding,) = check_source(Source("a", json.dumps(value), value))
        assert finding.rule == "emr-type"
        assert str(finding).startswith('spark.executor.cores must be a string, got 4; use "4"')
    template = {"Resources": {"C": {"Type": "AWS::EMR::Cluster", "Properties": content}}}
    assert "emr-type" not in [finding.rule for finding in check_template(template)]


def test_nodes_of_another_role_that_a_template_adds_are_one_finding():
    added = """
  Core:
    Type: AWS::EMR::{kind}
    Properties: {{owner}: !Ref Cluster, {members}}
"""
    core = f"{MASTER}\n        CoreInstanceGroup: {{InstanceCount: 1, InstanceType: m5.xlarge}}"
    group_members = "InstanceRole: CORE, InstanceCount: 1, InstanceType: m5.xlarge"
    fleet_members = (
        "InstanceFleetType: CORE, TargetOnDemandCapacity: 1, TargetSpotCapacity: 0, "
        "InstanceTypeConfigs: [{InstanceType: m5.xlarge}]"
    )
    for kind, owner, members, rule in (
        ("InstanceGroupConfig", "JobFlowId", group_members, "emr-added-group-role"),
        ("InstanceFleetConfig", "ClusterId", fleet_members, "emr-added-fleet-role"),
    ):
        text = TEMPLATE.replace("{properties}", ROLE).replace("{instances}", core)
        text += added.replace("{kind}", kind).replace("{owner}", owner).replace("{members}", members)
        assert [finding.rule for finding in check_template(parse(text))] == [rule]
