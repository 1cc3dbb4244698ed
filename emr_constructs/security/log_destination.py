"""The S3 location that EMR writes the logs of clusters to.

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
    """A folder of a bucket or a URI, and the key that encrypts what EMR writes there."""

    bucket: s3.IBucket | None
    """None for a URI, for which permissions are granted elsewhere."""

    prefix: str
    """The folder of the bucket, or the URI."""

    encryption_key: kms.IKey | None
    names_key: bool = True
    """Whether clusters name the key, instead of relying on the encryption of the bucket."""

    @property
    def uri(self) -> str:
        """The S3 URI; EMR creates a folder for each cluster below it."""
        return self.prefix if self.bucket is None else self.bucket.s3_url_for_object(self.prefix)

    @property
    def key_arns(self) -> list[str]:
        """The ARN of the key to grant; none without a key or for a URI."""
        if self.bucket is None or self.encryption_key is None:
            return []
        return [tokens.key_arn(self.encryption_key)]

    @property
    def statements(self) -> list[Statement]:
        """The statement that allows writing logs; none for a URI."""
        return [] if self.bucket is None else [policies.write_logs(self.bucket.bucket_arn, self.prefix)]
