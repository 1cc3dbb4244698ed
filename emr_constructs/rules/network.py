"""Where a cluster runs: subnets and security groups."""

from __future__ import annotations

from collections.abc import Iterator

from .registry import Part, rule
from .sources import api_reference, management_guide

_GROUPS = management_guide("emr-man-sec-groups")
_INSTANCES = api_reference("JobFlowInstancesConfig")


@rule("emr-subnet-properties", "JobFlowInstancesConfig", do="use one of the two", source=_INSTANCES)
def _one_way_to_name_subnets(instances: Part) -> Iterator[str]:
    """A cluster names its subnets once: one for instance groups, several for instance fleets."""
    if "Ec2SubnetId" in instances and "Ec2SubnetIds" in instances:
        yield "the cluster has both a subnet and a list of subnets"


@rule(
    "emr-groups-one-subnet", "JobFlowInstancesConfig", do="give one subnet, or use instance fleets", source=_INSTANCES
)
def _groups_take_one_subnet(instances: Part) -> Iterator[str]:
    """Instance groups run in one subnet; only instance fleets choose among several."""
    if "InstanceGroups" in instances and len(instances.items("Ec2SubnetIds")) > 1:
        yield f"a cluster of instance groups has {len(instances.items('Ec2SubnetIds'))} subnets"


@rule("emr-partial-security-groups", "JobFlowInstancesConfig", do="give both or neither", source=_GROUPS)
def _managed_groups_come_together(instances: Part) -> Iterator[str | tuple[str, str]]:
    """The managed security groups of master and core nodes are given together; a service-access group with them."""
    master, core = "EmrManagedMasterSecurityGroup" in instances, "EmrManagedSlaveSecurityGroup" in instances
    if master != core:
        given, lacking = ("master", "core and task") if master else ("core and task", "master")
        yield f"the {given} nodes have a managed security group and the {lacking} nodes have none"
    if "ServiceAccessSecurityGroup" in instances and not (master or core):
        fix = "give those of the master and of the core and task nodes too"
        yield "the cluster has a service-access security group and no managed security groups", fix


@rule(
    "emr-additional-security-groups",
    "JobFlowInstancesConfig",
    do="give 4 at most",
    source=management_guide("emr-additional-sec-groups"),
)
def _additional_groups_are_limited(instances: Part) -> Iterator[str]:
    """Each kind of node has at most 4 additional security groups."""
    for member, nodes in (
        ("AdditionalMasterSecurityGroups", "master"),
        ("AdditionalSlaveSecurityGroups", "core and task"),
    ):
        count = len(instances.items(member))
        if count > 4:
            yield f"the {nodes} nodes have {count} additional security groups"


@rule(
    "emr-placement-and-subnet",
    "JobFlowInstancesConfig",
    do="leave the placement out: the subnet is in an availability zone",
    source=_INSTANCES,
)
def _subnet_decides_the_zone(instances: Part) -> Iterator[str]:
    """A cluster in a subnet takes no placement: the subnet is in an availability zone."""
    if "Placement" in instances and ("Ec2SubnetId" in instances or "Ec2SubnetIds" in instances):
        yield "the cluster has a subnet and a placement in an availability zone"
