"""The code of the README and of the pages in docs/ runs, and prints what the pages say.

The blocks of a page run in order, in one namespace, in a folder that has a script as ``jobs/nightly.py``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import aws_cdk as cdk
import pytest

import app as project
from tests.tools import PROJECT

ALL_PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
LINKED_PAGES = [*ALL_PAGES, *(PROJECT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"))]
# The pages of the rules are written from the rules, others have files, commands or fragments only, and the README is
# followed by tests/test_wheel.py and tests/test_readme.py.
UNRUN = {"README", "rules", "writing-rules", "verification", "testing", "examples"}
PAGES = [page for page in ALL_PAGES if page.stem not in UNRUN and page.parent.name != "rules"]
# The order of Keep a Changelog.
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page):
    """Language, code and line of each block."""
    text = page.read_text()
    return [(found[1], found[2], text[: found.start()].count("\n") + 2) for found in FENCE.finditer(text)]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "nightly.py").write_text("print('nightly')\n")
    monkeypatch.chdir(tmp_path)
    # Wide enough for each line that a page shows.
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_code_of_a_page_runs(page, folder, monkeypatch, capsys):
    # A user's app as it is, but for the place of its templates, which otherwise stays, and for CDK's own validation,
    # which takes more time than all else and which the apps of the catalogue have.
    app_class = cdk.App
    options = {"builtin_cloud_formation_validation": False}
    monkeypatch.setattr(cdk, "App", lambda: app_class(outdir=tempfile.mkdtemp(dir=folder), **options))
    namespace = {"__name__": "__main__"}
    printed = ""
    assert any(language == "python" for language, _, _ in blocks(page))
    for language, code, line in blocks(page):
        if language == "python":
            exec(compile("\n" * (line - 1) + code, page, "exec"), namespace)
            printed = capsys.readouterr().out
        elif printed:
            assert language == "text", f"{page.name}:{line} should show what the code before it prints"
            assert code == printed
            printed = ""


def anchors(page):
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", LINKED_PAGES, ids=[page.name for page in LINKED_PAGES])
def test_the_links_of_a_page_lead_to_pages_and_headings(page):
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", FENCE.sub("", page.read_text()))
    targets = [((page.parent / path) if path else page, anchor) for path, anchor in links]
    assert [str(target) for target, _ in targets if not target.exists()] == []
    assert [anchor for target, anchor in targets if anchor and anchor not in anchors(target)] == []


def test_the_readme_or_the_index_links_every_page():
    entrances = [page for page in (PROJECT / "README.md", PROJECT / "docs" / "index.md") if page.exists()]
    linked = {name for page in entrances for name in re.findall(r"\]\((?:docs/)?([\w-]+\.md)", page.read_text())}
    assert {page.name for page in (PROJECT / "docs").glob("*.md")} - {"index.md"} <= linked


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_guide_defines_its_terms(page):
    if page.stem != "index":
        assert "\n\n| term | meaning |\n| --- | --- |\n" in page.read_text()


@pytest.mark.parametrize("page", ALL_PAGES, ids=[page.name for page in ALL_PAGES])
def test_the_commands_of_a_page_exist(page):
    targets = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    commands = "\n".join(code for language, code, _ in blocks(page) if language == "sh")
    assert set(re.findall(r"^make ([\w-]+)", commands, re.MULTILINE)) <= targets
    assert set(re.findall(r"environment=(\w+)", commands)) <= set(project.ENVIRONMENTS)


def test_the_backfill_processes_each_day_once(tmp_path):
    """The loop of the page with a program that says what it was asked for in place of the AWS CLI."""
    (loop,) = [
        code for _, code, _ in blocks(PROJECT / "docs" / "scheduling.md") if "backfill" in code and "aws " in code
    ]
    stub = """#!/bin/sh
    echo "$@" >> calls
    case "$2" in start-execution) echo "$7";; *) echo SUCCEEDED;; esac
    """
    for name, code in {"aws": stub, "sleep": "#!/bin/sh\n"}.items():
        (tmp_path / name).write_text(code)
        (tmp_path / name).chmod(0o755)
    path = os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]])
    command = ["sh", "-c", loop]
    done = subprocess.run(command, cwd=tmp_path, env={"PATH": path}, check=True, capture_output=True, text=True)
    days = [f"2026-11-{day:02}" for day in range(1, 31)]
    assert done.stdout.splitlines() == [f"{day} SUCCEEDED" for day in days]
    started = [call for call in (tmp_path / "calls").read_text().splitlines() if "start-execution" in call]
    assert [re.search(r"--input (.*) --query", call)[1] for call in started] == [f'{{"day": "{day}"}}' for day in days]
    assert len(set(re.findall(r"--name (\S+)", "\n".join(started)))) == 30


def test_the_architecture_has_every_module():
    text = (PROJECT / "CONTRIBUTING.md").read_text()
    package = PROJECT / "emr_constructs"
    modules = {path.stem for path in package.rglob("*.py") if "rules" not in path.parts} - {"__init__"}
    assert {name for name in modules if f"`{name}`" not in text and f"`{name}.py`" not in text} == set()


def test_the_changelog_orders_changes_by_kind_and_lists_each_once():
    text = (PROJECT / "CHANGELOG.md").read_text()
    for version in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        kinds = re.findall(r"^### (\w+)$", version, re.MULTILINE)
        assert kinds == [kind for kind in KINDS if kind in kinds]
    changes = re.findall(r"^- (.*?)(?=\n(?:- |\n|\Z))", text, re.MULTILINE | re.DOTALL)
    assert len(changes) == len(set(changes)) > 100
