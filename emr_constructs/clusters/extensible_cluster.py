"""Steps, task groups and task fleets that deployments add to a cluster of the app or an imported one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_emr as emr
from aws_cdk import aws_iam as iam

from .._core.cloudformation import step_properties, task_fleet_properties, task_group_properties
from .._core.errors import EmrError, report
from .._core.input_values import reject_inputs
from .._core.signatures import check_calls
from ..rules import check
from ..security.grants import grant_scripts
from .additions import (
    ONE_TASK_FLEET,
    TASK_FLEET_WITH_GROUP,
    TASK_GROUP_WITH_FLEET,
    Addition,
    addition_id,
    check_added_group,
    check_alone,
    create_addition,
    previous,
    wait_if_created,
)
from .base import ClusterBase
from .launch_request import render_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct, IDependable

    from ..capacity.instance_fleets import InstanceFleet
    from ..capacity.instance_groups import InstanceGroup
    from ..steps.logs import StepLogs
    from ..steps.scripts import Location
    from ..steps.steps import Step

__all__ = ["ExtensibleCluster"]


@check_calls
class ExtensibleCluster(ClusterBase):
    """A cluster to which deployments add steps, task groups and task fleets."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._steps: list[Addition[Step]] = []
        self._task_groups: list[Addition[InstanceGroup]] = []
        self._task_fleets: list[Addition[InstanceFleet]] = []

    def add_step(
        self, step: Step, *, construct_id: str | None = None, condition: cdk.CfnCondition | None = None
    ) -> emr.CfnStep:
        """Submit ``step`` when the stack is deployed, after the previous steps.

        A changed step runs again; a step that is removed isn't canceled or rolled back. The cluster must be running.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-emr-step.html

        :param step: the step, whose scripts the nodes are allowed to read.
        :param construct_id: the ID of the resource. Default: derived from the name of the step and the condition.
        :param condition: the condition under which the step is submitted. Default: always.
        :raises EmrError: the cluster already has a step with this ID, the cluster doesn't support the step, or the
            condition is in another stack.
        """
        from ..rules.additions import ADDITION

        failure = step.action_on_failure
        if failure is None:
            raise EmrError(
                f"action_on_failure of step {step.name!r} must be set for a step that is added to a cluster, got None; "
                "use ActionOnFailure.CONTINUE",
                at=self,
            )
        step_id = addition_id(self, "Step", step.name, construct_id, condition)
        properties = step_properties(self._bind_step(step, self, f"{step_id}.Script"), self.cluster_id)
        before, maybe_before = self._previous_steps(condition)
        needed = [*before, *self._dependencies_of_steps()]
        resource = create_addition(emr.CfnStep, self, step_id, properties, condition=condition, dependencies=needed)
        wait_if_created(resource, maybe_before)
        self._steps.append(Addition(step, resource, condition))
        report(check(ADDITION, {"ActionOnFailure": str(failure)}, in_library=True), self)
        return resource

    def _bind_step(
        self, step: Step, scope: Construct, prefix: str, *, reader: iam.IGrantable | None = None
    ) -> dict[str, Any]:
        """Return ``step`` as ``StepConfig`` of the EMR API.

        Local files of the step become assets of ``scope``.

        :param prefix: of the IDs of the assets.
        :param reader: the principal that reads the scripts. Default: the instance role.
        :raises EmrError: the cluster doesn't support the step.
        """
        self._check_step(step, has_role=reader is not None)
        reject_inputs(f"the step {step.name!r}", step._render(), at=scope)
        rendered, locations = render_step(step, scope, prefix)
        if reader is None:
            self._grant_scripts(locations)
        else:
            grant_scripts(reader, locations)
        if step.logs is not None:
            self._grant_logs(step.logs)
        return rendered

    def add_task_group(
        self, group: InstanceGroup, *, construct_id: str | None = None, condition: cdk.CfnCondition | None = None
    ) -> emr.CfnInstanceGroupConfig:
        """Add a task group to a running cluster when the stack is deployed.

        The cluster must consist of instance groups. Use it for imported clusters, and for a group whose changes must
        not replace the cluster; other task groups are in the ``instances`` of the cluster. The count and the automatic
        scaling policy are updated in place. Any other change adds a group: EMR can't delete groups, so the old group
        remains with 0 nodes and counts toward the limit of 48.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-emr-instancegroupconfig.html

        :param group: an automatic scaling policy requires a cluster that was launched with an Auto Scaling role.
            Secrets in its configurations require a service role that can read them, and the first Spot Instances of an
            account require one that can create their service-linked role. The role of an imported cluster is not
            changed.
        :param construct_id: the ID of the resource. Default: derived from the name of the group and the condition.
        :param condition: the condition under which the group is added. Groups with different conditions can have the
            same name. Default: always.
        :raises EmrError: the cluster has a group with this ID, doesn't support the group, or the condition is in
            another stack.
        """
        name = group.name if isinstance(group.name, str) else ""
        group_id = addition_id(self, "TaskGroup", name, construct_id, condition)
        check_alone(self._task_fleets, condition, TASK_GROUP_WITH_FLEET, at=self)
        self._check_task_group(group, condition)
        rendered = group._render("TASK")
        reject_inputs("the task group", rendered, at=self)
        properties = task_group_properties(rendered, self.cluster_id)
        needed = self._allow_tasks(group)
        resource = create_addition(
            emr.CfnInstanceGroupConfig, self, group_id, properties, condition=condition, dependencies=needed
        )
        self._task_groups.append(Addition(group, resource, condition))
        return resource

    def add_task_fleet(
        self, fleet: InstanceFleet, *, construct_id: str | None = None, condition: cdk.CfnCondition | None = None
    ) -> emr.CfnInstanceFleetConfig:
        """Add a task fleet to a running cluster when the stack is deployed.

        The cluster must consist of instance fleets. A cluster has at most one task fleet, which EMR can't delete: only
        changes to its targets and its resizing can be deployed later. An added fleet has up to 5 instance types.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-emr-instancefleetconfig.html

        :param fleet: capacity reservations, and secrets in its configurations, require a service role that can use
            them, and the first Spot Instances of an account require one that can create their service-linked role. The
            role of an imported cluster is not changed.
        :param construct_id: the ID of the resource. Default: ``TaskFleet``, and the ID of the condition.
        :param condition: the condition under which the fleet is added. A cluster can have several fleets whose
            conditions exclude each other. Default: always.
        :raises EmrError: the cluster has a task fleet, doesn't support the fleet, or the condition is in another stack.
        """
        check_alone(self._task_fleets, condition, ONE_TASK_FLEET, at=self)
        check_alone(self._task_groups, condition, TASK_FLEET_WITH_GROUP, at=self)
        fleet_id = addition_id(self, "TaskFleet", "", construct_id, condition)
        self._check_task_fleet(fleet)
        rendered = fleet._render("TASK")
        reject_inputs("the task fleet", rendered, at=self)
        properties = task_fleet_properties(rendered, self.cluster_id)
        needed = self._allow_tasks(fleet)
        resource = create_addition(
            emr.CfnInstanceFleetConfig, self, fleet_id, properties, condition=condition, dependencies=needed
        )
        self._task_fleets.append(Addition(fleet, resource, condition))
        return resource

    def _check_step(self, step: Step, *, has_role: bool) -> None:  # noqa: ARG002
        """Check that ``step`` can run on this cluster.

        :param has_role: whether it runs with a runtime role.
        """
        report(check("StepConfig", step._render(), in_library=True), self)

    def _grant_scripts(self, locations: Sequence[Location]) -> None:
        """Allow the nodes to read the scripts of a step."""

    def _grant_logs(self, logs: StepLogs) -> None:
        """Allow the nodes to write the logs of a step."""
        self.grants.write_logs(logs.bucket, logs.prefix, logs.encryption_key)

    def _previous_steps(
        self, condition: cdk.CfnCondition | None
    ) -> tuple[Sequence[IDependable], Sequence[Addition[Step]]]:
        """Return the step that the next step depends on, and those that it waits for if they are created."""
        return previous(self._steps, condition)

    def _dependencies_of_steps(self) -> Sequence[IDependable]:
        """Return the other resources that a step depends on."""
        return ()

    def _check_task_group(self, group: InstanceGroup, condition: cdk.CfnCondition | None) -> None:
        """Check that ``group`` can be added to this cluster."""
        check_added_group(group, self._task_groups, condition, self)

    def _check_task_fleet(self, fleet: InstanceFleet) -> None:
        """Check that ``fleet`` can be added to this cluster."""
        from ..rules.fleets import ADD_FLEET

        report(check(ADD_FLEET, {"InstanceFleet": fleet._render("TASK")}, in_library=True), self)

    def _allow_tasks(self, _tasks: InstanceGroup | InstanceFleet, /) -> Sequence[IDependable]:
        """Allow EMR to launch the tasks; returns what their resource depends on."""
        return ()
