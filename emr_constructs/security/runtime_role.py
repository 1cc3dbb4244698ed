"""The permissions of individual steps and sessions, instead of the instance role.

security = SecurityConfiguration(self, "Security", encryption_key=key, runtime_roles=RuntimeRoles())
profile = ClusterProfile(self, "Profile", vpc=vpc, security_configuration=security)
analysts = RuntimeRole(self, "Analysts", profile=profile)
bucket.grant_read(analysts)
cluster.grants.submit_steps(airflow, runtime_roles=[analysts])
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol

import jsii
from aws_cdk import aws_iam as iam
from constructs import Construct

from .._core import tokens
from .._core.errors import EmrError
from .._core.signatures import checked
from .._core.types import ROLE, Interface, check_types
from ..rules.authorization import has_runtime_roles
from . import nag_findings, policies, roles
from .authorization import RuntimeRoles
from .grants import DataGrants
from .permissions import RolePermissions

if TYPE_CHECKING:
    from .existing_configuration import ISecurityConfiguration
    from .node_role import NodeRole

__all__ = ["RuntimeRole"]

_PROFILE: Final = Interface("a ClusterProfile", "_node_role", example="ClusterProfile(...)")


class _Profile(Protocol):
    """The members of a ``ClusterProfile`` that a runtime role requires."""

    _node_role: NodeRole
    security_configuration: ISecurityConfiguration | None


@jsii.implements(iam.IGrantable)
class RuntimeRole(Construct):
    """A role for steps and sessions on clusters with runtime roles.

    The security configuration of the profile must have runtime roles. The instance role can assume the role. The role
    can use the keys that the security configuration encrypts S3 data with and, with Lake Formation, request access to
    data. Grant all other permissions, including access to scripts: ``bucket.grant_read(role)``,
    ``role.grants.use_glue_data_catalog("sales")``.

    The role of a step is ``ExecutionRoleArn`` of AddJobFlowSteps, which CloudFormation doesn't support.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-steps-runtime-roles.html
    """

    @checked
    def __init__(
        self, scope: Construct, construct_id: str, *, profile: _Profile, role: iam.IRole | None = None
    ) -> None:
        """Define a runtime role.

        :param profile: the ``ClusterProfile`` of the clusters that the role is used on.
        :param role: an existing role. If it is defined in another stack, it must trust the instance role, with
            ``sts:AssumeRole``, ``sts:TagSession`` and, if the source identity is propagated,
            ``sts:SetSourceIdentity``. Default: a role is created.
        :raises EmrError: the security configuration of the profile has no runtime roles, or its instance role isn't
            known.
        """
        super().__init__(scope, construct_id)
        check_types(self, profile=(profile, _PROFILE), role=(role, ROLE, None))
        configuration = profile.security_configuration
        document = None if configuration is None else configuration.document
        if configuration is None or (document is not None and not has_runtime_roles(document)):
            raise EmrError(
                "profile must have a security configuration with runtime roles, got one without them; pass "
                "security_configuration=SecurityConfiguration(..., runtime_roles=RuntimeRoles()) to the profile",
                at=self,
            )
        authorization = {} if document is None else document["AuthorizationConfiguration"]
        # An unknown configuration may propagate the source identity; steps would fail without the permission.
        propagates = document is None or "ApplicationScopedIAMRoleConfiguration" in authorization["IAMConfiguration"]
        actions = RuntimeRoles(propagate_source_identity=propagates).actions
        nodes = profile._node_role.known_role("assume the runtime role", "run jobs without a runtime role", at=self)
        if role is None:
            role = roles.runtime_role(self, "Role", nodes, actions)
        else:
            roles.trust(role, nodes, actions)
        self.role: iam.IRole = role
        """The IAM role."""

        keys = [tokens.key_arn(key) for key in configuration.s3_keys]
        self._permissions: RolePermissions = RolePermissions(
            self, "Policy", role, [policies.use_key(keys)] if keys else []
        )
        if "LakeFormationConfiguration" in authorization:
            self._allow_lake_formation()
        assume = policies.assume_roles(actions, [role.role_arn])
        profile._node_role.permissions.in_stack_of(self).allow(assume)

    @property
    def role_arn(self) -> str:
        """The ARN of the role, which is ``ExecutionRoleArn`` of a step."""
        return self.role.role_arn

    # Not a cached_property: jsii only exposes real properties to JavaScript.
    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The principal to grant permissions to: the runtime role."""
        return self._permissions.principal

    @cached_property
    def grants(self) -> DataGrants:
        """Grants least-privilege permissions on data."""
        return DataGrants(self, self._acknowledge_grants)

    def _acknowledge_grants(self, reasons: Mapping[str, str]) -> None:
        """Acknowledge findings about granted permissions."""
        self._permissions.acknowledge(reasons)

    def _allow_lake_formation(self) -> None:
        # In a separate policy, because its findings are acknowledged for the whole policy.
        statement = policies.get_data_access()
        permissions = RolePermissions(self, "LakeFormationPolicy", self.role, [statement])
        known = nag_findings.of_statements([statement], nag_findings.DATA_ACCESS)
        permissions.acknowledge(nag_findings.wildcards(self, known))
