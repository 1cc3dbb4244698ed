"""Members that say what EMR does anyway can be left out, and explicit values are written."""

from __future__ import annotations

import pytest
from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from emr_constructs import (
    ActionOnFailure,
    Application,
    Cluster,
    ClusterDefinition,
    ClusterProfile,
    EbsVolume,
    EmrError,
    InstanceFleet,
    InstanceFleets,
    InstanceGroup,
    InstanceGroups,
    Market,
    ScalingRule,
    ScalingTrigger,
    Script,
    SpotProvisioning,
    Step,
    StepTask,
    Termination,
    TransientCluster,
)
from tests.tools import cluster_with, imported_vpc, new_cluster, new_stack, only, resources, synthesize, warnings

TAG = "for-use-with-amazon-emr-managed-policies"
JOB = Script.from_uri("s3://company-jobs/job.py")
SILENT = {"termination": Termination.explicit(), "unhealthy_node_replacement": None, "visible_to_all_users": None}


def plain(instance_type, count=1, **options):
    return InstanceGroup(instance_type, count, **{"market": None, "name": None} | options)


def test_a_definition_of_groups_has_only_what_is_passed():
    groups = InstanceGroups(master=plain("m5.xlarge"), core=plain("m5.xlarge", 2), tasks=[plain("m5.xlarge", 3)])
    assert ClusterDefinition(release_label="emr-7.13.0", instances=groups, **SILENT)._render() == {
        "ReleaseLabel": "emr-7.13.0",
        "Instances": {
            "InstanceGroups": [
                {"InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1},
                {"InstanceRole": "CORE", "InstanceType": "m5.xlarge", "InstanceCount": 2},
                {"InstanceRole": "TASK", "InstanceType": "m5.xlarge", "InstanceCount": 3},
            ]
        },
    }


def test_a_definition_of_fleets_has_only_what_is_passed():
    master = InstanceFleet(["m5.xlarge"], 1, None, name=None)
    core = InstanceFleet(["m5.xlarge", "m4.xlarge"], None, 2, name=None, spot_provisioning=None)
    fleets = InstanceFleets(master=master, core=core)
    assert ClusterDefinition(release_label="emr-7.13.0", instances=fleets, **SILENT)._render() == {
        "ReleaseLabel": "emr-7.13.0",
        "Instances": {
            "InstanceFleets": [
                {
                    "InstanceFleetType": "MASTER",
                    "TargetOnDemandCapacity": 1,
                    "InstanceTypeConfigs": [{"InstanceType": "m5.xlarge"}],
                },
                {
                    "InstanceFleetType": "CORE",
                    "TargetSpotCapacity": 2,
                    "InstanceTypeConfigs": [{"InstanceType": "m5.xlarge"}, {"InstanceType": "m4.xlarge"}],
                },
            ]
        },
    }


def test_the_defaults_are_written():
    rendered = ClusterDefinition(release_label="emr-7.13.0")._render()
    assert rendered["VisibleToAllUsers"] is True
    instances = rendered["Instances"]
    written = {name: instances[name] for name in instances if name != "InstanceGroups"}
    assert written == {
        "KeepJobFlowAliveWhenNoSteps": True,
        "TerminationProtected": False,
        "UnhealthyNodeReplacement": True,
    }
    assert [(group["Name"], group["Market"]) for group in instances["InstanceGroups"]] == [
        ("Master", "ON_DEMAND"),
        ("Core", "ON_DEMAND"),
    ]


@pytest.mark.parametrize("value", [True, False])
def test_explicit_values_are_written(value):
    rendered = ClusterDefinition(
        visible_to_all_users=value,
        unhealthy_node_replacement=value,
        termination=Termination.explicit(keep_alive=value, protected=value),
    )._render()
    assert rendered["VisibleToAllUsers"] is value
    names = ("KeepJobFlowAliveWhenNoSteps", "TerminationProtected", "UnhealthyNodeReplacement")
    assert [rendered["Instances"][name] for name in names] == [value] * 3
    assert "AutoTerminationPolicy" not in rendered


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        ({}, {"Instances": {}}),
        ({"keep_alive": False}, {"Instances": {"KeepJobFlowAliveWhenNoSteps": False}}),
        ({"protected": False}, {"Instances": {"TerminationProtected": False}}),
        (
            {"idle_timeout": Duration.hours(1)},
            {"Instances": {}, "AutoTerminationPolicy": {"IdleTimeout": 3600}},
        ),
        (
            {"keep_alive": True, "protected": True, "idle_timeout": Duration.minutes(5)},
            {
                "Instances": {"KeepJobFlowAliveWhenNoSteps": True, "TerminationProtected": True},
                "AutoTerminationPolicy": {"IdleTimeout": 300},
            },
        ),
    ],
)
def test_explicit_termination_has_only_what_is_passed(passed, expected):
    assert Termination.explicit(**passed)._render() == expected


def test_explicit_termination_checks_the_idle_timeout():
    with pytest.raises(EmrError, match="idle timeout must be 60 to 604800 seconds, got 59;"):
        cluster_with(Termination.explicit(idle_timeout=Duration.seconds(59)))


def three(**options):
    instances = InstanceGroups(master=InstanceGroup("m5.xlarge", 3), core=InstanceGroup("m5.xlarge", 3))
    return ClusterDefinition(instances=instances, **options)._render()


def test_three_primary_nodes_without_a_placement_group():
    assert three()["PlacementGroupConfigs"] == three(placement_strategy="SPREAD")["PlacementGroupConfigs"]
    assert "PlacementGroupConfigs" not in three(placement_strategy=None)


def test_rejects_other_placement_strategies():
    with pytest.raises(EmrError, match="placement_strategy must be 'SPREAD', got 'CLUSTER'; use 'SPREAD'"):
        three(placement_strategy="CLUSTER")


def test_replaced_options_are_left_out_or_written_again():
    silent = ClusterDefinition(**SILENT)
    assert "VisibleToAllUsers" in silent.replace(visible_to_all_users=True)._render()
    assert "VisibleToAllUsers" not in silent.replace(step_concurrency_level=2)._render()


@pytest.mark.parametrize(("count", "member"), [(None, {}), (1, {"VolumesPerInstance": 1})])
def test_the_number_of_volumes(count, member):
    specification = {"VolumeType": "gp2", "SizeInGB": 32}
    assert EbsVolume.gp2(size_gib=32, count=count)._render() == {"VolumeSpecification": specification, **member}


def test_spot_capacity_without_provisioning():
    types = ["m5.xlarge"]
    assert "LaunchSpecifications" in InstanceFleet.spot(*types, units=1)._render("CORE")
    assert "LaunchSpecifications" not in InstanceFleet.spot(*types, units=1, spot_provisioning=None)._render("CORE")
    passed = InstanceFleet.spot(*types, units=1, spot_provisioning=SpotProvisioning(timeout_minutes=20))
    assert "LaunchSpecifications" in passed._render("CORE")


def test_a_group_without_market_is_not_spot():
    assert not plain("m5.xlarge").uses_spot
    assert plain("m5.xlarge", market=Market.spot()).uses_spot


@pytest.mark.parametrize("kind", [None, "CHANGE_IN_CAPACITY"])
def test_the_kind_of_a_scaling_adjustment(kind):
    trigger = ScalingTrigger.above("ContainerPendingRatio", 0.75)
    rule = ScalingRule(name="Out", adjustment_type=kind, adjustment=1, when=trigger)
    member = {} if kind is None else {"AdjustmentType": kind}
    assert rule._render()["Action"] == {"SimpleScalingPolicyConfiguration": {**member, "ScalingAdjustment": 1}}


def test_a_bid_price_without_market():
    group = plain("m5.xlarge", market=Market(None, "0.10"))
    assert group.uses_spot
    rendered = group._render("TASK")
    assert rendered["BidPrice"] == "0.10"
    assert "Market" not in rendered


def test_a_fleet_without_targets_is_rejected():
    with pytest.raises(EmrError, match="fleet must have a target of On-Demand or Spot capacity above 0"):
        cluster_with(InstanceFleets(master=InstanceFleet(["m5.xlarge"], None, None)))


def test_a_step_without_action_on_failure():
    step = Step.spark("Nightly", script=JOB, action_on_failure=None)
    assert "ActionOnFailure" not in step._render()
    assert Step.spark("Nightly", script=JOB)._render()["ActionOnFailure"] == "CONTINUE"


@pytest.fixture(scope="module")
def ported():
    stack = new_stack()
    vpc = imported_vpc(stack)
    key = kms.Key(stack, "LogKey")
    profile = ClusterProfile(
        stack,
        "Profile",
        vpc=vpc,
        service_role=iam.Role.from_role_arn(stack, "Service", "arn:aws:iam::111111111111:role/emr", mutable=False),
        security_configuration=None,
        log_bucket=s3.Bucket(stack, "Logs", encryption_key=key),
        log_encryption_key=None,
        managed_policy_tag=False,
    )
    cluster = Cluster(
        stack,
        "Cluster",
        profile=profile,
        applications=[Application.SPARK],
        instances=InstanceGroups(master=plain("m5.xlarge"), core=plain("m5.xlarge", 2)),
        **SILENT,
    )
    cluster.add_step(Step.spark("Nightly", script=JOB))
    cluster.add_task_group(plain("m5.xlarge"))
    return cluster, synthesize(stack)


def test_a_cluster_has_only_what_is_passed(ported):
    _, template = ported
    properties = only(template, "AWS::EMR::Cluster")
    passed = {"Applications", "Instances", "JobFlowRole", "LogUri", "Name", "ReleaseLabel", "ServiceRole"}
    assert set(properties) == passed
    groups = {"EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup", "ServiceAccessSecurityGroup"}
    assert set(properties["Instances"]) == {"MasterInstanceGroup", "CoreInstanceGroup", "Ec2SubnetId", *groups}
    group = only(template, "AWS::EMR::InstanceGroupConfig")
    assert set(group) == {"InstanceCount", "InstanceRole", "InstanceType", "JobFlowId"}


def test_cloudformation_keeps_a_cluster_alive_that_does_not_specify_it(ported):
    cluster, _ = ported
    assert warnings(cluster) == []


def test_the_nodes_can_use_the_key_of_the_log_bucket(ported):
    _, template = ported
    policies = resources(template, "AWS::IAM::ManagedPolicy").values()
    statements = [found for policy in policies for found in policy["Properties"]["PolicyDocument"]["Statement"]]
    assert [found["Resource"] for found in statements if found.get("Sid") == "UseEncryptionKeys"]


def test_rejects_an_added_step_without_action_on_failure(ported):
    cluster, _ = ported
    step = Step.spark("Other", script=JOB, action_on_failure=None)
    message = "action_on_failure of step 'Other' must be set for a step that is added to a cluster, got None"
    with pytest.raises(EmrError, match=message):
        cluster.add_step(step)


def test_a_state_machine_handles_failures():
    step = Step.spark("Other", script=JOB, action_on_failure=None)
    with pytest.raises(EmrError, match="the step 'Other' uses no action_on_failure, which can't be combined with"):
        StepTask(step)
    assert StepTask(Step.spark("Other", script=JOB, action_on_failure=ActionOnFailure.CONTINUE))


def test_a_state_machine_requires_that_the_cluster_stays_alive(stack):
    with pytest.raises(EmrError, match=r"keep it alive until then, got no keep_alive; use Termination\.when_idle"):
        TransientCluster(
            stack,
            "Job",
            vpc=imported_vpc(stack),
            applications=[Application.SPARK],
            termination=Termination.explicit(idle_timeout=Duration.hours(1)),
            workflow=[Step.spark("Nightly", script=JOB)],
        )


def test_rejects_steps_of_a_cluster_that_ends():
    step = Step.spark("Nightly", script=JOB)
    ending = new_cluster(
        applications=[Application.SPARK], steps=[step], termination=Termination.explicit(keep_alive=False)
    )
    with pytest.raises(EmrError, match="step 'Nightly' can't be added to a cluster that is terminated after its steps"):
        ending.add_step(step)


def test_rejects_the_service_role_of_the_library_without_the_tag_of_its_policy(stack):
    with pytest.raises(
        EmrError,
        match="managed_policy_tag=False requires a service role whose policy doesn't require the tag",
    ):
        ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), managed_policy_tag=False)


def test_resources_of_the_app_are_not_tagged(stack):
    vpc = ec2.Vpc(stack, "Vpc", nat_gateways=1, max_azs=1)
    role = iam.Role.from_role_arn(stack, "Service", "arn:aws:iam::111111111111:role/emr", mutable=False)
    ClusterProfile(stack, "Profile", vpc=vpc, service_role=role, log_bucket=None, managed_policy_tag=False)
    subnets = resources(synthesize(stack), "AWS::EC2::Subnet").values()
    assert not [tag for subnet in subnets for tag in subnet["Properties"]["Tags"] if tag["Key"] == TAG]


def test_a_tag_is_written_once():
    stack = new_stack()
    profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=None, log_bucket=None)
    cluster = Cluster(stack, "Cluster", profile=profile, tags={"team": "data", TAG: "true"})
    assert cluster.run_job_flow_request["Tags"] == [
        {"Key": "team", "Value": "data"},
        {"Key": TAG, "Value": "true"},
    ]
