"""Which nodes a cluster has: instance groups, their roles and how many of them."""

from __future__ import annotations

from collections.abc import Iterator

from .engine import Part, rule
from .releases import lacks
from .sources import api_reference, management_guide, template_reference

_HA = management_guide("emr-plan-ha-launch")
_GROUPS = management_guide("emr-instance-group-configuration")
_RESIZE = management_guide("emr-manage-resize")
MAX_TASK_GROUPS = 48


def _groups(instances: Part, role: str) -> list[Part]:
    return [group for group in instances.items("InstanceGroups") if group.get("InstanceRole") == role]


def has_three_masters(cluster: Part) -> bool:
    """Whether the cluster is one with high availability."""
    masters = _groups(cluster.part("Instances"), "MASTER")
    return any(group.get("InstanceCount") == 3 for group in masters)


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
    "emr-task-without-core",
    "JobFlowInstancesConfig",
    do="add a core instance group",
    source=_RESIZE,
)
def _task_needs_core(instances: Part) -> Iterator[str]:
    """Task nodes need core nodes."""
    if _groups(instances, "TASK") and not _groups(instances, "CORE") and instances.is_complete("InstanceGroups"):
        yield "the cluster has task nodes and no core nodes"


@rule(
    "emr-task-group-limit",
    "JobFlowInstancesConfig",
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
    do="give each instance group a name of its own",
    source=template_reference("aws-properties-emr-cluster-jobflowinstancesconfig"),
)
def _group_names_differ(instances: Part) -> Iterator[str]:
    """The names of the instance groups of a cluster differ."""
    names = [name for group in instances.items("InstanceGroups") if (name := group.get("Name"))]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{names.count(name)} instance groups have the name {name!r}"


@rule(
    "emr-ha-release",
    "RunJobFlowInput",
    do="use a newer release",
    source=management_guide("emr-plan-ha"),
)
def _three_masters_need_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Three master nodes in an instance group need a release from 5.23.0 on."""
    if has_three_masters(cluster):
        yield from lacks(cluster, "multi_master_groups")


@rule(
    "emr-ha-spot",
    "InstanceGroupConfig",
    do="run the master instance group on demand",
    source=_HA,
)
def _three_masters_are_on_demand(group: Part) -> Iterator[str]:
    """Three master nodes do not run on Spot: losing two of them ends the cluster."""
    if group.get("InstanceRole") == "MASTER" and group.get("InstanceCount") == 3 and group.get("Market") == "SPOT":
        yield "three master nodes run on Spot"


@rule(
    "emr-ha-termination",
    "RunJobFlowInput",
    do="end it by hand: Termination.manual(protected=True)",
    source=_HA,
)
def _three_masters_live_on(cluster: Part) -> Iterator[str]:
    """A cluster with three master nodes is long-running: EMR protects it and overrides automatic termination."""
    if not has_three_masters(cluster):
        return
    if "AutoTerminationPolicy" in cluster:
        yield "a cluster with three master nodes ends itself when idle"
    if cluster.part("Instances").get("KeepJobFlowAliveWhenNoSteps") is False:
        yield "a cluster with three master nodes ends after its steps"
    if cluster.part("Instances").get("TerminationProtected") is False:
        yield "a cluster with three master nodes is not protected from termination"
