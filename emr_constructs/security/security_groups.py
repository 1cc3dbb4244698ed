"""Security groups of clusters, with all rules that EMR would otherwise add.

EMR adds missing rules to the groups of a cluster at every launch and never removes them. Groups with rules outside of
CloudFormation can't be deleted. Here each rule is a resource with a description, in the form that EMR looks for, so
that EMR adds no rules and the stack can be deleted.
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from .._core import tokens
from .._core.cloudformation import create_resource
from .._core.signatures import check_calls, checked
from ..network.managed_policy_tag import MANAGED_POLICY_TAG, tag_groups
from ..network.subnets import check_environment
from .emr_managed_groups import EmrManagedSecurityGroups

if TYPE_CHECKING:
    from constructs import IDependable

    from ..network.subnets import ClusterSubnets
    from ..software.release_label import ReleaseLabel
    from .existing_groups import IClusterSecurityGroups

__all__ = ["ClusterSecurityGroups"]


class _Traffic(NamedTuple):
    """A protocol and its ports, with a name for the IDs of rules."""

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
        """Return the properties of a security group rule."""
        properties: dict[str, str | int] = {"IpProtocol": self.protocol}
        if self.first_port is not None and self.last_port is not None:
            properties |= {"FromPort": self.first_port, "ToPort": self.last_port}
        return properties

    @classmethod
    def tcp(cls, port: int) -> _Traffic:
        return cls("tcp", port, port, str(port))


# Three rules in the form that EMR looks for; it may not recognize a rule for all protocols.
_ANYTHING = (_Traffic("icmp", -1, -1, "Icmp"), _Traffic("tcp", 0, 65535, "Tcp"), _Traffic("udp", 0, 65535, "Udp"))
_ALL = _Traffic("-1", None, None, "All")


@check_calls
class ClusterSecurityGroups(Construct):
    """Three security groups for the clusters of a profile; two for public subnets."""

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
        """Define the groups and the rules between primary, core and task nodes.

        The rules for EMR's own access depend on the release, so they are added when a cluster uses the groups.

        :param vpc: the VPC of the groups.
        :param service_access: whether to create a group for EMR's access to private subnets. Must be false for public
            subnets. Default: true.
        :param allow_all_outbound: whether the nodes can connect to any address. False: only connections between the
            nodes, to EMR, and to any address on TCP 443; allow others with ``cluster.connections.allow_to(...)``.
            Default: true.
        :param additional_master: up to 4 additional groups of the primary nodes, for example one that a database
            allows. They get the tag that EMR's v2 service policy requires, unless they are imported. Default: none.
        :param additional_core: up to 4 additional groups of the core and task nodes, likewise. Default: none.
            https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-additional-sec-groups.html
        :raises EmrError: the VPC is in another Region or account.
        """
        super().__init__(scope, construct_id)
        tokens.share_stack(self, scope)
        check_environment(vpc, self)
        self.vpc: ec2.IVpc = vpc
        """The VPC of the groups."""
        self._restricted = not allow_all_outbound
        self._allowed: set[Callable[[], None]] = set()
        self.rules: list[IDependable] = []
        """The rules of the groups, on which clusters depend."""
        self._cidr_block = ""

        def group(name: str, description: str, *, outbound: bool = allow_all_outbound) -> ec2.SecurityGroup:
            return ec2.SecurityGroup(self, name, vpc=vpc, description=description, allow_all_outbound=outbound)

        self.master: ec2.ISecurityGroup = group("Master", "Master nodes of Amazon EMR clusters")
        """The group of the primary nodes."""
        self.core: ec2.ISecurityGroup = group("Core", "Core and task nodes of Amazon EMR clusters")
        """The group of the core and task nodes."""
        self.service_access: ec2.ISecurityGroup | None = None
        """The group with which EMR reaches nodes in private subnets. None in public subnets."""
        self.additional_master: Sequence[ec2.ISecurityGroup] = tuple(additional_master)
        """Additional groups of the primary nodes."""
        self.additional_core: Sequence[ec2.ISecurityGroup] = tuple(additional_core)
        """Additional groups of the core and task nodes."""
        tag_groups(dict.fromkeys((*additional_master, *additional_core)))
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
        """Use existing groups with all required rules; no rules are added.

        EMR's v2 service policy requires the tag ``for-use-with-amazon-emr-managed-policies`` = ``true`` on the groups.
        The service-access group must allow TCP 9443 from the primary node group (5.30.0 to 7.x) or TCP 443 from the VPC
        (8.x).

        :param service_access: the service-access group, which private subnets require. Default: none.
        :param additional_master: up to 4 additional groups of the primary nodes. Default: none.
        :param additional_core: up to 4 additional groups of the core and task nodes. Default: none.
        """
        from .existing_groups import ExistingSecurityGroups

        return ExistingSecurityGroups(master, core, service_access, tuple(additional_master), tuple(additional_core))

    @staticmethod
    def emr_managed(
        *,
        additional_master: Sequence[ec2.ISecurityGroup] = (),
        additional_core: Sequence[ec2.ISecurityGroup] = (),
    ) -> IClusterSecurityGroups:
        """Leave the security groups to EMR, which creates default groups in the VPC at the first launch.

        Use it for clusters that run in such groups already: ``ElasticMapReduce-master`` and ``ElasticMapReduce-slave``
        in public subnets, ``ElasticMapReduce-Master-Private``, ``ElasticMapReduce-Slave-Private`` and
        ``ElasticMapReduce-ServiceAccess`` in private subnets. All clusters in the VPC share them. EMR never deletes
        them, and their rules refer to each other, so the VPC can't be deleted until you remove the rules and the
        groups. The profile adds the warning ``emr-default-security-groups``.

        EMR's v2 service policy requires the tag ``for-use-with-amazon-emr-managed-policies`` = ``true`` on the VPC and
        on default groups that exist already. The IDs of the groups aren't known, so connections can't be allowed to
        the cluster; use additional groups with your own rules.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html

        :param additional_master: up to 4 additional groups of the primary nodes. Default: none.
        :param additional_core: up to 4 additional groups of the core and task nodes. Default: none.
        """
        return EmrManagedSecurityGroups(tuple(additional_master), tuple(additional_core))

    def allow_service_access(self, release: ReleaseLabel, subnets: ClusterSubnets) -> None:
        """Allow the connections between EMR and the nodes of clusters of ``release``.

        The rules are added once for each kind of networking.

        :raises EmrError: the address range of the VPC is required but not known.
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


_NODES = {"Master": "primary nodes", "Core": "core and task nodes", "ServiceAccess": "the EMR service"}
