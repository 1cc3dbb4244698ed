"""The properties that differ between two versions of a resource, and what CloudFormation does about each.

Which property replaces a resource is in ``data/cloudformation.json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ..data import load
from .intrinsics import described

__all__ = ["Change", "Outcome", "differences"]

_NODES: Final = ("InstanceGroupConfig", "InstanceFleetConfig")
_ABSENT: Final = object()


class Outcome(StrEnum):
    """The effect of an update on a cluster, the most severe last."""

    UNCHANGED = "unchanged"
    ADDED = "added"
    """A new cluster is launched."""

    IN_PLACE = "updated in place"
    MAY_REPLACE = "may be replaced"
    """The AWS documentation is ambiguous about a changed property."""

    REPLACED = "replaced"
    """A new cluster is launched, then the old one is deleted."""

    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """A changed property."""

    path: str
    """The path in the properties of the resource."""

    before: Any
    """None if the property was absent."""

    after: Any
    """None if the property is removed."""

    outcome: Outcome
    """The effect of this change by itself."""

    def __str__(self) -> str:
        return f"{self.path}: {_short(self.before)} -> {_short(self.after)}"


def differences(
    members: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any], path: str, *, fixed: bool = False
) -> Iterator[Change]:
    """Yield the changed properties of a structure.

    :param members: its properties, from ``data/cloudformation.json``.
    :param path: its path in the properties of the resource.
    :param fixed: whether every change replaces the resource.
    """
    types = load("cloudformation.json")["types"]
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, _ABSENT), after.get(name, _ABSENT)
        if _same(old, new):
            continue
        fact = members.get(name, {"type": "string", "update": "some"})
        where = f"{path}.{name}" if path else str(name)
        nested = types.get(fact["type"])
        if fact["type"] in _NODES and fact.get("list") and isinstance(old, list) and isinstance(new, list):
            yield from _listed_nodes(nested, old, new, where)
        elif fact["type"] in _NODES and isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from differences(nested, old, new, where, fixed=name.startswith("Master"))
        elif fact["update"] == "replacement" or fixed:
            yield from _leaves(old, new, where, Outcome.REPLACED)
        elif nested is not None and not fact.get("list") and isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from differences(nested, old, new, where)
        elif fact["update"] == "some" and fact["type"] not in _NODES:
            yield from _leaves(old, new, where, Outcome.MAY_REPLACE)
        else:
            yield from _leaves(old, new, where, Outcome.IN_PLACE)


def _listed_nodes(members: Mapping[str, Any], old: list[Any], new: list[Any], path: str) -> Iterator[Change]:
    """The changes of task groups or fleets, which are identified by their names."""
    before = {_name_of(item, at): item for at, item in enumerate(old)}
    after = {_name_of(item, at): item for at, item in enumerate(new)}
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name, _ABSENT), after.get(name, _ABSENT)
        where = f"{path}[{name}]"
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from differences(members, one, other, where)
        elif not _same(one, other):
            yield from _leaves(one, other, where, Outcome.IN_PLACE)


def _name_of(item: Any, index: int) -> Any:
    return item.get("Name", index) if isinstance(item, Mapping) else index


def _leaves(old: Any, new: Any, path: str, outcome: Outcome) -> Iterator[Change]:
    """The differences of two values, as deep as they have the same structure."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            yield from _leaves(old.get(name, _ABSENT), new.get(name, _ABSENT), f"{path}.{name}", outcome)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _leaves(one, other, f"{path}[{at}]", outcome)
    elif not _same(old, new):
        yield Change(path, _given(old), _given(new), outcome)


def _given(value: Any) -> Any:
    return None if value is _ABSENT else described(value)


def _same(old: Any, new: Any) -> bool:
    """Whether CloudFormation treats two values as equal, such as ``3`` and ``"3"``."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    if isinstance(old, str | int | float) and isinstance(new, str | int | float):
        return _plain(old) == _plain(new)
    return bool(old == new)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _short(value: Any) -> str:
    text = "(none)" if value is None else str(value)
    return text if len(text) <= 70 else f"{text[:67]}..."
