"""Small helpers around apps and templates; assertions are made on plain dictionaries."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

import emr_constructs as emr
from emr_constructs.templates.intrinsics import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emr_constructs import Configuration

PROJECT = Path(__file__).parents[1]
CONTEXT: dict[str, Any] = json.loads((PROJECT / "cdk.json").read_text())["context"]
# Removed when the test process ends.
_ASSEMBLIES = tempfile.TemporaryDirectory()

_VALIDATION = "builtin_cloud_formation_validation"

Template = dict[str, Any]


def new_app(*, validate: bool = False, flags: bool = True, **context: Any) -> cdk.App:
    """An app with the feature flags of the project.

    :param validate: whether CDK validates the templates; the tests of the stacks and examples do.
    :param flags: whether the app has the feature flags of the project, or none.
    """
    # The lowest supported version of CDK doesn't validate templates.
    validation = {_VALIDATION: validate} if _VALIDATION in signature(cdk.App.__init__).parameters else {}
    return cdk.App(
        context={**(CONTEXT if flags else {}), **context}, outdir=tempfile.mkdtemp(dir=_ASSEMBLIES.name), **validation
    )


def new_stack(app: cdk.App | None = None, name: str = "Test", **options: Any) -> cdk.Stack:
    return cdk.Stack(app or new_app(), name, **options)


def imported_vpc(scope: cdk.Stack, name: str = "Vpc", **attributes: Any) -> ec2.IVpc:
    """A VPC that costs no resources."""
    defaults: dict[str, Any] = {
        "vpc_id": "vpc-11111111",
        "vpc_cidr_block": "10.1.0.0/16",
        "availability_zones": ["us-east-1a", "us-east-1b"],
        "private_subnet_ids": ["subnet-aaaa", "subnet-bbbb"],
        "private_subnet_route_table_ids": ["rtb-aaaa", "rtb-bbbb"],
        "public_subnet_ids": ["subnet-cccc", "subnet-dddd"],
        "public_subnet_route_table_ids": ["rtb-cccc", "rtb-dddd"],
    }
    return ec2.Vpc.from_vpc_attributes(scope, name, **{**defaults, **attributes})


def imported_key(scope: cdk.Stack, name: str = "Key") -> kms.IKey:
    arn = "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000"
    return kms.Key.from_key_arn(scope, name, arn)


def synthesize(construct: Any) -> Template:
    """The template of the stack of ``construct``."""
    stack = cdk.Stack.of(construct)
    root = stack.node.root
    assert isinstance(root, cdk.App)
    template: Template = root.synth().get_stack_by_name(stack.stack_name).template
    return template


def resources(template: Template, kind: str) -> dict[str, Template]:
    """The resources of a type by logical id."""
    return {name: found for name, found in template["Resources"].items() if found["Type"] == kind}


def only(template: Template, kind: str, containing: str = "") -> Template:
    """The properties of the only resource of a type, or of the only one with ``containing`` in its logical id."""
    found = {name: made for name, made in resources(template, kind).items() if containing in name}
    assert len(found) == 1, sorted(found)
    properties: Template = next(iter(found.values())).get("Properties", {})
    return properties


def statements(template: Template, containing: str) -> list[Template]:
    """The statements of the managed policy with ``containing`` in its logical id."""
    document = only(template, "AWS::IAM::ManagedPolicy", containing)["PolicyDocument"]
    listed: list[Template] = document["Statement"]
    return listed


def flat(value: Any) -> str:
    """An intrinsic function as one readable text: ``<LogicalId.Attribute>``."""
    match value:
        case {"Fn::Join": [delimiter, items]}:
            return str(delimiter).join(map(flat, items))
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{resource}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::Sub": text}:
            return str(text)
        case {"Fn::ImportValue": name}:
            return f"<import {flat(name)}>"
        case _:
            return str(value)


def filled_in(value: Any, pseudo_parameters: dict[str, str]) -> Any:
    """``value`` as CloudFormation fills it in, with values for pseudo parameters such as ``AWS::Region``."""
    parameters = {name: {"Type": "String", "Default": known} for name, known in pseudo_parameters.items()}
    return Scenario({"Parameters": parameters}).value(value)


def resolve(value: Any, find: Callable[[str, str], Any]) -> Any:
    """``value`` of a template with what its functions stand for.

    :param find: the value of a name and an attribute; the attribute of a reference is ``Ref``, and that of an export
        ``Fn::ImportValue``.
    """

    def inner(part: Any) -> Any:
        return resolve(part, find)

    match value:
        case {"Ref": name}:
            return find(name, "Ref")
        case {"Fn::GetAtt": [name, attribute]}:
            return find(name, attribute)
        case {"Fn::ImportValue": name}:
            return find(inner(name), "Fn::ImportValue")
        case {"Fn::Join": [delimiter, items]}:
            return delimiter.join(map(inner, inner(items)))
        case {"Fn::Select": [index, items]}:
            return inner(items)[int(index)]
        case {"Fn::Split": [delimiter, text]}:
            return inner(text).split(delimiter)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([^}]+)\}", lambda found: find(found[1], "Ref"), text)
        case dict():
            unknown = [name for name in value if name.startswith("Fn::")]
            assert not unknown, f"{unknown} is a function that is not resolved here"
            return {name: inner(item) for name, item in value.items()}
        case list():
            return [inner(item) for item in value]
        case _:
            return value


def rules(template: Template) -> set[tuple[str, str, str, str]]:
    """The security-group rules that are resources: direction, protocol with ports, group, and peer."""
    found = set()
    for kind, peer in (("Ingress", "SourceSecurityGroupId"), ("Egress", "DestinationSecurityGroupId")):
        for rule in resources(template, f"AWS::EC2::SecurityGroup{kind}").values():
            properties = rule["Properties"]
            ports = f"{properties['IpProtocol']} {properties.get('FromPort')}-{properties.get('ToPort')}"
            other = flat(properties[peer]) if peer in properties else properties["CidrIp"]
            found.add((kind, ports, _short(flat(properties["GroupId"])), _short(other)))
    return found


def _short(group: str) -> str:
    names = ("ServiceAccess", "Master", "Core")
    return next((name for name in names if f"SecurityGroups{name}" in group), group)


def warnings(scope: Any) -> list[str]:
    """The warnings of ``scope`` and of the constructs below it."""
    return [
        str(entry.data)
        for found in scope.node.find_all()
        for entry in found.node.metadata
        if entry.type == "aws:cdk:warning"
    ]


def properties_of(configurations: Iterable[Configuration], classification: str) -> Template:
    """The rendered properties of the only configuration of a classification."""
    rendered = (configuration._render() for configuration in configurations)
    (found,) = (part["Properties"] for part in rendered if part["Classification"] == classification)
    properties: Template = found
    return properties


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def actions(listed: Iterable[Template]) -> set[str]:
    return {action for statement in listed for action in as_list(statement["Action"])}


def new_cluster(**options: Any) -> emr.Cluster:
    """A cluster in a stack of its own."""
    stack = new_stack()
    return emr.Cluster(stack, "Cluster", vpc=imported_vpc(stack), **options)


# How a value is put into the next larger one, until it is an option of a cluster.
_WRAPPED: dict[type, Callable[[Any], Any]] = {
    emr.AutoScalingPolicy: lambda value: emr.InstanceGroup("m7g.xlarge", auto_scaling_policy=value),
    emr.ScalingRule: lambda value: emr.AutoScalingPolicy(minimum=1, maximum=2, rules=[value]),
    emr.ScalingTrigger: lambda value: emr.ScalingRule.change_by("Out", 1, when=value),
    emr.EbsVolume: lambda value: emr.InstanceGroup("m7g.xlarge", ebs_volumes=[value]),
    emr.FleetInstanceType: lambda value: emr.InstanceFleet.on_demand(value, units=1),
    emr.InstanceFleet: lambda value: emr.InstanceFleets(
        master=emr.InstanceFleet.on_demand("m7g.xlarge", units=1), core=value
    ),
    emr.InstanceGroup: lambda value: emr.InstanceGroups(master=emr.InstanceGroup("m7g.xlarge"), core=value),
    emr.OnDemandProvisioning: lambda value: emr.InstanceFleet.on_demand(
        "m7g.xlarge", units=1, on_demand_provisioning=value
    ),
    emr.SpotProvisioning: lambda value: emr.InstanceFleet.spot("m7g.xlarge", units=1, spot_provisioning=value),
    emr.SpotResizing: lambda value: emr.InstanceFleet.spot("m7g.xlarge", units=1, spot_resizing=value),
}
_OPTIONS: dict[type, Callable[[Any], dict[str, Any]]] = {
    emr.InstanceFleets: lambda value: {"instances": value},
    emr.InstanceGroups: lambda value: {"instances": value},
    emr.ManagedScaling: lambda value: {"managed_scaling": value},
    emr.RootVolume: lambda value: {"root_volume": value},
    emr.Termination: lambda value: {"termination": value},
    emr.Step: lambda value: {
        "steps": [value],
        "termination": emr.Termination.after_steps(),
        "applications": ["Spark", "Hive"],
    },
}


def cluster_with(value: Any) -> emr.Cluster:
    """A cluster that uses ``value``: what EMR rejects in it is reported at the cluster."""
    while type(value) in _WRAPPED:
        value = _WRAPPED[type(value)](value)
    return new_cluster(**_OPTIONS[type(value)](value))
