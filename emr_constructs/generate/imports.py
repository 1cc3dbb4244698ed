"""Prints imports of existing resources by name, ID or ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .code import Call, Code, Literal, Name

if TYPE_CHECKING:
    from .expressions import Expressions
    from .identifiers import Names

__all__ = ["Imported"]


class Imported:
    """Imports of existing resources."""

    def __init__(self, context: Expressions, names: Names) -> None:
        self._context = context
        self._names = names

    def named(self, function: str, construct_id: str, value: Any, **options: Code) -> Code:
        """Return the call of ``function`` for a name, ID or ARN."""
        args = (Name("self"), Literal(self._names.construct_id(construct_id)), self._context.value(value))
        return Call(function, args, options)
