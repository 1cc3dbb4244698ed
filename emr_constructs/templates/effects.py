"""The effects of an update on each cluster: what is replaced, lost, paid twice and run again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .differences import Change, Outcome, is_same
from .display import joined, shown
from .dns_names import moving_names
from .intrinsics import items, mapping, mappings, section
from .requests import CLUSTER, FLEET, GROUP, STEP
from .tokens import Reference

if TYPE_CHECKING:
    from .versions import Versions

__all__ = ["LOGICAL_ID", "PARTS", "ClusterUpdate", "cluster_updates", "owner_of"]

PARTS: Final = {STEP: "step", GROUP: "instance group", FLEET: "instance fleet"}
"""The resources that add something to a cluster, with their names for readers."""

LOGICAL_ID: Final = "(logical ID)"
"""The path of the change of a resource that seems to be another one with another logical ID."""

_OWNER: Final = {STEP: "JobFlowId", GROUP: "JobFlowId", FLEET: "ClusterId"}
_WITHDRAWN: Final = "removed from the template, but isn't canceled or rolled back"
_EMPTIED: Final = "resized to 0 nodes, not deleted"
_COUNTS: Final = ("InstanceCount", "TargetOnDemandCapacity", "TargetSpotCapacity")
_ONE_FLEET: Final = "a cluster can't have a second task instance fleet, and the old one can't be deleted"


@dataclass(frozen=True, slots=True)
class ClusterUpdate:
    """The effect of an update on a cluster."""

    cluster: str
    """The logical ID."""

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    consequences: tuple[str, ...] = ()
    """Effects of the update, such as lost data and double costs, one clause each."""

    notes: tuple[str, ...] = ()
    """What the effects depend on, and how to avoid them."""

    if_kept: Outcome | None = None
    """The outcome if the update keeps the old values of the parameters; None if it is the same."""


def cluster_updates(versions: Versions, conflicts: tuple[str, ...]) -> Iterator[ClusterUpdate]:
    """Yield the effect on each cluster of a template.

    :param conflicts: the resources that cause the update to fail, with the reason that clusters show.
    """
    return _Effects(versions, conflicts).updates()


def owner_of(versions: Versions, side: int, name: str) -> str | None:
    """Return the cluster of the same template that a step, an instance group or an instance fleet is added to."""
    graph, scenario = versions.graphs[side], versions.scenarios[side]
    value = scenario.value(graph.properties(name).get(_OWNER[graph.kind(name)]))
    return value.resource if isinstance(value, Reference) and graph.kind(value.resource) == CLUSTER else None


class _Effects:
    def __init__(self, versions: Versions, conflicts: tuple[str, ...]) -> None:
        self.versions = versions
        self.conflicts = conflicts

    def updates(self) -> Iterator[ClusterUpdate]:
        before, after = self.versions.of_kind(0, CLUSTER), self.versions.of_kind(1, CLUSTER)
        removed = [name for name in before if name not in after]
        added = [name for name in after if name not in before]
        renamed = self._renamed(removed, added)
        for name in before:
            if name in after:
                yield self._update(name)
        for name in removed:
            yield self._deleted(name, renamed.get(name))
        for name in added:
            if name not in renamed.values():
                yield self._failing(ClusterUpdate(name, Outcome.ADDED))

    def _renamed(self, removed: list[str], added: list[str]) -> dict[str, str]:
        """The removed resources, each with the added one that seems to be the same."""
        found: dict[str, str] = {}
        for name in removed:
            before = self.versions.properties(0, name)
            for other in added:
                after = self.versions.properties(1, other)
                same = sum(is_same(before[member], after.get(member)) for member in before)
                if other not in found.values() and 2 * same >= max(len(before), len(after)):
                    found[name] = other
                    break
        return found

    def _failing(self, update: ClusterUpdate) -> ClusterUpdate:
        """``update`` of a stack whose update fails as a whole."""
        if not self.conflicts or update.outcome is Outcome.UNCHANGED:
            return update
        reasons = tuple(f"the update fails and is rolled back, because {reason}" for reason in self.conflicts)
        later = (f"without this error, the cluster is {update.outcome}",) if update.consequences else ()
        consequences = (*reasons, *later, *update.consequences)
        return ClusterUpdate(update.cluster, Outcome.FAILS, update.changes, consequences, update.notes)

    def _update(self, name: str) -> ClusterUpdate:
        changes = self.versions.changes(name)
        outcomes = list(Outcome)
        outcome = max((change.outcome for change in changes), key=outcomes.index, default=Outcome.UNCHANGED)
        consequences: list[str] = []
        if outcome in (Outcome.REPLACED, Outcome.MAY_REPLACE):
            consequences += self._losses(name)
            consequences += self._doubled(name)
            steps = self._parts(1, STEP, name)
            consequences += [f"step {step} runs again on the new cluster" for step in steps]
            consequences += moving_names(self.versions, name, name)
        else:
            consequences += _in_place(changes, self.versions.properties(1, name))
            consequences += self._changed_parts(name)
        hints = _hints(self.versions.properties(0, name), self.versions.properties(1, name))
        notes = (*hints, *self._renamed_parts(name))
        if outcome is Outcome.UNCHANGED and consequences:
            outcome = Outcome.IN_PLACE
        found = ClusterUpdate(name, outcome, tuple(changes), tuple(consequences), notes)
        fleet = None if outcome in (Outcome.REPLACED, Outcome.MAY_REPLACE) else self._second_fleet(name)
        if fleet is not None:
            reason = f"the update fails and is rolled back: instance fleet {fleet} can't be added, because {_ONE_FLEET}"
            found = ClusterUpdate(name, Outcome.FAILS, tuple(changes), (reason, *consequences), notes)
        return self._failing(found) if found.outcome is not Outcome.FAILS else found

    def _deleted(self, name: str, successor: str | None) -> ClusterUpdate:
        if successor is None:
            consequences = list(self._losses(name))
            if self.versions.graphs[1].kind(name) == CLUSTER:
                consequences.insert(0, self.versions.condition(1, name))
            return self._failing(ClusterUpdate(name, Outcome.DELETED, consequences=tuple(consequences)))
        change = Change(LOGICAL_ID, name, successor, Outcome.REPLACED)
        hint = f"{successor} seems to be {name} with another logical ID; keep {name} to keep the cluster"
        moving = moving_names(self.versions, name, successor)
        consequences = [*self._losses(name), *self._doubled(name, successor), *moving]
        return self._failing(ClusterUpdate(name, Outcome.REPLACED, (change,), tuple(consequences), (hint,)))

    def _losses(self, name: str) -> Iterator[str]:
        properties = self.versions.properties(0, name)
        if self.versions.is_retained(name):
            yield "the old cluster is retained: it keeps running (and is billed) until you terminate it"
            return
        instances = section(properties, "Instances")
        core = _count(instances, "Core")
        nodes = "the core nodes" if core is None else f"{core} core node{'' if core == 1 else 's'}"
        yield f"data in HDFS on {nodes if core != 0 else 'the primary node'} is lost"
        yield "running steps are canceled"
        if str(instances.get("TerminationProtected")).lower() == "true":
            yield (
                "the old cluster is termination-protected, so CloudFormation can't delete it; "
                "set TerminationProtected to false in a separate update first"
            )

    def _doubled(self, name: str, successor: str = "") -> Iterator[str]:
        after = self.versions.properties(1, successor or name)
        old, new = self._nodes(0, name), self._nodes(1, successor or name)
        nodes = f": {old} old and {new} new nodes" if old and new else ""
        if not self.versions.is_retained(name):
            yield f"both clusters run (and are billed) until the new one is ready{nodes}"
        if after.get("Steps"):
            yield "the steps in the Steps property run again on the new cluster"

    def _nodes(self, side: int, cluster: str) -> int | None:
        """The number of nodes of a cluster, with those of groups that the template adds; None if it is unknown."""
        groups = [self.versions.properties(side, name) for name in self._parts(side, GROUP, cluster)]
        added = _sum(group.get("InstanceCount") for group in groups)
        nodes = _all_nodes(section(self.versions.properties(side, cluster), "Instances"))
        is_known = nodes is not None and added is not None and not self._parts(side, FLEET, cluster)
        return (nodes or 0) + (added or 0) if is_known else None

    def _parts(self, side: int, kind: str, cluster: str) -> list[str]:
        """The resources of a type that a version adds to a cluster."""
        found = self.versions.graphs[side].users(kind, cluster)
        return [
            name
            for name in found
            if self.versions.exists(side, name) and owner_of(self.versions, side, name) == cluster
        ]

    def _changed_parts(self, cluster: str) -> Iterator[str]:
        """The effects on steps and nodes that the template adds to a cluster that isn't replaced."""
        for kind, what in PARTS.items():
            before, after = self._parts(0, kind, cluster), self._parts(1, kind, cluster)
            removed = [name for name in before if name not in after]
            added = [name for name in after if name not in before]
            for name in after:
                if name in added:
                    yield f"{what} {name} is added"
                elif name in self.versions.replaced:
                    changed = ", ".join(change.path for change in self.versions.changes(name))
                    yield f"{what} {name} is {_again(kind)} ({changed})"
                elif changes := self.versions.changes(name):
                    is_unsure = any(change.outcome is Outcome.MAY_REPLACE for change in changes)
                    risk = f" (may require replacement, which fails: {_ONE_FLEET})" if is_unsure else ""
                    yield f"{what} {name} changes: {'; '.join(map(str, changes))}{risk}"
            for name in removed:
                because = ""
                if self.versions.graphs[1].kind(name) == kind:
                    because = f": {self.versions.condition(1, name)}"
                yield f"{what} {name} is {_WITHDRAWN if kind == STEP else _EMPTIED}{because}"

    def _renamed_parts(self, cluster: str) -> Iterator[str]:
        for kind, what in PARTS.items():
            before, after = self._parts(0, kind, cluster), self._parts(1, kind, cluster)
            removed = [name for name in before if name not in after]
            for old, new in self._renamed(removed, [name for name in after if name not in before]).items():
                yield f"{what} {new} seems to be {old} with another logical ID; keep {old} to avoid this change"

    def _second_fleet(self, cluster: str) -> str | None:
        """The task fleet that the update adds to a cluster that has one."""
        before = self._parts(0, FLEET, cluster)
        if not before and not section(self.versions.properties(0, cluster), "Instances").get("TaskInstanceFleets"):
            return None
        after = self._parts(1, FLEET, cluster)
        return next((name for name in after if name not in before or name in self.versions.replaced), None)


def _again(kind: str) -> str:
    if kind == STEP:
        return "submitted again"
    return f"replaced, which fails: {_ONE_FLEET}" if kind == FLEET else f"added again; the old one is {_EMPTIED}"


def _in_place(changes: list[Change], after: Mapping[str, Any]) -> Iterator[str]:
    resized = [change for change in changes if change.path.rpartition(".")[2] in _COUNTS]
    for change in resized:
        if change.path.startswith("Instances.Core") and _number(change.after) < _number(change.before):
            yield "core nodes are removed; EMR first moves their HDFS data to the remaining core nodes"
    if resized and "ManagedScalingPolicy" in after:
        yield "managed scaling also resizes the cluster; the update resets the counts to those in the template"


def _hints(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """How to avoid changes that have no effect but the replacement."""
    old, new = (
        [shown(item.get("Name")) for item in mappings(properties.get("Applications"))] for properties in (before, after)
    )
    spelled = {name.lower(): name for name in old}
    if changed := [spelled[name.lower()] for name in new if name.lower() in spelled and name not in old]:
        yield f"EMR ignores the case of application names; keep {joined(changed)} to avoid this change"
    if old != new and sorted(old) == sorted(new):
        yield f"only the order of the applications differs; keep {', '.join(old)} to avoid this change"


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return 0


def _count(instances: Mapping[str, Any], role: str) -> int | None:
    """The number of nodes in the instance groups of a role; None if it is unknown, as for fleets."""
    if f"{role}InstanceFleet" in instances or f"{role}InstanceFleets" in instances:
        return None
    found = [instances.get(f"{role}InstanceGroup"), *items(instances.get(f"{role}InstanceGroups"))]
    return _sum(mapping(group).get("InstanceCount") for group in found if group is not None)


def _sum(counts: Iterable[Any]) -> int | None:
    """The sum of ``counts``; None if one of them is unknown."""
    try:
        return sum(int(count) for count in counts)
    except (TypeError, ValueError, OverflowError):
        return None


def _all_nodes(instances: Mapping[str, Any]) -> int | None:
    counts = [_count(instances, role) for role in ("Master", "Core", "Task")]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
