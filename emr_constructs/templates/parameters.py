"""Parameters whose default doesn't satisfy their own constraints."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..rules import Finding, check
from ..rules.template_references import PARAMETER
from .functions import Use
from .intrinsics import section

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["used_parameters", "wrong_default"]

_SHOWN: Final = 8
_STRINGS: Final = "CommaDelimitedList"
_NUMBERS: Final = "List<Number>"


def used_parameters(template: Mapping[str, Any], graph: Graph, name: str) -> Iterator[str]:
    """Return the parameters that the properties of a resource refer to."""
    parameters = section(template, "Parameters")
    named = (use.name for use in graph.uses(name) if isinstance(use, Use) and use.function != "Fn::If")
    yield from (name for name in dict.fromkeys(named) if name in parameters)


def wrong_default(template: Mapping[str, Any], parameter: str) -> Iterator[Finding]:
    """Return the findings in the default of a parameter."""
    declared = section(section(template, "Parameters"), parameter)
    kind, default = declared.get("Type"), declared.get("Default")
    # The default of a parameter of Systems Manager is the name of another parameter.
    if not isinstance(kind, str) or kind.startswith("AWS::SSM::") or not _is_scalar(default):
        return
    text = _text(default)
    is_list = kind in (_STRINGS, _NUMBERS) or kind.startswith("List<")
    if is_list and not text:
        return
    values = [item.strip() for item in text.split(",")] if is_list else [text]
    for violated in _violated(declared, kind, values):
        facts = {"Name": parameter, "Default": text, "Constraint": violated}
        yield from check(PARAMETER, facts)
        return


def _violated(declared: Mapping[str, Any], kind: str, values: list[str]) -> Iterator[str]:
    if kind in ("Number", _NUMBERS) and any(_number(value) is None for value in values):
        yield f"is of type {kind}"
    allowed = declared.get("AllowedValues")
    if isinstance(allowed, list) and allowed and all(map(_is_scalar, allowed)):
        texts = [_text(value) for value in allowed]
        if any(not _is_among(value, texts, kind) for value in values):
            more = ", ..." if len(texts) > _SHOWN else ""
            yield f"allows {', '.join(texts[:_SHOWN])}{more}"
    if kind == "Number":
        number, low, high = (_number(_text(value)) for value in (values[0], *_bounds(declared, "Value")))
        if number is not None and ((low is not None and number < low) or (high is not None and number > high)):
            yield f"has {_range(declared, 'Value')}"
    if kind == "String":
        low, high = (_number(_text(value)) for value in _bounds(declared, "Length"))
        if (low is not None and len(values[0]) < low) or (high is not None and len(values[0]) > high):
            yield f"has {_range(declared, 'Length')}"


def _is_among(value: str, texts: list[str], kind: str) -> bool:
    if value in texts:
        return True
    number = _number(value) if kind in ("Number", _NUMBERS) else None
    return number is not None and number in map(_number, texts)


def _bounds(declared: Mapping[str, Any], what: str) -> tuple[Any, Any]:
    return declared.get(f"Min{what}"), declared.get(f"Max{what}")


def _range(declared: Mapping[str, Any], what: str) -> str:
    names = [name for name in (f"Min{what}", f"Max{what}") if name in declared]
    return " and ".join(f"{name} {_text(declared[name])}" for name in names)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | bool | int | float)


def _text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
