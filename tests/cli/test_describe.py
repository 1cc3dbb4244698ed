"""``describe``: for a terminal, a program and a pull request."""

from __future__ import annotations

import json

from tests.cli.tools import GOOD, TEMPLATES, run

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
