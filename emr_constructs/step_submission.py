"""A step for a cluster that exists, submitted by a state machine or a schedule.

    submission = StepSubmission(self, "Import", cluster=cluster, step=Step.spark("Import", script=script))
    Schedule(self, "EveryHour", target=submission, schedule=ScheduleExpression.rate(Duration.hours(1)))

    definition = submission.task(self, "Run the import")
    machine = sfn.StateMachine(self, "Jobs", definition_body=sfn.DefinitionBody.from_chainable(definition))
    submission.grant_submit(machine)

The cluster can be an imported one. Unlike :meth:`Cluster.add_step`, nothing runs when the stack is deployed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from ._errors import EmrError
from ._types import ROLE, require
from .cluster_base import ClusterBase
from .security import job_policies
from .security.permissions import reader_of
from .work.schedule import ScheduledCall
from .work.states import add_step, cancel_step
from .work.steps import Step

if TYPE_CHECKING:
    from .security.policies import Statement
    from .work.tasks import ExecutionRole

__all__ = ["StepSubmission"]


class StepSubmission(Construct):
    """A step that is submitted to a cluster whenever somebody asks for it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: ClusterBase,
        step: Step,
        runtime_role: ExecutionRole | None = None,
    ) -> None:
        """Define the submission; scripts of the step become readable by who runs it.

        :param cluster: a cluster that is alive when the step is submitted.
        :param step: what runs.
        :param runtime_role: what the step may do. Default: what the nodes may do.
        :raises EmrError: the step does not fit the cluster, or takes inputs.
        """
        super().__init__(scope, construct_id)
        require(
            self,
            cluster=(cluster, ClusterBase),
            step=(step, Step),
            runtime_role=(runtime_role, ROLE, None),
        )
        self.cluster: ClusterBase = cluster
        self._role_arn = None if runtime_role is None else runtime_role.role_arn
        reader = None if runtime_role is None else reader_of(self, "RuntimePolicy", runtime_role)
        self._step = cluster.bind_step(step, self, "Script", reader=reader)

    def grant_submit(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let ``grantee`` submit steps to the cluster, with the role of this step alone, follow and cancel them."""
        first, *others = (
            iam.Grant.add_to_principal(
                grantee=grantee,
                actions=statement["Action"],
                resource_arns=statement["Resource"],
                conditions=statement.get("Condition"),
            )
            for statement in self._follow_steps()
        )
        for other in others:
            first = first.combine(other)
        return first

    def task(self, scope: Construct, construct_id: str, *, wait: bool = True) -> sfn.CustomState:
        """A state that submits the step; its output has the ``StepId``.

        https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html

        :param wait: whether the state waits until the step has run, and fails where the step does. An execution that
            is stopped meanwhile cancels the step. Default: it waits.
        """
        state = add_step(self._step, self.cluster.cluster_id, self._role_arn, wait=wait)
        return _state(scope, construct_id, state)

    def cancel_task(self, scope: Construct, construct_id: str, *, step_id: str) -> sfn.CustomState:
        """A state that cancels a step that waits or runs.

        :param step_id: a JSONata expression, such as ``{% $states.input.StepId %}``.
        """
        return _state(scope, construct_id, cancel_step(self.cluster.cluster_id, step_id))

    def scheduled_call(self, given: Mapping[str, Any]) -> ScheduledCall:
        """What a :class:`Schedule` calls: AddJobFlowSteps, without waiting for the step.

        :raises EmrError: an input is given, which a step does not take.
        """
        if given:
            raise EmrError(
                f"the schedule gives the input {dict(given)!r}, which a step does not take; leave it out", at=self
            )
        request: dict[str, Any] = {"JobFlowId": self.cluster.cluster_id, "Steps": [self._step]}
        if self._role_arn is not None:
            request["ExecutionRoleArn"] = self._role_arn
        add, _ = self._follow_steps()
        return ScheduledCall(
            [add],
            lambda role, queue: targets.Universal(
                service="emr",
                action="addJobFlowSteps",
                input=scheduler.ScheduleTargetInput.from_object(request),
                policy_statements=[iam.PolicyStatement.from_json(add)],
                role=role,
                dead_letter_queue=queue,
            ),
        )

    def _follow_steps(self) -> list[Statement]:
        roles = [] if self._role_arn is None else [self._role_arn]
        return job_policies.follow_steps(self.cluster.cluster_arn, roles)


def _state(scope: Construct, construct_id: str, state: Mapping[str, Any]) -> sfn.CustomState:
    """A state that can stand in a state machine with either query language."""
    return sfn.CustomState(scope, construct_id, state_json={"QueryLanguage": "JSONata", **state})
