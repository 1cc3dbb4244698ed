"""Configurations of Hadoop: environment, log levels, HDFS replicas, S3 connector.

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
    """Configurations of Hadoop: ``configurations=[HadoopConfigurations.emrfs()]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hadoop-config.html
    """

    @staticmethod
    def environment(variables: Mapping[str, ConfigurationValue]) -> tuple[Configuration, ...]:
        """Set environment variables of Hadoop, for example ``HADOOP_HEAPSIZE`` in MiB.

        :raises EmrError: there are no variables.
        """
        return (Configuration.environment("hadoop-env", variables),)

    @staticmethod
    def log_levels(levels: Mapping[str, _Level]) -> tuple[Configuration, ...]:
        """Set the log levels of Hadoop.

        :param levels: the level of each logger, for example ``{"org.apache.hadoop.hdfs": "WARN"}``.
        :raises EmrError: there are no loggers.
        """
        return (Configuration("hadoop-log4j", {f"log4j.logger.{name}": level for name, level in levels.items()}),)

    @staticmethod
    def hdfs_replication(copies: int) -> tuple[Configuration, ...]:
        """Set the number of replicas of each HDFS block.

        EMR's default is one replica for up to three core nodes, two for up to nine, and three for more. With one
        replica, the loss of a node loses data.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hdfs-config.html

        :raises EmrError: ``copies`` is less than 1.
        """
        if not is_unknown(copies) and copies < 1:
            raise EmrError(f"copies must be 1 or more, got {copies}; use at least one copy")
        return (Configuration("hdfs-site", {"dfs.replication": copies}),)

    @staticmethod
    def emrfs() -> tuple[Configuration, ...]:
        """Use EMRFS instead of S3A, which is the default from emr-7.10.0 on.

        8.x releases don't contain EMRFS.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-s3a-migrate.html
        """
        return (Configuration("core-site", {"fs.s3.impl": "com.amazon.ws.emr.hadoop.fs.EmrFileSystem"}),)
