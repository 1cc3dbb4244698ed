"""Statements of key policies that let AWS services use a KMS key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from .._core import tokens
from .._core.errors import EmrError
from .._core.signatures import checked

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["allow_log_encryption", "allow_service"]


@checked
def allow_log_encryption(key: kms.IKey, log_group_arn: str | None = None) -> None:
    """Allow CloudWatch Logs to encrypt log groups with ``key``.

    The policy of an imported key doesn't change. The key policy must also allow log groups that were retained, since
    reading them requires the key.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html

    :param key: the key, in the Region of the log groups.
    :param log_group_arn: the ARN of the log groups, with ``*`` as a wildcard. Default: all log groups in the account
        and Region of the stack.
    :raises EmrError: ``log_group_arn`` isn't the ARN of a log group.
    """
    arn = log_group_arn or tokens.arn("logs", "log-group:*")
    parts = re.fullmatch(r"arn:[^:]+:logs:([^:]+):[^:]+:log-group:.+", arn)
    if parts is None:
        raise EmrError(
            f"log_group_arn must be the ARN of a log group, got {arn!r}; use stack.format_arn(service='logs', "
            "resource='log-group', resource_name='...', arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME)"
        )
    conditions = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn}}
    allow_service(key, f"logs.{parts[1]}.{tokens.url_suffix()}", conditions)


def allow_service(key: kms.IKey, service: str, conditions: Mapping[str, Any]) -> None:
    """Allow the principal ``service`` to encrypt and decrypt with ``key``."""
    key.add_to_resource_policy(
        iam.PolicyStatement(
            actions=[
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            resources=["*"],
            principals=[iam.ServicePrincipal(service)],
            conditions=conditions,
        )
    )
