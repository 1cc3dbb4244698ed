r"""Regular expressions with the same matches in Python and JSONata.

JSONata finds the end of a regular expression by counting brackets, including those in a character class, and its
host engine evaluates the rest. Patterns are therefore rewritten: literal brackets become escapes, ``\d``, ``\w``,
``\s``, ``.`` and ``$`` become the classes of Python in ASCII, and syntax that other engines don't support is rejected.
https://docs.jsonata.org/regex
"""

from __future__ import annotations

import re
import string
import warnings
from functools import cache
from typing import Final

from .._core.patterns import regex

__all__ = ["END", "UnsupportedPatternError", "portable"]

END: Final = r"(?![\s\S])"
"""The end of the text; ``$`` also matches before a line break in Python and Java."""

_CLASSES: Final = {"d": "0-9", "w": "A-Za-z0-9_", "s": r"\x09-\x0d\x20"}
_CONTROLS: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CODES: Final = regex(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})")
_REPETITION: Final = regex(r"\{([0-9]*)(,?)([0-9]*)\}")
_PLAIN: Final = frozenset(string.ascii_letters + string.digits + " !\"#%',:;<=>@_`~")
_ESCAPED: Final = frozenset("()[]{}.*+?^$|/-&")
_GROUPS: Final = ("?:", "?=", "?!")
_LACKING: Final = {
    "?P<": "named groups",
    "?P=": "references to groups",
    "?<=": "lookbehind",
    "?<!": "lookbehind",
    "?>": "atomic groups",
    "?(": "conditions",
    "?#": "comments",
}


class UnsupportedPatternError(ValueError):
    """A pattern that JSONata or JavaScript doesn't support."""


@cache
def portable(pattern: str) -> str:
    """Return ``pattern`` as a regular expression for Python and JSONata.

    It matches the same strings and has no anchors.

    :raises UnsupportedPatternError: the pattern isn't supported.
    """
    try:
        with warnings.catch_warnings():
            # Of brackets in a character class, which Python may interpret as a nested class in the future.
            warnings.simplefilter("ignore", FutureWarning)
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise UnsupportedPatternError(f"it is not a regular expression: {error}") from None
    return _Writer(pattern).write()


class _Writer:
    """Rewrites a pattern that Python accepts."""

    def __init__(self, pattern: str) -> None:
        self._rest = pattern

    def write(self) -> str:
        written = ""
        while self._rest:
            char = self._take()
            match char:
                case "(":
                    written += self._group()
                case "[":
                    written += self._class()
                case "\\":
                    written += self._escape()
                case "*" | "+" | "?":
                    written += char + self._greed()
                case "{":
                    written += self._repetition()
                case ")" | "|" | "^":
                    written += char
                case ".":
                    written += r"[^\x0a]"
                case "$":
                    written += END
                case "-" | "&":
                    written += char
                case _:
                    written += _literal(char)
        return written

    def _take(self, length: int = 1) -> str:
        taken, self._rest = self._rest[:length], self._rest[length:]
        return taken

    def _group(self) -> str:
        if not self._rest.startswith("?"):
            return "(?:"
        if self._rest.startswith(_GROUPS):
            return f"({self._take(2)}"
        start = next((start for start in _LACKING if self._rest.startswith(start)), self._rest[:2])
        raise _unsupported(f"({start}", _LACKING.get(start, "flags"))

    def _repetition(self) -> str:
        found = _REPETITION.match(f"{{{self._rest}")
        if found is None or found[0] == "{}":
            return _literal("{")
        self._take(found.end() - 1)
        lowest, comma, highest = found.groups()
        return f"{{{lowest or 0}{comma}{highest}}}{self._greed()}"

    def _greed(self) -> str:
        if self._rest.startswith("+"):
            raise _unsupported("++", "possessive quantifiers")
        return self._take() if self._rest.startswith("?") else ""

    def _escape(self) -> str:
        char = self._rest[0]
        if char in "bB":
            return f"\\{self._take()}"
        if char in _CLASSES:
            return f"[{_CLASSES[self._take()]}]"
        if char.lower() in _CLASSES:
            return f"[^{_CLASSES[self._take().lower()]}]"
        if char in "AZz":
            raise _unsupported(f"\\{char}", "anchors")
        return _literal(self._escaped())

    def _class(self) -> str:
        written = f"[{self._take()}" if self._rest.startswith("^") else "["
        # A bracket that comes first is one of the characters.
        written += self._members()
        while not self._rest.startswith("]"):
            written += self._members()
        return written + self._take()

    def _members(self) -> str:
        """Rewrite a character or a range of a class."""
        written = self._member()
        if self._rest.startswith("-") and not self._rest.startswith("-]"):
            written += self._take() + self._member()
        return written

    def _member(self) -> str:
        char = self._take()
        if char != "\\":
            return _literal(char)
        kind = self._rest[0]
        if kind in _CLASSES:
            return _CLASSES[self._take()]
        if kind.lower() in _CLASSES:
            raise _unsupported(f"[\\{kind}]", "classes that exclude, inside of another one")
        return _literal(self._escaped())

    def _escaped(self) -> str:
        """Return the character of an escape."""
        found = _CODES.match(self._rest)
        if found is not None:
            return chr(int(self._take(found.end())[1:], 16))
        char = self._take()
        if char.isdigit():
            raise _unsupported(f"\\{char}", "references to groups and octal numbers")
        if char == "N":
            raise _unsupported("\\N", "names of characters")
        return _CONTROLS.get(char, char)


def _literal(char: str) -> str:
    """Return ``char`` as a literal, inside and outside of a class."""
    code = ord(char)
    if char in _PLAIN:
        return char
    if char in _ESCAPED:
        return f"\\{char}"
    # Also a backslash: JSONata treats the second of two backslashes as an escape of the next character.
    if code < 0x100:
        return f"\\x{code:02x}"
    if code > 0xFFFF or 0xD800 <= code <= 0xDFFF:
        raise UnsupportedPatternError(f"the character {char!r} counts as two characters in JSONata")
    return f"\\u{code:04x}"


def _unsupported(part: str, name: str) -> UnsupportedPatternError:
    return UnsupportedPatternError(f"{part} is not supported ({name})")
