"""Permissions around a cluster.

- ``cluster.grants.submit_steps(role)`` lets somebody give the cluster work, ``cancel_steps(role)`` take it back,
  ``terminate(role)`` end it, ``describe(role)`` look at it.
- ``cluster.grants.read_bucket(bucket, "sales/")`` lets the nodes read below a prefix, with the least of actions.
- ``cluster.grants.use_glue_data_catalog("sales")`` lets the nodes read databases of the Glue Data Catalog.

Data with a construct can be granted from its side too, as anywhere in CDK: ``table.grant_read_data(cluster)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import aws_iam as iam

from .. import _aws
from .._errors import EmrError
from . import acknowledgments

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

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
_CANCEL: Final = ("CancelSteps", "DescribeCluster", "DescribeStep", "ListSteps")
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

    def cancel_steps(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` follow steps and cancel those that wait or, from emr-5.28.0 on, run; it may submit none.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-cancel-steps.html
        """
        return self._grant(grantee, _CANCEL)

    def terminate(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` end the cluster."""
        return self._grant(grantee, _TERMINATE)

    def read_bucket(self, bucket: s3.IBucket, prefix: str = "") -> iam.Grant:
        """Let the nodes read the objects of ``bucket`` below ``prefix``, and use the key of the bucket for it.

        Says the actions one by one, where ``bucket.grant_read(cluster)`` has wildcards that checkers refuse.

        :param prefix: for example ``sales/``. Default: the whole bucket.
        :raises EmrError: the role of the nodes is not known.
        """
        return self._use_bucket(bucket, prefix, _S3_READ, ["kms:Decrypt"])

    def read_write_bucket(self, bucket: s3.IBucket, prefix: str = "") -> iam.Grant:
        """Let the nodes read, write and delete the objects of ``bucket`` below ``prefix``, as jobs do that overwrite.

        :param prefix: for example ``sales/``. Default: the whole bucket.
        :raises EmrError: the role of the nodes is not known.
        """
        return self._use_bucket(bucket, prefix, (*_S3_READ, *_S3_WRITE), ["kms:Decrypt", "kms:GenerateDataKey"])

    def use_glue_data_catalog(self, *databases: str, write: bool = False) -> iam.Grant:
        """Let the nodes read databases and tables of the Glue Data Catalog in the account and region of the cluster.

        The databases ``default`` and ``global_temp``, which Spark and Hive look up in any case, are readable too.
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
        readable = [*named, *(_aws.arn("glue", f"database/{name}") for name in _LOOKED_UP)]
        grant = self._add(self._cluster, [f"glue:{action}" for action in _GLUE_READ], readable)
        if write:
            grant = self._add(self._cluster, [f"glue:{action}" for action in _GLUE_WRITE], named).combine(grant)
        return grant

    def _use_bucket(
        self, bucket: s3.IBucket, prefix: str, actions: tuple[str, ...], key_actions: list[str]
    ) -> iam.Grant:
        objects = bucket.arn_for_objects(f"{prefix}*")
        reason = acknowledgments.OBJECTS_BELOW_PREFIX
        self._cluster.acknowledge_grants(acknowledgments.wildcards(self._cluster, {objects: reason}))
        # Only listing objects knows the prefix as a condition.
        about = ["s3:GetBucketLocation", *(["s3:ListBucketMultipartUploads"] if actions != _S3_READ else [])]
        bucket_grant = self._add(self._cluster, about, [bucket.bucket_arn])
        listing = iam.Grant.add_to_principal(
            grantee=self._cluster,
            actions=["s3:ListBucket"],
            resource_arns=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": [f"{prefix}*"]}} if prefix else None,
        )
        grant = self._add(self._cluster, list(actions), [objects]).combine(listing).combine(bucket_grant)
        if bucket.encryption_key is not None:
            grant = self._add(self._cluster, key_actions, [_aws.key_arn(bucket.encryption_key)]).combine(grant)
        return grant

    def _grant(self, grantee: iam.IGrantable, actions: tuple[str, ...]) -> iam.Grant:
        return self._add(grantee, [f"elasticmapreduce:{action}" for action in actions], [self._cluster.cluster_arn])

    @staticmethod
    def _add(grantee: iam.IGrantable, actions: list[str], resources: list[str]) -> iam.Grant:
        return iam.Grant.add_to_principal(grantee=grantee, actions=actions, resource_arns=resources)
