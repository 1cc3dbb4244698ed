"""Validation of what roles trust that an app passes to a profile instead of having them created.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
import constructs
import jsii
from aws_cdk import aws_iam as iam

from .._core.acknowledged import acknowledged_at
from .._core.findings import Severity
from .._core.validations import add_warning

if TYPE_CHECKING:
    from constructs import Construct

__all__ = ["check_trust"]


def check_trust(at: Construct, member: str, role: iam.IRole | None) -> None:
    """Check at synth time that a role of this app trusts the service that assumes it.

    :param at: the construct that errors are about.
    :param member: what the role is for, as in ``rules.roles.ROLES``.
    """
    # Its trust policy can change until then.
    if isinstance(role, iam.Role):
        at.node.add_validation(cast("constructs.IValidation", _Trust(at, member, role)))


@jsii.implements(constructs.IValidation)
class _Trust:
    def __init__(self, at: Construct, member: str, role: iam.Role) -> None:
        self._at = at
        self._member = member
        self._role = role

    def validate(self) -> list[str]:
        """Return the errors in the trust policy of the role, and add the warnings."""
        from ..rules import check
        from ..rules.roles import ROLES
        from ..templates.roles import trusting_role

        policy = self._role.assume_role_policy
        document = None if policy is None else cdk.Stack.of(self._role).resolve(policy.to_json())
        facts = {self._member: trusting_role(self._role.node.path, document)}
        accepted = acknowledged_at(self._at)
        found = [finding for finding in check(ROLES, facts, in_library=True) if finding.rule not in accepted]
        for finding in found:
            if finding.severity is Severity.WARNING:
                add_warning(self._at, finding.rule, f"{finding.message}; {finding.fix}")
        return [f"{finding}" for finding in found if finding.severity is Severity.ERROR]
