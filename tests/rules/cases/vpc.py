"""What the rules of ``emr_constructs.rules.vpc`` reject, and what they accept instead."""

from __future__ import annotations

from typing import Any

from .parts import Case

VPC = "ClusterVpc"


def places(*vpcs: str) -> dict[str, Any]:
    return {"Places": [{"What": f"subnet {vpc}", "Vpc": vpc} for vpc in vpcs]}


def subnets(*facts: dict[str, bool], **members: Any) -> dict[str, Any]:
    return {"Subnets": [{"LogicalId": f"Subnet{at}", **fact} for at, fact in enumerate(facts)], **members}


def vpc(**facts: bool | str) -> dict[str, Any]:
    return {"Vpcs": [{"LogicalId": "Vpc", **facts}]}


PUBLIC, PRIVATE = {"IsPrivate": False, "AssignsAddresses": False}, {"IsPrivate": True}

CASES = [
    Case("emr-several-vpcs", VPC, places("A", "B"),
         "subnets and security groups of a cluster or Studio must be in one VPC, got subnet A in A, subnet B in B",
         places("A", "A")),
    Case("emr-subnets-mixed", VPC, subnets(PRIVATE, PUBLIC),
         "subnets of a cluster must be all private or all public, got private Subnet0 and public Subnet1",
         subnets(PRIVATE, {})),
    Case("emr-no-route-to-s3", VPC, subnets({"ReachesS3": False}),
         "a private subnet must have a route to Amazon S3, got none in 'Subnet0'", subnets({"ReachesS3": True}, {})),
    Case("emr-vpc-dns", VPC, vpc(HasDnsSupport=True, HasDnsHostnames=False), "got EnableDnsHostnames off in 'Vpc'",
         vpc(HasDnsSupport=True)),
    Case("emr-ha-public-addresses", VPC, subnets(PUBLIC, HasThreeMasters=True),
         "got 'Subnet0' without MapPublicIpOnLaunch", subnets(PUBLIC, HasThreeMasters=False)),
    Case("emr-no-subnet", VPC, {"Unused": ["subnet 'Subnet'"]}, "got no subnet, but subnet 'Subnet'", {"Unused": []}),
    Case("emr-subnet-addresses", VPC, {"Nodes": 12, "Subnets": [{"LogicalId": "Subnet", "Cidr": "10.0.0.0/28"}]},
         "subnet of a cluster must have an address for each node, got 12 nodes and at most 11 addresses in 'Subnet'",
         {"Nodes": 11, "Subnets": [{"LogicalId": "Subnet", "Cidr": "10.0.0.0/28"}]}),
    Case("emr-api-gateway-endpoint", VPC, {**subnets(PUBLIC, IsScaled=True), **vpc(ApiEndpoint="Api")},
         "because EMR's metrics go through its public endpoint, got endpoint 'Api'",
         {**subnets(PRIVATE, IsScaled=True), **vpc(ApiEndpoint="Api")}),
    Case("emr-vpc-private-addresses", VPC, vpc(Cidr="54.10.0.0/16"),
         "VPC of a cluster must have a private range of addresses, got 54.10.0.0/16 in 'Vpc'",
         vpc(Cidr="172.31.0.0/16")),
    Case("emr-vpc-private-addresses", VPC, vpc(Cidr="172.32.0.0/16"), "got 172.32.0.0/16 in 'Vpc'",
         vpc(Cidr="100.64.0.0/16")),
    Case("emr-no-route-to-s3", VPC, {"Subnets": [{"LogicalId": "Subnet", "BlindNat": "Nat"}]},
         "got only NAT gateway 'Nat', which is in a private subnet, in 'Subnet'; create the NAT gateway in a public "
         "subnet, with a route to an internet gateway", {"Subnets": [{"LogicalId": "Subnet", "ReachesS3": True}]}),
]  # fmt: skip
