"""The VPC of a cluster or Studio, its subnets and their routes, if they are in the template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .constraints import constraint
from .parts import Part
from .registry import At, Severity
from .sources import api_reference, management_guide

__all__ = ["VPC"]

VPC: Final = "ClusterVpc"
"""Where the subnets and security groups of a cluster or Studio are, and what its subnets and VPCs allow."""

_PREFIX: Final = regex(r"\d+\.\d+\.\d+\.\d+/(1[6-9]|2[0-8])")
# Those of RFC 1918, and the shared ones of RFC 6598.
_PRIVATE: Final = regex(r"10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.")
_SETUP = management_guide("emr-vpc-host-job-flows")
_OPTIONS = management_guide("emr-clusters-in-a-vpc")


def _several_vpcs(found: Part) -> str | None:
    places = [(str(place.get("What")), str(place.get("Vpc"))) for place in found.items("Places")]
    if len({vpc for _, vpc in places}) < 2:
        return None
    return ", ".join(f"{what} in {vpc}" for what, vpc in places)


def _mixed_subnets(found: Part) -> str | None:
    private, public = (
        ", ".join(str(subnet.get("LogicalId")) for subnet in _having(found, "Subnets", IsPrivate=is_private))
        for is_private in (True, False)
    )
    return f"private {private} and public {public}" if private and public else None


def _having(found: Part, member: str, **facts: bool) -> list[Part]:
    """The subnets or VPCs for which ``facts`` are known to hold."""
    return [part for part in found.items(member) if all(part.get(name) is fact for name, fact in facts.items())]


def _without_s3(found: Part) -> Iterator[str | At]:
    for subnet in found.items("Subnets"):
        if subnet.get("ReachesS3") is False:
            yield f"none in {subnet.get('LogicalId')!r}"
        elif (gateway := subnet.get("BlindNat")) is not None:
            message = f"only NAT gateway {gateway!r}, which is in a private subnet, in {subnet.get('LogicalId')!r}"
            fix = "create the NAT gateway in a public subnet, with a route to an internet gateway"
            yield At(subnet.at(), message, fix)


def _without_dns(found: Part) -> Iterator[str]:
    for vpc in found.items("Vpcs"):
        if off := [f"Enable{name}" for name in ("DnsSupport", "DnsHostnames") if vpc.get(f"Has{name}") is False]:
            yield f"{' and '.join(off)} off in {vpc.get('LogicalId')!r}"


def _public_ranges(found: Part) -> Iterator[str]:
    for vpc in found.items("Vpcs"):
        cidr = vpc.get("Cidr", "")
        if re.match(r"\d", cidr) and not _PRIVATE.match(cidr):
            yield f"{cidr} in {vpc.get('LogicalId')!r}"


def _without_addresses(found: Part) -> list[str]:
    is_wanted = found.get("HasThreeMasters") is True
    subnets = _having(found, "Subnets", IsPrivate=False, AssignsAddresses=False) if is_wanted else []
    return [f"{subnet.get('LogicalId')!r} without MapPublicIpOnLaunch" for subnet in subnets]


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
    # In private subnets, the metrics use another path.
    uses_them = found.get("IsScaled") is True and bool(_having(found, "Subnets", IsPrivate=False))
    endpoints = [vpc.get("ApiEndpoint") for vpc in found.items("Vpcs") if uses_them]
    return [f"endpoint {name!r}" for name in endpoints if name]


# fmt: off
constraint("emr-subnet-addresses", VPC, "the subnet of a cluster must have an address for each node", _few_addresses,
           fix="use a larger subnet, or fewer nodes", severity=Severity.WARNING,
           source=management_guide("emr-clusters-in-a-vpc"))
constraint("emr-api-gateway-endpoint", VPC,
           "the VPC of a cluster in a public subnet with managed scaling or auto-termination must not have a VPC "
           "endpoint for API Gateway with private DNS, because EMR's metrics go through its public endpoint",
           _api_endpoints,
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
