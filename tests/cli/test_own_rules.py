"""Rules of a project on the command line: ``check --rules``, ``rules --rules`` and ``pyproject.toml``."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

from emr_constructs.rules import all_rules
from tests.cli.tools import GOOD, run
from tests.policies.templates import request, states, template
from tests.test_documentation import blocks
from tests.tools import PROJECT

RULES = """\
import emr_constructs as emr

rules = emr.RuleSet(emr.Policies.tags("team"), prefix="acme")


@rules.rule(
    "acme-name",
    statement="Names of clusters must begin with data-.",
    fix="change the name",
    severity="warning",
    why="Bills are sorted by name.",
    source="https://example.com/names",
)
def name(cluster):
    print("looks at", cluster)
    if cluster.name and not cluster.name.startswith("data-"):
        yield cluster.violation(f"name must begin with data-, got {cluster.name!r}", member="Name")
"""
IDS = ["acme-tags", "acme-name"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current directory, with rules and a template that violates them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "company_rules.py").write_text(RULES)
    (tmp_path / "cluster.json").write_text(json.dumps(template(), indent=1))
    return tmp_path


def found(*arguments):
    """The findings of own rules, and the exit code."""
    result = run("check", *arguments, "--format", "json")
    rules = [finding["rule"] for finding in json.loads(result.stdout)["findings"]]
    return [rule for rule in rules if not rule.startswith("emr-")], result.exit_code


def test_reports_violations_with_their_lines():
    result = run("check", "cluster.json", "--rules", "company_rules.py")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    written = json.dumps(template(), indent=1).splitlines()
    line = {name: written.index(text) + 1 for text in written for name in ("Tags", "Name") if f'"{name}":' in text}
    assert lines == [
        f"cluster.json:{line['Tags']}: error: cluster must have the tag team, got no team [acme-tags]",
        "    at Resources.Cluster.Properties.Tags",
        "    add team",
        f"cluster.json:{line['Name']}: warning: name must begin with data-, got 'acme-nightly' [acme-name]",
        "    at Resources.Cluster.Properties.Name",
        "    change the name",
        "1 error and 1 warning in 1 file",
    ]
    assert "looks at <ResolvedCluster Cluster>" in result.stderr


@pytest.mark.parametrize("content", [request(), states(), {**template(), "Description": "x"}])
def test_files_of_all_kinds(folder, content):
    (folder / "other.json").write_text(json.dumps(content))
    assert found("other.json", "--rules", "company_rules.py") == (IDS, 1)
    assert found("other.json") == ([], 0)


def test_rules_of_the_project(folder):
    (folder / "pyproject.toml").write_text('[tool.emr-constructs]\nrules = "company_rules.py"\n')
    (folder / "inner").mkdir()
    assert found("cluster.json") == (IDS, 1)
    (folder / "others.py").write_text("import emr_constructs as emr\nrules = emr.RuleSet()\n")
    assert found("cluster.json", "--rules", "others.py") == ([], 0)


def test_the_path_is_relative_to_the_configuration(folder, monkeypatch):
    (folder / "pyproject.toml").write_text('[tool.emr-constructs]\nrules = "company_rules.py"\n')
    (folder / "inner").mkdir()
    monkeypatch.chdir(folder / "inner")
    assert found("../cluster.json") == (IDS, 1)
    assert "acme-name" in run("rules").stdout
    assert found("../cluster.json", "--config", "../pyproject.toml") == (IDS, 1)


@pytest.mark.parametrize("value", ["7", '""', "[]"])
def test_a_configuration_without_a_path(folder, value):
    (folder / "pyproject.toml").write_text(f"[tool.emr-constructs]\nrules = {value}\n")
    result = run("check", "cluster.json")
    assert result.exit_code == 2
    assert "pyproject.toml: tool.emr-constructs: " in result.output
    assert "rules must be " in result.output


def test_findings_are_ignored_and_acknowledged_like_others(folder):
    options = ["cluster.json", "--rules", "company_rules.py"]
    assert found(*options, "--ignore", "acme-tags") == (["acme-name"], 0)
    assert run("check", *options, "--ignore", "acme-tgas").exit_code == 2
    assert run("check", "cluster.json", "--ignore", "acme-tags").exit_code == 2
    accepted = '[[tool.emr-constructs.acknowledge]]\nid = "acme-tags"\nreason = "none"\n'
    (folder / "pyproject.toml").write_text(accepted)
    assert found(*options) == (["acme-name"], 0)
    content = template()
    listed = [{"id": "acme-name", "reason": "none"}]
    content["Resources"]["Cluster"]["Metadata"] = {"emr-constructs": {"acknowledge": listed}}
    (folder / "cluster.json").write_text(json.dumps(content))
    assert found(*options) == ([], 0)


def test_rules_in_sarif():
    result = run("check", "cluster.json", "--rules", "company_rules.py", "--format", "sarif")
    log = json.loads(result.stdout)
    Sarif.model_validate(log)
    (made,) = log["runs"]
    rules = made["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [*(rule.id for rule in all_rules()), *IDS]
    assert [(each["ruleId"], rules[each["ruleIndex"]]["id"], each["level"]) for each in made["results"]] == [
        ("acme-tags", "acme-tags", "error"),
        ("acme-name", "acme-name", "warning"),
    ]
    tags, name = rules[-2:]
    assert "helpUri" not in tags
    assert tags["help"] == {"text": "add the tags"}
    assert name["helpUri"] == "https://example.com/names"


FAILURES = {
    "a missing file": (None, "the rules must be a Python file, got no file; pass its path"),
    "no variable": ("x = 1", "rules must be a RuleSet, got no such variable; add rules = emr.RuleSet("),
    "another variable": ("rules = [1]", "rules must be a RuleSet, got [1]; add rules = emr.RuleSet("),
    "a syntax error": ("x = 1\nrules = (", "the file of rules must load, got SyntaxError: "),
    "an exception": ("\n1 / 0", "the file of rules must load, got ZeroDivisionError: division by zero in line 2;"),
    "an exit": ("raise SystemExit(0)", "the file of rules must load, got SystemExit: 0 in line 1; correct the file"),
    "a missing module": ("import no_such", "got ModuleNotFoundError: No module named 'no_such' in line 1"),
    "an exception of several lines": (
        "raise ValueError('one\\n  two')",
        "got ValueError: one two in line 1; correct the",
    ),
    "a relative import": ("from . import other", "in line 1; import modules next to the file by their names"),
    "another name": (
        "import emr_constructs as emr\nacme = emr.RuleSet()",
        "rules must be a RuleSet, got no such variable; assign acme to rules",
    ),
    "a set in a list": (
        "import emr_constructs as emr\nrules = [emr.RuleSet()]",
        "rules must be a RuleSet, got a list object; add rules = emr.RuleSet(",
    ),
    "a reserved id": (
        'import emr_constructs as emr\nrules = emr.RuleSet()\nrules.rule("emr-a", statement="a", fix="b")',
        "got EmrError: rule_id must not begin with emr- as IDs of the library do, got 'emr-a'",
    ),
    "a broken rule": (
        f"{RULES}\n@rules.rule('acme-bad', statement='a', fix='b')\ndef bad(cluster):\n    return cluster.nmae\n",
        "rule acme-bad (bad.py:19) must not raise an exception, got AttributeError: 'ResolvedCluster' object has no "
        "attribute 'nmae' in bad.py:21; correct its function",
    ),
    "a rule that returns no violations": (
        f"{RULES}\n@rules.rule('acme-bad', statement='a', fix='b')\ndef bad(cluster):\n    return 7\n",
        "rule acme-bad (bad.py:19) must yield violations or strings, got 7; use yield cluster.violation(...)",
    ),
}


@pytest.mark.parametrize("title", FAILURES)
def test_a_file_that_fails_is_an_error_of_one_line(folder, title):
    text, message = FAILURES[title]
    if text is not None:
        (folder / "bad.py").write_text(text)
    result = run("check", "cluster.json", "--rules", "bad.py", "--format", "json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith("Error: bad.py: ")
    assert message in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


def test_a_folder_is_no_file(folder):
    assert "must be a Python file, got a directory" in run("rules", "--rules", str(folder)).stderr


def test_an_empty_path_is_no_file(folder):
    result = run("check", "cluster.json", "--rules", "")
    assert result.exit_code == 2
    assert result.stderr == "Error: --rules: the rules must be a Python file, got an empty path; pass its path\n"


def test_a_file_may_import_others_next_to_it(folder):
    (folder / "their_helpers.py").write_text("TYPES = ['c5.*']\n")
    text = "import emr_constructs as emr\nfrom their_helpers import TYPES\n"
    text += "rules = emr.RuleSet(emr.Policies.instance_types(*TYPES))\n"
    (folder / "more.py").write_text(text)
    assert found("cluster.json", "--rules", "more.py") == (["company-instance-types"] * 2, 1)


def test_lists_the_rules():
    *lines, last = run("rules", "--rules", "company_rules.py").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [*(rule.id for rule in all_rules()), *IDS]
    assert lines[-1].split(maxsplit=2) == ["acme-name", "warning", "Names of clusters must begin with data-."]
    assert last.startswith(f"{len(lines)} rules;")
    listed = json.loads(run("rules", "--rules", "company_rules.py", "--format", "json").stdout)
    assert [rule["id"] for rule in listed[-2:]] == IDS


def test_explains_a_rule():
    assert run("rules", "acme-name", "--rules", "company_rules.py").stdout.startswith(
        "acme-name (warning)\n\n  Names of clusters must begin with data-.\n\nWhy:\n  Bills are sorted by name.\n\n"
        "Fix:\n  change the name\n\nSource:\n  https://example.com/names\n\nAcknowledge:\n"
    )
    facts = json.loads(run("rules", "acme-name", "--rules", "company_rules.py", "--format", "json").stdout)
    assert (facts["why"], facts["fix"]) == ("Bills are sorted by name.", "change the name")
    assert "Source" not in run("rules", "acme-tags", "--rules", "company_rules.py").stdout
    assert "use acme-tags" in run("rules", "acme-tag", "--rules", "company_rules.py").stderr
    assert run("rules", "acme-tags").exit_code == 2


def test_lists_the_rules_as_markdown():
    lines = run("rules", "--rules", "company_rules.py", "--format", "markdown").stdout.splitlines()
    assert lines[:4] == ["# Rules", "", "## Rules of company_rules.py", ""]
    assert "| acme-tags | error | Cluster must have the tag team. | add the tags |" in lines
    section = lines[lines.index("### acme-name") :]
    assert section[:9] == [
        "### acme-name",
        "",
        "Names of clusters must begin with data-. (warning)",
        "",
        "**Why:** Bills are sorted by name.",
        "",
        "**Fix:** change the name",
        "",
        "**Source:** <https://example.com/names>",
    ]
    table = section[section.index("## Rules of emr_constructs") + 4 :]
    assert [line.split(" | ")[0].removeprefix("| ") for line in table] == [rule.id for rule in all_rules()]
    assert run("rules", "--format", "markdown").stdout.startswith("# Rules\n\n## Rules of emr_constructs\n\n| rule |")


def test_explains_a_rule_as_markdown():
    text = run("rules", "emr-idle-timeout", "--format", "markdown").stdout
    assert text.startswith("# emr-idle-timeout\n\nThe idle timeout must be 60 to 604800 seconds. (error)\n\n**Why:** ")
    assert "**Wrong:**\n\n```yaml\nAutoTerminationPolicy:\n  IdleTimeout: 30\n```\n" in text


PAGE = blocks(PROJECT / "docs" / "company-rules.md")
COMMANDS = [line.partition(" > ")[0] for language, code, _ in PAGE if language == "sh" for line in code.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_page_run(folder, command):
    (code, *_) = [code for language, code, _ in PAGE if language == "python" and code.startswith("# company_rules.py")]
    (folder / "company_rules.py").write_text(code)
    (folder / "cdk.out").mkdir()
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "A.template.json"}}
    (folder / "cdk.out" / "manifest.json").write_text(json.dumps({"version": "1.0.0", "artifacts": {"A": stack}}))
    (folder / "cdk.out" / "A.template.json").write_text(json.dumps(template(ReleaseLabel="emr-6.15.0")))
    result = run(*shlex.split(command)[1:])
    assert result.exit_code == (1 if " check " in command else 0)
    assert "acme-" in result.stdout


def test_runs_without_cdk():
    command = [sys.executable, "-X", "importtime", "-m", "emr_constructs", "check", GOOD, "--rules", "company_rules.py"]
    environment = {"PYTHONPATH": str(PROJECT)}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 1
    assert "acme-tags" in result.stdout
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in result.stderr.splitlines()}
    assert not {"aws_cdk", "constructs", "jsii"} & loaded
