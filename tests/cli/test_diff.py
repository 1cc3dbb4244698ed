"""``diff``: exit codes and reports; what an update does is tested in tests/templates/test_updates.py."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.cli.test_check import hand_written
from tests.cli.tools import GOOD, TEMPLATES, changed, run
from tests.tools import new_app, new_stack


def test_nothing_changes():
    result = run("diff", GOOD, GOOD)
    assert result.output == "private_network.yaml: Cluster: unchanged\n"
    assert result.exit_code == 0


def test_a_replacement(tmp_path):
    new = changed(tmp_path, "emr-7.12.0", "emr-7.13.0")
    result = run("diff", GOOD, new)
    assert result.output.splitlines()[:3] == [
        "changed.yaml: Cluster: replaced",
        "    ReleaseLabel: emr-7.12.0 -> emr-7.13.0 (requires replacement)",
        "    ! data in HDFS on 2 core nodes is lost",
    ]
    assert result.exit_code == 1
    assert run("diff", GOOD, new, "--allow-replacement").exit_code == 0


def test_a_possible_replacement(tmp_path):
    new = changed(
        tmp_path, "r6g.2xlarge, WeightedCapacity: 2", "r6g.4xlarge, WeightedCapacity: 2", "instance_fleets.yaml"
    )
    result = run("diff", TEMPLATES / "instance_fleets.yaml", new)
    assert result.output.splitlines()[:2] == [
        "changed.yaml: Cluster: may be replaced",
        "    Instances.CoreInstanceFleet.InstanceTypeConfigs[1].InstanceType: r6g.2xlarge -> r6g.4xlarge "
        "(may require replacement)",
    ]
    assert result.exit_code == 1


def test_a_change_in_place(tmp_path):
    new = changed(tmp_path, "IdleTimeout: 3600", "IdleTimeout: 7200")
    result = run("diff", GOOD, new)
    assert result.output.splitlines() == [
        "changed.yaml: Cluster: updated in place",
        "    AutoTerminationPolicy.IdleTimeout: 3600 -> 7200",
    ]
    assert result.exit_code == 0


def test_a_deletion(tmp_path):
    (tmp_path / "empty.yaml").write_text("Resources: {}")
    result = run("diff", GOOD, tmp_path / "empty.yaml")
    assert "Cluster: deleted" in result.output
    assert result.exit_code == 1


def test_json(tmp_path):
    found = json.loads(run("diff", GOOD, changed(tmp_path, "emr-7.12.0", "emr-7.13.0"), "--format", "json").output)
    (cluster,) = found["clusters"]
    assert (cluster["template"], cluster["cluster"], cluster["outcome"]) == ("changed.yaml", "Cluster", "replaced")
    assert cluster["changes"] == [
        {"path": "ReleaseLabel", "before": "emr-7.12.0", "after": "emr-7.13.0", "outcome": "replaced"}
    ]


def test_the_standard_input(tmp_path):
    with open(GOOD, encoding="utf-8") as file:
        assert run("diff", "-", GOOD, input=file.read()).exit_code == 0


def assembly(folder, stacks):
    app = new_app()
    for name, masters in stacks.items():
        hand_written(new_stack(app, name), masters)
    return shutil.copytree(app.synth().directory, folder)


def test_cloud_assemblies(tmp_path):
    old = assembly(tmp_path / "old", {"A": 1, "B": 1, "C": 1})
    new = assembly(tmp_path / "new", {"A": 1, "B": 3, "D": 1})
    result = run("diff", old, new)
    assert [line for line in result.output.splitlines() if not line.startswith("    ")] == [
        "A.template.json: Cluster: unchanged",
        "B.template.json: Cluster: replaced",
        "D.template.json: Cluster: added",
        "C.template.json: missing from NEW; the update doesn't change or delete its stack",
    ]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("text", "says"), [("a: [", "bad.yaml: line"), ("a: b", "bad.yaml: the file must be a CloudFormation template")]
)
def test_unreadable_files(tmp_path, text, says):
    (tmp_path / "bad.yaml").write_text(text)
    result = run("diff", GOOD, tmp_path / "bad.yaml")
    assert says in result.output
    assert result.exit_code == 2


def test_no_clusters(tmp_path):
    (tmp_path / "empty.yaml").write_text("Resources: {}")
    assert run("diff", tmp_path / "empty.yaml", tmp_path / "empty.yaml").output == "no clusters found\n"


CASES = TEMPLATES.parents[1] / "cases" / "diff"


@pytest.mark.parametrize("options", [(), ("--allow-replacement",)])
def test_an_update_that_fails(options):
    names = ("named-security-configuration-old.yaml", "named-security-configuration-new.yaml")
    result = run("diff", *(CASES / name for name in names), *options)
    lines = result.output.splitlines()
    assert lines[0] == "named-security-configuration-new.yaml: Sec (AWS::EMR::SecurityConfiguration): update fails"
    assert lines[-1].startswith(
        "    ! CloudFormation can't replace a resource that keeps its custom name dev_emr_cluster_"
    )
    assert lines[-1].endswith("; change or remove Name")
    assert result.exit_code == 1


def test_new_defaults_of_parameters():
    result = run("diff", CASES / "condition-old.yaml", CASES / "condition-flips.yaml")
    assert result.output.splitlines()[1:] == [
        "    ! instance group T is resized to 0 nodes, not deleted: its condition UseSpot is false",
        "    i this is so if the stack uses the new default of parameter Spot (yes -> no); "
        "an update that keeps the old value doesn't change the cluster",
    ]
    assert result.exit_code == 0


def test_markdown():
    names = ("condition-old.yaml", "named-configuration-changes.yaml")
    lines = run("diff", *(CASES / name for name in names), "--format", "markdown").output.splitlines()
    assert lines[:6] == [
        "### `SC (AWS::EMR::SecurityConfiguration)` in `named-configuration-changes.yaml`: update fails",
        "",
        "| change | effect |",
        "| --- | --- |",
        "| `SecurityConfiguration.InstanceMetadataServiceConfiguration.HttpPutResponseHopLimit: 1 -> 2` | replaced |",
        "",
    ]
    assert "| `SecurityConfiguration: <SC> -> <new SC>` | replaced |" in lines
    assert run("diff", TEMPLATES / "studio.yaml", TEMPLATES / "studio.yaml", "--format", "markdown").output == (
        "No clusters found.\n"
    )


def test_lines_wrap_at_the_width_of_the_terminal():
    names = ("condition-old.yaml", "condition-flips.yaml")
    result = run("diff", *(CASES / name for name in names), env={"COLUMNS": "60"})
    assert max(map(len, result.output.splitlines())) <= 60
    assert result.output.splitlines()[2].startswith("      ")


def test_control_characters_do_not_reach_the_terminal(tmp_path):
    evil = "\x1b[31m\x07|`<b>"
    for name, text in (("old.json", "a"), ("new.json", evil)):
        cluster = {"Type": "AWS::EMR::Cluster", "Properties": {"Name": text, "Applications": [{"Name": text}]}}
        (tmp_path / name).write_text(json.dumps({"Resources": {evil: cluster}}))
    for style in ("text", "markdown"):
        output = run("diff", tmp_path / "old.json", tmp_path / "new.json", "--format", style).output
        assert output.replace("\n", "").isprintable()


@pytest.mark.parametrize("command", ["describe", "diff"])
def test_deeply_nested_files(command, tmp_path):
    value = "[" * 600 + "]" * 600
    text = f'{{"Resources": {{"C": {{"Type": "AWS::EMR::Cluster", "Properties": {{"AdditionalInfo": {value}}}}}}}}}'
    (tmp_path / "deep.json").write_text(text)
    (tmp_path / "other.json").write_text(text.replace("AdditionalInfo", "LogUri"))
    files = (tmp_path / "deep.json", tmp_path / "other.json")
    result = run(command, *files)
    assert result.exit_code == 2
    assert "the content must have at most 100 levels" in result.output


def test_names_of_resources_that_a_loop_adds(tmp_path):
    step = {"Type": "AWS::EMR::Step", "Properties": {"JobFlowId": {"Ref": "C"}, "Name": "a"}}
    loop = {"Fn::ForEach::Steps": ["X", [{"Ref": "P"}], {"Step${X}": step}]}
    cluster = {"Type": "AWS::EMR::Cluster", "Properties": {"Name": "a", "Instances": {}}}
    for name, resources in (("old.json", {"C": cluster}), ("new.json", {"C": cluster, **loop})):
        parameters = {"P": {"Type": "String"}}
        (tmp_path / name).write_text(json.dumps({"Parameters": parameters, "Resources": resources}))
    for style in ("text", "markdown", "json"):
        output = run("diff", tmp_path / "old.json", tmp_path / "new.json", "--format", style).output
        assert "Step<P> is added" in output.replace("&lt;", "<")


def _keyed(tmp_path, name, key, parameters):
    instances = {"Ec2KeyName": key}
    cluster = {"Type": "AWS::EMR::Cluster", "Properties": {"Instances": instances}}
    path = tmp_path / name
    path.write_text(json.dumps({"Parameters": parameters, "Resources": {"Cluster": cluster}}))
    return path


def test_values_of_parameters(tmp_path):
    old = _keyed(tmp_path, "old.json", {"Ref": "Key"}, {"Key": {"Type": "String"}})
    new = _keyed(tmp_path, "new.json", "operators", {})
    assert run("diff", old, new).exit_code == 1
    result = run("diff", old, new, "--parameter", "Key=operators")
    assert (result.exit_code, "Cluster: unchanged" in result.output) == (0, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Key", "--parameter must be NAME=VALUE, got 'Key'"),
        ("=x", "--parameter must be NAME=VALUE, got '=x'"),
        ("Other=x", "--parameter must name a parameter of the templates, got 'Other'"),
    ],
)
def test_rejects_values_of_unknown_parameters(text, message, tmp_path):
    old = _keyed(tmp_path, "old.json", {"Ref": "Key"}, {"Key": {"Type": "String"}})
    result = run("diff", old, old, "--parameter", text)
    assert (result.exit_code, message in result.output) == (2, True)
