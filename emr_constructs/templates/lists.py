"""Lists with identical items, where the schema of the resource requires that they differ."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .._core.findings import changed
from ..data import load
from ..rules import Finding, check
from ..rules.template_references import ITEMS
from .functions import CONTAINERS, MAPPINGS, SCALARS

__all__ = ["repeated_items"]

# Rules of their own report the lists with these names, or at these paths.
_BY_NAME: Final = ("InstanceTypeConfigs", "Rules", "TaskInstanceFleets", "TaskInstanceGroups")
_BY_PATH: Final = ("Applications", "Configurations")
_ARGUMENTS: Final = ("HadoopJarStep.Args", "ScriptBootstrapAction.Args")


def repeated_items(kind: str, properties: Mapping[str, Any]) -> Iterator[Finding]:
    """Return the findings in the lists of a resource of type ``kind``, with paths in its ``properties``."""
    unique = frozenset(load("unique_items.json").get(kind, ()))
    if not unique:
        return
    waiting: deque[tuple[str, str, Any]] = deque([("", "", properties)])
    while waiting:
        place, member, value = waiting.popleft()
        if isinstance(value, MAPPINGS):
            waiting += [
                (f"{place}.{key}".lstrip("."), str(key), item) for key, item in value.items() if _is_container(item)
            ]
        elif isinstance(value, list):
            waiting += [(f"{place}[{at}]", "", item) for at, item in enumerate(value) if _is_container(item)]
            is_reported = member in _BY_NAME or place in _BY_PATH or place.endswith(_ARGUMENTS)
            if len(value) > 1 and member in unique and not is_reported:
                found = list(_repeated(value))
                if found:
                    findings = check(ITEMS, {"Property": member, "Repeated": found})
                    yield from (changed(finding, path=place) for finding in findings)


def _is_container(value: Any) -> bool:
    return type(value) not in SCALARS and isinstance(value, CONTAINERS)


def _repeated(items: list[Any]) -> Iterator[str]:
    first: dict[str, int] = {}
    for at, item in enumerate(items):
        try:
            text = json.dumps(item, sort_keys=True, default=str)
        except (TypeError, ValueError):
            continue  # Keys that aren't text, or numbers of thousands of digits.
        if text in first:
            yield f"item {at + 1} equal to item {first[text] + 1}"
        first.setdefault(text, at)
