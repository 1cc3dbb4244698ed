"""Writes text of templates in Markdown as GitHub renders it, so that it has no meaning but its characters.

https://github.github.com/gfm/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from .display import plain

__all__ = ["code", "fenced", "table", "text"]

_ESCAPED: Final = {
    "&": "&amp;",
    "<": "&lt;",
    # GitHub renders mathematics between dollar signs.
    "$": "<span>$</span>",
    **{character: f"\\{character}" for character in "\\`*[]~|"},
}
# An underscore inside of a word has no meaning.
_EDGE: Final = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
# GitHub notifies users and links issues and addresses that a string names; a comment inside prevents it.
_LINKED: Final = re.compile(
    r"@(?=[A-Za-z0-9])|#(?=\d)|\bGH-(?=\d)|\b(?:https?|ftp|mailto|xmpp):|\bwww\.", re.IGNORECASE
)
_COMMENT: Final = "<!-- -->"


def text(value: str) -> str:
    """Return ``value`` as inline text, also for a table."""
    marked = _LINKED.sub(lambda match: f"{match[0]}\0", _EDGE.sub(r"\\_", _escaped(plain(value))))
    return marked.replace("\0", _COMMENT)


def code(value: str) -> str:
    """Return ``value`` as a code span, also for a table."""
    value = plain(value).replace("|", "\\|")
    longest = max(map(len, re.findall("`+", value)), default=0)
    fence = "`" * (longest + 1)
    # A code span can't be empty; a space at both ends is removed when it is rendered.
    padding = " " if longest or not value.strip() else ""
    return f"{fence}{padding}{value}{padding}{fence}"


def fenced(language: str, lines: Iterable[str]) -> list[str]:
    """Return the lines of a code block."""
    content = list(lines)
    longest = max((len(run) for line in content for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *content, fence]


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines of a table, with the cells escaped."""
    titles = list(columns)
    return [
        f"| {' | '.join(map(text, titles))} |",
        f"|{' --- |' * len(titles)}",
        *(f"| {' | '.join(map(text, row))} |" for row in rows),
    ]


def _escaped(value: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in value)
