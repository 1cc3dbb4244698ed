"""Values that are only known at deployment: tokens, intrinsics, templating.

They are present but unknown, so checks ignore them.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from math import inf
from typing import Final, TypeAlias

from .patterns import regex

__all__ = [
    "LIST_MARK",
    "MACRO",
    "NUMBER_IN_TEXT",
    "NUMBER_MARK",
    "TOKEN",
    "UNKNOWN",
    "Flag",
    "is_number_token",
    "is_unknown",
    "literal_part",
]

Flag: TypeAlias = "bool | str"
"""A boolean, or a string token, since CDK has no tokens of booleans."""

UNKNOWN: Final = "${Token[unknown]}"
"""A string that isn't known yet, in CDK's spelling of tokens."""


MACRO: Final = "Fn::Transform"
"""The key that marks a structure to which a macro adds unknown members: what it lacks may be there at deployment.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
"""


LIST_MARK: Final = "#{Token["
"""Begins the single item of a list token."""

_TOKEN_MARKS: Final = ("${Token[", LIST_MARK, "{{resolve:")
# Schedulers such as Airflow replace {{ ... }} and {% ... %} before they send a request, the Serverless Framework
# replaces ${source:name} before it deploys a template.
_TEMPLATING: Final = regex(r"\{\{[^{}]+\}\}|\{%[^{}]+%\}|\$\{[\w-]+(\([^{}]*\))?:[^:{}][^{}]*\}")


# CDK encodes the index of a number token in a double of these bits, which is of the order of -1e289.
_NUMBER_BITS: Final = b"\xfb\xff"
_NUMBER_TOKEN: Final = -1e280

NUMBER_MARK: Final = "e+289"
"""A part of each string that contains a number token."""

NUMBER_IN_TEXT: Final = regex(r"-1\.888\d+e\+289")
"""A number token that was converted to text, such as by an f-string."""

TOKEN: Final = regex(r"[$#]\{Token\[[^\]]*\]\}|-1\.888\d+e\+289")
"""A token of CDK in text."""


def literal_part(text: str) -> str:
    """Return ``text`` without CDK tokens."""
    return TOKEN.sub("", text)


def is_number_token(value: object) -> bool:
    """Return whether ``value`` is a number token, and not a number that was calculated from one."""
    is_large = isinstance(value, float) and -inf < value < _NUMBER_TOKEN
    return is_large and struct.pack(">d", value).startswith(_NUMBER_BITS)


def is_unknown(value: object) -> bool:
    """Return whether ``value`` is only known at deployment."""
    # The types of most values are recognized at once, which a class pattern does not.
    kind = type(value)
    if kind is str:
        return _is_open_text(value)  # type: ignore[arg-type]
    if kind is bool or value is None or (kind is dict and len(value) != 1):  # type: ignore[arg-type]
        return False
    match value:
        case str():
            return _is_open_text(value)
        case int() | float():
            return value < _NUMBER_TOKEN and is_number_token(value)
        case dict():
            return len(value) == 1 and ((name := str(next(iter(value)))) == "Ref" or name.startswith("Fn::"))
        case list() | tuple():
            return len(value) == 1 and isinstance(value[0], str) and value[0].startswith(LIST_MARK)
        case Mapping():
            return False
        case _:
            return True


def _is_open_text(text: str) -> bool:
    if "{" in text and (any(mark in text for mark in _TOKEN_MARKS) or _TEMPLATING.search(text)):
        return True
    return NUMBER_MARK in text and NUMBER_IN_TEXT.search(text) is not None
