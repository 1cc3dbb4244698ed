"""What the states of a state machine do to a cluster one after the other: create it, add steps, terminate it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .._core.findings import changed
from .._core.unknown import UNKNOWN, is_unknown
from ..rules import check
from ..rules.state_machines import STATES
from .intrinsics import items, mapping, section

if TYPE_CHECKING:
    from ..rules import Finding

__all__ = ["cluster_findings"]

_INTEGRATION: Final = re.compile(r":states:[^:]*:[^:]*:((?:aws-sdk:)?\w+:\w+)(\.\w+)?$")
_CREATES: Final = "elasticmapreduce:createCluster"
_ADDS: Final = ("elasticmapreduce:addStep", "aws-sdk:emr:addJobFlowSteps")
_TERMINATES: Final = ("elasticmapreduce:terminateCluster", "aws-sdk:emr:terminateJobFlows")
_UNPROTECTS: Final = ("elasticmapreduce:setClusterTerminationProtection", "aws-sdk:emr:setTerminationProtection")


class _State(NamedTuple):
    path: str
    state: Mapping[str, Any]
    integration: str
    pattern: str

    @property
    def name(self) -> str:
        return self.path.rpartition("States.")[2]

    @property
    def member(self) -> str:
        return "Arguments" if "Arguments" in self.state else "Parameters"


def cluster_findings(
    definition: Any, tasks: Sequence[tuple[str, Mapping[str, Any]]], *, is_only_emr: bool
) -> Iterator[Finding]:
    """Yield the findings in what the states of a definition that call EMR do together, with paths in the definition.

    :param tasks: the states, by their paths.
    :param is_only_emr: no other task, such as a Lambda function, can terminate a cluster.
    """
    states = list(_states(tasks))
    ending = {state.name: state for state in states if state.integration in _TERMINATES}
    adding = [state for state in states if state.integration in _ADDS]
    facts: dict[str, Any] = {"Terminating": next(iter(ending))} if ending else {}
    for state in adding:
        if state.pattern != ".sync" and state.state.get("Next") in ending:
            unawaited = {"Unawaited": [state.name], "Terminating": state.state["Next"]}
            yield from _at(check(STATES, unawaited), f"{state.path}.Resource")
    created = [state for state in states if state.integration == _CREATES]
    if not is_only_emr or not created:
        return
    if len(created) == 1 and adding and not _may_end_by_itself(created[0]) and _is_whole(definition):
        left = {**facts, "Added": adding[0].name, "Kept": True}
        yield from _at(check(STATES, left), f"{created[0].path}.Resource")
    for state in created:
        protected = section(section(state.state, state.member), "Instances").get("TerminationProtected")
        if protected in (True, "true") and not any(other.integration in _UNPROTECTS for other in states):
            place = f"{state.path}.{state.member}.Instances.TerminationProtected"
            yield from _at(check(STATES, {**facts, "Protected": True}), place)


def _states(tasks: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[_State]:
    for path, state in tasks:
        match = _INTEGRATION.search(str(state.get("Resource")))
        if match:
            yield _State(path, state, match[1], match[2] or "")


def _may_end_by_itself(state: _State) -> bool:
    request = state.state.get(state.member, UNKNOWN)
    is_known = isinstance(request, Mapping) and not is_unknown(request)
    return not is_known or any(str(key).startswith("AutoTerminationPolicy") for key in request)


def _is_whole(definition: Any) -> bool:
    """Whether a definition has all of its states, unlike an example that shows some of them."""
    states = section(definition, "States")
    entered = {mapping(definition).get("StartAt")}
    for state in states.values():
        if not isinstance(state, Mapping) or is_unknown(state):
            return False
        choices = [*items(state.get("Catch")), *items(state.get("Choices"))]
        entered |= {mapping(it).get("Next") for it in choices} | {state.get("Next"), state.get("Default")}
        nested = [*items(state.get("Branches")), state.get("ItemProcessor"), state.get("Iterator")]
        if not all(_is_whole(inner) for inner in nested if isinstance(inner, Mapping)):
            return False
    is_ended = any(state.get("End") is True or state.get("Type") in ("Succeed", "Fail") for state in states.values())
    return is_ended and entered - {None} == states.keys()


def _at(findings: list[Finding], path: str) -> Iterator[Finding]:
    return (changed(finding, path=path) for finding in findings)
