"""No password of an input is in the generated files; what the code refers to instead."""

from __future__ import annotations

import pytest

from emr_constructs.generate.trimming import trimmed
from emr_constructs.templates.inputs import Source
from emr_constructs.templates.updates import stack_update
from tests.generate.apps import generated
from tests.tools import new_app

PASSWORD = "correct-horse-battery"
NODES = {
    "Ec2SubnetId": "subnet-0123456789abcdef0",
    "MasterInstanceGroup": {"InstanceCount": 1, "InstanceType": "m5.xlarge"},
}
TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Password"}}}


def template(password, *, declared=None, **more):
    properties = {
        "Name": "secure",
        "ReleaseLabel": "emr-7.5.0",
        "JobFlowRole": "EMR_EC2_DefaultRole",
        "ServiceRole": "EMR_DefaultRole",
        "SecurityConfiguration": "kerberos",
        "Instances": NODES,
        "KerberosAttributes": {"Realm": "EC2.INTERNAL", "KdcAdminPassword": password},
    }
    found = {"Resources": {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": properties}, **more}}
    return {"Parameters": {"Password": declared}, **found} if declared else found


def result_of(content):
    return generated(Source("secure.json", "", content))


@pytest.mark.parametrize("more", [{}, {"Topic": TOPIC}], ids=["converted", "included"])
@pytest.mark.parametrize("echo", [{"NoEcho": True}, {"NoEcho": "true"}, {}], ids=["no_echo", "text", "by_name"])
def test_defaults_are_not_copied(echo, more):
    declared = {"Type": "String", "Default": PASSWORD, **echo}
    result = result_of(template({"Ref": "Password"}, declared=declared, **more))
    assert PASSWORD not in "".join(result.files.values())
    assert any("the default of parameter Password is a secret" in todo for todo in result.stack.todos)


@pytest.mark.parametrize("default", ["", "{{resolve:ssm-secure:/kdc:1}}"])
def test_defaults_without_a_secret_are_copied(default):
    result = result_of(template({"Ref": "Password"}, declared={"Type": "String", "NoEcho": True, "Default": default}))
    (code,) = [text for name, text in result.files.items() if name.endswith("_stack.py")]
    assert f'default="{default}"' in code
    assert not any("is a secret" in todo for todo in result.stack.todos)


def test_names_of_secrets_are_no_secrets():
    result = result_of(template("x", declared={"Type": "String", "Default": "kdc"}) | {
        "Parameters": {"PasswordSecretArn": {"Type": "String", "Default": "arn:x"}}
    })  # fmt: skip
    assert not any("is a secret" in todo for todo in result.stack.todos)


REFERENCE = "{{resolve:secretsmanager:kdc:SecretString:password}}"


def test_updates_keep_passwords():
    declared = {"Type": "String", "NoEcho": True, "Default": PASSWORD}
    app, stacks = new_app(), {}
    originals = {"Parameter": template({"Ref": "Password"}, declared=declared), "Reference": template(REFERENCE)}
    for name, content in originals.items():
        stacks[name] = result_of(content).construct(app, name)
    assembly = app.synth()
    for name, content in originals.items():
        rendered = assembly.get_stack_by_name(name).template
        (cluster,) = stack_update(content, rendered).clusters
        assert cluster.changes == (), name
        if name == "Reference":
            attributes = rendered["Resources"]["Cluster"]["Properties"]["KerberosAttributes"]
            assert attributes["KdcAdminPassword"] == REFERENCE


USED = {"Conditions": set(), "Mappings": set(), "Parameters": set()}
PARTS = {
    "Parameters": {name: {"Type": "String"} for name in ("A", "B", "C")},
    "Conditions": {
        "Outer": {"Fn::Not": [{"Condition": "Inner"}]},
        "Inner": {"Fn::Equals": [{"Ref": "A"}, ""]},
        "Other": {"Fn::Equals": [{"Ref": "B"}, ""]},
    },
    "Mappings": {"Used": {"a": {"b": "c"}}, "Unused": {"a": {"b": "c"}}},
}


def test_unused_parts_are_left_out():
    topic = {"Condition": "Outer", "Properties": {"DisplayName": {"Fn::FindInMap": ["Used", "a", "b"]}}}
    found = trimmed({**PARTS, "Resources": {"Topic": topic}}, USED)
    assert [set(found[part]) for part in PARTS] == [{"A"}, {"Outer", "Inner"}, {"Used"}]


def test_parts_that_code_refers_to_remain():
    found = trimmed(PARTS, {"Conditions": {"Other"}, "Mappings": {"Unused"}, "Parameters": {"C"}})
    assert [set(found[part]) for part in PARTS] == [{"B", "C"}, {"Other"}, {"Unused"}]
    assert trimmed(PARTS, USED) == {}


@pytest.mark.parametrize("part", [{"Transform": "Custom"}, {"Resources": {"Fn::ForEach::Topics": []}}])
def test_macros_and_loops_keep_all_parts(part):
    assert trimmed({**PARTS, **part}, USED) == {**PARTS, **part}


def test_mappings_with_an_unknown_name_remain():
    topic = {"Properties": {"DisplayName": {"Fn::FindInMap": [{"Ref": "A"}, "a", "b"]}}}
    assert trimmed({**PARTS, "Resources": {"Topic": topic}}, USED)["Mappings"] == PARTS["Mappings"]
