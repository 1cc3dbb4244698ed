"""Leaves out what nothing refers to in the template that a stack includes: conditions, mappings and parameters.

What only the converted resources referred to is in the code of the stack.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from ..templates.intrinsics import mapping, section
from ..templates.loops import LOOP
from .included import mappings_in, names_in

__all__ = ["trimmed"]

_REFERRING: Final = ("Resources", "Outputs", "Rules", "Hooks")


def trimmed(template: Mapping[str, Any], used: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """Return a template without unused conditions, mappings and parameters.

    :param used: the names in ``Conditions``, ``Mappings`` and ``Parameters`` that code refers to.
    """
    if template.get("Transform") or any(
        str(name).startswith(LOOP) for part in template.values() for name in mapping(part)
    ):
        # A macro or a loop may refer to any of them.
        return dict(template)
    rest = [template.get(name) for name in _REFERRING]
    conditions = _conditions(section(template, "Conditions"), rest, used["Conditions"])
    tables = [part["Fn::FindInMap"] for part in mappings_in([rest, conditions]) if "Fn::FindInMap" in part]
    known = {table[0] if isinstance(table, list) and table and isinstance(table[0], str) else "" for table in tables}
    mappings = {
        name: item
        for name, item in section(template, "Mappings").items()
        if "" in known or name in known or name in used["Mappings"]
    }
    names = {*names_in([rest, conditions]), *used["Parameters"]}
    parameters = {name: item for name, item in section(template, "Parameters").items() if name in names}
    found = {**template, "Conditions": conditions, "Mappings": mappings, "Parameters": parameters}
    return {name: item for name, item in found.items() if item or name not in ("Conditions", "Mappings", "Parameters")}


def _conditions(declared: Mapping[str, Any], rest: Any, used: Collection[str]) -> dict[str, Any]:
    names: set[str] = set()
    waiting = [*used, *_referred(rest)]
    while waiting:
        name = waiting.pop()
        if name in declared and name not in names:
            names.add(name)
            waiting += _referred(declared[name])
    return {name: item for name, item in declared.items() if name in names}


def _referred(value: Any) -> list[str]:
    """The conditions that ``value`` refers to."""
    names: list[str] = []
    for part in mappings_in(value):
        match part:
            case {"Fn::If": [str(name), *_]} | {"Condition": str(name)}:
                names.append(name)
    return names
