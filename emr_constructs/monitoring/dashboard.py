"""A dashboard of one cluster, with the thresholds of its alarms.

``ClusterDashboard(self, "Dashboard", cluster=cluster, alarms=alarms)``
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from .._core.scopes import check_scope, with_scope_errors
from .._core.types import CLUSTER, check_types
from .alarms import ClusterAlarms
from .metrics import ClusterMetrics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..interfaces import IClusterRef
    from .cluster_alarm import ClusterAlarm

__all__ = ["ClusterDashboard"]

_FULL_WIDTH = 24


class ClusterDashboard(Construct):
    """Graphs of the capacity, YARN, HDFS, input and output of a cluster."""

    @with_scope_errors
    def __init__(
        self, scope: Construct, construct_id: str, *, cluster: IClusterRef, alarms: ClusterAlarms | None = None
    ) -> None:
        """Define the dashboard.

        :param cluster: the cluster to show.
        :param alarms: its alarms, whose thresholds are lines in the graphs. Default: no lines.
        :raises EmrError: an argument has the wrong type.
        """
        check_scope(scope, construct_id)
        super().__init__(scope, construct_id)
        check_types(self, cluster=(cluster, CLUSTER), alarms=(alarms, ClusterAlarms, None))
        self._alarms: Mapping[str, ClusterAlarm] = {} if alarms is None else alarms.alarms
        metrics = ClusterMetrics(cluster.cluster_id)
        self.dashboard: cloudwatch.Dashboard = cloudwatch.Dashboard(self, "Dashboard")
        """The dashboard."""
        self._add_row(
            "Capacity",
            self._graph("Core nodes", metrics.core_nodes_running(), metrics.core_nodes_pending()),
            self._graph("Task nodes", metrics.task_nodes_running(), metrics.task_nodes_pending()),
            self._graph(
                "Unhealthy and lost nodes",
                metrics.mr_unhealthy_nodes(),
                metrics.increase("MRLostNodes"),
                alarm="LostNodes",
            ),
            self._graph("Idle", metrics.is_idle()),
        )
        self._add_row(
            "YARN",
            self._graph("Applications", metrics.apps_running(), metrics.apps_pending(), alarm="PendingApplications"),
            self._graph(
                "Failed and killed applications",
                metrics.increase("AppsFailed"),
                metrics.increase("AppsKilled"),
                alarm="FailedApplications",
            ),
            self._graph("Containers", metrics.container_allocated(), metrics.container_pending()),
            self._graph("Available memory, %", metrics.yarn_memory_available_percentage(), alarm="YarnMemoryAvailable"),
        )
        self._add_row(
            "HDFS",
            self._graph("Utilization, %", metrics.hdfs_utilization(), alarm="HdfsUtilization"),
            self._graph(
                "Missing and corrupt blocks", metrics.missing_blocks(), metrics.corrupt_blocks(), alarm="MissingBlocks"
            ),
            self._graph("Under-replicated blocks", metrics.under_replicated_blocks()),
            self._graph("Live data nodes, %", metrics.live_data_nodes()),
        )
        self._add_row(
            "Input and output of MapReduce jobs",
            self._graph("S3, bytes", metrics.s3_bytes_read(), metrics.s3_bytes_written()),
            self._graph("HDFS, bytes", metrics.hdfs_bytes_read(), metrics.hdfs_bytes_written()),
            self._graph("Concurrent transfers", metrics.total_load()),
        )

    def _add_row(self, title: str, *graphs: cloudwatch.GraphWidget) -> None:
        self.dashboard.add_widgets(cloudwatch.TextWidget(markdown=f"## {title}", width=_FULL_WIDTH, height=1))
        self.dashboard.add_widgets(*graphs)

    def _graph(self, title: str, *metrics: cloudwatch.IMetric, alarm: str = "") -> cloudwatch.GraphWidget:
        known = [found.to_annotation() for found in self._alarms.values() if found.base_name == alarm]
        return cloudwatch.GraphWidget(
            title=title,
            left=list(metrics),
            left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
            left_annotations=known or None,
            width=_FULL_WIDTH // 4,
        )
