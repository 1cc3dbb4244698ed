"""Checks requests to the EMR API that aren't part of a CloudFormation resource."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .._core.findings import changed
from ..rules import Finding, Severity, check
from ..rules.security_configuration import LAUNCH
from .requests import coerced

__all__ = ["check_request", "untyped_properties"]

_CLUSTER: Final = "RunJobFlowInput"


def check_request(shape: str, request: Any) -> list[Finding]:
    """Return the findings in a request of API shape ``shape``; text also stands for numbers and booleans."""
    value = coerced(shape, request)
    if shape != _CLUSTER or not isinstance(value, Mapping):
        return check(shape, value)
    # Some rules are about a cluster together with its security configuration, also if it has none.
    found = check(LAUNCH, {"Cluster": value, "InTemplate": False})
    return [changed(finding, path=finding.path.removeprefix("Cluster").removeprefix(".")) for finding in found]


def untyped_properties(request: Any, path: str = "") -> Iterator[Finding]:
    """Yield the findings in properties of configurations that are numbers or booleans.

    The AWS CLI and the SDKs reject them in JSON, because the API has only text there; CloudFormation converts them.
    """
    if isinstance(request, list):
        for at, item in enumerate(request):
            yield from untyped_properties(item, f"{path}[{at}]")
    if not isinstance(request, Mapping):
        return
    for key, item in request.items():
        place = f"{path}.{key}" if path else str(key)
        if key != "Properties" or not isinstance(item, Mapping):
            yield from untyped_properties(item, place)
            continue
        for name, value in item.items():
            if "Classification" in request and isinstance(value, bool | int | float):
                text = json.dumps(value)
                message = f"{name} must be a string, got {text}"
                yield Finding("emr-type", Severity.ERROR, message, f'use "{text}"', f"{place}.{name}")
