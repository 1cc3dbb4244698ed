"""Names, tags, log locations and additional information."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from .._core.findings import Severity
from .._core.patterns import regex
from .constraints import at_most, constraint, matches, requires_release, text_is, unique, without
from .parts import Part
from .registry import At
from .s3_addresses import uri_instead
from .sources import api_reference, management_guide
from .studio import STUDIO

__all__ = ["MANAGED_TAG"]

MANAGED_TAG: Final = "for-use-with-amazon-emr-managed-policies"
"""The key of the tag that AmazonEMRServicePolicy_v2 requires, with the value ``true``."""

_RUN = api_reference("RunJobFlow")
_TAGS = management_guide("emr-plan-tags")
_TAG_LIMITS = management_guide("emr-plan-tags-restrictions")
_EC2_TAGS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html"
_LOGS = management_guide("emr-plan-debugging")
_WITH_URIS: Final = ("RunJobFlowInput", "S3MonitoringConfiguration", "ScriptBootstrapActionConfig",
                     "HadoopJarStepConfig", STUDIO)  # fmt: skip
_LOCATIONS: Final = ("LogUri", "Path", "Jar", "DefaultS3Location")
_S3: Final = regex(r"\s*s3[na]?://([^/]+).*", re.DOTALL)
_NOT_IN_BUCKETS: Final = regex(r"[^a-z0-9.-]")
# Of AWS's documentation.
_PLACEHOLDERS: Final = ("region.elasticmapreduce", "myregion.elasticmapreduce", "your-region.elasticmapreduce")
_NOT_A_KEY: Final = regex(r"key-[0-9a-f]{17}|arn:.*|.*\.(pem|ppk|pub)")


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _uris(part: Part) -> Iterator[tuple[str, str, str]]:
    """The locations and arguments of a part that are S3 URIs: the text, its property and its place."""
    for member in _LOCATIONS:
        if (text := part.get(member)) and _S3.fullmatch(text):
            yield text, member, part.at(member)
    for at, text in enumerate(part.placed_items("Args")):
        if _S3.fullmatch(text):
            yield text, "Args", part.at("Args", at)


def _unusable_buckets(part: Part) -> Iterator[At]:
    found: dict[str, At] = {}
    for text, member, place in _uris(part):
        bucket = text.partition("://")[2].partition("/")[0]
        # A name with a placeholder isn't known, and an argument can be more than one URI.
        placeholders = ("$", "}", "<", ",", " ") if member == "Args" else ("${", "{{", "<")
        if any(mark in bucket for mark in placeholders):
            continue
        if _NOT_IN_BUCKETS.search(bucket):
            at = At(place, f"{bucket!r} in {member}")
        elif bucket.endswith((".amazonaws.com", ".amazonaws.com.cn")):
            at = At(place, f"the domain {bucket!r} in {member}", *uri_instead(f"https://{text.partition('://')[2]}"))
        elif bucket in _PLACEHOLDERS:
            at = At(place, f"{bucket!r} in {member}", "use the Region, such as us-east-1.elasticmapreduce")
        else:
            continue
        found.setdefault(bucket, at)
    yield from found.values()


def _spaces_around(part: Part) -> Iterator[At]:
    return (At(place, f"{text!r} in {member}") for text, member, place in _uris(part) if text != text.strip())


def _like_the_managed_tag(tag: Part) -> At | None:
    key, value = tag.get("Key", ""), tag.get("Value", "true")
    if key == MANAGED_TAG:
        return At(tag.at("Value"), f"the value {value!r}") if value != "true" else None
    return At(tag.at("Key"), f"the key {key!r}") if key.lower().startswith("for-use-with-") else None


def _long_value(tag: Part) -> str | None:
    length = len(tag.get("Value", ""))
    return f"{length} for the tag {tag.get('Key')!r}" if length > 256 else None


# fmt: off
constraint("emr-bucket-name", _WITH_URIS,
           "the bucket of an S3 URI must have only lowercase letters, digits, dots and hyphens in its name",
           _unusable_buckets, fix="use the name of a bucket", severity=Severity.WARNING,
           source=management_guide("emr-plan-upload-s3"))
constraint("emr-s3-uri-space", _WITH_URIS,
           "the S3 URI must not begin or end with a space, which would belong to the name of the object",
           _spaces_around, fix="remove the space", severity=Severity.WARNING,
           source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html")
constraint("emr-managed-policy-tag-spelling", "Tag",
           f"the tag that EMR's managed policies require must have the key {MANAGED_TAG} and the value true",
           _like_the_managed_tag, fix="correct the tag", severity=Severity.WARNING,
           source=management_guide("emr-managed-iam-policies"))
constraint("emr-security-configuration-name", "RunJobFlowInput",
           "SecurityConfiguration must be the name of a security configuration, which has no ARN",
           text_is("SecurityConfiguration", lambda name: name.startswith("arn:")), at="SecurityConfiguration",
           fix="use the name", severity=Severity.WARNING, source=_RUN)
constraint("emr-key-name", "JobFlowInstancesConfig",
           "the EC2 key pair must be specified by its name, not by its ID or its file",
           text_is("Ec2KeyName", lambda name: _NOT_A_KEY.fullmatch(name) is not None), at="Ec2KeyName",
           fix="use the name of the key pair", severity=Severity.WARNING,
           source=api_reference("JobFlowInstancesConfig"))
matches("emr-cluster-name", "RunJobFlowInput", "Name", "[^<>$|`]+", what="the cluster name",
        must="have 1 to 256 characters and none of <, >, $, | and backtick", fix="change the name", source=_RUN)
matches("emr-tag-key", "Tag", "Key", "(?![aA][wW][sS]:).{1,128}", what="the tag key",
        must="have 1 to 128 characters and not begin with aws:", fix="change the key", source=_TAGS)
constraint("emr-tag-value", "Tag", "the tag value must have at most 256 characters", _long_value,
           at="Value", fix="shorten the value", source=_TAGS)
unique("emr-tag-repeated", "RunJobFlowInput", "Tags", "Key", what="tag keys",
       fix="specify each key once", severity=Severity.WARNING, source=_TAG_LIMITS)
at_most("emr-tag-count", "RunJobFlowInput", "Tags", 50, what="the number of tags of a cluster", fix="remove some",
        source=_EC2_TAGS)
matches("emr-log-uri", ("RunJobFlowInput", "S3MonitoringConfiguration"), "LogUri", "(s3[na]?://[^/].*)?",
        what="the log URI", must="be an S3 URI", instead=uri_instead, fix="use s3://bucket/prefix/", source=_LOGS)
constraint("emr-log-key-without-uri", "RunJobFlowInput", "the log encryption key requires a log URI",
           without("LogEncryptionKmsKeyId", "LogUri"), at="LogEncryptionKmsKeyId", fix="specify LogUri",
           library_fix="pass log_bucket to the ClusterProfile", severity=Severity.WARNING, source=_LOGS)
requires_release("emr-log-key-release", "RunJobFlowInput", {"log_encryption_kms": "LogEncryptionKmsKeyId"},
                 fix="use a later release, or remove the key", source=_LOGS)
constraint("emr-step-log-key-without-uri", "S3MonitoringConfiguration",
           "the log encryption key of a step requires a log URI",
           without("EncryptionKeyArn", "LogUri"), at="EncryptionKeyArn", fix="specify LogUri",
           library_fix="use Step.with_logs(bucket, prefix)", severity=Severity.WARNING, source=_LOGS)
constraint("emr-additional-info", "RunJobFlowInput", "AdditionalInfo must be a JSON object",
           text_is("AdditionalInfo", lambda text: not _is_object(text)), at="AdditionalInfo",
           fix="use the text of a JSON object", severity=Severity.WARNING, source=_RUN)
