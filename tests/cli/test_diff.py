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
