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
from tests.test_documentation import FENCE, blocks
from tests.tools import PROJECT

NAME = f"emr_constructs-{emr.__version__}"
USE = """
import sys
from importlib.metadata import version
import emr_constructs as emr

assert emr.__file__.startswith(sys.prefix), emr.__file__
for name in emr.__all__:
    getattr(emr, name)
assert version("emr-constructs") == emr.__version__
"""

# The second app as the CDK CLI runs it, without the validation of all resource schemas that the first app has.
WITHOUT_CLI = """CDK_OUTDIR=cdk.out python3 -c 'import functools, runpy, aws_cdk
aws_cdk.App = functools.partial(aws_cdk.App, builtin_cloud_formation_validation=False)
runpy.run_path("nightly.py")'"""


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


def test_the_description_has_no_relative_links_and_all_code(wheel):
    """A package index shows the README without the files around it."""
    with ZipFile(wheel) as archive:
        description = archive.read(f"{NAME}.dist-info/METADATA").decode().partition("\n\n")[2]
    assert re.findall(r"\[[^\]]*\]\((?!https://)[^)]*\)", FENCE.sub("", description)) == []
    code = FENCE.findall((PROJECT / "README.md").read_text())
    assert FENCE.findall(description) == [block for block in code if block[0] != "mermaid"]


@pytest.fixture
def commands(environment, tmp_path):
    """Runs commands of a shell in an empty folder, as a user who has installed the wheel and the CDK CLI."""
    # With CI, the CDK CLI writes everything to the standard output.
    variables = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTHON")}
    path = [str(environment / "bin"), str(Path(sys.executable).parent), variables["PATH"]]
    variables |= {"PATH": os.pathsep.join(path), "CDK_NOTICES": "false"}

    def run(code):
        command = ["sh", "-c", code]
        return subprocess.run(command, cwd=tmp_path, env=variables, check=False, capture_output=True, text=True)

    return run


def test_a_newcomer_follows_the_readme(commands, tmp_path):
    """Each block in order: saved as a file, run as commands, or compared with the output of the commands before it."""
    page = PROJECT / "README.md"
    lines = page.read_text().splitlines()
    saved, done = [], None
    for language, code, line in blocks(page):
        if language in {"python", "yaml"}:
            name = re.search(r"as `([^`]+)`:$", " ".join(lines[line - 4 : line - 2]).strip())[1]
            (tmp_path / name).write_text(code)
            saved.append(name)
        elif language == "sh" and not code.startswith(("python3 -m venv", "make ")):
            is_first = saved == ["app.py"]
            done = commands(code if is_first else re.sub(r"^cdk --app .*", WITHOUT_CLI, code, flags=re.MULTILINE))
            assert "warning" not in done.stderr.lower(), done.stderr
            assert done.returncode == int("error:" in done.stdout or "replaced" in done.stdout), done.stderr
        elif language == "text":
            assert done.stdout.split() == code.split()
    assert saved == ["app.py", "nightly.py", "cluster.yaml"]
    notes = (tmp_path / "cdk.out" / "Nightly.metadata.json").read_text()
    assert "acknowledged-rules" in notes
    assert "aws:cdk:warning" not in notes


def test_loads_every_public_name(environment, tmp_path):
    (tmp_path / "use.py").write_text(USE)
    run(environment, tmp_path, "python", "use.py")


def test_installs_the_command(environment, tmp_path):
    template = PROJECT / "tests" / "rules" / "templates" / "private_network.yaml"
    output = run(environment, tmp_path, "emr-constructs", "check", str(template))
    assert "no findings" in output or "0 errors" in output
