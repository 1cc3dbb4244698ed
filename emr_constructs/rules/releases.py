"""What a release label means: its train and version, the features and the applications that the release has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from .._core.patterns import regex
from ..data import load
from .registry import At, Severity, rule
from .sources import release_guide

if TYPE_CHECKING:
    from .parts import Part

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
    "newest",
    "parse",
    "renamed_application",
    "supports",
]

Version = tuple[int, int, int]

_NUMBER: Final = r"(0|[1-9]\d*)"
_LABEL: Final = regex(rf"emr-(?P<train>spark-)?(?P<version>{_NUMBER}\.{_NUMBER}\.{_NUMBER})")
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


@lru_cache(maxsize=1024)
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


def lacks(part: Part, name: str) -> Iterator[At]:
    """A violation if the release of ``part`` lacks the feature ``name``, with the next release that has it."""
    release = parse(part.get("ReleaseLabel", ""))
    if release is None or feature(name).in_version(release.version):
        return
    title, releases = feature(name).title, feature(name).described()
    message = f"release must support {title} ({releases}), got {release.label}"
    following = feature(name).next_after(release.version)
    # The series that began with version 8 exists on the Spark train only.
    fix = (
        "use an earlier release"
        if following is None
        else f"use emr-{'spark-' if following >= (8, 0, 0) else ''}{_dotted(following)}"
    )
    yield At(part.at("ReleaseLabel"), message, fix)


def knows_applications(cluster: Part) -> bool:
    """Whether the names of all applications are known: only then may a rule say which one the cluster lacks."""
    return cluster.is_complete("Applications") and all(
        found.get("Name") is not None for found in cluster.items("Applications")
    )


def has_application(cluster: Part, name: str) -> bool:
    """Whether the application ``name`` is installed, in any case."""
    return any(str(found.get("Name")).lower() == name.lower() for found in cluster.items("Applications"))


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
    """A release label must be ``emr-`` or ``emr-spark-`` and three numbers, of a release that exists."""
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
    elif (of_spark := label.replace("emr-", "emr-spark-", 1)) in _by_label():
        yield message, f"use {of_spark}, or acknowledge this warning if the release exists"
    else:
        yield message


@cache
def _versions(train: str) -> tuple[Version, ...]:
    """The known versions of ``train``, oldest first."""
    return tuple(sorted(found.version for found in map(parse, _by_label()) if found and found.train == train))


def _meant(label: str) -> str | None:
    """The known release whose numbers are in a malformed label, if there is one."""
    match = re.search(r"(spark-)?0*(\d+)\.0*(\d+)(?:\.0*(\d+))?", label.lower())
    found = f"emr-{match[1] or ''}{match[2]}.{match[3]}.{match[4] or 0}" if match else None
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
    offered = applications(label)
    if not offered:
        return
    names = {name.lower() for name in offered}
    for application in cluster.items("Applications"):
        name = application.get("Name")
        # Hadoop is a component of every release; whether emr-spark accepts its name is not documented.
        if name is None or name.lower() in names or name.lower() == "hadoop":
            continue
        message = f"application must be one that {label} offers, got {name!r}"
        yield At(application.at("Name"), message, _instead(label, name))


# Parts of applications, and other names of them.
_OTHER_NAMES: Final = {
    **dict.fromkeys(("yarn", "hdfs", "mapreduce", "mapreduce2", "s3distcp", "s3-dist-cp"), ("Hadoop",)),
    **dict.fromkeys(("jupyter", "jupyterlab", "notebook", "notebooks"), ("JupyterEnterpriseGateway", "JupyterHub")),
    **dict.fromkeys(("pyspark", "sparkr", "sparksql", "spark-sql"), ("Spark",)),
    "prestodb": ("Presto",),
    "trinodb": ("Trino",),
    "prestosql": ("Trino",),
    "deltalake": ("Delta",),
}
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
    having = [
        found
        for found in map(parse, reversed(_by_label()))
        if found and name.lower() in map(str.lower, applications(found.label))
    ]
    if release is None or not having:
        from difflib import get_close_matches

        spelled = {known.lower(): known for known in applications(label)}
        plain = name.lower().strip().removeprefix("apache ").replace(" ", "")
        part = next((other for other in _OTHER_NAMES.get(plain, ()) if other.lower() in spelled), None)
        if part is not None:
            return f"use {part!r}, which installs it"
        near = [plain] if plain in spelled else get_close_matches(plain, spelled, n=1, cutoff=0.65)
        return f"use {spelled[near[0]]!r} if you meant it" if near else f"use one of {', '.join(spelled.values())}"
    of_line = [found for found in having if _line(found) == _line(release)]
    later = [found for found in of_line if found.version > release.version]
    if later:
        return f"use {min(later, key=_by_version).label} or later, which offers it"
    if of_line:
        return f"use {max(of_line, key=_by_version).label} or earlier, which offers it"
    following = [found for found in having if found.version > release.version]
    if following:
        return f"use {min(following, key=_by_version).label} or later, which offers it"
    return f"use {max(having, key=_by_version).label}, the last release that offers it"


def _line(release: Release) -> tuple[str, int]:
    return release.train, release.version[0]


def _by_version(release: Release) -> Version:
    return release.version
