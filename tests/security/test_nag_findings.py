from __future__ import annotations

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from emr_constructs.security import nag_findings
from emr_constructs.security.nag_findings import acknowledge, of_statements, wildcards
from tests.tools import new_app, new_stack

REASON = "The objects are made while the cluster runs."


def findings(app):
    return {
        violation.rule_name
        for violation in cdk_nag.AwsSolutionsChecks(app).validate_scope(app).violations
        for _ in violation.violating_resources
    }


def policy_with(stack, *resources):
    statement = iam.PolicyStatement(actions=["s3:GetObject"], resources=list(resources))
    return iam.ManagedPolicy(stack, "Policy", statements=[statement])


def test_only_resources_with_a_wildcard_need_a_reason():
    statements = [{"Resource": ["arn:aws:s3:::data/*", "arn:aws:s3:::data/a"]}, {"Resource": ["*"]}]
    assert of_statements(statements, REASON) == {"arn:aws:s3:::data/*": REASON, "*": REASON}


def test_the_ids_are_those_of_cdk_nag():
    app = new_app()
    stack = new_stack(app)
    other = s3.Bucket(new_stack(app, "Other"), "Shared")
    resources = [
        "*",
        "arn:aws:s3:::data/*",
        s3.Bucket.from_bucket_name(stack, "Imported", "data").arn_for_objects("a/*"),
        s3.Bucket(stack, "Own").arn_for_objects("*"),
        other.arn_for_objects("*"),
        cdk.Fn.sub("arn:${AWS::Partition}:s3:::${Name}/*", {"Name": "data"}),
    ]
    policy = policy_with(stack, *resources)
    assert any("IAM5" in found for found in findings(app))
    acknowledge(policy, wildcards(stack, dict.fromkeys(resources, REASON)))
    assert [found for found in findings(app) if "IAM5" in found] == []


def test_another_wildcard_of_the_same_policy_is_still_found():
    app = new_app()
    stack = new_stack(app)
    policy = policy_with(stack, "arn:aws:s3:::data/*", "arn:aws:s3:::other/*")
    acknowledge(policy, wildcards(stack, {"arn:aws:s3:::data/*": REASON}))
    assert [found for found in findings(app) if "IAM5" in found] == [
        "AwsSolutions-IAM5[Resource::arn:aws:s3:::other/*]"
    ]


def test_the_same_finding_elsewhere_is_still_found():
    app = new_app()
    stack = new_stack(app)
    policy = policy_with(stack, "arn:aws:s3:::data/*")
    policy_with(new_stack(app, "Other"), "arn:aws:s3:::data/*")
    acknowledge(policy, wildcards(stack, {"arn:aws:s3:::data/*": REASON}))
    assert any("IAM5" in found for found in findings(app))


def test_nothing_is_acknowledged_in_an_app_that_cannot_run_cdk_nag(monkeypatch):
    monkeypatch.setattr(nag_findings, "is_installed", lambda: False)
    policy = policy_with(new_stack(), "arn:aws:s3:::data/*")
    assert wildcards(policy, {"arn:aws:s3:::data/*": REASON}) == {}
    acknowledge(policy, {"AwsSolutions-IAM5[Resource::arn:aws:s3:::data/*]": REASON})
    assert [entry.type for entry in policy.node.metadata if "acknowledged" in entry.type] == []
