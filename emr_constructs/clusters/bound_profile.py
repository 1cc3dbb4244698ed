"""A profile as one cluster uses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .._core.values import value_class
from ..capacity.instance_groups import InstanceGroup
from ..software.configurations import flatten

if TYPE_CHECKING:
    from constructs import Construct, IDependable

    from ..capacity.instance_fleets import InstanceFleet
    from ..security.node_role import NodeRole
    from ..security.permissions import RolePermissions
    from ..security.service_role import ServiceRole
    from ..steps.logs import StepLogs
    from ..steps.scripts import Location

__all__ = ["BoundProfile"]


@value_class
class BoundProfile:
    """A launch request, with the permissions and dependencies that it requires."""

    scope: Construct
    """The cluster, or the state machine that launches clusters."""

    request: Mapping[str, Any]
    """The RunJobFlow request, without a name unless the definition has one."""

    node_role: NodeRole
    service_role: ServiceRole
    network: tuple[IDependable, ...]
    """Rules of security groups, routes and endpoints."""

    @property
    def instance_permissions(self) -> RolePermissions:
        """The permissions of the nodes on what the stack of the cluster has."""
        return self.node_role.permissions.in_stack_of(self.scope)

    def attach(self, resource: Construct) -> None:
        """Let ``resource`` depend on what the cluster requires until its last log.

        Includes permissions that are granted later, and excludes resources that the request refers to.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
        """
        resource.node.add_dependency(
            *self.network, *self.node_role.dependencies_of(self.scope), *self.service_role.dependencies_of(self.scope)
        )
        for permissions in (self.node_role.permissions, self.service_role.permissions):
            permissions.wait_for_grants(resource, of=self.scope)

    def grant_scripts(self, locations: Iterable[Location]) -> None:
        """Allow the nodes to read scripts."""
        self.node_role.grant_scripts(locations, self.scope)

    def describe_log_key(self, logs: StepLogs) -> None:
        """Allow EMR to check the key that encrypts the logs of a step."""
        if logs.encryption_key is not None:
            self.service_role.describe_key(logs.encryption_key, self.scope)

    def allow_tasks(self, tasks: InstanceGroup | InstanceFleet) -> list[IDependable]:
        """Allow EMR to add a task group or fleet; returns what its resource depends on."""
        secrets = (secret for configuration in flatten(tasks.configurations) for secret in configuration.secrets)
        self.service_role.grant_secrets(secrets, tasks._render("TASK"), self.scope)
        if tasks.uses_spot:
            self.service_role.allow_spot()
        if not isinstance(tasks, InstanceGroup) and tasks.uses_capacity_reservations:
            self.service_role.allow_capacity_reservations()
        return self.service_role.dependencies_of_tasks(self.scope)
