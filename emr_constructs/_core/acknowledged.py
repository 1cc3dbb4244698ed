"""Rules that are acknowledged at constructs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import IConstruct

__all__ = ["acknowledged_at", "is_launcher", "record", "record_launcher"]

# By the root of the construct tree, the path of the construct and the ID of the rule.
_REASONS: Final[WeakKeyDictionary[IConstruct, dict[str, dict[str, str]]]] = WeakKeyDictionary()
# By the root of the construct tree, the paths of constructs.
_LAUNCHERS: Final[WeakKeyDictionary[IConstruct, set[str]]] = WeakKeyDictionary()


def record(scope: IConstruct, rule_id: str, reason: str) -> None:
    """Record that ``rule_id`` is acknowledged for ``scope`` and all constructs in it."""
    _REASONS.setdefault(scope.node.root, {}).setdefault(scope.node.path, {})[rule_id] = reason


def acknowledged_at(scope: IConstruct) -> Mapping[str, str]:
    """Return the rules that are acknowledged at ``scope`` or a parent, with reasons."""
    if not _REASONS or not (found := _REASONS.get(scope.node.root)):
        return {}
    path = f"{scope.node.path}/"
    # A nearer reason replaces that of a parent.
    return {
        rule: reason
        for place in sorted(found, key=len)
        if not place or path.startswith(f"{place}/")
        for rule, reason in found[place].items()
    }


def record_launcher(scope: IConstruct) -> None:
    """Record that ``scope`` publishes a request that launches clusters, so that rules are about its resource."""
    _LAUNCHERS.setdefault(scope.node.root, set()).add(scope.node.path)


def is_launcher(resource: IConstruct) -> bool:
    """Return whether the construct of ``resource`` publishes a request that launches clusters."""
    paths = _LAUNCHERS.get(resource.node.root, ()) if _LAUNCHERS else ()
    return any(scope.node.path in paths for scope in resource.node.scopes) if paths else False
