"""Completes and runs the examples in the explanations of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

import emr_constructs as emr
from emr_constructs.templates.inputs import Source, check_source
from emr_constructs.templates.parsing import parse
from tests.tools import imported_vpc, new_stack

if TYPE_CHECKING:
    from emr_constructs.rules import Finding

_SUBNET = {"Ec2SubnetId": "subnet-0123456789abcdef0"}
_GROUPS = {
    "MasterInstanceGroup": {"InstanceCount": 1, "InstanceType": "m7g.xlarge"},
    "CoreInstanceGroup": {"InstanceCount": 2, "InstanceType": "m7g.xlarge"},
}
_FLEET = {"TargetOnDemandCapacity": 1, "TargetSpotCapacity": 0, "InstanceTypeConfigs": [{"InstanceType": "m7g.xlarge"}]}
_SUBNETS = {"Ec2SubnetIds": ["subnet-0123456789abcdef0"]}
_FLEETS = {
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
_STUDIO = {
    "AuthMode": "IAM",
    "DefaultS3Location": "s3://company-workspaces/",
    "EngineSecurityGroupId": "sg-0123456789abcdef0",
    "Name": "analysts",
    "ServiceRole": "arn:aws:iam::111122223333:role/studio",
    "SubnetIds": ["subnet-0123456789abcdef0"],
    "VpcId": "vpc-0123456789abcdef0",
    "WorkspaceSecurityGroupId": "sg-0123456789abcdef1",
}


def merged(base: Any, example: Any) -> Any:
    """``example`` with the members of ``base`` that it lacks."""
    if isinstance(base, Mapping) and isinstance(example, Mapping):
        keys = dict.fromkeys([*base, *example])
        return {key: merged(base.get(key), example[key]) if key in example else base[key] for key in keys}
    return example


def completed(text: str) -> dict[str, Any]:
    """The whole template or RunJobFlow request of an example.

    An example is a template, a resource of one, properties of a cluster, or a request, which has the API's lists of
    instance groups or fleets.
    """
    example = parse(text)
    if "Resources" in example:
        resources = example["Resources"].items()
        return {**example, "Resources": {name: _resource(found, is_alone=False) for name, found in resources}}
    if "Type" in example:
        return {"Resources": {"Example": _resource(example)}}
    if not {"InstanceGroups", "InstanceFleets"}.isdisjoint(example.get("Instances", ())):
        return dict(merged(_CLUSTER | {"Instances": {"KeepJobFlowAliveWhenNoSteps": True}}, example))
    return {"Resources": {"Example": _resource({"Type": "AWS::EMR::Cluster", "Properties": example})}}


def _resource(example: Mapping[str, Any], *, is_alone: bool = True) -> dict[str, Any]:
    """A resource with all properties that it requires, if it is a cluster or Studio.

    :param is_alone: whether no other resource of the example can be its subnet.
    """
    properties, base = example.get("Properties", {}), {}
    if example["Type"] == "AWS::EMR::Studio":
        base = _STUDIO
    elif example["Type"] == "AWS::EMR::Cluster":
        has_fleets = any("Fleet" in name for name in properties.get("Instances", ()))
        nodes, subnets = (_FLEETS, _SUBNETS) if has_fleets else (_GROUPS, _SUBNET)
        base = _CLUSTER | {"Instances": nodes | (subnets if is_alone or "Instances" not in properties else {})}
    return {**example, "Properties": merged(base, properties)}


def findings_of(text: str) -> list[Finding]:
    return check_source(Source("example", text, completed(text)))


def rules_of_code(code: str) -> set[str]:
    """The ids of the rules whose errors or warnings the Python code of an example causes."""
    stack = new_stack()
    names = {"cdk": cdk, "ec2": ec2, "emr": emr, "stack": stack, "vpc": imported_vpc(stack)}
    try:
        exec(compile(code, "example", "exec"), names)
    except emr.EmrError as error:
        return {finding.rule for finding in error.findings}
    entries = (entry for node in stack.node.find_all() for entry in node.node.metadata)
    texts = [str(entry.data) for entry in entries if entry.type.startswith("aws:cdk:")]
    return {word.strip("[].,:;") for text in texts for word in text.replace("::", " ").split() if "emr-" in word}
