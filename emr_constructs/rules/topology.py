"""Which nodes a cluster has: instance groups or fleets, their roles and how many of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from .constraints import both, constraint, in_range, listed, repeated_at
from .parts import Part, once
from .registry import At, Severity, rule
from .sources import api_reference, management_guide, template_reference

__all__ = ["ADD_GROUPS", "MAX_TASK_GROUPS", "fleets", "groups", "has_three_masters", "three_masters_at"]

_HA = management_guide("emr-plan-ha-launch")
_GROUPS = management_guide("emr-instance-group-configuration")
_RESIZE = management_guide("emr-manage-resize")
_INSTANCES = api_reference("JobFlowInstancesConfig")
_TEMPLATE = template_reference("aws-properties-emr-cluster-jobflowinstancesconfig")
MAX_TASK_GROUPS = 48

ADD_GROUPS = "AddInstanceGroupsInput"
"""Groups that are added to a running cluster."""


def _has_types_also(instances: Part) -> At | None:
    is_listed = "InstanceGroups" in instances or "InstanceFleets" in instances
    others = [member for member in ("MasterInstanceType", "SlaveInstanceType", "InstanceCount") if member in instances]
    fix = f"remove {'them' if len(others) > 1 else 'it'}, and specify the nodes in the groups or fleets"
    return At(instances.at(others[0]), listed(others), fix) if is_listed and others else None


_NODES = ("InstanceGroups", "InstanceFleets", "MasterInstanceType", "InstanceCount")
_ROLES: Final = {"InstanceGroups": "InstanceRole", "InstanceFleets": "InstanceFleetType"}


def groups(instances: Part, *roles: str) -> list[Part]:
    """The instance groups of ``roles``, such as ``CORE``."""
    return [group for group in instances.items("InstanceGroups") if group.get("InstanceRole") in roles]


def fleets(instances: Part, *roles: str) -> list[Part]:
    """The instance fleets of ``roles``, such as ``CORE``."""
    return [fleet for fleet in instances.items("InstanceFleets") if fleet.get("InstanceFleetType") in roles]


def _is_whole(instances: Part, member: str) -> bool:
    """Whether ``member`` lists all nodes with their roles: none are unknown, and none of the other kind."""
    has_both = all(instances.items(kind) for kind in ("InstanceGroups", "InstanceFleets"))
    role = _ROLES[member]
    has_roles = all(isinstance(nodes.get(role), str) for nodes in instances.items(member) if role in nodes)
    return instances.is_complete(member) and has_roles and not has_both


def has_three_masters(cluster: Part) -> bool:
    """Whether the cluster is one with high availability."""
    return three_masters_at(cluster) is not None


@once
def three_masters_at(cluster: Part) -> str | None:
    """The place of the count of primary nodes of a cluster with high availability; None for any other cluster."""
    instances = cluster.part("Instances")
    counted = [(group, "InstanceCount") for group in groups(instances, "MASTER")]
    counted += [(fleet, "TargetOnDemandCapacity") for fleet in fleets(instances, "MASTER")]
    return next((part.at(member) for part, member in counted if part.get(member) == 3), None)


def _is_role(role: str) -> Callable[[Part], bool]:
    return lambda group: group.get("InstanceRole") == role


def _primary_count(group: Part) -> str | None:
    count = group.get("InstanceCount", 1)
    return str(count) if group.get("InstanceRole") == "MASTER" and count not in (1, 3) else None


def _has_no_nodes(cluster: Part) -> bool:
    known = "Instances" in cluster and cluster.is_complete("Instances")
    return known and not any(way in cluster.part("Instances") for way in _NODES)


def _task_groups(instances: Part) -> At | None:
    tasks = groups(instances, "TASK")
    return At(tasks[MAX_TASK_GROUPS].at(), str(len(tasks))) if len(tasks) > MAX_TASK_GROUPS else None


def _unnamed(part: Part) -> At | None:
    tasks = groups(part, "TASK")
    unnamed = [group for group in tasks if "Name" not in group]
    return At(unnamed[0].at(), "") if unnamed and len(tasks) > 1 else None


@rule("emr-master-group", "JobFlowInstancesConfig", fix="specify exactly one", source=_GROUPS)
def _one_master_group(instances: Part) -> Iterator[At]:
    """A cluster of instance groups must have exactly one primary group and at most one core group."""
    if "InstanceGroups" not in instances:
        return
    primary, core = groups(instances, "MASTER"), groups(instances, "CORE")
    if len(primary) > 1 or (not primary and _is_whole(instances, "InstanceGroups")):
        place = primary[-1].at() if primary else instances.at("InstanceGroups")
        yield At(place, f"a cluster must have exactly one primary instance group, got {len(primary)}")
    if len(core) > 1:
        message = f"a cluster must have at most one core instance group, got {len(core)}"
        yield At(core[-1].at(), message, "remove the others")


@rule("emr-master-fleet", "JobFlowInstancesConfig", fix="remove the others", source=_TEMPLATE)
def _one_fleet_of_each_kind(instances: Part) -> Iterator[At]:
    """A cluster of instance fleets must have exactly one primary fleet, and at most one core and one task fleet."""
    if "InstanceFleets" not in instances:
        return
    if not fleets(instances, "MASTER") and _is_whole(instances, "InstanceFleets"):
        message = "a cluster must have exactly one primary instance fleet, got 0"
        yield At(instances.at("InstanceFleets"), message, "specify one")
    for role, name in (("MASTER", "primary"), ("CORE", "core"), ("TASK", "task")):
        found = fleets(instances, role)
        if len(found) > 1:
            yield At(found[-1].at(), f"a cluster must have at most one {name} instance fleet, got {len(found)}")


@rule("emr-task-without-core", "JobFlowInstancesConfig", fix="add core nodes", source=_RESIZE)
def _task_needs_core(instances: Part) -> Iterator[At]:
    """Task nodes must be in a cluster with core nodes."""
    for kind, of_role in (("Group", groups), ("Fleet", fleets)):
        tasks = of_role(instances, "TASK")
        if tasks and not of_role(instances, "CORE") and _is_whole(instances, f"Instance{kind}s"):
            message = "task nodes require core nodes, which are missing"
            yield At(tasks[0].at(), message, f"add a core instance {kind.lower()}")


# fmt: off
constraint("emr-master-count", "InstanceGroupConfig", "the instance count of the primary instance group must be 1 or 3",
           _primary_count, at="InstanceCount", fix="use 1, or 3 for high availability", source=_HA)
in_range("emr-core-count", "InstanceGroupConfig", "InstanceCount", 1, when=_is_role("CORE"),
         what="the instance count of the core instance group",
         fix="use at least 1, or remove the core group for a single-node cluster", source=_RESIZE)
in_range("emr-task-count", "InstanceGroupConfig", "InstanceCount", 0, when=_is_role("TASK"),
         what="the instance count of a task instance group", source=_RESIZE)
constraint("emr-groups-and-fleets", "JobFlowInstancesConfig",
           "instance groups can't be combined with instance fleets", both("InstanceGroups", "InstanceFleets"),
           at="InstanceFleets[0]", fix="remove one of them", source=_INSTANCES)
constraint("emr-groups-and-types", "JobFlowInstancesConfig",
           "instance groups and fleets can't be combined with MasterInstanceType, SlaveInstanceType and InstanceCount, "
           "which are another way to specify the nodes",
           _has_types_also, fix="remove them, and specify the nodes in the groups or fleets", severity=Severity.WARNING,
           source="https://docs.aws.amazon.com/cli/latest/reference/emr/create-cluster.html")
constraint("emr-no-nodes", "RunJobFlowInput", "a cluster must have instance groups or instance fleets", _has_no_nodes,
           at="Instances", fix="specify at least a primary instance group or fleet", source=_INSTANCES)
constraint("emr-task-group-limit", ("JobFlowInstancesConfig", ADD_GROUPS),
           f"the number of task instance groups must be at most {MAX_TASK_GROUPS}", _task_groups,
           fix="remove some", source=_GROUPS)
constraint("emr-group-name-repeated", ("JobFlowInstancesConfig", ADD_GROUPS),
           "names of task instance groups must be unique", lambda part: repeated_at(groups(part, "TASK"), "Name"),
           fix="change a name", source=_TEMPLATE)
constraint("emr-group-name-missing", ("JobFlowInstancesConfig", ADD_GROUPS),
           "each of several task instance groups must have a name, by which CloudFormation recognizes it in an update",
           _unnamed, fix="specify Name for each task instance group",
           library_fix="specify a name: InstanceGroup(..., name='spot')", severity=Severity.WARNING, source=_TEMPLATE)
constraint("emr-added-group-role", ADD_GROUPS, "an instance group added to a cluster must be a task group",
           lambda added: (At(group.at("InstanceRole"), f"the role {group.get('InstanceRole')}")
                          for group in groups(added, "MASTER", "CORE")),
           fix="define primary and core groups in the cluster",
           library_fix="pass primary and core groups to the cluster",
           source=template_reference("aws-resource-emr-instancegroupconfig"))
