"""Security groups that exist, and the interface of all groups of clusters.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from aws_cdk import aws_ec2 as ec2

from .._core.values import value_class

if TYPE_CHECKING:
    from constructs import IDependable

    from ..network.subnets import ClusterSubnets
    from ..software.release_label import ReleaseLabel

__all__ = ["ExistingSecurityGroups", "IClusterSecurityGroups"]


class IClusterSecurityGroups(Protocol):
    """The security groups of the nodes, and of EMR's access to private subnets."""

    @property
    def master(self) -> ec2.ISecurityGroup:
        """The group of the primary nodes.

        :raises EmrError: EMR creates the groups, so they aren't known.
        """

    @property
    def core(self) -> ec2.ISecurityGroup:
        """The group of core and task nodes (API name: slave).

        :raises EmrError: EMR creates the groups, so they aren't known.
        """

    @property
    def service_access(self) -> ec2.ISecurityGroup | None:
        """The service-access group of private subnets.

        It is the group of EMR's network interface (up to 7.x) or VPC endpoint (8.x). None in public subnets, and if EMR
        creates the groups.
        """

    @property
    def additional_master(self) -> Sequence[ec2.ISecurityGroup]:
        """Additional groups of the primary nodes, which EMR doesn't manage."""

    @property
    def additional_core(self) -> Sequence[ec2.ISecurityGroup]:
        """Additional groups of the core and task nodes, which EMR doesn't manage."""

    @property
    def rules(self) -> Sequence[IDependable]:
        """The rules that are separate resources, which must exist as long as the cluster."""

    def allow_service_access(self, release: ReleaseLabel, subnets: ClusterSubnets) -> None:
        """Allow the connections between EMR and the nodes of clusters of ``release``."""


@value_class
class ExistingSecurityGroups:
    """Groups that were passed, with the rules that they have."""

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
        """Do nothing: the rules are defined with the groups."""
