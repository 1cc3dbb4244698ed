"""The VPC of a cluster or Studio, its subnets and their routes, if they are in the template."""

from __future__ import annotations

from typing import Final

from .constraints import constraint
from .registry import Part, Severity
from .shapes import add_list, add_shape
from .sources import api_reference, management_guide

__all__ = ["VPC"]

VPC: Final = "ClusterVpc"
"""Where the subnets and security groups of a cluster or Studio are, and what its subnets and VPCs allow."""

_SETUP = management_guide("emr-vpc-host-job-flows")
_OPTIONS = management_guide("emr-clusters-in-a-vpc")

# fmt: off
add_shape("PlaceInVpc", {"What": "String", "Vpc": "String"})
add_list("PlaceInVpcList", "PlaceInVpc")
add_shape("SubnetOfTemplate", {
    "LogicalId": "String", "IsPrivate": "Boolean", "AssignsAddresses": "Boolean", "ReachesS3": "Boolean",
})
add_list("SubnetOfTemplateList", "SubnetOfTemplate")
add_shape("VpcOfTemplate", {"LogicalId": "String", "HasDnsSupport": "Boolean", "HasDnsHostnames": "Boolean"})
add_list("VpcOfTemplateList", "VpcOfTemplate")
add_shape(VPC, {
    "Places": "PlaceInVpcList", "Subnets": "SubnetOfTemplateList", "Vpcs": "VpcOfTemplateList",
    "HasThreeMasters": "Boolean", "Unused": "StringList",
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


def _without_s3(found: Part) -> list[str]:
    return [
        f"none in {subnet.get('LogicalId')!r}" for subnet in found.items("Subnets") if subnet.get("ReachesS3") is False
    ]


def _without_dns(found: Part) -> list[str]:
    return [
        f"{' and '.join(off)} off in {vpc.get('LogicalId')!r}"
        for vpc in found.items("Vpcs")
        if (off := [f"Enable{name}" for name in ("DnsSupport", "DnsHostnames") if vpc.get(f"Has{name}") is False])
    ]


def _without_addresses(found: Part) -> list[str]:
    subnets = found.items("Subnets") if found.get("HasThreeMasters") is True else []
    return [
        f"{subnet.get('LogicalId')!r} without MapPublicIpOnLaunch"
        for subnet in subnets
        if subnet.get("IsPrivate") is False and subnet.get("AssignsAddresses") is False
    ]


# fmt: off
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
