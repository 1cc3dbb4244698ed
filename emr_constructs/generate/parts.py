"""The resources of a template that become constructs, as requests to the EMR API with intrinsic functions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from .._core.unknown import MACRO
from ..rules.security_configuration import DOCUMENT
from ..rules.shapes import shape_facts
from ..rules.studio import SESSION_MAPPING, STUDIO
from ..templates.functions import referred
from ..templates.intrinsics import items, mapping, section
from ..templates.links import OWNERS, without_owner
from ..templates.requests import CLUSTER, FLEET, GROUP, SECURITY_CONFIGURATION, STEP, Request, coerced
from .exact import Probe
from .resolution import Branch, Intrinsic, Resolver, has_macro, is_intrinsic
from .security_configuration import security_configuration_options

__all__ = ["KINDS", "MAPPED", "STUDIOS", "TRANSIENT", "Part", "is_unwrapped", "parts_of", "typed"]

STUDIOS: Final = "AWS::EMR::Studio"
MAPPED: Final = "AWS::EMR::StudioSessionMapping"
TRANSIENT: Final = "a state machine"
"""The kind of clusters that a state machine launches, which no type of resource stands for."""

# By type, the shape of the request.
KINDS: Final[Mapping[str, str]] = {
    SECURITY_CONFIGURATION: DOCUMENT,
    CLUSTER: "RunJobFlowInput",
    GROUP: "InstanceGroupConfig",
    FLEET: "InstanceFleetConfig",
    STEP: "StepConfig",
    STUDIOS: STUDIO,
    MAPPED: SESSION_MAPPING,
}
_ATTRIBUTES: Final = ("Type", "Properties", "Condition", "DependsOn")
_METADATA_OF_CDK: Final = "aws:cdk:"
# Members that decide how the construct is written.
_LITERAL: Final = {STUDIOS: ("AuthMode",), MAPPED: ("IdentityType",)}
_ROLES: Final = {GROUP: "InstanceRole", FLEET: "InstanceFleetType"}


@dataclass(frozen=True)
class Part:
    """A resource that becomes a construct."""

    logical_id: str
    kind: str
    request: Mapping[str, Any]
    """With the names of the EMR API; the document of a security configuration."""

    owner: Any = None
    """The cluster that a step, group or fleet is added to: its logical ID, or the value of the property."""

    name: Any = None
    """The name of a security configuration."""

    steps: tuple[Mapping[str, Any], ...] = ()
    """The steps that a state machine adds to the cluster."""

    condition: str = ""
    after: tuple[str, ...] = ()
    """The resources that it depends on explicitly."""

    branches: tuple[Branch, ...] = ()
    """The conditions in its properties."""

    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Other attributes of the resource, such as its deletion policy."""

    unsaid: tuple[tuple[str, Any], ...] = ()
    """Properties without a counterpart: paths in the properties, and their values."""

    is_unwrapped: bool = False
    """Whether it becomes a construct of CDK instead of this library, which has no options for a part of it."""

    is_request: bool = False
    """Whether it is a request to the API instead of a resource, which has other defaults."""


def parts_of(template: Mapping[str, Any]) -> tuple[list[Part], dict[str, str]]:
    """Return the parts of a template in the order of their references.

    :returns: also why other resources of these types don't become constructs, by logical ID.
    """
    resources = section(template, "Resources")
    resolver = Resolver(template)
    parts: dict[str, Part] = {}
    left: dict[str, str] = {}
    for name, resource in resources.items():
        kind = resource.get("Type") if isinstance(resource, Mapping) else None
        if isinstance(kind, str) and kind in KINDS:
            reason = _obstacle(resource)
            part = reason or _part(resolver, name, resource)
            if isinstance(part, Part):
                parts[name] = part
            else:
                left[name] = part
    return _with_owners(_ordered(parts, resources)), left


def _obstacle(resource: Mapping[str, Any]) -> str:
    if MACRO in resource or has_macro(resource.get("Properties")):
        return "a macro determines its properties"
    properties = section(resource, "Properties")
    role = properties.get(_ROLES.get(resource["Type"], ""), "TASK")
    return "" if role == "TASK" else f"a cluster can't be extended by nodes with the role {role}"


def _part(resolver: Resolver, name: str, resource: Mapping[str, Any]) -> Part | str:
    """A part, or why the resource can't become one."""
    kind = str(resource["Type"])
    properties, branches = resolver.resolved(section(resource, "Properties"))
    found = Request(kind, mapping(properties))
    request: Any = coerced(KINDS[kind], without_owner(kind, found.members))
    named = None
    if kind == SECURITY_CONFIGURATION:
        request, named = _document(found.members.get("SecurityConfiguration")), found.members.get("Name")
        if not isinstance(request, Mapping) or is_intrinsic(request):
            return "its document isn't known"
        request = coerced(DOCUMENT, request)
    for member in _LITERAL.get(kind, ()):
        if is_intrinsic(request.get(member)):
            return f"{member} isn't literal"
    after = resource.get("DependsOn")
    unknown = [finding.path for finding in found.findings if finding.rule == "emr-unknown-property"]
    attributes = {key: _without_cdk(value) for key, value in resource.items() if key not in _ATTRIBUTES}
    typed_request = typed(KINDS[kind], request)
    return Part(
        name,
        kind,
        typed_request,
        owner=found.members.get(OWNERS.get(kind, "")),
        name=named,
        condition=condition if isinstance(condition := resource.get("Condition"), str) else "",
        after=tuple(other for other in (items(after) or [after]) if isinstance(other, str)),
        branches=tuple(branches),
        attributes={key: value for key, value in attributes.items() if value not in ({}, None)},
        unsaid=tuple((path, _at(properties, path)) for path in unknown),
        is_unwrapped=kind == SECURITY_CONFIGURATION and is_unwrapped(typed_request),
    )


def is_unwrapped(document: Any) -> bool:
    """Return whether a security configuration has a part without an option."""
    return _has_flag(document) or security_configuration_options(document, Probe()) is None


def _has_flag(value: Any) -> bool:
    """Whether a boolean is an intrinsic function, which the options don't accept."""
    if is_intrinsic(value):
        return bool(value.kind == "boolean")
    children = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(map(_has_flag, children))


def _document(value: Any) -> Any:
    """The document of a security configuration: an object, or JSON text that may have placeholders in its strings."""
    text = value["Fn::Sub"] if is_intrinsic(value) and isinstance(value.get("Fn::Sub"), str) else value
    if not isinstance(text, str):
        return value
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _with_placeholders(found) if text is not value else found


def _with_placeholders(value: Any) -> Any:
    match value:
        case dict():
            return {key: _with_placeholders(item) for key, item in value.items()}
        case list():
            return [_with_placeholders(item) for item in value]
        case str() if "${" in value:
            return Intrinsic({"Fn::Sub": value})
    return value


def typed(shape: str, value: Any) -> Any:
    """Return ``value`` of an API shape with intrinsic functions that know the type that EMR requires."""
    facts = shape_facts(shape)
    if is_intrinsic(value):
        found = Intrinsic(value)
        found.kind = "" if facts["type"] == "string" else str(facts["type"])
        return found
    match facts["type"], value:
        case "structure", Mapping():
            members = facts["members"]
            return {key: typed(members[key], item) if key in members else item for key, item in value.items()}
        case "list", list():
            return [typed(facts["member"], item) for item in value]
        case "map", Mapping():
            return {key: typed(facts["value"], item) for key, item in value.items()}
    return value


def _without_cdk(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: item for key, item in value.items() if not str(key).startswith(_METADATA_OF_CDK)}
    return value


def _at(value: Any, path: str) -> Any:
    for name in path.replace("[", ".").replace("]", "").split("."):
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (LookupError, TypeError, ValueError):
            return None
    return value


def _ordered(parts: dict[str, Part], resources: Mapping[str, Any]) -> Iterator[Part]:
    """The parts in the order of their references, and otherwise by type and as in the template."""
    kinds = list(KINDS)
    listed = sorted(parts.values(), key=lambda part: kinds.index(part.kind))
    graph: dict[str, set[str]] = {}
    for part in listed:
        graph[part.logical_id] = {name for name in referred(resources[part.logical_id]) if name in parts}
        graph[part.logical_id] |= {name for name in part.after if name in parts}
        graph[part.logical_id].discard(part.logical_id)
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError:
        order = list(graph)
    # Stable: each part comes as soon as what it refers to has come.
    position = {name: at for at, name in enumerate(graph)}
    done: set[str] = set()
    waiting = sorted(order, key=position.__getitem__)
    while waiting:
        name = next((name for name in waiting if graph[name] <= done), waiting[0])
        waiting.remove(name)
        done.add(name)
        yield parts[name]


def _with_owners(parts: Iterator[Part]) -> list[Part]:
    listed = list(parts)
    clusters = {part.logical_id for part in listed if part.kind == CLUSTER}
    found = []
    for part in listed:
        match part.owner:
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), "Id"]} if name in clusters:
                found.append(replace(part, owner=name))
            case _:
                found.append(part)
    return found
