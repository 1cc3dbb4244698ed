"""What generate reads from files: nothing is dropped, and names don't collide."""

from __future__ import annotations

import json

import pytest

from emr_constructs.templates.inputs import Source, read
from tests.cli.tools import run
from tests.generate.apps import generated

NODES = [{"InstanceGroupType": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1}]


def test_a_request_with_nodes_is_no_answer_about_nodes(tmp_path):
    path = tmp_path / "cluster.json"
    path.write_text(json.dumps({"Name": "daily", "ReleaseLabel": "emr-7.5.0", "InstanceGroups": NODES}))
    result = generated(read(str(path), str))
    (code,) = [text for name, text in result.files.items() if name.endswith("_stack.py")]
    assert "emr.ReleaseLabel.EMR_7_5_0" in code
    assert any(todo.startswith("TODO: InstanceGroups") for todo in result.stack.todos)


def test_a_launch_without_steps_requires_a_workflow():
    launch = {
        "Type": "Task",
        "Resource": "arn:aws:states:::elasticmapreduce:createCluster.sync",
        "Parameters": {"Name": "daily", "ReleaseLabel": "emr-7.5.0", "Instances": {}},
        "End": True,
    }
    result = generated(Source("daily.asl.json", "", {"StartAt": "Create", "States": {"Create": launch}}))
    assert "TODO: state Create launches a cluster without steps; specify workflow" in result.stack.todos


@pytest.mark.parametrize("keeps_ids", [False, True])
def test_parameters_have_construct_ids_of_their_own(keeps_ids):
    parameter = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/emr/profile"}
    properties = {"Name": "x", "ReleaseLabel": "emr-7.5.0", "JobFlowRole": {"Ref": "InstanceProfile"}, "Instances": {}}
    template = {
        "Parameters": {"InstanceProfile": parameter},
        "Resources": {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": properties}},
    }
    result = generated(Source("cluster.json", "", template), keeps_ids=keeps_ids)
    (code,) = [text for name, text in result.files.items() if name.endswith("_stack.py")]
    assert code.count('"InstanceProfile"') == keeps_ids
    assert '"InstanceProfile2"' in code


def test_the_proof_has_parameters_and_quoted_paths(tmp_path):
    properties = {"Name": "x", "ReleaseLabel": "emr-7.5.0", "Instances": {"Ec2KeyName": {"Ref": "Key"}}}
    template = {
        "Parameters": {"Key": {"Type": "String"}},
        "Resources": {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": properties}},
    }
    path, folder = tmp_path / "my cluster.json", tmp_path / "my app"
    path.write_text(json.dumps(template))
    lines = run("generate", path, "--keep-logical-ids", "--output", folder).output.splitlines()
    assert lines[-2:] == [
        f"  (cd '{folder}' && cdk synth --quiet -c Key=...)",
        f"  emr-constructs diff --parameter Key=... '{path}' '{folder}/cdk.out'",
    ]
    request = tmp_path / "request.json"
    request.write_text(json.dumps({"Name": "x", "ReleaseLabel": "emr-7.5.0", "Instances": {"InstanceGroups": []}}))
    result = run("generate", request, "--keep-logical-ids", "--output", tmp_path / "b")
    assert (result.exit_code, "emr-constructs diff" in result.output) == (0, False)
