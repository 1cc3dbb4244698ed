"""The metrics that EMR publishes about a cluster, by name.

- ``cluster.metrics.hdfs_utilization(statistic="Maximum")`` is a ``cloudwatch.Metric`` for alarms and dashboards.
- ``cluster.metrics.increase("AppsKilled")`` is how much a counter rose since the datapoint before.

EMR publishes a datapoint every 5 minutes; with managed scaling, some metrics have one every minute. While a cluster is
unreachable, no metrics are published.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_ViewingMetrics.html
https://docs.aws.amazon.com/emr/latest/ManagementGuide/managed-scaling-metrics.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypedDict, Unpack, cast

from aws_cdk import aws_cloudwatch as cloudwatch

from .._core import tokens
from .._core.durations import whole_seconds
from .._core.errors import EmrError
from .._core.types import DURATION, check_types
from .._core.unknown import is_unknown

if TYPE_CHECKING:
    from aws_cdk import Duration

__all__ = ["NAMESPACE", "ClusterMetrics", "Increase", "MetricOptions", "increase_of"]

NAMESPACE: Final = "AWS/ElasticMapReduce"
_RESIZE_NAMESPACE: Final = "AWS_EMR_ManagedResize"
_DAY: Final = 24 * 60 * 60


class MetricOptions(TypedDict, total=False):
    """Options of a metric."""

    period: Duration
    """A multiple of 1 minute, up to 1 day. Default: 5 minutes."""

    statistic: str
    """For example ``Maximum`` or ``Sum``. Default: the recommended statistic of the metric."""

    label: str
    """The label in graphs. Default: the name of the metric."""

    color: str
    """The color in graphs, such as ``#ff0000``. Default: CloudWatch chooses a color."""


class _Factory(Protocol):
    def __call__(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric: ...


class _EmrMetric:
    """Declares a metric of ``ClusterMetrics``."""

    def __init__(self, name: str, statistic: str = "Average", *, namespace: str = NAMESPACE) -> None:
        self.name = name
        self.statistic = statistic
        self.namespace = namespace

    def __get__(self, metrics: ClusterMetrics, owner: type[ClusterMetrics]) -> _Factory:
        def metric(**options: Unpack[MetricOptions]) -> cloudwatch.Metric:
            statistic = options.get("statistic")
            chosen: MetricOptions = {**options, "statistic": self.statistic if statistic is None else statistic}
            return metrics.metric(self.name, namespace=self.namespace, **chosen)

        return metric


class ClusterMetrics:
    """Metrics of one cluster; requires only its ID."""

    def __init__(self, cluster_id: str) -> None:
        """Define the metrics.

        :param cluster_id: ``j-...``
        :raises EmrError: the ID is empty or isn't a string.
        """
        check_types(cluster_id=(cluster_id, str))
        _check_texts(cluster_id=cluster_id)
        if not cluster_id:
            raise EmrError("cluster_id must be a cluster ID such as 'j-2AXXXXXXGAPLF', got ''; use cluster.cluster_id")
        self._cluster_id = cluster_id

    def metric(self, name: str, *, namespace: str = NAMESPACE, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the EMR metric ``name``, for metrics without a method.

        :param namespace: the namespace of the metric. Default: ``AWS/ElasticMapReduce``.
        :param options: see ``MetricOptions``. Default: the average of 5 minutes.
        :raises EmrError: an argument has the wrong type, or the period isn't a multiple of 1 minute, up to 1 day.
        """
        check_types(name=(name, str), namespace=(namespace, str))
        _check_texts(name=name, namespace=namespace)
        options = _checked_options(options)
        dimensions = {"JobFlowId": self._cluster_id}
        if namespace == _RESIZE_NAMESPACE:
            dimensions = {
                "ACCOUNT_ID": tokens.account(),
                "COMPONENT": "ManagerService",
                "JOB_FLOW_ID": self._cluster_id,
            }
        return cloudwatch.Metric(namespace=namespace, metric_name=name, dimensions_map=dimensions, **options)

    def increase(self, name: str, **options: Unpack[MetricOptions]) -> cloudwatch.MathExpression:
        """Return how much the counter ``name`` rose since the datapoint before.

        YARN counts failed, killed, completed and submitted applications until its ResourceManager restarts, and lost,
        rebooted and decommissioned nodes until they return: an alarm on such a counter may never return to OK. The
        first datapoint, after the start of the cluster or a gap, has none before it, so what it counts isn't part of
        the increase. After a restart of the ResourceManager the increase is negative.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
        https://hadoop.apache.org/docs/stable/hadoop-project-dist/hadoop-common/Metrics.html

        :param name: for example ``AppsKilled``.
        :param options: see ``MetricOptions``; the statistic is that of the counter. Default: the maximum of 5
            minutes, with the label ``New AppsKilled``.
        :raises EmrError: as for ``metric``, or ``name`` can't be the name of an EMR metric.
        """
        options = _checked_options(options)
        metric = self.metric(name, statistic=options.get("statistic", "Maximum"))
        if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name):
            raise EmrError(
                f"name must be an EMR metric name of letters and digits, got {name!r}; use a name such as AppsKilled"
            )
        counter, expression, label = increase_of(name)
        return cloudwatch.MathExpression(
            expression=expression,
            using_metrics={counter: metric},
            label=options.get("label", label),
            color=options.get("color"),
            period=options.get("period"),
        )

    is_idle = _EmrMetric("IsIdle")
    """1 if no YARN application ran when EMR checked, else 0; HBase, Presto and Trino aren't considered."""

    container_allocated = _EmrMetric("ContainerAllocated")
    container_reserved = _EmrMetric("ContainerReserved")
    container_pending = _EmrMetric("ContainerPending")
    container_pending_ratio = _EmrMetric("ContainerPendingRatio")
    """Containers pending to containers allocated; a ratio, not a percentage."""

    apps_completed = _EmrMetric("AppsCompleted", "Maximum")
    """A counter that YARN keeps until its ResourceManager restarts: see ``increase``."""
    apps_failed = _EmrMetric("AppsFailed", "Maximum")
    """A counter, see ``increase``."""
    apps_killed = _EmrMetric("AppsKilled", "Maximum")
    """A counter, see ``increase``."""
    apps_pending = _EmrMetric("AppsPending")
    apps_running = _EmrMetric("AppsRunning")
    apps_submitted = _EmrMetric("AppsSubmitted", "Maximum")
    """A counter, see ``increase``."""

    core_nodes_running = _EmrMetric("CoreNodesRunning")
    core_nodes_pending = _EmrMetric("CoreNodesPending")
    task_nodes_running = _EmrMetric("TaskNodesRunning")
    task_nodes_pending = _EmrMetric("TaskNodesPending")
    live_data_nodes = _EmrMetric("LiveDataNodes")
    """Percent of data nodes that receive work."""

    mr_total_nodes = _EmrMetric("MRTotalNodes")
    mr_active_nodes = _EmrMetric("MRActiveNodes")
    mr_lost_nodes = _EmrMetric("MRLostNodes", "Maximum")
    """Nodes that are lost until they return or the ResourceManager restarts: see ``increase``."""
    mr_unhealthy_nodes = _EmrMetric("MRUnhealthyNodes")
    mr_decommissioned_nodes = _EmrMetric("MRDecommissionedNodes", "Maximum")
    """A counter, see ``increase``."""
    mr_rebooted_nodes = _EmrMetric("MRRebootedNodes", "Maximum")
    """A counter, see ``increase``."""

    multi_master_instance_group_nodes_running = _EmrMetric("MultiMasterInstanceGroupNodesRunning")
    """Running primary nodes of a cluster with three primary nodes."""
    multi_master_instance_group_nodes_running_percentage = _EmrMetric("MultiMasterInstanceGroupNodesRunningPercentage")
    """Running to requested primary nodes. AWS documents both 0 to 100 and 0 to 1: use the number of nodes instead."""
    multi_master_instance_group_nodes_requested = _EmrMetric("MultiMasterInstanceGroupNodesRequested")

    s3_bytes_written = _EmrMetric("S3BytesWritten", "Sum")
    """Only of MapReduce jobs, like the other metrics of bytes read and written."""
    s3_bytes_read = _EmrMetric("S3BytesRead", "Sum")
    hdfs_bytes_read = _EmrMetric("HDFSBytesRead", "Sum")
    hdfs_bytes_written = _EmrMetric("HDFSBytesWritten", "Sum")
    hdfs_utilization = _EmrMetric("HDFSUtilization")
    """Percent of HDFS that is used."""
    missing_blocks = _EmrMetric("MissingBlocks")
    """HDFS blocks without a replica, which may be corrupt blocks."""
    corrupt_blocks = _EmrMetric("CorruptBlocks")
    total_load = _EmrMetric("TotalLoad")
    """Concurrent data transfers."""
    pending_deletion_blocks = _EmrMetric("PendingDeletionBlocks")
    under_replicated_blocks = _EmrMetric("UnderReplicatedBlocks")
    dfs_pending_replication_blocks = _EmrMetric("DfsPendingReplicationBlocks")
    capacity_remaining_gb = _EmrMetric("CapacityRemainingGB")

    memory_total_mb = _EmrMetric("MemoryTotalMB")
    memory_reserved_mb = _EmrMetric("MemoryReservedMB")
    memory_available_mb = _EmrMetric("MemoryAvailableMB")
    memory_allocated_mb = _EmrMetric("MemoryAllocatedMB")
    yarn_memory_available_percentage = _EmrMetric("YARNMemoryAvailablePercentage")

    # Only with managed scaling or auto-termination, every minute: units for fleets, nodes or vCPU for groups.
    total_units_requested = _EmrMetric("TotalUnitsRequested")
    total_units_running = _EmrMetric("TotalUnitsRunning")
    core_units_requested = _EmrMetric("CoreUnitsRequested")
    core_units_running = _EmrMetric("CoreUnitsRunning")
    task_units_requested = _EmrMetric("TaskUnitsRequested")
    task_units_running = _EmrMetric("TaskUnitsRunning")
    total_nodes_requested = _EmrMetric("TotalNodesRequested")
    total_nodes_running = _EmrMetric("TotalNodesRunning")
    core_nodes_requested = _EmrMetric("CoreNodesRequested")
    task_nodes_requested = _EmrMetric("TaskNodesRequested")
    total_vcpu_requested = _EmrMetric("TotalVCPURequested")
    total_vcpu_running = _EmrMetric("TotalVCPURunning")
    core_vcpu_requested = _EmrMetric("CoreVCPURequested")
    core_vcpu_running = _EmrMetric("CoreVCPURunning")
    task_vcpu_requested = _EmrMetric("TaskVCPURequested")
    task_vcpu_running = _EmrMetric("TaskVCPURunning")

    total_notebook_kernels = _EmrMetric("TotalNotebookKernels")
    """With auto-termination, from emr-6.4.0."""
    auto_termination_is_cluster_idle = _EmrMetric("AutoTerminationIsClusterIdle")
    """With auto-termination: 1 while the cluster is considered idle, else 0."""

    yarn_containers_used_memory_gb_seconds = _EmrMetric(
        "YarnContainersUsedMemoryGBSeconds", "Sum", namespace=_RESIZE_NAMESPACE
    )
    """From emr-7.3.0, as are the other sums of memory and vCPU."""
    yarn_containers_total_memory_gb_seconds = _EmrMetric(
        "YarnContainersTotalMemoryGBSeconds", "Sum", namespace=_RESIZE_NAMESPACE
    )
    yarn_nodes_used_vcpu_seconds = _EmrMetric("YarnNodesUsedVCPUSeconds", "Sum", namespace=_RESIZE_NAMESPACE)
    yarn_nodes_total_vcpu_seconds = _EmrMetric("YarnNodesTotalVCPUSeconds", "Sum", namespace=_RESIZE_NAMESPACE)


class Increase(NamedTuple):
    """The expression for the increase of a counter."""

    counter: str
    """The ID of the metric in the expression."""

    expression: str
    label: str


def increase_of(name: str) -> Increase:
    """Return how the increase of the counter ``name`` is computed."""
    counter = name.lower()
    return Increase(counter, f"DIFF({counter})", f"New {name}")


def _checked_options(options: MetricOptions) -> MetricOptions:
    """Return the options that are specified.

    :raises EmrError: an option is invalid.
    """
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    kinds = {"period": DURATION, "statistic": str, "label": str, "color": str}
    check_types(None, **{name: (given[name], kind) for name, kind in kinds.items() if name in given})
    _check_texts(**{name: value for name, value in given.items() if kinds.get(name) is str})
    color = given.get("color", "#000000")
    if not is_unknown(color) and not re.fullmatch("#[0-9A-Fa-f]{6}", color):
        raise EmrError(f"color must be six hexadecimal digits after '#', got {color!r}; use a color such as '#ff0000'")
    if given.get("statistic") == "":
        raise EmrError("statistic must not be empty, got ''; use for example 'Maximum', or omit it")
    if "period" in given:
        seconds = whole_seconds("the period", given["period"])
        if seconds % 60 or not 60 <= seconds <= _DAY:
            raise EmrError(
                f"period must be a multiple of 1 minute, up to 1 day, got {seconds} seconds; use a value such as "
                "Duration.minutes(5)"
            )
    return cast("MetricOptions", given)


def _check_texts(**texts: object) -> None:
    """Check that the arguments aren't number tokens."""
    problems = [
        f"{name} must be a string, got a number token; use a string token"
        for name, value in texts.items()
        if isinstance(value, float)
    ]
    if problems:
        raise EmrError(problems)
