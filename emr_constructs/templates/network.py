"""The security groups and subnets of a cluster that its template defines, for the rules about both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import UNKNOWN, is_unknown
from .intrinsics import Reference, Scenario

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["network"]

_GROUP: Final = "AWS::EC2::SecurityGroup"
_SUBNET: Final = "AWS::EC2::Subnet"
_NODES: Final = {
    "EmrManagedMasterSecurityGroup": "primary",
    "EmrManagedSlaveSecurityGroup": "core and task",
    "AdditionalMasterSecurityGroups": "primary",
    "AdditionalSlaveSecurityGroups": "core and task",
}
_CIDR: Final = ("IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6")
# These can change a security group or route table that they receive, which the template doesn't show.
_OPAQUE: Final = ("Custom::", "AWS::CloudFormation::")


def network(graph: Graph, scenario: Scenario, cluster: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the network of a cluster in the shape ``ClusterNetwork``; None if its instances are unknown.

    :param cluster: the request of the cluster, with references to resources.
    """
    instances = cluster.get("Instances")
    if not isinstance(instances, Mapping):
        return None
    groups = [
        {**_group(graph, scenario, reference), "Nodes": nodes}
        for member, nodes in _NODES.items()
        for reference in _references(instances.get(member), graph, _GROUP)
    ]
    found: dict[str, Any] = {
        "ReleaseLabel": cluster.get("ReleaseLabel"),
        "HasManagedGroups": "EmrManagedMasterSecurityGroup" in instances,
        "Groups": groups,
    }
    for member, role in (("EmrManagedMasterSecurityGroup", "Master"), ("ServiceAccessSecurityGroup", "ServiceAccess")):
        if member in instances:
            known = _references(instances[member], graph, _GROUP)
            found[role] = next((_group(graph, scenario, reference) for reference in known), UNKNOWN)
    subnets = _references([instances.get("Ec2SubnetId"), *_listed(instances.get("Ec2SubnetIds"))], graph, _SUBNET)
    # The subnets of a cluster are all private or all public, so one known subnet is enough.
    kinds = {_is_private(graph, scenario, subnet.resource) for subnet in subnets} - {None}
    if len(kinds) == 1:
        found["IsPrivate"] = kinds.pop()
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _references(value: Any, graph: Graph, kind: str) -> list[Reference]:
    return [item for item in _listed(value) if isinstance(item, Reference) and graph.kind(item.resource) == kind]


def _attached(
    graph: Graph, scenario: Scenario, kind: str, member: str, owner: str
) -> Iterator[Mapping[str, Any] | None]:
    """The properties of resources of a type that belong to ``owner``; None for one that may or may not."""
    for name in graph.of_kind(kind):
        if not scenario.exists(graph.resources[name]):
            continue
        target = scenario.value(graph.properties(name).get(member))
        if isinstance(target, Reference):
            if target.resource == owner:
                yield scenario.value(graph.properties(name))
        elif is_unknown(target):
            yield None


def _is_opaque(graph: Graph, owner: str) -> bool:
    """Whether a resource that can change ``owner`` invisibly refers to it."""
    return any(
        owner in graph.direct(name)
        for kind in graph.kinds()
        if kind.startswith(_OPAQUE)
        for name in graph.of_kind(kind)
    )


def _group(graph: Graph, scenario: Scenario, reference: Reference) -> dict[str, Any]:
    name = reference.resource
    inline = scenario.value(graph.properties(name).get("SecurityGroupIngress", []))
    rules = _listed(inline)
    rules += _attached(graph, scenario, "AWS::EC2::SecurityGroupIngress", "GroupId", name)
    if _is_opaque(graph, name):
        rules.append(None)
    return {"LogicalId": name, "Ingress": [_ingress(rule) for rule in rules]}


def _ingress(rule: Any) -> Any:
    if not isinstance(rule, Mapping) or is_unknown(rule):
        return UNKNOWN
    ingress = {member: rule[member] for member in _CIDR if member in rule}
    for member in ("SourceSecurityGroupId", "SourceSecurityGroupName", "SourcePrefixListId"):
        source = rule.get(member)
        if source is not None:
            ingress["Source"] = source.resource if isinstance(source, Reference) else source
    return ingress


def _is_private(graph: Graph, scenario: Scenario, subnet: str) -> bool | None:
    """Whether a subnet has no route to an internet gateway; None if the template doesn't determine it."""
    associations = _attached(graph, scenario, "AWS::EC2::SubnetRouteTableAssociation", "SubnetId", subnet)
    tables = [None if association is None else association.get("RouteTableId") for association in associations]
    if len(tables) != 1 or not isinstance(tables[0], Reference) or _is_opaque(graph, tables[0].resource):
        return None
    is_private: bool | None = True
    for route in _attached(graph, scenario, "AWS::EC2::Route", "RouteTableId", tables[0].resource):
        gateway = UNKNOWN if route is None else route.get("GatewayId")
        if isinstance(gateway, Reference):
            if graph.kind(gateway.resource) == "AWS::EC2::InternetGateway":
                return False
        elif is_unknown(gateway):
            is_private = None
    return is_private
