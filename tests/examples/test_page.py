"""The page on the examples has all of them, and each is an app of its own."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.catalogue import EXAMPLES, required_files, source_of
from tests.examples.page import PAGE, page
from tests.tools import PROJECT


def test_the_page_is_fresh():
    assert PAGE.read_text() == page(), "write it again: python -m tests.examples.page"


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_imports_only_what_is_installed_with_the_library(name):
    found = set()
    for node in ast.walk(ast.parse(source_of(name).read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level
            found.add(str(node.module).partition(".")[0])
    assert found - sys.stdlib_module_names <= {"aws_cdk", "constructs", "emr_constructs"}


def test_no_example_requires_a_file_that_it_does_not_name():
    named = {file for name in EXAMPLES for file in required_files(name)}
    found = {path.relative_to(PROJECT / "examples") for path in (PROJECT / "examples").rglob("*") if path.is_file()}
    data = {path.as_posix() for path in found if path.suffix != ".pyc" and len(path.parts) == 1} - {"__init__.py"}
    assert named - {path.as_posix() for path in found} == set()
    assert data - {f"{name}.py" for name in EXAMPLES} <= named
