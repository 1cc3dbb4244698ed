"""The page on what is verified: what it names exists, its commands are commands, and each row says what it should."""

from __future__ import annotations

import json
import re
import shlex
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import botocore.session
import jmespath
import pytest
from botocore import xform_name

from emr_constructs.rules import all_rules
from tests.tools import PROJECT

PAGE = PROJECT / "docs" / "verification.md"
TEXT = PAGE.read_text(encoding="utf-8")
TESTED = ("behavior", "test", "what it runs against")
DOCUMENTED = ("behavior", "what relies on it", "page")
OPEN = ("assumption", "command", "if it is wrong")
CODE = re.compile(r"`([^`]+)`")
INLINE = CODE.findall(re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL))
# What the AWS CLI calls differently from the API, or adds to it.
_SERVICES = {"s3api": "s3"}
_GLOBAL_OPTIONS = {"query", "region", "output"}
_CLUSTER_OPTIONS = {
    "applications",
    "auto-terminate",
    "configurations",
    "custom-ami-id",
    "ec2-attributes",
    "instance-groups",
    "instance-type",
    "os-release-label",
    "release-label",
    "use-default-roles",
}
_OWN_COMMANDS = {("emr", "add-steps"): {"cluster-id", "steps"}, ("emr", "create-cluster"): _CLUSTER_OPTIONS}


class Row(NamedTuple):
    section: str
    header: tuple[str, ...]
    cells: tuple[str, ...]


def split(line):
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def rows_of(text):
    """The rows of all tables, with the heading of their section and that of their table."""
    section, header = "", None
    for line in text.splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        if not line.startswith("|"):
            header = None
        elif header is None:
            header = split(line)
        elif not re.fullmatch(r"[| -]+", line):
            yield Row(section, header, split(line))


ROWS = list(rows_of(TEXT))


def having(header):
    return [row for row in ROWS if row.header == header]


def commands(row):
    """The commands in the second cell of a row."""
    return [code for code in CODE.findall(row.cells[1]) if code.startswith(("aws ", "make "))]


def test_each_table_is_in_its_section():
    assert {(row.section, row.header) for row in ROWS} == {
        ("Validation on an account", ("option", "permissions of the principal")),
        ("Deployment to an account", ("example", "nodes", "hours of each node, about")),
        ("Deployment to an account", ("for", "permissions of the principal")),
        ("Verified by tests", TESTED),
        ("Documented by AWS", DOCUMENTED),
        ("Not verified", OPEN),
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.cells[0][:40])
def test_a_row_fills_every_column(row):
    assert len(row.cells) == len(row.header), "a vertical bar in a cell?"
    assert all(row.cells)


def test_no_statement_is_there_twice():
    statements = [row.cells[0] for row in ROWS]
    assert len(set(statements)) == len(statements)


@pytest.mark.parametrize("row", having(TESTED), ids=lambda row: row.cells[0][:40])
def test_what_is_tested_names_its_tests(row):
    files = [code for code in CODE.findall(row.cells[1]) if code.startswith("tests/")]
    assert files
    assert [name for name in files if not (PROJECT / name).is_file()] == []


@pytest.mark.parametrize("row", having(DOCUMENTED), ids=lambda row: row.cells[0][:40])
def test_what_is_documented_names_its_page(row):
    assert re.fullmatch(r"\[[^]]+\]\(https://docs\.aws\.amazon\.com/[\w/.-]+\.html\)", row.cells[2])


@pytest.mark.parametrize("row", having(OPEN), ids=lambda row: row.cells[0][:40])
def test_what_is_open_has_one_command_and_says_what_fails(row):
    assert len(commands(row)) == 1
    assert len(row.cells[2]) > 20
    assert row.cells[2].endswith(".")


def test_test_files_and_examples_exist():
    named = set(re.findall(r"\b(?:tests|examples)/[\w/.]+\.py", TEXT))
    assert {name for name in named if not (PROJECT / name).is_file()} == set()


def test_make_targets_exist():
    targets = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"^make ([\w-]+)|`make ([\w-]+)", TEXT, re.MULTILINE))
    assert {one or other for one, other in named} <= targets


def test_rules_exist():
    rules = {rule.id for rule in all_rules()}
    named = {code for code in INLINE if re.fullmatch(r"emr-[a-z]+(-[a-z]+)+", code)}
    assert named
    assert named <= rules


def test_the_readme_links_the_page():
    assert "(docs/verification.md)" in (PROJECT / "README.md").read_text()


AWS = sorted({code for code in INLINE if code.startswith("aws ")})


@cache
def options(service, command):
    """The options of a command of the AWS CLI."""
    own = _OWN_COMMANDS.get((service, command))
    if own is not None:
        return own | _GLOBAL_OPTIONS
    model = botocore.session.get_session().get_service_model(_SERVICES.get(service, service))
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    assert command in operations, f"{service} has no command {command}"
    members = model.operation_model(operations[command]).input_shape.members
    return {xform_name(name, "-") for name in members} | _GLOBAL_OPTIONS


@pytest.mark.parametrize("command", AWS)
def test_a_command_of_the_cli_is_one(command):
    _, service, operation, *words = shlex.split(command)
    given = [word.removeprefix("--") for word in words if word.startswith("--")]
    assert set(given) <= options(service, operation)
    arguments = dict(pairwise(words))
    if "--query" in arguments:
        jmespath.compile(arguments["--query"])
    for name in ("--definition", "--security-configuration"):
        if name in arguments:
            json.loads(arguments[name])
    # A shell takes braces apart that are not quoted.
    assert "{" not in re.sub(r"'[^']*'|\"[^\"]*\"", "", command)


def test_there_are_commands():
    assert len(AWS) > 20
