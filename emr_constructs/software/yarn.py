"""How YARN shares the cluster among applications.

- ``*YarnConfigurations.capacity_scheduler({"default": 30, "etl": 70})``
- ``*YarnConfigurations.application_masters_on("CORE")`` keeps them from nodes that come and go.
- ``*YarnConfigurations.log_aggregation(bucket, "yarn/", retain_for=Duration.days(14))``
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from .._core.durations import whole_seconds
from .._core.errors import EmrError
from .._core.signatures import check_calls
from .configurations import Configuration, ConfigurationValue
from .s3_locations import folder

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_s3 as s3

__all__ = ["YarnConfigurations"]


@check_calls
class YarnConfigurations:
    """Configurations of YARN, each to be unpacked: ``configurations=[*YarnConfigurations....]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hadoop-config.html
    """

    @staticmethod
    def capacity_scheduler(
        queues: Mapping[str, float], *, maximum: Mapping[str, float] | None = None
    ) -> tuple[Configuration, ...]:
        """Queues below ``root``, each with a share of the cluster.

        :param queues: the percentage of each queue, 100 together. Applications that name no queue go to ``default``.
        :param maximum: the most that a queue takes when others leave room, in percent. Default: 100.
        :raises EmrError: there is no queue ``default``, the shares do not add up to 100, or a maximum is of no queue.
        """
        if "default" not in queues:
            raise EmrError(f"the queues are {', '.join(queues) or 'none'}; add 'default', which EMR sends work to")
        unknown = [name for name in maximum or {} if name not in queues]
        if unknown:
            raise EmrError(f"{', '.join(unknown)} has a maximum and is no queue; use one of {', '.join(queues)}")
        root = "yarn.scheduler.capacity.root"
        properties: dict[str, ConfigurationValue] = {f"{root}.queues": ",".join(queues)}
        properties |= {f"{root}.{name}.capacity": share for name, share in queues.items()}
        properties |= {f"{root}.{name}.maximum-capacity": share for name, share in (maximum or {}).items()}
        return (Configuration("capacity-scheduler", properties),)

    @staticmethod
    def application_masters_on(label: Literal["CORE", "ON_DEMAND"]) -> tuple[Configuration, ...]:
        """Run application masters, whose loss ends a job, only on nodes with a label that EMR gives them.

        It is off by default from 6.0.0 on.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-instances-guidelines.html

        :param label: core nodes, or, from emr-7.0.0 on, nodes that are bought on demand.
        """
        properties: dict[str, ConfigurationValue] = {
            "yarn.node-labels.enabled": True,
            "yarn.node-labels.am.default-node-label-expression": label,
        }
        return (Configuration("yarn-site", properties),)

    @staticmethod
    def log_aggregation(bucket: s3.IBucket, prefix: str, *, retain_for: Duration) -> tuple[Configuration, ...]:
        """Collect the logs of containers in S3, where ``yarn logs`` finds them, and remove them after a while.

        The nodes need the folder: ``cluster.grants.read_write_bucket(bucket, prefix)``.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-debugging.html

        :param retain_for: how long they are kept, in whole seconds.
        :raises EmrError: the prefix is no folder, or the time is not a whole number of seconds.
        """
        properties: dict[str, ConfigurationValue] = {
            "yarn.log-aggregation-enable": True,
            "yarn.log-aggregation.retain-seconds": whole_seconds("the time that logs are kept", retain_for),
            "yarn.nodemanager.remote-app-log-dir": folder(bucket, prefix),
        }
        return (Configuration("yarn-site", properties),)
