"""Runs the rules over everything that a template says about EMR.

A problem is reported where it is certain: with the defaults of the parameters, and whatever the conditions come to that
cannot be known. Each other value that a parameter allows is tried too, with all other parameters unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from .._core.unknown import UNKNOWN, is_unknown
from ..rules import Finding, Severity, check
from ..rules.fleets import ADD_FLEET
from ..rules.references import REFERENCES
from ..rules.security_configuration import DOCUMENT, LAUNCH
from ..rules.security_groups import NETWORK
from ..rules.studio import SESSION_MAPPING, STUDIO
from ..rules.topology import ADD_GROUPS
from ..rules.wal_workspace import WAL_WORKSPACE
from .graph import Graph
from .intrinsics import Reference, Scenario, mapping, section
from .network import network
from .requests import CLUSTER, FLEET, GROUP, KINDS, SECURITY_CONFIGURATION, STEP, Request, coerced, document

__all__ = ["check_template"]

SCENARIOS: Final = 64
"""How many ways to decide the conditions of a resource are tried; six conditions have no more."""

_ROLES: Final = ("JobFlowRole", "ServiceRole", "AutoScalingRole", "SecurityConfiguration")
_POLICIES: Final = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")
_ALONE: Final = {
    "AWS::EMR::Studio": STUDIO,
    "AWS::EMR::StudioSessionMapping": SESSION_MAPPING,
    "AWS::EMR::WALWorkspace": WAL_WORKSPACE,
    STEP: "StepConfig",
}
_ADDED: Final = {
    GROUP: (ADD_GROUPS, "InstanceGroups[0]", "InstanceGroupConfig", "InstanceGroups"),
    FLEET: (ADD_FLEET, "InstanceFleet", "InstanceFleetConfig", "InstanceFleets"),
}
_OWNER: Final = {GROUP: "JobFlowId", STEP: "JobFlowId", FLEET: "ClusterId"}
_ANY_STEP: Final = {"Name": "step", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "s3://bucket/step.jar"}}
# EMR does not hear of these: they say where the resource belongs.
_TEMPLATE_ONLY: Final = {
    GROUP: ("JobFlowId",),
    FLEET: ("ClusterId",),
    STEP: ("JobFlowId",),
}


def check_template(template: Mapping[str, Any]) -> list[Finding]:
    """What the rules find in the resources of ``AWS::EMR`` of a template, in its order."""
    checker = _Checker(template)
    return [finding for kind in KINDS for name in checker.graph.of_kind(kind) for finding in checker.check(name)]


class _Checker:
    def __init__(self, template: Mapping[str, Any]) -> None:
        self.template = template
        self.graph = Graph(template)

    def check(self, name: str) -> Iterator[Finding]:
        try:
            yield from self._certain_and_allowed(name)
        except RecursionError:
            problem = Finding("emr-type", Severity.ERROR, "the resource is nested too deeply", "use fewer levels")
            yield self._finding(name, problem, "")

    def _certain_and_allowed(self, name: str) -> Iterator[Finding]:
        found, used = self._certain(name)
        yield from found
        for parameter in sorted(used):
            declared = section(section(self.template, "Parameters"), parameter)
            allowed = declared.get("AllowedValues")
            refused: dict[Any, list[Any]] = {}
            findings: dict[Any, Finding] = {}
            for value in allowed if isinstance(allowed, list) else ():
                if "Default" in declared and str(value) == str(declared["Default"]):
                    continue
                for finding in self._certain(name, {parameter: value})[0]:
                    if finding not in found:
                        refused.setdefault(_place(finding), []).append(value)
                        findings.setdefault(_place(finding), finding)
            for place, finding in findings.items():
                values = " or ".join(map(repr, dict.fromkeys(map(str, refused[place]))))
                yield replace(finding, message=f"{finding.message}, where the parameter {parameter} is {values}")

    def _certain(self, name: str, chosen: Mapping[str, Any] | None = None) -> tuple[list[Finding], set[str]]:
        """What is found in every scenario in which the resource exists, and the parameters that were read."""
        common: list[Finding] | None = None
        used: set[str] = set()
        condition_values: list[tuple[str, bool]] = []
        for _ in range(SCENARIOS):
            scenario = Scenario(self.template, chosen=chosen, condition_values=condition_values)
            if scenario.exists(self.graph.resources[name]):
                found = list(self._find(scenario, name))
                common = found if common is None else _in_both(common, found)
            used |= scenario.used
            if common == []:
                break
            # The next leaf of the tree of decisions: the last condition that held does not.
            condition_values = list(scenario.condition_values.items())
            while condition_values and not condition_values[-1][1]:
                condition_values.pop()
            if not condition_values:
                break
            condition_values[-1] = (condition_values[-1][0], False)
        return common or [], used

    def _find(self, scenario: Scenario, name: str) -> Iterator[Finding]:
        kind = self.graph.kind(name)
        request = self._request(scenario, name)
        for problem in request.problems:
            yield self._finding(name, problem, problem.path)
        lacking = {(problem.path, _lacks(problem)) for problem in request.problems}
        for problem in self._problems(scenario, kind, request, name):
            place = request.place(problem.path)
            # What CloudFormation requires, the API often requires too.
            if problem.rule != "emr-missing-property" or (place, _lacks(problem)) not in lacking:
                yield self._finding(name, problem, place)
        if kind == CLUSTER:
            yield from self._joined(scenario, name, request)

    def _request(self, scenario: Scenario, name: str) -> Request:
        properties = scenario.value(self.graph.properties(name))
        return Request(self.graph.kind(name), mapping(properties))

    def _finding(self, name: str, problem: Finding, place: str) -> Finding:
        metadata = section(self.graph.resources[name], "Metadata").get("aws:cdk:path")
        base = f"Resources.{name}"
        has_properties = bool(self.graph.properties(name))
        path = f"{base}.Properties{'.' if place else ''}{place}" if has_properties else base
        construct = metadata if isinstance(metadata, str) else ""
        return replace(problem, path=path, resource=name, construct=construct)

    def _problems(self, scenario: Scenario, kind: str, request: Request, name: str) -> list[Finding]:
        """What the rules over one resource find, with paths in the request."""
        members = {key: item for key, item in request.members.items() if key not in _TEMPLATE_ONLY.get(kind, ())}
        if kind == CLUSTER:
            return self._cluster_problems(scenario, name, members)
        if kind == SECURITY_CONFIGURATION:
            return _document_problems(request.members)
        if kind in _ADDED:
            shape, where, part, _ = _ADDED[kind]
            nodes = coerced(part, members)
            member = where.removesuffix("[0]")
            problems = check(shape, {member: nodes if member == where else [nodes]})
            return [replace(found, path=_within(found.path, where)) for found in problems]
        return check(_ALONE[kind], coerced(_ALONE[kind], members))

    def _cluster_problems(self, scenario: Scenario, name: str, members: Mapping[str, Any]) -> list[Finding]:
        launch = {"Cluster": coerced("RunJobFlowInput", members)}
        found = self._document(scenario, members.get("SecurityConfiguration"))
        if found is not None:
            launch["SecurityConfiguration"] = found
        problems = [
            replace(problem, path=_within(problem.path, "Cluster"))
            for problem in check(LAUNCH, launch)
            # The document is a resource of its own.
            if not problem.path.startswith("SecurityConfiguration")
        ]
        problems += check(REFERENCES, self._references(scenario, name, members))
        found = network(self.graph, scenario, members)
        return problems + (check(NETWORK, coerced(NETWORK, found)) if found else [])

    def _document(self, scenario: Scenario, given: Any) -> Any:
        """The document of the security configuration that a cluster names; None where the template has no such."""
        if given is None or (is_unknown(given) and not isinstance(given, Reference)):
            return None
        for name in self.graph.of_kind(SECURITY_CONFIGURATION):
            properties = scenario.value(self.graph.properties(name))
            if given in (Reference(name), mapping(properties).get("Name")):
                try:
                    return document(properties)
                except ValueError:
                    return UNKNOWN
        return None

    def _references(self, scenario: Scenario, name: str, members: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for member in _ROLES:
            value = members.get(member)
            if isinstance(value, Reference):
                kind = self.graph.kind(value.resource)
                found[member] = {"LogicalId": value.resource, "Type": kind, "Attribute": value.attribute}
        instances = members.get("Instances")
        if isinstance(instances, Mapping) and not is_unknown(instances):
            found["KeepAlive"] = "KeepJobFlowAliveWhenNoSteps" in instances
            found["HasSteps"] = "Steps" in members
        found["Unordered"] = [
            {"LogicalId": other, "Type": self.graph.kind(other)} for other in self._unordered(scenario, name, members)
        ]
        return found

    def _unordered(self, scenario: Scenario, name: str, members: Mapping[str, Any]) -> Iterator[str]:
        """Policies and rules of security groups that the cluster uses without depending on them."""
        before = self.graph.all_of(name)
        profile = members.get("JobFlowRole")
        roles = {value.resource for member in _ROLES if isinstance(value := members.get(member), Reference)}
        if isinstance(profile, Reference):
            roles |= set(_resources(scenario.value(self.graph.properties(profile.resource).get("Roles"))))
        for kind in _POLICIES:
            for policy in self.graph.of_kind(kind):
                properties = self.graph.properties(policy)
                owners = scenario.value([properties.get("Roles", []), properties.get("RoleName")])
                if policy not in before and name not in self.graph.all_of(policy) and roles & set(_resources(owners)):
                    yield policy
        instances = members.get("Instances")
        groups = set(_resources(list(instances.values()))) if isinstance(instances, Mapping) else set()
        for kind in ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"):
            for ingress in self.graph.of_kind(kind):
                target = scenario.value(self.graph.properties(ingress).get("GroupId"))
                if ingress not in before and groups & set(_resources(target)):
                    yield ingress

    def _joined(self, scenario: Scenario, name: str, request: Request) -> Iterator[Finding]:
        """What is wrong with a cluster together with the nodes and the steps that the template adds to it."""
        members = coerced("RunJobFlowInput", request.members)
        instances = members.get("Instances")
        if isinstance(instances, Mapping) and not is_unknown(instances):
            for kind, (_, _, part, listed) in _ADDED.items():
                added = list(self._added(scenario, kind, name, part))
                nodes = instances.get(listed, [])
                if added and isinstance(nodes, list):
                    more = {**instances, listed: [*nodes, *(item for _, item in added)]}
                    owner = added[0][0] if len(added) == 1 else name
                    known = check("RunJobFlowInput", members)
                    yield from self._new(owner, known, check("RunJobFlowInput", {**members, "Instances": more}))
        steps = list(self._added(scenario, STEP, name, "StepConfig"))
        rest = {member: value for member, value in members.items() if member != "Steps"}
        # What is said about any step at all is about steps of the cluster itself.
        known = (
            [*check("RunJobFlowInput", rest), *check("RunJobFlowInput", {**rest, "Steps": [_ANY_STEP]})]
            if steps
            else []
        )
        for step, item in steps:
            yield from self._new(step, known, check("RunJobFlowInput", {**rest, "Steps": [item]}))

    def _added(self, scenario: Scenario, kind: str, cluster: str, part: str) -> Iterator[tuple[str, Any]]:
        for name in self.graph.users(kind, cluster):
            owner = scenario.value(self.graph.properties(name).get(_OWNER[kind]))
            if (
                isinstance(owner, Reference)
                and owner.resource == cluster
                and scenario.exists(self.graph.resources[name])
            ):
                given = self._request(scenario, name).members
                plain = {key: value for key, value in given.items() if key not in _TEMPLATE_ONLY[kind]}
                yield name, coerced(part, plain)

    def _new(self, owner: str, known: Iterable[Finding], together: Iterable[Finding]) -> Iterator[Finding]:
        """What the rules find in a cluster with something added, and not without it."""
        said = {(problem.rule, problem.message) for problem in known}
        for problem in together:
            # What is wrong with an item itself is reported where the item is.
            if (problem.rule, problem.message) not in said and "[" not in problem.path:
                yield self._finding(owner, replace(problem, path=""), "")


def _place(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.resource, finding.path


def _in_both(common: list[Finding], found: list[Finding]) -> list[Finding]:
    """What two scenarios have in common; the same finding may tell another value in the other scenario."""
    there = Counter(map(_place, found))
    here = Counter(map(_place, common))
    return [
        finding
        for finding in common
        if finding in found or (here[_place(finding)] == 1 and there[_place(finding)] == 1)
    ]


def _document_problems(properties: Mapping[str, Any]) -> list[Finding]:
    try:
        found = document(properties)
    except ValueError as error:
        message, fix = f"the document is no JSON ({error})", "give a JSON object, or its text"
        return [Finding("emr-type", Severity.ERROR, message, fix, "SecurityConfiguration")]
    where = "SecurityConfiguration"
    return [replace(problem, path=f"{where}.{problem.path}".rstrip(".")) for problem in check(DOCUMENT, found)]


def _resources(value: Any) -> Iterable[str]:
    """The resources that ``value`` refers to, at any depth of its lists."""
    if isinstance(value, Reference):
        yield value.resource
    elif isinstance(value, list):
        for item in value:
            yield from _resources(item)


def _within(path: str, member: str) -> str:
    return path.removeprefix(member).removeprefix(".")


def _lacks(problem: Finding) -> str:
    return problem.message.rpartition(" lacks ")[2]
