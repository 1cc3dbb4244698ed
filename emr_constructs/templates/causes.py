"""Misspelled attributes and keys of resources, and findings that follow from other findings: one cause, one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import Finding, Severity
from .._core.nearest import nearest
from ..rules.acknowledgments import METADATA_KEY
from ..rules.corrections import choice

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["misspelled_acknowledgments", "misspelled_attributes", "without_consequences"]

_ATTRIBUTES: Final = (
    "Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdatePolicy",
    "UpdateReplacePolicy",
)  # fmt: skip
_KEYS: Final = (METADATA_KEY, METADATA_KEY.replace("-", ""))
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
            misplaced.setdefault(finding.resource, set()).update((name, choice(name, _NAMES) or name))
    return [
        finding
        for finding in findings
        if _MISSED.get(finding.rule, frozenset()).isdisjoint(misplaced.get(finding.resource, ()))
    ]


def misspelled_attributes(resource: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the findings in the attributes of a resource that misspell another one, with paths in the resource."""
    for name in resource:
        near = choice(str(name), _ATTRIBUTES) if name not in _ATTRIBUTES else None
        if near and near not in resource:
            message = f"a resource has no {name!r}"
            yield Finding(_UNKNOWN, Severity.ERROR, message, f"use {near!r}", str(name))


def misspelled_acknowledgments(described: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Finding]]:
    """Yield the findings in keys that misspell the one of acknowledgments, each with its resource.

    :param described: the metadata of resources, by their logical IDs.
    """
    for name, metadata in described.items():
        for key in metadata:
            is_like = isinstance(key, str) and key != METADATA_KEY and key[:3].lower() == "emr"
            if is_like and nearest(key.lower().replace("_", "-"), _KEYS, cutoff=0.88):
                message = f"acknowledgments must have the key {METADATA_KEY!r} in the metadata, got {key!r}"
                yield name, Finding("emr-acknowledgment", Severity.ERROR, message, f"use {METADATA_KEY}", str(key))
