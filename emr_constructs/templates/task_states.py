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
from .state_machines import plain_request

if TYPE_CHECKING:
    from ..rules import Finding

__all__ = ["check_states"]

_MARK: Final = re.compile(r":states:[^:]*:[^:]*:(?:aws-sdk:)?(?:emr|elasticmapreduce):")
_INTEGRATION: Final = re.compile(rf":states:[^:]*:[^:]*:({'|'.join(REQUESTS)})(?:\.\w+)?$")
_IDENTIFIERS: Final = ("ClusterId", "JobFlowId", "StepId")


def check_states(definition: Any) -> list[Finding]:
    """Return the findings in the states of a definition that call EMR, with paths in the definition."""
    return [finding for path, state in _states(definition, "") for finding in _check(path, state)]


def _check(path: str, state: Mapping[str, Any]) -> Iterator[Finding]:
    resource = str(state.get("Resource"))
    request = state.get("Parameters")
    facts: dict[str, Any] = {"Resource": resource}
    if isinstance(request, Mapping) and not is_unknown(request):
        texts = {str(key): item for key, item in request.items() if isinstance(item, str) and not is_unknown(item)}
        facts["Paths"] = {key: item for key, item in texts.items() if key.endswith(".$")}
        facts["Identifiers"] = {key: item for key, item in texts.items() if key in _IDENTIFIERS}
    for finding in check(TASK_STATE, facts):
        place = finding.path.replace("Paths.", "Parameters.", 1).replace("Identifiers.", "Parameters.", 1)
        yield changed(finding, path=f"{path}.{place}")
    member = next((member for member in ("Arguments", "Parameters") if member in state), None)
    match = _INTEGRATION.search(resource)
    if match is None or member is None:
        return
    plain = plain_request(state[member])
    if isinstance(plain, Mapping) and not is_unknown(plain):
        # What is in the members has rules of its own.
        for finding in check(REQUESTS[match[1]], dict.fromkeys(plain, UNKNOWN)):
            yield changed(finding, path=f"{path}.{member}.{finding.path}".rstrip("."))


def _states(definition: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The states that call EMR, also nested ones, by their paths."""
    for name, state in section(definition, "States").items():
        inner = f"{path}States.{name}"
        if not isinstance(state, Mapping):
            continue
        if _MARK.search(str(state.get("Resource"))):
            yield inner, state
        for at, branch in enumerate(items(state.get("Branches"))):
            yield from _states(branch, f"{inner}.Branches[{at}].")
        for nested in ("ItemProcessor", "Iterator"):
            yield from _states(state.get(nested), f"{inner}.{nested}.")
