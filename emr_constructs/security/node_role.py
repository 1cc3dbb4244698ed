"""The instance role of a profile, with the permissions of nodes and jobs.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-for-ec2.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from .._core import tokens
from .._core.errors import EmrError
from . import nag_findings, policies, roles
from .permissions import RolePermissions
from .script_access import read_scripts

if TYPE_CHECKING:
    from constructs import Construct, IDependable

    from ..steps.scripts import Location
    from .authorization import AssumedRole
    from .log_destination import LogDestination
    from .policies import Statement
    from .security_configuration import ISecurityConfiguration

__all__ = ["NodeRole"]


class NodeRole:
    """The instance role with its instance profile and permissions.

    The permissions are those for logs, keys, scripts and sessions. Its resources are children of the profile, so that
    their logical IDs are those of the profile.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        instance_profile: iam.IInstanceProfile | None,
        security_configuration: ISecurityConfiguration | None,
        logs: LogDestination | None,
        session_manager: bool,
    ) -> None:
        """Create the role, unless ``instance_profile`` has one, and its policies.

        :param scope: the profile.
        :raises EmrError: the role of ``instance_profile`` isn't known.
        """
        self._scope = scope
        if instance_profile is None:
            self.role: iam.IRole = roles.instance_role(scope, "InstanceRole")
            instance_profile = iam.InstanceProfile(scope, "InstanceProfile", role=self.role)
        else:
            self.role = _role_of(instance_profile, scope)
        self.instance_profile: iam.IInstanceProfile = instance_profile
        self.permissions: RolePermissions = self._permissions(security_configuration, logs)
        """The permissions of the nodes; permissions on data are added here."""
        self._sessions = self._session_permissions() if session_manager else None
        self._trust(() if security_configuration is None else security_configuration.assumed_roles)

    @property
    def has_sessions(self) -> bool:
        """Whether the nodes accept sessions of AWS Systems Manager."""
        return self._sessions is not None

    def dependencies_of(self, scope: Construct) -> list[IDependable]:
        """Return the resources that the cluster ``scope`` depends on."""
        sessions = [] if self._sessions is None else self._sessions.dependencies
        return [*self.permissions.dependencies_of(scope), *sessions]

    def grant_scripts(self, locations: Iterable[Location], scope: Construct) -> None:
        """Allow the nodes to read scripts of the cluster ``scope``."""
        found = list(locations)
        if found:
            _grant_scripts(self.permissions.in_stack_of(scope), found)

    def _permissions(
        self, configuration: ISecurityConfiguration | None, logs: LogDestination | None
    ) -> RolePermissions:
        statements: list[Statement] = []
        wildcards: dict[str, str] = {}
        if logs is not None:
            statements.append(logs.write())
            wildcards |= nag_findings.of_statements(statements[-1:], nag_findings.LOG_PREFIX)
        key_arns = [tokens.key_arn(key) for key in configuration.node_keys] if configuration is not None else []
        key_arns += [] if logs is None else logs.key_arns
        if key_arns:
            statements.append(policies.use_key(key_arns))
        if configuration is not None and configuration.certificate_secret_tag is not None:
            statements.append(policies.read_tagged_secret(*configuration.certificate_secret_tag))
            wildcards |= nag_findings.of_statements(statements[-1:], nag_findings.CERTIFICATE_AUTHORITY)
        assumed = () if configuration is None else configuration.assumed_roles
        for actions in dict.fromkeys(found.actions for found in assumed):
            arns = (found.role.role_arn for found in assumed if found.actions == actions)
            statements.append(policies.assume_roles(actions, arns))
        permissions = RolePermissions(self._scope, "InstancePolicy", self.role, statements)
        if wildcards:
            permissions.acknowledge(nag_findings.wildcards(self._scope, wildcards))
        if configuration is not None:
            _grant_scripts(permissions, configuration.artifacts)
            for secret in dict.fromkeys(configuration.secrets):
                secret.grant_read(permissions.principal)
        return permissions

    def _session_permissions(self) -> RolePermissions:
        # In a separate policy, because its findings are acknowledged for the whole policy.
        statement = policies.use_session_manager()
        permissions = RolePermissions(self._scope, "SessionPolicy", self.role, [statement])
        known = nag_findings.of_statements([statement], nag_findings.SESSION_MANAGER)
        permissions.acknowledge(nag_findings.wildcards(self._scope, known))
        return permissions

    def _trust(self, assumed: Iterable[AssumedRole]) -> None:
        left = [found.role.node.path for found in assumed if not roles.trust(found.role, self.role, found.actions)]
        if left:
            cdk.Validations.of(self._scope).add_warning(
                "emr-role-trust",
                f"the instance role must be able to assume roles whose trust policies can't be changed by this app: "
                f"{', '.join(left)}; trust the instance role where they are defined, then acknowledge this warning",
            )


def _role_of(instance_profile: iam.IInstanceProfile, at: Construct) -> iam.IRole:
    role = instance_profile.role
    if role is None:
        raise EmrError(
            "instance_profile must have a known role; import it with "
            "iam.InstanceProfile.from_instance_profile_attributes(role=...)",
            at=at,
        )
    return role


def _grant_scripts(permissions: RolePermissions, locations: Iterable[Location]) -> None:
    found = list(locations)
    for statement in read_scripts(found):
        permissions.allow(statement)
    keys = [tokens.key_arn(location.encryption_key) for location in found if location.encryption_key is not None]
    if keys:
        permissions.allow(policies.decrypt(keys))
