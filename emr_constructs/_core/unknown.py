"""Values that are only known at deployment: tokens, intrinsics, templating.

They are present but unknown, so checks ignore them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf
from typing import Final

__all__ = ["MACRO", "TOKEN", "UNKNOWN", "is_unknown", "literal_part"]

UNKNOWN: Final = "${Token[unknown]}"
"""A string that isn't known yet, in CDK's spelling of tokens."""


MACRO: Final = "Fn::Transform"
"""The key that marks a structure to which a macro adds unknown members: what it lacks may be there at deployment.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
"""


_TOKEN_MARKS: Final = ("${Token[", "#{Token[", "{{resolve:")
# Schedulers such as Airflow replace {{ ... }} and {% ... %} before they send a request.
_TEMPLATING: Final = re.compile(r"\{\{[^{}]+\}\}|\{%[^{}]+%\}")


# CDK encodes a number token as a double of the order of -1e289.
_NUMBER_TOKEN: Final = -1e280


TOKEN: Final = re.compile(r"[$#]\{Token\[[^\]]*\]\}")
"""A token of CDK in text."""


def literal_part(text: str) -> str:
    """Return ``text`` without CDK tokens."""
    return TOKEN.sub("", text)


def is_unknown(value: object) -> bool:
    """Return whether ``value`` is only known at deployment."""
    # The types of most values are recognized at once, which a class pattern does not.
    kind = type(value)
    if kind is str:
        return "{" in value and _is_open_text(value)  # type: ignore[operator, arg-type]
    if kind is bool or value is None or (kind is dict and len(value) != 1):  # type: ignore[arg-type]
        return False
    match value:
        case str():
            return "{" in value and _is_open_text(value)
        case int() | float():
            return -inf < value < _NUMBER_TOKEN
        case dict():
            return len(value) == 1 and ((name := str(next(iter(value)))) == "Ref" or name.startswith("Fn::"))
        case list() | tuple():
            return len(value) == 1 and isinstance(value[0], str) and value[0].startswith("#{Token[")
        case Mapping():
            return False
        case _:
            return True


def _is_open_text(text: str) -> bool:
    return any(mark in text for mark in _TOKEN_MARKS) or bool(_TEMPLATING.search(text))
