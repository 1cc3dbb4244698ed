"""Reads structures that are printed as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from .code import Code, Name
from .context import Context, is_intrinsic

__all__ = ["Exact", "InexpressibleError", "Probe", "items", "structure"]


class InexpressibleError(ValueError):
    """A structure has a part that the options of the library can't express."""


class Probe(Context):
    """Finds out whether a structure can be printed, without effects on the app."""

    def reference(self, value: Mapping[str, Any]) -> Code:  # noqa: ARG002
        return Name("reference")

    def imported(self, function: str, construct_id: str, value: Any) -> Code:  # noqa: ARG002
        return Name("imported")


class Exact:
    """The members of a structure, each of which must be read."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._left = {name: value for name, value in raw.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._left

    def take(self, name: str) -> Any:
        """Return a member.

        :raises InexpressibleError: it isn't there.
        """
        if name not in self._left:
            raise InexpressibleError(f"{name} is missing")
        return self._left.pop(name)

    def optional(self, name: str) -> Any:
        """Return a member. None if it isn't there."""
        return self._left.pop(name, None)

    def text(self, name: str) -> str:
        """Return a member that is literal text.

        :raises InexpressibleError: it isn't there, or something else.
        """
        value = self.take(name)
        if not isinstance(value, str):
            raise InexpressibleError(f"{name} isn't text")
        return value

    def options(self, context: Context, **members: str) -> dict[str, Code]:
        """Return the code of members by the names of their arguments; only those that are there."""
        return {
            argument: context.value(self.take(member)) for argument, member in members.items() if member in self._left
        }

    def end(self) -> None:
        """Check that each member was read.

        :raises InexpressibleError: one remains.
        """
        if self._left:
            raise InexpressibleError(f"{', '.join(self._left)} can't be expressed")


@contextmanager
def structure(raw: Any) -> Iterator[Exact]:
    """Read the members of a structure.

    :raises InexpressibleError: it isn't a structure, or a member remains.
    """
    if not isinstance(raw, Mapping) or is_intrinsic(raw):
        raise InexpressibleError("a part isn't a structure")
    members = Exact(raw)
    yield members
    members.end()


def items(raw: Any) -> Sequence[Any]:
    """Return the items of a list.

    :raises InexpressibleError: it isn't a list.
    """
    if not isinstance(raw, list | tuple):
        raise InexpressibleError("a part isn't a list")
    return raw
