"""The members of constructs whose clusters others launch: the RunJobFlow API, or Service Catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from .._core.errors import errors_at
from .._core.scopes import check_scope
from .launch_request import node_groups

if TYPE_CHECKING:
    from .bound_profile import BoundProfile
    from .profile import ClusterProfile

__all__ = ["ApiLauncher", "Launcher"]


@jsii.implements(iam.IGrantable, ec2.IConnectable)
class Launcher(Construct):
    """The members of constructs that define clusters of a profile without creating one."""

    profile: ClusterProfile
    """The network, roles, security configuration and logging of the clusters."""

    _bound: BoundProfile

    def __init__(self, scope: Construct, construct_id: str) -> None:
        check_scope(scope, construct_id)
        super().__init__(scope, construct_id)
        self._connections: ec2.Connections | None = None

    # Not cached_property: jsii only exposes real properties to JavaScript.
    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The principal to grant permissions to: the instance role.

        :raises EmrError: the instance profile was imported without its role.
        """
        with errors_at(self):
            return self._bound.instance_permissions.principal

    @property
    def connections(self) -> ec2.Connections:
        """The network connections of all nodes, such as those from SageMaker Studio to Livy on TCP 8998.

        :raises EmrError: EMR creates the security groups of the profile.
        """
        if self._connections is None:
            self._connections = ec2.Connections(security_groups=node_groups(self.profile, self))
        return self._connections

    def _acknowledge_grants(self, reasons: Mapping[str, str]) -> None:
        """Acknowledge findings about permissions of the nodes."""
        self._bound.instance_permissions.acknowledge(reasons)

    @property
    def _security_document(self) -> Mapping[str, Any] | None:
        configuration = self.profile.security_configuration
        return None if configuration is None else configuration.document


@jsii.implements(cdk.ITaggableV2)
class ApiLauncher(Launcher):
    """The members that launch templates and transient clusters share."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._tags = cdk.TagManager(cdk.TagType.KEY_VALUE, "AWS::EMR::Cluster")

    @property
    def cdk_tag_manager(self) -> cdk.TagManager:
        """The tags that CDK adds to the clusters."""
        return self._tags
