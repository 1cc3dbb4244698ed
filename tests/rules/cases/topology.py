"""What the rules of ``emr_constructs.rules.topology`` reject, and what they accept instead."""

from __future__ import annotations

from typing import Any

from .parts import CORE, FLEETS, MASTER, TASK, THREE, Case, cluster, fleet, fleets, group, groups


def _tasks(count: int) -> list[dict[str, Any]]:
    return [group("TASK", Name=f"task {number}") for number in range(count)]


CASES = [
    # Topology
    Case("emr-master-count", "InstanceGroupConfig", group("MASTER", InstanceCount=2),
         "instance count of the primary instance group must be 1 or 3, got 2",
         THREE),
    Case("emr-core-count", "InstanceGroupConfig", group(InstanceCount=0),
         "instance count of the core instance group must be at least 1, got 0",
         CORE),
    Case("emr-task-count", "InstanceGroupConfig", group("TASK", InstanceCount=-1),
         "instance count of a task instance group must be at least 0, got -1",
         group("TASK", InstanceCount=0)),
    Case("emr-groups-and-fleets", "JobFlowInstancesConfig",
         groups(MASTER, InstanceFleets=[{"InstanceFleetType": "MASTER"}]),
         "instance groups can't be combined with instance fleets",
         groups(MASTER, InstanceFleets=[])),
    Case("emr-groups-and-types", "JobFlowInstancesConfig", groups(MASTER, MasterInstanceType="m5.xlarge"),
         "instance groups and fleets can't be combined with MasterInstanceType, SlaveInstanceType and InstanceCount, "
         "which are another way to specify the nodes, got MasterInstanceType; remove it, and specify the nodes in the "
         "groups or fleets",
         groups(MasterInstanceType="m5.xlarge", SlaveInstanceType="m5.xlarge", InstanceCount=3)),
    Case("emr-groups-and-types", "JobFlowInstancesConfig",
         groups(MASTER, MasterInstanceType="m5.xlarge", InstanceCount=3),
         "got MasterInstanceType, InstanceCount; remove them, and specify the nodes",
         fleets(fleet("MASTER"), InstanceGroups=[])),
    Case("emr-no-nodes", "RunJobFlowInput", cluster(instances={"KeepJobFlowAliveWhenNoSteps": True}),
         "a cluster must have instance groups or instance fleets",
         cluster()),
    Case("emr-no-nodes", "RunJobFlowInput", cluster(instances=groups()),
         "a cluster must have instance groups or instance fleets",
         cluster(instances=groups(MasterInstanceType="m5.xlarge"))),
    Case("emr-master-group", "JobFlowInstancesConfig", groups(CORE),
         "a cluster must have exactly one primary instance group, got 0",
         groups(MASTER)),
    Case("emr-master-group", "JobFlowInstancesConfig", groups(MASTER, CORE, CORE),
         "a cluster must have at most one core instance group, got 2",
         groups(MASTER, CORE)),
    Case("emr-task-without-core", "JobFlowInstancesConfig", groups(MASTER, TASK),
         "task nodes require core nodes, which are missing",
         groups(MASTER, CORE, TASK)),
    Case("emr-task-group-limit", "JobFlowInstancesConfig", groups(MASTER, CORE, *_tasks(49)),
         "number of task instance groups must be at most 48, got 49", groups(MASTER, CORE, *_tasks(48))),
    Case("emr-group-name-repeated", "JobFlowInstancesConfig",
         groups(MASTER, CORE, group("TASK", Name="a"), group("TASK", Name="a")),
         "names of task instance groups must be unique, got 'a' 2 times",
         groups(MASTER, CORE, group("TASK", Name="a"), group("TASK", Name="b"))),
    Case("emr-master-fleet", "JobFlowInstancesConfig", fleets(fleet()),
         "a cluster must have exactly one primary instance fleet, got 0",
         FLEETS),
    Case("emr-master-fleet", "JobFlowInstancesConfig",
         fleets(fleet("MASTER"), fleet(), fleet("TASK"), fleet("TASK")),
         "a cluster must have at most one task instance fleet, got 2",
         fleets(fleet("MASTER"), fleet(), fleet("TASK"))),
    Case("emr-task-without-core", "JobFlowInstancesConfig", fleets(fleet("MASTER"), fleet("TASK")),
         "add a core instance fleet", FLEETS),
    Case("emr-group-name-missing", "JobFlowInstancesConfig", groups(MASTER, CORE, TASK, group("TASK", Name="a")),
         "each of several task instance groups must have a name",
         groups(group("MASTER", Name="a"), group(Name="a"), TASK)),
    Case("emr-group-name-repeated", "AddInstanceGroupsInput",
         {"InstanceGroups": [group("TASK", Name="a"), group("TASK", Name="a")]},
         "names of task instance groups must be unique, got 'a' 2 times",
         {"InstanceGroups": [group("TASK", Name="a"), group("TASK", Name="b")]}),
    Case("emr-added-group-role", "AddInstanceGroupsInput", {"InstanceGroups": [CORE]},
         "an instance group added to a cluster must be a task group, got the role CORE",
         {"InstanceGroups": [TASK]}),
]  # fmt: skip
