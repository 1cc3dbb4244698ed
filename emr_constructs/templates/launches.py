"""The clusters that a file launches: of resources, of states of a state machine, and of requests to the EMR API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .._core.unknown import MACRO
from .display import is_open, shown
from .graph import Graph
from .intrinsics import Scenario, mapping, section
from .links import added, request_of
from .loops import copies, is_loop
from .macros import custom_macros, expanded
from .requests import CLUSTER, FLEET, GROUP, STEP, coerced

__all__ = ["Launch", "launch_of_request", "launches_in"]

_MORE_NODES: Final = {GROUP: "InstanceGroupConfig", FLEET: "InstanceFleetConfig"}


@dataclass(frozen=True, slots=True)
class Launch:
    """A cluster, with all that its file says about it."""

    where: str
    """The logical ID; the name of the state for a state machine; empty for a request."""

    request: Mapping[str, Any]
    """The request to the EMR API."""

    graph: Graph = field(default_factory=lambda: Graph({}))
    scenario: Scenario = field(default_factory=lambda: Scenario({}))
    machine: str = ""
    """The state machine that launches the cluster: its logical ID."""

    stays_alive: bool = False
    """Whether the cluster stays alive if the request doesn't say so: the default of CloudFormation, not of the API."""

    nodes: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """Instance groups and fleets that other resources add, by logical ID."""

    steps: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """Steps that other resources or other states add."""

    doubts: tuple[str, ...] = ()
    """What can change the cluster in ways that the file doesn't show."""


def launches_in(template: Mapping[str, Any]) -> Iterator[Launch]:
    """Yield the clusters of a template, with the defaults of its parameters."""
    doubts = tuple(_doubts(template))
    template = expanded(template).template
    graph, scenario = Graph(template), Scenario(template)
    for name in graph.of_kind(CLUSTER):
        if scenario.exists(graph.resources[name]):
            request = mapping(coerced("RunJobFlowInput", request_of(graph, scenario, name).members))
            nodes = [
                found for kind, shape in _MORE_NODES.items() for found in added(graph, scenario, kind, name, shape)
            ]
            yield Launch(
                name,
                request,
                graph,
                scenario,
                stays_alive=True,
                nodes=tuple(nodes),
                steps=tuple(added(graph, scenario, STEP, name, "StepConfig")),
                doubts=doubts,
            )


def launch_of_request(request: Mapping[str, Any]) -> Launch:
    """Return the cluster of a request to the EMR API."""
    return Launch("", mapping(coerced("RunJobFlowInput", request)))


def _doubts(template: Mapping[str, Any]) -> Iterator[str]:
    resources = section(template, "Resources")
    for name in custom_macros(template):
        yield f"macro {shown(name)} can change all values"
    scenario = Scenario(template)
    for name, resource in resources.items():
        if is_loop(name):
            try:
                copies(resource, scenario.value)
            except ValueError:
                yield f"{shown(name)} adds resources that are unknown"
    if is_open(resources) and not custom_macros(template):
        yield f"{MACRO} adds resources that are unknown"
