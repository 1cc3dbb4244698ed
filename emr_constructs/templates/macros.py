"""Macros of a template: what they leave of it, and what is unknown because of them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._core.unknown import MACRO
from .functions import MAPPINGS
from .intrinsics import Scenario, section
from .loops import copies, is_loop

__all__ = ["Expanded", "custom_macros", "expanded"]


class Expanded(NamedTuple):
    """A template as its resources are created, as far as that is known."""

    template: Mapping[str, Any]
    places: Mapping[str, str]
    """The path of each resource that a loop creates, by logical ID."""


def custom_macros(template: Mapping[str, Any]) -> list[str]:
    """Return the names of the macros that process all resources and don't belong to AWS: they may rewrite anything."""
    declared = [template.get("Transform"), section(template, "Resources").get(MACRO)]
    named = [item for found in declared for item in (found if isinstance(found, list) else [found])]
    names = [item.get("Name") if isinstance(item, Mapping) else item for item in named if item is not None]
    return [str(name) for name in names if not str(name).startswith("AWS::")]


def expanded(template: Mapping[str, Any], *, keeps_processed: bool = False) -> Expanded:
    """Return a template with the copies of its loops; properties of resources that a macro processes are unknown.

    :param keeps_processed: keep these properties, to compare what the macro processes.
    """
    resources = section(template, "Resources")
    if not any(_is_open(name, resource) for name, resource in resources.items()):
        return Expanded(template, {})
    scenario = Scenario(template)
    found: dict[str, Any] = {}
    places: dict[str, str] = {}
    for name, resource in resources.items():
        if name == MACRO:
            continue
        if not is_loop(name):
            found[name] = resource if keeps_processed else _processed(resource)
            continue
        try:
            for copied, body, place in copies(resource, scenario.value, f"Resources.{name}"):
                found[copied] = body if keeps_processed else _processed(body)
                places[copied] = place
        except ValueError:
            continue
    return Expanded({**template, "Resources": found}, places)


def _is_open(name: object, resource: Any) -> bool:
    """Whether a loop or a macro is in the place of a resource, or a macro in it."""
    return name == MACRO or is_loop(name) or (isinstance(resource, MAPPINGS) and MACRO in resource)


def _processed(resource: Any) -> Any:
    """A resource; a macro may add properties to it, and rewrite them."""
    if not isinstance(resource, Mapping) or MACRO not in resource:
        return resource
    rest = {key: value for key, value in resource.items() if key != MACRO}
    return {**rest, "Properties": {MACRO: resource[MACRO]}}
