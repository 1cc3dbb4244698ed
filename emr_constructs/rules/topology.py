"""Which nodes a cluster has: instance groups or fleets, their roles and how many of them."""

from __future__ import annotations

from collections.abc import Iterator

from .registry import Part, rule
from .shapes import add_list, add_shape
from .sources import api_reference, management_guide, template_reference

_HA = management_guide("emr-plan-ha-launch")
_GROUPS = management_guide("emr-instance-group-configuration")
_RESIZE = management_guide("emr-manage-resize")
MAX_TASK_GROUPS = 48

ADD_GROUPS = "AddInstanceGroupsInput"
"""Groups that are added to a running cluster."""
add_list("AddedInstanceGroups", "InstanceGroupConfig")
add_shape(ADD_GROUPS, {"JobFlowId": "XmlStringMaxLen256", "InstanceGroups": "AddedInstanceGroups"})


def _groups(instances: Part, role: str) -> list[Part]:
    return [group for group in instances.items("InstanceGroups") if group.get("InstanceRole") == role]


def _fleets(instances: Part, role: str) -> list[Part]:
    return [fleet for fleet in instances.items("InstanceFleets") if fleet.get("InstanceFleetType") == role]


def has_three_masters(cluster: Part) -> bool:
    """Whether the cluster is one with high availability."""
    groups = _groups(cluster.part("Instances"), "MASTER")
    fleets = _fleets(cluster.part("Instances"), "MASTER")
    return any(group.get("InstanceCount") == 3 for group in groups) or any(
        fleet.get("TargetOnDemandCapacity") == 3 for fleet in fleets
    )


@rule(
    "emr-master-count",
    "InstanceGroupConfig",
    do="use 1, or 3 for high availability",
    source=_HA,
)
def _one_or_three_masters(group: Part) -> Iterator[str]:
    """A master instance group has one instance, or three for high availability."""
    count = group.get("InstanceCount")
    if group.get("InstanceRole") == "MASTER" and count not in (None, 1, 3):
        yield f"the master instance group has an instance count of {count}"


@rule(
    "emr-core-count",
    "InstanceGroupConfig",
    do="use 1 or more, or leave the core group out for a cluster of a master alone",
    source=_RESIZE,
)
def _core_is_not_empty(group: Part) -> Iterator[str]:
    """A core instance group has at least one instance."""
    count = group.get("InstanceCount")
    if group.get("InstanceRole") == "CORE" and count is not None and count < 1:
        yield f"the core instance group has an instance count of {count}"


@rule(
    "emr-task-count",
    "InstanceGroupConfig",
    do="use 0 or more",
    source=_RESIZE,
)
def _task_count_is_not_negative(group: Part) -> Iterator[str]:
    """A task instance group has no negative number of instances."""
    count = group.get("InstanceCount")
    if group.get("InstanceRole") == "TASK" and count is not None and count < 0:
        yield f"a task instance group has an instance count of {count}"


@rule(
    "emr-groups-and-fleets",
    "JobFlowInstancesConfig",
    do="use one of the two",
    source=api_reference("JobFlowInstancesConfig"),
)
def _groups_exclude_fleets(instances: Part) -> Iterator[str]:
    """A cluster has instance groups or instance fleets, never both."""
    if "InstanceGroups" in instances and "InstanceFleets" in instances:
        yield "the cluster has both instance groups and instance fleets"


@rule(
    "emr-master-group",
    "JobFlowInstancesConfig",
    do="give exactly one",
    source=_GROUPS,
)
def _one_master_group(instances: Part) -> Iterator[str | tuple[str, str]]:
    """A cluster of instance groups has exactly one master group and at most one core group."""
    if "InstanceGroups" not in instances:
        return
    masters, cores = len(_groups(instances, "MASTER")), len(_groups(instances, "CORE"))
    if masters > 1 or (masters == 0 and instances.is_complete("InstanceGroups")):
        yield f"the cluster has {masters} master instance groups"
    if cores > 1:
        yield f"the cluster has {cores} core instance groups", "give one at most"


@rule(
    "emr-master-fleet",
    "JobFlowInstancesConfig",
    do="give one at most",
    source=template_reference("aws-properties-emr-cluster-jobflowinstancesconfig"),
)
def _one_fleet_of_each_kind(instances: Part) -> Iterator[str | tuple[str, str]]:
    """A cluster of instance fleets has exactly one master fleet, and at most one core and one task fleet."""
    if "InstanceFleets" not in instances:
        return
    if not _fleets(instances, "MASTER") and instances.is_complete("InstanceFleets"):
        yield "the cluster has no master instance fleet", "give exactly one"
    for role in ("MASTER", "CORE", "TASK"):
        count = len(_fleets(instances, role))
        if count > 1:
            yield f"the cluster has {count} {role.lower()} instance fleets"


@rule(
    "emr-no-nodes",
    "RunJobFlowInput",
    do="give instance groups or instance fleets, a master at least",
    source=api_reference("JobFlowInstancesConfig"),
)
def _there_are_nodes(cluster: Part) -> Iterator[str]:
    """A cluster has instance groups or instance fleets."""
    ways = ("InstanceGroups", "InstanceFleets", "MasterInstanceType", "InstanceCount")
    known = "Instances" in cluster and cluster.is_complete("Instances")
    if known and not any(way in cluster.part("Instances") for way in ways):
        yield "the cluster has no nodes"


@rule(
    "emr-task-without-core",
    "JobFlowInstancesConfig",
    do="add core nodes",
    source=_RESIZE,
)
def _task_needs_core(instances: Part) -> Iterator[tuple[str, str]]:
    """Task nodes need core nodes."""
    for member, title, of_role in (
        ("InstanceGroups", "instance group", _groups),
        ("InstanceFleets", "instance fleet", _fleets),
    ):
        if of_role(instances, "TASK") and not of_role(instances, "CORE") and instances.is_complete(member):
            yield "the cluster has task nodes and no core nodes", f"add a core {title}"


@rule(
    "emr-task-group-limit",
    "JobFlowInstancesConfig",
    ADD_GROUPS,
    do=f"use {MAX_TASK_GROUPS} or fewer",
    source=_GROUPS,
)
def _task_groups_are_limited(instances: Part) -> Iterator[str]:
    """A cluster has at most 48 task instance groups."""
    count = len(_groups(instances, "TASK"))
    if count > MAX_TASK_GROUPS:
        yield f"the cluster has {count} task instance groups"


@rule(
    "emr-group-name-repeated",
    "JobFlowInstancesConfig",
    ADD_GROUPS,
    do="give each a name of its own",
    source=template_reference("aws-properties-emr-cluster-jobflowinstancesconfig"),
)
def _group_names_differ(instances: Part) -> Iterator[str]:
    """The names of the instance groups or fleets of a cluster differ."""
    for member, title in (("InstanceGroups", "instance groups"), ("InstanceFleets", "instance fleets")):
        names = [name for part in instances.items(member) if (name := part.get("Name"))]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{names.count(name)} {title} have the name {name!r}"


@rule(
    "emr-added-group-role",
    ADD_GROUPS,
    do="define master and core groups with the cluster",
    source=template_reference("aws-resource-emr-instancegroupconfig"),
)
def _only_task_groups_are_added(added: Part) -> Iterator[str]:
    """Only task groups can be added to a running cluster."""
    for group in added.items("InstanceGroups"):
        role = group.get("InstanceRole")
        if role in ("MASTER", "CORE"):
            yield f"a {role.lower()} instance group is added to a cluster"
