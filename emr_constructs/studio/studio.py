"""EMR Studio: notebooks in Workspaces, which users attach to clusters.

    studio = Studio(self, "Studio", vpc=vpc)
    analysts.add_managed_policy(studio.user_policy)

The clusters must run in the VPC of the Studio, with Jupyter Enterprise Gateway, Livy and Spark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_emr as emr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from .._core import tokens
from .._core.cloudformation import create_resource
from .._core.errors import EmrError, report
from .._core.prefixes import as_folder, prefix_errors
from .._core.signatures import checked
from .._core.unknown import is_unknown
from ..network.managed_policy_tag import tag_subnets, tag_vpc, warn_untagged
from ..network.subnets import ClusterSubnets
from ..rules import check
from ..rules.studio import STUDIO
from ..security import nag_findings, policies, roles
from ..security.buckets import bucket_with_access_logs
from ..security.permissions import RolePermissions
from . import permissions
from .auth_mode import StudioAuthMode
from .imported_studio import ImportedStudio, IStudio, StudioBase
from .security_groups import StudioSecurityGroups
from .users import create_user_policy, create_user_role

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_s3 as s3
    from constructs import IDependable

    from ..security.policies import Statement

__all__ = ["Studio"]


class Studio(StudioBase):
    """A Studio with security groups, IAM roles and a bucket for notebooks.

    Changes to name, description, subnets, default location, identity provider and tags update the Studio in place. Any
    other change replaces the Studio, which changes its URL and requires new session mappings.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-emr-studio.html
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        vpc_subnets: ec2.SubnetSelection | None = None,
        auth_mode: StudioAuthMode | None = None,
        studio_name: str | None = None,
        description: str | None = None,
        engine_security_group: ec2.ISecurityGroup | None = None,
        workspace_security_group: ec2.ISecurityGroup | None = None,
        service_role: iam.IRole | None = None,
        workspace_bucket: s3.IBucket | None = None,
        workspace_prefix: str = "workspaces/",
        encryption_key: kms.IKey | None = None,
        git_repositories: bool = True,
        collaboration: bool = False,
        tags: Mapping[str, str] | None = None,
        removal_policy: cdk.RemovalPolicy = cdk.RemovalPolicy.RETAIN,
    ) -> None:
        """Define a Studio.

        :param vpc: the VPC of the Workspaces and of the clusters that they are attached to.
        :param vpc_subnets: 1 to 5 subnets for Workspaces. Git repositories require internet access. Default: the
            private subnets.
        :param auth_mode: the authentication mode. Default: ``StudioAuthMode.iam()``.
        :param studio_name: the name that users see. Default: derived from the construct path.
        :param description: up to 256 characters. Default: none.
        :param engine_security_group: the security group that EMR adds to a cluster while a Workspace is attached. It
            must allow TCP 18888 from ``workspace_security_group``. Requires ``workspace_security_group``; both must
            have the tag ``for-use-with-amazon-emr-managed-policies`` = ``true``. Default: a new security group with the
            rules that EMR requires.
        :param workspace_security_group: the security group of the Workspaces, without inbound rules. Default: a new
            security group with the rules that EMR requires.
        :param service_role: the role that EMR Studio assumes; the required permissions are added. Default: a new role
            that only EMR in this account and Region can assume.
        :param workspace_bucket: the bucket for backups of Workspaces and notebooks. Default: a new encrypted bucket.
        :param workspace_prefix: the prefix of the backups; empty for the whole bucket. Default: ``workspaces/``.
        :param encryption_key: encrypts the backups, and a bucket that the Studio creates. Default: the key of
            ``workspace_bucket``, if it is known; for a new bucket, a new key that is rotated every year.
        :param git_repositories: whether users can link Workspaces to Git repositories, with secrets that only they
            can read. Default: true.
        :param collaboration: whether users can share the Workspaces that they created. The Studio can then list the
            users and roles of the account, or search the users of Identity Center. Default: false.
        :param tags: the tags of the Studio. Default: the tags of its stack.
        :param removal_policy: what happens to the bucket and the key when the stack is deleted. Default: they are
            retained.
        :raises EmrError: the subnets, the prefix or the security groups are invalid, or EMR would reject a value.
        """
        super().__init__(scope, construct_id)
        given_groups = [group for group in (engine_security_group, workspace_security_group) if group is not None]
        problems = []
        if len(given_groups) == 1:
            problems.append(
                "engine_security_group and workspace_security_group must be specified together, got only one; pass "
                "both, or neither"
            )
        problems += prefix_errors("workspace_prefix", workspace_prefix, example="workspaces/", is_optional=True)
        if problems:
            raise EmrError(problems, at=self)
        workspace_prefix = as_folder(workspace_prefix)
        self._subnets: ClusterSubnets = ClusterSubnets.select(vpc, vpc_subnets, at=self, is_kind_required=False)
        self._auth_mode = auth_mode or StudioAuthMode.iam()
        self._git_repositories, self._collaboration = git_repositories, collaboration

        rules: list[IDependable] = []
        if engine_security_group is None or workspace_security_group is None:
            groups = StudioSecurityGroups(self, "SecurityGroups", vpc=vpc, git_repositories=git_repositories)
            engine_security_group, workspace_security_group, rules = groups.engine, groups.workspace, groups.rules
        self._engine, self._workspace = engine_security_group, workspace_security_group

        if workspace_bucket is None:
            encryption_key = encryption_key or self._make_key(removal_policy)
            expiration = tokens.days(365)
            workspace_bucket, _ = bucket_with_access_logs(
                Construct(self, "Workspaces"),
                "Bucket",
                encryption_key=encryption_key,
                removal_policy=removal_policy,
                access_logs_expiration=expiration,
            )
        self.workspace_bucket: s3.IBucket = workspace_bucket
        """The bucket for backups of Workspaces and notebooks."""
        self.encryption_key: kms.IKey | None = encryption_key or workspace_bucket.encryption_key
        """The key that encrypts the backups. None if no key is known."""

        has_own_service_role = service_role is None
        self.service_role: iam.IRole = service_role or iam.Role(
            self,
            "ServiceRole",
            description="Allows Amazon EMR Studio to connect Workspaces to clusters and to store them",
            assumed_by=roles.emr_of_account(),
        )
        """The role that EMR Studio assumes."""
        statements = self._service_statements(workspace_prefix)
        self._service_permissions: RolePermissions = RolePermissions(
            self, "ServicePolicy", self.service_role, statements
        )
        known = nag_findings.of_statements(statements, nag_findings.STUDIO_SERVICE)
        self._service_permissions.acknowledge(nag_findings.wildcards(self, known))
        self.user_role: iam.IRole | None = self._auth_mode.user_role
        """The role of users who sign in with Identity Center. None with IAM authentication."""
        if self._auth_mode.is_sso:
            self._user_policy = create_user_policy(self, self._user_statements())
            self.user_role = self.user_role or create_user_role(
                self,
                self._user_policy,
                trusted_identity_propagation=self._auth_mode.trusted_identity_propagation,
            )

        properties = self._properties(vpc.vpc_id, studio_name, description, workspace_prefix, tags or {})
        report(check(STUDIO, properties, in_library=True), self)
        self._resource = create_resource(emr.CfnStudio, self, "Resource", properties)
        self._resource.node.add_dependency(*rules, *self._service_permissions.dependencies)
        if not self._auth_mode.is_sso:
            # The policy refers to the Studio.
            self._user_policy = create_user_policy(self, self._user_statements())
        untagged = (*tag_subnets(self._subnets), *tag_vpc(vpc))
        # A service role from elsewhere may not require the tag.
        if has_own_service_role:
            warn_untagged(self, "studio-network", untagged)

    @staticmethod
    @checked
    def from_studio_attributes(
        scope: Construct,
        construct_id: str,
        *,
        studio_id: str,
        engine_security_group: ec2.ISecurityGroup | None = None,
        workspace_security_group: ec2.ISecurityGroup | None = None,
    ) -> IStudio:
        """Import an existing Studio.

        :param studio_id: the Studio ID, ``es-...``
        :param engine_security_group: the engine security group. Default: not known.
        :param workspace_security_group: the security group of the Workspaces. Default: not known.
        :raises EmrError: ``studio_id`` isn't the ID of a Studio.
        """
        if not is_unknown(studio_id) and not re.fullmatch("es-[0-9A-Z]+", studio_id):
            raise EmrError(
                f"studio_id must be the ID of a Studio such as 'es-0123456789ABCDEF', got {studio_id!r}; use the ID "
                "that EMR assigned, not the name",
                at=scope,
            )
        return ImportedStudio(scope, construct_id, studio_id, engine_security_group, workspace_security_group)

    @property
    def studio_id(self) -> str:
        return self._resource.attr_studio_id

    @property
    def studio_arn(self) -> str:
        return self._resource.attr_arn

    @property
    def studio_url(self) -> str:
        """The URL at which users sign in."""
        return self._resource.attr_url

    @property
    def service_role_principal(self) -> iam.IPrincipal:
        """The principal of the service role, to grant it another bucket for Workspaces."""
        return self._service_permissions.principal

    @property
    def auth_mode(self) -> StudioAuthMode:
        return self._auth_mode

    @property
    def engine_security_group(self) -> ec2.ISecurityGroup:
        return self._engine

    @property
    def workspace_security_group(self) -> ec2.ISecurityGroup:
        return self._workspace

    @property
    def user_policy(self) -> iam.ManagedPolicy:
        """The policy for users who create Workspaces and attach them to clusters.

        It allows users to sign in, but not to create clusters. Attach it to an IAM role or user,
        ``role.add_managed_policy(studio.user_policy)``, or pass it as the session policy of Identity Center users. The
        clusters determine the data that users can access.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-user-permissions.html
        """
        return self._user_policy

    def _properties(
        self, vpc_id: str, name: str | None, description: str | None, prefix: str, tags: Mapping[str, str]
    ) -> dict[str, Any]:
        properties: dict[str, Any] = {
            "Name": _name_of(self.node.path) if name is None else name,
            "VpcId": vpc_id,
            "SubnetIds": list(self._subnets.subnet_ids),
            "ServiceRole": self.service_role.role_arn,
            "EngineSecurityGroupId": tokens.security_group_id(self._engine),
            "WorkspaceSecurityGroupId": tokens.security_group_id(self._workspace),
            "DefaultS3Location": self.workspace_bucket.s3_url_for_object(prefix),
            **self._auth_mode._render(),
        }
        if self.user_role is not None:
            properties["UserRole"] = self.user_role.role_arn
        if description is not None:
            properties["Description"] = description
        if self.encryption_key is not None:
            properties["EncryptionKeyArn"] = tokens.key_arn(self.encryption_key)
        if tags:
            properties["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        return properties

    def _service_statements(self, prefix: str) -> list[Statement]:
        statements = [
            *permissions.service(sso=self._auth_mode.is_sso, collaboration=self._collaboration),
            *permissions.keep_workspaces(self.workspace_bucket.bucket_arn, prefix),
        ]
        keys = [key for key in (self.encryption_key, self.workspace_bucket.encryption_key) if key is not None]
        if keys:
            statements.append(policies.use_key([tokens.key_arn(key) for key in keys]))
        return statements

    def _make_key(self, removal_policy: cdk.RemovalPolicy) -> kms.Key:
        return kms.Key(
            self,
            "Key",
            description="Encrypts Workspaces and notebooks of Amazon EMR Studio",
            enable_key_rotation=True,
            removal_policy=removal_policy,
        )

    def _user_statements(self) -> list[Statement]:
        statements = permissions.user(
            service_role_arn=self.service_role.role_arn,
            bucket_arn=self.workspace_bucket.bucket_arn,
            git_repositories=self._git_repositories,
            collaboration=self._collaboration,
        )
        return statements if self._auth_mode.is_sso else [*statements, permissions.sign_in(self.studio_arn)]


def _name_of(path: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_-]+", "-", path)[:256]
