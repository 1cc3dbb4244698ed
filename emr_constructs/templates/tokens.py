"""Names for values that a template only has at deployment: strings that differ for different values."""

from __future__ import annotations

import json
import re
from hashlib import blake2b
from typing import Any, Final, Self

__all__ = ["Reference", "canonical", "token"]

_LONGEST_NAME: Final = 400


class Reference(str):
    """The unknown value of ``Ref`` or ``Fn::GetAtt``, with the resource that it belongs to."""

    resource: str
    """The logical ID of the resource."""

    attribute: str
    """``Ref``, or the name of the attribute."""

    def __new__(cls, resource: str, attribute: str = "Ref") -> Self:
        self = super().__new__(cls, f"${{Token[{resource}.{attribute}]}}")
        self.resource, self.attribute = resource, attribute
        return self


# A token may be a part of a JSON text, and ends at the first bracket.
_IN_TOKENS: Final = str.maketrans({'"': "'", "\\": "/", "[": "(", "]": ")", "\n": " ", "\r": " ", "\t": " "})


# In a name, they aren't placeholders that a later substitution fills.
_PLACEHOLDER: Final = re.compile(r"\$\{(?!Token[\[(])([^{}]*)\}")


def token(what: object) -> str:
    """Return an unknown string that differs for each ``what``."""
    name = what if isinstance(what, str) else canonical(what)
    name = _PLACEHOLDER.sub(r"<\1>", name).translate(_IN_TOKENS)
    if len(name) > _LONGEST_NAME:
        # Names of nested functions quote each other, which would double their length for each level.
        digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        name = f"{name[:_LONGEST_NAME]}...{digest}"
    return f"${{Token[{name}]}}"


def canonical(value: Any) -> str:
    """Return a value as text, the same for equal values."""
    try:
        return json.dumps(value, sort_keys=True, default=str, skipkeys=True)
    except TypeError:  # Keys of several types have no order.
        return str(value)
