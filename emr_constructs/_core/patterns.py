"""Regular expressions that are compiled when they are first used.

Most rules never see a value that they match, so compiling all of their patterns would take longer than the checks of a
cluster.
"""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["regex"]


class _Lazy:
    """A pattern with the methods of ``re.Pattern``."""

    def __init__(self, text: str, flags: int) -> None:
        self._source = text, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(*self._source), name)
        # The next access finds it without this method.
        setattr(self, name, found)
        return found


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what ``re.compile`` does, compiled on first use."""
    return cast("re.Pattern[str]", _Lazy(text, flags))
