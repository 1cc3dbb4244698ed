"""The choice of instance types by size, for fleets.

The order of the choice is part of the library's contract, as is the catalog that a release has by default: a type
that enters or leaves the choice changes the fleet, and so replaces the cluster.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from .._core.errors import EmrError
from .._core.known import require_known
from .._core.patterns import regex
from ..rules.instance_catalogs import Catalog, catalog, catalog_names, first_catalog
from ..rules.instance_types import Facts, is_supported

__all__ = ["Kinds", "Range", "chosen", "range_of"]

# Families of accelerated computing: GPUs, FPGAs, inference and training chips.
_ACCELERATED: Final = regex(r"(g|gr|p|f|inf|trn|dl|vt)\d")
_GENERATION: Final = regex(r"[a-z]+(\d+)")
# r8g of r8gn, c8i of c8i-flex.
_BASE: Final = regex(r"[a-z]+\d+[a-z]")
# EMR reports 94% or more of the memory of EC2.
_REPORTED: Final = 0.94
_NEAREST: Final = 3
_LARGEST: Final = 2**53


class Range(NamedTuple):
    """The minimum and the maximum, both included."""

    least: float
    greatest: float

    def distance(self, value: float) -> float:
        """Return how many times larger or smaller than the range a value is; 0 within the range."""
        if value < self.least:
            return self.least / value - 1
        return value / self.greatest - 1 if value > self.greatest else 0

    def __str__(self) -> str:
        least, greatest = f"{self.least:g}", f"{self.greatest:g}"
        return least if least == greatest else f"{least} to {greatest}"


class Kinds(NamedTuple):
    """The kinds of instance types to choose from."""

    architecture: str | None
    """None: any."""

    accelerated: bool
    metal: bool
    local_storage: bool

    def lacks(self, name: str, known: Facts) -> int:
        """Return how many of the kinds an instance type misses."""
        return (
            (self.architecture is not None and known["architecture"] != self.architecture)
            + (not self.accelerated and _ACCELERATED.match(name) is not None)
            + (not self.metal and name.partition(".")[2].startswith("metal"))
            + (not self.local_storage and not known["ebs_only"])
        )


def range_of(name: str, given: float | Sequence[float]) -> Range:
    """Return the range of an argument that is a number or a pair of numbers.

    :raises EmrError: it isn't a range of positive numbers.
    """
    ends = (given, given) if isinstance(given, int | float) else tuple(given)
    for end in ends:
        require_known(name, end, "use numbers")
    # An integer can be too large for a float.
    if len(ends) != 2 or not 0 < ends[0] <= ends[1] or any(isinstance(end, int) and end > _LARGEST for end in ends):
        raise EmrError(
            f"{name} must be a positive number or a pair of the minimum and the maximum, got {given!r}; "
            f"use values such as 8 or (4, 8)"
        )
    return Range(*ends)


def _supported(label: str, source: Catalog) -> dict[str, Facts]:
    """Return the types that a release supports, as far as it supports the families that they are variants of.

    EMR lists some variants, such as r8gn, also for releases that are older than the support of their family.
    """
    found = {name: known for name, known in source.types.items() if is_supported(label, known)}
    lacking = {_family(name) for name in source.types} - {_family(name) for name in found}
    return {name: known for name, known in found.items() if _base(name) not in lacking}


def _family(name: str) -> str:
    return name.partition(".")[0]


def _base(name: str) -> str:
    base = _BASE.match(name)
    return base[0] if base else ""


def chosen(label: str, vcpu: Range, memory: Range, kinds: Kinds, *, limit: int, day: str | None) -> tuple[str, ...]:
    """Return the names of instance types that a release supports, newest generations and smallest types first.

    :param day: the name of a catalog. None: the first one that lists the release.
    :raises EmrError: no catalog lists the release, or no type matches.
    """
    supported = _supported(label, _source(label, day))
    reported = Range(memory.least * _REPORTED, memory.greatest)

    def distance(known: Facts) -> float:
        return vcpu.distance(known["vcpu"]) + reported.distance(known["memory_gib"])

    matching = [name for name, known in supported.items() if not distance(known) and not kinds.lacks(name, known)]
    if matching:
        return tuple(sorted(matching, key=lambda name: _order(name, supported[name]))[:limit])

    def nearness(name: str) -> tuple[float, float, tuple[float, float, float, str]]:
        known = supported[name]
        return kinds.lacks(name, known), distance(known), _order(name, known)

    nearest = sorted(supported, key=nearness)[:_NEAREST]
    raise EmrError(
        f"vcpu and memory_gib must match instance types that {label} supports, got {vcpu} vCPUs and {memory} GiB"
        f"{_described(kinds)}; include one of the nearest: "
        + ", ".join(_text(name, supported[name]) for name in nearest)
    )


def _source(label: str, day: str | None) -> Catalog:
    require_known("catalog", day, "use a plain string")
    names = catalog_names()
    if day is not None and day not in names:
        raise EmrError(f"catalog must be one of {', '.join(names)}, got {day!r}; use {names[-1]!r}")
    first = first_catalog(label)
    if first is None:
        raise EmrError(
            f"release must be one whose instance types the library knows, got {label}; use another release, or list "
            "the instance types yourself"
        )
    source = first if day is None else catalog(day)
    if label not in source.releases:
        raise EmrError(f"catalog must list {label}, got {day!r}; use {first.name!r}")
    return source


def _order(name: str, known: Facts) -> tuple[float, float, float, str]:
    generation = _GENERATION.match(name)
    return -int(generation[1]) if generation else 0, known["vcpu"], known["memory_gib"], name


def _described(kinds: Kinds) -> str:
    wanted = {"accelerated": kinds.accelerated, "metal": kinds.metal, "local_storage": kinds.local_storage}
    without = [name for name, is_wanted in wanted.items() if not is_wanted]
    parts = [*([kinds.architecture] if kinds.architecture else []), *(f"{name}=False" for name in without)]
    return f" with {', '.join(parts)}" if parts else ""


def _text(name: str, known: Facts) -> str:
    return f"{name} ({known['vcpu']} vCPUs, {known['memory_gib']:g} GiB, {known['architecture']})"
