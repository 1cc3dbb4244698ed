"""The wheel, built from the sdist, has all that the library requires when it is installed into an empty environment."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import tarfile
import venv
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import emr_constructs as emr
from tests.tools import PROJECT

NAME = f"emr_constructs-{emr.__version__}"
USE = """
import runpy, sys
from importlib.metadata import version

runpy.run_path("app.py", run_name="__main__")

import emr_constructs as emr

assert emr.__file__.startswith(sys.prefix), emr.__file__
for name in emr.__all__:
    getattr(emr, name)
assert version("emr-constructs") == emr.__version__
"""


def build(target: str, source: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = (path for path in folder.iterdir() if path.is_file())
    return built


def files(folder: str) -> set[str]:
    found = (path for path in (PROJECT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(PROJECT).as_posix() for path in found}


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    return build("sdist", PROJECT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        # Python 3.11.0 to 3.11.3 have no filters.
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
        archive.extractall(folder)
    return build("wheel", folder / NAME, folder / "dist")


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """A virtual environment with the wheel and the distributions that its metadata requires, and no others."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    with ZipFile(wheel) as archive:
        metadata = HeaderParser().parsestr(archive.read(f"{NAME}.dist-info/METADATA").decode())
    for distribution in closure(metadata.get_all("Requires-Dist", [])):
        names = {path.parts[0] for path in distribution.files or ()} - {"..", "__pycache__"}
        for name in names:
            target = site / name
            if not target.exists():
                target.symlink_to(Path(str(distribution.locate_file(name))))
    # Without an index, pip installs the wheel only if what it requires is installed, in its ranges.
    command = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--no-index"]
    done = subprocess.run([*command, "--no-compile", str(wheel)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def closure(requirements: list[str]) -> list[importlib.metadata.Distribution]:
    """The installed distributions of requirements without extras, and of their requirements."""
    found: dict[str, importlib.metadata.Distribution] = {}
    pending = [*requirements]
    while pending:
        requirement = Requirement(pending.pop())
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[name] = importlib.metadata.distribution(name)
        pending += found[name].requires or []
    return [*found.values()]


def run(environment: Path, folder: Path, program: str, *arguments: str) -> str:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    variables["CDK_OUTDIR"] = str(folder / "cdk.out")
    command = [str(environment / "bin" / program), *arguments]
    done = subprocess.run(command, cwd=folder, env=variables, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_sdist_has_examples_and_docs(sdist):
    with tarfile.open(sdist) as archive:
        found = {member.name.removeprefix(f"{NAME}/") for member in archive if member.isfile()}
    pages = {path.name for path in PROJECT.glob("*.md")}
    site = {path.name for path in PROJECT.glob("mkdocs.yml")}
    built = {"LICENSE", "PKG-INFO", "pyproject.toml", ".gitignore"}
    assert found == {*files("emr_constructs"), *files("examples"), *files("docs"), *pages, *site, *built}


def test_has_all_files_of_the_package_and_no_others(wheel):
    with ZipFile(wheel) as archive:
        found = {*archive.namelist()}
    metadata = f"{NAME}.dist-info"
    assert {name for name in found if not name.startswith(f"{metadata}/")} == files("emr_constructs")
    assert f"{metadata}/licenses/LICENSE" in found


def test_runs_the_first_example_of_the_readme_and_loads_every_public_name(environment, tmp_path):
    (code, *_) = re.findall(r"^```python\n(.*?)^```$", (PROJECT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    (tmp_path / "app.py").write_text(code)
    for name in re.findall(r'from_asset\("(.*?)"\)', code):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("print('nightly')\n")
    (tmp_path / "use.py").write_text(USE)
    run(environment, tmp_path, "python", "use.py")
    templates = [path.read_text() for path in (tmp_path / "cdk.out").glob("*.template.json")]
    assert any('"AWS::EMR::Cluster"' in template for template in templates)


def test_installs_the_command(environment, tmp_path):
    template = PROJECT / "tests" / "rules" / "templates" / "private_network.yaml"
    output = run(environment, tmp_path, "emr-constructs", "check", str(template))
    assert "no findings" in output or "0 errors" in output
