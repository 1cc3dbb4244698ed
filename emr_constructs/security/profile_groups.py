"""The security groups of a profile: which ones, their tags, and how a request names them.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core import tokens
from .._core.errors import EmrError
from .._core.validations import add_warning
from ..network.managed_policy_tag import MANAGED_POLICY_TAG, tag_groups, tag_vpc_of, warn_untagged
from .emr_managed_groups import EmrManagedSecurityGroups
from .security_groups import ClusterSecurityGroups

if TYPE_CHECKING:
    from constructs import Construct

    from ..network.subnets import ClusterSubnets
    from .existing_groups import IClusterSecurityGroups

__all__ = ["choose_groups", "prepare_groups", "render_groups"]


def choose_groups(
    scope: Construct, groups: IClusterSecurityGroups | None, subnets: ClusterSubnets
) -> IClusterSecurityGroups:
    """Return ``groups``, or create three of them; two for public subnets.

    :raises EmrError: the VPC that groups are created in isn't known, private subnets lack a service-access group, or
        public subnets have one.
    """
    if groups is None:
        if subnets.vpc is None:
            raise EmrError(
                "security groups can't be created for subnets without their VPC; pass "
                "security_groups=ClusterSecurityGroups.from_security_groups(...), or ClusterSecurityGroups"
                ".emr_managed(), or vpc and vpc_subnets instead of subnets",
                at=scope,
            )
        return ClusterSecurityGroups(scope, "SecurityGroups", vpc=subnets.vpc, service_access=subnets.is_private)
    if not isinstance(groups, EmrManagedSecurityGroups):
        _check_service_access(groups, subnets, at=scope)
    return groups


def _check_service_access(groups: IClusterSecurityGroups, subnets: ClusterSubnets, *, at: Construct) -> None:
    """Check that private subnets, and only they, have a service-access security group."""
    has_group = groups.service_access is not None
    if subnets.is_private and not has_group:
        raise EmrError(
            "private subnets require a service-access security group; pass "
            "ClusterSecurityGroups.from_security_groups(service_access=...)",
            at=at,
        )
    if has_group and not subnets.is_private:
        raise EmrError(
            "public subnets can't be combined with a service-access security group; pass "
            "ClusterSecurityGroups(..., service_access=False), or remove the group",
            at=at,
        )


def prepare_groups(
    groups: IClusterSecurityGroups, subnets: ClusterSubnets, *, tags: bool, requires_tag: bool, at: Construct
) -> None:
    """Tag the groups, and warn about those that can't be tagged or that EMR leaves behind.

    :param tags: whether to tag groups of this app.
    :param requires_tag: whether the service role is known to require the tag of EMR's managed policies.
    """
    if isinstance(groups, EmrManagedSecurityGroups):
        _warn_left_behind(subnets, requires_tag=requires_tag, at=at)
        if requires_tag:
            warn_untagged(at, "vpc", tag_vpc_of(subnets))
    if not tags:
        return
    used = [*groups.additional_master, *groups.additional_core]
    if not isinstance(groups, ClusterSecurityGroups | EmrManagedSecurityGroups):
        managed = (groups.master, groups.core, groups.service_access)
        used = [*(group for group in managed if group is not None), *used]
    untagged = tag_groups(dict.fromkeys(used))
    if requires_tag:
        warn_untagged(at, "security-groups", untagged)


def _warn_left_behind(subnets: ClusterSubnets, *, requires_tag: bool, at: Construct) -> None:
    names = (
        "ElasticMapReduce-Master-Private, ElasticMapReduce-Slave-Private and ElasticMapReduce-ServiceAccess"
        if subnets.is_private
        else "ElasticMapReduce-master and ElasticMapReduce-slave"
    )
    existing = (
        f"; if the groups exist, tag them with {MANAGED_POLICY_TAG}=true, which the service role requires"
        if requires_tag
        else ""
    )
    add_warning(
        at,
        "emr-default-security-groups",
        f"EMR uses the security groups {names} of the VPC, creates missing ones and never deletes them; their rules "
        "refer to each other, so the VPC can't be deleted until you remove the rules and then the groups"
        f"{existing}; use ClusterSecurityGroups(...) for groups that are deleted with the stack, or acknowledge this "
        "warning",
    )


def render_groups(groups: IClusterSecurityGroups) -> dict[str, Any]:
    """Render the groups as members of ``JobFlowInstancesConfig``."""
    instances: dict[str, Any] = {}
    if not isinstance(groups, EmrManagedSecurityGroups):
        instances["EmrManagedMasterSecurityGroup"] = tokens.security_group_id(groups.master)
        instances["EmrManagedSlaveSecurityGroup"] = tokens.security_group_id(groups.core)
    for member, additional in (
        ("AdditionalMasterSecurityGroups", groups.additional_master),
        ("AdditionalSlaveSecurityGroups", groups.additional_core),
    ):
        if additional:
            instances[member] = list(dict.fromkeys(tokens.security_group_id(group) for group in additional))
    if groups.service_access is not None:
        instances["ServiceAccessSecurityGroup"] = tokens.security_group_id(groups.service_access)
    return instances
