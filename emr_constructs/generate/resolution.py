"""Resolves the conditions, loops and removed values of a template, and keeps what becomes code.

A template is read with the defaults of its parameters: of ``Fn::If``, the branch for them remains.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from .._core.unknown import MACRO
from ..templates.intrinsics import REMOVED, Scenario, section
from ..templates.loops import copies, is_loop

__all__ = ["Branch", "Intrinsic", "Resolver", "has_macro", "is_intrinsic", "placeholder_text"]

_CONTAINERS: Final = (dict, list, tuple, Mapping)
_INDEX: Final = re.compile(r"\d{1,9}")


class Intrinsic(dict[str, Any]):
    """An intrinsic function that becomes code, such as ``{"Ref": "Subnet"}``."""

    kind: str = ""
    """The type that EMR requires in its place, such as ``integer``; empty for text."""


class Branch(tuple[str, bool, Any, Any]):
    """A condition in a value: its name, its outcome, the value that remains, and the other value."""

    __slots__ = ()


class Resolver:
    """The values of a template with the defaults of its parameters."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self._scenario = Scenario(template)
        self._parameters = section(template, "Parameters")
        self._known: dict[int, tuple[Any, Any, list[Branch]]] = {}
        self._branches: list[Branch] = []

    def resolved(self, raw: Any) -> tuple[Any, list[Branch]]:
        """Return ``raw`` with intrinsic functions that become code, and the conditions that were decided in it."""
        self._branches = []
        found = self._value(raw)
        return (None if found is REMOVED else found), self._branches

    def holds(self, condition: str) -> bool:
        """Return whether a condition is true with the defaults; an undecided one is true."""
        return self._scenario.holds({"Condition": condition})

    def _value(self, raw: Any) -> Any:
        if isinstance(raw, str) or not isinstance(raw, _CONTAINERS):
            return raw
        known = self._known.get(id(raw))
        if known is None:
            before, self._branches = self._branches, []
            known = self._known[id(raw)] = raw, self._new_value(raw), self._branches
            self._branches = before
        self._branches += [branch for branch in known[2] if branch not in self._branches]
        return known[1]

    def _new_value(self, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return [item for item in map(self._value, raw) if item is not REMOVED]
        if len(raw) == 1:
            ((name, argument),) = raw.items()
            if name == "Ref":
                return REMOVED if argument == "AWS::NoValue" else Intrinsic({"Ref": argument})
            if isinstance(name, str) and name.startswith("Fn::") and name != MACRO and not is_loop(name):
                return self._function(name, argument)
        return {key: item for key, item in self._members(raw).items() if item is not REMOVED}

    def _members(self, raw: Mapping[Any, Any]) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, item in raw.items():
            if not is_loop(key):
                found[key] = self._value(item)
                continue
            try:
                found |= {name: self._value(copied) for name, copied, _ in copies(item, self._scenario.value)}
            except ValueError:
                found[MACRO] = item
        return found

    def _function(self, name: str, argument: Any) -> Any:
        if name == "Fn::If" and isinstance(argument, list) and len(argument) == 3 and isinstance(argument[0], str):
            return self._if(*argument)
        resolved = self._value(argument)
        match name, resolved:
            case "Fn::ToJsonString", _ if not _has_intrinsic(resolved):
                return json.dumps(resolved)
            case "Fn::Length", list():
                return len(resolved)
            case "Fn::Join", [str(delimiter), [*texts]] if all(isinstance(text, str) for text in texts):
                return delimiter.join(texts)
            case "Fn::Split", [str(delimiter), str(text)] if delimiter:
                return text.split(delimiter)
            case "Fn::Select", [index, [*items]] if _INDEX.fullmatch(str(index)) and int(index) < len(items):
                return items[int(index)]
            case "Fn::Sub", str(text) if "${" not in text:
                return text
            case "Fn::FindInMap", [str(), str(), str(), *_]:
                return self._scenario.value({name: argument})
            case "Fn::GetAtt", str(text):
                return Intrinsic({name: text.split(".", 1)})
        return Intrinsic({name: resolved})

    def _if(self, condition: str, then: Any, otherwise: Any) -> Any:
        holds = self.holds(condition)
        chosen, other = (then, otherwise) if holds else (otherwise, then)
        self._branches.append(Branch((condition, holds, chosen, other)))
        return self._value(chosen)


def is_intrinsic(value: Any) -> bool:
    """Return whether ``value`` is an intrinsic function."""
    return isinstance(value, Intrinsic)


def placeholder_text(value: Any) -> str | None:
    """Return a string with placeholders such as ``${AWS::Region}``; None for another function than ``Fn::Sub``."""
    match value:
        case str():
            return value.replace("${", "${!")
        case {"Fn::Sub": str(text)}:
            return text
        case {"Ref": str(name)}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Join": [str(delimiter), [*items]]}:
            texts = [placeholder_text(item) for item in items]
            return None if None in texts else delimiter.join(text for text in texts if text is not None)
    return None


def has_macro(value: Any) -> bool:
    """Return whether a macro determines a part of ``value``."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            if MACRO in part:
                return True
            waiting += part.values()
        elif isinstance(part, list | tuple):
            waiting += part
    return False


def _has_intrinsic(value: Any) -> bool:
    if isinstance(value, Mapping):
        return isinstance(value, Intrinsic) or any(map(_has_intrinsic, value.values()))
    return isinstance(value, list) and any(map(_has_intrinsic, value))
