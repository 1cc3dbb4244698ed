"""The state machines of the app and the examples, as an account would get them."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import aws_cdk as cdk
from aws_cdk import aws_stepfunctions as sfn

from tests.aws.every_member import every_member
from tests.catalogue import all_apps
from tests.tools import Template, resolve

_URL_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn"}
# What an account would return. AWS checks the shape of some of them, such as that of an ARN.
_VALUES: Final = {
    ("AWS::EC2::SecurityGroup", "GroupId"): "sg-0{digest:.16}",
    ("AWS::EC2::Subnet", "Ref"): "subnet-0{digest:.16}",
    ("AWS::EMR::Cluster", "Ref"): "j-{code:.13}",
    ("AWS::EMR::SecurityConfiguration", "Ref"): "{name}",
    ("AWS::IAM::InstanceProfile", "Ref"): "{name}",
    ("AWS::IAM::Role", "Arn"): "arn:{partition}:iam::{account}:role/{name}",
    ("AWS::KMS::Key", "Arn"): "arn:{partition}:kms:{region}:{account}:key/{uuid}",
    ("AWS::S3::Bucket", "Ref"): "bucket-{digest:.16}",
    ("AWS::SNS::Topic", "Ref"): "arn:{partition}:sns:{region}:{account}:{name}",
}


class Account(NamedTuple):
    """Where the state machines are validated."""

    id: str
    region: str
    partition: str = "aws"

    def pseudo_parameters(self) -> dict[str, str]:
        return {
            "AWS::AccountId": self.id,
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::URLSuffix": _URL_SUFFIXES.get(self.partition, "amazonaws.com"),
        }

    def value(self, resource_type: str, attribute: str, logical_id: str) -> str:
        """A value of the right shape for an attribute of a resource, always the same one."""
        known = _VALUES.get((resource_type, attribute))
        if known is None:
            raise LookupError(f"no value is known for {attribute} of {resource_type} {logical_id}; add it to _VALUES")
        digest = hashlib.sha256(logical_id.encode()).hexdigest()
        return known.format(
            account=self.id,
            partition=self.partition,
            region=self.region,
            name=logical_id[-64:],
            digest=digest,
            code=digest.upper(),
            uuid=uuid.UUID(digest[:32]),
        )


class Machine(NamedTuple):
    """A state machine with a definition that has no functions of CloudFormation any more."""

    path: str
    kind: str
    definition: str


def all_machines(account: Account) -> list[Machine]:
    """The state machines of the app in each environment, of every example, and the one with every member."""
    apps = [make(name).app for make, name in all_apps().values()]
    return [machine for app in (*apps, every_member()) for machine in machines(app, account)]


def machines(app: cdk.App, account: Account) -> Iterable[Machine]:
    """The state machines of a synthesized app, wherever they are in its tree."""
    found = [node for node in app.node.find_all() if isinstance(node, sfn.CfnStateMachine)]
    if not found:
        return
    templates = _templates(app)
    exports = {
        output["Export"]["Name"]: (template, output["Value"])
        for template in templates.values()
        for output in template.get("Outputs", {}).values()
        if "Export" in output
    }
    find = partial(_find, account, exports)
    for node in found:
        stack = cdk.Stack.of(node)
        template = templates[stack.template_file]
        properties = template["Resources"][stack.resolve(node.logical_id)]["Properties"]
        definition = resolve(properties["DefinitionString"], partial(find, template))
        yield Machine(
            node.node.path.removesuffix("/Resource"), properties.get("StateMachineType", "STANDARD"), definition
        )


def _templates(app: cdk.App) -> dict[str, Template]:
    """The templates of all stacks, nested ones included, by the names of their files."""
    return {path.name: json.loads(path.read_text()) for path in Path(app.outdir).rglob("*.template.json")}


def _find(
    account: Account, exports: dict[str, tuple[Template, Any]], template: Template, name: str, attribute: str
) -> Any:
    if attribute == "Fn::ImportValue":
        exporting, value = exports[name]
        return resolve(value, partial(_find, account, exports, exporting))
    known = account.pseudo_parameters().get(name)
    return known or account.value(template["Resources"][name]["Type"], attribute, name)
