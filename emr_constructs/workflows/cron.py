"""Times of a schedule that daylight saving time skips.

EventBridge Scheduler doesn't invoke a target at a local time that doesn't exist.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from .._core.patterns import regex
from .dates import skipped_hours, zone_info

__all__ = ["next_skipped"]

_EXPRESSION: Final = regex(r"(cron|at)\((.+)\)")
_ITEM: Final = regex(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?")


class _Field(NamedTuple):
    lowest: int
    highest: int
    names: tuple[str, ...] = ()


_MINUTES: Final = _Field(0, 59)
_HOURS: Final = _Field(0, 23)
_DAYS: Final = _Field(1, 31)
_MONTHS: Final = _Field(1, 12, ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"))
_WEEKDAYS: Final = _Field(1, 7, ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))
_YEARS: Final = _Field(1970, 2199)


def next_skipped(
    expression: str, zone: str, *, after: datetime, start: datetime | None = None, end: datetime | None = None
) -> datetime | None:
    """Return the next local time of a schedule that doesn't exist, or None.

    The time doesn't exist in the time zone ``zone``. An expression that invokes its target in every hour of a day is
    not considered.

    :param expression: ``cron(...)`` or ``at(...)``; other expressions skip no times.
    :param after: the time after which to search.
    :param start: the start of the schedule. Default: none.
    :param end: the end of the schedule. Default: none.
    """
    found = _EXPRESSION.fullmatch(expression)
    if found is None:
        return None
    kind, text = found.groups()
    first, last = max(after, start or after), end or datetime.max.replace(tzinfo=UTC)
    for begin, until in skipped_hours(zone):
        # With the offset of before, a time that does not exist is the instant at which the clocks change.
        instant = begin.replace(tzinfo=zone_info(zone))
        if not first <= instant <= last:
            continue
        skipped = _at(text, begin, until) if kind == "at" else _cron(text.split(), begin, until)
        if skipped is not None:
            return skipped
    return None


def _at(text: str, begin: datetime, until: datetime) -> datetime | None:
    try:
        time = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return time if begin <= time < until else None


def _cron(fields: list[str], begin: datetime, until: datetime) -> datetime | None:
    if len(fields) != 6:
        return None
    minute, hour, day, month, weekday, year = fields
    minutes, hours = _values(minute, _MINUTES), _values(hour, _HOURS)
    if len(hours) == 24:
        return None
    for time in _each_minute(begin, until):
        dates = (
            (day, _DAYS, time.day),
            (month, _MONTHS, time.month),
            (weekday, _WEEKDAYS, time.isoweekday() % 7 + 1),
            (year, _YEARS, time.year),
        )
        due = time.minute in minutes and time.hour in hours
        if due and all(value in _values(text, field) for text, field, value in dates):
            return time
    return None


def _each_minute(begin: datetime, until: datetime) -> Iterator[datetime]:
    while begin < until:
        yield begin
        begin += timedelta(minutes=1)


def _values(text: str, field: _Field) -> set[int]:
    """Return the values of a field.

    Returns all values if they depend on the month (``L``, ``W``, ``#``).
    """
    everything = set(range(field.lowest, field.highest + 1))
    if text == "?":
        return everything
    values: set[int] = set()
    for item in text.upper().split(","):
        found = _ITEM.fullmatch(item)
        first, last, step = found.groups() if found else (None, None, None)
        low = field.lowest if first == "*" else _number(first, field)
        high = field.highest if first == "*" or (last is None and step is not None) else _number(last or first, field)
        if low is None or high is None:
            return everything
        # A range such as FRI-MON continues with the lowest value.
        until = high + len(everything) if high < low else high
        listed = range(low, until + 1, int(step or 1) or 1)
        values |= {(value - field.lowest) % len(everything) + field.lowest for value in listed}
    return values


def _number(text: str | None, field: _Field) -> int | None:
    """Return the value of ``text``, or None if it is neither a number nor a name."""
    if text is None:
        return None
    if text in field.names:
        return field.names.index(text) + field.lowest
    return int(text) if text.isdigit() else None
