"""What the rules of ``emr_constructs.rules.roles`` reject, and what they accept instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .parts import TOKEN, Case

ROLES = "TemplateRoles"
EMR, EC2 = "elasticmapreduce.amazonaws.com", "ec2.amazonaws.com"


def role(*services: str, policies: Sequence[str] = ()) -> dict[str, Any]:
    return {"LogicalId": "Role", "Services": list(services), "ManagedPolicies": list(policies)}


def profile(*names: str) -> dict[str, Any]:
    return {"Profile": {"LogicalId": "Profile", "Roles": list(names)}}


PLACES = "AmazonElasticMapReducePlacementGroupPolicy"
FOR_EMR, FOR_EC2 = "service-role/AmazonElasticMapReduceRole", "service-role/AmazonElasticMapReduceforEC2Role"


def source(operator: str, value: str) -> dict[str, Any]:
    return {**role(EMR), "SourceArns": [{"Operator": operator, "Value": value}]}


def only(service: str, *policies: str) -> dict[str, Any]:
    return {**role(service, policies=policies), "HasOtherPolicies": False}


CASES = [
    Case("emr-service-role-trust", ROLES, {"ServiceRole": role(EC2)},
         f"service role of a cluster must trust {EMR}, got {EC2} in role 'Role'", {"ServiceRole": role(EC2, EMR)}),
    Case("emr-service-role-trust", ROLES, {"ServiceRole": role()}, "got no service in role 'Role'",
         {"ServiceRole": role(f"{EMR}.cn")}),
    Case("emr-service-role-trust", ROLES, {"ServiceRole": role(EC2), "InstanceRole": role(EMR)},
         "swap the service role and the instance role",
         {"ServiceRole": role(EC2, TOKEN), "InstanceRole": role(EC2)}),
    Case("emr-instance-role-trust", ROLES, {"InstanceRole": role(EMR)},
         f"instance role of a cluster must trust {EC2}, got {EMR} in role 'Role'", {"InstanceRole": role(EC2)}),
    Case("emr-auto-scaling-role-trust", ROLES, {"AutoScalingRole": role(EMR)},
         "Auto Scaling role must trust application-autoscaling.amazonaws.com",
         {"AutoScalingRole": role(EMR, "application-autoscaling.amazonaws.com")}),
    Case("emr-studio-role-trust", ROLES, {"StudioRole": role(EC2)},
         f"service role or user role of a Studio must trust {EMR}", {"StudioRole": role(EMR)}),
    Case("emr-instance-profile-roles", ROLES, profile("a", "b"),
         "an instance profile must have exactly one role, got 2 roles in 'Profile'", profile("a")),
    Case("emr-instance-profile-roles", ROLES, profile(), "got no role in 'Profile'", profile("a")),
    Case("emr-instance-profile-role-name", ROLES, profile("arn:aws:iam::111111111111:role/a"),
         "an instance profile must specify its role by name, got arn:aws:iam::111111111111:role/a in 'Profile'",
         profile(TOKEN)),
    Case("emr-managed-policy-tag", ROLES, {"Untagged": ["the cluster", "subnet 'Subnet'"]},
         "with the value true, got none on the cluster and subnet 'Subnet'", {"Untagged": []}),
    Case("emr-managed-policy-name", ROLES,
         {"ServiceRole": role(EMR, policies=["AmazonElasticMapReduceRole"])},
         "AWS managed policy for EMR must exist, got 'AmazonElasticMapReduceRole' in role 'Role'; use "
         "'service-role/AmazonElasticMapReduceRole'",
         {"ServiceRole": role(EMR, policies=["service-role/AmazonElasticMapReduceRole", "AmazonS3ReadOnlyAccess"])}),
    Case("emr-pass-role", ROLES,
         {"HasOnlyManagedPolicy": True, "InstanceRole": {"LogicalId": "Nodes", "Name": "Nodes"}},
         "a service role with AmazonEMRServicePolicy_v2 must have another policy to pass roles with names other than "
         "EMR_EC2_DefaultRole and EMR_AutoScaling_DefaultRole, got role 'Nodes'",
         {"HasOnlyManagedPolicy": True, "InstanceRole": {"LogicalId": "Nodes", "Name": "EMR_EC2_DefaultRole"}}),
    Case("emr-pass-role", ROLES,
         {"HasOnlyManagedPolicy": True, "AutoScalingRole": {"LogicalId": "Scaling", "Name": "Scaling"}},
         "got role 'Scaling'",
         {"HasOnlyManagedPolicy": False, "AutoScalingRole": {"LogicalId": "Scaling", "Name": "Scaling"}}),
    Case("emr-managed-policy-name", ROLES, {"ServiceRole": {**role(EMR), "PolicyNames": ["AmazonEMRServicePolicy_v2"]}},
         "managed policy must be an ARN, got 'AmazonEMRServicePolicy_v2' in role 'Role'; use "
         "arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2", {"ServiceRole": role(EMR)}),
    Case("emr-role-source-arn", ROLES, {"ServiceRole": source("StringEquals", "arn:aws:elasticmapreduce:*:1:*")},
         "StringEquals compares every character, got aws:SourceArn 'arn:aws:elasticmapreduce:*:1:*' in role 'Role'; "
         "use ArnLike", {"ServiceRole": source("ArnLike", "arn:aws:elasticmapreduce:*:1:*")}),
    Case("emr-role-source-arn", ROLES, {"StudioRole": source("ArnLike", "arn:aws:ec2:us-east-1:1:*")},
         "aws:SourceArn must be an ARN of EMR, got 'arn:aws:ec2:us-east-1:1:*'",
         {"StudioRole": source("StringLike", "arn:<unknown>:elasticmapreduce:*")}),
    Case("emr-role-without-policies", ROLES,
         {"ServiceRole": {**role(EMR), "HasOtherPolicies": False}, "OthersHavePolicies": True},
         "got none in role 'Role'",
         {"ServiceRole": {**role(EMR), "HasOtherPolicies": True}, "OthersHavePolicies": True}),
    Case("emr-role-without-policies", ROLES,
         {"ServiceRole": {**role(EMR), "HasOtherPolicies": False}, "OthersHavePolicies": True},
         "service role of a cluster must have policies",
         {"ServiceRole": {**role(EMR), "HasOtherPolicies": False}, "OthersHavePolicies": False}),
    Case("emr-role-policy-of-another", ROLES, {"ServiceRole": only(EMR, FOR_EC2), "InstanceRole": only(EC2, FOR_EMR)},
         f"managed policies of the role of the instance profile must be for it, got only {FOR_EMR} in role 'Role'; "
         "swap the policies of the service role and the role of the instance profile",
         {"ServiceRole": only(EMR, FOR_EMR), "InstanceRole": only(EC2, FOR_EC2)}),
    Case("emr-role-policy-of-another", ROLES, {"ServiceRole": only(EMR, FOR_EC2)},
         f"managed policies of the service role must be for it, got only {FOR_EC2} in role 'Role'; use {FOR_EMR}",
         {"ServiceRole": only(EMR, FOR_EC2, "AmazonS3ReadOnlyAccess")}),
    Case("emr-placement-group-role", ROLES, {"ServiceRole": only(EMR, FOR_EMR), "HasPlacementGroups": True},
         f"must allow ec2:CreatePlacementGroup, got only {FOR_EMR}",
         {"ServiceRole": only(EMR, FOR_EMR, PLACES), "HasPlacementGroups": True}),
]  # fmt: skip
