"""The properties that differ between two versions of a resource, and what CloudFormation does about each.

Which property replaces a resource is in ``data/cloudformation.json``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ..data import load
from .display import described, shown

__all__ = ["Change", "Outcome", "differences", "is_same", "leaves"]

_NODES: Final = ("InstanceGroupConfig", "InstanceFleetConfig")
_ABSENT: Final = object()
# The members that identify an item of a list, the most specific first.
_IDENTITY: Final = ("Name", "Classification", "Key", "InstanceType", "Id", "Sid")
_WIDTH: Final = 70


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
    FAILS = "update fails"
    """CloudFormation can't perform the update, and rolls it back."""


@dataclass(frozen=True, slots=True)
class Change:
    """A changed property."""

    path: str
    """The path in the properties of the resource."""

    before: Any
    """The old value, of a list only the removed items; None if the property was absent."""

    after: Any
    """The new value, of a list only the added items; None if the property is removed."""

    outcome: Outcome
    """The effect of this change by itself."""

    def __str__(self) -> str:
        if isinstance(self.before, list) and isinstance(self.after, list):
            return f"{self.path}: {_listed(self.before, self.after)}"
        before, after = shown(self.before, "(none)"), shown(self.after, "(none)")
        start = _common(before, after) if max(len(before), len(after)) > _WIDTH else 0
        return f"{self.path}: {_short(before, start)} -> {_short(after, start)}"


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
        if is_same(old, new):
            continue
        fact = members.get(name, {"type": "string", "update": "some"})
        where = f"{path}.{name}" if path else str(name)
        nested = types.get(fact["type"])
        if fact["type"] in _NODES and fact.get("list") and isinstance(old, list) and isinstance(new, list):
            yield from _node_list(nested, old, new, where)
        elif fact["type"] in _NODES and isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from differences(nested, old, new, where, fixed=name.startswith("Master"))
        elif fact["update"] == "replacement" or fixed:
            yield from leaves(old, new, where, Outcome.REPLACED)
        elif nested is not None and not fact.get("list") and isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from differences(nested, old, new, where)
        elif fact["update"] == "some" and fact["type"] not in _NODES:
            yield from leaves(old, new, where, Outcome.MAY_REPLACE)
        else:
            yield from leaves(old, new, where, Outcome.IN_PLACE)


def _node_list(members: Mapping[str, Any], old: list[Any], new: list[Any], path: str) -> Iterator[Change]:
    """The changes of task groups or fleets, which are identified by their names."""
    before = {_name_of(item, at): item for at, item in enumerate(old)}
    after = {_name_of(item, at): item for at, item in enumerate(new)}
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name, _ABSENT), after.get(name, _ABSENT)
        where = f"{path}[{name}]"
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from differences(members, one, other, where)
        elif not is_same(one, other):
            yield from leaves(one, other, where, Outcome.IN_PLACE)


def _name_of(item: Any, index: int) -> Any:
    name = item.get("Name") if isinstance(item, Mapping) else None
    return described(name) if isinstance(name, str) else index


def leaves(old: Any, new: Any, path: str, outcome: Outcome) -> Iterator[Change]:
    """Yield the differences of two values, as deep as they have the same structure."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            yield from leaves(old.get(name, _ABSENT), new.get(name, _ABSENT), f"{path}.{name}", outcome)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _items(old, new, path, outcome)
    elif not is_same(old, new):
        yield Change(path, _given(old), _given(new), outcome)


def _items(old: list[Any], new: list[Any], path: str, outcome: Outcome) -> Iterator[Change]:
    """The differences of two lists: items that changed, and which items were removed and added."""
    removed, added = _without(old, new), _without(new, old)
    if len(old) == len(new):
        moved = sum(not is_same(one, other) for one, other in zip(old, new, strict=True))
        if moved <= len(removed):
            for at, (one, other) in enumerate(zip(old, new, strict=True)):
                yield from leaves(one, other, f"{path}[{at}]", outcome)
            return
    before, after = _identified(removed), _identified(added)
    for name in before.keys() & after.keys():
        yield from leaves(before[name], after[name], f"{path}[{name}]", outcome)
        removed.remove(before[name])
        added.remove(after[name])
    if removed or added:
        yield Change(path, _given(removed), _given(added), outcome)
    elif not before and not is_same(old, new):
        yield Change(path, _given(old), _given(new), outcome)


def _without(items: list[Any], others: list[Any]) -> list[Any]:
    """The items that aren't among ``others``, which can have an item several times."""
    rest = Counter(map(_plain, others))
    left = []
    for item in items:
        if rest[_plain(item)]:
            rest[_plain(item)] -= 1
        else:
            left.append(item)
    return left


def _identified(items: list[Any]) -> dict[str, Any]:
    """The items by what identifies them; those that nothing identifies, or that share it, are left out."""
    found: dict[str, list[Any]] = {}
    for item in items:
        if isinstance(item, Mapping):
            name = next((item[member] for member in _IDENTITY if isinstance(item.get(member), str)), None)
            if name is not None:
                found.setdefault(described(name), []).append(item)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _given(value: Any) -> Any:
    return None if value is _ABSENT else described(value)


def is_same(old: Any, new: Any) -> bool:
    """Return whether CloudFormation treats two values as equal, such as ``3`` and ``"3"``."""
    return old is new or (_ABSENT not in (old, new) and _plain(old) == _plain(new))


def _plain(value: Any) -> str:
    """``value`` as text, the same for values that CloudFormation treats as equal."""
    return json.dumps(_as_text(value), sort_keys=True, default=str)


def _as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _as_text(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else value if value is None else str(value)


def _listed(removed: list[Any], added: list[Any]) -> str:
    """What a change of a list adds and removes."""
    if sorted(map(_plain, removed)) == sorted(map(_plain, added)):
        return "order changed"
    lists = {"added": added, "removed": removed}
    return "; ".join(f"{what} {', '.join(map(_item, items))}" for what, items in lists.items() if items)


def _item(value: Any) -> str:
    if isinstance(value, Mapping) and len(value) == 1:
        (value,) = value.values()
    return _short(shown(value))


def _common(one: str, other: str) -> int:
    """Where two long strings begin to differ; 0 if their beginnings show it."""
    first = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return 0 if first < _WIDTH // 2 else first - _WIDTH // 4


def _short(text: str, start: int = 0) -> str:
    text = f"...{text[start:]}" if start else text
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."
