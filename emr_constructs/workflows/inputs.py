r"""Inputs of a job: parameters of the executions of a ``TransientCluster``.

    day = JobInput.date("day", days_before=1, time_zone=cdk.TimeZone.EUROPE_ZURICH)
    table = JobInput.text("table", default="orders", pattern="[a-z_]+")
    nodes = JobInput.number("core_nodes", default=2, minimum=1, maximum=20)

``Step.spark("Import", script=script, args=["--date", day.value, table.value])`` and ``InstanceGroup("r7g.2xlarge",
nodes.value)`` use the values of the execution input ``{"day": "2026-11-23", "table": "returns", "core_nodes": 8}``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from .._core.errors import EmrError
from .._core.input_values import inputs_in, number_of_input, text_of_input
from .._core.types import Interface, check_types, shown
from .._core.unknown import is_unknown, literal_part
from .._core.values import value_class
from .dates import INSTANT, day_before, is_date, is_no_date, zone_table
from .patterns import END, UnsupportedPatternError, portable

if TYPE_CHECKING:
    import aws_cdk as cdk

__all__ = ["DateInput", "JobInput", "TextInput", "WholeNumberInput"]

_TIME_ZONE: Final = Interface("a cdk.TimeZone", "timezone_name", example="cdk.TimeZone.EUROPE_ZURICH")
_KEYWORDS: Final = ("and", "false", "in", "null", "or", "true")
_MOST_DAYS: Final = 3650
# EventBridge Scheduler replaces attributes that begin so.
_ATTRIBUTE: Final = "<aws.scheduler."


@value_class
class JobInput:
    """A parameter of a job: ``text``, ``number`` or ``date``; created with one of the factories."""

    name: str
    """The name in the input of an execution."""

    def __post_init__(self) -> None:
        if type(self) is JobInput:
            raise EmrError(
                "JobInput must be created with a factory; use JobInput.text(...), JobInput.number(...) or "
                "JobInput.date(...)"
            )
        check_types(name=(self.name, str))
        if not isinstance(self.name, str) or not re.fullmatch(r"[A-Za-z]\w{0,63}", self.name, re.ASCII):
            raise EmrError(
                "the name of an input must have 1 to 64 letters, digits and underscores and begin with a letter, got "
                f"{shown(self.name)}; use a name such as 'day'"
            )
        if self.name in _KEYWORDS:
            raise EmrError(f"the name of an input can't be a keyword of JSONata, got {self.name!r}; use another name")

    @staticmethod
    def text(name: str, *, default: str | None = None, pattern: str | None = None) -> TextInput:
        r"""Create a text input, for an argument of a step or a part of it.

        :param name: the key in the input of the execution.
        :param default: the text if the execution input has none. Default: the input is required.
        :param pattern: a regular expression that the whole text must match, such as ``[a-z]+-[0-9]{4}``. ``\d``,
            ``\w`` and ``\s`` stand for ASCII characters. Flags, named, atomic and possessive parts, lookbehind and
            references to groups are not supported. Default: any text.
        :raises EmrError: an argument is out of range, or the default does not match the pattern.
        """
        return TextInput(name, default, pattern)

    @staticmethod
    def number(
        name: str, *, default: int | None = None, minimum: int | None = None, maximum: int | None = None
    ) -> WholeNumberInput:
        """Create an integer input, for example for an instance count.

        :param name: the key in the input of the execution.
        :param default: the number if the execution input has none. Default: the input is required.
        :param minimum: the lowest number. Default: any.
        :param maximum: the highest number. Default: any.
        :raises EmrError: an argument is out of range, or the numbers contradict each other.
        """
        return WholeNumberInput(name, default, minimum, maximum)

    @staticmethod
    def date(
        name: str,
        *,
        days_before: int | None = None,
        time_zone: cdk.TimeZone | None = None,
        required: bool = False,
    ) -> DateInput:
        """Create a date input such as ``2026-11-23``; by default, the previous day.

        If the execution input has no date, the date follows from the scheduled time of its ``Schedule``, even if
        the execution starts late, or without a schedule from its start time. To process another day, start an execution
        with ``{"<name>": "<date>"}``.

        :param name: the key in the input of the execution.
        :param days_before: the number of days before the scheduled one, 0 to 3650. Default: 1, the last complete day.
        :param time_zone: the time zone of the date, which must be that of the schedule. Its rules until 2050 are part
            of the state machine. Required unless ``required`` is true.
        :param required: whether each execution input must contain the date. Default: false.
        :raises EmrError: an argument is out of range, or has no effect.
        """
        return DateInput(name, days_before, time_zone, False if required is None else required)

    @property
    def is_required(self) -> bool:
        """Whether each execution input must contain the value."""
        raise NotImplementedError

    @property
    def expectation(self) -> str:
        """The condition that a value must meet, in words."""
        raise NotImplementedError

    def _accepts(self, value: object) -> bool:
        """Return whether ``value`` is valid."""
        raise NotImplementedError

    def _rejects(self, given: str) -> str:
        """Return the JSONata expression that is true if ``given`` is invalid."""
        raise NotImplementedError

    def _fallback(self) -> str:
        """Return the JSONata expression for the value if the execution input has none."""
        raise NotImplementedError


@value_class
class TextInput(JobInput):
    """A text input."""

    default: str | None
    pattern: str | None

    def __post_init__(self) -> None:
        JobInput.__post_init__(self)
        check_types(default=(self.default, str, None), pattern=(self.pattern, str, None))
        title = f"of the input {self.name!r}"
        if inputs := inputs_in(self.default):
            raise EmrError(
                f"the default {title} can't be the value of another input, got that of {inputs[0]!r}; use text"
            )
        if isinstance(self.default, float):
            raise EmrError(f"the default {title} must be text, got a number token; use text")
        if self.pattern is None:
            return
        if not isinstance(self.pattern, str) or literal_part(self.pattern) != self.pattern:
            raise EmrError(f"the pattern {title} must be known at synth time, got a token; use text")
        try:
            portable(self.pattern)
        except UnsupportedPatternError as error:
            raise EmrError(
                f"the pattern {title} must be a regular expression that JSONata supports, got {self.pattern!r}: "
                f"{error}; correct the pattern"
            ) from None
        if self.default is not None and not self._accepts(self.default):
            raise EmrError(
                f"the default {title} must be {self.expectation}, got {self.default!r}; use a default that matches"
            )

    @property
    def value(self) -> str:
        """A token for the text, for workflows and cluster definitions."""
        return text_of_input(self.name)

    @property
    def is_required(self) -> bool:
        return self.default is None

    @property
    def expectation(self) -> str:
        return "text" if self.pattern is None else f"text that matches {self.pattern}"

    def _accepts(self, value: object) -> bool:
        if not isinstance(value, str):
            return False
        if self.pattern is None or is_unknown(value) or _ATTRIBUTE in value:
            return True
        return re.fullmatch(portable(self.pattern), value, re.ASCII) is not None

    def _rejects(self, given: str) -> str:
        other = f'$type({given}) != "string"'
        if self.pattern is None:
            return other
        return f"{other} ? true : $not($contains({given}, /^(?:{portable(self.pattern)}){END}/))"

    def _fallback(self) -> str:
        return json.dumps(self.default)


@value_class
class DateInput(JobInput):
    """A date input, whose default follows from the scheduled time."""

    days_before: int | None
    time_zone: cdk.TimeZone | None
    required: bool

    def __post_init__(self) -> None:
        JobInput.__post_init__(self)
        check_types(
            days_before=(self.days_before, int, None),
            time_zone=(self.time_zone, _TIME_ZONE, None),
            required=(self.required, bool),
        )
        title = f"of the input {self.name!r}"
        if self.required:
            without_effect = {"days_before": self.days_before, "time_zone": self.time_zone}
            problems = [
                f"{name} {title} has no effect, because the input is required; remove {name} or required"
                for name, value in without_effect.items()
                if value is not None
            ]
            if problems:
                raise EmrError(problems)
            return
        if self.time_zone is None:
            raise EmrError(
                f"time_zone {title} must be specified; pass the time zone of the schedule, such as "
                "cdk.TimeZone.EUROPE_ZURICH, or required=True if each execution gets a date"
            )
        if is_unknown(self.days_before) or not 0 <= self._days <= _MOST_DAYS:
            got = "a token" if is_unknown(self.days_before) else self.days_before
            raise EmrError(f"days_before {title} must be 0 to {_MOST_DAYS}, got {got}; use 1 for the last complete day")
        zone_table(self.zone)

    @property
    def _days(self) -> int:
        return 1 if self.days_before is None else self.days_before

    @property
    def zone(self) -> str:
        """The name of the time zone; empty if the date is required."""
        return "" if self.time_zone is None else self.time_zone.timezone_name

    @property
    def value(self) -> str:
        """A token for the date as text, for workflows and cluster definitions."""
        return text_of_input(self.name)

    @property
    def is_required(self) -> bool:
        return self.required

    @property
    def expectation(self) -> str:
        return "a calendar date such as 2026-11-23"

    def _accepts(self, value: object) -> bool:
        return isinstance(value, str) and (is_unknown(value) or is_date(value))

    def _rejects(self, given: str) -> str:
        return f'$type({given}) != "string" ? true : {is_no_date(given)}'

    def _fallback(self) -> str:
        return "null" if self.required else day_before(INSTANT, self.zone, self._days)


@value_class
class WholeNumberInput(JobInput):
    """An integer input."""

    default: int | None
    minimum: int | None
    maximum: int | None

    def __post_init__(self) -> None:
        JobInput.__post_init__(self)
        numbers = {"default": self.default, "minimum": self.minimum, "maximum": self.maximum}
        check_types(**{name: (number, int, None) for name, number in numbers.items()})
        title = f"of the input {self.name!r}"
        if tokens := [name for name, number in numbers.items() if is_unknown(number)]:
            raise EmrError(f"the {tokens[0]} {title} must be known at synth time, got a token; use a plain number")
        lowest, highest = self.minimum, self.maximum
        if lowest is not None and highest is not None and lowest > highest:
            raise EmrError(f"the minimum {title} must be at most the maximum, got {lowest} and {highest}; swap them")
        if self.default is not None and not self._accepts(self.default):
            raise EmrError(
                f"the default {title} must be {self.expectation}, got {self.default}; use a default that matches"
            )

    @property
    def value(self) -> int:
        """A token for the number, for workflows and cluster definitions."""
        return number_of_input(self.name)

    @property
    def is_required(self) -> bool:
        return self.default is None

    @property
    def expectation(self) -> str:
        match self.minimum, self.maximum:
            case None, None:
                return "a whole number"
            case lowest, None:
                return f"a whole number of {lowest} or more"
            case None, highest:
                return f"a whole number of {highest} or less"
            case lowest, highest:
                return f"a whole number from {lowest} to {highest}"

    def _accepts(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if is_unknown(value):
            return True
        lowest = value if self.minimum is None else self.minimum
        highest = value if self.maximum is None else self.maximum
        return value % 1 == 0 and lowest <= value <= highest

    def _rejects(self, given: str) -> str:
        bounds = [f"{given} != $floor({given})"]
        if self.minimum is not None:
            bounds.append(f"{given} < {self.minimum}")
        if self.maximum is not None:
            bounds.append(f"{given} > {self.maximum}")
        return f'$type({given}) != "number" ? true : ({" or ".join(bounds)})'

    def _fallback(self) -> str:
        return json.dumps(self.default)
