"""Checks the resources of ``AWS::EMR`` in a template against the rules.

A finding is reported if it is certain: with the defaults of the parameters, and for every outcome of the conditions
that depend on unknown values. Each other allowed value of a parameter is also tried, with all other parameters unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from .._core.unknown import is_unknown
from ..rules import Finding, Severity, check
from ..rules.fleets import ADD_FLEET
from ..rules.references import REFERENCES
from ..rules.security_configuration import DOCUMENT, LAUNCH
from ..rules.security_groups import NETWORK
from ..rules.studio import SESSION_MAPPING, STUDIO
from ..rules.topology import ADD_GROUPS
from ..rules.wal_workspace import WAL_WORKSPACE
from .graph import Graph
from .intrinsics import Scenario, section
from .links import added, references, request_of, security_document, without_owner
from .network import network
from .requests import CLUSTER, FLEET, GROUP, KINDS, SECURITY_CONFIGURATION, STEP, Request, coerced, document
from .scenarios import certain_or_allowed

__all__ = ["check_template"]

_SHAPES: Final = {
    "AWS::EMR::Studio": STUDIO,
    "AWS::EMR::StudioSessionMapping": SESSION_MAPPING,
    "AWS::EMR::WALWorkspace": WAL_WORKSPACE,
    STEP: "StepConfig",
}
# The API call that adds nodes, where the nodes are in it, their shape, and their list in the request of a cluster.
_ADDED_NODES: Final = {
    GROUP: (ADD_GROUPS, "InstanceGroups[0]", "InstanceGroupConfig", "InstanceGroups"),
    FLEET: (ADD_FLEET, "InstanceFleet", "InstanceFleetConfig", "InstanceFleets"),
}
_ANY_STEP: Final = {"Name": "step", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "s3://bucket/step.jar"}}


def check_template(template: Mapping[str, Any]) -> list[Finding]:
    """Return the findings in the resources of ``AWS::EMR``, in the order of the template within each type.

    Findings have the logical ID, the path from the root of the template (``Resources.Cluster.Properties.Name``) and, in
    a template that CDK wrote, the construct path.
    """
    graph = Graph(template)
    return [
        finding for kind in KINDS for name in graph.of_kind(kind) for finding in _check_resource(template, graph, name)
    ]


def _check_resource(template: Mapping[str, Any], graph: Graph, name: str) -> Iterator[Finding]:
    try:
        yield from certain_or_allowed(template, graph.resources[name], partial(_find, graph, name))
    except RecursionError:
        finding = Finding("emr-type", Severity.ERROR, "the resource is nested too deeply", "use fewer levels")
        yield _located(graph, name, finding, "")


def _find(graph: Graph, name: str, scenario: Scenario) -> Iterator[Finding]:
    """The findings in a resource, alone and together with what belongs to it."""
    request = request_of(graph, scenario, name)
    for finding in request.findings:
        yield _located(graph, name, finding, finding.path)
    missing = {(finding.path, _last_word(finding)) for finding in request.findings}
    found = _findings(graph, scenario, name, request)
    for finding in found:
        place = request.place(finding.path)
        # A property that CloudFormation requires is often also required by the API.
        if finding.rule != "emr-missing-property" or (place, _last_word(finding)) not in missing:
            yield _located(graph, name, finding, place)
    if graph.kind(name) == CLUSTER:
        members = coerced("RunJobFlowInput", request.members)
        yield from _joined_nodes(graph, scenario, name, members)
        yield from _joined_steps(graph, scenario, name, members, found)


def _findings(graph: Graph, scenario: Scenario, name: str, request: Request) -> list[Finding]:
    """The findings in the request of one resource, with paths in the request."""
    kind = graph.kind(name)
    members = without_owner(kind, request.members)
    if kind == CLUSTER:
        return _cluster_findings(graph, scenario, name, members)
    if kind == SECURITY_CONFIGURATION:
        return _document_findings(members)
    if kind in _ADDED_NODES:
        shape, where, part, _ = _ADDED_NODES[kind]
        nodes = coerced(part, members)
        member = where.removesuffix("[0]")
        findings = check(shape, {member: nodes if member == where else [nodes]})
        return [replace(finding, path=_within(finding.path, where)) for finding in findings]
    return check(_SHAPES[kind], coerced(_SHAPES[kind], members))


def _cluster_findings(graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any]) -> list[Finding]:
    launch = {"Cluster": coerced("RunJobFlowInput", members)}
    security = security_document(graph, scenario, members.get("SecurityConfiguration"))
    if security is not None:
        launch["SecurityConfiguration"] = security
    findings = [
        replace(finding, path=_within(finding.path, "Cluster"))
        for finding in check(LAUNCH, launch)
        # The document is a resource, which is checked by itself.
        if not finding.path.startswith("SecurityConfiguration")
    ]
    findings += check(REFERENCES, references(graph, scenario, name, members))
    cluster_network = network(graph, scenario, members)
    return findings + (check(NETWORK, coerced(NETWORK, cluster_network)) if cluster_network else [])


def _document_findings(properties: Mapping[str, Any]) -> list[Finding]:
    where = "SecurityConfiguration"
    try:
        content = document(properties)
    except ValueError as error:
        message = f"the security configuration must be valid JSON, got a text that isn't ({error})"
        return [Finding("emr-type", Severity.ERROR, message, "specify a JSON object or its text", where)]
    return [replace(finding, path=f"{where}.{finding.path}".rstrip(".")) for finding in check(DOCUMENT, content)]


def _joined_nodes(graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any]) -> Iterator[Finding]:
    """The findings in a cluster together with the instance groups and fleets that the template adds to it."""
    instances = members.get("Instances")
    if not isinstance(instances, Mapping) or is_unknown(instances):
        return
    for kind, (_, _, shape, listed) in _ADDED_NODES.items():
        more = list(added(graph, scenario, kind, name, shape))
        nodes = instances.get(listed, [])
        if more and isinstance(nodes, list):
            together = {**instances, listed: [*nodes, *(item for _, item in more)]}
            owner = more[0][0] if len(more) == 1 else name
            known = check("RunJobFlowInput", members)
            yield from _new(graph, owner, known, check("RunJobFlowInput", {**members, "Instances": together}))


def _joined_steps(
    graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any], found: Iterable[Finding]
) -> Iterator[Finding]:
    """The findings in a cluster together with each step that the template adds to it.

    :param found: the findings in the cluster alone.
    """
    steps = list(added(graph, scenario, STEP, name, "StepConfig"))
    if not steps:
        return
    rest = {member: value for member, value in members.items() if member != "Steps"}
    if not any(_new(graph, name, found, check("RunJobFlowInput", {**rest, "Steps": [item for _, item in steps]}))):
        return
    # What the rules find with any step is about the steps of the cluster itself.
    known = [*check("RunJobFlowInput", rest), *check("RunJobFlowInput", {**rest, "Steps": [_ANY_STEP]})]
    for step, item in steps:
        yield from _new(graph, step, known, check("RunJobFlowInput", {**rest, "Steps": [item]}))


def _new(graph: Graph, owner: str, known: Iterable[Finding], together: Iterable[Finding]) -> Iterator[Finding]:
    """The findings in a cluster with an added resource that the cluster doesn't have without it."""
    before = {(finding.rule, finding.message) for finding in known}
    for finding in together:
        # What is wrong with an item itself is reported at the item.
        if (finding.rule, finding.message) not in before and "[" not in finding.path:
            yield _located(graph, owner, finding, "")


def _located(graph: Graph, name: str, finding: Finding, place: str) -> Finding:
    """``finding`` at ``place`` in the properties of a resource."""
    path = f"Resources.{name}"
    if graph.properties(name):
        path += f".Properties{'.' if place else ''}{place}"
    construct = section(graph.resources[name], "Metadata").get("aws:cdk:path")
    return replace(finding, path=path, resource=name, construct=construct if isinstance(construct, str) else "")


def _within(path: str, member: str) -> str:
    return path.removeprefix(member).removeprefix(".")


def _last_word(finding: Finding) -> str:
    """The property that a message about a missing property ends with."""
    return finding.message.rpartition(" ")[2]
