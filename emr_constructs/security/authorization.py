"""Who may do what on a cluster; values for a :class:`SecurityConfiguration`.

- ``RuntimeRoles()`` lets each step run under a role of its own: see :class:`RuntimeRole`.
- ``LakeFormation()`` lets Lake Formation decide which tables, columns and rows these roles see.
- ``RoleMapping.groups(role, "analysts")`` maps users, groups or S3 prefixes to roles.
- ``IdentityCenter(role)`` lets people of IAM Identity Center work under their own identity.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-access-control.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .._core.signatures import check_calls
from .._core.values import value_class
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

__all__ = ["AssumedRole", "IdentityCenter", "LakeFormation", "RoleMapping", "RuntimeRoles"]


class AssumedRole(NamedTuple):
    """A role that the nodes assume, and the actions that they take for it."""

    role: iam.IRole
    actions: tuple[str, ...]


@check_calls
@value_class
class RoleMapping:
    """The role with which requests to S3 are made for some users, groups or prefixes; made with one of the factories.

    The first mapping that fits a request counts; where none fits, the role of the nodes makes it: let that role see
    little. Needs emr-5.10.0.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-emrfs-iam-roles.html

    :raises EmrError: nobody and nothing is named, or a prefix is no location in S3.
    """

    role: iam.IRole
    identifier_type: str
    identifiers: tuple[str, ...]

    def __post_init__(self) -> None:
        enforce("RoleMapping", self._render())

    @classmethod
    def users(cls, role: iam.IRole, *users: str) -> RoleMapping:
        """``role`` for Hadoop users of the cluster."""
        return cls(role, "User", users)

    @classmethod
    def groups(cls, role: iam.IRole, *groups: str) -> RoleMapping:
        """``role`` for Hadoop groups of the cluster."""
        return cls(role, "Group", groups)

    @classmethod
    def prefixes(cls, role: iam.IRole, *prefixes: str) -> RoleMapping:
        """``role`` for data below prefixes such as ``s3://bucket/sales/``."""
        return cls(role, "Prefix", prefixes)

    @property
    def assumed_role(self) -> AssumedRole:
        """The role as the nodes assume it."""
        return AssumedRole(self.role, ("sts:AssumeRole",))

    def _render(self) -> dict[str, Any]:
        """The mapping as an item of ``RoleMappings`` of the security configuration."""
        return {
            "Role": self.role.role_arn,
            "IdentifierType": self.identifier_type,
            "Identifiers": list(self.identifiers),
        }


@check_calls
@value_class
class RuntimeRoles:
    """Each step and each session runs under a role that is named when it is submitted: a :class:`RuntimeRole`.

    Steps of the template are refused on such a cluster, since CloudFormation cannot name a role for them. Not for three
    master nodes. Needs emr-6.7.0.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-steps-runtime-roles.html
    """

    propagate_source_identity: bool = False
    """Whether the source identity of whoever submits goes with the session, for CloudTrail. Default: it does not."""

    @property
    def actions(self) -> tuple[str, ...]:
        """What the nodes do to assume a runtime role."""
        return (
            "sts:AssumeRole",
            "sts:TagSession",
            *(["sts:SetSourceIdentity"] if self.propagate_source_identity else []),
        )

    def _render(self) -> dict[str, Any]:
        """The choice as ``IAMConfiguration`` of the security configuration."""
        rendered: dict[str, Any] = {"EnableApplicationScopedIAMRole": True}
        if self.propagate_source_identity:
            rendered["ApplicationScopedIAMRoleConfiguration"] = {"PropagateSourceIdentity": True}
        return rendered


@check_calls
@value_class
class LakeFormation:
    """Lake Formation decides what runtime roles, or people of Identity Center, see of the Glue Data Catalog.

    Needs runtime roles or Identity Center, and in-transit encryption. In Lake Formation, external engines have to be
    allowed for the account, with the same session tag value.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-lf-enable.html
    """

    authorized_session_tag_value: str | None = "Amazon EMR"
    """The tag by which Lake Formation knows sessions of EMR. Default: the one of the console. None: people of Identity
    Center are known without one, if there are no runtime roles."""

    def _render(self) -> dict[str, Any]:
        """The choice as ``LakeFormationConfiguration`` of the security configuration."""
        if self.authorized_session_tag_value is None:
            return {"EnableLakeFormation": True}
        return {"AuthorizedSessionTagValue": self.authorized_session_tag_value}


@check_calls
@value_class
class IdentityCenter:
    """People of IAM Identity Center work on the cluster under their own identity (trusted identity propagation).

    Needs in-transit encryption, Lake Formation or S3 Access Grants, and emr-6.15.0; beside runtime roles emr-7.8.0.
    Only Spark knows it. Not for three master nodes. Whoever deploys needs permission to create applications in Identity
    Center (``sso:CreateApplication`` and others).
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-idc-start.html

    :raises EmrError: the ARN of the instance is none.
    """

    role: iam.IRole
    """The role with which the cluster gets tokens of Identity Center and calls Lake Formation and S3 Access Grants; its
    permissions are yours to give."""

    instance_arn: str | None = None
    """The instance of Identity Center. Default: the one that EMR finds in the account and region."""

    application_assignment_required: bool | None = None
    """Whether only users and groups that are assigned to the application can use it. Default: all of Identity Center.

    AWS spells the key in two ways: ``IdentityCenterApplicationAssignmentRequired`` in the text of the guide, on a
    second page and in the API of EMR on EKS, and ``...AssigmentRequired`` in one sample. The library writes the former,
    and not both, because EMR may reject a key that it doesn't know. Before you rely on it, compare the output of
    ``aws emr describe-security-configuration`` with that for a configuration that the console created.
    https://docs.aws.amazon.com/emr-on-eks/latest/APIReference/API_IdentityCenterConfiguration.html"""

    user_background_sessions: bool | None = None
    """Whether sessions go on when their user has logged out; needs emr-7.11.0. Default: they end."""

    def __post_init__(self) -> None:
        enforce("IdentityCenterConfiguration", self._render())

    @property
    def assumed_role(self) -> AssumedRole:
        """The role as the nodes assume it."""
        return AssumedRole(self.role, ("sts:AssumeRole", "sts:SetContext"))

    def _render(self) -> dict[str, Any]:
        """The choice as ``IdentityCenterConfiguration`` of the security configuration."""
        rendered: dict[str, Any] = {
            "EnableIdentityCenter": True,
            "IAMRoleForEMRIdentityCenterApplicationARN": self.role.role_arn,
        }
        if self.instance_arn is not None:
            rendered["IdentityCenterInstanceARN"] = self.instance_arn
        if self.application_assignment_required is not None:
            rendered["IdentityCenterApplicationAssignmentRequired"] = self.application_assignment_required
        if self.user_background_sessions is not None:
            rendered["EnableUserBackgroundSession"] = self.user_background_sessions
        return rendered
