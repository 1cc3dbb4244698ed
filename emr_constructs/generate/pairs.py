"""Prints lists of keys and values, such as tags, as dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .code import Code, Entries
from .context import Context, is_intrinsic

__all__ = ["pairs"]


def pairs(what: str, raw: Any, context: Context) -> Code:
    """Return a dictionary for a list of keys and values, such as tags; a comment for anything else."""
    found: dict[str, Any] = {}
    for item in raw if isinstance(raw, Sequence) else ():
        match item:
            case {"Key": str(key), **rest} if key not in found and not rest.keys() - {"Value"}:
                found[key] = rest.get("Value")
    if not isinstance(raw, Sequence) or len(found) != len(raw) or any(map(is_intrinsic, raw)):
        return context.remark(what, raw)
    return Entries({key: context.value("" if value is None else value) for key, value in found.items()})
