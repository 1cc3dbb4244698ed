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
        "emr-added-step-failure",
        "emr-added-to-ending-cluster",
        "emr-additional-info",
        "emr-api-gateway-endpoint",
        "emr-application-name-only",
        "emr-application-repeated",
        "emr-application-unknown",
        "emr-authorization-ha",
        "emr-authorization-in-transit",
        "emr-auto-scaling-core-minimum",
        "emr-auto-scaling-role-fleets",
        "emr-auto-scaling-role-trust",
        "emr-bid-price-market",
        "emr-bid-price-on-demand",
        "emr-bootstrap-action-arguments",
        "emr-bootstrap-action-local-path",
        "emr-bootstrap-action-object",
        "emr-bootstrap-action-retired",
        "emr-bootstrap-action-run-if",
        "emr-bucket-name",
        "emr-certificate-archive",
        "emr-certificate-provider-unused",
        "emr-classification-application",
        "emr-classification-repeated",
        "emr-classification-undocumented",
        "emr-classification-value",
        "emr-consistent-view",
        "emr-default-roles",
        "emr-encryption-not-enabled",
        "emr-ends-at-once",
        "emr-environment-export",
        "emr-executor-start",
        "emr-fleet-bid-percentage",
        "emr-fleet-priority-unused",
        "emr-fleet-targets",
        "emr-group-name-missing",
        "emr-groups-and-types",
        "emr-ha-metastore",
        "emr-ha-metastore-postgresql",
        "emr-ha-protection",
        "emr-ha-public-addresses",
        "emr-ha-replication",
        "emr-ha-spot",
        "emr-ha-step-failure",
        "emr-ha-termination",
        "emr-hbase-storage-mode",
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
        "emr-key-name",
        "emr-key-provider-class",
        "emr-lake-formation-catalog",
        "emr-lake-formation-runtime-roles",
        "emr-lake-formation-session-tag",
        "emr-lake-formation-spark",
        "emr-local-disk-provider-unused",
        "emr-log-key-without-uri",
        "emr-managed-policy-name",
        "emr-managed-policy-tag",
        "emr-managed-policy-tag-spelling",
        "emr-managed-scaling-core",
        "emr-managed-scaling-core-limit",
        "emr-managed-scaling-initial",
        "emr-managed-scaling-minimum",
        "emr-managed-scaling-not-on-yarn",
        "emr-managed-scaling-strategy",
        "emr-maximize-resource-allocation",
        "emr-metastore-driver",
        "emr-monitoring-agent",
        "emr-monitoring-log-group",
        "emr-monitoring-log-types",
        "emr-name-not-reference",
        "emr-no-route-to-s3",
        "emr-no-steps-no-keep-alive",
        "emr-no-subnet",
        "emr-node-egress",
        "emr-os-release-label-custom-ami",
        "emr-override-repeated",
        "emr-pass-role",
        "emr-placeholder-argument",
        "emr-placement-and-subnet",
        "emr-placement-group-masters",
        "emr-placement-group-role",
        "emr-plain-password",
        "emr-public-ingress",
        "emr-python-2",
        "emr-ranger-glue",
        "emr-ranger-ha",
        "emr-release-label-missing",
        "emr-release-unknown",
        "emr-repeated-argument",
        "emr-repeated-item",
        "emr-retired-property",
        "emr-role-mappings-emrfs",
        "emr-role-policy-of-another",
        "emr-role-source-arn",
        "emr-role-without-policies",
        "emr-s3-encryption-provider-unused",
        "emr-s3-uri-space",
        "emr-s3distcp-option-name",
        "emr-scale-down-behavior",
        "emr-scaling-adjustment",
        "emr-scaling-dimension",
        "emr-scaling-direction",
        "emr-scaling-market",
        "emr-scaling-metric",
        "emr-scaling-namespace",
        "emr-scaling-period",
        "emr-scaling-threshold",
        "emr-security-configuration-name",
        "emr-service-access-shared",
        "emr-session-ha",
        "emr-session-spark",
        "emr-setting-name",
        "emr-source-identity-without-runtime-roles",
        "emr-spark-classification",
        "emr-spark-cores",
        "emr-spark-default",
        "emr-spark-heartbeat",
        "emr-spark-local-file",
        "emr-spark-master",
        "emr-spark-memory",
        "emr-spark-option-order",
        "emr-spark-property",
        "emr-spark-property-name",
        "emr-spark-yarn-mode",
        "emr-state-never-terminated",
        "emr-state-path-literal",
        "emr-state-protected-cluster",
        "emr-state-step-not-awaited",
        "emr-step-count-of-release",
        "emr-step-execution-role-steps",
        "emr-step-incomplete",
        "emr-step-jar",
        "emr-step-local-path",
        "emr-step-log-key-without-uri",
        "emr-step-retired",
        "emr-step-s3-uri",
        "emr-step-script-in-s3",
        "emr-step-shell",
        "emr-step-split-command",
        "emr-step-tool",
        "emr-steps-frozen",
        "emr-streaming-option-order",
        "emr-studio-engine-port",
        "emr-studio-mapping-mode",
        "emr-studio-relay-state",
        "emr-studio-role-trust",
        "emr-studio-workspace-egress",
        "emr-subnet-addresses",
        "emr-subnets-mixed",
        "emr-tag-repeated",
        "emr-task-fleet-capacity",
        "emr-two-scalings",
        "emr-typographic-character",
        "emr-unknown-setting",
        "emr-unordered-resources",
        "emr-visible-to-all-users",
        "emr-volume-iops-missing",
        "emr-vpc-dns",
        "emr-vpc-private-addresses",
        "emr-yarn-allocation-range",
        "emr-zone-name",
    }
