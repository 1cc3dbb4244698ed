"""Trino and Presto: limits of queries, more data sources, and queries that survive the loss of nodes.

- ``*TrinoConfigurations.query_limits(max_memory="50GB")``
- ``*TrinoConfigurations.connector("postgresql", {"connection-url": url, "connection-password": secret})``
- ``*TrinoConfigurations.fault_tolerant_execution(bucket, "exchange/")`` for long queries on Spot instances.

``*Configuration.glue_data_catalog(Application.TRINO)`` makes the tables of AWS Glue known.
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
    """What Trino and PrestoDB have in common."""

    _application: ClassVar[str]

    @classmethod
    def query_limits(
        cls,
        *,
        max_memory: str | None = None,
        max_memory_per_node: str | None = None,
        max_run_time: Duration | None = None,
    ) -> tuple[Configuration, ...]:
        """How much a query may use before the application ends it.

        :param max_memory: on all nodes together, for example ``50GB``. Default: that of the application.
        :param max_memory_per_node: on one node. Default: that of the application.
        :param max_run_time: from its submission on, in whole seconds. Default: that of the application.
        :raises EmrError: nothing is limited, or the time is not a whole number of seconds.
        """
        time = None if max_run_time is None else f"{whole_seconds('the run time of a query', max_run_time)}s"
        limits = {
            "query.max-memory": max_memory,
            "query.max-memory-per-node": max_memory_per_node,
            "query.max-run-time": time,
        }
        given: dict[str, ConfigurationValue] = {key: value for key, value in limits.items() if value is not None}
        if not given:
            raise EmrError("nothing about queries is limited; give one or more limits")
        return (Configuration(f"{cls._application}-config", given),)

    @classmethod
    def connector(cls, name: str, properties: Mapping[str, ConfigurationValue]) -> tuple[Configuration, ...]:
        """A data source, with the connector ``name`` as the name of its catalog.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-presto-config.html

        :param name: for example ``postgresql``, ``mysql``, ``redshift`` or ``memory``.
        :param properties: the properties of the catalog; passwords as secrets of Secrets Manager.
        :raises EmrError: there are no properties.
        """
        return (Configuration(f"{cls._application}-connector-{name}", properties),)


@check_calls
class TrinoConfigurations(_QueryEngine):
    """Configurations of Trino (emr-6.4.0 to 7.x), each to be unpacked: ``configurations=[*TrinoConfigurations....]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-presto.html
    """

    _application = "trino"

    @staticmethod
    def fault_tolerant_execution(
        bucket: s3.IBucket, prefix: str, *, retry_policy: Literal["TASK", "QUERY"] = "TASK"
    ) -> tuple[Configuration, ...]:
        """Repeat work that was lost with a node instead of failing the query; from emr-6.9.0 on.

        What stages hand on is spooled to S3: ``cluster.grants.read_write_bucket(bucket, prefix)``. Trino removes what
        it spooled for queries that ended well; a lifecycle rule of the bucket should remove the rest.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/trino-ft.html

        :param bucket: where intermediate data is spooled.
        :param prefix: the folder for it.
        :param retry_policy: whether tasks are repeated, best for few long queries (the default), or whole queries, best
            for many short ones.
        :raises EmrError: the prefix is no folder.
        """
        return (
            Configuration("trino-config", {"retry-policy": retry_policy}),
            Configuration("trino-exchange-manager", {"exchange.base-directories": folder(bucket, prefix)}),
        )


class PrestoConfigurations(_QueryEngine):
    """Configurations of PrestoDB, each to be unpacked: ``configurations=[*PrestoConfigurations....]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-presto.html
    """

    _application = "presto"
