"""Completes and runs the examples in the explanations of the rules."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from unittest import mock

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

import emr_constructs as emr
from emr_constructs.clusters import cluster
from emr_constructs.clusters.launch_request import profile_or_default
from emr_constructs.clusters.location import ClusterLocation
from emr_constructs.rules import all_rules
from emr_constructs.templates.inputs import Source, check_source
from emr_constructs.templates.parsing import parse
from tests.tools import imported_vpc, new_app, new_stack

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
_SHARED = new_stack(_APP, "Shared")
_VPC = imported_vpc(_SHARED)
_NUMBERS = itertools.count()
# By the oldest release: the default profile in the VPC, and the rules that it violates.
_PROFILES: dict[str, tuple[emr.ClusterProfile, set[str]]] = {}


def merged(base: Any, example: Any) -> Any:
    """``example`` with the members of ``base`` that it lacks."""
    if isinstance(base, Mapping) and isinstance(example, Mapping):
        keys = dict.fromkeys([*base, *example])
        return {key: merged(base.get(key), example[key]) if key in example else base[key] for key in keys}
    return example


def complete(text: str) -> dict[str, Any]:
    """The whole template or RunJobFlow request of an example.

    An example is a template, a resource of one, properties of a cluster, or a request, which has the API's lists of
    instance groups or fleets.
    """
    example = parse(with_all_items(text))
    if "Resources" in example:
        resources = example["Resources"]
        has_subnet = any(found["Type"] == "AWS::EC2::Subnet" for found in resources.values())
        completed = {name: _resource(found, in_subnet=not has_subnet) for name, found in resources.items()}
        return {**example, "Resources": completed}
    if "Type" in example:
        return {"Resources": {"Example": _resource(example)}}
    if not {"InstanceGroups", "InstanceFleets"}.isdisjoint(example.get("Instances", ())):
        return dict(merged(_CLUSTER, example))
    return {"Resources": {"Example": {"Type": "AWS::EMR::Cluster", "Properties": _cluster(example)}}}


def _resource(example: Mapping[str, Any], *, in_subnet: bool = True) -> dict[str, Any]:
    """A resource with all properties that it requires, if it is a Studio or a cluster without a name."""
    properties = example.get("Properties", {})
    if example["Type"] == "AWS::EMR::Studio":
        properties = merged(_STUDIO, properties)
    elif example["Type"] == "AWS::EMR::Cluster" and "Name" not in properties:
        properties = _cluster(properties, in_subnet=in_subnet)
    return {**example, "Properties": properties}


def _cluster(properties: Mapping[str, Any], *, in_subnet: bool = True) -> dict[str, Any]:
    """``properties`` of a cluster, and the others that it requires.

    :param in_subnet: whether a cluster without a subnet gets one.
    """
    instances = properties.get("Instances", {})
    has_fleets = any("Fleet" in name for name in instances)
    nodes, subnet = (_FLEETS, _SUBNETS) if has_fleets else (_GROUPS, _SUBNET)
    is_placed = not {"Ec2SubnetId", "Ec2SubnetIds"}.isdisjoint(instances)
    base = _CLUSTER | {"Instances": nodes | (subnet if in_subnet and not is_placed else {})}
    return dict(merged(base, properties))


def findings_of(text: str) -> list[Finding]:
    return check_source(Source("example", text, complete(text)))


def rules_of_code(code: str, *, accepted: bool = False) -> set[str]:
    """The ids of the rules whose errors or warnings the Python code of an example causes.

    :param accepted: whether the code must cause no errors.
    """
    stack = new_stack(_APP, f"Example{next(_NUMBERS)}")
    names = {**_MODULES, "stack": stack, "vpc": _VPC}
    warned: set[str] = set()

    def shared(
        scope: Construct, location: Any, profile: emr.ClusterProfile | None, definition: emr.ClusterDefinition
    ) -> emr.ClusterProfile:
        if profile is not None or location != ClusterLocation(_VPC, None, None, None, None):
            return profile_or_default(scope, location, profile, definition)
        label = str(definition.release_label)
        if label not in _PROFILES:
            before = frozenset(warned)
            warned.clear()
            _PROFILES[label] = profile_or_default(Construct(_SHARED, label), location, profile, definition), {*warned}
            warned.update(before)
        found, violated = _PROFILES[label]
        warned.update(violated)
        return found

    with (
        # Reading the metadata of all constructs would take longer than creating them.
        mock.patch.object(cdk.Validations, "add_warning", lambda _self, rule, _message: warned.add(rule)),
        # Most of what a cluster creates is its profile.
        mock.patch.object(cluster, "profile_or_default", shared),
    ):
        try:
            exec(compile(code, "example", "exec"), names)
        except emr.EmrError as error:
            if accepted or not error.findings:
                raise
            return {finding.rule for finding in error.findings}
    return warned & {rule.id for rule in all_rules()}
