"""Builds the content of a YAML text from its events, without recursion and within bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from .lines import Lines, Repeated, path_of

__all__ = ["DEEPEST", "MOST_DIGITS", "TooDeepError", "build"]

DEEPEST: Final = 100
"""The most levels that a content can have: with them, no function that visits it exhausts the stack."""

_MOST_ADDED: Final = 100_000
"""The most values that aliases can add to those in the text."""

MOST_DIGITS: Final = 100
"""The most digits of a number: the products of some of them are still numbers that Python can hold and print."""

_LETTERS: Final = 64
"""The number of letters that count as one value."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE: Final = "tag:yaml.org,2002:"
_MERGE: Final = f"{_CORE}merge"
_RESOLVERS: Final[dict[str | None, list[tuple[str, Any]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_CONSTRUCTOR: Final = yaml.constructor.SafeConstructor()


class TooDeepError(ValueError):
    """Raised for a string with too many levels."""


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is being built."""

    value: Any
    lines: Any
    line: int
    tag: str | None
    anchor: str | None
    weight: int = 1
    key: Any = None
    """The key whose value comes next, in a mapping; None if a key comes next."""

    key_line: int = 0
    merges: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)


_MERGED: Final = object()


def build(text: str) -> tuple[Any, Lines, tuple[Repeated, ...]]:
    """Return the content of a YAML text, its lines and the keys that occur more than once.

    :raises TooDeepError: there are more than ``DEEPEST`` levels.
    :raises ValueError: aliases multiply the content without bounds, or a key or a number is not valid.
    :raises yaml.YAMLError: the text is not YAML.
    """
    loader = _Loader(text)
    try:
        return _Builder(loader).run()
    finally:
        loader.dispose()


class _Builder:
    def __init__(self, loader: Any) -> None:
        self._next = loader.get_event
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, Lines, int]] = {}
        """The values, lines and weights of anchors."""

        self._weight = 0
        """The weight of the text itself, without what aliases add."""

        self._scalars: dict[str, Any] = {}
        # The lines of the mapping are kept, so that no other mapping gets their ID.
        self._repeated: dict[tuple[int, str], tuple[str, list[int], Any]] = {}
        self._lost: set[tuple[int, str]] = set()
        self._result: tuple[Any, Lines] = (None, None)

    def run(self) -> tuple[Any, Lines, tuple[Repeated, ...]]:
        documents = 0
        following, stack = self._next, self._stack
        while True:
            event = following()
            kind = type(event)
            if kind is ScalarEvent:
                self._scalar(event)
            elif kind is MappingStartEvent:
                self._open(event, {}, {})
            elif kind is SequenceStartEvent:
                self._open(event, [], [])
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._close(stack.pop())
            elif kind is AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise ValueError(f"line {event.start_mark.line + 1}: but found another document")
            elif kind is StreamEndEvent:
                break
        lost = ((key, found) for (at, key), found in self._repeated.items() if (at, key) in self._lost)
        repeated = (Repeated(path, key, tuple(lines)) for key, (path, lines, _) in lost)
        return *self._result, tuple(repeated)

    def _open(self, event: Any, value: Any, lines: Any) -> None:
        stack = self._stack
        line = event.start_mark.line + 1
        if stack and stack[-1].key is None and type(stack[-1].value) is dict:
            raise ValueError(f"line {line}: keys must be strings")
        if len(stack) >= DEEPEST:
            raise TooDeepError
        stack.append(_Frame(value, lines, line, event.tag, event.anchor))
        self._weight += 1
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)

    def _close(self, frame: _Frame) -> None:
        value, lines = frame.value, frame.lines
        if frame.merges:
            merged: dict[str, Any] = {}
            merged_lines: dict[str, Any] = {}
            for other, other_lines in frame.merges:
                merged.update(other)
                merged_lines.update(other_lines)
            value, lines = {**merged, **value}, {**merged_lines, **lines}
        if frame.tag is not None:
            value, lines = _tagged(frame.tag, value, lines, frame.line)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (value, lines, frame.weight)
        self._add(value, lines, frame.weight, frame.line)

    def _scalar(self, event: Any) -> None:
        text: str = event.value
        line = event.start_mark.line + 1
        stack = self._stack
        if stack and (frame := stack[-1]).key is None and type(frame.value) is dict:
            if event.anchor is not None:
                self._anchors[event.anchor] = (text, None, 1)
            self._key(frame, _MERGED if text == "<<" and event.implicit[0] else text, line)
            return
        tag = event.tag
        if tag is None:
            if event.implicit[0]:
                value = self._scalars[text] if text in self._scalars else self._plain(text, line)
            else:
                value = text
        else:
            value = _convert(tag, text, line) if tag.startswith(_CORE) else text
        lines: Lines = None
        if tag is not None:
            value, lines = _tagged(tag, value, None, line)
        weight = 1 + len(text) // _LETTERS
        self._weight += weight
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, lines, weight)
        self._add(value, lines, weight, line)

    def _plain(self, text: str, line: int) -> Any:
        """The value of a plain scalar; a file has few different ones, so each is resolved once."""
        resolvers = (*_RESOLVERS.get(text[:1], ()), *_RESOLVERS.get(None, ()))
        tag = next((tag for tag, pattern in resolvers if pattern.match(text)), "")
        self._scalars[text] = value = _convert(tag, text, line)
        return value

    def _alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        name = event.anchor
        if name not in self._anchors:
            if any(frame.anchor == name for frame in self._stack):
                raise ValueError(f"line {line}: alias {name!r} must not be part of its own anchor")
            raise ValueError(f"line {line}: found undefined alias {name!r}")
        value, lines, weight = self._anchors[name]
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is None and type(frame.value) is dict:
            if not isinstance(value, str):
                raise ValueError(f"line {line}: keys must be strings")
            self._key(frame, value, line)
            return
        self._add(value, lines, weight, line)

    def _key(self, frame: _Frame, key: Any, line: int) -> None:
        frame.key, frame.key_line = key, line
        if key is not _MERGED and key in frame.lines:
            path = path_of([*self._path(), key])
            first = frame.lines[key][0]
            _, lines, _ = self._repeated.setdefault((id(frame.lines), key), (path, [first], frame.lines))
            lines.append(line)

    def _path(self) -> list[str | int]:
        """The keys of the frames around the current one."""
        return [
            len(frame.value) if isinstance(frame.value, list) else "<<" if frame.key is _MERGED else frame.key
            for frame in self._stack[:-1]
        ]

    def _add(self, value: Any, lines: Lines, weight: int, line: int) -> None:
        if not self._stack:
            self._result = (value, lines)
            return
        frame = self._stack[-1]
        frame.weight += weight
        if frame.weight > self._weight + _MOST_ADDED:
            raise ValueError(f"line {line}: aliases must add at most {_MOST_ADDED} values")
        if type(frame.value) is list:
            frame.value.append(value)
            frame.lines.append((line, lines))
        elif frame.key is _MERGED:
            frame.merges += _merges(value, lines, line)
            frame.key = None
        else:
            # Nothing is lost if all values are equal.
            if frame.key in frame.lines and frame.value[frame.key] != value:
                self._lost.add((id(frame.lines), frame.key))
            frame.value[frame.key] = value
            frame.lines[frame.key] = frame.key_line, lines
            frame.key = None


def _merges(value: Any, lines: Any, line: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The mappings that a merge key adds, the one that counts most last."""
    if isinstance(value, dict):
        return [(value, lines)]
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return [(item, below) for item, (_, below) in zip(reversed(value), reversed(lines), strict=True)]
    raise ValueError(f"line {line}: << must be a mapping or a list of mappings")


def _tagged(tag: str, value: Any, lines: Lines, line: int) -> tuple[Any, Lines]:
    """A value with its tag: the long form of a short intrinsic function."""
    if not tag.startswith("!") or len(tag) == 1:
        return value, lines
    name = tag[1:]
    if name not in ("Ref", "Condition"):
        if name == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        name = f"Fn::{name}"
    return {name: value}, {name: (line, lines)}


def _convert(tag: str, text: str, line: int) -> Any:
    """The value of a scalar with one of YAML's own tags."""
    kind = tag.removeprefix(_CORE)
    if kind == "null":
        return None
    if kind not in ("bool", "int", "float"):
        return text
    node = yaml.ScalarNode(tag, text)
    try:
        value = getattr(_CONSTRUCTOR, f"construct_yaml_{kind}")(node)
    except (ValueError, KeyError, IndexError, OverflowError):
        if kind == "int" and len(text) > MOST_DIGITS:
            raise ValueError(f"line {line}: numbers must have at most {MOST_DIGITS} digits") from None
        return text
    if kind == "int" and abs(value) >= 10**MOST_DIGITS:
        raise ValueError(f"line {line}: numbers must have at most {MOST_DIGITS} digits")
    # A number that isn't finite stays a string, which is no number to the rules either.
    return text if kind == "float" and not isfinite(value) else value
