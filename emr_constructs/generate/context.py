"""What the printers of values share: references to other parts of the app, and what can't be expressed."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._core.unknown import is_unknown
from .code import Call, Code, Entries, Items, Literal, Name, Remark, todo_text
from .layout import layout

__all__ = ["Context", "Members", "is_intrinsic"]


def is_intrinsic(value: object) -> bool:
    """Return whether ``value`` is an intrinsic function of a template, such as ``{"Ref": "Subnet"}``."""
    return isinstance(value, Mapping) and is_unknown(value)


class Context(ABC):
    """The app that is generated, for the printers of values."""

    def __init__(self) -> None:
        self.todos: list[str] = []
        """The comments about what can't be expressed."""
        self._imported: dict[tuple[str, str], str] = {}
        self.imports: dict[str, Code] = {}
        """The constructs of existing resources, by the variables that code refers to."""

    @abstractmethod
    def reference(self, value: Mapping[str, Any]) -> Code:
        """Return the code for an intrinsic function."""

    def secret(self, value: Mapping[str, Any]) -> Code:
        """Return the code of a ``cdk.SecretValue`` for an intrinsic function."""
        return Call("cdk.SecretValue.unsafe_plain_text", (self.reference(value),))

    def imported(self, function: str, construct_id: str, value: Any) -> Code:
        """Return a variable for an existing resource, which is imported once.

        :param function: creates the construct, such as ``kms.Key.from_key_arn``.
        :param construct_id: its construct ID, to which a number is added if it is in use.
        :param value: the name, ID or ARN of the resource.
        """
        code = self.value(value)
        key = function, layout(code)
        if key not in self._imported:
            name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", construct_id).lower()
            number = 1 + sum(known.rstrip("0123456789_") == name for known in self.imports)
            suffix = "" if number == 1 else str(number)
            variable = f"{name}_{suffix}".rstrip("_")
            self.imports[variable] = Call(function, (Name("self"), Literal(f"{construct_id}{suffix}"), code))
            self._imported[key] = variable
        return Name(self._imported[key])

    def todo(self, what: str, original: object) -> str:
        """Count what can't be expressed.

        :return: the comment with the original.
        """
        text = todo_text(what, original)
        self.todos.append(text)
        return text

    def remark(self, what: str, original: object) -> Remark:
        """Return a comment instead of an element that can't be expressed."""
        return Remark(self.todo(what, original))

    def value(self, raw: Any) -> Code:
        """Return the code for a value of any type."""
        match raw:
            case Mapping():
                if is_intrinsic(raw):
                    return self.reference(raw)
                return Entries({str(key): self.value(item) for key, item in raw.items()})
            case list() | tuple():
                return Items([self.value(item) for item in raw])
            case str() | bool() | int() | float() | None:
                return Literal(raw)
        return Literal(str(raw))

    def each(self, what: str, raw: Any, printer: Callable[[Mapping[str, Any], Context], Code]) -> Code:
        """Return the list of what ``printer`` returns for each structure in ``raw``."""
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            return self.remark(what, raw)
        return Items([self.one(what, item, printer) for item in raw])

    def one(self, what: str, raw: Any, printer: Callable[[Mapping[str, Any], Context], Code]) -> Code:
        """Return what ``printer`` returns for the structure ``raw``; a comment for anything else."""
        if not isinstance(raw, Mapping) or is_intrinsic(raw):
            return self.remark(what, raw)
        return printer(raw, self)


class Members:
    """The members of a structure, which are printed one after another. What remains becomes comments."""

    def __init__(self, raw: Mapping[str, Any], context: Context) -> None:
        self._left = {name: value for name, value in raw.items() if value is not None}
        self._context = context

    def take(self, name: str) -> Any:
        """Return a member that is printed now. None if it isn't there."""
        return self._left.pop(name, None)

    def peek(self, *names: str) -> dict[str, Any]:
        """Return members that remain; only those that are there."""
        return {name: self._left[name] for name in names if name in self._left}

    def structure(self, name: str) -> Mapping[str, Any]:
        """Return a structure that is printed now; empty if it isn't there. Anything else remains."""
        value = self._left.get(name)
        if not isinstance(value, Mapping) or is_intrinsic(value):
            return {}
        self._left.pop(name)
        return value

    def options(self, **members: str) -> dict[str, Code]:
        """Return the code of members by the names of their arguments; only those that are there."""
        return {
            argument: self._context.value(self.take(member))
            for argument, member in members.items()
            if member in self._left
        }

    def rest(self, path: str = "") -> dict[str, Code]:
        """Return a comment for each member that remains.

        :param path: the path of the structure, for the comments.
        """
        rest = {f"{path}{name}": self._context.remark(f"{path}{name}", value) for name, value in self._left.items()}
        self._left = {}
        return rest  # type: ignore[return-value]
