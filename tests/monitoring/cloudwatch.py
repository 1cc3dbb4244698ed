"""What CloudWatch says of a rendered alarm: datapoints, metric math, M out of N, and missing data.

The rules are those of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html and of
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, whose tables are tests.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

Series = Mapping[int, float]
"""The value that is published at a minute."""

# CloudWatch retrieves more datapoints than it evaluates; the tables of its page retrieve 5 where 3 are evaluated.
MORE = 2
STATISTICS = {"Average": fmean, "Maximum": max, "Minimum": min, "Sum": sum}
COMPARISONS = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def state(alarm: Mapping[str, Any], datapoints: Sequence[float | None]) -> str:
    """The state of an alarm that retrieved ``datapoints``, oldest first; None is one that is missing."""
    breaches = COMPARISONS[alarm["ComparisonOperator"]]
    evaluated = alarm["EvaluationPeriods"]
    existing = [value for value in datapoints if value is not None][-evaluated:]
    missing = {"breaching": 1, "notBreaching": 0}[alarm["TreatMissingData"]] * (evaluated - len(existing))
    breaching = sum(breaches(value, alarm["Threshold"]) for value in existing) + missing
    return "ALARM" if breaching >= alarm.get("DatapointsToAlarm", evaluated) else "OK"


def states(alarm: Mapping[str, Any], metrics: Mapping[str, Series], *, until: int) -> list[str]:
    """The state of ``alarm`` at the end of each period until a minute."""
    metric_period = alarm["Period"] if "Period" in alarm else _stats(alarm)[0]["Period"]
    minutes = metric_period // 60
    found = []
    for end in range(minutes, until + 1, minutes):
        retrieved = range(end - (alarm["EvaluationPeriods"] + MORE) * minutes, end, minutes)
        found.append(state(alarm, _datapoints(alarm, metrics, retrieved, minutes)))
    return found


def _datapoints(
    alarm: Mapping[str, Any], metrics: Mapping[str, Series], starts: Iterable[int], minutes: int
) -> list[float | None]:
    if "MetricName" in alarm:
        return _statistic(alarm["Statistic"], metrics[alarm["MetricName"]], starts, minutes)
    values: dict[str, list[float | None]] = {}
    for query in reversed(alarm["Metrics"]):
        if "MetricStat" in query:
            stat = query["MetricStat"]
            assert stat["Period"] == minutes * 60
            values[query["Id"]] = _statistic(stat["Stat"], metrics[stat["Metric"]["MetricName"]], starts, minutes)
        else:
            found = re.fullmatch(r"DIFF\((\w+)\)", query["Expression"])
            assert found, query
            values[query["Id"]] = _differences(values[found[1]])
    (returned,) = (query["Id"] for query in alarm["Metrics"] if query["ReturnData"])
    return values[returned]


def _stats(alarm: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [query["MetricStat"] for query in alarm["Metrics"] if "MetricStat" in query]


def _statistic(name: str, series: Series, starts: Iterable[int], minutes: int) -> list[float | None]:
    periods = [[series[minute] for minute in range(start, start + minutes) if minute in series] for start in starts]
    return [STATISTICS[name](values) if values else None for values in periods]


def _differences(values: Sequence[float | None]) -> list[float | None]:
    """The difference to the value before, which the first one does not have."""
    found: list[float | None] = []
    before = None
    for value in values:
        found.append(None if value is None or before is None else value - before)
        before = before if value is None else value
    return found
