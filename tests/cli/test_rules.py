"""``rules``: the list and the explanation of one rule."""

from __future__ import annotations

import json

from emr_constructs.rules import all_rules
from emr_constructs.rules.explanations import explanations
from tests.cli.tools import run


def test_lists_each_rule_in_one_line():
    result = run("rules")
    *lines, last = result.output.splitlines()
    expected = [[rule.id, str(rule.severity), rule.statement] for rule in all_rules()]
    assert [line.split(maxsplit=2) for line in lines] == expected
    assert last.startswith(f"{len(expected)} rules;")
    assert result.exit_code == 0


def test_lists_the_rules_as_json():
    found = json.loads(run("rules", "--format", "json").output)
    assert [rule["id"] for rule in found] == [rule.id for rule in all_rules()]
    assert set(found[0]) == {"id", "severity", "statement", "fix", "library_fix", "source"}


def test_explains_a_rule():
    result = run("rules", "emr-idle-timeout")
    assert result.exit_code == 0
    explanation = explanations()["emr-idle-timeout"]
    assert result.output.startswith("emr-idle-timeout (error)\n\n  The idle timeout must be 60 to 604800 seconds.\n")
    for part in (
        f"Why:\n  {explanation.why}",
        "Fix:\n  use one minute to seven days",
        "Wrong:\n\n    AutoTerminationPolicy:\n      IdleTimeout: 30",
        "Right:\n\n    AutoTerminationPolicy:\n      IdleTimeout: 3600",
        "Right with emr_constructs:\n\n    emr.Cluster(",
        "Source:\n  https://docs.aws.amazon.com/emr/",
        'emr.acknowledge(cluster, "emr-idle-timeout", reason="...")',
    ):
        assert part in result.output
    assert "Fix with emr_constructs" not in result.output


def test_explains_the_fix_of_the_library_if_it_differs():
    output = run("rules", "emr-idle-not-on-yarn").output
    assert "Fix:\n  remove the auto-termination policy" in output
    assert "Fix with emr_constructs:\n  use Termination.manual()" in output


def test_explains_a_rule_as_json():
    found = json.loads(run("rules", "emr-idle-timeout", "--format", "json").output)
    assert found["id"] == "emr-idle-timeout"
    assert found["right"] == explanations()["emr-idle-timeout"].right


def test_an_unknown_rule_is_an_error_with_the_nearest_id():
    result = run("rules", "emr-idle-timeuot")
    assert result.exit_code == 2
    assert "RULE must be the ID of a rule, got 'emr-idle-timeuot'; use emr-idle-timeout" in result.output
    assert "run emr-constructs rules to list all rules" in run("rules", "zzz").output
