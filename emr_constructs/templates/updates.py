"""Predicts the effects of a stack update on its clusters from the old and the new template.

Parameters have their defaults. The properties that replace a resource are in ``data/cloudformation.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..data import load
from .differences import Change, Outcome, differences
from .graph import Graph
from .intrinsics import Scenario, items, mapping, section
from .macros import expanded
from .requests import CLUSTER, FLEET, GROUP, KINDS, STEP

__all__ = ["ClusterUpdate", "compare"]

_TOKEN: Final = re.compile(r"\$\{Token\[([^.\]]+)\.([^\]]+)\]\}")
_WITHDRAWN: Final = "removed from the template, but isn't canceled or rolled back"
_EMPTIED: Final = "resized to 0 nodes, not deleted"
_COUNTS: Final = ("InstanceCount", "TargetOnDemandCapacity", "TargetSpotCapacity")


@dataclass(frozen=True, slots=True)
class ClusterUpdate:
    """The effect of an update on a cluster."""

    cluster: str
    """The logical ID."""

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    consequences: tuple[str, ...] = ()
    """Effects of the update, such as lost data and double costs, one clause each."""


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ClusterUpdate]:
    """Return the effect on each cluster of updating a stack from the template ``old`` to ``new``."""
    before, after = (expanded(template, keeps_processed=True).template for template in (old, new))
    return list(_Comparison(before, after).updates())


class _Comparison:
    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self.graphs = (Graph(old), Graph(new))
        self.scenarios = (Scenario(old), Scenario(new))
        self.replaced: frozenset[str] = frozenset()
        # A security configuration can refer to a key, a profile to a role: replacing one replaces the other.
        while (found := frozenset(self._replaced())) != self.replaced:
            self.replaced = found

    def updates(self) -> Iterator[ClusterUpdate]:
        before, after = self._clusters(0), self._clusters(1)
        removed = [name for name in before if name not in after]
        added = [name for name in after if name not in before]
        for name in before:
            if name in after:
                yield self._update(name)
        renamed = dict(zip(removed, added, strict=False))
        for name in removed:
            yield self._deleted(name, renamed.get(name))
        for name in added:
            if name not in renamed.values():
                yield ClusterUpdate(name, Outcome.ADDED)

    def _clusters(self, side: int) -> list[str]:
        graph, scenario = self.graphs[side], self.scenarios[side]
        return [name for name in graph.of_kind(CLUSTER) if scenario.exists(graph.resources[name])]

    def _properties(self, side: int, name: str) -> Mapping[str, Any]:
        found = mapping(self.scenarios[side].value(self.graphs[side].properties(name)))
        return {key: self._marked(item) for key, item in found.items()} if side else found

    def _marked(self, value: Any) -> Any:
        """``value`` of the new template; values of replaced resources differ from those of the old template."""
        if isinstance(value, str):
            return _TOKEN.sub(
                lambda match: f"${{Token[new {match[1]}.{match[2]}]}}" if match[1] in self.replaced else match[0],
                value,
            )
        if isinstance(value, Mapping):
            return {key: self._marked(item) for key, item in value.items()}
        return [self._marked(item) for item in value] if isinstance(value, list) else value

    def _replaced(self) -> Iterator[str]:
        """The resources that the update replaces, of the types whose update behavior is known."""
        facts = load("cloudformation.json")
        for name in self.graphs[1].resources:
            kind = self.graphs[1].kind(name)
            if not self.graphs[0].kind(name):
                continue
            if kind != self.graphs[0].kind(name):
                yield name
            elif kind in KINDS:
                if any(change.outcome is Outcome.REPLACED for change in self._changes(name)):
                    yield name
            elif kind in facts["replaced_by"]:
                before, after = self._properties(0, name), self._properties(1, name)
                if any(before.get(member) != after.get(member) for member in facts["replaced_by"][kind]):
                    yield name

    def _changes(self, name: str) -> list[Change]:
        members = load("cloudformation.json")["resources"][self.graphs[1].kind(name)]
        return list(differences(members, self._properties(0, name), self._properties(1, name), ""))

    def _update(self, name: str) -> ClusterUpdate:
        changes = self._changes(name)
        outcomes = list(Outcome)
        outcome = max((change.outcome for change in changes), key=outcomes.index, default=Outcome.UNCHANGED)
        consequences: list[str] = []
        if outcome in (Outcome.REPLACED, Outcome.MAY_REPLACE):
            consequences += self._losses(name)
            consequences += self._doubled(name)
            consequences += [f"step {step} runs again on the new cluster" for step in self.graphs[1].users(STEP, name)]
        else:
            consequences += _in_place(changes, self._properties(1, name))
            consequences += self._changed_parts(name)
        if outcome is Outcome.UNCHANGED and consequences:
            outcome = Outcome.IN_PLACE
        return ClusterUpdate(name, outcome, tuple(changes), tuple(consequences))

    def _deleted(self, name: str, successor: str | None) -> ClusterUpdate:
        if successor is None:
            return ClusterUpdate(name, Outcome.DELETED, consequences=tuple(self._losses(name)))
        change = Change("(logical ID)", name, successor, Outcome.REPLACED)
        return ClusterUpdate(name, Outcome.REPLACED, (change,), (*self._losses(name), *self._doubled(name, successor)))

    def _losses(self, name: str) -> Iterator[str]:
        properties = self._properties(0, name)
        resource = self.graphs[0].resources[name]
        if "Retain" in (resource.get("UpdateReplacePolicy"), resource.get("DeletionPolicy")):
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
        before, after = self._properties(0, name), self._properties(1, successor or name)
        old, new = _all_nodes(section(before, "Instances")), _all_nodes(section(after, "Instances"))
        nodes = f": {old} old and {new} new nodes" if old and new else ""
        yield f"both clusters run (and are billed) until the new one is ready{nodes}"
        if after.get("Steps"):
            yield "the steps in the Steps property run again on the new cluster"

    def _changed_parts(self, cluster: str) -> Iterator[str]:
        """The effects on steps and nodes that the template adds to a cluster that isn't replaced."""
        old, new = self.graphs
        for kind, what in ((STEP, "step"), (GROUP, "instance group"), (FLEET, "instance fleet")):
            for name in new.users(kind, cluster):
                if old.kind(name) != kind:
                    yield f"{what} {name} is added"
                elif name in self.replaced:
                    changed = ", ".join(change.path for change in self._changes(name))
                    again = "submitted again" if kind == STEP else f"added again; the old one is {_EMPTIED}"
                    yield f"{what} {name} is {again} ({changed})"
                elif changes := self._changes(name):
                    yield f"{what} {name} changes: {'; '.join(map(str, changes))}"
            for name in old.users(kind, cluster):
                if new.kind(name) != kind:
                    yield f"{what} {name} is {_WITHDRAWN if kind == STEP else _EMPTIED}"


def _in_place(changes: list[Change], after: Mapping[str, Any]) -> Iterator[str]:
    resized = [change for change in changes if change.path.rpartition(".")[2] in _COUNTS]
    for change in resized:
        if change.path.startswith("Instances.Core") and _number(change.after) < _number(change.before):
            yield "core nodes are removed; EMR first moves their HDFS data to the remaining core nodes"
    if resized and "ManagedScalingPolicy" in after:
        yield "managed scaling also resizes the cluster; the update resets the counts to those in the template"


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0


def _count(instances: Mapping[str, Any], role: str) -> int | None:
    """The number of nodes in the instance groups of a role; None if it is unknown, as for fleets."""
    if f"{role}InstanceFleet" in instances or f"{role}InstanceFleets" in instances:
        return None
    found = [instances.get(f"{role}InstanceGroup"), *items(instances.get(f"{role}InstanceGroups"))]
    counts: list[Any] = [mapping(group).get("InstanceCount") for group in found if group is not None]
    try:
        return sum(int(count) for count in counts)
    except (TypeError, ValueError):
        return None


def _all_nodes(instances: Mapping[str, Any]) -> int | None:
    counts = [_count(instances, role) for role in ("Master", "Core", "Task")]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
