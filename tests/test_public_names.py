"""The names of the package: the typed stub is what type checkers see, and what is loaded on first use."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import emr_constructs
from tests.tools import PROJECT

STUB = (PROJECT / "emr_constructs" / "__init__.pyi").read_text()
LINES = re.findall(r"^from \.(\S+) import (\w+) as (\w+)$", STUB, re.MULTILINE)


def test_the_stub_has_nothing_but_names():
    assert len(LINES) == len([line for line in STUB.splitlines() if line.strip()])
    assert all(name == exported for _, name, exported in LINES)


def test_the_stub_and_the_package_agree():
    assert sorted(emr_constructs.__all__) == sorted(name for _, _, name in LINES)
    assert set(emr_constructs.__all__) <= set(dir(emr_constructs))


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, name, _ in LINES])
def test_every_name_is_what_its_module_exports(module, name):
    found = importlib.import_module(f"emr_constructs.{module}")
    assert getattr(emr_constructs, name) is getattr(found, name)
    assert name in found.__all__
    assert getattr(emr_constructs, name).__doc__, f"{name} has no docstring"


def test_a_name_that_does_not_exist():
    with pytest.raises(AttributeError, match="Clutser"):
        _ = emr_constructs.Clutser


def test_all_names_can_be_loaded_at_once():
    command = [sys.executable, "-c", "import emr_constructs"]
    subprocess.run(command, check=True, env={"EAGER_IMPORT": "1"}, cwd=PROJECT)


def test_the_package_is_marked_as_typed():
    assert Path(emr_constructs.__file__).with_name("py.typed").exists()
