"""What to use instead of a name that a structure doesn't have, or of a string that is none of the choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from .._core.spelling import ROLES
from .shapes import homes_of, shape_facts

__all__ = ["Correction", "choice", "correction", "type_fix"]

# Names of the AWS CLI, of other resources and of other ways to write a request, in lower case.
_OTHER_NAMES: Final = {
    "additionalcoresecuritygroups": ("AdditionalSlaveSecurityGroups",),
    "clusterid": ("JobFlowId", "JobFlowIds"),
    "configurationproperties": ("Properties",),
    "ebsblockdevices": ("EbsConfiguration",),
    "ec2instanceprofile": ("JobFlowRole",),
    "emrmanagedcoresecuritygroup": ("EmrManagedSlaveSecurityGroup",),
    "instanceprofile": ("JobFlowRole",),
    "instancegrouptype": ("InstanceRole",),
    "jobflowid": ("ClusterId",),
    "jobflowids": ("ClusterId",),
    "name": ("Key",),
    "properties": ("ConfigurationProperties", "StepProperties"),
    "releaseversion": ("ReleaseLabel",),
    "scriptpath": ("ScriptBootstrapAction",),
    "stepproperties": ("Properties",),
    **{
        property_.lower(): (listed,) for listed, found in ROLES.items() for property_ in found.properties.values()
    },
}  # fmt: skip
# Structures that users know by another name.
_HOMES: Final = {
    "AddInstanceGroupsInput": "the instance group",
    "JobFlowInstancesConfig": "Instances of the cluster",
    "LakeFormationConfiguration": "LakeFormationConfiguration of AuthorizationConfiguration",
    "SamlLakeFormationConfiguration": "LakeFormationConfiguration of the document",
}
_SHORTEST: Final = 4
# What a text can stand for in a list of structures.
_NAMED: Final = {"Application": "Name", "InstanceTypeConfig": "InstanceType"}
_TEXTS: Final = ("String", "XmlString", "XmlStringMaxLen256")
_CLUSTER: Final = "RunJobFlowInput"


class Correction(NamedTuple):
    """What to use instead of a name."""

    fix: str
    member: str | None = None
    """The member of the structure that is meant; None if it isn't known."""


def correction(name: str, members: Mapping[str, str]) -> Correction:
    """What to use instead of ``name``, which a structure with ``members`` doesn't have.

    :param members: the names of the members, and the shapes of their values.
    """
    folded = _folded(name)
    known = {_folded(member): member for member in members}
    plural = known.get(f"{folded}s") or known.get(folded.removesuffix("s"))
    others = (other for other in _OTHER_NAMES.get(folded, ()) if other in members)
    meant = known.get(folded) or plural or next(others, None)
    if meant is not None:
        return Correction(f"use {meant!r}", meant)
    holders = [member for member, shape in members.items() if name in _members_of(shape)]
    if len(holders) == 1:
        return Correction(f"it belongs in {holders[0]}", holders[0])
    if name in _members_of(_CLUSTER) and name != "Name":
        return Correction("it belongs in the properties of the cluster")
    homes = homes_of(name)
    if len(homes) == 1:
        # A name that many structures have, such as Name, doesn't tell where it belongs.
        return Correction(f"it belongs in {_HOMES.get(homes[0], homes[0])}")
    near = _near(folded, known)
    return Correction(f"use {near!r}", near) if near else Correction(f"use {', '.join(sorted(members))}")


def choice(value: str, choices: Iterable[str]) -> str | None:
    """The one of ``choices`` that ``value`` is a misspelling of."""
    known = {_folded(text): text for text in choices}
    folded = _folded(value)
    return known.get(folded) or (_near(folded, known) if len(folded) >= _SHORTEST else None)


def type_fix(shape: str, described: str, value: object) -> str:
    """The fix for a value that must be what ``described`` says."""
    if isinstance(value, str) and shape in _NAMED:
        return f"use {{{_NAMED[shape]!r}: {(value.partition('=')[2] or value)!r}}}"
    if isinstance(value, str) and described == "a list" and shape_facts(shape)["member"] in _TEXTS:
        return f"use a list with an item for each word, such as {value.replace(',', ' ').split()[:2]}"
    return f"use {described}"


def _folded(name: str) -> str:
    return str(name).lower().replace("_", "").replace("-", "").strip()


def _members_of(shape: str) -> Iterable[str]:
    try:
        facts = shape_facts(shape)
    except KeyError:  # a type of CloudFormation only
        return ()
    if facts["type"] == "list":
        return ()
    members: Iterable[str] = facts.get("members", ())
    return members


def _near(folded: str, known: Mapping[str, str]) -> str | None:
    parts = [
        other
        for other in known
        if min(len(folded), len(other)) >= _SHORTEST
        and (other.startswith(folded) or other.endswith(folded) or folded.startswith(other))
    ]
    if parts:
        return known[min(parts, key=lambda other: (abs(len(other) - len(folded)), other))]
    return _similar(folded, tuple(sorted(known.items())))


@lru_cache(maxsize=1024)
def _similar(folded: str, known: tuple[tuple[str, str], ...]) -> str | None:
    # Loaded only for a name that isn't known.
    from difflib import get_close_matches

    found = get_close_matches(folded, [name for name, _ in known], n=1, cutoff=0.8)
    return dict(known)[found[0]] if found else None
