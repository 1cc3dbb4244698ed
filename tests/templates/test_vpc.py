"""The VPC of a cluster in its template, and the dependencies of the cluster on it."""

from __future__ import annotations

import pytest

from emr_constructs.templates.checking import check_template
from emr_constructs.templates.parsing import parse

NETWORK = """
Parameters:
  Open: {Type: String}
Conditions:
  Never: !Equals [a, b]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}}
  Sub: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  Internet: {Type: AWS::EC2::InternetGateway}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Join: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Sub, RouteTableId: !Ref Table}}
  Nat:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-1}
  PublicTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  PublicJoin:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Public, RouteTableId: !Ref PublicTable}
  ToInternet:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref PublicTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Internet}
  Master: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: a}}
  Core: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: a}}
  Service: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: a}}
  FromMaster:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      {GroupId: !Ref Service, IpProtocol: tcp, FromPort: 9443, ToPort: 9443, SourceSecurityGroupId: !Ref Master}
"""
CLUSTER = """
  Cluster:
    Type: AWS::EMR::Cluster
    DependsOn: [Join, Nat, PublicJoin, ToInternet, FromMaster]
    Properties:
      Name: cluster
      ReleaseLabel: emr-7.14.0
      JobFlowRole: profile
      ServiceRole: role
      Instances:
        Ec2SubnetId: !Ref Sub
        EmrManagedMasterSecurityGroup: !Ref Master
        EmrManagedSlaveSecurityGroup: !Ref Core
        ServiceAccessSecurityGroup: !Ref Service
        MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge}
"""
NAT_TARGET = ", NatGatewayId: nat-1"
WITHOUT_NAT = (NAT_TARGET, "")
GROUPS = """
        EmrManagedMasterSecurityGroup: !Ref Master
        EmrManagedSlaveSecurityGroup: !Ref Core
        ServiceAccessSecurityGroup: !Ref Service"""


def findings(*changes, more=""):
    text = NETWORK + more + CLUSTER
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return check_template(parse(text))


def rules(*changes, more=""):
    return [finding.rule for finding in findings(*changes, more=more)]


def test_nothing_is_wrong_with_it():
    assert rules() == []
    assert rules(("Ec2SubnetId: !Ref Sub", "Ec2SubnetId: !Ref Public")) == []


@pytest.mark.parametrize(
    ("vpc", "is_wrong"),
    [
        ("VpcId: !Ref Other, ", True),
        ("VpcId: !GetAtt Other.VpcId, ", True),
        ("VpcId: vpc-0123456789abcdef0, ", True),
        ("", True),
        ("VpcId: !GetAtt Vpc.VpcId, ", False),
        ("VpcId: !Sub '${Vpc}', ", False),
        ("VpcId: !Ref Open, ", False),
        ("VpcId: !ImportValue Vpc, ", False),
    ],
)
def test_groups_of_another_vpc(vpc, is_wrong):
    other = "  Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}\n"
    change = ("Core: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, ",
              f"Core: {{Type: AWS::EC2::SecurityGroup, Properties: {{{vpc}")  # fmt: skip
    assert rules(change, more=other) == (["emr-several-vpcs"] if is_wrong else [])


def test_a_group_may_be_associated_with_another_vpc():
    other = """
  Other: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  Associated: {Type: AWS::EC2::SecurityGroupVpcAssociation, Properties: {GroupId: !Ref Core, VpcId: !Ref Vpc}}
"""
    change = ("Core: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc",
              "Core: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Other")  # fmt: skip
    assert rules(change, more=other) == []


def test_groups_of_the_default_vpc_may_be_in_the_vpc_of_a_literal_id():
    changes = [(f"Properties: {{VpcId: !Ref Vpc, {member}", f"Properties: {{VpcId: vpc-1, {member}")
               for member in ("CidrBlock: 10.0.0", "CidrBlock: 10.0.1")]  # fmt: skip
    assert rules(*changes, ("{VpcId: !Ref Vpc, GroupDescription", "{GroupDescription")) == []


@pytest.mark.parametrize("vpc", ["EnableDnsHostnames: false", "EnableDnsHostnames: 'false'", "EnableDnsSupport: false"])
def test_dns_is_on(vpc):
    assert rules(("EnableDnsHostnames: true", vpc)) == ["emr-vpc-dns"]
    assert rules(("EnableDnsHostnames: true", "EnableDnsHostnames: !Ref Open")) == []


def test_a_private_subnet_has_a_way_to_s3():
    assert rules(WITHOUT_NAT) == ["emr-no-route-to-s3"]


@pytest.mark.parametrize(
    "change",
    [
        (NAT_TARGET, ", TransitGatewayId: tgw-1"),
        (NAT_TARGET, ", VpcPeeringConnectionId: pcx-1"),
        (NAT_TARGET, ", GatewayId: !Ref Open"),
        ("RouteTableId: !Ref Table, Dest", "RouteTableId: !Ref Open, Dest"),
        ("SubnetId: !Ref Sub, RouteTableId: !Ref Table", "SubnetId: !Ref Sub, RouteTableId: !ImportValue Table"),
        ("SubnetId: !Ref Sub, RouteTableId", "SubnetId: !Ref Open, RouteTableId"),
        ("Resources:", "Outputs:\n  Table: {Value: !Ref Table, Export: {Name: table}}\nResources:"),
        ("Resources:", "Resources:\n  More: {Type: Custom::Routes, Properties: {Table: !Ref Table}}"),
        ("Resources:", "Resources:\n  Vpn:\n    Type: AWS::EC2::VPNGatewayRoutePropagation\n"
         "    Properties: {RouteTableIds: [!Ref Table], VpnGatewayId: vgw-1}"),
    ],
)  # fmt: skip
def test_a_private_subnet_that_may_have_a_way_to_s3(change):
    more = [] if change[0] == NAT_TARGET else [WITHOUT_NAT]
    assert "emr-no-route-to-s3" not in rules(change, *more)


ENDPOINT = """
  S3:
    Type: AWS::EC2::VPCEndpoint
    Properties: {VpcId: !Ref Vpc, ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3", RouteTableIds: [!Ref Table]}
"""


@pytest.mark.parametrize(
    ("change", "is_found"),
    [
        (("RouteTableIds: [!Ref Table]", "RouteTableIds: [!Ref Table]"), False),
        (("RouteTableIds: [!Ref Table]", "RouteTableIds: !Ref Open"), False),
        (("RouteTableIds: [!Ref Table]", "RouteTableIds: [!Ref PublicTable]"), True),
        (('"com.amazonaws.${AWS::Region}.s3"', '"com.amazonaws.${AWS::Region}.dynamodb"'), True),
        (('!Sub "com.amazonaws.${AWS::Region}.s3"', "!Ref Open"), False),
        (("RouteTableIds: [!Ref Table]", "VpcEndpointType: Interface"), False),
        (("Type: AWS::EC2::VPCEndpoint", "Type: AWS::EC2::VPCEndpoint\n    Condition: Never"), True),
    ],
)
def test_an_endpoint_for_s3(change, is_found):
    found = rules(WITHOUT_NAT, ("FromMaster]", "FromMaster, S3]"), change, more=ENDPOINT)
    assert ("emr-no-route-to-s3" in found) == is_found


THREE = ("InstanceCount: 1, InstanceType: m5.xlarge}", "InstanceCount: 3, InstanceType: m5.xlarge}\n"
         "        TerminationProtected: true")  # fmt: skip
IN_PUBLIC = ("Ec2SubnetId: !Ref Sub", "Ec2SubnetId: !Ref Public")


def test_three_primary_nodes_in_a_public_subnet_have_public_addresses():
    assert rules(THREE) == []
    assert rules(THREE, IN_PUBLIC) == ["emr-ha-public-addresses"]
    assert rules(THREE, IN_PUBLIC, ("10.0.1.0/24", "10.0.1.0/24, MapPublicIpOnLaunch: true")) == []
    assert rules(THREE, IN_PUBLIC, ("10.0.1.0/24", "10.0.1.0/24, MapPublicIpOnLaunch: !Ref Open")) == []


def test_subnets_of_fleets_are_of_one_kind():
    group = "MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge}"
    fleet = (
        group,
        "MasterInstanceFleet: {TargetOnDemandCapacity: 1, InstanceTypeConfigs: [{InstanceType: m5.xlarge}]}",
    )
    both = ("Ec2SubnetId: !Ref Sub", "Ec2SubnetIds: [!Ref Sub, !Ref Public]")
    assert rules(fleet, both) == ["emr-subnets-mixed"]
    assert rules(fleet, ("Ec2SubnetId: !Ref Sub", "Ec2SubnetIds: [!Ref Sub, !Ref Open]")) == []


def test_a_cluster_without_a_subnet():
    without = ("        Ec2SubnetId: !Ref Sub\n", "")
    (found,) = findings(without)
    assert found.message.endswith("got no subnet, but subnet 'Sub' and 1 more")
    assert rules(("Ec2SubnetId: !Ref Sub", "Placement: {AvailabilityZone: us-east-1a}")) == []
    assert rules(("Ec2SubnetId: !Ref Sub", "Ec2SubnetId: !If [Never, !Ref Sub, !Ref AWS::NoValue]")) == [
        "emr-no-subnet"
    ]


# Dependencies


def missing(*names, more=""):
    """The names that the finding has for a cluster that doesn't depend on ``names``."""
    kept = [name for name in ("Join", "Nat", "PublicJoin", "ToInternet", "FromMaster") if name not in names]
    change = ("DependsOn: [Join, Nat, PublicJoin, ToInternet, FromMaster]", f"DependsOn: [{', '.join(kept)}]")
    return [finding.message.rpartition("no dependency on ")[2] for finding in findings(change, more=more)]


def test_a_cluster_depends_on_the_routes_of_its_subnet():
    assert missing("Join") == ["Join"]
    assert missing("Nat") == ["Nat"]
    assert missing("PublicJoin", "ToInternet") == []
    assert missing(more=ENDPOINT) == ["S3"]


RULE = """
  Client:
    Type: AWS::EC2::SecurityGroup%s
    Properties: {GroupId: !Ref Master, IpProtocol: tcp, FromPort: 22, ToPort: 22, %s}
"""


@pytest.mark.parametrize(
    ("kind", "peer", "expected"),
    [
        ("Ingress", "CidrIp: 10.0.0.0/8", []),
        ("Ingress", "SourceSecurityGroupId: !Ref Bastion", []),
        ("Ingress", "SourceSecurityGroupId: !Ref Open", []),
        ("Ingress", "SourceSecurityGroupId: !Ref Core", ["Client"]),
        ("Egress", "DestinationSecurityGroupId: !GetAtt Service.GroupId", ["Client"]),
        ("Egress", "CidrIp: 10.0.0.0/8", []),
    ],
)
def test_a_cluster_depends_on_the_rules_between_its_groups(kind, peer, expected):
    bastion = "  Bastion: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: a}}\n"
    assert missing("FromMaster", more=bastion + RULE % (kind, peer)) == [", ".join([*expected, "FromMaster"])]


def test_what_is_not_created_is_no_dependency():
    never = (RULE % ("Ingress", "SourceSecurityGroupId: !Ref Core")).replace(
        "    Prop", "    Condition: Never\n    Prop"
    )
    assert missing(more=never) == []


def test_a_group_for_all_nodes_is_reported_once():
    public = ("{VpcId: !Ref Vpc, GroupDescription: a}", "{VpcId: !Ref Vpc, GroupDescription: a, SecurityGroupIngress: "
              "[{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}]}")  # fmt: skip
    (found,) = findings(public, IN_PUBLIC, ("SlaveSecurityGroup: !Ref Core", "SlaveSecurityGroup: !Ref Master"))
    assert found.message.endswith("got port 80 in 'Master' of the primary, core and task nodes")


BARE = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}}
  Sub: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/28}}
"""
INTERFACE = (
    "  S3:\n    Type: AWS::EC2::VPCEndpoint\n    Properties:\n      {VpcId: !Ref Vpc, VpcEndpointType: Interface, "
    "ServiceName: com.amazonaws.us-east-1.s3}\n"
)


def rules_of_bare(more: str = "", *, core: int = 1, vpc: str = "!Ref Vpc") -> set[str]:
    text = BARE.replace("!Ref Vpc", vpc) + CLUSTER.replace(
        "    DependsOn: [Join, Nat, PublicJoin, ToInternet, FromMaster]\n", ""
    )
    text = text.split("        EmrManaged")[0].split("        MasterInstanceGroup")[0]
    text += "        MasterInstanceGroup: {InstanceCount: 1, InstanceType: m7g.xlarge}\n"
    text += f"        CoreInstanceGroup: {{InstanceCount: {core}, InstanceType: m7g.xlarge}}\n"
    return {finding.rule for finding in check_template(parse(text + more))}


TABLE = "  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}\n"


def test_a_subnet_that_has_no_route_table_of_the_template():
    assert "emr-no-route-to-s3" in rules_of_bare(TABLE)
    assert "emr-no-route-to-s3" not in rules_of_bare()


@pytest.mark.parametrize(
    "more", [INTERFACE, "Outputs: {Vpc: {Value: !Ref Vpc}}\n", "Outputs: {Sub: {Value: !Ref Sub}}\n"]
)
def test_a_main_route_table_that_others_may_change(more):
    assert "emr-no-route-to-s3" not in rules_of_bare(TABLE + more)


def test_the_main_route_table_of_another_vpc():
    assert "emr-no-route-to-s3" not in rules_of_bare(TABLE, vpc="vpc-0123456789abcdef0")


def test_the_addresses_of_a_subnet():
    assert "emr-subnet-addresses" not in rules_of_bare(core=10)
    assert "emr-subnet-addresses" in rules_of_bare(core=11)
