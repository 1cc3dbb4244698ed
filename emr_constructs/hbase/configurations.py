"""Configurations of HBase with data in Amazon S3.

``*HBaseConfigurations.on_s3(bucket, "hbase/")``. A second cluster can read the same data with ``read_replica=True``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.errors import EmrError
from .._core.signatures import check_calls
from ..rules import enforce
from ..rules.wal_workspace import WAL_WORKSPACE
from ..software.configurations import Configuration, ConfigurationValue
from ..software.s3_locations import folder

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

__all__ = ["HBaseConfigurations"]


@check_calls
class HBaseConfigurations:
    """Configurations of HBase: ``configurations=[HBaseConfigurations.on_s3(bucket)]``."""

    @staticmethod
    def on_s3(
        bucket: s3.IBucket,
        prefix: str = "hbase/",
        *,
        read_replica: bool = False,
        write_ahead_log: bool = False,
        wal_workspace: str | None = None,
    ) -> tuple[Configuration, ...]:
        """Store tables in S3, where they outlive the cluster.

        Requires emr-5.2.0 or later. The nodes, including those of a read replica, require access to the data:
        ``cluster.grants.read_write_bucket(bucket, "hbase/")``. Disable or flush all tables before the cluster
        terminates: data in memory and in the write-ahead log on HDFS is lost.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hbase-s3.html

        :param bucket: a bucket in the Region of the cluster.
        :param prefix: the prefix of the root directory. Only one cluster at a time can write to it. Default:
            ``hbase/``.
        :param read_replica: whether the cluster only reads data that another cluster writes. Requires emr-5.7.0 or
            later. Default: false.
        :param write_ahead_log: whether changes go to EMR's write-ahead log, which outlives the cluster, instead of
            HDFS. Requires emr-6.15.0 or later and instance groups. The nodes require permissions, which
            ``WalWorkspace.grant_use(cluster)`` grants for a workspace. Default: false.
            https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hbase-wal.html
        :param wal_workspace: the name of the workspace of the write-ahead log, for example
            ``WalWorkspace(...).workspace_name``. Default: the default workspace of the account and Region.
        :raises EmrError: the prefix or the name is invalid, or arguments can't be combined.
        """
        if read_replica and write_ahead_log:
            raise EmrError("read_replica can't be combined with write_ahead_log; remove one of them")
        if wal_workspace is not None and not write_ahead_log:
            raise EmrError(
                f"wal_workspace requires write_ahead_log=True, got only {wal_workspace!r}; enable the write-ahead log"
            )
        site: dict[str, ConfigurationValue] = {"hbase.rootdir": folder(bucket, prefix)}
        if wal_workspace is not None:
            enforce(WAL_WORKSPACE, {"WALWorkspaceName": wal_workspace})
            site["emr.wal.workspace"] = wal_workspace
        storage: dict[str, ConfigurationValue] = {"hbase.emr.storageMode": "s3"}
        if read_replica:
            storage["hbase.emr.readreplica.enabled"] = True
        if write_ahead_log:
            storage["hbase.emr.wal.enabled"] = True
        return Configuration("hbase-site", site), Configuration("hbase", storage)
