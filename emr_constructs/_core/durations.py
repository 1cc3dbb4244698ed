"""Durations as EMR and the applications on it read them: whole seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import EmrError
from .types import DURATION, implements

if TYPE_CHECKING:
    from aws_cdk import Duration

__all__ = ["whole_seconds"]


def whole_seconds(what: str, duration: Duration) -> int:
    """The seconds of ``duration``.

    :param what: what lasts so long, for the message.
    :raises EmrError: it is no duration, or its seconds are not whole, or only known at deployment.
    """
    if not implements(duration, DURATION.member):
        raise EmrError(f"{what} is {duration!r}; give {DURATION.described}")
    if duration.is_unresolved():
        raise EmrError(f"{what} is only known at deployment; give a Duration of a plain number")
    seconds = duration.to_milliseconds() / 1000
    if seconds != int(seconds):
        raise EmrError(f"{what} is {seconds} seconds; use whole seconds")
    return int(seconds)
