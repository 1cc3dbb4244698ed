"""``rules``: lists the rules as text or JSON."""

from __future__ import annotations

import json

from ..rules import all_rules

__all__ = ["listed"]


def listed(style: str) -> str:
    """Return all rules as ``text`` or ``json``."""
    rules = all_rules()
    if style == "json":
        found = [
            {
                "id": rule.id,
                "severity": str(rule.severity),
                "statement": rule.statement,
                "fix": rule.fix,
                "source": rule.source,
            }
            for rule in rules
        ]
        return json.dumps(found, indent=2)
    blocks = [f"{rule.id} ({rule.severity})\n  {rule.statement}\n  {rule.source}" for rule in rules]
    return "\n".join([*blocks, f"{len(rules)} rules"])
