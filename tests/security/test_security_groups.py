from __future__ import annotations

import pytest
from aws_cdk import aws_ec2 as ec2

from emr_constructs import ClusterSecurityGroups, EmrError, ReleaseLabel
from emr_constructs.network.subnets import ClusterSubnets
from tests.tools import imported_vpc, new_app, new_stack, resources, rules, synthesize

ANY = ("icmp -1--1", "tcp 0-65535", "udp 0-65535")
AMONG_NODES = {
    ("Ingress", ports, to, source) for ports in ANY for to in ("Master", "Core") for source in ("Master", "Core")
}
TO_7 = {
    ("Ingress", "tcp 8443-8443", "Master", "ServiceAccess"),
    ("Ingress", "tcp 8443-8443", "Core", "ServiceAccess"),
    ("Egress", "tcp 8443-8443", "ServiceAccess", "Master"),
    ("Egress", "tcp 8443-8443", "ServiceAccess", "Core"),
}
FROM_5_30 = {("Ingress", "tcp 9443-9443", "ServiceAccess", "Master")}
FROM_8 = {("Ingress", "tcp 443-443", "ServiceAccess", "10.1.0.0/16")}


def make(*releases, service_access=True, **options):
    stack = new_stack(new_app())
    vpc = imported_vpc(stack)
    groups = ClusterSecurityGroups(stack, "SecurityGroups", vpc=vpc, service_access=service_access, **options)
    subnets = ClusterSubnets.select(vpc, None, at=stack)
    for release in releases:
        groups.allow_service_access(release, subnets)
    return groups, synthesize(stack)


def test_writes_every_rule_that_emr_adds_on_7():
    _, template = make(ReleaseLabel.EMR_7_14_0)
    assert rules(template) == AMONG_NODES | TO_7 | FROM_5_30


def test_releases_before_5_30_know_no_cluster_manager():
    _, template = make(ReleaseLabel.EMR_5_29_0)
    assert rules(template) == AMONG_NODES | TO_7


def test_8_talks_to_an_endpoint_of_the_vpc():
    _, template = make(ReleaseLabel.EMR_SPARK_8_1_0)
    assert rules(template) == AMONG_NODES | FROM_8


def test_clusters_of_several_releases_share_the_groups():
    groups, template = make(
        ReleaseLabel.EMR_7_14_0, ReleaseLabel.EMR_7_13_0, ReleaseLabel.EMR_5_29_0, ReleaseLabel.EMR_SPARK_8_1_0
    )
    assert rules(template) == AMONG_NODES | TO_7 | FROM_5_30 | FROM_8
    assert len(groups.rules) == len(rules(template))


def test_public_subnets_need_no_service_access():
    groups, template = make(ReleaseLabel.EMR_7_14_0, service_access=False)
    assert groups.service_access is None
    assert rules(template) == AMONG_NODES


def test_nothing_comes_in_from_the_world():
    _, template = make(ReleaseLabel.EMR_7_14_0, ReleaseLabel.EMR_SPARK_8_1_0)
    assert not [rule for rule in rules(template) if rule[0] == "Ingress" and rule[3] in ("0.0.0.0/0", "::/0")]
    for group in resources(template, "AWS::EC2::SecurityGroup").values():
        assert "SecurityGroupIngress" not in group["Properties"]


def test_the_description_of_a_rule_states_traffic_source_and_destination():
    _, template = make(ReleaseLabel.EMR_7_14_0, ReleaseLabel.EMR_SPARK_8_1_0, allow_all_outbound=False)
    found = {
        rule["Properties"]["Description"]
        for kind in ("Ingress", "Egress")
        for rule in resources(template, f"AWS::EC2::SecurityGroup{kind}").values()
    }
    assert all(description.startswith("Allows ") for description in found)
    assert found >= {
        "Allows ICMP from core and task nodes to primary nodes",
        "Allows all traffic from primary nodes to primary nodes",
        "Allows TCP 8443 from the EMR service to core and task nodes",
        "Allows TCP 443 from the VPC to the VPC endpoint of Amazon EMR",
        "Allows TCP 443 from primary nodes to AWS services",
    }


def test_the_descriptions_of_the_groups_stay_because_a_change_replaces_the_clusters():
    _, template = make()
    groups = resources(template, "AWS::EC2::SecurityGroup").values()
    assert {group["Properties"]["GroupDescription"] for group in groups} == {
        "Master nodes of Amazon EMR clusters",
        "Core and task nodes of Amazon EMR clusters",
        "Access of the Amazon EMR service to clusters",
    }


def test_groups_have_the_tag_that_the_service_policy_asks_for():
    _, template = make()
    groups = resources(template, "AWS::EC2::SecurityGroup")
    assert len(groups) == 3
    for group in groups.values():
        assert group["Properties"]["Tags"] == [{"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"}]


def test_the_nodes_may_connect_to_anything_by_default_and_emr_to_nothing_else():
    _, template = make(ReleaseLabel.EMR_7_14_0)
    outbound = {
        name[len("SecurityGroups") :].rstrip("0123456789ABCDEF"): group["Properties"]["SecurityGroupEgress"][0][
            "CidrIp"
        ]
        for name, group in resources(template, "AWS::EC2::SecurityGroup").items()
    }
    assert outbound == {"Master": "0.0.0.0/0", "Core": "0.0.0.0/0", "ServiceAccess": "255.255.255.255/32"}


def test_restricted_nodes_reach_each_other_emr_and_tls_alone():
    _, template = make(ReleaseLabel.EMR_7_14_0, allow_all_outbound=False)
    outbound = {rule for rule in rules(template) if rule[0] == "Egress" and rule[2] != "ServiceAccess"}
    assert outbound == {
        *(("Egress", "-1 None-None", source, to) for source in ("Master", "Core") for to in ("Master", "Core")),
        *(("Egress", "tcp 443-443", source, "0.0.0.0/0") for source in ("Master", "Core")),
        *(("Egress", "tcp 9443-9443", source, "ServiceAccess") for source in ("Master", "Core")),
    }
    for group in resources(template, "AWS::EC2::SecurityGroup").values():
        assert group["Properties"]["SecurityGroupEgress"][0]["CidrIp"] == "255.255.255.255/32"


def test_8_needs_the_address_range_of_the_vpc():
    stack = new_stack()
    vpc = imported_vpc(stack, vpc_cidr_block=None)
    groups = ClusterSecurityGroups(stack, "SecurityGroups", vpc=vpc)
    subnets = ClusterSubnets.select(vpc, None, at=stack)
    with pytest.raises(EmrError, match="import the VPC with vpc_cidr_block") as error:
        groups.allow_service_access(ReleaseLabel.EMR_SPARK_8_1_0, subnets)
    assert error.value.path == "Test/SecurityGroups"


def test_8_takes_the_literal_address_range_of_a_vpc_of_the_app():
    stack = new_stack()
    vpc = ec2.Vpc(stack, "Vpc", ip_addresses=ec2.IpAddresses.cidr("10.9.0.0/16"))
    groups = ClusterSecurityGroups(stack, "SecurityGroups", vpc=vpc)
    groups.allow_service_access(ReleaseLabel.EMR_SPARK_8_1_0, ClusterSubnets.select(vpc, None, at=stack))
    assert ("Ingress", "tcp 443-443", "ServiceAccess", "10.9.0.0/16") in rules(synthesize(stack))


def test_given_groups_get_no_rules(stack):
    vpc = imported_vpc(stack)
    master, core, service = (ec2.SecurityGroup(stack, name, vpc=vpc) for name in ("A", "B", "C"))
    master.add_ingress_rule(core, ec2.Port.tcp(22), "by hand", True)
    groups = ClusterSecurityGroups.from_security_groups(master=master, core=core, service_access=service)
    groups.allow_service_access(ReleaseLabel.EMR_7_14_0, ClusterSubnets.select(vpc, None, at=stack))
    assert (groups.master, groups.core, groups.service_access) == (master, core, service)
    assert [type(rule) for rule in groups.rules] == [ec2.CfnSecurityGroupIngress]
    assert len(rules(synthesize(stack))) == 1
