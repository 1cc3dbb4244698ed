"""The lines of the values in a JSON or YAML text, by their path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

__all__ = ["Lines", "Repeated", "json_lines", "line_at", "path_of"]

Lines: TypeAlias = "dict[str, tuple[int, Lines]] | list[tuple[int, Lines]] | None"
"""The lines below a value: of the keys of a mapping, or of the items of a list; None for a scalar."""

_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_CUT: Final = re.compile(r"[.\[]")
_ITEM: Final = re.compile(r"\[(\d{1,9})\]")


@dataclass(frozen=True, slots=True)
class Repeated:
    """A key that occurs more than once in a mapping."""

    path: str
    """The path of the key."""

    key: str
    lines: tuple[int, ...]
    """The line of each occurrence, from 1."""


def line_at(lines: Lines, path: str) -> int:
    """Return the line, from 1, of the value at ``path``, or of its closest parent."""
    line, rest = 1, path
    while rest and (found := _child(lines, rest)) is not None:
        (line, lines), rest = found
    return line


def _child(lines: Lines, path: str) -> tuple[tuple[int, Lines], str] | None:
    """What the first name or index of ``path`` leads to, and the rest of the path."""
    if isinstance(lines, list):
        match = _ITEM.match(path)
        if match and int(match[1]) < len(lines):
            return lines[int(match[1])], path[match.end() :].removeprefix(".")
    elif isinstance(lines, dict):
        # Names can hold dots, as those of Spark's settings do: the longest name counts.
        for end in (len(path), *reversed([found.start() for found in _CUT.finditer(path)])):
            if path[:end] in lines:
                return lines[path[:end]], path[end:].removeprefix(".")
    return None


def path_of(keys: Iterable[str | int]) -> str:
    """Return the path of names and indexes, such as ``Steps[0].Name``."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")


def json_lines(text: str) -> tuple[Lines, tuple[Repeated, ...]]:
    """Return the lines of the values in a valid JSON text, and the keys that occur more than once."""
    return _JsonLines(text).found()


class _JsonLines:
    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[Any] = []
        self._keys: list[str | int] = []
        # The lines of the mapping are kept, so that no other mapping gets their ID.
        self._occurrences: dict[tuple[int, str], tuple[str, list[int], Any]] = {}

    def found(self) -> tuple[Lines, tuple[Repeated, ...]]:
        root: list[tuple[int, Lines]] = []
        line, position = 1, 0
        pending: tuple[str, int] | None = None
        is_value = True
        for match in _TOKEN.finditer(self._text):
            part, start = match[0], match.start()
            if part == ":":
                is_value = True
            elif part == ",":
                is_value = isinstance(self._open[-1], list)
            elif part in "}]":
                self._open.pop()
                self._keys.pop()
                is_value = False
            else:
                line += self._text.count("\n", position, start)
                position = start
                if not is_value:
                    pending = json.loads(part, strict=False), line
                    continue
                made: Lines = {} if part == "{" else [] if part == "[" else None
                self._add(self._open[-1] if self._open else root, pending, line, made)
                if made is not None:
                    self._open.append(made)
                is_value = part == "["
        repeated = tuple(Repeated(path, key, tuple(lines)) for (_, key), (path, lines, _) in self._occurrences.items())
        return root[0][1] if root else None, repeated

    def _add(self, parent: Any, pending: tuple[str, int] | None, line: int, made: Lines) -> None:
        key: str | int
        if isinstance(parent, dict) and pending is not None:
            key, key_line = pending
            if key in parent:
                path = path_of([*self._keys[1:], key])
                _, lines, _ = self._occurrences.setdefault((id(parent), key), (path, [parent[key][0]], parent))
                lines.append(key_line)
            parent[key] = key_line, made
        else:
            key = len(parent)
            parent.append((line, made))
        if made is not None:
            self._keys.append(key)
