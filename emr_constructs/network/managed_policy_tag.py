"""The tag that EMR's managed policies require on networks and security groups.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-iam-policies.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2

from .._core import tokens
from .._core.unknown import is_unknown
from .._core.validations import add_warning
from .given_subnets import id_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from constructs import Construct

    from .subnets import ClusterSubnets

__all__ = ["MANAGED_POLICY_TAG", "tag_groups", "tag_subnets", "tag_vpc", "tag_vpc_of", "warn_untagged"]

MANAGED_POLICY_TAG = "for-use-with-amazon-emr-managed-policies"
"""The key of the tag, whose value must be ``true``."""

# A second profile in the same network must not add the aspect again.
_TAGGED: WeakSet[ec2.SecurityGroup | ec2.Subnet | ec2.Vpc] = WeakSet()


def tag_subnets(subnets: ClusterSubnets) -> tuple[str, ...]:
    """Tag the selected subnets; returns the IDs of imported ones.

    Imported subnets can't be tagged.
    """
    imported = []
    for subnet in subnets.subnets:
        if isinstance(subnet, ec2.Subnet):
            _tag(subnet, "AWS::EC2::Subnet")
        else:
            imported.append(id_of(subnet))
    return tuple(imported)


def tag_vpc_of(subnets: ClusterSubnets) -> tuple[str, ...]:
    """Tag the VPC of ``subnets``; returns its name if it is imported or isn't known."""
    if subnets.vpc is None:
        return (f"the VPC of {_listed(subnets.subnet_ids)}",)
    return tag_vpc(subnets.vpc)


def tag_vpc(vpc: ec2.IVpc) -> tuple[str, ...]:
    """Tag ``vpc``; returns its ID if it is imported and can't be tagged."""
    if not isinstance(vpc, ec2.Vpc):
        return (vpc.vpc_id,)
    _tag(vpc, "AWS::EC2::VPC")
    return ()


def tag_groups(groups: Iterable[ec2.ISecurityGroup]) -> tuple[str, ...]:
    """Tag security groups; returns the IDs of imported ones.

    Imported groups can't be tagged.
    """
    imported = []
    for group in groups:
        if isinstance(group, ec2.SecurityGroup):
            _tag(group, "AWS::EC2::SecurityGroup")
        else:
            imported.append(tokens.security_group_id(group))
    return tuple(imported)


def warn_untagged(at: Construct, what: str, ids: Sequence[str]) -> None:
    """Warn about imported resources that can't be tagged.

    :param what: ends the ID of the warning, as in ``emr-untagged-subnets``.
    :param ids: of the resources; without any there is no warning.
    """
    if ids:
        add_warning(
            at,
            f"emr-untagged-{what}",
            f"the service role can only use network resources with the tag {MANAGED_POLICY_TAG}=true, and imported "
            f"resources can't be tagged by this app: {_listed(ids)}; tag them where they are defined, then "
            "acknowledge this warning",
        )


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys("IDs known at deployment" if is_unknown(each) else each for each in ids))


def _tag(construct: ec2.SecurityGroup | ec2.Subnet | ec2.Vpc, resource_type: str) -> None:
    if construct not in _TAGGED:
        Tags.of(construct).add(MANAGED_POLICY_TAG, "true", include_resource_types=[resource_type])
        _TAGGED.add(construct)
