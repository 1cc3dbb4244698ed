"""Security groups and subnets of a cluster that are in its template."""

from __future__ import annotations

from pathlib import Path

import pytest

from emr_constructs.templates.checking import check_template
from emr_constructs.templates.parsing import parse

TEXT = (Path(__file__).parents[1] / "rules" / "templates" / "private_network.yaml").read_text()
PORT = "emr-service-access-port"


def rules(*changes):
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return [finding.rule for finding in check_template(parse(text))]


def test_nothing_is_wrong_with_it():
    assert rules() == []


@pytest.mark.parametrize(
    "change",
    [
        ('FromPort: "9443"', 'FromPort: "9444"'),
        ("IpProtocol: tcp", "IpProtocol: udp"),
        ("SourceSecurityGroupId: !Ref MasterGroup", "SourceSecurityGroupId: !Ref CoreGroup"),
        ("GroupId: !GetAtt ServiceGroup.GroupId", "GroupId: !Ref CoreGroup"),
    ],
    ids=["port", "protocol", "source", "group"],
)
def test_the_service_access_group_requires_ingress_from_the_primary_node(change):
    assert PORT in rules(change)


@pytest.mark.parametrize(
    "change",
    [
        ("IpProtocol: tcp", "IpProtocol: -1"),
        ('FromPort: "9443"', "FromPort: 0"),
        (
            "      GroupId: !GetAtt ServiceGroup.GroupId",
            "      Fn::Transform: {Name: Rules}\n      GroupId: !GetAtt ServiceGroup.GroupId",
        ),
        ("SourceSecurityGroupId: !Ref MasterGroup", "SourceSecurityGroupId: !ImportValue Group"),
        ("SourceSecurityGroupId: !Ref MasterGroup", "CidrIp: 10.0.0.0/16"),
        ("GroupId: !GetAtt ServiceGroup.GroupId", "GroupId: !ImportValue Group"),
        ("emr-7.12.0", "emr-5.29.0"),
        ("emr-7.12.0", "!ImportValue Release"),
    ],
)
def test_no_finding_if_the_rule_may_exist_or_is_not_required(change):
    assert PORT not in rules(change)


def test_a_rule_in_the_group_itself_counts():
    rule = "{IpProtocol: tcp, FromPort: 9443, ToPort: 9443, SourceSecurityGroupId: !Ref MasterGroup}"
    inline = f"GroupDescription: Service access, SecurityGroupIngress: [{rule}]"
    assert PORT not in rules(('FromPort: "9443"', 'FromPort: "1"'), ("GroupDescription: Service access", inline))


def test_a_prefix_list_may_have_the_primary_node():
    rule = "{IpProtocol: tcp, FromPort: 9443, ToPort: 9443, SourcePrefixListId: pl-0123456789abcdef0}"
    inline = f"GroupDescription: Service access, SecurityGroupIngress: [{rule}]"
    assert PORT not in rules(('FromPort: "9443"', 'FromPort: "1"'), ("GroupDescription: Service access", inline))


def test_a_nested_stack_may_add_the_rule():
    given = "Properties: {Parameters: {Group: !Ref ServiceGroup}}"
    stack = f"Resources:\n  Rules:\n    Type: AWS::CloudFormation::Stack\n    {given}"
    assert PORT not in rules(('FromPort: "9443"', 'FromPort: "1"'), ("Resources:", stack))


def test_the_cluster_waits_for_the_rule():
    assert rules(("DependsOn: [FromMaster, NodePolicy, ", "DependsOn: [NodePolicy, ")) == ["emr-unordered-resources"]


WITHOUT = ("        ServiceAccessSecurityGroup: !Ref ServiceGroup\n", "")


def test_own_groups_in_a_private_subnet_need_one_for_service_access():
    assert rules(WITHOUT) == ["emr-service-access-missing"]


@pytest.mark.parametrize(
    "change",
    [
        ("NatGatewayId: nat-0123456789abcdef0", "GatewayId: !Ref Internet"),
        ("NatGatewayId: nat-0123456789abcdef0", "GatewayId: !ImportValue Gateway"),
        ("{SubnetId: !Ref Subnet, RouteTableId", "{SubnetId: !ImportValue Subnet, RouteTableId"),
        ("RouteTableId: !Ref Routes}", "RouteTableId: !ImportValue Routes}"),
        ("emr-7.12.0", "emr-spark-8.1.0"),
    ],
)
def test_no_finding_if_the_subnet_may_be_public_or_the_release_differs(change):
    gateway = ("Resources:", "Resources:\n  Internet: {Type: AWS::EC2::InternetGateway}")
    assert "emr-service-access-missing" not in rules(WITHOUT, gateway, change)


_RULE = "{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}"
OPEN = ("GroupDescription: Master nodes", f"GroupDescription: Master nodes, SecurityGroupIngress: {_RULE}")


def test_nothing_comes_in_from_everywhere_to_a_public_subnet():
    public = (
        ("Resources:", "Resources:\n  Internet: {Type: AWS::EC2::InternetGateway}"),
        ("NatGatewayId: nat-0123456789abcdef0", "GatewayId: !Ref Internet"),
    )
    assert rules(*public, OPEN) == ["emr-public-ingress"]
    assert rules(OPEN) == []


def test_the_service_access_group_has_no_other_purpose():
    shared = (
        "EmrManagedSlaveSecurityGroup: !GetAtt CoreGroup.GroupId",
        "EmrManagedSlaveSecurityGroup: !Ref ServiceGroup",
    )
    assert rules(shared) == ["emr-service-access-shared"]


def test_no_network_in_the_template():
    assert (
        rules(("!Ref ServiceGroup", "sg-1"), ("!Ref MasterGroup", "sg-2"), ("!GetAtt CoreGroup.GroupId", "sg-3")) == []
    )


MASTER = "Properties: {GroupDescription: Master nodes, VpcId: !Ref Vpc}"
HTTPS = "{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}"


@pytest.mark.parametrize(
    ("egress", "is_reported"),
    [
        (f"[{HTTPS}]", True),
        ('[{IpProtocol: icmp, FromPort: 252, ToPort: 86, CidrIp: 255.255.255.255/32}]', True),
        (f"[{HTTPS}, {{IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIp: 10.0.0.0/16}}]", False),
        ('[{IpProtocol: "-1", CidrIp: 10.0.0.0/8}]', False),
        ("[]", False),
        ("!Ref Open", False),
    ],
)  # fmt: skip
def test_nodes_reach_the_other_nodes(egress, is_reported):
    limited = MASTER.replace("}", f", SecurityGroupEgress: {egress}}}")
    found = rules((MASTER, limited), ("Resources:", "Parameters: {Open: {Type: String}}\nResources:"))
    assert ("emr-node-egress" in found) is is_reported


def test_additional_groups_may_allow_egress():
    limited = MASTER.replace("}", f", SecurityGroupEgress: [{HTTPS}]}}")
    more = ("        ServiceAccessSecurityGroup", "        AdditionalMasterSecurityGroups: [sg-1]\n"
            "        ServiceAccessSecurityGroup")  # fmt: skip
    assert "emr-node-egress" not in rules((MASTER, limited), more)


NAT = """  Gateway: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Subnet, KIND}}
  MasterGroup:
"""


@pytest.mark.parametrize(
    ("kind", "is_reported"), [("AllocationId: eipalloc-1", True), ("ConnectivityType: private", False)]
)
def test_a_nat_gateway_in_a_private_subnet(kind, is_reported):
    gateway = ("  MasterGroup:\n", NAT.replace("KIND", kind))
    found = rules(("nat-0123456789abcdef0", "!Ref Gateway"), gateway)
    assert ("emr-no-route-to-s3" in found) is is_reported
