"""Where the logs of clusters are kept.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-debugging.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from constructs import Construct

from .. import _aws
from ..security.buckets import bucket_with_access_logs

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

__all__ = ["LogBucket"]


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
        kept = retention or _aws.days(365)
        self.bucket, self.access_logs = bucket_with_access_logs(
            self,
            "Bucket",
            encryption_key=encryption_key,
            removal_policy=removal_policy,
            access_logs_expiration=kept,
            expiration=kept,
        )
