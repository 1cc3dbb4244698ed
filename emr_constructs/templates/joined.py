"""The findings in a cluster together with the nodes and steps that its template adds to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from .._core.spelling import ROLES
from .._core.unknown import is_unknown
from ..rules.fleets import ADD_FLEET
from ..rules.topology import ADD_GROUPS
from .intrinsics import mapping
from .links import added, request_of
from .requests import CLUSTER, FLEET, GROUP, STEP, coerced

if TYPE_CHECKING:
    from ..rules import Finding
    from .graph import Graph
    from .intrinsics import Scenario

__all__ = ["by_itself", "joined", "unsolved", "within"]

# The API call that adds nodes, where the nodes are in it, their shape, and their list in the request of a cluster.
_ADDED_NODES: Final = {
    GROUP: (ADD_GROUPS, "InstanceGroups[0]", "InstanceGroupConfig", "InstanceGroups"),
    FLEET: (ADD_FLEET, "InstanceFleet", "InstanceFleetConfig", "InstanceFleets"),
}
# Larger nodes that the template adds solve it.
_OF_ALL_NODES: Final = ("emr-spark-cores", "emr-spark-memory")
_OF_ONE_KIND: Final = ("emr-master-fleet", "emr-master-group", "emr-task-without-core")
# An added step that terminates any cluster has emr-added-step-failure.
_OF_OWN_STEPS: Final = "emr-ha-step-failure"
_NUMBER: Final = re.compile(r"(?<![\w.'-])\d+(?![\w.'-])")
_ANY_STEP: Final = {"Name": "step", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "s3://bucket/step.jar"}}


def by_itself(graph: Graph, kind: str, members: Mapping[str, Any]) -> list[Finding]:
    """The findings in an added instance group or fleet by itself, with paths in its request."""
    shape, where, part, _ = _ADDED_NODES[kind]
    nodes = coerced(part, members)
    member = where.removesuffix("[0]")
    findings = graph.checked(shape, {member: nodes if member == where else [nodes]})
    return [changed(finding, path=within(finding.path, where)) for finding in findings]


def joined(
    graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any], found: list[Finding]
) -> Iterator[tuple[str, Finding]]:
    """The findings in a cluster together with what the template adds to it, each with its resource.

    Their paths are in the properties of the resource.

    :param found: the findings in the cluster by itself, without those that more nodes solve.
    """
    yield from _joined_nodes(graph, scenario, name, members, found)
    yield from _joined_steps(graph, scenario, name, members, found)


def unsolved(graph: Graph, scenario: Scenario, name: str, found: list[Finding]) -> list[Finding]:
    """The findings in a resource without those that added nodes can solve."""
    if any(finding.rule in _OF_ALL_NODES for finding in found) and _adds_nodes(graph, scenario, name):
        return [finding for finding in found if finding.rule not in _OF_ALL_NODES]
    return found


def within(path: str, member: str) -> str:
    """``path`` without ``member`` at its beginning."""
    return path.removeprefix(member).removeprefix(".")


def _joined_nodes(
    graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any], found: Iterable[Finding]
) -> Iterator[tuple[str, Finding]]:
    """The findings in a cluster together with the instance groups and fleets that the template adds to it.

    :param found: the findings in the cluster by itself, without those that more nodes solve.
    """
    instances = members.get("Instances")
    if not isinstance(instances, Mapping) or is_unknown(instances):
        return
    for kind, (_, _, shape, listed) in _ADDED_NODES.items():
        # Nodes of another role can't be added, which is reported of them.
        role = ROLES[listed].role_member
        more = [it for it in added(graph, scenario, kind, name, shape) if mapping(it[1]).get(role, "TASK") == "TASK"]
        nodes = instances.get(listed, [])
        if more and isinstance(nodes, list):
            together = {**instances, listed: [*nodes, *(item for _, item in more)]}
            places = {f"Instances.{listed}[{at}]": owner for at, (owner, _) in enumerate(more, start=len(nodes))}
            owner = more[0][0] if len(more) == 1 else name
            all_nodes = graph.checked("RunJobFlowInput", {**members, "Instances": together})
            new = _new(found, all_nodes, _of_items(graph, shape, [item for _, item in more]))
            yield from _at_owners(graph, scenario, new, places, owner)


def _adds_nodes(graph: Graph, scenario: Scenario, name: str) -> bool:
    """Whether the template adds instance groups or fleets to a cluster."""
    return any(
        True for kind, (_, _, shape, _) in _ADDED_NODES.items() for _ in added(graph, scenario, kind, name, shape)
    )


def _joined_steps(
    graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any], found: Iterable[Finding]
) -> Iterator[tuple[str, Finding]]:
    """The findings in a cluster together with each step that the template adds to it.

    :param found: the findings in the cluster by itself.
    """
    steps = list(added(graph, scenario, STEP, name, "StepConfig"))
    if not steps:
        return
    rest = {member: value for member, value in members.items() if member != "Steps"}
    together = graph.checked("RunJobFlowInput", {**rest, "Steps": [item for _, item in steps]})
    if not _new(found, together):
        return
    # What the rules find with any step is about the steps of the cluster itself.
    known = [
        *graph.checked("RunJobFlowInput", rest),
        *graph.checked("RunJobFlowInput", {**rest, "Steps": [_ANY_STEP]}),
    ]
    adds_nodes = _adds_nodes(graph, scenario, name)
    for step, item in steps:
        found = graph.checked("RunJobFlowInput", {**rest, "Steps": [item]})
        excluded = {_OF_OWN_STEPS, *(_OF_ALL_NODES if adds_nodes else ())}
        certain = (finding for finding in found if finding.rule not in excluded)
        new = _new(known, certain, _of_items(graph, "StepConfig", [item]))
        yield from _at_owners(graph, scenario, new, {"Steps[0]": step}, step)


def _new(known: Iterable[Finding], together: Iterable[Finding], alone: Iterable[Finding] = ()) -> list[Finding]:
    """The findings in a cluster with added items that the cluster doesn't have without them.

    :param alone: the findings in the items themselves, which are reported at their resources.
    """
    before = set(map(_cause, known))
    found = [finding for finding in together if _cause(finding) not in before]
    if any(finding.rule == "emr-groups-and-fleets" for finding in found):
        # Nodes of the other kind also lack a primary and core nodes of theirs.
        found = [finding for finding in found if finding.rule not in _OF_ONE_KIND]
    in_items = {_cause(finding)[:2] for finding in alone} if found else set()
    return [finding for finding in found if "[" not in finding.path or _cause(finding)[:2] not in in_items]


def _of_items(graph: Graph, shape: str, items: Iterable[Any]) -> Iterator[Finding]:
    return (finding for item in items for finding in graph.checked(shape, item))


def _cause(finding: Finding) -> tuple[str, str, str]:
    """What a finding is about: an added item only changes the numbers in its message and its path."""
    return finding.rule, _NUMBER.sub("0", finding.message), _NUMBER.sub("0", finding.path)


def _at_owners(
    graph: Graph, scenario: Scenario, findings: Iterable[Finding], places: Mapping[str, str], owner: str
) -> Iterator[tuple[str, Finding]]:
    """``findings`` in a cluster at the resources that its parts come from, or at ``owner``.

    :param places: the resource of each added part, by its path.
    """
    for finding in findings:
        part = next((part for part in places if finding.path.startswith(part)), None)
        name = owner if part is None else places[part]
        path = finding.path if graph.kind(name) == CLUSTER else within(finding.path, part or finding.path)
        yield name, changed(finding, path=request_of(graph, scenario, name).place(path))
