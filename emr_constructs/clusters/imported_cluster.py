"""Imported clusters, and the interface that all clusters share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from aws_cdk import aws_ec2 as ec2

from .._core.errors import EmrError
from .._core.input_values import renderable
from .._core.scopes import check_scope, with_scope_errors
from .._core.types import ROLE, SECURITY_GROUP, ListOf, check_types
from .._core.unknown import is_unknown
from ..interfaces import IClusterRef
from ..security.grants import grant_scripts
from .additions import TASK_FLEET_WITH_GROUPS, TASK_GROUP_WITH_FLEETS
from .extensible_cluster import ExtensibleCluster

if TYPE_CHECKING:
    from collections.abc import Sequence

    import aws_cdk as cdk
    from aws_cdk import aws_emr as emr
    from aws_cdk import aws_iam as iam
    from aws_cdk.interfaces import aws_emr as emr_interfaces
    from constructs import Construct

    from ..capacity.instance_fleets import InstanceFleet
    from ..capacity.instance_groups import InstanceGroup
    from ..monitoring.events import ClusterEvents
    from ..monitoring.metrics import ClusterMetrics
    from ..network.access import ClusterAccess
    from ..security.grants import ClusterGrants
    from ..steps.scripts import Location
    from ..steps.steps import Step

__all__ = ["ICluster", "ImportedCluster"]


class ICluster(IClusterRef, ec2.IConnectable, Protocol):
    """A cluster, defined in this app or imported; see ``Cluster``."""

    @property
    def cluster_ref(self) -> emr_interfaces.ClusterReference:
        """The reference for other constructs."""

    @property
    def access(self) -> ClusterAccess:
        """Sessions, port forwarding and open ports of the primary node."""

    @property
    def grants(self) -> ClusterGrants:
        """Permissions on the cluster, and permissions of its jobs on data."""

    @property
    def metrics(self) -> ClusterMetrics:
        """The metrics that EMR publishes about the cluster."""

    @property
    def events(self) -> ClusterEvents:
        """EventBridge rules for the cluster, its steps and its nodes."""

    def add_step(
        self, step: Step, *, construct_id: str | None = None, condition: cdk.CfnCondition | None = None
    ) -> emr.CfnStep:
        """Submit ``step`` when the stack is deployed."""

    def add_task_group(
        self, group: InstanceGroup, *, construct_id: str | None = None, condition: cdk.CfnCondition | None = None
    ) -> emr.CfnInstanceGroupConfig:
        """Add a task instance group when the stack is deployed."""

    def add_task_fleet(
        self, fleet: InstanceFleet, *, construct_id: str | None = None, condition: cdk.CfnCondition | None = None
    ) -> emr.CfnInstanceFleetConfig:
        """Add a task instance fleet when the stack is deployed."""

    def _bind_step(
        self, step: Step, scope: Construct, prefix: str, *, reader: iam.IGrantable | None = None
    ) -> dict[str, Any]:
        """Render ``step`` as ``StepConfig``; its local files become assets of ``scope``."""


class ImportedCluster(ExtensibleCluster):
    """An existing cluster; use ``Cluster.from_cluster_attributes``."""

    @with_scope_errors
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        cluster_id: str,
        instance_role: iam.IRole | None,
        security_groups: Sequence[ec2.ISecurityGroup],
        *,
        master_public_dns: str | None = None,
        has_instance_fleets: bool | None = None,
    ) -> None:
        check_scope(scope, construct_id)
        super().__init__(scope, construct_id)
        check_types(
            self,
            cluster_id=(cluster_id, str),
            instance_role=(instance_role, ROLE, None),
            security_groups=(security_groups, ListOf(SECURITY_GROUP), None),
            master_public_dns=(master_public_dns, str, None),
            has_instance_fleets=(has_instance_fleets, bool, None),
        )
        # https://docs.aws.amazon.com/emr/latest/APIReference/API_Cluster.html
        if not is_unknown(cluster_id) and not re.fullmatch(r"j-[A-Za-z0-9]+", cluster_id):
            named = re.fullmatch(r"arn:.*:cluster/(j-[A-Za-z0-9]+)", cluster_id)
            fix = f"use {named[1]!r}" if named else "use the ID that EMR assigned, not the name"
            raise EmrError(
                f"cluster_id must be a cluster ID such as 'j-2AXXXXXXGAPLF', got {cluster_id!r}; {fix}", at=self
            )
        if master_public_dns is not None:
            master_public_dns = renderable(master_public_dns)
            is_name = is_unknown(master_public_dns) or re.fullmatch(r"[A-Za-z0-9.-]+", master_public_dns)
        if master_public_dns is not None and not is_name:
            raise EmrError(
                f"master_public_dns must be the DNS name of the primary node, got {master_public_dns!r}; specify the "
                "name, or omit it",
                at=self,
            )
        self._given_cluster_id = cluster_id
        self._given_instance_role = instance_role
        self._given_security_groups = tuple(security_groups or ())
        self._given_master_public_dns = master_public_dns
        self._given_instance_fleets = has_instance_fleets

    @property
    def master_public_dns(self) -> str:
        """The DNS name of the primary node, or of one of three.

        :raises EmrError: the cluster was imported without it.
        """
        if self._given_master_public_dns is None:
            raise EmrError(
                "the DNS name of the primary node isn't known; import the cluster with master_public_dns=...", at=self
            )
        return self._given_master_public_dns

    @property
    def has_instance_fleets(self) -> bool | None:
        if self._given_instance_fleets is None and (self._task_fleets or self._task_groups):
            return bool(self._task_fleets)
        return self._given_instance_fleets

    def _check_task_group(self, group: InstanceGroup, condition: cdk.CfnCondition | None) -> None:
        super()._check_task_group(group, condition)
        if self._given_instance_fleets:
            raise EmrError(TASK_GROUP_WITH_FLEETS, at=self)

    def _check_task_fleet(self, fleet: InstanceFleet) -> None:
        super()._check_task_fleet(fleet)
        if self._given_instance_fleets is False:
            raise EmrError(TASK_FLEET_WITH_GROUPS, at=self)

    def _read_cluster_id(self) -> str:
        return self._given_cluster_id

    def _read_principal(self) -> iam.IPrincipal | None:
        return self._given_instance_role

    def _read_security_groups(self) -> Sequence[ec2.ISecurityGroup]:
        return self._given_security_groups

    def _grant_scripts(self, locations: Sequence[Location]) -> None:
        if self._given_instance_role is not None:
            grant_scripts(self, locations)
        elif private := [str(location) for location in locations if location.requires_grant]:
            raise EmrError(
                f"scripts that the nodes must be allowed to read require an instance role, which isn't known, got "
                f"{', '.join(map(repr, private))}; import the cluster with instance_role=..., or use "
                "Script.from_uri(...) and grant the access where the role is defined",
                at=self,
            )
