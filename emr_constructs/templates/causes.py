"""Misspelt attributes and keys of resources, and findings that follow from what is misspelt: one cause, one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import Finding, Severity
from ..rules.acknowledgments import METADATA_KEY
from ..rules.shapes import meant
from .intrinsics import section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .graph import Graph

__all__ = ["misspelt_acknowledgments", "misspelt_attributes", "without_consequences"]

_ATTRIBUTES: Final = (
    "Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdatePolicy",
    "UpdateReplacePolicy",
)  # fmt: skip
_UNKNOWN: Final = "emr-unknown-property"
_NODES: Final = frozenset(
    f"{role}Instance{kind}" for role in ("Master", "Core", "Task") for kind in ("Group", "Groups", "Fleet", "Fleets")
)
# By rule about what is missing, the names that are reported if they are in another place.
_MISSED: Final = {
    "emr-release-label-missing": frozenset({"ReleaseLabel"}),
    "emr-no-subnet": frozenset({"Ec2SubnetId", "Ec2SubnetIds", "SubnetId", "SubnetIds"}),
    "emr-no-nodes": _NODES | {"InstanceGroups", "InstanceFleets"},
}
_NAMES: Final = frozenset[str]().union(*_MISSED.values())


def without_consequences(findings: Sequence[Finding]) -> Iterable[Finding]:
    """Return the ``findings`` without those that something is missing that is reported in another place."""
    if not any(finding.rule == _UNKNOWN for finding in findings):
        return findings
    misplaced: dict[str, set[str]] = {}
    for finding in findings:
        if finding.rule == _UNKNOWN:
            name = finding.path.rpartition(".")[2]
            misplaced.setdefault(finding.resource, set()).update((name, meant(name, _NAMES) or name))
    return [
        finding
        for finding in findings
        if _MISSED.get(finding.rule, frozenset()).isdisjoint(misplaced.get(finding.resource, ()))
    ]


def misspelt_attributes(resource: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the findings in the attributes of a resource that misspell another one, with paths in the resource."""
    for name in resource:
        near = meant(name, _ATTRIBUTES) if name not in _ATTRIBUTES else None
        if near and near not in resource:
            message = f"a resource has no {name!r}"
            yield Finding(_UNKNOWN, Severity.ERROR, message, f"use {near!r}", str(name))


def misspelt_acknowledgments(graph: Graph) -> Iterator[tuple[str, Finding]]:
    """Yield the findings in keys of metadata that misspell the one of acknowledgments, each with its resource."""
    for name, resource in graph.resources.items():
        for key in section(resource, "Metadata"):
            is_like = isinstance(key, str) and key != METADATA_KEY and key.lower().startswith("emr")
            if is_like and meant(key, (METADATA_KEY.replace("-", ""),)) is not None:
                message = f"acknowledgments must have the key {METADATA_KEY!r} in the metadata, got {key!r}"
                yield name, Finding("emr-acknowledgment", Severity.ERROR, message, f"use {METADATA_KEY}", str(key))
