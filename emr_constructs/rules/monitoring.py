"""Logs that the cluster sends to Amazon CloudWatch, and which logs it uploads to Amazon S3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint, requires_release
from .registry import At, Part, Severity
from .releases import has_application, knows_applications
from .sources import api_reference, management_guide

_PAGE: Final = management_guide("emr-monitor-cloudwatch-logs")
_LOG_TYPES: Final = ("STEP_LOGS", "SPARK_DRIVER", "SPARK_EXECUTOR")
_AGENT: Final = "AmazonCloudWatchAgent"


def _sends_logs(cluster: Part) -> bool:
    logs = cluster.part("MonitoringConfiguration").part("CloudWatchLogConfiguration")
    return logs.get("Enabled") is True


def _lacks_agent(cluster: Part) -> bool:
    return _sends_logs(cluster) and knows_applications(cluster) and not has_application(cluster, _AGENT)


def _other_log_types(logs: Part) -> Iterator[At]:
    types: dict[str, list[str]] = logs.get("LogTypes", {})
    yield from (At(logs.at("LogTypes", name), repr(name)) for name in types if name not in _LOG_TYPES)


# fmt: off
constraint("emr-monitoring-log-types", "CloudWatchLogConfiguration",
           f"types of logs in CloudWatch must be {', '.join(_LOG_TYPES[:-1])} or {_LOG_TYPES[-1]}", _other_log_types,
           fix="correct the name", severity=Severity.WARNING, source=_PAGE)
requires_release("emr-monitoring-release", "RunJobFlowInput", {
    "cloudwatch_logs": _sends_logs,
    "s3_log_policy": lambda cluster: "S3LoggingConfiguration" in cluster.part("MonitoringConfiguration"),
}, fix="use a later release, or remove the configuration", source=api_reference("MonitoringConfiguration"))
constraint("emr-monitoring-agent", "RunJobFlowInput",
           f"logs in CloudWatch require the application {_AGENT}, which sends them", _lacks_agent,
           at="Applications", fix=f"add {_AGENT} to the applications", severity=Severity.WARNING, source=_PAGE)
