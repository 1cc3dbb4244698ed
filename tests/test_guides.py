"""The guides whose blocks are files: the tests of a stack, and a pipeline."""

from __future__ import annotations

import json
import sys
from unittest import mock

import boto3
import pytest
from botocore.stub import Stubber

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
    with stub, mock.patch("boto3.client", lambda *_, **__: client):
        outcomes = run(project, "-m", "aws or not aws", "--snapshot-update")
    assert {name: outcome for name, outcome in outcomes.items() if outcome != "passed"} == {}
    assert len(outcomes) == 16
    stub.assert_no_pending_responses()
    (snapshot,) = project.rglob("test_template.json")
    assert "<asset>.py" in snapshot.read_text()
