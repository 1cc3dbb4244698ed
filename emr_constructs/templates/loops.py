"""``Fn::ForEach``: copies a part of a template for each item of a list.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

__all__ = ["LOOP", "copies", "is_loop"]

LOOP: Final = "Fn::ForEach::"
"""The beginning of the key of a loop."""

# CloudFormation allows at most 500 resources in a template.
_MOST_COPIES: Final = 500


def is_loop(key: object) -> bool:
    """Return whether ``key`` of a mapping holds a loop instead of a value."""
    return isinstance(key, str) and key.startswith(LOOP)


def copies(argument: Any, resolved: Callable[[Any], Any], path: str = "") -> list[tuple[str, Any, str]]:
    """Return the keys that a loop adds to its mapping, with their values and where each is in the template.

    :param argument: the value of the loop: identifier, collection and body.
    :param resolved: returns the value of an item of a template.
    :param path: the path of the loop.
    :raises ValueError: the items are unknown or too many, or the loop is malformed.
    """
    found = list(islice(_copies(argument, resolved, path), _MOST_COPIES + 1))
    if len(found) > _MOST_COPIES:
        raise ValueError
    return found


def _copies(argument: Any, resolved: Callable[[Any], Any], path: str) -> Iterator[tuple[str, Any, str]]:
    match argument:
        case [str(name), collection, Mapping() as body]:
            items = resolved(collection)
        case _:
            raise ValueError
    if not isinstance(items, list):
        raise ValueError
    for item in items:
        if not isinstance(item, str | int | float):
            raise ValueError
        for key, value in body.items():
            inner = f"{path}[2].{key}"
            copied = _replaced(value, name, str(item))
            if is_loop(key):
                yield from _copies(copied, resolved, inner)
            else:
                yield _text(str(key), name, str(item)), copied, inner


def _replaced(value: Any, name: str, item: str) -> Any:
    match value:
        case {"Ref": reference} if reference == name and len(value) == 1:
            return item
        case Mapping():
            return {
                _text(key, name, item) if isinstance(key, str) else key: _replaced(inner, name, item)
                for key, inner in value.items()
            }
        case list() | tuple():
            return [_replaced(inner, name, item) for inner in value]
        case str():
            return _text(value, name, item)
    return value


def _text(text: str, name: str, item: str) -> str:
    return text.replace(f"${{{name}}}", item).replace(f"&{{{name}}}", re.sub(r"[^A-Za-z0-9]", "", item))
