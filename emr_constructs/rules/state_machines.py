"""What AWS Step Functions requires of the states that call EMR."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .constraints import constraint
from .parts import Part
from .registry import At, rule
from .sources import step_functions_guide

__all__ = ["CREATE_CLUSTER", "REQUESTS", "TASK_STATE"]

CREATE_CLUSTER: Final = "CreateClusterState"
"""The request of a state with the integration ``elasticmapreduce:createCluster``."""

_PAGE: Final = step_functions_guide("connect-emr")

# fmt: off
constraint("emr-state-keep-alive", "CreateClusterInstances",
           "KeepJobFlowAliveWhenNoSteps must be true in a createCluster state",
           lambda instances: "KeepJobFlowAliveWhenNoSteps" not in instances
           or instances.get("KeepJobFlowAliveWhenNoSteps") is False,
           at="KeepJobFlowAliveWhenNoSteps",
           fix="set it to true, and terminate the cluster with a terminateCluster state", source=_PAGE)
constraint("emr-state-steps", CREATE_CLUSTER, "a createCluster state must not have Steps",
           lambda state: state.get("Steps") is True, at="Steps",
           fix="add the steps with addStep states", source=_PAGE)
# fmt: on

TASK_STATE: Final = "EmrTaskState"
"""A state that calls EMR: its resource, and the members of its request that are JSONPath expressions or should be."""
REQUESTS: Final = {
    "elasticmapreduce:addStep": "addStep",
    "elasticmapreduce:cancelStep": "cancelStep",
    "elasticmapreduce:modifyInstanceFleetByName": "modifyInstanceFleetByName",
    "elasticmapreduce:modifyInstanceGroupByName": "modifyInstanceGroupByName",
    "elasticmapreduce:setClusterTerminationProtection": "setClusterTerminationProtection",
    "elasticmapreduce:terminateCluster": "terminateCluster",
    "aws-sdk:emr:addJobFlowSteps": "addJobFlowSteps",
    "aws-sdk:emr:cancelSteps": "cancelSteps",
    "aws-sdk:emr:describeCluster": "describeCluster",
    "aws-sdk:emr:describeStep": "describeStep",
    "aws-sdk:emr:setTerminationProtection": "setTerminationProtection",
    "aws-sdk:emr:terminateJobFlows": "terminateJobFlows",
}
"""By integration, the shape of its request."""

_OPTIMIZED: Final = (
    "createCluster", "createCluster.sync", "addStep", "addStep.sync", "terminateCluster", "terminateCluster.sync",
    "cancelStep", "setClusterTerminationProtection", "modifyInstanceFleetByName", "modifyInstanceGroupByName",
)  # fmt: skip
_API_ACTIONS: Final = {
    "runjobflow": "createCluster", "addjobflowsteps": "addStep", "terminatejobflows": "terminateCluster",
    "setterminationprotection": "setClusterTerminationProtection", "cancelsteps": "cancelStep",
}  # fmt: skip
_RESOURCE: Final = regex(r"(?P<start>.*:states:[^:]*:[^:]*:)(?P<sdk>aws-sdk:)?(?P<service>\w+):(?P<action>.+)")


def _other_resource(state: Part) -> tuple[str, ...] | None:
    resource = state.get("Resource", "")
    match = _RESOURCE.fullmatch(resource)
    if match is None or match["service"] not in ("emr", "elasticmapreduce"):
        return None
    start, action = match["start"], match["action"]
    base, dot, pattern = action.partition(".")
    if match["sdk"]:
        right = f"{start}aws-sdk:emr:{base[:1].lower()}{base[1:]}{dot}{pattern}".removesuffix(".sync")
        return None if right == resource else (repr(resource), f"use {right}")
    known = {name.lower(): name for name in _OPTIMIZED}
    meant = known.get(action.lower()) or known.get(base.lower())
    if meant is None and base.lower() in _API_ACTIONS:
        synchronous = f"{_API_ACTIONS[base.lower()]}{dot}{pattern}"
        meant = synchronous if synchronous in _OPTIMIZED else _API_ACTIONS[base.lower()]
    right = f"{start}elasticmapreduce:{meant}"
    if right == resource:
        return None
    return repr(
        resource
    ), f"use {right}" if meant else "use an action of elasticmapreduce, or aws-sdk:emr and its action"


@rule("emr-state-resource", TASK_STATE, at="Resource", fix="use an integration of Step Functions", source=_PAGE)
def _resources_are_integrations(state: Part) -> Iterator[tuple[str, ...]]:
    """Resource of a state that calls EMR must be an integration that Step Functions has."""
    found = _other_resource(state)
    if found is not None:
        yield f"resource of the state must be an integration that Step Functions has, got {found[0]}", *found[1:]


def _wrong_paths(state: Part) -> Iterator[At]:
    paths: dict[str, str] = state.get("Paths", {})
    for name, text in paths.items():
        if not text.startswith(("$", "States.")):
            yield At(state.at("Paths", name), f"{text!r} for {name}", "begin it with $., or remove .$ from the name")
    identifiers: dict[str, str] = state.get("Identifiers", {})
    for name, text in identifiers.items():
        if text.startswith("$."):
            yield At(state.at("Identifiers", name), f"{text!r} for {name}", f"use {name}.$ as the name")


constraint(
    "emr-state-path",
    TASK_STATE,
    "a member whose name ends with .$ must be a JSONPath expression or intrinsic function, and only such a member",
    _wrong_paths,
    fix="correct the name or the value",
    source=step_functions_guide("input-output-inputpath-params"),
)
