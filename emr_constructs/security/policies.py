"""The permissions of the roles of a cluster, as statements of IAM policies.

Statements are plain dictionaries, so that a policy is passed to CDK in one call. Actions have no wildcards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._core import tokens
from ..network.managed_policy_tag import MANAGED_POLICY_TAG

__all__ = [
    "Statement",
    "allow",
    "assume_roles",
    "create_grants",
    "create_spot_role",
    "decrypt",
    "describe_key",
    "encrypt_volumes",
    "get_data_access",
    "list_objects",
    "locate_buckets",
    "pass_role",
    "read_objects",
    "read_secrets",
    "read_tagged_secret",
    "service_policies",
    "use_capacity_reservations",
    "use_key",
    "use_session_manager",
    "write_cloudwatch_logs",
    "write_logs",
]

Statement = dict[str, Any]


def allow(
    sid: str | None, actions: Sequence[str], resources: Iterable[str], conditions: Mapping[str, Any] | None = None
) -> Statement:
    """Return a statement that allows ``actions`` on ``resources``, without duplicates."""
    statement: Statement = {"Effect": "Allow", "Action": list(actions), "Resource": list(dict.fromkeys(resources))}
    if sid is not None:
        statement["Sid"] = sid
    if conditions:
        statement["Condition"] = dict(conditions)
    return statement


def write_logs(bucket_arn: str, prefix: str) -> Statement:
    """Allow writing logs below a prefix.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-debugging.html
    """
    return allow("WriteLogs", ["s3:PutObject"], [f"{bucket_arn}/{prefix}*"])


def write_cloudwatch_logs(log_group_name: str) -> list[Statement]:
    """Allow the CloudWatch agent to write to a log group.

    The statements have no ID, because a policy can have them for several clusters.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-logging-cw.html
    """
    arn = tokens.arn("logs", f"log-group:{log_group_name}")
    actions = ["CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents", "PutRetentionPolicy"]
    return [
        allow(None, [f"logs:{action}" for action in actions], [arn, f"{arn}:*"]),
        # The action doesn't support single log groups.
        allow(None, ["logs:DescribeLogGroups"], [tokens.arn("logs", "log-group:*")]),
    ]


def read_objects(object_arns: Iterable[str]) -> Statement:
    """Allow reading single objects, such as scripts and archives.

    The statement has no ID, so that CDK can merge it with others.
    """
    return allow(None, ["s3:GetObject"], object_arns)


def locate_buckets(bucket_arns: Iterable[str]) -> Statement:
    """Allow finding the region of buckets; the action doesn't support prefixes."""
    return allow(None, ["s3:GetBucketLocation"], bucket_arns)


def list_objects(bucket_arn: str, keys: Iterable[str]) -> Statement:
    """Allow listing objects whose names begin with one of the keys.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
    """
    prefixes = [prefix for key in dict.fromkeys(keys) for prefix in (key, f"{key}/*")]
    return allow(None, ["s3:ListBucket"], [bucket_arn], {"StringLike": {"s3:prefix": prefixes}})


def decrypt(key_arns: Iterable[str]) -> Statement:
    """Allow decrypting with the keys.

    The statement has no ID, so that CDK can merge it with others.
    """
    return allow(None, ["kms:Decrypt"], key_arns)


def use_key(key_arns: Iterable[str]) -> Statement:
    """Allow encrypting and decrypting S3 objects, local disks and logs.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-encryption-enable.html
    """
    actions = ["Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"]
    return allow("UseEncryptionKeys", [f"kms:{action}" for action in actions], key_arns)


def encrypt_volumes(key_arns: Iterable[str]) -> Statement:
    """Allow launching instances with volumes that are encrypted with the keys.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-custom-ami.html
    """
    actions = ["Decrypt", "DescribeKey", "Encrypt", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"]
    return allow("EncryptVolumes", [f"kms:{action}" for action in actions], key_arns)


def create_grants(key_arns: Iterable[str]) -> Statement:
    """Allow EC2 to use the keys for the volumes of the instances."""
    return allow(
        "GrantKeysToVolumes",
        ["kms:CreateGrant"],
        key_arns,
        {"Bool": {"kms:GrantIsForAWSResource": "true"}},
    )


def describe_key(key_arns: Iterable[str]) -> Statement:
    """Allow checking the key of the logs.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-debugging.html
    """
    return allow("DescribeLogKey", ["kms:DescribeKey"], key_arns)


def read_secrets(secret_arns: Iterable[str]) -> Statement:
    """Allow reading secrets that configurations reference by ARN.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/storing-sensitive-data.html
    """
    return allow(None, ["secretsmanager:GetSecretValue"], secret_arns)


def read_tagged_secret(tag: str, value: str) -> Statement:
    """Allow reading EMR's certificate authority, a secret that is identified by a tag."""
    return allow(
        "ReadCertificateAuthority",
        ["secretsmanager:GetSecretValue"],
        [tokens.arn("secretsmanager", "secret:*")],
        {"StringEquals": {f"secretsmanager:ResourceTag/{tag}": value}},
    )


def assume_roles(actions: Sequence[str], role_arns: Iterable[str]) -> Statement:
    """Allow assuming roles.

    The statement has no ID, so that CDK can merge it with others.
    """
    return allow(None, actions, role_arns)


def get_data_access() -> Statement:
    """Allow requesting access to data from Lake Formation.

    The action doesn't support resource-level permissions.
    https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html
    """
    return allow("GetDataAccess", ["lakeformation:GetDataAccess"], ["*"])


def use_session_manager() -> Statement:
    """Allow sessions of AWS Systems Manager on the nodes.

    The actions don't support resource-level permissions.
    https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-add-permissions-to-existing-profile.html
    """
    return allow(
        "UseSessionManager",
        [
            "ssm:UpdateInstanceInformation",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ],
        ["*"],
    )


def pass_role(sid: str, role_arn: str, service: str) -> Statement:
    """Allow passing a role to a service.

    The wildcard represents the suffix of the partition, as in AWS's own policy.
    """
    return allow(
        sid, ["iam:PassRole"], [role_arn], {"StringLike": {"iam:PassedToService": f"{service}.amazonaws.com*"}}
    )


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
    """Return a copy of ``AmazonEMRServicePolicy_v2`` for one account and region.

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
