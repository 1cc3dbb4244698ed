"""Buckets for the logs of clusters.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-debugging.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
from constructs import Construct

from .._core import tokens
from .._core.durations import whole_seconds
from .._core.errors import EmrError, errors_at
from .._core.scopes import check_scope, with_scope_errors
from .._core.types import DURATION, KEY, check_types
from ..security.buckets import bucket_with_access_logs

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

__all__ = ["LogBucket"]

_DAY: Final = 24 * 60 * 60


class LogBucket(Construct):
    """An encrypted, private, versioned bucket for cluster logs.

    A second bucket stores its server access logs.
    """

    @with_scope_errors
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

        :param encryption_key: encrypts the logs. The access logs are encrypted with S3 managed keys, since S3 doesn't
            support other keys there.
        :param retention: how long logs are kept, in whole days. Default: 365 days.
        :param removal_policy: what happens to the buckets when the stack is deleted. CloudFormation can't delete a
            bucket that contains logs. Default: they are retained.
        :raises EmrError: an argument has the wrong type, or ``retention`` isn't a number of whole days.
        """
        check_scope(scope, construct_id)
        super().__init__(scope, construct_id)
        check_types(
            self,
            encryption_key=(encryption_key, KEY),
            retention=(retention, DURATION, None),
            removal_policy=(removal_policy, cdk.RemovalPolicy),
        )
        if retention is not None:
            self._check_days(retention)
        kept = retention or tokens.days(365)
        self.bucket, self.access_logs = bucket_with_access_logs(
            self,
            "Bucket",
            encryption_key=encryption_key,
            removal_policy=removal_policy,
            access_logs_expiration=kept,
            expiration=kept,
        )

    def _check_days(self, retention: cdk.Duration) -> None:
        with errors_at(self):
            seconds = whole_seconds("retention", retention)
        if seconds % _DAY or not seconds:
            raise EmrError(
                f"retention must be at least 1 day, in whole days, got {seconds} seconds; specify a value such as "
                "Duration.days(365)",
                at=self,
            )
