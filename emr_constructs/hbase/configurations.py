"""HBase that keeps its data in Amazon S3.

``*HBaseConfigurations.on_s3(bucket, "hbase/")``; a second cluster reads the same data with ``read_replica=True``.
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
    """Configurations of HBase, each to be unpacked: ``configurations=[*HBaseConfigurations....]``."""

    @staticmethod
    def on_s3(
        bucket: s3.IBucket,
        prefix: str = "hbase/",
        *,
        read_replica: bool = False,
        write_ahead_log: bool = False,
        wal_workspace: str | None = None,
    ) -> tuple[Configuration, ...]:
        """Keep tables in S3, where they outlive the cluster; from emr-5.2.0 on.

        The nodes need the data: ``cluster.grants.read_write_bucket(bucket, "hbase/")``, a read replica too. Disable or
        flush all tables before the cluster ends: what is in memory and in the write-ahead log on HDFS is lost with it.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hbase-s3.html

        :param bucket: in the region of the cluster.
        :param prefix: the folder of the root directory. Only one cluster at a time may write to it.
        :param read_replica: whether this cluster only reads what another one writes there; from emr-5.7.0 on.
        :param write_ahead_log: whether changes go to the write-ahead log of EMR, which outlives the cluster, instead of
            HDFS; from emr-6.15.0 on, with instance groups. The nodes need permissions for it, those of
            ``WalWorkspace.grant_use(cluster)`` for a workspace that is named.
            https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hbase-wal.html
        :param wal_workspace: the name of the workspace of the write-ahead log, for example
            ``WalWorkspace(...).workspace_name``. Default: the one of the account and region.
        :raises EmrError: the prefix is no folder, the name does not fit, or an argument has no effect beside another.
        """
        if read_replica and write_ahead_log:
            raise EmrError("a read replica has no write-ahead log; leave one of the two out")
        if wal_workspace is not None and not write_ahead_log:
            raise EmrError(
                f"the workspace {wal_workspace!r} has no effect without the write-ahead log; give write_ahead_log=True"
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
