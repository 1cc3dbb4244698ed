"""The reference page of the command line, from the declarations of its commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Final

import click

from emr_constructs.cli import main

from .tables import table

__all__ = ["command_page"]

_PROGRAM: Final = "emr-constructs"
# Marks a paragraph that click doesn't wrap.
_VERBATIM: Final = "\b"


def command_page() -> tuple[str, str]:
    """Return the path and the Markdown of the page."""
    context = click.Context(main, info_name=_PROGRAM, **main.context_settings)
    parts = ["# Command line", *_described(main, context)]
    for name in sorted(main.list_commands(context)):
        command = main.get_command(context, name)
        assert command is not None
        parts += [f"## {name}", *_described(command, click.Context(command, info_name=name, parent=context))]
    return "reference/command-line.md", "\n\n".join(parts) + "\n"


def _described(command: click.Command, context: click.Context) -> Iterator[str]:
    yield from _paragraphs(command.help or "")
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield f"```text\n{' '.join(usage.split())}\n```"
    records = (parameter.get_help_record(context) for parameter in command.get_params(context))
    rows = [[f"`{record[0]}`", record[1]] for record in records if record and record[1]]
    yield table(["Option", "Description"], rows)
    yield from _paragraphs(command.epilog or "")


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith(_VERBATIM):
            title, *lines = paragraph.removeprefix(_VERBATIM).strip().splitlines()
            yield f"{title}\n\n```sh\n{inspect.cleandoc(chr(10).join(lines))}\n```"
        elif paragraph:
            yield paragraph
