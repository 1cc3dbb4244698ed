"""The lists and structures of ``aws emr create-cluster``, requests, and answers of the AWS CLI."""

from __future__ import annotations

import contextlib
import json

import pytest
import yaml

from emr_constructs.rules import Severity
from emr_constructs.templates.inputs import UnreadableError, check_source, read

GROUP = {"InstanceGroupType": "MASTER", "InstanceCount": 1, "InstanceType": "m5.xlarge"}
FLEET = {
    "InstanceFleetType": "MASTER",
    "TargetOnDemandCapacity": 1,
    "InstanceTypeConfigs": [{"InstanceType": "m5.xlarge"}],
}
ATTRIBUTES = {
    "KeyName": "k",
    "SubnetIds": ["subnet-0123456789abcdef0"],
    "InstanceProfile": "EMR_EC2_DefaultRole",
    "EmrManagedMasterSecurityGroup": "sg-0123456789abcdef0",
    "EmrManagedSlaveSecurityGroup": "sg-0123456789abcdef1",
    "AdditionalMasterSecurityGroups": ["sg-0123456789abcdef2"],
}
RULE = {
    "Name": "r",
    "Action": {"SimpleScalingPolicyConfiguration": {"ScalingAdjustment": 1}},
    "Trigger": {
        "CloudWatchAlarmDefinition": {
            "ComparisonOperator": "LESS_THAN",
            "MetricName": "YARNMemoryAvailablePercentage",
            "Period": 300,
            "Threshold": 15,
        }
    },
}
LIMITS = {"UnitType": "Instances", "MinimumCapacityUnits": 2, "MaximumCapacityUnits": 5}
DOCUMENT = {"EncryptionConfiguration": {"EnableInTransitEncryption": False, "EnableAtRestEncryption": False}}
NO_COMMAND = {"Name": "s", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": []}}


@pytest.fixture
def check(tmp_path):
    def checked(content):
        path = tmp_path / "input.json"
        path.write_text(json.dumps(content, indent=1, default=str))
        return [f"{finding.path} {finding.rule}" for finding in check_source(read(str(path), str))]

    return checked


@pytest.mark.parametrize(
    "content",
    [
        [{"Type": "CUSTOM_JAR", "Name": "a", "Jar": "s3://b/a.jar", "MainClass": "a.B", "Properties": "k=v"}],
        [{"Type": "Spark", "Args": ["--deploy-mode", "cluster", "--class", "a.B", "s3://b/a.jar"]}],
        [{"Type": "HIVE", "Args": ["-f", "s3://b/a.q"]}, {"Type": "PIG", "Args": ["-f", "s3://b/a.pig"]}],
        [{"Type": "STREAMING", "Args": ["-mapper", "cat", "-input", "s3://b/in", "-output", "s3://b/out"]}],
        [{"Type": "IMPALA", "Args": ["x"]}],
        [{"Jar": "command-runner.jar", "Args": ["state-pusher-script"], "ActionOnFailure": "CONTINUE"}],
        [{"Path": "s3://b/a.sh", "Name": "n", "Args": ["a", "a"]}, {"Path": "file:///usr/bin/true"}],
        [{"Name": "n", "ScriptBootstrapAction": {"Path": "s3://b/a.sh"}}],
        [{"Name": "Spark"}, {"Name": "Hive"}],
        ["Spark", "Hive"],
        ["Name=Spark", "Name=Hive"],
        ["owner=me", "cost=a=b"],
        [{"Key": "owner", "Value": "me"}],
        ATTRIBUTES,
        {"KeyName": "k", "AvailabilityZone": "us-east-1a"},
        [GROUP],
        [{**GROUP, "InstanceGroupType": "TASK"}],
        [FLEET],
        [{**FLEET, "InstanceFleetType": "TASK", "TargetSpotCapacity": 1}],
        [{"Classification": "spark-defaults", "Properties": {"spark.executor.memory": "2g"}}],
        [{"classification": "spark-env", "configurations": [{"classification": "export", "properties": {"A": "b"}}]}],
        [{"InstanceRole": "MASTER", "PlacementStrategy": "SPREAD"}],
        {"Realm": "EC2.INTERNAL", "KdcAdminPassword": "{{resolve:secretsmanager:x}}"},
        {"ComputeLimits": LIMITS},
        {"ManagedScalingPolicy": {"ComputeLimits": LIMITS}},
        {"IdleTimeout": 3600},
        {"AutoTerminationPolicy": {"IdleTimeout": 3600}},
        {"Constraints": {"MinCapacity": 1, "MaxCapacity": 5}, "Rules": [RULE]},
        {"CloudWatchLogConfiguration": {"Enabled": True}},
        {
            "JobFlowId": "j-1",
            "InstanceGroups": [{"InstanceRole": "TASK", "InstanceCount": 1, "InstanceType": "m5.xlarge"}],
        },
        {"InstanceGroups": [{"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": "m5.xlarge"}]},
        {"Name": "sc", "SecurityConfiguration": json.dumps(DOCUMENT), "CreationDateTime": "2026-01-01"},
        {"Name": "sc", "SecurityConfiguration": DOCUMENT},
        DOCUMENT,
        {"Consistent": True, "RetryCount": 5, "Args": ["a=b"]},
        {"Steps": [{"Name": "s", "HadoopJarStep": {"Jar": "s3://b/a.jar"}}]},
        {"Applications": [{"Name": "Spark"}], "Configurations": []},
        {"ClusterId": "j-1", "ManagedScalingPolicy": {"ComputeLimits": LIMITS}},
        {"Name.$": "$.name", "Instances.$": "$.instances", "ReleaseLabel": "{% $label %}"},
        {"TemplateBody": {"Resources": {}}, "StagesAvailable": ["Original"]},
        {"TemplateBody": "Resources: {A: {Type: AWS::S3::Bucket}}"},
    ],
    ids=lambda content: json.dumps(content)[:40],
)
def test_accepted(check, content):
    if isinstance(content, dict) and "InstanceGroups" in content and "JobFlowId" in content:
        content["InstanceGroups"] = [
            {k: v for k, v in content["InstanceGroups"][0].items() if k != "InstanceGroupType"}
        ]
    assert not check(content)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ([{"Type": "spark", "Args": ["--deploy-mode", "clustr", "s3://b/a"]}], ["[0].Args[1] emr-spark-deploy-mode"]),
        ([{"Type": "SPARKK", "Args": ["x"]}], ["[0].Type emr-enum"]),
        ([{"Type": "CUSTOM_JAR", "Args": ["x"]}], ["[0] emr-missing-property"]),
        ([{"Jar": "command-runner.jar", "ActionOnFailure": "STOP", "Args": ["x"]}], ["[0].ActionOnFailure emr-enum"]),
        ([{"Type": "SPARK", "Args": ["s3://b/a.py"], "Argz": ["x"]}], ["[0].Argz emr-unknown-property"]),
        ([{"Type": "CUSTOM_JAR", "Jar": "command-runner.jar"}], ["[0] emr-step-no-command"]),
        ([NO_COMMAND], ["[0].HadoopJarStep.Args emr-step-no-command"]),
        ({"JobFlowId": "j-1", "Steps": [NO_COMMAND]}, ["Steps[0].HadoopJarStep.Args emr-step-no-command"]),
        ([{"Path": "https://b/a.sh"}], ["[0].Path emr-bootstrap-action-path"]),
        ([{"Path": "s3://b/a.sh"}, {"Name": "n", "Args": "a", "Path": "s3://b/a"}], ["[1].Args emr-type"]),
        ([{"Name": "Spark", "Version": "3"}], ["[0].Version emr-application-name-only"]),
        ({**ATTRIBUTES, "SubnetId": "subnet-0"}, ["SubnetIds emr-subnet-properties"]),
        ({**ATTRIBUTES, "InstanceProfil": "p"}, ["InstanceProfil emr-unknown-property"]),
        ({"KeyName": {}}, ["KeyName emr-type"]),
        ([{**GROUP, "InstanceCount": 2}], ["[0].InstanceCount emr-master-count"]),
        ([{**FLEET, "TargetOnDemandCapacity": 2}], ["[0].TargetOnDemandCapacity emr-master-fleet-target"]),
        ([{**GROUP, "InstanceGroupType": "master"}], ["[0].InstanceGroupType emr-enum"]),
        ([{**FLEET, "InstanceFleetType": "master"}], ["[0].InstanceFleetType emr-enum"]),
        (["InstanceGroupType=MASTER,InstanceCount=2,InstanceType=m5.xlarge"], ["[0].InstanceCount emr-master-count"]),
        (['Type=Spark,Name="a, b",Args=[--deploy-mode,x,s3://b/a]'], ["[0].Args[1] emr-spark-deploy-mode"]),
        (["Path=https://b/a.sh,Name=n", "Path=s3://b/a.sh"], ["[0].Path emr-bootstrap-action-path"]),
        (["InstanceRole=CORE,PlacementStrategy=SPREAD"], ["[0].InstanceRole emr-placement-group"]),
        (["Type=Spark,Args=[a", "a=b"], []),
        ({"SubnetId": "subnet-0123456789abcdef0", "AvailabilityZone": "us-east-1a"},
         ["AvailabilityZone emr-placement-and-subnet"]),
        ([{"Classification": "a b"}], ["[0].Classification emr-classification"]),
        ([{"classification": "spark-env", "properties": {}, "configurations": [{"classification": "a b"}]}],
         ["[0].configurations[0].classification emr-classification"]),
        ([{"classification": "spark-env", "configurations": "x"}, 3],
         ["[0].configurations emr-type", "[1] emr-type"]),
        ([{"InstanceRole": "MASTER", "PlacementStrategy": "SPREADD"}], ["[0].PlacementStrategy emr-enum"]),
        ({"Realm": "EC2"}, [" emr-missing-property"]),
        ({"ComputeLimits": {**LIMITS, "MaximumCapacityUnits": 1}},
         ["ComputeLimits.MinimumCapacityUnits emr-managed-scaling-limits"]),
        ({"AutoTerminationPolicy": {"IdleTimeout": 3}}, ["AutoTerminationPolicy.IdleTimeout emr-idle-timeout"]),
        ({"IdleTimeout": 3}, ["IdleTimeout emr-idle-timeout"]),
        ({"ClusterId": "j-1", "AutoTerminationPolicy": {"IdleTimeout": 3}},
         ["AutoTerminationPolicy.IdleTimeout emr-idle-timeout"]),
        ({"Consistent": "x"}, ["Consistent emr-type"]),
        ({"Steps": [NO_COMMAND]}, ["Steps[0].HadoopJarStep.Args emr-step-no-command"]),
        ({"Name": "x", "SecurityConfiguration": '{"Els": 1, "EncryptionConfiguration": {}}'},
         ["SecurityConfiguration.Els emr-unknown-setting"]),
    ],
    ids=lambda content: json.dumps(content)[:40],
)  # fmt: skip
def test_refused(check, content, found):
    assert check(content) == found


def test_a_task_group_in_a_list_for_a_new_cluster(check):
    groups = [GROUP, {**GROUP, "InstanceGroupType": "TASK"}]
    assert check(groups) == ["[1] emr-task-without-core"]


CLUSTER = {
    "Id": "j-1",
    "Name": "x",
    "Status": {"State": "WAITING"},
    "Ec2InstanceAttributes": {
        "Ec2KeyName": "k",
        "Ec2SubnetId": "subnet-0123456789abcdef0",
        "RequestedEc2SubnetIds": ["subnet-0123456789abcdef0"],
        "Ec2AvailabilityZone": "us-east-1a",
        "RequestedEc2AvailabilityZones": [],
        "IamInstanceProfile": "EMR_EC2_DefaultRole",
        "EmrManagedMasterSecurityGroup": "sg-0123456789abcdef0",
        "EmrManagedSlaveSecurityGroup": "sg-0123456789abcdef1",
        "AdditionalMasterSecurityGroups": [],
    },
    "InstanceCollectionType": "INSTANCE_GROUP",
    "LogUri": "s3n://logs/",
    "ReleaseLabel": "emr-5.20.0",
    "AutoTerminate": False,
    "TerminationProtected": False,
    "VisibleToAllUsers": False,
    "Applications": [{"Name": "Spark", "Version": "2.4.0"}],
    "Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "stack"}, {"Key": "owner", "Value": "me"}],
    "ServiceRole": "EMR_DefaultRole",
    "NormalizedInstanceHours": 8,
    "MasterPublicDnsName": "ip-10-0-0-1.ec2.internal",
    "Configurations": [],
    "SecurityConfiguration": "",
    "ScaleDownBehavior": "TERMINATE_AT_TASK_COMPLETION",
    "KerberosAttributes": {"Realm": "EC2.INTERNAL", "KdcAdminPassword": "********"},
    "ClusterArn": "arn:aws:elasticmapreduce:us-east-1:111111111111:cluster/j-1",
    "StepConcurrencyLevel": 1,
    "PlacementGroups": [],
    "BootstrapActions": [],
    "InstanceGroups": [
        {
            "Id": "ig-1",
            "Name": "Master",
            "Market": "ON_DEMAND",
            "InstanceGroupType": "MASTER",
            "InstanceType": "m3.xlarge",
            "RequestedInstanceCount": 1,
            "RunningInstanceCount": 1,
            "Status": {"State": "RUNNING"},
            "Configurations": [],
            "EbsBlockDevices": [{"VolumeSpecification": {"VolumeType": "gp2", "SizeInGB": 32}, "Device": "/dev/sdb"}],
            "EbsOptimized": True,
            "ShrinkPolicy": {},
        }
    ],
}
FLEETS = [
    {
        "Id": "if-1",
        "Status": {"State": "RUNNING"},
        "InstanceFleetType": "TASK",
        "TargetOnDemandCapacity": 0,
        "TargetSpotCapacity": 0,
        "ProvisionedOnDemandCapacity": 0,
        "ProvisionedSpotCapacity": 0,
        "InstanceTypeSpecifications": [
            {
                "InstanceType": "m5.xlarge",
                "WeightedCapacity": 4,
                "BidPriceAsPercentageOfOnDemandPrice": 100.0,
                "EbsBlockDevices": [],
                "Priority": 0.0,
            }
        ],
    }
]
STEPS = [
    {
        "Id": "s-1",
        "Name": "s",
        "Config": {"Jar": "command-runner.jar", "Properties": {"a": "b"}, "Args": ["spark-submit", "s3://b/a.py"]},
        "ActionOnFailure": "TERMINATE_CLUSTER",
        "Status": {"State": "COMPLETED"},
    }
]
STUDIO = {
    "StudioId": "es-1",
    "StudioArn": "arn:aws:elasticmapreduce:us-east-1:111111111111:studio/es-1",
    "Name": "studio",
    "AuthMode": "IAM",
    "VpcId": "vpc-0123456789abcdef0",
    "SubnetIds": ["subnet-0123456789abcdef0"],
    "WorkspaceSecurityGroupId": "sg-0123456789abcdef0",
    "EngineSecurityGroupId": "sg-0123456789abcdef1",
    "Url": "https://es-1.emrstudio-prod.us-east-1.amazonaws.com",
    "CreationTime": 1.0,
    "DefaultS3Location": "s3://b/studio",
}


@pytest.mark.parametrize(
    "content",
    [
        {"Cluster": CLUSTER},
        {"Cluster": {"Id": "j-1"}},
        {"Cluster": {**CLUSTER, "AutoTerminate": True}},
        {"Cluster": {**CLUSTER, "ReleaseLabel": "emr-4.9.0", "Applications": [{"Name": "Trino", "Version": "1"}]}},
        {"Cluster": {**CLUSTER, "ReleaseLabel": "emr-7.99.0"}},
        {
            "Cluster": {key: value for key, value in CLUSTER.items() if key != "InstanceGroups"},
            "InstanceFleets": FLEETS,
        },
        {"InstanceGroups": CLUSTER["InstanceGroups"]},
        {"InstanceFleets": FLEETS},
        {"Steps": STEPS},
        {"Step": STEPS[0]},
        {"Studio": STUDIO},
    ],
    ids=" ".join,
)
def test_answers_about_what_exists(check, content):
    assert not check(content)


def test_what_is_wrong_in_an_answer(check):
    groups = [{**CLUSTER["InstanceGroups"][0], "RequestedInstanceCount": 2}]
    assert check({"InstanceGroups": groups}) == ["InstanceGroups[0].RequestedInstanceCount emr-master-count"]
    assert check({"Cluster": {**CLUSTER, "InstanceGroups": groups}}) == [
        "Cluster.InstanceGroups[0].RequestedInstanceCount emr-master-count"
    ]
    step = {**STEPS[0], "Config": {"Jar": "command-runner.jar", "Args": ["spark-submit x"]}}
    assert check({"Steps": [*STEPS, step]}) == ["Steps[1].Config.Args[0] emr-step-command-in-one-argument"]
    assert check({"Studio": {**STUDIO, "DefaultS3Location": "b"}}) == ["Studio.DefaultS3Location emr-studio-location"]


def test_templates_in_answers_have_lines(tmp_path):
    group = "MasterInstanceGroup: {InstanceCount: 2, InstanceType: m5.xlarge}"
    template = (
        "Resources:\n  C:\n    Type: AWS::EMR::Cluster\n    Properties:\n      Name: x\n      ReleaseLabel: emr-7.5.0\n"
        "      JobFlowRole: a\n      ServiceRole: b\n      Instances:\n        KeepJobFlowAliveWhenNoSteps: true\n"
        f"        {group}\n"
    )
    path = tmp_path / "answer.json"
    lines = []
    for body in (template, yaml.safe_load(template)):
        path.write_text(json.dumps({"TemplateBody": body}, indent=1))
        source = read(str(path), str)
        (line,) = (found.line for found in check_source(source) if found.rule == "emr-master-count")
        lines.append(source.text.splitlines()[line - 1].strip())
    assert lines == [group, '"InstanceCount": 2,']


@pytest.mark.parametrize(
    "content",
    [
        {}, [], [1], [[]], [None], [[{}]], [{}], ["zzz"], [1, {"Path": "s3://b/x"}],
        {"Cluster": []}, {"Cluster": {}}, {"Cluster": None},
        {"Cluster": {"Ec2InstanceAttributes": [], "Applications": [1], "AutoTerminate": "x", "InstanceGroups": 1}},
        {"Cluster": {"InstanceGroups": [1, {}], "InstanceFleets": {"a": 1}, "Configurations": "x"}},
        {"InstanceGroups": [{"InstanceGroupType": 1}, 2]}, {"InstanceGroups": []}, {"InstanceGroups": {}},
        {"InstanceFleets": [{"Id": 1, "InstanceTypeSpecifications": [1]}]},
        {"Steps": [{"Config": 1}, 2]}, {"Steps": []}, {"Step": {"Config": None}}, {"Studio": {}}, {"Studio": 1},
        [{"Type": {}}], [{"Type": "SPARK", "Args": "x"}, 1], [{"Path": 1, "Args": 2}], [{"Name": []}],
        {"KeyName": {}}, {"SubnetIds": 1}, {"AvailabilityZones": 1}, {"TemplateBody": 1}, {"TemplateBody": None},
        {"SecurityConfiguration": "x", "Name": 1}, {"SecurityConfiguration": "[]", "Name": 1},
        {"IdleTimeout": []}, {"Realm": {}}, {"Constraints": 1, "Rules": 2}, {"ComputeLimits": []},
        {"definition": "x", "stateMachineArn": 1}, {"definition": "{}", "stateMachineArn": 1},
        {"Instances": 1}, {"Instances": {"InstanceGroups": [1]}}, {"JobFlowId": 1, "Steps": 2},
    ],
    ids=lambda content: json.dumps(content)[:50],
)  # fmt: skip
def test_odd_contents(check, content):
    with contextlib.suppress(UnreadableError):
        check(content)


def test_a_warning_for_cloudformation_is_none_for_a_request(tmp_path):
    content = {
        "Name": "x",
        "ReleaseLabel": "emr-7.5.0",
        "Applications": [{"Name": "Spark"}],
        "JobFlowRole": "p",
        "ServiceRole": "r",
        "Steps": [{"Name": "s", "HadoopJarStep": {"Jar": "s3://b/a.jar", "Args": ["--conf", "a", "--conf", "b"]}}],
        "Instances": {
            "KeepJobFlowAliveWhenNoSteps": True,
            "Ec2SubnetId": "subnet-0123456789abcdef0",
            "InstanceGroups": [{"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": "m5.xlarge"}],
        },
    }
    path = tmp_path / "request.json"
    path.write_text(json.dumps(content))
    assert not [found for found in check_source(read(str(path), str)) if found.severity is Severity.WARNING]


def test_a_cluster_of_a_request_ends_after_its_steps(check):
    group = {"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": "m5.xlarge"}
    instances = {"InstanceGroups": [group], "Ec2SubnetId": "subnet-0123456789abcdef0"}
    request = {
        "Name": "x",
        "ReleaseLabel": "emr-7.5.0",
        "JobFlowRole": "p",
        "ServiceRole": "r",
        "Applications": [{"Name": "Spark"}],
        "Instances": instances,
    }
    steps = [{"Name": "s", "HadoopJarStep": {"Jar": "s3://b/a.jar"}}]
    assert check(request) == ["Instances emr-ends-at-once"]
    assert not check({**request, "Steps": steps})
    assert check({**request, "AutoTerminationPolicy": {"IdleTimeout": 900}}) == ["Instances emr-ends-at-once"]
    assert not check({**request, "Instances": {**instances, "KeepJobFlowAliveWhenNoSteps": True}})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([{**GROUP, "InstanceGroupType": "X"}], "InstanceGroupType must be one of MASTER, CORE, TASK, got 'X'"),
        ({"SubnetId": "a", "SubnetIds": ["b"]}, "SubnetId can't be combined with SubnetIds"),
        ({"KeyName": [True]}, "KeyName must be a string, got [true]"),
        ({"KeyName": ["a" * 999]}, f'KeyName must be a string, got ["{"a" * 198}...'),
        ({"InstanceGroups": [[{"InstanceType": "a" * 160, "Market.$": "$.value"}]]},
         f'InstanceGroups[0] must be a mapping, got [{{"InstanceType": "{"a" * 160}", "Market": "...'),
        ({"InstanceGroups": [[{"InstanceType.$": "$.type"}]]},
         'InstanceGroups[0] must be a mapping, got [{"InstanceType": "<$.type>"}]'),
    ],
    ids=range(6),
)  # fmt: skip
def test_messages_name_what_is_in_the_file(tmp_path, content, message):
    path = tmp_path / "input.json"
    path.write_text(json.dumps(content))
    assert message in [finding.message for finding in check_source(read(str(path), str))]


def test_messages_of_a_template_name_its_properties():
    instances = {"MasterInstanceGroup": [{"InstanceType": {"Fn::Sub": "${P}x"}}]}
    properties = {"Name": {"a": {"Ref": "P"}}, "Instances": instances}
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": properties}},
    }
    messages = [finding.message for finding in check_source(read("-", lambda: json.dumps(template)))]
    assert 'Name must be a string, got {"a": "<P>"}' in messages
    assert 'MasterInstanceGroup must be a mapping, got [{"InstanceType": "<P>x"}]' in messages


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"BootstrapActions": [{"Name": "a", "ScriptPath": "s3://b/a.sh", "Args": ["x"]}]}, []),
        ({"BootstrapActions": [{"Name": "a", "ScriptPath": "https://b/a.sh"}]},
         ["BootstrapActions[0].ScriptPath emr-bootstrap-action-path"]),
        ({"BootstrapActions": []}, []),
        ({"InstanceGroups": []}, []),
        ({"InstanceFleets": [], "Marker": "m"}, []),
        ({"InstanceGroups": [{"InstanceGroupType": "MASTER", "RequestedInstanceCount": 2}]},
         ["InstanceGroups[0].RequestedInstanceCount emr-master-count"]),
        ({"Cluster": {"InstanceGroups": [{"InstanceGroupType": "MASTER", "RequestedInstanceCount": 2}]}},
         ["Cluster.InstanceGroups[0].RequestedInstanceCount emr-master-count"]),
        ({"InstanceFleets": [{"Id": "if-1", "InstanceFleetType": "MASTER", "TargetOnDemandCapacity": 1,
                              "TargetSpotCapacity": 0}]}, []),
        ({"EncryptionConfig": {}}, ["EncryptionConfig emr-unknown-setting"]),
    ],
    ids=lambda content: json.dumps(content)[:60],
)  # fmt: skip
def test_lists_that_the_cli_prints(check, content, found):
    assert check(content) == found


def test_what_is_no_security_configuration(check):
    with pytest.raises(UnreadableError, match="the content must be"):
        check({"BlockPublicAccessConfiguration": {"BlockPublicSecurityGroupRules": True}})
