"""The wheel has everything that the library requires: its modules, data, names and console script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile

import pytest

import emr_constructs as emr
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


def test_loads_every_public_name_and_runs_the_command(wheel, tmp_path):
    (tmp_path / "use.py").write_text(USE)
    template = PROJECT / "tests" / "rules" / "templates" / "private_network.yaml"
    done = run(wheel, tmp_path, "use.py", wheel, template)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no findings" in done.stdout or "0 errors" in done.stdout


def test_runs_the_first_example_of_the_readme(wheel, tmp_path):
    (code, *_) = re.findall(r"^```python\n(.*?)^```$", (PROJECT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    (tmp_path / "app.py").write_text(code)
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "nightly.py").write_text("print('nightly')\n")
    done = run(wheel, tmp_path, "app.py")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "cdk.out" / "Analytics.template.json").exists()
