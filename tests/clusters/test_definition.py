from __future__ import annotations

import inspect

import boto3
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_secretsmanager as secretsmanager
from botocore.validate import ParamValidator

from emr_constructs import (
    ActionOnFailure,
    Application,
    BootstrapAction,
    ClusterDefinition,
    ClusterOptions,
    ClusterProfile,
    Configuration,
    EbsVolume,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    Market,
    ReleaseLabel,
    RootVolume,
    Script,
    Step,
    Termination,
)
from emr_constructs.clusters.definition import _KINDS
from tests.tools import new_cluster, new_stack

JOB = Script.from_uri("s3://bucket/job.py")
FULL = ClusterDefinition(
    cluster_name="nightly",
    release_label=ReleaseLabel.EMR_7_13_0,
    applications=[Application.SPARK, Application.HIVE],
    instances=InstanceGroups(
        master=InstanceGroup("m7g.xlarge"),
        core=InstanceGroup(
            "r7g.xlarge",
            3,
            ebs_volumes=[EbsVolume.gp3(size_gib=100, iops=4000, throughput_mibps=500)],
            configurations=[Configuration("yarn-site", {"a": 1})],
        ),
        tasks=[InstanceGroup("c7g.xlarge", 5, market=Market.spot(bid_price="0.10"))],
    ),
    configurations=[Configuration("spark-env", configurations=[Configuration("export", {"A": True})])],
    bootstrap_actions=[BootstrapAction("Setup", Script.from_uri("s3://bucket/setup.sh"), ["a"])],
    steps=[Step.spark("Nightly", script=JOB)],
    step_concurrency_level=2,
    termination=Termination.after_steps(),
    unhealthy_node_replacement=False,
    root_volume=RootVolume(size_gib=40, iops=4000, throughput_mibps=250),
    custom_ami_id="ami-0123456789abcdef0",
    scale_down_behavior="TERMINATE_AT_TASK_COMPLETION",
    additional_info={"feature": {"on": True}},
    tags={"team": "data"},
)


def test_says_everything_in_the_shape_of_the_api():
    assert FULL._render() == {
        "Name": "nightly",
        "ReleaseLabel": "emr-7.13.0",
        "VisibleToAllUsers": True,
        "Applications": [{"Name": "Spark"}, {"Name": "Hive"}],
        "Configurations": [
            {
                "Classification": "spark-env",
                "Configurations": [{"Classification": "export", "Properties": {"A": "true"}}],
            }
        ],
        "BootstrapActions": [
            {"Name": "Setup", "ScriptBootstrapAction": {"Path": "s3://bucket/setup.sh", "Args": ["a"]}}
        ],
        "Steps": [
            {
                "Name": "Nightly",
                "ActionOnFailure": "CONTINUE",
                "HadoopJarStep": {
                    "Jar": "command-runner.jar",
                    "Args": ["spark-submit", "--deploy-mode", "cluster", "s3://bucket/job.py"],
                },
            }
        ],
        "StepConcurrencyLevel": 2,
        "EbsRootVolumeSize": 40,
        "EbsRootVolumeIops": 4000,
        "EbsRootVolumeThroughput": 250,
        "CustomAmiId": "ami-0123456789abcdef0",
        "ScaleDownBehavior": "TERMINATE_AT_TASK_COMPLETION",
        "AdditionalInfo": '{"feature": {"on": true}}',
        "Tags": [{"Key": "team", "Value": "data"}],
        "Instances": {
            "KeepJobFlowAliveWhenNoSteps": False,
            "TerminationProtected": False,
            "UnhealthyNodeReplacement": False,
            "InstanceGroups": [
                {
                    "Name": "Master",
                    "InstanceRole": "MASTER",
                    "InstanceType": "m7g.xlarge",
                    "InstanceCount": 1,
                    "Market": "ON_DEMAND",
                },
                {
                    "Name": "Core",
                    "InstanceRole": "CORE",
                    "InstanceType": "r7g.xlarge",
                    "InstanceCount": 3,
                    "Market": "ON_DEMAND",
                    "EbsConfiguration": {
                        "EbsBlockDeviceConfigs": [
                            {
                                "VolumeSpecification": {
                                    "VolumeType": "gp3",
                                    "SizeInGB": 100,
                                    "Iops": 4000,
                                    "Throughput": 500,
                                },
                                "VolumesPerInstance": 1,
                            }
                        ]
                    },
                    "Configurations": [{"Classification": "yarn-site", "Properties": {"a": "1"}}],
                },
                {
                    "Name": "Task",
                    "InstanceRole": "TASK",
                    "InstanceType": "c7g.xlarge",
                    "InstanceCount": 5,
                    "Market": "SPOT",
                    "BidPrice": "0.10",
                },
            ],
        },
    }


def test_is_a_request_that_botocore_accepts():
    model = boto3.client("emr", region_name="us-east-1").meta.service_model
    report = ParamValidator().validate(FULL._render(), model.operation_model("RunJobFlow").input_shape)
    assert not report.has_errors(), report.generate_report()


def test_defaults_are_safe_and_cheap():
    definition = ClusterDefinition()
    request = definition._render()
    assert request["ReleaseLabel"] == "emr-7.14.0"
    assert request["AutoTerminationPolicy"] == {"IdleTimeout": 3600}
    assert request["VisibleToAllUsers"] is True
    assert request["Instances"]["UnhealthyNodeReplacement"] is True
    assert [group["InstanceCount"] for group in request["Instances"]["InstanceGroups"]] == [1, 2]
    assert not {"Name", "Applications", "Steps", "Tags", "Configurations"} & request.keys()


def test_replaces_options_and_keeps_the_others():
    smaller = FULL.replace(instances=InstanceGroups(master=InstanceGroup("m7g.xlarge")), step_concurrency_level=1)
    assert len(smaller._render()["Instances"]["InstanceGroups"]) == 1
    assert smaller._render()["StepConcurrencyLevel"] == 1
    assert smaller._render()["Applications"] == FULL._render()["Applications"]
    assert FULL._render()["StepConcurrencyLevel"] == 2


def test_every_option_is_declared_once():
    assert set(ClusterOptions.__annotations__) == {*_KINDS}


def test_takes_a_release_of_the_operating_system():
    definition = ClusterDefinition(os_release_label="2023.12.20260629.0")
    assert definition._render()["OSReleaseLabel"] == "2023.12.20260629.0"


def test_takes_a_key_pair():
    stack = new_stack()
    pair = ec2.KeyPair.from_key_pair_name(stack, "Pair", "ops")
    assert ClusterDefinition(key_pair=pair)._render()["Instances"]["Ec2KeyName"] == "ops"


def test_finds_secrets_of_the_cluster_and_of_its_groups():
    stack = new_stack()
    one, two = secretsmanager.Secret(stack, "One"), secretsmanager.Secret(stack, "Two")
    definition = ClusterDefinition(
        configurations=[Configuration("hive-site", {"a": one})],
        instances=InstanceGroups(master=InstanceGroup("m7g.xlarge", configurations=[Configuration("b", {"c": two})])),
    )
    assert list(definition.secrets) == [one, two]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"release": "emr-7.14.0"}, "a cluster has no option 'release'; use release_label"),
        ({"color": "red"}, "a cluster has no option 'color'; use one of additional_info, applications"),
        (
            {"log_bucket": "logs"},
            r"log_bucket belongs to ClusterProfile\(\.\.\.\); pass profile=ClusterProfile\(\.\.\., log_bucket=\.\.\.\)",
        ),
        ({"master": "m7g.xlarge"}, r"master belongs to InstanceGroups\(\.\.\.\); pass instances=InstanceGroups"),
        ({"workflow": []}, r"workflow belongs to TransientCluster\(\.\.\.\); use a TransientCluster, or steps"),
        ({"release_label": 7}, "release_label must be a ReleaseLabel or a string, got 7; use "),
        (
            {"release_label": "7.14"},
            "release label must be emr- or emr-spark- and three numbers, got '7.14'",
        ),
        ({"applications": [5]}, r"applications\[0\] must be an Application or a string, got 5"),
        ({"applications": ["Sparkk"]}, "Sparkk"),
        ({"applications": Application.SPARK}, r"applications must be a list of Application objects or strings"),
        ({"applications": "Spark"}, r"applications must be .*, got 'Spark'; use \['Spark'\]"),
        (
            {"configurations": ["spark"]},
            r"configurations\[0\] must be a Configuration or a list of Configuration objects",
        ),
        (
            {"instances": InstanceGroup("m7g.xlarge")},
            "instances must be an InstanceGroups or an InstanceFleets, got an InstanceGroup object",
        ),
        ({"kerberos": "EC2.INTERNAL"}, "kerberos must be a KerberosAttributes, got 'EC2.INTERNAL'"),
        ({"tags": ["a"]}, r"tags must be a mapping of strings to strings, got \['a'\]"),
        ({"step_concurrency_level": "2"}, "step_concurrency_level must be an integer, got '2'"),
        ({"unhealthy_node_replacement": "no"}, "unhealthy_node_replacement must be a boolean, got 'no'"),
        ({"cluster_name": 5}, "cluster_name must be a string, got 5"),
        ({"os_release_label": 2023}, "os_release_label must be a string, got 2023"),
        (
            {"os_release_label": "2.0.20210312.1"},
            "system release must be one of Amazon Linux 2023, on which emr-7.14.0 runs, got 2.0.20210312.1",
        ),
        (
            {"additional_info": {"a": {1}}},
            "additional_info must be convertible to JSON, got an error: Object of",
        ),
        ({"additional_info": "a"}, "additional_info must be a mapping, got 'a'"),
        ({"scale_down_behavior": "NEVER"}, "ScaleDownBehavior must be one of .*"),
        ({"cluster_name": "a<b"}, "got 'a<b'; change the name"),
        ({"tags": {"aws:a": "b"}}, "tag key must have 1 to 128 characters and not begin with aws:, got 'aws:a'"),
        ({"step_concurrency_level": 300}, "step concurrency level must be 1 to 256, got 300"),
        (
            {"release_label": ReleaseLabel.EMR_5_29_0},
            r"release must support auto-termination when idle .*, got emr-5\.29\.0; use emr-5\.30\.0",
        ),
        (
            {"applications": [Application.GANGLIA]},
            "application must be one that emr-7.14.0 offers, got 'Ganglia'",
        ),
        (
            {"steps": [Step.spark("a", script=JOB)], "applications": [Application.HIVE]},
            "spark-submit of step 'a' requires Spark, which the cluster does not have; add Spark to the applications",
        ),
        (
            {
                "steps": [Step.jar("a", jar=JOB, action_on_failure=ActionOnFailure.CANCEL_AND_WAIT)],
                "step_concurrency_level": 2,
            },
            "got CANCEL_AND_WAIT for step 'a'; use ActionOnFailure",
        ),
        (
            {
                "configurations": [Configuration("a", {"k": 1}), Configuration("a", {"k": 2})],
            },
            "'k' of 'a' must have one value, got 1 and 2",
        ),
        (
            {
                "custom_ami_id": "ami-01234567",
                "instances": InstanceGroups(master=InstanceGroup("m7g.xlarge", custom_ami_id="ami-01234567")),
            },
            "custom AMI of the cluster can't be combined with custom AMIs of instance groups or types",
        ),
        (
            {"root_volume": RootVolume(size_gib=12)},
            "root volume size must be 15 to 100 GiB, got 12",
        ),
    ],
)
def test_rejects_what_emr_rejects(options, message):
    with pytest.raises(EmrError, match=message):
        new_cluster(**options)


def test_reports_all_problems_together():
    with pytest.raises(EmrError) as error:
        ClusterDefinition(cluster_name="a|b", tags={"aws:a": "b"})
    assert len(error.value.problems) == 2


def test_accepts_the_names_of_release_and_applications():
    definition = ClusterDefinition(release_label="emr-7.10.0", applications=["Spark", Application.HIVE])
    assert definition.release_label == ReleaseLabel.of("emr-7.10.0")
    request = definition._render()
    assert request["ReleaseLabel"] == "emr-7.10.0"
    assert request["Applications"] == [{"Name": "Spark"}, {"Name": "Hive"}]


LEFT_OUT = {"placement_strategy", "unhealthy_node_replacement", "visible_to_all_users"}


@pytest.mark.parametrize("option", sorted(ClusterOptions.__annotations__.keys() - LEFT_OUT))
def test_none_is_an_option_that_is_not_given(option):
    assert ClusterDefinition(**{option: None})._render() == ClusterDefinition()._render()


def test_what_factories_return_is_an_item():
    presets = Configuration.glue_data_catalog(Application.SPARK, Application.HIVE)
    own = Configuration("spark-defaults", {"a": "b"})
    group = InstanceGroup("m7g.xlarge", configurations=[own, presets])
    definition = ClusterDefinition(configurations=[own, presets], instances=InstanceGroups(master=group))
    assert (
        definition._render()["Configurations"]
        == ClusterDefinition(configurations=[own, *presets])._render()["Configurations"]
    )
    assert group == InstanceGroup("m7g.xlarge", configurations=[own, *presets])


def test_names_the_construct_of_every_option_of_a_profile():
    parameters = inspect.signature(ClusterProfile.__init__).parameters
    shared = {"vpc", "vpc_subnets", "release_label", "removal_policy", "self", "scope", "construct_id"}
    for name in parameters.keys() - shared:
        with pytest.raises(EmrError, match=f"{name} belongs to ClusterProfile"):
            ClusterDefinition(**{name: "x"})
