"""Follows paths such as ``Steps[0].Name`` in a value; keys can have dots, as Spark's settings do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from .._core.patterns import regex

__all__ = ["closest", "last_name"]

_FEW: Final = 50
_CUT: Final = regex(r"[.\[]")
_INDEX: Final = regex(r"\[(\d{1,9})\]")


def closest(root: object, path: str) -> str:
    """The place of what ``path`` leads to in ``root``, or of its closest parent that exists."""
    end = 0
    for _, end in _names(root, path):  # noqa: B007  (the last one counts)
        pass
    return path[:end]


def last_name(root: object, path: str) -> str:
    """The last name in ``path``, with the indexes after it: ``Steps[0]``."""
    start = 0
    for start, end in _names(root, path):  # noqa: B007
        pass
    return path[start:]


def _names(value: object, path: str) -> Iterator[tuple[int, int]]:
    """Where each name in ``path``, and each index after it, begins and ends; an index begins where its name does."""
    start = end = first = 0
    cuts = [*(cut.start() for cut in _CUT.finditer(path)), len(path)]
    while end < len(path):
        if isinstance(value, list | tuple):
            match = _INDEX.match(path, end)
            if match is None or int(match[1]) >= len(value):
                return
            value, end = value[int(match[1])], match.end()
        elif isinstance(value, Mapping):
            at = end + (path[end] == ".")
            while first < len(cuts) and cuts[first] <= at:
                first += 1
            key = _key(value, path, at, cuts[first:] or [at])
            if key is None:
                return
            value, start, end = value[key], at, at + len(key)
        else:
            return
        yield start, end


def _key(value: Mapping[object, object], path: str, at: int, ends: list[int]) -> str | None:
    """The longest key of ``value`` that ``path`` has at a position, whichever way of finding it is faster.

    :param ends: where it can end.
    """
    if len(ends) <= _FEW or len(value) > _FEW * len(ends):
        for end in reversed(ends):
            if path[at:end] in value:
                return path[at:end]
        return None
    known = frozenset(ends)
    keys = (key for key in value if isinstance(key, str) and at + len(key) in known and path.startswith(key, at))
    return max(keys, key=len, default=None)
