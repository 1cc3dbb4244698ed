"""Completes and runs the examples in the explanations of the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

import emr_constructs as emr
from emr_constructs.templates.checking import check_template
from emr_constructs.templates.parsing import parse
from tests.tools import imported_vpc, new_stack

if TYPE_CHECKING:
    from emr_constructs.rules import Finding

_GROUPS = {
    "Ec2SubnetId": "subnet-0123456789abcdef0",
    "MasterInstanceGroup": {"InstanceCount": 1, "InstanceType": "m7g.xlarge"},
    "CoreInstanceGroup": {"InstanceCount": 2, "InstanceType": "m7g.xlarge"},
}
_FLEET = {"TargetOnDemandCapacity": 1, "TargetSpotCapacity": 0, "InstanceTypeConfigs": [{"InstanceType": "m7g.xlarge"}]}
_FLEETS = {
    "Ec2SubnetIds": ["subnet-0123456789abcdef0"],
    "MasterInstanceFleet": _FLEET,
    "CoreInstanceFleet": _FLEET,
}
_CLUSTER = {
    "Name": "analytics",
    "ReleaseLabel": "emr-7.14.0",
    "Applications": [{"Name": "Spark"}],
    "JobFlowRole": "EMR_EC2_DefaultRole",
    "ServiceRole": "EMR_DefaultRole",
}
_MODULES = {"cdk": cdk, "ec2": ec2, "emr": emr, "iam": iam, "kms": kms, "s3": s3, "secretsmanager": secretsmanager}
# "# ... 20 more" after an item of a list, with the indentation of its dash.
_MORE = re.compile(
    r"(?P<item>^(?P<margin> *)- .*\n(?:(?P=margin) .*\n)*?)(?P=margin)# \.\.\. (?P<more>\d+) more$", re.MULTILINE
)


def with_all_items(text: str) -> str:
    """``text`` with the items of a list that a comment stands for: they are numbered as the last one, which has a 1."""

    def items(found: re.Match[str]) -> str:
        return "".join(re.sub(r"\b1\b", str(number), found["item"]) for number in range(1, int(found["more"]) + 2))

    return _MORE.sub(items, text)


def merged(base: Any, example: Any) -> Any:
    """``example`` with the members of ``base`` that it lacks."""
    if isinstance(base, Mapping) and isinstance(example, Mapping):
        keys = dict.fromkeys([*base, *example])
        return {key: merged(base.get(key), example[key]) if key in example else base[key] for key in keys}
    return example


def template_of(text: str) -> dict[str, Any]:
    """The whole template of an example: itself, a template of its resource, or a cluster with its properties."""
    example = parse(with_all_items(text))
    if "Resources" in example:
        return dict(example)
    if "Type" in example:
        return {"Resources": {"Example": example}}
    has_fleets = any("Fleet" in name for name in example.get("Instances", ()))
    properties = merged(_CLUSTER | {"Instances": _FLEETS if has_fleets else _GROUPS}, example)
    return {"Resources": {"Example": {"Type": "AWS::EMR::Cluster", "Properties": properties}}}


def findings_of(text: str) -> list[Finding]:
    return check_template(template_of(text))


def rules_of_code(code: str) -> set[str]:
    """The ids of the rules whose errors or warnings the Python code of an example causes."""
    stack = new_stack()
    names = {**_MODULES, "stack": stack, "vpc": imported_vpc(stack)}
    try:
        exec(compile(code, "example", "exec"), names)
    except emr.EmrError as error:
        return {finding.rule for finding in error.findings}
    entries = (entry for node in stack.node.find_all() for entry in node.node.metadata)
    texts = [str(entry.data) for entry in entries if entry.type.startswith("aws:cdk:")]
    return {word.strip("[].,:;") for text in texts for word in text.replace("::", " ").split() if "emr-" in word}
