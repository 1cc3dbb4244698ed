"""How Spark uses the cluster, and with which table formats.

- ``*SparkConfigurations.dynamic_allocation(max_executors=40)`` lets each application grow and shrink.
- ``*SparkConfigurations.maximize_resource_allocation()`` gives one application at a time the whole cluster.
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
    """Configurations of Spark, each to be unpacked: ``configurations=[*SparkConfigurations....]``.

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
        """Let Spark add executors to an application that has tasks waiting, and remove idle ones.

        It is on by default from emr-4.4.0; this sets its bounds.

        :param min_executors: Default: none are kept.
        :param max_executors: Default: as many as the cluster has room for.
        :param initial_executors: how many an application starts with. Default: the minimum.
        :param idle_timeout: after which an executor without tasks is removed, in whole seconds. Default: 60 seconds.
        :raises EmrError: the minimum is above the maximum, or the timeout is not a whole number of seconds.
        """
        counts = {"min": min_executors, "max": max_executors, "initial": initial_executors}
        properties: dict[str, ConfigurationValue] = {"spark.dynamicAllocation.enabled": True}
        for name, count in counts.items():
            if count is not None:
                properties[f"spark.dynamicAllocation.{name}Executors"] = count
        if idle_timeout is not None:
            seconds = whole_seconds("the idle timeout of executors", idle_timeout)
            properties["spark.dynamicAllocation.executorIdleTimeout"] = f"{seconds}s"
        return (Configuration("spark-defaults", properties),)

    @staticmethod
    def maximize_resource_allocation() -> tuple[Configuration, ...]:
        """Let EMR size executors so that one application uses the whole cluster.

        For clusters that run one application at a time and nothing else. EMR reads the sizes of the core nodes when the
        cluster starts.
        """
        return (Configuration("spark", {"maximizeResourceAllocation": True}),)

    @staticmethod
    def environment(variables: Mapping[str, ConfigurationValue]) -> tuple[Configuration, ...]:
        """Variables of the environment of Spark, for example ``PYSPARK_PYTHON``.

        :raises EmrError: there are no variables.
        """
        return (Configuration.environment("spark-env", variables),)

    @staticmethod
    def table_formats(*formats: TableFormat) -> tuple[Configuration, ...]:
        """Let Spark read and write tables of ``formats``, all in the same sessions.

        :raises EmrError: no format is given, or two of them set the same catalog, as Delta Lake and Hudi do.
        """
        if not formats:
            raise EmrError("no table format is given; give one or more, such as TableFormat.delta()")
        extensions = ",".join(dict.fromkeys(table_format.extension for table_format in formats))
        return merge(
            [
                *(part for table_format in formats for part in table_format.configurations),
                Configuration("spark-defaults", {"spark.sql.extensions": extensions}),
            ]
        )
