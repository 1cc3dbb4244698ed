"""Configurations of Spark: resources, environment and table formats.

- ``*SparkConfigurations.dynamic_allocation(max_executors=40)`` sets limits for the executors of an application.
- ``*SparkConfigurations.executors(fits=instances, cores=4)`` sizes executors for the smallest worker of a cluster.
- ``*SparkConfigurations.maximize_resource_allocation()`` uses the whole cluster for one application at a time.
- ``*SparkConfigurations.table_formats(TableFormat.iceberg(catalog="lake", warehouse="s3://bucket/lake/"))``
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from .._core.durations import whole_seconds
from .._core.errors import EmrError
from .._core.known import require_known
from .._core.signatures import check_calls
from .._core.unknown import is_unknown
from .configurations import Configuration, ConfigurationValue, merge

if TYPE_CHECKING:
    from aws_cdk import Duration, Size

    from ..interfaces import IInstances
    from .table_formats import TableFormat

__all__ = ["SparkConfigurations"]

_LARGEST: Final = 2**31 - 1


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
        :raises EmrError: a number is negative, the minimum exceeds the maximum, or the timeout isn't a whole number of
            seconds.
        """
        counts = {"min": min_executors, "max": max_executors, "initial": initial_executors}
        properties: dict[str, ConfigurationValue] = {"spark.dynamicAllocation.enabled": True}
        for name, count in counts.items():
            lowest = 1 if name == "max" else 0
            if count is not None and not is_unknown(count) and count < lowest:
                raise EmrError(f"{name}_executors must be at least {lowest}, got {count}; use {lowest} or more")
            if count is not None:
                properties[f"spark.dynamicAllocation.{name}Executors"] = count
        if idle_timeout is not None:
            seconds = whole_seconds("idle_timeout", idle_timeout, accepts_tokens=True)
            properties["spark.dynamicAllocation.executorIdleTimeout"] = f"{seconds}s"
        return (Configuration("spark-defaults", properties),)

    @staticmethod
    def executors(
        *,
        fits: IInstances,
        cores: int = 4,
        dynamic_allocation: bool = True,
        driver_memory_mib: int | Size | None = None,
        memory_overhead_factor: float = 0.1875,
        yarn_memory_mib: int | Size | None = None,
    ) -> tuple[Configuration, ...]:
        """Size executors so that each worker runs as many as its vCPUs allow.

        A worker with V vCPUs has room for V // ``cores`` executors, which share its YARN memory
        (``SupportedInstanceType.yarn_memory_mib``) equally; the worker with the smallest part counts. One part is
        left for the application master, which is the driver in cluster mode. A worker with room for only one executor
        shares its memory with the application master. Heap and overhead of an executor are one part together, rounded
        down to a multiple of the 32 MiB that YARN allocates.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hadoop-task-config.html

        :param fits: the ``InstanceGroups`` or ``InstanceFleets`` of the cluster. Workers are the core and task nodes,
            with all types of fleets.
        :param cores: the cores of an executor, which are the tasks that it runs at the same time. Default: 4.
        :param dynamic_allocation: whether Spark adds and removes executors, as EMR configures it. False also sets the
            number of executors for the initial capacity of ``fits``. Default: True.
        :param driver_memory_mib: the memory of the driver in MiB or a ``cdk.Size``, at least 450 MiB, which is also
            configured. Default: 2048 is assumed, which EMR configures.
        :param memory_overhead_factor: the memory outside the heap as a part of the heap, from 0.1 to 1; at least 384
            MiB. PySpark jobs require more of it. Default: 0.1875, which EMR configures.
        :param yarn_memory_mib: the YARN memory of each worker in MiB or a ``cdk.Size``, for clusters with HBase or with
            ``yarn.nodemanager.resource.memory-mb``. Default: EMR's default for the instance type.
        :raises EmrError: there are no workers, their type or YARN memory isn't known, a worker has fewer vCPUs than
            ``cores``, or an executor or the driver doesn't fit.
        """
        from ..rules.spark_values import LEAST_HEAP
        from .executors import DRIVER_MEMORY, executor_size

        # Sizes were converted.
        driver_mib, yarn_mib = cast("int | None", driver_memory_mib), cast("int | None", yarn_memory_mib)
        numbers = {
            "cores": (cores, 1),
            "driver_memory_mib": (driver_mib, LEAST_HEAP),
            "yarn_memory_mib": (yarn_mib, 1),
        }
        for name, (number, least) in numbers.items():
            require_known(name, number, "use a number")
            if number is not None and number < least:
                raise EmrError(f"{name} must be at least {least}, got {number}; use a larger number")
            if number is not None and number > _LARGEST:
                raise EmrError(f"{name} must be at most {_LARGEST}, got {number}; use a smaller number")
        require_known("memory_overhead_factor", memory_overhead_factor, "use a number")
        if not 0.1 <= memory_overhead_factor <= 1:
            raise EmrError(
                f"memory_overhead_factor must be between 0.1 and 1, got {memory_overhead_factor}; use a part of the "
                "heap, such as 0.1875"
            )
        size = executor_size(
            fits._render(),
            cores=cores,
            driver=DRIVER_MEMORY if driver_mib is None else driver_mib,
            overhead_factor=memory_overhead_factor,
            memory=yarn_mib,
            is_counted=not dynamic_allocation,
        )
        properties: dict[str, ConfigurationValue] = {
            "spark.executor.cores": cores,
            "spark.executor.memory": f"{size.heap}m",
            "spark.executor.memoryOverhead": f"{size.overhead}m",
        }
        if driver_mib is not None:
            properties["spark.driver.memory"] = f"{driver_mib}m"
        if size.instances is not None:
            properties["spark.dynamicAllocation.enabled"] = False
            properties["spark.executor.instances"] = size.instances
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
