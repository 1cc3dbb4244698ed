"""What a cluster uses from launch to termination without depending on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .intrinsics import Scenario, items, mapping
from .references import named_resource, reference

if TYPE_CHECKING:
    from .graph import Graph
    from .tokens import Reference

__all__ = ["unordered"]

_ROLE_MEMBERS: Final = ("ServiceRole", "AutoScalingRole")
_POLICIES: Final = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")
_ATTACHED: Final = ("Roles", "RoleName")
_PEERS: Final = {
    "AWS::EC2::SecurityGroupIngress": "SourceSecurityGroupId",
    "AWS::EC2::SecurityGroupEgress": "DestinationSecurityGroupId",
}
_GROUPS: Final = ("EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup", "ServiceAccessSecurityGroup")
_ADDITIONAL: Final = ("AdditionalMasterSecurityGroups", "AdditionalSlaveSecurityGroups")
_SUBNETS: Final = ("Ec2SubnetId", "Ec2SubnetIds")
_ASSOCIATION: Final = "AWS::EC2::SubnetRouteTableAssociation"
# Routes to other targets, such as a peering connection, are rarely required by EMR.
_GATEWAYS: Final = ("GatewayId", "NatGatewayId")


def unordered(graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any]) -> Iterator[str]:
    """Return the policies, security group rules, routes and endpoints that a cluster should depend on.

    :param name: the logical ID of the cluster.
    :param members: its request.
    """
    direct = graph.direct(name)
    for other in _used(graph, scenario, members, direct):
        is_created = other not in direct and scenario.exists(graph.resources[other])
        if is_created and other not in graph.all_of(name) and name not in graph.all_of(other):
            yield other


def _used(graph: Graph, scenario: Scenario, members: Mapping[str, Any], ordered: Collection[str]) -> Iterator[str]:
    """What a cluster uses, without policies and rules that are ``ordered``."""
    instances = mapping(members.get("Instances"))
    yield from _policies(graph, scenario, _roles(graph, scenario, members), ordered)
    yield from _rules(graph, scenario, instances, ordered)
    yield from _routes(graph, scenario, _resources([instances.get(member) for member in _SUBNETS]))


def _roles(graph: Graph, scenario: Scenario, members: Mapping[str, Any]) -> set[str]:
    roles = _resources([members.get(member) for member in _ROLE_MEMBERS])
    profile = named_resource(
        graph, scenario, members.get("JobFlowRole"), "AWS::IAM::InstanceProfile", "InstanceProfileName"
    )
    return roles | (_resources(scenario.value(graph.properties(profile).get("Roles"))) if profile else set())


def _policies(graph: Graph, scenario: Scenario, roles: set[str], ordered: Collection[str]) -> Iterator[str]:
    for kind in _POLICIES:
        for policy in graph.referring(kind, _ATTACHED, roles):
            if policy in ordered:
                continue
            properties = graph.properties(policy)
            if roles & _resources([scenario.value(properties.get(member)) for member in _ATTACHED]):
                yield policy


def _rules(graph: Graph, scenario: Scenario, instances: Mapping[str, Any], ordered: Collection[str]) -> Iterator[str]:
    """The rules between the security groups of a cluster; rules for its clients are no concern of the nodes."""
    groups = _resources([instances.get(member) for member in (*_GROUPS, *_ADDITIONAL)])
    for kind, peer in _PEERS.items():
        for rule in graph.referring(kind, ("GroupId",), groups):
            if rule in ordered:
                continue
            properties = mapping(scenario.value(graph.properties(rule)))
            if groups & _resources(properties.get("GroupId")) and groups & _resources(properties.get(peer)):
                yield rule


def _routes(graph: Graph, scenario: Scenario, subnets: set[str]) -> Iterator[str]:
    tables: set[str] = set()
    for association in graph.referring(_ASSOCIATION, ("SubnetId",), subnets):
        properties = mapping(scenario.value(graph.properties(association)))
        if subnets & _resources(properties.get("SubnetId")):
            tables |= _resources(properties.get("RouteTableId"))
            yield association
    for route in graph.referring("AWS::EC2::Route", ("RouteTableId",), tables):
        properties = mapping(scenario.value(graph.properties(route)))
        if tables & _resources(properties.get("RouteTableId")) and any(member in properties for member in _GATEWAYS):
            yield route
    for endpoint in graph.referring("AWS::EC2::VPCEndpoint", ("RouteTableIds",), tables):
        properties = mapping(scenario.value(graph.properties(endpoint)))
        if tables & _resources(items(properties.get("RouteTableIds"))):
            yield endpoint


def _resources(value: Any) -> set[str]:
    """The resources that ``value`` refers to, at any depth of its lists."""
    return {found.resource for found in _references(value)}


def _references(value: Any) -> Iterable[Reference]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif (found := reference(value)) is not None:
        yield found
