"""Logs that the cluster sends to Amazon CloudWatch, and which logs it uploads to Amazon S3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .constraints import constraint, requires_release
from .parts import Part
from .registry import At, Severity, rule
from .releases import lacks_application
from .sources import api_reference, management_guide

_PAGE: Final = management_guide("emr-plan-logging-cw")
_LOG_TYPES: Final = ("STEP_LOGS", "SPARK_DRIVER", "SPARK_EXECUTOR")
_FILES: Final = ("STDOUT", "STDERR")
_OWN_BUCKET: Final = "on-customer-s3only"
_GROUP: Final = regex(r"[\w./#-]{1,512}")
_KEY: Final = regex(r"arn:[^:]*:kms:.*")
_AGENT: Final = "AmazonCloudWatchAgent"


def _sends_logs(cluster: Part) -> bool:
    logs = cluster.part("MonitoringConfiguration").part("CloudWatchLogConfiguration")
    return logs.get("Enabled") is True


@rule("emr-monitoring-log-types", "CloudWatchLogConfiguration", fix="correct the name", severity=Severity.WARNING,
      source=_PAGE)  # fmt: skip
def _log_types_exist(logs: Part) -> Iterator[At]:
    """The types of logs in CloudWatch must be STEP_LOGS, SPARK_DRIVER or SPARK_EXECUTOR, each of STDOUT and STDERR."""
    types: dict[str, list[str]] = logs.get("LogTypes", {})
    for name, files in types.items():
        if name not in _LOG_TYPES:
            known = f"{', '.join(_LOG_TYPES[:-1])} or {_LOG_TYPES[-1]}"
            yield At(logs.at("LogTypes", name), f"the types of logs in CloudWatch must be {known}, got {name!r}")
        for file in files if isinstance(files, list) else ():
            if isinstance(file, str) and file.upper() not in _FILES:
                known = " or ".join(_FILES)
                message = f"a log of {name} in CloudWatch must be {known}, got {file!r}"
                yield At(logs.at("LogTypes", name), message, f"use {known}")


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


@rule("emr-monitoring-log-group", "CloudWatchLogConfiguration", fix="use the name of the log group",
      severity=Severity.WARNING, source=_PAGE)  # fmt: skip
def _log_group_and_key_have_names(logs: Part) -> Iterator[At]:
    """A log group must be specified by its name of letters, digits and . - _ / #, and its key by its ARN."""
    group, key = logs.get("LogGroupName", "x"), logs.get("EncryptionKeyArn", "arn:aws:kms:")
    if not _GROUP.fullmatch(group):
        yield At(logs.at("LogGroupName"), f"LogGroupName must be the name of a log group, got {group!r}")
    if not _KEY.fullmatch(key):
        message = f"EncryptionKeyArn must be the ARN of a KMS key, got {key!r}"
        yield At(logs.at("EncryptionKeyArn"), message, "use the ARN of the key")


# fmt: off
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
           fix="use 'emr-managed' or 'disabled'", source=api_reference("S3LoggingConfiguration"))
constraint("emr-s3-log-policy-uri", "RunJobFlowInput",
           f"logs that are uploaded only to your bucket ({_OWN_BUCKET}) require a LogUri", _without_bucket,
           fix="specify LogUri, or use 'emr-managed' or 'disabled'",
           library_fix="pass log_bucket or log_uri to the profile, or use 'emr-managed' or 'disabled'",
           source=api_reference("S3LoggingConfiguration"))
