"""Checks of the arguments of policies."""

from __future__ import annotations

from collections.abc import Sequence

from .._core.errors import EmrError
from .._core.unknown import is_unknown
from ..rules import enforce
from ..rules.releases import Release, parse
from ..rules.volumes import VOLUME_TYPES

__all__ = [
    "release_of",
    "require_number",
    "require_patterns",
    "require_tag_keys",
    "require_texts",
    "require_volume_types",
]


def require_texts(name: str, values: Sequence[str], example: str) -> None:
    """Raise an error if ``values`` has no strings, an empty one, or one that is only known at deployment."""
    problems = [] if values else [f"{name} must have at least one string, got none; use {example}"]
    for at, value in enumerate(values):
        if is_unknown(value):
            problems.append(f"{name}[{at}] must be known at synth time, got a token; use a string such as {example}")
        elif not value.strip():
            problems.append(f"{name}[{at}] must not be empty, got {value!r}; use {example}")
    if problems:
        raise EmrError(problems)


def require_patterns(name: str, patterns: Sequence[str]) -> None:
    """Raise an error if ``patterns`` has none, or one that no instance type matches."""
    require_texts(name, patterns, "'m7g.*'")
    problems = []
    for at, pattern in enumerate(patterns):
        example = pattern.lower() if {".", "*"} & set(pattern) else f"{pattern.lower()}.*"
        if example != pattern:
            problems.append(
                f"{name}[{at}] must match instance types such as m7g.xlarge, got {pattern!r}; use {example!r}"
            )
    if problems:
        raise EmrError(problems)


def require_volume_types(name: str, types: Sequence[str]) -> None:
    """Raise an error if ``types`` has one that volumes of EMR can't have."""
    require_texts(name, types, "'gp3'")
    problems = [
        f"{name}[{at}] must be {', '.join(VOLUME_TYPES[:-1])} or {VOLUME_TYPES[-1]}, got {kind!r}; use 'gp3'"
        for at, kind in enumerate(types)
        if kind not in VOLUME_TYPES
    ]
    if problems:
        raise EmrError(problems)


def require_tag_keys(name: str, keys: Sequence[str]) -> None:
    """Raise an error if ``keys`` has one that a tag can't have."""
    require_texts(name, keys, "'cost-center'")
    for key in keys:
        enforce("Tag", {"Key": key, "Value": ""})


def require_number(name: str, value: int | None) -> None:
    """Raise an error if a number isn't positive, or is only known at deployment."""
    if value is not None and is_unknown(value):
        raise EmrError(f"{name} must be known at synth time, got a token; use a number")
    if value is not None and value < 1:
        raise EmrError(f"{name} must be at least 1, got {value}; use a positive number")


def release_of(name: str, label: str) -> Release:
    """Return the release with a label.

    :raises EmrError: it is no release label.
    """
    found = parse(label)
    if found is None:
        raise EmrError(f"{name} must be a release label, got {label!r}; use a label such as emr-7.5.0")
    return found
