"""Prints durations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .code import Call, Code, Literal

if TYPE_CHECKING:
    from .context import Context

__all__ = ["SECONDS", "duration", "known_duration"]

SECONDS: Final = {"days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
"""The units of ``cdk.Duration``, from the largest to the smallest, in seconds."""


def duration(seconds: Any, context: Context) -> Code:
    """Return a ``cdk.Duration`` of seconds, which can be a reference."""
    if type(seconds) is int and seconds > 0:
        return known_duration(seconds)
    return Call("cdk.Duration.seconds", (context.value(seconds),))


def known_duration(seconds: int) -> Call:
    """Return a ``cdk.Duration`` of whole seconds, in the largest unit."""
    unit = next(unit for unit, size in SECONDS.items() if seconds % size == 0)
    return Call(f"cdk.Duration.{unit}", (Literal(seconds // SECONDS[unit]),))
