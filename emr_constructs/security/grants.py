"""Permissions around a cluster.

- ``cluster.grants.submit_steps(role)`` lets somebody give the cluster work, ``terminate(role)`` end it,
  ``describe(role)`` look at it.
- ``cluster.grants.use_glue_data_catalog("sales")`` lets the nodes read databases of the Glue Data Catalog.

Data with a construct is granted from its side: ``bucket.grant_read(cluster)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import aws_iam as iam

from .. import _aws
from .._errors import EmrError
from . import acknowledgments

if TYPE_CHECKING:
    from ..cluster import ClusterBase

__all__ = ["ClusterGrants"]

_DESCRIBE: Final = (
    "DescribeCluster",
    "DescribeStep",
    "GetAutoTerminationPolicy",
    "GetManagedScalingPolicy",
    "ListBootstrapActions",
    "ListInstanceFleets",
    "ListInstanceGroups",
    "ListInstances",
    "ListSteps",
)
_SUBMIT: Final = ("AddJobFlowSteps", "CancelSteps", "DescribeCluster", "DescribeStep", "ListSteps")
_TERMINATE: Final = ("DescribeCluster", "TerminateJobFlows")

_GLUE_READ: Final = (
    "BatchGetPartition",
    "GetDatabase",
    "GetDatabases",
    "GetPartition",
    "GetPartitions",
    "GetTable",
    "GetTables",
    "GetUserDefinedFunction",
    "GetUserDefinedFunctions",
)
_GLUE_WRITE: Final = (
    "BatchCreatePartition",
    "BatchDeletePartition",
    "CreatePartition",
    "CreateTable",
    "DeletePartition",
    "DeleteTable",
    "UpdatePartition",
    "UpdateTable",
)


class ClusterGrants:
    """What may be granted around a cluster; needs no more than a reference to it."""

    def __init__(self, cluster: ClusterBase) -> None:
        self._cluster = cluster

    def describe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` see the cluster, its nodes and its steps."""
        return self._grant(grantee, _DESCRIBE)

    def submit_steps(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` submit steps, follow them and cancel them.

        A step runs with the permissions of the nodes: whoever may submit steps has them too.
        """
        return self._grant(grantee, _SUBMIT)

    def terminate(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` end the cluster."""
        return self._grant(grantee, _TERMINATE)

    def use_glue_data_catalog(self, *databases: str, write: bool = False) -> iam.Grant:
        """Let the nodes read databases and tables of the Glue Data Catalog in the account and region of the cluster.

        The database ``default``, which Spark and Hive look up in any case, is readable too.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hive-metastore-glue.html

        :param databases: names of databases.
        :param write: also create, change and delete tables and partitions in them. Default: only read.
        :raises EmrError: no database is named, or the role of the nodes is not known.
        """
        if not databases:
            raise EmrError("no database of the Glue Data Catalog is named; give names of databases", at=self._cluster)
        named = [_aws.arn("glue", "catalog")]
        for database in dict.fromkeys(databases):
            named += [_aws.arn("glue", f"database/{database}"), _aws.arn("glue", f"table/{database}/*")]
        tables = {arn: acknowledgments.GLUE_TABLES for arn in named if arn.endswith("*")}
        self._cluster.acknowledge_grants(acknowledgments.wildcards(self._cluster, tables))
        readable = [*named, _aws.arn("glue", "database/default")]
        grant = self._add(self._cluster, [f"glue:{action}" for action in _GLUE_READ], readable)
        if write:
            grant = self._add(self._cluster, [f"glue:{action}" for action in _GLUE_WRITE], named).combine(grant)
        return grant

    def _grant(self, grantee: iam.IGrantable, actions: tuple[str, ...]) -> iam.Grant:
        return self._add(grantee, [f"elasticmapreduce:{action}" for action in actions], [self._cluster.cluster_arn])

    @staticmethod
    def _add(grantee: iam.IGrantable, actions: list[str], resources: list[str]) -> iam.Grant:
        return iam.Grant.add_to_principal(grantee=grantee, actions=actions, resource_arns=resources)
