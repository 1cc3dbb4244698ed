"""The DNS names of a cluster: Route 53 records of its template that refer to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .display import shown
from .intrinsics import items, mappings

if TYPE_CHECKING:
    from .versions import Versions

__all__ = ["moving_names"]

_RECORD: Final = "AWS::Route53::RecordSet"
_GROUP: Final = "AWS::Route53::RecordSetGroup"


def moving_names(versions: Versions, cluster: str, successor: str) -> Iterator[str]:
    """Yield a sentence for each DNS name that an update points from a cluster to the one that replaces it."""
    before, after = _names(versions, 0, cluster), _names(versions, 1, successor)
    for name, ttl in after.items():
        if name in before:
            cached = "" if ttl is None else f"; clients may use the old cluster for {shown(ttl)} more seconds"
            yield f"DNS name {name} moves to the new cluster{cached}"


def _names(versions: Versions, side: int, cluster: str) -> dict[str, Any]:
    """The names that point to a cluster, with the seconds that clients cache each."""
    return {
        shown(record.get("Name")).removesuffix("."): record.get("TTL")
        for record in _records(versions, side, cluster)
        if any(isinstance(target, str) and f"[{cluster}." in target for target in items(record.get("ResourceRecords")))
    }


def _records(versions: Versions, side: int, cluster: str) -> Iterator[Mapping[str, Any]]:
    for kind in (_RECORD, _GROUP):
        for name in versions.graphs[side].users(kind, cluster):
            if versions.exists(side, name):
                properties = versions.scenarios[side].value(versions.graphs[side].properties(name))
                yield from [properties] if kind == _RECORD else mappings(properties.get("RecordSets"))
