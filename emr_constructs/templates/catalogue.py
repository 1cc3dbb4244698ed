"""What an instance type has, as far as an overview needs it."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["InstanceType", "find"]


class InstanceType(NamedTuple):
    """The size of an instance type."""

    vcpus: int
    memory_gib: float
    storage_gib: float
    """Its instance storage; 0 for types with EBS volumes alone."""


_KNOWN: Final[dict[str, InstanceType]] = {}


def find(name: str) -> InstanceType | None:
    """The instance type ``name``; None where the library does not know it."""
    return _KNOWN.get(name)
