"""Prints lists of keys and values, such as tags, as dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .code import Code, Entries
from .context import Context, is_intrinsic

__all__ = ["exact_pairs", "pairs"]


def pairs(what: str, raw: Any, context: Context) -> Code:
    """Return a dictionary for a list of keys and values, such as tags; a comment for anything else."""
    return exact_pairs(raw, context) or context.remark(what, raw)


def exact_pairs(raw: Any, context: Context) -> Entries | None:
    """Return a dictionary for a list of keys and values. None for anything else, or if a key repeats."""
    found: dict[str, Any] = {}
    for item in raw if isinstance(raw, Sequence) else ():
        match item:
            case {"Key": str(key), **rest} if key not in found and not rest.keys() - {"Value"}:
                found[key] = rest.get("Value")
    if not isinstance(raw, Sequence) or len(found) != len(raw) or any(map(is_intrinsic, raw)):
        return None
    return Entries({key: context.value("" if value is None else value) for key, value in found.items()})
