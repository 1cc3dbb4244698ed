"""The known name that an unknown name most likely stands for."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["nearest"]


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The one of ``known`` that is most like ``name``, whatever their case; None if none is alike.

    :param cutoff: how much alike they must be, from 0 to 1.
    """
    # Loaded only for a wrong name.
    from difflib import get_close_matches

    written = {other.lower(): other for other in known}
    found = get_close_matches(name.lower(), written, n=1, cutoff=cutoff)
    return written[found[0]] if found else None
