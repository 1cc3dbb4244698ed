"""Python string literals as ``ruff format`` writes them, and the width of text."""

from __future__ import annotations

import unicodedata

__all__ = ["quoted", "quoted_text", "width"]


def quoted(text: str, preferred: str = '"') -> str:
    """Return ``text`` as a literal, in the quotation marks that require fewer escapes."""
    other = "'" if preferred == '"' else '"'
    mark = other if text.count(preferred) > text.count(other) else preferred
    return f"{mark}{quoted_text(text, mark)}{mark}"


def quoted_text(text: str, mark: str) -> str:
    """Return the content of a literal in the quotation marks ``mark``."""
    # Without double quotation marks and with a single one, a representation escapes no quotation mark.
    escaped = '"'.join(repr(part + "'")[1:-2] for part in text.split('"'))
    return escaped.replace(mark, f"\\{mark}")


def width(text: str) -> int:
    """Return the number of columns of ``text``."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
