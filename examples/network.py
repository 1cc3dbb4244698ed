"""The network that the examples share. To use an existing VPC, import it with ``ec2.Vpc.from_lookup``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.network import NetworkStack

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_ec2 as ec2


def network(app: cdk.App, *, nat_gateways: int = 1, interface_endpoints: bool = False) -> ec2.Vpc:
    """Create a network stack in ``app`` and return its VPC."""
    stack = NetworkStack(
        app,
        "ExampleNetwork",
        cidr_block="10.40.0.0/16",
        max_azs=2,
        nat_gateways=nat_gateways,
        interface_endpoints=interface_endpoints,
    )
    return stack.vpc
