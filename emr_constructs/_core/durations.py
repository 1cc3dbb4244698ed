"""Durations in whole seconds, as EMR and applications require them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from .errors import EmrError
from .types import DURATION, check_types

if TYPE_CHECKING:
    from aws_cdk import Duration

__all__ = ["whole_seconds"]


def whole_seconds(what: str, duration: Duration) -> int:
    """Return the seconds of ``duration``.

    :param what: the name of the parameter, for the message.
    :raises EmrError: the duration is only known at deployment, or isn't a whole number of seconds.
    """
    check_types(None, **{what: (duration, DURATION)})
    if duration.is_unresolved():
        raise EmrError(f"{what} must be known at synth time, got a token; use a cdk.Duration of a plain number")
    seconds = duration.to_milliseconds() / 1000
    if seconds != int(seconds):
        fix = f"use cdk.Duration.seconds({ceil(seconds)})"
        raise EmrError(f"{what} must be a whole number of seconds, got {seconds} seconds; {fix}")
    return int(seconds)
