"""Names of classifications: those that the release has, and their nesting.

RunJobFlow rejects others: "Classification 'spark-log4j' is not valid for parent classification 'null'".
https://github.com/aws/aws-sdk-pandas/issues/1938
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from .._core.patterns import regex
from .known_software import Classification, classification, classification_names, first_release_with, lacks_for_sure
from .parts import Part
from .registry import At, Severity, rule
from .releases import Release, known_labels, parse
from .software import CLASSIFICATION, configurations
from .sources import release_guide

_COMPONENTS: Final = release_guide("emr-release-components")
_CONFIGURE: Final = release_guide("emr-configure-apps")
# Parts of hue.ini can be nested in many ways, and their documentation isn't complete.
_FREE: Final = "hue-ini"
_CHECK: Final = "correct it, or acknowledge this warning if EMR accepts it"
_TRAILING_NUMBER: Final = regex(r"\d+$")


class _Found(NamedTuple):
    """A violation, and whether it is certain that EMR rejects it."""

    is_certain: bool
    message: str
    fix: str
    place: str = ""


def _near(name: str, candidates: Iterable[str]) -> tuple[str, float] | None:
    """The candidate that is most like ``name``, and how much it is, from 0 to 1."""
    # Loaded only for a wrong name.
    from difflib import SequenceMatcher, get_close_matches

    written = {candidate.lower(): candidate for candidate in candidates}
    folded = name.lower().replace("_", "-")
    for found in get_close_matches(folded, written, n=1, cutoff=0.85):
        return written[found], SequenceMatcher(None, folded, found).ratio()
    return None


def _is_misspelt(name: str, near: str) -> bool:
    """Whether ``name`` differs from ``near`` by more than case and a number at the end: later releases add numbers."""
    return _TRAILING_NUMBER.sub("", name).lower() != _TRAILING_NUMBER.sub("", near).lower()


def _never_listed(name: str, label: str, listed: Sequence[str]) -> _Found:
    near = _near(name, listed)
    message = f"classification must be one that {label} has, got {name!r}"
    if near is not None:
        certain = label in known_labels() and near[1] >= 0.9 and _is_misspelt(name, near[0])
        return _Found(certain, message, f"use {near[0]!r}")
    start = name.partition("-")[0].lower()
    alike = [other for other in listed if other.partition("-")[0] == start]
    few = 8
    fix = f"use one of {', '.join(alike)}" if 1 < len(alike) <= few else _CHECK
    return _Found(is_certain=False, message=message, fix=fix)


@lru_cache(maxsize=1024)
def _unlisted(name: str, label: str, release: Release | None) -> _Found | None:
    """What is wrong with a name that the release doesn't list, or that no release lists if it isn't known."""
    if release is None:
        near = None if classification(name) else _near(name, classification_names())
        message = f"classification must be one that a release has, got {name!r}"
        return near and _Found(is_certain=False, message=message, fix=f"use {near[0]!r}")
    known = classification(name)
    if known is not None and known.in_release(release):
        return None
    listed = [other for other in classification_names() if (it := classification(other)) and it.in_release(release)]
    if known is None:
        return _never_listed(name, label, listed)
    message = f"classification must be one that {label} has, got {name!r}"
    return _Found(lacks_for_sure(release, known), message, _instead(known, label, listed))


def _instead(known: Classification, label: str, listed: Sequence[str]) -> str:
    """What to use instead of a classification that other releases have."""
    if known.replacement in listed:
        return f"use {known.replacement!r}, which replaces it"
    before = next((name for name in listed if (it := classification(name)) and it.replacement == known.name), None)
    later = first_release_with(known.name, label)
    if before is not None:
        return f"use {before!r}, or {later}" if later else f"use {before!r}"
    last = known.facts["last"]
    if later is None and last is not None:
        return f"remove it, or use {last} or an earlier release"
    return f"use {later}, or remove it" if later else "remove it"


def _names(parts: Iterable[Part], release: Release | None) -> Iterator[tuple[str, Part]]:
    """The names of classifications at the top level, and of those nested in them, with what they name.

    What is nested in a classification that the release lacks is removed with it.
    """
    for part in parts:
        name = part.get("Classification")
        if name is not None:
            # A malformed name is reported itself.
            yield from ((name, part),) if re.fullmatch(CLASSIFICATION, name) else ()
            known = classification(name)
            is_lacking = known is not None and release is not None and not known.in_release(release)
            if name != _FREE and not is_lacking:
                yield from _names(part.items("Configurations"), release)


def _wrong_names(cluster: Part) -> Iterator[_Found]:
    label = cluster.get("ReleaseLabel", "")
    release = parse(label)
    parts: dict[str, Part] = {}
    for name, part in _names(configurations(cluster), release):
        parts.setdefault(name, part)
    for name, part in parts.items():
        found = _unlisted(name, label, release)
        if found is not None:
            yield found._replace(place=part.at("Classification"))


def _wrong_places(parts: Iterable[Part], parent: Classification | None = None) -> Iterator[_Found]:
    """Classifications that must not be nested, or that must be nested in another one."""
    for part in parts:
        known = classification(part.get("Classification", ""))
        if known is None:
            continue
        named, place = _described(known.parents), part.at("Classification")
        if parent is None and named:
            message, fix = f"{known.name!r} must be nested in {named}", f"nest it in {named}"
            yield _Found(known.is_sure("parents"), message, fix, place)
        elif parent is not None and parent.nested is not None and known.name not in parent.nested:
            fix = f"nest it in {named}" if named else "move it to the top level"
            message = f"{known.name!r} must not be nested in {parent.name!r}"
            yield _Found(is_certain=True, message=message, fix=fix, place=place)
        if known.name != _FREE and known.nested is not None:
            yield from _wrong_places(part.items("Configurations"), known)


def _described(parents: Sequence[str] | None) -> str:
    if parents == ["*-env"]:
        return "a classification that ends in -env"
    return " or ".join(map(repr, parents or ()))


def _report(found: Iterable[_Found], *, is_certain: bool) -> Iterator[At]:
    """The violations that are certain, or not, each at its first place."""
    places: dict[tuple[str, str], str] = {}
    for it in found:
        if it.is_certain is is_certain:
            places.setdefault((it.message, it.fix), it.place)
    yield from (At(place, message, fix) for (message, fix), place in places.items())


@rule("emr-classification-unknown", "RunJobFlowInput", fix="use a classification of the release", source=_COMPONENTS)
def _classifications_exist(cluster: Part) -> Iterator[At]:
    """A classification must be one that the release has, because RunJobFlow rejects others."""
    yield from _report(_wrong_names(cluster), is_certain=True)


@rule("emr-classification-undocumented", "RunJobFlowInput", severity=Severity.WARNING, fix=_CHECK,
      source=_COMPONENTS)  # fmt: skip
def _classifications_are_documented(cluster: Part) -> Iterator[At]:
    """A classification must be one that the documentation of the release lists, in the place that it states."""
    yield from _report(_wrong_names(cluster), is_certain=False)
    yield from _report(_wrong_places(configurations(cluster)), is_certain=False)


@rule("emr-classification-nesting", "RunJobFlowInput", fix="move it", source=_CONFIGURE)
def _classifications_are_in_their_place(cluster: Part) -> Iterator[At]:
    """A classification must be at the top level, or nested in the classification that it belongs to."""
    yield from _report(_wrong_places(configurations(cluster)), is_certain=True)
