"""IAM statements for the service role and the users of EMR Studio.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-service-role.html
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-user-permissions.html
"""

from __future__ import annotations

from typing import Final

from .._core import tokens
from ..network.managed_policy_tag import MANAGED_POLICY_TAG
from ..security.policies import Statement, allow, pass_role

__all__ = ["keep_workspaces", "service", "sign_in", "user"]

_TAGGED: Final = {"StringEquals": {f"aws:ResourceTag/{MANAGED_POLICY_TAG}": "true"}}
_TAGGING: Final = {f"aws:RequestTag/{MANAGED_POLICY_TAG}": "true"}
# EMR Studio adds it to the Git secrets that it creates, with the ID of their user.
_USER_TAG: Final = "for-use-with-amazon-emr-managed-user-policies"
_USER_ID: Final = "${aws:userid}"

_USER_ACTIONS: Final = (
    "AttachEditor",
    "CreateEditor",
    "CreatePersistentAppUI",
    "DeleteEditor",
    "DescribeCluster",
    "DescribeEditor",
    "DescribePersistentAppUI",
    "DetachEditor",
    "GetOnClusterAppUIPresignedURL",
    "GetPersistentAppUIPresignedURL",
    "ListBootstrapActions",
    "ListClusters",
    "ListEditors",
    "ListInstanceGroups",
    "ListSteps",
    "OpenEditorInConsole",
    "StartEditor",
    "StopEditor",
)
_GIT_ACTIONS: Final = (
    "CreateRepository",
    "DeleteRepository",
    "DescribeRepository",
    "LinkRepository",
    "ListRepositories",
    "UnlinkRepository",
)
_COLLABORATION_ACTIONS: Final = (
    "DeleteWorkspaceAccess",
    "ListWorkspaceAccessIdentities",
    "PutWorkspaceAccess",
    "UpdateEditor",
)


def service(*, sso: bool, collaboration: bool) -> list[Statement]:
    """Allow EMR Studio to connect Workspaces to clusters of the account and Region.

    Doesn't include Git secrets: each user reads their own with ``user``.
    """

    def ec2(*actions: str) -> list[str]:
        return [f"ec2:{action}" for action in actions]

    def arns(*kinds: str) -> list[str]:
        return [tokens.arn("ec2", f"{kind}/*") for kind in kinds]

    statements = [
        allow(
            "SeeClusters",
            [f"elasticmapreduce:{action}" for action in ("DescribeCluster", "ListInstances", "ListSteps")],
            [tokens.arn("elasticmapreduce", "cluster/*")],
        ),
        allow("UseTaggedInterfaces", ec2("CreateNetworkInterfacePermission", "DeleteNetworkInterface"),
              arns("network-interface"), _TAGGED),
        # According to the page, this action does not support tags.
        allow("AttachSecurityGroups", ec2("ModifyNetworkInterfaceAttribute"),
              arns("instance", "network-interface", "security-group")),
        allow("ManageTaggedSecurityGroups",
              ec2("AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "DeleteNetworkInterfacePermission",
                  "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"), ["*"], _TAGGED),
        allow("CreateTaggedSecurityGroups", ec2("CreateSecurityGroup"),
              arns("security-group"), {"StringEquals": _TAGGING}),
        allow("CreateSecurityGroupsInTaggedVpc", ec2("CreateSecurityGroup"), arns("vpc"), _TAGGED),
        allow("TagSecurityGroupsOnCreation", ec2("CreateTags"), arns("security-group"),
              {"StringEquals": {**_TAGGING, "ec2:CreateAction": "CreateSecurityGroup"}}),
        allow("CreateTaggedInterfaces", ec2("CreateNetworkInterface"),
              arns("network-interface"), {"StringEquals": _TAGGING}),
        allow("CreateInterfacesInTaggedNetwork", ec2("CreateNetworkInterface"),
              arns("subnet", "security-group"), _TAGGED),
        allow("TagInterfacesOnCreation", ec2("CreateTags"), arns("network-interface"),
              {"StringEquals": {"ec2:CreateAction": "CreateNetworkInterface"}}),
        allow("DescribeNetwork",
              ec2("DescribeInstances", "DescribeNetworkInterfaces", "DescribeSecurityGroups", "DescribeSubnets",
                  "DescribeTags", "DescribeVpcs"), ["*"]),
    ]  # fmt: skip
    if collaboration and sso:
        statements.append(
            allow("FindPeople", ["sso-directory:SearchUsers", "sso:GetManagedApplicationInstance"], ["*"])
        )
    if collaboration and not sso:
        statements.append(
            allow("FindPeople", [f"iam:{action}" for action in ("GetRole", "GetUser", "ListRoles", "ListUsers")], ["*"])
        )
    return statements


def keep_workspaces(bucket_arn: str, prefix: str) -> list[Statement]:
    """Back up Workspaces and notebooks below a prefix, in a bucket of this account."""
    here = {"StringEquals": {"aws:ResourceAccount": tokens.account()}}
    objects = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    return [
        allow("KeepWorkspaces", objects, [f"{bucket_arn}/{prefix}*"], here),
        allow("ListWorkspaceBucket", ["s3:GetEncryptionConfiguration", "s3:ListBucket"], [bucket_arn], here),
    ]


def user(*, service_role_arn: str, bucket_arn: str, git_repositories: bool, collaboration: bool) -> list[Statement]:
    """Allow users to create Workspaces and attach them to clusters.

    They can also view applications, but not create clusters.
    """
    statements = [
        allow("UseWorkspaces", [f"elasticmapreduce:{action}" for action in _USER_ACTIONS], ["*"]),
        pass_role("PassStudioRole", service_role_arn, "elasticmapreduce"),
        allow("ListWorkspaceBucket", ["s3:GetBucketLocation", "s3:ListBucket"], [bucket_arn]),
        allow("DescribeNetwork", ["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"], ["*"]),
    ]
    if git_repositories:
        statements += _link_repositories()
    if collaboration:
        own = {"StringEquals": {"elasticmapreduce:ResourceTag/creatorUserId": _USER_ID}}
        shared = [f"elasticmapreduce:{action}" for action in _COLLABORATION_ACTIONS]
        statements.append(allow("ShareOwnWorkspaces", shared, ["*"], own))
    return statements


def _link_repositories() -> list[Statement]:
    """Allow users to link Git repositories, each with their own secrets.

    EMR Studio creates a secret as the user, with two tags: the tag of the managed policies, and a tag with the user ID
    that grants read access. AWS's example policies allow ``TagResource`` on the secrets of all users, so that a user
    could become the owner of any secret. These statements let a user tag a new secret only with their own ID, and an
    existing secret only if they own it. A secret without an owner, which EMR Studio created before September 1, 2023,
    can't be claimed.
    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    """
    secrets = [tokens.arn("secretsmanager", "secret:emr-studio-*")]
    as_owner = {f"aws:RequestTag/{_USER_TAG}": _USER_ID}
    owned = {f"secretsmanager:ResourceTag/{_USER_TAG}": _USER_ID}
    # CreateSecret with tags is also authorized as TagResource, before the secret has any tag.
    new = {
        "StringEquals": {**_TAGGING, **as_owner},
        "Null": {
            f"{service}:ResourceTag/{tag}": "true"
            for service in ("aws", "secretsmanager")
            for tag in (MANAGED_POLICY_TAG, _USER_TAG)
        },
    }
    own = {"StringEquals": owned, "StringEqualsIfExists": as_owner}
    return [
        allow("LinkRepositories", [f"elasticmapreduce:{action}" for action in _GIT_ACTIONS], ["*"]),
        allow("ListSecrets", ["secretsmanager:ListSecrets"], ["*"]),
        allow(
            "CreateOwnGitSecrets", ["secretsmanager:CreateSecret"], secrets, {"StringEquals": {**_TAGGING, **as_owner}}
        ),
        allow("TagNewGitSecrets", ["secretsmanager:TagResource"], secrets, new),
        allow("TagOwnGitSecrets", ["secretsmanager:TagResource"], secrets, own),
        allow(
            "ReadOwnGitSecrets",
            ["secretsmanager:GetSecretValue"],
            [tokens.arn("secretsmanager", "secret:*")],
            {"StringEquals": owned},
        ),
    ]


def sign_in(studio_arn: str) -> Statement:
    """Allow an IAM user or role to open a Studio."""
    return allow("SignIn", ["elasticmapreduce:CreateStudioPresignedUrl"], [studio_arn])
