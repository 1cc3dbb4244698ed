"""What the rules of ``emr_constructs.rules.template_references`` reject, and what they accept instead."""

from __future__ import annotations

from typing import Any

from emr_constructs.rules.template_references import RESOURCE_TYPE

from .parts import Case

PLACEHOLDER = "TemplatePlaceholder"
USE = {"Function": "Ref", "Name": "Clustr", "Expected": "resource or parameter"}
DEFAULT = {"Name": "Nodes", "Default": "4", "Constraint": "allows 1, 2"}


def placeholder(*, is_free: bool, is_named: bool = False, is_pseudo: bool = False) -> dict[str, Any]:
    return {"Text": "${Name}", "IsFree": is_free, "IsNamed": is_named, "IsPseudo": is_pseudo}


CASES = [
    Case("emr-unknown-reference", "TemplateUse", {**USE, "IsKnown": False, "Near": "Cluster"},
         "Ref must name a resource or parameter of the template, got 'Clustr'; use 'Cluster'",
         {**USE, "IsKnown": True}),
    Case("emr-placeholder", PLACEHOLDER, placeholder(is_free=False),
         "a value with a placeholder must be an argument of Fn::Sub, got '${Name}'", placeholder(is_free=True)),
    Case("emr-placeholder", PLACEHOLDER, placeholder(is_free=True, is_pseudo=True),
         "a value with a placeholder must be an argument of Fn::Sub, got '${Name}'", placeholder(is_free=True)),
    Case("emr-placeholder-argument", PLACEHOLDER, placeholder(is_free=True, is_named=True),
         "a placeholder that names a part of the template must be in Fn::Sub, got '${Name}'",
         placeholder(is_free=True)),
    Case("emr-parameter-default", "TemplateParameter", DEFAULT,
         "default of a parameter must satisfy its type and constraints, got '4' for Nodes, which allows 1, 2",
         {"Name": "Nodes", "Default": "2"}),
    Case("emr-repeated-item", "TemplateList", {"Property": "Steps", "Repeated": ["item 2 equal to item 1"]},
         "because CloudFormation's schema requires it, got item 2 equal to item 1 in Steps",
         {"Property": "Steps", "Repeated": []}),
    Case("emr-resource-type", RESOURCE_TYPE,
         {"Type": "AWS::EMR::InstanceGroup", "Near": "AWS::EMR::InstanceGroupConfig"},
         "type of an EMR resource must be one that CloudFormation has, got 'AWS::EMR::InstanceGroup'; use "
         "AWS::EMR::InstanceGroupConfig", {}),
    Case("emr-resource-type", RESOURCE_TYPE, {"Type": "AWS::EMR::Notebook"}, "remove the resource", {}),
]  # fmt: skip
