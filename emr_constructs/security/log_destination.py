"""The S3 folder that EMR writes the logs of clusters to.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-debugging.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core import tokens
from .._core.values import value_class
from . import policies

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

    from .policies import Statement

__all__ = ["LogDestination"]


@value_class
class LogDestination:
    """A folder of a bucket, and the key that encrypts what EMR writes there."""

    bucket: s3.IBucket
    prefix: str
    encryption_key: kms.IKey | None
    names_key: bool = True
    """Whether clusters name the key, instead of relying on the encryption of the bucket."""

    @property
    def uri(self) -> str:
        """The ``s3://`` URI; EMR creates a folder for each cluster below it."""
        return self.bucket.s3_url_for_object(self.prefix)

    @property
    def key_arns(self) -> list[str]:
        """The ARN of the key; none without a key."""
        return [] if self.encryption_key is None else [tokens.key_arn(self.encryption_key)]

    def write(self) -> Statement:
        """Return the statement that allows writing logs."""
        return policies.write_logs(self.bucket.bucket_arn, self.prefix)
