"""The keys of the mappings in a file: a mapping holds only one value for each.

The content of a file can't show it, since reading it keeps only the last value.
"""

from __future__ import annotations

from typing import Final

from .constraints import constraint
from .parts import Part
from .sources import user_guide

__all__ = ["KEY"]

KEY: Final = "MappingKey"
"""A key of a mapping, with the lines of its occurrences in the file."""

_LONGEST: Final = 60


def _repeated(key: Part) -> str | None:
    lines = key.items("Lines")
    if len(lines) < 2:
        return None
    name = str(key.get("Key"))
    shown = repr(name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}...")
    if len(set(lines)) == 1:
        return f"{shown} {len(lines)} times in line {lines[0]}"
    return f"{shown} in lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"


constraint(
    "emr-repeated-key",
    KEY,
    "a key must be unique in its mapping, because all values except the last are lost",
    _repeated,
    fix="remove or rename all but one of them",
    source=user_guide("template-formats"),
)
