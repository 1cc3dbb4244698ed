"""Acknowledgments in a template: which findings its author accepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from .._core.nearest import nearest
from .catalogue import all_rules
from .parts import Part
from .registry import rule
from .sources import template_reference

__all__ = ["ACKNOWLEDGMENTS", "CONFIGURATION", "CONSTRUCT_WARNINGS", "METADATA_KEY", "accepted", "unknown_rule"]

METADATA_KEY: Final = "emr-constructs"
"""The key in the ``Metadata`` of a resource."""

ACKNOWLEDGMENTS: Final = "Acknowledgments"
"""The value of the key: ``{"acknowledge": [{"id": ..., "reason": ...}]}``."""

CONFIGURATION: Final = "CommandLineConfiguration"
"""The table of the command line in ``pyproject.toml``: acknowledgments, which can be limited to ``files``, whether the
age of releases is checked, and a Python file with company ``rules``."""

CONSTRUCT_WARNINGS: Final = frozenset(
    {
        "emr-default-security-groups", "emr-dns-name-identity", "emr-not-encrypted-in-transit", "emr-role-trust",
        "emr-schedule-same-day", "emr-schedule-skipped-time", "emr-step-after-idle",
        "emr-studio-template-applications", "emr-studio-template-termination", "emr-task-nodes-after-idle",
        "emr-unknown-instance-role", "emr-untagged-security-groups", "emr-untagged-studio-network",
        "emr-untagged-subnets", "emr-untagged-vpc",
    }
)  # fmt: skip
"""The IDs of warnings about constructs, which no rule over a request can see."""

_PREFIX: Final = "emr-"


@cache
def _known_ids() -> frozenset[str]:
    return CONSTRUCT_WARNINGS.union(rule.id for rule in all_rules())


def unknown_rule(rule_id: str) -> tuple[str, str] | None:
    """What is wrong with the ID of a rule, and the fix; None for a rule of this library or of another one."""
    known = _known_ids()
    if rule_id in known or not rule_id.startswith(_PREFIX):
        return None
    near = nearest(rule_id, known)
    return f"id must be the ID of a rule, got {rule_id!r}", f"use {near}" if near else "run emr-constructs rules"


def accepted(metadata: Any) -> dict[str, str]:
    """The IDs of the rules that the ``Metadata`` of a resource acknowledges, with the reasons."""
    section = metadata.get(METADATA_KEY) if isinstance(metadata, Mapping) else None
    listed = section.get("acknowledge") if isinstance(section, Mapping) else None
    items = listed if isinstance(listed, list) else []
    return {
        str(item["id"]): str(item["reason"])
        for item in items
        if isinstance(item, Mapping) and item.get("id") and item.get("reason")
    }


@rule("emr-acknowledgment", "Acknowledgment", "ProjectAcknowledgment",
      fix="use the ID of a rule, and state why the finding is accepted",
      source=template_reference("aws-attribute-metadata"))  # fmt: skip
def _is_valid(acknowledgment: Part) -> Iterator[str | tuple[str, str]]:
    """An acknowledgment must have the ID of a rule and a reason."""
    if unknown := unknown_rule(acknowledgment.get("id", "")):
        yield unknown
    reason = acknowledgment.get("reason")
    if isinstance(reason, str) and not reason.strip():
        yield f"reason must be a non-empty string, got {reason!r}"
