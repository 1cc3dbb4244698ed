"""The date of an execution, as the engine for JSONata computes it, beside what Python says."""

from __future__ import annotations

import json
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta

import pytest

from emr_constructs import EmrError
from emr_constructs.workflows.dates import (
    SCHEDULED_TIME,
    day_before,
    is_date,
    is_no_date,
    is_no_instant,
    skipped_hours,
    zone_info,
    zone_table,
)
from tests.catalogue import environment, example
from tests.step_functions import evaluate
from tests.tools import flat, only, resources

ZONES = (
    "Europe/Zurich",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Almaty",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Etc/UTC",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
INSTANTS = (
    # A quarter past midnight, half past one and half past eleven in the summer of Zurich.
    "2026-07-14T22:15:00Z",
    "2026-07-14T23:30:00Z",
    "2026-07-15T21:30:00Z",
    # The same in winter.
    "2026-01-14T23:15:00Z",
    "2026-01-15T00:30:00Z",
    "2026-01-15T22:30:00Z",
    # Around the changes of clocks in Europe, in America and in Australia.
    "2026-03-29T00:59:59Z",
    "2026-03-29T01:00:00Z",
    "2026-10-25T00:59:59Z",
    "2026-10-25T01:00:00Z",
    "2026-03-08T06:59:59Z",
    "2026-03-08T07:00:00Z",
    "2026-04-04T15:30:00Z",
    "2026-10-03T15:30:00Z",
    # When clocks in Cairo go back from midnight to the hour before.
    "2026-10-29T21:00:00Z",
    # The date line, leap days, turns of years, and both ends of the table.
    "2026-11-24T10:30:00Z",
    "2026-11-24T11:30:00Z",
    "2028-02-29T12:00:00Z",
    "2028-03-01T00:30:00Z",
    "2027-03-01T00:30:00Z",
    "2026-12-31T23:59:59.999Z",
    "2027-01-01T00:00:00Z",
    "2020-01-01T00:00:00Z",
    "2050-12-31T23:59:59Z",
)


def expected(instant, zone, days):
    there = datetime.fromisoformat(instant).astimezone(zone_info(zone))
    return (there.date() - timedelta(days=days)).isoformat()


class TestDayBefore:
    @pytest.mark.parametrize("zone", ZONES)
    def test_is_what_python_says(self, zone):
        wrong = {
            (instant, days): found
            for instant in INSTANTS
            for days in (0, 1, 40)
            if (found := evaluate(day_before(json.dumps(instant), zone, days))) != expected(instant, zone, days)
        }
        assert wrong == {}

    @pytest.mark.parametrize(
        ("instant", "day"),
        [
            ("2026-07-14T23:30:00Z", "2026-07-14"),
            ("2026-01-15T00:30:00Z", "2026-01-14"),
            # 24 hours before would be two dates before, and one, on the days on which clocks change.
            ("2026-03-29T22:30:00Z", "2026-03-29"),
            ("2026-10-25T22:59:00Z", "2026-10-24"),
        ],
    )
    def test_in_zurich(self, instant, day):
        assert evaluate(day_before(json.dumps(instant), "Europe/Zurich", 1)) == day

    @pytest.mark.parametrize("zone", ["Etc/UTC", "Asia/Kolkata", "America/Sao_Paulo"])
    def test_of_a_zone_without_daylight_saving_time_is_one_addition(self, zone):
        expression = day_before("$time", zone, 1)
        assert "[" not in expression
        assert len(expression) < 100

    @pytest.mark.parametrize("zone", ZONES)
    def test_is_compact(self, zone):
        assert len(day_before("$time", zone, 1)) < 1000


class TestZoneTable:
    @pytest.mark.parametrize("zone", ZONES)
    def test_has_every_change(self, zone):
        """Compared every six hours for 31 years, and on both sides of each change."""
        changes, offsets = zone_table(zone)
        place, epoch = zone_info(zone), datetime(1970, 1, 1, tzinfo=UTC)
        times = [*range(26297280, 42602400, 360), *changes, *(change - 1 for change in changes)]
        wrong = [
            minutes
            for minutes in times
            if offsets[bisect_right(changes, minutes)]
            != (epoch + timedelta(minutes=minutes)).astimezone(place).utcoffset() / timedelta(minutes=1)
        ]
        assert wrong == []

    @pytest.mark.parametrize("name", ["Mars/Olympus", "", "../zones", "/etc/localtime", "Europe", "zone.tab"])
    def test_of_no_zone(self, name):
        with pytest.raises(
            EmrError, match=r"the time zone must be a name of the IANA database, got '.*'; use a constant of"
        ):
            zone_table(name)

    def test_has_the_hours_that_clocks_skip(self):
        skipped = list(skipped_hours("Europe/Zurich"))
        assert (datetime(2027, 3, 28, 2), datetime(2027, 3, 28, 3)) in skipped
        assert len(skipped) == 31
        assert (datetime(2026, 10, 4, 2), datetime(2026, 10, 4, 2, 30)) in skipped_hours("Australia/Lord_Howe")
        assert list(skipped_hours("Asia/Tokyo")) == []


class TestGivenDates:
    def test_are_dates_of_the_calendar(self):
        """Every date of a leap year, of years that look like one, and what would come after each month."""
        texts = [
            f"{year:04}-{month:02}-{day:02}"
            for year in (1900, 2000, 2026, 2028)
            for month in range(14)
            for day in (0, 1, 9, 10, 28, 29, 30, 31, 32)
        ]
        assert {text: not evaluate(is_no_date(json.dumps(text))) for text in texts} == {
            text: is_date(text) for text in texts
        }

    @pytest.mark.parametrize("text", ["0001-01-01", "2028-02-29", "2000-02-29", "9999-12-31", "2026-11-30"])
    def test_that_exist(self, text):
        assert date.fromisoformat(text)
        assert is_date(text)
        assert evaluate(is_no_date(json.dumps(text))) is False

    @pytest.mark.parametrize(
        "text",
        [
            *("0000-01-01", "2026-02-29", "1900-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-10"),
            *("", "yesterday", "20261123", "2026-11-23\n", " 2026-11-23", "2026-11-23T00:00:00Z", "2026-W48-1"),
            *("2026-1-1", "26-11-23", "\uff12\uff10\uff12\uff16-11-23", "-026-11-23", "2026-11-2e"),
        ],
    )
    def test_that_do_not(self, text):
        assert not is_date(text)
        assert evaluate(is_no_date(json.dumps(text))) is True


@pytest.mark.parametrize(
    ("value", "usable"),
    [
        ("2026-11-24T01:30:00Z", True),
        ("2026-11-24T01:30:00.123Z", True),
        ("2026-11-24T01:30:00.123456+00:00", True),
        ("2020-01-01T00:00:00Z", True),
        ("2050-12-31T23:59:59Z", True),
        ("2019-12-31T23:59:59Z", False),
        ("2051-01-01T00:00:00Z", False),
        ("2026-11-24", False),
        ("2026-11-24T01:30:00", False),
        ("<aws.scheduler.scheduled-time>", False),
        (1764000000, False),
        (None, False),
    ],
)
def test_a_time_is_one_that_the_table_knows(value, usable):
    assert evaluate(is_no_instant(json.dumps(value))) is not usable


@pytest.mark.parametrize(
    ("apps", "name", "scheduled", "day"),
    [
        (lambda: environment("dev"), "EmrJob-dev", "2026-11-24T02:00:00Z", "2026-11-23"),
        (lambda: environment("production"), "EmrJob-production", "2027-01-01T02:00:00Z", "2026-12-31"),
        # Half past one in Zurich, in summer and in winter.
        (lambda: example("nightly_job"), "NightlyJob", "2026-07-14T23:30:00Z", "2026-07-14"),
        (lambda: example("nightly_job"), "NightlyJob", "2026-11-24T00:30:00Z", "2026-11-23"),
    ],
)
def test_stacks_and_examples_process_the_day_before(apps, name, scheduled, day):
    template = apps().templates[name]
    sent = json.loads(only(template, "AWS::Scheduler::Schedule")["Target"]["Input"])
    assert sent == {SCHEDULED_TIME: "<aws.scheduler.scheduled-time>"}
    definitions = [
        json.loads(flat(machine["Properties"]["DefinitionString"]))
        for machine in resources(template, "AWS::StepFunctions::StateMachine").values()
    ]
    (inputs,) = [
        state["Assign"]["inputs"]
        for definition in definitions
        for state in definition["States"].values()
        if "inputs" in state.get("Assign", {})
    ]
    states = json.dumps({"input": {SCHEDULED_TIME: scheduled}})
    expression = inputs["day"].removeprefix("{%").removesuffix("%}")
    assert evaluate(f"($states := {states}; {expression})") == day
