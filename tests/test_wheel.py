"""The wheel has everything that the library requires: its modules, data, names and console script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import emr_constructs as emr
from tests.test_documentation import FENCE, blocks
from tests.tools import PROJECT

USE = """
import sys
from importlib.metadata import entry_points, version
import emr_constructs as emr

assert emr.__file__.startswith(sys.argv[1]), emr.__file__
for name in emr.__all__:
    getattr(emr, name)
assert version("emr-constructs") == emr.__version__
(script,) = (found for found in entry_points(group="console_scripts") if found.name == "emr-constructs")
script.load()(["check", sys.argv[2]])
"""
# The second app as the CDK CLI runs it, without the validation of all resource schemas that the first app has.
WITHOUT_CLI = """CDK_OUTDIR=cdk.out python3 -c 'import functools, runpy, aws_cdk
aws_cdk.App = functools.partial(aws_cdk.App, builtin_cloud_formation_validation=False)
runpy.run_path("nightly.py")'"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def run(wheel, folder, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(wheel), "CDK_OUTDIR": str(folder / "cdk.out")}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)


def test_has_all_files_of_the_package_and_no_others(wheel):
    ignored = {"__pycache__"}
    package = PROJECT / "emr_constructs"
    expected = {
        path.relative_to(PROJECT) for path in package.rglob("*") if path.is_file() and not ignored & {*path.parts}
    }
    metadata = f"emr_constructs-{emr.__version__}.dist-info"
    found = {path.relative_to(wheel) for path in wheel.rglob("*") if path.is_file()}
    assert {path for path in found if path.parts[0] != metadata} == expected
    assert {path.parts[0] for path in found} == {"emr_constructs", metadata}
    assert (wheel / metadata / "licenses" / "LICENSE").exists()


def test_the_description_has_no_relative_links_and_all_code(wheel):
    """A package index shows the README without the files around it."""
    metadata = (wheel / f"emr_constructs-{emr.__version__}.dist-info" / "METADATA").read_text()
    description = metadata.partition("\n\n")[2]
    assert re.findall(r"\[[^\]]*\]\((?!https://)[^)]*\)", FENCE.sub("", description)) == []
    code = FENCE.findall((PROJECT / "README.md").read_text())
    assert FENCE.findall(description) == [block for block in code if block[0] != "mermaid"]


def test_loads_every_public_name_and_runs_the_command(wheel, tmp_path):
    (tmp_path / "use.py").write_text(USE)
    template = PROJECT / "tests" / "rules" / "templates" / "private_network.yaml"
    done = run(wheel, tmp_path, "use.py", wheel, template)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no findings" in done.stdout or "0 errors" in done.stdout


@pytest.fixture
def newcomer(wheel, tmp_path):
    """Runs commands in an empty folder, as a user who has installed the wheel."""
    programs, folder = tmp_path / "bin", tmp_path / "folder"
    programs.mkdir()
    folder.mkdir()
    (programs / "emr-constructs").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m emr_constructs "$@"\n')
    (programs / "emr-constructs").chmod(0o755)
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(wheel), "CDK_NOTICES": "false"}

    def commands(code):
        command = ["sh", "-c", code]
        return subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)

    return folder, commands


def test_a_newcomer_follows_the_readme(newcomer):
    """Each block in order: saved as a file, run as commands, or compared with the output of the commands before it."""
    folder, commands = newcomer
    page = PROJECT / "README.md"
    lines = page.read_text().splitlines()
    saved, done = [], None
    for language, code, line in blocks(page):
        if language in {"python", "yaml"}:
            name = re.search(r"as `([^`]+)`:$", " ".join(lines[line - 4 : line - 2]).strip())[1]
            (folder / name).write_text(code)
            saved.append(name)
        elif language == "sh" and not code.startswith(("python3 -m venv", "make ")):
            is_first = saved == ["app.py"]
            done = commands(code if is_first else re.sub(r"^cdk --app .*", WITHOUT_CLI, code, flags=re.MULTILINE))
            assert "warning" not in done.stderr.lower(), done.stderr
            assert done.returncode == int("error:" in done.stdout or "replaced" in done.stdout), done.stderr
        elif language == "text":
            assert done.stdout.split() == code.split()
    assert saved == ["app.py", "nightly.py", "cluster.yaml"]
    notes = (folder / "cdk.out" / "Nightly.metadata.json").read_text()
    assert "acknowledged-rules" in notes
    assert "aws:cdk:warning" not in notes
