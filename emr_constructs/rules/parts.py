"""The structures of a request as the rules see them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, overload

__all__ = ["ANYTHING", "Part", "Recorder", "once"]

_T = TypeVar("_T")


class Part:
    """A structure of a request as the rules see it: only what is known and has the right type has a value."""

    __slots__ = ("_incomplete", "_path", "_placed", "_present", "_references", "_values", "facts")

    def __init__(
        self,
        values: dict[str, Any],
        present: frozenset[str],
        incomplete: frozenset[str],
        placed: dict[str, list[Any]] | None = None,
        path: str = "",
        *,
        references: dict[str, str] | None = None,
    ) -> None:
        self._path = path
        self._references = references or {}
        self._values = values
        self._placed = placed or {}
        self._present = present
        self._incomplete = incomplete
        self.facts: dict[Callable[[Part], Any], Any] = {}
        """What functions found out about the structure, see ``once``."""

    def __contains__(self, member: str) -> bool:
        """Whether ``member`` is specified, known or not."""
        return member in self._present

    @overload
    def get(self, member: str) -> Any: ...
    @overload
    def get(self, member: str, default: _T) -> Any | _T: ...
    def get(self, member: str, default: Any = None) -> Any:
        """The value of ``member``, or ``default`` where it is absent or unknown."""
        return self._values.get(member, default)

    def reference(self, member: str) -> str:
        """The text of ``member`` if it refers to a value that isn't known yet; empty otherwise."""
        return self._references.get(member, "")

    def part(self, member: str) -> Part:
        """The structure ``member``; an empty one where it is absent or unknown."""
        found: Part = self._values.get(member, _EMPTY)
        return found

    def items(self, member: str) -> list[Any]:
        """The known items of the list ``member``."""
        found: list[Any] = self._values.get(member, [])
        return found

    def placed_items(self, member: str) -> list[Any]:
        """The items of the list ``member``, each in its place: an unknown one is ``UNKNOWN``."""
        return self._placed.get(member) or self.items(member)

    def at(self, *names: str | int) -> str:
        """The place of this structure, or of what ``names`` and indexes lead to in it.

        A finding is reported at the closest parent of a place that doesn't exist.
        """
        path = self._path
        for name in names:
            path += f"[{name}]" if isinstance(name, int) else f".{name}" if path and name else name
        return path

    def first(self, *members: str) -> str:
        """The place of the first of ``members`` that is specified; of this structure if none is."""
        return self.at(next(filter(self.__contains__, members), ""))

    def is_complete(self, member: str) -> bool:
        """Whether nothing in the list or map ``member`` is unknown: only then may a rule say what it lacks."""
        return member not in self._incomplete


def once(find: Callable[[Part], _T]) -> Callable[[Part], _T]:
    """Find out a fact about a structure once, however many rules ask for it; treat it as read-only."""

    @wraps(find)
    def found(part: Part) -> _T:
        if find not in part.facts:
            part.facts[find] = find(part)
        fact: _T = part.facts[find]
        return fact

    return found


_EMPTY: Final = Part({}, frozenset(), frozenset())


class _Anything(Part):
    """An unknown structure that may have any member."""

    __slots__ = ()

    def __contains__(self, member: str) -> bool:
        return True

    def part(self, member: str) -> Part:  # noqa: ARG002
        return self

    def is_complete(self, member: str) -> bool:  # noqa: ARG002
        return False


ANYTHING: Final[Part] = _Anything({}, frozenset(), frozenset())
"""An unknown structure, if all members that it may have are assumed to be present."""


class Recorder(Part):
    """An empty structure that records which members a rule reads.

    A rule that finds nothing in it finds nothing in any other structure without these members.
    """

    __slots__ = ("read",)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.read: set[str] = set()

    def __contains__(self, member: str) -> bool:
        self.read.add(member)
        return False

    def get(self, member: str, default: Any = None) -> Any:
        self.read.add(member)
        return default

    def reference(self, member: str) -> str:
        self.read.add(member)
        return ""

    def part(self, member: str) -> Part:
        self.read.add(member)
        return _EMPTY

    def items(self, member: str) -> list[Any]:
        self.read.add(member)
        return []

    def is_complete(self, member: str) -> bool:
        self.read.add(member)
        return True
