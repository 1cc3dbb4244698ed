"""How long AWS supports releases: the dates of each release, and the rule about releases out of support.

The rule requires a date, so that a template has the same findings tomorrow:  see
``judged_on``. Without one, it finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple

from ..data import load
from .parts import Part
from .registry import Severity, rule
from .releases import Release, known_labels, parse
from .sources import release_guide

__all__ = ["AGE", "Lifecycle", "Support", "data_date", "judged_on", "lifecycle", "newest_supported"]

AGE: Final = "emr-release-age"
"""The ID of the rule."""

_POLICY: Final = release_guide("emr-standard-support")
_DAY: Final[ContextVar[date | None]] = ContextVar("day", default=None)


class Support(StrEnum):
    """The support of a release on a day."""

    STANDARD = "supported"
    ENDED = "out of support"
    """AWS accepts no support cases and publishes no fixes; clusters can be launched with the API."""

    END_OF_LIFE = "end of life"
    """AWS may also remove the release from the API."""


class Lifecycle(NamedTuple):
    """The dates of a release, which are those of its minor version."""

    released: date | None
    """The first day of the release; None for a patch release, whose day AWS doesn't state."""

    standard_support_until: date
    """The last day of standard support, or of bridge support, which is equivalent."""

    extended_support_until: date | None
    """The last day of support for customers who request it from AWS, if there is one."""

    end_of_life: date
    """The first day without support of any kind."""

    is_stated: bool
    """Whether AWS states the dates; otherwise they follow from the release date: 24 and 36 months."""

    sources: tuple[str, ...]
    """The pages that state the dates."""

    def support_on(self, day: date) -> Support:
        """The support on ``day``."""
        if day >= self.end_of_life:
            return Support.END_OF_LIFE
        return Support.ENDED if day > self.standard_support_until else Support.STANDARD


def data_date() -> date:
    """The day that the dates of this version of the library were read."""
    return date.fromisoformat(load("lifecycles.json")["as_of"])


@lru_cache(maxsize=256)
def lifecycle(label: str) -> Lifecycle | None:
    """The dates of a release; None for a release whose dates AWS doesn't state, or that isn't known."""
    release = parse(label)
    rows: Mapping[str, Mapping[str, Any]] = load("lifecycles.json")["releases"]
    if release is None:
        return None
    major, minor, patch = release.version
    row = rows.get(f"{release.train}-{major}.{minor}") or rows.get(f"{release.train}-{major}")
    if row is None:
        return None
    released, extended = (row.get(name) for name in ("released", "extended_support_until"))
    return Lifecycle(
        date.fromisoformat(released) if released and patch == 0 else None,
        date.fromisoformat(row["standard_support_until"]),
        date.fromisoformat(extended) if extended else None,
        date.fromisoformat(row["end_of_life"]),
        row["basis"] == "stated",
        tuple(map(release_guide, row["sources"])),
    )


def newest_supported(label: str, day: date) -> str | None:
    """The newest release in standard support on ``day``: of the major version of ``label`` if it has one.

    None if no known release is in standard support.
    """
    given = parse(label)
    assert given is not None
    supported = [
        found
        for found in map(parse, known_labels())
        if found
        and found.train == given.train
        and (dates := lifecycle(found.label))
        and dates.support_on(day) is Support.STANDARD
        and (dates.released is None or dates.released <= day)
    ]
    of_line = [found for found in supported if found.version[0] == given.version[0]]
    return max(of_line or supported, key=_by_version).label if supported else None


def _by_version(release: Release) -> tuple[int, int, int]:
    return release.version


@contextmanager
def judged_on(day: date) -> Iterator[None]:
    """Judge the age of releases on ``day``."""
    token = _DAY.set(day)
    try:
        yield
    finally:
        _DAY.reset(token)


@rule(AGE, "RunJobFlowInput", at="ReleaseLabel", severity=Severity.WARNING,
      fix="use a release in standard support, or acknowledge this warning", source=_POLICY)  # fmt: skip
def _release_is_supported(cluster: Part) -> Iterator[tuple[str, str]]:
    """A release must be in standard support on the date of the check."""
    label, day = cluster.get("ReleaseLabel", ""), _DAY.get()
    dates = lifecycle(label) if day else None
    if day is None or dates is None or (support := dates.support_on(day)) is Support.STANDARD:
        return
    if support is Support.END_OF_LIFE:
        ended = f"which reached its end of life on {dates.end_of_life}"
    else:
        ended = f"whose standard support ended on {dates.standard_support_until}"
        extended = dates.extended_support_until
        if extended is not None and day <= extended:
            ended += f" (AWS extends it on request until {extended})"
    newest = newest_supported(label, day) or "a release in standard support"
    yield f"release must be in standard support, got {label}, {ended}", f"use {newest}, or acknowledge this warning"
