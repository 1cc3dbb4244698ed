"""Scalars of a request: which are valid at first sight, and what they mean in a JSON document."""

from __future__ import annotations

from functools import cache
from math import inf
from typing import Any, Final

from .._core.unknown import NUMBER_MARK
from .shapes import shape_facts

__all__ = ["LARGEST", "converted", "is_plain"]

LARGEST: Final = 2**63
"""The limit of a long number."""

_SCALAR_TYPES: Final = {"string": str, "integer": int, "long": int, "boolean": bool}


@cache
def _limits(name: str) -> tuple[Any, frozenset[str] | None, float, float]:
    """The only type of a scalar shape, its choices and the limits of its length or value; no type for others."""
    shape = shape_facts(name)
    exact = _SCALAR_TYPES.get(shape["type"])
    lowest, highest = (0, inf) if exact is str else (-LARGEST, LARGEST)
    choices = frozenset(shape["enum"]) if shape.get("enum") else None
    return exact, choices, shape.get("min", lowest), shape.get("max", highest)


def is_plain(name: str, value: Any) -> bool:
    """Whether ``value`` is a known scalar within the limits of its shape, as most values are."""
    exact, choices, lowest, highest = _limits(name)
    if type(value) is not exact:
        return False
    if exact is str:
        is_known = "{" not in value and NUMBER_MARK not in value
        return is_known and lowest <= len(value) <= highest and (choices is None or value in choices)
    return exact is bool or lowest <= value <= highest


def converted(kind: str, value: object) -> object:
    """``value`` with the type that a JSON document means by it."""
    match kind, value:
        case "boolean", str() if value.lower() in ("true", "false"):
            return value.lower() == "true"
        case (("integer" | "long"), str()) if value.isascii() and value.isdigit() and len(value) < 19:
            return int(value)
        case (("integer" | "long"), float()) if value.is_integer():
            return int(value)
        case "string", bool():
            return str(value).lower()
        case "string", int() | float() if abs(value) < LARGEST:
            return str(value)
    return value
