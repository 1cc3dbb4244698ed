"""The VPC of a cluster or Studio, its subnets and their routes, for the rules about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import MACRO, UNKNOWN, is_unknown
from .functions import Use, uses
from .network import attached, is_opaque, is_private, listed, resources_of, route_table
from .references import reference

if TYPE_CHECKING:
    from .graph import Graph
    from .intrinsics import Scenario

__all__ = ["SUBNETS", "cluster_vpc", "has_three_masters", "studio_vpc"]

_VPC: Final = "AWS::EC2::VPC"
_SUBNET: Final = "AWS::EC2::Subnet"
_GROUP: Final = "AWS::EC2::SecurityGroup"
_ASSOCIATION: Final = "AWS::EC2::SubnetRouteTableAssociation"
_NAT: Final = "AWS::EC2::NatGateway"
_ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
SUBNETS: Final = ("Ec2SubnetId", "Ec2SubnetIds", "SubnetIds")
"""The properties of a cluster or Studio that name its subnets."""

_GROUPS: Final = (
    "EmrManagedMasterSecurityGroup",
    "EmrManagedSlaveSecurityGroup",
    "ServiceAccessSecurityGroup",
    "AdditionalMasterSecurityGroups",
    "AdditionalSlaveSecurityGroups",
    "EngineSecurityGroupId",
    "WorkspaceSecurityGroupId",
)
# The members of a route that lead out of the VPC, or to an endpoint.
_TARGETS: Final = frozenset(
    {
        "CarrierGatewayId",
        "CoreNetworkArn",
        "EgressOnlyInternetGatewayId",
        "GatewayId",
        "InstanceId",
        "LocalGatewayId",
        "NatGatewayId",
        "NetworkInterfaceId",
        "TransitGatewayId",
        "VpcEndpointId",
        "VpcPeeringConnectionId",
    }
)


def cluster_vpc(
    template: Mapping[str, Any], graph: Graph, scenario: Scenario, members: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the network of a cluster in the shape of ``rules.vpc.VPC``; None if its instances are unknown.

    :param members: the request of the cluster, with references to resources.
    """
    instances = members.get("Instances")
    if not isinstance(instances, Mapping) or is_unknown(instances):
        return None
    subnets = [name for member in SUBNETS for name in resources_of(instances.get(member), graph, _SUBNET)]
    places = list(_places(graph, scenario, instances))
    vpcs = dict.fromkeys(vpc for what, vpc in places if graph.kind(vpc) == _VPC and what.startswith("subnet "))
    found: dict[str, Any] = {
        "Places": [{"What": what, "Vpc": vpc} for what, vpc in places],
        "Subnets": [_subnet(template, graph, scenario, name) for name in dict.fromkeys(subnets)],
        "Vpcs": [_vpc(graph, scenario, name) for name in vpcs],
        "HasThreeMasters": has_three_masters(instances),
        "IsScaled": "ManagedScalingPolicy" in members or "AutoTerminationPolicy" in members,
    }
    nodes = _nodes(instances)
    if nodes is not None:
        found["Nodes"] = nodes
    if not any(member in instances for member in (*SUBNETS, "Placement", "Fn::Transform")):
        found["Unused"] = [] if found["HasThreeMasters"] else list(_unused(graph, scenario, places))
    return found


def studio_vpc(graph: Graph, scenario: Scenario, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return where the subnets and security groups of a Studio are, in the shape of ``rules.vpc.VPC``."""
    places = list(_places(graph, scenario, members))
    own = _identity(graph, members.get("VpcId"))
    if own is not None:
        places.insert(0, ("the Studio", own))
    return {"Places": [{"What": what, "Vpc": vpc} for what, vpc in places]}


def _places(graph: Graph, scenario: Scenario, members: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The subnets and security groups of the template that ``members`` refer to, each with its VPC if it is known."""
    known = list(_declared_places(graph, scenario, members))
    # A VPC of a template is never the default VPC; one with a literal ID may be.
    is_new = any(graph.kind(str(vpc)) == _VPC for _, vpc in known)
    for what, vpc in known:
        if vpc is not None or is_new:
            yield what, vpc or "the default VPC"


def _declared_places(graph: Graph, scenario: Scenario, members: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Subnets and security groups with their VPC; None for a security group in the default VPC."""
    for kind, noun, names in ((_SUBNET, "subnet", SUBNETS), (_GROUP, "security group", _GROUPS)):
        resources = [name for member in names for name in resources_of(members.get(member), graph, kind)]
        for name in dict.fromkeys(resources):
            properties = graph.known_properties(scenario, name)
            vpc = _identity(graph, properties.get("VpcId"))
            is_default = kind == _GROUP and not {"VpcId", "Fn::Transform"} & properties.keys()
            may_be_elsewhere = any(attached(graph, scenario, f"{_GROUP}VpcAssociation", "GroupId", name))
            if (vpc is not None or is_default) and not may_be_elsewhere:
                yield f"{noun} {name!r}", vpc


def _identity(graph: Graph, value: Any) -> str | None:
    """The logical ID or the ID of a VPC; None if it is unknown."""
    found = reference(value)
    if found is not None:
        return found.resource if graph.kind(found.resource) == _VPC and found.attribute in ("Ref", "VpcId") else None
    return value if isinstance(value, str) and value.startswith("vpc-") and not is_unknown(value) else None


def _subnet(template: Mapping[str, Any], graph: Graph, scenario: Scenario, name: str) -> dict[str, Any]:
    properties = graph.known_properties(scenario, name)
    facts = {
        "IsPrivate": is_private(graph, scenario, name),
        "AssignsAddresses": _flag(properties.get("MapPublicIpOnLaunch", UNKNOWN if MACRO in properties else False)),
        "ReachesS3": _reaches_s3(template, graph, scenario, name),
        "BlindNat": _blind_nat(graph, scenario, name),
        "Cidr": cidr if isinstance(cidr := properties.get("CidrBlock"), str) and not is_unknown(cidr) else None,
    }
    return {"LogicalId": name, **{member: value for member, value in facts.items() if value is not None}}


def _vpc(graph: Graph, scenario: Scenario, name: str) -> dict[str, Any]:
    properties = graph.known_properties(scenario, name)
    facts: dict[str, Any] = {
        "Cidr": cidr if isinstance(cidr := properties.get("CidrBlock"), str) and not is_unknown(cidr) else None,
        "HasDnsSupport": _flag(properties.get("EnableDnsSupport", True)),
        "HasDnsHostnames": _flag(properties.get("EnableDnsHostnames", False)),
    }
    facts["ApiEndpoint"] = next(iter(_api_endpoints(graph, scenario, name)), None)
    is_changed = is_opaque(graph, name) or "Fn::Transform" in properties
    known = {} if is_changed else {member: value for member, value in facts.items() if value is not None}
    return {"LogicalId": name, **known}


def _api_endpoints(graph: Graph, scenario: Scenario, vpc: str) -> Iterator[str]:
    """The endpoints of API Gateway in a VPC whose private DNS name hides the public one."""
    for name in graph.of_kind(_ENDPOINT):
        properties = graph.known_properties(scenario, name)
        service, owner = properties.get("ServiceName"), reference(properties.get("VpcId"))
        is_own = owner is not None and owner.resource == vpc and scenario.exists(graph.resources[name])
        is_for_api = isinstance(service, str) and service.endswith(".execute-api")
        if is_own and is_for_api and _flag(properties.get("PrivateDnsEnabled")) is True:
            yield name


def _nodes(instances: Mapping[str, Any]) -> int | None:
    """The number of nodes at launch in instance groups; None if it is unknown or the cluster has fleets."""
    groups = instances.get("InstanceGroups")
    counts = [group.get("InstanceCount") for group in listed(groups) if isinstance(group, Mapping)]
    if not counts or not all(str(count).isdecimal() for count in counts):
        return None
    return sum(int(str(count)) for count in counts)


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def _reaches_s3(template: Mapping[str, Any], graph: Graph, scenario: Scenario, subnet: str) -> bool | None:
    """Whether a subnet has any route out of its VPC, or an endpoint for S3; None if that isn't determined."""
    table = route_table(graph, scenario, subnet)
    if table is None:
        return False if _has_only_local_routes(template, graph, scenario, subnet) else None
    if _is_exported(template, table):
        return None
    if graph.of_kind("AWS::EC2::VPNGatewayRoutePropagation"):
        return None
    routes = attached(graph, scenario, "AWS::EC2::Route", "RouteTableId", table)
    if any(route is None or not _TARGETS.isdisjoint(route) for route in routes):
        return True
    return any(_is_for_s3(graph, scenario, endpoint, table) for endpoint in graph.of_kind(_ENDPOINT))


def _blind_nat(graph: Graph, scenario: Scenario, subnet: str) -> str | None:
    """The NAT gateway that is the only way out of a subnet, and is in a private subnet; None if there is another way.

    One with the connectivity type private leads to other networks.
    """
    table = route_table(graph, scenario, subnet)
    routes = list(attached(graph, scenario, "AWS::EC2::Route", "RouteTableId", table)) if table else []
    if not routes or any(route is None or _TARGETS & route.keys() != {"NatGatewayId"} for route in routes):
        return None
    if table is not None and any(_is_for_s3(graph, scenario, name, table) for name in graph.of_kind(_ENDPOINT)):
        return None
    gateways = [name for route in routes if route for name in resources_of(route["NatGatewayId"], graph, _NAT)]
    for name in gateways:
        properties = graph.known_properties(scenario, name)
        subnets = resources_of(properties.get("SubnetId"), graph, _SUBNET)
        is_public = MACRO not in properties and properties.get("ConnectivityType", "public") == "public"
        if not is_public or not subnets or is_private(graph, scenario, subnets[0]) is not True:
            return None
    return gateways[0] if len(gateways) == len(routes) else None


def _has_only_local_routes(template: Mapping[str, Any], graph: Graph, scenario: Scenario, subnet: str) -> bool:
    """Whether a subnet has the main route table of a VPC of the template instead of another one of the template."""
    owner = reference(scenario.value(graph.properties(subnet).get("VpcId")))
    vpc = owner.resource if owner is not None else ""
    # One that may be of this subnet counts.
    if graph.kind(vpc) != _VPC or list(attached(graph, scenario, _ASSOCIATION, "SubnetId", subnet)):
        return False
    if any(_is_exported(template, name) or is_opaque(graph, name) for name in (subnet, vpc)):
        return False
    # The routes of a template without any are defined elsewhere.
    tables = graph.of_kind("AWS::EC2::RouteTable")
    if not any(_identity(graph, scenario.value(graph.properties(name).get("VpcId"))) == vpc for name in tables):
        return False
    endpoints = (graph.known_properties(scenario, name) for name in graph.of_kind(_ENDPOINT))
    return not any(MACRO in endpoint or endpoint.get("VpcEndpointType") == "Interface" for endpoint in endpoints)


def _is_exported(template: Mapping[str, Any], name: str) -> bool:
    """Whether other stacks can learn of a resource, to which they may add routes and endpoints."""
    return any(isinstance(use, Use) and use.name == name for use in uses(template.get("Outputs")))


def _is_for_s3(graph: Graph, scenario: Scenario, endpoint: str, table: str) -> bool:
    """Whether an endpoint may be one for S3 that the route table has."""
    properties = graph.known_properties(scenario, endpoint)
    service = properties.get("ServiceName")
    if not scenario.exists(graph.resources[endpoint]):
        return False
    if MACRO in properties:
        return True
    if not isinstance(service, str):
        return False
    if not service.endswith(".s3") and not service.endswith("]}"):
        return False
    if properties.get("VpcEndpointType") == "Interface":
        return True
    tables = properties.get("RouteTableIds")
    if not isinstance(tables, list):
        return is_unknown(tables)
    found = [reference(item) for item in tables]
    return any(item is None or item.resource == table for item in found)


def has_three_masters(instances: Mapping[str, Any]) -> bool:
    """Return whether the nodes of a request have three primary nodes."""
    groups, fleets = (listed(instances.get(member)) for member in ("InstanceGroups", "InstanceFleets"))
    counts = [
        *((group.get("InstanceRole"), group.get("InstanceCount")) for group in groups if isinstance(group, Mapping)),
        *(
            (fleet.get("InstanceFleetType"), fleet.get("TargetOnDemandCapacity"))
            for fleet in fleets
            if isinstance(fleet, Mapping)
        ),
    ]
    return any(role == "MASTER" and count in (3, "3") for role, count in counts)


def _unused(graph: Graph, scenario: Scenario, places: list[tuple[str, str]]) -> Iterator[str]:
    """The subnets of the template, or the security groups in one of its VPCs, in words."""
    subnets = [name for name in graph.of_kind(_SUBNET) if scenario.exists(graph.resources[name])]
    if subnets:
        more = f" and {len(subnets) - 1} more" if len(subnets) > 1 else ""
        yield f"subnet {subnets[0]!r}{more}"
    else:
        yield from (f"{what} in {vpc}" for what, vpc in places if graph.kind(vpc) == _VPC)
