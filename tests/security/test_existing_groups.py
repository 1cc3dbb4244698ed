"""Security groups that EMR creates: what a request lacks, what is warned about, and what can't be used."""

from __future__ import annotations

import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

import emr_constructs as emr
from emr_constructs import Cluster, ClusterPort, ClusterProfile, ClusterSecurityGroups, EmrError, TransientCluster
from tests.tools import flat, imported_vpc, new_app, new_stack, only, resources, synthesize, warnings

TAG = {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"}
MANAGED = ("EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup", "ServiceAccessSecurityGroup")
OWN = r"add your rules to another security group and pass it in ClusterSecurityGroups.emr_managed\(additional_master"


def about(scope, rule):
    return [found for found in warnings(scope) if f"::{rule}]" in found]


@pytest.fixture(scope="module")
def managed():
    """Clusters in a VPC of the app, whose nodes also are in groups of the app."""
    stack = new_stack(new_app())
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
    own = ec2.SecurityGroup(stack, "Own", vpc=vpc)
    audited = ec2.SecurityGroup.from_security_group_id(stack, "Audited", "sg-9")
    groups = ClusterSecurityGroups.emr_managed(additional_master=[own, audited], additional_core=[own])
    profile = ClusterProfile(stack, "Profile", vpc=vpc, security_groups=groups)
    cluster = Cluster(stack, "Cluster", profile=profile)
    wait = emr.Step.custom("Wait", command=["true"])
    emr.ClusterAlarms(stack, "Alarms", cluster=cluster)
    job = TransientCluster(stack, "Job", profile=profile, workflow=[wait], topic=None)
    return cluster, job, synthesize(stack)


class TestRequest:
    def test_has_no_managed_groups(self, managed):
        cluster, job, template = managed
        for request in (cluster.run_job_flow_request, job.run_job_flow_request):
            assert not set(MANAGED) & set(request["Instances"])
        assert not set(MANAGED) & set(only(template, "AWS::EMR::Cluster")["Instances"])

    def test_has_the_additional_groups(self, managed):
        _, _, template = managed
        instances = only(template, "AWS::EMR::Cluster")["Instances"]
        assert [flat(one)[:4] for one in instances["AdditionalMasterSecurityGroups"]] == ["<Own", "sg-9"]
        assert [flat(one)[:4] for one in instances["AdditionalSlaveSecurityGroups"]] == ["<Own"]

    def test_no_group_is_created(self, managed):
        _, _, template = managed
        (name,) = resources(template, "AWS::EC2::SecurityGroup")
        assert name.startswith("Own")
        assert not resources(template, "AWS::EC2::SecurityGroupIngress")

    @pytest.mark.parametrize("public", [True, False])
    def test_both_kinds_of_subnets_are_accepted(self, stack, public):
        groups = ClusterSecurityGroups.emr_managed()
        cluster = Cluster(stack, "Cluster", subnets=["subnet-1"], public=public, security_groups=groups)
        assert not [name for name in cluster.run_job_flow_request["Instances"] if "SecurityGroup" in name]

    def test_8_needs_no_address_range(self, stack):
        groups = ClusterSecurityGroups.emr_managed()
        release = emr.ReleaseLabel.EMR_SPARK_8_1_0
        Cluster(stack, "Cluster", subnets=["subnet-1"], public=False, security_groups=groups, release_label=release)


class TestTags:
    def test_the_service_policy_requires_them_on_the_vpc_and_on_additional_groups(self, managed):
        cluster, _, template = managed
        assert TAG in only(template, "AWS::EC2::VPC")["Tags"]
        assert TAG in only(template, "AWS::EC2::SecurityGroup")["Tags"]
        (found,) = about(cluster.profile, "emr-untagged-security-groups")
        assert "this app: sg-9; tag them" in found

    def test_an_imported_vpc_is_named(self, stack):
        ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_groups=ClusterSecurityGroups.emr_managed())
        (found,) = about(stack, "emr-untagged-vpc")
        assert "this app: vpc-11111111; tag them" in found

    def test_a_vpc_that_is_not_known_is_named_by_its_subnets(self, stack):
        profile = ClusterProfile(
            stack, "Profile", subnets=["subnet-1"], public=True, security_groups=ClusterSecurityGroups.emr_managed()
        )
        (found,) = about(profile, "emr-untagged-vpc")
        assert "this app: the VPC of subnet-1; tag them" in found

    def test_another_service_role_may_not_require_them(self, stack):
        vpc = ec2.Vpc(stack, "Vpc", max_azs=1)
        role = iam.Role.from_role_arn(stack, "Service", "arn:aws:iam::111111111111:role/emr")
        ClusterProfile(
            stack, "Profile", vpc=vpc, security_groups=ClusterSecurityGroups.emr_managed(), service_role=role
        )
        assert not [found for found in warnings(stack) if "untagged" in found]
        (found,) = about(stack, "emr-default-security-groups")
        assert "if the groups exist, tag them" not in found
        assert TAG not in only(synthesize(stack), "AWS::EC2::VPC")["Tags"]

    def test_additional_groups_that_are_imported_are_named_with_all_kinds_of_groups(self, stack):
        vpc = imported_vpc(stack)
        one, two = (ec2.SecurityGroup.from_security_group_id(stack, f"Group{n}", f"sg-{n}") for n in (1, 2))
        own = ClusterSecurityGroups(stack, "Groups", vpc=vpc, additional_master=[one], additional_core=[one])
        (found,) = about(ClusterProfile(stack, "Own", vpc=vpc, security_groups=own), "emr-untagged-security-groups")
        assert "this app: sg-1; tag them" in found
        given = ClusterSecurityGroups.from_security_groups(
            master=one, core=one, service_access=one, additional_core=[two]
        )
        (found,) = about(ClusterProfile(stack, "Given", vpc=vpc, security_groups=given), "emr-untagged-security-groups")
        assert "this app: sg-1, sg-2; tag them" in found


class TestWarning:
    @pytest.mark.parametrize(
        ("public", "names"),
        [
            (True, "ElasticMapReduce-master and ElasticMapReduce-slave of the VPC"),
            (
                False,
                "ElasticMapReduce-Master-Private, ElasticMapReduce-Slave-Private and ElasticMapReduce-ServiceAccess of",
            ),
        ],
    )
    def test_states_what_remains(self, stack, public, names):
        groups = ClusterSecurityGroups.emr_managed()
        profile = ClusterProfile(stack, "Profile", subnets=["subnet-1"], public=public, security_groups=groups)
        (found,) = about(profile, "emr-default-security-groups")
        assert names in found
        assert "never deletes them" in found
        assert "the VPC can't be deleted until you remove the rules and then the groups" in found
        assert "if the groups exist, tag them with for-use-with-amazon-emr-managed-policies=true" in found

    def test_can_be_acknowledged(self, stack):
        emr.acknowledge(stack, "emr-default-security-groups", reason="The VPC is permanent")
        groups = ClusterSecurityGroups.emr_managed()
        ClusterProfile(stack, "Profile", subnets=["subnet-1"], public=True, security_groups=groups)
        assert about(stack, "emr-default-security-groups") == []

    def test_other_groups_are_deleted_with_the_stack(self, stack):
        ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        assert about(stack, "emr-default-security-groups") == []


class TestUnknownGroups:
    def test_groups_are_not_known(self):
        groups = ClusterSecurityGroups.emr_managed()
        for name in ("master", "core"):
            with pytest.raises(EmrError, match=f"can't be used, because EMR creates it; {OWN}"):
                getattr(groups, name)
        assert groups.service_access is None
        assert tuple(groups.rules) == ()

    def test_connections_name_the_way_out(self, managed):
        cluster, job, _ = managed
        message = f"connections can't be allowed to a cluster whose security groups EMR creates; {OWN}"
        for read, path in (
            (lambda: cluster.connections, "Test/Cluster"),
            (lambda: cluster.master_connections, "Test/Cluster"),
            (lambda: cluster.access.allow_from(ec2.Peer.ipv4("10.0.0.0/8"), ClusterPort.SSH), "Test/Cluster"),
            (lambda: job.connections, "Test/Job"),
        ):
            with pytest.raises(EmrError, match=message) as error:
                read()
            assert error.value.path == path

    def test_sessions_need_no_group(self, managed):
        cluster, _, _ = managed
        assert "aws ssm start-session" in cluster.access.session_command

    def test_alarms_need_no_group(self, managed):
        _, _, template = managed
        assert len(resources(template, "AWS::CloudWatch::Alarm")) > 1

    @pytest.mark.parametrize("given", [{"additional_master": "sg-1"}, {"additional_core": ["sg-1"]}])
    def test_rejects_what_is_no_group(self, given):
        with pytest.raises(EmrError, match=r"additional_(master|core).* must be .*ec2.ISecurityGroup"):
            ClusterSecurityGroups.emr_managed(**given)


class _CustomGroups:
    """Groups of a user's own class."""

    def __init__(self, group):
        self.master = self.core = group
        self.service_access = None
        self.additional_master = self.additional_core = ()
        self.rules = ()

    def allow_service_access(self, release, subnets):
        pass


def test_groups_of_another_class_still_work(stack):
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")
    cluster = Cluster(stack, "Cluster", subnets=["subnet-1"], public=True, security_groups=_CustomGroups(group))
    assert cluster.run_job_flow_request["Instances"]["EmrManagedMasterSecurityGroup"] == "sg-1"
    assert [found.security_group_id for found in cluster.connections.security_groups] == ["sg-1", "sg-1"]
