"""Dated catalogs of instance types, which ``instance_catalogs.json`` contains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["add_catalog"]


def add_catalog(
    catalogs: Mapping[str, Any], day: str, old: Mapping[str, Any] | None, new: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the catalogs with one of a day, which lists the instance types of ``new``.

    Each catalog states how it differs from the next one. Without differences, there is no new catalog.

    :param old: the content of ``instance_types.json`` until now, which is the last catalog.
    :raises ValueError: the day isn't later than that of the last catalog.
    """
    same: dict[str, Any] = {"releases": {"added": [], "missing": []}, "types": {}}
    if old is None or not catalogs:
        return {day: same}
    changed = {
        name: old["types"].get(name)
        for name in sorted({*old["types"], *new["types"]})
        if old["types"].get(name) != new["types"].get(name)
    }
    before, after = set(old["releases"]), set(new["releases"])
    if not changed and before == after:
        return dict(catalogs)
    last = list(catalogs)[-1]
    if day <= last:
        raise ValueError(f"the catalog must be later than {last}, got {day}; restore the files of that day first")
    releases = {"added": sorted(before - after), "missing": sorted(after - before)}
    return {**catalogs, last: {"releases": releases, "types": changed}, day: same}
