"""Finds the launch requests that a template publishes for other programs, such as those of a ``LaunchTemplate``.

A request has the tag of a launch template. Other strings, which programs may complete or use otherwise,
aren't requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .._core.launch_requests import PUBLISHERS, TEMPLATE_TAG
from .intrinsics import mapping, mappings
from .state_machines import Call, json_value, with_references
from .tokens import canonical

if TYPE_CHECKING:
    from .graph import Graph
    from .intrinsics import Scenario

__all__ = ["published_calls", "publishers"]


def publishers(graph: Graph, scenario: Scenario) -> list[str]:
    """Return the resources that publish requests, without those that repeat the requests of another."""
    marked = [
        name
        for kind, member in PUBLISHERS.items()
        for name in graph.of_kind(kind)
        if TEMPLATE_TAG in repr(graph.properties(name).get(member))
    ]
    found: dict[str, str] = {}
    for name in marked:
        requests = [call.request for call in published_calls(graph, scenario, name)]
        # A resource that a condition removes must not hide one that exists.
        condition = mapping(graph.resources[name]).get("Condition")
        found.setdefault(canonical([condition, requests]), name)
    return list(found.values())


def published_calls(graph: Graph, scenario: Scenario, name: str) -> Iterator[Call]:
    """Yield the requests that a resource publishes, with paths from its properties on."""
    member = PUBLISHERS[graph.kind(name)]
    value = mapping(scenario.value(graph.properties(name))).get(member)
    for path, request in _requests(value, member):
        yield Call(path, "", "", "RunJobFlowInput", with_references(request, graph.resources))


def _requests(value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The requests in a value: itself, or a part of it, such as ``extra`` of a connection, also as JSON text."""
    if isinstance(value, str):
        value = json_value(value, {}) if TEMPLATE_TAG in value else None
    if not isinstance(value, Mapping):
        return
    if any(tag.get("Key") == TEMPLATE_TAG for tag in mappings(value.get("Tags"))):
        yield path, value
        return
    for key, item in value.items():
        yield from _requests(item, f"{path}.{key}")
