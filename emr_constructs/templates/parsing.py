"""Parses templates and requests: JSON and YAML with short intrinsic functions, repeated keys, and the lines of values.

Strings are read without recursion and within bounds, so that no text, however nested or multiplied, ends the process.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from math import isfinite
from typing import Any, Final

import yaml

from .lines import Lines, Repeated, json_lines, line_at
from .yaml_events import DEEPEST, MOST_DIGITS, TooDeepError, build

__all__ = ["Document", "Repeated", "UnreadableError", "line_of", "parse", "parse_json"]

_CONTAINERS: Final = frozenset((dict, list))
_TOO_DEEP: Final = f"the content must have at most {DEEPEST} levels"
_TOO_LONG: Final = f"numbers must have at most {MOST_DIGITS} digits"


class UnreadableError(ValueError):
    """Raised for a string that is neither JSON nor YAML, or content that can't be checked."""


class Document:
    """The content of a JSON or YAML text, with the lines of its values."""

    def __init__(self, text: str) -> None:
        """Parse ``text``; a short intrinsic function such as ``!Ref`` becomes its long form.

        :raises UnreadableError: the text is neither JSON nor YAML, or too large when its aliases are expanded.
        """
        self._text = text
        self._lines: Lines = None
        self._repeated: tuple[Repeated, ...] | None = None
        self.content: Any
        """The values of the text; the last value of a key that occurs more than once."""
        self._is_json = text.lstrip().startswith(("{", "["))
        if self._is_json:
            try:
                self.content, is_repeated = _load_json(text)
            except json.JSONDecodeError:
                self._is_json = False  # YAML in flow style begins like JSON.
            else:
                self._repeated = None if is_repeated else ()
                return
        try:
            built = build(text)
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise UnreadableError(_described(error)) from None
        self.content, self._lines, self._repeated = built

    @property
    def repeated(self) -> tuple[Repeated, ...]:
        """The keys that occur more than once in a mapping."""
        return self._json_lines[1] if self._repeated is None else self._repeated

    def line(self, path: str) -> int:
        """Return the line, from 1, of the property at ``path``, such as ``Resources.Cluster.Properties.Name``.

        If there is no such property, the line of its closest parent.
        """
        return line_at(self._json_lines[0] if self._is_json else self._lines, path)

    @cached_property
    def _json_lines(self) -> tuple[Lines, tuple[Repeated, ...]]:
        return json_lines(self._text)


def parse(text: str) -> Any:
    """Parse a JSON or YAML text; a short intrinsic function such as ``!Ref`` becomes its long form.

    :raises UnreadableError: the text is neither JSON nor YAML, or too large when its aliases are expanded.
    """
    return Document(text).content


def parse_json(text: str) -> Any:
    """Parse a JSON text.

    :raises UnreadableError: the text is not JSON, or nested too deeply.
    """
    try:
        return _load_json(text)[0]
    except json.JSONDecodeError as error:
        raise UnreadableError(f"line {error.lineno}: {error.msg}") from None


def line_of(text: str, path: str) -> int | None:
    """Return the line, from 1, of the property at ``path`` as ``Document.line`` does.

    None if ``text`` can't be parsed.
    """
    try:
        return Document(text).line(path)
    except UnreadableError:
        return None


def _load_json(text: str) -> tuple[Any, bool]:
    """The content of a JSON text, and whether a key occurs more than once with different values."""
    is_repeated = False

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal is_repeated
        made = dict(found)
        if len(made) != len(found) and any(made[key] != value for key, value in found):
            is_repeated = True
        return made

    try:
        with _no_collection():
            content = json.loads(
                text, object_pairs_hook=pairs, parse_int=_int, parse_float=_float, parse_constant=_reject
            )
    except json.JSONDecodeError:
        raise
    except UnreadableError:
        raise
    except RecursionError:
        raise UnreadableError(_TOO_DEEP) from None
    if _is_deeper(content, DEEPEST):
        raise UnreadableError(_TOO_DEEP)
    return content, is_repeated


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from running.

    A string with too many levels exhausts the stack of the parser. Finalizers that ran there would fail.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _int(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise UnreadableError(_TOO_LONG)
    return int(text)


def _float(text: str) -> float | str:
    # A number that Python can't hold stays a string, which is no number to the rules either.
    value = float(text)
    return value if isfinite(value) else text


def _reject(name: str) -> Any:
    raise UnreadableError(f"numbers must be finite, got {name}")


def _is_deeper(content: Any, levels: int) -> bool:
    """Whether a value that was read from JSON has more than ``levels`` levels."""
    level = [content] if type(content) in (dict, list) else []
    for _ in range(levels):
        below = chain.from_iterable(value.values() if type(value) is dict else value for value in level)
        level = [value for value in below if type(value) in _CONTAINERS]
        if not level:
            return False
    return True


def _described(error: BaseException) -> str:
    if isinstance(error, TooDeepError | RecursionError):
        return _TOO_DEEP
    if isinstance(error, UnicodeError):
        return "the text must have only characters that UTF-8 can encode"
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None)
    if mark is not None and problem:
        return f"line {mark.line + 1}: {problem}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
