"""S3 locations in which applications store data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.errors import EmrError

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

__all__ = ["folder"]


def folder(bucket: s3.IBucket, prefix: str) -> str:
    """Return the ``s3://`` URI of a folder, without a trailing slash.

    :raises EmrError: ``prefix`` is empty, begins with a slash, or is a URI.
    """
    name = prefix.rstrip("/")
    if not name.strip() or name.startswith("/") or "://" in name:
        raise EmrError(f"prefix must be a folder in the bucket, got {prefix!r}; use a prefix such as 'data/'")
    return bucket.s3_url_for_object(name)
