"""``rules``: lists the rules, or explains one."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .._core.nearest import nearest
from ..rules import all_rules
from ..rules.explanations import Explanation, explanations, suppression
from ..templates import markdown
from .configuration import read_configuration
from .own_rules import OwnRules, own_rules

if TYPE_CHECKING:
    from .own_rules import ListedRule

__all__ = ["UnknownRuleError", "explained", "listed", "rules_of"]

_SOURCE_OF_LIBRARY = "emr_constructs"


class UnknownRuleError(LookupError):
    """Raised for an ID that no rule has."""


def rules_of(file: str | None, configuration_file: str | None) -> OwnRules:
    """Return the rules of a Python file. Default: of the file that the configuration names, if any."""
    return own_rules(file or read_configuration(configuration_file).rules)


def listed(style: str, own: OwnRules) -> str:
    """Return all rules as ``text``, one line each, as ``markdown`` or as ``json``."""
    rules: list[ListedRule] = [*all_rules(), *own.rules]
    if style == "json":
        return json.dumps([_facts(rule) for rule in rules], indent=2)
    if style == "markdown":
        return "\n".join(_tables(own))
    width = max(len(rule.id) for rule in rules)
    lines = [f"{rule.id:{width}}  {rule.severity:7}  {rule.statement}" for rule in rules]
    return "\n".join([*lines, f"{len(rules)} rules; emr-constructs rules RULE explains one"])


def explained(rule_id: str, style: str, own: OwnRules) -> str:
    """Return the explanation of a rule as ``text``, ``markdown`` or ``json``.

    :raises UnknownRuleError: no rule has this ID.
    """
    known: list[ListedRule] = [*all_rules(), *own.rules]
    rules = {rule.id: rule for rule in known}
    if rule_id not in rules:
        near = nearest(rule_id, rules)
        hint = f"use {near}" if near else "run emr-constructs rules to list all rules"
        raise UnknownRuleError(f"RULE must be the ID of a rule, got {rule_id!r}; {hint}")
    rule, explanation = rules[rule_id], explanations().get(rule_id)
    if style == "json":
        more = _examples(explanation) if explanation else {"why": getattr(rule, "why", "")}
        return json.dumps(_facts(rule) | more, indent=2)
    if style == "markdown":
        return "\n".join(_section(rule, explanation, "#"))
    parts = [f"{rule.id} ({rule.severity})", _indented(rule.statement)]
    parts += [f"{title}:\n{_indented(text)}" for title, text in _sentences(rule, explanation)]
    parts += [f"{title}:\n\n{textwrap.indent(code, '    ')}" for title, _, code in _blocks(explanation)]
    if explanation and explanation.library:
        parts.append(f"With emr_constructs:\n{_indented(explanation.library)}")
    parts += [f"Source:\n  {rule.source}"] if rule.source else []
    return "\n\n".join([*parts, f"Acknowledge:\n{textwrap.indent(suppression(rule.id).strip(), '  ')}"])


def _sentences(rule: ListedRule, explanation: Explanation | None) -> list[tuple[str, str]]:
    why = explanation.why if explanation else getattr(rule, "why", "")
    other_fix = rule.library_fix if rule.library_fix != rule.fix else ""
    found = [("Why", why), ("Fix", rule.fix), ("Fix with emr_constructs", other_fix)]
    return [(title, text) for title, text in found if text]


def _blocks(explanation: Explanation | None) -> list[tuple[str, str, str]]:
    """The examples: title, language and code."""
    if explanation is None:
        return []
    found = [
        ("Wrong", "yaml", explanation.wrong),
        ("Right", "yaml", explanation.right),
        ("Wrong with emr_constructs", "python", explanation.library_wrong),
        ("Right with emr_constructs", "python", explanation.library_right),
    ]
    return [(title, language, code.strip()) for title, language, code in found if code]


def _tables(own: OwnRules) -> list[str]:
    """All rules in Markdown: company rules with their explanations."""
    lines = ["# Rules"]
    if own.rules:
        lines += ["", f"## Rules of {markdown.text(own.file)}", "", *_table(own.rules)]
        lines += [line for rule in own.rules for line in ("", *_section(rule, None, "###"))]
    return [*lines, "", f"## Rules of {_SOURCE_OF_LIBRARY}", "", *_table(all_rules())]


def _table(rules: Sequence[ListedRule]) -> list[str]:
    rows = [(rule.id, str(rule.severity), rule.statement, rule.fix) for rule in rules]
    return markdown.table(("rule", "severity", "statement", "fix"), rows)


def _section(rule: ListedRule, explanation: Explanation | None, heading: str) -> list[str]:
    lines = [f"{heading} {markdown.text(rule.id)}", "", f"{markdown.text(rule.statement)} ({rule.severity})"]
    for title, text in _sentences(rule, explanation):
        lines += ["", f"**{title}:** {markdown.text(text)}"]
    for title, language, code in _blocks(explanation):
        lines += ["", f"**{title}:**", "", *markdown.fenced(language, code.splitlines())]
    if explanation and explanation.library:
        lines += ["", f"**With emr_constructs:** {markdown.text(explanation.library)}"]
    return [*lines, *(["", f"**Source:** <{rule.source}>"] if rule.source else [])]


def _facts(rule: ListedRule) -> dict[str, str]:
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
