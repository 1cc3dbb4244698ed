"""Completes and runs the examples in the explanations of the rules."""

from __future__ import annotations

import itertools
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
from emr_constructs.rules import all_rules
from emr_constructs.templates.api_calls import check_request
from emr_constructs.templates.checking import check_template
from emr_constructs.templates.parsing import parse
from tests.tools import imported_vpc, new_app, new_stack

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


# One app, whose stacks are never synthesized.
_APP = new_app()
_NUMBERS = itertools.count()


def merged(base: Any, example: Any) -> Any:
    """``example`` with the members of ``base`` that it lacks."""
    if isinstance(base, Mapping) and isinstance(example, Mapping):
        keys = dict.fromkeys([*base, *example])
        return {key: merged(base.get(key), example[key]) if key in example else base[key] for key in keys}
    return example


def cluster_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """A cluster with ``properties``, and with the others that it requires."""
    has_fleets = any("Fleet" in name for name in properties.get("Instances", ()))
    complete = merged(_CLUSTER | {"Instances": _FLEETS if has_fleets else _GROUPS}, properties)
    return {"Type": "AWS::EMR::Cluster", "Properties": complete}


def _is_nameless_cluster(resource: Any) -> bool:
    return resource["Type"] == "AWS::EMR::Cluster" and "Name" not in resource["Properties"]


def template_of(text: str) -> dict[str, Any]:
    """The whole template of an example: itself, a template of its resource, or a cluster with its properties.

    Clusters of a template are completed if they have no name.
    """
    example = parse(with_all_items(text))
    if "Resources" in example:
        resources = {
            name: cluster_of(resource["Properties"]) if _is_nameless_cluster(resource) else resource
            for name, resource in example["Resources"].items()
        }
        return {**example, "Resources": resources}
    if "Type" in example:
        return {"Resources": {"Example": example}}
    return {"Resources": {"Example": cluster_of(example)}}


def is_request(example: Any) -> bool:
    """Whether an example is a part of a RunJobFlow request: only the API lists nodes of all roles."""
    instances = example.get("Instances", {})
    return "InstanceGroups" in instances or "InstanceFleets" in instances


def findings_of(text: str) -> list[Finding]:
    example = parse(text)
    if is_request(example):
        return check_request("RunJobFlowInput", merged(_CLUSTER, example))
    return check_template(template_of(text))


def rules_of_code(code: str, *, accepted: bool = False) -> set[str]:
    """The ids of the rules whose errors or warnings the Python code of an example causes.

    :param accepted: whether the code must cause no errors.
    """
    stack = new_stack(_APP, f"Example{next(_NUMBERS)}")
    names = {**_MODULES, "stack": stack, "vpc": imported_vpc(stack)}
    known = {rule.id for rule in all_rules()}

    try:
        exec(compile(code, "example", "exec"), names)
    except emr.EmrError as error:
        if accepted or not error.findings:
            raise
        return {finding.rule for finding in error.findings}
    entries = (entry for node in stack.node.find_all() for entry in node.node.metadata)
    texts = [str(entry.data) for entry in entries if entry.type.startswith("aws:cdk:")]
    return known.intersection(word.strip("[].,:;") for text in texts for word in text.replace("::", " ").split())
