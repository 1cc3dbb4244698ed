"""Finds the clusters of templates, state machines and requests, and runs company rules over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .._core.errors import EmrError
from .._core.findings import changed
from .._core.launch_requests import PUBLISHERS
from .._core.unknown import MACRO, UNKNOWN, is_unknown
from ..rules.fleets import ADD_FLEET
from ..rules.topology import ADD_GROUPS
from ..templates.checking import located
from ..templates.graph import Graph
from ..templates.inputs import Source as File
from ..templates.inputs import check_source
from ..templates.intrinsics import Scenario, items, mapping
from ..templates.launches import terminates
from ..templates.links import OWNERS, added, request_of, security_document, without_owner
from ..templates.network import is_private, listed
from ..templates.parsing import UnreadableError
from ..templates.published import published_calls
from ..templates.references import reference
from ..templates.requests import CLUSTER, FLEET, GROUP, STEP, coerced
from ..templates.sdk_calls import SDK_CALLERS, sdk_calls
from ..templates.state_machines import STATE_MACHINES, Call, calls_in, definitions_of
from .cluster import Joined, ResolvedCluster
from .parts import Locate, Source
from .running import findings_of

if TYPE_CHECKING:
    from ..rules import Finding
    from .policy import CustomRule

__all__ = ["CustomRulesJudge", "findings_in"]

_REQUEST: Final = "RunJobFlowInput"
_ADDED: Final = {GROUP: "InstanceGroupConfig", FLEET: "InstanceFleetConfig", STEP: "StepConfig"}
# The members of a request that a state can change after the launch, which are also the shapes of its request.
_CHANGES: Final = ("AutoTerminationPolicy", "ManagedScalingPolicy")
_SUBNET: Final = "AWS::EC2::Subnet"
_Cluster: TypeAlias = tuple[Source, Joined]
_ANY_CLUSTER: Final = {MACRO: UNKNOWN}


class CustomRulesJudge:
    """Runs company rules over the clusters of a file, and over what is added to a cluster of another file."""

    def __init__(self, rules: Sequence[CustomRule], stack_tags: Mapping[str, str] | None = None) -> None:
        self._rules = rules
        self._stack_tags = stack_tags or {}

    def of_stack(self, tags: Mapping[str, str]) -> CustomRulesJudge:
        """Return a judge of a template whose stack has ``tags``."""
        return CustomRulesJudge(self._rules, tags)

    def in_resource(self, graph: Graph, name: str, scenario: Scenario) -> Iterator[Finding]:
        """Return the findings in a resource in one scenario, with paths from the root of the template."""
        kind = graph.kind(name)
        if kind == CLUSTER:
            yield from self._judged(_cluster(graph, scenario, name, self._stack_tags))
        elif kind in STATE_MACHINES:
            for member, definition in definitions_of(graph, scenario, name):
                for found in _clusters_of_states(graph, scenario, definition, name, f"{member}."):
                    yield from self._judged(found)
        elif kind in PUBLISHERS or kind in SDK_CALLERS:
            for call in (sdk_calls if kind in SDK_CALLERS else published_calls)(graph, scenario, name):
                for found in _of_request(call, _in_state(graph, name, call, ""), graph, scenario, name):
                    yield from self._judged(found)
        elif kind in _ADDED and not _is_owned(graph, scenario, name):
            source = _added_source(graph, scenario, name, _ADDED[kind])
            yield from self._judged(_addition(kind, source))

    def in_states(self, definition: Any) -> Iterator[Finding]:
        """Return the findings in a definition in the Amazon States Language."""
        for found in _clusters_of_states(Graph({}), Scenario({}), definition, "", ""):
            yield from self._judged(found)

    def in_request(self, shape: str, request: Any) -> Iterator[Finding]:
        """Return the findings in a request of an API shape, with paths in it."""
        call = Call("", "", "", shape, coerced(shape, request))
        for found in _of_request(call, _at, Graph({}), Scenario({})):
            yield from self._judged(found)

    def _judged(self, found: _Cluster) -> Iterator[Finding]:
        cluster = ResolvedCluster(*found)
        for rule in self._rules:
            yield from findings_of(rule, cluster)


def findings_in(rules: Sequence[CustomRule], content: Mapping[str, Any]) -> list[Finding]:
    """Return the findings of company rules in the content of a file, without those of the library.

    :raises EmrError: a rule raises an exception, or the content is nothing that can be checked.
    """
    ids = {rule.id for rule in rules}
    try:
        found = check_source(File("", "", content), CustomRulesJudge(rules))
    except UnreadableError as error:
        raise EmrError(f"{error}, got {type(content).__name__}; pass one of them") from None
    # There is no file that could have lines.
    return [changed(finding, line=None) for finding in found if finding.rule in ids]


def _at(finding: Finding, path: str) -> Finding:
    return changed(finding, path=path)


def _in_template(graph: Graph, scenario: Scenario, name: str) -> Locate:
    """Locates findings in a resource that is a request."""
    request = request_of(graph, scenario, name)
    return lambda finding, path: located(graph, name, finding, request.place(path))


def _in_state(graph: Graph, name: str, call: Call, prefix: str) -> Locate:
    """Locates findings in the request of a state."""

    def locate(finding: Finding, path: str) -> Finding:
        dot = "." if path and not path.startswith("[") else ""
        place = f"{prefix}{call.path}{dot}{path}"
        return located(graph, name, finding, place) if name else changed(finding, path=place)

    return locate


def _cluster(graph: Graph, scenario: Scenario, name: str, stack_tags: Mapping[str, str]) -> _Cluster:
    members = coerced(_REQUEST, request_of(graph, scenario, name).members)
    source = Source(members, _in_template(graph, scenario, name), resource=name)
    more = {
        kind: [_added_source(graph, scenario, owner, shape) for owner, _ in added(graph, scenario, kind, name, shape)]
        for kind, shape in _ADDED.items()
    }
    environment = _environment(graph, scenario, members)
    joined = Joined(
        nodes=more[GROUP] + more[FLEET],
        steps=more[STEP],
        stack_tags=stack_tags,
        stays_alive=True,
        **environment,
    )
    return source, joined


def _added_source(graph: Graph, scenario: Scenario, name: str, shape: str) -> Source:
    members = without_owner(graph.kind(name), request_of(graph, scenario, name).members)
    return Source(coerced(shape, members), _in_template(graph, scenario, name), resource=name)


def _environment(graph: Graph, scenario: Scenario, members: Mapping[str, Any]) -> dict[str, Any]:
    """The security configuration and the subnets of a cluster, as far as the template has them."""
    instances = mapping(members.get("Instances"))
    named = [instances.get("Ec2SubnetId"), *listed(instances.get("Ec2SubnetIds"))]
    subnets = {
        str(value): found.resource
        for value in named
        if (found := reference(value)) is not None and graph.kind(found.resource) == _SUBNET
    }
    private = {value: is_private(graph, scenario, name) for value, name in subnets.items()}
    return {
        "document": security_document(graph, scenario, members.get("SecurityConfiguration")),
        "subnet_names": subnets,
        "private": {value: known for value, known in private.items() if known is not None},
    }


def _is_owned(graph: Graph, scenario: Scenario, name: str) -> bool:
    """Whether a resource is added to a cluster of the template."""
    owner = reference(scenario.value(graph.properties(name).get(OWNERS[graph.kind(name)])))
    return owner is not None and graph.kind(owner.resource) == CLUSTER


def _addition(kind: str, source: Source) -> _Cluster:
    """A cluster of which only one added part is known."""
    of_cluster = Source(_ANY_CLUSTER, source.locate, origin="cluster")
    joined = Joined(steps=[source]) if kind == STEP else Joined(nodes=[source])
    return of_cluster, joined


def _clusters_of_states(
    graph: Graph, scenario: Scenario, definition: Any, name: str, prefix: str
) -> Iterator[_Cluster]:
    """The clusters that a state machine launches, with what it adds to them."""
    calls = list(calls_in(definition))
    launches = [call for call in calls if call.is_launch]
    changes = {call.kind: call for call in calls if call.kind in _CHANGES}
    others = [
        other
        for call in calls
        if not call.is_launch
        for other in _of_request(call, _in_state(graph, name, call, prefix), graph, scenario, name)
    ]
    # Which of several clusters a state adds to is only known in an execution.
    is_one = len(launches) == 1
    for call in launches:
        members = coerced(_REQUEST, call.request)
        known = members if isinstance(members, Mapping) and not is_unknown(members) else _ANY_CLUSTER
        joined = Joined(
            nodes=[part for _, other in others for part in other.nodes] if is_one else (),
            steps=[part for _, other in others for part in other.steps] if is_one else (),
            stays_alive=call.integration.startswith("elasticmapreduce:"),
            state_machine=name,
            is_terminated=terminates(definition),
            **_environment(graph, scenario, known),
        )
        later = {kind: coerced(kind, change.request) if is_one else UNKNOWN for kind, change in changes.items()}
        places = {kind: _in_state(graph, name, change, prefix) for kind, change in changes.items()}
        locate = _with_changes(_in_state(graph, name, call, prefix), places)
        yield Source({**known, **later}, locate, resource=name, origin=call.path), joined
    if not is_one:
        yield from others


def _with_changes(locate: Locate, changes: Mapping[str, Locate]) -> Locate:
    """Locates findings in a request, or in the states that change a member of the cluster later."""

    def located_in(finding: Finding, path: str) -> Finding:
        member, _, rest = path.partition(".")
        return changes[member](finding, rest) if member in changes else locate(finding, path)

    return located_in


def _of_request(call: Call, locate: Locate, graph: Graph, scenario: Scenario, name: str = "") -> Iterator[_Cluster]:
    """The cluster of a request, or a cluster of which only what a request adds is known."""
    request = coerced(call.kind, call.request)
    if call.is_launch:
        environment = _environment(graph, scenario, mapping(request))
        yield Source(request, locate, resource=name), Joined(**environment)
        return
    for path, kind, part in _parts(call.kind, request):
        yield _addition(kind, Source(part, locate, path, name, call.path))


def _parts(shape: str, request: Any) -> Iterable[tuple[str, str, Any]]:
    """What a request adds to a cluster: the path, the type of resource and the part."""
    if shape == "StepConfig":
        return [("", STEP, request)]
    if shape == "StepConfigList":
        return [(f"[{at}]", STEP, step) for at, step in enumerate(items(request))]
    if shape == ADD_GROUPS:
        groups = items(mapping(request).get("InstanceGroups"))
        return [(f"InstanceGroups[{at}]", GROUP, group) for at, group in enumerate(groups)]
    if shape == ADD_FLEET:
        return [("InstanceFleet", FLEET, mapping(request).get("InstanceFleet"))]
    return []
