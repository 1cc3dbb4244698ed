"""Findings as SARIF 2.1.0, which code scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from .._version import __version__

if TYPE_CHECKING:
    from ..rules import Finding
    from .own_rules import ListedRule
    from .report import Report, Suppression

__all__ = ["sarif"]

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(report: Report, rules: Sequence[ListedRule]) -> str:
    """Return ``report`` as a SARIF log of one run.

    :param rules: all rules that were run.
    """
    indexes = {rule.id: index for index, rule in enumerate(rules)}
    notifications = [
        {"level": "error", "message": {"text": f"can't read {file}: {reason}"}, "locations": [_location(file)]}
        for file, reason in report.unreadable.items()
    ]
    notifications += [
        {"level": "note", "message": {"text": f"{file} is not checked: {reason}"}, "locations": [_location(file)]}
        for file, reason in report.unchecked.items()
    ]
    run = {
        "tool": {
            "driver": {"name": "emr-constructs", "version": __version__, "rules": [_descriptor(rule) for rule in rules]}
        },
        "invocations": [
            {
                "executionSuccessful": not report.unreadable,
                "toolExecutionNotifications": notifications,
            }
        ],
        "results": [
            *(_result(finding, indexes) for finding in report.findings),
            *(
                {**_result(found.finding, indexes), "suppressions": [_suppression(found)]}
                for found in report.acknowledged
            ),
        ],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _descriptor(rule: ListedRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.statement},
        "help": {"text": f"{rule.fix}\n{rule.source}".strip()},
        **({"helpUri": rule.source} if rule.source else {}),
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _result(finding: Finding, indexes: dict[str, int]) -> dict[str, Any]:
    location = _location(finding.file, finding.line)
    if finding.resource:
        location["logicalLocations"] = [
            {"name": finding.resource, "fullyQualifiedName": finding.path, "kind": "resource"}
        ]
    return {
        "ruleId": finding.rule,
        "ruleIndex": indexes[finding.rule],
        "level": str(finding.severity),
        "message": {"text": f"{finding.message}; {finding.fix}"},
        "locations": [location],
    }


def _suppression(found: Suppression) -> dict[str, str]:
    kind = "inSource" if found.is_in_source else "external"
    return {"kind": kind, "justification": found.reason}


def _location(file: str, line: int | None = None) -> dict[str, Any]:
    path = Path(file)
    uri = path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if line is not None:
        physical["region"] = {"startLine": line}
    return {"physicalLocation": physical}
