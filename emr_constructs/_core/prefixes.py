"""Prefixes of S3 keys that represent a folder."""

from __future__ import annotations

from collections.abc import Iterator

from .unknown import is_unknown

__all__ = ["prefix_errors"]


def prefix_errors(name: str, prefix: str, *, example: str, is_optional: bool = False) -> Iterator[str]:
    """Return an error if ``prefix`` isn't a folder.

    :param name: the name of the argument.
    :param is_optional: whether ``prefix`` can be empty. Default: false.
    """
    if is_unknown(prefix) or (is_optional and not prefix):
        return
    if prefix.startswith("/") or not prefix.endswith("/"):
        yield f"{name} must end with '/' and not begin with it, got {prefix!r}; use a prefix such as {example!r}"
