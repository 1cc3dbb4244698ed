"""Lays out text for a terminal: lines wrap at its width, between words."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from ..templates.display import plain

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["UNLIMITED", "rich_table", "table", "width", "wrapped"]

UNLIMITED: Final = 10_000
"""Wide enough for any table that isn't limited by a terminal."""


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


def rich_table(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> Table:
    """Return a table without lines between its cells, and without control characters in them."""
    from rich.table import Table
    from rich.text import Text

    found = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        # Rich cuts long words off by default.
        found.add_column(column, overflow="fold")
    for row in rows:
        found.add_row(*(Text(plain(cell)) for cell in row))
    return found


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as text, whose cells wrap at the width of the terminal; empty if there are no rows."""
    from rich.console import Console

    found = rich_table(columns, rows)
    if not found.row_count:
        return ""
    console = Console(width=width() or UNLIMITED)
    with console.capture() as captured:
        console.print(found)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())
