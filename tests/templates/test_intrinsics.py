from __future__ import annotations

import pytest

from emr_constructs._core.unknown import is_unknown
from emr_constructs.templates.display import described
from emr_constructs.templates.intrinsics import Scenario
from emr_constructs.templates.parsing import parse
from emr_constructs.templates.tokens import Reference

TEMPLATE = parse("""
Parameters:
  Nodes: {Type: Number, Default: 3}
  Size: {Type: String}
  Zones: {Type: CommaDelimitedList, Default: "a, b"}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /image}
  Environment: {Type: String, Default: dev}
Mappings:
  Types: {dev: {Type: m5.xlarge, Nodes: 2}, prod: {Type: r5.xlarge}}
Conditions:
  IsDev: !Equals [!Ref Environment, dev]
  IsProd: !Not [!Condition IsDev]
  IsLarge: !Equals [!Ref Size, large]
  IsBoth: !And [!Condition IsDev, !Condition IsLarge]
  IsEither: !Or [!Condition IsDev, !Condition IsLarge]
  Circle: !Not [!Condition Circle]
Resources:
  Bucket: {Type: AWS::S3::Bucket}
""")


def resolved(text):
    return Scenario(TEMPLATE).value(parse(f"Value: {text}")).get("Value", "removed")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("!Ref Nodes", 3),
        ("!Ref Zones", ["a", "b"]),
        ("!Ref AWS::NoValue", "removed"),
        ("[1, !Ref AWS::NoValue, 2]", [1, 2]),
        ("!Join ['-', [a, !Ref Nodes, true]]", "a-3-true"),
        ("!Join ['-', !Ref Zones]", "a-b"),
        ("!Sub 'n${Nodes}-${!literal}'", "n3-${literal}"),
        ("!Sub ['${a}${Nodes}', {a: !Ref Environment}]", "dev3"),
        ("!Select [1, !Ref Zones]", "b"),
        ("!Select ['0', [x, y]]", "x"),
        ("!Split ['/', 'a/b']", ["a", "b"]),
        ("!FindInMap [Types, !Ref Environment, Type]", "m5.xlarge"),
        ("!If [IsDev, a, b]", "a"),
        ("!If [IsProd, a, b]", "b"),
        ("!If [IsProd, a, !Ref AWS::NoValue]", "removed"),
        ("!If [IsEither, a, b]", "a"),
        ("{Deep: [{Er: !Ref Nodes}]}", {"Deep": [{"Er": 3}]}),
    ],
)
def test_resolves_what_is_static(text, value):
    assert resolved(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "!Ref Size", "!Ref Subnets", "!Ref Image", "!Ref AWS::Region", "!Ref Absent", "!Ref [a]", "!GetAtt Bucket.Arn",
        "!GetAtt Absent.Arn", "!GetAtt x", "!ImportValue a", "!Sub 's3://${Bucket}/'", "!Sub '${AWS::Region}'",
        "!Join ['-', [a, !Ref Size]]", "!Join [a]", "!Join 3", "!Select [9, !Ref Zones]", "!Select [x, !Ref Zones]",
        "!FindInMap [Types, !Ref Size, Type]", "!FindInMap [Types, prod, Nodes]", "!FindInMap [Absent, a, b]",
        "!Split [',', !Ref Size]", "!If [a]", "!Base64 a", "!Cidr [a, 1, 1]", "{Fn::Transform: {Name: x}, More: y}",
        "!Sub {}", "!Select {}",
    ],
)  # fmt: skip
def test_leaves_the_rest_unknown(text):
    assert is_unknown(resolved(text))


def test_knows_which_resource_an_unknown_value_belongs_to():
    found = resolved("!GetAtt Bucket.Arn")
    assert isinstance(found, Reference)
    assert (found.resource, found.attribute) == ("Bucket", "Arn")
    assert resolved("!Ref Bucket").attribute == "Ref"


def test_different_unknown_values_differ():
    assert resolved("!Sub 's3://${Bucket}/a'") != resolved("!Sub 's3://${Bucket}/b'")
    assert resolved("!ImportValue a") != resolved("!ImportValue b")


def test_records_the_outcomes_of_open_conditions():
    scenario = Scenario(TEMPLATE)
    assert scenario.value({"Fn::If": ["IsLarge", "a", "b"]}) == "a"
    assert scenario.value({"Fn::If": ["IsBoth", "a", "b"]}) == "a"
    assert list(scenario.condition_values.values()) == [True]
    other = Scenario(TEMPLATE, condition_values=[(key, False) for key in scenario.condition_values])
    assert other.value({"Fn::If": ["IsLarge", "a", "b"]}) == "b"
    assert other.value({"Fn::If": ["IsBoth", "a", "b"]}) == "b"
    assert other.value({"Fn::If": ["IsEither", "a", "b"]}) == "a"


def test_missing_and_circular_conditions_are_open():
    scenario = Scenario(TEMPLATE)
    scenario.value([{"Fn::If": ["Absent", "a", "b"]}, {"Fn::If": ["Circle", "a", "b"]}])
    assert len(scenario.condition_values) == 2


def test_chosen_parameters_leave_the_others_unknown():
    scenario = Scenario(TEMPLATE, chosen={"Nodes": 5})
    assert scenario.value({"Ref": "Nodes"}) == 5
    assert is_unknown(scenario.value({"Ref": "Environment"}))
    assert scenario.used == {"Nodes", "Environment"}


def test_an_empty_default_is_known_only_in_conditions():
    template = {
        "Parameters": {"Subnet": {"Type": "String", "Default": ""}, "Groups": {"Type": "List<String>", "Default": ""}},
        "Conditions": {"HasSubnet": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Subnet"}, ""]}]}},
    }
    scenario = Scenario(template)
    assert is_unknown(scenario.value({"Ref": "Subnet"}))
    assert is_unknown(scenario.value({"Fn::Sub": "s3://${Subnet}/logs/"}))
    assert scenario.value({"Fn::If": ["HasSubnet", {"Ref": "Subnet"}, "none"]}) == "none"
    assert scenario.value({"Ref": "Groups"}) == [""]
    assert scenario.condition_values == {}


def test_describes_unknown_values():
    assert described(resolved("!Sub 's3://${Bucket}/${AWS::Region}'")) == "s3://<Bucket>/<AWS::Region>"
    assert described({"a": [resolved("!GetAtt Bucket.Arn"), 3]}) == {"a": ["<Bucket.Arn>", 3]}


def test_keys_of_several_types_have_a_text():
    assert is_unknown(Scenario({}).value({"Fn::Transform": {"Name": "Custom", 1: 2}, "b": 1}))


def nested(levels, wrap, value="x" * 50):
    for _ in range(levels):
        value = wrap(value)
    return value


@pytest.mark.parametrize(
    "wrap",
    [
        lambda value: {"Fn::Sub": ["${a}${a}${a}", {"a": value}]},
        lambda value: {"Fn::Sub": ["${a}" * 50, {"a": value}]},
        lambda value: {"Fn::Join": ["," * 1000, [value] + ["y"] * 1000]},
        lambda value: {"Fn::Join": [value if isinstance(value, str) else ",", [value, "y", value]]},
        lambda value: {"Fn::Unknown": ['"', value]},
        lambda value: {"Fn::Base64": {"\\": value}},
        lambda value: {"Fn::Transform": ['"', value]},
    ],
    ids=["sub", "long sub", "join", "joined delimiters", "quoted", "base64", "macro"],
)
def test_functions_multiply_texts_within_bounds(wrap):
    assert len(str(Scenario({}).value(nested(14, wrap)))) < 3_000_000


def test_unknown_values_with_long_names_differ():
    values = [Scenario({}).value({"Fn::ImportValue": {"a": "x" * 1000 + end}}) for end in "bc"]
    assert values[0] != values[1]
    assert all(map(is_unknown, values))


def test_a_mapping_does_not_lead_to_itself():
    find = {"Fn::FindInMap": ["M", "a", "b"]}
    assert is_unknown(Scenario({"Mappings": {"M": {"a": {"b": find}}}}).value(find))


@pytest.mark.parametrize("name", ["Fn::Join", "Fn::Split", "Fn::Select", "Fn::Unknown"])
def test_nested_functions_of_unknown_values_are_resolved_once(name):
    assert is_unknown(Scenario({}).value(nested(45, lambda value: {name: [",", value]}, {"Ref": "Absent"})))
