"""``__all__`` of each module is complete: its names exist, and every other definition is private."""

from __future__ import annotations

import ast
import importlib

import pytest

from tests.tools import PROJECT

PACKAGE = PROJECT / "emr_constructs"
# Its names are those of the stub, which tests/test_public_names.py compares.
LAZY = PACKAGE / "__init__.py"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != LAZY)


def name_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def definitions(path):
    """The names that a module defines at its top level, without imports."""
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=targets):
                yield from (found.id for target in targets for found in ast.walk(target) if isinstance(found, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_lists_all_public_definitions(path):
    module = importlib.import_module(f"emr_constructs.{name_of(path)}")
    listed = getattr(module, "__all__", [])
    assert len(listed) == len(set(listed))
    assert [name for name in listed if not hasattr(module, name)] == []
    public = {name for name in definitions(path) if not name.startswith("_")}
    assert public - set(listed) == set()
