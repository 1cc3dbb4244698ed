"""Names in a template that CloudFormation resolves: of resources, parameters, conditions and mappings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .constraints import constraint
from .parts import Part
from .registry import Severity, rule
from .sources import template_reference, user_guide

__all__ = ["CYCLE", "ITEMS", "PARAMETER", "PARAMETER_TYPE", "PLACEHOLDER", "RESOURCE_TYPE", "USE"]

USE: Final = "TemplateUse"
"""A name in an intrinsic function, ``DependsOn`` or ``Condition``: what it may be, and whether it is defined."""

PLACEHOLDER: Final = "TemplatePlaceholder"
"""``${...}`` in a string that isn't an argument of ``Fn::Sub``."""

PARAMETER: Final = "TemplateParameter"
"""A parameter whose default doesn't satisfy its own constraint."""

PARAMETER_TYPE: Final = "TemplateParameterType"
"""The type of a parameter."""

CYCLE: Final = "TemplateCycle"
"""Resources that depend on each other: their logical IDs, and whether all of them are security groups."""

ITEMS: Final = "TemplateList"
"""A list whose items must be different according to the schema of the resource."""

RESOURCE_TYPE: Final = "TemplateResourceType"
"""The type of an EMR resource, and the one that is meant."""

_SUB: Final = user_guide("intrinsic-function-reference-sub")
_PARAMETERS: Final = user_guide("parameters-section-structure")
_TYPE: Final = regex(
    r"String|Number|CommaDelimitedList|List<(String|Number)>|(List<)?AWS::(?!SSM::)[\w:]+>?|"
    r"AWS::SSM::Parameter::(Name|Value<.+>)"
)
_STRINGS: Final = "CommaDelimitedList"
_LIKE: Final = {"boolean": "String", "bool": "String", "string": "String", "number": "Number", "list": _STRINGS}


@rule("emr-parameter-type", PARAMETER_TYPE, fix="use String, Number, CommaDelimitedList or a type of AWS",
      source=_PARAMETERS)  # fmt: skip
def _parameter_types_exist(parameter: Part) -> Iterator[str | tuple[str, str]]:
    """The type of a parameter must be one that CloudFormation has."""
    kind = parameter.get("Type")
    if kind is None or _TYPE.fullmatch(kind):
        return
    message = f"the type of a parameter must be one that CloudFormation has, got {kind!r} for {parameter.get('Name')}"
    right = _LIKE.get(kind.lower(), "Number" if kind.lower() in ("integer", "int", "float", "double") else None)
    yield (message, f"use {right}") if right else message


@rule("emr-circular-dependency", CYCLE, fix="remove one of the references",
      source=user_guide("troubleshooting"))  # fmt: skip
def _dependencies_end(cycle: Part) -> Iterator[tuple[str, ...]]:
    """Resources must not depend on each other, because CloudFormation can't create any of them first."""
    names = cycle.items("Names")
    if not names:
        return
    message = f"resources must not depend on each other, got {' -> '.join([*names, names[0]])}"
    if cycle.get("HasOnlyGroups") is True:
        yield message, "move a rule to a resource of type AWS::EC2::SecurityGroupIngress"
    elif len(names) == 1:
        yield message, "remove the reference; the dimension JobFlowId of a scaling rule is the string ${emr.clusterId}"
    else:
        yield (message,)


@rule("emr-unknown-reference", USE, fix="define it, or change the name",
      source=user_guide("resources-section-structure"))  # fmt: skip
def _names_are_defined(use: Part) -> list[str | tuple[str, str]]:
    """A name in Ref, Fn::GetAtt, Fn::Sub, Fn::If, Fn::FindInMap, DependsOn or Condition must be defined."""
    if use.get("IsKnown") is not False:
        return []
    expected, owner = str(use.get("Expected")), use.get("Owner")
    what = f"{'an' if expected[0] in 'aeiou' else 'a'} {expected} of {repr(owner) if owner else 'the template'}"
    message = f"{use.get('Function')} must name {what}, got {use.get('Name')!r}"
    near = use.get("Near")
    return [(message, f"use {near!r}") if near else message]


def _is_wrong(placeholder: Part) -> str | None:
    is_wrong = placeholder.get("IsPseudo") is True or placeholder.get("IsFree") is False
    return repr(placeholder.get("Text")) if is_wrong else None


def _may_be_wrong(placeholder: Part) -> str | None:
    is_free = placeholder.get("IsFree") is True and placeholder.get("IsPseudo") is False
    return repr(placeholder.get("Text")) if is_free and placeholder.get("IsNamed") is True else None


# fmt: off
constraint("emr-placeholder", PLACEHOLDER, "a value with a placeholder must be an argument of Fn::Sub", _is_wrong,
           fix="use Fn::Sub", source=_SUB)
constraint("emr-placeholder-argument", PLACEHOLDER,
           "a placeholder that names a part of the template must be in Fn::Sub", _may_be_wrong,
           fix="use Fn::Sub, or acknowledge this warning if the node resolves it", severity=Severity.WARNING,
           source=_SUB)
constraint("emr-parameter-default", PARAMETER, "the default of a parameter must satisfy its type and constraints",
           lambda parameter: f"{parameter.get('Default')!r} for {parameter.get('Name')}, which "
           f"{parameter.get('Constraint')}" if "Constraint" in parameter else None,
           fix="change the default or the constraint", source=_PARAMETERS)
constraint("emr-repeated-item", ITEMS, "items of a list must be different, because CloudFormation's schema requires it",
           lambda found: (f"{item} in {found.get('Property')}" for item in found.items("Repeated")),
           fix="remove one of them", severity=Severity.WARNING, source=template_reference("aws-resource-emr-cluster"))


@rule("emr-resource-type", RESOURCE_TYPE, at="Type", severity=Severity.WARNING, fix="remove the resource",
      source=template_reference("AWS_EMR"))  # fmt: skip
def _types_exist(resource: Part) -> Iterator[str | tuple[str, str]]:
    """Type of an EMR resource must be one that CloudFormation has, because it rejects the template otherwise."""
    message = f"type of an EMR resource must be one that CloudFormation has, got {resource.get('Type')!r}"
    near = resource.get("Near")
    if "Type" in resource:
        yield (message, f"use {near}") if near else message
