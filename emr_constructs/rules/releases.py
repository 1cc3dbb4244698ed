"""What a release label means: its train and version, the features and the applications that the release has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

from .._core.nearest import nearest
from .._core.patterns import regex
from ..data import load
from .parts import Part
from .registry import At, Severity, rule
from .sources import release_guide

__all__ = [
    "Feature",
    "Release",
    "Version",
    "application_at",
    "applications",
    "feature",
    "feature_names",
    "has_application",
    "known_labels",
    "knows_applications",
    "lacks",
    "lacks_application",
    "newest",
    "parse",
    "renamed_application",
    "supports",
]

Version = tuple[int, int, int]

_LABEL: Final = regex(r"emr-(?P<train>spark-)?(?P<version>\d+\.\d+\.\d+)")
_LABELS_PAGE: Final = release_guide("emr-release-components")


class Release(NamedTuple):
    """The parts of a release label."""

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
        """The first version after ``version`` that has the feature; None if no later one has it."""
        return min((first for first, _ in self.releases if first > version), default=None)

    def described(self) -> str:
        return " or ".join(
            f"{_dotted(first)} and later" if end is None else f"{_dotted(first)} to before {_dotted(end)}"
            for first, end in self.releases
        )


@lru_cache(maxsize=1024)
def parse(label: str) -> Release | None:
    """The parts of ``label``, or None if it is not a release label of EMR 4.0 or later."""
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
    """Whether the release has the feature ``name``; None if ``label`` isn't a release label."""
    release = parse(label)
    return None if release is None else feature(name).in_version(release.version)


def known_labels() -> Mapping[str, Mapping[str, object]]:
    """Each release that the library knows, newest first, with its facts."""
    return _by_label()


def applications(label: str) -> Mapping[str, str]:
    """The applications that the release offers, with their versions; empty if the release is not known."""
    found = _by_label().get(label, {}).get("applications", {})
    assert isinstance(found, dict)
    return found


def newest(train: str) -> Release:
    """The newest release of ``train`` (``emr`` or ``emr-spark``) that the library knows."""
    releases = (parse(label) for label in _by_label())
    return max((found for found in releases if found and found.train == train), key=lambda found: found.version)


def lacks(part: Part, name: str) -> Iterator[At]:
    """A violation if the release of ``part`` lacks the feature ``name``, with the next release that has it."""
    release, needed = parse(part.get("ReleaseLabel", "")), feature(name)
    if release is None or needed.in_version(release.version):
        return
    message = f"release must support {needed.title} ({needed.described()}), got {release.label}"
    following = needed.next_after(release.version)
    # The series that began with version 8 exists on the Spark train only.
    train = "emr-spark" if following is not None and following >= (8, 0, 0) else "emr"
    fix = f"use {train}-{_dotted(following)}" if following is not None else "use an earlier release"
    yield At(part.at("ReleaseLabel"), message, fix)


def knows_applications(cluster: Part) -> bool:
    """Whether the names of all applications are known: only then may a rule say which one the cluster lacks."""
    return cluster.is_complete("Applications") and all(
        found.get("Name") is not None for found in cluster.items("Applications")
    )


def has_application(cluster: Part, name: str) -> bool:
    """Whether the application ``name`` is installed, in any case."""
    return any(str(found.get("Name")).lower() == name.lower() for found in cluster.items("Applications"))


def lacks_application(cluster: Part, name: str) -> bool:
    """Whether it is certain that the application ``name`` is not installed."""
    return knows_applications(cluster) and not has_application(cluster, name)


def application_at(cluster: Part, *names: str) -> str:
    """The place of the first application that is one of ``names``, in any case; the applications if none is."""
    folded = {name.lower() for name in names}
    for found in cluster.items("Applications"):
        if str(found.get("Name")).lower() in folded:
            return str(found.at("Name"))
    return cluster.at("Applications")


@cache
def _by_label() -> dict[str, dict[str, object]]:
    return {release["label"]: release for release in load("releases.json")["releases"]}


def _version(dotted: str) -> Version:
    major, minor, patch = dotted.split(".")
    return int(major), int(minor), int(patch)


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


@rule("emr-release-label", "RunJobFlowInput", at="ReleaseLabel",
      fix="use a label such as emr-7.14.0 or emr-spark-8.1.0", source=_LABELS_PAGE)  # fmt: skip
def _label_is_well_formed(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """A release label must be emr- or emr-spark- and three numbers, and name an existing release."""
    label = cluster.get("ReleaseLabel")
    if label is None or label in _by_label():
        return
    release = parse(label)
    if release is None:
        message, meant = f"release label must be emr- or emr-spark- and three numbers, got {label!r}", _meant(label)
        yield (message, f"use {meant}") if meant else message
    elif _never_existed(release):
        yield f"release label must exist, got {label!r}", f"use a label such as {_nearest(release)}"


@rule("emr-release-label-missing", "RunJobFlowInput", severity=Severity.WARNING,
      fix="specify ReleaseLabel, such as emr-7.14.0", source=_LABELS_PAGE)  # fmt: skip
def _label_is_there(cluster: Part) -> Iterator[str]:
    """A cluster must have a release label, because EMR has no default since release 4.0."""
    # A request without a service role is a part of one.
    if "ServiceRole" in cluster and "ReleaseLabel" not in cluster and "AmiVersion" not in cluster:
        yield "a cluster must have a release label, which is missing"


@rule("emr-release-unknown", "RunJobFlowInput", at="ReleaseLabel", severity=Severity.WARNING,
      fix="update emr_constructs, or acknowledge this warning if the release exists", source=_LABELS_PAGE)  # fmt: skip
def _label_is_known(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """A release must be known to emr_constructs, to check its applications and instance types."""
    label = cluster.get("ReleaseLabel")
    release = parse(label) if label else None
    if release is None or label in _by_label() or _never_existed(release):
        return
    message = f"release must be known to this version of emr_constructs, got {label}"
    versions = _versions(release.train)
    if release.version < versions[0]:
        yield (
            f"release must be at least {_dotted(versions[0])} to be checked, got {label}, which is older",
            f"use a release that AWS supports, such as {newest(release.train).label}, or acknowledge this warning",
        )
    elif _is_closed(release):
        yield message, f"use {_nearest(release)}, or acknowledge this warning if the release exists"
    else:
        yield message


@cache
def _versions(train: str) -> tuple[Version, ...]:
    """The known versions of ``train``, oldest first."""
    return tuple(sorted(found.version for found in map(parse, _by_label()) if found and found.train == train))


def _meant(label: str) -> str | None:
    """The known release whose numbers are in a malformed label, if there is one."""
    match = re.search(r"(spark-)?(\d+\.\d+)(\.\d+)?", label.lower())
    found = f"emr-{match[1] or ''}{match[2]}{match[3] or '.0'}" if match else None
    return found if found in _by_label() else None


def _is_closed(release: Release) -> bool:
    """Whether a later minor version than that of the release is known."""
    return release.version[:2] < _versions(release.train)[-1][:2]


def _never_existed(release: Release) -> bool:
    """Whether the release certainly doesn't exist.

    AWS numbers releases without gaps; only the next patch of a line that is closed can be a new one.
    """
    versions = _versions(release.train)
    if release.version < versions[0]:
        return release.train == "emr-spark" or release.version < (4, 0, 0)
    patches = [patch for *line, patch in versions if tuple(line) == release.version[:2]]
    return _is_closed(release) and (not patches or release.version[2] != patches[-1] + 1)


def _nearest(release: Release) -> str:
    """The label of the latest known release that isn't later than one that isn't known."""
    earlier = [version for version in _versions(release.train) if version < release.version]
    prefix = release.label.removesuffix(_dotted(release.version))
    return f"{prefix}{_dotted(earlier[-1])}" if earlier else newest(release.train).label


@rule("emr-application-unavailable", "RunJobFlowInput", fix="remove it, or use a release that offers it",
      source=_LABELS_PAGE)  # fmt: skip
def _applications_exist(cluster: Part) -> Iterator[At]:
    """The release must offer every application; names are not case-sensitive."""
    label = cluster.get("ReleaseLabel", "")
    # Hadoop is a component of every release; whether emr-spark accepts its name is not documented.
    names = {"hadoop", *map(str.lower, applications(label))}
    for application in cluster.items("Applications") if len(names) > 1 else ():
        name = application.get("Name")
        if name is not None and name.lower() not in names:
            message = f"application must be one that {label} offers, got {name!r}"
            yield At(application.at("Name"), message, _instead(label, name))


_NEW_NAMES: Final = {"prestosql": "Trino", "trino": "PrestoSQL"}


def renamed_application(name: str, label: str) -> str | None:
    """The name of an application in a release, if other releases offer it as ``name``."""
    renamed = _NEW_NAMES.get(name.lower())
    return renamed if renamed in applications(label) else None


def _instead(label: str, name: str) -> str:
    """What to use for an application that the release doesn't offer: a release of the same line if there is one."""
    if renamed := renamed_application(name, label):
        return f"use {renamed}, which is its name in this release"
    release = parse(label)
    offering = (parse(known) for known in _by_label() if name.lower() in map(str.lower, applications(known)))
    having = sorted((found for found in offering if found), key=lambda found: found.version)
    if release is None or not having:
        near = nearest(name, applications(label))
        return f"use {near!r} if you meant it" if near else f"use one of {', '.join(applications(label))}"
    line = release.train, release.version[0]
    of_line = [found for found in having if (found.train, found.version[0]) == line]
    for found in of_line or having:
        if found.version > release.version:
            return f"use {found.label} or later, which offers it"
    if of_line:
        return f"use {of_line[-1].label} or earlier, which offers it"
    return f"use {having[-1].label}, the last release that offers it"
