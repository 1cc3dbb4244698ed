"""Shorthand of the AWS CLI, such as ``Type=Spark,Args=[a,b]``, in a JSON list of strings.

https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

__all__ = ["from_shorthand"]

# Those of groups, fleets, steps, bootstrap actions and placement groups whose values have one level.
_KNOWN: Final = frozenset(
    ("InstanceGroupType", "InstanceFleetType", "InstanceCount", "InstanceType", "BidPrice", "TargetOnDemandCapacity",
     "TargetSpotCapacity", "Name", "Type", "ActionOnFailure", "Jar", "Args", "MainClass", "Properties", "Path",
     "InstanceRole", "PlacementStrategy")
)  # fmt: skip
_MEMBER: Final = re.compile(r'(\w+)=(\[[^\]]*\]|"[^"]*"|[^,\["]*)(?:,|$)')
_NUMBERS: Final = ("InstanceCount", "TargetOnDemandCapacity", "TargetSpotCapacity")
_MOST_DIGITS: Final = 19


def from_shorthand(texts: Iterable[str]) -> list[dict[str, Any]]:
    """Return the structures that ``texts`` mean; nothing if one of them has another form or other members."""
    found = [_members(text) for text in texts]
    return found if all(item and item.keys() <= _KNOWN for item in found) else []


def _members(text: str) -> dict[str, Any]:
    """The members of a string; nothing if it has another form."""
    found: dict[str, Any] = {}
    at = 0
    while at < len(text):
        match = _MEMBER.match(text, at)
        if match is None:
            return {}
        name, value = match[1], match[2]
        if value.startswith("["):
            found[name] = [item.strip() for item in value[1:-1].split(",") if item.strip()]
        elif name in _NUMBERS and value.isdecimal() and len(value) < _MOST_DIGITS:
            found[name] = int(value)
        else:
            found[name] = value.strip('"')
        at = match.end()
    return found
