"""The instance role of a profile, with the permissions of nodes and jobs.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-for-ec2.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from .._core import tokens
from .._core.errors import EmrError
from .._core.validations import add_warning
from . import nag_findings, policies, roles
from .existing_roles import DEFAULT_INSTANCE_ROLE, profile_reference, unknown_role
from .permissions import RolePermissions
from .role_trust import check_trust
from .script_access import read_scripts

if TYPE_CHECKING:
    from constructs import Construct, IConstruct, IDependable

    from ..steps.scripts import Location
    from .authorization import AssumedRole
    from .existing_configuration import ISecurityConfiguration
    from .log_destination import LogDestination
    from .policies import Statement

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
        session_manager: bool | None,
    ) -> None:
        """Create the role, unless ``instance_profile`` is passed, and its policies.

        :param scope: the profile.
        :param session_manager: None to add the permissions for sessions only to a role of this app.
        :raises EmrError: permissions are required and the role of ``instance_profile`` isn't known.
        """
        self._scope = scope
        self._role: iam.IRole | None
        if instance_profile is None:
            self._role = roles.instance_role(scope, "InstanceRole")
            instance_profile = iam.InstanceProfile(scope, "InstanceProfile", role=self._role)
        else:
            self._role = instance_profile.role
            check_trust(scope, "InstanceRole", self._role)
            if self._role is None:
                _check_unknown(scope, security_configuration, logs, session_manager=session_manager)
        self.instance_profile: iam.IInstanceProfile = instance_profile
        self.reference: str = profile_reference(instance_profile)
        """The name or ARN of the instance profile."""
        self.permissions: RolePermissions = self._permissions(security_configuration, logs)
        """The permissions of the nodes; permissions on data are added here."""
        adds_sessions = isinstance(self._role, iam.Role) if session_manager is None else session_manager
        self._sessions = self._session_permissions() if adds_sessions else None
        self.has_sessions: bool = session_manager is not False
        """Whether the nodes may accept sessions of AWS Systems Manager."""
        self._trust(() if security_configuration is None else security_configuration.assumed_roles)

    @property
    def role(self) -> iam.IRole:
        """The instance role.

        :raises EmrError: it isn't known.
        """
        return self.known_role("access resources", "add the permissions where the role is defined", at=self._scope)

    @property
    def is_known(self) -> bool:
        """Whether the instance role is known."""
        return self._role is not None

    def known_role(self, action: str, instead: str, *, at: IConstruct) -> iam.IRole:
        """Return the role; ``unknown_role`` describes ``action`` and ``instead``.

        :raises EmrError: the role isn't known.
        """
        if self._role is None:
            raise EmrError(unknown_role(action, instead), at=at)
        return self._role

    def role_to_pass(self, action: str, instead: str, *, at: IConstruct) -> str:
        """Return the ARN of the role that a launch of a cluster passes to EC2.

        The role of EMR's default instance profile has the same name.

        :raises EmrError: the role isn't known.
        """
        if self._role is None and self.reference == DEFAULT_INSTANCE_ROLE:
            return f"arn:{tokens.partition()}:iam::{tokens.account()}:role/{DEFAULT_INSTANCE_ROLE}"
        return self.known_role(action, instead, at=at).role_arn

    def dependencies_of(self, scope: Construct) -> list[IDependable]:
        """Return the resources that the cluster ``scope`` depends on."""
        sessions = [] if self._sessions is None else self._sessions.dependencies
        return [*self.permissions.dependencies_of(scope), *sessions]

    def grant_scripts(self, locations: Iterable[Location], scope: Construct) -> None:
        """Allow the nodes to read scripts of the cluster ``scope``.

        :raises EmrError: the role isn't known.
        """
        found = list(locations)
        if self._role is None:
            unreadable = dict.fromkeys(str(location) for location in found if location.requires_grant)
            if unreadable:
                action = f"read {', '.join(map(repr, unreadable))}"
                raise EmrError(unknown_role(action, "use Script.from_uri(...)"), at=scope)
        elif found:
            _grant_scripts(self.permissions.in_stack_of(scope), found)

    def _permissions(
        self, configuration: ISecurityConfiguration | None, logs: LogDestination | None
    ) -> RolePermissions:
        statements: list[Statement] = []
        wildcards: dict[str, str] = {}
        if logs is not None:
            statements += logs.statements
            wildcards |= nag_findings.of_statements(statements, nag_findings.LOG_PREFIX)
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
        permissions = RolePermissions(self._scope, "InstancePolicy", self._role, statements)
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
        permissions = RolePermissions(self._scope, "SessionPolicy", self._role, [statement])
        known = nag_findings.of_statements([statement], nag_findings.SESSION_MANAGER)
        permissions.acknowledge(nag_findings.wildcards(self._scope, known))
        return permissions

    def _trust(self, assumed: Iterable[AssumedRole]) -> None:
        left = [found.role.node.path for found in assumed if not roles.trust(found.role, self.role, found.actions)]
        if left:
            add_warning(
                self._scope,
                "emr-role-trust",
                f"the instance role must be able to assume roles whose trust policies can't be changed by this app: "
                f"{', '.join(left)}; trust the instance role where they are defined, then acknowledge this warning",
            )


def _check_unknown(
    at: Construct,
    configuration: ISecurityConfiguration | None,
    logs: LogDestination | None,
    *,
    session_manager: bool | None,
) -> None:
    """Check that nothing has to be granted to an instance role that isn't known."""
    problems = []
    if logs is not None and logs.bucket is not None:
        problems.append(unknown_role("write logs to log_bucket", "pass log_uri instead of log_bucket"))
    if session_manager:
        problems.append(unknown_role("open sessions of AWS Systems Manager", "remove session_manager"))
    if configuration is not None:
        parts = {
            "keys": configuration.node_keys,
            "certificates": configuration.certificate_secret_tag,
            "roles": configuration.assumed_roles,
            "artifacts": configuration.artifacts,
            "secrets": configuration.secrets,
        }
        used = [name for name, part in parts.items() if part]
        if used:
            action = f"use the {_listed(used)} of the security configuration"
            problems.append(unknown_role(action, "import the security configuration by name"))
    if problems:
        raise EmrError(problems, at=at)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]


def _grant_scripts(permissions: RolePermissions, locations: Iterable[Location]) -> None:
    found = list(locations)
    for statement in read_scripts(found):
        permissions.allow(statement)
    keys = [tokens.key_arn(location.encryption_key) for location in found if location.encryption_key is not None]
    if keys:
        permissions.allow(policies.decrypt(keys))
