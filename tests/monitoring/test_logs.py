from __future__ import annotations

import pytest
from aws_cdk import Duration, RemovalPolicy

from emr_constructs import EmrError, LogBucket
from tests.tools import flat, imported_key, new_app, new_stack, only, resources, synthesize


@pytest.fixture(scope="module")
def template():
    stack = new_stack(new_app())
    LogBucket(stack, "Logs", encryption_key=imported_key(stack))
    return synthesize(stack)


def test_logs_are_encrypted_with_the_key(template):
    (rule,) = only(template, "AWS::S3::Bucket", "LogsBucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"].startswith("arn:aws:kms:")
    assert rule["BucketKeyEnabled"] is True


def test_access_to_the_logs_is_logged(template):
    logging = only(template, "AWS::S3::Bucket", "LogsBucket")["LoggingConfiguration"]
    assert "AccessLogs" in flat(logging["DestinationBucketName"])


@pytest.mark.parametrize("name", ["LogsBucket", "LogsAccessLogs"])
def test_buckets_are_private_versioned_and_emptied_with_time(template, name):
    bucket = only(template, "AWS::S3::Bucket", name)
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["LifecycleConfiguration"]["Rules"] == [
        {
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            "ExpirationInDays": 365,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
            "Status": "Enabled",
        }
    ]


@pytest.mark.parametrize("name", ["LogsBucket", "LogsAccessLogs"])
def test_buckets_take_tls_only(template, name):
    document = only(template, "AWS::S3::BucketPolicy", f"{name}Policy")["PolicyDocument"]
    denied = [statement for statement in document["Statement"] if statement["Effect"] == "Deny"]
    assert [statement["Condition"] for statement in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_logs_stay_when_the_stack_is_deleted(template):
    assert {bucket["DeletionPolicy"] for bucket in resources(template, "AWS::S3::Bucket").values()} == {"Retain"}


def test_takes_another_retention_and_removal():
    stack = new_stack(new_app())
    LogBucket(
        stack,
        "Logs",
        encryption_key=imported_key(stack),
        retention=Duration.days(30),
        removal_policy=RemovalPolicy.DESTROY,
    )
    template = synthesize(stack)
    (rule,) = only(template, "AWS::S3::Bucket", "LogsBucket")["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 30
    assert {bucket["DeletionPolicy"] for bucket in resources(template, "AWS::S3::Bucket").values()} == {"Delete"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"encryption_key": None}, r"encryption_key must be a kms\.IKey, got None"),
        ({"encryption_key": "alias/logs"}, r"encryption_key must be a kms\.IKey, got 'alias/logs'"),
        ({"retention": 365}, "retention must be a cdk.Duration, got 365"),
        ({"removal_policy": "retain"}, "removal_policy must be a RemovalPolicy, got 'retain'"),
        (
            {"retention": Duration.hours(36)},
            "retention must be at least 1 day, in whole days, got 129600 seconds; specify a value such as "
            r"Duration\.days\(365\)",
        ),
        ({"retention": Duration.days(0)}, "retention must be at least 1 day, in whole days, got 0 seconds"),
        ({"retention": Duration.millis(1500)}, r"retention must be a whole number of seconds, got 1\.5 seconds"),
    ],
)
def test_rejects_bad_arguments(stack, options, message):
    with pytest.raises(EmrError, match=message) as error:
        LogBucket(stack, "Logs", **{"encryption_key": imported_key(stack), **options})
    assert error.value.path == "Test/Logs"
