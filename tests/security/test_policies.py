from __future__ import annotations

import json
import re

import pytest

from emr_constructs.security import policies, service_policies
from tests.tools import actions, as_list, flat

ARN = "arn:aws:kms:us-east-1:111111111111:key/1"


def resolved(stack, statements):
    return json.loads(json.dumps(stack.resolve(statements)))


def test_no_action_has_a_wildcard(stack):
    everything = [
        policies.write_logs("arn:aws:s3:::logs", "emr/"),
        policies.read_objects(["arn:aws:s3:::jobs/a.py"]),
        policies.locate_buckets(["arn:aws:s3:::jobs"]),
        policies.list_objects("arn:aws:s3:::jobs", ["a.csv"]),
        service_policies.create_spot_role(),
        policies.decrypt([ARN]),
        policies.use_key([ARN]),
        policies.encrypt_volumes([ARN]),
        policies.create_grants([ARN]),
        policies.describe_key([ARN]),
        policies.read_tagged_secret("a", "b"),
        policies.use_session_manager(),
        *service_policies.use_capacity_reservations(),
        policies.pass_role("a", "arn:aws:iam::1:role/a", "ec2"),
        *(statement for part in service_policies.service_policies().values() for statement in part),
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
    document = json.dumps(resolved(stack, service_policies.service_policies()[name]), separators=(",", ":"))
    longest = {"AWS::Partition": "aws-us-gov", "AWS::Region": "ap-southeast-99", "AWS::AccountId": "1" * 12}
    for resource in stack.resolve(service_policies.service_policies()[name]):
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
        for part in service_policies.service_policies().values()
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
    for part in service_policies.service_policies().values():
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
        statement for part in service_policies.service_policies().values() for statement in part
    )


# The statements of AmazonEMRServicePolicy_v2 (version 6): actions and resources of EC2, or of the service that is
# named, and the tags and actions that limit them.
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEMRServicePolicy_v2.html
COPY = """
LaunchInTaggedNetwork
  CreateFleet CreateLaunchTemplate CreateLaunchTemplateVersion CreateNetworkInterface RunInstances
  security-group subnet
  resource
LaunchFromTaggedTemplates
  CreateFleet CreateLaunchTemplateVersion RunInstances
  launch-template
  resource
CreateTaggedTemplates
  CreateLaunchTemplate
  launch-template
  request
CreateTaggedInstancesAndVolumes
  CreateFleet RunInstances
  instance volume
  request
LaunchWith
  CreateFleet CreateLaunchTemplate CreateLaunchTemplateVersion RunInstances
  capacity-reservation dedicated-host fleet image key-pair network-interface placement-group resource-groups:group
  -
ManageTaggedResources
  CreateLaunchTemplateVersion DeleteLaunchTemplate DeleteNetworkInterface ModifyInstanceAttribute TerminateInstances
  *
  resource
TagTaggedResources
  CreateTags DeleteTags
  instance launch-template network-interface volume
  resource
CreateTaggedNetworkInterfaces
  CreateNetworkInterface
  network-interface
  request
TagOnCreation
  CreateTags
  instance launch-template network-interface volume
  by:CreateFleet by:CreateLaunchTemplate by:CreateNetworkInterface by:RunInstances
TagPlacementGroups
  CreateTags DeleteTags
  placement-group
  -
CreatePlacementGroups
  CreatePlacementGroup
  placement-group
  -
DeletePlacementGroups
  DeletePlacementGroup
  *
  -
DescribeNetworkAndInstances
  DescribeAccountAttributes DescribeCapacityReservations DescribeDhcpOptions DescribeImages\
 DescribeInstanceTypeOfferings DescribeInstances DescribeLaunchTemplates DescribeNetworkAcls DescribeNetworkInterfaces\
 DescribePlacementGroups DescribeRouteTables DescribeSecurityGroups DescribeSubnets DescribeVolumeStatus\
 DescribeVolumes DescribeVpcAttribute DescribeVpcEndpoints DescribeVpcs
  *
  -
CreateTaggedSecurityGroups
  CreateSecurityGroup
  security-group
  request
CreateSecurityGroupsInTaggedVpc
  CreateSecurityGroup
  vpc
  resource
TagSecurityGroupsOnCreation
  CreateTags
  security-group
  by:CreateSecurityGroup request
ManageTaggedSecurityGroups
  AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress RevokeSecurityGroupIngress
  *
  resource
ScaleAutomatically
  application-autoscaling:DeleteScalingPolicy application-autoscaling:DeregisterScalableTarget\
 application-autoscaling:DescribeScalableTargets application-autoscaling:DescribeScalingPolicies\
 application-autoscaling:PutScalingPolicy application-autoscaling:RegisterScalableTarget
  *
  -
ListCapacityReservationGroups
  resource-groups:ListGroupResources
  *
  -
AlarmForScaling
  cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms cloudwatch:PutMetricAlarm
  cloudwatch:alarm
  -
UseServiceEndpoint
  CreateVpcEndpoint ModifyVpcEndpoint
  security-group subnet vpc vpc-endpoint
  resource
CreateServiceEndpoint
  CreateVpcEndpoint
  vpc-endpoint
  named request
TagServiceEndpoint
  CreateTags
  vpc-endpoint
  by:CreateVpcEndpoint named request
"""
TAG = "for-use-with-amazon-emr-managed-policies"
LIMITS = {
    (f"aws:ResourceTag/{TAG}", "true"): "resource",
    (f"aws:RequestTag/{TAG}", "true"): "request",
    ("aws:RequestTag/Name", "emr-service-vpce"): "named",
}
NAMES = {
    "arn:<AWS::Partition>:ec2:<AWS::Region>::image/ami-*": "image",
    "arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:placement-group/EMR_*": "placement-group",
    "arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*_EMR_Auto_Scaling": "cloudwatch:alarm",
    "arn:<AWS::Partition>:resource-groups:<AWS::Region>:<AWS::AccountId>:group/*": "resource-groups:group",
    "*": "*",
}


def short(arn):
    found = re.fullmatch(r"arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:([a-z-]+)/\*", arn)
    return found[1] if found else NAMES[arn]


def limits(conditions):
    assert conditions.keys() <= {"StringEquals"}
    for key, value in conditions.get("StringEquals", {}).items():
        if key == "ec2:CreateAction":
            yield from (f"by:{action}" for action in as_list(value))
        else:
            yield LIMITS[key, value]


def test_the_copy_says_what_the_managed_policy_says(stack):
    found = []
    for statements in service_policies.service_policies().values():
        for statement in resolved(stack, statements):
            said = sorted(action.removeprefix("ec2:") for action in statement["Action"])
            on = sorted(short(flat(arn)) for arn in statement["Resource"])
            parts = (said, on, sorted(limits(statement.get("Condition", {}))) or ["-"])
            found += [statement["Sid"], *("  " + " ".join(part) for part in parts)]
    assert found == COPY.strip().split("\n")
