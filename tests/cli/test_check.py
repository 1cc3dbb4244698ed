"""``check``: files of every kind, reports of every kind, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys

import aws_cdk as cdk
import pytest
from aws_cdk import aws_emr
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

from emr_constructs.rules import all_rules
from tests.cli.tools import GOOD, TEMPLATES, changed, run
from tests.tools import PROJECT, new_app

MASTER = "MasterInstanceGroup: {InstanceCount: 1"
TWO = "MasterInstanceGroup: {InstanceCount: 2"


@pytest.fixture
def bad(tmp_path):
    return changed(tmp_path, MASTER, TWO)


def test_no_problems():
    result = run("check", GOOD, TEMPLATES / "kerberos.json")
    assert result.output == "0 errors and 0 warnings in 2 files\n"
    assert result.exit_code == 0


def test_an_error(bad):
    result = run("check", GOOD, bad)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{bad}:91: error: instance count of the primary instance group must be 1 or 3, got 2 [emr-master-count]",
        "    at Resources.Cluster.Properties.Instances.MasterInstanceGroup.InstanceCount",
        "    use 1, or 3 for high availability",
        "1 error and 0 warnings in 2 files",
    ]


def test_a_warning_is_no_error(tmp_path):
    hidden = "      Name: private\n      VisibleToAllUsers: false"
    result = run("check", changed(tmp_path, "      Name: private", hidden))
    assert "[emr-visible-to-all-users]" in result.output
    assert "0 errors and 1 warning in 1 file" in result.output
    assert result.exit_code == 0


def test_rules_can_be_ignored(bad):
    result = run("check", bad, "--ignore", "emr-master-count", "--ignore", "emr-core-count")
    assert result.exit_code == 0
    result = run("check", bad, "--ignore", "emr-master-cuont")
    assert result.exit_code == 2
    assert "--ignore must be the ID of a rule, got 'emr-master-cuont'" in result.output


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.yaml", "a: [", "line 2"),
        ("a.json", "{", "line "),
        (
            "a.json",
            '{"a": 1}',
            "the content must be a CloudFormation template, a state machine, a security",
        ),
        (
            "a.json",
            "[]",
            "the content must be a CloudFormation template, a state machine, a security",
        ),
        (
            "a.yaml",
            "text",
            "the content must be a CloudFormation template, a state machine, a security",
        ),
        (
            "a.yaml",
            "# nothing",
            "the content must be a CloudFormation template, a state machine, a security",
        ),
        ("a.yaml", " \n", "the file must not be empty"),
    ],
)
def test_unreadable_files(tmp_path, bad, name, text, says):
    (tmp_path / name).write_text(text)
    result = run("check", bad, tmp_path / name)
    assert result.exit_code == 2
    assert f"{tmp_path / name}: unreadable: " in result.output
    assert says in result.output
    # The others are checked all the same.
    assert "emr-master-count" in result.output


def test_missing_files_and_binary_files(tmp_path):
    (tmp_path / "a").write_bytes(b"\xff\xfe\x00")
    result = run("check", tmp_path / "absent", tmp_path / "a")
    assert "absent: unreadable: No such file or directory" in result.output
    assert "a: unreadable: the file must be UTF-8 text" in result.output
    assert result.exit_code == 2


def test_the_standard_input(bad):
    result = run("check", "-", input="\ufeff" + bad.read_text())
    assert result.output.startswith("-:91: error: instance count of the primary instance group")
    assert run("check", "-", input=b"\xff").exit_code == 2
    assert "-: unreadable: the file must not be empty" in run("check", "-", "-", input=bad.read_text()).output


def test_a_template_as_get_template_prints_it(bad):
    result = run("check", "-", input=json.dumps(bad.read_text()))
    assert result.output.startswith("-:91: error: instance count of the primary instance group")


GROUP = {"InstanceType": "m5.xlarge", "InstanceCount": 2}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"Name": "a", "Instances": {"InstanceGroups": [{**GROUP, "InstanceRole": "MASTER"}]}},
         "at Instances.InstanceGroups[0]"),
        ([{**GROUP, "InstanceGroupType": "MASTER"}], "at [0]"),
        ([{"InstanceFleetType": "MASTERS"}], "got 'MASTERS'"),
        ([{"Classification": "a b"}], "classification must have only"),
        ([{"Name": "a", "HadoopJarStep": {"Jar": "command-runner.jar"}}], "must have arguments"),
        ({"EncryptionConfiguration": {"EnableAtRestEncryption": True}}, "must be configured, got at-rest"),
    ],
    ids=["request", "groups", "fleets", "configurations", "steps", "security configuration"],
)  # fmt: skip
def test_requests_and_documents(tmp_path, content, says):
    path = tmp_path / "request.json"
    path.write_text(json.dumps(content))
    result = run("check", path)
    assert says in result.output
    assert result.exit_code == 1


def test_unknown_members_of_a_security_configuration_are_warnings(tmp_path):
    path = tmp_path / "security.json"
    path.write_text('{"EncryptionConfiguration": {"EnableInTransitEncryption": "false"}, "Else": 1}')
    result = run("check", path)
    assert "must have only documented members, got 'Else'" in result.output
    assert result.exit_code == 0


def hand_written(scope, masters):
    group = aws_emr.CfnCluster.InstanceGroupConfigProperty(instance_count=masters, instance_type="m5.xlarge")
    instances = aws_emr.CfnCluster.JobFlowInstancesConfigProperty(
        master_instance_group=group, keep_job_flow_alive_when_no_steps=True
    )
    return aws_emr.CfnCluster(
        scope, "Cluster", name="a", job_flow_role="p", service_role="r", instances=instances, release_label="emr-7.14.0"
    )


def test_a_cloud_assembly_with_nested_stacks_and_stages():
    app = new_app()
    stack = cdk.Stack(app, "Analytics")
    hand_written(stack, 2)
    hand_written(cdk.NestedStack(stack, "Nested"), 2)
    hand_written(cdk.Stack(cdk.Stage(app, "Production"), "Analytics"), 2)
    folder = app.synth().directory
    result = run("check", folder, "--format", "json")
    found = json.loads(result.output)
    assert len(found["files"]) == 3
    assert [finding["rule"] for finding in found["findings"]] == ["emr-master-count"] * 3
    assert [finding["resource"] for finding in found["findings"]] == ["Cluster"] * 3


def test_a_directory_that_is_not_a_cloud_assembly(tmp_path):
    assert (
        "the directory must be a cloud assembly, but it has no manifest.json; run cdk synth"
        in run("check", tmp_path).output
    )
    (tmp_path / "manifest.json").write_text('{"artifacts": {"a": {"type": "cdk:asset-manifest"}}}')
    result = run("check", tmp_path)
    assert "can't be read; run cdk synth again" in result.output
    assert result.exit_code == 2


def test_json(bad, tmp_path):
    found = json.loads(run("check", bad, tmp_path / "absent", "--format", "json").output)
    assert found["files"] == [str(bad)]
    assert found["unreadable"] == [{"file": str(tmp_path / "absent"), "reason": "No such file or directory"}]
    assert found["findings"] == [{
        "file": str(bad), "line": 91, "resource": "Cluster", "construct": None,
        "path": "Resources.Cluster.Properties.Instances.MasterInstanceGroup.InstanceCount", "rule": "emr-master-count",
        "severity": "error", "message": "instance count of the primary instance group must be 1 or 3, got 2",
        "fix": "use 1, or 3 for high availability",
    }]  # fmt: skip


def test_sarif_is_valid(bad, tmp_path):
    result = run("check", bad, tmp_path / "absent", "-", "--format", "sarif", input="{}")
    log = json.loads(result.output)
    # Models made from the schema of SARIF 2.1.0, which forbid what it does not have.
    Sarif.model_validate(log)
    (made,) = log["runs"]
    rules = [rule["id"] for rule in made["tool"]["driver"]["rules"]]
    assert made["tool"]["driver"]["version"] == run("--version").output.split()[-1]
    assert rules == [rule.id for rule in all_rules()]
    (found,) = made["results"]
    assert found["ruleId"] == rules[found["ruleIndex"]] == "emr-master-count"
    (location,) = found["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 91}
    assert location["physicalLocation"]["artifactLocation"]["uri"] == bad.as_uri()
    assert location["logicalLocations"][0]["name"] == "Cluster"
    (invocation,) = made["invocations"]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == 2


@pytest.mark.parametrize("kind", ["inSource", "external"])
def test_sarif_suppresses_acknowledged_findings(bad, kind, monkeypatch):
    monkeypatch.chdir(bad.parent)
    if kind == "inSource":
        accepted = "    Metadata: {emr-constructs: {acknowledge: [{id: emr-master-count, reason: a test}]}}\n"
        text = bad.read_text().replace("    Type: AWS::EMR::Cluster\n", f"    Type: AWS::EMR::Cluster\n{accepted}")
        bad.write_text(text)
    else:
        entry = '[[tool.emr-constructs.acknowledge]]\nid = "emr-master-count"\nreason = "a test"\n'
        (bad.parent / "pyproject.toml").write_text(entry)
    result = run("check", bad.name, "--format", "sarif")
    assert result.exit_code == 0
    log = json.loads(result.output)
    Sarif.model_validate(log)
    (found,) = log["runs"][0]["results"]
    assert found["suppressions"] == [{"kind": kind, "justification": "a test"}]
    assert found["locations"][0]["physicalLocation"]["region"]["startLine"] in (91, 92)
    assert json.loads(run("check", bad.name, "--format", "json").output)["findings"] == []


def test_sarif_refers_to_files_by_uri(bad, monkeypatch):
    monkeypatch.chdir(bad.parent)
    bad.rename("with space.yaml")
    (made,) = json.loads(run("check", "with space.yaml", "--format", "sarif").output)["runs"]
    (location,) = made["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "with%20space.yaml"


def test_check_lists_the_rules():
    assert run("check", "--rules").output == run("rules").output


@pytest.mark.parametrize("command", [(), ("check",), ("diff",), ("describe",), ("rules",)])
def test_help_has_examples(command):
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert "\n    emr-constructs " in result.output


def test_runs_as_a_module_without_cdk(bad):
    command = [sys.executable, "-X", "importtime", "-m", "emr_constructs", "check", str(bad)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert result.returncode == 1
    assert "emr-master-count" in result.stdout
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in result.stderr.splitlines()}
    assert "click" in loaded
    assert not {"aws_cdk", "constructs", "jsii", "cfnlint", "rich"} & loaded


def test_a_template_that_a_macro_can_rewrite_is_not_checked(tmp_path):
    path = tmp_path / "macro.yaml"
    path.write_text("Transform: [Custom]\nResources:\n  C: {Type: AWS::EMR::Cluster}\n")
    result = run("check", path)
    assert result.exit_code == 0
    assert f"{path}: not checked: macro 'Custom' can rewrite all resources" in result.output
    found = json.loads(run("check", path, "--format", "json").output)
    assert found["unchecked"] == [{"file": str(path), "reason": "macro 'Custom' can rewrite all resources"}]
    log = json.loads(run("check", path, "--format", "sarif").output)
    (notification,) = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notification["level"] == "note"
    Sarif.model_validate(log)
