from __future__ import annotations

import pytest

from emr_constructs.rules import Severity, all_rules, check
from tests.rules.cases import CASES, Case

NAMES = [f"{case.rule}-{number}" for number, case in enumerate(CASES)]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_refuses_what_emr_refuses(case: Case):
    found = [str(problem) for problem in check(case.shape, case.refused) if problem.rule == case.rule]
    assert any(case.says in message for message in found), found


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_accepts_what_emr_accepts(case: Case):
    assert [str(problem) for problem in check(case.shape, case.accepted)] == []


def test_every_rule_has_a_case():
    assert {rule.id for rule in all_rules()} <= {case.rule for case in CASES}


def test_every_rule_says_what_it_states_what_to_do_and_where_it_is_written():
    for rule in all_rules():
        assert rule.statement.endswith("."), rule.id
        assert rule.fix, rule.id
        assert rule.source.startswith("https://docs.aws.amazon.com/"), rule.id
        assert rule.id.startswith("emr-"), rule.id


def test_ids_are_unique():
    ids = [rule.id for rule in all_rules()]
    assert len(ids) == len(set(ids))


def test_only_what_emr_accepts_is_a_warning():
    warnings = {rule.id for rule in all_rules() if rule.severity is Severity.WARNING}
    assert warnings == {
        "emr-added-step-failure",
        "emr-added-to-ending-cluster",
        "emr-auto-scaling-role-trust",
        "emr-classification-application",
        "emr-ends-at-once",
        "emr-executor-start",
        "emr-fleet-priority-unused",
        "emr-ha-metastore",
        "emr-ha-protection",
        "emr-ha-public-addresses",
        "emr-ha-replication",
        "emr-ha-step-failure",
        "emr-identity-center-source",
        "emr-idle-not-on-yarn",
        "emr-instance-type-unknown",
        "emr-kerberos-password-in-clear",
        "emr-kerberos-spark-metastore",
        "emr-lake-formation-catalog",
        "emr-managed-policy-tag",
        "emr-managed-scaling-initial",
        "emr-managed-scaling-not-on-yarn",
        "emr-name-not-reference",
        "emr-no-route-to-s3",
        "emr-no-subnet",
        "emr-os-release-label-custom-ami",
        "emr-placeholder-argument",
        "emr-placement-group-masters",
        "emr-plain-password",
        "emr-public-ingress",
        "emr-release-unknown",
        "emr-repeated-argument",
        "emr-repeated-item",
        "emr-scaling-market",
        "emr-service-access-shared",
        "emr-steps-frozen",
        "emr-studio-role-trust",
        "emr-subnets-mixed",
        "emr-unordered-resources",
        "emr-visible-to-all-users",
        "emr-vpc-dns",
    }
