"""Draws clusters and state machines as flowcharts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from .display import shown
from .intrinsics import items, mapping, mappings, section
from .mermaid import Flowchart

if TYPE_CHECKING:
    from .overview import Overview
    from .relations import Relation

__all__ = ["picture_of_cluster", "picture_of_states"]

_SHAPES: Final = {
    "logs": "[()]",
    "key": "{{}}",
    "key pair": "{{}}",
    "schedule": "([])",
    "security configuration": "[[]]",
}
_FINAL: Final = ("Succeed", "Fail")
_MOST_STEPS: Final = 12
_MOST_STATES: Final = 60


def picture_of_cluster(overview: Overview) -> list[str]:
    """Return a flowchart of a cluster: network, security groups, roles, encryption, logs, steps and schedule."""
    chart = Flowchart()
    named: dict[str, list[Relation]] = {}
    for relation in overview.relations:
        named.setdefault(relation.kind, []).append(relation)
    cluster, groups = _cluster(chart, overview, named.pop("subnet", []))
    for relation in named.pop("security group", []):
        name = chart.node("security group", relation.name)
        for group in _used_by(relation.use, groups) or [cluster]:
            chart.edge(name, group, relation.use if group == cluster else "")
    _started_by(chart, overview.machine, named.pop("schedule", []), cluster)
    for kind, relations in named.items():
        for relation in relations:
            name = chart.node(kind, relation.name, relation.use, shape=_SHAPES.get(kind, "[]"))
            if kind == "logs":
                chart.edge(cluster, name)
            else:
                chart.edge(name, cluster)
    _steps(chart, overview, cluster)
    return chart.lines()


def _cluster(chart: Flowchart, overview: Overview, subnets: list[Relation]) -> tuple[str, dict[str, list[str]]]:
    """Add a cluster with its nodes and its subnets, in a frame for each VPC."""
    networks = []
    for vpc in dict.fromkeys(subnet.use for subnet in subnets):
        chart.start("VPC", vpc or "not in this file")
        networks += [chart.node("subnet", subnet.name) for subnet in subnets if subnet.use == vpc]
        chart.end()
    chart.start("cluster", overview.name, overview.release)
    cluster = chart.node("cluster", f"terminates {overview.terminates}")
    groups: dict[str, list[str]] = {}
    for it in overview.nodes:
        count = "unknown number" if it.count is None else f"{it.count}"
        many = f"{count} {'unit' if it.count == 1 else it.unit} of" if it.unit == "units" else f"{count} x"
        group = chart.node(it.title, f"{many} {', '.join(it.instance_types)}", it.purchase)
        chart.edge(cluster, group)
        groups.setdefault(it.role, []).append(group)
    chart.end()
    for network in networks:
        chart.edge(network, cluster)
    return cluster, groups


def _started_by(chart: Flowchart, machine: str, schedules: list[Relation], cluster: str) -> None:
    if not machine:
        return
    launcher = chart.node("state machine", machine, shape="[[]]")
    chart.edge(launcher, cluster, "launches")
    for schedule in schedules:
        chart.edge(chart.node("schedule", schedule.name, schedule.use, shape="([])"), launcher, "starts")


def _used_by(use: str, groups: Mapping[str, list[str]]) -> list[str]:
    roles = {"primary": ("primary",), "core and task": ("core", "task")}.get(use, ())
    return [name for role in roles for name in groups.get(role, [])]


def _steps(chart: Flowchart, overview: Overview, cluster: str) -> None:
    shown_steps = overview.steps[:_MOST_STEPS]
    names = [chart.node("step", step) for step in shown_steps]
    if len(overview.steps) > len(shown_steps):
        names.append(chart.node(f"{len(overview.steps) - len(shown_steps)} more steps"))
    for source, target in pairwise([cluster, *names]):
        chart.edge(source, target)


def picture_of_states(definition: Mapping[str, Any]) -> list[str]:
    """Return a flowchart of the states of a state machine.

    :param definition: in the Amazon States Language.
    """
    chart = Flowchart("TD")
    _states(chart, definition, _MOST_STATES)
    return chart.lines()


def _states(chart: Flowchart, definition: Mapping[str, Any], most: int) -> str | None:
    """Add the states of a definition, and return the name of the first one."""
    states = section(definition, "States")
    known = [name for name in states if isinstance(states[name], Mapping)][:most]
    nodes = {name: _state(chart, shown(name), states[name], most - len(known)) for name in known}
    for name in known:
        for target, text, is_error in dict.fromkeys(_transitions(states[name])):
            if target in nodes:
                chart.edge(nodes[name], nodes[target], text, dotted=is_error)
    start = definition.get("StartAt")
    if isinstance(start, str) and start in nodes:
        chart.edge(chart.node("start", shape="([])"), nodes[start])
        return nodes[start]
    return None


def _state(chart: Flowchart, name: str, state: Mapping[str, Any], most: int) -> str:
    kind = state.get("Type")
    shape = "{}" if kind == "Choice" else "([])" if kind in _FINAL else "[]"
    node = chart.node(name, _task(state), shape=shape)
    nested = [*mappings(state.get("Branches"))]
    nested += [found for member in ("ItemProcessor", "Iterator") if (found := mapping(state.get(member)))]
    for definition in nested if most > 0 else ():
        chart.start(f"{name}: {'for each item' if kind == 'Map' else 'in parallel'}")
        first = _states(chart, definition, most)
        chart.end()
        if first is not None:
            chart.edge(node, first)
    return node


def _task(state: Mapping[str, Any]) -> str:
    resource = state.get("Resource")
    if state.get("Type") == "Wait":
        return "wait"
    return shown(resource).rpartition(":::")[2] if isinstance(resource, str) else ""


def _transitions(state: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """The targets of a state, each with a label and whether it is for errors."""
    for choice in mappings(state.get("Choices")):
        yield str(choice.get("Next")), "", False
    if "Default" in state:
        yield str(state["Default"]), "otherwise", False
    if "Next" in state:
        yield str(state["Next"]), "", False
    for catcher in mappings(state.get("Catch")):
        errors = ", ".join(shown(error) for error in items(catcher.get("ErrorEquals")))
        yield str(catcher.get("Next")), errors, True
