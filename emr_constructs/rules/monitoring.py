"""Logs that the cluster sends to Amazon CloudWatch, and which logs it uploads to Amazon S3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint, requires_release
from .parts import Part
from .registry import At, Severity
from .releases import lacks_application
from .sources import api_reference, management_guide

_PAGE: Final = management_guide("emr-plan-logging-cw")
_LOG_TYPES: Final = ("STEP_LOGS", "SPARK_DRIVER", "SPARK_EXECUTOR")
_OWN_BUCKET: Final = "on-customer-s3only"
_AGENT: Final = "AmazonCloudWatchAgent"


def _sends_logs(cluster: Part) -> bool:
    logs = cluster.part("MonitoringConfiguration").part("CloudWatchLogConfiguration")
    return logs.get("Enabled") is True


def _in_own_bucket_only(logs: Part, *names: str) -> Iterator[tuple[str, str]]:
    """The types of logs, of those in ``names``, that are uploaded to no bucket of EMR, each with its place."""
    policies: dict[str, str] = logs.get("LogTypeUploadPolicy", {})
    return ((name, logs.at("LogTypeUploadPolicy", name)) for name in names if policies.get(name) == _OWN_BUCKET)


def _without_bucket(cluster: Part) -> Iterator[At]:
    # A request without a service role is a part of one: where its logs go is not known yet.
    if "ServiceRole" in cluster and "LogUri" not in cluster:
        logs = cluster.part("MonitoringConfiguration").part("S3LoggingConfiguration")
        for name, place in _in_own_bucket_only(logs, "system-logs", "application-logs"):
            yield At(place, repr(name))


# fmt: off
constraint("emr-monitoring-log-types", "CloudWatchLogConfiguration",
           f"the types of logs in CloudWatch must be {', '.join(_LOG_TYPES[:-1])} or {_LOG_TYPES[-1]}",
           lambda logs: [At(logs.at("LogTypes", name), repr(name)) for name in logs.get("LogTypes", {})
                         if name not in _LOG_TYPES],
           fix="correct the name", severity=Severity.WARNING, source=_PAGE)
requires_release("emr-monitoring-release", "RunJobFlowInput", {
    "cloudwatch_logs": _sends_logs,
    "s3_log_policy": lambda cluster: "S3LoggingConfiguration" in cluster.part("MonitoringConfiguration"),
}, fix="use a later release, or remove the configuration", source=api_reference("MonitoringConfiguration"))
constraint("emr-monitoring-agent", "RunJobFlowInput",
           f"logs in CloudWatch require the application {_AGENT}, which sends them",
           lambda cluster: _sends_logs(cluster) and lacks_application(cluster, _AGENT),
           at="Applications", fix=f"add {_AGENT} to the applications", severity=Severity.WARNING, source=_PAGE)
constraint("emr-s3-log-policy", "S3LoggingConfiguration",
           "the policy of persistent-ui-logs must be emr-managed or disabled, because EMR shows the interfaces from "
           "its own copy",
           lambda logs: (At(place, repr(_OWN_BUCKET)) for _, place in _in_own_bucket_only(logs, "persistent-ui-logs")),
           fix="use 'emr-managed' or 'disabled'",
           source=api_reference("S3LoggingConfiguration"))
constraint("emr-s3-log-policy-uri", "RunJobFlowInput",
           f"logs that are uploaded only to your bucket ({_OWN_BUCKET}) require a LogUri", _without_bucket,
           fix="specify LogUri, or use 'emr-managed' or 'disabled'",
           library_fix="pass log_bucket or log_uri to the profile, or use 'emr-managed' or 'disabled'",
           source=api_reference("S3LoggingConfiguration"))
