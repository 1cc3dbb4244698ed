"""The input that a schedule passes to a job, and its validation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_scheduler as scheduler

from .._core.patterns import regex
from .._core.unknown import is_unknown
from .cron import next_skipped
from .dates import SCHEDULED_TIME, is_date, zone_table
from .inputs import DateInput, TextInput

if TYPE_CHECKING:
    from .inputs import JobInput

__all__ = ["input_problems", "schedule_warnings", "sent_input", "time_zone_problems"]

_DATE_IN_TEXT: Final = regex(r"(?<![0-9])([0-9]{4})([-/]?)([0-9]{2})\2([0-9]{2})(?![0-9])")


def input_problems(inputs: Sequence[JobInput], given: Mapping[str, Any]) -> Iterator[str]:
    """Validate ``given`` as the input of a job that has ``inputs``."""
    by_name = {found.name: found for found in inputs}
    for name, value in given.items():
        found = by_name.get(name)
        if found is None:
            yield f"the schedule passes the input {name!r}, which the job does not have; remove it, or add it to inputs"
        elif not found._accepts(value):
            yield f"the input {name!r} of the schedule must be {found.expectation}, got {value!r}; {_fix(found)}"
    for name, found in by_name.items():
        if found.is_required and name not in given:
            yield f"the schedule must pass the input {name!r}, which has no default; add it to the schedule's input"


def _fix(found: JobInput) -> str:
    if isinstance(found, DateInput) and not found.is_required:
        return "remove it, so that the date follows from the scheduled time"
    return "correct the value"


def sent_input(inputs: Sequence[JobInput], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``given``, with the scheduled time if a date depends on it."""
    time = {SCHEDULED_TIME: scheduler.ContextAttribute.scheduled_time} if any(_computed(inputs, given)) else {}
    return {**given, **time}


def time_zone_problems(
    inputs: Sequence[JobInput], given: Mapping[str, Any], schedule: scheduler.ScheduleExpression
) -> Iterator[str]:
    """Validate dates that depend on the time of ``schedule``."""
    name = _zone_of(schedule)
    if name is None:
        return
    for found in _computed(inputs, given):
        # Zones of several names, such as Europe/Zurich and Europe/Busingen, have the same clocks.
        if zone_table(found.zone) != zone_table(name):
            yield (
                f"the time zone of the schedule must be {found.zone}, as for the input {found.name!r}, got {name}; "
                "use the same cdk.TimeZone for both"
            )


def schedule_warnings(
    inputs: Sequence[JobInput],
    given: Mapping[str, Any],
    schedule: scheduler.ScheduleExpression,
    *,
    start: datetime | None,
    end: datetime | None,
) -> Iterator[tuple[str, str]]:
    """Return the IDs and messages of warnings about a schedule."""
    expression = schedule.expression_string
    zone = _zone_of(schedule)
    skipped = None if zone is None else next_skipped(expression, zone, after=datetime.now(UTC), start=start, end=end)
    if skipped is not None:
        yield (
            "emr-schedule-skipped-time",
            f"the schedule does not run at {skipped:%Y-%m-%d %H:%M}, which daylight saving time skips in {zone}; use a "
            "time that exists on every day, or acknowledge this warning",
        )
    if expression.startswith("at("):
        return
    for found in inputs:
        default = found.default if isinstance(found, TextInput) else None
        value = given.get(found.name, default)
        if isinstance(value, str) and not is_unknown(value) and _has_date(value):
            source = "value in the schedule" if found.name in given else "default"
            yield (
                "emr-schedule-same-day",
                f"every execution processes the same day, because the {source} of the input {found.name!r} is {value!r}"
                "; use JobInput.date(...), which follows from the scheduled time, or acknowledge this warning",
            )


def _zone_of(schedule: scheduler.ScheduleExpression) -> str | None:
    """Return the name of the time zone of ``schedule``.

    Returns None for a rate, and for a name that is only known at deployment.
    """
    if schedule.expression_string.startswith("rate("):
        return None
    name = "Etc/UTC" if schedule.time_zone is None else schedule.time_zone.timezone_name
    return None if is_unknown(name) else name


def _computed(inputs: Sequence[JobInput], given: Mapping[str, Any]) -> Iterator[DateInput]:
    """Return the dates that follow from the scheduled time.

    They aren't in ``given`` and aren't required.
    """
    for found in inputs:
        if isinstance(found, DateInput) and found.name not in given:
            yield found


def _has_date(text: str) -> bool:
    return any(is_date(f"{year}-{month}-{day}") for year, _, month, day in _DATE_IN_TEXT.findall(text))
