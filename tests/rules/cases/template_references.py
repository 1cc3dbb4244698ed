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
    Case("emr-unknown-reference", "TemplateUse",
         {"Function": "Fn::GetAtt", "Name": "Dns", "Expected": "attribute", "Owner": "Cluster", "IsKnown": False},
         "Fn::GetAtt must name an attribute of 'Cluster', got 'Dns'; define it, or change the name",
         {**USE, "IsKnown": True}),
    Case("emr-parameter-type", "TemplateParameterType", {"Name": "Nodes", "Type": "Integer"},
         "the type of a parameter must be one that CloudFormation has, got 'Integer' for Nodes; use Number",
         {"Name": "Nodes", "Type": "List<Number>"}),
    Case("emr-parameter-type", "TemplateParameterType", {"Name": "Subnet", "Type": "EC2::Subnet::Id"},
         "use String, Number, CommaDelimitedList or a type of AWS",
         {"Name": "Subnet", "Type": "AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>"}),
    Case("emr-circular-dependency", "TemplateCycle", {"Names": ["A", "B"], "HasOnlyGroups": True},
         "resources must not depend on each other, got A -> B -> A; move a rule to a resource of type "
         "AWS::EC2::SecurityGroupIngress", {"Names": []}),
    Case("emr-circular-dependency", "TemplateCycle", {"Names": ["Cluster"], "HasOnlyGroups": False},
         "got Cluster -> Cluster; remove the reference", {"Names": []}),
    Case("emr-circular-dependency", "TemplateCycle", {"Names": ["Cluster", "Step"], "HasOnlyGroups": False},
         "got Cluster -> Step -> Cluster; remove one of the references", {"Names": []}),
]  # fmt: skip
