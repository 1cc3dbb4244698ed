"""The metrics that automatic scaling rules watch: their names, namespace, dimensions, periods and thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from .._core.nearest import nearest
from .constraints import constraint, in_range
from .parts import Part
from .registry import At, Severity, rule
from .sources import api_reference, management_guide

_ALARM = api_reference("CloudWatchAlarmDefinition")
_VIEWING = management_guide("UsingEMR_ViewingMetrics")
_NAMESPACE: Final = "AWS/ElasticMapReduce"
_DIMENSION: Final = "JobFlowId"
_EMR_PERIOD: Final = 300
# Percentages from 0 to 100, unlike ContainerPendingRatio.
_PERCENTAGES: Final = ("HDFSUtilization", "LiveDataNodes", "YARNMemoryAvailablePercentage")
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
_HIGH_WHEN_BUSY: Final = ("AppsPending", "ContainerPending", "ContainerPendingRatio", "HDFSUtilization")
_LOW_WHEN_BUSY: Final = ("CapacityRemainingGB", "IsIdle", "MemoryAvailableMB", "YARNMemoryAvailablePercentage")
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
    near = nearest(name, (*_METRICS, *_OTHER_METRICS), cutoff=0.85)
    return f"{name!r}; did you mean {near!r}" if near else None


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


def _fraction(definition: Part) -> str | None:
    name, threshold = definition.get("MetricName"), definition.get("Threshold")
    is_fraction = name in _PERCENTAGES and _is_of_emr(definition) and threshold is not None and 0 < threshold < 1
    return f"{threshold:g} for {name}" if is_fraction else None


@rule("emr-scaling-period", "CloudWatchAlarmDefinition", at="Period", fix="use 300 seconds, or a multiple",
      severity=Severity.WARNING, source=_ALARM)  # fmt: skip
def _period_has_values(definition: Part) -> Iterator[str | tuple[str, str]]:
    """The period of a scaling rule must be a multiple of 300 seconds for an EMR metric, otherwise at least 1."""
    period = definition.get("Period")
    is_published_by_emr = _is_of_emr(definition) and definition.get("MetricName") in _METRICS
    if period is None:
        return
    if period < 1:
        fix = "use at least 1, or 300 for an EMR metric"
        yield f"period of a scaling rule must be at least 1 second, got {period}", fix
    elif is_published_by_emr and period % _EMR_PERIOD:
        yield f"period of a scaling rule for an EMR metric must be a multiple of 300 seconds, got {period}"


def _other_direction(scaling: Part) -> At | None:
    action = scaling.part("Action").part("SimpleScalingPolicyConfiguration")
    definition = scaling.part("Trigger").part("CloudWatchAlarmDefinition")
    name, operator = definition.get("MetricName", ""), definition.get("ComparisonOperator", "")
    adjustment = action.get("ScalingAdjustment", 0)
    is_relative = action.get("AdjustmentType", "CHANGE_IN_CAPACITY") != "EXACT_CAPACITY"
    if not (is_relative and _is_of_emr(definition) and operator and name in (*_HIGH_WHEN_BUSY, *_LOW_WHEN_BUSY)):
        return None
    is_busy = operator.startswith("GREATER") == (name in _HIGH_WHEN_BUSY)
    if adjustment == 0 or is_busy == (adjustment > 0):
        return None
    got = f"{adjustment} if {name} is {operator.lower().replace('_', ' ')} {definition.get('Threshold')}"
    return At(action.at("ScalingAdjustment"), got)


# fmt: off
constraint("emr-scaling-direction", "ScalingRule",
           "a scaling rule must add nodes when the cluster is busy, and remove nodes when it is idle", _other_direction,
           fix="change the sign of the adjustment, or the comparison operator", severity=Severity.WARNING,
           source=management_guide("emr-automatic-scaling"))
constraint("emr-scaling-metric", "CloudWatchAlarmDefinition", "the metric of a scaling rule must be an EMR metric",
           _misspelt_metric, at="MetricName", fix="correct the name of the metric, or specify its Namespace",
           library_fix="correct the name of the metric, or pass its namespace", severity=Severity.WARNING,
           source=_VIEWING)
constraint("emr-scaling-namespace", "CloudWatchAlarmDefinition",
           f"the namespace of an EMR metric must be {_NAMESPACE}", _other_namespace,
           at="Namespace", fix=f"remove the namespace, or use {_NAMESPACE}", severity=Severity.WARNING, source=_VIEWING)
constraint("emr-scaling-dimension", "CloudWatchAlarmDefinition",
           f"an EMR metric must have the dimension {_DIMENSION}, because it has no values for others",
           _other_dimensions, at="Dimensions",
           fix=f"remove the dimensions, or use {_DIMENSION} with the value {_PLACEHOLDER}",
           severity=Severity.WARNING, source=_VIEWING)
constraint("emr-scaling-threshold", "CloudWatchAlarmDefinition",
           "the threshold of a metric in percent must be 0 or at least 1, because 15 stands for 15%", _fraction,
           at="Threshold", fix="use a percentage such as 15", severity=Severity.WARNING, source=_VIEWING)
in_range("emr-scaling-evaluation-periods", "CloudWatchAlarmDefinition", "EvaluationPeriods", 1,
         what="the evaluation periods of a scaling rule", source=_ALARM)
