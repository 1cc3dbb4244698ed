"""Statements that allow a role to read scripts and other files.

Programs are opened by their name, which requires ``s3:GetObject`` on the object:

- EMR downloads bootstrap actions, the JAR files of steps,
the script of ``script-runner.jar`` and the artifacts of security
  configurations with the AWS SDK.
- ``hive -f`` and ``spark-sql -f`` open the file (``CliDriver.processFile``), ``pig-script -f`` copies it.
- ``spark-submit`` requests the status of the script and of ``--py-files``, ``--jars``, ``--files`` and ``--archives``
  (``DependencyUtils.resolveGlobPath``), then copies them to HDFS (``Client.copyFileToRemote``). So does
  ``hadoop-streaming`` with ``-files``.

The status of an object that exists is one HEAD request in each of EMR's file systems.

Data is a file that a program gets as an argument. Programs also list what they read, as every file source of Spark does
(``HadoopFSUtils.listLeafFiles`` calls ``listStatus``):

- S3A, the default for ``s3://`` from emr-7.10.0 on, treats the path as a folder first: ``listStatus`` lists the prefix
  ``<key>/`` and sends a HEAD request for the key only if nothing is found there
  (``Listing.getFileStatusesAssumingNonEmptyDir``). Without ``s3:ListBucket`` that is a 403, which fails the job.
- EMRFS, the default before, sends the HEAD request first, and lists ``<key>/`` if there is no such object.
- S3DistCp and ``aws s3 ls`` list the prefix ``<key>``.

Data therefore also requires ``s3:ListBucket``, limited by ``s3:prefix`` to the key and what is below it, so that only
names that begin with the key are seen, and ``s3:GetBucketLocation``, by which clients find the Region of the bucket.

https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-s3a-migrate.html
https://github.com/apache/hadoop/blob/trunk/hadoop-tools/hadoop-aws/src/main/java/org/apache/hadoop/fs/s3a/Listing.java
https://github.com/apache/spark/blob/master/core/src/main/scala/org/apache/spark/util/HadoopFSUtils.scala
https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import policies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..steps.scripts import Location
    from .policies import Statement

__all__ = ["read_scripts"]

# A statement is never divided, and a policy has at most 6,144 characters: 10 objects have up to some 3,000.
_OBJECTS_PER_STATEMENT: Final = 10


def read_scripts(locations: Iterable[Location]) -> Iterator[Statement]:
    """Read the objects of ``locations``, and list those that are data."""
    found = [location for location in locations if location.bucket_arn is not None]
    for start in range(0, len(found), _OBJECTS_PER_STATEMENT):
        yield from _read(found[start : start + _OBJECTS_PER_STATEMENT])


def _read(locations: list[Location]) -> Iterator[Statement]:
    yield policies.read_objects(location.object_arn for location in locations if location.object_arn is not None)
    listed: dict[str, list[str]] = {}
    for location in locations:
        if location.is_data and location.bucket_arn is not None:
            listed.setdefault(location.bucket_arn, []).append(location.object_key)
    if listed:
        yield policies.locate_buckets(listed)
    for bucket_arn, keys in listed.items():
        yield policies.list_objects(bucket_arn, keys)
