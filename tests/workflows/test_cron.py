from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from emr_constructs.workflows.cron import next_skipped

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def skipped(expression, zone="Europe/Zurich", **options):
    return next_skipped(expression, zone, **{"after": NOW, **options})


@pytest.mark.parametrize(
    ("expression", "time"),
    [
        ("cron(0 2 * * ? *)", "2027-03-28 02:00"),
        ("cron(59 2 * * ? *)", "2027-03-28 02:59"),
        ("cron(*/20 2 * * ? *)", "2027-03-28 02:00"),
        ("cron(10/20 2 * * ? *)", "2027-03-28 02:10"),
        ("cron(0 2,14 * * ? *)", "2027-03-28 02:00"),
        ("cron(0 1-5 * * ? *)", "2027-03-28 02:00"),
        ("cron(0 22-4 * * ? *)", "2027-03-28 02:00"),
        ("cron(0 */2 * * ? *)", "2027-03-28 02:00"),
        ("cron(0 2 ? * SUN *)", "2027-03-28 02:00"),
        ("cron(0 2 ? * 1 *)", "2027-03-28 02:00"),
        ("cron(0 2 ? * FRI-MON *)", "2027-03-28 02:00"),
        ("cron(0 2 25 3 ? *)", "2029-03-25 02:00"),
        ("cron(0 2 ? MAR-MAY sun 2030-2040)", "2030-03-31 02:00"),
        # What depends on the month could be any day.
        ("cron(0 2 L * ? *)", "2027-03-28 02:00"),
        ("cron(0 2 ? * 1L *)", "2027-03-28 02:00"),
        ("cron(0 2 ? * SUN#4 *)", "2027-03-28 02:00"),
        ("cron(0 2 15W * ? *)", "2027-03-28 02:00"),
        ("cron(0 1/1 * * ? *)", "2027-03-28 02:00"),
        ("at(2027-03-28T02:00:00)", "2027-03-28 02:00"),
        ("at(2027-03-28T02:30:00)", "2027-03-28 02:30"),
    ],
)
def test_finds_the_next_time_that_does_not_exist(expression, time):
    assert skipped(expression) == datetime.fromisoformat(time)


@pytest.mark.parametrize(
    "expression",
    [
        *("cron(59 1 * * ? *)", "cron(0 3 * * ? *)", "cron(0 3-23 * * ? *)", "cron(0 1/2 * * ? *)"),
        # An hour later it runs again.
        *("cron(0 * * * ? *)", "cron(*/5 0-23 * * ? *)", "cron(0 */1 * * ? *)"),
        *(
            "cron(0 2 ? * MON-SAT *)",
            "cron(0 2 ? * 2,7 *)",
            "cron(0 2 ? * mon *)",
            "cron(0 2 1 * ? *)",
            "cron(0 2 ? 10 * *)",
        ),
        *("cron(0 2 28 3 ? 2028)", "cron(0 2 * * ? 2020-2026)", "cron(0 2 * *)"),
        *("rate(1 hour)", "at(2027-03-28T03:00:00)", "at(2027-03-29T02:30:00)", "at(tomorrow)", "${Token[TOKEN.1]}"),
    ],
)
def test_finds_no_time_that_exists(expression):
    assert skipped(expression) is None


@pytest.mark.parametrize(
    ("zone", "expression", "time"),
    [
        ("America/New_York", "cron(30 2 * * ? *)", "2027-03-14 02:30"),
        ("Australia/Lord_Howe", "cron(0 2 * * ? *)", "2027-10-03 02:00"),
        ("Africa/Cairo", "cron(30 0 * * ? *)", "2027-04-30 00:30"),
    ],
)
def test_knows_the_rules_of_a_time_zone(zone, expression, time):
    assert skipped(expression, zone) == datetime.fromisoformat(time)


@pytest.mark.parametrize("zone", ["Etc/UTC", "Asia/Tokyo", "America/Mexico_City", "America/Sao_Paulo"])
def test_finds_nothing_where_clocks_no_longer_change(zone):
    assert skipped("cron(0 2 * * ? *)", zone) is None


def test_lord_howe_skips_half_an_hour():
    assert skipped("cron(30 2 * * ? *)", "Australia/Lord_Howe") is None


def test_only_while_the_schedule_lasts():
    zone = ZoneInfo("Europe/Zurich")
    nightly = "cron(0 2 * * ? *)"
    assert skipped(nightly, end=datetime(2027, 3, 27, tzinfo=zone)) is None
    assert skipped(nightly, end=datetime(2027, 3, 28, 12, tzinfo=zone)) == datetime(2027, 3, 28, 2)
    assert skipped(nightly, start=datetime(2027, 3, 28, 12, tzinfo=zone)) == datetime(2028, 3, 26, 2)
    assert skipped(nightly, start=datetime(2027, 4, 1, tzinfo=zone), end=datetime(2027, 12, 1, tzinfo=zone)) is None
