"""Writes flowcharts in Mermaid as GitHub renders them.

https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

import re
from typing import Final

from .display import plain

__all__ = ["Flowchart", "label"]

# All other ASCII characters can have a meaning in labels: in Mermaid, Markdown, HTML or directives.
_SPECIAL: Final = re.compile(r"[^A-Za-z0-9 .,:/()=+\-\u0080-\U0010ffff_]")
_EDGE: Final = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
# Labels that begin like lists are rejected, and so are some links.
_LIST: Final = re.compile(r"^(\s*(?:\d+|))([.+\-])(?=\s)")
_LINK: Final = re.compile(r"(?<=[A-Za-z]):(?=//)")
# A statement wherever it is in a line, also in quotes.
_DIRECTION: Final = re.compile(r"d(?=irection\s+(?:TB|TD|BT|RL|LR))", re.IGNORECASE)
_LONGEST: Final = 80


def label(*lines: str) -> str:
    """Return text in quotes, with a line break between ``lines``; empty lines are left out."""
    return f'"{"<br/>".join(_escaped(line) for line in lines if line)}"'


class Flowchart:
    """A flowchart; its nodes get short names, so that no text of a template is a name."""

    def __init__(self, direction: str = "LR") -> None:
        self._lines = [f"flowchart {direction}"]
        self._indent = "    "
        self._names = 0

    def node(self, *lines: str, shape: str = "[]") -> str:
        """Add a node, and return its name.

        :param lines: the lines of its label.
        :param shape: the brackets around the label.
        """
        name = self._name()
        half = len(shape) // 2
        self._lines.append(f"{self._indent}{name}{shape[:half]}{label(*lines)}{shape[half:]}")
        return name

    def edge(self, source: str, target: str, text: str = "", *, dotted: bool = False) -> None:
        """Add an arrow between two nodes."""
        arrow = "-.->" if dotted else "-->"
        self._lines.append(f"{self._indent}{source} {arrow}{f'|{label(text)}|' if text else ''} {target}")

    def start(self, *lines: str) -> str:
        """Begin a frame around the nodes that follow, and return its name."""
        name = self._name()
        self._lines.append(f"{self._indent}subgraph {name}[{label(*lines)}]")
        self._indent += "    "
        return name

    def end(self) -> None:
        """End the last frame."""
        self._indent = self._indent[:-4]
        self._lines.append(f"{self._indent}end")

    def lines(self) -> list[str]:
        """Return the lines of the chart."""
        return list(self._lines)

    def _name(self) -> str:
        self._names += 1
        return f"n{self._names}"


def _escaped(text: str) -> str:
    text = plain(text)
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
    text = _SPECIAL.sub(_code, text)
    text = _LIST.sub(lambda match: f"{match[1]}{_code_of(match[2])}", _EDGE.sub(_code, text))
    return _DIRECTION.sub(_code, _LINK.sub(_code, text))


def _code(match: re.Match[str]) -> str:
    return _code_of(match[0])


def _code_of(character: str) -> str:
    return f"#{ord(character)};"
