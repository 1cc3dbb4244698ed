"""Expressions with the types of their values, and their conversion to the type that EMR requires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .code import Call, Code, Items, Literal, Name
from .layout import layout

if TYPE_CHECKING:
    from .parameters import Argument

__all__ = ["Typed", "kind_of", "of_argument"]

_NUMBERS: Final = {"integer": "int", "long": "int", "double": "float"}


class Typed(NamedTuple):
    """An expression, and the type of its value.

    Types are ``text``, ``int``, ``float`` and ``list`` for values that are known at synth time, and ``token`` and
    ``tokens`` for a string and a list that aren't.
    """

    code: Code
    kind: str

    def converted(self, kind: str) -> Code:
        """Return the expression for a place that requires a type of the EMR API.

        :param kind: such as ``integer`` or ``list``; empty for text.
        """
        code, known = self
        if kind in _NUMBERS:
            if known == "token":
                return Call("cdk.Token.as_number", (code,))
            return Call(_NUMBERS[kind], (code,)) if known == "text" else code
        if kind == "boolean" and known == "text":
            return Name(f'{layout(code)} == "true"')
        if kind == "list":
            return code if known in ("list", "tokens") else Items([code])
        if known in ("int", "float"):
            return Call("str", (code,))
        return Call("cdk.Fn.join", (Literal(","), code)) if known in ("list", "tokens") else code


def of_argument(argument: Argument) -> Typed:
    """Return an argument of the stack."""
    kind = "list" if argument.is_list else argument.annotation
    default = argument.default.value if isinstance(argument.default, Literal) else None
    name = Name(argument.name, default if isinstance(default, str) else None)
    return Typed(name, "text" if kind == "str" else kind)


def kind_of(value: Any) -> str:
    """Return the type of a scalar of a template."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return type(value).__name__ if is_number else "text"
