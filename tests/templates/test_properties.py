"""What holds for any template: no traceback, known rules, lines within the file, and the same answer each time."""

from __future__ import annotations

import json
from random import Random

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emr_constructs.data import load
from emr_constructs.rules import all_rules
from emr_constructs.templates.inputs import check_source, read
from emr_constructs.templates.requests import KINDS
from emr_constructs.templates.updates import compare
from tests.overviews import overviews

FACTS = load("cloudformation.json")
RULES = {rule.id for rule in all_rules()}
# A case is made from a number, which is much faster than drawing each of its values.
MANY = settings(max_examples=2000, deadline=None, database=None, suppress_health_check=list(HealthCheck))

NAMES = (
    "Cluster",
    "Other",
    "Group",
    "Size",
    "Zones",
    "Absent",
    "IsOpen",
    "IsShut",
    "Map",
    "AWS::NoValue",
    "AWS::Region",
)
OTHERS = (
    "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::Subnet", "AWS::EC2::Route",
    "AWS::EC2::SubnetRouteTableAssociation", "AWS::IAM::InstanceProfile", "AWS::IAM::Role", "AWS::IAM::Policy",
    "AWS::CloudFormation::Stack", "AWS::StepFunctions::StateMachine", "Custom::Thing",
)  # fmt: skip
SCALARS = (
    None, True, False, 0, 1, 3, -1, 10**30, 0.5, "", "1", "true", "emr-7.5.0", "emr-5.0.0", "m5.xlarge", "Spark", "gp3",
    "s3://bucket/key", "command-runner.jar", "spark-submit", "CONTINUE", "MASTER", "TASK", "SPOT", "VCPU", "é€",
    "\x1b[2J", "${Token[a]}", "${Size}", "{{resolve:ssm:a}}", "subnet-0123456789abcdef0", "sg-1",
    "arn:aws:iam::1:role/a", "spark-env",
)  # fmt: skip


class Template:
    """A generated template."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def one(self, *choices):
        return self.random.choice(choices)

    def made(self):
        kinds = [self.random.choice([*KINDS, *KINDS, *OTHERS]) for _ in range(self.random.randint(1, 5))]
        kinds.append("AWS::EMR::Cluster")
        resources = {name: self.resource(kind) for name, kind in zip(NAMES, kinds, strict=False)}
        parameters = {name: self.parameter() for name in ("Size", "Zones") if self.chance(7)}
        template = {"Parameters": parameters, "Resources": resources}
        template["Conditions"] = {name: self.condition(2) for name in ("IsOpen", "IsShut") if self.chance(8)}
        if self.chance(5):
            template["Mappings"] = {"Map": {"AWS::Region": {self.name(): self.anything(1)}, "a": self.anything(1)}}
        if self.chance(1):
            template[self.one("Transform", "Rules", "Outputs")] = self.anything(2)
        return template

    def chance(self, of_ten):
        return self.random.random() * 10 < of_ten

    def name(self):
        return self.random.choice(NAMES)

    def scalar(self):
        return self.random.choice(SCALARS)

    def parameter(self):
        kind = self.one(
            "String", "Number", "CommaDelimitedList", "List<AWS::EC2::Subnet::Id>", "AWS::SSM::Parameter::Name"
        )
        found = {"Type": kind}
        if self.chance(5):
            found["Default"] = self.scalar()
        if self.chance(5):
            found["AllowedValues"] = [self.scalar() for _ in range(3)]
        return found

    def condition(self, depth):
        kind = self.one("Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or", "Condition") if depth else "Fn::Equals"
        if kind == "Condition":
            return {kind: self.name()}
        if kind == "Fn::Equals":
            return {kind: [self.anything(1), self.anything(1)]}
        return {kind: [self.condition(depth - 1) for _ in range(1 if kind == "Fn::Not" else 2)]}

    def resource(self, kind):
        facts = FACTS["resources"].get(kind)
        properties = self.anything(3) if facts is None else self.properties(facts, 6)
        found = {"Type": kind, "Properties": properties}
        for member in ("Condition", "DependsOn"):
            if self.chance(2):
                found[member] = self.name()
        return found

    def properties(self, facts, depth):
        required = [name for name, fact in facts.items() if fact.get("required") and self.chance(9)]
        more = self.random.sample(sorted(facts), min(len(facts), 4))
        return {name: self.fact(facts[name], depth) for name in dict.fromkeys([*required, *more])}

    def fact(self, fact, depth):
        if self.chance(1.5):
            return self.intrinsic(2)
        if self.chance(0.5):
            return self.anything(2)
        nested = FACTS["types"].get(fact["type"])

        def item():
            return self.properties(nested, depth - 1) if nested is not None and depth else self.scalar()

        return [item() for _ in range(self.random.randint(0, 2))] if fact.get("list") else item()

    def anything(self, depth):
        kind = self.random.randint(0, 5) if depth else 0
        if kind == 3:
            return [self.anything(depth - 1) for _ in range(self.random.randint(0, 3))]
        if kind == 4:
            return {self.one(*NAMES, "Ref", "GroupId", "Roles"): self.anything(depth - 1) for _ in range(2)}
        return self.intrinsic(depth - 1) if kind == 5 else self.scalar()

    def intrinsic(self, depth):
        value, name = (self.anything(max(depth, 0)) for _ in range(2)), self.name()
        return self.one(
            lambda: {"Ref": name},
            lambda: {"Fn::GetAtt": [name, "Arn"]},
            lambda: {"Fn::GetAtt": f"{name}.Arn"},
            lambda: {"Fn::Sub": f"a-${{{name}}}-${{!b}}-${{{name}.Id}}"},
            lambda: {"Fn::Sub": ["${a}${Size}", {"a": next(value)}]},
            lambda: {"Fn::Join": [self.one("", ",", next(value)), [next(value), name]]},
            lambda: {"Fn::Select": [self.one(0, "1", 9, next(value)), [next(value)] * 2]},
            lambda: {"Fn::Split": [self.one(",", ""), next(value)]},
            lambda: {"Fn::If": [self.one("IsOpen", "IsShut", name), next(value), {"Ref": "AWS::NoValue"}]},
            lambda: {"Fn::FindInMap": ["Map", self.one({"Ref": "AWS::Region"}, "a"), name]},
            lambda: {"Fn::ImportValue": next(value)},
            lambda: {"Fn::Base64": next(value)},
            lambda: {"Fn::Cidr": [next(value), 2, 8]},
            lambda: {"Fn::GetAZs": name},
            lambda: {"Fn::Length": next(value)},
            lambda: {"Fn::ToJsonString": next(value)},
            lambda: {"Fn::Transform": {"Name": "AWS::Include", "Parameters": next(value)}},
            lambda: {"Fn::ForEach::Loop": [name, [next(value)], {"A": next(value)}]},
            lambda: {self.one("Fn::Join", "Fn::Sub", "Fn::If", "Fn::GetAtt", "Fn::Select", "Ref"): next(value)},
        )()


@MANY
@given(st.integers(0, 2**64))
def test_any_template(seed):
    made = Template(seed)
    template = made.made()
    text = yaml.dump(template, Dumper=yaml.CSafeDumper) if seed % 4 == 0 else json.dumps(template, indent=1)
    source = read("-", lambda: text)
    findings = check_source(source)
    assert {found.rule for found in findings} <= RULES
    assert all(found.line is not None and 1 <= found.line <= text.count("\n") + 1 for found in findings)
    if seed % 16 == 2:
        assert check_source(source) == findings
    if seed % 4 == 1:
        assert len(overviews(source.content)) <= len(template["Resources"])
        other = made.made()
        assert {found.outcome for found in compare(source.content, source.content)} <= {"unchanged"}
        assert isinstance(compare(source.content, other), list)
