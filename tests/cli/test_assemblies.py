"""Cloud assemblies on the command line: several stacks, stages, empty stacks and files that can't be read."""

from __future__ import annotations

import json

import pytest

from tests.cli.tools import run

EMPTY = {"Parameters": {"BootstrapVersion": {"Type": "String"}}, "Rules": {"CheckBootstrapVersion": {}}}


def cluster(count, release="emr-7.5.0"):
    groups = {"MasterInstanceGroup": {"InstanceCount": count, "InstanceType": "m5.xlarge"}}
    properties = {"Name": "n", "ReleaseLabel": release, "ServiceRole": "r", "JobFlowRole": "p", "Instances": {
        "Ec2SubnetId": "subnet-0123456789abcdef0", **groups}}  # fmt: skip
    return {"Resources": {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": properties}}}


def write(folder, **stacks):
    """An assembly with a stage for each mapping among ``stacks``, and a stack for each text or template."""
    folder.mkdir()
    artifacts = {}
    for name, content in stacks.items():
        if isinstance(content, dict) and "S" in content:
            write(folder / f"assembly-{name}", **content)
            artifacts[name] = {
                "type": "cdk:cloud-assembly",
                "properties": {"directoryName": f"assembly-{name}"},
            }
            continue
        file = f"{name}.template.json"
        (folder / file).write_text(content if isinstance(content, str) else json.dumps(content))
        metadata = {f"/{name}/Cluster/Resource": [{"type": "aws:cdk:logicalId", "data": "Cluster"}]}
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": file},
            "metadata": metadata,
        }
    (folder / "manifest.json").write_text(json.dumps({"version": "1", "artifacts": artifacts}))
    return folder


@pytest.fixture
def old(tmp_path):
    return write(tmp_path / "old", App=EMPTY, None_={}, Prod={"S": cluster(1)}, Test={"S": cluster(1)})


@pytest.mark.parametrize("content", [EMPTY, {}, {"Description": "x", "Outputs": {}}])
def test_stacks_without_resources(tmp_path, content):
    folder = write(tmp_path / "a", App=content, Jobs=cluster(2))
    result = run("check", folder)
    assert (result.exit_code, result.output.splitlines()[-1]) == (1, "1 error and 0 warnings in 2 files")
    assert "(Jobs/Cluster/Resource)" in result.output
    assert run("describe", folder).exit_code == 0
    assert run("diff", folder, folder).output == "Jobs.template.json: Cluster: unchanged\n"
    assert run("check", folder / "App.template.json").exit_code == 0


def test_a_template_whose_resources_are_included(tmp_path):
    path = tmp_path / "included.json"
    path.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Transform": {"Name": "AWS::Include"}}))
    assert run("check", path).exit_code == 0


def test_stages_with_equal_file_names(old, tmp_path):
    new = write(tmp_path / "new", App=EMPTY, None_={}, Prod={"S": cluster(1, "emr-7.6.0")}, Test={"S": cluster(1)})
    result = run("diff", old, new)
    assert result.exit_code == 1
    assert "assembly-Prod/S.template.json: Cluster: replaced" in result.output
    assert "assembly-Test/S.template.json: Cluster: unchanged" in result.output
    assert run("check", old).output == "0 errors and 0 warnings in 4 files\n"


def test_one_file_that_cannot_be_read(tmp_path):
    folder = write(tmp_path / "a", First=cluster(2), Broken="{", Last={"S": cluster(4)})
    result = run("check", folder)
    assert result.exit_code == 2
    assert f"{folder}: unreadable: Broken.template.json: line 2" in result.output
    assert result.output.count("emr-master-count") == 2
    described = run("describe", folder)
    assert described.exit_code == 2
    assert "Broken.template.json: line 2" in described.output
    assert described.output.count("Cluster in ") == 2
    assert run("diff", folder, folder).exit_code == 2
