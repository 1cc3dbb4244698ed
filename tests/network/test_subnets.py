from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from emr_constructs import ClusterProfile, EmrError, Studio
from emr_constructs.network.managed_policy_tag import tag_subnets, tag_vpc
from emr_constructs.network.subnets import ClusterSubnets
from tests.tools import imported_vpc, new_app, new_stack, resources, synthesize

PUBLIC = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
TAG = {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"}


def tagged(template, kind):
    return {
        name for name, resource in resources(template, kind).items() if TAG in resource["Properties"].get("Tags", [])
    }


def test_private_subnets_are_the_default(stack):
    subnets = ClusterSubnets.select(imported_vpc(stack), None, at=stack)
    assert subnets.subnet_ids == ("subnet-aaaa", "subnet-bbbb")
    assert subnets.is_private


def test_isolated_subnets_are_private_too(stack):
    vpc = imported_vpc(
        stack,
        private_subnet_ids=[],
        private_subnet_route_table_ids=[],
        isolated_subnet_ids=["subnet-eeee", "subnet-ffff"],
        isolated_subnet_route_table_ids=["rtb-eeee", "rtb-ffff"],
    )
    subnets = ClusterSubnets.select(vpc, None, at=stack)
    assert subnets.subnet_ids == ("subnet-eeee", "subnet-ffff")
    assert subnets.is_private


def test_public_subnets_have_to_be_asked_for(stack):
    subnets = ClusterSubnets.select(imported_vpc(stack), PUBLIC, at=stack)
    assert subnets.subnet_ids == ("subnet-cccc", "subnet-dddd")
    assert not subnets.is_private


def test_takes_subnets_by_name_or_one_by_one(stack):
    vpc = imported_vpc(stack)
    one = ec2.SubnetSelection(subnets=[vpc.private_subnets[1]])
    assert ClusterSubnets.select(vpc, one, at=stack).subnet_ids == ("subnet-bbbb",)
    zone = ec2.SubnetSelection(availability_zones=["us-east-1b"])
    assert ClusterSubnets.select(vpc, zone, at=stack).subnet_ids == ("subnet-bbbb",)


def test_rejects_a_vpc_without_private_subnets(stack):
    vpc = imported_vpc(stack, private_subnet_ids=[], private_subnet_route_table_ids=[])
    with pytest.raises(EmrError, match="the VPC has only public subnets; add private subnets, or accept") as error:
        ClusterSubnets.select(vpc, None, at=stack)
    assert error.value.path == "Test"


def test_rejects_public_and_private_subnets_together(stack):
    vpc = imported_vpc(stack)
    both = ec2.SubnetSelection(subnets=[vpc.private_subnets[0], vpc.public_subnets[0]])
    with pytest.raises(EmrError, match="either only public or only private subnets, got both"):
        ClusterSubnets.select(vpc, both, at=stack)


def test_rejects_subnets_that_the_vpc_does_not_have(stack):
    selection = ec2.SubnetSelection(subnet_group_name="Data")
    with pytest.raises(
        EmrError, match=r"There are no subnet groups with name 'Data'.*; select subnets that the VPC has"
    ):
        ClusterSubnets.select(imported_vpc(stack), selection, at=stack)


def test_rejects_an_empty_selection(stack):
    selection = ec2.SubnetSelection(availability_zones=["us-east-1f"])
    with pytest.raises(EmrError, match="select subnets that the VPC has"):
        ClusterSubnets.select(imported_vpc(stack), selection, at=stack)


@pytest.mark.parametrize(
    ("vpc_env", "stack_env", "message"),
    [
        (
            {"region": "eu-west-1"},
            {"region": "us-east-1"},
            r"vpc must be in the region of the stack \(us-east-1\), got a VPC in eu-west-1; use a VPC of the",
        ),
        (
            {"account": "222222222222"},
            {"account": "111111111111"},
            r"vpc must be in the account of the stack \(111111111111\), got a VPC in 222222222222",
        ),
    ],
)
def test_rejects_a_vpc_of_another_environment(vpc_env, stack_env, message):
    app = new_app()
    vpc = ec2.Vpc(new_stack(app, "Network", env=cdk.Environment(**vpc_env)), "Vpc", max_azs=1)
    stack = new_stack(app, env=cdk.Environment(**stack_env))
    with pytest.raises(EmrError, match=message) as error:
        ClusterProfile(stack, "Profile", vpc=vpc)
    assert error.value.path == "Test/Profile"


def test_rejects_an_imported_vpc_of_another_region():
    stack = new_stack(env=cdk.Environment(region="us-east-1"))
    with pytest.raises(EmrError, match="got a VPC in eu-west-1"):
        Studio(stack, "Studio", vpc=imported_vpc(stack, region="eu-west-1"))


@pytest.mark.parametrize(
    ("vpc_env", "stack_env"),
    [({}, {"region": "us-east-1"}), ({"region": "us-east-1"}, {}), ({"region": "us-east-1"}, {"region": "us-east-1"})],
)
def test_an_environment_that_is_not_known_is_not_compared(vpc_env, stack_env):
    app = new_app()
    vpc = imported_vpc(new_stack(app, "Network", env=cdk.Environment(**vpc_env)))
    stack = new_stack(app, env=cdk.Environment(**stack_env))
    assert ClusterSubnets.select(vpc, None, at=stack).is_private


def test_tags_the_subnets_of_the_app_and_no_others():
    stack = new_stack(new_app())
    subnets = ClusterSubnets.select(ec2.Vpc(stack, "Vpc", max_azs=2), None, at=stack)
    assert tag_subnets(subnets) == ()
    assert tag_vpc(subnets.vpc) == ()
    template = synthesize(stack)
    assert all("PrivateSubnet" in name for name in tagged(template, "AWS::EC2::Subnet"))
    assert len(tagged(template, "AWS::EC2::Subnet")) == 2
    assert len(tagged(template, "AWS::EC2::VPC")) == 1
    assert not tagged(template, "AWS::EC2::RouteTable")
    assert not tagged(template, "AWS::EC2::InternetGateway")


def test_names_the_subnets_that_it_cannot_tag(stack):
    subnets = ClusterSubnets.select(imported_vpc(stack), None, at=stack)
    assert tag_subnets(subnets) == ("subnet-aaaa", "subnet-bbbb")
    assert tag_vpc(subnets.vpc) == ("vpc-11111111",)


def test_routes_are_what_keeps_the_subnet_connected(stack):
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
    vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
    subnets = ClusterSubnets.select(vpc, None, at=stack)
    assert sorted(route.node.path for route in subnets.routes(stack)) == [
        "Test/Vpc/PrivateSubnet1/DefaultRoute",
        "Test/Vpc/PrivateSubnet1/RouteTableAssociation",
        "Test/Vpc/S3",
    ]
    assert ClusterSubnets.select(imported_vpc(stack, "Other"), None, at=stack).routes(stack) == []


def test_fleets_need_the_routes_of_every_subnet(stack):
    subnets = ClusterSubnets.select(ec2.Vpc(stack, "Vpc", max_azs=2), None, at=stack)
    assert sorted(route.node.path for route in subnets.routes(stack, fleets=True)) == [
        "Test/Vpc/PrivateSubnet1/DefaultRoute",
        "Test/Vpc/PrivateSubnet1/RouteTableAssociation",
        "Test/Vpc/PrivateSubnet2/DefaultRoute",
        "Test/Vpc/PrivateSubnet2/RouteTableAssociation",
    ]


def test_groups_run_in_the_first_subnet_and_fleets_in_any(stack):
    subnets = ClusterSubnets.select(imported_vpc(stack), None, at=stack)
    assert subnets.instances(fleets=False) == {"Ec2SubnetId": "subnet-aaaa"}
    assert subnets.instances(fleets=True) == {"Ec2SubnetIds": ["subnet-aaaa", "subnet-bbbb"]}


def test_three_masters_need_public_addresses_in_a_public_subnet(stack):
    subnets = [
        ec2.SubnetConfiguration(name="Open", subnet_type=ec2.SubnetType.PUBLIC),
        ec2.SubnetConfiguration(name="Closed", subnet_type=ec2.SubnetType.PUBLIC, map_public_ip_on_launch=False),
    ]
    vpc = ec2.Vpc(stack, "Vpc", max_azs=1, nat_gateways=0, subnet_configuration=subnets)

    def check(name):
        selection = ec2.SubnetSelection(subnet_group_name=name)
        ClusterSubnets.select(vpc, selection, at=stack).check_public_addresses(fleets=True, at=stack)

    check("Open")
    with pytest.raises(EmrError, match="the public subnet Test/Vpc/ClosedSubnet1 must assign public addresses"):
        check("Closed")


def test_the_address_range_of_a_vpc_from_a_pool_is_known_at_deployment(stack):
    pool = ec2.IpAddresses.aws_ipam_allocation(
        ipv4_ipam_pool_id="ipam-pool-1", ipv4_netmask_length=16, default_subnet_ipv4_netmask_length=24
    )
    vpc = ec2.Vpc(stack, "Vpc", ip_addresses=pool, max_azs=2)
    cidr = ClusterSubnets.select(vpc, None, at=stack).cidr_block(at=stack)
    assert stack.resolve(cidr) == {"Fn::GetAtt": ["Vpc8378EB38", "CidrBlock"]}


def test_a_network_of_another_stack_is_ordered_by_its_references():
    app = new_app()
    network, other = new_stack(app, "Network"), new_stack(app, "Other")
    subnets = ClusterSubnets.select(ec2.Vpc(network, "Vpc", max_azs=2), None, at=other)
    assert subnets.routes(other, fleets=True) == []
    assert len(subnets.routes(network, fleets=True)) == 4


def test_a_nested_stack_names_the_routes_of_its_parent(stack):
    nested = cdk.NestedStack(stack, "Nested")
    subnets = ClusterSubnets.select(ec2.Vpc(stack, "Vpc", max_azs=2), None, at=nested)
    assert len(subnets.routes(nested)) == 2
