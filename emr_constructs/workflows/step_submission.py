"""A step that a state machine or a schedule submits to an existing cluster.

    submission = StepSubmission(self, "Import", cluster=cluster, step=Step.spark("Import", script=script))
    Schedule(self, "EveryHour", target=submission, schedule=ScheduleExpression.rate(Duration.hours(1)))

    definition = submission.task(self, "Run the import")
    machine = sfn.StateMachine(self, "Jobs", definition_body=sfn.DefinitionBody.from_chainable(definition))
    submission.grant_submit(machine)

The cluster can be an imported one. Unlike ``Cluster.add_step``, nothing runs when the stack is deployed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from .._core.durations import whole_seconds
from .._core.errors import EmrError
from .._core.scopes import check_scope, with_scope_errors
from .._core.signatures import checked
from .._core.types import CLUSTER, ROLE, check_types
from ..security import job_policies
from ..security.permissions import reader_of
from ..software.release_label import ReleaseLabel
from ..steps.steps import Step
from .emr_states import Exit, StateNames, state_title
from .schedule import ScheduledCall
from .step_states import StepStates, cancel_step, submit_step

if TYPE_CHECKING:
    import aws_cdk as cdk

    from ..clusters.imported_cluster import ICluster
    from ..interfaces import IRuntimeRole
    from ..security.policies import Statement

__all__ = ["StepSubmission"]


class StepSubmission(Construct):
    """A step that a schedule or a state machine submits to an existing cluster."""

    @with_scope_errors
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: ICluster,
        step: Step,
        runtime_role: IRuntimeRole | None = None,
    ) -> None:
        """Define the submission, and allow the role of the step to read its scripts.

        :param cluster: a cluster that must be running when the step is submitted.
        :param step: the step to submit.
        :param runtime_role: the role that the step runs with. Default: the instance role of the cluster.
        :raises EmrError: the cluster doesn't support the step, or the step uses inputs.
        """
        check_scope(scope, construct_id)
        super().__init__(scope, construct_id)
        check_types(
            self,
            cluster=(cluster, CLUSTER),
            step=(step, Step),
            runtime_role=(runtime_role, ROLE, None),
        )
        self.cluster: ICluster = cluster
        """The cluster that runs the steps."""
        self._role_arn = None if runtime_role is None else runtime_role.role_arn
        reader = None if runtime_role is None else reader_of(self, "RuntimePolicy", runtime_role)
        self._step = cluster._bind_step(step, self, "Script", reader=reader)

    @checked
    def grant_submit(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow ``grantee`` to submit steps with the role of this step.

        Includes viewing and canceling steps.
        """
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

    @checked
    def task(
        self, scope: Construct, construct_id: str, *, wait: bool = True, timeout: cdk.Duration | None = None
    ) -> sfn.CustomState:
        """Define a state that submits the step; its output has the ``StepId``.

        The execution never terminates the cluster, even if the step fails. If the execution is stopped, the
        step continues to run; see ``cancel_task``.
        https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html

        :param wait: whether the state waits until the step has run, and fails if the step fails. Default: true.
        :param timeout: the time after which the step is canceled and the state fails with the error ``StepTimedOut``.
            What the step has started may still be running then, such as a Spark application in cluster mode. Canceling
            a step that runs requires emr-5.28.0. Default: no limit.
        :raises EmrError: the timeout is less than a second, it is specified without ``wait``, or the release of the
            cluster can't cancel a step that runs.
        """
        if not wait and timeout is not None:
            raise EmrError("timeout requires wait=True, got wait=False; remove one of them", at=self)
        cluster_id = self.cluster.cluster_id
        if not wait:
            submission = submit_step(self._step, cluster_id, self._role_arn)
            return _state(scope, construct_id, {**submission, "Output": {"StepId": "{% $states.result.StepIds[0] %}"}})
        seconds = None if timeout is None else whole_seconds("the timeout", timeout)
        if seconds is not None and seconds < 1:
            raise EmrError(f"timeout must be 1 second or more, got {seconds}; increase it", at=self)
        if seconds is not None:
            self._check_cancel()
        title = state_title(construct_id)
        succeeded, failed = (f"{title} {outcome}" for outcome in ("succeeded", "failed"))
        states = StepStates(
            self._step["Name"],
            StateNames([succeeded, failed]),
            cluster_id=cluster_id,
            title=title,
            prefix="emrStep",
            role_arn=self._role_arn,
            timeout_seconds=seconds,
        )
        way_out = Exit(states.failure, failed)
        inner = states.render(
            self._step, following=succeeded, failed=way_out, unknown=way_out, wait_until_canceled=True
        )
        inner[succeeded] = {"Type": "Succeed", "Output": {"StepId": "{% $emrStepId %}"}}
        inner[failed] = {
            "Type": "Fail",
            "Error": f"{{% ${states.failure}.Error %}}",
            "Cause": f"{{% ${states.failure}.Cause %}}",
        }
        # A separate branch has its own variables, and is a single state.
        branch = {
            "StartAt": states.entry,
            "States": {name: {"QueryLanguage": "JSONata", **state} for name, state in inner.items()},
        }
        parallel = {"Type": "Parallel", "Branches": [branch], "Output": "{% $states.result[0] %}"}
        return _state(scope, construct_id, parallel)

    @checked
    def cancel_task(self, scope: Construct, construct_id: str, *, step_id: str) -> sfn.CustomState:
        """Define a state that cancels a step that is pending or running.

        :param step_id: a JSONata expression, such as ``{% $states.input.StepId %}``.
        :raises EmrError: ``step_id`` isn't a JSONata expression.
        """
        found = re.fullmatch(r"\{%\s*(\S.*?)\s*%\}", step_id, re.DOTALL)
        if found is None:
            raise EmrError(
                f"step_id must be a JSONata expression, got {step_id!r}; use '{{% $states.input.StepId %}}'", at=self
            )
        return _state(scope, construct_id, cancel_step(self.cluster.cluster_id, found[1]))

    def _scheduled_call(self, given: Mapping[str, Any]) -> ScheduledCall:
        """Return the call of a ``Schedule``: AddJobFlowSteps, without waiting.

        The target is ``arn:<partition>:scheduler:::aws-sdk:emr:addJobFlowSteps``; its input is the request of the EMR
        API in PascalCase, with ``JobFlowId`` and ``Steps``.
        https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html

        :raises EmrError: ``given`` isn't empty.
        """
        if given:
            raise EmrError(
                f"input of the schedule must be empty for a StepSubmission, got {dict(given)!r}; remove it", at=self
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

    def _check_cancel(self) -> None:
        label = (self.cluster.run_job_flow_request or {}).get("ReleaseLabel")
        if label is not None and not ReleaseLabel.of(label).supports("cancel_running_steps"):
            raise EmrError(
                f"timeout requires emr-5.28.0 or later, which can cancel running steps, got {label}; remove it, or use "
                "a later release",
                at=self,
            )

    def _follow_steps(self) -> list[Statement]:
        roles = [] if self._role_arn is None else [self._role_arn]
        return job_policies.follow_steps(self.cluster.cluster_arn, roles)


def _state(scope: Construct, construct_id: str, state: Mapping[str, Any]) -> sfn.CustomState:
    """Return a state for state machines with either query language."""
    return sfn.CustomState(scope, construct_id, state_json={"QueryLanguage": "JSONata", **state})
