"""Dated catalogs of instance types, so that newer data doesn't change a choice.

The last catalog is ``instance_types.json``. ``instance_catalogs.json`` states how each older one differs from the
next one, which ``python -m emr_constructs.data.refresh instance-types`` writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..data import load

if TYPE_CHECKING:
    from .instance_types import Facts

__all__ = ["Catalog", "catalog", "catalog_names", "first_catalog"]


class Catalog(NamedTuple):
    """The instance types that EMR listed on a day."""

    name: str
    """The day, such as ``2026-11-23``."""

    releases: frozenset[str]
    types: Mapping[str, Facts]


def catalog_names() -> tuple[str, ...]:
    """The names of all catalogs, oldest first."""
    return tuple(load("instance_catalogs.json")["catalogs"])


def first_catalog(label: str) -> Catalog | None:
    """The oldest catalog that lists a release; None if there is none."""
    return next((found for name in catalog_names() if label in (found := catalog(name)).releases), None)


@cache
def catalog(name: str) -> Catalog:
    """The catalog of a day, whose name is one of ``catalog_names``."""
    names = catalog_names()
    following = names.index(name) + 1
    if following == len(names):
        current = load("instance_types.json")
        return Catalog(name, frozenset(current["releases"]), current["types"])
    newer = catalog(names[following])
    differences: Mapping[str, Any] = load("instance_catalogs.json")["catalogs"][name]
    releases = (newer.releases - set(differences["releases"]["missing"])) | set(differences["releases"]["added"])
    types = {**newer.types, **differences["types"]}
    return Catalog(name, releases, {kind: facts for kind, facts in types.items() if facts is not None})
