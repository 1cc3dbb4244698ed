"""The locations of files that a cluster reads: URIs and paths with their access."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .._core.errors import EmrError
from .._core.patterns import regex
from .._core.unknown import is_unknown
from .._core.values import value_class

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

__all__ = ["Location", "check_path", "check_uri"]

_SCHEME: Final = regex(r"([a-z][a-z0-9+.-]*):.*", re.DOTALL)
_OBJECT: Final = (regex("//[^/]+/.+", re.DOTALL), "an object in S3", "bucket/key")
_HDFS: Final = (regex("(//[^/]*)?/[^/].*", re.DOTALL), "a file in HDFS", "/path")
_LOCAL: Final = (regex("(//)?/[^/].*", re.DOTALL), "a file on the nodes", "/path")
# By scheme: the form of the rest, what a URI names, and an example.
_FORMS: Final = {"s3": _OBJECT, "s3a": _OBJECT, "s3n": _OBJECT, "hdfs": _HDFS, "file": _LOCAL, "local": _LOCAL}


@value_class
class Location:
    """The location of a script that is bound to a construct, with its access."""

    uri: str
    """The URI, or the path on the nodes."""

    bucket_arn: str | None = None
    """The bucket of the object to grant access to; None if access is granted elsewhere."""

    object_key: str = ""
    """The key of the object in the bucket."""

    encryption_key: kms.IKey | None = None
    """The KMS key that encrypts the object, if it is known."""

    is_data: bool = False
    """Whether a program gets the URI as an argument, and reads the object as data."""

    is_public: bool = False
    """Whether the bucket of another account allows everyone to read the object.

    The policies of the role must also allow it, and those of roles for EMR usually do.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-auth-workflow-object-operation.html
    """

    file: str = ""
    """The local file that is uploaded; empty for an existing object."""

    def __str__(self) -> str:
        return self.file or (is_unknown(self.uri) and self.object_key) or self.uri

    @property
    def requires_grant(self) -> bool:
        """Whether a role can't read the object unless it is granted access here."""
        return self.bucket_arn is not None and not self.is_public

    @property
    def object_arn(self) -> str | None:
        """The object to grant access to. None if access is granted elsewhere."""
        return None if self.bucket_arn is None else f"{self.bucket_arn}/{self.object_key}"


def check_uri(uri: str) -> None:
    """Check the URI of a file in S3, in HDFS or on the nodes.

    :raises EmrError: it has another scheme, or names no object or no absolute path.
    """
    if uri.startswith("/"):
        raise EmrError(f"uri must begin with a scheme, got {uri!r}; use Script.on_node({uri!r})")
    found = _SCHEME.fullmatch(uri)
    scheme = found[1] if found else ""
    if scheme not in _FORMS:
        from ..rules.s3_addresses import uri_instead

        (instead,) = uri_instead(uri) or ("use s3://bucket/key",)
        raise EmrError(
            f"uri must be the URI of a file in S3, in HDFS or on the nodes, got {uri!r}; {instead}, "
            "hdfs:///path, file:///path or local:///path, or Script.from_asset(path) to upload a file"
        )
    form, named, example = _FORMS[scheme]
    if not form.fullmatch(uri.removeprefix(f"{scheme}:")):
        raise EmrError(f"uri must be the URI of {named}, got {uri!r}; use {scheme}://{example}")


def check_path(path: str) -> None:
    """Check the absolute path of a file on the nodes.

    :raises EmrError: it is a URI, relative, or the path of a folder.
    """
    if not path.startswith("/") and _SCHEME.fullmatch(path):
        raise EmrError(f"path must be an absolute path on the nodes, got {path!r}; use Script.from_uri({path!r})")
    if not path.startswith("/"):
        raise EmrError(
            f"path must be an absolute path on the nodes, got {path!r}; use a path such as '/opt/jobs/nightly.py', or "
            "Script.from_asset(path) to upload a file"
        )
    if path.endswith("/"):
        raise EmrError(f"path must name a file, got the folder {path!r}; use the path of a file in it")
