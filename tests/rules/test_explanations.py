from __future__ import annotations

import pytest

from emr_constructs.rules import all_rules
from emr_constructs.rules.explanations import explanations, topics
from emr_constructs.rules.lifecycles import AGE
from tests.rules.age import judging
from tests.rules.examples import findings_of, rules_of_code

EXPLAINED = sorted(explanations())
IN_LIBRARY = [rule for rule in EXPLAINED if explanations()[rule].library_right]


def test_each_explanation_is_of_one_rule():
    named = [rule for topic in topics() for rule in topic.rules]
    assert len(named) == len(set(named))
    assert set(named) <= {rule.id for rule in all_rules()}


def test_every_rule_has_an_explanation():
    assert {rule.id for rule in all_rules()} - set(EXPLAINED) == set()


@pytest.mark.parametrize("rule", EXPLAINED)
def test_the_wrong_example_violates_the_rule_and_no_other(rule):
    with judging(rule):
        assert {finding.rule for finding in findings_of(explanations()[rule].wrong)} == {rule}


@pytest.mark.parametrize("rule", EXPLAINED)
def test_the_right_example_has_no_findings(rule):
    with judging(rule):
        assert [str(finding) for finding in findings_of(explanations()[rule].right)] == []


@pytest.mark.parametrize("rule", IN_LIBRARY)
def test_the_code_of_the_example_violates_and_satisfies_the_rule(rule):
    example = explanations()[rule]
    if example.library_wrong:
        assert rule in rules_of_code(example.library_wrong)
    # What only older releases have is shown with one of them.
    assert rules_of_code(example.library_right, accepted=True) - ({AGE} - {rule}) == set()


@pytest.mark.parametrize("rule", EXPLAINED)
def test_an_explanation_is_complete(rule):
    example = explanations()[rule]
    assert example.why.endswith(".")
    assert example.library_right or example.library, "show the code, or say how the library satisfies the rule"
