"""Reads what an app is generated from: templates, requests, responses of EMR, and security configurations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from .._core.unknown import MACRO
from ..rules.fleets import ADD_FLEET
from ..rules.security_configuration import DOCUMENT
from ..rules.studio import STUDIO
from ..rules.topology import ADD_GROUPS
from ..templates.inputs import Source, is_template, recognized
from ..templates.intrinsics import items, mapping, section
from ..templates.loops import is_loop
from ..templates.macros import custom_macros, expanded
from ..templates.parsing import UnreadableError
from ..templates.requests import CLUSTER, FLEET, GROUP, SECURITY_CONFIGURATION, STEP, coerced
from ..templates.state_machines import Call, calls_in, is_state_machine
from .answers import request_of_answers
from .identifiers import class_name
from .of_cdk import without_parts_of_cdk
from .parts import KINDS, STUDIOS, TRANSIENT, Part, is_unwrapped, parts_of, typed
from .placeholders import Placeholders

__all__ = ["Plan", "plan_of", "selected"]

_ONE_NODE: Final = ("Instances", "Name", "ReleaseLabel")


@dataclass(frozen=True)
class Plan:
    """What a stack is generated from."""

    name: str
    """The name of the stack."""

    template: Mapping[str, Any]
    """The template; of a request, one with a parameter for each placeholder."""

    parts: Sequence[Part]
    left: Mapping[str, str] = field(default_factory=dict)
    """Why other EMR resources stay in the template, by logical ID."""

    notes: Sequence[str] = ()
    """What can't be expressed and belongs to no resource."""


def plan_of(source: Source) -> Plan:
    """Return what a stack is generated from.

    :raises UnreadableError: there is nothing of EMR in the file.
    """
    if is_template(source.content):
        plan = _of_template(source)
    elif is_state_machine(source.content):
        plan = _of_states(source)
    else:
        plan = _of_request(source)
    if not plan.parts:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in plan.left.items())
        raise UnreadableError(f"the file must have an EMR resource to convert, got none{reasons and f' ({reasons})'}")
    return plan


def selected(plan: Plan, cluster: str) -> Plan:
    """Return the plan for one cluster, with what belongs to it; other resources stay in the template.

    :raises UnreadableError: there is no such cluster.
    """
    clusters = [part for part in plan.parts if part.kind == CLUSTER]
    chosen = next((part for part in clusters if part.logical_id == cluster), None)
    if chosen is None:
        known = ", ".join(repr(part.logical_id) for part in clusters)
        fix = f"use one of {known}" if known else "remove it, as the file has no cluster"
        raise UnreadableError(f"--cluster must be the logical ID of a cluster, got {cluster!r}; {fix}")
    named = mapping(chosen.request.get("SecurityConfiguration")).get("Ref")
    parts = [part for part in plan.parts if cluster in (part.logical_id, part.owner) or part.logical_id == named]
    return replace(plan, parts=parts)


def _of_template(source: Source) -> Plan:
    written = without_parts_of_cdk(source.content)
    template = expanded(written, keeps_processed=True).template
    notes = [
        f"Fn::ForEach: the resources of {name} are only known at deployment"
        for name in section(written, "Resources")
        if is_loop(name) and not _is_expanded(written, name)
    ]
    if MACRO in section(template, "Resources"):
        notes.append(f"{MACRO} adds resources, which the stack lacks")
        rest = {name: item for name, item in template["Resources"].items() if name != MACRO}
        template = {**template, "Resources": rest}
    notes += [f"the macro {name} can change all resources, also those of constructs" for name in custom_macros(written)]
    parts, left = parts_of(template)
    return Plan(_name_of(source), template, parts, left, notes)


def _is_expanded(written: Mapping[str, Any], name: str) -> bool:
    places = expanded(written, keeps_processed=True).places
    return any(place.startswith(f"Resources.{name}[") for place in places.values())


def _of_states(source: Source) -> Plan:
    placeholders = Placeholders()
    calls = list(calls_in(source.content))
    launches = [call for call in calls if call.is_launch and isinstance(call.request, Mapping)]
    steps = [] if len(launches) > 1 else [step for call in calls for step in _steps_of(call)]
    parts = [
        Part(
            call.state,
            TRANSIENT,
            _typed(KINDS[CLUSTER], placeholders.replaced(call.request)),
            is_request=True,
            steps=tuple(_typed(KINDS[STEP], placeholders.replaced(step)) for step in steps),
        )
        for call in launches
    ]
    known = {call.state for call in calls if call.is_launch or (_steps_of(call) and steps)}
    others = [name for name, state in _states(source.content) if name not in known and not _terminates(state)]
    notes = [f"state {name} isn't converted" for name in others]
    notes += [
        f"state {part.logical_id} launches a cluster without steps; specify workflow"
        for part in parts
        if not part.steps and not part.request.get("Steps")
    ]
    notes += [
        f"{parameter} stands for {declared['Description']}, which is only known in an execution; use emr.JobInput"
        for parameter, declared in placeholders.parameters.items()
    ]
    return Plan(_name_of(source), {"Parameters": placeholders.parameters}, parts, notes=notes)


def _steps_of(call: Call) -> list[Any]:
    listed = {"StepConfig": [call.request], "StepConfigList": items(call.request)}
    return [step for step in listed.get(call.kind, []) if isinstance(step, Mapping)]


def _states(definition: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, state in section(definition, "States").items():
        yield str(name), mapping(state)
        for branch in items(mapping(state).get("Branches")):
            yield from _states(branch)
        for nested in ("ItemProcessor", "Iterator"):
            yield from _states(mapping(state).get(nested))


def _terminates(state: Mapping[str, Any]) -> bool:
    ends = state.get("Type") in ("Succeed", "Fail")
    return ends or str(state.get("Resource")).removesuffix(".sync").endswith(("terminateCluster", "terminateJobFlows"))


def _of_answer(source: Source, cluster: Mapping[str, Any]) -> Plan:
    """The plan for saved output of ``aws emr describe-cluster``."""
    nodes = ("InstanceGroups", "InstanceFleets", "BootstrapActions")
    lists = {name: cluster[name] if name in cluster else source.content.get(name) for name in nodes}
    request = request_of_answers(cluster, lists)
    notes = [
        "the output doesn't contain steps, managed scaling and auto-termination; use generate --cluster-id "
        f"{_id(cluster)}"
    ]
    return Plan(_name_of(source), {}, [replace(_cluster(request), is_request=False)], notes=notes)


def _id(cluster: Mapping[str, Any]) -> str:
    return str(cluster.get("Id") or "j-...")


def _of_request(source: Source) -> Plan:
    if isinstance(source.content, Mapping) and isinstance(answer := source.content.get("Cluster"), Mapping):
        return _of_answer(source, answer)
    found = recognized(source.content)
    placeholders = Placeholders()
    request = placeholders.replaced(found.request)
    is_part = isinstance(found.request, Mapping) and MACRO in found.request
    notes: list[str] = []
    match found.shape:
        case "RunJobFlowInput":
            request = _with_nodes(request)
            if is_part:
                missing = [name for name in _ONE_NODE if name not in request]
                notes = [f"the file has no {', '.join(missing)}: specify it"] if missing else []
            parts = [_cluster(request)]
        case shape if shape == DOCUMENT:
            name = source.content.get("Name") if isinstance(source.content, Mapping) else None
            known = name if isinstance(name, str) and "SecurityConfiguration" in source.content else None
            document = _typed(DOCUMENT, request)
            parts = [
                Part(
                    "SecurityConfiguration",
                    SECURITY_CONFIGURATION,
                    document,
                    name=known,
                    is_unwrapped=is_unwrapped(document),
                )
            ]
        case shape if shape == STUDIO:
            parts = [Part("Studio", STUDIOS, _typed(STUDIO, request))]
        case shape if shape == ADD_GROUPS:
            owner = request.get("JobFlowId")
            groups = items(request.get("InstanceGroups"))
            parts = [
                Part(f"TaskGroup{at}", GROUP, _typed(KINDS[GROUP], group), owner=owner)
                for at, group in enumerate(groups, 1)
            ]
        case shape if shape == ADD_FLEET:
            fleet = mapping(request.get("InstanceFleet"))
            parts = [Part("TaskFleet", FLEET, _typed(KINDS[FLEET], fleet), owner=request.get("ClusterId"))]
        case _:
            raise UnreadableError(
                "the file must describe a cluster, a security configuration or a Studio, got a part of one; "
                "pass the whole request"
            )
    template = {"Parameters": placeholders.parameters} if placeholders.parameters else {}
    return Plan(_name_of(source), template, parts, notes=notes)


def _cluster(request: Mapping[str, Any]) -> Part:
    return Part("Cluster", CLUSTER, _typed(KINDS[CLUSTER], request), is_request=True)


def _typed(shape: str, request: Any) -> Any:
    return typed(shape, coerced(shape, request))


def _with_nodes(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request with instance groups instead of two types and a count."""
    instances = dict(mapping(request.get("Instances")))
    members = ("InstanceCount", "MasterInstanceType", "SlaveInstanceType")
    count, master, core = (instances.pop(name, None) for name in members)
    groups: list[dict[str, Any]] = []
    if master is not None:
        groups.append({"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": master})
    if core is not None and isinstance(count, int) and count > 1:
        groups.append({"InstanceRole": "CORE", "InstanceCount": count - 1, "InstanceType": core})
    if groups:
        instances["InstanceGroups"] = groups
    return {**request, **({"Instances": instances} if "Instances" in request else {})}


def _name_of(source: Source) -> str:
    if source.name == "-":
        return "Emr"
    stem = Path(source.name).name
    for suffix in (".template.json", ".template.yaml", ".template.yml", ".asl.json"):
        stem = stem.removesuffix(suffix)
    return class_name(stem.partition(".")[0])
