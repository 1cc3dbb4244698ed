"""Writes ``docs/rules.md`` from the rules and their cases: ``python -m tests.rules.page``."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from typing import Any

from emr_constructs import rules
from emr_constructs.rules import Rule, Severity, all_rules
from tests.rules.cases import CASES, Case
from tests.tools import PROJECT

PAGE = PROJECT / "docs" / "rules.md"
INTRODUCTION = """\
# Rules

{count} rules say what EMR or CloudFormation would refuse (errors, {errors}), and what they would take but not do as
meant (warnings, {warnings}). They run by themselves when a construct or a value of this library is made;
[checking](checking.md) shows how to run them over anything else.

Each rule has cases, which the tests run: what is refused, and what is accepted in its place. This page is written from
the rules and their cases, by `python -m tests.rules.page`.
"""
ABSENT = object()


def topics() -> dict[str, str]:
    """The heading of the topic that declares each rule, by id: the first sentence of its module."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(rules.__path__):
        loaded = importlib.import_module(f"emr_constructs.rules.{module.name}")
        heading = (loaded.__doc__ or "").split("\n\n", maxsplit=1)[0].replace("\n", " ").rstrip(".")
        source = inspect.getsource(loaded)
        for rule in all_rules():
            if not rule.shapes:
                found[rule.id] = "What the service model of EMR declares"
            elif f'"{rule.id}"' in source:
                found[rule.id] = heading
    return found


def differences(refused: Any, accepted: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Where a refused value and the accepted one differ, as deep down as they have the same form."""
    if isinstance(refused, dict) and isinstance(accepted, dict):
        for name in dict.fromkeys([*refused, *accepted]):
            yield from differences(refused.get(name, ABSENT), accepted.get(name, ABSENT), f"{path}.{name}")
    elif isinstance(refused, list) and isinstance(accepted, list) and len(refused) == len(accepted):
        for at, (one, other) in enumerate(zip(refused, accepted, strict=True)):
            yield from differences(one, other, f"{path}[{at}]")
    elif refused != accepted or type(refused) is not type(accepted):
        yield path, refused, accepted


def shown(value: Any) -> str:
    if value is ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= 160 else f'{text[:157]}...'}`"


def written(case: Case) -> str:
    found = differences(case.refused, case.accepted, case.shape)
    parts = [
        f"`{path}`: {shown(refused)} is refused, {shown(accepted)} is accepted" for path, refused, accepted in found
    ]
    return f"- {'; together with '.join(parts)}"


def escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*")


def section(rule: Rule) -> str:
    cases = "\n".join(dict.fromkeys(written(case) for case in CASES if case.rule == rule.id))
    statement, fix = escaped(rule.statement), escaped(rule.fix)
    return f"### {rule.id}\n\n{rule.severity}: {statement} [Source]({rule.source})\n\nWhat to do: {fix}.\n\n{cases}\n"


def page() -> str:
    """The whole page."""
    found, headings = all_rules(), topics()
    errors = sum(rule.severity is Severity.ERROR for rule in found)
    by_topic: dict[str, list[Rule]] = {}
    for rule in found:
        by_topic.setdefault(headings[rule.id], []).append(rule)
    parts = [INTRODUCTION.format(count=len(found), errors=errors, warnings=len(found) - errors)]
    for topic in sorted(by_topic):
        parts += [f"## {topic}\n", *(section(rule) for rule in by_topic[topic])]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
