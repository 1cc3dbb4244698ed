"""Running clusters: what EMR answers about them, as moto keeps it, becomes an app."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from moto import mock_aws

from emr_constructs.generate.project import files_of
from emr_constructs.generate.running import client_of, running_plan
from emr_constructs.generate.stack import stack_of
from emr_constructs.templates.parsing import UnreadableError
from tests.cli.tools import run
from tests.generate.apps import Generated, differences, normalized
from tests.tools import new_app, only

REQUEST = {
    "Name": "daily reports",
    "ReleaseLabel": "emr-6.15.0",
    "LogUri": "s3://logs/emr/",
    "Applications": [{"Name": "Spark"}, {"Name": "Hive"}],
    "Configurations": [{"Classification": "spark-defaults", "Properties": {"spark.executor.memory": "4g"}}],
    "ServiceRole": "EMR_DefaultRole",
    "JobFlowRole": "EMR_EC2_DefaultRole",
    "SecurityConfiguration": "secure",
    "BootstrapActions": [
        {"Name": "Install", "ScriptBootstrapAction": {"Path": "s3://scripts/install.sh", "Args": ["--quiet"]}}
    ],
    "Steps": [
        {
            "Name": f"step {number}",
            "ActionOnFailure": "CONTINUE",
            "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["spark-submit", f"s3://scripts/{number}.py"]},
        }
        for number in range(3)
    ],
    "Instances": {
        "Ec2KeyName": "operators",
        "Ec2SubnetId": "subnet-0123456789abcdef0",
        "EmrManagedMasterSecurityGroup": "sg-0123456789abcdef0",
        "EmrManagedSlaveSecurityGroup": "sg-0123456789abcdef1",
        "AdditionalMasterSecurityGroups": ["sg-0123456789abcdef2"],
        "KeepJobFlowAliveWhenNoSteps": True,
        "TerminationProtected": True,
        "InstanceGroups": [
            {"Name": "Master", "InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": "m5.xlarge"},
            {
                "Name": "Core",
                "InstanceRole": "CORE",
                "InstanceCount": 2,
                "InstanceType": "m5.xlarge",
                "Market": "SPOT",
                "BidPrice": "0.25",
                "EbsConfiguration": {
                    "EbsBlockDeviceConfigs": [
                        {"VolumeSpecification": {"VolumeType": "gp2", "SizeInGB": 64}, "VolumesPerInstance": 2}
                    ]
                },
            },
        ],
    },
    "Tags": [{"Key": "team", "Value": "reports"}, {"Key": "aws:cloudformation:stack-name", "Value": "x"}],
    "VisibleToAllUsers": True,
    "StepConcurrencyLevel": 3,
}
DOCUMENT = {
    "EncryptionConfiguration": {
        "EnableInTransitEncryption": False,
        "EnableAtRestEncryption": True,
        "AtRestEncryptionConfiguration": {"S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"}},
    }
}
# moto doesn't have these operations.
POLICIES = {
    "GetManagedScalingPolicy": {},
    "GetAutoTerminationPolicy": {"AutoTerminationPolicy": {"IdleTimeout": 7200}},
}
FLEETS = [
    {
        "Id": "if-1",
        "Name": "Primary",
        "InstanceFleetType": "MASTER",
        "TargetOnDemandCapacity": 1,
        "TargetSpotCapacity": 0,
        "ProvisionedOnDemandCapacity": 1,
        "InstanceTypeSpecifications": [{"InstanceType": "m5.xlarge", "WeightedCapacity": 1, "EbsBlockDevices": []}],
    },
    {
        "Id": "if-2",
        "Name": "Core",
        "InstanceFleetType": "CORE",
        "TargetOnDemandCapacity": 0,
        "TargetSpotCapacity": 8,
        "InstanceTypeSpecifications": [
            {
                "InstanceType": "r5.xlarge",
                "WeightedCapacity": 4,
                "BidPriceAsPercentageOfOnDemandPrice": 80.0,
                "EbsBlockDevices": [
                    {"VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 32}, "Device": device}
                    for device in ("/dev/sdb", "/dev/sdc")
                ],
            }
        ],
        "LaunchSpecifications": {
            "SpotSpecification": {"TimeoutDurationMinutes": 10, "TimeoutAction": "SWITCH_TO_ON_DEMAND"}
        },
    },
]


def answer(client, operation, content):
    """Let ``client`` answer an operation without a call."""
    response = AWSResponse("https://example.com", 200, {}, None)
    client.meta.events.register(f"before-call.emr.{operation}", lambda **_: (response, content))


@pytest.fixture
def client(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("emr", region_name="eu-west-1")
        for operation, content in POLICIES.items():
            answer(client, operation, content)
        client.create_security_configuration(Name="secure", SecurityConfiguration=json.dumps(DOCUMENT))
        yield client


def app_of(plan):
    stack = stack_of(plan.template, plan.parts, plan.left, name=plan.name, origin="j-1", notes=plan.notes)
    result = Generated(None, plan, stack, files_of(stack, plan.name))
    app = new_app()
    result.construct(app, "Running")
    return result, app.synth().get_stack_by_name("Running").template


def test_instance_groups(client):
    cluster_id = client.run_job_flow(**REQUEST)["JobFlowId"]
    plan = running_plan(cluster_id, client)
    result, template = app_of(plan)
    assert plan.name == "DailyReports"
    assert result.stack.todos == ["TODO: the cluster has run these steps; remove those that must not run again"]
    request = plan.parts[1].request
    expected = {
        **REQUEST,
        "SecurityConfiguration": {"Ref": "Secure"},
        "Tags": [{"Key": "team", "Value": "reports"}],
        "AutoTerminationPolicy": {"IdleTimeout": 7200},
    }
    del expected["VisibleToAllUsers"]
    found = differences(normalized("AWS::EMR::Cluster", expected), normalized("AWS::EMR::Cluster", request))
    # moto adds what EMR doesn't answer.
    markets = {path: values for path, values in found.items() if not path.endswith(".Market")}
    assert markets == {}
    assert plan.parts[0].request == DOCUMENT
    properties = only(template, "AWS::EMR::Cluster")
    assert [step["Name"] for step in properties["Steps"]] == ["step 0", "step 1", "step 2"]
    assert properties["AutoTerminationPolicy"] == {"IdleTimeout": 7200}
    assert properties["Instances"]["CoreInstanceGroup"]["EbsConfiguration"]["EbsBlockDeviceConfigs"] == [
        {"VolumeSpecification": {"SizeInGB": 64, "VolumeType": "gp2"}, "VolumesPerInstance": 2}
    ]
    assert only(template, "AWS::EMR::SecurityConfiguration")["SecurityConfiguration"] == DOCUMENT


def test_instance_fleets(client):
    instances = {**REQUEST["Instances"], "InstanceGroups": REQUEST["Instances"]["InstanceGroups"][:1]}
    cluster_id = client.run_job_flow(**{**REQUEST, "Instances": instances})["JobFlowId"]
    cluster = client.describe_cluster(ClusterId=cluster_id)["Cluster"]
    attributes = {**cluster["Ec2InstanceAttributes"], "RequestedEc2SubnetIds": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]}
    fleets = {**cluster, "InstanceCollectionType": "INSTANCE_FLEET", "Ec2InstanceAttributes": attributes}
    answer(client, "DescribeCluster", {"Cluster": fleets})
    answer(client, "ListInstanceFleets", {"InstanceFleets": FLEETS})
    answer(
        client,
        "GetManagedScalingPolicy",
        {
            "ManagedScalingPolicy": {
                "ComputeLimits": {
                    "UnitType": "InstanceFleetUnits",
                    "MinimumCapacityUnits": 4,
                    "MaximumCapacityUnits": 40,
                }
            }
        },
    )
    _, template = app_of(running_plan(cluster_id, client))
    properties = only(template, "AWS::EMR::Cluster")
    core = properties["Instances"]["CoreInstanceFleet"]
    assert core["TargetSpotCapacity"] == 8
    assert core["InstanceTypeConfigs"][0]["WeightedCapacity"] == 4
    assert core["InstanceTypeConfigs"][0]["EbsConfiguration"]["EbsBlockDeviceConfigs"][0]["VolumesPerInstance"] == 2
    assert properties["Instances"]["Ec2SubnetIds"] == ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]


def test_a_kerberos_password_is_not_readable(client):
    kerberos = {"Realm": "EC2.INTERNAL", "KdcAdminPassword": "secret-of-the-kdc"}
    cluster_id = client.run_job_flow(**{**REQUEST, "KerberosAttributes": kerberos})["JobFlowId"]
    answer(
        client,
        "DescribeSecurityConfiguration",
        {
            "Name": "secure",
            "SecurityConfiguration": json.dumps(
                {
                    "AuthenticationConfiguration": {
                        "KerberosConfiguration": {
                            "Provider": "ClusterDedicatedKdc",
                            "ClusterDedicatedKdcConfiguration": {"TicketLifetimeInHours": 24},
                        }
                    }
                }
            ),
        },
    )
    result, _ = app_of(running_plan(cluster_id, client))
    assert "secret-of-the-kdc" not in "".join(result.files.values())
    assert any("password" in todo for todo in result.stack.todos)


def test_the_command(client, tmp_path, monkeypatch):
    cluster_id = client.run_job_flow(**REQUEST)["JobFlowId"]
    monkeypatch.setattr("emr_constructs.generate.running.client_of", lambda region, profile: client)
    result = run("generate", "--cluster-id", cluster_id, "--region", "eu-west-1", "--output", tmp_path / "app")
    assert result.exit_code == 0, result.output
    assert "1 cluster, 2 resources converted, 0 resources included, 1 TODO" in result.output
    assert f"The stack of {cluster_id}." in (tmp_path / "app" / "daily_reports_stack.py").read_text()


@pytest.mark.parametrize("cluster_id", ["", "cluster", "j-", "j-abc", "arn:aws:elasticmapreduce:cluster/j-1"])
def test_rejects_what_is_no_id(client, cluster_id):
    with pytest.raises(UnreadableError, match="--cluster-id must be the ID of a cluster, such as j-1ABCDEFGHIJKL"):
        running_plan(cluster_id, client)


def test_reports_what_emr_answers(client):
    with pytest.raises(UnreadableError, match="j-1: DescribeCluster failed: "):
        running_plan("j-1", client)


def test_requires_a_region_and_credentials(monkeypatch, tmp_path):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(UnreadableError, match="specify --region and --profile"):
        client_of(None, None)
    with pytest.raises(UnreadableError, match="production"):
        client_of("eu-west-1", "production")
    with pytest.raises(UnreadableError, match="configure credentials, or specify --profile"):
        running_plan("j-1", client_of("eu-west-1", None))


ANSWER = {
    "Cluster": {
        "Id": "j-1ABCDEFGHIJKL",
        "Name": "daily reports",
        "ReleaseLabel": "emr-6.15.0",
        "LogUri": "s3n://logs/emr/",
        "AutoTerminate": False,
        "TerminationProtected": True,
        "InstanceCollectionType": "INSTANCE_GROUP",
        "StepConcurrencyLevel": 1,
        "ServiceRole": "EMR_DefaultRole",
        "Ec2InstanceAttributes": {
            "IamInstanceProfile": "EMR_EC2_DefaultRole",
            "Ec2SubnetId": "subnet-0123456789abcdef0",
            "RequestedEc2SubnetIds": ["subnet-0123456789abcdef0"],
        },
        "Applications": [{"Name": "Spark", "Version": "3.4.1"}],
        "KerberosAttributes": {},
        "InstanceGroups": [
            {
                "Id": "ig-1",
                "Name": "Primary",
                "Market": "ON_DEMAND",
                "InstanceGroupType": "MASTER",
                "InstanceType": "m5.xlarge",
                "RequestedInstanceCount": 1,
                "EbsBlockDevices": [
                    {"Device": "/dev/sdb", "VolumeSpecification": {"VolumeType": "gp2", "SizeInGB": 64}}
                ],
            }
        ],
        "BootstrapActions": [{"Name": "Install", "ScriptPath": "s3://scripts/install.sh", "Args": ["--quiet"]}],
    }
}


def test_saved_answers_are_complete(tmp_path):
    from emr_constructs.generate.inputs import plan_of
    from emr_constructs.templates.inputs import read

    path = tmp_path / "cluster.json"
    path.write_text(json.dumps(ANSWER))
    plan = plan_of(read(str(path), str))
    (part,) = plan.parts
    assert part.request == {
        "Name": "daily reports",
        "ReleaseLabel": "emr-6.15.0",
        "LogUri": "s3n://logs/emr/",
        "ServiceRole": "EMR_DefaultRole",
        "JobFlowRole": "EMR_EC2_DefaultRole",
        "Applications": [{"Name": "Spark"}],
        "BootstrapActions": [
            {"Name": "Install", "ScriptBootstrapAction": {"Path": "s3://scripts/install.sh", "Args": ["--quiet"]}}
        ],
        "Instances": {
            "Ec2SubnetId": "subnet-0123456789abcdef0",
            "KeepJobFlowAliveWhenNoSteps": True,
            "TerminationProtected": True,
            "InstanceGroups": [
                {
                    "Name": "Primary",
                    "Market": "ON_DEMAND",
                    "InstanceRole": "MASTER",
                    "InstanceType": "m5.xlarge",
                    "InstanceCount": 1,
                    "EbsConfiguration": {
                        "EbsBlockDeviceConfigs": [{"VolumeSpecification": {"VolumeType": "gp2", "SizeInGB": 64}}]
                    },
                }
            ],
        },
    }
    assert [note for note in plan.notes if "steps, managed scaling and auto-termination" in note] == list(plan.notes)


@pytest.mark.parametrize(("option", "value"), [("--region", "eu-west-1"), ("--profile", "dev")])
def test_options_of_running_clusters_require_an_id(option, value, tmp_path):
    result = run("generate", tmp_path / "cluster.yaml", option, value, "--output", tmp_path / "app")
    assert (result.exit_code, f"{option} requires --cluster-id" in result.output) == (2, True)


def test_the_id_is_checked_before_the_configuration(monkeypatch, tmp_path):
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    result = run("generate", "--cluster-id", "reports", "--output", tmp_path / "app")
    assert "--cluster-id must be the ID of a cluster" in result.output
