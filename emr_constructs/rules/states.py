"""What AWS Step Functions requires of the states that call Amazon EMR, and of what they do together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .._core.patterns import regex
from .constraints import constraint
from .registry import At, Severity, rule
from .shapes import add_shape
from .sources import step_functions_guide

if TYPE_CHECKING:
    from .parts import Part

__all__ = ["INTEGRATION", "OPTIMIZED", "PARAMETERS", "PATH", "STATES", "is_emr_service"]

INTEGRATION: Final = "StateIntegration"
"""The integration of a state that calls EMR."""

PARAMETERS: Final = "StateParameters"
"""The names of the parameters of a state that calls EMR."""

PATH: Final = "StatePath"
"""A parameter of a state that is a path, or looks like one."""

STATES: Final = "StatesOfMachine"
"""What the states of a state machine do together; only states that call EMR are in it."""

OPTIMIZED: Final = "elasticmapreduce"
"""The service of the integrations that Step Functions made for EMR; all others are calls of the API."""

_SDK: Final = "aws-sdk:emr"
_EMR: Final = frozenset({OPTIMIZED, "emr", _SDK, "aws-sdk:elasticmapreduce"})
_SYNC: Final = ("createCluster", "terminateCluster", "addStep")
# By optimized integration, what it requires and what it also takes; those that launch are rules of the API.
_TAKEN: Final = {
    f"{OPTIMIZED}:terminateCluster": (("ClusterId",), ()),
    f"{OPTIMIZED}:addStep": (("ClusterId", "Step"), ("ExecutionRoleArn",)),
    f"{OPTIMIZED}:cancelStep": (("ClusterId", "StepId"), ()),
    f"{OPTIMIZED}:setClusterTerminationProtection": (("ClusterId", "TerminationProtected"), ()),
    f"{OPTIMIZED}:modifyInstanceFleetByName": (("ClusterId", "InstanceFleetName", "InstanceFleet"), ()),
    f"{OPTIMIZED}:modifyInstanceGroupByName": (("ClusterId", "InstanceGroupName", "InstanceGroup"), ()),
    f"{_SDK}:terminateJobFlows": (("JobFlowIds",), ()),
    f"{_SDK}:addJobFlowSteps": (("JobFlowId", "Steps"), ("ExecutionRoleArn",)),
    f"{_SDK}:describeCluster": (("ClusterId",), ()),
    f"{_SDK}:describeStep": (("ClusterId", "StepId"), ()),
}
_ACTIONS: Final = ("createCluster", *(name.partition(":")[2] for name in _TAKEN if name.startswith(f"{OPTIMIZED}:")))
# What the API calls them.
_RENAMED: Final = {
    "runjobflow": "createCluster",
    "terminatejobflows": "terminateCluster",
    "terminatejobflow": "terminateCluster",
    "addjobflowsteps": "addStep",
    "addsteps": "addStep",
    "cancelsteps": "cancelStep",
    "setterminationprotection": "setClusterTerminationProtection",
    "modifyinstancefleet": "modifyInstanceFleetByName",
    "modifyinstancegroups": "modifyInstanceGroupByName",
    **{name.lower(): name for name in _ACTIONS},
}
_CALLED: Final = {"createCluster": "runJobFlow", "addStep": "addJobFlowSteps", "terminateCluster": "terminateJobFlows"}
_LIKE: Final = (
    frozenset({"ClusterId", "JobFlowId", "JobFlowIds", "ClusterIds"}),
    frozenset({"Step", "Steps"}),
    frozenset({"StepId", "StepIds"}),
    frozenset({"InstanceFleetName", "InstanceFleetId"}),
    frozenset({"InstanceGroupName", "InstanceGroupId"}),
)
_IDS: Final = ("ClusterId", "JobFlowId", "StepId")
_EVALUATED: Final = regex(r"(\$|States\.).*")
_LITERAL: Final = regex(r"\${1,2}\.[A-Za-z_]\S*|\$\[.*\]|States\.[A-Z]\w+\(.*\)")
_PAGE: Final = step_functions_guide("connect-emr")
_SDK_PAGE: Final = step_functions_guide("supported-services-awssdk")
_PATHS: Final = step_functions_guide("connect-parameters")

# fmt: off
add_shape(INTEGRATION, {"Service": "String", "Action": "String", "Pattern": "String"}, is_apart=True)
add_shape(PARAMETERS, {"Integration": "String", "Names": "StringList"}, is_apart=True)
add_shape(PATH, {"Name": "String", "Value": "String"}, is_apart=True)
add_shape(STATES, {
    "Unawaited": "StringList", "Terminating": "String", "Added": "String", "Kept": "Boolean", "Protected": "Boolean",
}, is_apart=True)
# fmt: on


def is_emr_service(name: str) -> bool:
    """Whether the integration of a state calls EMR on EC2, or is meant to."""
    return name.lower() in _EMR


@rule("emr-state-integration", INTEGRATION, fix="use an integration that Step Functions has", source=_PAGE)
def _integration_exists(state: Part) -> Iterator[tuple[str, str]]:
    """The integration of a state or schedule must be one that EMR has, with the name of its action in camel case."""
    service, action, pattern = (state.get(name, "") for name in ("Service", "Action", "Pattern"))
    right, fix = _right_integration(service, action), ""
    if right != f"{service}:{action}":
        kept = pattern if pattern == ".sync" and right.partition(":")[2] in _SYNC else ""
        fix = f"use {right}{kept}" if right else f"use {_SDK}:{action[:1].lower()}{action[1:]}"
    elif service == _SDK and pattern == ".sync":
        optimized = _RENAMED.get(action.lower())
        fix = f"use {OPTIMIZED}:{optimized}.sync" if optimized in _SYNC else "remove .sync"
    elif service == OPTIMIZED and pattern and not (pattern == ".sync" and action in _SYNC):
        fix = "use .sync to wait for the result" if action in _SYNC else f"remove {pattern}"
    if fix:
        yield f"an integration must be one of EMR's, got {service}:{action}{pattern}", fix


def _right_integration(service: str, action: str) -> str:
    """The integration that a state means; empty if the optimized ones have no such action."""
    if service.startswith("aws-sdk:"):
        called = _CALLED.get(action, action)
        return f"{_SDK}:{called[:1].lower()}{called[1:]}"
    known = _RENAMED.get(action.lower())
    return f"{OPTIMIZED}:{known}" if known else ""


@rule("emr-state-parameters", PARAMETERS, fix="use the parameters of the integration", source=_PAGE)
def _parameters_are_those_of_the_integration(state: Part) -> Iterator[At]:
    """A state that calls EMR must have the parameters that its integration requires, and no others."""
    integration = state.get("Integration", "")
    if integration not in _TAKEN or not state.is_complete("Names"):
        return
    required, optional = _TAKEN[integration]
    given = {name.removesuffix(".$"): state.at("Names", at) for at, name in enumerate(state.items("Names"))}
    lacking = [name for name in required if name not in given]
    for name, place in given.items():
        if name in (*required, *optional):
            continue
        meant = next((other for other in lacking if _is_like(name, other)), None)
        if meant is not None:
            lacking.remove(meant)
        known = ", ".join((*required, *optional))
        yield At(place, f"{integration} has no {name!r}", f"use {meant!r}" if meant else f"use {known}")
    for name in lacking:
        yield At(state.at(), f"{integration} requires {name}, which is missing", f"specify {name}")


def _is_like(name: str, other: str) -> bool:
    return name.lower() == other.lower() or any({name, other} <= names for names in _LIKE)


def _unevaluated(path: Part) -> str | None:
    name, value = path.get("Name", ""), path.get("Value", "")
    if name.endswith(".$"):
        return None if _EVALUATED.fullmatch(value) else f"{value!r} for {name!r}"
    return f"{value!r} for {name!r}" if name in _IDS and _LITERAL.fullmatch(value) else None


def _literal(path: Part) -> str | None:
    name, value = path.get("Name", ""), path.get("Value", "")
    is_text = not name.endswith(".$") and name not in _IDS
    return f"{value!r} for {name!r}" if is_text and _LITERAL.fullmatch(value) else None


def _never_terminated(states: Part) -> str | None:
    is_left = "Added" in states and "Terminating" not in states and states.get("Kept") is True
    return f"steps in {states.get('Added')!r} and no state that terminates it" if is_left else None


def _protected(states: Part) -> str | None:
    is_wrong = states.get("Protected") is True and "Terminating" in states
    return f"a termination-protected cluster in {states.get('Terminating')!r}" if is_wrong else None


# fmt: off
constraint("emr-state-path", PATH,
           "the name of a parameter must end in .$ if its value is a path or an intrinsic function, and only then",
           _unevaluated, fix="use a name such as ClusterId.$ with a value such as $.Cluster.ClusterId", source=_PATHS)
constraint("emr-state-path-literal", PATH,
           "a path must be the value of a parameter whose name ends in .$, because it is text otherwise", _literal,
           fix="use a name such as Args.$ with a value such as States.Array('spark-submit', $.script)",
           severity=Severity.WARNING, source=_PATHS)
constraint("emr-state-step-not-awaited", STATES,
           "a state that adds a step must wait for it before another one terminates the cluster",
           lambda states: [f"{name!r} before {states.get('Terminating')!r}" for name in states.items("Unawaited")],
           fix=f"use {OPTIMIZED}:addStep.sync", severity=Severity.WARNING, source=_PAGE)
constraint("emr-state-never-terminated", STATES,
           "a state machine that creates a cluster and adds steps must terminate it, because the cluster stays alive",
           _never_terminated,
           fix=f"add a state with {OPTIMIZED}:terminateCluster, or specify AutoTerminationPolicy",
           severity=Severity.WARNING, source=_PAGE)
constraint("emr-state-protected-cluster", STATES,
           "a state must not terminate a cluster that is termination-protected, because EMR rejects it", _protected,
           fix=f"remove TerminationProtected, or add a state with {OPTIMIZED}:setClusterTerminationProtection before",
           severity=Severity.WARNING, source=_PAGE)
