"""Checks requests to the EMR API that aren't part of a CloudFormation resource."""

from __future__ import annotations

from typing import Any

from ..rules import Finding, check
from .requests import coerced

__all__ = ["check_request"]


def check_request(shape: str, request: Any) -> list[Finding]:
    """Return the findings in a request of API shape ``shape``; text also stands for numbers and booleans."""
    return check(shape, coerced(shape, request))
