from __future__ import annotations

import pytest

from emr_constructs import ServiceRolePolicy
from emr_constructs.security.roles import auto_scaling_role, instance_role, service_role
from tests.tools import flat, new_app, new_stack, only, resources, statements, synthesize


def trust(template):
    (statement,) = only(template, "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    return statement


def test_only_emr_of_this_account_and_region_assumes_the_service_role(stack):
    service_role(stack, "Role", ServiceRolePolicy.AWS_MANAGED)
    statement = trust(synthesize(stack))
    assert statement["Action"] == "sts:AssumeRole"
    assert flat(statement["Principal"]["Service"]) == "elasticmapreduce.<AWS::URLSuffix>"
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert flat(statement["Condition"]["ArnLike"]["aws:SourceArn"]) == (
        "arn:<AWS::Partition>:elasticmapreduce:<AWS::Region>:<AWS::AccountId>:*"
    )


def test_the_service_role_has_the_policy_that_aws_maintains(stack):
    role, copies = service_role(stack, "Role", ServiceRolePolicy.AWS_MANAGED)
    assert copies == []
    assert role.node.path == "Test/Role"
    (policy,) = only(synthesize(stack), "AWS::IAM::Role")["ManagedPolicyArns"]
    assert flat(policy) == "arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2"


def test_the_service_role_has_a_copy_where_one_is_asked_for(stack):
    _, copies = service_role(stack, "Role", ServiceRolePolicy.CUSTOMER_MANAGED)
    assert len(copies) == 2
    template = synthesize(stack)
    assert "ManagedPolicyArns" not in only(template, "AWS::IAM::Role")
    (launch, *_) = statements(template, "RoleLaunchPolicy")
    assert launch["Sid"] == "LaunchInTaggedNetwork"
    assert launch["Condition"] == {"StringEquals": {"aws:ResourceTag/for-use-with-amazon-emr-managed-policies": "true"}}
    assert {
        policy["Properties"]["Roles"][0]["Ref"] for policy in resources(template, "AWS::IAM::ManagedPolicy").values()
    }


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "us-gov-west-1"])
def test_principals_mean_the_same_in_every_partition(region):
    stack = new_stack(new_app(), env={"region": region, "account": "111111111111"})
    service_role(stack, "Service", ServiceRolePolicy.AWS_MANAGED)
    instance_role(stack, "Instance")
    auto_scaling_role(stack, "Scaling")
    principals = {
        name.rstrip("0123456789ABCDEF"): flat(
            role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
        )
        for name, role in resources(synthesize(stack), "AWS::IAM::Role").items()
    }
    assert principals == {
        "Service": "elasticmapreduce.<AWS::URLSuffix>",
        "Instance": "ec2.amazonaws.com",
        "Scaling": "application-autoscaling.amazonaws.com",
    }


def test_only_application_auto_scaling_of_this_account_assumes_the_autoscaling_role(stack):
    auto_scaling_role(stack, "Role")
    statement = trust(synthesize(stack))
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert flat(statement["Condition"]["ArnLike"]["aws:SourceArn"]) == (
        "arn:<AWS::Partition>:application-autoscaling:<AWS::Region>:<AWS::AccountId>:scalable-target/*"
    )
