"""Configurations of YARN: queues, application masters and log aggregation.

- ``*YarnConfigurations.capacity_scheduler({"default": 30, "etl": 70})``
- ``*YarnConfigurations.application_masters_on("CORE")`` runs application masters only on core nodes.
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
    """Configurations of YARN: ``[YarnConfigurations.capacity_scheduler(...)]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hadoop-config.html
    """

    @staticmethod
    def capacity_scheduler(
        queues: Mapping[str, float], *, maximum: Mapping[str, float] | None = None
    ) -> tuple[Configuration, ...]:
        """Define queues below ``root``, each with a percentage of the cluster.

        :param queues: the capacity of each queue in percent, in total 100. Applications without a queue use
            ``default``.
        :param maximum: the maximum capacity of queues in percent, if other queues are idle. Default: 100.
        :raises EmrError: there is no queue ``default``, the total isn't 100, or ``maximum`` names an unknown queue.
        """
        if "default" not in queues:
            raise EmrError(f"queues must contain 'default', got {', '.join(queues) or 'none'}; add it")
        unknown = [name for name in maximum or {} if name not in queues]
        if unknown:
            raise EmrError(
                f"maximum must contain only names of queues, got {', '.join(unknown)}; use one of {', '.join(queues)}"
            )
        root = "yarn.scheduler.capacity.root"
        properties: dict[str, ConfigurationValue] = {f"{root}.queues": ",".join(queues)}
        properties |= {f"{root}.{name}.capacity": share for name, share in queues.items()}
        properties |= {f"{root}.{name}.maximum-capacity": share for name, share in (maximum or {}).items()}
        return (Configuration("capacity-scheduler", properties),)

    @staticmethod
    def application_masters_on(label: Literal["CORE", "ON_DEMAND"]) -> tuple[Configuration, ...]:
        """Run application masters only on nodes with a label that EMR sets.

        The loss of an application master fails its job. EMR disables node labels by default from emr-6.0.0 on.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-instances-guidelines.html

        :param label: ``CORE`` for core nodes or, from emr-7.0.0 on, ``ON_DEMAND`` for On-Demand nodes.
        """
        properties: dict[str, ConfigurationValue] = {
            "yarn.node-labels.enabled": True,
            "yarn.node-labels.am.default-node-label-expression": label,
        }
        return (Configuration("yarn-site", properties),)

    @staticmethod
    def log_aggregation(bucket: s3.IBucket, prefix: str, *, retain_for: Duration) -> tuple[Configuration, ...]:
        """Collect container logs in S3 for ``yarn logs``, and delete them after a time.

        The nodes require access: ``cluster.grants.read_write_bucket(bucket, prefix)``.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-debugging.html

        :param retain_for: how long logs are kept, in whole seconds.
        :raises EmrError: the prefix is empty or begins with a slash, or the time isn't a whole number of seconds.
        """
        properties: dict[str, ConfigurationValue] = {
            "yarn.log-aggregation-enable": True,
            "yarn.log-aggregation.retain-seconds": whole_seconds(
                "retain_for", retain_for, accepts_tokens=True, minimum=1
            ),
            "yarn.nodemanager.remote-app-log-dir": folder(bucket, prefix),
        }
        return (Configuration("yarn-site", properties),)
