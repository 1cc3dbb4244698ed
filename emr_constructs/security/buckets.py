"""Encrypted, private, versioned buckets that require TLS."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aws_cdk import aws_s3 as s3

from .._core import tokens
from .nag_findings import ACCESS_LOGS, acknowledge

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_kms as kms
    from constructs import Construct

__all__ = ["bucket_with_access_logs"]


@cache
def _block_all() -> s3.BlockPublicAccess:
    return s3.BlockPublicAccess.BLOCK_ALL


def bucket_with_access_logs(
    scope: Construct,
    construct_id: str,
    *,
    encryption_key: kms.IKey,
    removal_policy: cdk.RemovalPolicy,
    access_logs_expiration: cdk.Duration,
    expiration: cdk.Duration | None = None,
) -> tuple[s3.Bucket, s3.Bucket]:
    """Create a bucket, and ``AccessLogs`` for its server access logs.

    Noncurrent versions are deleted after 30 days.

    :param scope: a construct without children, because CDK reads its context only then.
    :param encryption_key: encrypts the bucket. The access logs are encrypted with S3 managed keys, since S3 doesn't
        support other keys there.
    :param access_logs_expiration: how long the access logs are kept.
    :param expiration: how long objects are kept. Default: until they are deleted.
    """
    # Without this flag, S3 delivers logs with an ACL, which a bucket with enforced ownership doesn't support.
    scope.node.set_context("@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy", True)
    access_logs = s3.Bucket(
        scope,
        "AccessLogs",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=_block_all(),
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[_lifecycle(access_logs_expiration)],
        removal_policy=removal_policy,
    )
    acknowledge(access_logs, ACCESS_LOGS)
    bucket = s3.Bucket(
        scope,
        construct_id,
        encryption=s3.BucketEncryption.KMS,
        encryption_key=encryption_key,
        bucket_key_enabled=True,
        block_public_access=_block_all(),
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[_lifecycle(expiration)],
        server_access_logs_bucket=access_logs,
        removal_policy=removal_policy,
    )
    return bucket, access_logs


def _lifecycle(expiration: cdk.Duration | None) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        expiration=expiration,
        noncurrent_version_expiration=tokens.days(30),
        abort_incomplete_multipart_upload_after=tokens.days(7),
    )
