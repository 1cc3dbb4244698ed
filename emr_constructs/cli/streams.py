"""Output streams: any encoding, one-line failures, and progress on a terminal."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, Final, Self

import click

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Group", "Progress", "printable"]

_PATIENCE: Final = 2.0
_INTERVAL: Final = 0.5
# A soft hyphen, marks of direction and a byte order mark.
_INVISIBLE: Final = (0xAD, 0x61C, 0xFEFF)
_CONTROLS: Final = {
    **{code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))},
    **{
        code: f"\\u{code:04x}"
        for code in (*_INVISIBLE, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070))
    },
    **{code: f"\\u{code:04x}" for code in (*range(0xD800, 0xE000), *range(0xFFF9, 0xFFFC))},
    **{code: f"\\U{code:08x}" for code in range(0xE0000, 0xE0080)},
}


class Group(click.Group):
    """A group of commands with exit code 2 if the output can't be written.

    The error is one line.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # Characters that the encoding of the terminal lacks, and half characters of a JSON text.
                stream.reconfigure(errors="backslashreplace")
        columns = os.environ.get("COLUMNS", "")
        if columns and not (columns.isdecimal() and int(columns[:9]) > 0):
            del os.environ["COLUMNS"]
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            if error.filename is None:
                _discard_output()
            what = "the output can't be written" if error.filename is None else os.fsdecode(error.filename)
            raise _Failure(f"{what}: {error.strerror}") from None
        except RecursionError:
            raise _Failure("conditions and references must have fewer levels") from None


class _Failure(click.ClickException):
    exit_code = 2


def _discard_output() -> None:
    """Send what is left in the buffer nowhere: Python writes it again when it exits, and would fail again."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def printable(text: str) -> str:
    """Return ``text`` with escaped control characters, invisible characters and lone surrogates.

    Control characters could change the terminal, and those of direction what a reader sees.
    """
    return text.translate(_CONTROLS)


class Progress:
    """The number of processed files, on a terminal, after two seconds."""

    def __init__(self, total: int) -> None:
        """Count up to ``total`` files."""
        self.done = 0
        self._total = total
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def __enter__(self) -> Self:
        if sys.stderr is not None and sys.stderr.isatty():
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _show(self) -> None:
        if self._is_over.wait(_PATIENCE):
            return
        with contextlib.suppress(OSError, ValueError):
            while not self._is_over.wait(_INTERVAL):
                sys.stderr.write(f"\r{self.done} of {self._total} files\x1b[K")
                sys.stderr.flush()
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
