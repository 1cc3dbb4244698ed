"""Where the logs of clusters are kept.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-debugging.html
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from .. import _aws
from ..security.acknowledgments import ACCESS_LOGS, acknowledge

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

__all__ = ["LogBucket"]


@cache
def _block_all() -> s3.BlockPublicAccess:
    return s3.BlockPublicAccess.BLOCK_ALL


class LogBucket(Construct):
    """An encrypted, private, versioned bucket for cluster logs, and one for the logs of access to it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        encryption_key: kms.IKey,
        retention: cdk.Duration | None = None,
        removal_policy: cdk.RemovalPolicy = cdk.RemovalPolicy.RETAIN,
    ) -> None:
        """Define the buckets.

        :param encryption_key: encrypts the logs. The access logs are encrypted by S3, which takes no other key there.
        :param retention: how long logs are kept. Default: a year.
        :param removal_policy: what happens to the buckets when the stack is deleted. A bucket with logs in it cannot be
            deleted by CloudFormation. Default: they stay.
        """
        super().__init__(scope, construct_id)
        # Apps without this flag would make S3 deliver by an ACL, which a bucket that enforces its owner has not.
        self.node.set_context("@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy", True)
        rule = s3.LifecycleRule(
            expiration=retention or _aws.days(365),
            noncurrent_version_expiration=_aws.days(30),
            abort_incomplete_multipart_upload_after=_aws.days(7),
        )
        self.access_logs = s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=_block_all(),
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            versioned=True,
            lifecycle_rules=[rule],
            removal_policy=removal_policy,
        )
        acknowledge(self.access_logs, ACCESS_LOGS)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=encryption_key,
            bucket_key_enabled=True,
            block_public_access=_block_all(),
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            versioned=True,
            lifecycle_rules=[rule],
            server_access_logs_bucket=self.access_logs,
            removal_policy=removal_policy,
        )
