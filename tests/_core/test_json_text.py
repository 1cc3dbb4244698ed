from __future__ import annotations

import json

import aws_cdk as cdk
import pytest

from emr_constructs import EmrError, JobInput
from emr_constructs._core.json_text import json_text
from emr_constructs._core.lengths import longest
from tests.tools import new_stack, resolve


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, -3, True, False, None, "text"], "b": {}, "c": []},
        {"quotes": 'say "x" and \\', "lines": "a\nb\t", "other": "Zürich \u2028"},
        {'key with "quotes"': ("a", "b")},
        "text",
        7.0,
    ],
)
def test_plain_values_are_read_back_as_they_were(value):
    assert json.loads(json_text(value)) == json.loads(json.dumps(value))
    assert json_text(value).isascii()


def test_an_integer_that_cdk_returns_is_one():
    assert json_text({"count": 3.0}) == '{"count":3}'


@pytest.mark.parametrize("text", ["{{ ds }}", "{{{ x }}}", '{"a":{"b":{}}}', "{{ssm:parameter}}"])
def test_two_braces_in_text_do_not_look_like_a_reference_to_another_parameter(text):
    written = json_text({"Args": [text]})
    assert "{{" not in written
    assert json.loads(written) == {"Args": [text]}


def test_dynamic_references_stay():
    assert json_text("{{resolve:ssm:/emr/bucket}}") == '"{{resolve:ssm:/emr/bucket}}"'


def test_tokens_have_the_type_of_their_value():
    stack = new_stack()
    subnets = cdk.CfnParameter(stack, "Subnets", type="List<AWS::EC2::Subnet::Id>")
    count = cdk.CfnParameter(stack, "Count", type="Number")
    name = cdk.CfnParameter(stack, "Name")
    value = {
        "Subnets": subnets.value_as_list,
        "Count": count.value_as_number,
        "Name": f'{{{{ "{name.value_as_string}" }}}}',
        f"key {name.value_as_string}": 1,
    }
    resolved = stack.resolve(json_text(value))
    given = {"Subnets": "subnet-1,subnet-2", "Count": "4", "Name": "x"}
    text = resolve(resolved, lambda found, attribute: given[found].split(",") if found == "Subnets" else given[found])
    assert json.loads(text) == {"Subnets": ["subnet-1", "subnet-2"], "Count": 4, "Name": '{{ "x" }}', "key x": 1}
    assert [child.node.id for child in stack.node.children] == ["Subnets", "Count", "Name"]


def test_a_number_in_text():
    stack = new_stack()
    number = cdk.CfnParameter(stack, "Count", type="Number").value_as_number
    assert stack.resolve(json_text(f"{number} nodes")) == {"Fn::Join": ["", ['"', {"Ref": "Count"}, ' nodes"']]}


def test_the_number_of_an_input_is_an_error():
    with pytest.raises(EmrError, match=r"must be text, got the value of the number input 'count'"):
        json_text(f"{JobInput.number('count').value} nodes")


def test_the_longest_text():
    joined = {"Fn::Join": ["-", ["ab", {"Ref": "X"}, {"Fn::Join": ["", ["c", {"Fn::GetAtt": ["Y", "Arn"]}]]}]]}
    assert len(longest(joined, token=10)) == len("ab-") + 10 + len("-c") + 10
    assert longest({"a": [{"Ref": "X"}]}, token=2, known={"X": 3}) == {"a": ["xxx"]}
    assert longest({"Fn::Sub": "a${X}b"}, token=2) == "axxb"
