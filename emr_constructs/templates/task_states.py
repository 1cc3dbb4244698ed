"""The states of a state machine that call EMR: whether Step Functions accepts their resources and requests.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from .._core.unknown import UNKNOWN, is_unknown
from ..rules import check
from ..rules.state_machines import REQUESTS, TASK_STATE
from .intrinsics import items, section
from .machine_clusters import cluster_findings
from .state_machines import plain_request

if TYPE_CHECKING:
    from ..rules import Finding

__all__ = ["check_states", "check_target"]

_MARK: Final = re.compile(r":states:[^:]*:[^:]*:(?:aws-sdk:)?(?:emr|elasticmapreduce):")
_INTEGRATION: Final = re.compile(rf":states:[^:]*:[^:]*:({'|'.join(REQUESTS)})(?:\.\w+)?$")
_PLACE: Final = re.compile(r"^(?:Paths|Identifiers|Literals)\.")
_IDENTIFIERS: Final = ("ClusterId", "JobFlowId", "StepId")


def check_states(definition: Any) -> list[Finding]:
    """Return the findings in the states of a definition that call EMR, with paths in the definition."""
    tasks = list(_tasks(definition, ""))
    states = [(path, state) for path, state in tasks if _MARK.search(str(state.get("Resource")))]
    found = [finding for path, state in states for finding in _check(path, state)]
    if states:
        found += cluster_findings(definition, states, is_only_emr=len(states) == len(tasks))
    return found


def check_target(arn: Any) -> list[Finding]:
    """Return the findings in the ARN of the target of a schedule."""
    return check(TASK_STATE, {"Target": arn}) if isinstance(arn, str) else []


def _check(path: str, state: Mapping[str, Any]) -> Iterator[Finding]:
    resource = str(state.get("Resource"))
    facts: dict[str, Any] = {"Resource": resource}
    texts = dict(_texts(section(state, "Parameters"), ""))
    if texts:
        facts["Paths"] = {place: text for place, text in texts.items() if place.endswith(".$")}
        facts["Identifiers"] = {place: text for place, text in texts.items() if place in _IDENTIFIERS}
        # An identifier that is a path is an error of its own.
        others = {place: text for place, text in texts.items() if not place.endswith(".$")}
        facts["Literals"] = {
            place: text for place, text in others.items() if place not in _IDENTIFIERS or not text.startswith("$.")
        }
    for finding in check(TASK_STATE, facts):
        yield changed(finding, path=f"{path}.{_PLACE.sub('Parameters.', finding.path)}")
    member = next((member for member in ("Arguments", "Parameters") if member in state), None)
    match = _INTEGRATION.search(resource)
    if match is None or member is None:
        return
    plain = plain_request(state[member])
    if isinstance(plain, Mapping) and not is_unknown(plain):
        # What is in the members has rules of its own.
        for finding in check(REQUESTS[match[1]], dict.fromkeys(plain, UNKNOWN)):
            yield changed(finding, path=f"{path}.{member}.{finding.path}".rstrip("."))


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The strings in the parameters of a state, by their paths."""
    if isinstance(value, str):
        if not is_unknown(value) and not value.startswith("${"):
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _texts(item, f"{path}[{at}]")


def _tasks(definition: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tasks of a definition, also nested ones, by their paths."""
    for name, state in section(definition, "States").items():
        inner = f"{path}States.{name}"
        if not isinstance(state, Mapping):
            continue
        if "Resource" in state or state.get("Type") == "Task":
            yield inner, state
        for at, branch in enumerate(items(state.get("Branches"))):
            yield from _tasks(branch, f"{inner}.Branches[{at}].")
        for nested in ("ItemProcessor", "Iterator"):
            yield from _tasks(state.get(nested), f"{inner}.{nested}.")
