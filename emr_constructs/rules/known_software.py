"""The classifications that releases have, and the applications that install them and their tools.

A name without an entry is one that no table of the EMR Release Guide lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from ..data import load
from .releases import Release, known_labels, parse

__all__ = [
    "Classification",
    "classification",
    "classification_names",
    "first_release_with",
    "lacks_for_sure",
    "missing_owner",
    "tool",
    "tools",
]

# Releases without a component list for these; what else they install isn't documented.
_WITHOUT_LIST: Final = ("delta", "hudi", "iceberg", "jupyterenterprisegateway", "mahout")
# Which of the applications listed bring them is inferred; no other can.
_OF_NO_OTHER: Final = ("hadoop-streaming", "hive-script", "mahout", "presto-cli", "spark-example", "trino-cli")
_EVERY_CLUSTER: Final = "cluster"


class Classification(NamedTuple):
    """What the tables of the EMR Release Guide say about a classification."""

    name: str
    facts: Mapping[str, Any]

    @property
    def owners(self) -> list[str]:
        """The applications that install what it configures; empty if every cluster has it."""
        found: list[str] = self.facts["applications"]
        return [] if _EVERY_CLUSTER in found else found

    @property
    def replacement(self) -> str | None:
        """The name that later releases have instead."""
        return self.facts.get("replaced_by")

    @property
    def parents(self) -> list[str] | None:
        """The classifications that it must be nested in; None at the top level."""
        return self.facts["parents"] if self.facts.get("nested_only") else None

    @property
    def nested(self) -> list[str] | None:
        """The classifications that can be nested in it; None if any can, or if they aren't documented."""
        if self.facts.get("nested_only"):
            return None
        found = self.facts.get("nested", [])
        return None if found == "any" else found

    def is_sure(self, *about: str) -> bool:
        """Whether the facts ``about`` it, such as ``first``, are documented and not inferred."""
        return not set(about) & set(self.facts.get("unsure", ()))

    def in_release(self, release: Release) -> bool:
        """Whether the release lists it."""
        if release.train != "emr":
            first = parse(self.facts.get("emr_spark", ""))
            return first is not None and first.version <= release.version
        first, last = parse(self.facts["first"]), parse(self.facts["last"] or "")
        assert first is not None
        if release.version < first.version or (last is not None and release.version > last.version):
            return False
        return not any(
            (start := parse(low)) and (end := parse(high)) and start.version <= release.version <= end.version
            for low, high in self.facts.get("except", ())
        )


@cache
def classification(name: str) -> Classification | None:
    """The classification ``name``; None if no release lists it."""
    facts = load("classifications.json")["classifications"].get(name)
    return None if facts is None else Classification(name, facts)


def classification_names() -> Iterable[str]:
    """The names of all classifications of all releases."""
    found: Mapping[str, Any] = load("classifications.json")["classifications"]
    return found.keys()


def lacks_for_sure(release: Release, known: Classification) -> bool:
    """Whether it is certain that ``release``, which doesn't list ``known``, doesn't have it."""
    if not known.is_sure("first", "last"):
        return False
    # Releases of one minor version have the same components.
    major, minor, _ = release.version
    of_the_minor = f"{release.train}-{major}.{minor}.0"
    read = _releases_read()
    if of_the_minor in read or release.label in read:
        return True
    last = parse(known.facts["last"] or "")
    return last is not None and any(
        last.version < other.version <= release.version
        for other in map(parse, read)
        if other and other.train == release.train
    )


@cache
def _releases_read() -> frozenset[str]:
    """The releases whose whole table was read, or lies between two that are equal."""
    coverage = load("classifications.json")["coverage"]
    return frozenset((*coverage["releases read"], *coverage["not read, between two equal tables"]))


def tools() -> Mapping[str, Mapping[str, Any]]:
    """The commands that steps run, with the applications that install them."""
    found: Mapping[str, Mapping[str, Any]] = load("classifications.json")["tools"]
    return found


def tool(name: str, release: Release | None) -> list[str]:
    """The applications that install the command ``name``; empty if every cluster has it or if they aren't known."""
    facts = tools().get(name)
    if facts is None or (facts.get("sure") is False and name not in _OF_NO_OTHER):
        return []
    since: Mapping[str, str] = facts.get("since", {})
    found: list[str] = facts["applications"]
    if _EVERY_CLUSTER in found:
        return []
    return [
        owner
        for owner in found
        if release is None or (first := parse(since.get(owner, ""))) is None or first.version <= release.version
    ]


def missing_owner(owners: Iterable[str], installed: Iterable[str], name: str) -> str | None:
    """The application to add, if a cluster with the applications ``installed`` has none of ``owners``.

    :param name: the classification or the command that the ``owners`` install.
    """
    having = {application.lower() for application in installed}
    known = list(owners)
    if not known or having & {owner.lower() for owner in known} or having & set(_WITHOUT_LIST):
        return None
    for owner in known:
        if name.startswith(owner.lower()):
            return owner
    return next((owner for owner in ("Hadoop", "Hive", "Spark") if owner in known), known[0])


@cache
def first_release_with(name: str, after: str) -> str | None:
    """The first release of the train of ``after`` that is later and lists the classification ``name``."""
    known, given = classification(name), parse(after)
    if known is None or given is None:
        return None
    later = [
        release
        for release in map(parse, known_labels())
        if release and release.train == given.train and release.version > given.version and known.in_release(release)
    ]
    return min(later, key=lambda release: release.version).label if later else None
