"""The validation plugin, in apps that do not use the constructs of this library."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_emr

import emr_constructs as emr
from emr_constructs.policies.judging import CustomRulesJudge
from emr_constructs.rules import all_rules
from emr_constructs.templates.inputs import check_source, sources_in
from tests.cli.test_check import hand_written
from tests.tools import imported_vpc, new_app


def synthesize(build, *acknowledged):
    """What is found, and whether the synth succeeds."""
    app = new_app()
    stack = cdk.Stack(app, "Analytics")
    build(stack)
    cdk.Validations.of(app).add_plugins(emr.EmrRules())
    for rule in acknowledged:
        cdk.Validations.of(stack).acknowledge(cdk.Acknowledgment(id=rule, reason="the owner of the app decided so"))
    try:
        app.synth()
        failure = ""
    except RuntimeError as error:
        failure = str(error)
    report = Path(app.outdir) / "validation-report.json"
    reports = json.loads(report.read_text())["pluginReports"] if report.exists() else []
    (found,) = [found for found in reports if found["pluginName"] == "EmrRules"] or [{}]
    assert failure == "" or failure.startswith("ValidationFailed: "), failure
    return found, not failure


def test_an_error_fails_the_synth():
    report, succeeded = synthesize(lambda stack: hand_written(stack, 2))
    assert not succeeded
    assert report["pluginName"] == "EmrRules"
    (violation,) = report["violations"]
    assert violation["ruleName"] == "emr-master-count"
    assert violation["severity"] == "error"
    assert violation["description"] == "instance count of the primary instance group must be 1 or 3, got 2"
    assert violation["suggestedFix"] == "use 1, or 3 for high availability"
    (construct,) = violation["violatingConstructs"]
    assert construct["constructPath"] == "Analytics/Cluster"
    assert construct["cloudFormationResource"]["propertyPaths"] == [
        "Properties.Instances.MasterInstanceGroup.InstanceCount"
    ]


def test_a_finding_can_be_acknowledged():
    report, succeeded = synthesize(lambda stack: hand_written(stack, 2), "EmrRules::emr-master-count")
    assert succeeded
    assert report["violations"] == []
    assert [found["ruleName"] for found in report["suppressedViolations"]] == ["emr-master-count"]


def hidden(stack):
    hand_written(stack, 1).add_property_override("VisibleToAllUsers", value=False)


def test_a_warning_does_not_fail_the_synth():
    report, succeeded = synthesize(hidden)
    assert succeeded
    assert [(found["ruleName"], found["severity"]) for found in report["violations"]] == [
        ("emr-visible-to-all-users", "warning")
    ]


def test_nested_stacks_are_checked():
    report, _ = synthesize(lambda stack: hand_written(cdk.NestedStack(stack, "Nested"), 2))
    (violation,) = report["violations"]
    assert violation["violatingConstructs"][0]["constructPath"] == "Analytics/Nested/Cluster"


def test_an_l1_security_configuration():
    def build(stack):
        document = {"EncryptionConfiguration": {"EnableAtRestEncryption": True}}
        aws_emr.CfnSecurityConfiguration(stack, "Security", security_configuration=document)

    report, succeeded = synthesize(build)
    assert not succeeded
    assert [found["ruleName"] for found in report["violations"]] == ["emr-encryption-parts"]


def test_nothing_is_found_in_the_constructs_of_the_library():
    report, succeeded = synthesize(lambda stack: emr.Cluster(stack, "Spark", vpc=imported_vpc(stack)))
    assert succeeded
    assert report == {}


def test_lists_its_rule_ids():
    assert emr.EmrRules().rule_ids == [rule.id for rule in all_rules()]


def test_its_version_is_that_of_the_library(monkeypatch):
    from emr_constructs import emr_rules

    monkeypatch.setattr(emr_rules.metadata, "version", lambda name: f"1.2.3 of {name}")
    assert emr.EmrRules().version == "1.2.3 of emr-constructs"


def test_it_has_no_version_before_it_is_installed(monkeypatch):
    from emr_constructs import emr_rules

    def absent(name):
        raise emr_rules.metadata.PackageNotFoundError

    monkeypatch.setattr(emr_rules.metadata, "version", absent)
    assert emr.EmrRules().version is None


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_every_id_can_be_acknowledged(rule):
    assert "::" not in rule.id
    assert " " not in rule.id


def validated(build, rules, *, acknowledge=()):
    """The findings of a plugin with rules of its own by rule, with construct paths, and whether the synth succeeds."""
    app = new_app()
    stack = cdk.Stack(app, "Analytics")
    cdk.Tags.of(app).add("cost-center", "4711")
    construct = build(stack)
    for rule in acknowledge:
        emr.acknowledge(construct, rule, reason="the owner of the app decided so")
    cdk.Validations.of(app).add_plugins(emr.EmrRules(rules=rules))
    succeeded = True
    try:
        app.synth()
    except RuntimeError:
        succeeded = False
    report = Path(app.outdir) / "validation-report.json"
    reports = json.loads(report.read_text())["pluginReports"] if report.exists() else []
    found = [violation for each in reports if each["pluginName"] == "EmrRules" for violation in each["violations"]]
    template = Path(app.outdir) / "Analytics.template.json"
    return (
        [
            (violation["ruleName"], [construct["constructPath"] for construct in violation["violatingConstructs"]])
            for violation in found
        ],
        succeeded,
        template,
    )


def cluster(stack):
    return emr.Cluster(stack, "Spark", vpc=imported_vpc(stack))


def transient(stack):
    report = emr.Step.custom("Report", command=["hdfs", "dfsadmin", "-report"])
    return emr.TransientCluster(stack, "Job", vpc=imported_vpc(stack), workflow=[report])


GOOD = emr.RuleSet(
    emr.Policies.instance_types("m*g.*"),
    emr.Policies.volumes("gp3"),
    emr.Policies.maximum_nodes(10),
    emr.Policies.releases(minimum="emr-7.11.0"),
    emr.Policies.tags("cost-center"),
    emr.Policies.ends_by_itself(),
    emr.Policies.private(),
    emr.Policies.encrypted(),
)
"""What the defaults of the library and a tag of the app satisfy."""


@pytest.mark.parametrize("build", [cluster, transient])
def test_own_rules_see_the_final_template(build):
    assert validated(build, GOOD)[:2] == ([], True)


@pytest.mark.parametrize(
    ("build", "path"), [(cluster, "Analytics/Spark/Resource"), (transient, "Analytics/Job/Job/StateMachine/Resource")]
)
def test_own_rules_fail_the_synth_and_can_be_acknowledged(build, path):
    rules = emr.RuleSet(emr.Policies.tags("team"), emr.Policies.instance_types("c5.*"), prefix="acme")
    found, succeeded, template = validated(build, rules)
    assert not succeeded
    assert {rule for rule, _ in found} == {"acme-tags", "acme-instance-types"}
    assert {where for _, (where,) in found} == {path}
    assert {finding.rule for finding in rules.check(json.loads(template.read_text()))} == {rule for rule, _ in found}
    found, succeeded, template = validated(build, rules, acknowledge=["acme-tags", "acme-instance-types"])
    assert succeeded
    assert found == []
    # The acknowledgments are in the template, for the command line.
    assert rules.check(json.loads(template.read_text())) == []


@pytest.mark.parametrize("is_nested", [False, True])
def test_tags_of_a_stack_are_those_of_its_clusters(is_nested):
    app = new_app()
    stack = cdk.Stack(app, "Analytics", tags={"team": "sales"})
    inner = cdk.NestedStack(stack, "Nested") if is_nested else stack
    emr.Cluster(inner, "Spark", vpc=imported_vpc(inner))
    rules = emr.RuleSet(emr.Policies.tags("team", "stage"))
    cdk.Validations.of(app).add_plugins(emr.EmrRules(rules=rules))
    with pytest.raises(RuntimeError, match="cluster must have the tags team and stage, got no stage"):
        app.synth()
    found = [
        finding
        for source in sources_in(app.outdir, str)
        for finding in check_source(source, CustomRulesJudge(rules.rules))
    ]
    assert [finding.message for finding in found if finding.rule == "company-tags"] == [
        "cluster must have the tags team and stage, got no stage"
    ]


def test_a_warning_of_an_own_rule_does_not_fail_the_synth():
    found, succeeded, _ = validated(cluster, emr.RuleSet(emr.Policies.tags("team", severity="warning")))
    assert succeeded
    assert [rule for rule, _ in found] == ["company-tags"]


def test_lists_the_ids_of_own_rules():
    ids = emr.EmrRules(rules=emr.RuleSet(emr.Policies.tags("team"))).rule_ids
    assert ids == [*(rule.id for rule in all_rules()), "company-tags"]


def test_own_rules_must_be_a_rule_set():
    with pytest.raises(emr.EmrError, match="rules must be a RuleSet, got 7"):
        emr.EmrRules(rules=7)


def test_an_own_rule_that_fails_is_an_error_without_a_trace():
    rules = emr.RuleSet(emr.Policies.tags("team"))

    @rules.rule("acme-broken", statement="It must work.", fix="correct it")
    def broken(found):
        raise KeyError(found.name)

    found, succeeded, _ = validated(cluster, rules)
    assert not succeeded
    assert found == [("company-tags", ["Analytics/Spark/Resource"]), ("acme-broken", [""])]
