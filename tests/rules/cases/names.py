"""What the rules of ``emr_constructs.rules.names`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import KEY, Case, cluster

CASES = [
    # Names, tags and logs
    Case("emr-cluster-name", "RunJobFlowInput", cluster(Name="a|b"),
         "cluster name must have 1 to 256 characters and none of <, >, $, | and backtick, got 'a|b'",
         cluster(Name="a/b")),
    Case("emr-cluster-name", "RunJobFlowInput", cluster(Name=""),
         "cluster name must have 1 to 256 characters and none of <, >, $, | and backtick, got ''",
         cluster(Name="a")),
    Case("emr-tag-key", "Tag", {"Key": "aws:cost", "Value": ""}, "'aws:cost'", {"Key": "cost", "Value": ""}),
    Case("emr-tag-value", "Tag", {"Key": "a", "Value": "v" * 257},
         "tag value must have at most 256 characters, got 257 for the tag 'a'",
         {"Key": "a", "Value": "v" * 256}),
    Case("emr-tag-repeated", "RunJobFlowInput",
         cluster(Tags=[{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}]),
         "tag keys must be unique, got 'team' 2 times",
         cluster(Tags=[{"Key": "team", "Value": "a"}, {"Key": "Team", "Value": "b"}])),
    Case("emr-tag-count", "RunJobFlowInput", cluster(Tags=[{"Key": str(n), "Value": ""} for n in range(51)]),
         "tags of a cluster must be at most 50, got 51",
         cluster(Tags=[{"Key": str(n), "Value": ""} for n in range(50)])),
    Case("emr-log-uri", "RunJobFlowInput", cluster(LogUri="bucket/logs"), "'bucket/logs'",
         cluster(LogUri="s3://bucket/logs/")),
    Case("emr-log-key-without-uri", "RunJobFlowInput", cluster(LogEncryptionKmsKeyId=KEY),
         "log encryption key requires a log URI",
         cluster(LogEncryptionKmsKeyId=KEY, LogUri="s3://bucket/")),
    Case("emr-log-uri", "S3MonitoringConfiguration", {"LogUri": "bucket/logs"}, "'bucket/logs'",
         {"LogUri": "s3://bucket/logs/"}),
    Case("emr-step-log-key-without-uri", "S3MonitoringConfiguration", {"EncryptionKeyArn": KEY},
         "log encryption key of a step requires a log URI",
         {"LogUri": "s3://bucket/logs/", "EncryptionKeyArn": KEY}),
    Case("emr-log-key-release", "RunJobFlowInput",
         cluster(LogEncryptionKmsKeyId=KEY, LogUri="s3://bucket/", ReleaseLabel="emr-6.0.0"), "use emr-6.0.1",
         cluster(LogEncryptionKmsKeyId=KEY, LogUri="s3://bucket/", ReleaseLabel="emr-5.30.0")),
    Case("emr-additional-info", "RunJobFlowInput", cluster(AdditionalInfo="[1]"),
         "AdditionalInfo must be a JSON object, got '[1]'",
         cluster(AdditionalInfo='{"a": 1}')),
    Case("emr-additional-info", "RunJobFlowInput", cluster(AdditionalInfo="a=1"),
         "AdditionalInfo must be a JSON object, got 'a=1'",
         cluster(AdditionalInfo="{}")),
]  # fmt: skip
