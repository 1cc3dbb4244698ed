"""Tokens of EMR API requests in JSON, where numbers and booleans have no quotes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .._core.deployed import number_of
from .._core.input_values import inputs_in
from .._core.unknown import is_unknown
from ..rules.shapes import shape_facts

__all__ = ["with_typed_tokens"]

_WITHOUT_QUOTES: Final = ("boolean", "double", "integer", "long")


def with_typed_tokens(value: Any, shape: str | None, names: Mapping[str, str] | None = None) -> Any:
    """Return a request, or a part of it, with number tokens for string tokens of numbers and booleans.

    :param shape: the name of its shape in the service model. None for a member that the model doesn't have.
    :param names: other names for members. Keys of maps don't change. Default: none.
    """
    renamed = names or {}
    facts: Mapping[str, Any] = shape_facts(shape) if shape else {"type": ""}
    match value:
        case dict() if facts["type"] == "map":
            return {name: with_typed_tokens(item, facts["value"], names) for name, item in value.items()}
        case dict():
            members = facts.get("members", {})
            return {
                renamed.get(name, name): with_typed_tokens(item, members.get(name), names)
                for name, item in value.items()
            }
        # A list token stays a list of one string.
        case list() | tuple():
            return [with_typed_tokens(item, facts.get("member"), names) for item in value]
        case str() if facts["type"] in _WITHOUT_QUOTES and is_unknown(value) and not inputs_in(value):
            return number_of(value)
        case _:
            return value
