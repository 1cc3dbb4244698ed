from __future__ import annotations

import json

import pytest

from emr_constructs.security import policies
from tests.tools import actions, flat

ARN = "arn:aws:kms:us-east-1:111111111111:key/1"


def resolved(stack, statements):
    return json.loads(json.dumps(stack.resolve(statements)))


def test_no_action_has_a_wildcard(stack):
    everything = [
        policies.write_logs("arn:aws:s3:::logs", "emr/"),
        policies.read_objects(["arn:aws:s3:::jobs/a.py"]),
        policies.decrypt([ARN]),
        policies.use_key([ARN]),
        policies.encrypt_volumes([ARN]),
        policies.create_grants([ARN]),
        policies.describe_key([ARN]),
        policies.read_tagged_secret("a", "b"),
        policies.use_session_manager(),
        *policies.use_capacity_reservations(),
        policies.pass_role("a", "arn:aws:iam::1:role/a", "ec2"),
        *(statement for part in policies.service_policies().values() for statement in part),
    ]
    assert not [action for action in actions(everything) if "*" in action]


def test_grants_of_keys_are_for_aws_resources_alone():
    assert policies.create_grants([ARN])["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_a_role_is_passed_to_one_service():
    statement = policies.pass_role("PassInstanceRole", "arn:aws:iam::1:role/a", "ec2")
    assert statement["Resource"] == ["arn:aws:iam::1:role/a"]
    assert statement["Condition"] == {"StringLike": {"iam:PassedToService": "ec2.amazonaws.com*"}}


@pytest.mark.parametrize("name", ["LaunchPolicy", "ManagePolicy"])
def test_the_copies_fit_into_a_managed_policy(stack, name):
    document = json.dumps(resolved(stack, policies.service_policies()[name]), separators=(",", ":"))
    longest = {"AWS::Partition": "aws-us-gov", "AWS::Region": "ap-southeast-99", "AWS::AccountId": "1" * 12}
    for resource in stack.resolve(policies.service_policies()[name]):
        for arn in resource["Resource"]:
            text = flat(arn)
            for parameter, value in longest.items():
                text = text.replace(f"<{parameter}>", value)
            document = document.replace(json.dumps(arn, separators=(",", ":")), json.dumps(text))
    assert "AWS::" not in document
    assert len(document) + len('{"Version":"2012-10-17","Statement":}') < 6144


def test_the_copy_names_no_other_account_or_region(stack):
    arns = [
        flat(arn)
        for part in policies.service_policies().values()
        for statement in resolved(stack, part)
        for arn in statement["Resource"]
    ]
    limited = [arn for arn in arns if arn != "*"]
    assert limited
    for arn in limited:
        _, partition, _, region, account, _ = arn.split(":", 5)
        assert (partition, region) == ("<AWS", "") or "<AWS::Region>" in arn, arn
        assert "<AWS::AccountId>" in arn or ":image/ami-*" in arn, arn
        del account


def test_statements_without_resources_are_limited_by_tag_or_only_describe(stack):
    for part in policies.service_policies().values():
        for statement in part:
            if statement["Resource"] == ["*"] and "Condition" not in statement:
                assert statement["Sid"] in {
                    "DescribeNetworkAndInstances",
                    "DeletePlacementGroups",
                    "ScaleAutomatically",
                    "ListCapacityReservationGroups",
                }


def test_the_copy_does_not_pass_roles():
    assert "iam:PassRole" not in actions(
        statement for part in policies.service_policies().values() for statement in part
    )
