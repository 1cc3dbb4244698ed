"""Roles and instance profiles that are defined elsewhere, in the spelling that they were imported with.

A cluster that names a role must not refer to it by ARN: the change replaces the cluster. CDK imports a name as an ARN
in the partition and account of the stack, which is therefore written as the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import aws_iam as iam

from .._core import tokens
from .._core.patterns import regex

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["DEFAULT_INSTANCE_ROLE", "is_defined_here", "profile_reference", "role_reference", "unknown_role"]

DEFAULT_INSTANCE_ROLE: Final = "EMR_EC2_DefaultRole"
"""The instance role, and its instance profile, that ``aws emr create-default-roles`` creates.

https://docs.aws.amazon.com/cli/latest/reference/emr/create-default-roles.html
"""

# The ARN of a role that CDK has yet to look up, which isn't valid.
_PENDING: Final = regex(r"arn:.*:role/(DUMMY_ARN)")

_ARN: Final = regex(r"arn:([^:]+):iam::([^:]+):(role|instance-profile)/([^/]+)")


def role_reference(role: iam.IRole) -> str:
    """Return the name of a role that was imported by name, or the ARN of another role."""
    arn = role.role_arn
    if isinstance(role, iam.Role):
        return arn
    pending = _PENDING.fullmatch(arn)
    return pending[1] if pending else _name_in(arn, role) or arn


def profile_reference(profile: iam.IInstanceProfile) -> str:
    """Return the name of an instance profile.

    Returns the ARN of a profile that was imported by ARN without a role.
    """
    if isinstance(profile, iam.InstanceProfile):
        return profile.instance_profile_name
    arn = profile.instance_profile_arn
    if name := _name_in(arn, profile):
        return name
    return arn if profile.role is None else profile.instance_profile_name


def is_defined_here(construct: IConstruct) -> bool:
    """Return whether a role, key or secret is a resource of this app instead of an imported one."""
    return construct.node.default_child is not None


def unknown_role(action: str, instead: str) -> str:
    """Return the message that nodes of an instance profile without a known role can't be granted a permission.

    :param action: what the nodes must be permitted, an infinitive.
    :param instead: an alternative to importing the role.
    """
    return (
        f"permission to {action} requires an instance profile with a known role, got one without; import it with "
        "iam.InstanceProfile.from_instance_profile_attributes(..., role=...), with mutable=False for a role that "
        f"already has the permission, or {instead}"
    )


def _name_in(arn: str, imported: IConstruct) -> str | None:
    """Return the name in an ARN that only consists of a name and the partition and account of the stack."""
    match = _ARN.fullmatch(arn)
    if match is None:
        return None
    partition, account, _, name = match.groups()
    stack = tokens.stack_of(imported)
    is_here = account in (tokens.account(), stack.account) and partition in (tokens.partition(), stack.partition)
    return name if is_here else None
