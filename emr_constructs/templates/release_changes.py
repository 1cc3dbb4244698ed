"""Compares two releases: what they run on, their applications, classifications, features and instance types.

What the data doesn't state is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from .._core.unknown import is_unknown
from ..rules.instance_types import supports, type_names
from ..rules.known_software import Classification, classification, classification_names, lacks_for_sure
from ..rules.lifecycles import lifecycle
from ..rules.releases import Release, applications, feature, feature_names, known_labels, parse, renamed_application
from .checking import cluster_findings
from .intrinsics import items, mapping
from .joined import joined
from .requests import CLUSTER

if TYPE_CHECKING:
    from ..rules import Finding
    from .launches import Launch

__all__ = ["Change", "ReleaseChanges", "Replaced", "Use", "release_changes", "use_of"]

_SYSTEMS: Final = {"AL1": "Amazon Linux 1", "AL2": "Amazon Linux 2", "AL2023": "Amazon Linux 2023"}
# Also a component of releases that don't list it as an application.
_EVERYWHERE: Final = "hadoop"
_OF_ONE_FAMILY: Final = "instance types of the "


@dataclass(frozen=True, slots=True)
class Change:
    """A fact of both releases, which may be the same."""

    name: str
    old: str | None
    """None if the old release doesn't have it."""

    new: str | None
    note: str = ""
    """``added``, ``removed``, or the new name."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A classification that the old release lists and the new one doesn't."""

    name: str
    replacement: str | None
    """The name in the new release; None if it has none."""

    is_certain: bool
    """Whether it is certain that the new release rejects the old name; otherwise it only isn't documented."""


@dataclass(frozen=True, slots=True)
class Use:
    """What the clusters of a file use."""

    applications: frozenset[str] | None
    """In lower case; None if the file doesn't determine them."""

    classifications: frozenset[str]
    instance_types: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReleaseChanges:
    """The differences between two releases."""

    old: str
    new: str
    day: str
    """The day of the state."""

    support: tuple[Change, ...]
    """The state and the dates of both releases."""

    environment: tuple[Change, ...]
    """Operating system and languages of both releases."""

    applications: tuple[Change, ...]
    classifications: tuple[Replaced, ...]
    features_gained: tuple[str, ...]
    features_lost: tuple[str, ...]
    instance_types_gained: tuple[str, ...]
    instance_types_lost: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    """What rules find in the clusters of the file with the new release and not with the old one. Paths are those of a
    RunJobFlow request; of nodes and steps that other resources add, those in their properties."""


def release_changes(old: str, new: str, day: date, launches: Sequence[Launch] | None = None) -> ReleaseChanges:
    """Compare two releases that are known.

    :param day: the day of their state.
    :param launches: limit applications, classifications and instance types to those in use.
    """
    use = None if launches is None else use_of(launches)
    before, after = parse(old), parse(new)
    assert before is not None
    assert after is not None
    known = [feature(name) for name in feature_names()]
    features = [(it.title, it.in_version(before.version), it.in_version(after.version)) for it in known]
    types = [(name, supports(old, name), supports(new, name)) for name in type_names()]
    if use is not None:
        types = [found for found in types if found[0] in use.instance_types]
    return ReleaseChanges(
        old=old,
        new=new,
        day=day.isoformat(),
        support=tuple(_support(old, new, day)),
        environment=tuple(_environment(old, new)),
        applications=tuple(_applications(old, new, use)),
        classifications=tuple(_classifications(before, after, use)),
        features_gained=tuple(_titles(title for title, had, has in features if has and not had)),
        features_lost=tuple(_titles(title for title, had, has in features if had and not has)),
        # None if EMR's responses contradict each other.
        instance_types_gained=tuple(name for name, had, has in types if had is False and has),
        instance_types_lost=tuple(name for name, had, has in types if had and has is False),
        findings=tuple(_findings(old, new, launches or ())),
    )


def _support(old: str, new: str, day: date) -> Iterator[Change]:
    dates = [lifecycle(label) for label in (old, new)]
    yield from _change("state", *(found and found.support_on(day) for found in dates))
    for name, member in (
        ("released", "released"),
        ("standard support until", "standard_support_until"),
        ("extended support until", "extended_support_until"),
        ("end of life", "end_of_life"),
    ):
        yield from _change(name, *(getattr(found, member, None) for found in dates))


def _environment(old: str, new: str) -> Iterator[Change]:
    facts = [known_labels()[label] for label in (old, new)]
    for name, member in (
        ("operating system", "os"),
        ("Java by default", "java"),
        ("Python", "python"),
        ("Python of PySpark", "pyspark_python"),
        ("Scala", "scala"),
    ):
        yield from _change(name, *(_shown(found.get(member)) for found in facts))


def _shown(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return None if value is None else _SYSTEMS.get(str(value), str(value))


def _change(name: str, old: object, new: object) -> Iterator[Change]:
    if old is not None or new is not None:
        yield Change(name, None if old is None else str(old), None if new is None else str(new))


def _applications(old: str, new: str, use: Use | None) -> Iterator[Change]:
    before, after = applications(old), applications(new)
    gone = before.keys() - after.keys()
    names = {name: renamed for name in gone if (renamed := renamed_application(name, new))}
    for name in sorted({*before, *after}.difference(names.values()), key=str.lower):
        had, has = before.get(name), after.get(names.get(name, name))
        is_used = use is None or use.applications is None or name.lower() in use.applications
        if not is_used or (name.lower() == _EVERYWHERE and not (had and has)):
            continue
        note = f"renamed {names[name]}" if name in names else "removed" if not has else "" if had else "added"
        yield Change(name, had, has, note)


def _classifications(before: Release, after: Release, use: Use | None) -> Iterator[Replaced]:
    for name in sorted(classification_names()):
        known = classification(name)
        if known is None or not known.in_release(before) or known.in_release(after):
            continue
        if use is None or name in use.classifications:
            yield Replaced(name, _replacement(known, after), _is_certain(known, after))


def _is_certain(known: Classification, after: Release) -> bool:
    """Whether a release is certain to reject a classification that it doesn't list, or all that it is nested in."""
    outer = [classification(name) for name in known.parents or ()]
    return lacks_for_sure(after, known) or (
        bool(outer) and all(it is not None and not it.in_release(after) and _is_certain(it, after) for it in outer)
    )


def _replacement(known: Classification, after: Release) -> str | None:
    """The name of a classification in another release, which may be older."""
    later = known
    while later.replacement is not None and (found := classification(later.replacement)) is not None:
        later = found
        if later.in_release(after):
            return later.name
    earlier = (found for name in classification_names() if (found := classification(name)) is not None)
    return next((it.name for it in earlier if it.replacement == known.name and it.in_release(after)), None)


def _titles(titles: Iterable[str]) -> list[str]:
    # Families of instance types are listed by themselves.
    return sorted(title for title in titles if not title.startswith(_OF_ONE_FAMILY))


def _findings(old: str, new: str, launches: Sequence[Launch]) -> Iterator[Finding]:
    for launch in launches:
        before, after = _with_release(launch, old), _with_release(launch, new)
        known = {(finding.resource, finding.rule, finding.path) for finding in before}
        for finding in after:
            if (finding.resource, finding.rule, finding.path) not in known:
                yield finding


def _with_release(launch: Launch, label: str) -> list[Finding]:
    """The findings in a cluster if it had a release, together with what other resources add to it."""
    request, graph, name = {**launch.request, "ReleaseLabel": label}, launch.graph, launch.where
    is_resource = graph.kind(name) == CLUSTER
    found = cluster_findings(graph, launch.scenario, request, in_template=is_resource)
    added = joined(graph, launch.scenario, name, request, found) if is_resource else ()
    return [changed(finding, resource=owner) for owner, finding in (*((name, it) for it in found), *added)]


def use_of(launches: Sequence[Launch]) -> Use:
    """Return what the clusters use."""
    listed = [launch.request.get("Applications", []) for launch in launches]
    names = [mapping(item).get("Name") for found in listed for item in items(found)]
    is_complete = all(isinstance(found, list) for found in listed) and not any(map(_is_open, names))
    classifications: set[str] = set()
    types: set[str] = set()
    for launch in launches:
        for place in (launch.request, *(nodes for _, nodes in launch.nodes)):
            _collect(place, classifications, types)
    used = frozenset((_EVERYWHERE, *(str(name).lower() for name in names))) if is_complete else None
    return Use(used, frozenset(classifications), frozenset(types))


def _is_open(name: object) -> bool:
    return not isinstance(name, str) or is_unknown(name)


def _collect(value: Any, classifications: set[str], types: set[str]) -> None:
    """Add the classifications and instance types that are anywhere in a request."""
    if isinstance(value, Mapping):
        for name, found in (("Classification", classifications), ("InstanceType", types)):
            if isinstance(value.get(name), str) and not is_unknown(value[name]):
                found.add(value[name])
        for member, inside in value.items():
            if member != "Properties":
                _collect(inside, classifications, types)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect(item, classifications, types)
