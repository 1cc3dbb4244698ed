"""Schedules for transient clusters, step submissions and state machines.

    at_two = ScheduleExpression.cron(minute="0", hour="2", time_zone=TimeZone.EUROPE_ZURICH)
    Schedule(self, "EveryNight", target=job, schedule=at_two, flexible_window=Duration.minutes(15))

The target is a ``TransientCluster``, a ``StepSubmission`` or any state machine. ``enabled=False`` pauses it.
Schedules of one target share a dead-letter queue. A job's key encrypts its queue, and one key in each stack the others,
because each key is billed every month.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from .._core import tokens
from .._core.durations import whole_seconds
from .._core.errors import EmrError
from .._core.input_values import reject_inputs
from .._core.scopes import check_scope, with_scope_errors
from .._core.types import DURATION, KEY, Interface, check_types, implements
from .._core.validations import add_warning
from .._core.values import value_class
from ..monitoring.dead_letters import DeadLetterQueue, dead_letter_key
from ..security import job_policies
from ..security.permissions import RolePermissions
from .scheduled_inputs import schedule_warnings, sent_input, time_zone_problems

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sqs as sqs
    from constructs import Node

    from ..security.policies import Statement
    from .inputs import JobInput

__all__ = ["Schedulable", "Schedule", "ScheduledCall", "start_execution"]

_DAY_IN_MINUTES: Final = 24 * 60
_WORK: Final = Interface(
    "a TransientCluster, a StepSubmission", "_scheduled_call", example="TransientCluster(...), StepSubmission(...)"
)
_STATE_MACHINE: Final = Interface(
    "an sfn.IStateMachine", "state_machine_arn", example="sfn.StateMachine.from_state_machine_arn(...)"
)
_EXPRESSION: Final = Interface("a ScheduleExpression", "expression_string", example="ScheduleExpression.cron(...)")


@value_class
class ScheduledCall:
    """The call of a schedule."""

    statements: list[Statement]
    """The permissions that the call requires."""

    target: Callable[[iam.IRole, sqs.IQueue], scheduler.IScheduleTarget]
    """Return the target for the role of the schedule and the queue for failed invocations."""

    encryption_key: kms.IKey | None = None
    """The key of the job, which also encrypts the dead letters of its schedules. None if the target has no key."""
    inputs: Sequence[JobInput] = ()
    """The inputs of the job."""


class Schedulable(Protocol):
    """A construct that a schedule can start."""

    @property
    def node(self) -> Node:
        """The construct node."""
        ...

    def _scheduled_call(self, given: Mapping[str, Any]) -> ScheduledCall:
        """Return the call that starts the construct with the input ``given``."""
        ...


def start_execution(
    state_machine: sfn.IStateMachine,
    given: Mapping[str, Any],
    encryption_key: kms.IKey | None = None,
    inputs: Sequence[JobInput] = (),
) -> ScheduledCall:
    """Return the call that starts a state machine.

    :param encryption_key: the key of the job of the state machine. Default: none.
    :param inputs: the inputs of that job. Default: none.
    """
    # Without an input, the scheduler would send a default input.
    sent = scheduler.ScheduleTargetInput.from_object(sent_input(inputs, given))
    return ScheduledCall(
        [job_policies.start_executions(state_machine.state_machine_arn)],
        lambda role, queue: targets.StepFunctionsStartExecution(
            state_machine, input=sent, role=role, dead_letter_queue=queue
        ),
        encryption_key,
        inputs,
    )


class Schedule(Construct):
    """An EventBridge Scheduler schedule with a role that can only start its target."""

    @with_scope_errors
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: Schedulable | sfn.IStateMachine,
        schedule: scheduler.ScheduleExpression,
        input: Mapping[str, Any] | None = None,  # noqa: A002  (the word of EventBridge and Step Functions)
        enabled: bool = True,
        flexible_window: cdk.Duration | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        """Define the schedule.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html

        :param target: the job, step submission or state machine to start.
        :param schedule: ``ScheduleExpression.cron(...)``, ``.rate(...)`` or ``.at(...)``, with a time zone. The
            schedule doesn't invoke the target at a local time that daylight saving time skips.
        :param input: the input of the execution. A job with a ``JobInput.date`` also gets the scheduled time.
            Default: no further input.
        :param enabled: whether the schedule is enabled or paused. Default: true.
        :param flexible_window: the time window in which the target can start, 1 minute to 1 day. Default: no window.
        :param start: the time before which the target isn't invoked, with a time zone. Default: no start time.
        :param end: the time after which the target isn't invoked, with a time zone. Default: no end time.
        :param encryption_key: encrypts failed invocations in a dead-letter queue that only this schedule uses.
            Default: the schedules of a target share a queue in each stack. In the stack of a ``TransientCluster``,
            its key encrypts the queue, otherwise a key that the queues of the stack share, that is rotated every year
            and deleted with the stack.
        :raises EmrError: a time has no time zone, the end isn't after the start, the window is out of range, the job
            rejects the input, or the job has a date in another time zone.
        """
        check_scope(scope, construct_id)
        super().__init__(scope, construct_id)
        check_types(
            self,
            target=(target, _WORK, _STATE_MACHINE),
            schedule=(schedule, _EXPRESSION),
            input=(input, Mapping, None),
            enabled=(enabled, bool),
            flexible_window=(flexible_window, DURATION, None),
            start=(start, datetime, None),
            end=(end, datetime, None),
            encryption_key=(encryption_key, KEY, None),
        )
        problems = [
            f"{name} of the schedule must have a time zone, got {time.isoformat()}; use a value such as "
            "datetime(..., tzinfo=ZoneInfo('Europe/Zurich'))"
            for name, time in {"start": start, "end": end}.items()
            if time is not None and time.tzinfo is None
        ]
        if not problems and start is not None and end is not None and end <= start:
            problems.append(f"end of the schedule must be after start, got {end.isoformat()}; specify a later end")
        doubts: list[tuple[str, str]] = []
        try:
            window = _window(flexible_window)
            given = {} if input is None else dict(input)
            reject_inputs("the input of the schedule", given)
            call = _call(target, given)
            problems += time_zone_problems(call.inputs, given, schedule)
            if not problems:
                doubts = list(schedule_warnings(call.inputs, given, schedule, start=start, end=end))
        except EmrError as error:
            problems += error.problems
        if problems:
            raise EmrError(problems, at=self)
        for warning_id, message in doubts:
            add_warning(self, warning_id, message)

        if encryption_key is None:
            self.dead_letters: DeadLetterQueue = _shared_dead_letters(self, target, call.encryption_key)
            """The dead-letter queue for failed invocations."""
        else:
            self.dead_letters = DeadLetterQueue(self, "DeadLetters", encryption_key=encryption_key)
        conditions = {
            "StringEquals": {
                "aws:SourceAccount": tokens.account(),
                "aws:SourceArn": tokens.arn("scheduler", "schedule-group/default"),
            }
        }
        self.role: iam.Role = iam.Role(
            self,
            "Role",
            description="Allows EventBridge Scheduler to start jobs on Amazon EMR",
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com", conditions=conditions),
        )
        """The role with which EventBridge Scheduler starts the job."""
        key_arn = tokens.key_arn(self.dead_letters.encryption_key)
        sending = job_policies.send_messages(self.dead_letters.queue.queue_arn, key_arn)
        permissions = RolePermissions(self, "Policy", self.role, [*call.statements, *sending])
        self.schedule: scheduler.Schedule = scheduler.Schedule(
            self,
            "Schedule",
            schedule=schedule,
            # By default, CDK creates an inline policy, which compliance checkers reject.
            target=call.target(self.role.without_policy_updates(), self.dead_letters.queue),
            enabled=enabled,
            time_window=window,
            start=start,
            end=end,
        )
        """The schedule of EventBridge Scheduler."""
        self.schedule.node.add_dependency(*permissions.dependencies)


def _call(target: Schedulable | sfn.IStateMachine, given: Mapping[str, Any]) -> ScheduledCall:
    if implements(target, _WORK.member):
        return cast("Schedulable", target)._scheduled_call(given)
    return start_execution(cast("sfn.IStateMachine", target), given)


def _shared_dead_letters(
    schedule: Construct, target: Schedulable | sfn.IStateMachine, key: kms.IKey | None
) -> DeadLetterQueue:
    """Return the queue that the schedules of ``target`` share in a stack.

    The first schedule creates it. It is a child of the target, or of the stack of the schedule if the target is
    imported or in another stack.
    """
    scope: Construct = cdk.Stack.of(schedule)
    if isinstance(target, Construct) and cdk.Stack.of(target).node.addr == scope.node.addr:
        scope, construct_id = target, "ScheduleDeadLetters"
    else:
        construct_id, key = f"{target.node.id}ScheduleDeadLetters{target.node.addr[-8:]}", None
    known = scope.node.try_find_child(construct_id)
    if isinstance(known, DeadLetterQueue):
        return known
    return DeadLetterQueue(scope, construct_id, encryption_key=key or dead_letter_key(schedule))


def _window(duration: cdk.Duration | None) -> scheduler.TimeWindow:
    if duration is None:
        return scheduler.TimeWindow.off()
    seconds = whole_seconds("flexible_window", duration)
    if seconds % 60 or not 1 <= seconds // 60 <= _DAY_IN_MINUTES:
        raise EmrError(
            f"flexible_window must be whole minutes, up to 1 day, got {seconds} seconds; use a value such as "
            "Duration.minutes(15)"
        )
    return scheduler.TimeWindow.flexible(duration)
