"""A profile of one stack serves clusters of others, with what those stacks bring along."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from emr_constructs import (
    Application,
    Cluster,
    ClusterProfile,
    ClusterSecurityGroups,
    Configuration,
    EmrError,
    LaunchTemplate,
    Script,
    Step,
    Termination,
)
from tests.tools import actions, flat, imported_vpc, new_app, new_stack, only, resources, statements, synthesize


@pytest.fixture(scope="module")
def team():
    """The template of a team's stack, whose cluster uses the team's own bucket, secret, script and group."""
    app = new_app()
    shared, stack = new_stack(app, "Shared"), new_stack(app, "Team")
    profile = ClusterProfile(shared, "Profile", vpc=imported_vpc(shared))
    bucket = s3.Bucket(stack, "Data")
    password = secretsmanager.Secret(stack, "Password")
    cluster = Cluster(
        stack,
        "Cluster",
        profile=profile,
        applications=[Application.HIVE, Application.SPARK],
        configurations=[Configuration("hive-site", {"javax.jdo.option.ConnectionPassword": password})],
        termination=Termination.manual(),
    )
    bucket.grant_read(cluster)
    cluster.grants.read_write_bucket(s3.Bucket(stack, "Results"), "out/")
    cluster.add_step(Step.spark("Job", script=Script.from_bucket(bucket, "job.py")))
    peer = ec2.SecurityGroup(stack, "Peer", vpc=imported_vpc(stack))
    cluster.connections.allow_from(peer, ec2.Port.tcp(8998))
    return synthesize(stack), synthesize(shared)


def test_what_the_nodes_may_do_here_is_said_here(team):
    template, shared = team
    allowed = statements(template, "ClusterInstancePolicy")
    assert {"s3:GetObject", "s3:PutObject"} <= actions(allowed)
    (role,) = only(template, "AWS::IAM::ManagedPolicy", "ClusterInstancePolicy")["Roles"]
    assert "ProfileInstanceRole" in flat(role)
    assert "Team" not in str(shared)


def test_emr_may_read_the_secret(team):
    allowed = statements(team[0], "ClusterServicePolicy")
    assert actions(allowed) == {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}


def test_the_cluster_and_its_steps_wait_for_the_policies(team):
    template, _ = team
    (cluster,) = resources(template, "AWS::EMR::Cluster").values()
    policies = set(resources(template, "AWS::IAM::ManagedPolicy"))
    assert len(policies) == 2
    assert policies <= set(cluster["DependsOn"])
    (step,) = resources(template, "AWS::EMR::Step").values()
    assert any("InstancePolicy" in name for name in step["DependsOn"])


def test_rules_about_a_peer_here_are_made_here(team):
    template, shared = team
    made = resources(template, "AWS::EC2::SecurityGroupIngress").values()
    groups = {flat(rule["Properties"]["GroupId"]) for rule in made}
    assert len(groups) == 2
    assert all("Shared" in group for group in groups)
    assert not [rule for rule in resources(shared, "AWS::EC2::SecurityGroupIngress").values()
                if rule["Properties"].get("FromPort") == 8998]  # fmt: skip


def test_a_group_that_allows_little_says_what_it_allows_here():
    app = new_app()
    shared, stack = new_stack(app, "Shared"), new_stack(app, "Team")
    vpc = imported_vpc(shared)
    groups = ClusterSecurityGroups(shared, "Groups", vpc=vpc, allow_all_outbound=False)
    profile = ClusterProfile(shared, "Profile", vpc=vpc, security_groups=groups)
    cluster = Cluster(stack, "Cluster", profile=profile)
    peer = ec2.SecurityGroup(stack, "Peer", vpc=imported_vpc(stack))
    cluster.connections.allow_to(peer, ec2.Port.tcp(5432))
    made = resources(synthesize(stack), "AWS::EC2::SecurityGroupEgress").values()
    assert {rule["Properties"]["FromPort"] for rule in made} == {5432}


def test_a_grant_that_makes_the_first_policy_of_the_nodes_comes_before_the_cluster():
    stack = new_stack()
    profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=None, log_bucket=None)
    cluster = Cluster(stack, "Cluster", profile=profile)
    cluster.grants.read_bucket(s3.Bucket.from_bucket_name(stack, "Data", "data"))
    (found,) = resources(synthesize(stack), "AWS::EMR::Cluster").values()
    assert any("InstancePolicy" in name for name in found["DependsOn"])


def test_permissions_on_a_cluster_name_the_region_of_its_stack():
    app = new_app()
    account = "111111111111"
    stack = new_stack(app, "Clusters", env={"region": "eu-west-1", "account": account})
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    other = new_stack(app, "People", env={"region": "us-east-1", "account": account})
    cluster.grants.submit_steps(iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal()))
    (policy,) = resources(synthesize(other), "AWS::IAM::Policy").values()
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert flat(statement["Resource"]).endswith(f":elasticmapreduce:eu-west-1:{account}:cluster/j-1")


class TestEnvironments:
    HERE = cdk.Environment(account="111111111111", region="eu-west-1")

    @pytest.mark.parametrize(
        ("env", "got"),
        [
            (cdk.Environment(account="111111111111", region="us-east-1"), "111111111111/us-east-1"),
            (cdk.Environment(account="222222222222", region="eu-west-1"), "222222222222/eu-west-1"),
            (None, "unknown-account/unknown-region"),
        ],
    )
    def test_a_profile_that_clusters_cannot_use(self, env, got):
        app = new_app()
        shared, stack = new_stack(app, "Shared", env=env), new_stack(app, "Team", env=self.HERE)
        profile = ClusterProfile(shared, "Profile", vpc=imported_vpc(shared))
        message = (
            "profile must be in the account and Region of the clusters, 111111111111/eu-west-1, got a profile in "
            f"{got}; define a profile there, or pass the same env to both stacks"
        )
        for kind in (Cluster, LaunchTemplate):
            with pytest.raises(EmrError, match=message) as raised:
                kind(stack, kind.__name__, profile=profile)
            assert raised.value.path == f"Team/{kind.__name__}"

    def test_imported_parts_of_a_stack_for_any_region(self):
        app = new_app()
        shared, stack = new_stack(app, "Shared"), new_stack(app, "Team", env=self.HERE)
        profile = ClusterProfile(
            shared,
            "Profile",
            vpc=imported_vpc(shared),
            instance_profile=iam.InstanceProfile.from_instance_profile_name(shared, "Nodes", "EMR_EC2_DefaultRole"),
            service_role=iam.Role.from_role_name(shared, "Service", "EMR_DefaultRole"),
            security_groups=ClusterSecurityGroups.emr_managed(),
            log_uri="s3://logs/",
            security_configuration=None,
        )
        cluster = Cluster(stack, "Cluster", profile=profile)
        assert only(synthesize(cluster), "AWS::EMR::Cluster")["JobFlowRole"] == "EMR_EC2_DefaultRole"
