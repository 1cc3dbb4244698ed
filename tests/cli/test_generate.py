"""``generate``: the files that it writes, its summary, and what it rejects."""

from __future__ import annotations

import json
import os
import re
import resource
import runpy
import subprocess
import sys

import pytest

from tests.cli.tools import GOOD, TEMPLATES, run
from tests.tools import PROJECT, new_app, resources

FLEETS = TEMPLATES / "instance_fleets.yaml"
TWO_CLUSTERS = {
    "Resources": {
        name: {
            "Type": "AWS::EMR::Cluster",
            "Properties": {
                "Name": name,
                "ReleaseLabel": "emr-7.5.0",
                "JobFlowRole": "EMR_EC2_DefaultRole",
                "ServiceRole": "EMR_DefaultRole",
                "Instances": {
                    "Ec2SubnetId": "subnet-0123456789abcdef0",
                    "MasterInstanceGroup": {"InstanceCount": 1, "InstanceType": "m5.xlarge"},
                },
            },
        }
        for name in ("Daily", "Weekly")
    }
}


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "two.json"
    path.write_text(json.dumps(TWO_CLUSTERS))
    return path


def test_writes_an_app(tmp_path):
    result = run("generate", GOOD, "--output", tmp_path / "app")
    assert result.exit_code == 0
    folder = tmp_path / "app"
    files = ["app.py", "private_network_stack.py", "cdk.json", "requirements.txt", "included.json"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(files)
    lines = result.output.splitlines()
    assert lines[:5] == [str(folder / name) for name in files]
    assert lines[6] == "1 cluster, 2 resources converted, 13 resources included, 0 TODOs"
    assert json.loads((folder / "cdk.json").read_text())["app"] == "python3 app.py"
    requirements = (folder / "requirements.txt").read_text().splitlines()
    assert [line.partition(">")[0] for line in requirements] == ["aws-cdk-lib", "constructs", "emr-constructs"]
    assert 'PrivateNetworkStack(app, "PrivateNetwork")\napp.synth()' in (folder / "app.py").read_text()


def test_tells_how_to_prove_an_update_in_place(tmp_path):
    output = run("generate", GOOD, "--keep-logical-ids", "--output", tmp_path / "app").output
    assert f"  emr-constructs diff {GOOD} {tmp_path / 'app' / 'cdk.out'}\n" in output
    assert "emr-constructs diff" not in run("generate", GOOD, "--output", tmp_path / "other").output


def test_tells_what_is_left_to_do_and_which_parameters_have_no_default(tmp_path):
    result = run("generate", FLEETS, "--output", tmp_path)
    assert result.exit_code == 0
    assert "2 resources converted, 0 resources included, 1 TODO\n  TODO: set public=True" in result.output
    assert "parameters without a default: cdk synth -c Subnets=..." in result.output
    assert "# TODO: set public=True" in (tmp_path / "instance_fleets_stack.py").read_text()


def test_never_overwrites_a_file(tmp_path):
    (tmp_path / "app.py").write_text("mine")
    result = run("generate", GOOD, "--output", tmp_path)
    assert result.exit_code == 2
    assert f"--output must be a folder without app.py, got {tmp_path}; use another folder" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]
    assert (tmp_path / "app.py").read_text() == "mine"


def test_the_output_must_be_a_folder(tmp_path):
    (tmp_path / "file").write_text("")
    result = run("generate", GOOD, "--output", tmp_path / "file")
    assert (result.exit_code, result.output) == (2, f"--output must be a folder, got the file {tmp_path / 'file'}\n")


def test_one_of_several_clusters(template, tmp_path):
    result = run("generate", template, "--cluster", "Weekly", "--output", tmp_path / "app")
    assert "1 cluster, 1 resource converted, 1 resource included" in result.output
    included = json.loads((tmp_path / "app" / "included.json").read_text())
    assert list(included["Resources"]) == ["Daily"]
    result = run("generate", template, "--cluster", "Monthly", "--output", tmp_path / "other")
    assert result.exit_code == 2
    message = "--cluster must be the logical ID of a cluster, got 'Monthly'; use one of 'Daily', 'Weekly'"
    assert result.output == f"{message}\n"
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("arguments", [[], [GOOD, "--cluster-id", "j-1"]])
def test_requires_one_source(arguments):
    result = run("generate", *arguments)
    assert result.exit_code == 2
    got = "both" if arguments else "neither"
    assert f"specify exactly one of FILE and --cluster-id, got {got}" in result.output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 2"),
        ('{"Resources": {}}', "the file must have an EMR resource to convert, got none"),
        ("[1]", "the content must be a CloudFormation template"),
        ('{"Constraints": {}, "Rules": []}', "the file must describe a cluster, a security configuration or a Studio"),
    ],
)
def test_unreadable_files(content, message, tmp_path):
    (tmp_path / "a.json").write_text(content)
    result = run("generate", tmp_path / "a.json", "--output", tmp_path / "app")
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "app").exists()


def test_a_missing_file(tmp_path):
    result = run("generate", tmp_path / "a.json")
    assert result.exit_code == 2
    assert "a.json" in result.output


def test_standard_input(tmp_path):
    result = run("generate", "-", "--output", tmp_path, input=json.dumps(TWO_CLUSTERS))
    assert result.exit_code == 0
    assert (tmp_path / "emr_stack.py").exists()


def assembly_of(folder, **templates):
    folder.mkdir()
    artifacts = {}
    for name, template in templates.items():
        (folder / f"{name}.template.json").write_text(json.dumps(template))
        properties = {"templateFile": f"{name}.template.json"}
        artifacts[name] = {"type": "aws:cloudformation:stack", "properties": properties}
    (folder / "manifest.json").write_text(json.dumps({"version": "1", "artifacts": artifacts}))
    return folder


def test_a_cloud_assembly(tmp_path):
    assembly = assembly_of(tmp_path / "one", Analytics=TWO_CLUSTERS, Network={"Resources": {}})
    result = run("generate", assembly, "--keep-logical-ids", "--output", tmp_path / "app")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "app" / "analytics_stack.py").exists()
    assert f"emr-constructs diff {assembly / 'Analytics.template.json'} " in result.output
    assembly = assembly_of(tmp_path / "two", Analytics=TWO_CLUSTERS, Other=TWO_CLUSTERS)
    result = run("generate", assembly, "--output", tmp_path / "other")
    assert result.exit_code == 2
    assert "must have one template with EMR resources, got" in result.output
    assert run("generate", assembly_of(tmp_path / "none"), "--output", tmp_path / "other").exit_code == 2


STATES = {
    "StartAt": "Create",
    "States": {
        "Create": {
            "Type": "Task",
            "Resource": "arn:aws:states:::elasticmapreduce:createCluster.sync",
            "Parameters": {
                "Name.$": "$.name",
                "ReleaseLabel": "emr-7.1.0",
                "Applications": [{"Name": "Spark"}],
                "ServiceRole": "EMR_DefaultRole",
                "JobFlowRole": "EMR_EC2_DefaultRole",
                "Instances": {
                    "KeepJobFlowAliveWhenNoSteps": True,
                    "Ec2SubnetId": "subnet-0123456789abcdef0",
                    "InstanceGroups": [{"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": "m5.xlarge"}],
                },
            },
            "Next": "Add",
        },
        "Add": {
            "Type": "Task",
            "Resource": "arn:aws:states:::elasticmapreduce:addStep.sync",
            "Parameters": {
                "ClusterId.$": "$.ClusterId",
                "Step": {
                    "Name": "count",
                    "ActionOnFailure": "CONTINUE",
                    "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["spark-submit", "s3://scripts/count.py"]},
                },
            },
            "Next": "Wait",
        },
        "Wait": {"Type": "Wait", "Seconds": 60, "Next": "Terminate"},
        "Terminate": {
            "Type": "Task",
            "Resource": "arn:aws:states:::elasticmapreduce:terminateCluster",
            "Parameters": {"ClusterId.$": "$.ClusterId"},
            "End": True,
        },
    },
}


def test_a_state_machine(tmp_path):
    (tmp_path / "daily.asl.json").write_text(json.dumps(STATES))
    result = run("generate", tmp_path / "daily.asl.json", "--output", tmp_path / "app")
    assert result.exit_code == 0, result.output
    assert "TODO: state Wait isn't converted\n" in result.output
    assert "stands for $.name, which is only known in an execution; use emr.JobInput" in result.output
    source = (tmp_path / "app" / "daily_stack.py").read_text()
    assert "emr.TransientCluster(" in source
    namespace = {"__name__": "daily_stack", "__file__": str(tmp_path / "app" / "daily_stack.py")}
    exec(compile(source, "daily_stack.py", "exec"), namespace)
    app = new_app()
    namespace["DailyStack"](app, "Daily", name="reports")
    machines = resources(app.synth().get_stack_by_name("Daily").template, "AWS::StepFunctions::StateMachine")
    # The other one terminates clusters that are left over.
    assert sum("s3://scripts/count.py" in json.dumps(machine) for machine in machines.values()) == 1


def test_the_app_runs(tmp_path, monkeypatch):
    assert run("generate", FLEETS, "--output", tmp_path).exit_code == 0
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SystemExit, match=re.escape("specify Subnets in cdk.json, or with cdk synth -c Subnets=...")):
        runpy.run_path(str(tmp_path / "app.py"))
    context = {"Subnets": "subnet-0123456789abcdef0,subnet-0123456789abcdef1"}
    environment = {"PYTHONPATH": str(PROJECT), "CDK_OUTDIR": "cdk.out", "CDK_CONTEXT_JSON": json.dumps(context)}
    subprocess.run(
        [sys.executable, "app.py"], cwd=tmp_path, env={**os.environ, **environment}, capture_output=True, check=True
    )
    template = json.loads((tmp_path / "cdk.out" / "InstanceFleets.template.json").read_text())
    (cluster,) = resources(template, "AWS::EMR::Cluster").values()
    assert cluster["Properties"]["Instances"]["Ec2SubnetIds"] == [
        "subnet-0123456789abcdef0",
        "subnet-0123456789abcdef1",
    ]


def test_requires_boto3_for_a_running_cluster(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "boto3", None)
    result = run("generate", "--cluster-id", "j-1", "--output", tmp_path)
    assert result.exit_code == 2
    assert 'run pip install "emr-constructs[aws]"' in result.output


def seconds(*arguments):
    """The CPU time of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    command = [sys.executable, "-m", "emr_constructs", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, cwd=PROJECT, env={**os.environ, "COLUMNS": "100"})
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def test_starts_fast(tmp_path):
    assert min(seconds("generate", "--help") for _ in range(3)) < 0.3


def test_is_about_as_fast_as_a_check(tmp_path):
    ratios = []
    for number in range(3):
        check = seconds("check", GOOD)
        ratios.append(seconds("generate", GOOD, "--output", tmp_path / str(number)) / check)
    assert min(ratios) < 2
