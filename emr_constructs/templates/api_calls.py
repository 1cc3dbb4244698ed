"""Checks requests to the EMR API that are no part of a CloudFormation resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.unknown import MACRO, is_unknown
from ..rules import Finding, check
from .requests import coerced

__all__ = ["check_request", "with_defaults"]


def check_request(shape: str, request: Any) -> list[Finding]:
    """Return the findings in a request of API shape ``shape``; text stands for numbers and booleans too."""
    members = with_defaults(request) if shape == "RunJobFlowInput" else request
    return check(shape, coerced(shape, members))


def with_defaults(request: Any) -> Any:
    """Return a RunJobFlow request with the default of the API that rules read: a cluster ends after its steps.

    CloudFormation keeps a cluster alive instead.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_JobFlowInstancesConfig.html
    """
    instances = request.get("Instances") if isinstance(request, Mapping) else None
    if not isinstance(instances, Mapping) or is_unknown(instances) or MACRO in instances:
        return request
    return {**request, "Instances": {"KeepJobFlowAliveWhenNoSteps": False, **instances}}
