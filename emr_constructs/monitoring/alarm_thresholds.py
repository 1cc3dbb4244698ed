"""Thresholds of alarms: value, duration and description.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from sys import float_info
from typing import Any, Final

from .._core.types import shown
from .._core.unknown import is_unknown
from .._core.values import value_class

__all__ = ["DAY", "PERIOD", "Threshold"]

PERIOD: Final = 5
"""Minutes between two datapoints of an EMR metric, and the period of every alarm."""

DAY: Final = 24 * 60
"""Minutes that the periods of an alarm can have together."""


@value_class(kw_only=True)
class Threshold:
    """The highest or lowest value of a metric without an alarm, and the duration."""

    name: str
    """The ID of the alarm."""

    metric: str
    """The name of the EMR metric."""

    statistic: str = "Average"

    increases: bool = False
    """Whether the threshold is about the increase of a counter: see ``ClusterMetrics.increase``."""

    description: str
    """With ``{threshold}``, ``{more}`` (more than the threshold) and ``{minutes}``."""

    at_zero: str = ""
    """The description for a threshold of 0. Default: ``description``."""

    parameter: str = ""
    """The parameter that sets the threshold, or the time if it ends with ``_for``. Default: both are fixed."""

    above: Any = None
    below: Any = None
    bounds: tuple[float, float] = (0, math.inf)
    minutes: Any = PERIOD
    """As ``above`` and ``below``, a number or None; a mapping of severities to them before ``by_severity``."""

    severity: str | None = None
    """Part of the description. Default: the alarm has none."""

    base_name: str = ""
    """The name of the alarm without its severity. Default: ``name``."""

    breaches_without_data: bool = False
    """Whether the alarm is in ALARM, rather than OK, while there are no datapoints."""

    @property
    def is_above(self) -> bool:
        """Whether values above the threshold raise the alarm, rather than those below."""
        return self.above is not None

    @property
    def value(self) -> float | None:
        """The threshold, or None if the alarm is disabled."""
        if self.minutes is None:
            return None
        found: float | None = self.above if self.is_above else self.below
        return found

    def problems(self) -> Iterator[str]:
        """Validate the parameter."""
        lowest, highest = self.bounds
        value, minutes = self.value, self.minutes
        if value is None or minutes is None:
            return
        if is_unknown(value):
            yield (
                f"{self.parameter} must be known at synth time, got a token; specify a number, which the description "
                "of the alarm shows"
            )
        elif not lowest <= value <= min(highest, float_info.max):
            expected = f"{lowest:g} or more" if math.isinf(highest) else f"between {lowest:g} and {highest:g}"
            got = f"{value:g}" if isinstance(value, float) or abs(value) <= float_info.max else shown(value)
            yield f"{self.parameter} must be {expected}, got {got}; specify a {self._unit}"
        if minutes % PERIOD or not PERIOD <= minutes <= DAY:
            yield (
                f"{self.parameter} must be a multiple of 5 minutes, up to 1 day, got {minutes:g} minutes; specify a "
                "value such as Duration.minutes(30)"
            )

    def describe(self, runbook_url: str | None = None) -> str:
        """Return the description of the alarm, with its severity and the address of the runbook."""
        threshold = self.value
        assert threshold is not None
        more = {0: "One or more", 1: "Two or more"}.get(math.floor(threshold), f"More than {threshold:g}")
        text = self.at_zero if self.at_zero and threshold == 0 else self.description
        parts = [text.format(threshold=f"{threshold:g}", more=more, minutes=f"{self.minutes:g}")]
        if self.severity is not None:
            parts.append(f"Severity: {self.severity}.")
        if runbook_url is not None:
            parts.append(f"Runbook: {runbook_url.replace('{alarm}', self.base_name or self.name)}")
        return " ".join(parts)

    @property
    def _unit(self) -> str:
        return "percentage" if self.bounds[1] == 100 else "number of nodes" if self.below else "count"
