"""The intrinsic functions in a part of a template, and its placeholders, before anything is resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

__all__ = [
    "CONTAINERS",
    "MAPPINGS",
    "PLACEHOLDER",
    "REFERRING",
    "SCALARS",
    "Text",
    "Use",
    "path_of",
    "referred",
    "uses",
]

# Plain dicts and scalars are most values, and recognized at once, which a Mapping is not.
MAPPINGS: Final = (dict, Mapping)
CONTAINERS: Final = (dict, list, tuple, Mapping)
SCALARS: Final = frozenset({str, int, bool, float, type(None)})
_SEQUENCES: Final = (list, tuple)
REFERRING: Final = ("Ref", "Fn::GetAtt", "Fn::Sub")
PLACEHOLDER: Final = re.compile(r"\$\{(?![^{}:]*:[^:])([^!{}][^{}]*)\}")
"""``${Name}`` or ``${Name.Attribute}``, and neither ``${!Literal}`` nor ``${self:variable}`` of another tool."""


class Use(NamedTuple):
    """A name in an intrinsic function."""

    places: tuple[str | int, ...]
    """The names of the properties and the indexes that lead to the function."""

    function: str
    name: str
    attribute: str = ""
    is_certain: bool = True
    """Whether no macro can change it."""

    keys: tuple[Any, ...] = ()
    """The arguments of ``Fn::FindInMap`` after the name of the mapping."""


class Text(NamedTuple):
    """A string with a placeholder that ``Fn::Sub`` doesn't process."""

    places: tuple[str | int, ...]
    text: str
    is_certain: bool = True


def path_of(places: Iterable[str | int]) -> str:
    """Return the path that names of properties and indexes lead along."""
    path = ""
    for place in places:
        path += f"[{place}]" if isinstance(place, int) else f".{place}" if path else str(place)
    return path


def referred(value: Any) -> set[str]:
    """Return the names that ``Ref``, ``Fn::GetAtt`` and ``Fn::Sub`` in ``value`` refer to."""
    names: set[str] = set()
    seen: dict[int, Any] = {}
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if type(part) in SCALARS or not isinstance(part, CONTAINERS) or id(part) in seen:
            continue
        seen[id(part)] = part
        if not isinstance(part, _SEQUENCES):
            if len(part) == 1:
                found, part = _function(part)
                names.update(name for function, name, _ in found if function in REFERRING)
            waiting += part.values()
        else:
            waiting += part
    return names


def uses(value: Any) -> Iterator[Use | Text]:
    """Return the names in intrinsic functions, and the strings with placeholders outside of them, in ``value``.

    Each alias of YAML is read once.
    """
    seen: dict[int, Any] = {}
    waiting: list[tuple[Any, tuple[str | int, ...], bool, bool]] = [(value, (), False, True)]
    while waiting:
        part, places, is_argument, is_certain = waiting.pop()
        if isinstance(part, str):
            if "${" in part:
                yield Text(places, part, is_certain)
            continue
        if type(part) in SCALARS or not isinstance(part, CONTAINERS) or id(part) in seen:
            continue
        seen[id(part)] = part
        if not isinstance(part, _SEQUENCES):
            rest = part
            if len(part) == 1:
                found, rest = _function(part)
                for use in found:
                    keys = tuple(part["Fn::FindInMap"][1:]) if use[0] == "Fn::FindInMap" else ()
                    yield Use(places, *use, is_certain, keys)
            is_function = rest is not part
            children = list(rest.items())
        else:
            is_function = is_argument
            children = list(enumerate(part))
        for key, child in reversed(children):
            if (kind := type(child)) in SCALARS and (kind is not str or "${" not in child):
                continue
            inner = places if is_function or is_argument else (*places, key)
            is_macro = str(key)[:4] == "Fn::" and str(key).startswith(("Fn::Transform", "Fn::ForEach"))
            waiting.append((child, inner, is_argument or is_function, is_certain and not is_macro))


def _function(part: Mapping[Any, Any]) -> tuple[list[tuple[str, str, str]], Mapping[Any, Any]]:
    """The names in a mapping of one item that is an intrinsic function, and its other arguments; else ``part``."""
    ((function, argument),) = part.items()
    if function == "Ref":
        return ([("Ref", argument, "")], {}) if isinstance(argument, str) else ([], part)
    if not str(function).startswith("Fn::"):
        return [], part
    match part:
        case {"Fn::GetAtt": str(text)}:
            name, _, attribute = text.partition(".")
            return [("Fn::GetAtt", name, attribute)], {}
        case {"Fn::GetAtt": [str(name), *attributes]}:
            texts = [attribute for attribute in attributes if isinstance(attribute, str)]
            rest = [attribute for attribute in attributes if not isinstance(attribute, str)]
            return [("Fn::GetAtt", name, ".".join(texts))], {"Fn::GetAtt": rest}
        case {"Fn::Sub": str(text)}:
            return _placeholders(text, {}), {}
        case {"Fn::Sub": [str(text), *values]}:
            names = values[0] if values and isinstance(values[0], Mapping) else {}
            return _placeholders(text, names), {"Fn::Sub": values}
        case {"Fn::If": [str(name), *values]}:
            return [("Fn::If", name, "")], {"Fn::If": values}
        case {"Fn::FindInMap": [str(name), *values]}:
            return [("Fn::FindInMap", name, "")], {
                "Fn::FindInMap": [value for value in values if isinstance(value, Mapping)]
            }
    return [], dict(part)


def _placeholders(text: str, names: Mapping[Any, Any]) -> list[tuple[str, str, str]]:
    found = (match.strip() for match in PLACEHOLDER.findall(text))
    split = (name.partition(".") for name in found if name not in names)
    return [("Fn::Sub", name, attribute) for name, _, attribute in split]
