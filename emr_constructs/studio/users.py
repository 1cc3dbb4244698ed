"""The policy and the role of the users of a Studio.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-user-permissions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from ..security import nag_findings, roles
from ..security.permissions import managed_policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from ..security.policies import Statement

__all__ = ["create_user_policy", "create_user_role"]


def create_user_policy(scope: Construct, statements: Sequence[Statement]) -> iam.ManagedPolicy:
    """Create the policy, with acknowledged findings for its wildcards."""
    policy = managed_policy(scope, "UserPolicy", statements)
    known = nag_findings.of_statements(statements, nag_findings.STUDIO_USERS)
    nag_findings.acknowledge(policy, nag_findings.wildcards(scope, known))
    return policy


def create_user_role(
    scope: Construct, policy: iam.IManagedPolicy, *, trusted_identity_propagation: bool | None
) -> iam.Role:
    """Create the role that EMR Studio assumes for users of IAM Identity Center."""
    principal = roles.emr_of_account()
    role = iam.Role(
        scope,
        "UserRole",
        description="Allows IAM Identity Center users to use Amazon EMR Studio",
        assumed_by=principal,
        managed_policies=[policy],
    )
    if trusted_identity_propagation:
        assert role.assume_role_policy is not None
        role.assume_role_policy.add_statements(iam.PolicyStatement(actions=["sts:SetContext"], principals=[principal]))
    return role
