"""Hadoop: its environment, its logs, copies in HDFS, and the connector to S3.

- ``*HadoopConfigurations.environment({"HADOOP_DATANODE_HEAPSIZE": 2048})``
- ``*HadoopConfigurations.log_levels({"org.apache.hadoop.hdfs": "WARN"})``
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.unknown import is_unknown
from .configurations import Configuration, ConfigurationValue

__all__ = ["HadoopConfigurations"]

_Level: TypeAlias = Literal["OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL"]


@check_calls
class HadoopConfigurations:
    """Configurations of Hadoop, each to be unpacked: ``configurations=[*HadoopConfigurations....]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hadoop-config.html
    """

    @staticmethod
    def environment(variables: Mapping[str, ConfigurationValue]) -> tuple[Configuration, ...]:
        """Variables of the environment of all Hadoop components, for example ``HADOOP_HEAPSIZE`` in MiB.

        :raises EmrError: there are no variables.
        """
        return (Configuration.environment("hadoop-env", variables),)

    @staticmethod
    def log_levels(levels: Mapping[str, _Level]) -> tuple[Configuration, ...]:
        """How much Hadoop writes to its logs.

        :param levels: the level of each logger, for example ``{"org.apache.hadoop.hdfs": "WARN"}``.
        :raises EmrError: there are no loggers.
        """
        return (Configuration("hadoop-log4j", {f"log4j.logger.{name}": level for name, level in levels.items()}),)

    @staticmethod
    def hdfs_replication(copies: int) -> tuple[Configuration, ...]:
        """How many copies HDFS keeps of each block.

        EMR keeps one copy on up to three core nodes, two on up to nine, and three on more: with one copy, data is lost
        with the node. https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hdfs-config.html

        :raises EmrError: there are none.
        """
        if not is_unknown(copies) and copies < 1:
            raise EmrError(f"HDFS keeps {copies} copies; use 1 or more")
        return (Configuration("hdfs-site", {"dfs.replication": copies}),)

    @staticmethod
    def emrfs() -> tuple[Configuration, ...]:
        """Reach S3 with EMRFS instead of S3A, which is the default from emr-7.10.0 on; 8.x releases have no EMRFS.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-s3a-migrate.html
        """
        return (Configuration("core-site", {"fs.s3.impl": "com.amazon.ws.emr.hadoop.fs.EmrFileSystem"}),)
