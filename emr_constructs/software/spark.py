"""Configurations of Spark: resources, environment and table formats.

- ``*SparkConfigurations.dynamic_allocation(max_executors=40)`` sets limits for the executors of an application.
- ``*SparkConfigurations.maximize_resource_allocation()`` uses the whole cluster for one application at a time.
- ``*SparkConfigurations.table_formats(TableFormat.iceberg(catalog="lake", warehouse="s3://bucket/lake/"))``
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .._core.durations import whole_seconds
from .._core.errors import EmrError
from .._core.signatures import check_calls
from .configurations import Configuration, ConfigurationValue, merge

if TYPE_CHECKING:
    from aws_cdk import Duration

    from .table_formats import TableFormat

__all__ = ["SparkConfigurations"]


@check_calls
class SparkConfigurations:
    """Configurations of Spark: ``[SparkConfigurations.dynamic_allocation(...)]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-spark-configure.html
    """

    @staticmethod
    def dynamic_allocation(
        *,
        min_executors: int | None = None,
        max_executors: int | None = None,
        initial_executors: int | None = None,
        idle_timeout: Duration | None = None,
    ) -> tuple[Configuration, ...]:
        """Add executors for pending tasks, and remove idle executors.

        Dynamic allocation is enabled by default from emr-4.4.0 on; this method sets its limits.

        :param min_executors: the minimum number of executors. Default: 0.
        :param max_executors: the maximum number of executors. Default: no limit.
        :param initial_executors: the initial number of executors. Default: the minimum.
        :param idle_timeout: the idle time after which an executor is removed, in whole seconds. Default: 60 seconds.
        :raises EmrError: the minimum exceeds the maximum, or the timeout isn't a whole number of seconds.
        """
        counts = {"min": min_executors, "max": max_executors, "initial": initial_executors}
        properties: dict[str, ConfigurationValue] = {"spark.dynamicAllocation.enabled": True}
        for name, count in counts.items():
            if count is not None:
                properties[f"spark.dynamicAllocation.{name}Executors"] = count
        if idle_timeout is not None:
            seconds = whole_seconds("idle_timeout", idle_timeout, accepts_tokens=True)
            properties["spark.dynamicAllocation.executorIdleTimeout"] = f"{seconds}s"
        return (Configuration("spark-defaults", properties),)

    @staticmethod
    def maximize_resource_allocation() -> tuple[Configuration, ...]:
        """Size executors so that one application uses the whole cluster.

        Use it for clusters that run one application at a time and nothing else. EMR reads the sizes of the core nodes
        when the cluster starts.
        """
        return (Configuration("spark", {"maximizeResourceAllocation": True}),)

    @staticmethod
    def environment(variables: Mapping[str, ConfigurationValue]) -> tuple[Configuration, ...]:
        """Set environment variables of Spark, for example ``PYSPARK_PYTHON``.

        :raises EmrError: there are no variables.
        """
        return (Configuration.environment("spark-env", variables),)

    @staticmethod
    def table_formats(*formats: TableFormat) -> tuple[Configuration, ...]:
        """Enable table formats, all in the same Spark sessions.

        :raises EmrError: there is no format, or two formats set the same catalog, such as Delta Lake and Hudi.
        """
        if not formats:
            raise EmrError("formats must not be empty; specify at least one, such as TableFormat.delta()")
        extensions = ",".join(dict.fromkeys(table_format.extension for table_format in formats))
        return merge(
            [
                *(part for table_format in formats for part in table_format.configurations),
                Configuration("spark-defaults", {"spark.sql.extensions": extensions}),
            ]
        )
