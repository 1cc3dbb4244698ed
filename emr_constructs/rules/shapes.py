"""The structures of the EMR API, by the name of their shape: their members, items, values and limits.

They come from the service model of EMR; modules of rules declare those that it does not describe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from ..data import load
from .registry import load_rules

__all__ = ["add_enum", "add_list", "add_shape", "did_you_mean", "shape_facts"]

_SHAPES: Final[dict[str, dict[str, Any]]] = {}
"""The shapes that modules of rules declare."""


def _all_shapes() -> Mapping[str, Mapping[str, Any]]:
    load_rules()
    described: dict[str, dict[str, Any]] = load("api_shapes.json")
    return {**described, **_SHAPES}


_APART: Final[set[str]] = set()


def add_shape(
    name: str,
    members: Mapping[str, str],
    *,
    required: Iterable[str] = (),
    is_apart: bool = False,
    is_document: bool = False,
) -> None:
    """Declare a structure that the EMR service model does not describe, for rules over it.

    :param is_apart: it is no part of a request, so that a misplaced member never belongs in it.
    :param is_document: a JSON document, whose members the service model doesn't declare: unknown ones are warnings, and
        text stands for numbers and booleans.
    """
    facts = {"type": "structure", "members": dict(members), "required": list(required)}
    _SHAPES[name] = {**facts, "is_document": is_document}
    if is_apart:
        _APART.add(name)


def add_list(name: str, member: str) -> None:
    """Declare the list shape ``name`` of ``member`` shapes."""
    _SHAPES[name] = {"type": "list", "member": member}


def add_enum(name: str, values: Iterable[str]) -> None:
    """Declare the string shape ``name`` that only accepts ``values``."""
    _SHAPES[name] = {"type": "string", "enum": list(values)}


@cache
def shape_facts(name: str) -> Mapping[str, Any]:
    """The facts about a shape: its type, and its members, items, values or limits."""
    load_rules()
    declared = _SHAPES.get(name)
    if declared is not None:
        return declared
    described: Mapping[str, Any] = load("api_shapes.json")[name]
    return described


def did_you_mean(member: str, members: Iterable[str]) -> str:
    """What to use instead of ``member``, which a structure with ``members`` does not have."""
    known = sorted(members)
    near = next((name for name in known if name.lower() == str(member).lower().replace("_", "")), None)
    if near:
        return f"use {near!r}"
    homes = [name for name, shape in _all_shapes().items() if name not in _APART and member in shape.get("members", ())]
    # A name that many structures have, such as Name, doesn't show where it belongs.
    return f"it belongs in {homes[0]}" if len(homes) == 1 else f"use {', '.join(known)}"
