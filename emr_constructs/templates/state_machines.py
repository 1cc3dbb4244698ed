"""Finds the clusters and steps in state machines: in the Amazon States Language, and in resources of a template.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from .._core.spelling import STATE_NAMES
from .._core.unknown import UNKNOWN, is_unknown
from ..rules.fleets import ADD_FLEET
from ..rules.state_machines import CREATE_CLUSTER
from ..rules.topology import ADD_GROUPS
from .api_calls import check_request
from .intrinsics import Scenario, items, mapping, section
from .nested import local_file
from .tokens import Reference

if TYPE_CHECKING:
    from ..rules import Finding
    from .graph import Graph

__all__ = [
    "SHAPES",
    "STATE_MACHINES",
    "Call",
    "calls_in",
    "certain",
    "certain_in",
    "check_call",
    "check_state",
    "checked_request",
    "definition_files",
    "definitions_of",
    "is_state_machine",
    "json_value",
    "machine_calls",
    "plain_request",
    "substituted",
    "with_references",
]

STATE_MACHINES: Final = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")
"""The types of the resources that have states."""

_CREATE_CLUSTER: Final = "elasticmapreduce:createCluster"
SHAPES: Final = {
    _CREATE_CLUSTER: ("RunJobFlowInput", ""),
    "elasticmapreduce:addStep": ("StepConfig", "Step"),
    "aws-sdk:emr:runJobFlow": ("RunJobFlowInput", ""),
    "aws-sdk:emr:addInstanceFleet": (ADD_FLEET, ""),
    "aws-sdk:emr:addInstanceGroups": (ADD_GROUPS, ""),
    "aws-sdk:emr:addJobFlowSteps": ("StepConfigList", "Steps"),
    "aws-sdk:emr:putAutoScalingPolicy": ("AutoScalingPolicy", "AutoScalingPolicy"),
    "aws-sdk:emr:putAutoTerminationPolicy": ("AutoTerminationPolicy", "AutoTerminationPolicy"),
    "aws-sdk:emr:putManagedScalingPolicy": ("ManagedScalingPolicy", "ManagedScalingPolicy"),
}
"""By integration, the shape of the request, and its member that holds it."""

_RESOURCE: Final = re.compile(rf":states:::({'|'.join(SHAPES)})(?:\.\w+(?::\d+)?)?$")
_KEEP_ALIVE: Final = "KeepJobFlowAliveWhenNoSteps"
_API_NAMES: Final = {spelled: name for name, spelled in STATE_NAMES.items()}
_TOKEN: Final = re.compile(r"\$\{Token\[([^\]]*)\]\}")
_PLACEHOLDER: Final = re.compile(r"\$\{(?!Token[\[(])([^{}]+)\}")
# A path may lead to a null, which is the same as no value; a function such as States.Format has a value.
_NULLABLE: Final = re.compile(r"\$\{Token\[\$[^\]]*\]\}")
_OUTSIDE_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\$\{[^{}]*\}')
_TEXT_FIRST: Final = re.compile(r'("(?:[^"\\]|\\.)*")\s*&\s*(.+)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """A state that launches a cluster, or changes one."""

    path: str
    """The path of the request, from the definition or from the properties of the resource on."""

    state: str
    integration: str
    """Such as ``elasticmapreduce:createCluster``."""

    kind: str
    """The API shape of the request, such as ``RunJobFlowInput``, ``StepConfig`` or ``StepConfigList``."""

    request: Any
    """With the names of the API; what is only known in an execution is unknown."""

    @property
    def is_launch(self) -> bool:
        """Whether the state launches a cluster."""
        return self.kind == "RunJobFlowInput"


def is_state_machine(content: Any) -> bool:
    """Return whether the content of a file is a definition in the Amazon States Language."""
    return isinstance(content, Mapping) and "StartAt" in content and isinstance(content.get("States"), Mapping)


def machine_calls(graph: Graph, scenario: Scenario, name: str) -> Iterator[Call]:
    """Yield the calls of EMR in the state machine with logical ID ``name``, with paths from its properties on."""
    for member, definition in definitions_of(graph, scenario, name):
        for call in calls_in(definition):
            yield replace(call, path=f"{member}.{call.path}")


def definitions_of(graph: Graph, scenario: Scenario, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the definition of the state machine with logical ID ``name``, with the property that holds it."""
    properties = mapping(scenario.value(graph.properties(name)))
    substitutions = section(properties, "DefinitionSubstitutions")
    for member in ("Definition", "DefinitionString"):
        definition = json_value(properties.get(member), substitutions)
        if definition is not None:
            yield member, with_references(definition, graph.resources)


def calls_in(definition: Any) -> Iterator[Call]:
    """Yield the calls of EMR in a definition in the Amazon States Language, also those of nested states."""
    yield from _calls(definition, "")


def definition_files(template: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the files of definitions that a template refers to, relative to it, with their substitutions.

    They belong to SAM templates (``DefinitionUri``), to templates before ``aws cloudformation package`` uploads them,
    and to cloud assemblies, whose assets are next to the template.
    """
    scenario = Scenario(template)
    for resource in section(template, "Resources").values():
        if isinstance(resource, Mapping) and resource.get("Type") in STATE_MACHINES:
            properties = mapping(scenario.value(section(resource, "Properties")))
            location = properties.get("DefinitionS3Location")
            uri, key = local_file(properties.get("DefinitionUri", location)), mapping(location).get("Key")
            if uri is not None:
                yield uri, section(properties, "DefinitionSubstitutions")
            elif isinstance(key, str) and not is_unknown(key):
                yield f"asset.{key}", section(properties, "DefinitionSubstitutions")


def check_call(call: Call) -> list[Finding]:
    """Return the findings in a call, with paths in its request."""
    return certain(call, lambda call: [*check_state(call), *check_request(call.kind, checked_request(call))])


def certain(call: Call, find: Callable[[Call], list[Finding]]) -> list[Finding]:
    """Return what ``find`` returns for a call, whether or not members that an execution passes are null."""
    return certain_in(call.request, lambda request: find(replace(call, request=request)))


def certain_in(request: Any, find: Callable[[Any], list[Finding]]) -> list[Finding]:
    """Return what ``find`` returns for a request, whether or not members that an execution passes are null."""
    found = find(request)
    known = _without_nullable(request) if found else request
    if known == request:
        return found
    # The message may show the members.
    others = {(finding.rule, finding.path) for finding in find(known)}
    return [finding for finding in found if (finding.rule, finding.path) in others]


def _without_nullable(value: Any) -> Any:
    match value:
        case Mapping():
            known = value.items()
            return {key: _without_nullable(item) for key, item in known if not _is_nullable(item)}
        case list():
            return [_without_nullable(item) for item in value]
    return value


def _is_nullable(value: Any) -> bool:
    return isinstance(value, str) and _NULLABLE.fullmatch(value) is not None


def check_state(call: Call) -> list[Finding]:
    """Return what Step Functions rejects, with paths in the request of the call."""
    if call.integration != _CREATE_CLUSTER or is_unknown(call.request):
        return []
    request = mapping(call.request)
    instances = request.get("Instances")
    known = {}
    if isinstance(instances, Mapping) and not is_unknown(instances):
        known = {"Instances": {key: item for key, item in instances.items() if key == _KEEP_ALIVE}}
    return check_request(CREATE_CLUSTER, {**known, "Steps": "Steps" in request})


def checked_request(call: Call) -> Any:
    """Return the request for the rules of the API.

    Step Functions requires that a cluster stays alive, so that rules about its end have nothing to report.
    """
    instances = section(call.request, "Instances")
    if call.integration != _CREATE_CLUSTER or not instances:
        return call.request
    return {**call.request, "Instances": {**instances, _KEEP_ALIVE: True}}


def _calls(definition: Any, path: str) -> Iterator[Call]:
    for name, state in section(definition, "States").items():
        inner = f"{path}States.{name}"
        if not isinstance(state, Mapping):
            continue
        resource = _RESOURCE.search(str(state.get("Resource")))
        member = next((member for member in ("Arguments", "Parameters") if member in state), None)
        if resource and member:
            kind, part = SHAPES[resource[1]]
            request = plain_request(state[member])
            if part:
                request = request.get(part, UNKNOWN) if isinstance(request, Mapping) else UNKNOWN
            yield Call(f"{inner}.{member}{'.' if part else ''}{part}", str(name), resource[1], kind, request)
        for at, branch in enumerate(items(state.get("Branches"))):
            yield from _calls(branch, f"{inner}.Branches[{at}].")
        for nested in ("ItemProcessor", "Iterator"):
            yield from _calls(state.get(nested), f"{inner}.{nested}.")


def plain_request(value: Any, *, is_data: bool = False) -> Any:
    """Return a request with the names of the API, and with unknown values for expressions.

    :param is_data: names are kept, because they are no members of a structure.
    """
    match value:
        case Mapping():
            request = {}
            for key, item in value.items():
                if isinstance(key, str) and key.endswith(".$"):
                    name, found = key[:-2], _expression(str(item))
                else:
                    name, found = key, plain_request(item, is_data=key == "Properties")
                request[name if is_data else _API_NAMES.get(name, name)] = found
            return request
        case list():
            return [plain_request(item) for item in value]
        case str() if value.startswith("{%") and value.endswith("%}"):
            return _expression(value[2:-2].strip())
        case Reference():
            return value
        case str():
            return _PLACEHOLDER.sub(lambda match: f"${{Token[{match[1]}]}}", value)
    return value


def _expression(text: str) -> str:
    """The unknown value of an expression; the text that it begins with is known."""
    joined = _TEXT_FIRST.fullmatch(text)
    if joined:
        try:
            return f"{json.loads(joined[1])}{_expression(joined[2])}"
        except ValueError:
            pass
    return f"${{Token[{text.replace('[', '(').replace(']', ')')}]}}"


def json_value(value: Any, substitutions: Mapping[str, Any]) -> Any:
    """Return an object, or that of a JSON text with unknown values, with its substitutions; None if it isn't JSON."""
    if not isinstance(value, str):
        return substituted(value, substitutions)
    text = _PLACEHOLDER.sub(lambda match: _as_text(substitutions.get(match[1], match[0])), value)
    text = _OUTSIDE_TEXT.sub(lambda match: match[0] if match[0].startswith('"') else json.dumps(match[0]), text)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None  # CloudFormation reports it.


def substituted(value: Any, substitutions: Mapping[str, Any]) -> Any:
    """Return a definition, or a part of one, with its substitutions."""
    match value:
        case Mapping():
            return {key: substituted(item, substitutions) for key, item in value.items()}
        case list():
            return [substituted(item, substitutions) for item in value]
        case Reference():
            return value
        case str() if substitutions:
            whole = _PLACEHOLDER.fullmatch(value)
            if whole and whole[1] in substitutions:
                return substitutions[whole[1]]
            return _PLACEHOLDER.sub(lambda match: _as_text(substitutions.get(match[1], match[0])), value)
    return value


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else UNKNOWN


def with_references(value: Any, resources: Mapping[str, Any]) -> Any:
    """Return ``value`` with references instead of the tokens of references."""
    match value:
        case Mapping():
            return {key: with_references(item, resources) for key, item in value.items()}
        case list():
            return [with_references(item, resources) for item in value]
        case str() if (token := _TOKEN.fullmatch(value)) and not isinstance(value, Reference):
            name, _, attribute = token[1].partition(".")
            return Reference(name, attribute) if name in resources and attribute else value
    return value
