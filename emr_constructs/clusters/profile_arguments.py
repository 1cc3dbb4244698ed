"""Arguments of a profile that can't be combined."""

from __future__ import annotations

from collections.abc import Iterator

from .._core.combinations import combination_errors
from .._core.prefixes import prefix_errors
from .._core.unset import DEFAULT

__all__ = ["argument_errors"]


def argument_errors(
    *,
    service_role: object,
    service_role_policy: object,
    encryption_key: object,
    security_configuration: object,
    release_label: object,
    log_bucket: object,
    log_prefix: str | None,
    log_uri: str | None,
    log_encryption_key: object,
    managed_policy_tag: bool,
) -> Iterator[str]:
    """Return the errors of arguments of ``ClusterProfile``, which have the same names.

    :param log_encryption_key: the key. None by default, or if the encryption of the log bucket applies.
    """
    has_configuration = security_configuration is not DEFAULT
    without_key = has_configuration and (log_bucket is not DEFAULT or log_uri is not None)
    yield from combination_errors(
        service_role_policy=service_role_policy is not None and service_role is not None and "service_role",
        release_label=release_label is not None and has_configuration and "security_configuration",
        encryption_key=encryption_key is not None
        and without_key
        and f"security_configuration and {'log_bucket' if log_uri is None else 'log_uri'}",
        log_encryption_key=log_encryption_key is not None and log_bucket is None and "log_bucket=None",
        log_bucket=log_bucket is not DEFAULT and log_uri is not None and "log_uri",
        log_prefix=log_prefix is not None
        and ("log_uri" if log_uri is not None else log_bucket is None and "log_bucket=None"),
    )
    yield from prefix_errors("log_prefix", log_prefix or "", example="emr/", is_optional=True)
    if not managed_policy_tag and service_role is None:
        yield (
            "managed_policy_tag=False requires a service role whose policy doesn't require the tag, got none; pass "
            "service_role"
        )
