"""Workspaces of EMR's write-ahead log for HBase.

Changes in a workspace outlive the cluster.

    orders = WalWorkspace(self, "Orders")
    HBaseConfigurations.on_s3(bucket, write_ahead_log=True, wal_workspace=orders.workspace_name)
    orders.grant_use(cluster)

https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hbase-wal.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

import aws_cdk as cdk
from aws_cdk import aws_emr as emr
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from .._core import tokens
from .._core.cloudformation import create_resource
from .._core.errors import EmrError, report
from .._core.signatures import check_calls, checked
from ..rules import check
from ..rules.wal_workspace import WAL_WORKSPACE

if TYPE_CHECKING:
    from constructs import Construct

__all__ = ["IWalWorkspace", "WalWorkspace"]

# The permissions that HBase requires. https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hbase-wal-permissions.html
_USE: Final = (
    "AppendEdit",
    "ArchiveWAL",
    "ArchiveWALCheckPoint",
    "CompleteWalFlush",
    "CreateWal",
    "CreateWorkspace",
    "DeleteWal",
    "DescribeWAL",
    "GetCurrentWalTime",
    "ListWALs",
    "ReplayEdits",
    "TrimWAL",
)


class IWalWorkspace(IConstruct, Protocol):
    """A workspace, defined in this app or imported; see ``WalWorkspace``."""

    @property
    def workspace_name(self) -> str:
        """The name, for ``HBaseConfigurations.on_s3(wal_workspace=...)``."""

    def grant_use(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow the nodes of a cluster to keep their write-ahead logs in the workspace."""


@check_calls
class _WalWorkspaceBase(cdk.Resource):
    """The members that defined and imported workspaces share."""

    @property
    def workspace_name(self) -> str:
        """The name, for ``HBaseConfigurations.on_s3(wal_workspace=...)``."""
        raise NotImplementedError

    def grant_use(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow the nodes of a cluster to keep their write-ahead logs in the workspace.

        :param grantee: a cluster or its instance role.
        :raises EmrError: the cluster or its instance profile was imported without the instance role.
        """
        # CDK would convert the error about an unknown role.
        _ = grantee.grant_principal
        workspace = f"{tokens.account()}:workspace/{self.workspace_name}"
        # AWS's examples of workspace ARNs have no Region.
        regions = (tokens.region(), "")
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[f"emrwal:{action}" for action in _USE],
            resource_arns=[f"arn:{tokens.partition()}:emrwal:{region}:{workspace}" for region in regions],
        )


@check_calls
class WalWorkspace(_WalWorkspaceBase):
    """A workspace, whose writes, reads and storage are billed.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-emr-walworkspace.html
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        workspace_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: cdk.RemovalPolicy = cdk.RemovalPolicy.RETAIN,
    ) -> None:
        """Define a workspace.

        :param workspace_name: 1 to 32 letters and digits, unique in the account and Region. A change creates another
            workspace. Default: derived from the construct path.
        :param tags: the tags of the workspace. Default: the tags of its stack.
        :param removal_policy: what happens to the workspace when it is removed from the stack. Default: it is retained,
            because it can contain changes that aren't stored elsewhere yet.
        :raises EmrError: the name is invalid, or the removal policy is SNAPSHOT.
        """
        super().__init__(scope, construct_id)
        if removal_policy is cdk.RemovalPolicy.SNAPSHOT:
            raise EmrError(
                "removal_policy must be DESTROY or RETAIN, got SNAPSHOT; use RETAIN to keep the workspace", at=self
            )
        name = cdk.Names.unique_resource_name(self, max_length=32) if workspace_name is None else workspace_name
        properties: dict[str, Any] = {"WALWorkspaceName": name}
        if tags:
            properties["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        report(check(WAL_WORKSPACE, properties, in_library=True), self)
        self._resource = create_resource(emr.CfnWALWorkspace, self, "Resource", properties)
        self._resource.apply_removal_policy(removal_policy)

    @staticmethod
    def from_wal_workspace_name(scope: Construct, construct_id: str, workspace_name: str) -> IWalWorkspace:
        """Import an existing workspace of this account and Region.

        :raises EmrError: the name is invalid.
        """
        return _NamedWalWorkspace(scope, construct_id, workspace_name)

    @property
    def workspace_name(self) -> str:
        return self._resource.ref


class _NamedWalWorkspace(_WalWorkspaceBase):
    def __init__(self, scope: Construct, construct_id: str, name: str) -> None:
        super().__init__(scope, construct_id)
        report(check(WAL_WORKSPACE, {"WALWorkspaceName": name}, in_library=True), self)
        self._name = name

    @property
    def workspace_name(self) -> str:
        return self._name
