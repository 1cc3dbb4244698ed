"""Instance types that EMR supports: from which release, and with which resources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Final, NotRequired, TypedDict

from .._core.nearest import nearest
from ..data import load
from .constraints import constraint
from .parts import Part, once
from .registry import At, Severity, rule
from .releases import Release, parse
from .sources import management_guide

__all__ = [
    "TYPE_PATTERN",
    "Facts",
    "facts",
    "first_release",
    "is_supported",
    "supported_types",
    "supports",
    "type_names",
    "with_types",
]

TYPE_PATTERN: Final = r"[a-z][a-z0-9-]*\.[a-z0-9-]+"
"""Matches the name of an instance type: a family and a size."""

_PAGE: Final = management_guide("emr-supported-instance-types")
_AMI: Final = management_guide("emr-custom-ami")
_ACKNOWLEDGE: Final = "acknowledge this warning if the type is newer than this version of emr_constructs"


class Facts(TypedDict):
    """What ``instance_types.json`` says about an instance type."""

    architecture: str
    vcpu: int
    memory_gib: float
    disks: int
    storage_gb: int
    ebs_only: bool

    since: Sequence[str]
    """The first release of each major version that supports the type."""

    disputed: NotRequired[Sequence[str]]
    """Releases about which EMR's responses contradict each other."""


def facts(name: str) -> Facts | None:
    """The facts of EMR about an instance type; None if the type is not known."""
    found: Facts | None = load("instance_types.json")["types"].get(name)
    return found


def supports(label: str, name: str) -> bool | None:
    """Whether a release supports an instance type.

    None if the release or the type is not known, or if EMR's responses contradict each other.
    """
    known = facts(name)
    return None if known is None or label not in _labels() else is_supported(label, known)


def is_supported(label: str, known: Facts) -> bool | None:
    """Whether a release supports an instance type, according to the facts of EMR.

    None if EMR's responses contradict each other.
    """
    release = parse(label)
    if release is None or label in known.get("disputed", ()):
        return None
    return any(
        (first.train, first.version[0]) == (release.train, release.version[0]) and first.version <= release.version
        for first in _since(known)
    )


def type_names() -> Iterable[str]:
    """The names of all instance types that some release supports."""
    found: Mapping[str, Facts] = load("instance_types.json")["types"]
    return found.keys()


def supported_types(label: str) -> list[str] | None:
    """The instance types that a release supports; None if the release is not known."""
    if label not in _labels():
        return None
    return [name for name in type_names() if supports(label, name)]


def first_release(name: str, *, after: str | None = None) -> str | None:
    """The first release that supports an instance type.

    :param after: a release; the first one of its kind (``emr`` or ``emr-spark``) that is newer.
    """
    known, given = facts(name), parse(after) if after is not None else None
    releases = _since(known) if known is not None else []
    if given is not None:
        releases = [found for found in releases if found.train == given.train and found.version > given.version]
    return min(releases, key=lambda found: found.version).label if releases else None


@cache
def _labels() -> frozenset[str]:
    return frozenset(load("instance_types.json")["releases"])


def _since(known: Facts) -> list[Release]:
    return [release for label in known["since"] if (release := parse(label))]


@once
def with_types(cluster: Part) -> list[Part]:
    """The instance groups of the cluster, and the instance types of its fleets."""
    instances = cluster.part("Instances")
    of_fleets = (fleet.items("InstanceTypeConfigs") for fleet in instances.items("InstanceFleets"))
    return [*instances.items("InstanceGroups"), *chain.from_iterable(of_fleets)]


@once
def _types(cluster: Part) -> dict[str, str]:
    """The well-formed instance types of the cluster, each with its first place."""
    places: dict[str, str] = {}
    for part in with_types(cluster):
        if (name := part.get("InstanceType")) and re.fullmatch(TYPE_PATTERN, name):
            places.setdefault(name, part.at("InstanceType"))
    return places


# Families that EC2 has and no release of EMR lists.
_NEVER: Final = frozenset(("a1", "t1", "t2", "t3", "t3a", "t4g", "mac1", "mac2"))
# EMR supported them when its older releases were current; today's responses omit them.
_FORMER: Final = frozenset(
    ("cc1.4xlarge", "cc2.8xlarge", "cg1.4xlarge", "cr1.8xlarge", "g2.2xlarge", "hi1.4xlarge", "hs1.8xlarge")
)
# New sizes of newer generations are added to the list.
_COMPLETE_GENERATION: Final = 6


def _is_never_supported(name: str) -> bool:
    """Whether no release lists a type, although its family is known."""
    family, _, size = name.partition(".")
    if facts(name) is not None or size.startswith("metal"):
        return False
    generation = next((int(letter) for letter in family if letter.isdigit()), _COMPLETE_GENERATION + 1)
    return family in _NEVER or (family in _families() and generation <= _COMPLETE_GENERATION)


@cache
def _families() -> frozenset[str]:
    return frozenset(name.partition(".")[0] for name in type_names())


@lru_cache(maxsize=1024)
def _nearest(name: str) -> str | None:
    family = f"{name.partition('.')[0]}."
    sizes = [found for found in type_names() if found.startswith(family)]
    # Another size of the same family is meant rather than another family.
    return nearest(name, sizes, cutoff=0.0) or nearest(name, type_names(), cutoff=0.8)


@rule("emr-instance-type-unsupported", "RunJobFlowInput", fix="use a type such as m5.xlarge or m7g.xlarge",
      source=_PAGE)  # fmt: skip
def _some_release_supports_types(cluster: Part) -> Iterator[At]:
    """An instance type of a known family must be one that a release supports."""
    for name, place in _types(cluster).items():
        if _is_never_supported(name):
            # A name that resembles another family is of a different purpose.
            near = None if name.partition(".")[0] in _NEVER else _nearest(name)
            fixes = [f"use {near!r} or another type that EMR supports"] if near else []
            yield At(place, f"instance type must be one that a release supports, got {name!r}", *fixes)


@rule("emr-instance-type-unknown", "RunJobFlowInput", fix=f"correct it, or {_ACKNOWLEDGE}",
      severity=Severity.WARNING, source=_PAGE)  # fmt: skip
def _types_are_known(cluster: Part) -> Iterator[At]:
    """An instance type must be one that EMR supports in some release."""
    for name, place in _types(cluster).items() if cluster.get("ReleaseLabel") in _labels() else ():
        if facts(name) is None and not _is_never_supported(name) and name not in _FORMER:
            fixes = [f"use {near!r} if you meant it, or {_ACKNOWLEDGE}"] if (near := _nearest(name)) else []
            yield At(place, f"instance type must be one that EMR supports, got {name!r}", *fixes)


@rule("emr-instance-type-release", "RunJobFlowInput", fix="use another instance type", source=_PAGE)
def _release_supports_types(cluster: Part) -> Iterator[At]:
    """The release must support the instance types of the cluster."""
    label = cluster.get("ReleaseLabel", "")
    for name, place in _types(cluster).items():
        if supports(label, name) is False:
            newer = first_release(name, after=label)
            fixes = [f"use {newer}, or another instance type"] if newer else []
            yield At(place, f"release must support the instance type {name}, got {label}", *fixes)


def _mixed_architectures(cluster: Part) -> Iterator[At]:
    whole = "the AMI of the cluster" if "CustomAmiId" in cluster else None
    types: dict[str, dict[str, str]] = {}
    places: dict[str, str] = {}
    for part in with_types(cluster):
        name, ami = part.get("InstanceType", ""), part.get("CustomAmiId", whole)
        known = facts(name)
        if ami is not None and known is not None:
            types.setdefault(ami, {}).setdefault(known["architecture"], name)
            places[ami] = (part if "CustomAmiId" in part else cluster).at("CustomAmiId")
    for ami, by_architecture in types.items():
        if len(by_architecture) > 1:
            used = " and ".join(f"{name} ({architecture})" for architecture, name in by_architecture.items())
            yield At(places[ami], f"{ami} for {used}")


# fmt: off
constraint("emr-custom-ami-architecture", "RunJobFlowInput",
           "a custom AMI must be used for instance types of one architecture", _mixed_architectures,
           fix="specify an AMI of the same architecture for each instance group or type", source=_AMI)
