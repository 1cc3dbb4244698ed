"""The security groups of a cluster, with every rule that EMR would otherwise add by itself.

EMR adds missing rules to the groups of a cluster at every launch and never removes them; rules that CloudFormation does
not know keep the groups from being deleted. Here each of them is a resource of its own with a description, in the shape
in which EMR looks for it, so that EMR finds nothing missing and a stack can be deleted.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from .._core import tokens
from .._core.cloudformation import create_resource
from .._core.errors import EmrError
from .._core.signatures import check_calls, checked
from .._core.values import value_class
from ..network.managed_policy_tag import MANAGED_POLICY_TAG

if TYPE_CHECKING:
    from constructs import IDependable

    from ..network.subnets import ClusterSubnets
    from ..software.release_label import ReleaseLabel

__all__ = ["ClusterSecurityGroups", "IClusterSecurityGroups", "check_service_access", "render_groups"]


class _Traffic(NamedTuple):
    """A protocol and its ports, with the name that it has in the ids of rules."""

    protocol: str
    first_port: int | None
    last_port: int | None
    name: str

    def __str__(self) -> str:
        if self.protocol == "-1":
            return "all traffic"
        ports = f" {self.first_port}" if self.first_port == self.last_port != -1 else ""
        return f"{self.protocol.upper()}{ports}"

    def properties(self) -> dict[str, str | int]:
        """The properties of a rule of a security group."""
        properties: dict[str, str | int] = {"IpProtocol": self.protocol}
        if self.first_port is not None and self.last_port is not None:
            properties |= {"FromPort": self.first_port, "ToPort": self.last_port}
        return properties

    @classmethod
    def tcp(cls, port: int) -> _Traffic:
        return cls("tcp", port, port, str(port))


# Three rules in the shape in which EMR looks for them; it may not recognize one for all protocols.
_ANYTHING = (_Traffic("icmp", -1, -1, "Icmp"), _Traffic("tcp", 0, 65535, "Tcp"), _Traffic("udp", 0, 65535, "Udp"))
_ALL = _Traffic("-1", None, None, "All")


class IClusterSecurityGroups(Protocol):
    """The security groups of the master, of the core and task nodes, and of EMR's access to private subnets."""

    @property
    def master(self) -> ec2.ISecurityGroup: ...

    @property
    def core(self) -> ec2.ISecurityGroup:
        """Of core and task nodes; the API says *slave*."""

    @property
    def service_access(self) -> ec2.ISecurityGroup | None:
        """Of EMR's network interface (up to 7.x) or VPC endpoint (from 8.x on) in a private subnet."""

    @property
    def additional_master(self) -> Sequence[ec2.ISecurityGroup]:
        """Further groups of the master nodes, which EMR does not manage."""

    @property
    def additional_core(self) -> Sequence[ec2.ISecurityGroup]:
        """Further groups of the core and task nodes, which EMR does not manage."""

    @property
    def rules(self) -> Sequence[IDependable]:
        """The rules that are resources of their own: a cluster needs them from its launch to its end."""

    def allow_service_access(self, release: ReleaseLabel, subnets: ClusterSubnets) -> None:
        """Let EMR reach the nodes of clusters of ``release``, and the nodes EMR."""


@value_class
class _GivenSecurityGroups:
    master: ec2.ISecurityGroup
    core: ec2.ISecurityGroup
    service_access: ec2.ISecurityGroup | None
    additional_master: Sequence[ec2.ISecurityGroup]
    additional_core: Sequence[ec2.ISecurityGroup]

    @property
    def rules(self) -> Sequence[IDependable]:
        groups = (self.master, self.core, self.service_access)
        children = (child for group in groups if isinstance(group, ec2.SecurityGroup) for child in group.node.children)
        return [
            child for child in children if isinstance(child, ec2.CfnSecurityGroupIngress | ec2.CfnSecurityGroupEgress)
        ]

    def allow_service_access(self, release: ReleaseLabel, subnets: ClusterSubnets) -> None:
        """Whoever made the groups made their rules."""


@check_calls
class ClusterSecurityGroups(Construct):
    """Three security groups for the clusters of a profile, two for public subnets."""

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        service_access: bool = True,
        allow_all_outbound: bool = True,
        additional_master: Sequence[ec2.ISecurityGroup] = (),
        additional_core: Sequence[ec2.ISecurityGroup] = (),
    ) -> None:
        """Define the groups and the rules among master, core and task nodes.

        The rules for EMR's own access follow when a cluster is attached, since they depend on its release.

        :param vpc: where the groups are.
        :param service_access: whether to make a group for EMR's access to private subnets. False for public subnets.
        :param allow_all_outbound: whether the nodes may connect to anything. False leaves the connections among the
            nodes, to EMR and with TLS (TCP 443) to anywhere; allow others with ``cluster.connections.allow_to(...)``.
        :param additional_master: further groups of the master nodes, up to 4, for example one that a database lets in.
            They get the tag that EMR's v2 service policy asks for, unless they are imported. Default: none.
        :param additional_core: the same of the core and task nodes. Default: none.
            https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-additional-sec-groups.html
        """
        super().__init__(scope, construct_id)
        self._restricted = not allow_all_outbound
        self._allowed: set[Callable[[], None]] = set()
        self.rules: list[IDependable] = []
        self._cidr_block = ""

        def group(name: str, description: str, *, outbound: bool = allow_all_outbound) -> ec2.SecurityGroup:
            return ec2.SecurityGroup(self, name, vpc=vpc, description=description, allow_all_outbound=outbound)

        self.master: ec2.ISecurityGroup = group("Master", "Master nodes of Amazon EMR clusters")
        self.core: ec2.ISecurityGroup = group("Core", "Core and task nodes of Amazon EMR clusters")
        self.service_access: ec2.ISecurityGroup | None = None
        self.additional_master: Sequence[ec2.ISecurityGroup] = tuple(additional_master)
        self.additional_core: Sequence[ec2.ISecurityGroup] = tuple(additional_core)
        for further in dict.fromkeys((*additional_master, *additional_core)):
            Tags.of(further).add(MANAGED_POLICY_TAG, "true", include_resource_types=["AWS::EC2::SecurityGroup"])
        self._ids = {"Master": tokens.security_group_id(self.master), "Core": tokens.security_group_id(self.core)}
        if service_access:
            self.service_access = group("ServiceAccess", "Access of the Amazon EMR service to clusters", outbound=False)
            self._ids["ServiceAccess"] = tokens.security_group_id(self.service_access)
        Tags.of(self).add(MANAGED_POLICY_TAG, "true", include_resource_types=["AWS::EC2::SecurityGroup"])
        for to in ("Master", "Core"):
            for source in ("Master", "Core"):
                for traffic in _ANYTHING:
                    self._ingress(to, source, traffic)
                if self._restricted:
                    self._egress(source, to, _ALL)
            if self._restricted:
                self._outbound_tls(to)

    @staticmethod
    def from_security_groups(
        *,
        master: ec2.ISecurityGroup,
        core: ec2.ISecurityGroup,
        service_access: ec2.ISecurityGroup | None = None,
        additional_master: Sequence[ec2.ISecurityGroup] = (),
        additional_core: Sequence[ec2.ISecurityGroup] = (),
    ) -> IClusterSecurityGroups:
        """Groups that exist already, with all their rules; the library adds none.

        They need the tag ``for-use-with-amazon-emr-managed-policies`` = ``true`` for EMR's v2 service policy, and the
        service-access group needs TCP 9443 from the master group (5.30.0 to 7.x) or TCP 443 from the VPC (8.x).

        :param service_access: needed in private subnets.
        :param additional_master: further groups of the master nodes, up to 4. Default: none.
        :param additional_core: further groups of the core and task nodes, up to 4. Default: none.
        """
        return _GivenSecurityGroups(master, core, service_access, tuple(additional_master), tuple(additional_core))

    def allow_service_access(self, release: ReleaseLabel, subnets: ClusterSubnets) -> None:
        """Let EMR reach the nodes of clusters of ``release``, and the nodes EMR; once for each kind of networking.

        :raises EmrError: the address range of the VPC is needed and not known.
        """
        if self.service_access is None:
            return
        if release.supports("service_vpc_endpoint"):
            self._cidr_block = subnets.cidr_block(at=self)
            self._once(self._allow_endpoint)
            return
        self._once(self._allow_interface)
        if release.supports("service_access_9443"):
            self._once(self._allow_manager)

    def _once(self, allow: Callable[[], None]) -> None:
        if allow not in self._allowed:
            self._allowed.add(allow)
            allow()

    def _allow_interface(self) -> None:
        for nodes in ("Master", "Core"):
            self._ingress(nodes, "ServiceAccess", _Traffic.tcp(8443))
            self._egress("ServiceAccess", nodes, _Traffic.tcp(8443))

    def _allow_manager(self) -> None:
        self._ingress("ServiceAccess", "Master", _Traffic.tcp(9443))
        if self._restricted:
            for nodes in ("Master", "Core"):
                self._egress(nodes, "ServiceAccess", _Traffic.tcp(9443))

    def _allow_endpoint(self) -> None:
        self._add(
            ec2.CfnSecurityGroupIngress,
            "ServiceAccessFromVpc443",
            _Traffic.tcp(443),
            "Allows TCP 443 from the VPC to the VPC endpoint of Amazon EMR",
            GroupId=self._ids["ServiceAccess"],
            CidrIp=self._cidr_block,
        )

    def _ingress(self, to: str, source: str, traffic: _Traffic) -> None:
        self._add(
            ec2.CfnSecurityGroupIngress,
            f"{to}From{source}{traffic.name}",
            traffic,
            f"Allows {traffic} from {_NODES[source]} to {_NODES[to]}",
            GroupId=self._ids[to],
            SourceSecurityGroupId=self._ids[source],
        )

    def _egress(self, source: str, to: str, traffic: _Traffic) -> None:
        self._add(
            ec2.CfnSecurityGroupEgress,
            f"{source}To{to}{traffic.name}",
            traffic,
            f"Allows {traffic} from {_NODES[source]} to {_NODES[to]}",
            GroupId=self._ids[source],
            DestinationSecurityGroupId=self._ids[to],
        )

    def _outbound_tls(self, source: str) -> None:
        self._add(
            ec2.CfnSecurityGroupEgress,
            f"{source}ToAnywhere443",
            _Traffic.tcp(443),
            f"Allows TCP 443 from {_NODES[source]} to AWS services",
            GroupId=self._ids[source],
            CidrIp="0.0.0.0/0",
        )

    def _add(
        self,
        kind: type[ec2.CfnSecurityGroupIngress | ec2.CfnSecurityGroupEgress],
        rule_id: str,
        traffic: _Traffic,
        description: str,
        **peers: str,
    ) -> None:
        properties = {"Description": description, **traffic.properties(), **peers}
        self.rules.append(create_resource(kind, self, rule_id, properties))


def check_service_access(groups: IClusterSecurityGroups, subnets: ClusterSubnets, *, at: Construct) -> None:
    """Check that there is a service-access security group exactly if the subnets are private.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html

    :raises EmrError: it is missing, or EMR wouldn't use it.
    """
    has_group = groups.service_access is not None
    if subnets.is_private and not has_group:
        raise EmrError(
            "private subnets require a service-access security group; pass "
            "ClusterSecurityGroups.from_security_groups(service_access=...)",
            at=at,
        )
    if has_group and not subnets.is_private:
        raise EmrError("public subnets can't be combined with a service-access security group; remove it", at=at)


def render_groups(groups: IClusterSecurityGroups) -> dict[str, Any]:
    """The groups as members of ``JobFlowInstancesConfig``."""
    instances: dict[str, Any] = {
        "EmrManagedMasterSecurityGroup": tokens.security_group_id(groups.master),
        "EmrManagedSlaveSecurityGroup": tokens.security_group_id(groups.core),
    }
    for member, additional in (
        ("AdditionalMasterSecurityGroups", groups.additional_master),
        ("AdditionalSlaveSecurityGroups", groups.additional_core),
    ):
        if additional:
            instances[member] = list(dict.fromkeys(tokens.security_group_id(group) for group in additional))
    if groups.service_access is not None:
        instances["ServiceAccessSecurityGroup"] = tokens.security_group_id(groups.service_access)
    return instances


_NODES = {"Master": "primary nodes", "Core": "core and task nodes", "ServiceAccess": "the EMR service"}
