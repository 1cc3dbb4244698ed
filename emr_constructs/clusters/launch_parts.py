"""Combines a definition and the parts of a profile to the launch of a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from .._core import tokens
from ..capacity.instance_groups import InstanceGroups
from ..network.managed_policy_tag import MANAGED_POLICY_TAG, tag_subnets, tag_vpc_of, warn_untagged
from ..network.s3_access import warn_without_s3
from ..security.grants import grant_scripts
from ..security.permissions import reader_of
from ..security.profile_groups import prepare_groups, render_groups
from .bound_profile import BoundProfile
from .cluster_logs import bind_logs
from .script_locations import ScriptLocations

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from ..network.subnets import ClusterSubnets
    from ..security.auto_scaling_role import AutoScalingRole
    from ..security.existing_configuration import ISecurityConfiguration
    from ..security.existing_groups import IClusterSecurityGroups
    from ..security.log_destination import LogDestination
    from ..security.node_role import NodeRole
    from ..security.service_role import ServiceRole
    from ..steps.scripts import Location
    from .definition import ClusterDefinition

__all__ = ["LaunchParts"]


class LaunchParts:
    """The parts of a profile that a launch request refers to."""

    def __init__(
        self,
        profile: Construct,
        *,
        subnets: ClusterSubnets,
        groups: IClusterSecurityGroups,
        nodes: NodeRole,
        service: ServiceRole,
        auto_scaling: AutoScalingRole,
        security_configuration: ISecurityConfiguration | None,
        logs: LogDestination | None,
        encryption_key: kms.IKey | None,
        has_tag: bool,
    ) -> None:
        """Prepare the network for clusters, and render what their requests share.

        :param has_tag: whether clusters, subnets and security groups have the tag of EMR's managed policy.
        """
        self._profile = profile
        self._subnets = subnets
        self._groups = groups
        self._nodes = nodes
        self._service = service
        self._auto_scaling = auto_scaling
        self._logs = logs
        self._encryption_key = encryption_key
        self._has_tag = has_tag
        self._shared = _shared_members(nodes, service, security_configuration, logs)
        self._group_members = render_groups(groups)
        if has_tag:
            self._warn_untagged("subnets", tag_subnets(subnets))
        prepare_groups(groups, subnets, tags=has_tag, requires_tag=service.is_created, at=profile)

    def bind(
        self,
        definition: ClusterDefinition,
        scope: Construct,
        subnets: Sequence[ec2.ISubnet | str] | None,
        assets: Construct,
    ) -> BoundProfile:
        """Prepare the launch of ``definition``: see ``ClusterProfile``."""
        chosen = self._subnets if subnets is None else self._subnets.subset(subnets, at=scope)
        scripts = ScriptLocations(assets, "Script", definition.steps)
        release = definition.release_label
        request = definition._render(scripts.locate)
        self._nodes.grant_scripts(scripts.found, scope)
        self._service.grant_secrets(definition.secrets, request, scope)
        if self._subnets.is_private:
            self._groups.allow_service_access(release, self._subnets)
            if self._has_tag and release.supports("service_vpc_endpoint"):
                self._warn_untagged("vpc", tag_vpc_of(self._subnets))
        if self._has_tag:
            others = [tag for tag in request.get("Tags", []) if tag["Key"] != MANAGED_POLICY_TAG]
            request["Tags"] = [*others, {"Key": MANAGED_POLICY_TAG, "Value": "true"}]
        fleets = not isinstance(definition.instances, InstanceGroups)
        request["Instances"] |= self._group_members | chosen.instances(fleets=fleets)
        self._bind_options(definition, scope, request, scripts.found)
        self._bind_instances(definition, request)
        if definition.instances.has_three_masters:
            chosen.check_public_addresses(fleets=fleets, at=scope)
        logs = self._logs
        log_key = logs.encryption_key if logs is not None and logs.names_key else None
        if log_key is not None and release.supports("log_encryption_kms"):
            request["LogEncryptionKmsKeyId"] = tokens.key_arn(log_key)
        warn_without_s3(scope, chosen, fleets=fleets)
        network = (*self._groups.rules, *chosen.routes(scope, fleets=fleets))
        return BoundProfile(scope, request | self._shared, self._nodes, self._service, network)

    def _bind_options(
        self, definition: ClusterDefinition, scope: Construct, request: dict[str, Any], scripts: Sequence[Location]
    ) -> None:
        """Prepare options of ``definition`` that most clusters don't have."""
        options = definition.options
        if "cloudwatch_logs" in options:
            logs = bind_logs(options["cloudwatch_logs"], scope, self._nodes, self._encryption_key)
            request["MonitoringConfiguration"]["CloudWatchLogConfiguration"] = logs
        if "step_execution_role" in options:
            role = options["step_execution_role"]
            grant_scripts(reader_of(scope, "RuntimePolicy", cast("iam.IGrantable", role)), scripts)
        if options.get("session_enabled") and self._subnets.is_private:
            self._service.allow_sessions()

    def _bind_instances(self, definition: ClusterDefinition, request: dict[str, Any]) -> None:
        """Allow EMR to launch and scale the nodes of ``definition``."""
        nodes = definition.instances
        if definition.uses_spot:
            self._service.allow_spot()
        if isinstance(nodes, InstanceGroups):
            if nodes.has_auto_scaling_policy or self._auto_scaling.is_for_every_cluster:
                request["AutoScalingRole"] = self._auto_scaling.provide()
        elif nodes.uses_capacity_reservations:
            self._service.allow_capacity_reservations()

    def _warn_untagged(self, what: str, ids: Sequence[str]) -> None:
        # A service role from elsewhere may not require the tag.
        if self._service.is_created:
            warn_untagged(self._profile, what, ids)


def _shared_members(
    nodes: NodeRole,
    service: ServiceRole,
    security_configuration: ISecurityConfiguration | None,
    logs: LogDestination | None,
) -> dict[str, Any]:
    """Return the members of RunJobFlow that all requests of a profile have."""
    request: dict[str, Any] = {"JobFlowRole": nodes.reference, "ServiceRole": service.reference}
    if security_configuration is not None:
        request["SecurityConfiguration"] = security_configuration.security_configuration_name
    if logs is not None:
        request["LogUri"] = logs.uri
    return request
