"""Checks the resources of ``AWS::EMR`` in a template against the rules.

A finding is reported if it is certain: with the defaults of the parameters, and for every outcome of the conditions
that depend on unknown values. Each other allowed value of a parameter is also tried, with all other parameters unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from .._core.unknown import UNKNOWN, is_unknown
from ..rules import Finding, Severity, check
from ..rules.acknowledgments import ACKNOWLEDGMENTS, METADATA_KEY, accepted
from ..rules.corrections import choice
from ..rules.security_configuration import DOCUMENT, LAUNCH
from ..rules.studio import SESSION_MAPPING, STUDIO
from ..rules.template_references import RESOURCE_TYPE
from ..rules.wal_workspace import WAL_WORKSPACE
from .causes import misspelled_acknowledgments, misspelled_attributes, without_consequences
from .cycles import cycle_findings
from .declarations import output_findings, parameter_types, without_wrong_defaults
from .display import named_as, readable
from .graph import Graph
from .intrinsics import Scenario, mapping, section
from .joined import by_itself, joined, unsolved, within
from .links import request_of, security_document, without_owner
from .macros import custom_macros, expanded
from .parameters import used_parameters, wrong_default
from .published import published_calls, publishers
from .related import related, related_launch
from .requests import CLUSTER, FLEET, GROUP, KINDS, SECURITY_CONFIGURATION, STEP, Request, coerced, document
from .scenarios import certain_or_allowed
from .sdk_calls import SCHEDULE, SDK_CALLERS, sdk_calls
from .state_machines import (
    STATE_MACHINES,
    Call,
    certain,
    check_call,
    check_state,
    checked_request,
    definitions_of,
    machine_calls,
)
from .task_states import check_states, check_target
from .unresolved import default_placeholders, placeholder_texts, unresolved, unresolved_beside

if TYPE_CHECKING:
    from .judge import Judge

__all__ = ["check_template", "cluster_findings", "located"]

_SHAPES: Final = {
    "AWS::EMR::Studio": STUDIO,
    "AWS::EMR::StudioSessionMapping": SESSION_MAPPING,
    "AWS::EMR::WALWorkspace": WAL_WORKSPACE,
    STEP: "StepConfig",
}
_EMR: Final = ("aws::emr::", "aws::elasticmapreduce::")
_Find = Callable[[Mapping[str, Any], Graph, str, Scenario], Iterator[Finding]]
_Calls = Callable[[Graph, Scenario, str], Iterator[Call]]


def check_template(
    template: Mapping[str, Any], judge: Judge | None = None, acknowledged: dict[Finding, str] | None = None
) -> list[Finding]:
    """Return the findings in the resources of ``AWS::EMR``, in the order of the template within each type.

    Findings have the logical ID, the path from the root of the template (``Resources.Cluster.Properties.Name``) and, in
    a template that CDK wrote, the construct path.

    :param judge: finds violations of other rules. Default: none.
    :param acknowledged: receives the findings that resources acknowledge, with their reasons.
    """
    if custom_macros(template):
        return []
    written = template
    template, places = expanded(written)
    complete = template
    template = without_wrong_defaults(complete)
    graph = Graph(template)
    finders: dict[str, _Find] = {name: _find for kind in KINDS for name in graph.of_kind(kind)}
    finders |= {name: _in_machine for kind in STATE_MACHINES for name in graph.of_kind(kind)}
    finders |= {name: partial(_in_requests, sdk_calls) for kind in SDK_CALLERS for name in graph.of_kind(kind)}
    finders |= dict.fromkeys(graph.of_kind(SCHEDULE), _in_schedule)
    finders |= dict.fromkeys(publishers(graph, Scenario(template)), partial(_in_requests, published_calls))
    found = [
        finding for name, find in finders.items() for finding in _check_resource(written, template, graph, name, find)
    ]
    found += _judged(template, graph, finders, judge) if judge is not None else ()
    found += _unknown_types(graph)
    found += _declared(complete, graph, [name for kind in KINDS for name in graph.of_kind(kind)])
    reasons: dict[Finding, str] = {}
    found = list(_not_acknowledged(graph, without_consequences(found), reasons))
    if acknowledged is not None:
        acknowledged |= {_moved(finding, places): reason for finding, reason in reasons.items()}
    return list(_without_repetitions(_moved(finding, places) for finding in found)) if places else found


def _judged(template: Mapping[str, Any], graph: Graph, names: Iterable[str], judge: Judge) -> Iterator[Finding]:
    """The certain findings of other rules than those of the library."""
    for name in names:
        find = partial(judge.in_resource, graph, name)
        yield from certain_or_allowed(template, graph.resources[name], find, constants=graph.constants)


def _declared(template: Mapping[str, Any], graph: Graph, names: list[str]) -> Iterator[Finding]:
    """The findings in what the template declares for the resources, and in what refers to them, each once."""
    users = {parameter: name for name in names for parameter in used_parameters(template, graph, name)}
    for parameter, name in users.items():
        for finding in (*wrong_default(template, parameter), *default_placeholders(template, parameter)):
            yield changed(finding, path=f"Parameters.{parameter}.Default", resource=name)
        for finding in parameter_types(template, parameter):
            yield changed(finding, path=f"Parameters.{parameter}.Type", resource=name)
    for name, finding in cycle_findings(graph, names):
        yield changed(located(graph, name, finding, ""), path=f"Resources.{name}.{finding.path}")
    for name, finding in output_findings(template, graph, names):
        yield changed(located(graph, name, finding, ""), path=finding.path)


def _not_acknowledged(graph: Graph, findings: Iterable[Finding], acknowledged: dict[Finding, str]) -> Iterator[Finding]:
    """The ``findings`` that their resource doesn't acknowledge, and those in the acknowledgments.

    :param acknowledged: receives the others, with their reasons.
    """
    described = {
        name: metadata for name, resource in graph.resources.items() if (metadata := section(resource, "Metadata"))
    }
    marked = {name: metadata for name, metadata in described.items() if METADATA_KEY in metadata}
    for finding in findings:
        reason = accepted(marked[finding.resource]).get(finding.rule) if finding.resource in marked else None
        if reason is None:
            yield finding
        else:
            acknowledged[finding] = reason
    for name, finding in misspelled_acknowledgments(described):
        yield changed(finding, path=f"Resources.{name}.Metadata.{finding.path}", resource=name)
    for name, metadata in marked.items():
        for finding in check(ACKNOWLEDGMENTS, metadata[METADATA_KEY]):
            path = f"Resources.{name}.Metadata.{METADATA_KEY}.{finding.path}".rstrip(".")
            yield changed(finding, path=path, resource=name)


def _moved(finding: Finding, places: Mapping[str, str]) -> Finding:
    """``finding`` with its place in the loop that creates the resource."""
    place = places.get(finding.resource)
    rest = finding.path.removeprefix(f"Resources.{finding.resource}")
    return finding if place is None else changed(finding, path=place + rest)


def _without_repetitions(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings in the first copy of each resource that have them."""
    first: dict[tuple[str, str], str] = {}
    for finding in findings:
        if first.setdefault((finding.rule, finding.path), finding.resource) == finding.resource:
            yield finding


def _check_resource(
    written: Mapping[str, Any], template: Mapping[str, Any], graph: Graph, name: str, find: _Find
) -> Iterator[Finding]:
    try:
        if graph.kind(name) in KINDS:
            misspelled = list(misspelled_attributes(graph.resources[name]))
            for finding in (*misspelled, *unresolved_beside(written, graph.resources[name])):
                yield changed(located(graph, name, finding, ""), path=f"Resources.{name}.{finding.path}")
            if misspelled and not graph.properties(name):
                return
            for finding in unresolved(written, graph, name):
                yield located(graph, name, finding, finding.path)
        values = [repr(text) for text in placeholder_texts(graph, name)]
        check_scenario = partial(find, template, graph, name)
        resource = graph.resources[name]
        for finding in certain_or_allowed(template, resource, check_scenario, constants=graph.constants):
            # One cause, one finding: a placeholder is also wrong in the value that has it.
            if not any(value in finding.message for value in values):
                yield finding
    except RecursionError:
        finding = Finding("emr-type", Severity.ERROR, "the resource is nested too deeply", "use fewer levels")
        yield located(graph, name, finding, "")


def _find(template: Mapping[str, Any], graph: Graph, name: str, scenario: Scenario) -> Iterator[Finding]:
    """The findings in a resource, by itself and together with what belongs to it."""
    request = request_of(graph, scenario, name)
    for finding in related(template, graph, scenario, name, request.members):
        yield located(graph, name, finding, finding.path)
    for finding in request.findings:
        yield located(graph, name, finding, finding.path)
    missing = {(finding.path, _last_word(finding)) for finding in request.findings}
    members = _typed(graph.kind(name), request)
    _keep_alive(members)
    found = _findings(graph, scenario, name, members)
    found = unsolved(graph, scenario, name, found)
    for finding in found:
        place = request.place(finding.path)
        # A property that CloudFormation requires is often also required by the API.
        if finding.rule != "emr-missing-property" or (place, _last_word(finding)) not in missing:
            yield located(graph, name, named_as(finding, place), place)
    if graph.kind(name) == CLUSTER:
        for owner, finding in joined(graph, scenario, name, members, found):
            yield located(graph, owner, finding, finding.path)


def _typed(kind: str, request: Request) -> dict[str, Any]:
    """The members of a request that the API has, with their types."""
    members = without_owner(kind, request.members)
    shape = "RunJobFlowInput" if kind == CLUSTER else _SHAPES.get(kind)
    found: dict[str, Any] = members if shape is None else coerced(shape, members)
    return found


def _findings(graph: Graph, scenario: Scenario, name: str, members: dict[str, Any]) -> list[Finding]:
    """The findings in the request of one resource, with paths in the request."""
    kind = graph.kind(name)
    if kind == CLUSTER:
        return cluster_findings(graph, scenario, members)
    if kind == SECURITY_CONFIGURATION:
        return _document_findings(members)
    if kind in (GROUP, FLEET):
        return by_itself(graph, kind, members)
    return graph.checked(_SHAPES[kind], members)


def cluster_findings(
    graph: Graph, scenario: Scenario, members: Mapping[str, Any], *, in_template: bool = True
) -> list[Finding]:
    """The findings in the request of a cluster together with its security configuration.

    :param members: the request, with the types of the API.
    :param in_template: whether CloudFormation, not the API, launches the cluster.
    """
    launch = {"Cluster": members, "InTemplate": in_template}
    security = security_document(graph, scenario, members.get("SecurityConfiguration"))
    if security is not None:
        launch["SecurityConfiguration"] = security
    return [
        changed(finding, path=within(finding.path, "Cluster"))
        for finding in graph.checked(LAUNCH, launch, unchecked="SecurityConfiguration")
        # The document is a resource, which is checked by itself.
        if not finding.path.startswith("SecurityConfiguration")
    ]


def _keep_alive(members: Mapping[str, Any]) -> None:
    """Complete the request of a cluster: CloudFormation's default of the property differs from the API's."""
    instances = members.get("Instances")
    if isinstance(instances, dict) and not is_unknown(instances):
        instances.setdefault("KeepJobFlowAliveWhenNoSteps", UNKNOWN)


def _in_schedule(template: Mapping[str, Any], graph: Graph, name: str, scenario: Scenario) -> Iterator[Finding]:
    """The findings in the target of a schedule, and in the request that it sends."""
    target = mapping(mapping(scenario.value(graph.properties(name))).get("Target"))
    for finding in check_target(target.get("Arn")):
        yield located(graph, name, finding, "Target.Arn")
    yield from _in_requests(sdk_calls, template, graph, name, scenario)


def _in_requests(
    calls_of: _Calls, template: Mapping[str, Any], graph: Graph, name: str, scenario: Scenario
) -> Iterator[Finding]:
    """The findings in the clusters and steps of a state machine, or of what is published."""

    def launched(call: Call) -> list[Finding]:
        members = checked_request(call)
        typed = coerced("RunJobFlowInput", members)
        found = cluster_findings(graph, scenario, typed, in_template=False)
        return [*check_state(call), *found, *related_launch(template, graph, scenario, name, members)]

    for call in calls_of(graph, scenario, name):
        is_launch = call.is_launch and isinstance(call.request, Mapping)
        for finding in certain(call, launched) if is_launch else check_call(call):
            dot = "." if finding.path and not finding.path.startswith("[") else ""
            yield located(graph, name, finding, f"{call.path}{dot}{finding.path}")


def _in_machine(template: Mapping[str, Any], graph: Graph, name: str, scenario: Scenario) -> Iterator[Finding]:
    """The findings in a state machine: in its states, and in the clusters and steps of them."""
    for member, definition in definitions_of(graph, scenario, name):
        for finding in check_states(definition):
            yield located(graph, name, finding, f"{member}.{finding.path}")
    yield from _in_requests(machine_calls, template, graph, name, scenario)


def _unknown_types(graph: Graph) -> Iterator[Finding]:
    """The findings in EMR resources whose type CloudFormation doesn't have."""
    for kind in graph.kinds():
        if kind in KINDS or not kind.lower().startswith(_EMR):
            continue
        near = choice(f"AWS::EMR::{kind.rpartition('::')[2]}", KINDS)
        for finding in check(RESOURCE_TYPE, {"Type": kind, **({"Near": near} if near else {})}):
            for name in graph.of_kind(kind):
                yield changed(finding, path=f"Resources.{name}.{finding.path}", resource=name)


def _document_findings(properties: Mapping[str, Any]) -> list[Finding]:
    where = "SecurityConfiguration"
    try:
        content = document(properties)
    except ValueError as error:
        message = f"the security configuration must be valid JSON, got invalid JSON ({error})"
        return [Finding("emr-type", Severity.ERROR, message, "specify a JSON object or its text", where)]
    return [changed(finding, path=f"{where}.{finding.path}".rstrip(".")) for finding in check(DOCUMENT, content)]


def located(graph: Graph, name: str, finding: Finding, place: str) -> Finding:
    """Return ``finding`` at ``place`` in the properties of a resource."""
    path = f"Resources.{name}"
    if graph.properties(name):
        path += f".Properties{'.' if place else ''}{place}"
    construct = section(graph.resources[name], "Metadata").get("aws:cdk:path")
    return changed(
        readable(finding), path=path, resource=name, construct=construct if isinstance(construct, str) else ""
    )


def _last_word(finding: Finding) -> str:
    """The property that a message about a missing property ends with."""
    return finding.message.rpartition(" ")[2]
