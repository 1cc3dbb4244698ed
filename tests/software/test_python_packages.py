"""``BootstrapAction.install_python_packages()``: the script as nodes run it, and its arguments in a template."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import emr_constructs
from emr_constructs import BootstrapAction, Cluster, EmrError, ReleaseLabel, Script
from tests.tools import imported_vpc, new_stack, only, resources, statements, synthesize

SCRIPT = Path(emr_constructs.__file__).parent / "software" / "install_python_packages.sh"
REQUIREMENTS = Script.from_uri("s3://bucket/requirements.txt")


def node(folder, **programs):
    """Programs that a node has, in a folder of their own."""
    programs = {"aws": 'cp "$BUCKET/${4##*/}" "$5"', "sudo": '"$@"', **programs}
    (folder / "bin").mkdir()
    for name, code in programs.items():
        path = folder / "bin" / name.replace("_", ".")
        path.write_text(f"#!/bin/sh\n{code}\n")
        path.chmod(0o755)


def run(folder, *arguments):
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "BUCKET": str(folder), "LOG": str(folder / "log"), "TMPDIR": str(folder)}
    command = ["bash", str(SCRIPT), "python3.11", *arguments]
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True)


def calls(folder):
    """The calls of Python, with the temporary folder of the script as ``TMP``."""
    lines = (folder / "log").read_text().splitlines()
    return [
        " ".join(word if "/tmp." not in word else f"TMP/{Path(word).name}" for word in line.split()) for line in lines
    ]


@pytest.mark.parametrize("location", ["s3://bucket/requirements.txt", "s3a://bucket/requirements.txt", "file:{}"])
def test_the_script_installs_the_requirements_for_one_version_of_python(tmp_path, location):
    (tmp_path / "requirements.txt").write_text("pyarrow==21.0.0\n")
    node(tmp_path, python3_11='echo "$@" >> "$LOG"')
    done = run(tmp_path, location.format(tmp_path / "requirements.txt"))
    assert done.returncode == 0, done.stderr
    install = "-m pip install --no-cache-dir --requirement TMP/requirements.txt"
    assert calls(tmp_path) == ["-m pip --version", install]
    assert not list(tmp_path.glob("tmp.*"))


def test_the_script_adds_pip_to_a_python_without_it(tmp_path):
    (tmp_path / "requirements.txt").write_text("pyarrow==21.0.0\n")
    node(tmp_path, python3_11='echo "$@" >> "$LOG"; test "$3" != --version')
    assert run(tmp_path, "s3://bucket/requirements.txt").returncode == 0
    assert calls(tmp_path)[:2] == ["-m pip --version", "-m ensurepip"]


@pytest.mark.parametrize("failing", ["aws", "python3_11"])
def test_the_node_fails_if_a_command_fails(tmp_path, failing):
    (tmp_path / "requirements.txt").write_text("pyarrow==21.0.0\n")
    node(tmp_path, **{"python3_11": "true", failing: "exit 3"})
    assert run(tmp_path, "s3://bucket/requirements.txt").returncode == 3


def test_pip_installs_from_the_wheels_without_an_index(tmp_path):
    (tmp_path / "requirements.txt").write_text("greeting==1.0\n")
    wheel = tmp_path / "greeting-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("greeting.py", "text = 'hello'\n")
        file.writestr("greeting-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
        file.writestr("greeting-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("greeting-1.0.dist-info/RECORD", "")
    with zipfile.ZipFile(tmp_path / "wheels.zip", "w") as file:
        file.write(wheel, wheel.name)
    node(tmp_path, sudo=f'"$@" --target {tmp_path / "site"}', python3_11=f'exec {sys.executable} "$@"')
    done = run(tmp_path, "s3://bucket/requirements.txt", "s3://bucket/wheels.zip")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "greeting.py").read_text() == "text = 'hello'\n"


def test_files_among_the_arguments_are_uploaded_and_readable(tmp_path):
    (tmp_path / "requirements.txt").write_text("pyarrow==21.0.0\n")
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "a.whl").write_text("a")
    stack = new_stack()
    files = [Script.from_asset(tmp_path / name) for name in ("requirements.txt", "wheels")]
    action = BootstrapAction.install_python_packages(files[0], python="3.11", wheels=files[1])
    cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), bootstrap_actions=[action])
    template = synthesize(cluster)
    (rendered,) = only(template, "AWS::EMR::Cluster")["BootstrapActions"]
    script = rendered["ScriptBootstrapAction"]
    assert rendered["Name"] == "Install Python packages"
    assert script["Args"][0] == "python3.11"
    keys = [location["Fn::Sub"].rpartition("/")[2] for location in (script["Path"], *script["Args"][1:])]
    assert [Path(key).suffix for key in keys] == [".sh", ".txt", ".zip"]
    (read,) = [
        found
        for found in statements(template, "InstancePolicy")
        if found["Action"] == "s3:GetObject" and keys[0] in str(found["Resource"])
    ]
    assert all(key in str(read["Resource"]) for key in keys)
    assert resources(template, "AWS::EMR::Cluster")


def test_a_file_that_is_granted_elsewhere_is_an_argument_as_it_is():
    action = BootstrapAction.install_python_packages(REQUIREMENTS, python="3.9")
    assert action._render()["ScriptBootstrapAction"]["Args"] == ["python3.9", "s3://bucket/requirements.txt"]


@pytest.mark.parametrize("python", ["3", "python3.11", "3.11.2", "", "3.11 -c"])
def test_rejects_a_python_without_two_numbers(python):
    message = f"python must be a version with two numbers, got '{python}'; use '3.11' or release.pyspark_python"
    with pytest.raises(EmrError, match=message):
        BootstrapAction.install_python_packages(REQUIREMENTS, python=python)


def test_rejects_requirements_and_wheels_of_another_kind(tmp_path):
    with pytest.raises(EmrError) as caught:
        BootstrapAction.install_python_packages(
            Script.from_asset(tmp_path), python="3.11", wheels=Script.from_uri("s3://bucket/a.whl")
        )
    assert caught.value.problems == (
        f"requirements must be a file, got the folder '{tmp_path}'; use a file of it",
        "wheels must be a folder or a ZIP archive, got a '.whl' file; use the folder that contains the wheels",
    )


def test_the_python_of_pyspark_is_not_that_of_the_system():
    labels = (ReleaseLabel.EMR_7_14_0, ReleaseLabel.EMR_7_13_0, ReleaseLabel.EMR_7_12_0, ReleaseLabel.EMR_SPARK_8_1_0)
    assert [label.pyspark_python for label in labels] == ["3.11", "3.11", "3.9", "3.11"]


@pytest.mark.parametrize("label", ["emr-6.15.0", "emr-7.99.0"])
def test_rejects_to_guess_the_python_of_pyspark(label):
    message = f"pyspark_python requires a known release, emr-7.0.0 or later, got '{label}'; specify the version"
    with pytest.raises(EmrError, match=message):
        ReleaseLabel.of(label).pyspark_python  # noqa: B018
