"""Predicts the effects of a stack update from the old and the new template.

Parameters have their defaults; what differs if the update keeps the old values is a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .differences import Outcome, is_same, leaves
from .display import joined, shown
from .effects import PARTS, ClusterUpdate, cluster_updates, owner_of
from .intrinsics import section
from .names import ResourceUpdate, name_conflicts, type_conflicts
from .published import published_calls, publishers
from .requests import CLUSTER, FLEET, STEP
from .sdk_calls import SCHEDULE, sdk_calls
from .state_machines import STATE_MACHINES, machine_calls
from .versions import Versions

if TYPE_CHECKING:
    from .graph import Graph
    from .intrinsics import Scenario
    from .state_machines import Call

__all__ = ["ClusterUpdate", "ResourceUpdate", "StackUpdate", "compare", "stack_update"]

_EFFECTS: Final = {
    Outcome.UNCHANGED: "doesn't change",
    Outcome.ADDED: "launches",
    Outcome.IN_PLACE: "updates in place",
    Outcome.MAY_REPLACE: "may replace",
    Outcome.REPLACED: "replaces",
    Outcome.DELETED: "deletes",
    Outcome.FAILS: "fails to update",
}
_HIDDEN: Final = "****"
_RETAINED: Final = "DeletionPolicy retains it outside of the stack"
_Calls: TypeAlias = "Callable[[Graph, Scenario, str], Iterator[Call]]"


@dataclass(frozen=True, slots=True)
class StackUpdate:
    """The effects of an update on a stack."""

    clusters: tuple[ClusterUpdate, ...]
    resources: tuple[ResourceUpdate, ...]
    """Resources that cause the update to fail or that a condition adds or removes, steps and nodes of clusters outside
    the template, and state machines and published requests that change."""


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ClusterUpdate]:
    """Return the effect on each cluster of updating a stack from the template ``old`` to ``new``."""
    return list(stack_update(old, new).clusters)


def stack_update(old: Mapping[str, Any], new: Mapping[str, Any]) -> StackUpdate:
    """Return the effects of updating a stack from the template ``old`` to ``new``."""
    old, new = _with_kept_parameters(old, new)
    update = _update(Versions(old, new))
    changed = list(_changed_defaults(old, new))
    if not changed:
        return update
    kept = _update(Versions(old, new, keeps_parameters=True))
    others = {other.cluster: other for other in kept.clusters}
    clusters = [_conditional(found, others.pop(found.cluster, None), changed) for found in update.clusters]
    only_kept = f"only if the update keeps the old value of {_parameters(changed)}"
    clusters += [replace(other, notes=(*other.notes, only_kept)) for other in others.values()]
    only_new = f"only if the stack uses the new default of {_parameters(changed)}"
    resources = [
        *(found if found in kept.resources else _noted(found, only_new) for found in update.resources),
        *(_noted(found, only_kept) for found in kept.resources if found not in update.resources),
    ]
    return StackUpdate(tuple(clusters), tuple(resources))


def _with_kept_parameters(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The templates with defaults as an update reads them: without a default, a parameter keeps its value.

    Defaults that ``NoEcho`` hides are masked.
    """
    before, after = section(old, "Parameters"), section(new, "Parameters")
    known = {name: section(before, name).get("Default") for name in before}
    both: tuple[dict[str, Any], dict[str, Any]] = ({**before}, {**after})
    for name in {*before, *after}:
        declared = [section(before, name), section(after, name)]
        values = [known.get(name), declared[1].get("Default", known.get(name))]
        is_hidden = any(str(item.get("NoEcho")).lower() == "true" for item in declared)
        if is_hidden and values[1] not in (None, "") and not is_same(*values):
            values[1] = f"{_HIDDEN} (new)"
        for side, value in enumerate(values):
            if name in both[side] and isinstance(both[side][name], Mapping) and value is not None:
                masks = is_hidden and value not in ("", f"{_HIDDEN} (new)")
                both[side][name] = {**both[side][name], "Default": _HIDDEN if masks else value}
    return [
        {**template, "Parameters": found} if "Parameters" in template else template
        for template, found in zip((old, new), both, strict=True)
    ]


def _update(versions: Versions) -> StackUpdate:
    conflicts = [*type_conflicts(versions), *name_conflicts(versions)]
    reasons = tuple(found.conflict for found in conflicts)
    names = {found.resource for found in conflicts}
    others = [found for found in _other_resources(versions) if found.resource not in names]
    return StackUpdate(tuple(cluster_updates(versions, reasons)), (*conflicts, *others))


def _other_resources(versions: Versions) -> Iterator[ResourceUpdate]:
    """Resources that a condition adds or removes, and the steps and nodes of clusters outside the template."""
    old, new = versions.graphs
    published = publishers(new, versions.scenarios[1])
    for name in dict.fromkeys([*old.resources, *new.resources]):
        kind = new.kind(name) or old.kind(name)
        exists = [versions.exists(side, name) for side in (0, 1)]
        is_part = kind in PARTS and all(graph.kind(name) in ("", kind) for graph in versions.graphs)
        if not any(exists) or kind == CLUSTER or (is_part and any(_owners(versions, name, exists))):
            continue
        if old.kind(name) == new.kind(name) and exists[0] != exists[1]:
            outcome = Outcome.DELETED if exists[0] else Outcome.ADDED
            side = 0 if exists[1] else 1
            why = versions.condition(side, name)
            consequences = (why, *([_RETAINED] if versions.is_retained(name) else []))
            yield ResourceUpdate(
                name, kind, outcome, (), consequences if exists[0] else (f"{why} in the old template",)
            )
        elif is_part:
            yield from _part(versions, name, kind, exists)
        elif kind in (*STATE_MACHINES, SCHEDULE) and versions.is_kept(name):
            effect = "changes apply to future executions; running clusters aren't affected"
            yield from _launches(versions, name, sdk_calls if kind == SCHEDULE else machine_calls, effect)
        elif name in published and versions.is_kept(name):
            effect = "changes apply to clusters that are launched later; running clusters aren't affected"
            yield from _launches(versions, name, published_calls, effect)


def _launches(versions: Versions, name: str, calls_of: _Calls, effect: str) -> Iterator[ResourceUpdate]:
    """The changes of the requests to EMR in a state machine, or of what is published."""
    before, after = (
        {call.path: call.request for call in calls_of(versions.graphs[side], versions.scenarios[side], name)}
        for side in (0, 1)
    )
    changes = tuple(
        change
        for path in dict.fromkeys([*before, *after])
        for change in leaves(before.get(path), after.get(path), path, Outcome.IN_PLACE)
    )
    if changes:
        yield ResourceUpdate(name, versions.graphs[1].kind(name), Outcome.IN_PLACE, changes, (effect,))


def _owners(versions: Versions, name: str, exists: list[bool]) -> Iterator[str | None]:
    return (owner_of(versions, side, name) for side in (0, 1) if exists[side])


def _part(versions: Versions, name: str, kind: str, exists: list[bool]) -> Iterator[ResourceUpdate]:
    """The effect on a step, an instance group or an instance fleet of a cluster outside the template."""
    what = PARTS[kind]
    if not exists[1]:
        effect = "isn't canceled or rolled back" if kind == STEP else "is resized to 0 nodes, not deleted"
        yield ResourceUpdate(name, kind, Outcome.DELETED, (), (f"the {what} {effect}",))
    elif not exists[0]:
        yield ResourceUpdate(name, kind, Outcome.ADDED)
    elif changes := tuple(versions.changes(name)):
        if name not in versions.replaced:
            yield ResourceUpdate(name, kind, max((it.outcome for it in changes), key=list(Outcome).index), changes)
        elif kind == FLEET:
            yield ResourceUpdate(name, kind, Outcome.FAILS, changes, ("a cluster can't have a second task fleet",))
        else:
            effect = "the step is submitted again" if kind == STEP else "the old instance group is resized to 0 nodes"
            yield ResourceUpdate(name, kind, Outcome.REPLACED, changes, (effect,))


def _changed_defaults(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    before, after = section(old, "Parameters"), section(new, "Parameters")
    for name in after:
        if name in before:
            values = (section(before, name).get("Default"), section(after, name).get("Default"))
            if not is_same(*values):
                yield (shown(name), *values)


def _parameters(changed: list[tuple[str, Any, Any]]) -> str:
    """The parameters whose default changes, each with the old and the new value."""
    named = [f"{name} ({shown(old, 'none')} -> {shown(new, 'none')})" for name, old, new in changed]
    return f"parameter{'' if len(named) == 1 else 's'} {joined(named)}"


def _conditional(
    found: ClusterUpdate, kept: ClusterUpdate | None, changed: list[tuple[str, Any, Any]]
) -> ClusterUpdate:
    """``found`` with what happens if the update keeps the values of parameters instead of using the new defaults."""
    if kept == found:
        return found
    if kept is not None and kept.outcome is found.outcome:
        notes = [
            f"only if {condition} {_parameters(changed)}: {'; '.join(effects)}"
            for condition, effects in (
                ("the stack uses the new default of", _only(found, kept)),
                ("the update keeps the old value of", _only(kept, found)),
            )
            if effects
        ]
        return replace(found, notes=(*found.notes, *notes))
    outcome = Outcome.UNCHANGED if kept is None else kept.outcome
    details = "" if kept is None else "; ".join(map(str, kept.changes))
    effect = f"{_EFFECTS[outcome]} the cluster{': ' + details if details else ''}"
    values = "value" if len(changed) == 1 else "values"
    note = f"this is so if the stack uses the new default of {_parameters(changed)}"
    return replace(
        found, notes=(*found.notes, f"{note}; an update that keeps the old {values} {effect}"), if_kept=outcome
    )


def _only(one: ClusterUpdate, other: ClusterUpdate) -> list[str]:
    """The changes and consequences of an update that another one doesn't have."""
    changes = [str(change) for change in one.changes if change not in other.changes]
    # Numbers of nodes follow from the changes.
    known = {consequence.partition(":")[0] for consequence in other.consequences}
    return changes + [text for text in one.consequences if text.partition(":")[0] not in known]


def _noted(found: ResourceUpdate, note: str) -> ResourceUpdate:
    return replace(found, consequences=(*found.consequences, note))
