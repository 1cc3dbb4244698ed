"""The parts of a profile that are created because they weren't passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from .._core.errors import EmrError, errors_at
from .._core.unset import DEFAULT, Default
from .._core.validations import add_warning
from ..monitoring.logs import LogBucket
from ..rules import enforce
from ..security.existing_roles import unknown_role
from ..security.log_destination import LogDestination
from ..security.security_configuration import SecurityConfiguration
from ..software.release_label import DEFAULT_RELEASE, ReleaseLabel

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

    from ..security.existing_configuration import ISecurityConfiguration

__all__ = ["create_key", "create_security_configuration", "log_destination", "parts_without_permissions"]


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
    is_uri: bool,
    default_key: kms.IKey | None,
    removal_policy: cdk.RemovalPolicy,
) -> LogDestination | None:
    """Return the log destination, by default in a new bucket.

    Returns None if logs aren't kept.

    :param prefix: the folder of the bucket, or the URI of the logs.
    :param key: encrypts the logs. By default, the key of the bucket. None: the encryption of the bucket applies.
    :param is_uri: whether ``prefix`` is a URI.
    :param default_key: encrypts a new bucket.
    """
    given, names_key = None if key is DEFAULT else key, key is not None
    if is_uri:
        with errors_at(scope):
            enforce("S3MonitoringConfiguration", {"LogUri": prefix})
        return LogDestination(None, prefix, given)
    if bucket is None:
        return None
    if bucket is DEFAULT:
        assert default_key is not None
        created = LogBucket(scope, "Logs", encryption_key=default_key, removal_policy=removal_policy)
        return LogDestination(created.bucket, prefix, given or default_key, names_key)
    known = bucket.bucket if isinstance(bucket, LogBucket) else bucket
    return LogDestination(known, prefix, given or known.encryption_key, names_key)


def parts_without_permissions(
    scope: Construct,
    configuration: ISecurityConfiguration | None | Default,
    bucket: s3.IBucket | LogBucket | None | Default,
    *,
    label: ReleaseLabel | str | None,
    key: kms.IKey | None,
    log_key: kms.IKey | None,
) -> tuple[ISecurityConfiguration | None, s3.IBucket | LogBucket | None]:
    """Return the security configuration and log bucket for nodes that can't be granted permissions.

    :param configuration: Default: one that only requires IMDSv2.
    :param bucket: Default: none.
    :raises EmrError: one of the keys requires permissions.
    """
    keys = {
        "use encryption_key": (key, "remove encryption_key"),
        "use log_encryption_key": (log_key if bucket is DEFAULT else None, "pass log_uri"),
    }
    problems = [unknown_role(action, instead) for action, (used, instead) in keys.items() if used is not None]
    if problems:
        raise EmrError(problems, at=scope)
    missing, options = [], []
    if configuration is DEFAULT:
        missing.append("data isn't encrypted by the nodes")
        options.append("security_configuration")
        configuration = (
            SecurityConfiguration(
                scope,
                "SecurityConfiguration",
                s3_encryption=None,
                local_disk_encryption=None,
                in_transit_encryption=None,
            )
            if _release(scope, label).supports("imdsv2")
            else None
        )
    if bucket is DEFAULT:
        missing.append("logs aren't kept")
        options.append("log_uri or log_bucket=None")
        bucket = None
    if missing:
        add_warning(
            scope,
            "emr-unknown-instance-role",
            f"the role of the instance profile isn't known, so {' and '.join(missing)} by default; pass "
            f"{' and '.join(options)}, or import the instance profile with "
            "iam.InstanceProfile.from_instance_profile_attributes(..., role=...)",
        )
    return configuration, bucket


def create_security_configuration(
    scope: Construct, label: ReleaseLabel | str | None, key: kms.IKey | None
) -> SecurityConfiguration:
    """Create a security configuration with all encryption that the release supports."""
    assert key is not None
    release = _release(scope, label)
    if not release.supports("emr_managed_certificates"):
        add_warning(
            scope,
            "emr-not-encrypted-in-transit",
            f"{release} doesn't support EMR-managed certificates, so traffic between nodes isn't encrypted; use "
            "emr-7.11.0 or later, or pass a security_configuration with your own certificates",
        )
    return SecurityConfiguration.default_for(scope, "SecurityConfiguration", release_label=release, encryption_key=key)


def _release(scope: Construct, label: ReleaseLabel | str | None) -> ReleaseLabel:
    with errors_at(scope):
        return ReleaseLabel.of(label) if isinstance(label, str) else label or DEFAULT_RELEASE
