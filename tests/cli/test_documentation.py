"""The commands of the page on checking print what the page says."""

from __future__ import annotations

import itertools
import shlex

import pytest

from tests.cli.tools import run
from tests.test_documentation import blocks
from tests.tools import PROJECT

PAGE = blocks(PROJECT / "docs" / "checking.md")
COMMANDS = [
    (shlex.split(code)[1:], shown)
    for (language, code, _), (following, shown, _) in itertools.pairwise(PAGE)
    if language == "sh" and following == "text"
]


@pytest.mark.parametrize(("arguments", "shown"), COMMANDS, ids=[arguments[0] for arguments, _ in COMMANDS])
def test_prints_what_the_page_shows(arguments, shown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ((_, template, _),) = [block for block in PAGE if block[0] == "yaml"]
    (tmp_path / "cluster.yaml").write_text(template)
    (tmp_path / "new.yaml").write_text(template.replace("emr-7.14.0", "emr-7.13.0").replace("Mahout", "Hive"))
    printed = run(*arguments, env={"COLUMNS": "110"}).output
    assert [line.rstrip() for line in printed.rstrip().splitlines()] == shown.splitlines()


def test_shows_every_command():
    assert {arguments[0] for arguments, _ in COMMANDS} == {"check", "diff", "describe"}
