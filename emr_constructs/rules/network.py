"""The network of a cluster: subnets and security groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from .._core.patterns import regex
from .._core.unknown import is_unknown
from .constraints import both, constraint
from .parts import Part
from .registry import At, Severity, rule
from .sources import api_reference, management_guide
from .studio import STUDIO

_GROUPS = management_guide("emr-man-sec-groups")
_INSTANCES = api_reference("JobFlowInstancesConfig")
_ZONES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html"
_REGION: Final = regex(r"[a-z]{2}(-[a-z]+)+-\d")
_GROUP_MEMBERS: Final = (
    "EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup", "ServiceAccessSecurityGroup",
    "AdditionalMasterSecurityGroups", "AdditionalSlaveSecurityGroups",
)  # fmt: skip
# CDK uses these IDs in the first synthesis of an app that looks a VPC up.
_CDK_PLACEHOLDERS: Final = {"subnet": "|[ps]-(12345|67890)"}


def _additional_groups(instances: Part) -> Iterator[At]:
    for kind, nodes in (("Master", "primary"), ("Slave", "core and task")):
        member = f"Additional{kind}SecurityGroups"
        if (count := len(instances.placed_items(member))) > 4:
            yield At(instances.at(member), f"{count} for the {nodes} nodes")


@rule("emr-partial-security-groups", "JobFlowInstancesConfig", fix="specify both or neither", source=_GROUPS)
def _managed_groups_come_together(instances: Part) -> Iterator[At]:
    """The managed security groups of primary and of core and task nodes must be specified together.

    A service-access security group requires both.
    """
    titles = {"EmrManagedMasterSecurityGroup": "primary", "EmrManagedSlaveSecurityGroup": "core and task"}
    given = [member for member in titles if member in instances]
    if len(given) == 1:
        owner, other = titles.pop(given[0]), *titles.values()
        message = f"managed security group of the {owner} nodes requires one of the {other} nodes, which is missing"
        yield At(instances.at(given[0]), message)
    if "ServiceAccessSecurityGroup" in instances and not given:
        fix = "also specify the groups of the primary and of the core and task nodes"
        message = "service-access security group requires managed security groups, which are missing"
        yield At(instances.at("ServiceAccessSecurityGroup"), message, fix)


def _other_ids(prefix: str, *members: str) -> Callable[[Part], Iterator[At]]:
    """Find the values of ``members`` that aren't IDs with ``prefix``."""
    pattern = regex(prefix + "-[0-9a-zA-Z]+" + _CDK_PLACEHOLDERS.get(prefix, ""))

    def found(part: Part) -> Iterator[At]:
        for member in members:
            is_list = isinstance(part.get(member), list)
            for at, item in enumerate(part.placed_items(member) if is_list else [part.get(member)]):
                # An empty text is often the default of a parameter, and the console wrote lists with one.
                if isinstance(item, str) and item and not is_unknown(item) and not pattern.fullmatch(item):
                    yield At(part.at(member, *([at] if is_list else [])), f"{item!r} in {member}")

    return found


# fmt: off
constraint("emr-subnet-id", ("JobFlowInstancesConfig", STUDIO), "a subnet must be specified by its ID",
           _other_ids("subnet", "Ec2SubnetId", "Ec2SubnetIds", "SubnetIds"),
           fix="use an ID such as subnet-0123456789abcdef0, or Ref of an AWS::EC2::Subnet",
           library_fix="use an ID such as subnet-0123456789abcdef0", source=_INSTANCES)
constraint("emr-security-group-id", "JobFlowInstancesConfig", "a security group must be specified by its ID",
           _other_ids("sg", *_GROUP_MEMBERS),
           fix="use an ID such as sg-0123456789abcdef0, or Fn::GetAtt with GroupId of an AWS::EC2::SecurityGroup",
           library_fix="use an ID such as sg-0123456789abcdef0", source=_GROUPS)
constraint("emr-vpc-id", STUDIO, "the VPC of a Studio must be specified by its ID", _other_ids("vpc", "VpcId"),
           fix="use an ID such as vpc-0123456789abcdef0, or Ref of an AWS::EC2::VPC",
           library_fix="use an ID such as vpc-0123456789abcdef0", source=api_reference("CreateStudio"))
constraint("emr-subnet-properties", "JobFlowInstancesConfig", "Ec2SubnetId can't be combined with Ec2SubnetIds",
           both("Ec2SubnetId", "Ec2SubnetIds"), at="Ec2SubnetIds", fix="remove one of them", source=_INSTANCES)
constraint("emr-groups-one-subnet", "JobFlowInstancesConfig", "a cluster of instance groups must have one subnet",
           lambda instances: (count := len(instances.placed_items("Ec2SubnetIds"))) > 1
           and "InstanceGroups" in instances and "InstanceFleets" not in instances and f"{count} subnets",
           at="Ec2SubnetIds", fix="specify one subnet, or use instance fleets",
           library_fix="select one subnet, or use InstanceFleets", source=_INSTANCES)
constraint("emr-additional-security-groups", "JobFlowInstancesConfig",
           "the number of additional security groups of a node type must be at most 4", _additional_groups,
           fix="use fewer groups with more rules", source=management_guide("emr-additional-sec-groups"))
constraint("emr-placement-and-subnet", "JobFlowInstancesConfig",
           "Placement can't be combined with a subnet, which determines the Availability Zone",
           lambda instances: "Placement" in instances and ("Ec2SubnetId" in instances or "Ec2SubnetIds" in instances),
           at="Placement", fix="remove Placement", severity=Severity.WARNING, source=_INSTANCES)
constraint("emr-zone-name", "PlacementType",
           "the Availability Zone must be the name of a zone, which ends with a letter",
           lambda placement: _REGION.fullmatch(zone := placement.get("AvailabilityZone", ""))
           and f"the Region {zone!r}", at="AvailabilityZone", fix="use a zone such as us-east-1a, or specify a subnet",
           severity=Severity.WARNING, source=_ZONES)
