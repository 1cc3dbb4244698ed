"""Where a cluster runs: subnets and security groups."""

from __future__ import annotations

from collections.abc import Iterator

from .constraints import constraint
from .registry import Part, rule
from .sources import api_reference, management_guide

_GROUPS = management_guide("emr-man-sec-groups")
_INSTANCES = api_reference("JobFlowInstancesConfig")


def _additional_groups(instances: Part) -> Iterator[str]:
    for kind, nodes in (("Master", "primary"), ("Slave", "core and task")):
        count = len(instances.items(f"Additional{kind}SecurityGroups"))
        if count > 4:
            yield f"{count} for the {nodes} nodes"


@rule("emr-partial-security-groups", "JobFlowInstancesConfig", fix="specify both or neither", source=_GROUPS)
def _managed_groups_come_together(instances: Part) -> Iterator[str | tuple[str, str]]:
    """The managed security groups of primary and of core and task nodes must be specified together.

    A service-access security group requires both.
    """
    primary, core = "EmrManagedMasterSecurityGroup" in instances, "EmrManagedSlaveSecurityGroup" in instances
    if primary != core:
        given, lacking = ("primary", "core and task") if primary else ("core and task", "primary")
        yield f"managed security group of the {given} nodes requires one of the {lacking} nodes, which is missing"
    if "ServiceAccessSecurityGroup" in instances and not (primary or core):
        fix = "also specify the groups of the primary and of the core and task nodes"
        yield "service-access security group requires managed security groups, which are missing", fix


# fmt: off
constraint("emr-subnet-properties", "JobFlowInstancesConfig", "Ec2SubnetId can't be combined with Ec2SubnetIds",
           lambda instances: "Ec2SubnetId" in instances and "Ec2SubnetIds" in instances,
           fix="remove one of them", source=_INSTANCES)
constraint("emr-groups-one-subnet", "JobFlowInstancesConfig", "a cluster of instance groups must have one subnet",
           lambda instances: "InstanceGroups" in instances and len(instances.items("Ec2SubnetIds")) > 1
           and f"{len(instances.items('Ec2SubnetIds'))} subnets",
           fix="specify one subnet, or use instance fleets",
           library_fix="select one subnet, or use InstanceFleets", source=_INSTANCES)
constraint("emr-additional-security-groups", "JobFlowInstancesConfig",
           "additional security groups of a node type must be at most 4", _additional_groups,
           fix="use fewer groups with more rules", source=management_guide("emr-additional-sec-groups"))
constraint("emr-placement-and-subnet", "JobFlowInstancesConfig",
           "Placement can't be combined with a subnet, which determines the Availability Zone",
           lambda instances: "Placement" in instances and ("Ec2SubnetId" in instances or "Ec2SubnetIds" in instances),
           fix="remove Placement", source=_INSTANCES)
