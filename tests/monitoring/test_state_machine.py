"""The log groups of state machines: what they are called, and who may encrypt them with the key."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import aws_cdk as cdk
import boto3
import pytest
from aws_cdk import aws_kms as kms
from constructs import Construct
from moto import mock_aws

from emr_constructs.monitoring.state_machine import JobStateMachine, allow_rules, job_key
from tests.tools import as_list, filled_in, flat, imported_key, new_stack, only, resources, synthesize

GROUP = "AWS::Logs::LogGroup"
DEFINITION = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
UUID = "36584403-8f5e-11f0-977a-f1dcf21d90fe"
LONGEST = {
    "AWS::AccountId": "111111111111",
    "AWS::Partition": "aws-us-gov",
    "AWS::Region": "ap-southeast-2",
    "AWS::StackId": f"arn:aws-us-gov:cloudformation:ap-southeast-2:111111111111:stack/{'s' * 128}/{UUID}",
}


def make(scope, name="Job", key=None, removal_policy=cdk.RemovalPolicy.RETAIN):
    return JobStateMachine(
        scope,
        name,
        definition=DEFINITION,
        statements=[],
        wildcards={},
        encryption_key=key or kms.Key(scope, f"{name}Key"),
        removal_policy=removal_policy,
    )


def groups_of(stack):
    return list(resources(synthesize(stack), GROUP).values())


def full_name(log_group_name):
    """The ARN of a log group as the encryption context of CloudWatch Logs has it."""
    arn = {"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"}
    return filled_in(arn, LONGEST) + filled_in(log_group_name, LONGEST)


def name_of(template, containing=""):
    return only(template, GROUP, containing)["LogGroupName"]


def for_logs(template, containing=""):
    """What the policy of a key allows CloudWatch Logs: the ARNs of log groups."""
    listed = only(template, "AWS::KMS::Key", containing)["KeyPolicy"]["Statement"]
    found = [one for one in listed if "logs." in flat(one["Principal"].get("Service", ""))]
    return [one["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"] for one in found]


class TestName:
    def test_is_below_the_prefix_that_needs_no_entry_of_its_own_in_the_resource_policy(self, stack):
        make(stack)
        name = filled_in(name_of(synthesize(stack)), LONGEST)
        assert name.startswith("/aws/vendedlogs/states/Test/36584403/Job-c8")

    def test_does_not_depend_on_the_name_of_the_stack_alone(self, stack):
        """What a deleted stack retained would be in the way of the next stack of that name."""
        make(stack)
        group = {"Type": GROUP, "Properties": {"LogGroupName": name_of(synthesize(stack))}}
        template = json.dumps({"Resources": {"Logs": group}})
        names = set()
        with mock_aws():
            client = boto3.client("cloudformation", region_name="us-east-1")
            for _ in range(2):
                client.create_stack(StackName="Test", TemplateBody=template)
                (group,) = boto3.client("logs", region_name="us-east-1").describe_log_groups()["logGroups"]
                names.add(group["logGroupName"])
                client.delete_stack(StackName="Test")
        assert len(names) == 2

    def test_tells_state_machines_of_a_stack_apart(self, stack):
        long = "x" * 60
        for name in ("é", "ü", long, f"y{long}"):
            make(Construct(stack, name))
        names = [filled_in(found["Properties"]["LogGroupName"], LONGEST) for found in groups_of(stack)]
        assert len(names) == len(set(names)) == 4

    @pytest.mark.parametrize("path", ["Job", "Ünïcode & blanks: {Job}", "x" * 200, f"a/{'b' * 35}"])
    def test_is_one_that_cloudwatch_logs_and_step_functions_take(self, path):
        """Step Functions takes 256 characters for the ARN of a log group, whose name may have 512."""
        scope = stack = new_stack(name="s" * 128)
        for part in path.split("/"):
            scope = Construct(scope, part)
        make(scope)
        name = filled_in(name_of(synthesize(stack)), LONGEST)
        assert re.fullmatch(r"[.\-_/#A-Za-z0-9]+", name)
        assert "//" not in name
        assert len(f"{full_name(name)}:*") <= 256

    def test_has_the_literal_name_of_the_outermost_stack_and_the_id_of_the_nested_one(self, app, stack):
        nested = cdk.NestedStack(cdk.NestedStack(stack, "Outer"), "Inner")
        make(nested)
        name = name_of(json.loads((Path(app.synth().directory) / nested.template_file).read_text()))
        assert filled_in(name, LONGEST).startswith("/aws/vendedlogs/states/Test/36584403/Outer/Inner/Job-c8")
        assert flat(name).count("AWS::StackId") == 1


class TestRetention:
    def test_a_group_stays_but_is_not_left_over_by_a_deployment_that_is_rolled_back(self, stack):
        """Its name would be in the way of the next attempt."""
        make(stack)
        (group,) = groups_of(stack)
        assert (group["DeletionPolicy"], group["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
        assert group["Properties"]["RetentionInDays"] == 365

    def test_a_group_can_go_with_the_stack(self, stack):
        make(stack, removal_policy=cdk.RemovalPolicy.DESTROY)
        (group,) = groups_of(stack)
        assert (group["DeletionPolicy"], group["UpdateReplacePolicy"]) == ("Delete", "Delete")


class TestKey:
    def test_encrypts_the_groups_of_the_stack_and_no_others(self, stack):
        key = job_key(stack, cdk.RemovalPolicy.RETAIN)
        for name in ("First", "Second"):
            make(stack, name, key)
        template = synthesize(stack)
        (allowed,) = for_logs(template)
        assert filled_in(allowed, LONGEST) == f"{full_name('/aws/vendedlogs/states/Test/*')}"
        for name in ("First", "Second"):
            assert fnmatchcase(full_name(name_of(template, name)), filled_in(allowed, LONGEST))
        (key_id,) = resources(template, "AWS::KMS::Key")
        assert [flat(group["Properties"]["KmsKeyId"]) for group in groups_of(stack)] == [f"<{key_id}.Arn>"] * 2

    def test_still_encrypts_the_groups_of_a_stack_that_was_deleted_and_of_a_job_that_was_renamed(self, stack):
        """They are retained, and CloudWatch Logs decrypts them for who reads them."""
        make(stack, "Before", key=kms.Key(stack, "Key"))
        before = full_name(name_of(synthesize(stack)))
        stack = new_stack()
        make(stack, "After", key=kms.Key(stack, "Key"))
        (allowed,) = for_logs(synthesize(stack))
        assert fnmatchcase(before.replace("/36584403/", "/c36ac01a/"), filled_in(allowed, LONGEST))

    def test_of_another_stack_encrypts_the_groups_of_this_stack(self, app):
        shared, stack = new_stack(app, "Shared"), new_stack(app, "s" * 80)
        make(stack, key=kms.Key(shared, "Key"))
        (allowed,) = for_logs(synthesize(shared))
        folder = f"/aws/vendedlogs/states/{'s' * 60}"
        assert flat(allowed) == f"arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:{folder}/*"
        assert filled_in(name_of(synthesize(stack)), LONGEST).startswith(f"{folder}/36584403/")

    def test_that_is_imported_is_used_as_it_is(self, stack):
        make(stack, key=imported_key(stack))
        template = synthesize(stack)
        assert resources(template, "AWS::KMS::Key") == {}
        assert only(template, GROUP)["KmsKeyId"].startswith("arn:aws:kms:")

    def test_is_used_by_the_services_of_the_account_alone(self, stack):
        key = job_key(stack, cdk.RemovalPolicy.RETAIN)
        allow_rules(key)
        make(stack, key=key)
        _, *services = only(synthesize(stack), "AWS::KMS::Key")["KeyPolicy"]["Statement"]
        found = {
            flat(service): (one["Action"], list(one["Condition"]))
            for one in services
            for service in as_list(one["Principal"]["Service"])
        }
        known = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")
        use = [f"kms:{action}" for action in known]
        assert found == {
            "events.amazonaws.com": (use, ["StringEquals"]),
            "logs.<AWS::Region>.<AWS::URLSuffix>": (use, ["ArnLike"]),
        }
        (rules,) = (one for one in services if "events.amazonaws.com" in as_list(one["Principal"]["Service"]))
        assert rules["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
