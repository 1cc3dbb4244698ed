"""What the nodes are made of: instance types, purchase option, AMI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constraints import constraint, matches, requires_release
from .instance_types import TYPE_PATTERN
from .registry import Severity
from .sources import api_reference, management_guide

if TYPE_CHECKING:
    from .parts import Part

_GROUP = api_reference("InstanceGroupConfig")
_AMI = management_guide("emr-custom-ami")
_NODES = ("InstanceGroupConfig", "InstanceTypeConfig")


def _parts_with_amis(cluster: Part) -> list[Part]:
    instances = cluster.part("Instances")
    types = [kind for fleet in instances.items("InstanceFleets") for kind in fleet.items("InstanceTypeConfigs")]
    return [part for part in [*instances.items("InstanceGroups"), *types] if "CustomAmiId" in part]


def _bid_without_spot(group: Part) -> str | None:
    is_on_demand = group.get("Market") == "ON_DEMAND" and "BidPrice" in group
    return f"{group.get('BidPrice', 'one')} for On-Demand Instances" if is_on_demand else None


# fmt: off
constraint("emr-bid-price-market", "InstanceGroupConfig", "a bid price requires Spot Instances", _bid_without_spot,
           at="BidPrice", fix="set Market to SPOT, or remove the bid price",
           library_fix="use Market.spot(bid_price=...), or remove the bid price", severity=Severity.WARNING,
           source=_GROUP)
constraint("emr-bid-price-on-demand", "InstanceGroupConfig",
           "a bid price must be a number, because EMR rejects the documented OnDemandPrice for instance groups",
           lambda group: group.get("BidPrice") == "OnDemandPrice" and "OnDemandPrice",
           at="BidPrice",
           fix="remove the bid price, to pay up to the On-Demand price", severity=Severity.WARNING, source=_GROUP)
matches("emr-bid-price", _NODES, "BidPrice", r"(OnDemandPrice|(?![0.]*$)(\d+(\.\d+)?|\.\d+))?",
        what="bid price",
        must="be a number of US dollars per hour above 0",
        fix="use a price such as 0.25, or remove it to pay up to the On-Demand price", source=_GROUP)
matches("emr-instance-type", _NODES, "InstanceType", TYPE_PATTERN, what="instance type",
        must="be a family and a size", fix="use a type such as m7g.xlarge", source=_GROUP)
matches("emr-custom-ami-id", (*_NODES, "RunJobFlowInput"), "CustomAmiId",
        r"(ami-[0-9a-f]{8}([0-9a-f]{9})?|resolve:ssm:.+)?",
        what="custom AMI", must="be the ID of an AMI", fix="use an ID such as ami-0123456789abcdef0", source=_AMI)
constraint("emr-custom-ami-twice", "RunJobFlowInput",
           "custom AMI of the cluster can't be combined with custom AMIs of instance groups or types",
           lambda cluster: "CustomAmiId" in cluster and bool(_parts_with_amis(cluster)),
           at="CustomAmiId", fix="remove one of them", source=_AMI)
requires_release("emr-custom-ami-release", "RunJobFlowInput",
                 {"custom_ami": lambda cluster: "CustomAmiId" in cluster or _parts_with_amis(cluster)}, source=_AMI)
