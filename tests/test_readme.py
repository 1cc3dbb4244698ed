"""The README: its facts, its picture and its topologies, which are changes of the first example.

``tests/test_wheel.py`` follows its commands in an empty folder.
"""

from __future__ import annotations

import functools
import json
import re
import tomllib

import aws_cdk as cdk
import pytest

from tests.test_documentation import blocks
from tests.tools import PROJECT, Template, only, resources, warnings

README = PROJECT / "README.md"
TEXT = README.read_text()
FIRST = next(code for language, code, _ in blocks(README) if language == "python")
TOPOLOGIES = dict(re.findall(r"^\*\*(.+?)\*\*:.*?^```diff\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]


def changed(code: str, difference: str) -> str:
    """The code after the hunks of a difference, each of which fits in one place."""
    for hunk in difference.split("@@\n"):
        lines = [(line[:1], line[1:]) for line in hunk.splitlines(keepends=True)]
        before, after = ("".join(text for sign, text in lines if sign != other) for other in "+-")
        assert code.count(before) == 1, before
        code = code.replace(before, after)
    return code


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs an app in an empty folder: its template, and its warnings."""
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "nightly.py").touch()
    monkeypatch.chdir(tmp_path)
    # Without the validation of all resource schemas, which the first example has in tests/test_wheel.py.
    app_class = functools.partial(cdk.App, outdir=str(tmp_path / "cdk.out"), builtin_cloud_formation_validation=False)
    monkeypatch.setattr(cdk, "App", app_class)

    def template(code: str) -> tuple[Template, list[str]]:
        namespace: dict[str, object] = {}
        exec(compile(code, README, "exec"), namespace)
        return json.loads((tmp_path / "cdk.out" / "Analytics.template.json").read_text()), warnings(namespace["app"])

    return template


def test_the_facts_are_those_of_the_package():
    (cdk_range,) = (found for found in METADATA["dependencies"] if found.startswith("aws-cdk-lib"))
    lowest, end = re.fullmatch(r"aws-cdk-lib>=([\d.]+),<(\d+)", cdk_range).groups()
    python = METADATA["requires-python"].removeprefix(">=")
    facts = [
        f"Python {python} or later",
        f"aws-cdk-lib {lowest} or later, before {end}",
        f"license {METADATA['license']}",
    ]
    assert TEXT.splitlines()[2] == " · ".join(facts)


def test_the_first_example_has_15_lines():
    assert len([line for line in FIRST.splitlines() if line.strip()]) <= 15


def test_the_picture_has_the_resources_of_the_first_example(run):
    template, found = run(FIRST)
    (picture,) = (code for language, code, _ in blocks(README) if language == "mermaid")
    assert found == []
    groups = resources(template, "AWS::EC2::SecurityGroup")
    rules = [name for kind in ("Ingress", "Egress") for name in resources(template, f"AWS::EC2::SecurityGroup{kind}")]
    assert f"{len(groups)} security groups<br/>{len(rules)} rules" in picture
    assert f"| three groups, {len(rules)} rules |" in (PROJECT / "docs" / "getting-started.md").read_text()
    counts = {
        "AWS::EMR::Cluster": r"EMR cluster",
        "AWS::EMR::Step": r"\bstep Nightly",
        "AWS::IAM::InstanceProfile": r"instance profile",
        "AWS::EMR::SecurityConfiguration": r"security configuration",
        "AWS::KMS::Key": r"KMS key",
        "AWS::S3::Bucket": r"log bucket",
    }
    drawn = {kind: len(re.findall(rf"\"(?:access )?{label}", picture)) for kind, label in counts.items()}
    assert drawn == {kind: len(resources(template, kind)) for kind in counts}
    instances = only(template, "AWS::EMR::Cluster")["Instances"]
    assert f"{instances['CoreInstanceGroup']['InstanceCount']} core nodes" in picture


def test_four_topologies_are_shown():
    assert list(TOPOLOGIES) == ["Transient", "Long-running and shared", "Spot fleet", "Highly available"]


@pytest.mark.parametrize("name", TOPOLOGIES)
def test_a_topology_is_a_change_of_the_first_example(name, run):
    template, found = run(changed(FIRST, TOPOLOGIES[name]))
    assert found == []
    if name == "Transient":
        assert resources(template, "AWS::EMR::Cluster") == {}
        assert len(resources(template, "AWS::StepFunctions::StateMachine")) == 2
        return
    cluster = only(template, "AWS::EMR::Cluster")
    instances = cluster["Instances"]
    if name == "Spot fleet":
        assert instances["TaskInstanceFleets"][0]["TargetSpotCapacity"] == 8
    elif name == "Highly available":
        assert instances["MasterInstanceGroup"]["InstanceCount"] == 3
        assert instances["TerminationProtected"] is True
    else:
        assert (cluster["StepConcurrencyLevel"], instances["TerminationProtected"]) == (10, True)
        assert cluster["ManagedScalingPolicy"]["ComputeLimits"]["MaximumCapacityUnits"] == 20


def test_the_guide_installs_the_same_packages():
    (guide,) = (code for _, code, _ in blocks(PROJECT / "docs" / "getting-started.md") if "pip install" in code)
    assert guide == next(code for language, code, _ in blocks(README) if language == "sh")
