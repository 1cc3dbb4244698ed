"""Runs generated apps in this process, and compares what they launch with what they were generated from."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from emr_constructs.generate.inputs import Plan, plan_of, selected
from emr_constructs.generate.parts import KINDS
from emr_constructs.generate.project import files_of
from emr_constructs.generate.stack import Stack, stack_of
from emr_constructs.templates.graph import Graph
from emr_constructs.templates.intrinsics import Scenario, section
from emr_constructs.templates.links import request_of
from emr_constructs.templates.macros import expanded
from emr_constructs.templates.requests import SECURITY_CONFIGURATION, coerced

if TYPE_CHECKING:
    import aws_cdk as cdk

    from emr_constructs.templates.inputs import Source

# Removed when the test process ends.
_FOLDERS = tempfile.TemporaryDirectory()
_SUBNET = "subnet-0123456789abcdef0"
# By the type of a parameter without a default, or by its name.
_EXAMPLES = {
    "AWS::EC2::Subnet::Id": _SUBNET,
    "List<AWS::EC2::Subnet::Id>": _SUBNET,
    "Number": "1",
    "Subnet": _SUBNET,
    "Subnets": _SUBNET,
    "KeepAlive": "true",
    "CoreCapacity": "2",
    "PrimaryType": "m5.xlarge",
    "CoreType": "m5.xlarge",
    "Primary": "m5.xlarge",
    "Core": "m5.xlarge",
    "Market": "SPOT",
    "EmrRelease": "emr-7.5.0",
    "Engine": "Spark",
    "Script": "s3://scripts/report.py",
}


@dataclass
class Generated:
    """A generated stack."""

    source: Source
    plan: Plan
    stack: Stack
    files: dict[str, str]

    def construct(self, app: cdk.App, name: str, **arguments: Any) -> cdk.Stack:
        """Define the stack in ``app``; arguments without a default have a value of their type."""
        folder = Path(tempfile.mkdtemp(dir=_FOLDERS.name))
        for file, text in self.files.items():
            (folder / file).write_text(text)
        (path,) = folder.glob("*_stack.py")
        module = ModuleType(path.stem)
        module.__file__ = str(path)
        # The annotations of a class are looked up by the name of its module.
        sys.modules[module.__name__] = module
        exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
        return getattr(module, self.stack.module.class_name)(app, name, **self._arguments() | arguments)

    def _arguments(self) -> dict[str, Any]:
        convert = {"str": str, "int": int, "float": float, "Sequence[str]": lambda text: text.split(",")}
        return {
            argument.name: convert[argument.annotation](self.values[argument.parameter])
            for argument in self.stack.module.arguments
            if argument.default is None
        }

    @property
    def values(self) -> dict[str, str]:
        """Values of the parameters; those without a default have one of their type."""
        found = {}
        for name, declared in section(self.plan.template, "Parameters").items():
            kind = str(declared["Type"])
            other = _EXAMPLES.get(kind) or _EXAMPLES.get(name) or f"value-of-{name}"
            if kind == "AWS::EC2::SecurityGroup::Id":
                other = f"sg-{name.encode().hex():0>17.17}"
            found[name] = declared.get("Default", other)
        return found

    def requests(self) -> dict[str, Any]:
        """The requests that the stack was generated from, by logical ID."""
        names = [part.logical_id for part in self.plan.parts]
        if "Resources" in self.plan.template:
            return requests_of(self.plan.template, self.values, names)
        scenario = Scenario(self.plan.template, chosen=self.values)
        parts = self.plan.parts
        return {part.logical_id: normalized(part.kind, scenario.value(plain(part.request))) for part in parts}

    @property
    def original(self) -> Mapping[str, Any]:
        """The template that the stack was generated from, with the values of parameters as defaults."""
        parameters = section(self.plan.template, "Parameters")
        arguments = {argument.parameter for argument in self.stack.module.arguments}
        declared = {
            name: {**item, "Default": self.values[name]} if name in arguments else item
            for name, item in parameters.items()
        }
        return {**self.plan.template, "Parameters": declared}

    def rendered(self, template: Mapping[str, Any]) -> dict[str, Any]:
        """The requests of the template that the stack renders, by logical ID."""
        return requests_of(template, self.values, [part.logical_id for part in self.plan.parts])


def generated(source: Source, *, cluster: str | None = None, keeps_ids: bool = True) -> Generated:
    plan = plan_of(source) if cluster is None else selected(plan_of(source), cluster)
    stack = stack_of(
        plan.template,
        plan.parts,
        plan.left,
        name=plan.name,
        origin=Path(source.name).name,
        notes=plan.notes,
        keeps_ids=keeps_ids,
    )
    return Generated(source, plan, stack, files_of(stack, plan.name))


def requests_of(template: Mapping[str, Any], values: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """The requests to EMR that resources of a template stand for."""
    template = expanded(template).template
    graph, scenario = Graph(template), Scenario(template, chosen=values)
    found = {}
    for name in names:
        request: Any = request_of(graph, scenario, name).members
        kind = graph.kind(name)
        if kind == SECURITY_CONFIGURATION:
            request = request["SecurityConfiguration"]
            request = json.loads(request) if isinstance(request, str) else request
        found[name] = normalized(kind, request)
    return found


def plain(value: Any) -> Any:
    """A request whose functions are plain dictionaries."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def normalized(kind: str, request: Any) -> dict[str, Any]:
    """A request whose nodes and tags are in an order that doesn't depend on the template: it has no meaning."""
    request = coerced(KINDS[kind], request)
    instances = dict(request.get("Instances", {}))
    if isinstance(instances.get("Ec2SubnetIds"), str):
        instances["Ec2SubnetIds"] = [instances["Ec2SubnetIds"]]
    for member, role in (("InstanceGroups", "InstanceRole"), ("InstanceFleets", "InstanceFleetType")):
        if member in instances:
            instances[member] = sorted(instances[member], key=lambda nodes: nodes[role])
    found = {**request, "Instances": instances} if instances else dict(request)
    if "Tags" in found:
        found["Tags"] = sorted(found["Tags"], key=lambda tag: str(tag["Key"]))
    return found


def differences(old: Any, new: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """The members that differ, by path."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = [*old, *(key for key in new if key not in old)]
        return {
            place: found
            for key in keys
            for place, found in differences(old.get(key), new.get(key), f"{path}.{key}".lstrip(".")).items()
        }
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return {
            place: found
            for at, (left, right) in enumerate(zip(old, new, strict=True))
            for place, found in differences(left, right, f"{path}[{at}]").items()
        }
    return {} if old == new else {path: (old, new)}
