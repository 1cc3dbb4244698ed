"""Prefixes of S3 keys that represent a folder."""

from __future__ import annotations

from collections.abc import Iterator

from .unknown import is_unknown

__all__ = ["as_folder", "prefix_errors"]


def as_folder(prefix: str) -> str:
    """Return ``prefix`` with a slash at its end, unless it is empty or ends with a token."""
    return prefix if not prefix or prefix.endswith(("/", "]}")) else f"{prefix}/"


def prefix_errors(name: str, prefix: str, *, example: str, is_optional: bool = False) -> Iterator[str]:
    """Return an error if ``prefix`` isn't a folder.

    :param name: the name of the argument.
    :param is_optional: whether ``prefix`` can be empty. Default: false.
    """
    if is_unknown(prefix) or (is_optional and not prefix):
        return
    if not prefix or prefix.startswith("/") or "://" in prefix:
        yield f"{name} must name a folder and not begin with '/', got {prefix!r}; use a prefix such as {example!r}"
