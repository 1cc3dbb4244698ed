"""The security groups of a cluster and their rules, where a template holds both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .registry import Part, Severity, rule
from .releases import supports
from .shapes import add_list, add_shape
from .sources import management_guide

NETWORK: Final = "ClusterNetwork"
"""The release of a cluster, whether its subnets are private, and its security groups with their rules."""

_GROUPS = management_guide("emr-man-sec-groups")
_BLOCK = management_guide("emr-block-public-access")
_PORT = 9443
_WORLD = ("0.0.0.0/0", "::/0")
_SSH = 22

add_shape(
    "SecurityGroupRule",
    {
        "IpProtocol": "String",
        "FromPort": "Integer",
        "ToPort": "Integer",
        "CidrIp": "String",
        "CidrIpv6": "String",
        "Source": "String",
    },
)
add_list("SecurityGroupRuleList", "SecurityGroupRule")
add_shape("NodeSecurityGroup", {"LogicalId": "String", "Nodes": "String", "Ingress": "SecurityGroupRuleList"})
add_list("NodeSecurityGroupList", "NodeSecurityGroup")
add_shape(
    NETWORK,
    {
        "ReleaseLabel": "String",
        "IsPrivate": "Boolean",
        "HasManagedGroups": "Boolean",
        "Master": "NodeSecurityGroup",
        "ServiceAccess": "NodeSecurityGroup",
        "Groups": "NodeSecurityGroupList",
    },
)


def _covers(ingress: Part, port: int) -> bool:
    protocol = ingress.get("IpProtocol", "").lower()
    if protocol == "-1":
        return True
    if protocol not in ("tcp", "6"):
        return False
    return bool(ingress.get("FromPort", 0) <= port <= ingress.get("ToPort", 65535))


@rule(
    "emr-service-access-port",
    NETWORK,
    do=f"let TCP {_PORT} in from the security group of the master node",
    source=_GROUPS,
)
def _service_access_lets_the_master_in(network: Part) -> Iterator[str]:
    """On releases 5.30.0 to 7.x the service-access group lets TCP 9443 in from the master's group; EMR adds no rule."""
    group, master = network.part("ServiceAccess"), network.part("Master").get("LogicalId")
    if "Ingress" not in group or not group.is_complete("Ingress") or master is None:
        return
    if not supports(network.get("ReleaseLabel", ""), "service_access_9443"):
        return
    sources = [found for found in group.items("Ingress") if _covers(found, _PORT)]
    # EMR is known to look for the group; whether it is content with an address range is not.
    if not any(found.get("Source") == master or not found.is_complete("Source") or "CidrIp" in found
               for found in sources):  # fmt: skip
        yield f"the service-access security group {group.get('LogicalId')!r} has no ingress rule for it"


@rule(
    "emr-service-access-missing",
    NETWORK,
    do="give ServiceAccessSecurityGroup too, or no managed security groups",
    source=_GROUPS,
)
def _private_groups_come_with_service_access(network: Part) -> Iterator[str]:
    """In a private subnet, managed security groups of your own come with a service-access group (before 8.0.0)."""
    needed = supports(network.get("ReleaseLabel", ""), "service_vpc_endpoint") is False
    is_own = network.get("IsPrivate") is True and network.get("HasManagedGroups") is True
    if needed and is_own and "ServiceAccess" not in network:
        yield "the cluster runs in a private subnet with its own security groups and has none for service access"


@rule(
    "emr-service-access-shared",
    NETWORK,
    severity=Severity.WARNING,
    do="give the service-access group no other purpose",
    source=_GROUPS,
)
def _service_access_is_for_the_service(network: Part) -> Iterator[str]:
    """The service-access group serves nothing else."""
    name = network.part("ServiceAccess").get("LogicalId")
    for group in network.items("Groups"):
        if name is not None and group.get("LogicalId") == name:
            yield f"the security group {name!r} is for service access and for {group.get('Nodes')} nodes"


@rule(
    "emr-public-ingress",
    NETWORK,
    severity=Severity.WARNING,
    do="let in only what you know; open a session with AWS Systems Manager instead of SSH",
    source=_BLOCK,
)
def _the_world_is_outside(network: Part) -> Iterator[str]:
    """Nodes let nothing in from everywhere: in a public subnet EMR's block public access refuses it, except SSH."""
    if network.get("IsPrivate") is True:
        return
    for group in network.items("Groups"):
        for ingress in group.items("Ingress"):
            if ingress.get("CidrIp") in _WORLD or ingress.get("CidrIpv6") in _WORLD:
                yield (
                    f"the security group {group.get('LogicalId')!r} of the {group.get('Nodes')} nodes lets "
                    f"{_ports(ingress)} in from everywhere"
                )


def _ports(ingress: Part) -> str:
    first, last = ingress.get("FromPort"), ingress.get("ToPort")
    if ingress.get("IpProtocol") == "-1" or first is None:
        return "all traffic"
    return f"port {first}" if first == last else f"ports {first} to {last}"
