"""The evaluation of alarms is that of CloudWatch's documentation, and tells a bad alarm from a good one."""

from __future__ import annotations

import pytest

from tests.monitoring.cloudwatch import state, states

ABOVE = {"ComparisonOperator": "GreaterThanThreshold", "Threshold": 0, "EvaluationPeriods": 3}
VALUES = {"0": 0, "X": 1, "-": None}


# The tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
@pytest.mark.parametrize(
    ("datapoints_to_alarm", "retrieved", "breaching", "not_breaching"),
    [
        (3, "0-X-X", "OK", "OK"),
        (3, "0----", "OK", "OK"),
        (3, "-----", "ALARM", "OK"),
        (3, "0XX-X", "ALARM", "ALARM"),
        (3, "----X", "ALARM", "OK"),
        (3, "X----", "ALARM", "OK"),
        (2, "0-X-X", "ALARM", "ALARM"),
        (2, "00X0X", "ALARM", "ALARM"),
        (2, "0-X--", "ALARM", "OK"),
        (2, "----0", "ALARM", "OK"),
        (2, "----X", "ALARM", "OK"),
    ],
)
def test_missing_data_is_treated_as_documented(datapoints_to_alarm, retrieved, breaching, not_breaching):
    values = [VALUES[point] for point in retrieved]
    for treatment, expected in (("breaching", breaching), ("notBreaching", not_breaching)):
        alarm = {**ABOVE, "DatapointsToAlarm": datapoints_to_alarm, "TreatMissingData": treatment}
        assert state(alarm, values) == expected, treatment


def test_a_counter_without_a_difference_never_returns_to_ok():
    """The alarms of version 0.1 were such: one failed application kept them in ALARM until YARN restarted."""
    metric = {"MetricName": "AppsFailed", "Statistic": "Sum", "Period": 300}
    alarm = {**ABOVE, **metric, "EvaluationPeriods": 1, "TreatMissingData": "notBreaching"}
    counter = {minute: int(minute >= 10) for minute in range(0, 60, 5)}
    assert states(alarm, {"AppsFailed": counter}, until=60) == ["OK"] * 2 + ["ALARM"] * 10


def test_a_difference_has_no_first_point_and_skips_gaps():
    stat = {"Metric": {"MetricName": "AppsFailed"}, "Period": 300, "Stat": "Maximum"}
    alarm = {
        **ABOVE,
        "EvaluationPeriods": 1,
        "TreatMissingData": "notBreaching",
        "Metrics": [
            {"Id": "difference", "Expression": "DIFF(counter)", "ReturnData": True},
            {"Id": "counter", "MetricStat": stat, "ReturnData": False},
        ],
    }
    assert states(alarm, {"AppsFailed": {0: 3, 5: 3, 15: 4, 20: 4}}, until=25) == ["OK", "OK", "OK", "ALARM", "OK"]
