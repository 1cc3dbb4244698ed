"""An argument of the wrong kind is said to be that, at once and in words, whatever takes it."""

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
    EbsVolume,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    Step,
    Termination,
)
from tests.tools import imported_vpc, new_stack

VOLUME = EbsVolume.gp3(size_gib=10)


@pytest.fixture(scope="module")
def made():
    stack = new_stack()
    return stack, imported_vpc(stack)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (lambda: InstanceGroup(None), "instance_type is None; give text or an ec2.InstanceType"),
        (lambda: InstanceGroup("m7g.xlarge", market="SPOT"), "market is 'SPOT'; give a Market"),
        (lambda: InstanceGroup("m7g.xlarge", ebs_volumes=VOLUME), "class EbsVolume; give a list of EbsVolume objects"),
        (lambda: InstanceGroup("m7g.xlarge", ebs_volumes=[100]), "ebs_volumes has the item 100; give an EbsVolume"),
        (lambda: InstanceGroups(master="m7g.xlarge"), "master is 'm7g.xlarge'; give an InstanceGroup"),
        (lambda: Termination.when_idle(3600), "the idle timeout is 3600; give a Duration"),
        (lambda: BootstrapAction("Setup", "s3://bucket/setup.sh"), "script is 's3://bucket/setup.sh'; give a Script"),
        (lambda: Step.spark("a", script="jobs/a.py"), "script is 'jobs/a.py'; give a Script"),
        (lambda: Step.spark_sql("a", script="jobs/a.sql"), "script is 'jobs/a.sql'; give a Script"),
        (lambda: Step.hive("a", script="jobs/a.q"), "script is 'jobs/a.q'; give a Script"),
        (lambda: Step.pig("a", script="jobs/a.pig"), "script is 'jobs/a.pig'; give a Script"),
        (lambda: Step.shell("a", script="jobs/a.sh"), "script is 'jobs/a.sh'; give a Script"),
        (lambda: Step.jar("a", jar="s3://bucket/a.jar"), "jar is 's3://bucket/a.jar'; give a Script"),
        (
            lambda: Step.custom("a", command=["true"], action_on_failure="CONTINUE"),
            "action_on_failure is 'CONTINUE'; give an ActionOnFailure",
        ),
        (lambda: ClusterDefinition(key_pair="operations"), "key_pair is 'operations'; give an ec2.IKeyPair"),
        (lambda: ClusterDefinition(kerberos={"password": "secret"}), "kerberos is an object of the class dict; give a"),
    ],
)
def test_values(value, message):
    with pytest.raises(EmrError, match=message) as error:
        value()
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("vpc", "vpc-1", "vpc is 'vpc-1'; give an ec2.IVpc"),
        ("vpc_subnets", ["subnet-1"], r"vpc_subnets is \['subnet-1'\]; give a SubnetSelection"),
        ("security_groups", [], r"security_groups is \[\]; give ClusterSecurityGroups"),
        ("service_role", "EMR_DefaultRole", "service_role is 'EMR_DefaultRole'; give an iam.IRole"),
        ("service_role_policy", "aws-managed", "service_role_policy is 'aws-managed'; give a ServiceRolePolicy"),
        ("auto_scaling_role", "EMR_AutoScaling_DefaultRole", "give an iam.IRole"),
        ("session_manager", "yes", "session_manager is 'yes'; give True or False"),
        ("encryption_key", "arn:aws:kms:us-east-1:111111111111:key/1", "give a kms.IKey"),
        ("security_configuration", "company", "security_configuration is 'company'; give a SecurityConfiguration"),
        ("release_label", "emr-7.14.0", "release_label is 'emr-7.14.0'; give a ReleaseLabel"),
        ("log_bucket", "logs", "log_bucket is 'logs'; give an s3.IBucket"),
        ("log_prefix", None, "log_prefix is None; give text"),
        ("log_encryption_key", "alias/logs", "log_encryption_key is 'alias/logs'; give a kms.IKey"),
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
        ("vpc", "vpc-1", "vpc is 'vpc-1'; give an ec2.IVpc"),
        ("profile", "shared", "profile is 'shared'; give a ClusterProfile"),
        ("definition", {}, "definition is an object of the class dict; give a ClusterDefinition"),
        ("removal_policy", "retain", "removal_policy is 'retain'; give a RemovalPolicy"),
        ("applications", [Application.SPARK, 5], "applications has the item 5; give an Application"),
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
        ("actions", sns.Topic, "give a list, each item an action such as"),
        ("actions", [sns.Topic], "actions has the item"),
        ("idle_for", 60, "idle_for is 60; give a Duration"),
        ("hdfs_utilization_above", "80", "hdfs_utilization_above is '80'; give a number"),
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
    with pytest.raises(EmrError, match=r"object of the class Role; give an iam\.IInstanceProfile"):
        ClusterProfile(stack, "With-role", vpc=vpc, instance_profile=role)


@pytest.mark.parametrize("owned", [True, False])
def test_an_alias_is_no_key(made, owned):
    stack, vpc = made
    alias = kms.Key(stack, "Key").add_alias("emr") if owned else kms.Alias.from_alias_name(stack, "Alias", "alias/emr")
    with pytest.raises(EmrError, match=r"the key is given by an alias, .*; give the key itself"):
        ClusterProfile(stack, f"With-alias-{owned}", vpc=vpc, encryption_key=alias)


def test_what_is_only_known_at_deployment_passes(made):
    stack, vpc = made
    prefix = cdk.CfnParameter(stack, "Prefix").value_as_string
    profile = ClusterProfile(stack, "With-token", vpc=vpc, log_prefix=prefix)
    level = cdk.CfnParameter(stack, "Level", type="Number").value_as_number
    Cluster(stack, "Cluster-token", profile=profile, step_concurrency_level=level)
