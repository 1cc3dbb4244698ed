from __future__ import annotations

import re

import pytest
from aws_cdk import Duration

from emr_constructs import ClusterMetrics, EmrError
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


@pytest.mark.parametrize(
    "name",
    [
        "apps_completed",
        "apps_failed",
        "apps_killed",
        "apps_submitted",
        "mr_decommissioned_nodes",
        "mr_lost_nodes",
        "mr_rebooted_nodes",
    ],
)
def test_counters_are_not_summed(name):
    """With managed scaling, EMR publishes some of them every minute: a sum would be five times too high."""
    assert getattr(ClusterMetrics("j-1"), name)().statistic == "Maximum"


class TestIncrease:
    def test_is_the_difference_of_the_counter(self):
        increase = ClusterMetrics("j-1").increase("AppsKilled")
        assert increase.expression == "DIFF(appskilled)"
        ((name, counter),) = increase.using_metrics.items()
        assert (name, counter.metric_name, counter.statistic) == ("appskilled", "AppsKilled", "Maximum")
        assert counter.dimensions == {"JobFlowId": "j-1"}
        assert increase.label == "New AppsKilled"
        assert increase.period.to_minutes() == 5

    def test_takes_options(self):
        increase = ClusterMetrics("j-1").increase(
            "MRLostNodes", period=Duration.minutes(10), statistic="Average", label="lost", color="#ff0000"
        )
        assert (increase.period.to_minutes(), increase.label, increase.color) == (10, "lost", "#ff0000")
        (counter,) = increase.using_metrics.values()
        assert (counter.statistic, counter.period.to_minutes(), counter.label) == ("Average", 10, None)

    @pytest.mark.parametrize("name", ["", "Apps Failed", "1st", "DIFF(m1)"])
    def test_rejects_what_is_no_name(self, name):
        message = f"name must be an EMR metric name of letters and digits, got {name!r}; use a name such as AppsKilled"
        with pytest.raises(EmrError, match=re.escape(message)):
            ClusterMetrics("j-1").increase(name)


@pytest.mark.parametrize("name", ["metric", "increase"])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": 5}, "name must be a string, got 5"),
        ({"period": 5}, "period must be a cdk.Duration, got 5"),
        ({"statistic": max}, "statistic must be a string, got <built-in function max>"),
        ({"label": 5}, "label must be a string, got 5"),
        ({"color": 5}, "color must be a string, got 5"),
        (
            {"period": Duration.seconds(90)},
            r"period must be a multiple of 1 minute, up to 1 day, got 90 seconds; use a value such as Duration\.",
        ),
        ({"period": Duration.days(2)}, "period must be a multiple of 1 minute, up to 1 day, got 172800 seconds"),
        ({"period": Duration.seconds(0)}, "period must be a multiple of 1 minute, up to 1 day, got 0 seconds"),
    ],
)
def test_rejects_bad_arguments(name, options, message):
    with pytest.raises(EmrError, match=message):
        getattr(ClusterMetrics("j-1"), name)(**{"name": "AppsKilled", **options})


def test_named_metrics_reject_bad_options_too():
    with pytest.raises(EmrError, match=r"period must be a cdk\.Duration, got 5"):
        ClusterMetrics("j-1").apps_failed(period=5)


def test_rejects_a_namespace_that_is_no_text():
    with pytest.raises(EmrError, match="namespace must be a string, got None"):
        ClusterMetrics("j-1").metric("AppsKilled", namespace=None)


def test_rejects_a_cluster_id_that_is_no_text():
    with pytest.raises(EmrError, match="cluster_id must be a string, got 5"):
        ClusterMetrics(5)


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
