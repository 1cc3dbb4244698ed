"""What may import what: app -> stacks -> emr_constructs, never back; values and rules do without CDK."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import PROJECT

PACKAGE = PROJECT / "emr_constructs"
CDK = {"aws_cdk", "constructs", "jsii", "cdk_nag"}
# Parts of the package that are used without CDK: what they import when they are loaded is looked at in a new process.
WITHOUT_CDK = (
    "emr_constructs",
    "emr_constructs.rules",
    "emr_constructs.data",
    "emr_constructs._core.errors",
    "emr_constructs._core.unknown",
    "emr_constructs._core.spelling",
    "emr_constructs.templates.inputs",
    "emr_constructs.templates.overview",
    "emr_constructs.templates.updates",
    "emr_constructs.prices.cluster_costs",
    "emr_constructs.prices.price_list",
    "emr_constructs.cli",
    "emr_constructs.cli.check",
    "emr_constructs.cli.describe",
    "emr_constructs.cli.diff",
    "emr_constructs.cli.releases",
    "emr_constructs.cli.release_comparison",
    "emr_constructs.cli.rules_file",
    "emr_constructs.policies.judging",
    "emr_constructs.cli.generate",
    "emr_constructs.generate.running",
    "website.pages",
)


def modules(folder):
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def imports(path: Path):
    """The top-level packages that a module imports anywhere."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).partition(".")[0]


def relative_imports(path: Path):
    """The modules of the package that a module imports, by dotted name below the package."""
    inside = path.relative_to(PACKAGE).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = inside[: len(inside) - node.level]
            yield ".".join((*base, *(str(node.module).split(".") if node.module else ())))


@pytest.mark.parametrize("path", modules(PACKAGE), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_package_knows_neither_stacks_nor_examples_nor_tests(path):
    assert not {"app", "stacks", "examples", "tests", "benchmarks", "website", "cdk_nag"} & set(imports(path))


@pytest.mark.parametrize("path", modules(PROJECT / "website"), ids=lambda path: path.name)
def test_the_site_is_written_without_cdk(path):
    assert not CDK & set(imports(path))
    assert not {"app", "stacks", "examples", "tests", "benchmarks"} & set(imports(path))


@pytest.mark.parametrize("path", modules(PROJECT / "stacks"), ids=lambda path: path.name)
def test_stacks_know_neither_the_app_nor_examples(path):
    assert not {"app", "examples", "tests", "benchmarks"} & set(imports(path))


@pytest.mark.parametrize("path", modules(PACKAGE / "rules"), ids=lambda path: path.name)
def test_rules_know_neither_cdk_nor_values(path):
    assert not CDK & set(imports(path))
    assert all(name.split(".")[0] in {"rules", "data", "_core", "__init__"} for name in relative_imports(path))


@pytest.mark.parametrize("path", modules(PACKAGE / "templates"), ids=lambda path: path.name)
def test_templates_are_read_without_cdk_and_values(path):
    assert not CDK & set(imports(path))
    known = {"rules", "data", "_core", "templates", "capacity", ""}
    assert {name.split(".")[0] for name in relative_imports(path)} <= known


@pytest.mark.parametrize("path", modules(PACKAGE / "policies"), ids=lambda path: path.name)
def test_policies_know_neither_cdk_nor_constructs(path):
    assert not CDK & set(imports(path))
    assert {name.split(".")[0] for name in relative_imports(path)} <= {
        "policies",
        "prices",
        "rules",
        "templates",
        "_core",
    }


@pytest.mark.parametrize("path", modules(PACKAGE / "cli"), ids=lambda path: path.name)
def test_the_command_line_knows_rules_templates_and_generators_alone(path):
    assert not CDK & set(imports(path))
    assert {name.split(".")[0] for name in relative_imports(path)} <= {
        "generate",
        "policies",
        "rules",
        "prices",
        "templates",
        "cli",
        "_core",
        "_version",
        "",
    }


@pytest.mark.parametrize("path", modules(PACKAGE / "generate"), ids=lambda path: path.name)
def test_code_is_generated_without_cdk_and_constructs(path):
    assert not CDK & set(imports(path))
    known = {"rules", "data", "_core", "templates", "generate", ""}
    assert {name.split(".")[0] for name in relative_imports(path)} <= known


def test_values_do_not_know_constructs():
    values = [path for room in ("capacity", "software", "steps") for path in modules(PACKAGE / room)]
    rooms = {path.name: {name.split(".")[0] for name in relative_imports(path)} for path in values}
    assert {name for name, found in rooms.items() if found & {"clusters", "workflows", "monitoring", "studio"}} == set()


def loaded(*statements):
    """The modules that a new process has after ``statements``."""
    code = ";".join((*statements, "import json, sys; print(json.dumps(sorted(sys.modules)))"))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=PROJECT, text=True)
    return set(json.loads(run.stdout))


@pytest.mark.parametrize("module", WITHOUT_CDK)
def test_loads_without_cdk(module):
    assert not CDK & loaded(f"import {module}")


def test_values_need_no_cdk():
    """Defining what runs, and checking it, starts neither CDK nor Node."""
    made = "emr.ClusterDefinition(applications=[emr.Application.SPARK], termination=emr.Termination.manual())"
    assert not CDK & loaded("import emr_constructs as emr", made)
