"""Pseudo parameters of CloudFormation as strings, read from CDK once for each process."""

from __future__ import annotations

from functools import cache

import aws_cdk as cdk

__all__ = ["account", "arn", "partition", "region", "url_suffix"]


@cache
def partition() -> str:
    return cdk.Aws.PARTITION


@cache
def region() -> str:
    return cdk.Aws.REGION


@cache
def account() -> str:
    return cdk.Aws.ACCOUNT_ID


@cache
def url_suffix() -> str:
    return cdk.Aws.URL_SUFFIX


def arn(service: str, resource: str) -> str:
    """The ARN of ``resource`` of ``service`` in the account and region of the stack that uses it."""
    return f"arn:{partition()}:{service}:{region()}:{account()}:{resource}"
