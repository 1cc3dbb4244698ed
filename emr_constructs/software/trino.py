"""Configurations of Trino and Presto: query limits, connectors, fault tolerance.

- ``*TrinoConfigurations.query_limits(max_memory="50GB")``
- ``*TrinoConfigurations.connector("postgresql", {"connection-url": url, "connection-password": secret})``
- ``*TrinoConfigurations.fault_tolerant_execution(bucket, "exchange/")`` for long queries on Spot Instances.

``*Configuration.glue_data_catalog(Application.TRINO)`` enables queries on tables of AWS Glue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from .._core.durations import whole_seconds
from .._core.errors import EmrError
from .._core.signatures import check_calls
from .configurations import Configuration, ConfigurationValue
from .s3_locations import folder

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_s3 as s3

__all__ = ["PrestoConfigurations", "TrinoConfigurations"]


@check_calls
class _QueryEngine:
    """The shared configurations of Trino and PrestoDB."""

    _application: ClassVar[str]

    @classmethod
    def query_limits(
        cls,
        *,
        max_memory: str | None = None,
        max_memory_per_node: str | None = None,
        max_run_time: Duration | None = None,
    ) -> tuple[Configuration, ...]:
        """Set limits of queries; a query that exceeds a limit fails.

        :param max_memory: the memory on all nodes, for example ``50GB``. Default: the default of the application.
        :param max_memory_per_node: the memory on each node. Default: the default of the application.
        :param max_run_time: the time since submission, in whole seconds. Default: the default of the application.
        :raises EmrError: no limit is specified, or the time isn't a whole number of seconds.
        """
        time = None
        if max_run_time is not None:
            time = f"{whole_seconds('max_run_time', max_run_time, accepts_tokens=True, minimum=1)}s"
        limits = {
            "query.max-memory": max_memory,
            "query.max-memory-per-node": max_memory_per_node,
            "query.max-run-time": time,
        }
        given: dict[str, ConfigurationValue] = {key: value for key, value in limits.items() if value is not None}
        if not given:
            raise EmrError("query_limits must have at least one limit, got none; specify a limit such as max_memory")
        return (Configuration(f"{cls._application}-config", given),)

    @classmethod
    def connector(cls, name: str, properties: Mapping[str, ConfigurationValue]) -> tuple[Configuration, ...]:
        """Add a catalog with the connector ``name``.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-presto-config.html

        :param name: the connector, which is also the name of the catalog, for example ``postgresql`` or ``redshift``.
        :param properties: the properties of the catalog; use secrets of Secrets Manager for passwords.
        :raises EmrError: there are no properties.
        """
        return (Configuration(f"{cls._application}-connector-{name}", properties),)


@check_calls
class TrinoConfigurations(_QueryEngine):
    """Configurations of Trino: ``[TrinoConfigurations.query_limits(...)]``.

    Requires emr-6.4.0 to 7.x.
    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-presto.html
    """

    _application = "trino"

    @staticmethod
    def fault_tolerant_execution(
        bucket: s3.IBucket, prefix: str, *, retry_policy: Literal["TASK", "QUERY"] = "TASK"
    ) -> tuple[Configuration, ...]:
        """Retry queries or tasks when a node is lost; requires emr-6.9.0 or later.

        Trino spools intermediate data to S3: ``cluster.grants.read_write_bucket(bucket, prefix)``. Trino removes the
        data of successful queries; add a lifecycle rule to the bucket for other data.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/trino-ft.html

        :param bucket: the bucket for intermediate data.
        :param prefix: the prefix for intermediate data.
        :param retry_policy: ``TASK`` retries tasks, for few long queries; ``QUERY`` retries queries, for many short
            ones. Default: ``TASK``.
        :raises EmrError: the prefix is empty or begins with a slash.
        """
        return (
            Configuration("trino-config", {"retry-policy": retry_policy}),
            Configuration("trino-exchange-manager", {"exchange.base-directories": folder(bucket, prefix)}),
        )


class PrestoConfigurations(_QueryEngine):
    """Configurations of PrestoDB: ``[PrestoConfigurations.query_limits(...)]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-presto.html
    """

    _application = "presto"
