"""A cluster that CloudFormation launches and keeps.

- ``Cluster(self, "Spark", vpc=vpc, applications=[Application.SPARK])`` makes a profile of its own.
- ``Cluster(self, "Spark", profile=profile, definition=definition)`` shares both.
- ``cluster.add_step(Step.spark("Nightly", script=script))`` gives it work with the deployment.
- ``bucket.grant_read(cluster)``, ``database.connections.allow_default_port_from(cluster)`` connect it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack, cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_emr as emr
from aws_cdk import aws_iam as iam

from .._core import tokens
from .._core.cloudformation import cluster_properties, l1_arguments
from .._core.errors import EmrError, errors_at
from .._core.input_values import reject_inputs
from .._core.signatures import checked
from .._core.types import check_types
from ..capacity.instance_fleets import InstanceFleets
from ..capacity.instance_groups import InstanceGroups
from ..rules import enforce
from ..rules.security_configuration import LAUNCH, is_encrypted_in_transit, is_local_disk_encrypted
from ..security import nag_findings, policies
from ..security.security_groups import ClusterSecurityGroups
from .base import ClusterBase
from .imported_cluster import ICluster, ImportedCluster
from .launch_request import (
    check_launch,
    merge_options,
    node_groups,
    profile_or_default,
    run_job_flow_request,
    validate_location,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct, IDependable

    from ..capacity.instance_fleets import InstanceFleet
    from ..capacity.instance_groups import InstanceGroup
    from ..security.permissions import RolePermissions
    from ..steps.logs import StepLogs
    from ..steps.scripts import Location
    from ..steps.steps import Step
    from .definition import ClusterDefinition, ClusterOptions
    from .profile import ClusterProfile

__all__ = ["Cluster"]


class Cluster(ClusterBase):
    """A cluster on EC2 that lives as long as its ``termination`` says, at most as long as the stack.

    CloudFormation changes in place: the counts of core and task groups, the targets of fleets and how they are resized,
    managed and automatic scaling, termination, step concurrency, unhealthy node replacement and tags. Any other change
    replaces the cluster, and what is on its disks (HDFS) is lost.
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
        profile: ClusterProfile | None = None,
        definition: ClusterDefinition | None = None,
        removal_policy: cdk.RemovalPolicy = cdk.RemovalPolicy.DESTROY,
        **options: Unpack[ClusterOptions],
    ) -> None:
        """Define a cluster.

        :param vpc: where the cluster runs, in a profile of its own. Needed unless ``profile`` is given.
        :param vpc_subnets: the subnets of ``vpc`` to choose from. Default: its private subnets.
        :param profile: where the cluster runs and under whose authority.
        :param definition: what runs; ``options`` override it.
        :param removal_policy: what happens to the cluster when it is removed from the stack or replaced: it is
            terminated (the default), or runs on and costs (RETAIN), for which the profile has to stay too: keep it
            in another stack.
        :param options: see :class:`ClusterOptions`.
        :raises EmrError: the arguments contradict each other, or EMR would refuse them.
        """
        super().__init__(scope, construct_id)
        check_types(self, removal_policy=(removal_policy, cdk.RemovalPolicy))
        validate_location(self, vpc=vpc, vpc_subnets=vpc_subnets, profile=profile, definition=definition)
        if removal_policy is cdk.RemovalPolicy.SNAPSHOT:
            raise EmrError("the removal policy is SNAPSHOT, which clusters do not have; use DESTROY or RETAIN", at=self)
        self.definition: ClusterDefinition = merge_options(definition, options, self)
        self.profile: ClusterProfile = profile_or_default(self, vpc, vpc_subnets, profile, self.definition)
        self.run_job_flow_request: Mapping[str, Any] = run_job_flow_request(self.definition, self.profile, self)
        """The cluster as the request by which the EMR API would launch it; its unknown parts are CDK tokens."""
        check_launch(self._launch(), self)
        reject_inputs("a cluster of CloudFormation", self.run_job_flow_request, at=self)
        self._resource = emr.CfnCluster(
            self, "Resource", **l1_arguments(emr.CfnCluster, cluster_properties(self.run_job_flow_request))
        )
        self._resource.apply_removal_policy(removal_policy)
        self._resource.node.add_dependency(*self.profile.dependencies_of(self.definition, self))
        self.profile.wait_for_grants(self._resource, of=self)
        self._acknowledge()

    @staticmethod
    def from_cluster_attributes(
        scope: Construct,
        construct_id: str,
        *,
        cluster_id: str,
        instance_role: iam.IRole | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] = (),
    ) -> ICluster:
        """A cluster that exists already.

        :param cluster_id: ``j-...``
        :param instance_role: the role of its nodes; without it nothing can be granted to the cluster.
        :param security_groups: those of master and core nodes; without them no connection can be allowed.
        :raises EmrError: the id is empty.
        """
        return ImportedCluster(scope, construct_id, cluster_id, instance_role, security_groups)

    def _read_cluster_id(self) -> str:
        return self._resource.ref

    def _read_principal(self) -> iam.IPrincipal:
        return self._instance_permissions.principal

    def _read_security_groups(self) -> Sequence[ec2.ISecurityGroup]:
        return node_groups(self.profile, self)

    @cached_property
    def _instance_permissions(self) -> RolePermissions:
        return self.profile.instance_permissions.in_stack_of(self)

    def _acknowledge_grants(self, reasons: Mapping[str, str]) -> None:
        self._instance_permissions.acknowledge(reasons)

    @property
    def master_public_dns(self) -> str:
        """The DNS name of the master node, a private one in a private subnet; of one of them where there are three."""
        return self._resource.attr_master_public_dns

    @property
    def cluster_name(self) -> str:
        """The name that EMR shows."""
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
        authorization = (self.security_document or {}).get("AuthorizationConfiguration", {})
        return "IAMConfiguration" in authorization

    def _launch(self, **members: Any) -> dict[str, Any]:
        """The cluster with its security configuration, for rules that join the two."""
        request = {**self.run_job_flow_request, **members}
        return {"Cluster": request, "SecurityConfiguration": self.security_document}

    def _acknowledge(self) -> None:
        document = self.security_document or {}
        known: dict[str, str] = {}
        if is_local_disk_encrypted(document):
            known |= nag_findings.ENCRYPTED_DISKS
        if is_encrypted_in_transit(document):
            known |= nag_findings.ENCRYPTED_TRAFFIC
        request = self.run_job_flow_request
        without_key = "Ec2KeyName" not in request["Instances"] and "KerberosAttributes" not in request
        # Of groups that were made elsewhere nobody knows here what they let in.
        if without_key and isinstance(self.profile.security_groups, ClusterSecurityGroups):
            known |= nag_findings.SESSIONS_ALONE if self.profile.has_sessions else nag_findings.NO_LOGIN
        if known:
            nag_findings.acknowledge(self._resource, known)

    def _check_step(self, step: Step) -> None:
        with errors_at(self):
            enforce(LAUNCH, self._launch(Steps=[each.render() for each in (*self.definition.steps, step)]))
        self._check_alive(f"the step {step.name!r}", "steps=[...]")
        if self.definition.termination.idle_timeout_seconds is not None and not self._steps:
            cdk.Validations.of(self).add_warning(
                "emr-step-after-idle",
                "the cluster ends when it is idle, and a deployment that adds or changes a step fails once it is gone; "
                "use Termination.manual() for a cluster that takes steps with later deployments, steps=[...] with "
                "Termination.after_steps() for steps that run once, or acknowledge this warning",
            )

    def _check_task_group(self, group: InstanceGroup) -> None:
        super()._check_task_group(group)
        instances = self.definition.instances
        if not isinstance(instances, InstanceGroups):
            raise EmrError("the cluster consists of instance fleets; add a task fleet with add_task_fleet", at=self)
        self._check_alive("a task group", "instances=InstanceGroups(tasks=[...])")
        with errors_at(self):
            tasks = [*instances.tasks, *self._task_groups.values(), group]
            self.definition.replace(instances=replace(instances, tasks=tasks))
        if group.auto_scaling_policy is not None and "AutoScalingRole" not in self.run_job_flow_request:
            raise EmrError(
                "the task group has an automatic scaling policy and the cluster has no autoscaling role, which it can "
                "only be launched with; give auto_scaling_role to the profile, or the group in instances=...",
                at=self,
            )

    def _check_task_fleet(self, fleet: InstanceFleet) -> None:
        super()._check_task_fleet(fleet)
        instances = self.definition.instances
        if not isinstance(instances, InstanceFleets):
            raise EmrError("the cluster consists of instance groups; add a task group with add_task_group", at=self)
        if instances.task is not None:
            raise EmrError("the cluster has a task fleet already, and takes one only; extend that one", at=self)
        self._check_alive("a task fleet", "instances=InstanceFleets(task=...)")
        with errors_at(self):
            self.definition.replace(instances=replace(instances, task=fleet))

    def _check_alive(self, added: str, instead: str) -> None:
        if not self.definition.termination.keep_alive:
            raise EmrError(
                f"the cluster ends after its own steps, before {added} can be added; give it in {instead}", at=self
            )

    def _allow_tasks(self, tasks: InstanceGroup | InstanceFleet, /) -> Sequence[IDependable]:
        return self.profile.allow_tasks(tasks, self)

    def _grant_scripts(self, locations: Sequence[Location]) -> None:
        self.profile.grant_scripts(locations, self)

    def _grant_logs(self, logs: StepLogs) -> None:
        super()._grant_logs(logs)
        if logs.encryption_key is not None:
            self.profile.service_permissions.in_stack_of(self).allow(
                policies.describe_key([tokens.key_arn(logs.encryption_key)])
            )

    def _dependencies_of_steps(self) -> Sequence[IDependable]:
        one_at_a_time = self.run_job_flow_request.get("StepConcurrencyLevel", 1) == 1
        after = super()._dependencies_of_steps() if one_at_a_time else []
        # An added script extends the policy of the nodes in the same deployment.
        return [*after, *self.profile.instance_permissions.dependencies_of(self)]
