"""Lays out text for a terminal: lines wrap at its width, between words."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from ..templates.display import plain

__all__ = ["table", "wrapped"]

_GAP: Final = 2
_STYLE: Final = re.compile(r"(\x1b\[[0-9;]*m)")


def _width() -> int | None:
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
    text, limit = plain(text), _width()
    if limit is None:
        return (first + text).rstrip()
    lines = textwrap.wrap(
        text,
        max(limit, len(first) + 20),
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines) or first.rstrip()


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as text, whose cells wrap at the width of the terminal, between words.

    Returns an empty string if there are no rows. Control characters are escaped.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[*map(plain, row)] for row in rows]
    if not cells:
        return ""
    widths = _widths([*zip(columns, *cells, strict=True)])
    found = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0))
    for column, size in zip(columns, widths, strict=True):
        found.add_column(column, width=size)
    for row in cells:
        found.add_row(*map(Text, row))
    console = Console(width=sum(widths) + _GAP * len(widths))
    with console.capture() as captured:
        console.print(found)
    return "\n".join(map(_stripped, captured.get().splitlines()))


def _stripped(line: str) -> str:
    """A line without the spaces at its end, which can be before and between codes that change the style."""
    parts = _STYLE.split(line)
    for at in range(len(parts) - 1, -1, -2):
        parts[at] = parts[at].rstrip()
        if parts[at]:
            break
    return "".join(parts)


def _widths(columns: Sequence[Sequence[str]]) -> list[int]:
    """The widths of columns that fit into the terminal, or as narrow as their longest words."""
    from rich.cells import cell_len

    least = [max(cell_len(word) for text in column for word in text.split() or [""]) for column in columns]
    widths = [max(map(cell_len, column)) for column in columns]
    limit = (_width() or sum(widths) + _GAP * len(widths)) - _GAP * (len(widths) - 1)
    while sum(widths) > limit and widths != least:
        at = max((at for at, size in enumerate(widths) if size > least[at]), key=widths.__getitem__)
        widths[at] -= 1
    return widths
