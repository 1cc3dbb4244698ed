"""Tokens in the form in which CDK renders them, in strings, numbers, booleans and lists.

Requests contain tokens as they were passed. A property of another type accepts them only after a conversion, and CDK
doesn't recognize a number token that was converted to text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal, TypeAlias

from .errors import EmrError
from .token_types import has_list_token, is_list_token
from .unknown import NUMBER_IN_TEXT, NUMBER_MARK, is_number_token, is_unknown

__all__ = ["PropertyType", "check_list_tokens", "json_list_of", "number_of", "rendered_value", "text_of"]

PropertyType: TypeAlias = Literal["boolean", "number", "text", "other"]


def rendered_value(value: Any, kind: PropertyType) -> Any:
    """Return ``value`` for a property of an L1, at every depth.

    :param kind: the type of the property.
    :raises EmrError: a list token is a part of a string or of a longer list.
    """
    match value:
        case str():
            if kind in ("boolean", "number") and is_unknown(value):
                return _boolean_of(value) if kind == "boolean" else number_of(value)
            return text_of(value)
        case float() if kind == "text" and is_number_token(value):
            return text_of(repr(value))
        case list() | tuple():
            check_list_tokens(value)
            return value if is_list_token(value) else [rendered_value(item, kind) for item in value]
        case dict():
            return {name: rendered_value(item, kind) for name, item in value.items()}
        case _:
            return value


def text_of(text: str) -> str:
    """Return ``text`` with string tokens instead of the number tokens in it.

    :raises EmrError: the text contains a list token.
    """
    if has_list_token(text):
        raise EmrError(
            "a string must not contain a list token, which can't be part of a string, got one; use cdk.Fn.join(',', "
            "...) of the list"
        )
    return NUMBER_IN_TEXT.sub(_stringified, text) if NUMBER_MARK in text else text


def number_of(token: str) -> float:
    """Return a number token for the value of a string token, which JSON and properties contain without quotes."""
    import aws_cdk as cdk

    number: float = cdk.Token.as_number(token)
    return number


def json_list_of(token: list[str] | tuple[str, ...]) -> float:
    """Return a number token for the JSON of a list token.

    CDK would create a custom resource for it.
    """
    import aws_cdk as cdk

    items = cdk.Fn.join('","', list(token))
    return number_of(cdk.Fn.join("", ['["', items, '"]']))


def check_list_tokens(items: list[Any] | tuple[Any, ...]) -> None:
    """Raise ``EmrError`` if a list token is only a part of ``items``."""
    if len(items) > 1 and any(has_list_token(item) for item in items):
        raise EmrError(
            "a list must not contain a list token and other items, because CloudFormation can't add to a list, got "
            "both; use cdk.Fn.select(...) for each item, or cdk.Fn.join(',', ...) for one string with all items"
        )


def _boolean_of(token: str) -> Any:
    import aws_cdk as cdk

    return cdk.Token.as_any(token)


def _stringified(number: re.Match[str]) -> str:
    return _text_of_number(number[0])


# Equal values have equal strings.
@cache
def _text_of_number(number: str) -> str:
    import aws_cdk as cdk

    return cdk.Tokenization.stringify_number(float(number))
