"""The kinds of arguments that runtime checks distinguish."""

from __future__ import annotations

from enum import StrEnum
from types import UnionType
from typing import Final, NamedTuple, TypeAlias

__all__ = ["FLAG", "Choice", "Interface", "Kind", "ListOf", "MappingOf", "Named", "plain"]


class Interface(NamedTuple):
    """An interface, identified by a member of its classes."""

    described: str
    member: str
    interface: str = ""
    """The jsii name of the interface. Default: the member identifies the interface."""

    example: str = ""
    """How to create or import one, for messages."""

    example_with_token: str = ""
    """How to import one by a token. Default: ``example``."""


class ListOf:
    """A list whose items are of one of ``kinds``."""

    def __init__(self, *kinds: Kind) -> None:
        self.kinds = kinds


class MappingOf(NamedTuple):
    """A mapping to values of one of ``kinds``."""

    kinds: tuple[Kind, ...]
    keys: tuple[Kind, ...] = (str,)


class Choice(NamedTuple):
    """One of ``values``."""

    values: tuple[object, ...]


class Named(NamedTuple):
    """An object of a class that is identified by name and may not be imported yet."""

    name: str


Kind: TypeAlias = "type | UnionType | Interface | ListOf | MappingOf | Choice | Named | None"

FLAG: Final = Choice((True, False))
"""A boolean that can also be a token."""


def plain(kind: Kind) -> type | None:
    """Return the class whose tokens ``kind`` accepts."""
    if isinstance(kind, Choice):
        return bool if kind is FLAG else str if isinstance(kind.values[0], str) else None
    is_plain = kind in (str, int, float) or (isinstance(kind, type) and issubclass(kind, StrEnum))
    return kind if is_plain and isinstance(kind, type) else None
