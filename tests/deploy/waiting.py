"""Waits for what AWS does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

ENDED: Final = ("TERMINATED", "TERMINATED_WITH_ERRORS")
"""The states of a cluster that has ended."""

Value = TypeVar("Value")


def wait_until(condition: Callable[[], Value], what: str, *, seconds: float, pause: float) -> Value:
    """Return the first value of ``condition`` that is true.

    :param what: what doesn't happen in time, for the message.
    :raises TimeoutError: it is still false after ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} after {seconds:.0f} seconds")
        time.sleep(pause)
    return found
