"""An argument of the wrong type is reported at synth time, with its name, its value and a fix."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from emr_constructs import (
    Application,
    BootstrapAction,
    Cluster,
    ClusterAlarms,
    ClusterDefinition,
    ClusterProfile,
    ClusterSecurityGroups,
    EbsVolume,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    SecurityConfiguration,
    Step,
    Studio,
    StudioSessionMapping,
    Termination,
    WalWorkspace,
)
from emr_constructs._core.types import shown
from tests.tools import imported_vpc, new_stack

VOLUME = EbsVolume.gp3(size_gib=10)


@pytest.fixture(scope="module")
def made():
    stack = new_stack()
    return stack, imported_vpc(stack)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (lambda: InstanceGroup(None), "instance_type must be a string or an ec2.InstanceType, got None"),
        (lambda: InstanceGroup("m7g.xlarge", market="SPOT"), "market must be a Market, got 'SPOT'"),
        (
            lambda: InstanceGroup("m7g.xlarge", ebs_volumes=VOLUME),
            r"must be a list of EbsVolume objects, got .*; use \[EbsVolume\.gp3\(\.\.\.\)\]",
        ),
        (lambda: InstanceGroup("m7g.xlarge", ebs_volumes=[100]), r"ebs_volumes\[0\] must be an EbsVolume, got 100"),
        (lambda: InstanceGroups(master="m7g.xlarge"), "master must be an InstanceGroup, got 'm7g.xlarge'"),
        (lambda: Termination.when_idle(3600), "timeout must be a cdk.Duration, got 3600"),
        (
            lambda: BootstrapAction("Setup", "s3://bucket/setup.sh"),
            "script must be a Script, got 's3://bucket/setup.sh'",
        ),
        (lambda: Step.spark("a", script="jobs/a.py"), "script must be a Script, got 'jobs/a.py'"),
        (lambda: Step.spark_sql("a", script="jobs/a.sql"), "script must be a Script, got 'jobs/a.sql'"),
        (lambda: Step.hive("a", script="jobs/a.q"), "script must be a Script, got 'jobs/a.q'"),
        (lambda: Step.pig("a", script="jobs/a.pig"), "script must be a Script, got 'jobs/a.pig'"),
        (lambda: Step.shell("a", script="jobs/a.sh"), "script must be a Script, got 'jobs/a.sh'"),
        (lambda: Step.jar("a", jar="s3://bucket/a.jar"), "jar must be a Script, got 's3://bucket/a.jar'"),
        (
            lambda: Step.custom("a", command=["true"], action_on_failure="continue"),
            "action_on_failure must be an ActionOnFailure, got 'continue'; use ActionOnFailure.CONTINUE",
        ),
        (
            lambda: ClusterDefinition(configurations="spark"),
            "configurations must be a list of Configuration objects or lists of Configuration objects, got 'spark'",
        ),
        (lambda: ClusterDefinition(key_pair="operations"), "key_pair must be an ec2.IKeyPair, got 'operations'"),
        (
            lambda: ClusterDefinition(kerberos={"password": "secret"}),
            "kerberos must be a KerberosAttributes, got a dict object",
        ),
    ],
)
def test_values(value, message):
    with pytest.raises(EmrError, match=message) as error:
        value()
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("vpc", "vpc-1", "vpc must be an ec2.IVpc, got 'vpc-1'; use ec2.Vpc.from_lookup"),
        ("vpc_subnets", ["subnet-1"], r"vpc_subnets must be a SubnetSelection, got \['subnet-1'\]"),
        ("security_groups", [], r"security_groups must be an IClusterSecurityGroups, got \[\]"),
        ("service_role", "EMR_DefaultRole", "service_role must be an iam.IRole, got 'EMR_DefaultRole'"),
        ("service_role_policy", "aws-managed", "service_role_policy must be a ServiceRolePolicy, got 'aws-managed'"),
        (
            "auto_scaling_role",
            "EMR_AutoScaling_DefaultRole",
            r"must be an iam\.IRole, got .*; use iam\.Role\.from_role_name.* or iam\.Role\.from_role_arn",
        ),
        ("session_manager", "yes", "session_manager must be a boolean, got 'yes'"),
        (
            "encryption_key",
            "arn:aws:kms:us-east-1:111111111111:key/1",
            r"must be a kms\.IKey, got .*; use kms\.Key\.from_key_arn",
        ),
        (
            "security_configuration",
            "company",
            "security_configuration must be an ISecurityConfiguration, got 'company'",
        ),
        ("release_label", 7, "release_label must be a ReleaseLabel or a string, got 7"),
        ("log_bucket", "logs", "log_bucket must be an s3.IBucket or a LogBucket, got 'logs'"),
        ("log_prefix", 5, "log_prefix must be a string, got 5"),
        ("log_encryption_key", "alias/logs", "log_encryption_key must be a kms.IKey, got 'alias/logs'"),
    ],
)
def test_profile(made, option, value, message):
    stack, vpc = made
    with pytest.raises(EmrError, match=message) as error:
        ClusterProfile(stack, f"With-{option}", **{"vpc": vpc, option: value})
    assert error.value.path == f"Test/With-{option}"


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("vpc", "vpc-1", "vpc must be an ec2.IVpc, got 'vpc-1'; use ec2.Vpc.from_lookup"),
        ("profile", "shared", "profile must be a ClusterProfile, got 'shared'"),
        ("definition", {}, "definition must be a ClusterDefinition, got a dict object"),
        ("removal_policy", "retain", "removal_policy must be a RemovalPolicy, got 'retain'; use RemovalPolicy.RETAIN"),
        ("applications", [Application.SPARK, 5], r"applications\[1\] must be an Application or a string, got 5"),
    ],
)
def test_cluster(made, option, value, message):
    stack, vpc = made
    with pytest.raises(EmrError, match=message) as error:
        Cluster(stack, f"Cluster-{option}", **{"vpc": vpc, option: value})
    assert error.value.path == f"Test/Cluster-{option}"


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        (
            "actions",
            sns.Topic,
            r"actions must be a list of cloudwatch\.IAlarmAction objects, got the class Topic; use \[",
        ),
        ("actions", [sns.Topic], r"actions\[0\] must be a cloudwatch\.IAlarmAction, got the class Topic"),
        (
            "idle_for",
            60,
            "idle_for must be a cdk.Duration or a mapping of AlarmSeverity objects to cdk.Duration objects, got 60",
        ),
        (
            "hdfs_utilization_above",
            "80",
            "hdfs_utilization_above must be a number or a mapping of AlarmSeverity objects to numbers, got '80'",
        ),
        (
            "new_lost_nodes_above",
            cdk.Token.as_number({"Ref": "Nodes"}),
            "new_lost_nodes_above must be known at synth time, got a token; specify a number, which the description",
        ),
    ],
)
def test_alarms(made, option, value, message):
    stack, _ = made
    scope = Construct(stack, f"Alarms-{option}-{message[:12]}")
    cluster = Cluster.from_cluster_attributes(scope, "Cluster", cluster_id="j-1")
    with pytest.raises(EmrError, match=message):
        ClusterAlarms(scope, "Alarms", cluster=cluster, **{option: value})


def test_an_instance_profile_is_no_role(made):
    stack, vpc = made
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    with pytest.raises(EmrError, match=r"instance_profile must be an iam\.IInstanceProfile, got a Role object"):
        ClusterProfile(stack, "With-role", vpc=vpc, instance_profile=role)


@pytest.mark.parametrize("owned", [True, False])
def test_an_alias_is_no_key(made, owned):
    stack, vpc = made
    alias = kms.Key(stack, "Key").add_alias("emr") if owned else kms.Alias.from_alias_name(stack, "Alias", "alias/emr")
    with pytest.raises(EmrError, match=r"the key must have a key ARN, .*, got an alias; import the key"):
        ClusterProfile(stack, f"With-alias-{owned}", vpc=vpc, encryption_key=alias)


def test_what_is_only_known_at_deployment_passes(made):
    stack, vpc = made
    prefix = cdk.CfnParameter(stack, "Prefix").value_as_string
    profile = ClusterProfile(stack, "With-token", vpc=vpc, log_prefix=prefix)
    level = cdk.CfnParameter(stack, "Level", type="Number").value_as_number
    Cluster(stack, "Cluster-token", profile=profile, step_concurrency_level=level)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda stack: Studio(stack, "New", auth_mode="SSO"), "auth_mode must be a StudioAuthMode, got 'SSO'; use "),
        (
            lambda stack: StudioSessionMapping(stack, "New", studio="es-1", user="a", session_policy="a"),
            "studio must be an IStudio",
        ),
        (lambda stack: WalWorkspace(stack, "New", workspace_name=5), "workspace_name must be a string, got 5; use '5'"),
        (lambda stack: WalWorkspace(stack, "New", tags=["a"]), "tags must be a mapping of strings to strings, got"),
        (lambda stack: SecurityConfiguration(stack, "New", require_imdsv2="no"), "require_imdsv2 must be a boolean"),
        (lambda stack: ClusterSecurityGroups(stack, "New", vpc="vpc-1"), r"vpc must be an ec2\.IVpc, got 'vpc-1'; use"),
    ],
)
def test_constructors(made, make, message):
    with pytest.raises(EmrError, match=message) as error:
        make(made[0])
    assert error.value.path == "Test/New"
    assert made[0].node.try_find_child("New") is None


def test_objects_of_cdk_are_named_by_their_interface(made):
    stack, vpc = made
    nodes = iam.InstanceProfile.from_instance_profile_name(stack, "NodeProfile", "nodes")
    for value, name in ((nodes, "an IInstanceProfile object"), (vpc, "an IVpc object")):
        assert shown(value) == name
