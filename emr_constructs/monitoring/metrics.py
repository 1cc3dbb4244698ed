"""The metrics that EMR publishes about a cluster, by name.

``cluster.metrics.hdfs_utilization(statistic="Maximum")`` is a ``cloudwatch.Metric`` for alarms and dashboards. EMR
publishes a datapoint every five minutes, for managed scaling every minute.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_ViewingMetrics.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypedDict, Unpack

from aws_cdk import aws_cloudwatch as cloudwatch

from .. import _aws

if TYPE_CHECKING:
    from aws_cdk import Duration

__all__ = ["ClusterMetrics", "MetricOptions"]

NAMESPACE: Final = "AWS/ElasticMapReduce"
_RESIZE_NAMESPACE: Final = "AWS_EMR_ManagedResize"


class MetricOptions(TypedDict, total=False):
    """How a metric is read and shown."""

    period: Duration
    """Default: five minutes."""

    statistic: str
    """For example ``Maximum`` or ``Sum``. Default: the one that fits the metric."""

    label: str
    """Default: the name of the metric."""

    color: str
    """In graphs, such as ``#ff0000``. Default: chosen by CloudWatch."""


class _Factory(Protocol):
    def __call__(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric: ...


class _EmrMetric:
    """Declares a metric of :class:`ClusterMetrics`."""

    def __init__(self, name: str, statistic: str = "Average", *, namespace: str = NAMESPACE) -> None:
        self.name = name
        self.statistic = statistic
        self.namespace = namespace

    def __get__(self, metrics: ClusterMetrics, owner: type[ClusterMetrics]) -> _Factory:
        def metric(**options: Unpack[MetricOptions]) -> cloudwatch.Metric:
            chosen: MetricOptions = {"statistic": self.statistic, **options}
            return metrics.metric(self.name, namespace=self.namespace, **chosen)

        return metric


class ClusterMetrics:
    """Metrics of one cluster; needs no more than its id."""

    def __init__(self, cluster_id: str) -> None:
        """:param cluster_id: ``j-...``"""
        self._cluster_id = cluster_id

    def metric(self, name: str, *, namespace: str = NAMESPACE, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """The metric ``name`` of EMR, for one that has no method here.

        :param namespace: Default: ``AWS/ElasticMapReduce``.
        :param options: see :class:`MetricOptions`. Default: the average of five minutes.
        """
        dimensions = {"JobFlowId": self._cluster_id}
        if namespace == _RESIZE_NAMESPACE:
            dimensions = {
                "ACCOUNT_ID": _aws.account(),
                "COMPONENT": "ManagerService",
                "JOB_FLOW_ID": self._cluster_id,
            }
        return cloudwatch.Metric(namespace=namespace, metric_name=name, dimensions_map=dimensions, **options)

    is_idle = _EmrMetric("IsIdle")
    """1 while nothing runs and nothing is pending, else 0."""

    container_allocated = _EmrMetric("ContainerAllocated")
    container_reserved = _EmrMetric("ContainerReserved")
    container_pending = _EmrMetric("ContainerPending")
    container_pending_ratio = _EmrMetric("ContainerPendingRatio")
    """Containers pending to containers allocated; a ratio, not a percentage."""

    apps_completed = _EmrMetric("AppsCompleted", "Sum")
    apps_failed = _EmrMetric("AppsFailed", "Sum")
    apps_killed = _EmrMetric("AppsKilled", "Sum")
    apps_pending = _EmrMetric("AppsPending")
    apps_running = _EmrMetric("AppsRunning")
    apps_submitted = _EmrMetric("AppsSubmitted", "Sum")

    core_nodes_running = _EmrMetric("CoreNodesRunning")
    core_nodes_pending = _EmrMetric("CoreNodesPending")
    task_nodes_running = _EmrMetric("TaskNodesRunning")
    task_nodes_pending = _EmrMetric("TaskNodesPending")
    live_data_nodes = _EmrMetric("LiveDataNodes")
    """Percent of data nodes that get work."""

    mr_total_nodes = _EmrMetric("MRTotalNodes")
    mr_active_nodes = _EmrMetric("MRActiveNodes")
    mr_lost_nodes = _EmrMetric("MRLostNodes")
    mr_unhealthy_nodes = _EmrMetric("MRUnhealthyNodes")
    mr_decommissioned_nodes = _EmrMetric("MRDecommissionedNodes")
    mr_rebooted_nodes = _EmrMetric("MRRebootedNodes")

    multi_master_instance_group_nodes_running = _EmrMetric("MultiMasterInstanceGroupNodesRunning")
    multi_master_instance_group_nodes_running_percentage = _EmrMetric("MultiMasterInstanceGroupNodesRunningPercentage")
    """Running master nodes to requested ones, 0 to 1."""
    multi_master_instance_group_nodes_requested = _EmrMetric("MultiMasterInstanceGroupNodesRequested")

    s3_bytes_written = _EmrMetric("S3BytesWritten", "Sum")
    """Of MapReduce jobs only, like the other bytes read and written."""
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

    # With managed scaling or auto-termination, every minute: units for fleets, nodes or vCPU for groups.
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
    """With auto-termination, from emr-6.4.0 on."""
    auto_termination_is_cluster_idle = _EmrMetric("AutoTerminationIsClusterIdle")
    """With auto-termination: 1 while the cluster counts as idle, else 0."""

    yarn_containers_used_memory_gb_seconds = _EmrMetric(
        "YarnContainersUsedMemoryGBSeconds", "Sum", namespace=_RESIZE_NAMESPACE
    )
    """From emr-7.3.0 on, like the other sums of memory and vCPU."""
    yarn_containers_total_memory_gb_seconds = _EmrMetric(
        "YarnContainersTotalMemoryGBSeconds", "Sum", namespace=_RESIZE_NAMESPACE
    )
    yarn_nodes_used_vcpu_seconds = _EmrMetric("YarnNodesUsedVCPUSeconds", "Sum", namespace=_RESIZE_NAMESPACE)
    yarn_nodes_total_vcpu_seconds = _EmrMetric("YarnNodesTotalVCPUSeconds", "Sum", namespace=_RESIZE_NAMESPACE)
