"""``describe``: for a terminal, a program and a pull request."""

from __future__ import annotations

import json
import re

from tests.cli.tools import GOOD, TEMPLATES, run
from tests.templates.test_overview import DEFINITION, machine

FLEETS = TEMPLATES / "instance_fleets.yaml"


def test_text():
    result = run("describe", GOOD, FLEETS, env={"COLUMNS": "200"})
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert f"private Cluster in {GOOD}" in lines
    assert "release emr-7.12.0" in lines
    assert "terminates after 1 hour idle" in lines
    assert any(
        line.startswith("core 6 units r6g.xlarge, r6g.2xlarge x2, r7g.xlarge 2 On-Demand, 4 Spot") for line in lines
    )


def test_json():
    (found,) = json.loads(run("describe", GOOD, "--format", "json").output)
    assert (found["template"], found["cluster"], found["release"]) == (GOOD, "Cluster", "emr-7.12.0")
    assert [nodes["role"] for nodes in found["nodes"]] == ["primary", "core"]


def test_markdown():
    lines = run("describe", GOOD, "--format", "markdown").output.splitlines()
    assert lines[:4] == [
        "### private (`Cluster`)",
        "",
        "| role | count | types | purchase | vCPU | memory | storage |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    assert lines[4].startswith("| primary | 1 | m7g.xlarge | On-Demand | ")
    (access,) = [line for line in lines if line.startswith("- **access**: ")]
    assert "instance profile &lt;Profile>; service role &lt;ServiceRole.Arn>" in access


def test_no_clusters():
    studio = TEMPLATES / "studio.yaml"
    assert run("describe", studio).output == "no clusters found\n"
    assert run("describe", studio, "--format", "json").output == "[]\n"
    assert run("describe", studio, "--format", "markdown").output == "No clusters found.\n"


def test_unreadable_files(tmp_path):
    (tmp_path / "a.json").write_text('{"Instances": {}}')
    result = run("describe", tmp_path / "a.json", GOOD)
    assert f"{tmp_path / 'a.json'}: the file must be a CloudFormation template" in result.output
    assert "emr-7.12.0" in result.output
    assert result.exit_code == 2


def test_markdown_draws_clusters_and_state_machines(tmp_path):
    (tmp_path / "machine.json").write_text(json.dumps(machine(DEFINITION)))
    lines = run("describe", tmp_path / "machine.json", "--format", "markdown").output.splitlines()
    assert lines[0] == "### a&lt;<span>$</span>x> (`Machine, state Create`)"
    assert lines.count("```mermaid") == 2
    assert "### State machine `Machine`" in lines


def test_a_definition_of_a_state_machine(tmp_path):
    (tmp_path / "machine.asl.json").write_text(json.dumps(DEFINITION))
    result = run("describe", tmp_path / "machine.asl.json")
    assert result.output.startswith("a<$x>  state Create in ")
    assert result.exit_code == 0


def test_requests(tmp_path):
    request = {"Name": "a", "ReleaseLabel": "emr-7.5.0", "Instances": {"KeepJobFlowAliveWhenNoSteps": False}}
    (tmp_path / "request.json").write_text(json.dumps(request))
    (found,) = json.loads(run("describe", tmp_path / "request.json", "--format", "json").output)
    assert (found["name"], found["terminates"]) == ("a", "when its steps finish")


def test_lines_wrap_at_the_width_of_the_terminal(tmp_path):
    uri = f"s3://bucket/{'a-long-path/' * 6}"
    steps = [{"Name": f"step number {at}", "HadoopJarStep": {"Jar": "a"}} for at in range(20)]
    (tmp_path / "request.json").write_text(json.dumps({"Name": "a", "LogUri": uri, "Steps": steps, "Instances": {}}))
    narrow = run("describe", tmp_path / "request.json", env={"COLUMNS": "60"}).output.splitlines()
    assert any(line.strip() == uri or line.endswith(f" {uri}") for line in narrow)
    others = [line for line in narrow if uri not in line and "request.json" not in line]
    assert max(map(len, others)) <= 60
    assert any(line.startswith(" " * 14 + "step") for line in narrow)
    wide = run("describe", tmp_path / "request.json", env={"COLUMNS": "0"}).output.splitlines()
    assert any(line.endswith("step number 19") and "step number 0" in line for line in wide)


def test_control_characters_do_not_reach_the_terminal(tmp_path):
    evil = "\x1b[31m\x07\u202e"
    instances = {"InstanceGroups": [{"InstanceRole": evil, "InstanceType": evil, "Name": evil, "InstanceCount": 1}]}
    request = {"Name": evil, "LogUri": evil, "Instances": instances, "Steps": [{"Name": evil}]}
    resources = {evil: {"Type": "AWS::EMR::Cluster", "Properties": request}}
    for name, content in (("request.json", request), ("template.json", {"Resources": resources})):
        (tmp_path / name).write_text(json.dumps(content))
        for style in ("text", "markdown"):
            output = run("describe", tmp_path / name, "--format", style).output
            assert output.replace("\n", "").isprintable()


TABLE = """\
role     count    types       purchase    vCPU     memory    storage
primary  1 unit   m5.xlarge   1           4        16 GiB    64 GiB
                              On-Demand
core     4 units  m5.xlarge   2           8 to 16  32 to     128 to
                  x2,         On-Demand,           128 GiB   256 GiB
                  r5.2xlarge  2 Spot
                  x2
"""
WIDE = {
    "Name": "wide",
    "Instances": {
        "InstanceFleets": [
            {"InstanceFleetType": "MASTER", "TargetOnDemandCapacity": 1, "InstanceTypeConfigs": [
                {"InstanceType": "m5.xlarge"}]},
            {"InstanceFleetType": "CORE", "TargetOnDemandCapacity": 2, "TargetSpotCapacity": 2, "InstanceTypeConfigs": [
                {"InstanceType": name, "WeightedCapacity": 2} for name in ("m5.xlarge", "r5.2xlarge")]},
        ]
    },
}  # fmt: skip


def test_cells_wrap_between_words(tmp_path):
    path = tmp_path / "request.json"
    path.write_text(json.dumps(WIDE))
    lines = run("describe", path, env={"COLUMNS": "70"}).output.splitlines()
    assert "\n".join(lines[1:8]) + "\n" == TABLE
    narrowest = run("describe", path, env={"COLUMNS": "1"}).output
    assert "\nprimary  1      m5.xlarge" in narrowest
    assert {"On-Demand,", "r5.2xlarge"} <= {*narrowest.split()}


def test_no_line_ends_with_a_space():
    for options in ({}, {"env": {"COLUMNS": "90"}}, {"env": {"FORCE_COLOR": "1"}, "color": True}):
        output = run("describe", *sorted(TEMPLATES.glob("*.yaml")), **options).output
        assert ("\x1b[" in output) is ("color" in options)
        visible = re.sub(r"\x1b\[[0-9;]*m", "", output)
        assert not [line for line in visible.splitlines() if line.endswith(" ")]
