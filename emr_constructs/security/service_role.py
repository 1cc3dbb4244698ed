"""The service role of a profile: the permissions of EMR.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from .._core import tokens
from ..software.configurations import secret_arns
from . import nag_findings, policies, roles, service_policies
from .existing_roles import is_defined_here, role_reference
from .permissions import RolePermissions
from .role_trust import check_trust
from .roles import ServiceRolePolicy

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct, IConstruct, IDependable

    from .existing_configuration import ISecurityConfiguration
    from .log_destination import LogDestination
    from .node_role import NodeRole
    from .policies import Statement

__all__ = ["ServiceRole"]


class ServiceRole:
    """The service role with permissions for roles, keys, secrets and capacity in use.

    A role that is defined elsewhere is only granted permissions on what this app defines: its owner is responsible for
    the others.

    Its resources are children of the profile, so that their logical IDs are those of the profile.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        role: iam.IRole | None,
        policy: ServiceRolePolicy | None,
        nodes: NodeRole,
        security_configuration: ISecurityConfiguration | None,
        logs: LogDestination | None,
    ) -> None:
        """Create the role, unless ``role`` is passed, and its policies.

        :param scope: the profile.
        :raises EmrError: the role that is created can't be allowed to pass the instance role, which isn't known.
        """
        self._scope = scope
        check_trust(scope, "ServiceRole", role)
        self.is_created: bool = role is None
        """Whether the role is created here, with EMR's managed policy or a copy of it."""
        self._copies: list[iam.ManagedPolicy] = []
        if role is None:
            role, self._copies = roles.service_role(scope, "ServiceRole", policy or ServiceRolePolicy.AWS_MANAGED)
        self.role: iam.IRole = role
        self.reference: str = role_reference(role)
        """The name or ARN of the role."""
        self._is_existing = not isinstance(role, iam.Role)
        statements = [*self._pass_instance_role(nodes), *self._use_keys(security_configuration, logs)]
        self.permissions: RolePermissions = RolePermissions(scope, "ServicePolicy", role, statements)
        """The permissions of EMR in addition to launching and managing instances."""
        self._reservations: RolePermissions | None = None
        self._allows_spot = False
        self._allows_sessions = False
        self._passes_auto_scaling_role = False

    def dependencies_of(self, scope: Construct) -> list[IDependable]:
        """Return the resources that the cluster ``scope`` depends on."""
        return [*self.permissions.dependencies_of(scope), *self._copies, *self._reservation_dependencies]

    def dependencies_of_tasks(self, scope: Construct) -> list[IDependable]:
        """Return the resources that an added task group or fleet depends on."""
        return [*self.permissions.dependencies_of(scope), *self._reservation_dependencies]

    def pass_auto_scaling_role(self, role: iam.IRole) -> None:
        """Allow EMR to pass ``role`` to Application Auto Scaling."""
        if not self._passes_auto_scaling_role and self._grants(role):
            self._passes_auto_scaling_role = True
            self.permissions.allow(policies.pass_role("PassAutoScalingRole", role.role_arn, "application-autoscaling"))

    def grant_secrets(
        self, secrets: Iterable[secretsmanager.ISecret], rendered: Mapping[str, Any], scope: Construct
    ) -> None:
        """Allow EMR to read the secrets of configurations.

        They are objects, or ARNs in ``rendered``.
        """
        named = dict.fromkeys(secret_arns(rendered))
        for secret in dict.fromkeys(secrets):
            if self._grants(secret):
                secret.grant_read(self.permissions.in_stack_of(scope).principal)
            named.pop(secret.secret_arn, None)
        if named and not self._is_existing:
            self.permissions.in_stack_of(scope).allow(policies.read_secrets(named))

    def describe_key(self, key: kms.IKey, scope: Construct) -> None:
        """Allow EMR to check the key that encrypts the logs of a step."""
        if self._grants(key):
            self.permissions.in_stack_of(scope).allow(policies.describe_key([tokens.key_arn(key)]))

    def allow_spot(self) -> None:
        """Allow EMR to create the service-linked role of Spot Instances."""
        if not self._allows_spot and not self._is_existing:
            self._allows_spot = True
            self.permissions.allow(service_policies.create_spot_role())

    def allow_sessions(self) -> None:
        """Allow EMR to connect clients of Spark Connect with clusters in private subnets.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-spark-connect-sessions.html
        """
        if not self._allows_sessions and self.is_created:
            self._allows_sessions = True
            self.role.add_managed_policy(roles.aws_managed("AmazonEMRServicePolicyForSessions"))
            nag_findings.acknowledge(self.role, nag_findings.SESSION_POLICY)

    def allow_capacity_reservations(self) -> None:
        """Allow EMR to launch instances in reserved capacity."""
        if self._reservations is None and not self._is_existing:
            # In a separate policy, because its findings are acknowledged for the whole policy.
            statements = service_policies.use_capacity_reservations()
            permissions = RolePermissions(self._scope, "CapacityReservationPolicy", self.role, statements)
            known = nag_findings.of_statements(statements, nag_findings.CAPACITY_RESERVATIONS)
            permissions.acknowledge(nag_findings.wildcards(self._scope, known))
            self._reservations = permissions

    @property
    def _reservation_dependencies(self) -> list[IDependable]:
        return [] if self._reservations is None else self._reservations.dependencies

    def _grants(self, part: IConstruct) -> bool:
        """Return whether the role is granted what EMR does with ``part``."""
        return not self._is_existing or is_defined_here(part)

    def _pass_instance_role(self, nodes: NodeRole) -> Iterator[Statement]:
        if self.is_created or (nodes.is_known and self._grants(nodes.role)):
            action = "pass the instance role to EC2 with the service role that is created"
            arn = nodes.role_to_pass(action, "pass service_role", at=self._scope)
            yield policies.pass_role("PassInstanceRole", arn, "ec2")

    def _use_keys(
        self, configuration: ISecurityConfiguration | None, logs: LogDestination | None
    ) -> Iterator[Statement]:
        volume_keys = () if configuration is None else configuration.volume_keys
        volume_arns = [tokens.key_arn(key) for key in volume_keys if self._grants(key)]
        if volume_arns:
            yield policies.encrypt_volumes(volume_arns)
            yield policies.create_grants(volume_arns)
        if logs is None or logs.encryption_key is None or not self._grants(logs.encryption_key):
            return
        if logs.key_arns and logs.key_arns[0] not in volume_arns:
            yield policies.describe_key(logs.key_arns)
