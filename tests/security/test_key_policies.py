"""Key policies that let CloudWatch Logs encrypt log groups."""

from __future__ import annotations

import pytest
from aws_cdk import aws_kms as kms

import emr_constructs as emr
from tests.tools import flat, imported_key, new_stack, only, synthesize

CONTEXT = "kms:EncryptionContext:aws:logs:arn"


def statement(key):
    document = only(synthesize(key), "AWS::KMS::Key")["KeyPolicy"]
    return document["Statement"][-1]


def test_allows_all_log_groups_of_the_account_and_region_by_default():
    key = kms.Key(new_stack(), "Key")
    emr.allow_log_encryption(key)
    allowed = statement(key)
    assert flat(allowed["Condition"]["ArnLike"][CONTEXT]) == (
        "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:*"
    )
    assert flat(allowed["Principal"]["Service"]) == "logs.<AWS::Region>.<AWS::URLSuffix>"
    assert "kms:GenerateDataKey" in allowed["Action"]


def test_allows_the_log_groups_of_an_arn():
    key = kms.Key(new_stack(), "Key")
    emr.allow_log_encryption(key, "arn:aws:logs:eu-west-1:111111111111:log-group:/jobs/*")
    allowed = statement(key)
    assert allowed["Condition"]["ArnLike"] == {CONTEXT: "arn:aws:logs:eu-west-1:111111111111:log-group:/jobs/*"}
    assert flat(allowed["Principal"]["Service"]) == "logs.eu-west-1.<AWS::URLSuffix>"


def test_an_imported_key_does_not_change():
    stack = new_stack()
    emr.allow_log_encryption(imported_key(stack))
    assert "Resources" not in synthesize(stack)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["jobs"], "log_group_arn must be the ARN of a log group, got 'jobs'; use stack.format_arn"),
        ([5], "log_group_arn must be a string, got 5"),
    ],
)
def test_rejects_what_is_no_log_group(arguments, message):
    with pytest.raises(emr.EmrError, match=message):
        emr.allow_log_encryption(kms.Key(new_stack(), "Key"), *arguments)


def test_rejects_what_is_no_key():
    with pytest.raises(emr.EmrError, match=r"key must be a kms\.IKey, got 'key'"):
        emr.allow_log_encryption("key")
