"""Checks requests to the EMR API that are no part of a CloudFormation resource."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..rules import Finding, check
from .requests import coerced

__all__ = ["about_requests", "check_request"]

# What CloudFormation does, or requires in addition to the API.
_ABOUT_TEMPLATES: Final = frozenset({"emr-repeated-argument", "emr-steps-frozen"})


def check_request(shape: str, request: Any) -> list[Finding]:
    """Return the findings in a request of API shape ``shape``; text stands for numbers and booleans too."""
    return about_requests(check(shape, coerced(shape, request)))


def about_requests(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that also apply outside of CloudFormation."""
    return [finding for finding in findings if finding.rule not in _ABOUT_TEMPLATES]
