"""Prints the text of settings as numbers and booleans, which the library writes as the same text."""

from __future__ import annotations

from typing import Final

from .code import Code, Literal

__all__ = ["is_whole_number", "setting"]

_LONGEST: Final = 10


def is_whole_number(text: str) -> bool:
    """Return whether the library writes a whole number as ``text``."""
    return text.isascii() and text.isdecimal() and len(text) < _LONGEST and str(int(text)) == text


def setting(code: Code) -> Code:
    """Return a property as a boolean or number if the library writes that as the same text."""
    match code:
        case Literal("true" | "false" as text):
            return Literal(text == "true")
        case Literal(str() as text) if is_whole_number(text):
            return Literal(int(text))
    return code
