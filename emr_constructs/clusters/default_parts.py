"""The parts of a profile that are created because they weren't passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from .._core.errors import errors_at
from .._core.unset import DEFAULT, Default
from ..monitoring.logs import LogBucket
from ..security.log_destination import LogDestination
from ..security.security_configuration import SecurityConfiguration
from ..software.release_label import DEFAULT_RELEASE, ReleaseLabel

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

__all__ = ["create_key", "create_security_configuration", "log_destination"]


def create_key(scope: Construct, removal_policy: cdk.RemovalPolicy) -> kms.Key:
    """Create the key of the other parts."""
    return kms.Key(
        scope,
        "Key",
        description="Encrypts S3 data, disks, logs and certificates of Amazon EMR clusters",
        enable_key_rotation=True,
        removal_policy=removal_policy,
    )


def log_destination(
    scope: Construct,
    bucket: s3.IBucket | LogBucket | None | Default,
    prefix: str,
    key: kms.IKey | None | Default,
    *,
    default_key: kms.IKey | None,
    removal_policy: cdk.RemovalPolicy,
) -> LogDestination | None:
    """Return the log destination, by default in a new bucket.

    Returns None if logs aren't kept.

    :param key: encrypts the logs. By default, the key of the bucket. None: the encryption of the bucket applies.
    :param default_key: encrypts a new bucket.
    """
    if bucket is None:
        return None
    given, names_key = None if key is DEFAULT else key, key is not None
    if bucket is DEFAULT:
        assert default_key is not None
        created = LogBucket(scope, "Logs", encryption_key=default_key, removal_policy=removal_policy)
        return LogDestination(created.bucket, prefix, given or default_key, names_key)
    known = bucket.bucket if isinstance(bucket, LogBucket) else bucket
    return LogDestination(known, prefix, given or known.encryption_key, names_key)


def create_security_configuration(
    scope: Construct, label: ReleaseLabel | str | None, key: kms.IKey | None
) -> SecurityConfiguration:
    """Create a security configuration with all encryption that the release supports."""
    assert key is not None
    with errors_at(scope):
        release = ReleaseLabel.of(label) if isinstance(label, str) else label or DEFAULT_RELEASE
    if not release.supports("emr_managed_certificates"):
        cdk.Validations.of(scope).add_warning(
            "emr-not-encrypted-in-transit",
            f"{release} doesn't support EMR-managed certificates, so traffic between nodes isn't encrypted; use "
            "emr-7.11.0 or later, or pass a security_configuration with your own certificates",
        )
    return SecurityConfiguration.default_for(scope, "SecurityConfiguration", release_label=release, encryption_key=key)
