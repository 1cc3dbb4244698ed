"""What one job may do, instead of everything that the nodes may.

security = SecurityConfiguration(self, "Security", encryption_key=key, runtime_roles=RuntimeRoles())
profile = ClusterProfile(self, "Profile", vpc=vpc, security_configuration=security)
analysts = RuntimeRole(self, "Analysts", profile=profile)
bucket.grant_read(analysts)
cluster.grants.submit_steps(airflow, runtime_roles=[analysts])
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_iam as iam
from constructs import Construct

from .._core import tokens
from .._core.errors import EmrError
from .._core.signatures import checked
from . import nag_findings, policies, roles
from .authorization import RuntimeRoles
from .grants import DataGrants
from .permissions import RolePermissions

if TYPE_CHECKING:
    from ..clusters.profile import ClusterProfile

__all__ = ["RuntimeRole"]


@jsii.implements(iam.IGrantable)
class RuntimeRole(Construct):
    """A role for steps and sessions on the clusters of a profile whose security configuration has runtime roles.

    The nodes may assume it. It may use the keys with which the security configuration encrypts data in S3 and, with
    Lake Formation, ask for access to data; everything else is granted by you, scripts included:
    ``bucket.grant_read(role)``, ``role.grants.use_glue_data_catalog("sales")``.
    A step gets it as ``ExecutionRoleArn`` of AddJobFlowSteps, which CloudFormation does not have.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-steps-runtime-roles.html
    """

    @checked
    def __init__(
        self, scope: Construct, construct_id: str, *, profile: ClusterProfile, role: iam.IRole | None = None
    ) -> None:
        """Define a runtime role.

        :param profile: the clusters on which it is used.
        :param role: a role that exists. One that was made in another stack has to trust the nodes there, with
            ``sts:AssumeRole``, ``sts:TagSession`` and, where the source identity is propagated,
            ``sts:SetSourceIdentity``. Default: a role of its own.
        :raises EmrError: the security configuration of the profile has no runtime roles.
        """
        super().__init__(scope, construct_id)
        configuration = profile.security_configuration
        document = None if configuration is None else configuration.document
        authorization = {} if document is None else document.get("AuthorizationConfiguration", {})
        if configuration is None or (document is not None and "IAMConfiguration" not in authorization):
            raise EmrError(
                "the security configuration of the profile has no runtime roles; give the profile "
                "security_configuration=SecurityConfiguration(..., runtime_roles=RuntimeRoles())",
                at=self,
            )
        # A configuration that is not known may propagate the source identity: steps would fail without the permission.
        propagates = document is None or "ApplicationScopedIAMRoleConfiguration" in authorization["IAMConfiguration"]
        actions = RuntimeRoles(propagate_source_identity=propagates).actions
        nodes = profile.instance_role
        if role is None:
            role = roles.runtime_role(self, "Role", nodes, actions)
        else:
            roles.trust(role, nodes, actions)
        self.role: iam.IRole = role
        """The role, for whatever takes one."""

        keys = [tokens.key_arn(key) for key in configuration.s3_keys]
        self.permissions: RolePermissions = RolePermissions(
            self, "Policy", role, [policies.use_key(keys)] if keys else []
        )
        """What a job may do; data is granted here too."""
        if "LakeFormationConfiguration" in authorization:
            self._ask_lake_formation()
        assume = policies.assume_roles(actions, [role.role_arn])
        profile.instance_permissions.in_stack_of(self).allow(assume)

    @property
    def role_arn(self) -> str:
        """The ARN of the role, as ``ExecutionRoleArn`` of a step takes it."""
        return self.role.role_arn

    # No cached_property: jsii hands only real properties to the other side.
    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Whom to grant what the job may do."""
        return self.permissions.principal

    @cached_property
    def grants(self) -> DataGrants:
        """Permissions on data, with the least of actions."""
        return DataGrants(self, self._acknowledge_grants)

    def _acknowledge_grants(self, reasons: Mapping[str, str]) -> None:
        """Record findings about what was granted as known."""
        self.permissions.acknowledge(reasons)

    def _ask_lake_formation(self) -> None:
        """Apart from the other permissions, whose wildcards would otherwise be acknowledged with this one."""
        statement = policies.get_data_access()
        permissions = RolePermissions(self, "LakeFormationPolicy", self.role, [statement])
        known = nag_findings.of_statements([statement], nag_findings.DATA_ACCESS)
        permissions.acknowledge(nag_findings.wildcards(self, known))
