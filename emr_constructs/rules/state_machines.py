"""What AWS Step Functions requires of the states that call EMR."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .constraints import constraint
from .parts import Part
from .registry import At, Severity, rule
from .sources import step_functions_guide

__all__ = ["CREATE_CLUSTER", "REQUESTS", "STATES", "TASK_STATE"]

CREATE_CLUSTER: Final = "CreateClusterState"
"""The request of a state with the integration ``elasticmapreduce:createCluster``."""

_PAGE: Final = step_functions_guide("connect-emr")

# fmt: off
constraint("emr-state-keep-alive", "CreateClusterInstances",
           "KeepJobFlowAliveWhenNoSteps must be true in a createCluster state",
           lambda instances: "KeepJobFlowAliveWhenNoSteps" not in instances
           or instances.get("KeepJobFlowAliveWhenNoSteps") is False, at="KeepJobFlowAliveWhenNoSteps",
           fix="set it to true, and terminate the cluster with a terminateCluster state", source=_PAGE)
constraint("emr-state-steps", CREATE_CLUSTER, "a createCluster state must not have Steps",
           lambda state: state.get("Steps") is True, at="Steps", fix="add the steps with addStep states", source=_PAGE)
# fmt: on

TASK_STATE: Final = "EmrTaskState"
"""A state or schedule that calls EMR: its resource or target, and the strings in its request that are JSONPath
expressions or should be, by their places."""

STATES: Final = "StatesOfMachine"
"""What the states of a state machine do together."""

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
    "terminatejobflow": "terminateCluster", "addsteps": "addStep", "modifyinstancefleet": "modifyInstanceFleetByName",
    "modifyinstancegroups": "modifyInstanceGroupByName",
}  # fmt: skip
# Actions of the optimized integrations that the API has by another name.
_SDK_ACTIONS: Final = {
    "createCluster": "runJobFlow", "addStep": "addJobFlowSteps", "terminateCluster": "terminateJobFlows",
    "cancelStep": "cancelSteps", "setClusterTerminationProtection": "setTerminationProtection",
}  # fmt: skip
_RESOURCE: Final = regex(
    r"(?P<start>.*:(?:states|scheduler):[^:]*:[^:]*:)(?P<sdk>aws-sdk:)?(?P<service>\w+):(?P<action>.+)"
)
_LITERAL: Final = regex(r"\${1,2}\.[A-Za-z_]\S*|\$\[.*\]|States\.[A-Z]\w+\(.*\)")


def _other_resource(resource: str) -> tuple[str, str] | None:
    """What is wrong with the integration that ``resource`` names, and what to use instead."""
    match = _RESOURCE.fullmatch(resource)
    if match is None or match["service"] not in ("emr", "elasticmapreduce"):
        return None
    start, action = match["start"], match["action"]
    base, dot, pattern = action.partition(".")
    known = {name.lower(): name for name in _OPTIMIZED}
    meant = known.get(action.lower()) or known.get(base.lower())
    if meant is None and base.lower() in _API_ACTIONS:
        synchronous = f"{_API_ACTIONS[base.lower()]}{dot}{pattern}"
        meant = synchronous if synchronous in _OPTIMIZED else _API_ACTIONS[base.lower()]
    if match["sdk"] and not (meant or "").endswith(".sync"):
        called = _SDK_ACTIONS.get(base, f"{base[:1].lower()}{base[1:]}")
        right = f"{start}aws-sdk:emr:{called}{dot}{pattern}".removesuffix(".sync")
    else:
        right = f"{start}elasticmapreduce:{meant}"
    if right == resource:
        return None
    if meant or match["sdk"]:
        return repr(resource), f"use {right}"
    return repr(resource), "use an action of elasticmapreduce, or aws-sdk:emr and its action"


@rule("emr-state-resource", TASK_STATE, fix="use an integration of Step Functions", source=_PAGE)
def _resources_are_integrations(state: Part) -> Iterator[At]:
    """The resource of a state that calls EMR must be an integration that Step Functions has, a target an API action."""
    found = _other_resource(state.get("Resource", ""))
    if found is not None:
        message = f"resource of the state must be an integration that Step Functions has, got {found[0]}"
        yield At(state.at("Resource"), message, found[1])
    found = _other_resource(state.get("Target", ""))
    if found is not None:
        message = f"target of the schedule must be an API action that EventBridge Scheduler has, got {found[0]}"
        yield At(state.at("Target"), message, found[1])


def _wrong_paths(state: Part) -> Iterator[At]:
    paths: dict[str, str] = state.get("Paths", {})
    for name, text in paths.items():
        if not text.startswith(("$", "States.")):
            fix = "begin it with $., or remove .$ from the name"
            yield At(state.at("Paths", name), f"{text!r} for {_last(name)}", fix)
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


def _last(place: str) -> str:
    """The name at the end of a path in a request, such as Args.$."""
    return f"{place.removesuffix('.$').rpartition('.')[2]}.$"


def _literal_paths(state: Part) -> Iterator[At]:
    literals: dict[str, str] = state.get("Literals", {})
    for place, text in literals.items():
        if _LITERAL.fullmatch(text):
            yield At(state.at("Literals", place), f"{text!r} for {place.partition('[')[0].rpartition('.')[2]}")


def _never_terminated(states: Part) -> str | None:
    is_left = "Added" in states and "Terminating" not in states and states.get("Kept") is True
    return f"steps in {states.get('Added')!r} and no state that terminates it" if is_left else None


def _protected(states: Part) -> str | None:
    is_wrong = states.get("Protected") is True and "Terminating" in states
    return f"a termination-protected cluster in {states.get('Terminating')!r}" if is_wrong else None


# fmt: off
constraint("emr-state-path-literal", TASK_STATE,
           "a member whose value is a JSONPath expression must have a name that ends with .$, because the value is a "
           "string otherwise", _literal_paths,
           fix="use a name such as Args.$ with a value such as States.Array('spark-submit', $.script)",
           severity=Severity.WARNING, source=step_functions_guide("input-output-inputpath-params"))
constraint("emr-state-step-not-awaited", STATES,
           "a state that adds a step must wait for it before another state terminates the cluster",
           lambda states: [f"{name!r} before {states.get('Terminating')!r}" for name in states.items("Unawaited")],
           fix="use elasticmapreduce:addStep.sync", severity=Severity.WARNING, source=_PAGE)
constraint("emr-state-never-terminated", STATES,
           "a state machine that creates a cluster and adds steps must terminate it, because the cluster stays alive",
           _never_terminated,
           fix="add a state with elasticmapreduce:terminateCluster, or specify AutoTerminationPolicy",
           severity=Severity.WARNING, source=_PAGE)
constraint("emr-state-protected-cluster", STATES,
           "a state must not terminate a cluster that is termination-protected, because EMR rejects it", _protected,
           fix="remove TerminationProtected, or disable it in a state with "
           "elasticmapreduce:setClusterTerminationProtection before", severity=Severity.WARNING, source=_PAGE)
