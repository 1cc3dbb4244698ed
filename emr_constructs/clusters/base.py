"""The members that clusters of the app and imported clusters share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk.interfaces import aws_emr as emr_interfaces

from .._core import tokens
from .._core.errors import EmrError
from ..monitoring.metrics import ClusterMetrics
from ..security.grants import ClusterGrants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from ..monitoring.events import ClusterEvents
    from ..network.access import ClusterAccess

__all__ = ["ClusterBase"]


@jsii.implements(iam.IGrantable, ec2.IConnectable, emr_interfaces.IClusterRef)
class ClusterBase(cdk.Resource):
    """The members that clusters of the app and imported clusters share."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        tokens.share_path(self, scope, construct_id)
        self._connections: ec2.Connections | None = None

    run_job_flow_request: Mapping[str, Any] | None = None
    """The RunJobFlow request that would launch the cluster; None if it is imported."""

    has_three_masters: bool | None = None
    """Whether the cluster has three primary nodes instead of one; None if it is imported."""

    @property
    def security_document(self) -> Mapping[str, Any] | None:
        """The document of the security configuration. None if it isn't known."""
        return None

    @property
    def encryption_key(self) -> kms.IKey | None:
        """The key of the cluster's profile. None without one, or for an imported cluster."""
        return None

    @cached_property
    def cluster_id(self) -> str:
        """The cluster ID that EMR assigns, ``j-...``."""
        return self._read_cluster_id()

    def _read_cluster_id(self) -> str:
        raise NotImplementedError

    @property
    def cluster_ref(self) -> emr_interfaces.ClusterReference:
        """The reference for other constructs."""
        return emr_interfaces.ClusterReference(cluster_id=self.cluster_id)

    @cached_property
    def cluster_arn(self) -> str:
        """The ARN of the cluster, in the account and Region of its stack."""
        stack = self.stack
        return f"arn:{tokens.partition()}:elasticmapreduce:{stack.region}:{stack.account}:cluster/{self.cluster_id}"

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The principal to grant permissions to: the instance role.

        :raises EmrError: the cluster or its instance profile was imported without the instance role.
        """
        principal = self._read_principal()
        if principal is None:
            raise EmrError(
                "permissions can't be granted to a cluster whose instance role isn't known; import the cluster with "
                "instance_role=...",
                at=self,
            )
        return principal

    def _read_principal(self) -> iam.IPrincipal | None:
        raise NotImplementedError

    # Not a cached_property: jsii only exposes real properties to JavaScript.
    @property
    def connections(self) -> ec2.Connections:
        """The network connections of all nodes.

        :raises EmrError: the cluster was imported without its security groups, or EMR creates them.
        """
        if self._connections is None:
            groups = self._read_security_groups()
            if not groups:
                raise EmrError(
                    "connections can't be allowed to a cluster whose security groups aren't known; import the cluster "
                    "with security_groups=...",
                    at=self,
                )
            self._connections = ec2.Connections(security_groups=list(groups))
        return self._connections

    def _read_security_groups(self) -> Sequence[ec2.ISecurityGroup]:
        raise NotImplementedError

    @property
    def has_runtime_roles(self) -> bool:
        """Whether steps are known to run with runtime roles instead of the instance role."""
        return False

    @property
    def has_instance_fleets(self) -> bool | None:
        """Whether the cluster consists of instance fleets instead of instance groups. None if it isn't known."""
        request = self.run_job_flow_request
        return None if request is None else "InstanceFleets" in request["Instances"]

    @property
    def master_public_dns(self) -> str:
        """The DNS name of the primary node, or of one of three; a private DNS name in a private subnet."""
        raise NotImplementedError

    @cached_property
    def master_connections(self) -> ec2.Connections:
        """The network connections of the primary nodes.

        :raises EmrError: the cluster was imported without its security groups, or EMR creates them.
        """
        return ec2.Connections(security_groups=self.connections.security_groups[:1])

    @cached_property
    def access(self) -> ClusterAccess:
        """Sessions, port forwarding and open ports of the primary node."""
        from ..network.access import ClusterAccess

        return ClusterAccess(self)

    @cached_property
    def grants(self) -> ClusterGrants:
        """Permissions on the cluster, and permissions of its jobs on data."""
        return ClusterGrants(self, self._acknowledge_grants)

    @cached_property
    def metrics(self) -> ClusterMetrics:
        """The metrics that EMR publishes about the cluster."""
        return ClusterMetrics(self.cluster_id)

    @cached_property
    def events(self) -> ClusterEvents:
        """EventBridge rules for the cluster, its steps and its nodes."""
        from ..monitoring.events import ClusterEvents

        return ClusterEvents(self)

    def _acknowledge_grants(self, reasons: Mapping[str, str]) -> None:
        """Acknowledge findings about permissions in the library's policies."""
