"""Finds the EMR calls of schedules and custom resources in a template.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import UNKNOWN
from .intrinsics import mapping
from .state_machines import SHAPES, Call, json_value, plain_request, with_references

if TYPE_CHECKING:
    from .graph import Graph
    from .intrinsics import Scenario

__all__ = ["SCHEDULE", "SDK_CALLERS", "sdk_calls"]

SCHEDULE: Final = "AWS::Scheduler::Schedule"
_CUSTOM: Final = "Custom::AWS"
SDK_CALLERS: Final = (SCHEDULE, _CUSTOM)
"""The types of the resources that call any API of AWS."""

_TARGET: Final = re.compile(r":scheduler:::(aws-sdk:emr:\w+)$")
_SERVICE: Final = re.compile(r"(?:@aws-sdk/client-)?emr", re.IGNORECASE)
_CONTEXT: Final = re.compile(r"<aws\.scheduler\.([\w-]+)>")
_EVENTS: Final = ("Create", "Update", "Delete")


def sdk_calls(graph: Graph, scenario: Scenario, name: str) -> Iterator[Call]:
    """Yield the calls of EMR by the schedule or custom resource with logical ID ``name``.

    Paths are from its properties on.
    """
    properties = mapping(scenario.value(graph.properties(name)))
    found = _of_schedule(properties) if graph.kind(name) == SCHEDULE else _of_custom_resource(properties)
    seen = []
    for path, integration, value in found:
        kind, part = SHAPES.get(integration, ("", ""))
        if not kind:
            continue
        request = plain_request(with_references(json_value(value, {}), graph.resources))
        if part:
            request = request.get(part, UNKNOWN) if isinstance(request, Mapping) else UNKNOWN
        # A custom resource often performs the same call when it is created and updated.
        if request is not None and request not in seen:
            seen.append(request)
            yield Call(f"{path}{'.' if part else ''}{part}", "", integration, kind, request)


def _of_schedule(properties: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    target = mapping(properties.get("Target"))
    match = _TARGET.search(str(target.get("Arn")))
    if match:
        value = target.get("Input")
        # EventBridge Scheduler replaces its context attributes when it invokes the target.
        if isinstance(value, str):
            value = _CONTEXT.sub(r"${Token[\1]}", value)
        yield "Target.Input", match[1], value


def _of_custom_resource(properties: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for event in _EVENTS:
        call = mapping(json_value(properties.get(event), {}))
        action = str(call.get("action")).removesuffix("Command")
        if _SERVICE.fullmatch(str(call.get("service"))):
            yield f"{event}.parameters", f"aws-sdk:emr:{action[:1].lower()}{action[1:]}", call.get("parameters")
