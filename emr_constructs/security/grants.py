"""Permissions around a cluster.

- ``cluster.grants.submit_steps(role)`` lets somebody give the cluster work, ``terminate(role)`` end it,
  ``describe(role)`` look at it.
- ``cluster.grants.submit_steps(role, runtime_roles=[analysts])`` limits the steps to a runtime role.
- ``cluster.grants.read_bucket(bucket, "sales/")`` lets the nodes read below a prefix, with the least of actions.
- ``cluster.grants.use_glue_data_catalog("sales")`` lets the nodes read databases of the Glue Data Catalog.

A :class:`RuntimeRole` has the grants on data too: ``analysts.grants.read_bucket(bucket)``.
Data with a construct can be granted from its side too, as anywhere in CDK: ``table.grant_read_data(cluster)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import aws_iam as iam

from .. import _aws
from .._errors import EmrError
from . import acknowledgments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

    from ..cluster import ClusterBase
    from .runtime_role import RuntimeRole

__all__ = ["ClusterGrants", "DataGrants"]

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
_ADD_STEPS: Final = "AddJobFlowSteps"
_FOLLOW_STEPS: Final = ("CancelSteps", "DescribeCluster", "DescribeStep", "ListSteps")
_TERMINATE: Final = ("DescribeCluster", "TerminateJobFlows")

_S3_READ: Final = ("s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion")
_S3_WRITE: Final = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectTagging",
)
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
_LOOKED_UP: Final = ("default", "global_temp")
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


class DataGrants:
    """Data that jobs may use, with the least of actions: all jobs of a cluster, or those of a runtime role."""

    def __init__(self, holder: ClusterBase | RuntimeRole) -> None:
        self._holder = holder

    def read_bucket(self, bucket: s3.IBucket, prefix: str = "") -> iam.Grant:
        """Let jobs read the objects of ``bucket`` below ``prefix``, and use the key of the bucket for it.

        Says the actions one by one, where ``bucket.grant_read(...)`` has wildcards that checkers refuse.

        :param prefix: for example ``sales/``. Default: the whole bucket.
        :raises EmrError: the cluster was imported without the role of its nodes.
        """
        return self._use_bucket(bucket, prefix, _S3_READ, ["kms:Decrypt"])

    def read_write_bucket(self, bucket: s3.IBucket, prefix: str = "") -> iam.Grant:
        """Let jobs read, write and delete the objects of ``bucket`` below ``prefix``, as jobs do that overwrite.

        :param prefix: for example ``sales/``. Default: the whole bucket.
        :raises EmrError: the cluster was imported without the role of its nodes.
        """
        return self._use_bucket(bucket, prefix, (*_S3_READ, *_S3_WRITE), ["kms:Decrypt", "kms:GenerateDataKey"])

    def write_logs(self, bucket: s3.IBucket, prefix: str, encryption_key: kms.IKey | None = None) -> iam.Grant:
        """Let the nodes write logs to ``bucket`` below ``prefix``, encrypted with ``encryption_key``.

        :raises EmrError: the role of the nodes is not known.
        """
        objects = bucket.arn_for_objects(f"{prefix}*")
        self._holder.acknowledge_grants(acknowledgments.wildcards(self._holder, {objects: acknowledgments.LOG_PREFIX}))
        grant = self._add(self._holder, ["s3:PutObject"], [objects])
        if encryption_key is not None:
            actions = ["kms:Decrypt", "kms:GenerateDataKey"]
            grant = self._add(self._holder, actions, [_aws.key_arn(encryption_key)]).combine(grant)
        return grant

    def use_glue_data_catalog(self, *databases: str, write: bool = False) -> iam.Grant:
        """Let jobs read databases and tables of the Glue Data Catalog in the account and region of the stack.

        The databases ``default`` and ``global_temp``, which Spark and Hive look up in any case, are readable too.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hive-metastore-glue.html

        :param databases: names of databases.
        :param write: also create, change and delete tables and partitions in them. Default: only read.
        :raises EmrError: no database is named, or the cluster was imported without the role of its nodes.
        """
        if not databases:
            raise EmrError("no database of the Glue Data Catalog is named; give names of databases", at=self._holder)
        named = [_aws.arn("glue", "catalog")]
        for database in dict.fromkeys(databases):
            named += [_aws.arn("glue", f"database/{database}"), _aws.arn("glue", f"table/{database}/*")]
        tables = {arn: acknowledgments.GLUE_TABLES for arn in named if arn.endswith("*")}
        self._holder.acknowledge_grants(acknowledgments.wildcards(self._holder, tables))
        readable = [*named, *(_aws.arn("glue", f"database/{name}") for name in _LOOKED_UP)]
        grant = self._add(self._holder, [f"glue:{action}" for action in _GLUE_READ], readable)
        if write:
            grant = self._add(self._holder, [f"glue:{action}" for action in _GLUE_WRITE], named).combine(grant)
        return grant

    def _use_bucket(
        self, bucket: s3.IBucket, prefix: str, actions: tuple[str, ...], key_actions: list[str]
    ) -> iam.Grant:
        objects = bucket.arn_for_objects(f"{prefix}*")
        reason = acknowledgments.OBJECTS_BELOW_PREFIX
        self._holder.acknowledge_grants(acknowledgments.wildcards(self._holder, {objects: reason}))
        # Only listing objects knows the prefix as a condition.
        about = ["s3:GetBucketLocation", *(["s3:ListBucketMultipartUploads"] if actions != _S3_READ else [])]
        bucket_grant = self._add(self._holder, about, [bucket.bucket_arn])
        listing = iam.Grant.add_to_principal(
            grantee=self._holder,
            actions=["s3:ListBucket"],
            resource_arns=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": [f"{prefix}*"]}} if prefix else None,
        )
        grant = self._add(self._holder, list(actions), [objects]).combine(listing).combine(bucket_grant)
        if bucket.encryption_key is not None:
            grant = self._add(self._holder, key_actions, [_aws.key_arn(bucket.encryption_key)]).combine(grant)
        return grant

    @staticmethod
    def _add(grantee: iam.IGrantable, actions: list[str], resources: list[str]) -> iam.Grant:
        return iam.Grant.add_to_principal(grantee=grantee, actions=actions, resource_arns=resources)


class ClusterGrants(DataGrants):
    """What may be granted around a cluster; needs no more than a reference to it."""

    def __init__(self, cluster: ClusterBase) -> None:
        super().__init__(cluster)
        self._cluster = cluster

    def describe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` see the cluster, its nodes and its steps."""
        return self._grant(grantee, _DESCRIBE)

    def submit_steps(
        self, grantee: iam.IGrantable, *, runtime_roles: Sequence[RuntimeRole | iam.IRole] = ()
    ) -> iam.Grant:
        """Let ``grantee`` submit steps, follow them and cancel them.

        A step runs with the permissions of the nodes, or of its runtime role: whoever may submit steps has them too.

        :param runtime_roles: the roles under which ``grantee`` may run steps; needed on a cluster with runtime roles.
        :raises EmrError: the cluster has runtime roles and none is given.
        """
        if self._cluster.has_runtime_roles and not runtime_roles:
            raise EmrError(
                "the cluster has runtime roles and submit_steps names none, so that steps could run under each of "
                "them; give runtime_roles=[...]",
                at=self._cluster,
            )
        if not runtime_roles:
            return self._grant(grantee, (_ADD_STEPS, *_FOLLOW_STEPS))
        adding = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[f"elasticmapreduce:{_ADD_STEPS}"],
            resource_arns=[self._cluster.cluster_arn],
            conditions={
                "StringEquals": {"elasticmapreduce:ExecutionRoleArn": [role.role_arn for role in runtime_roles]}
            },
        )
        return self._grant(grantee, _FOLLOW_STEPS).combine(adding)

    def terminate(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` end the cluster."""
        return self._grant(grantee, _TERMINATE)

    def _grant(self, grantee: iam.IGrantable, actions: tuple[str, ...]) -> iam.Grant:
        return self._add(grantee, [f"elasticmapreduce:{action}" for action in actions], [self._cluster.cluster_arn])
