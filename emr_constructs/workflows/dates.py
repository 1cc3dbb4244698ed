"""JSONata expressions for local dates and their validation.

JSONata supports only fixed offsets, not the names of time zones. The expression therefore contains a table of the
offset changes of a time zone.
https://docs.jsonata.org/date-time-functions
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from .._core.errors import EmrError
from .._core.patterns import regex
from .patterns import END

__all__ = [
    "INSTANT",
    "SCHEDULED_TIME",
    "ZoneTable",
    "day_before",
    "is_date",
    "is_no_date",
    "is_no_instant",
    "skipped_hours",
    "zone_info",
    "zone_table",
]

SCHEDULED_TIME: Final = "emr-constructs:scheduled-time"
"""The key of the execution input in which a schedule passes the scheduled time."""

_SCHEDULED: Final = f"$states.input.`{SCHEDULED_TIME}`"
INSTANT: Final = f"($exists({_SCHEDULED}) ? {_SCHEDULED} : $states.context.Execution.StartTime)"
"""The JSONata expression for the time that determines the date of an execution.

Retries of a schedule can start an execution a day late, so the start time applies only without a schedule.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

# Fixed, so that a template does not depend on the day of its synthesis.
_FIRST: Final = datetime(2020, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2051, 1, 1, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)
_NAME: Final = regex(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")
_DATE: Final = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = (
    r"^20(?:[234][0-9]|50)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})" + END
)


class ZoneTable(NamedTuple):
    """The offsets of a time zone from 2020 to 2050."""

    changes: tuple[int, ...]
    """When the offset changes, in minutes since 1970."""

    offsets: tuple[int, ...]
    """The offsets from UTC in minutes: before the first change, and after each change."""


@cache
def zone_info(name: str) -> ZoneInfo:
    """Return the time zone ``name`` of the package ``tzdata``.

    Templates are then the same on every machine.

    :raises EmrError: there is no such zone.
    """
    found = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not _NAME.fullmatch(name) or not found.is_file():
        raise EmrError(
            f"the time zone must be a name of the IANA database, got {name!r}; use a constant of cdk.TimeZone"
        )
    with found.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def zone_table(name: str) -> ZoneTable:
    """Return the offsets of the time zone ``name``.

    :raises EmrError: there is no such zone.
    """
    zone = zone_info(name)

    def offset(instant: datetime) -> int:
        return (instant.astimezone(zone).utcoffset() or timedelta()) // _MINUTE

    changes, offsets = [], [offset(_FIRST)]
    day = _FIRST
    while day < _LAST:
        following = day + timedelta(days=1)
        if offset(following) != offsets[-1]:
            before, after = day, following
            while after - before > _MINUTE:
                middle = before + (after - before) // 2 // _MINUTE * _MINUTE
                before, after = (middle, after) if offset(middle) == offsets[-1] else (before, middle)
            changes.append((after - _EPOCH) // _MINUTE)
            offsets.append(offset(following))
        day = following
    return ZoneTable(tuple(changes), tuple(offsets))


def skipped_hours(name: str) -> Iterator[tuple[datetime, datetime]]:
    """Return the ranges of local times that don't exist in a time zone."""
    changes, offsets = zone_table(name)
    epoch = _EPOCH.replace(tzinfo=None)
    for change, before, after in zip(changes, offsets, offsets[1:], strict=False):
        if after > before:
            yield epoch + (change + before) * _MINUTE, epoch + (change + after) * _MINUTE


def day_before(instant: str, zone: str, days: int) -> str:
    """Return the JSONata expression for the date ``days`` before ``instant``.

    The date is in the time zone ``zone``.

    :param instant: the expression for a string such as ``2026-11-24T01:30:00Z``.
    """
    changes, offsets = zone_table(zone)
    shifts = [offset - days * 24 * 60 for offset in offsets]
    if not changes:
        return _date_of(f"$toMillis({instant}) + {shifts[0]} * 60000")
    length = next(length for length in range(1, len(shifts) + 1) if _repeats(shifts, length))
    # No context reference ($) in the filter: Step Functions limits where it can be used.
    # https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    return (
        f"($time := $toMillis({instant}); $passed := $count($filter({_list(changes)}, "
        "function($change) {$change * 60000 <= $time})); "
        f"{_date_of(f'$time + {_list(shifts[:length])}[$passed % {length}] * 60000')})"
    )


def _date_of(milliseconds: str) -> str:
    return f"$substring($fromMillis({milliseconds}), 0, 10)"


def _list(numbers: Iterable[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"


def _repeats(offsets: Sequence[int], length: int) -> bool:
    return all(offset == offsets[at % length] for at, offset in enumerate(offsets))


def is_date(text: str) -> bool:
    """Return whether ``text`` is a calendar date, such as ``2026-11-23``."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_no_date(text: str) -> str:
    """Return the JSONata expression that is true if ``text`` isn't a calendar date."""
    # $number doesn't accept leading zeros, and engines differ about $toMillis("2026-02-30").
    year, month, day = (
        f"$number('1' & $substring({text}, {start}, {length})) - {10**length}"
        for start, length in ((0, 4), (5, 2), (8, 2))
    )
    leap = "$year % 4 = 0 and ($year % 100 != 0 or $year % 400 = 0)"
    days = f"$month = 2 ? ({leap} ? 29 : 28) : $month in [4, 6, 9, 11] ? 30 : 31"
    return (
        f"$not($contains({text}, /^{_DATE.pattern}{END}/)) ? true : ($year := {year}; $month := {month}; "
        f"$day := {day}; $year < 1 or $month < 1 or $month > 12 or $day < 1 or $day > ({days}))"
    )


def is_no_instant(value: str) -> str:
    """Return the JSONata expression that is true if ``value`` is an invalid time.

    Valid times are those that ``day_before`` supports.
    """
    return f'($time := {value}; $type($time) != "string" ? true : $not($contains($time, /{_INSTANT}/)))'
