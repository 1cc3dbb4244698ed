"""The guides whose blocks are files: the tests of a stack, and a pipeline."""

from __future__ import annotations

import functools
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

import aws_cdk as cdk
import boto3
import pytest
import yaml
from botocore.stub import Stubber

from emr_constructs.rules import releases
from tests.cli.test_prices import PRICES
from tests.cli.tools import GOOD
from tests.cli.tools import run as run_command
from tests.test_documentation import blocks
from tests.tools import CONTEXT, PROJECT


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with the files of the testing guide."""
    for language, code, _ in blocks(PROJECT / "docs" / "testing.md"):
        if language == "toml":
            (tmp_path / "pyproject.toml").write_text(code)
        if language == "python":
            path = tmp_path / code.partition("\n")[0].removeprefix("# ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(code)
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "nightly.py").write_text("print('nightly')\n")
    (tmp_path / "cdk.json").write_text(json.dumps({"app": "python3 app.py", "context": CONTEXT}))
    monkeypatch.chdir(tmp_path)
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


class Outcomes:
    """The outcome of each test, or why it failed."""

    def __init__(self):
        self.found = {}

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.failed:
            self.found[report.nodeid.partition("::")[2]] = report.longreprtext if report.failed else report.outcome


def run(folder, *arguments):
    outcomes = Outcomes()
    # In this process, where the CDK is loaded.
    options = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", f"--rootdir={folder}"]
    pytest.main([*options, f"--config-file={folder / 'pyproject.toml'}", *arguments, "tests"], plugins=[outcomes])
    return outcomes.found


def test_the_tests_of_the_testing_guide_pass(project):
    client = boto3.client("stepfunctions", region_name="eu-west-1")
    stub = Stubber(client)
    # botocore checks the requests; what the states do is tested in tests/workflows.
    for following in ("Submit Report", "Terminate cluster", "Terminate cluster"):
        stub.add_response("test_state", {"nextState": following, "status": "SUCCEEDED"})
    # As in tests/test_documentation.py, CDK's own validation would take more time than all else.
    app_class = functools.partial(cdk.App, builtin_cloud_formation_validation=False)
    with stub, mock.patch("boto3.client", return_value=client), mock.patch.object(cdk, "App", app_class):
        outcomes = run(project, "-m", "aws or not aws", "--snapshot-update")
    assert {name: outcome for name, outcome in outcomes.items() if outcome != "passed"} == {}
    assert len(outcomes) == 16
    stub.assert_no_pending_responses()
    (snapshot,) = project.rglob("test_template.json")
    assert "<asset>.py" in snapshot.read_text()


PIPELINES = [
    yaml.safe_load(code) for language, code, _ in blocks(PROJECT / "docs" / "pipeline.md") if language == "yaml"
]
COMMANDS = {
    "github": [line for step in PIPELINES[0]["jobs"]["check"]["steps"] for line in step.get("run", "").splitlines()],
    "codebuild": PIPELINES[1]["phases"]["build"]["commands"],
    "gitlab": PIPELINES[2]["emr"]["script"],
}


def execute(line, **variables):
    """Run a line of a pipeline as its shell would, but the command in this process; return the exit code."""
    command, _, rest = line.partition(" || ")
    command, _, output = command.partition(" > ")
    words = shlex.split(re.sub(r"\$(\w+)", lambda found: variables[found[1]], command))
    assert words[0] == "emr-constructs"
    result = run_command(*words[1:])
    if output:
        Path(output).write_text(result.stdout)
    if not rest:
        return result.exit_code
    return subprocess.run(["sh", "-c", f"(exit {result.exit_code}) || {rest}"], check=False).returncode


def pipeline(name, **variables):
    """The exit codes of the commands of a pipeline."""
    variables = {"PRICES": "", "ALLOW": "", **variables}
    lines = [line for line in COMMANDS[name] if line.startswith("emr-constructs")]
    return [execute(line, **variables) for line in lines]


def assembly(folder, old="", new=""):
    """A cloud assembly of a valid template with a change."""
    folder.mkdir(exist_ok=True)
    template = folder / "Analytics.template.json"
    template.write_text(Path(GOOD).read_text().replace(old, new) if old else Path(GOOD).read_text())
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": template.name}}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {"Analytics": stack}}))
    return template


@pytest.fixture
def base(tmp_path, monkeypatch):
    """A folder with the assembly of the base branch, as the pipelines have it."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(assembly(tmp_path / "cdk.out.base"), "deployed.json")
    return tmp_path


# check, check for SARIF in GitHub, describe, diff
@pytest.mark.parametrize(("name", "codes"), [("github", [0, 0, 0, 0]), ("codebuild", [0, 0, 0]), ("gitlab", [0, 0, 0])])
def test_a_pipeline_passes_without_findings(name, codes, base):
    assembly(base / "cdk.out")
    assert pipeline(name) == codes


@pytest.mark.parametrize(("name", "codes"), [("github", [1, 0, 0, 1]), ("codebuild", [1, 0, 1]), ("gitlab", [1, 0, 1])])
def test_a_pipeline_stops_for_errors_and_replaced_clusters(name, codes, base):
    assembly(base / "cdk.out", "MasterInstanceGroup: {InstanceCount: 1", "MasterInstanceGroup: {InstanceCount: 2")
    assert pipeline(name) == codes


@pytest.mark.parametrize(("name", "codes"), [("github", [2, 1, 2, 2]), ("codebuild", [2, 2, 2]), ("gitlab", [2, 2, 2])])
def test_a_pipeline_stops_for_files_that_cannot_be_read(name, codes, base):
    assembly(base / "cdk.out").write_text("{")
    assert pipeline(name) == codes


def test_a_label_accepts_that_a_cluster_is_replaced(base):
    assembly(base / "cdk.out", "ReleaseLabel: emr-7.12.0", "ReleaseLabel: emr-7.14.0")
    assert pipeline("github") == [0, 0, 0, 1]
    assert pipeline("github", ALLOW="--allow-replacement") == [0, 0, 0, 0]


def test_the_comment_of_a_pull_request_has_diagrams_findings_and_costs(base):
    assembly(base / "cdk.out", "ReleaseLabel: emr-7.12.0", "ReleaseLabel: emr-7.14.0")
    (base / "prices.json").write_text(json.dumps(PRICES))
    pipeline("github", PRICES="--prices=prices.json")
    clusters, difference = Path("clusters.md").read_text(), Path("diff.md").read_text()
    assert "```mermaid" in clusters
    assert "<span>$</span>" in clusters
    assert "<span>$</span>" in difference
    assert "emr-7.12.0" in difference
    assert json.loads(Path("emr.sarif").read_text())["version"] == "2.1.0"


def test_the_workflow_uses_only_known_options_and_variables():
    steps = PIPELINES[0]["jobs"]["check"]["steps"]
    for step in steps:
        used = set(re.findall(r"\$([A-Z_]+)", step.get("run", ""))) - {"GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"}
        assert used <= set(step.get("env", {})), step["name"]
        # Text of a pull request in a script would be executed.
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize(("is_primary", "printed"), [("true", "this is a primary node\n"), ("false", "")])
def test_a_bootstrap_action_runs_only_on_primary_nodes(tmp_path, is_primary, printed):
    page = PROJECT / "docs" / "bootstrap-actions.md"
    (code,) = [code for language, code, _ in blocks(page) if language == "bash"]
    (tmp_path / "instance.json").write_text(f'{{\n  "isMaster": {is_primary},\n  "isRunningNameNode": true\n}}\n')
    script = code.replace("/mnt/var/lib/info/instance.json", str(tmp_path / "instance.json"))
    done = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout == printed


def test_the_python_versions_of_releases_are_those_of_the_data():
    text = (PROJECT / "docs" / "bootstrap-actions.md").read_text()
    listed = {}
    for row in re.findall(
        r"^\| (emr-\S+)(?: (?:to|and) (\S+))? \| Amazon Linux \S+ \| ([\d., ]+) \| \S+ \| (\S+) \|$", text, re.M
    ):
        first, last = (releases.parse(label) for label in (row[0], row[1] or row[0]))
        for label in releases.known_labels():
            release = releases.parse(label)
            if release.train == first.train and first.version <= release.version <= last.version:
                listed[label] = (row[2].split(", "), row[3])
    # Before emr-7.0.0, PySpark uses python3, for which the data has no member.
    facts = {
        label: (found["python"], found.get("pyspark_python", "3.7"))
        for label, found in releases.known_labels().items()
        if label in listed
    }
    assert listed == facts
    assert {label for label in releases.known_labels() if label.startswith(("emr-7", "emr-6", "emr-spark"))} <= set(
        listed
    )
