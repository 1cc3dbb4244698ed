"""Checks requests to the EMR API that are no part of a CloudFormation resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .._core.unknown import MACRO, is_unknown
from ..rules import Finding, check
from .requests import coerced

__all__ = ["about_requests", "check_request", "with_defaults"]

# What CloudFormation does, or requires in addition to the API.
_ABOUT_TEMPLATES: Final = frozenset({"emr-repeated-argument", "emr-steps-frozen"})


def check_request(shape: str, request: Any) -> list[Finding]:
    """Return the findings in a request of API shape ``shape``; text stands for numbers and booleans too."""
    members = with_defaults(request) if shape == "RunJobFlowInput" else request
    return about_requests(check(shape, coerced(shape, members)))


def with_defaults(request: Any) -> Any:
    """Return a RunJobFlow request with the default of the API that rules read: a cluster ends after its steps.

    CloudFormation keeps a cluster alive instead.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_JobFlowInstancesConfig.html
    """
    instances = request.get("Instances") if isinstance(request, Mapping) else None
    if not isinstance(instances, Mapping) or is_unknown(instances) or MACRO in instances:
        return request
    return {**request, "Instances": {"KeepJobFlowAliveWhenNoSteps": False, **instances}}


def about_requests(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that also apply outside of CloudFormation."""
    return [finding for finding in findings if finding.rule not in _ABOUT_TEMPLATES]
