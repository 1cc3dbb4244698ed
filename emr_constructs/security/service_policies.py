"""The permissions of service roles to launch and manage instances, as statements of IAM policies."""

from __future__ import annotations

from .._core import tokens
from ..network.managed_policy_tag import MANAGED_POLICY_TAG
from .policies import Statement, allow

__all__ = ["create_spot_role", "service_policies", "use_capacity_reservations"]


def create_spot_role() -> Statement:
    """Allow creating the service-linked role of Spot Instances.

    The first Spot request of an account requires it. EC2 creates the role with the permissions of the caller, here the
    service role. ``AmazonElasticMapReduceRole`` allowed it, ``AmazonEMRServicePolicy_v2`` (version 6, February 2026)
    doesn't.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonElasticMapReduceRole.html
    """
    service = "spot.amazonaws.com"
    role = f"role/aws-service-role/{service}/AWSServiceRoleForEC2Spot"
    return allow(
        "CreateSpotRole",
        ["iam:CreateServiceLinkedRole"],
        [f"arn:{tokens.partition()}:iam::{tokens.account()}:{role}"],
        {"StringEquals": {"iam:AWSServiceName": service}},
    )


def use_capacity_reservations() -> list[Statement]:
    """Allow launching instances of fleets in reserved capacity.

    Two of the actions aren't part of EMR's v2 policy. The read actions don't support resource-level permissions.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/on-demand-capacity-reservations.html
    """
    read = [
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeLaunchTemplateVersions",
        "resource-groups:ListGroupResources",
    ]
    return [
        allow("FindCapacityReservations", read, ["*"]),
        allow(
            "DeleteTaggedTemplateVersions",
            ["ec2:DeleteLaunchTemplateVersions"],
            [tokens.arn("ec2", "launch-template/*")],
            {"StringEquals": {f"aws:ResourceTag/{MANAGED_POLICY_TAG}": "true"}},
        ),
    ]


def service_policies() -> dict[str, list[Statement]]:
    """Return a copy of ``AmazonEMRServicePolicy_v2`` for one account and Region.

    The copy is of version 6 (February 2026), without its PassRole statements for roles that the library doesn't use. It
    consists of two policies, because it exceeds the limit of 6,144 characters with the ARNs of an account.
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEMRServicePolicy_v2.html
    """

    def ec2_arns(*kinds: str) -> list[str]:
        return [tokens.arn("ec2", f"{kind}/*") for kind in kinds]

    def ec2(*actions: str) -> list[str]:
        return [f"ec2:{action}" for action in actions]

    tagged = {"StringEquals": {f"aws:ResourceTag/{MANAGED_POLICY_TAG}": "true"}}
    tagging = {f"aws:RequestTag/{MANAGED_POLICY_TAG}": "true"}
    endpoint = {**tagging, "aws:RequestTag/Name": "emr-service-vpce"}
    launch_with = ("CreateFleet", "CreateLaunchTemplate", "CreateLaunchTemplateVersion", "RunInstances")
    launch = [
        allow("LaunchInTaggedNetwork", ec2("CreateNetworkInterface", *launch_with),
              ec2_arns("subnet", "security-group"), tagged),
        allow("LaunchFromTaggedTemplates", ec2("CreateFleet", "CreateLaunchTemplateVersion", "RunInstances"),
              ec2_arns("launch-template"), tagged),
        allow("CreateTaggedTemplates", ec2("CreateLaunchTemplate"),
              ec2_arns("launch-template"), {"StringEquals": tagging}),
        allow("CreateTaggedInstancesAndVolumes", ec2("CreateFleet", "RunInstances"),
              ec2_arns("instance", "volume"), {"StringEquals": tagging}),
        allow("LaunchWith", ec2(*launch_with), [
            f"arn:{tokens.partition()}:ec2:{tokens.region()}::image/ami-*",
            tokens.arn("resource-groups", "group/*"),
            *ec2_arns("capacity-reservation", "dedicated-host", "fleet", "key-pair", "network-interface"),
            tokens.arn("ec2", "placement-group/EMR_*"),
        ]),
        allow("ManageTaggedResources",
              ec2("CreateLaunchTemplateVersion", "DeleteLaunchTemplate", "DeleteNetworkInterface",
                  "ModifyInstanceAttribute", "TerminateInstances"), ["*"], tagged),
        allow("TagTaggedResources", ec2("CreateTags", "DeleteTags"),
              ec2_arns("instance", "launch-template", "network-interface", "volume"), tagged),
        allow("CreateTaggedNetworkInterfaces", ec2("CreateNetworkInterface"),
              ec2_arns("network-interface"), {"StringEquals": tagging}),
        allow("TagOnCreation", ec2("CreateTags"),
              ec2_arns("instance", "launch-template", "network-interface", "volume"),
              {"StringEquals": {"ec2:CreateAction": [
                  "CreateFleet", "CreateLaunchTemplate", "CreateNetworkInterface", "RunInstances"]}}),
        allow("TagPlacementGroups", ec2("CreateTags", "DeleteTags"), [tokens.arn("ec2", "placement-group/EMR_*")]),
        allow("CreatePlacementGroups", ec2("CreatePlacementGroup"), [tokens.arn("ec2", "placement-group/EMR_*")]),
        allow("DeletePlacementGroups", ec2("DeletePlacementGroup"), ["*"]),
    ]  # fmt: skip
    manage = [
        allow("DescribeNetworkAndInstances",
              ec2("DescribeAccountAttributes", "DescribeCapacityReservations", "DescribeDhcpOptions", "DescribeImages",
                  "DescribeInstanceTypeOfferings", "DescribeInstances", "DescribeLaunchTemplates",
                  "DescribeNetworkAcls", "DescribeNetworkInterfaces", "DescribePlacementGroups", "DescribeRouteTables",
                  "DescribeSecurityGroups", "DescribeSubnets", "DescribeVolumeStatus", "DescribeVolumes",
                  "DescribeVpcAttribute", "DescribeVpcEndpoints", "DescribeVpcs"), ["*"]),
        allow("CreateTaggedSecurityGroups", ec2("CreateSecurityGroup"),
              ec2_arns("security-group"), {"StringEquals": tagging}),
        allow("CreateSecurityGroupsInTaggedVpc", ec2("CreateSecurityGroup"), ec2_arns("vpc"), tagged),
        allow("TagSecurityGroupsOnCreation", ec2("CreateTags"), ec2_arns("security-group"),
              {"StringEquals": {**tagging, "ec2:CreateAction": "CreateSecurityGroup"}}),
        allow("ManageTaggedSecurityGroups",
              ec2("AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupEgress",
                  "RevokeSecurityGroupIngress"), ["*"], tagged),
        allow("ScaleAutomatically",
              [f"application-autoscaling:{action}" for action in (
                  "DeleteScalingPolicy", "DeregisterScalableTarget", "DescribeScalableTargets",
                  "DescribeScalingPolicies", "PutScalingPolicy", "RegisterScalableTarget")], ["*"]),
        allow("ListCapacityReservationGroups", ["resource-groups:ListGroupResources"], ["*"]),
        allow("AlarmForScaling", ["cloudwatch:DeleteAlarms", "cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm"],
              [tokens.arn("cloudwatch", "alarm:*_EMR_Auto_Scaling")]),
        allow("UseServiceEndpoint", ec2("CreateVpcEndpoint", "ModifyVpcEndpoint"),
              ec2_arns("security-group", "subnet", "vpc", "vpc-endpoint"), tagged),
        allow("CreateServiceEndpoint", ec2("CreateVpcEndpoint"),
              ec2_arns("vpc-endpoint"), {"StringEquals": endpoint}),
        allow("TagServiceEndpoint", ec2("CreateTags"), ec2_arns("vpc-endpoint"),
              {"StringEquals": {**endpoint, "ec2:CreateAction": "CreateVpcEndpoint"}}),
    ]  # fmt: skip
    return {"LaunchPolicy": launch, "ManagePolicy": manage}
