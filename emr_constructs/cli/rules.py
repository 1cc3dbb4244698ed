"""``rules``: lists the rules, or explains one."""

from __future__ import annotations

import difflib
import json
import textwrap

from ..rules import Rule, all_rules
from ..rules.explanations import Explanation, explanations, suppression

__all__ = ["UnknownRuleError", "explained", "listed"]


class UnknownRuleError(LookupError):
    """Raised for an id that no rule has."""


def listed(style: str) -> str:
    """Return all rules as ``text``, one line each, or as ``json``."""
    rules = all_rules()
    if style == "json":
        return json.dumps([_facts(rule) for rule in rules], indent=2)
    width = max(len(rule.id) for rule in rules)
    lines = [f"{rule.id:{width}}  {rule.severity:7}  {rule.statement}" for rule in rules]
    return "\n".join([*lines, f"{len(rules)} rules; emr-constructs rules RULE explains one"])


def explained(rule_id: str, style: str) -> str:
    """Return the explanation of a rule as ``text`` or ``json``.

    :raises UnknownRuleError: no rule has this id.
    """
    rules = {rule.id: rule for rule in all_rules()}
    if rule_id not in rules:
        near = difflib.get_close_matches(rule_id, rules, n=1)
        hint = f"use {near[0]}" if near else "run emr-constructs rules to list all rules"
        raise UnknownRuleError(f"RULE must be the id of a rule, got {rule_id!r}; {hint}")
    rule, explanation = rules[rule_id], explanations().get(rule_id)
    if style == "json":
        return json.dumps(_facts(rule) | (_examples(explanation) if explanation else {}), indent=2)
    parts = [f"{rule.id} ({rule.severity})", _indented(rule.statement)]
    if explanation:
        parts.append(f"Why:\n{_indented(explanation.why)}")
    parts.append(f"Fix:\n{_indented(rule.fix)}")
    if rule.library_fix != rule.fix:
        parts.append(f"Fix with emr_constructs:\n{_indented(rule.library_fix)}")
    if explanation:
        shown = {
            "Wrong": explanation.wrong,
            "Right": explanation.right,
            "Wrong with emr_constructs": explanation.library_wrong,
            "Right with emr_constructs": explanation.library_right,
        }
        parts += [f"{title}:\n\n{textwrap.indent(code.strip(), '    ')}" for title, code in shown.items() if code]
        if explanation.library:
            parts.append(f"With emr_constructs:\n{_indented(explanation.library)}")
    parts += [f"Source:\n  {rule.source}", f"Suppress:\n{textwrap.indent(suppression(rule.id).strip(), '  ')}"]
    return "\n\n".join(parts)


def _facts(rule: Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "severity": str(rule.severity),
        "statement": rule.statement,
        "fix": rule.fix,
        "library_fix": rule.library_fix,
        "source": rule.source,
    }


def _examples(explanation: Explanation) -> dict[str, str]:
    return {name: getattr(explanation, name) for name in Explanation.__slots__}


def _indented(text: str) -> str:
    return textwrap.fill(text, 100, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
