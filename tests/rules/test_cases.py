from __future__ import annotations

import pytest

from emr_constructs.rules import Severity, all_rules, check
from emr_constructs.rules.lifecycles import AGE
from tests.rules.age import judging
from tests.rules.cases import CASES, Case

NAMES = [f"{case.rule}-{number}" for number, case in enumerate(CASES)]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_refuses_what_emr_refuses(case: Case):
    with judging(case.rule):
        found = [str(problem) for problem in check(case.shape, case.refused) if problem.rule == case.rule]
    assert any(case.says in message for message in found), found


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_accepts_what_emr_accepts(case: Case):
    with judging(case.rule):
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
        AGE,
        "emr-application-unknown",
        "emr-spark-local-file",
        "emr-python-2",
        "emr-auto-scaling-core-minimum",
        "emr-api-gateway-endpoint",
        "emr-bootstrap-action-arguments",
        "emr-bucket-name",
        "emr-certificate-archive",
        "emr-consistent-view",
        "emr-default-roles",
        "emr-fleet-bid-percentage",
        "emr-hbase-storage-mode",
        "emr-key-name",
        "emr-managed-policy-name",
        "emr-managed-policy-tag-spelling",
        "emr-metastore-driver",
        "emr-monitoring-log-types",
        "emr-session-ha",
        "emr-session-spark",
        "emr-step-execution-role-steps",
        "emr-pass-role",
        "emr-scaling-dimension",
        "emr-scaling-namespace",
        "emr-scaling-threshold",
        "emr-security-configuration-name",
        "emr-spark-heartbeat",
        "emr-step-retired",
        "emr-streaming-option-order",
        "emr-studio-engine-port",
        "emr-studio-mapping-mode",
        "emr-subnet-addresses",
        "emr-typographic-character",
        "emr-vpc-private-addresses",
        "emr-yarn-allocation-range",
        "emr-additional-info",
        "emr-application-name-only",
        "emr-application-repeated",
        "emr-authorization-ha",
        "emr-authorization-in-transit",
        "emr-auto-scaling-role-fleets",
        "emr-bid-price-market",
        "emr-bid-price-on-demand",
        "emr-bootstrap-action-local-path",
        "emr-bootstrap-action-object",
        "emr-bootstrap-action-retired",
        "emr-bootstrap-action-run-if",
        "emr-certificate-provider-unused",
        "emr-added-step-failure",
        "emr-added-to-ending-cluster",
        "emr-auto-scaling-role-trust",
        "emr-classification-application",
        "emr-classification-repeated",
        "emr-classification-undocumented",
        "emr-classification-value",
        "emr-encryption-not-enabled",
        "emr-ends-at-once",
        "emr-environment-export",
        "emr-executor-start",
        "emr-fleet-priority-unused",
        "emr-fleet-targets",
        "emr-group-name-missing",
        "emr-ha-metastore",
        "emr-ha-metastore-postgresql",
        "emr-ha-protection",
        "emr-ha-public-addresses",
        "emr-ha-replication",
        "emr-ha-spot",
        "emr-ha-step-failure",
        "emr-ha-termination",
        "emr-identity-center-source",
        "emr-identity-center-spark",
        "emr-idle-not-on-yarn",
        "emr-idle-without-keep-alive",
        "emr-instance-type-unknown",
        "emr-kerberos-domain-join",
        "emr-kerberos-join-credentials",
        "emr-kerberos-password-in-clear",
        "emr-kerberos-provider-unused",
        "emr-kerberos-query-engine",
        "emr-kerberos-spark-metastore",
        "emr-kerberos-ssm-secure",
        "emr-kerberos-trust-password",
        "emr-key-provider-class",
        "emr-lake-formation-catalog",
        "emr-lake-formation-runtime-roles",
        "emr-lake-formation-session-tag",
        "emr-local-disk-provider-unused",
        "emr-log-key-without-uri",
        "emr-managed-scaling-core",
        "emr-managed-scaling-core-limit",
        "emr-managed-policy-tag",
        "emr-managed-scaling-initial",
        "emr-managed-scaling-minimum",
        "emr-managed-scaling-not-on-yarn",
        "emr-managed-scaling-strategy",
        "emr-maximize-resource-allocation",
        "emr-monitoring-agent",
        "emr-no-steps-no-keep-alive",
        "emr-os-release-label-custom-ami",
        "emr-override-repeated",
        "emr-name-not-reference",
        "emr-no-route-to-s3",
        "emr-no-subnet",
        "emr-placeholder-argument",
        "emr-placement-and-subnet",
        "emr-placement-group-masters",
        "emr-plain-password",
        "emr-public-ingress",
        "emr-ranger-glue",
        "emr-ranger-ha",
        "emr-release-label-missing",
        "emr-release-unknown",
        "emr-repeated-argument",
        "emr-retired-property",
        "emr-role-mappings-emrfs",
        "emr-s3-encryption-provider-unused",
        "emr-s3distcp-option-name",
        "emr-scale-down-behavior",
        "emr-scaling-adjustment",
        "emr-repeated-item",
        "emr-scaling-market",
        "emr-scaling-metric",
        "emr-scaling-period",
        "emr-service-access-shared",
        "emr-setting-name",
        "emr-source-identity-without-runtime-roles",
        "emr-spark-classification",
        "emr-spark-cores",
        "emr-spark-default",
        "emr-spark-master",
        "emr-spark-memory",
        "emr-spark-option-order",
        "emr-spark-property",
        "emr-spark-property-name",
        "emr-spark-yarn-mode",
        "emr-step-count-of-release",
        "emr-step-incomplete",
        "emr-step-jar",
        "emr-step-local-path",
        "emr-step-log-key-without-uri",
        "emr-step-s3-uri",
        "emr-step-script-in-s3",
        "emr-step-shell",
        "emr-step-split-command",
        "emr-step-tool",
        "emr-steps-frozen",
        "emr-studio-relay-state",
        "emr-tag-repeated",
        "emr-task-fleet-capacity",
        "emr-two-scalings",
        "emr-unknown-setting",
        "emr-unordered-resources",
        "emr-visible-to-all-users",
        "emr-volume-iops-missing",
        "emr-studio-role-trust",
        "emr-subnets-mixed",
        "emr-vpc-dns",
    }
