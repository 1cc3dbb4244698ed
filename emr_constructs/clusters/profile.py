"""The network, IAM roles, security configuration and logging that clusters share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from .._core import tokens
from .._core.errors import EmrError
from .._core.input_values import reject_inputs
from .._core.prefixes import as_folder
from .._core.signatures import checked
from .._core.unset import DEFAULT, Default
from ..security.auto_scaling_role import AutoScalingRole
from ..security.node_role import NodeRole
from ..security.profile_groups import choose_groups
from ..security.service_role import ServiceRole
from .default_parts import create_key, create_security_configuration, log_destination, parts_without_permissions
from .launch_parts import LaunchParts
from .location import ClusterLocation
from .profile_arguments import argument_errors

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

    from ..monitoring.logs import LogBucket
    from ..network.subnets import ClusterSubnets
    from ..security.existing_configuration import ISecurityConfiguration
    from ..security.existing_groups import IClusterSecurityGroups
    from ..security.log_destination import LogDestination
    from ..security.roles import ServiceRolePolicy
    from ..software.release_label import ReleaseLabel
    from .bound_profile import BoundProfile
    from .definition import ClusterDefinition

__all__ = ["ClusterProfile"]


class ClusterProfile(Construct):
    """Network, IAM roles, security configuration and logging that clusters share.

        profile = emr.ClusterProfile(self, "Profile", vpc=vpc)
        emr.Cluster(self, "Reports", profile=profile, applications=[emr.Application.SPARK])

    Parts that you don't pass are created. Many clusters can share a profile, also in other stacks of the app. A cluster
    with ``vpc`` or ``subnets`` creates its own profile.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-clusters-in-a-vpc.html
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles.html
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        subnets: Sequence[ec2.ISubnet | str] | None = None,
        public: bool | None = None,
        security_groups: IClusterSecurityGroups | None = None,
        service_role: iam.IRole | None = None,
        service_role_policy: ServiceRolePolicy | None = None,
        instance_profile: iam.IInstanceProfile | None = None,
        auto_scaling_role: iam.IRole | None = None,
        session_manager: bool | None = None,
        encryption_key: kms.IKey | None = None,
        security_configuration: ISecurityConfiguration | None | Default = DEFAULT,
        release_label: ReleaseLabel | str | None = None,
        log_bucket: s3.IBucket | LogBucket | None | Default = DEFAULT,
        log_prefix: str | None = None,
        log_uri: str | None = None,
        log_encryption_key: kms.IKey | None | Default = DEFAULT,
        managed_policy_tag: bool = True,
        removal_policy: cdk.RemovalPolicy = cdk.RemovalPolicy.RETAIN,
    ) -> None:
        """Define a profile.

        :param vpc: the VPC that the clusters run in. Required unless you pass ``subnets``.
        :param vpc_subnets: the subnets to choose from, either all private or all public. Default: the private subnets.
        :param subnets: the subnets to choose from if the VPC isn't known, as constructs, IDs or one list token.
            Instance groups use the first, instance fleets all. Requires ``public``, and ``security_groups`` unless
            the VPC is defined in this app. Default: ``vpc_subnets`` of ``vpc``.
        :param public: whether the subnets are public: they have a route to an internet gateway. Required for
            ``subnets``, and if ``vpc_subnets`` contains subnets that the VPC doesn't list. Default: known from the VPC.
        :param security_groups: the security groups of the nodes. Default: three with the rules that EMR requires.
        :param service_role: the role that EMR assumes. A role that is imported by name is referred to by name. A role
            that is defined elsewhere is only granted permissions on roles, keys and secrets of this app. Default: a
            role with EMR's v2 service policy, which can pass the roles and use the keys of this profile.
        :param service_role_policy: the policy of the service role that is created. Default: the AWS managed policy.
        :param instance_profile: the instance profile of the nodes. Its role can write logs, use keys and read scripts
            of the clusters; grant access to data with ``bucket.grant_read(cluster)``. A profile that is imported
            without a role is accepted unless its role has to be granted permissions; by default, logs aren't kept then
            and the security configuration only requires IMDSv2. Default: a profile with a new role.
        :param auto_scaling_role: the role for automatic scaling policies of instance groups. Every cluster of instance
            groups is launched with it. Default: a role that only clusters with such policies are launched with.
        :param session_manager: whether the instance role is allowed to open sessions of AWS Systems Manager. Default:
            true for a role of this app, false for an imported one.
        :param encryption_key: encrypts the resources that are created here. Default: a key that is rotated every year.
        :param security_configuration: the encryption and access control of the clusters. None: no security
            configuration. Default: encryption of S3 data, local disks and traffic, and IMDSv2.
        :param release_label: the oldest release of the clusters; the default security configuration only uses what it
            supports. Default: the default release of a cluster.
        :param log_bucket: the bucket that EMR writes logs to. Default: an encrypted bucket. None: logs aren't kept.
        :param log_prefix: the prefix of the logs, which are written to ``<prefix><cluster id>/``. A slash at its end is
            added if it is missing. Default: ``emr/``.
        :param log_uri: the S3 URI of the logs instead of ``log_bucket`` and ``log_prefix``, such as
            ``s3://bucket/emr/`` or a token. Nothing is created, and no permissions are granted, also not to use
            ``log_encryption_key``. Default: ``log_bucket`` and ``log_prefix`` apply.
        :param log_encryption_key: encrypts the logs. Default: the key of the log bucket, if it is known. None: the
            encryption of the log bucket applies, without ``LogEncryptionKmsKeyId`` in the cluster.
        :param managed_policy_tag: whether clusters, subnets and security groups have the tag that the AWS managed
            policy of service roles requires. False requires ``service_role``. Default: true.
        :param removal_policy: what happens to the key and the log bucket when the stack is deleted. Default: they are
            retained.
        :raises EmrError: the subnets, the security groups or the location of the logs are invalid, arguments can't be
            combined, or permissions have to be granted to an instance profile without a known role.
        """
        super().__init__(scope, construct_id)
        tokens.share_path(self, scope, construct_id)
        prefix = "emr/" if log_prefix is None else as_folder(log_prefix)
        reject_inputs("log_prefix", prefix, at=self)
        reject_inputs("log_uri", log_uri, at=self)
        log_key = None if log_encryption_key is DEFAULT else log_encryption_key
        problems = list(
            argument_errors(
                service_role=service_role,
                service_role_policy=service_role_policy,
                encryption_key=encryption_key,
                security_configuration=security_configuration,
                release_label=release_label,
                log_bucket=log_bucket,
                log_prefix=log_prefix,
                log_uri=log_uri,
                log_encryption_key=log_key,
                managed_policy_tag=managed_policy_tag,
            )
        )
        if problems:
            raise EmrError(problems, at=self)
        location = ClusterLocation(vpc, vpc_subnets, subnets, public, security_groups)
        self._subnets: ClusterSubnets = location.choose_subnets(self)

        if log_uri is not None:
            log_bucket = None
        if instance_profile is not None and instance_profile.role is None:
            security_configuration, log_bucket = parts_without_permissions(
                self,
                security_configuration,
                log_bucket,
                label=release_label,
                key=encryption_key,
                log_key=log_key,
            )
        self.encryption_key: kms.IKey | None = encryption_key
        """The key of the resources that the profile creates. None if they don't require a key."""
        if encryption_key is None and DEFAULT in (security_configuration, log_bucket):
            self.encryption_key = create_key(self, removal_policy)
        self._logs: LogDestination | None = log_destination(
            self,
            log_bucket,
            prefix if log_uri is None else log_uri,
            log_encryption_key,
            is_uri=log_uri is not None,
            default_key=self.encryption_key,
            removal_policy=removal_policy,
        )
        self.security_configuration: ISecurityConfiguration | None = (
            create_security_configuration(self, release_label, self.encryption_key)
            if security_configuration is DEFAULT
            else security_configuration
        )
        """The security configuration. None if clusters have none."""
        self.security_groups: IClusterSecurityGroups = choose_groups(self, security_groups, self._subnets)
        """The security groups of the nodes."""

        self._node_role: NodeRole = NodeRole(
            self,
            instance_profile=instance_profile,
            security_configuration=self.security_configuration,
            logs=self._logs,
            session_manager=session_manager,
        )
        self._service: ServiceRole = ServiceRole(
            self,
            role=service_role,
            policy=service_role_policy,
            nodes=self._node_role,
            security_configuration=self.security_configuration,
            logs=self._logs,
        )
        self._auto_scaling: AutoScalingRole = AutoScalingRole(self, role=auto_scaling_role, service=self._service)
        self._parts = LaunchParts(
            self,
            subnets=self._subnets,
            groups=self.security_groups,
            nodes=self._node_role,
            service=self._service,
            auto_scaling=self._auto_scaling,
            security_configuration=self.security_configuration,
            logs=self._logs,
            encryption_key=self.encryption_key,
            has_tag=managed_policy_tag,
        )

    @property
    def instance_role(self) -> iam.IRole:
        """The role that the nodes assume.

        :raises EmrError: the instance profile was imported without its role.
        """
        return self._node_role.role

    @property
    def instance_profile(self) -> iam.IInstanceProfile:
        """The instance profile of the nodes."""
        return self._node_role.instance_profile

    @property
    def service_role(self) -> iam.IRole:
        """The role that EMR assumes."""
        return self._service.role

    @property
    def auto_scaling_role(self) -> iam.IRole | None:
        """The role for automatic scaling policies.

        None unless it was passed or a cluster has such a policy.
        """
        return self._auto_scaling.role

    @property
    def log_bucket(self) -> s3.IBucket | None:
        """The bucket of the logs; None if they aren't kept or ``log_uri`` was passed."""
        return None if self._logs is None else self._logs.bucket

    @property
    def log_uri(self) -> str | None:
        """The S3 location of the logs, in which EMR creates a folder for each cluster."""
        return None if self._logs is None else self._logs.uri

    def _bind(
        self,
        definition: ClusterDefinition,
        scope: Construct,
        subnets: Sequence[ec2.ISubnet | str] | None = None,
        *,
        assets: Construct | None = None,
    ) -> BoundProfile:
        """Prepare the launch of ``definition``.

        Local files of the definition become assets of ``scope``. The roles are granted what the definition uses, and
        the security groups allow EMR to reach nodes of its release.

        :param subnets: the subnets of the profile to choose from. Default: all.
        :param assets: the construct that local files become assets of. Default: ``scope``.
        :raises EmrError: the profile is in another app or stage, an 8.x release requires the address range of the VPC,
            which isn't known, or three primary nodes run in a public subnet that doesn't assign public addresses.
        """
        tokens.require_same_stage("profile", self, scope)
        return self._parts.bind(definition, scope, subnets, assets or scope)
