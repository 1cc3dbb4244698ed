"""Values that a rule reads. Reading an unknown one interrupts the rule, so that it is never judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

__all__ = ["KnownItems", "KnownValues", "Undecided"]

_Item = TypeVar("_Item")


class Undecided(BaseException):
    """Raised when a rule reads a value that is only known at deployment."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part
        """What has the value: a part that other findings don't depend on; empty for the cluster."""


class KnownItems(Sequence[_Item]):
    """The items of a list that may have unknown items.

    Iteration yields the known items, and is interrupted at the end if there are others: ``any`` and ``all`` are decided
    if the known items decide them. The length and items by index are only known if all items are.
    """

    def __init__(self, known: Sequence[_Item], *, owner: str, is_complete: bool) -> None:
        self._known = known
        self._owner = owner
        self.is_complete = is_complete

    def __iter__(self) -> Iterator[_Item]:
        yield from self._known
        self._require_all()

    def __len__(self) -> int:
        self._require_all()
        return len(self._known)

    def __bool__(self) -> bool:
        return bool(self._known) or len(self) > 0

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[_Item]: ...
    def __getitem__(self, index: int | slice) -> _Item | Sequence[_Item]:
        self._require_all()
        return self._known[index]

    def __repr__(self) -> str:
        return f"{list(self._known)!r}{'' if self.is_complete else ' and unknown items'}"

    def _require_all(self) -> None:
        if not self.is_complete:
            raise Undecided(self._owner)


class KnownValues(Mapping[str, str]):
    """Values by name, of which some, and some of the names, may be unknown."""

    def __init__(self, values: Mapping[str, str | None], *, owner: str, is_complete: bool) -> None:
        """Create a mapping.

        :param values: None for an unknown value.
        :param is_complete: whether all names are known.
        """
        self._values = values
        self._owner = owner
        self._has_all_names = is_complete
        self.is_complete = is_complete and None not in values.values()

    def __getitem__(self, name: str) -> str:
        if name not in self:
            raise KeyError(name)
        value = self._values[name]
        if value is None:
            raise Undecided(self._owner)
        return value

    def __contains__(self, name: object) -> bool:
        if name in self._values:
            return True
        self._require_names()
        return False

    def __iter__(self) -> Iterator[str]:
        yield from self._values
        self._require_names()

    def __len__(self) -> int:
        self._require_names()
        return len(self._values)

    def __repr__(self) -> str:
        shown: dict[str, Any] = dict(self._values)
        return f"{shown!r}{'' if self.is_complete else ' and unknown values'}"

    def _require_names(self) -> None:
        if not self._has_all_names:
            raise Undecided(self._owner)
