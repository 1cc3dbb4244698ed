"""The permissions of the roles of a cluster, as statements of IAM policies.

Statements are plain dictionaries, so that a policy is passed to CDK in one call. Actions have no wildcards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._core import tokens

__all__ = [
    "Statement",
    "allow",
    "assume_roles",
    "create_grants",
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
    """Allow finding the Region of buckets; the action doesn't support prefixes."""
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
