"""The nodes: instance types, purchase option, AMI."""

from __future__ import annotations

import re

from .constraints import constraint, matches, requires_release
from .instance_types import TYPE_PATTERN, type_names, with_types
from .parts import Part
from .registry import Severity
from .sources import api_reference, management_guide

_GROUP = api_reference("InstanceGroupConfig")
_AMI = management_guide("emr-custom-ami")
_NODES = ("InstanceGroupConfig", "InstanceTypeConfig")


def _has_amis(cluster: Part) -> bool:
    return any("CustomAmiId" in part for part in with_types(cluster))


def _type_instead(text: str) -> tuple[str, ...]:
    """The fix for a known type in upper case, with a prefix of another service or with another separator."""
    match = re.fullmatch(r"(?:ml|db|cache|dax|search)?\.?([a-z][\w-]*?)[.-](\w+)", text.strip().lower())
    name = f"{match[1]}.{match[2]}" if match else ""
    return (f"use {name}",) if name in type_names() else ()


# fmt: off
constraint("emr-bid-price-market", "InstanceGroupConfig", "a bid price requires Spot Instances",
           lambda group: "BidPrice" in group and group.get("Market") == "ON_DEMAND"
           and f"{group.get('BidPrice', 'one')} for On-Demand Instances",
           at="BidPrice", fix="set Market to SPOT, or remove the bid price",
           library_fix="use Market.spot(bid_price=...), or remove the bid price", severity=Severity.WARNING,
           source=_GROUP)
constraint("emr-bid-price-on-demand", "InstanceGroupConfig",
           "a bid price must be a number, because EMR rejects the documented OnDemandPrice for instance groups",
           lambda group: group.get("BidPrice") == "OnDemandPrice" and "OnDemandPrice", at="BidPrice",
           fix="remove the bid price, to pay up to the On-Demand price", severity=Severity.WARNING, source=_GROUP)
matches("emr-bid-price", _NODES, "BidPrice", r"(OnDemandPrice|(?![0.]*$)(\d+(\.\d+)?|\.\d+))?", what="the bid price",
        must="be a number of US dollars per hour above 0",
        fix="use a price such as 0.25, or remove it to pay up to the On-Demand price", source=_GROUP)
matches("emr-instance-type", _NODES, "InstanceType", TYPE_PATTERN, what="the instance type",
        must="be a family and a size", instead=_type_instead, fix="use a type such as m7g.xlarge", source=_GROUP)
matches("emr-custom-ami-id", (*_NODES, "RunJobFlowInput"), "CustomAmiId",
        r"(ami-[0-9a-f]{8}([0-9a-f]{9})?|resolve:ssm:.+)?",
        what="the custom AMI", must="be the ID of an AMI", fix="use an ID such as ami-0123456789abcdef0", source=_AMI)
constraint("emr-custom-ami-twice", "RunJobFlowInput",
           "the custom AMI of the cluster can't be combined with custom AMIs of instance groups or types",
           lambda cluster: "CustomAmiId" in cluster and _has_amis(cluster), at="CustomAmiId",
           fix="remove one of them", source=_AMI)
requires_release("emr-custom-ami-release", "RunJobFlowInput",
                 {"custom_ami": lambda cluster: "CustomAmiId" in cluster or _has_amis(cluster)}, source=_AMI)
