"""Names, tags, log locations and additional information."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .._core.findings import Severity
from .constraints import at_most, constraint, matches, requires_release, unique, without
from .sources import api_reference, management_guide

if TYPE_CHECKING:
    from .registry import Part

_RUN = api_reference("RunJobFlow")
_TAGS = management_guide("emr-plan-tags")
_TAG_LIMITS = management_guide("emr-plan-tags-restrictions")
_EC2_TAGS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html"
_LOGS = management_guide("emr-plan-debugging")


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _long_value(tag: Part) -> str | None:
    length = len(tag.get("Value", ""))
    return f"{length} for the tag {tag.get('Key')!r}" if length > 256 else None


# fmt: off
matches("emr-cluster-name", "RunJobFlowInput", "Name", "[^<>$|`]+", what="cluster name",
        must="have 1 to 256 characters and none of <, >, $, | and backtick", fix="change the name", source=_RUN)
matches("emr-tag-key", "Tag", "Key", "(?![aA][wW][sS]:).{1,128}", what="tag key",
        must="have 1 to 128 characters and not begin with aws:", fix="change the key", source=_TAGS)
constraint("emr-tag-value", "Tag", "tag value must have at most 256 characters", _long_value,
           at="Value", fix="shorten the value", source=_TAGS)
unique("emr-tag-repeated", "RunJobFlowInput", "Tags", "Key", what="tag keys",
       fix="specify each key once", severity=Severity.WARNING, source=_TAG_LIMITS)
at_most("emr-tag-count", "RunJobFlowInput", "Tags", 50, what="tags of a cluster", fix="remove some",
        source=_EC2_TAGS)
matches("emr-log-uri", ("RunJobFlowInput", "S3MonitoringConfiguration"), "LogUri", "s3[na]?://[^/].*", what="log URI",
        must="be an S3 URI", fix="use s3://bucket/prefix/", source=_LOGS)
constraint("emr-log-key-without-uri", "RunJobFlowInput", "log encryption key requires a log URI",
           without("LogEncryptionKmsKeyId", "LogUri"), at="LogEncryptionKmsKeyId", fix="specify LogUri",
           library_fix="pass log_bucket to the ClusterProfile", severity=Severity.WARNING, source=_LOGS)
requires_release("emr-log-key-release", "RunJobFlowInput", {"log_encryption_kms": "LogEncryptionKmsKeyId"},
                 fix="use a later release, or remove the key", source=_LOGS)
constraint("emr-step-log-key-without-uri", "S3MonitoringConfiguration",
           "log encryption key of a step requires a log URI",
           without("EncryptionKeyArn", "LogUri"), at="EncryptionKeyArn", fix="specify LogUri",
           library_fix="use Step.with_logs(bucket, prefix)", severity=Severity.WARNING, source=_LOGS)
constraint("emr-additional-info", "RunJobFlowInput", "AdditionalInfo must be a JSON object",
           lambda cluster: "AdditionalInfo" in cluster and not _is_object(cluster.get("AdditionalInfo", "{}"))
           and repr(cluster.get("AdditionalInfo")), at="AdditionalInfo", fix="use the text of a JSON object",
           severity=Severity.WARNING, source=_RUN)
