"""Names that a template doesn't define, and placeholders outside of ``Fn::Sub``, in a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from ..rules import Finding, check
from ..rules.template_references import PLACEHOLDER as PLACEHOLDER_RULES
from ..rules.template_references import USE
from .functions import PLACEHOLDER, Text, Use, path_of
from .intrinsics import section

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["default_placeholders", "placeholder_texts", "unresolved", "unresolved_beside"]

_PSEUDO: Final = frozenset(
    f"AWS::{name}"
    for name in (
        "AccountId",
        "NoValue",
        "NotificationARNs",
        "Partition",
        "Region",
        "StackId",
        "StackName",
        "URLSuffix",
    )
)
_EXTENSIONS: Final = "AWS::LanguageExtensions"
# Sections of a template whose content a command adds to the others.
_MODULES: Final = frozenset({"Fn::Transform", "Modules"})
# By function: the sections that a name may be in, and what it is called in words.
_SECTIONS: Final = {
    "Ref": (("Resources", "Parameters"), "resource, parameter or pseudo parameter"),
    "Fn::Sub": (("Resources", "Parameters"), "resource, parameter or pseudo parameter"),
    "Fn::GetAtt": (("Resources",), "resource"),
    "DependsOn": (("Resources",), "resource"),
    "Fn::If": (("Conditions",), "condition"),
    "Condition": (("Conditions",), "condition"),
    "Fn::FindInMap": (("Mappings",), "mapping"),
}
# Functions whose names aren't those of resources.
_OF_OTHERS: Final = ("Fn::If", "Fn::FindInMap")
_OF_EMR: Final = ("emr", "clusterId")
# Text for people or for what runs on the nodes, which may resolve placeholders of its own.
_FREE: Final = frozenset(
    {
        "AdditionalInfo",
        "Args",
        "ConfigurationProperties",
        "Description",
        "Dimensions",
        "KerberosAttributes",
        "MainClass",
        "StepProperties",
        "Tags",
    }
)


def unresolved(template: Mapping[str, Any], graph: Graph, name: str) -> Iterator[Finding]:
    """Return the findings in a resource that hold for all parameters and conditions, with paths in its properties."""
    has_conditions = _has_conditions(graph, name)
    for found in graph.uses(name):
        if isinstance(found, Text):
            yield from _placeholders(template, found) if found.is_certain else ()
        elif found.is_certain and (found.name not in graph.resources or found.function in _OF_OTHERS):
            yield from _undefined(template, found, has_conditions=has_conditions)


def unresolved_beside(template: Mapping[str, Any], resource: Any) -> Iterator[Finding]:
    """Return the findings in ``DependsOn`` and ``Condition`` of a resource, with paths in the resource."""
    known = section(template, "Resources")
    for use in _uses_beside_properties(resource, known):
        yield from _undefined(template, use)


def placeholder_texts(graph: Graph, name: str) -> list[str]:
    """Return the strings in the properties of a resource that are wrong because of their placeholders."""
    texts = [found for found in graph.uses(name) if isinstance(found, Text)]
    return [
        found.text
        for found in texts
        if PLACEHOLDER.search(found.text) and ("${AWS::" in found.text or _FREE.isdisjoint(found.places))
    ]


def _uses_beside_properties(resource: Any, known: Mapping[str, Any]) -> Iterator[Use]:
    """The names in ``DependsOn`` of a resource that aren't among the ``known`` ones, and its ``Condition``."""
    if not isinstance(resource, Mapping):
        return
    after = resource.get("DependsOn")
    for at, other in enumerate(after if isinstance(after, list) else [after]):
        if isinstance(other, str) and other not in known:
            yield Use(("DependsOn", at) if isinstance(after, list) else ("DependsOn",), "DependsOn", other)
    condition = resource.get("Condition")
    if isinstance(condition, str):
        yield Use(("Condition",), "Condition", condition)


def _has_conditions(graph: Graph, name: str) -> bool:
    """Whether a condition may decide that a part of the resource is left out."""
    is_conditional = "Condition" in section(graph.resources, name)
    return is_conditional or any(isinstance(use, Use) and use.function == "Fn::If" for use in graph.uses(name))


def _undefined(template: Mapping[str, Any], use: Use, *, has_conditions: bool = True) -> Iterator[Finding]:
    of_attribute = use.function == "Fn::Sub" and bool(use.attribute)
    sections, expected = _SECTIONS["Fn::GetAtt" if of_attribute else use.function]
    if any(use.name in section(template, part) for part in sections):
        if use.function == "Fn::FindInMap":
            yield from _undefined_keys(template, use, has_conditions=has_conditions)
        return
    pseudo = _PSEUDO if "Parameters" in sections else frozenset()
    if use.name in pseudo or any(_may_gain(template, part) for part in sections):
        return
    known = {str(name) for part in sections for name in section(template, part)}
    near = get_close_matches(use.name, sorted(known | pseudo), n=1, cutoff=0.8)
    if (use.name, use.attribute) == _OF_EMR and use.function == "Fn::Sub":
        near = ["${!emr.clusterId}"]
    yield from _at(use, {"Name": use.name, "Expected": expected, **({"Near": near[0]} if near else {})})


def _at(use: Use, facts: Mapping[str, Any]) -> Iterator[Finding]:
    found = check(USE, {"Function": use.function, "IsKnown": False, **facts})
    return (changed(finding, path=path_of(use.places)) for finding in found)


def _undefined_keys(template: Mapping[str, Any], use: Use, *, has_conditions: bool) -> Iterator[Finding]:
    """The keys of a mapping that don't exist, also if they are values of a parameter.

    :param has_conditions: whether a condition may prevent some values of the parameter.
    """
    names, rows = use.keys, section(section(template, "Mappings"), use.name)
    # A third argument can be a default.
    if len(names) != 2 or not rows or not all(isinstance(row, Mapping) for row in rows.values()):
        return
    columns = {column for row in rows.values() for column in row}
    if any(str(key).startswith("Fn::") for key in (*rows, *columns)):
        return
    for name, known in ((names[0], rows), (names[1], columns)):
        for value, condition in _values_of(template, name):
            if value not in known and not (condition and has_conditions):
                near = get_close_matches(value, sorted(map(str, known)), n=1, cutoff=0.6)
                found = {"Name": value, "Expected": "key", "Owner": use.name, **({"Near": near[0]} if near else {})}
                for finding in _at(use, found):
                    yield changed(finding, message=f"{finding.message}{condition}")


def _values_of(template: Mapping[str, Any], argument: Any) -> Iterator[tuple[str, str]]:
    """The strings that an argument may be, each with the condition in words."""
    match argument:
        case str():
            yield argument, ""
        case {"Ref": str(name)} if len(argument) == 1:
            parameter = section(section(template, "Parameters"), name)
            allowed = parameter.get("AllowedValues")
            for value in allowed if isinstance(allowed, list) else [parameter.get("Default")]:
                if isinstance(value, str):
                    yield value, f" if parameter {name} is {value!r}"


def _may_gain(template: Mapping[str, Any], part: str) -> bool:
    """Whether a macro, a loop or a module may add names to a section, or the section can't be read."""
    macros = template.get("Transform")
    named = macros if isinstance(macros, list) else [] if macros is None else [macros]
    if any(macro != _EXTENSIONS for macro in named) or not _MODULES.isdisjoint(template):
        return True
    content = template.get(part)
    if content is not None and not isinstance(content, Mapping):
        return True
    return any(str(key).startswith("Fn::") or _is_module(value) for key, value in (content or {}).items())


def _is_module(resource: Any) -> bool:
    kind = resource.get("Type") if isinstance(resource, Mapping) else None
    return isinstance(kind, str) and kind.endswith("::MODULE")


def _placeholders(template: Mapping[str, Any], found: Text) -> Iterator[Finding]:
    if _has_other_macro(template):
        return
    is_free = not _FREE.isdisjoint(found.places)
    known = {*section(template, "Resources"), *section(template, "Parameters")}
    facts = [
        {
            "Text": f"${{{name}}}",
            "IsFree": is_free,
            "IsNamed": name.partition(".")[0] in known,
            "IsPseudo": name.startswith("AWS::"),
        }
        for name in map(str.strip, PLACEHOLDER.findall(found.text))
    ]
    for fact in {fact["Text"]: fact for fact in facts}.values():
        yield from (changed(finding, path=path_of(found.places)) for finding in check(PLACEHOLDER_RULES, fact))


def default_placeholders(template: Mapping[str, Any], parameter: str) -> Iterator[Finding]:
    """Return the findings in the default of a parameter that has a pseudo parameter, which isn't substituted."""
    default = section(section(template, "Parameters"), parameter).get("Default")
    if isinstance(default, str) and "${AWS::" in default:
        yield from _placeholders(template, Text((), default))


def _has_other_macro(template: Mapping[str, Any]) -> bool:
    """Whether a macro of the user processes the template: it may resolve placeholders."""
    macros = template.get("Transform")
    named = macros if isinstance(macros, list) else [] if macros is None else [macros]
    return any(not str(macro).startswith("AWS::") for macro in named)
