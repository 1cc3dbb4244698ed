"""The support of releases: the data, and the rule that judges by a day."""

from __future__ import annotations

from datetime import date

import pytest

from emr_constructs.data import load
from emr_constructs.rules import check
from emr_constructs.rules.lifecycles import AGE, Support, data_date, judged_on, lifecycle, newest_supported
from emr_constructs.rules.releases import known_labels
from tests.rules.cases.parts import cluster

ROWS = load("lifecycles.json")["releases"]


def found(label, day=None):
    if day is None:
        findings = check("RunJobFlowInput", cluster(ReleaseLabel=label))
    else:
        with judged_on(day):
            findings = check("RunJobFlowInput", cluster(ReleaseLabel=label))
    return [str(finding) for finding in findings if finding.rule == AGE]


@pytest.mark.parametrize("name", ROWS)
def test_a_row_states_its_dates_in_order_and_where_they_are_from(name):
    row = ROWS[name]
    assert row["basis"] in ("stated", "derived")
    assert row["sources"]
    members = ("released", "standard_support_until", "extended_support_until", "end_of_life")
    dates = [date.fromisoformat(row[member]) for member in members if member in row]
    assert dates == sorted(dates)


def test_every_known_release_has_dates():
    assert [label for label in known_labels() if lifecycle(label) is None] == []


@pytest.mark.parametrize(
    ("label", "support", "extended", "life"),
    [
        ("emr-spark-8.1.0", date(2029, 9, 7), None, date(2029, 9, 8)),
        ("emr-spark-8.0.0", date(2028, 5, 20), None, date(2029, 5, 21)),
        ("emr-7.14.0", date(2028, 9, 8), None, date(2029, 9, 8)),
        ("emr-7.3.0", date(2026, 10, 15), date(2027, 8, 31), date(2028, 8, 31)),
        ("emr-6.15.0", date(2026, 8, 31), date(2027, 6, 30), date(2028, 7, 1)),
        ("emr-5.36.2", date(2026, 8, 31), date(2027, 6, 30), date(2028, 7, 1)),
        ("emr-5.35.0", date(2026, 8, 31), None, date(2027, 9, 1)),
        ("emr-4.9.6", date(2026, 8, 31), None, date(2027, 9, 1)),
    ],
)
def test_dates(label, support, extended, life):
    dates = lifecycle(label)
    assert (dates.standard_support_until, dates.extended_support_until, dates.end_of_life) == (support, extended, life)
    assert dates.is_stated
    assert all(source.startswith("https://docs.aws.amazon.com/emr/latest/ReleaseGuide/") for source in dates.sources)


@pytest.mark.parametrize("label", ["emr-7.99.0", "emr-spark-9.0.0", "latest", ""])
def test_says_nothing_about_a_release_without_dates(label):
    assert lifecycle(label) is None
    assert found(label, date(2099, 1, 1)) == []


def test_a_patch_release_is_not_dated_by_its_minor_version():
    assert lifecycle("emr-6.11.0").released == date(2023, 5, 16)
    assert lifecycle("emr-6.11.1").released is None
    assert lifecycle("emr-6.11.1").end_of_life == lifecycle("emr-6.11.0").end_of_life


def test_the_last_day_of_support_is_supported_and_the_first_of_the_end_is_not():
    dates = lifecycle("emr-7.3.0")
    assert dates.support_on(date(2026, 10, 15)) is Support.STANDARD
    assert dates.support_on(date(2026, 10, 16)) is Support.ENDED
    assert dates.support_on(date(2028, 8, 30)) is Support.ENDED
    assert dates.support_on(date(2028, 8, 31)) is Support.END_OF_LIFE


def test_only_judges_by_a_day():
    assert found("emr-5.20.0") == []
    assert found("emr-5.20.0", data_date())
    # The day is that of the block.
    assert found("emr-5.20.0") == []


@pytest.mark.parametrize(
    ("label", "day", "says"),
    [
        ("emr-7.3.0", date(2026, 10, 15), None),
        ("emr-7.3.0", date(2026, 10, 16), "got emr-7.3.0, whose standard support ended on 2026-10-15 (AWS extends it "
         "on request until 2027-08-31); use emr-7.14.0, or acknowledge this warning"),
        ("emr-7.3.0", date(2027, 8, 31), "(AWS extends it on request until 2027-08-31); use emr-7.14.0"),
        ("emr-7.3.0", date(2027, 9, 1), "got emr-7.3.0, whose standard support ended on 2026-10-15; use emr-7.14.0"),
        ("emr-5.20.0", date(2027, 9, 1), "got emr-5.20.0, which reached its end of life on 2027-09-01; use emr-7.14.0"),
        ("emr-spark-8.0.0", date(2028, 6, 1), "use emr-spark-8.1.0, or acknowledge this warning"),
        ("emr-7.14.0", date(2030, 1, 1), "use a release in standard support, or acknowledge this warning"),
    ],
)  # fmt: skip
def test_names_the_date_and_a_release_to_use(label, day, says):
    messages = found(label, day)
    assert len(messages) == (says is not None)
    assert all(message.startswith("release must be in standard support, ") for message in messages)
    assert all(says in message for message in messages)


def test_the_newest_supported_release_is_of_the_same_line_and_already_released():
    assert newest_supported("emr-7.0.0", date(2026, 1, 1)) == "emr-7.12.0"
    assert newest_supported("emr-7.0.0", data_date()) == "emr-7.14.0"
    assert newest_supported("emr-6.1.0", date(2024, 1, 1)) == "emr-6.15.0"
    assert newest_supported("emr-6.1.0", data_date()) == "emr-7.14.0"
    assert newest_supported("emr-6.1.0", date(2031, 1, 1)) is None
