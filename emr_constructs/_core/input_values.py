"""Tokens for the values of inputs, which only a state machine knows.

Rules consider the tokens unknown. In the states of a ``TransientCluster`` a JSONata expression replaces them.
Anywhere else they raise an error, at the latest when CDK resolves them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from .deployed import check_list_tokens, json_list_of, text_of
from .errors import EmrError
from .patterns import regex
from .token_types import is_list_token
from .unknown import NUMBER_IN_TEXT, NUMBER_MARK

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = [
    "as_expressions",
    "inputs_in",
    "number_of_input",
    "reject_inputs",
    "reject_number",
    "reject_numbers_in",
    "renderable",
    "text_of_input",
    "used_inputs",
]

_MARK: Final = regex(r"\$\{Token\[JobInput\.(\w+)\.\d+\]\}")
_NUMBERS: Final[dict[float, str]] = {}
"""The inputs by their number tokens."""

_PLACES: Final = "use it only in the workflow and the definition of a TransientCluster"


@cache
def text_of_input(name: str) -> str:
    """Return the string token for the value of the input ``name``."""
    import aws_cdk as cdk

    return cdk.Lazy.uncached_string(_misplaced(name), display_hint=f"JobInput.{name}")


@cache
def number_of_input(name: str) -> int:
    """Return the number token for the value of the input ``name``."""
    import aws_cdk as cdk

    # CDK returns integers as floats.
    number: int = cdk.Lazy.uncached_number(_misplaced(name))  # type: ignore[assignment]
    _NUMBERS[number] = name
    return number


def _misplaced(name: str) -> Any:
    """Return a producer that rejects an input that has not been replaced."""
    import aws_cdk as cdk
    import jsii

    @jsii.implements(cdk.IStringProducer, cdk.INumberProducer)
    class Misplaced:
        def produce(self, context: cdk.IResolveContext) -> Any:  # noqa: ARG002
            raise EmrError(f"the value of the input {name!r} can't be used here; {_PLACES}")

    return Misplaced()


def as_expressions(value: Any) -> Any:
    """Return ``value`` for a state machine, with JSONata expressions for inputs.

    Other text isn't interpreted as JSONata.
    """
    match value:
        case str():
            return _expression(value)
        case float() if value in _NUMBERS:
            return f"{{% $inputs.{_NUMBERS[value]} %}}"
        case dict():
            return {name: as_expressions(item) for name, item in value.items()}
        case list() | tuple():
            if is_list_token(value):
                return json_list_of(value)
            check_list_tokens(value)
            return [as_expressions(item) for item in value]
        case _:
            return value


def _expression(text: str) -> str:
    reject_numbers_in(text)
    parts: Sequence[str] = _MARK.split(text_of(text))
    if len(parts) == 1 and not (text.startswith("{%") or text.endswith("%}")):
        return parts[0]
    terms = [f"$inputs.{part}" if at % 2 else json.dumps(part) for at, part in enumerate(parts) if at % 2 or part]
    return f"{{% {' & '.join(terms)} %}}"


def used_inputs(definition: Any) -> set[str]:
    """Return the names of the inputs that a resolved definition uses."""
    return set(re.findall(r"\$inputs\.(\w+)", json.dumps(definition)))


def inputs_in(value: Any) -> list[str]:
    """Return the names of the inputs whose values are in ``value``, at any depth."""
    return sorted(set(_inputs_in(value)))


def _inputs_in(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield from _MARK.findall(value)
            yield from (_NUMBERS[float(text)] for text in NUMBER_IN_TEXT.findall(value) if float(text) in _NUMBERS)
        case float() if value in _NUMBERS:
            yield _NUMBERS[value]
        case Mapping():
            for name, item in value.items():
                yield from _inputs_in(name)
                yield from _inputs_in(item)
        case list() | tuple():
            for item in value:
                yield from _inputs_in(item)


def renderable(text: str | float) -> str:
    """Return ``text`` with string tokens instead of number tokens, except those of inputs, which are rejected later.

    A number token itself becomes a string token.
    """
    written = text if isinstance(text, str) else repr(text)
    return text_of(written) if NUMBER_MARK in written and not inputs_in(written) else cast("str", text)


def reject_number(what: str, value: float) -> None:
    """Raise ``EmrError`` if ``value`` is a number input, since ``what`` is text."""
    if value in _NUMBERS:
        name = _NUMBERS[value]
        raise EmrError(
            f"{what} must be text, got the value of the number input {name!r}; use JobInput.text({name!r}, "
            "pattern='[0-9]+')"
        )


def reject_numbers_in(text: str) -> None:
    """Raise ``EmrError`` if ``text`` contains a number input."""
    for number in NUMBER_IN_TEXT.findall(text):
        reject_number("a part of a string", float(number))


def reject_inputs(what: str, value: Any, *, at: IConstruct | None = None) -> None:
    """Raise ``EmrError`` if ``value``, which ``what`` names, contains inputs."""
    try:
        names = inputs_in(value)
    except RecursionError:
        raise EmrError(f"{what} must not contain itself; use another list or mapping", at=at) from None
    problems = [f"{what} can't contain the value of the input {name!r}; {_PLACES}" for name in names]
    if problems:
        raise EmrError(problems, at=at)
