"""The structures of the EMR API, by the name of their shape: their members, items, values and limits.

They come from the service model of EMR; modules of rules declare those that it does not describe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from .._core.spelling import RENAMED, ROLES
from ..data import load
from .registry import load_rules

__all__ = ["add_enum", "add_list", "add_shape", "did_you_mean", "meant", "shape_facts"]

_HOMES: Final = {
    "RunJobFlowInput": "the cluster",
    "JobFlowInstancesConfig": "Instances of the cluster",
    "AddInstanceGroupsInput": "the instance group",
    "SamlLakeFormationConfiguration": "LakeFormationConfiguration of the document",
    "LakeFormationConfiguration": "LakeFormationConfiguration of AuthorizationConfiguration",
}
_CLUSTER_IDS: Final = {"ClusterId", "JobFlowId"}
# Names of CloudFormation, with those of the API.
_OF_CLOUDFORMATION: Final = {
    **{spelled: name for names in RENAMED.values() for name, spelled in names.items()},
    **{spelled: listed for listed, found in ROLES.items() for spelled in found.properties.values()},
}
_SHAPES: Final[dict[str, dict[str, Any]]] = {}
"""The shapes that modules of rules declare."""


@cache
def _all_shapes() -> Mapping[str, Mapping[str, Any]]:
    load_rules()
    described: dict[str, dict[str, Any]] = load("api_shapes.json")
    return {**described, **_SHAPES}


_APART: Final[set[str]] = set()


def add_shape(
    name: str,
    members: Mapping[str, str],
    *,
    required: Iterable[str] = (),
    is_apart: bool = False,
    is_document: bool = False,
) -> None:
    """Declare a structure that the EMR service model does not describe, for rules over it.

    :param is_apart: it is no part of a request, so that a misplaced member never belongs in it.
    :param is_document: a JSON document, whose members the service model doesn't declare: unknown ones are warnings, and
        text stands for numbers and booleans.
    """
    facts = {"type": "structure", "members": dict(members), "required": list(required)}
    _SHAPES[name] = {**facts, "is_document": is_document}
    if is_apart:
        _APART.add(name)


def add_list(name: str, member: str) -> None:
    """Declare the list shape ``name`` of ``member`` shapes."""
    _SHAPES[name] = {"type": "list", "member": member}


def add_enum(name: str, values: Iterable[str]) -> None:
    """Declare the string shape ``name`` that only takes ``values``."""
    _SHAPES[name] = {"type": "string", "enum": list(values)}


def shape_facts(name: str) -> Mapping[str, Any]:
    """The facts about a shape: its type, and its members, items, values or limits."""
    return _all_shapes()[name]


def meant(member: object, members: Iterable[str]) -> str | None:
    """The one of ``members`` that another name misspells; None if it is like none of them."""
    plain = {name.lower(): name for name in sorted(members)}
    name = str(member).lower().replace("_", "")
    if name in plain:
        return plain[name]
    # Loaded only for a name that no structure has.
    from difflib import get_close_matches

    return next((plain[found] for found in get_close_matches(name, plain, n=1, cutoff=0.88)), None)


def did_you_mean(member: str, members: Iterable[str]) -> str:
    """What to use instead of ``member``, which a structure with ``members`` does not have."""
    known = sorted(members)
    near = meant(member, known)
    if near:
        return f"use {near!r}"
    spelled = _OF_CLOUDFORMATION.get(str(member))
    if spelled is not None and spelled in known:
        return f"use {spelled!r}; {member} is its name in CloudFormation"
    near = next((name for name in known if {name, member} == _CLUSTER_IDS), None)
    if near:
        return f"use {near!r}"
    homes = [name for name, shape in _all_shapes().items() if name not in _APART and member in shape.get("members", ())]
    # A name that many structures have, such as Name, tells nothing about where it belongs.
    return f"it belongs in {_HOMES.get(homes[0], homes[0])}" if len(homes) == 1 else f"use {', '.join(known)}"
