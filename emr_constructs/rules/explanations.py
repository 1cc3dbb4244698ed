"""Explanations of the rules: the reason, and wrong and right examples, in a template and with this library."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["Explanation", "Topic", "explanations", "suppression", "topics"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a rule is for, with an example."""

    why: str
    """What happens if the rule is violated, in one sentence."""

    wrong: str
    """YAML that violates the rule: a template, a resource or properties of a cluster."""

    right: str
    """YAML that satisfies it."""

    library_wrong: str = ""
    """Python code that violates the rule; empty if this library can't express it."""

    library_right: str = ""
    """Python code that satisfies it."""

    library: str = ""
    """How this library satisfies the rule by itself, if no code is required."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Rules that belong together: a page of the documentation."""

    name: str
    """The name of the page, such as ``instance-fleets``."""

    title: str
    """The heading of the page."""

    rules: dict[str, Explanation]
    """The explanations by the ID of the rule, in the order of the page."""


_FOLDER: Final = Path(__file__).parents[1] / "data" / "rules"
_SUPPRESSION: Final = """\
In a CDK app, at the construct or a parent of it:

    emr.acknowledge(cluster, "{id}", reason="...")

In a template, for one resource:

    Metadata:
      emr-constructs:
        acknowledge:
          - id: {id}
            reason: ...

On the command line, in pyproject.toml:

    [[tool.emr-constructs.acknowledge]]
    id = "{id}"
    reason = "..."
"""


@cache
def topics() -> tuple[Topic, ...]:
    """All topics by name; treat as read-only."""
    # Checks don't require it.
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    for file in sorted(_FOLDER.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            content = yaml.load(file.read_text(encoding="utf-8"), loader)  # noqa: S506 - a safe loader
            rules = {name: Explanation(**parts) for name, parts in content["rules"].items()}
            found.append(Topic(file.name.removesuffix(".yaml"), content["title"], rules))
    return tuple(found)


@cache
def explanations() -> dict[str, Explanation]:
    """The explanations of all rules by ID; treat as read-only."""
    return {name: explanation for topic in topics() for name, explanation in topic.rules.items()}


def suppression(rule_id: str) -> str:
    """How to acknowledge the findings of a rule, in a CDK app, in a template and on the command line."""
    return _SUPPRESSION.format(id=rule_id)
