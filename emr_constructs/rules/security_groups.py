"""The security groups of a cluster and their rules, if a template has both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint
from .parts import Part
from .registry import Severity
from .releases import supports
from .sources import management_guide

__all__ = ["NETWORK"]

NETWORK: Final = "ClusterNetwork"
"""The release of a cluster, whether its subnets are private, and its security groups with their rules."""

_GROUPS = management_guide("emr-man-sec-groups")
_BLOCK = management_guide("emr-block-public-access")
_PORT = 9443
_RESOURCE_MANAGER = 8032
_WORLD = ("0.0.0.0/0", "::/0")


def _covers(rule: Part, port: int) -> bool:
    protocol = rule.get("IpProtocol", "").lower()
    is_port = protocol in ("tcp", "6") and rule.get("FromPort", 0) <= port <= rule.get("ToPort", 65535)
    return protocol == "-1" or is_port


def _allows(ingress: Part, primary: str) -> bool:
    # EMR is known to look for the group; whether an address range is sufficient is not documented.
    is_source = ingress.get("Source") == primary or not ingress.is_complete("Source") or "CidrIp" in ingress
    return is_source and _covers(ingress, _PORT)


def _without_access(network: Part) -> str | None:
    group, primary = network.part("ServiceAccess"), network.part("Master").get("LogicalId")
    is_known = "Ingress" in group and group.is_complete("Ingress") and primary is not None
    is_required = is_known and supports(network.get("ReleaseLabel", ""), "service_access_9443")
    is_allowed = not is_required or any(_allows(ingress, primary) for ingress in group.items("Ingress"))
    return None if is_allowed else f"none in {group.get('LogicalId')!r}"


def _without_service_access(network: Part) -> bool:
    required = supports(network.get("ReleaseLabel", ""), "service_vpc_endpoint") is False
    is_custom = network.get("IsPrivate") is True and network.get("HasManagedGroups") is True
    return required and is_custom and "ServiceAccess" not in network


def _shared_groups(network: Part) -> list[str]:
    name = network.part("ServiceAccess").get("LogicalId")
    same = [group for group in network.items("Groups") if name is not None and group.get("LogicalId") == name]
    return [f"{name!r} also for the {_nodes(group)}" for group in same]


def _nodes(group: Part) -> str:
    return f"{str(group.get('Nodes')).replace('master', 'primary')} nodes"


def _closed(network: Part) -> Iterator[str]:
    """The security groups from which nodes don't reach YARN's ResourceManager, and so no other node."""
    for group in network.items("Groups"):
        is_known = "Egress" in group and group.is_complete("Egress")
        if is_known and not any(_covers(found, _RESOURCE_MANAGER) for found in group.items("Egress")):
            yield f"none for TCP {_RESOURCE_MANAGER} in {group.get('LogicalId')!r} of the {_nodes(group)}"


def _public_ingress(network: Part) -> Iterator[str]:
    for group in network.items("Groups") if network.get("IsPrivate") is not True else ():
        for ingress in group.items("Ingress"):
            if ingress.get("CidrIp") in _WORLD or ingress.get("CidrIpv6") in _WORLD:
                yield f"{_ports(ingress)} in {group.get('LogicalId')!r} of the {_nodes(group)}"


def _ports(ingress: Part) -> str:
    first, last = ingress.get("FromPort"), ingress.get("ToPort")
    if ingress.get("IpProtocol") == "-1" or first is None:
        return "all traffic"
    return f"port {first}" if first == last else f"ports {first} to {last}"


# fmt: off
constraint("emr-service-access-port", NETWORK,
           "the service-access security group must allow TCP 9443 from the security group of the primary node, "
           "because EMR doesn't add the rule", _without_access,
           fix="add a rule for TCP 9443 from the security group of the primary node", source=_GROUPS)
constraint("emr-service-access-missing", NETWORK,
           "managed security groups in a private subnet require a service-access security group",
           _without_service_access, fix="specify ServiceAccessSecurityGroup, or remove the managed security groups",
           library_fix="pass a service-access security group, or remove the others", source=_GROUPS)
constraint("emr-node-egress", NETWORK,
           "the security groups of nodes must allow egress to the other nodes, because EMR adds only ingress rules",
           _closed, fix="allow all TCP traffic to the security groups of the nodes, or all egress",
           severity=Severity.WARNING, source=_GROUPS)
constraint("emr-service-access-shared", NETWORK, "the service-access security group must not be used for nodes",
           _shared_groups, fix="use another security group", severity=Severity.WARNING, source=_GROUPS)
constraint("emr-public-ingress", NETWORK,
           "security groups of nodes must not allow ingress from any address, which EMR blocks in public subnets for "
           "all ports but 22", _public_ingress,
           fix="allow only known addresses; use AWS Systems Manager sessions instead of SSH",
           severity=Severity.WARNING, source=_BLOCK)
