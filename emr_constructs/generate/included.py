"""The part of a template that stays one: all resources that are not EMR's, for ``CfnInclude``.

It refers to nothing outside of it: an attribute of a construct is a parameter.
https://docs.aws.amazon.com/cdk/v2/guide/use-cfn-template.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .._core.unknown import MACRO
from ..templates.intrinsics import mapping, section
from ..templates.loops import LOOP
from .parameters import without_secret

__all__ = ["Included", "included_template", "mappings_in", "names_in", "unsupported"]

_PLACEHOLDER: Final = re.compile(r"\$\{(?!!)([^{}]+)\}")
# The functions that CfnInclude reads; it also reads those of conditions.
_SUPPORTED: Final = {
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::Transform",
}
_REMAINING: Final = ("Resources", "Outputs", "Conditions", "Rules", "Hooks")
_INTERFACE: Final = "AWS::CloudFormation::Interface"


@dataclass
class Included:
    """A template without the resources that become constructs."""

    template: dict[str, Any]
    values: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By parameter, the resource outside of the template that it has an attribute of; ``Ref`` is one."""

    unparsed: tuple[str, ...] = ()
    """Resources with functions that CfnInclude doesn't read."""

    dependencies: tuple[tuple[str, str], ...] = ()
    """Resources, and the resources outside of the template that are created before them."""

    outputs: Mapping[str, Any] = field(default_factory=dict)
    """The outputs with functions that CfnInclude doesn't read, which the template lacks."""

    parameters: frozenset[str] = frozenset()
    """The parameters that the template refers to."""

    kept: frozenset[str] = frozenset()
    """The parameters that can't be replaced by values."""

    referred: frozenset[str] = frozenset()
    """The resources outside of the template that ``unparsed`` ones refer to by their logical IDs."""


def included_template(template: Mapping[str, Any], outside: Iterable[str]) -> Included:
    """Return the part of a template without the resources ``outside``."""
    separate = frozenset(outside)
    resources = {name: item for name, item in section(template, "Resources").items() if name not in separate}
    known = {*section(template, "Resources"), *section(template, "Parameters")}
    unparsed = tuple(name for name, resource in resources.items() if unsupported(resource) or _dangles(resource, known))
    rest = _Rest(template, separate)
    found: dict[str, Any] = {}
    dependencies: list[tuple[str, str]] = []
    for name, resource in resources.items():
        body, after = _without_dependencies(resource, separate)
        dependencies += [(name, other) for other in after]
        found[name] = body if name in unparsed else rest.rewritten(body)
    outputs = section(template, "Outputs")
    own = {
        name: item
        for name, item in outputs.items()
        if unsupported(item) or _dangles(item, known) or name.startswith(LOOP)
    }
    parts = {
        **{name: item for name, item in template.items() if name not in ("Resources", "Outputs", "Parameters")},
        "Resources": found,
        "Outputs": {name: rest.rewritten(item) for name, item in outputs.items() if name not in own},
    }
    declared = section(template, "Parameters")
    names = names_in([parts.get(part) for part in _REMAINING])
    used = {name: without_secret(name, mapping(item)) for name, item in declared.items() if name in names}
    parts["Parameters"] = {**used, **{name: {"Type": "String"} for name in rest.values}}
    kept = names_in([found[name] for name in unparsed]) | names_in(parts.get("Rules"))
    return Included(
        _without_empty(parts),
        rest.values,
        unparsed,
        tuple(dependencies),
        own,
        frozenset(used),
        frozenset(kept & declared.keys()),
        frozenset(names_in([found[name] for name in unparsed]) & separate),
    )


def unsupported(value: Any) -> bool:
    """Return whether ``value`` has functions that CfnInclude doesn't read, or would read a part of."""
    for part in mappings_in(value):
        if MACRO in part:
            return True
        for key, argument in part.items():
            if not isinstance(key, str) or not key.startswith("Fn::"):
                continue
            if key not in _SUPPORTED or len(part) > 1:
                return True
            if key == "Fn::FindInMap" and isinstance(argument, list) and len(argument) != 3:
                return True
    return False


def _dangles(value: Any, known: set[str]) -> bool:
    """Whether ``value`` refers to what isn't in the template, such as the resources that a macro creates."""
    found = {name for name in names_in(mapping(value)) if not name.startswith("AWS::")}
    variables = {str(name) for part in mappings_in(value) for name in _variables(part)}
    return not found <= known | variables


def _variables(part: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """The variables of ``Fn::Sub``."""
    argument = part.get("Fn::Sub")
    return mapping(argument[1]) if isinstance(argument, list) and len(argument) == 2 else {}


class _Rest:
    """Replaces references to resources outside of the template."""

    def __init__(self, template: Mapping[str, Any], outside: frozenset[str]) -> None:
        self._outside = outside
        self._taken = {*section(template, "Resources"), *section(template, "Parameters")}
        self.values: dict[str, tuple[str, str]] = {}
        self._names: dict[tuple[str, str], str] = {}

    def rewritten(self, value: Any) -> Any:
        match value:
            case {"Ref": str(name)} if len(value) == 1:
                return {"Ref": self._parameter(name, "Ref")} if name in self._outside else value
            case {"Fn::GetAtt": str(text)} if len(value) == 1:
                return self.rewritten({"Fn::GetAtt": text.split(".", 1)})
            case {"Fn::GetAtt": [str(name), str(attribute)]} if len(value) == 1:
                return {"Ref": self._parameter(name, attribute)} if name in self._outside else value
            case {"Fn::Sub": str(text)} if len(value) == 1:
                return {"Fn::Sub": self._sub(text, {})}
            case {"Fn::Sub": [str(text), Mapping() as values]} if len(value) == 1:
                return {"Fn::Sub": [self._sub(text, values), self.rewritten(values)]}
            case Mapping():
                return {key: self.rewritten(item) for key, item in value.items()}
            case list():
                return [self.rewritten(item) for item in value]
        return value

    def _sub(self, text: str, values: Mapping[str, Any]) -> str:
        def replaced(match: re.Match[str]) -> str:
            name, _, attribute = match[1].strip().partition(".")
            if match[1].strip() in values or name not in self._outside:
                return match[0]
            return f"${{{self._parameter(name, attribute or 'Ref')}}}"

        return _PLACEHOLDER.sub(replaced, text)

    def _parameter(self, name: str, attribute: str) -> str:
        found = self._names.get((name, attribute))
        if found is None:
            found = base = f"{name}{'Id' if attribute == 'Ref' else re.sub('[^A-Za-z0-9]', '', attribute)}"
            number = 2
            while found in self._taken:
                found, number = f"{base}{number}", number + 1
            self._taken.add(found)
            self._names[name, attribute] = found
            self.values[found] = name, attribute
        return found


def _without_dependencies(resource: Any, outside: frozenset[str]) -> tuple[Any, list[str]]:
    after = mapping(resource).get("DependsOn")
    listed = [after] if isinstance(after, str) else after if isinstance(after, list) else []
    removed = [name for name in listed if isinstance(name, str) and name in outside]
    if not removed:
        return resource, []
    rest = {key: item for key, item in resource.items() if key != "DependsOn"}
    left = [name for name in listed if name not in removed]
    return {**rest, "DependsOn": left} if left else rest, removed


def _without_empty(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The sections with content, without the description of parameters, which become arguments."""
    found = {name: item for name, item in parts.items() if item not in ({}, [], None)}
    metadata = mapping(found.get("Metadata"))
    if _INTERFACE in metadata:
        found["Metadata"] = {name: item for name, item in metadata.items() if name != _INTERFACE}
        if not found["Metadata"]:
            del found["Metadata"]
    return found


def mappings_in(value: Any) -> Iterator[Mapping[Any, Any]]:
    """Return all objects in a JSON value."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            yield part
            waiting += part.values()
        elif isinstance(part, list | tuple):
            waiting += part


def names_in(value: Any) -> set[str]:
    """Return the names that ``value`` refers to, in any function."""
    names: set[str] = set()
    for part in mappings_in(value):
        match part:
            case {"Ref": str(name)}:
                names.add(name)
            case {"Fn::GetAtt": str(text)}:
                names.add(text.partition(".")[0])
            case {"Fn::GetAtt": [str(name), *_]}:
                names.add(name)
            case {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), *_]}:
                names |= {found.strip().partition(".")[0] for found in _PLACEHOLDER.findall(text)}
            case {"Fn::ValueOf": [str(name), *_]}:
                names.add(name)
    return names
