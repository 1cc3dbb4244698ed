"""Values that the library requires at synth time, although a template only has them at deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.spelling import ROLES
from ..templates.intrinsics import items, mapping

if TYPE_CHECKING:
    from .expressions import Expressions

__all__ = ["without", "without_tokens"]

_GROUPS: Final = "InstanceGroups"
_LABEL: Final = "ReleaseLabel"
_MARKET: Final = "Market"


def without(request: Mapping[str, Any], member: str) -> dict[str, Any]:
    """Return a request without a member."""
    return {name: value for name, value in request.items() if name != member}


def without_tokens(request: Mapping[str, Any], context: Expressions) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Return the request of a cluster without these values, and the properties that have them."""
    replaced: dict[str, Any] = {}
    if context.is_token(request.get(_LABEL)):
        replaced[_LABEL] = request[_LABEL]
        request = without(request, _LABEL)
    instances = mapping(request.get("Instances"))
    groups, counts = [], dict.fromkeys(ROLES[_GROUPS].properties, 0)
    for group in items(instances.get(_GROUPS)):
        role = str(group.get(ROLES[_GROUPS].role_member)) if isinstance(group, Mapping) else ""
        if role in counts and context.is_token(group.get(_MARKET)):
            name = ROLES[_GROUPS].properties[role]
            index = f".{counts[role]}" if role == "TASK" else ""
            replaced[f"Instances.{name}{index}.{_MARKET}"] = group[_MARKET]
            groups.append(without(group, _MARKET))
        else:
            groups.append(group)
        if role in counts:
            counts[role] += 1
    if any(path.endswith(_MARKET) for path in replaced):
        request = {**request, "Instances": {**instances, _GROUPS: groups}}
    return request, replaced
