"""Templates of nested stacks that are files next to their parent, before ``aws cloudformation package`` uploads them.

https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .._core.unknown import is_unknown
from .intrinsics import Scenario, mapping, section

__all__ = ["local_file", "nested_files", "with_parameters"]

_LOCATIONS: Final = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}


def nested_files(template: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the files of nested stacks, relative to the template, with the values of their parameters."""
    scenario = Scenario(template)
    for resource in section(template, "Resources").values():
        location = _LOCATIONS.get(str(mapping(resource).get("Type")))
        if location is not None and scenario.exists(resource):
            properties = mapping(scenario.value(section(resource, "Properties")))
            file = local_file(properties.get(location))
            if file is not None:
                yield file, section(properties, "Parameters")


def local_file(location: Any) -> str | None:
    """Return ``location`` if it is the path of a file, and not a URI or unknown."""
    is_path = isinstance(location, str) and not is_unknown(location) and "://" not in location
    return location if is_path else None


def with_parameters(template: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``template`` with ``values`` as the only values of its parameters; a value can be unknown."""
    parameters = dict(section(template, "Parameters"))
    for name, value in values.items():
        if name in parameters:
            parameters[name] = _with_value(mapping(parameters[name]), value)
    return {**template, "Parameters": parameters}


def _with_value(parameter: Mapping[str, Any], value: Any) -> dict[str, Any]:
    found = {name: content for name, content in parameter.items() if name not in ("AllowedValues", "Default")}
    if not is_unknown(value) and not isinstance(value, Mapping):
        found["Default"] = ",".join(map(str, value)) if isinstance(value, list) else value
    return found
