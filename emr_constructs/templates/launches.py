"""The clusters that a file launches: of resources, of states of a state machine, and of requests to the EMR API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from .._core.unknown import MACRO, UNKNOWN
from .display import is_open, shown
from .graph import Graph
from .intrinsics import Scenario, items, mapping, section
from .links import added, request_of
from .loops import copies, is_loop
from .macros import custom_macros, expanded
from .published import published_calls, publishers
from .requests import CLUSTER, FLEET, GROUP, STEP, coerced
from .sdk_calls import SDK_CALLERS, sdk_calls
from .state_machines import STATE_MACHINES, Call, calls_in, definitions_of
from .tokens import canonical

__all__ = ["Launch", "Machine", "launch_of_request", "launches_in", "launches_of_states", "machines_in", "terminates"]

_TERMINATION: Final = re.compile(r":elasticmapreduce:terminateCluster|:aws-sdk:emr:terminateJobFlows")
_MORE_NODES: Final = {GROUP: "InstanceGroupConfig", FLEET: "InstanceFleetConfig"}


@dataclass(frozen=True, slots=True)
class Launch:
    """A cluster, with all that its file says about it."""

    where: str
    """The logical ID, also of the resource that publishes the request; of a cluster that a state machine launches, the
    state; empty for a request."""

    request: Mapping[str, Any]
    """The request to the EMR API."""

    graph: Graph = field(default_factory=lambda: Graph({}))
    scenario: Scenario = field(default_factory=lambda: Scenario({}))
    machine: str = ""
    """The state machine that launches the cluster: its logical ID."""

    stays_alive: bool = False
    """Whether the cluster stays alive if the request doesn't say so: the default of CloudFormation, not of the API."""

    is_terminated: bool = False
    """Whether the state machine terminates the cluster."""

    nodes: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """Instance groups and fleets that other resources add, by logical ID."""

    steps: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """Steps that other resources or other states add."""

    conditions: Mapping[str, str] = field(default_factory=dict)
    """The names of the conditions of the template, by their expressions as the scenario records them."""

    doubts: tuple[str, ...] = ()
    """What can change the cluster in ways that the file doesn't show."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A state machine that launches clusters."""

    name: str
    """The logical ID; empty for a file that is a definition."""

    definition: Any
    """In the Amazon States Language."""


def launches_in(template: Mapping[str, Any]) -> Iterator[Launch]:
    """Yield the clusters of a template, with the defaults of its parameters.

    Those of state machines follow those of resources, then those of schedules and custom resources, and those of
    published requests come last.
    """
    doubts = tuple(_doubts(template))
    conditions = dict(_conditions(template))
    template = expanded(template).template
    graph = Graph(template)
    for name in graph.of_kind(CLUSTER):
        # Each cluster has a scenario of its own, which shows only the conditions that it depends on.
        scenario = Scenario(template, constants=graph.constants)
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
                conditions=conditions,
                doubts=doubts,
            )
    for name in _machines(graph, Scenario(template)):
        scenario = Scenario(template, constants=graph.constants)
        scenario.exists(graph.resources[name])
        for _, definition in definitions_of(graph, scenario, name):
            for launch in launches_of_states(definition, name):
                yield replace(launch, graph=graph, scenario=scenario, conditions=conditions, doubts=doubts)
    scenario = Scenario(template, constants=graph.constants)
    for launch in _of_requests(graph, scenario):
        yield replace(launch, graph=graph, scenario=scenario, conditions=conditions, doubts=doubts)


def machines_in(template: Mapping[str, Any]) -> Iterator[Machine]:
    """Yield the state machines of a template that launch clusters."""
    template = expanded(template).template
    graph, scenario = Graph(template), Scenario(template)
    for name in _machines(graph, scenario):
        for _, definition in definitions_of(graph, scenario, name):
            if any(call.is_launch for call in calls_in(definition)):
                yield Machine(name, definition)


def launches_of_states(definition: Any, machine: str = "") -> Iterator[Launch]:
    """Yield the clusters of a definition in the Amazon States Language."""
    calls = list(calls_in(definition))
    launches = [call for call in calls if call.is_launch]
    # Which of several clusters a state adds its steps to is only known in an execution.
    steps = [step for call in calls for step in _steps(call)] if len(launches) == 1 else []
    is_terminated = terminates(definition)
    for call in launches:
        request = coerced("RunJobFlowInput", call.request)
        known = request if isinstance(request, Mapping) else {MACRO: UNKNOWN}
        # Step Functions rejects createCluster if the cluster doesn't stay alive.
        is_optimized = call.integration.startswith("elasticmapreduce:")
        yield Launch(
            f"{machine}, state {call.state}" if machine else f"state {call.state}",
            known,
            machine=machine,
            stays_alive=is_optimized,
            is_terminated=is_terminated,
            steps=tuple(steps),
        )


def _of_requests(graph: Graph, scenario: Scenario) -> Iterator[Launch]:
    """The clusters that schedules and custom resources launch, and those of the requests that a template publishes."""
    callers = dict.fromkeys((name for kind in SDK_CALLERS for name in graph.of_kind(kind)), sdk_calls)
    for name, calls_of in {**callers, **dict.fromkeys(publishers(graph, scenario), published_calls)}.items():
        if scenario.exists(graph.resources[name]):
            calls = [call for call in calls_of(graph, scenario, name) if call.is_launch]
            for call in calls:
                where = name if len(calls) == 1 else f"{name}, {call.path}"
                yield replace(launch_of_request(call.request), where=where)


def terminates(definition: Any) -> bool:
    """Return whether a state of a definition terminates clusters, at any depth."""
    if isinstance(definition, Mapping):
        resource = definition.get("Resource")
        is_call = isinstance(resource, str) and _TERMINATION.search(resource) is not None
        return is_call or any(map(terminates, definition.values()))
    return isinstance(definition, list) and any(map(terminates, definition))


def _steps(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if call.kind == "StepConfig":
        yield call.state, mapping(call.request)
    elif call.kind == "StepConfigList":
        yield from ((call.state, mapping(step)) for step in items(call.request))


def _machines(graph: Graph, scenario: Scenario) -> list[str]:
    found = [name for kind in STATE_MACHINES for name in graph.of_kind(kind)]
    return [name for name in found if scenario.exists(graph.resources[name])]


def launch_of_request(request: Mapping[str, Any]) -> Launch:
    """Return the cluster of a request to the EMR API."""
    return Launch("", mapping(coerced("RunJobFlowInput", request)))


def _conditions(template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, expression in section(template, "Conditions").items():
        yield canonical({"Condition": name}), name
        yield canonical(expression), name


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
    for name, resource in resources.items():
        if isinstance(resource, Mapping) and resource.get("Type") in (GROUP, FLEET, STEP) and MACRO in resource:
            yield f"{shown(name)} may add to the cluster: {MACRO} determines its properties"
    if is_open(resources) and not custom_macros(template):
        yield f"{MACRO} adds resources that are unknown"
