"""What belongs to a cluster in a template: its security configuration, roles, policies, steps and added nodes.

All functions read the template in one scenario; values of other resources are references.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import MACRO, UNKNOWN, is_unknown
from .intrinsics import Reference, Scenario, mapping
from .requests import FLEET, GROUP, SECURITY_CONFIGURATION, STEP, Request, coerced, document

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["added", "references", "request_of", "role_references", "security_document", "without_owner"]

_ROLES: Final = ("JobFlowRole", "ServiceRole", "AutoScalingRole", "SecurityConfiguration")
_POLICIES: Final = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")
_GROUP_RULES: Final = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
# The property that names the cluster a resource is added to. No request to EMR has it as a member.
_OWNER: Final = {GROUP: "JobFlowId", STEP: "JobFlowId", FLEET: "ClusterId"}


def request_of(graph: Graph, scenario: Scenario, name: str) -> Request:
    """The request to EMR that a resource stands for."""
    properties = scenario.value(graph.properties(name))
    return Request(graph.kind(name), properties if isinstance(properties, Mapping) else {MACRO: UNKNOWN})


def without_owner(kind: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """``members`` of a resource of type ``kind`` without the property that names its cluster."""
    return {name: value for name, value in members.items() if name != _OWNER.get(kind)}


def security_document(graph: Graph, scenario: Scenario, value: Any) -> Any:
    """The document of the security configuration that ``value`` refers to or names.

    :returns: unknown if the document is not valid JSON; None if the template has no such security configuration.
    """
    if value is None or (is_unknown(value) and not isinstance(value, Reference)):
        return None
    for name in graph.of_kind(SECURITY_CONFIGURATION):
        properties = mapping(scenario.value(graph.properties(name)))
        if value in (Reference(name), properties.get("Name")):
            try:
                return document(properties)
            except ValueError:
                return UNKNOWN
    return None


def references(graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """The references of a cluster in the shape that the rules of :mod:`..rules.references` read.

    :param name: the logical ID of the cluster.
    :param members: its request.
    """
    values = role_references(graph, members)
    instances = members.get("Instances")
    if isinstance(instances, Mapping) and not is_unknown(instances) and MACRO not in {**instances, **members}:
        values["KeepAlive"] = "KeepJobFlowAliveWhenNoSteps" in instances
        values["HasSteps"] = "Steps" in members
    unordered = _unordered(graph, scenario, name, members)
    values["Unordered"] = [{"LogicalId": other, "Type": graph.kind(other)} for other in unordered]
    return values


def role_references(graph: Graph, members: Mapping[str, Any]) -> dict[str, Any]:
    """The roles and the security configuration of a request that are resources of the template, as :func:`references`
    returns them.
    """
    found = {member: value for member in _ROLES if isinstance(value := members.get(member), Reference)}
    return {
        member: {"LogicalId": value.resource, "Type": graph.kind(value.resource), "Attribute": value.attribute}
        for member, value in found.items()
    }


def added(graph: Graph, scenario: Scenario, kind: str, cluster: str, shape: str) -> Iterator[tuple[str, Any]]:
    """The resources of type ``kind`` that the template adds to a cluster: logical ID and API value of ``shape``."""
    for name in graph.users(kind, cluster):
        owner = scenario.value(graph.properties(name).get(_OWNER[kind]))
        is_owner = isinstance(owner, Reference) and owner.resource == cluster
        if is_owner and scenario.exists(graph.resources[name]):
            members = request_of(graph, scenario, name).members
            yield name, coerced(shape, without_owner(kind, members))


def _unordered(graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any]) -> Iterator[str]:
    """The policies and security group rules that a cluster uses without depending on them."""
    before = graph.all_of(name)
    profile = members.get("JobFlowRole")
    roles = {value.resource for member in _ROLES if isinstance(value := members.get(member), Reference)}
    if isinstance(profile, Reference):
        roles |= set(_resources(scenario.value(graph.properties(profile.resource).get("Roles"))))
    for kind in _POLICIES:
        for policy in graph.of_kind(kind):
            properties = graph.properties(policy)
            owners = scenario.value([properties.get("Roles", []), properties.get("RoleName")])
            if policy not in before and name not in graph.all_of(policy) and roles & set(_resources(owners)):
                yield policy
    instances = members.get("Instances")
    groups = set(_resources(list(instances.values()))) if isinstance(instances, Mapping) else set()
    for kind in _GROUP_RULES:
        for rule in graph.of_kind(kind):
            target = scenario.value(graph.properties(rule).get("GroupId"))
            if rule not in before and groups & set(_resources(target)):
                yield rule


def _resources(value: Any) -> Iterable[str]:
    """The resources that ``value`` refers to, at any depth of its lists."""
    if isinstance(value, Reference):
        yield value.resource
    elif isinstance(value, list):
        for item in value:
            yield from _resources(item)
