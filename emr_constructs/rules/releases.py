"""What a release label means: its train and version, the features and the applications that the release has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from ..data import load
from .registry import Part, Severity, rule
from .sources import release_guide

__all__ = [
    "Feature",
    "Release",
    "Version",
    "applications",
    "feature",
    "feature_names",
    "has_application",
    "known_labels",
    "lacks",
    "newest",
    "parse",
    "supports",
]

Version = tuple[int, int, int]

_LABEL: Final = re.compile(r"emr-(?P<train>spark-)?(?P<version>\d+\.\d+\.\d+)")
_LABELS_PAGE: Final = release_guide("emr-release-components")


class Release(NamedTuple):
    """A release label, taken apart."""

    label: str
    train: str
    """``emr``, or ``emr-spark`` for the releases that only carry Spark."""

    version: Version


class Feature(NamedTuple):
    """A capability that some releases have."""

    title: str
    releases: tuple[tuple[Version, Version | None], ...]
    """Ranges of versions that have it: the first one, and the first one without (None: it stays)."""

    source: str

    def in_version(self, version: Version) -> bool:
        return any(first <= version and (end is None or version < end) for first, end in self.releases)

    def next_after(self, version: Version) -> Version | None:
        """The first version after ``version`` that has the feature; None where it is gone for good."""
        return min((first for first, _ in self.releases if first > version), default=None)

    def described(self) -> str:
        return " or ".join(
            f"{_dotted(first)} and later" if end is None else f"{_dotted(first)} to before {_dotted(end)}"
            for first, end in self.releases
        )


def parse(label: str) -> Release | None:
    """The parts of ``label``, or None where it is not a release label of EMR 4.0 or newer."""
    match = _LABEL.fullmatch(label)
    return Release(label, f"emr-{match['train'] or ''}".rstrip("-"), _version(match["version"])) if match else None


@cache
def feature(name: str) -> Feature:
    """The feature ``name`` of ``releases.json``."""
    found = load("releases.json")["features"][name]
    ranges = tuple((_version(first), _version(end) if end else None) for first, end in found["releases"])
    return Feature(found["title"], ranges, found["source"])


def feature_names() -> list[str]:
    """The names of all features of ``releases.json``."""
    return sorted(load("releases.json")["features"])


def supports(label: str, name: str) -> bool | None:
    """Whether the release has the feature ``name``; None where ``label`` is no release label."""
    release = parse(label)
    return None if release is None else feature(name).in_version(release.version)


def known_labels() -> Mapping[str, Mapping[str, object]]:
    """Each release that the library knows, newest first, with its facts."""
    return _by_label()


def applications(label: str) -> Mapping[str, str]:
    """The applications that the release offers, with their versions; empty where the release is not known."""
    found = _by_label().get(label, {}).get("applications", {})
    assert isinstance(found, dict)
    return found


def newest(train: str) -> Release:
    """The newest release of ``train`` (``emr`` or ``emr-spark``) that the library knows."""
    releases = (parse(label) for label in _by_label())
    return max((found for found in releases if found and found.train == train), key=lambda found: found.version)


def lacks(part: Part, name: str) -> Iterator[tuple[str, str]]:
    """A violation if the release of ``part`` lacks the feature ``name``, with the next release that has it."""
    release = parse(part.get("ReleaseLabel", ""))
    if release is None or feature(name).in_version(release.version):
        return
    title, releases = feature(name).title, feature(name).described()
    message = f"release must support {title} ({releases}), got {release.label}"
    following = feature(name).next_after(release.version)
    if following is None:
        yield message, "use an earlier release"
        return
    # The series that began with version 8 exists on the Spark train only.
    yield message, f"use emr-{'spark-' if following >= (8, 0, 0) else ''}{_dotted(following)}"


def has_application(cluster: Part, name: str) -> bool:
    """Whether the application ``name`` is installed, in any case."""
    return any(str(found.get("Name")).lower() == name.lower() for found in cluster.items("Applications"))


@cache
def _by_label() -> dict[str, dict[str, object]]:
    return {release["label"]: release for release in load("releases.json")["releases"]}


def _version(dotted: str) -> Version:
    major, minor, patch = dotted.split(".")
    return int(major), int(minor), int(patch)


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


@rule("emr-release-label", "RunJobFlowInput", fix="use a label such as emr-7.14.0 or emr-spark-8.1.0",
      source=_LABELS_PAGE)  # fmt: skip
def _label_is_well_formed(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """A release label must be ``emr-`` or ``emr-spark-`` and three numbers, of a release that exists."""
    label = cluster.get("ReleaseLabel")
    if label is None or label in _by_label():
        return
    release = parse(label)
    if release is None:
        yield f"release label must be emr- or emr-spark- and three numbers, got {label!r}"
    elif _is_gap(release):
        last = newest(release.train).label
        yield f"release label must exist, got {label!r}", f"use a label such as {last}"


@rule("emr-release-unknown", "RunJobFlowInput", severity=Severity.WARNING,
      fix="update emr_constructs, or acknowledge this warning if the release exists", source=_LABELS_PAGE)  # fmt: skip
def _label_is_known(cluster: Part) -> Iterator[str]:
    """A release must be known to emr_constructs, to check its applications and instance types."""
    label = cluster.get("ReleaseLabel")
    release = parse(label) if label else None
    if release and label not in _by_label() and not _is_gap(release):
        yield f"release must be known to this version of emr_constructs, got {label}"


def _is_gap(release: Release) -> bool:
    """Whether the release lies between known ones: a minor that AWS skipped, or an older major that is closed."""
    known = [found.version for found in map(parse, _by_label()) if found and found.train == release.train]
    if not min(known) <= release.version <= max(known):
        return False
    return release.version[:2] not in {version[:2] for version in known}


@rule("emr-application-unavailable", "RunJobFlowInput", fix="remove it, or use a release that offers it",
      source=_LABELS_PAGE)  # fmt: skip
def _applications_exist(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The release must offer every application; names are not case-sensitive."""
    label = cluster.get("ReleaseLabel", "")
    offered = applications(label)
    if not offered:
        return
    names = {name.lower() for name in offered}
    for application in cluster.items("Applications"):
        name = application.get("Name")
        # Hadoop is a component of every release; whether emr-spark accepts its name is not documented.
        if name is None or name.lower() in names or name.lower() == "hadoop":
            continue
        having = [known for known in _by_label() if name.lower() in map(str.lower, applications(known))]
        fix = f"{having[0]} is the newest release that offers it" if having else f"use one of {', '.join(offered)}"
        yield f"application must be one that {label} offers, got {name!r}", fix
