"""Values that are only known at deployment: CDK tokens, CloudFormation intrinsics, dynamic references.

They are present, but have no value: whatever checks values stays silent about them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf
from typing import Final

__all__ = ["MACRO", "UNKNOWN", "is_unknown", "literal_part"]

UNKNOWN: Final = "${Token[unknown]}"
"""Stands for a string that is not known yet, in the spelling that CDK gives its tokens."""


MACRO: Final = "Fn::Transform"
"""The key that marks a structure to which a macro adds unknown members: what it lacks may be there at deployment.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
"""


_TOKEN_MARKS: Final = ("${Token[", "#{Token[", "{{resolve:")


# CDK encodes a number token as a double of the order of -1e289.
_NUMBER_TOKEN: Final = -1e280


_TOKEN: Final = re.compile(r"[$#]\{Token\[[^\]]*\]\}")


def literal_part(text: str) -> str:
    """``text`` without the tokens of CDK in it."""
    return _TOKEN.sub("", text)


def is_unknown(value: object) -> bool:
    """Whether ``value`` stands for something that is only known at deployment."""
    if type(value) is str and "{" not in value:
        return False  # most values
    match value:
        case str():
            return any(mark in value for mark in _TOKEN_MARKS)
        case None | bool():
            return False
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
