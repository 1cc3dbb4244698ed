"""Where clusters run, and under whose authority.

A profile holds the subnets, the security groups, the roles, the security configuration, the key and the place for logs.
One profile serves many clusters, also of other stacks of the app; a cluster that is given a ``vpc`` makes its own.

    profile = ClusterProfile(self, "Profile", vpc=vpc)
    Cluster(self, "Nightly", profile=profile, applications=[Application.SPARK])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from .._core import tokens
from .._core.errors import EmrError, errors_at
from .._core.input_values import reject_inputs
from .._core.signatures import checked
from .._core.types import BUCKET, INSTANCE_PROFILE, KEY, ROLE, VPC, Interface, check_types
from .._core.unknown import is_unknown
from .._core.unset import DEFAULT, Default
from ..capacity.instance_fleets import InstanceFleet, InstanceFleets
from ..monitoring.logs import LogBucket
from ..network.managed_policy_tag import MANAGED_POLICY_TAG, tag_groups
from ..network.subnets import ClusterSubnets
from ..security import nag_findings, policies, roles
from ..security.encryption import InTransitEncryption, LocalDiskEncryption
from ..security.permissions import RolePermissions
from ..security.roles import ServiceRolePolicy
from ..security.script_access import read_scripts
from ..security.security_configuration import SecurityConfiguration
from ..security.security_groups import ClusterSecurityGroups
from ..software.configurations import flatten, secret_arns
from ..software.release_label import DEFAULT_RELEASE, ReleaseLabel

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import IDependable

    from ..capacity.instance_groups import InstanceGroup
    from ..security.authorization import AssumedRole
    from ..security.policies import Statement
    from ..security.security_configuration import ISecurityConfiguration
    from ..security.security_groups import IClusterSecurityGroups
    from ..steps.scripts import Location, Script
    from .definition import ClusterDefinition

__all__ = ["ClusterProfile"]

_SECURITY_GROUPS = Interface(
    "an IClusterSecurityGroups", "allow_service_access", example="ClusterSecurityGroups.from_security_groups(...)"
)
_SECURITY_CONFIGURATION = Interface(
    "an ISecurityConfiguration", "security_configuration_name", example="SecurityConfiguration(...)"
)


class ClusterProfile(Construct):
    """The network and the authority of clusters. Each part can be given instead of made."""

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: IClusterSecurityGroups | None = None,
        service_role: iam.IRole | None = None,
        service_role_policy: ServiceRolePolicy | None = None,
        instance_profile: iam.IInstanceProfile | None = None,
        auto_scaling_role: iam.IRole | None = None,
        session_manager: bool = True,
        encryption_key: kms.IKey | None = None,
        security_configuration: ISecurityConfiguration | None | Default = DEFAULT,
        release_label: ReleaseLabel | str | None = None,
        log_bucket: s3.IBucket | LogBucket | None | Default = DEFAULT,
        log_prefix: str = "emr/",
        log_encryption_key: kms.IKey | None = None,
        removal_policy: cdk.RemovalPolicy = cdk.RemovalPolicy.RETAIN,
    ) -> None:
        """Define what the clusters share.

        :param vpc: where the clusters run.
        :param vpc_subnets: the subnets to choose from, all private or all public. Default: the private subnets.
        :param security_groups: Default: three groups with every rule that EMR needs.
        :param service_role: what EMR may do. Default: a role with EMR's v2 service policy, which may pass the roles and
            use the keys of this profile.
        :param service_role_policy: which policy a service role made here has. Default: the one that AWS maintains.
        :param instance_profile: what the nodes may do. Default: a role that may write its logs, use its keys and read
            its scripts; data is granted by you, with ``bucket.grant_read(cluster)``.
        :param auto_scaling_role: how instance groups are resized by policies of their own; every cluster of groups is
            launched with it. Default: a role, for clusters whose groups have such a policy.
        :param session_manager: whether people can open sessions on the nodes with AWS Systems Manager. Default: yes.
        :param encryption_key: encrypts what is made here. Default: a key of its own, rotated every year.
        :param security_configuration: Default: encryption of S3, local disks and traffic, and IMDSv2. None: none of
            these.
        :param release_label: the oldest release of the clusters to come: the default security configuration asks only
            for what it has. Default: the default release of a cluster.
        :param log_bucket: where EMR puts the logs. Default: an encrypted bucket of its own. None: logs are not kept.
        :param log_prefix: below which the logs go, as ``<prefix><cluster id>/``. Default: ``emr/``.
        :param log_encryption_key: encrypts the logs. Default: the key of the log bucket, where it is known.
        :param removal_policy: what happens to key and log bucket when the stack is deleted. Default: they stay.
        :raises EmrError: the subnets, the security groups or the log prefix do not fit, or an argument has no effect
            beside another.
        """
        super().__init__(scope, construct_id)
        check_types(
            self,
            vpc=(vpc, VPC),
            vpc_subnets=(vpc_subnets, ec2.SubnetSelection, None),
            security_groups=(security_groups, _SECURITY_GROUPS, None),
            service_role=(service_role, ROLE, None),
            service_role_policy=(service_role_policy, ServiceRolePolicy, None),
            instance_profile=(instance_profile, INSTANCE_PROFILE, None),
            auto_scaling_role=(auto_scaling_role, ROLE, None),
            session_manager=(session_manager, bool),
            encryption_key=(encryption_key, KEY, None),
            security_configuration=(security_configuration, _SECURITY_CONFIGURATION, type(DEFAULT), None),
            release_label=(release_label, ReleaseLabel, str, None),
            log_bucket=(log_bucket, BUCKET, LogBucket, type(DEFAULT), None),
            log_prefix=(log_prefix, str),
            log_encryption_key=(log_encryption_key, KEY, None),
        )
        reject_inputs("log_prefix", log_prefix, at=self)
        problems = list(
            _ineffective(
                service_role_policy=service_role_policy is not None and service_role is not None and "service_role",
                release_label=release_label is not None
                and security_configuration is not DEFAULT
                and "security_configuration",
                encryption_key=encryption_key is not None
                and security_configuration is not DEFAULT
                and log_bucket is not DEFAULT
                and "security_configuration and log_bucket",
                log_encryption_key=log_encryption_key is not None and log_bucket is None and "log_bucket=None",
            )
        )
        if not is_unknown(log_prefix) and (log_prefix.startswith("/") or (log_prefix and not log_prefix.endswith("/"))):
            problems.append(f"the log prefix is {log_prefix!r}; use a prefix that ends with a slash, such as 'emr/'")
        if problems:
            raise EmrError(problems, at=self)
        self.subnets: ClusterSubnets = ClusterSubnets.select(vpc, vpc_subnets, at=self)
        self._removal_policy = removal_policy

        self.encryption_key: kms.IKey | None = encryption_key
        """The key of what was made here; None where nothing needed one."""
        if encryption_key is None and DEFAULT in (security_configuration, log_bucket):
            self.encryption_key = self._make_key()

        self.log_bucket: s3.IBucket | None = self._make_log_bucket() if log_bucket is DEFAULT else _bucket(log_bucket)
        """Where EMR puts the logs; None where they are not kept."""
        self._log_key: kms.IKey | None = log_encryption_key
        if self._log_key is None and self.log_bucket is not None:
            self._log_key = self.encryption_key if log_bucket is DEFAULT else self.log_bucket.encryption_key
        self.log_prefix: str = log_prefix
        self.log_uri: str | None = None
        """Where the logs are; below it EMR makes a folder for each cluster."""
        if self.log_bucket is not None:
            self.log_uri = self.log_bucket.s3_url_for_object(log_prefix)

        self.security_configuration: ISecurityConfiguration | None = (
            self._make_security_configuration(release_label or DEFAULT_RELEASE)
            if security_configuration is DEFAULT
            else security_configuration
        )
        if security_groups is None:
            security_groups = ClusterSecurityGroups(
                self, "SecurityGroups", vpc=vpc, service_access=self.subnets.is_private
            )
        self.security_groups: IClusterSecurityGroups = security_groups
        self._check_service_access()

        if instance_profile is None:
            self.instance_role: iam.IRole = roles.instance_role(self, "InstanceRole")
            instance_profile = iam.InstanceProfile(self, "InstanceProfile", role=self.instance_role)
        else:
            self.instance_role = self._role_of(instance_profile)
        self.instance_profile: iam.IInstanceProfile = instance_profile
        self.instance_permissions: RolePermissions = self._permissions_of_nodes()
        """What the nodes may do; data is granted here too."""
        self._session_permissions = self._permissions_of_sessions() if session_manager else None

        self._has_own_service_role = service_role is None
        self._service_policies: list[iam.ManagedPolicy] = []
        self.service_role: iam.IRole = service_role or self._make_service_role(service_role_policy)
        self.service_permissions: RolePermissions = RolePermissions(
            self, "ServicePolicy", self.service_role, self._service_statements()
        )
        """What EMR may do besides launching and managing instances."""
        self._reservation_permissions: RolePermissions | None = None
        self._has_spot = False
        self._given_auto_scaling_role = auto_scaling_role
        self._request, self._instances = self._members()
        self._tag_network()
        self._let_nodes_assume_roles()

    @cached_property
    def auto_scaling_role(self) -> iam.IRole:
        """The role with which Application Auto Scaling resizes instance groups.

        Made, unless it was given, and passed to EMR when it is first asked for.
        """
        role = self._given_auto_scaling_role or roles.auto_scaling_role(self, "AutoScalingRole")
        self.service_permissions.allow(
            policies.pass_role("PassAutoScalingRole", role.role_arn, "application-autoscaling")
        )
        return role

    @property
    def has_sessions(self) -> bool:
        """Whether people can open sessions on the nodes with AWS Systems Manager."""
        return self._session_permissions is not None

    def bind(self, definition: ClusterDefinition, scope: Construct) -> dict[str, Any]:
        """The RunJobFlow request for ``definition`` in this profile, without a name unless the definition has one.

        Local files of the definition become assets of ``scope``; the roles are granted what the definition uses, and
        the security groups let EMR reach nodes of its release.

        :raises EmrError: the address range of the VPC is needed (8.x releases) and not known, or three master nodes are
            to run in a public subnet that assigns no addresses.
        """
        locations: dict[Script, Location] = {}
        data = {script for step in definition.steps for script in step.data}

        def locate(script: Script) -> str:
            if script not in locations:
                location = script.bind(scope, f"Script{len(locations) + 1}")
                locations[script] = replace(location, is_data=script in data)
            return locations[script].uri

        release = definition.release_label
        request = definition.render(locate)
        self.grant_scripts(locations.values(), scope)
        self._grant_secrets(definition.secrets, request, scope)
        if self.subnets.is_private:
            self.security_groups.allow_service_access(release, self.subnets)
            if release.supports("service_vpc_endpoint") and not self.subnets.tag_vpc():
                self._warn("vpc", [self.subnets.vpc.vpc_id])
        request["Tags"] = [*request.get("Tags", []), {"Key": MANAGED_POLICY_TAG, "Value": "true"}]
        nodes, fleets = definition.instances, isinstance(definition.instances, InstanceFleets)
        request["Instances"] |= self._instances | self.subnets.instances(fleets=fleets)
        if definition.uses_spot:
            self._allow_spot()
        if nodes.has_three_masters:
            self.subnets.check_public_addresses(fleets=fleets, at=scope)
        if isinstance(nodes, InstanceFleets):
            self._allow_capacity_reservations(nodes)
        elif nodes.has_auto_scaling_policy or self._given_auto_scaling_role is not None:
            request["AutoScalingRole"] = self.auto_scaling_role.role_arn
        if self._log_key is not None and release.supports("log_encryption_kms"):
            request["LogEncryptionKmsKeyId"] = tokens.key_arn(self._log_key)
        return request | self._request

    def dependencies_of(self, definition: ClusterDefinition, scope: Construct) -> list[IDependable]:
        """What the cluster ``scope`` needs from its launch until it has written its last log, and does not refer to.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
        """
        sessions = [] if self._session_permissions is None else self._session_permissions.dependencies
        return [
            *self.security_groups.rules,
            *self.instance_permissions.dependencies_of(scope),
            *sessions,
            *self.service_permissions.dependencies_of(scope),
            *self._service_policies,
            *self._reservation_dependencies,
            *self.subnets.routes(fleets=isinstance(definition.instances, InstanceFleets)),
        ]

    def wait_for_grants(self, resource: Construct, *, of: Construct) -> None:
        """Let ``resource`` of the cluster ``of`` wait for whatever the roles are allowed from now on."""
        for permissions in (self.instance_permissions, self.service_permissions):
            permissions.wait_for_grants(resource, of=of)

    def allow_tasks(self, tasks: InstanceGroup | InstanceFleet, scope: Construct) -> list[IDependable]:
        """Let EMR add a task group or a task fleet to the cluster ``scope``; returns what has to be there for it."""
        secrets = (secret for configuration in flatten(tasks.configurations) for secret in configuration.secrets)
        self._grant_secrets(secrets, tasks.render("TASK"), scope)
        if tasks.uses_spot:
            self._allow_spot()
        if isinstance(tasks, InstanceFleet):
            self._allow_capacity_reservations(tasks)
        return [*self.service_permissions.dependencies_of(scope), *self._reservation_dependencies]

    def grant_scripts(self, locations: Iterable[Location], scope: Construct) -> None:
        """Let the nodes read scripts of the cluster ``scope``."""
        found = list(locations)
        if found:
            self._grant_scripts(self.instance_permissions.in_stack_of(scope), found)

    def _grant_secrets(
        self, secrets: Iterable[secretsmanager.ISecret], rendered: Mapping[str, Any], scope: Construct
    ) -> None:
        """Let EMR read secrets of configurations: those given as objects, and those named by ARN in ``rendered``."""
        named = dict.fromkeys(secret_arns(rendered))
        for secret in dict.fromkeys(secrets):
            secret.grant_read(self.service_permissions.in_stack_of(scope).principal)
            named.pop(secret.secret_arn, None)
        if named:
            self.service_permissions.in_stack_of(scope).allow(policies.read_secrets(named))

    def _allow_capacity_reservations(self, fleets: InstanceFleets | InstanceFleet) -> None:
        """Let EMR launch instances in reserved capacity, where one of the fleets may use it."""
        if fleets.uses_capacity_reservations and self._reservation_permissions is None:
            # Apart from the others, whose wildcards would otherwise be acknowledged with these.
            statements = policies.use_capacity_reservations()
            permissions = RolePermissions(self, "CapacityReservationPolicy", self.service_role, statements)
            known = nag_findings.of_statements(statements, nag_findings.CAPACITY_RESERVATIONS)
            permissions.acknowledge(nag_findings.wildcards(self, known))
            self._reservation_permissions = permissions

    def _allow_spot(self) -> None:
        """Let EMR create the service-linked role of Spot Instances."""
        if not self._has_spot:
            self._has_spot = True
            self.service_permissions.allow(policies.create_spot_role())

    @property
    def _reservation_dependencies(self) -> list[IDependable]:
        return [] if self._reservation_permissions is None else self._reservation_permissions.dependencies

    @staticmethod
    def _grant_scripts(permissions: RolePermissions, locations: Sequence[Location]) -> None:
        keys = [tokens.key_arn(found.encryption_key) for found in locations if found.encryption_key is not None]
        for statement in read_scripts(locations):
            permissions.allow(statement)
        if keys:
            permissions.allow(policies.decrypt(keys))

    def _make_key(self) -> kms.Key:
        return kms.Key(
            self,
            "Key",
            description="Amazon EMR clusters: data in S3, disks, logs and certificates",
            enable_key_rotation=True,
            removal_policy=self._removal_policy,
        )

    def _make_service_role(self, policy: ServiceRolePolicy | None) -> iam.Role:
        role, self._service_policies = roles.service_role(self, "ServiceRole", policy or ServiceRolePolicy.AWS_MANAGED)
        return role

    def _make_log_bucket(self) -> s3.IBucket:
        assert self.encryption_key is not None
        logs = LogBucket(self, "Logs", encryption_key=self.encryption_key, removal_policy=self._removal_policy)
        return logs.bucket

    def _make_security_configuration(self, label: ReleaseLabel | str) -> SecurityConfiguration:
        assert self.encryption_key is not None
        with errors_at(self):
            release = ReleaseLabel.of(label) if isinstance(label, str) else label
        certificates = release.supports("emr_managed_certificates")
        if not certificates:
            cdk.Validations.of(self).add_warning(
                "emr-not-encrypted-in-transit",
                f"{release} has no EMR-managed certificates, so the traffic among the nodes is not encrypted; use "
                "emr-7.11.0 or newer, or give a security_configuration with certificates of your own",
            )
        return SecurityConfiguration(
            self,
            "SecurityConfiguration",
            encryption_key=self.encryption_key,
            local_disk_encryption=LocalDiskEncryption.aws_kms(
                self.encryption_key, ebs=release.supports("ebs_encryption")
            ),
            in_transit_encryption=InTransitEncryption.emr_managed(self.encryption_key) if certificates else None,
            require_imdsv2=release.supports("imdsv2"),
        )

    def _check_service_access(self) -> None:
        given = self.security_groups.service_access is not None
        if self.subnets.is_private and not given:
            raise EmrError(
                "the subnets are private and there is no service-access security group; give one with "
                "ClusterSecurityGroups.from_security_groups(service_access=...)",
                at=self,
            )
        if given and not self.subnets.is_private:
            raise EmrError(
                "the subnets are public and there is a service-access security group, which only private subnets use; "
                "leave it out",
                at=self,
            )

    def _role_of(self, instance_profile: iam.IInstanceProfile) -> iam.IRole:
        role = instance_profile.role
        if role is None:
            raise EmrError(
                "the role of the instance profile is not known; import the profile with "
                "iam.InstanceProfile.from_instance_profile_attributes(role=...)",
                at=self,
            )
        return role

    def _permissions_of_nodes(self) -> RolePermissions:
        statements: list[Statement] = []
        wildcards: dict[str, str] = {}
        configuration = self.security_configuration
        if self.log_bucket is not None:
            statements.append(policies.write_logs(self.log_bucket.bucket_arn, self.log_prefix))
            wildcards |= nag_findings.of_statements(statements[-1:], nag_findings.LOG_PREFIX)
        keys = [*configuration.node_keys] if configuration is not None else []
        if self._log_key is not None:
            keys.append(self._log_key)
        if keys:
            statements.append(policies.use_key(tokens.key_arn(key) for key in keys))
        if configuration is not None and configuration.certificate_secret_tag is not None:
            statements.append(policies.read_tagged_secret(*configuration.certificate_secret_tag))
            wildcards |= nag_findings.of_statements(statements[-1:], nag_findings.CERTIFICATE_AUTHORITY)
        for actions in dict.fromkeys(assumed.actions for assumed in self._assumed_roles):
            arns = (assumed.role.role_arn for assumed in self._assumed_roles if assumed.actions == actions)
            statements.append(policies.assume_roles(actions, arns))
        permissions = RolePermissions(self, "InstancePolicy", self.instance_role, statements)
        if wildcards:
            permissions.acknowledge(nag_findings.wildcards(self, wildcards))
        if configuration is not None:
            self._grant_scripts(permissions, list(configuration.artifacts))
            for secret in dict.fromkeys(configuration.secrets):
                secret.grant_read(permissions.principal)
        return permissions

    @property
    def _assumed_roles(self) -> tuple[AssumedRole, ...]:
        return () if self.security_configuration is None else self.security_configuration.assumed_roles

    def _let_nodes_assume_roles(self) -> None:
        left = [
            assumed.role.node.path
            for assumed in self._assumed_roles
            if not roles.trust(assumed.role, self.instance_role, assumed.actions)
        ]
        if left:
            cdk.Validations.of(self).add_warning(
                "emr-role-trust",
                f"the nodes assume roles whose trust policy cannot be changed from here: {', '.join(left)}; let them "
                "trust the role of the nodes where they are made, then acknowledge this warning",
            )

    def _permissions_of_sessions(self) -> RolePermissions:
        """Apart from the others, whose wildcards would otherwise be acknowledged with these."""
        statement = policies.use_session_manager()
        permissions = RolePermissions(self, "SessionPolicy", self.instance_role, [statement])
        known = nag_findings.of_statements([statement], nag_findings.SESSION_MANAGER)
        permissions.acknowledge(nag_findings.wildcards(self, known))
        return permissions

    def _service_statements(self) -> Iterator[Statement]:
        yield policies.pass_role("PassInstanceRole", self.instance_role.role_arn, "ec2")
        configuration = self.security_configuration
        volume_keys = [tokens.key_arn(key) for key in configuration.volume_keys] if configuration is not None else []
        if volume_keys:
            yield policies.encrypt_volumes(volume_keys)
            yield policies.create_grants(volume_keys)
        log_keys = [] if self._log_key is None else [tokens.key_arn(self._log_key)]
        if log_keys and log_keys[0] not in volume_keys:
            yield policies.describe_key(log_keys)

    def _members(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What every request of this profile has: members of RunJobFlow and of its ``Instances``."""
        groups = self.security_groups
        request: dict[str, Any] = {
            "JobFlowRole": self.instance_profile.instance_profile_name,
            "ServiceRole": self.service_role.role_arn,
        }
        instances: dict[str, Any] = {
            "EmrManagedMasterSecurityGroup": tokens.security_group_id(groups.master),
            "EmrManagedSlaveSecurityGroup": tokens.security_group_id(groups.core),
        }
        for member, additional in (
            ("AdditionalMasterSecurityGroups", groups.additional_master),
            ("AdditionalSlaveSecurityGroups", groups.additional_core),
        ):
            if additional:
                instances[member] = [tokens.security_group_id(group) for group in additional]
        if groups.service_access is not None:
            instances["ServiceAccessSecurityGroup"] = tokens.security_group_id(groups.service_access)
        if self.security_configuration is not None:
            request["SecurityConfiguration"] = self.security_configuration.security_configuration_name
        if self.log_uri is not None:
            request["LogUri"] = self.log_uri
        return request, instances

    def _tag_network(self) -> None:
        imported = self.subnets.tag_subnets()
        if imported:
            self._warn("subnets", imported)
        groups = self.security_groups
        if not isinstance(groups, ClusterSecurityGroups):
            given = (groups.master, groups.core, groups.service_access)
            imported = tag_groups(group for group in given if group is not None)
            if imported:
                self._warn("security-groups", imported)

    def _warn(self, what: str, ids: Iterable[str]) -> None:
        """Imported networks cannot be tagged from here; a service role made elsewhere may not need the tag."""
        if not self._has_own_service_role:
            return
        cdk.Validations.of(self).add_warning(
            f"emr-untagged-{what}",
            f"EMR launches instances only in networks and security groups with the tag {MANAGED_POLICY_TAG}=true, and "
            f"imported ones cannot be tagged from here: {', '.join(ids)}; tag them where they are made, then "
            "acknowledge this warning",
        )


def _bucket(bucket: s3.IBucket | LogBucket | None) -> s3.IBucket | None:
    return bucket.bucket if isinstance(bucket, LogBucket) else bucket


def _ineffective(**arguments: str | bool) -> Iterator[str]:
    for name, beside in arguments.items():
        if beside:
            yield f"{name} has no effect beside {beside}; leave one of them out"
