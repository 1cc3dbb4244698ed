"""Arguments that decide what is created or checked, so that they must be known at synth time."""

from __future__ import annotations

from .errors import EmrError
from .unknown import is_unknown

__all__ = ["require_known"]


def require_known(what: str, value: object, fix: str = "use a plain string") -> None:
    """Raise ``EmrError`` if ``value``, which ``what`` names, is a token."""
    if is_unknown(value):
        raise EmrError(f"{what} must be known at synth time, got a token; {fix}, such as an argument of the stack")
