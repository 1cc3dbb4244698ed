"""The kinds that tokens stand for, and the fix for a token of another kind.

CDK encodes a token as a string, a number or a list of one string. An ``IResolvable`` and a ``CfnParameter`` are objects
that have to be converted to one of them. Encoded tokens are recognized by their pattern, without the Node process.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from .unknown import LIST_MARK, NUMBER_MARK, is_number_token, is_unknown, literal_part

__all__ = ["conversion", "described", "has_list_token", "is_list_token", "stands_for"]

_LARGEST: Final = 1e280
_TEXT_INPUT: Final = "${Token[JobInput."
"""Begins the token of a text input of a state machine, which doesn't convert it."""

_LIST: Final = "a list token"
_CALCULATED: Final = "the result of a calculation with a number token"


def stands_for(value: object, kind: object) -> bool:
    """Return whether ``value`` is a token that CDK can convert to the plain class ``kind``."""
    match value:
        case str():
            if not is_unknown(value) or has_list_token(value):
                return False
            if kind in (int, float, bool):
                # Anything next to a token isn't a number or a boolean, nor is the string of an input.
                return (value.startswith("{") or not literal_part(value)) and _TEXT_INPUT not in value
            return kind is str or (isinstance(kind, type) and issubclass(kind, StrEnum))
        case float():
            return kind in (str, int, float) and is_unknown(value)
        case _:
            return False


def is_list_token(value: object) -> bool:
    """Return whether ``value`` is a list token."""
    return isinstance(value, list | tuple) and len(value) == 1 and has_list_token(value[0])


def has_list_token(value: object) -> bool:
    """Return whether ``value`` is text that contains an item of a list token."""
    return isinstance(value, str) and LIST_MARK in value


def described(value: object) -> str:
    """Return what a message calls a token; empty for other values."""
    if has_list_token(value) or is_list_token(value):
        return _LIST
    if isinstance(value, str) and value.startswith("${Token[") and value.endswith("]}"):
        return "a string token"
    if is_number_token(value):
        return "a number token"
    if isinstance(value, str) and NUMBER_MARK in value:
        return "a string with a number token"
    if isinstance(value, float) and -float("inf") < value < -_LARGEST:
        return _CALCULATED
    return ""


def conversion(value: Any, *, text: bool, number: bool, items: bool, flag: bool) -> str:
    """Return how to convert a token to an accepted kind; empty if ``value`` isn't a token of another kind.

    :param text: whether a string token is accepted.
    :param number: whether a number token is accepted.
    :param items: whether a list token is accepted.
    :param flag: whether a boolean is accepted that must be known at synth time.
    """
    kinds = [name for name, accepted in (("string", text), ("number", number), ("list", items)) if accepted]
    # CDK returns conditions as one proxy object for several interfaces.
    members = {member for part in getattr(value, "_delegates", None) or (value,) for member in dir(type(part))}
    if "unsafe_unwrap" in members:  # a secret, which must not become text
        return ""
    is_parameter, is_resolvable = "value_as_string" in members, {"resolve", "creation_stack"} <= members
    if kinds and is_parameter:
        return f"use {' or '.join(f'its value_as_{kind}' for kind in kinds)}"
    if kinds and is_resolvable:
        return f"wrap it in {' or '.join(f'cdk.Token.as_{kind}(...)' for kind in kinds)}"
    token = described(value)
    if isinstance(value, str) and _TEXT_INPUT in value and number:
        return "use the value of a JobInput.number(...)"
    if flag and not text and (token or is_parameter or is_resolvable):
        return "use True or False, such as an argument of the stack"
    if items and isinstance(value, str) and is_unknown(value):
        return "use a list, or cdk.Fn.split(',', ...) for a string token"
    if token == _LIST and text:
        return "use cdk.Fn.select(...) for each item, or cdk.Fn.join(',', ...) for all items in one string"
    return "use a parameter for the result, because CloudFormation can't calculate" if token == _CALCULATED else ""
