"""A cluster that CloudFormation launches.

- ``Cluster(self, "Spark", vpc=vpc, applications=[Application.SPARK])`` creates its own profile.
- ``Cluster(self, "Spark", profile=profile, definition=definition)`` shares both.
- ``cluster.add_step(Step.spark("Nightly", script=script))`` submits a step when the stack is deployed.
- ``bucket.grant_read(cluster)``, ``database.connections.allow_default_port_from(cluster)`` connect it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack, cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_emr as emr
from aws_cdk import aws_iam as iam

from .._core.cloudformation import cluster_properties, create_resource
from .._core.errors import EmrError, errors_at
from .._core.input_values import reject_inputs
from .._core.signatures import checked
from .._core.types import check_types
from .._core.unknown import UNKNOWN
from .._core.validations import add_warning
from ..capacity.instance_groups import InstanceGroups
from ..data import load
from .additions import ONE_TASK_FLEET, TASK_FLEET_WITH_GROUPS, TASK_GROUP_WITH_FLEETS, Addition, existing_sets
from .compliance import acknowledge_cluster
from .extensible_cluster import ExtensibleCluster
from .launch_request import (
    check_additions,
    check_launch,
    check_runtime_roles,
    merge_options,
    named_request,
    node_groups,
    profile_or_default,
    validate_location,
)
from .location import ClusterLocation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct, IDependable

    from ..capacity.instance_fleets import InstanceFleet, InstanceFleets
    from ..capacity.instance_groups import InstanceGroup
    from ..security.existing_groups import IClusterSecurityGroups
    from ..steps.logs import StepLogs
    from ..steps.scripts import Location
    from ..steps.steps import Step
    from .cluster_options import ClusterOptions
    from .definition import ClusterDefinition
    from .imported_cluster import ICluster
    from .profile import ClusterProfile

__all__ = ["Cluster"]


class Cluster(ExtensibleCluster):
    """An Amazon EMR cluster on EC2.

        cluster = emr.Cluster(self, "Spark", vpc=vpc, applications=[emr.Application.SPARK])
        bucket.grant_read(cluster)

    The cluster runs until its ``termination`` applies or the stack is deleted. CloudFormation updates in place the
    counts of core and task groups, the targets and the resizing of fleets, managed and automatic scaling, termination,
    step concurrency, unhealthy node replacement and tags. Any other change replaces the cluster, and data in HDFS is
    lost.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-emr-cluster.html
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
        profile: ClusterProfile | None = None,
        definition: ClusterDefinition | None = None,
        removal_policy: cdk.RemovalPolicy = cdk.RemovalPolicy.DESTROY,
        **options: Unpack[ClusterOptions],
    ) -> None:
        """Define a cluster.

        :param vpc: the VPC of the cluster, for which a profile is created. Required unless you pass ``profile``
            or ``subnets``.
        :param vpc_subnets: the subnets of ``vpc`` to choose from. Default: its private subnets.
        :param subnets: some subnets of ``profile`` or, without it and a VPC, the subnets to choose from, with
            ``public`` and ``security_groups``: constructs, IDs or one list token. Instance groups use the first.
            Default: the subnets of ``profile`` or ``vpc``.
        :param public: whether the subnets are public. Required if neither ``vpc`` nor ``profile`` lists them.
        :param security_groups: the security groups, unless you pass ``profile``. Default: groups that are created.
        :param profile: the network, roles, security configuration and logging of the cluster. Default: a profile that
            is created in ``vpc`` or ``subnets``.
        :param definition: the definition of the cluster, which ``options`` override. Default: only ``options``.
        :param removal_policy: what happens to the cluster when it is removed from the stack or replaced. With RETAIN,
            it continues to run (and to be billed) and still requires its profile: define the profile in another stack.
            Default: the cluster is terminated.
        :param options: see ``ClusterOptions``.
        :raises EmrError: arguments can't be combined, or EMR would reject them.
        """
        super().__init__(scope, construct_id)
        check_types(self, removal_policy=(removal_policy, cdk.RemovalPolicy))
        location = ClusterLocation(vpc, vpc_subnets, subnets, public, security_groups)
        validate_location(self, location, profile, definition)
        if removal_policy is cdk.RemovalPolicy.SNAPSHOT:
            raise EmrError("removal_policy must be DESTROY or RETAIN, got SNAPSHOT; use DESTROY", at=self)
        self.definition: ClusterDefinition = merge_options(definition, options, self)
        """The definition of the cluster, including the options."""
        self.has_three_masters: bool = self.definition.instances.has_three_masters
        self.profile: ClusterProfile = profile_or_default(self, location, profile, self.definition)
        """The network, roles, security configuration and logging of the cluster."""
        self._bound = self.profile._bind(self.definition, self, subnets)
        self.run_job_flow_request: Mapping[str, Any] = named_request(self._bound.request, self)
        """The RunJobFlow request that would launch the cluster; its unknown parts are CDK tokens."""
        check_launch(self._launch(), self)
        reject_inputs("a cluster of CloudFormation", self.run_job_flow_request, at=self)
        with errors_at(self):
            properties = cluster_properties(self.run_job_flow_request)
        known = load("cloudformation.json")["resources"]["AWS::EMR::Cluster"]
        self._resource = create_resource(emr.CfnCluster, self, "Resource", properties, newer=known)
        self._resource.apply_removal_policy(removal_policy)
        self._bound.attach(self._resource)
        acknowledge_cluster(self._resource, self.run_job_flow_request, self.profile)

    @staticmethod
    def from_cluster_attributes(
        scope: Construct,
        construct_id: str,
        *,
        cluster_id: str,
        instance_role: iam.IRole | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] = (),
        master_public_dns: str | None = None,
        has_instance_fleets: bool | None = None,
    ) -> ICluster:
        """Import an existing cluster.

        The ID of a cluster changes whenever the cluster is replaced. To follow it, let the stack that owns the cluster
        write it to an SSM parameter, and pass ``ssm.StringParameter.value_for_string_parameter(...)``.
        https://docs.aws.amazon.com/cdk/v2/guide/get-ssm-value.html

        :param cluster_id: ``j-...``, or a token.
        :param instance_role: its instance role. Default: none; no permissions can be granted to the cluster.
        :param security_groups: the security groups of its primary and core nodes. Default: none; connections can't be
            allowed.
        :param master_public_dns: the DNS name of the primary node. Default: not known.
        :param has_instance_fleets: whether the cluster consists of instance fleets instead of instance groups. Default:
            not known; session commands are those for instance groups.
        :raises EmrError: ``cluster_id`` isn't a cluster ID, or another argument is invalid.
        """
        from .imported_cluster import ImportedCluster

        return ImportedCluster(
            scope,
            construct_id,
            cluster_id,
            instance_role,
            security_groups,
            master_public_dns=master_public_dns,
            has_instance_fleets=has_instance_fleets,
        )

    def _read_cluster_id(self) -> str:
        return self._resource.ref

    def _read_principal(self) -> iam.IPrincipal:
        with errors_at(self):
            return self._bound.instance_permissions.principal

    def _read_security_groups(self) -> Sequence[ec2.ISecurityGroup]:
        return node_groups(self.profile, self)

    def _acknowledge_grants(self, reasons: Mapping[str, str]) -> None:
        self._bound.instance_permissions.acknowledge(reasons)

    @property
    def master_public_dns(self) -> str:
        """The DNS name of the primary node, or of one of three.

        It is a private DNS name in a private subnet.
        """
        return self._resource.attr_master_public_dns

    @property
    def cluster_name(self) -> str:
        """The name of the cluster."""
        return cast("str", self.run_job_flow_request["Name"])

    @property
    def security_document(self) -> Mapping[str, Any] | None:
        configuration = self.profile.security_configuration
        return None if configuration is None else configuration.document

    @property
    def encryption_key(self) -> kms.IKey | None:
        return self.profile.encryption_key

    @property
    def has_runtime_roles(self) -> bool:
        from ..rules.authorization import has_runtime_roles

        return has_runtime_roles(self.security_document or {})

    def _launch(self, *, in_template: bool = True) -> dict[str, Any]:
        """Return the cluster with its security configuration, for rules that join the two.

        :param in_template: whether steps are properties of the cluster. Default: true.
        """
        request = self.run_job_flow_request
        if self.definition.termination.keep_alive is None:
            # CloudFormation's default is not the API's.
            request = {**request, "Instances": {**request["Instances"], "KeepJobFlowAliveWhenNoSteps": UNKNOWN}}
        return {"Cluster": request, "SecurityConfiguration": self.security_document, "InTemplate": in_template}

    def _check_step(self, step: Step, *, has_role: bool) -> None:
        members: dict[str, Any] = {"Steps": [each._render() for each in (*self.definition.steps, step)]}
        if has_role:
            check_runtime_roles([step], self.profile, self)
            members["StepExecutionRoleArn"] = UNKNOWN
        check_additions(self._launch(in_template=False), [members], self)
        self._check_alive(f"step {step.name!r}", "steps=[...]")
        if self.definition.termination.idle_timeout_seconds is not None and not self._steps:
            add_warning(
                self,
                "emr-step-after-idle",
                "the cluster is terminated when it is idle, after which deployments that add or change a step fail; "
                "use Termination.manual() for a cluster that runs steps of later deployments, steps=[...] with "
                "Termination.after_steps() for steps that run once, or acknowledge this warning",
            )

    def _check_task_group(self, group: InstanceGroup, condition: cdk.CfnCondition | None) -> None:
        super()._check_task_group(group, condition)
        instances = self.definition.instances
        if not isinstance(instances, InstanceGroups):
            raise EmrError(TASK_GROUP_WITH_FLEETS, at=self)
        self._check_alive("a task group", "instances=InstanceGroups(tasks=[...])")
        if group.auto_scaling_policy is not None and "AutoScalingRole" not in self.run_job_flow_request:
            raise EmrError(
                "an automatic scaling policy requires a cluster that is launched with an Auto Scaling role; pass "
                "auto_scaling_role to the profile, or the task group in instances=...",
                at=self,
            )
        for others in existing_sets(self._task_groups, condition):
            tasks = [*instances.tasks, *(other.value for other in others), group]
            self._check_instances(replace(instances, tasks=tasks))
        if not self._task_groups:
            self._warn_after_idle("instances=InstanceGroups(tasks=[...])")

    def _check_task_fleet(self, fleet: InstanceFleet) -> None:
        super()._check_task_fleet(fleet)
        instances = self.definition.instances
        if isinstance(instances, InstanceGroups):
            raise EmrError(TASK_FLEET_WITH_GROUPS, at=self)
        if instances.task is not None:
            raise EmrError(ONE_TASK_FLEET, at=self)
        self._check_alive("a task fleet", "instances=InstanceFleets(task=...)")
        self._check_instances(replace(instances, task=fleet))
        if not self._task_fleets:
            self._warn_after_idle("instances=InstanceFleets(task=...)")

    def _check_instances(self, instances: InstanceGroups | InstanceFleets) -> None:
        """Check the cluster with other instances."""
        with errors_at(self):
            self.definition.replace(instances=instances)
        launch = self._launch()
        members = {**launch["Cluster"]["Instances"], **instances._render()}
        check_additions(launch, [{"Instances": members}], self)

    def _check_alive(self, added: str, instead: str) -> None:
        # CloudFormation keeps a cluster alive whose template doesn't specify it.
        if self.definition.termination.keep_alive is False:
            raise EmrError(
                f"{added} can't be added to a cluster that is terminated after its steps; pass it in {instead}", at=self
            )

    def _warn_after_idle(self, instead: str) -> None:
        """Warn about task nodes that are added to a cluster that EMR terminates."""
        if self.definition.termination.idle_timeout_seconds is not None:
            add_warning(
                self,
                "emr-task-nodes-after-idle",
                "the cluster is terminated when it is idle, after which deployments that add or change task nodes "
                f"fail; use {instead} to launch them with the cluster, Termination.manual() for a cluster that runs "
                "until later deployments, or acknowledge this warning",
            )

    def _allow_tasks(self, tasks: InstanceGroup | InstanceFleet, /) -> Sequence[IDependable]:
        return self._bound.allow_tasks(tasks)

    def _grant_scripts(self, locations: Sequence[Location]) -> None:
        self._bound.grant_scripts(locations)

    def _grant_logs(self, logs: StepLogs) -> None:
        super()._grant_logs(logs)
        self._bound.describe_log_key(logs)

    def _previous_steps(
        self, condition: cdk.CfnCondition | None
    ) -> tuple[Sequence[IDependable], Sequence[Addition[Step]]]:
        one_at_a_time = self.run_job_flow_request.get("StepConcurrencyLevel", 1) == 1
        return super()._previous_steps(condition) if one_at_a_time else ((), ())

    def _dependencies_of_steps(self) -> Sequence[IDependable]:
        # An added script extends the policy of the nodes in the same deployment.
        return self.profile._node_role.permissions.dependencies_of(self)
