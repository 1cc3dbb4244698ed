"""Access control on clusters: values for a ``SecurityConfiguration``.

- ``RuntimeRoles()`` runs each step with the permissions of a ``RuntimeRole``.
- ``LakeFormation()`` limits these roles to the tables, columns and rows that Lake Formation allows.
- ``RoleMapping.groups(role, "analysts")`` maps users, groups or S3 prefixes to roles.
- ``IdentityCenter(role)`` propagates the identity of IAM Identity Center users to the cluster.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-access-control.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .._core.signatures import check_calls
from .._core.values import converted, value_class
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

__all__ = ["AssumedRole", "IdentityCenter", "LakeFormation", "RoleMapping", "RuntimeRoles"]


class AssumedRole(NamedTuple):
    """A role that the nodes assume, with the actions that this requires."""

    role: iam.IRole
    actions: tuple[str, ...]


@check_calls
@value_class
class RoleMapping:
    """A role for S3 requests of users, groups or prefixes; created with a factory.

    The first matching mapping applies. Requests without a match use the instance role, so limit its permissions.
    Requires emr-5.10.0 or later.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-emrfs-iam-roles.html

    :raises EmrError: there are no identifiers, or a prefix isn't an S3 location.
    """

    role: iam.IRole
    identifier_type: str
    identifiers: tuple[str, ...] = converted(tuple)

    def __post_init__(self) -> None:
        enforce("RoleMapping", self._render())

    @classmethod
    def users(cls, role: iam.IRole, *users: str) -> RoleMapping:
        """Map Hadoop users of the cluster to ``role``."""
        return cls(role, "User", users)

    @classmethod
    def groups(cls, role: iam.IRole, *groups: str) -> RoleMapping:
        """Map Hadoop groups of the cluster to ``role``."""
        return cls(role, "Group", groups)

    @classmethod
    def prefixes(cls, role: iam.IRole, *prefixes: str) -> RoleMapping:
        """Map data below prefixes such as ``s3://bucket/sales/`` to ``role``."""
        return cls(role, "Prefix", prefixes)

    @property
    def assumed_role(self) -> AssumedRole:
        """The role that the nodes assume."""
        return AssumedRole(self.role, ("sts:AssumeRole",))

    def _render(self) -> dict[str, Any]:
        """Render the mapping as an item of ``RoleMappings`` of the security configuration."""
        return {
            "Role": self.role.role_arn,
            "IdentifierType": self.identifier_type,
            "Identifiers": list(self.identifiers),
        }


@check_calls
@value_class
class RuntimeRoles:
    """Runtime roles for steps and sessions: each submission specifies a role.

    CloudFormation doesn't support runtime roles of steps, so steps in a template are rejected on such a cluster.
    Requires emr-6.7.0 or later. Can't be combined with three primary nodes.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-steps-runtime-roles.html
    """

    propagate_source_identity: bool | None = None
    """Whether sessions have the source identity of the submitting principal, for CloudTrail. Default: not in the
    document, which means false."""

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that the nodes require to assume a runtime role."""
        return (
            "sts:AssumeRole",
            "sts:TagSession",
            *(["sts:SetSourceIdentity"] if self.propagate_source_identity else []),
        )

    def _render(self) -> dict[str, Any]:
        """Render the setting as ``IAMConfiguration`` of the security configuration."""
        rendered: dict[str, Any] = {"EnableApplicationScopedIAMRole": True}
        if self.propagate_source_identity is not None:
            propagation = {"PropagateSourceIdentity": self.propagate_source_identity}
            rendered["ApplicationScopedIAMRoleConfiguration"] = propagation
        return rendered


@check_calls
@value_class
class LakeFormation:
    """Fine-grained access control of Lake Formation on the Glue Data Catalog.

    Applies to runtime roles and users of Identity Center. Requires runtime roles or Identity Center, and in-transit
    encryption. The account must allow external engines in Lake Formation, with the same session tag value.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-lf-enable.html
    """

    authorized_session_tag_value: str | None = "Amazon EMR"
    """The session tag by which Lake Formation identifies sessions of EMR. Default: ``Amazon EMR``, as in the console.
    None: no tag, for users of Identity Center without runtime roles."""

    def _render(self) -> dict[str, Any]:
        """Render ``LakeFormationConfiguration`` of the security configuration."""
        if self.authorized_session_tag_value is None:
            return {"EnableLakeFormation": True}
        return {"AuthorizedSessionTagValue": self.authorized_session_tag_value}


@check_calls
@value_class
class IdentityCenter:
    """Trusted identity propagation for users of IAM Identity Center.

    Requires emr-6.15.0 or later, or emr-7.8.0 or later with runtime roles; also in-transit encryption, and Lake
    Formation or S3 Access Grants. Only Spark supports it. Can't be combined with three primary nodes. The deploying
    principal requires permission to create applications in Identity Center (``sso:CreateApplication`` and others).
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-idc-start.html

    :raises EmrError: ``instance_arn`` isn't the ARN of an instance.
    """

    role: iam.IRole
    """The role that the cluster uses to get tokens of Identity Center and to call Lake Formation and S3 Access Grants.
    Its permissions aren't changed."""

    instance_arn: str | None = None
    """The instance of Identity Center. Default: the instance that EMR finds in the account and Region."""

    application_assignment_required: bool | None = None
    """Whether only users and groups that are assigned to the application can use it. Default: all of Identity Center.

    AWS spells the key in two ways: ``IdentityCenterApplicationAssignmentRequired`` in the text of the guide, on a
    second page and in the API of EMR on EKS, and ``...AssigmentRequired`` in one sample. The library writes the former,
    and not both, because EMR may reject a key that it doesn't know. Before you rely on it, compare the output of
    ``aws emr describe-security-configuration`` with that for a configuration that the console created.
    https://docs.aws.amazon.com/emr-on-eks/latest/APIReference/API_IdentityCenterConfiguration.html"""

    user_background_sessions: bool | None = None
    """Whether sessions continue after their user has logged out. Requires emr-7.11.0 or later. Default: false."""

    def __post_init__(self) -> None:
        enforce("IdentityCenterConfiguration", self._render())

    @property
    def assumed_role(self) -> AssumedRole:
        """The role that the nodes assume."""
        return AssumedRole(self.role, ("sts:AssumeRole", "sts:SetContext"))

    def _render(self) -> dict[str, Any]:
        """Render ``IdentityCenterConfiguration`` of the security configuration."""
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
