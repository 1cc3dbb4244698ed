"""Arguments that can't be combined."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["combination_errors"]


def combination_errors(**arguments: str | bool | None) -> Iterator[str]:
    """Return an error for each argument that has a conflict.

    :param arguments: by name, what the argument conflicts with; false or None if it doesn't.
    """
    for name, conflict in arguments.items():
        if conflict:
            yield f"{name} can't be combined with {conflict}; remove one of them"
