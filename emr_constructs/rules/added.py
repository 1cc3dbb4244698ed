"""Nodes that a template adds to a cluster that runs, as an instance group or an instance fleet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .engine import Part, add_shape, rule
from .sources import template_reference

ADDED_GROUP: Final = "AddedInstanceGroup"
ADDED_FLEET: Final = "AddedInstanceFleet"
add_shape(ADDED_GROUP, {"Group": "InstanceGroupConfig"})
add_shape(ADDED_FLEET, {"Fleet": "InstanceFleetConfig"})


@rule(
    "emr-added-role",
    ADDED_GROUP,
    ADDED_FLEET,
    do="use TASK; master and core nodes belong to the cluster itself",
    source=template_reference("aws-resource-emr-instancegroupconfig"),
)
def _only_task_nodes_are_added(added: Part) -> Iterator[str]:
    """Only task nodes can be added to a cluster."""
    role = added.part("Group").get("InstanceRole") or added.part("Fleet").get("InstanceFleetType")
    if role not in (None, "TASK"):
        yield f"nodes with the role {role} are added to a cluster"
