"""The VPC of a cluster or Studio, its subnets and their routes, if they are in the template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .._core.patterns import regex
from .constraints import constraint
from .registry import At, Severity
from .shapes import add_list, add_shape
from .sources import api_reference, management_guide

if TYPE_CHECKING:
    from .parts import Part

__all__ = ["VPC"]

VPC: Final = "ClusterVpc"
"""Where the subnets and security groups of a cluster or Studio are, and what its subnets and VPCs allow."""

_PREFIX: Final = regex(r"\d+\.\d+\.\d+\.\d+/(1[6-9]|2[0-8])")
# Those of RFC 1918, and the shared ones of RFC 6598.
_PRIVATE: Final = regex(r"10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.")
_SETUP = management_guide("emr-vpc-host-job-flows")
_OPTIONS = management_guide("emr-clusters-in-a-vpc")

# fmt: off
add_shape("PlaceInVpc", {"What": "String", "Vpc": "String"})
add_list("PlaceInVpcList", "PlaceInVpc")
add_shape("SubnetOfTemplate", {
    "LogicalId": "String", "IsPrivate": "Boolean", "AssignsAddresses": "Boolean", "ReachesS3": "Boolean",
    "Cidr": "String", "BlindNat": "String",
})
add_list("SubnetOfTemplateList", "SubnetOfTemplate")
add_shape("VpcOfTemplate", {
    "LogicalId": "String", "HasDnsSupport": "Boolean", "HasDnsHostnames": "Boolean", "ApiEndpoint": "String",
    "Cidr": "String",
})
add_list("VpcOfTemplateList", "VpcOfTemplate")
add_shape(VPC, {
    "Places": "PlaceInVpcList", "Subnets": "SubnetOfTemplateList", "Vpcs": "VpcOfTemplateList",
    "HasThreeMasters": "Boolean", "Unused": "StringList", "Nodes": "Integer", "IsScaled": "Boolean",
})
# fmt: on


def _several_vpcs(found: Part) -> str | None:
    places = [(str(place.get("What")), str(place.get("Vpc"))) for place in found.items("Places")]
    if len({vpc for _, vpc in places}) < 2:
        return None
    return ", ".join(f"{what} in {vpc}" for what, vpc in places)


def _mixed_subnets(found: Part) -> str | None:
    names = {
        is_private: [
            str(subnet.get("LogicalId")) for subnet in found.items("Subnets") if subnet.get("IsPrivate") is is_private
        ]
        for is_private in (True, False)
    }
    return f"private {', '.join(names[True])} and public {', '.join(names[False])}" if all(names.values()) else None


def _without_s3(found: Part) -> Iterator[str | At]:
    for subnet in found.items("Subnets"):
        if subnet.get("ReachesS3") is False:
            yield f"none in {subnet.get('LogicalId')!r}"
        elif (gateway := subnet.get("BlindNat")) is not None:
            message = f"only NAT gateway {gateway!r}, which is in a private subnet, in {subnet.get('LogicalId')!r}"
            yield At(
                subnet.at(), message, "create the NAT gateway in a public subnet, with a route to an internet gateway"
            )


def _without_dns(found: Part) -> list[str]:
    return [
        f"{' and '.join(off)} off in {vpc.get('LogicalId')!r}"
        for vpc in found.items("Vpcs")
        if (off := [f"Enable{name}" for name in ("DnsSupport", "DnsHostnames") if vpc.get(f"Has{name}") is False])
    ]


def _public_ranges(found: Part) -> list[str]:
    return [
        f"{vpc.get('Cidr')} in {vpc.get('LogicalId')!r}"
        for vpc in found.items("Vpcs")
        if re.match(r"\d", vpc.get("Cidr") or "") and not _PRIVATE.match(vpc.get("Cidr"))
    ]


def _without_addresses(found: Part) -> list[str]:
    subnets = found.items("Subnets") if found.get("HasThreeMasters") is True else []
    return [
        f"{subnet.get('LogicalId')!r} without MapPublicIpOnLaunch"
        for subnet in subnets
        if subnet.get("IsPrivate") is False and subnet.get("AssignsAddresses") is False
    ]


def _few_addresses(found: Part) -> str | None:
    """The nodes at launch that the subnets have no addresses for, of which AWS reserves five in each."""
    nodes, subnets = found.get("Nodes"), found.items("Subnets")
    sizes = [_PREFIX.fullmatch(subnet.get("Cidr") or "") for subnet in subnets]
    if nodes is None or not sizes or not all(sizes):
        return None
    # A cluster runs in one of its subnets.
    most = max((1 << (32 - int(match[1]))) - 5 for match in sizes if match)
    names = " and ".join(repr(subnet.get("LogicalId")) for subnet in subnets)
    return f"{nodes} nodes and at most {most} addresses in {names}" if nodes > most else None


def _api_endpoints(found: Part) -> list[str]:
    # In private subnets the metrics take another way.
    is_public = any(subnet.get("IsPrivate") is False for subnet in found.items("Subnets"))
    is_scaled = found.get("IsScaled") is True
    endpoints = [vpc.get("ApiEndpoint") for vpc in found.items("Vpcs")]
    return [f"endpoint {name!r}" for name in endpoints if name and is_scaled and is_public]


# fmt: off
constraint("emr-subnet-addresses", VPC, "subnet of a cluster must have an address for each node", _few_addresses,
           fix="use a larger subnet, or fewer nodes", severity=Severity.WARNING,
           source=management_guide("emr-clusters-in-a-vpc"))
constraint("emr-api-gateway-endpoint", VPC,
           "the VPC of a cluster in a public subnet with managed scaling or auto-termination must not have an endpoint "
           "of API Gateway with private DNS, because EMR's metrics go through its public endpoint", _api_endpoints,
           fix="set PrivateDnsEnabled of the endpoint to false, or use private subnets", severity=Severity.WARNING,
           source=management_guide("emr-managed-scaling"))
constraint("emr-vpc-private-addresses", VPC, "the VPC of a cluster must have a private range of addresses",
           _public_ranges, fix="use a block in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16", severity=Severity.WARNING,
           source=_SETUP)
constraint("emr-several-vpcs", VPC, "subnets and security groups of a cluster or Studio must be in one VPC",
           _several_vpcs, fix="use subnets and security groups of one VPC",
           source=management_guide("emr-man-sec-groups"))
constraint("emr-subnets-mixed", VPC, "subnets of a cluster must be all private or all public", _mixed_subnets,
           fix="use subnets of one kind", severity=Severity.WARNING, source=_OPTIONS)
constraint("emr-no-route-to-s3", VPC, "a private subnet must have a route to Amazon S3", _without_s3,
           fix="add a gateway endpoint for S3 or a route to a NAT gateway to its route table",
           severity=Severity.WARNING, source=_OPTIONS)
constraint("emr-vpc-dns", VPC, "the VPC of a cluster must have DNS resolution and DNS hostnames", _without_dns,
           fix="set EnableDnsSupport and EnableDnsHostnames to true; DNS hostnames are off by default",
           severity=Severity.WARNING, source=_SETUP)
constraint("emr-ha-public-addresses", VPC,
           "a public subnet of a cluster with three primary nodes must assign public IPv4 addresses",
           _without_addresses, fix="set MapPublicIpOnLaunch of the subnet to true", severity=Severity.WARNING,
           source=management_guide("emr-plan-ha-launch"))
constraint("emr-no-subnet", VPC,
           "a cluster must specify a subnet if the template has one, because it otherwise runs in the default VPC",
           lambda found: f"no subnet, but {' and '.join(found.items('Unused'))}" if found.items("Unused") else None,
           fix="specify Ec2SubnetId, or Ec2SubnetIds for instance fleets", severity=Severity.WARNING,
           source=api_reference("JobFlowInstancesConfig"))
