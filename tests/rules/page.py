"""Writes the pages on the rules, ``docs/rules.md`` and ``docs/rules/``: ``python -m tests.rules.page``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from emr_constructs.rules import Rule, Severity, all_rules
from emr_constructs.rules.explanations import Explanation, Topic, suppression, topics
from tests.tools import PROJECT

INDEX = PROJECT / "docs" / "rules.md"
FOLDER = PROJECT / "docs" / "rules"
INTRODUCTION = """\
# Rules

{count} rules validate clusters and what belongs to them: {errors} errors, which EMR or CloudFormation rejects or which
fail at launch, and {warnings} warnings, which are accepted but risky or have no effect. Constructs of this library
apply them at synth time. To apply them to other templates and apps, see [Validating templates](checking.md). To add a
rule, see [How to write a rule](writing-rules.md).

`emr-constructs rules` lists all rules, `emr-constructs rules RULE` explains one.

## Topics
"""


def escaped(text: str) -> str:
    for special in "<*|":
        text = text.replace(special, "&lt;" if special == "<" else f"\\{special}")
    return text


def sentence(text: str) -> str:
    return escaped(f"{text[0].upper()}{text[1:]}.")


def table(rules: list[Rule]) -> Iterator[str]:
    yield "| Rule | Severity | Statement |"
    yield "| --- | --- | --- |"
    for rule in rules:
        yield f"| [{rule.id}](#{rule.id}) | {rule.severity} | {escaped(rule.statement)} |"


def block(language: str, code: str) -> str:
    return f"```{language}\n{code.strip()}\n```\n"


def examples(explanation: Explanation) -> Iterator[str]:
    yield f"Wrong:\n\n{block('yaml', explanation.wrong)}"
    yield f"Right:\n\n{block('yaml', explanation.right)}"
    if explanation.library_wrong:
        yield f"Wrong, with this library:\n\n{block('py', explanation.library_wrong)}"
    if explanation.library_right:
        yield f"Right, with this library:\n\n{block('py', explanation.library_right)}"
    if explanation.library:
        yield f"{explanation.library}\n"


def section(rule: Rule, explanation: Explanation) -> Iterator[str]:
    yield f"## {rule.id}\n"
    yield f"**{rule.severity}**: {escaped(rule.statement)} [Source]({rule.source})\n"
    yield f"{escaped(explanation.why)}\n"
    fix = sentence(rule.fix)
    yield f"{fix} With this library: {rule.library_fix}.\n" if rule.library_fix != rule.fix else f"{fix}\n"
    yield from examples(explanation)


def topic_page(topic: Topic) -> str:
    known = {rule.id: rule for rule in all_rules()}
    rules = [known[name] for name in topic.rules]
    parts = [f"# {topic.title}\n", *table(rules), ""]
    for rule in rules:
        parts += section(rule, topic.rules[rule.id])
    return "\n".join(parts)


def index_page() -> str:
    rules = all_rules()
    errors = sum(rule.severity is Severity.ERROR for rule in rules)
    text = INTRODUCTION.format(count=len(rules), errors=errors, warnings=len(rules) - errors)
    lines = [f"- [{topic.title}](rules/{topic.name}.md): {len(topic.rules)} rules" for topic in topics()]
    suppress = block("text", suppression("emr-public-ingress"))
    return "\n".join(
        [text, *lines, f"\n## Acknowledge a finding\n\nEach acknowledgment requires a reason.\n\n{suppress}"]
    )


def pages() -> dict[Path, str]:
    """The text of all pages."""
    return {INDEX: index_page()} | {FOLDER / f"{topic.name}.md": topic_page(topic) for topic in topics()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        path.unlink()
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
