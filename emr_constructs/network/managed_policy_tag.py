"""The tag without which EMR's managed service policy does not act on a resource.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-iam-policies.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2

from .._core import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MANAGED_POLICY_TAG", "tag", "tag_groups"]

MANAGED_POLICY_TAG = "for-use-with-amazon-emr-managed-policies"
"""EMR's v2 service policy acts only on what has this tag with the value ``true``.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-iam-policies.html
"""


# A second profile in the same network has nothing to add.
_TAGGED: WeakSet[ec2.SecurityGroup | ec2.Subnet | ec2.Vpc] = WeakSet()


def tag_groups(groups: Iterable[ec2.ISecurityGroup]) -> tuple[str, ...]:
    """Give security groups the tag that the service policy asks for; returns the ids of those that are imported."""
    imported = []
    for group in groups:
        if isinstance(group, ec2.SecurityGroup):
            tag(group, "AWS::EC2::SecurityGroup")
        else:
            imported.append(tokens.security_group_id(group))
    return tuple(imported)


def tag(construct: ec2.SecurityGroup | ec2.Subnet | ec2.Vpc, resource_type: str) -> None:
    """Give ``construct`` the tag, once."""
    if construct not in _TAGGED:
        Tags.of(construct).add(MANAGED_POLICY_TAG, "true", include_resource_types=[resource_type])
        _TAGGED.add(construct)
