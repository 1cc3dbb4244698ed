"""Names in a template that CloudFormation resolves: of resources, parameters, conditions and mappings."""

from __future__ import annotations

from typing import Final

from .constraints import constraint
from .parts import Part
from .registry import Severity, rule
from .sources import template_reference, user_guide

__all__ = ["ITEMS", "PARAMETER", "PLACEHOLDER", "USE"]

USE: Final = "TemplateUse"
"""A name in an intrinsic function, ``DependsOn`` or ``Condition``: what it may be, and whether it is defined."""

PLACEHOLDER: Final = "TemplatePlaceholder"
"""``${...}`` in a string that isn't an argument of ``Fn::Sub``."""

PARAMETER: Final = "TemplateParameter"
"""A parameter whose default doesn't satisfy its own constraint."""

ITEMS: Final = "TemplateList"
"""A list whose items must be different according to the schema of the resource."""


_SUB: Final = user_guide("intrinsic-function-reference-sub")


@rule("emr-unknown-reference", USE, fix="define it, or change the name",
      source=user_guide("resources-section-structure"))  # fmt: skip
def _names_are_defined(use: Part) -> list[str | tuple[str, str]]:
    """A name in Ref, Fn::GetAtt, Fn::Sub, Fn::If, Fn::FindInMap, DependsOn or Condition must be defined."""
    if use.get("IsKnown") is not False:
        return []
    message = f"{use.get('Function')} must name a {use.get('Expected')} of the template, got {use.get('Name')!r}"
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
           fix="change the default or the constraint", source=user_guide("parameters-section-structure"))
constraint("emr-repeated-item", ITEMS,
           "items of a list must be different, because CloudFormation's schema requires it",
           lambda found: (f"{item} in {found.get('Property')}" for item in found.items("Repeated")),
           fix="remove one of them", severity=Severity.WARNING, source=template_reference("aws-resource-emr-cluster"))
