"""What belongs to a cluster in a template: its security configuration, its steps and the nodes added to it.

All functions read the template in one scenario; values of other resources are references.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import MACRO, UNKNOWN, is_unknown
from .intrinsics import Scenario, mapping
from .requests import FLEET, GROUP, SECURITY_CONFIGURATION, STEP, Request, coerced, document
from .tokens import Reference

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["OWNERS", "added", "request_of", "security_document", "without_owner"]

OWNERS: Final = {GROUP: "JobFlowId", STEP: "JobFlowId", FLEET: "ClusterId"}
"""By type of resource, the property that names the cluster it is added to. No request to EMR has it as a member."""


def request_of(graph: Graph, scenario: Scenario, name: str) -> Request:
    """The request to EMR that a resource stands for. Equal calls may return the same object: treat it as read-only."""
    properties = scenario.value(graph.properties(name))
    known = graph.requests.get(name)
    if known is not None and graph.is_constant(name):
        return known
    made = Request(graph.kind(name), properties if isinstance(properties, Mapping) else {MACRO: UNKNOWN})
    if graph.is_constant(name):
        graph.requests[name] = made
    return made


def without_owner(kind: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """``members`` of a resource of type ``kind`` without the property that names its cluster."""
    return {name: value for name, value in members.items() if name != OWNERS.get(kind)}


def security_document(graph: Graph, scenario: Scenario, value: Any) -> Any:
    """The document of the security configuration that ``value`` refers to or names.

    :returns: unknown if the document is not valid JSON; None if the template has no such security configuration.
    """
    if value is None or (is_unknown(value) and not isinstance(value, Reference)):
        return None
    for name in [value.resource] if isinstance(value, Reference) else graph.of_kind(SECURITY_CONFIGURATION):
        properties = graph.properties(name)
        is_meant = graph.kind(name) == SECURITY_CONFIGURATION and value == Reference(name)
        if is_meant or value == scenario.value(properties.get("Name")):
            try:
                return document(mapping(scenario.value(properties)))
            except ValueError:
                return UNKNOWN
    return None


def added(graph: Graph, scenario: Scenario, kind: str, cluster: str, shape: str) -> Iterator[tuple[str, Any]]:
    """The resources of type ``kind`` that the template adds to a cluster: logical ID and API value of ``shape``."""
    for name in graph.referring(kind, (OWNERS[kind],), [cluster]):
        owner = scenario.value(graph.properties(name).get(OWNERS[kind]))
        is_owner = isinstance(owner, Reference) and owner.resource == cluster
        if is_owner and scenario.exists(graph.resources[name]):
            members = request_of(graph, scenario, name).members
            yield name, coerced(shape, without_owner(kind, members))
