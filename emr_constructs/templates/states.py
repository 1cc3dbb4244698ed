"""Checks the states of a state machine that call Amazon EMR: each by itself, and all of them together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from .._core.unknown import UNKNOWN, is_unknown
from ..rules import check
from ..rules.states import INTEGRATION, OPTIMIZED, PARAMETERS, PATH, STATES, is_emr_service
from .intrinsics import items, section

if TYPE_CHECKING:
    from ..rules import Finding

__all__ = ["state_findings", "target_findings"]

_RESOURCE: Final = re.compile(r".*:states:::((?:aws-sdk:)?[\w-]+):(\w+)(\.\w+)?(?::\d+)?")
_TARGET: Final = re.compile(r".*:scheduler:::(aws-sdk:\w+):(\w+)")
_CREATES: Final = f"{OPTIMIZED}:createCluster"
_ADDS: Final = (f"{OPTIMIZED}:addStep", "aws-sdk:emr:addJobFlowSteps")
_TERMINATES: Final = (f"{OPTIMIZED}:terminateCluster", "aws-sdk:emr:terminateJobFlows")
_UNPROTECTS: Final = (f"{OPTIMIZED}:setClusterTerminationProtection", "aws-sdk:emr:setTerminationProtection")


@dataclass(frozen=True, slots=True)
class _State:
    """A state that calls EMR."""

    path: str
    name: str
    state: Mapping[str, Any]
    service: str
    action: str
    pattern: str
    is_jsonata: bool

    @property
    def integration(self) -> str:
        return f"{self.service}:{self.action}"

    @property
    def member(self) -> str | None:
        return next((member for member in ("Arguments", "Parameters") if member in self.state), None)

    @property
    def request(self) -> Mapping[str, Any]:
        return section(self.state, self.member or "")


def state_findings(definition: Any) -> Iterator[Finding]:
    """Yield what is wrong with the states of a definition that call EMR, with paths from the definition on."""
    tasks = list(_tasks(definition, "", is_jsonata=False))
    states = [task for task in tasks if task.service]
    for state in states:
        yield from _of_integration(state)
        yield from _of_parameters(state)
    if states:
        yield from _together(states, is_only_emr=len(states) == len(tasks))


def target_findings(arn: Any) -> list[Finding]:
    """Return what is wrong with the target of a schedule that calls EMR."""
    match = _TARGET.fullmatch(arn) if isinstance(arn, str) else None
    if not match or not is_emr_service(match[1]):
        return []
    return check(INTEGRATION, {"Service": match[1], "Action": match[2], "Pattern": ""})


def _tasks(definition: Any, path: str, *, is_jsonata: bool) -> Iterator[_State]:
    """The tasks of a definition and of the states nested in it; those that don't call EMR have no service."""
    is_jsonata = section({"_": definition}, "_").get("QueryLanguage", "JSONata" if is_jsonata else "") == "JSONata"
    for name, state in section(definition, "States").items():
        if not isinstance(state, Mapping):
            continue
        inner = f"{path}States.{name}"
        if state.get("Type") == "Task" or "Resource" in state:
            match = _RESOURCE.fullmatch(str(state.get("Resource")))
            service, action, pattern = match.groups("") if match and is_emr_service(match[1]) else ("", "", "")
            uses_jsonata = is_jsonata or state.get("QueryLanguage") == "JSONata"
            yield _State(inner, str(name), state, service, action, pattern, uses_jsonata)
        for at, branch in enumerate(items(state.get("Branches"))):
            yield from _tasks(branch, f"{inner}.Branches[{at}].", is_jsonata=is_jsonata)
        for nested in ("ItemProcessor", "Iterator"):
            yield from _tasks(state.get(nested), f"{inner}.{nested}.", is_jsonata=is_jsonata)


def _of_integration(state: _State) -> Iterator[Finding]:
    facts = {"Service": state.service, "Action": state.action, "Pattern": state.pattern}
    for finding in check(INTEGRATION, facts):
        yield changed(finding, path=f"{state.path}.Resource")


def _of_parameters(state: _State) -> Iterator[Finding]:
    value = state.state.get(state.member or "")
    if not isinstance(value, Mapping) or is_unknown(value):
        return
    place = f"{state.path}.{state.member}"
    names = [*map(str, value)]
    places = {f"Names[{at}]": f"{place}.{name}" for at, name in enumerate(names)}
    for finding in check(PARAMETERS, {"Integration": state.integration, "Names": names}):
        yield changed(finding, path=places.get(finding.path, place))
    # JSONata has Arguments, whose expressions are texts.
    if not state.is_jsonata and state.member == "Parameters":
        for path, name, text in _texts(value, place, ""):
            for finding in check(PATH, {"Name": name, "Value": text}):
                yield changed(finding, path=path)


def _texts(value: Any, path: str, name: str) -> Iterator[tuple[str, str, str]]:
    """The texts in the parameters of a state: their paths, their names, and themselves."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}", str(key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _texts(item, f"{path}[{at}]", name)
    elif isinstance(value, str) and not is_unknown(value) and not value.startswith("${"):
        yield path, name, value


def _together(states: list[_State], *, is_only_emr: bool) -> Iterator[Finding]:
    """What the states do together.

    :param is_only_emr: no other task, such as a Lambda function, can terminate a cluster.
    """
    ending = {state.name: state for state in states if state.integration in _TERMINATES}
    adding = [state for state in states if state.integration in _ADDS]
    facts: dict[str, Any] = {}
    if ending:
        facts["Terminating"] = next(iter(ending))
    for state in adding:
        if state.pattern != ".sync" and state.state.get("Next") in ending:
            unawaited = {"Unawaited": [state.name], "Terminating": state.state["Next"]}
            yield from _at(check(STATES, unawaited), f"{state.path}.Resource")
    created = [state for state in states if state.integration == _CREATES]
    if not is_only_emr or not created:
        return
    if len(created) == 1 and adding and not _may_end_by_itself(created[0]):
        yield from _at(check(STATES, {**facts, "Added": adding[0].name, "Kept": True}), f"{created[0].path}.Resource")
    for state in created:
        protected = section(state.request, "Instances").get("TerminationProtected")
        if protected in (True, "true") and not any(other.integration in _UNPROTECTS for other in states):
            place = f"{state.path}.{state.member}.Instances.TerminationProtected"
            yield from _at(check(STATES, {**facts, "Protected": True}), place)


def _may_end_by_itself(state: _State) -> bool:
    request = state.state.get(state.member or "", UNKNOWN)
    is_known = isinstance(request, Mapping) and not is_unknown(request)
    return not is_known or any(str(key).startswith("AutoTerminationPolicy") for key in request)


def _at(findings: list[Finding], path: str) -> Iterator[Finding]:
    return (changed(finding, path=path) for finding in findings)
