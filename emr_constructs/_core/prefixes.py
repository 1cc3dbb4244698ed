"""Prefixes of S3 keys that represent a folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .patterns import regex
from .unknown import literal_part

__all__ = ["as_folder", "names_many", "prefix_errors"]

# Wildcards and variables of IAM policies.
_WILDCARD: Final = regex(r"[*?]|\$\{")


def as_folder(prefix: str) -> str:
    """Return ``prefix`` with a slash at its end, unless it is empty or ends with a token."""
    return prefix if not prefix or prefix.endswith(("/", "]}")) else f"{prefix}/"


def names_many(text: str) -> bool:
    """Return whether ``text`` is a pattern in an IAM policy.

    Tokens of CDK are no patterns.
    """
    return _WILDCARD.search(literal_part(text)) is not None


def prefix_errors(name: str, prefix: str, *, example: str, is_optional: bool = False) -> Iterator[str]:
    """Return the errors of ``prefix`` if it isn't a folder, or is a pattern in the policies that allow writing to it.

    :param name: the name of the argument.
    :param is_optional: whether ``prefix`` can be empty. Default: false.
    """
    if prefix.startswith("/") or "://" in prefix or not (prefix or is_optional):
        yield f"{name} must name a folder and not begin with '/', got {prefix!r}; use a prefix such as {example!r}"
    elif names_many(prefix):
        yield (
            f"{name} must not contain '*', '?' or '${{', which are wildcards or variables in IAM policies, got "
            f"{prefix!r}; use a prefix such as {example!r}"
        )
