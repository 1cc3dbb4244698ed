"""Nothing is lost between a request and the template, for every property that CloudFormation knows."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest
from aws_cdk import aws_emr as emr
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from emr_constructs import (
    AutoScalingPolicy,
    CapacityReservations,
    ClusterDefinition,
    Configuration,
    EbsVolume,
    EmrError,
    FleetInstanceType,
    InstanceFleet,
    InstanceFleets,
    InstanceGroup,
    InstanceGroups,
    ManagedScaling,
    Market,
    OnDemandAllocationStrategy,
    OnDemandProvisioning,
    OnDemandResizing,
    ScalingRule,
    ScalingTrigger,
    SpotAllocationStrategy,
    SpotProvisioning,
    SpotResizing,
    Termination,
)
from emr_constructs._core.cloudformation import (
    cluster_properties,
    create_resource,
    l1_properties,
    step_properties,
    task_fleet_properties,
    task_group_properties,
)
from tests.tools import new_app, new_stack, only, synthesize

TYPES = {
    "AWS::EMR::Cluster": emr.CfnCluster,
    "AWS::EMR::InstanceFleetConfig": emr.CfnInstanceFleetConfig,
    "AWS::EMR::InstanceGroupConfig": emr.CfnInstanceGroupConfig,
    "AWS::EMR::Step": emr.CfnStep,
}
LEAVES = {
    "AWS::EMR::Cluster": 290,
    "AWS::EMR::InstanceFleetConfig": 35,
    "AWS::EMR::InstanceGroupConfig": 35,
    "AWS::EMR::Step": 8,
}


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
    assert len(leaves(properties)) > LEAVES[kind]
    stack = new_stack(new_app())
    create_resource(TYPES[kind], stack, "Resource", properties)
    made = only(synthesize(stack), kind)
    assert sorted(leaves(made)) == sorted(leaves(properties))
    assert json.loads(json.dumps(made)) == properties


def test_an_unknown_property_is_an_error_at_any_depth():
    with pytest.raises(
        EmrError, match="CfnClusterProps of the installed aws-cdk-lib doesn't support 'NewProperty'; use one of"
    ):
        l1_properties(emr.CfnCluster, {"NewProperty": 1})
    volume = {"VolumeSpecification": {"SizeInTB": 1}}
    instances = {"CoreInstanceGroup": {"EbsConfiguration": {"EbsBlockDeviceConfigs": [volume]}}}
    with pytest.raises(EmrError, match=r"CfnCluster\.VolumeSpecificationProperty .* doesn't support 'SizeInTB'"):
        l1_properties(emr.CfnCluster, {"Instances": instances})


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


def test_fleets_have_a_property_for_each_role():
    configuration = {"Classification": "a", "Properties": {"b": "c"}}
    fleets = [
        {"InstanceFleetType": "MASTER", "TargetOnDemandCapacity": 1},
        {"InstanceFleetType": "CORE", "InstanceTypeConfigs": [{"Configurations": [configuration]}]},
        {"InstanceFleetType": "TASK", "Name": "a"},
    ]
    spelled = {"Classification": "a", "ConfigurationProperties": {"b": "c"}}
    assert cluster_properties({"Instances": {"Ec2SubnetIds": ["a", "b"], "InstanceFleets": fleets}}) == {
        "Instances": {
            "Ec2SubnetIds": ["a", "b"],
            "MasterInstanceFleet": {"TargetOnDemandCapacity": 1},
            "CoreInstanceFleet": {"InstanceTypeConfigs": [{"Configurations": [spelled]}]},
            "TaskInstanceFleets": [{"Name": "a"}],
        }
    }


def test_added_nodes_belong_to_a_cluster():
    configuration = {"Classification": "a", "Properties": {"b": "c"}}
    spelled = {"Classification": "a", "ConfigurationProperties": {"b": "c"}}
    group = {"InstanceRole": "TASK", "Configurations": [configuration]}
    assert task_group_properties(group, "j-1") == {
        "JobFlowId": "j-1",
        "InstanceRole": "TASK",
        "Configurations": [spelled],
    }
    fleet = {"InstanceFleetType": "TASK", "InstanceTypeConfigs": [{"Configurations": [configuration]}]}
    assert task_fleet_properties(fleet, "j-1") == {
        "ClusterId": "j-1",
        "InstanceFleetType": "TASK",
        "InstanceTypeConfigs": [{"Configurations": [spelled]}],
    }


VOLUME = EbsVolume.gp3(size_gib=100, iops=4000, throughput_mibps=500)
NODES = {
    "ebs_volumes": [VOLUME],
    "ebs_optimized": True,
    "configurations": [Configuration("a", {"b": 1}, [Configuration("c", {"d": 2})])],
    "custom_ami_id": "ami-0123456789abcdef0",
}
TRIGGER = ScalingTrigger.above(
    "Backlog", 1, evaluation_periods=1, statistic="SUM", unit="COUNT", namespace="Mine", dimensions={"a": "b"}
)
RULE = ScalingRule.change_by("Out", 1, when=TRIGGER, cool_down_seconds=60, description="More")
GROUP = InstanceGroup(
    "m7g.xlarge",
    market=Market.spot(bid_price=1),
    auto_scaling_policy=AutoScalingPolicy(minimum=1, maximum=2, rules=[RULE]),
    **NODES,
)
OPEN, TARGETED = (
    CapacityReservations.open(),
    CapacityReservations.targeted("arn:aws:resource-groups:us-east-1:111111111111:group/a"),
)
DIVERSIFIED = SpotAllocationStrategy.DIVERSIFIED
LOWEST = OnDemandAllocationStrategy.LOWEST_PRICE


def fleet(reservations):
    return InstanceFleet.mixed(
        FleetInstanceType("m7g.xlarge", 1, priority=1, bid_price=1, **NODES),
        FleetInstanceType("m6g.xlarge", bid_price_percentage=50),
        on_demand_units=1,
        spot_units=1,
        on_demand_provisioning=OnDemandProvisioning(capacity_reservations=reservations),
        spot_provisioning=SpotProvisioning(allocation_strategy=DIVERSIFIED),
        on_demand_resizing=OnDemandResizing(
            timeout_minutes=5, allocation_strategy=LOWEST, capacity_reservations=reservations
        ),
        spot_resizing=SpotResizing(timeout_minutes=5, allocation_strategy=DIVERSIFIED),
    )


# What the library does not say, and why.
UNSAID = {
    ".LaunchSpecifications.SpotSpecification.BlockDurationMinutes": "EC2 ended Spot blocks in 2022",
    ".AutoScalingPolicy.Rules[].Action.Market": "has no effect on instance groups, which alone scale by rules",
}


def said(value, path=""):
    """The paths of all properties in ``value``, those of a nested configuration once."""
    match value:
        case dict():
            for name, item in value.items():
                here = f"{path}.{name}".replace(".Configurations[].Configurations", ".Configurations")
                yield here
                # The keys of settings are the user's.
                yield from said(item, here) if name != "ConfigurationProperties" else ()
        case list():
            for item in value:
                yield from said(item, f"{path}[]")


@pytest.mark.parametrize(
    ("kind", "rendered"),
    [
        ("AWS::EMR::InstanceGroupConfig", [task_group_properties(GROUP._render("TASK"), "j-1")]),
        (
            "AWS::EMR::InstanceFleetConfig",
            [task_fleet_properties(fleet(chosen)._render("TASK"), "j-1") for chosen in (OPEN, TARGETED)],
        ),
    ],
)
def test_the_values_say_every_property_of_added_nodes(kind, rendered):
    possible = {path for path in said(everything(kind)) if not path.endswith(".ConfigurationProperties[]")}
    reached = {path for properties in rendered for path in said(properties)}
    assert possible - reached == {path for path in UNSAID if path in possible}
    assert reached <= possible


def test_the_values_say_every_property_of_the_capacity_of_a_cluster():
    managed = ManagedScaling.instances(
        minimum=1, maximum=3, maximum_on_demand=2, maximum_core=1, utilization_performance_index=50
    )
    scaled = replace(GROUP, custom_ami_id=None)
    definitions = [
        ClusterDefinition(
            instances=InstanceGroups(master=InstanceGroup("m7g.xlarge", **NODES), core=GROUP, tasks=[GROUP])
        ),
        *(
            ClusterDefinition(
                instances=InstanceFleets(
                    master=replace(fleet(chosen), target_spot_capacity=0), core=fleet(chosen), task=fleet(chosen)
                )
            )
            for chosen in (OPEN, TARGETED)
        ),
        ClusterDefinition(managed_scaling=managed),
        ClusterDefinition(
            instances=InstanceGroups(master=InstanceGroup("m7g.xlarge", 3), core=scaled),
            termination=Termination.manual(protected=True),
        ),
    ]
    reached = {path for found in definitions for path in said(cluster_properties(found._render()))}
    capacity = (".Instances.Core", ".Instances.Task", ".ManagedScalingPolicy", ".PlacementGroupConfigs")
    possible = {
        path
        for path in said(everything("AWS::EMR::Cluster"))
        if path.startswith((*capacity, ".Instances.MasterInstanceFleet"))
    }
    assert len(possible) > 150
    left_out = {path for path in possible - reached if not path.endswith(tuple(UNSAID))}
    assert left_out == set()


def test_rejects_what_only_the_api_can_say():
    with pytest.raises(
        EmrError, match="AWS::EMR::Cluster doesn't support RepoUpgradeOnBoot, SessionEnabled; remove it"
    ):
        cluster_properties({"Instances": {}, "SessionEnabled": True, "RepoUpgradeOnBoot": "NONE"})


def test_what_the_installed_l1_lacks_is_an_override(stack):
    properties = {"Name": "logs", "Instances": {}, "JobFlowRole": "a", "ServiceRole": "b", "Later": {"Some": [1]}}
    with pytest.raises(EmrError, match="doesn't support 'Later'"):
        create_resource(emr.CfnCluster, stack, "Unknown", properties)
    created = create_resource(emr.CfnCluster, stack, "Cluster", properties, newer=["Later", "Name"])
    assert created.name == "logs"
    properties = only(synthesize(stack), "AWS::EMR::Cluster")
    assert (properties["Later"], properties["Name"]) == ({"Some": [1]}, "logs")


def test_a_step_belongs_to_a_cluster():
    step = {"Name": "a", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "a.jar", "Args": ["b"]}}
    assert step_properties(step, "j-1") == {"JobFlowId": "j-1", **step}


def test_logs_of_a_step_are_its_own_properties():
    logs = {"LogUri": "s3://logs/a/", "EncryptionKeyArn": "arn:aws:kms:us-east-1:111111111111:key/1"}
    step = {"Name": "a", "HadoopJarStep": {"Jar": "a.jar"}}
    monitored = {**step, "StepMonitoringConfiguration": {"S3MonitoringConfiguration": logs}}
    assert step_properties(monitored, "j-1") == {"JobFlowId": "j-1", **step, **logs}
    with pytest.raises(
        EmrError,
        match=r"steps that are launched with a cluster can't have separate logs, got a; submit them with cluster",
    ):
        cluster_properties({"Instances": {}, "Steps": [monitored]})


def test_additional_information_is_an_object():
    request = {"Instances": {}, "AdditionalInfo": '{"instanceAwsClientConfiguration": {"version": 1}}'}
    properties = cluster_properties(request)
    assert properties["AdditionalInfo"] == {"instanceAwsClientConfiguration": {"version": 1}}
    assert l1_properties(emr.CfnCluster, properties)["additionalInfo"] == properties["AdditionalInfo"]


def test_leaves_tokens_as_they_are():
    properties = {
        "Instances": "${Token[TOKEN.1]}",
        "Steps": ["${Token[TOKEN.2]}"],
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    assert l1_properties(emr.CfnCluster, properties) == {
        "instances": "${Token[TOKEN.1]}",
        "steps": ["${Token[TOKEN.2]}"],
        "tags": [{"key": "a", "value": "b"}],
    }
