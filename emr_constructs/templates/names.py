"""Updates that fail because a resource has a name of its own, or gets another type.

CloudFormation creates a new resource before it deletes the one that it replaces, so both would have the same name.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .differences import Change, Outcome, is_same
from .display import shown
from .versions import replacement_facts

if TYPE_CHECKING:
    from .versions import Versions

__all__ = ["ResourceUpdate", "name_conflicts", "type_conflicts"]

# What the transform of SAM creates for a resource can have the same logical ID.
_EXPANDED: Final = "AWS::Serverless::"


@dataclass(frozen=True, slots=True)
class ResourceUpdate:
    """The effect of an update on a resource that is no cluster."""

    resource: str
    """The logical ID."""

    kind: str
    """The type, such as ``AWS::IAM::Role``."""

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    consequences: tuple[str, ...] = ()
    conflict: str = ""
    """Why the update of the stack fails because of the resource, as one clause; empty if it doesn't."""


def type_conflicts(versions: Versions) -> Iterator[ResourceUpdate]:
    """Yield the resources that have another type than before with the same logical ID, which CloudFormation rejects."""
    old, new = versions.graphs
    for name in new.resources:
        before, after = old.kind(name), new.kind(name)
        both = versions.exists(0, name) and versions.exists(1, name)
        if both and before != after and not before.startswith(_EXPANDED) and not after.startswith(_EXPANDED):
            change = Change("Type", before, after, Outcome.FAILS)
            why = f"CloudFormation can't change the type of a resource; use another logical ID than {name}"
            yield ResourceUpdate(name, after, Outcome.FAILS, (change,), (why,), f"the type of {name} can't change")


def name_conflicts(versions: Versions) -> Iterator[ResourceUpdate]:
    """Yield the resources that CloudFormation can't create, because another resource still has their name."""
    new = versions.graphs[1]
    for name in new.resources:
        kind = new.kind(name)
        facts = replacement_facts(kind)
        if "name" not in facts or not versions.exists(1, name):
            continue
        if versions.is_kept(name):
            if name in versions.replaced and _has_same_name(versions, facts, name, name):
                yield _unreplaceable(versions, name, facts["name"])
            continue
        for other in versions.of_kind(0, kind):
            is_removed = not versions.exists(1, other) or new.kind(other) != kind
            if is_removed and _has_same_name(versions, facts, other, name):
                yield _renamed(versions, other, name, facts["name"])


def _has_same_name(versions: Versions, facts: Mapping[str, Any], old: str, new: str) -> bool:
    before, after = versions.properties(0, old), versions.properties(1, new)
    scope = (facts["name"], *facts.get("unique_within", ()))
    return before.get(facts["name"]) is not None and all(
        is_same(before.get(member), after.get(member)) for member in scope
    )


def _unreplaceable(versions: Versions, name: str, member: str) -> ResourceUpdate:
    changes = tuple(change for change in versions.changes(name) if change.outcome is Outcome.REPLACED)
    called = shown(versions.properties(1, name).get(member))
    why = f"CloudFormation can't replace a resource that keeps its custom name {called}; change or remove {member}"
    conflict = f"{name} keeps its custom name and can't be replaced"
    return ResourceUpdate(name, versions.graphs[1].kind(name), Outcome.FAILS, changes, (why,), conflict)


def _renamed(versions: Versions, old: str, new: str, member: str) -> ResourceUpdate:
    called = shown(versions.properties(1, new).get(member))
    why = (
        f"CloudFormation creates {new} before it deletes {old}, which has the same name {called}; "
        f"keep the logical ID {old}, or change {member}"
    )
    change = Change("(logical ID)", old, new, Outcome.REPLACED)
    conflict = f"{new} can't be created while {old} has the same name"
    return ResourceUpdate(new, versions.graphs[1].kind(new), Outcome.FAILS, (change,), (why,), conflict)
