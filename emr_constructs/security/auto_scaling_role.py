"""The role of a profile for automatic scaling policies of instance groups.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-automatic-scaling.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import roles
from .existing_roles import role_reference

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from .service_role import ServiceRole

__all__ = ["AutoScalingRole"]


class AutoScalingRole:
    """The role that is passed, or one that the first cluster with a policy creates."""

    def __init__(self, scope: Construct, *, role: iam.IRole | None, service: ServiceRole) -> None:
        """Define the role without creating it.

        :param scope: the profile.
        :param service: the service role, which passes the role.
        """
        self._scope = scope
        self._service = service
        self.role: iam.IRole | None = role
        """None until a cluster requires the role, unless it was passed."""
        self.is_for_every_cluster: bool = role is not None
        """Whether clusters without policies are also launched with the role."""

    def provide(self) -> str:
        """Return the name or ARN of the role for a cluster; creates the role if there is none."""
        if self.role is None:
            self.role = roles.auto_scaling_role(self._scope, "AutoScalingRole")
        self._service.pass_auto_scaling_role(self.role)
        return role_reference(self.role)
