"""The structures that rules are about, by the name of their shape: their members, items, values and limits.

Those of the EMR API come from its service model. ``declared_shapes.json`` has those that it does not describe: the
security configuration, Studios, and what templates, the command line of AWS and Step Functions have instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from ..data import load

__all__ = ["did_you_mean", "shape_facts"]


def _all_shapes() -> Mapping[str, Mapping[str, Any]]:
    return {**load("api_shapes.json"), **load("declared_shapes.json")}


@cache
def shape_facts(name: str) -> Mapping[str, Any]:
    """The facts about a shape: its type, and its members, items, values or limits.

    ``is_document`` marks a JSON document: unknown members are warnings, and text stands for numbers and booleans.
    """
    found: Mapping[str, Any] = load("declared_shapes.json").get(name) or load("api_shapes.json")[name]
    return found


def did_you_mean(member: str, members: Iterable[str]) -> str:
    """What to use instead of ``member``, which a structure with ``members`` does not have."""
    known = sorted(members)
    near = next((name for name in known if name.lower() == str(member).lower().replace("_", "")), None)
    if near:
        return f"use {near!r}"
    # A misplaced member never belongs in a structure that is no part of a request.
    parts = {name: shape for name, shape in _all_shapes().items() if not shape.get("is_apart")}
    homes = [name for name, shape in parts.items() if member in shape.get("members", ())]
    # A name that many structures have, such as Name, doesn't show where it belongs.
    return f"it belongs in {homes[0]}" if len(homes) == 1 else f"use {', '.join(known)}"
