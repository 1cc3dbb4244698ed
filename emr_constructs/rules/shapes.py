"""The structures that rules are about, by the name of their shape: their members, items, values and limits.

Those of the EMR API come from its service model. ``declared_shapes.json`` has those that it does not describe: the
security configuration, Studios, and what templates, the command line of AWS and Step Functions have instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..data import load

__all__ = ["homes_of", "shape_facts"]


def _all_shapes() -> Mapping[str, Mapping[str, Any]]:
    return {**load("api_shapes.json"), **load("declared_shapes.json")}


@cache
def shape_facts(name: str) -> Mapping[str, Any]:
    """The facts about a shape: its type, and its members, items, values or limits.

    ``is_document`` marks a JSON document: unknown members are warnings, and text stands for numbers and booleans.
    """
    found: Mapping[str, Any] = load("declared_shapes.json").get(name) or load("api_shapes.json")[name]
    return found


def homes_of(member: str) -> list[str]:
    """The structures of requests that have ``member``."""
    parts = {name: shape for name, shape in _all_shapes().items() if not shape.get("is_apart")}
    return [name for name, shape in parts.items() if member in shape.get("members", ())]
