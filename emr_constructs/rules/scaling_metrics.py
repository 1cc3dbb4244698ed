"""The metrics that automatic scaling rules watch: their names, namespace, dimensions, periods and thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Final

from .constraints import constraint, in_range
from .registry import At, Severity, rule
from .sources import api_reference, management_guide

if TYPE_CHECKING:
    from .parts import Part

_ALARM = api_reference("CloudWatchAlarmDefinition")
_VIEWING = management_guide("UsingEMR_ViewingMetrics")
_NAMESPACE: Final = "AWS/ElasticMapReduce"
_DIMENSION: Final = "JobFlowId"
_EMR_PERIOD: Final = 300
# Percentages from 0 to 100, unlike ContainerPendingRatio.
_PERCENTAGES: Final = ("HDFSUtilization", "LiveDataNodes", "YARNMemoryAvailablePercentage")
# Whether a high value means that the cluster has too few nodes.
_BUSY_IF_HIGH: Final = {
    "AppsPending": True, "ContainerPending": True, "ContainerPendingRatio": True, "HDFSUtilization": True,
    "MemoryAvailableMB": False, "YARNMemoryAvailablePercentage": False,
}  # fmt: skip
_PLACEHOLDER: Final = "${emr.clusterId}"
# The metrics that EMR publishes every five minutes.
_COUNTED: Final = (
    "ContainerAllocated ContainerReserved ContainerPending ContainerPendingRatio AppsCompleted AppsFailed AppsKilled "
    "AppsPending AppsRunning AppsSubmitted CoreNodesRunning CoreNodesPending TaskNodesRunning TaskNodesPending "
    "LiveDataNodes MRTotalNodes MRActiveNodes MRLostNodes MRUnhealthyNodes MRDecommissionedNodes MRRebootedNodes "
    "MultiMasterInstanceGroupNodesRunning MultiMasterInstanceGroupNodesRunningPercentage "
    "MultiMasterInstanceGroupNodesRequested S3BytesRead S3BytesWritten HDFSBytesRead HDFSBytesWritten HDFSUtilization "
    "MissingBlocks CorruptBlocks TotalLoad MemoryTotalMB MemoryReservedMB MemoryAvailableMB MemoryAllocatedMB "
    "YARNMemoryAvailablePercentage PendingDeletionBlocks UnderReplicatedBlocks DfsPendingReplicationBlocks "
    "CapacityRemainingGB IsIdle HbaseBackupFailed HBaseMostRecentBackupDuration HBaseTimeSinceLastSuccessfulBackup"
)
_METRICS: Final = frozenset(_COUNTED.split())
# Those of managed scaling and auto-termination, every minute.
_OTHER_METRICS: Final = frozenset(
    (
        "TotalNotebookKernels",
        "AutoTerminationIsClusterIdle",
        *map("".join, product(("Total", "Core", "Task"), ("Units", "Nodes", "VCPU"), ("Requested", "Running"))),
    )
)


def _misspelt_metric(definition: Part) -> str | None:
    name = definition.get("MetricName")
    if name is None or name in _METRICS or name in _OTHER_METRICS or not _is_of_emr(definition):
        return None
    known = {metric.lower(): metric for metric in (*_METRICS, *_OTHER_METRICS)}
    # Loaded only for a metric that EMR doesn't publish by itself.
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), known, n=1, cutoff=0.85)
    return f"{name!r}; did you mean {known[near[0]]!r}" if near else None


def _is_of_emr(definition: Part) -> bool:
    return "Namespace" not in definition or definition.get("Namespace") == _NAMESPACE


def _other_namespace(definition: Part) -> str | None:
    name, namespace = definition.get("MetricName"), definition.get("Namespace", _NAMESPACE)
    is_wrong = name in _METRICS and namespace.startswith("AWS/") and namespace != _NAMESPACE
    return f"{namespace!r} for {name}" if is_wrong else None


def _other_dimensions(definition: Part) -> str | None:
    dimensions = definition.items("Dimensions")
    keys = [dimension.get("Key", _DIMENSION) for dimension in dimensions]
    is_known = bool(keys) and definition.is_complete("Dimensions") and definition.get("MetricName") in _METRICS
    if not is_known or not _is_of_emr(definition):
        return None
    own = [dimension for dimension in dimensions if dimension.get("Key", "").lower() == _DIMENSION.lower()]
    if not own:
        return " and ".join(map(repr, keys))
    value = own[0].get("Value", "")
    return f"the value {value!r}" if value.startswith("$") and value != _PLACEHOLDER else None


def _backward(rule: Part) -> At | None:
    """The adjustment of a scaling rule that adds nodes if they have nothing to do, or removes them if they have."""
    simple = rule.part("Action").part("SimpleScalingPolicyConfiguration")
    definition = rule.part("Trigger").part("CloudWatchAlarmDefinition")
    name, adjustment = definition.get("MetricName"), simple.get("ScalingAdjustment")
    comparison = definition.get("ComparisonOperator", "")
    if not adjustment or simple.get("AdjustmentType") == "EXACT_CAPACITY" or not _is_of_emr(definition):
        return None
    if not comparison or name not in _BUSY_IF_HIGH:
        return None
    is_busy = comparison.startswith("GREATER") is _BUSY_IF_HIGH[name]
    if is_busy is (adjustment > 0):
        return None
    return At(simple.at("ScalingAdjustment"), f"{adjustment:+} for {name} {comparison}")


def _fraction(definition: Part) -> str | None:
    name, threshold = definition.get("MetricName"), definition.get("Threshold")
    is_fraction = name in _PERCENTAGES and _is_of_emr(definition) and threshold is not None and 0 < threshold < 1
    return f"{threshold:g} for {name}" if is_fraction else None


@rule("emr-scaling-period", "CloudWatchAlarmDefinition", at="Period", fix="use 300 seconds, or a multiple",
      severity=Severity.WARNING, source=_ALARM)  # fmt: skip
def _period_has_values(definition: Part) -> Iterator[str | tuple[str, str]]:
    """The period of a scaling rule must be a multiple of 300 seconds for a metric of EMR, otherwise at least 1."""
    period = definition.get("Period")
    is_published_by_emr = _is_of_emr(definition) and definition.get("MetricName") in _METRICS
    if period is None:
        return
    if period < 1:
        fix = "use at least 1, or 300 for a metric of EMR"
        yield f"period of a scaling rule must be at least 1 second, got {period}", fix
    elif is_published_by_emr and period % _EMR_PERIOD:
        yield f"period of a scaling rule for a metric of EMR must be a multiple of 300 seconds, got {period}"


# fmt: off
constraint("emr-scaling-metric", "CloudWatchAlarmDefinition", "metric of a scaling rule must be one of EMR",
           _misspelt_metric, at="MetricName", fix="correct the name of the metric, or specify its Namespace",
           library_fix="correct the name of the metric, or pass its namespace", severity=Severity.WARNING,
           source=_VIEWING)
constraint("emr-scaling-namespace", "CloudWatchAlarmDefinition",
           f"namespace of a metric of EMR must be {_NAMESPACE}", _other_namespace,
           at="Namespace", fix=f"remove the namespace, or use {_NAMESPACE}", severity=Severity.WARNING, source=_VIEWING)
constraint("emr-scaling-dimension", "CloudWatchAlarmDefinition",
           f"a metric of EMR must have the dimension {_DIMENSION}, because it has no values for others",
           _other_dimensions, at="Dimensions",
           fix=f"remove the dimensions, or use {_DIMENSION} with the value {_PLACEHOLDER}",
           severity=Severity.WARNING, source=_VIEWING)
constraint("emr-scaling-direction", "ScalingRule",
           "a scaling rule must add nodes if the cluster has too few, and remove nodes if it has too many", _backward,
           fix="change the sign of the adjustment, or the comparison", severity=Severity.WARNING, source=_VIEWING)
constraint("emr-scaling-threshold", "CloudWatchAlarmDefinition",
           "threshold of a metric in percent must be 0 or at least 1, because 15 stands for 15%", _fraction,
           at="Threshold", fix="use a number of percent such as 15", severity=Severity.WARNING, source=_VIEWING)
in_range("emr-scaling-evaluation-periods", "CloudWatchAlarmDefinition", "EvaluationPeriods", 1,
         what="evaluation periods of a scaling rule", source=_ALARM)
