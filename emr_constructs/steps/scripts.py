"""The location of the code that a cluster runs.

- ``Script.from_asset("jobs/nightly.py")`` uploads a local file, or a folder as a ZIP archive, at deployment.
- ``Script.from_bucket(bucket, "jobs/nightly.py")`` is an existing object.
- ``Script.from_uri("s3://other-bucket/jobs/nightly.py")`` is an existing object to which access is granted elsewhere.
- ``Script.on_node("/usr/lib/spark/examples/jars/spark-examples.jar")`` is a file that the nodes have.

The nodes are allowed to read only that object of an asset or bucket. A script among the arguments of a step is data:
its object can also be listed, see ``emr_constructs.security.script_access``.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeAlias

from .._core.errors import EmrError
from .._core.input_values import inputs_in
from .._core.prefixes import names_many
from .._core.signatures import check_calls
from .._core.unknown import UNKNOWN, is_unknown
from .._core.values import value_class
from .locations import Location, check_path, check_uri

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import aws_s3 as s3
    from constructs import Construct

__all__ = [
    "Locate",
    "Location",
    "Script",
    "checked_location",
    "reject_folder",
    "script_runner",
    "unlocated",
]


@check_calls
class Script(ABC):
    """A file that a step or a bootstrap action runs: a Python, JAR, shell or SQL file."""

    @staticmethod
    def from_asset(path: str | os.PathLike[str]) -> Script:
        """Upload a local file, or a folder as a ZIP archive, at deployment.

        :param path: relative to the working directory of the app, or absolute.
        :raises EmrError: there is no file at ``path``.
        """
        return _AssetScript(os.fspath(path))

    @staticmethod
    def from_bucket(bucket: s3.IBucket, key: str) -> Script:
        """Use the object ``key`` of ``bucket``, which the cluster is allowed to read.

        The cluster is also allowed to use the encryption key of the bucket.

        :raises EmrError: ``key`` doesn't name one object: it is empty, begins or ends with a slash, or contains a job
            input or one of ``*``, ``?`` and ``${``, which are wildcards or variables in IAM policies.
        """
        return _BucketScript(bucket, key)

    @staticmethod
    def from_uri(uri: str) -> Script:
        """Use the file at a URI as it is; no permissions are granted.

        Programs read the URI, each with the schemes that it supports: ``s3://``, ``s3a://`` and ``s3n://`` for objects,
        ``hdfs://`` for files in HDFS, ``file:`` for files on the node where the program runs, and for ``spark-submit``
        also ``local:`` for files that every node has, which Spark doesn't distribute. EMR runs bootstrap actions from
        S3 and from ``file:`` URIs.
        https://spark.apache.org/docs/latest/submitting-applications.html#advanced-dependency-management

        :raises EmrError: ``uri`` has another scheme, or names no object or no absolute path.
        """
        return _UriScript(uri)

    @staticmethod
    def on_node(path: str) -> Script:
        """Use a file that the nodes have, such as one of the release, of a custom AMI or from a bootstrap action.

        The file isn't uploaded, and no permissions are granted. Steps use it on the primary node; ``spark-submit``
        distributes it from there. A program that gets the path as an argument reads it as it is, which is a path in
        HDFS for Spark; use ``Script.from_uri("file:///path")`` for a local file.

        :param path: an absolute path.
        :raises EmrError: ``path`` isn't the absolute path of a file.
        """
        return _UriScript(path, is_path=True)

    @property
    @abstractmethod
    def extension(self) -> str:
        """The extension of the file name, such as ``.py``; empty if it isn't known."""

    @property
    def keeps_name(self) -> bool:
        """Whether the file keeps its name on the cluster; assets are named by a hash."""
        return True

    @property
    def is_folder(self) -> bool:
        """Whether it is a local folder, which can't be run.

        Folders are uploaded as ZIP archives.
        """
        return False

    @property
    def is_on_node(self) -> bool:
        """Whether it is a path on the nodes instead of a URI."""
        return False

    @abstractmethod
    def _bind(self, scope: Construct, construct_id: str) -> Location:
        """Return the location; a local file becomes an asset in ``scope``."""


Locate: TypeAlias = "Callable[[Script], str]"
"""Returns the URI of a script."""


def reject_folder(script: object) -> None:
    """Raise ``EmrError`` if the script to run is a folder."""
    if isinstance(script, Script) and script.is_folder:
        raise EmrError(
            f"script must be a file, got the folder {str(script)!r}; pass a file of it, and the folder in py_files of "
            "Step.spark if the file imports from it"
        )


def unlocated(script: Script) -> str:
    """Return the URI of a script that isn't bound to a construct yet."""
    return script.uri if isinstance(script, _UriScript) else UNKNOWN


def checked_location(script: Script) -> str:
    """Return a URI for a script that isn't bound yet, to check the other arguments."""
    found = unlocated(script)
    return f"s3://bucket/script{script.extension}" if is_unknown(found) else found


def script_runner() -> Script:
    """Return EMR's ``script-runner.jar``, which is in a bucket in the Region.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-commandrunner.html
    """
    return _ScriptRunner()


@value_class
class _ScriptRunner(Script):
    """The script runner of EMR."""

    @property
    def extension(self) -> str:
        return ".jar"

    def _bind(self, scope: Construct, construct_id: str) -> Location:  # noqa: ARG002
        from .._core import tokens

        bucket, key = f"{tokens.region()}.elasticmapreduce", "libs/script-runner/script-runner.jar"
        return Location(f"s3://{bucket}/{key}", f"arn:{tokens.partition()}:s3:::{bucket}", key, is_public=True)


@value_class
class _AssetScript(Script):
    """A local file."""

    path: str

    def __post_init__(self) -> None:
        if not os.path.exists(self.path):
            raise EmrError(
                f"path must be an existing file, got {self.path!r}; use a path relative to {os.getcwd()!r}, where the "
                "app runs, or an absolute path"
            )

    def __str__(self) -> str:
        return self.path

    @property
    def is_folder(self) -> bool:
        return os.path.isdir(self.path)

    @property
    def extension(self) -> str:
        return ".zip" if self.is_folder else _extension(self.path)

    @property
    def keeps_name(self) -> bool:
        return False

    def _bind(self, scope: Construct, construct_id: str) -> Location:
        from aws_cdk import aws_s3_assets as s3_assets

        # The Node process keeps its initial working directory.
        asset = s3_assets.Asset(scope, construct_id, path=os.path.abspath(self.path))
        return Location(asset.s3_object_url, asset.bucket.bucket_arn, asset.s3_object_key, file=self.path)


@value_class
class _BucketScript(Script):
    """An object in a bucket."""

    bucket: s3.IBucket
    key: str

    def __post_init__(self) -> None:
        if inputs_in(self.key):
            raise EmrError(
                f"key must not contain a job input, got {self.key!r}; pass bucket.s3_url_for_object(...), and "
                "grant the prefix with grants.read_bucket(...)"
            )
        if is_unknown(self.key) and not names_many(self.key):
            return
        if not self.key or self.key.startswith("/"):
            raise EmrError(f"key must name an object, got {self.key!r}; use a key such as 'jobs/nightly.py'")
        if self.key.endswith("/") or names_many(self.key):
            raise EmrError(
                f"key must name one object, got {self.key!r}; pass bucket.s3_url_for_object({self.key!r}), and grant "
                "the prefix with grants.read_bucket(...)"
            )

    @property
    def extension(self) -> str:
        return _extension(self.key)

    def _bind(self, scope: Construct, construct_id: str) -> Location:  # noqa: ARG002
        url = self.bucket.s3_url_for_object(self.key)
        return Location(url, self.bucket.bucket_arn, self.key, self.bucket.encryption_key)


@value_class
class _UriScript(Script):
    """A script at a URI or path."""

    uri: str
    is_path: bool = False

    def __post_init__(self) -> None:
        if not is_unknown(self.uri):
            check_path(self.uri) if self.is_path else check_uri(self.uri)

    @property
    def extension(self) -> str:
        return _extension(self.uri)

    @property
    def is_on_node(self) -> bool:
        return self.is_path

    def _bind(self, scope: Construct, construct_id: str) -> Location:  # noqa: ARG002
        return Location(self.uri)


def _extension(name: str) -> str:
    return "" if is_unknown(name) else os.path.splitext(name)[1].lower()
