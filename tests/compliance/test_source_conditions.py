"""No service can be made to assume a role on behalf of another account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

import json

import pytest

from tests.catalogue import all_apps
from tests.tools import as_list, flat, resources

APPS = all_apps()
# EC2 assumes the role of an instance profile for instances, with no source in its requests; AWS's pages on EMR's role
# for EC2 have no condition either: https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-for-ec2.html
# Service Catalog's page on launch roles has no condition; only principals that may pass the role can set it as a launch
# constraint: https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html
WITHOUT_SOURCE = {"ec2.amazonaws.com", "servicecatalog.amazonaws.com"}
# What else is known about the source, in addition to its account.
SOURCES = {
    "events.amazonaws.com": "events:<AWS::Region>:<AWS::AccountId>:rule/",
    "scheduler.amazonaws.com": "scheduler:<AWS::Region>:<AWS::AccountId>:schedule-group/",
    "states.amazonaws.com": "states:<AWS::Region>:<AWS::AccountId>:stateMachine:",
    "vpc-flow-logs.amazonaws.com": "ec2:<AWS::Region>:<AWS::AccountId>:vpc-flow-log/",
}


def trusts(name):
    """The statements by which services assume roles, also those of roles that CDK defines by itself."""
    make, argument = APPS[name]
    for stack, template in make(argument).templates.items():
        for role, found in resources(template, "AWS::IAM::Role").items():
            for statement in as_list(found["Properties"]["AssumeRolePolicyDocument"]["Statement"]):
                for service in as_list(statement["Principal"].get("Service", [])):
                    yield f"{stack}/{role}", flat(service), statement.get("Condition", {})


@pytest.mark.parametrize("name", APPS)
def test_services_assume_roles_for_this_account_alone(name):
    for role, service, condition in trusts(name):
        if service not in WITHOUT_SOURCE:
            assert condition.get("StringEquals", {}).get("aws:SourceAccount") == {"Ref": "AWS::AccountId"}, role


@pytest.mark.parametrize("name", APPS)
def test_services_assume_roles_for_resources_of_the_right_kind(name):
    for role, service, condition in trusts(name):
        if service in SOURCES:
            (source,) = (known["aws:SourceArn"] for known in condition.values() if "aws:SourceArn" in known)
            assert flat(source).startswith(f"arn:<AWS::Partition>:{SOURCES[service]}"), role


def test_the_roles_that_are_looked_at_are_of_all_these_services():
    services = {service for name in APPS for _, service, _ in trusts(name)}
    assert {"lambda.amazonaws.com", *SOURCES, *WITHOUT_SOURCE} <= services


def test_cloudtrail_writes_for_the_trails_of_this_account_alone():
    make, argument = APPS["example cloudtrail"]
    (template,) = make(argument).templates.values()
    statements = [
        statement
        for policy in resources(template, "AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"} and statement["Effect"] == "Deny"
    ]
    (denied,) = statements
    assert denied["Action"] == "s3:*"
    assert json.dumps(denied["Condition"]).startswith('{"ArnNotLike": {"aws:SourceArn"')
    source = flat(denied["Condition"]["ArnNotLike"]["aws:SourceArn"])
    assert source == "arn:<AWS::Partition>:cloudtrail:<AWS::Region>:<AWS::AccountId>:trail/*"
    assert len(denied["Resource"]) == 2
