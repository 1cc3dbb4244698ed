"""Durations in whole seconds, as EMR and applications require them, and amounts of tokens."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

from .errors import EmrError
from .types import DURATION, check_types, implements

if TYPE_CHECKING:
    from aws_cdk import Duration

__all__ = ["in_unit", "whole_seconds"]

_UNITS: Final = {
    "gib": ("GiB", "to_gibibytes", 1),
    "mib": ("MiB", "to_mebibytes", 1),
    "mibps": ("MiB/s", "to_mebibytes", 1),
    "seconds": ("seconds", "to_milliseconds", 1000),
    "minutes": ("minutes", "to_milliseconds", 60_000),
    "hours": ("hours", "to_milliseconds", 3_600_000),
    "days": ("days", "to_milliseconds", 86_400_000),
}
"""By suffix of an argument: its unit, the method that converts to it, and the divisor of the result."""

_FACTORIES: Final = {"GiB": ("Size", "gibibytes"), "MiB": ("Size", "mebibytes"), "MiB/s": ("Size", "mebibytes")}
"""By unit: the class and the name of its factory. The others are those of ``Duration``."""


def whole_seconds(
    what: str, duration: Duration, *, accepts_tokens: bool = False, minimum: int = 0, maximum: int | None = None
) -> int:
    """Return the seconds of ``duration``.

    :param what: the name of the parameter, for the message.
    :param accepts_tokens: whether the result can be a number token. Default: false.
    :param minimum: the least number of seconds. Default: 0.
    :param maximum: the greatest number of seconds. Default: no limit.
    :raises EmrError: the duration isn't a whole number of seconds or outside the limits, or it is a token that isn't
        accepted or isn't in seconds.
    """
    check_types(None, **{what: (duration, DURATION)})
    if duration.is_unresolved():
        if accepts_tokens:
            return _amount_of_token(what, duration, "seconds")
        raise EmrError(f"{what} must be known at synth time, got a token; use a cdk.Duration of a plain number")
    seconds = duration.to_milliseconds() / 1000
    if seconds != int(seconds):
        fix = f"use cdk.Duration.seconds({ceil(seconds)})"
        raise EmrError(f"{what} must be a whole number of seconds, got {seconds} seconds; {fix}")
    if seconds < minimum:
        raise EmrError(f"{what} must be at least {minimum} s, got {seconds:g} s; use a longer duration")
    if maximum is not None and seconds > maximum:
        raise EmrError(f"{what} must be at most {maximum} s, got {seconds:.0f} s; use a shorter duration")
    return int(seconds)


def in_unit(name: str, value: object) -> object:
    """Return a size or duration as a whole number of the unit in ``name``."""
    unit, method, divisor = _UNITS.get(name.rpartition("_")[2], ("", "", 1))
    if not method or not implements(value, method) or isinstance(value, type):
        return value
    if value.is_unresolved():  # type: ignore[attr-defined]
        return _amount_of_token(name, value, unit)
    if divisor == 1:
        from aws_cdk import SizeRoundingBehavior

        amount = getattr(value, method)(rounding=SizeRoundingBehavior.NONE)
    else:
        amount = getattr(value, method)() / divisor
    if amount != int(amount):
        raise EmrError(f"{name} must be a whole number of {unit}, got {amount:g}; use {ceil(amount)}")
    return int(amount)


def _amount_of_token(what: str, amount: Any, unit: str) -> int:
    """Return the number token of ``amount``, a duration or size that is a token.

    CloudFormation can't convert units.

    :raises EmrError: the token isn't in ``unit``.
    """
    kind, factory = _FACTORIES.get(unit, ("Duration", unit))
    is_duration = implements(amount, "unit_label")
    if is_duration == (kind == "Duration") and (not is_duration or amount.unit_label() == unit):
        try:
            number: int = getattr(amount, f"to_{factory}")()
        except RuntimeError:
            # CDK doesn't expose the unit of a size.
            pass
        else:
            return number
    raise EmrError(
        f"{what} must be in {unit} if it is a token, because CloudFormation can't convert units, got another unit; "
        f"use cdk.{kind}.{factory}(...)"
    )
