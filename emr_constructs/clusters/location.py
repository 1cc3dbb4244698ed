"""The arguments that say where clusters run: a VPC, subnets without one, or a profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aws_cdk import aws_ec2 as ec2

from .._core.combinations import combination_errors
from .._core.errors import EmrError
from .._core.types import SECURITY_GROUPS, SUBNET, VPC, Kind, ListOf
from .._core.values import value_class
from ..network.subnets import ClusterSubnets
from ..security.security_groups import ClusterSecurityGroups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

    from ..network.given_subnets import Subnet
    from ..security.existing_groups import IClusterSecurityGroups

__all__ = ["ClusterLocation"]


@value_class
class ClusterLocation:
    """What is passed to a cluster or a profile about its network."""

    vpc: ec2.IVpc | None
    vpc_subnets: ec2.SubnetSelection | None
    subnets: Sequence[Subnet] | None
    public: bool | None
    security_groups: IClusterSecurityGroups | None

    @property
    def kinds(self) -> dict[str, tuple[object, *tuple[Kind, ...]]]:
        """The arguments and their kinds."""
        return {
            "vpc": (self.vpc, VPC, None),
            "vpc_subnets": (self.vpc_subnets, ec2.SubnetSelection, None),
            "subnets": (self.subnets, ListOf(SUBNET, str), None),
            "public": (self.public, bool, None),
            "security_groups": (self.security_groups, SECURITY_GROUPS, None),
        }

    def errors(self) -> Iterator[str]:
        """Return the errors of arguments that can't be combined."""
        if self.vpc is not None and self.subnets is not None:
            yield (
                "subnets can't be combined with vpc; pass vpc_subnets=ec2.SubnetSelection(subnets=[...]) instead of "
                "subnets, or remove vpc"
            )
        elif self.vpc is None and self.vpc_subnets is not None:
            yield from combination_errors(vpc_subnets=self.subnets is not None and "subnets")
            if self.subnets is None:
                yield "vpc_subnets requires vpc; pass the VPC of the subnets, or remove vpc_subnets"
        if self.public is not None and self.subnets is None and self.vpc_subnets is None:
            yield (
                "public requires subnets or vpc_subnets; pass one of them, such as "
                "vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC), or remove public"
            )
        if self.public is None and self.subnets is not None and self.vpc is None:
            yield (
                "subnets requires public, because a subnet doesn't show whether it has a route to an internet "
                "gateway; pass public=True or public=False"
            )

    def errors_with_profile(self) -> Iterator[str]:
        """Return the errors of arguments that can't be combined with a profile."""
        if self.vpc is not None:
            yield "specify exactly one of vpc and profile, got both"
        if self.vpc_subnets is not None:
            yield (
                "vpc_subnets can't be combined with profile; pass it to the profile, or pass some subnets of the "
                "profile in subnets"
            )
        for name, value in (("public", self.public), ("security_groups", self.security_groups)):
            if value is not None:
                yield f"{name} can't be combined with profile; pass it to the profile"

    def choose_subnets(self, at: Construct) -> ClusterSubnets:
        """Return the subnets of the clusters of a profile.

        :raises EmrError: arguments can't be combined, or the subnets are invalid.
        """
        problems = list(self.errors())
        if self.vpc is None and self.subnets is None:
            problems.insert(0, "specify exactly one of vpc and subnets, got neither")
        if problems:
            raise EmrError(problems, at=at)
        if self.vpc is not None:
            return ClusterSubnets.select(self.vpc, self.vpc_subnets, at=at, public=self.public)
        assert self.subnets is not None
        assert self.public is not None
        groups = self.security_groups
        of_groups = groups.vpc if isinstance(groups, ClusterSecurityGroups) else None
        return ClusterSubnets.of(self.subnets, public=self.public, vpc=of_groups, at=at)
