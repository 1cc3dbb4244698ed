"""Lays out text for a terminal: lines wrap at its width, between words."""

from __future__ import annotations

import shutil
import textwrap

from ..templates.display import plain

__all__ = ["width", "wrapped"]


def width() -> int | None:
    """Return the width of the terminal, or of COLUMNS if it is set.

    Returns None if the output isn't a terminal.
    """
    return shutil.get_terminal_size(fallback=(0, 0)).columns or None


def wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """Return ``text`` without control characters, wrapped.

    Paths, ARNs and URIs stay in one line.

    :param first: precedes the first line.
    :param rest: precedes the other lines. Default: as many spaces as ``first`` has characters.
    """
    text, limit = plain(text), width()
    if limit is None:
        return first + text
    lines = textwrap.wrap(
        text,
        max(limit, len(first) + 20),
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines) or first
