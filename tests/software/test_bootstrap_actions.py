from __future__ import annotations

import aws_cdk as cdk
import pytest

from emr_constructs import BootstrapAction, Cluster, EmrError, Script
from emr_constructs.rules import check
from tests.tools import imported_vpc, new_stack, only, synthesize

SCRIPT = Script.from_uri("s3://bucket/setup.sh")


def test_renders_the_script_and_its_arguments():
    assert BootstrapAction("Setup", SCRIPT, ["a", "b c"])._render() == {
        "Name": "Setup",
        "ScriptBootstrapAction": {"Path": "s3://bucket/setup.sh", "Args": ["a", "b c"]},
    }


def test_leaves_empty_arguments_out():
    assert "Args" not in BootstrapAction("Setup", SCRIPT)._render()["ScriptBootstrapAction"]


def test_rejects_arguments_in_one_text():
    with pytest.raises(
        EmrError, match="args must be a list of strings or Script objects, got 'a b'; use \\['a', 'b'\\]"
    ):
        BootstrapAction("Setup", SCRIPT, "a b")


def test_rejects_a_long_name():
    with pytest.raises(EmrError, match="Name must have 0 to 256 characters, got 257"):
        BootstrapAction("n" * 257, SCRIPT)


@pytest.mark.parametrize(
    ("script", "path"),
    [
        (Script.on_node("/opt/setup.sh"), "file:/opt/setup.sh"),
        (Script.from_uri("file:/opt/setup.sh"), "file:/opt/setup.sh"),
        (Script.from_uri("file:///opt/setup.sh"), "file:///opt/setup.sh"),
        (Script.from_uri("s3a://bucket/setup.sh"), "s3a://bucket/setup.sh"),
        (Script.from_uri("s3n://bucket/setup.sh"), "s3n://bucket/setup.sh"),
    ],
)
def test_the_script_can_be_on_the_node(script, path):
    rendered = BootstrapAction("Setup", script)._render()
    assert rendered["ScriptBootstrapAction"]["Path"] == path
    assert check("BootstrapActionConfig", rendered) == []


def test_arguments_can_be_known_at_deployment():
    stack = new_stack()
    text = cdk.CfnParameter(stack, "Text").value_as_string
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    listed = cdk.CfnParameter(stack, "List", type="CommaDelimitedList").value_as_list
    path = cdk.CfnParameter(stack, "Path").value_as_string
    cluster = Cluster(
        stack,
        "Cluster",
        vpc=imported_vpc(stack),
        bootstrap_actions=[
            BootstrapAction("Items", SCRIPT, [text, f"--a={number}", number, cdk.Fn.select(0, listed)]),
            BootstrapAction("List", Script.on_node(path), listed),
        ],
    )
    items, whole = (
        action["ScriptBootstrapAction"] for action in only(synthesize(cluster), "AWS::EMR::Cluster")["BootstrapActions"]
    )
    assert items["Args"] == [
        {"Ref": "Text"},
        {"Fn::Join": ["", ["--a=", {"Ref": "Number"}]]},
        {"Ref": "Number"},
        {"Fn::Select": [0, {"Ref": "List"}]},
    ]
    assert whole == {"Path": {"Fn::Join": ["", ["file:", {"Ref": "Path"}]]}, "Args": {"Ref": "List"}}


def test_rejects_a_list_token_beside_other_arguments():
    listed = cdk.CfnParameter(new_stack(), "List", type="CommaDelimitedList").value_as_list
    message = (
        r"args\[1\] must be a string or a Script, got a list token; use cdk\.Fn\.select\(\.\.\.\) for each item, or "
        r"cdk\.Fn\.join\(',', \.\.\.\) for all items in one string"
    )
    with pytest.raises(EmrError, match=message):
        BootstrapAction("Setup", SCRIPT, ["--all", *listed])


@pytest.mark.parametrize("uri", ["hdfs:///setup.sh", "local:///opt/setup.sh"])
def test_rejects_a_script_that_no_node_can_read_at_launch(uri):
    with pytest.raises(EmrError, match=f"script of a bootstrap action must be in S3 or on the node, got '{uri}'"):
        BootstrapAction("Setup", Script.from_uri(uri))
