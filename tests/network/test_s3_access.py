"""The warning for nodes in isolated subnets that can't reach S3."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from emr_constructs import Cluster, InstanceFleet, InstanceFleets, add_s3_endpoint
from tests.tools import imported_vpc, new_app, new_stack, synthesize, warnings

ISOLATED = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
FLEETS = InstanceFleets(
    master=InstanceFleet.on_demand("m7g.xlarge", units=1), core=InstanceFleet.on_demand("m7g.xlarge", units=2)
)


@pytest.fixture
def stack():
    return new_stack(new_app())


def isolated(stack, name="Vpc"):
    """A VPC with two isolated subnets, without gateways and endpoints."""
    subnets = [ec2.SubnetConfiguration(name="Data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)]
    return ec2.Vpc(stack, name, max_azs=2, nat_gateways=0, subnet_configuration=subnets)


def found(stack):
    synthesize(stack)
    return [warning for warning in warnings(stack) if "emr-no-route-to-s3" in warning]


def test_warns_about_the_subnet_of_instance_groups(stack):
    Cluster(stack, "Cluster", vpc=isolated(stack))
    (warning,) = found(stack)
    assert warning.startswith(
        "the nodes must be able to reach Amazon S3, got isolated subnets in a VPC without an endpoint of S3: "
        "Test/Vpc/DataSubnet1; use add_s3_endpoint(vpc), or subnets with a NAT gateway"
    )


def test_warns_about_all_subnets_of_instance_fleets(stack):
    Cluster(stack, "Cluster", vpc=isolated(stack), instances=FLEETS)
    (warning,) = found(stack)
    assert "Test/Vpc/DataSubnet1, Test/Vpc/DataSubnet2" in warning


@pytest.mark.parametrize(
    "add",
    [
        lambda stack, vpc: add_s3_endpoint(vpc),
        lambda stack, vpc: vpc.add_interface_endpoint("S3", service=ec2.InterfaceVpcEndpointAwsService.S3),
        lambda stack, vpc: ec2.CfnVPCEndpoint(
            stack, "S3", vpc_id=vpc.vpc_id, service_name="com.amazonaws.eu-west-1.s3"
        ),
        lambda stack, vpc: ec2.CfnVPCEndpoint(
            stack, "S3", vpc_id=vpc.vpc_id, service_name=cdk.CfnParameter(stack, "Service").value_as_string
        ),
        lambda stack, vpc: ec2.CfnRoute(
            stack,
            "Route",
            route_table_id=vpc.isolated_subnets[0].route_table.route_table_id,
            transit_gateway_id="tgw-1",
        ),
        lambda stack, vpc: vpc.isolated_subnets[0].add_route(
            "Firewall", router_id="vpce-1", router_type=ec2.RouterType.VPC_ENDPOINT
        ),
    ],
    ids=["gateway", "interface", "resource", "unknown service", "route", "route of the subnet"],
)
def test_what_is_added_later_counts(stack, add):
    vpc = isolated(stack)
    Cluster(stack, "Cluster", vpc=vpc)
    add(stack, vpc)
    assert found(stack) == []


def test_an_endpoint_of_another_service_or_vpc_does_not_help(stack):
    vpc = isolated(stack)
    vpc.add_gateway_endpoint("DynamoDb", service=ec2.GatewayVpcEndpointAwsService.DYNAMODB)
    add_s3_endpoint(isolated(stack, "Other"))
    Cluster(stack, "Cluster", vpc=vpc)
    assert len(found(stack)) == 1


def test_private_and_imported_subnets_are_left_alone(stack):
    Cluster(stack, "Private", vpc=ec2.Vpc(stack, "Vpc", max_azs=1))
    vpc = imported_vpc(
        stack,
        "Imported",
        private_subnet_ids=[],
        private_subnet_route_table_ids=[],
        isolated_subnet_ids=["subnet-eeee", "subnet-ffff"],
        isolated_subnet_route_table_ids=["rtb-eeee", "rtb-ffff"],
    )
    Cluster(stack, "Isolated", vpc=vpc, vpc_subnets=ISOLATED)
    assert found(stack) == []


@pytest.mark.skipif(not hasattr(cdk, "Validations"), reason="requires an aws-cdk-lib with Validations")
def test_can_be_acknowledged(stack):
    cluster = Cluster(stack, "Cluster", vpc=isolated(stack))
    reason = "The subnets are attached to a transit gateway by another team."
    cdk.Validations.of(cluster).acknowledge(cdk.Acknowledgment(id="emr-no-route-to-s3", reason=reason))
    assert found(stack) == []
