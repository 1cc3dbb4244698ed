"""Tasks of a workflow, with retries, timeouts and runtime roles.

- ``StepTask(import_step, retries=2, timeout=Duration.hours(1))`` specifies what happens when a step fails.
- ``StepTask(report_step, runtime_role=analysts)`` runs a step with a runtime role instead of the instance role.
- ``ParallelSteps([[import_a, clean_a], import_b])`` runs branches in parallel, and the steps of each in sequence.

A workflow is a list of these and of plain steps, which run in sequence. A failed step stops the workflow unless its
task continues on failure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from .._core.durations import whole_seconds
from .._core.errors import EmrError
from .._core.known import require_known
from .._core.signatures import check_calls
from .._core.types import DURATION, ROLE, check_types, shown
from .._core.unknown import is_unknown
from .._core.values import converted, value_class
from ..steps.action_on_failure import ActionOnFailure
from ..steps.steps import Step

if TYPE_CHECKING:
    from aws_cdk import Duration

    from ..clusters.definition import ClusterDefinition
    from ..interfaces import IRuntimeRole
    from ..software.release_label import ReleaseLabel

__all__ = [
    "ParallelSteps",
    "StepTask",
    "Workflow",
    "cancel_problems",
    "choose_workflow",
    "iter_tasks",
    "normalize",
    "without_steps",
]

_ONE_MINUTE: Final = 60


@check_calls
@value_class
class StepTask:
    """A step with the error handling of the state machine.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html

    :raises EmrError: an argument is out of range or has no effect, or the step has another action on failure than
        CONTINUE, which conflicts with the state machine.
    """

    step: Step
    """The step."""

    runtime_role: IRuntimeRole | None = None
    """The role that the step runs with, which also reads its scripts. The instance role must be allowed to assume it,
    and the security configuration of the cluster must enable runtime roles, which requires emr-6.7.0 or later. Default:
    the instance role.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-steps-runtime-roles.html"""

    retries: int = 0
    """How often a failed step is submitted again, unless it was canceled or timed out. Default: 0."""

    retry_interval: Duration | None = None
    """The wait before the first retry. Default: 1 minute."""

    retry_backoff: float | None = None
    """The factor by which the wait increases with each retry, 1 or more. Default: 2."""

    timeout: Duration | None = None
    """The time after which each attempt of the step is canceled and counts as failed. A timed-out step is not submitted
    again: Spark in cluster mode may still be running on YARN. Default: only the timeout of the execution.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-cancel-steps.html"""

    continue_on_failure: bool = False
    """Whether the workflow continues, and can succeed, when the step fails. Default: false."""

    def __post_init__(self) -> None:
        check_types(
            step=(self.step, Step),
            runtime_role=(self.runtime_role, ROLE, None),
            retries=(self.retries, int),
            retry_interval=(self.retry_interval, DURATION, None),
            retry_backoff=(self.retry_backoff, float, None),
            timeout=(self.timeout, DURATION, None),
            continue_on_failure=(self.continue_on_failure, bool),
        )
        problems = []
        title = f"the step {self.step.name!r}"
        for name, number in {"retries": self.retries, "retry_backoff": self.retry_backoff}.items():
            require_known(f"{name} of {title}", number, "use a plain number")
        if self.step.action_on_failure is not ActionOnFailure.CONTINUE:
            problems.append(
                f"{title} uses {_failure_of(self.step)}, which can't be combined with a state machine that handles "
                "failures; remove action_on_failure"
            )
        if not 0 <= self.retries <= 99_999_999:
            problems.append(f"retries of {title} must be 0 or more, got {self.retries}; use a value such as 2")
        if self.retries == 0:
            given = {"retry_interval": self.retry_interval, "retry_backoff": self.retry_backoff}
            problems += [
                f"{name} of {title} requires retries, got none; set retries, or remove {name}"
                for name, value in given.items()
                if value is not None
            ]
        if self.retry_backoff is not None and self.retry_backoff < 1:
            problems.append(
                f"retry_backoff of {title} must be 1 or more, got {self.retry_backoff:g}; use a value such as 2"
            )
        for name, duration in {"retry_interval": self.retry_interval, "timeout": self.timeout}.items():
            if duration is not None and whole_seconds(f"{name} of {title}", duration) < 1:
                problems.append(f"{name} of {title} must be 1 second or more, got 0 seconds; increase it")
        if problems:
            raise EmrError(problems)

    @property
    def timeout_seconds(self) -> int | None:
        """The seconds after which a step is canceled. None: no timeout of the step."""
        return None if self.timeout is None else whole_seconds("the timeout", self.timeout)

    @property
    def retry_interval_seconds(self) -> int:
        """The seconds before the first retry."""
        return _ONE_MINUTE if self.retry_interval is None else whole_seconds("the interval", self.retry_interval)

    @property
    def retry_backoff_rate(self) -> float:
        """The factor by which the wait increases with each retry."""
        return self.retry_backoff or 2


def _branches(branches: Sequence[Step | StepTask | Sequence[Step | StepTask]]) -> tuple[tuple[StepTask, ...], ...]:
    if not isinstance(branches, list | tuple) or len(branches) < 2:
        raise EmrError("ParallelSteps must have two or more branches, got fewer; pass a list of at least two")
    return tuple(_branch(branch) for branch in branches)


def _branch(branch: Step | StepTask | Sequence[Step | StepTask]) -> tuple[StepTask, ...]:
    tasks = tuple(_task(item) for item in (branch if isinstance(branch, list | tuple) else (branch,)))
    if not tasks:
        raise EmrError("a branch of ParallelSteps must not be empty; add a step, or remove the branch")
    return tasks


def _task(item: Step | StepTask) -> StepTask:
    if isinstance(item, StepTask):
        return item
    if isinstance(item, Step):
        return StepTask(item)
    raise EmrError(
        f"workflow must contain steps, tasks and ParallelSteps, got {shown(item)}; use a Step, a StepTask or "
        "ParallelSteps"
    )


@value_class
class ParallelSteps:
    """Branches that run in parallel.

    The workflow continues when all branches have completed. The cluster must run as many steps concurrently: see
    ``step_concurrency_level``.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-concurrent-steps.html

    :raises EmrError: there are fewer than two branches, or a branch is empty.
    """

    branches: Sequence[Step | StepTask | Sequence[Step | StepTask]] = converted(_branches)
    """Each branch is a step, a task, or a list of them that runs in sequence."""

    @property
    def tasks(self) -> tuple[tuple[StepTask, ...], ...]:
        """The tasks of each branch."""
        return self.branches  # type: ignore[return-value]


Workflow: TypeAlias = "Sequence[Step | StepTask | ParallelSteps]"
"""Steps, tasks and parallel steps that run in sequence."""


def normalize(workflow: Workflow) -> tuple[StepTask | ParallelSteps, ...]:
    """Return ``workflow`` with a task for each plain step.

    :raises EmrError: an item isn't a step, a task or ParallelSteps.
    """
    items = [workflow] if isinstance(workflow, Step | StepTask | ParallelSteps) else workflow
    if not isinstance(items, Sequence) or isinstance(items, str | bytes):
        raise EmrError(f"workflow must be a list of steps, got {shown(items)}; use [step]")
    return tuple(item if isinstance(item, ParallelSteps) else _task(item) for item in items)


def choose_workflow(workflow: Workflow, steps: Sequence[Step]) -> tuple[StepTask | ParallelSteps, ...]:
    """Return ``workflow``, or the ``steps`` of a definition.

    :raises EmrError: both are specified, or neither.
    """
    chosen = normalize(workflow)
    if bool(chosen) == bool(steps):
        got = "both" if chosen else "neither"
        raise EmrError(f"specify exactly one of workflow and the steps of a definition, got {got}")
    return chosen or normalize(steps)


def without_steps(definition: ClusterDefinition, workflow: Sequence[StepTask | ParallelSteps]) -> ClusterDefinition:
    """Return the definition of the clusters of a state machine, without steps.

    :raises EmrError: EMR would terminate the cluster too early or never, its steps wouldn't run in parallel, a password
        would be readable, or EMR would reject a step.
    """
    termination, release = definition.termination, definition.release_label
    if termination.protected or not termination.keep_alive:
        ends = "Termination.after_steps()" if termination.keep_alive is False else "no keep_alive"
        got = "termination protection" if termination.protected else ends
        raise EmrError(
            "termination must allow the state machine to terminate the cluster, and keep it alive until then, got "
            f"{got}; use Termination.when_idle(...)"
        )
    if termination.idle_timeout_seconds is None and release.supports("auto_termination"):
        raise EmrError(
            f"termination must have an idle timeout, which {release} supports, because the state machine may fail to "
            "terminate the cluster, got none; use Termination.when_idle(...)"
        )
    if "kerberos" in definition.options:
        raise EmrError(
            "kerberos can't be combined with a TransientCluster, because its passwords would be readable in the "
            "definition of the state machine; use a Cluster, or a security configuration without Kerberos"
        )
    width = max((len(item.tasks) for item in workflow if isinstance(item, ParallelSteps)), default=1)
    level = definition.options.get("step_concurrency_level", width)
    if not is_unknown(level) and level < width:
        raise EmrError(
            f"step_concurrency_level must be at least the number of parallel branches, {width}, got {level}; use "
            f"step_concurrency_level={width}, or remove it"
        )
    remaining = definition.replace(steps=())
    if width > 1:
        remaining = remaining.replace(step_concurrency_level=level)
    if problems := list(cancel_problems(workflow, release)):
        raise EmrError(problems)
    return remaining


def iter_tasks(workflow: Sequence[StepTask | ParallelSteps]) -> list[StepTask]:
    """Return all tasks of ``workflow``, including those of parallel branches."""
    return [
        task
        for item in workflow
        for branch in (item.tasks if isinstance(item, ParallelSteps) else ((item,),))
        for task in branch
    ]


def _failure_of(step: Step) -> str:
    return "no action_on_failure" if step.action_on_failure is None else step.action_on_failure.value


def cancel_problems(workflow: Sequence[StepTask | ParallelSteps], release: ReleaseLabel) -> Iterator[str]:
    """Return the problems of tasks that continue after a timeout.

    EMR must be able to cancel a running step.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-cancel-steps.html
    """
    for task in iter_tasks(workflow):
        if task.timeout is not None and task.continue_on_failure and not release.supports("cancel_running_steps"):
            yield (
                f"timeout with continue_on_failure of the step {task.step.name!r} requires emr-5.28.0 or later, which "
                f"can cancel running steps, got {release}; use a later release, or remove one of them"
            )
