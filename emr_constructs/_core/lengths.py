"""The length that text may have at deployment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["longest"]


def longest(value: Any, *, token: int, known: Mapping[str, int] | None = None) -> Any:
    """Return ``value``, a resolved value of a template, with text of maximum length instead of functions.

    :param token: the number of characters of a value that is only known at deployment.
    :param known: the number of characters of parameters whose length is known. Default: none.
    """
    known = known or {}

    def fill(value: Any) -> Any:
        match value:
            case {"Ref": str(name)}:
                return "x" * known.get(name, token)
            case {"Fn::Join": [str(delimiter), [*items]]}:
                return delimiter.join(str(fill(item)) for item in items)
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^}]*)\}", lambda name: str(fill({"Ref": name[1]})), text)
            case dict() if len(value) == 1 and str(next(iter(value))).startswith("Fn::"):
                return "x" * token
            case dict():
                return {name: fill(item) for name, item in value.items()}
            case list():
                return [fill(item) for item in value]
            case _:
                return value

    return fill(value)
