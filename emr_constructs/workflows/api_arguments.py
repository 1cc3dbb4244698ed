"""EMR API requests as arguments of Step Functions: its names, and JSONata expressions and tokens for unknown values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .._core.deployed import number_of
from .._core.input_values import as_expressions, inputs_in
from .._core.spelling import STATE_NAMES
from .._core.unknown import is_unknown
from ..rules.shapes import shape_facts

__all__ = ["api_arguments"]

_WITHOUT_QUOTES: Final = ("boolean", "double", "integer", "long")


def api_arguments(request: Any, shape: str) -> Any:
    """Return a request, or a part of it, for a state that calls the EMR API.

    :param shape: the name of its shape in the service model.
    :raises EmrError: a token can't be a part of the value that contains it.
    """
    return as_expressions(_respelled(request, shape))


def _respelled(value: Any, shape: str | None) -> Any:
    """Return ``value`` with the names of Step Functions; keys of maps don't change."""
    facts: Mapping[str, Any] = shape_facts(shape) if shape else {"type": ""}
    match value:
        case dict() if facts["type"] == "map":
            return {name: _respelled(item, facts["value"]) for name, item in value.items()}
        case dict():
            members = facts.get("members", {})
            return {STATE_NAMES.get(name, name): _respelled(item, members.get(name)) for name, item in value.items()}
        case list() | tuple():
            return [_respelled(item, facts.get("member")) for item in value]
        case str() if facts["type"] in _WITHOUT_QUOTES and is_unknown(value) and not inputs_in(value):
            return number_of(value)
        case _:
            return value
