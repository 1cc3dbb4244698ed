from __future__ import annotations

import re

import pytest
from aws_cdk import Duration

from emr_constructs import ClusterMetrics
from emr_constructs.monitoring.metrics import _EmrMetric

DECLARED = {name: metric for name, metric in vars(ClusterMetrics).items() if isinstance(metric, _EmrMetric)}
# The metrics page of the EMR Management Guide, without those of Hadoop 1 and of HBase backups.
DOCUMENTED = """
    IsIdle ContainerAllocated ContainerReserved ContainerPending ContainerPendingRatio AppsCompleted AppsFailed
    AppsKilled AppsPending AppsRunning AppsSubmitted CoreNodesRunning CoreNodesPending TaskNodesRunning
    TaskNodesPending LiveDataNodes MRTotalNodes MRActiveNodes MRLostNodes MRUnhealthyNodes MRDecommissionedNodes
    MRRebootedNodes MultiMasterInstanceGroupNodesRunning MultiMasterInstanceGroupNodesRunningPercentage
    MultiMasterInstanceGroupNodesRequested S3BytesWritten S3BytesRead HDFSBytesRead HDFSBytesWritten HDFSUtilization
    MissingBlocks CorruptBlocks TotalLoad PendingDeletionBlocks UnderReplicatedBlocks DfsPendingReplicationBlocks
    CapacityRemainingGB MemoryTotalMB MemoryReservedMB MemoryAvailableMB MemoryAllocatedMB
    YARNMemoryAvailablePercentage TotalUnitsRequested TotalUnitsRunning CoreUnitsRequested CoreUnitsRunning
    TaskUnitsRequested TaskUnitsRunning TotalNodesRequested TotalNodesRunning CoreNodesRequested TaskNodesRequested
    TotalVCPURequested TotalVCPURunning CoreVCPURequested CoreVCPURunning TaskVCPURequested TaskVCPURunning
    TotalNotebookKernels AutoTerminationIsClusterIdle YarnContainersUsedMemoryGBSeconds
    YarnContainersTotalMemoryGBSeconds YarnNodesUsedVCPUSeconds YarnNodesTotalVCPUSeconds
""".split()  # noqa: SIM905


def test_every_documented_metric_has_a_method():
    assert sorted(metric.name for metric in DECLARED.values()) == sorted(DOCUMENTED)


@pytest.mark.parametrize(("name", "metric"), DECLARED.items())
def test_a_method_is_named_like_its_metric(name, metric):
    assert re.sub("[^a-z0-9]", "", name) == metric.name.lower()


def test_a_metric_belongs_to_the_cluster():
    metric = ClusterMetrics("j-1").hdfs_utilization()
    assert (metric.namespace, metric.metric_name) == ("AWS/ElasticMapReduce", "HDFSUtilization")
    assert metric.dimensions == {"JobFlowId": "j-1"}
    assert metric.statistic == "Average"
    assert metric.period.to_minutes() == 5


def test_takes_options():
    metric = ClusterMetrics("j-1").apps_failed(statistic="Maximum", period=Duration.minutes(1), label="failed")
    assert (metric.statistic, metric.period.to_minutes(), metric.label) == ("Maximum", 1, "failed")


def test_counts_of_events_are_summed():
    assert ClusterMetrics("j-1").apps_failed().statistic == "Sum"


def test_metrics_of_managed_resize_have_dimensions_of_their_own(stack):
    metric = ClusterMetrics("j-1").yarn_nodes_used_vcpu_seconds()
    assert metric.namespace == "AWS_EMR_ManagedResize"
    assert stack.resolve(metric.dimensions) == {
        "ACCOUNT_ID": {"Ref": "AWS::AccountId"},
        "COMPONENT": "ManagerService",
        "JOB_FLOW_ID": "j-1",
    }


def test_takes_a_metric_that_has_no_method():
    assert ClusterMetrics("j-1").metric("NewMetric", statistic="Sum").metric_name == "NewMetric"
