"""The default security groups of a VPC, which EMR creates.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NoReturn

from .._core.errors import EmrError
from .._core.values import value_class

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from constructs import IDependable

    from ..network.subnets import ClusterSubnets
    from ..software.release_label import ReleaseLabel

__all__ = ["OWN_GROUPS", "EmrManagedSecurityGroups"]

OWN_GROUPS: Final = (
    "add your rules to another security group and pass it in ClusterSecurityGroups.emr_managed("
    "additional_master=[...], additional_core=[...]), or pass known groups with "
    "ClusterSecurityGroups.from_security_groups(...)"
)
"""How to allow connections to nodes whose security groups EMR creates."""


@value_class
class EmrManagedSecurityGroups:
    """The default groups of a VPC, which EMR finds by name or creates at launch."""

    additional_master: Sequence[ec2.ISecurityGroup]
    additional_core: Sequence[ec2.ISecurityGroup]

    @property
    def master(self) -> ec2.ISecurityGroup:
        self._reject("the security group of the primary nodes")

    @property
    def core(self) -> ec2.ISecurityGroup:
        self._reject("the security group of the core and task nodes")

    @property
    def service_access(self) -> ec2.ISecurityGroup | None:
        return None

    @property
    def rules(self) -> Sequence[IDependable]:
        return ()

    def allow_service_access(self, release: ReleaseLabel, subnets: ClusterSubnets) -> None:
        """Do nothing: EMR adds the rules."""

    @staticmethod
    def _reject(what: str) -> NoReturn:
        raise EmrError(f"{what} can't be used, because EMR creates it; {OWN_GROUPS}")
