"""Names, tags, log locations and additional information."""

from __future__ import annotations

import json
from collections.abc import Iterator

from .registry import Part, rule
from .releases import lacks
from .sources import api_reference, management_guide

_FORBIDDEN = "<>$|`"
_TAGS = management_guide("emr-plan-tags")
_LOGS = management_guide("emr-plan-debugging")


@rule(
    "emr-cluster-name",
    "RunJobFlowInput",
    do=f"use 1 to 256 characters and none of {_FORBIDDEN}",
    source=api_reference("RunJobFlow"),
)
def _cluster_name_is_allowed(cluster: Part) -> Iterator[str]:
    """The name of a cluster is not empty and has none of the characters <, >, $, | and backtick."""
    name = cluster.get("Name")
    if name is not None and (not name or any(character in name for character in _FORBIDDEN)):
        yield f"the cluster name is {name!r}"


@rule("emr-tag-key", "Tag", do="use 1 to 128 characters, and another prefix than aws:", source=_TAGS)
def _tag_key_is_allowed(tag: Part) -> Iterator[str]:
    """A tag key has 1 to 128 characters and does not begin with ``aws:``."""
    key = tag.get("Key")
    if key is not None and (not 1 <= len(key) <= 128 or key.lower().startswith("aws:")):
        yield f"a tag key is {key!r}"


@rule("emr-tag-value", "Tag", do="use 256 characters at most", source=_TAGS)
def _tag_value_is_allowed(tag: Part) -> Iterator[str]:
    """A tag value has at most 256 characters."""
    value = tag.get("Value")
    if value is not None and len(value) > 256:
        yield f"the value of the tag {tag.get('Key')!r} has {len(value)} characters"


@rule("emr-log-uri", "RunJobFlowInput", "S3MonitoringConfiguration", do="use s3://bucket/prefix/", source=_LOGS)
def _logs_go_to_s3(part: Part) -> Iterator[str]:
    """The logs of a cluster and of its steps go to S3."""
    uri = part.get("LogUri")
    if uri is not None and not uri.startswith(("s3://", "s3n://", "s3a://")):
        yield f"the log URI is {uri!r}"


@rule("emr-log-key-without-uri", "RunJobFlowInput", do="give a log URI too", source=_LOGS)
def _log_key_needs_logs(cluster: Part) -> Iterator[str]:
    """A key for the logs needs a place for the logs."""
    if "LogEncryptionKmsKeyId" in cluster and "LogUri" not in cluster:
        yield "the logs have an encryption key and no location"


@rule("emr-log-key-release", "RunJobFlowInput", do="use a newer release, or leave the key out", source=_LOGS)
def _log_key_needs_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Log encryption with a KMS key needs a release from 5.30.0 on, and not 6.0.0."""
    if "LogEncryptionKmsKeyId" in cluster:
        yield from lacks(cluster, "log_encryption_kms")


@rule("emr-step-log-key-without-uri", "S3MonitoringConfiguration", do="give a log URI too", source=_LOGS)
def _step_log_key_needs_logs(logs: Part) -> Iterator[str]:
    """A key for the logs of a step needs a place for them."""
    if "EncryptionKeyArn" in logs and "LogUri" not in logs:
        yield "the logs of a step have an encryption key and no location"


@rule("emr-additional-info", "RunJobFlowInput", do="give a JSON object", source=api_reference("RunJobFlow"))
def _additional_info_is_json(cluster: Part) -> Iterator[str]:
    """The additional information about a cluster is a JSON object."""
    text = cluster.get("AdditionalInfo")
    if text is None:
        return
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        yield f"the additional information is {text!r}"
