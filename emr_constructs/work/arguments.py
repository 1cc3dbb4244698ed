"""Command-line arguments: a list with one item for each, never one string to be split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from .._errors import EmrError

__all__ = ["as_arguments", "as_text"]

_Argument = TypeVar("_Argument")


def as_arguments(owner: str, args: Sequence[_Argument]) -> tuple[_Argument, ...]:
    """``args`` as a tuple.

    :raises EmrError: ``args`` is one string, which EMR would not split into words.
    """
    if isinstance(args, str):
        raise EmrError(f"the arguments of {owner} are the text {args!r}; give a list with one item for each")
    return tuple(args)


def as_text(value: str | float) -> str:
    """A setting as Hadoop and Spark read it: ``true`` and ``false`` in lower case, numbers as Python writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)
