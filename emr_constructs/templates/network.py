"""The security groups and subnets of a cluster that its template defines, for the rules about both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import UNKNOWN, is_unknown
from .functions import MAPPINGS
from .intrinsics import mapping
from .references import reference

if TYPE_CHECKING:
    from .graph import Graph
    from .intrinsics import Scenario

__all__ = ["attached", "is_opaque", "is_private", "listed", "network", "resources_of", "route_table", "studio_groups"]

_GROUP: Final = "AWS::EC2::SecurityGroup"
_SUBNET: Final = "AWS::EC2::Subnet"
_NODES: Final = {
    "EmrManagedMasterSecurityGroup": "primary",
    "EmrManagedSlaveSecurityGroup": "core and task",
    "AdditionalMasterSecurityGroups": "primary",
    "AdditionalSlaveSecurityGroups": "core and task",
}
_PEERS: Final = ("SourceSecurityGroupId", "SourceSecurityGroupName", "DestinationSecurityGroupId")
_PREFIX_LISTS: Final = ("SourcePrefixListId", "DestinationPrefixListId")
_MANAGED: Final = tuple(_NODES)[:2]
_ADDITIONAL: Final = tuple(_NODES)[2:]
_CIDR: Final = ("IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6")
_ADDRESSES: Final = frozenset(_CIDR[3:])
# These can change a security group or route table that they receive, which the template doesn't show.
_OPAQUE: Final = ("Custom::", "AWS::CloudFormation::")


def network(graph: Graph, scenario: Scenario, cluster: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the network of a cluster in the shape ``ClusterNetwork``; None if its instances are unknown.

    :param cluster: the request of the cluster, with references to resources.
    """
    instances = cluster.get("Instances")
    if not isinstance(instances, Mapping):
        return None
    nodes: dict[str, dict[str, None]] = {}
    for member, role in _NODES.items():
        for name in resources_of(instances.get(member), graph, _GROUP):
            nodes.setdefault(name, {})[role] = None
    managed = [name for member in _MANAGED for name in resources_of(instances.get(member), graph, _GROUP)]
    # Additional groups can allow what the managed ones don't.
    has_more = any(instances.get(member) is not None for member in _ADDITIONAL)
    groups = [
        {
            **_group(graph, scenario, name, with_egress=name in managed and not has_more, only_addresses=True),
            "Nodes": _of_nodes(list(roles)),
        }
        for name, roles in nodes.items()
    ]
    found: dict[str, Any] = {
        "ReleaseLabel": cluster.get("ReleaseLabel"),
        "HasManagedGroups": "EmrManagedMasterSecurityGroup" in instances,
        "Groups": groups,
    }
    if "EmrManagedMasterSecurityGroup" in instances:
        names = resources_of(instances["EmrManagedMasterSecurityGroup"], graph, _GROUP)
        found["Master"] = {"LogicalId": names[0]} if names else UNKNOWN
    if "ServiceAccessSecurityGroup" in instances:
        names = resources_of(instances["ServiceAccessSecurityGroup"], graph, _GROUP)
        found["ServiceAccess"] = _group(graph, scenario, names[0]) if names else UNKNOWN
    subnets = resources_of([instances.get("Ec2SubnetId"), *listed(instances.get("Ec2SubnetIds"))], graph, _SUBNET)
    # The subnets of a cluster are all private or all public, so one known subnet is enough.
    kinds = {is_private(graph, scenario, subnet) for subnet in subnets} - {None}
    if len(kinds) == 1:
        found["IsPrivate"] = kinds.pop()
    return found


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and any other value as its only item."""
    return value if isinstance(value, list) else [] if value is None else [value]


def resources_of(value: Any, graph: Graph, kind: str) -> list[str]:
    """Return the resources of a type that a value or the items of a list refer to, each once."""
    found = (item.resource for item in map(reference, listed(value)) if item is not None)
    return [name for name in dict.fromkeys(found) if graph.kind(name) == kind]


def attached(
    graph: Graph, scenario: Scenario, kind: str, member: str, owner: str, *, having: frozenset[str] | None = None
) -> Iterator[Mapping[str, Any] | None]:
    """Return the properties of resources of a type that belong to ``owner``; None for one that may or may not.

    :param having: only of resources that have any of these properties. Default: of all.
    """
    for name in graph.possible_users(kind, member, owner):
        if having is not None and having.isdisjoint(graph.properties(name)):
            continue
        if not scenario.exists(graph.resources[name]):
            continue
        value = graph.member(scenario, name, member)
        target = reference(value)
        if target is not None:
            if target.resource == owner:
                yield None if graph.is_open(name) else mapping(scenario.value(graph.properties(name)))
        elif is_unknown(value):
            yield None


def is_opaque(graph: Graph, owner: str) -> bool:
    """Return whether a resource that can change ``owner`` invisibly refers to it."""
    return any(
        owner in graph.direct(name)
        for kind in graph.kinds()
        if kind.startswith(_OPAQUE)
        for name in graph.of_kind(kind)
    )


def studio_groups(graph: Graph, scenario: Scenario, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the security groups of a Studio in the shape of ``rules.studio.STUDIO_GROUPS``."""
    found: dict[str, Any] = {}
    for member, role in (("EngineSecurityGroupId", "Engine"), ("WorkspaceSecurityGroupId", "Workspace")):
        for name in resources_of(members.get(member), graph, _GROUP):
            found[f"{role}Group"] = name
            if role == "Engine":
                rules = _group(graph, scenario, name)["Ingress"]
                found[role] = [rule if is_unknown(rule) else _of_studio(graph, rule) for rule in rules]
            else:
                egress = _group(graph, scenario, name, with_egress=True).get("Egress")
                if egress is not None:
                    found["Egress"] = [rule if is_unknown(rule) else _of_studio(graph, rule) for rule in egress]
    return found


def _of_studio(graph: Graph, rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule with its ports, and the security group of the template that it is for."""
    found = {member: rule[member] for member in _CIDR[:3] if member in rule}
    if graph.kind(str(rule.get("Source"))) == _GROUP and not {"CidrIp", "CidrIpv6"} & rule.keys():
        found["Source"] = rule["Source"]
    return found


def _of_nodes(roles: list[str]) -> str:
    """The nodes that use a security group, in words."""
    return ", ".join(roles) if len(roles) > 1 else roles[0]


def _group(
    graph: Graph, scenario: Scenario, name: str, *, with_egress: bool = False, only_addresses: bool = False
) -> dict[str, Any]:
    """A security group with its rules.

    :param with_egress: also with its egress rules, if it has others than the default one, which allows all traffic.
    :param only_addresses: of the ingress rules, only those for addresses and unknown ones; most are for groups.
    """
    found: dict[str, Any] = {"LogicalId": name}
    properties = graph.properties(name)
    is_restricted = with_egress and _is_restricted(listed(scenario.value(properties.get("SecurityGroupEgress"))))
    for direction in ("Ingress", "Egress") if is_restricted else ("Ingress",):
        having = _ADDRESSES if only_addresses and direction == "Ingress" else None
        rules = [
            *listed(scenario.value(properties.get(f"SecurityGroup{direction}"))),
            *attached(graph, scenario, f"AWS::EC2::SecurityGroup{direction}", "GroupId", name, having=having),
        ]
        if is_opaque(graph, name) or graph.is_open(name):
            rules.append(None)
        if having is not None:
            rules = [rule for rule in rules if not isinstance(rule, MAPPINGS) or not having.isdisjoint(rule)]
        found[direction] = [_rule(rule) for rule in rules]
    return found


def _is_restricted(egress: list[Any]) -> bool:
    """Whether a group has egress rules, and none of them allows all traffic to everywhere.

    CloudFormation keeps the default rule, which does, of a group with an empty list.
    """
    everywhere = ("-1", "0.0.0.0/0")
    found = (rule for rule in egress if isinstance(rule, MAPPINGS))
    return bool(egress) and all((str(rule.get("IpProtocol")), rule.get("CidrIp")) != everywhere for rule in found)


def _rule(rule: Any) -> Any:
    if not isinstance(rule, MAPPINGS) or is_unknown(rule):
        return UNKNOWN
    ingress = {member: rule[member] for member in _CIDR if member in rule}
    for member in _PEERS:
        source = rule.get(member)
        if source is not None:
            found = reference(source)
            ingress["Source"] = source if found is None else found.resource
    if any(rule.get(member) is not None for member in _PREFIX_LISTS):
        # Which addresses the list has isn't known.
        ingress["Source"] = UNKNOWN
    return ingress


def is_private(graph: Graph, scenario: Scenario, subnet: str) -> bool | None:
    """Return whether a subnet has no route to an internet gateway; None if the template doesn't determine it."""
    table = route_table(graph, scenario, subnet)
    if table is None:
        return None
    is_private: bool | None = True
    for route in attached(graph, scenario, "AWS::EC2::Route", "RouteTableId", table):
        gateway = UNKNOWN if route is None else route.get("GatewayId")
        found = reference(gateway)
        if found is not None:
            if graph.kind(found.resource) == "AWS::EC2::InternetGateway":
                return False
        elif is_unknown(gateway):
            is_private = None
    return is_private


def route_table(graph: Graph, scenario: Scenario, subnet: str) -> str | None:
    """Return the route table of the template that a subnet has; None if the template doesn't determine it."""
    associations = attached(graph, scenario, "AWS::EC2::SubnetRouteTableAssociation", "SubnetId", subnet)
    tables = [
        None if association is None else reference(association.get("RouteTableId")) for association in associations
    ]
    if len(tables) != 1 or tables[0] is None or is_opaque(graph, tables[0].resource):
        return None
    return tables[0].resource
