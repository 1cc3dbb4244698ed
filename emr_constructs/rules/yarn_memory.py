"""Memory that YARN has for containers on a node, by instance type.

The Release Guide lists ``yarn.nodemanager.resource.memory-mb`` for each type. The listed values follow from the memory
of the type in EMR: a quarter of it, at least 2 GiB and at most 8 GiB, is kept for the operating system and daemons.
``yarn_memory.json`` has the families that are listed, and the types with other values. A type that isn't listed yet has
the value of listed types with the same memory. HBase and settings of ``yarn-site`` change the memory of a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

from ..data import load
from .instance_types import Facts, facts, type_names
from .sources import release_guide

__all__ = ["YARN_MEMORY", "YarnMemory", "increment_of", "yarn_memory"]

YARN_MEMORY: Final = release_guide("emr-hadoop-task-config")
"""The page of the Release Guide that lists the values."""


_INCREMENT: Final = 32
_OLD_INCREMENT: Final = 256


class YarnMemory(NamedTuple):
    """The memory of YARN on a node in MiB."""

    node: int
    """For all containers: ``yarn.nodemanager.resource.memory-mb``."""

    container: int
    """For one container: ``yarn.scheduler.maximum-allocation-mb``."""


def yarn_memory(name: str) -> YarnMemory | None:
    """The memory of YARN on a node of an instance type; None if no source states it."""
    known = facts(name)
    if known is None:
        return None
    listed: Mapping[str, Mapping[str, int]] = load("yarn_memory.json")["types"]
    if name in listed:
        return YarnMemory(listed[name]["node"], listed[name]["container"])
    if known["memory_gib"] not in _listed_sizes():
        return None
    total = _mebibytes(known)
    memory = total - min(max(total // 4, 2048), 8192)
    return YarnMemory(memory, memory)


def increment_of(names: Iterable[str]) -> int:
    """The MiB of which the memory of a container is a multiple: ``yarn.scheduler.minimum-allocation-mb``.

    :param names: the instance types of a cluster. Types with values of their own have a larger increment.
    """
    listed = load("yarn_memory.json")["types"]
    return _OLD_INCREMENT if any(name in listed for name in names) else _INCREMENT


def _mebibytes(known: Facts) -> int:
    return round(known["memory_gib"] * 1024)


@cache
def _listed_sizes() -> frozenset[float]:
    """The memory in GiB of the types that the Release Guide lists, without those that have other values."""
    data = load("yarn_memory.json")
    families, others = frozenset(data["families"]), data["types"]
    listed = (name for name in type_names() if name.partition(".")[0] in families and name not in others)
    return frozenset(known["memory_gib"] for name in listed if (known := facts(name)))
