"""Checks requests to the EMR API that are no part of a CloudFormation resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .._core.findings import changed
from ..rules import Finding, check
from ..rules.security_configuration import LAUNCH
from .requests import coerced

__all__ = ["check_request"]

_CLUSTER: Final = "RunJobFlowInput"


def check_request(shape: str, request: Any) -> list[Finding]:
    """Return the findings in a request of API shape ``shape``; text stands for numbers and booleans too."""
    value = coerced(shape, request)
    if shape != _CLUSTER or not isinstance(value, Mapping):
        return check(shape, value)
    # Some rules are about a cluster together with its security configuration, also if it has none.
    found = check(LAUNCH, {"Cluster": value, "InTemplate": False})
    return [changed(finding, path=finding.path.removeprefix("Cluster").removeprefix(".")) for finding in found]
