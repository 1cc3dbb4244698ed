"""Interfaces of constructs that avoid circular imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from aws_cdk import aws_iam as iam
from constructs import IConstruct

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_kms as kms

__all__ = ["IClusterRef", "IInstances", "IJobRole", "IRuntimeRole"]


class IJobRole(IConstruct, iam.IGrantable, Protocol):
    """A construct with the role of jobs: a cluster or a runtime role."""


class IInstances(Protocol):
    """The nodes of a cluster: ``InstanceGroups`` or ``InstanceFleets``."""

    @property
    def has_three_masters(self) -> bool:
        """Whether the cluster is highly available."""
        ...

    def _render(self) -> dict[str, Any]:
        """Render the nodes as members of ``JobFlowInstancesConfig``."""
        ...


class IRuntimeRole(Protocol):
    """A role that a step runs with: an IAM role or a construct with one."""

    @property
    def role_arn(self) -> str:
        """The ARN of the role."""
        ...

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The principal to grant the permissions of the step to."""
        ...


class IClusterRef(IJobRole, Protocol):
    """A reference to a cluster, with what is known about its launch."""

    @property
    def stack(self) -> cdk.Stack:
        """The stack of the construct."""

    @property
    def cluster_id(self) -> str:
        """The cluster ID that EMR assigns, ``j-...``."""

    @property
    def cluster_arn(self) -> str:
        """The ARN of the cluster."""

    @property
    def master_public_dns(self) -> str:
        """The DNS name of the primary node, or of one of three.

        It is a private DNS name in a private subnet.

        :raises EmrError: the cluster was imported without it.
        """

    @property
    def master_connections(self) -> ec2.Connections:
        """The network connections of the primary nodes."""

    @property
    def has_runtime_roles(self) -> bool:
        """Whether steps are known to run with runtime roles instead of the instance role."""

    @property
    def has_instance_fleets(self) -> bool | None:
        """Whether the cluster consists of instance fleets instead of instance groups. None if it isn't known."""

    @property
    def has_three_masters(self) -> bool | None:
        """Whether the cluster has three primary nodes instead of one. None if it isn't known."""

    @property
    def run_job_flow_request(self) -> Mapping[str, Any] | None:
        """The RunJobFlow request of the cluster. None for an imported cluster."""

    @property
    def security_document(self) -> Mapping[str, Any] | None:
        """The document of the security configuration. None if it isn't known."""

    @property
    def encryption_key(self) -> kms.IKey | None:
        """The key of the cluster's profile. None without one, or for an imported cluster."""
