"""Steps as a state machine runs them.

- ``StepTask(import_step, retries=2, timeout=Duration.hours(1))`` says what happens when a step fails.
- ``StepTask(report_step, runtime_role=analysts)`` runs it with a role of its own instead of that of the nodes.
- ``ParallelSteps([[import_a, clean_a], import_b])`` runs branches side by side, each of them in sequence.

Work is a list of these and of plain steps, in sequence. A step that fails ends the work, unless its task continues.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from .._core.durations import whole_seconds
from .._core.errors import EmrError
from .._core.types import DURATION, ROLE, check_types
from .._core.unknown import is_unknown
from ..steps.action_on_failure import ActionOnFailure
from ..steps.steps import Step

if TYPE_CHECKING:
    from aws_cdk import Duration

    from ..clusters.definition import ClusterDefinition
    from ..interfaces import IRuntimeRole

__all__ = ["ParallelSteps", "StepTask", "Workflow", "choose_workflow", "iter_tasks", "normalize", "without_steps"]

_ONE_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class StepTask:
    """A step, and what a state machine does when it fails.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html

    :raises EmrError: an argument is out of range or has no effect, or EMR would end the cluster, or cancel other steps,
        when the step fails: that is for the state machine to decide.
    """

    step: Step

    runtime_role: IRuntimeRole | None = None
    """What the step may do, its scripts included. The nodes have to be allowed to assume the role, and the security
    configuration of the cluster has to have runtime roles, which needs emr-6.7.0. Default: what the nodes may do.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-steps-runtime-roles.html"""

    retries: int = 0
    """How often a step that fails is submitted again, unless it was canceled or timed out. Default: not at all."""

    retry_interval: Duration | None = None
    """How long to wait before the first retry. Default: a minute."""

    retry_backoff: float | None = None
    """By how much each following wait is longer, 1 or more. Default: twice as long."""

    timeout: Duration | None = None
    """The time after which a step is canceled and counts as failed; each retry has as long. A timed-out step is not
    submitted again: Spark in cluster mode may still be running on YARN. Default: as long as the execution may take.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-cancel-steps.html"""

    continue_on_failure: bool = False
    """Whether the work goes on, and can succeed, when the step fails. Default: it ends."""

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
        title = f"step {self.step.name!r}"
        if self.step.action_on_failure is not ActionOnFailure.CONTINUE:
            problems.append(
                f"action_on_failure of {title} must be CONTINUE in a workflow, got "
                f"{self.step.action_on_failure.value}; remove it, and use continue_on_failure of a StepTask"
            )
        if not 0 <= self.retries <= 99_999_999:
            problems.append(f"retries of {title} must be 0 or more, got {self.retries}; use 0 for none")
        if self.retries == 0:
            given = {"retry_interval": self.retry_interval, "retry_backoff": self.retry_backoff}
            problems += [
                f"{name} of {title} requires retries, got 0; set retries, or remove {name}"
                for name, value in given.items()
                if value is not None
            ]
        if self.retry_backoff is not None and self.retry_backoff < 1:
            problems.append(f"retry_backoff of {title} must be 1 or more, got {self.retry_backoff:g}; use 1 or more")
        for name, duration in {"retry_interval": self.retry_interval, "timeout": self.timeout}.items():
            if duration is not None and whole_seconds(f"the {name} of {title}", duration) < 1:
                problems.append(f"{name} of {title} must be a second or more, got 0 seconds; use a longer time")
        if problems:
            raise EmrError(problems)

    @property
    def timeout_seconds(self) -> int | None:
        """After how many seconds a step is canceled; None if it may take as long as the execution."""
        return None if self.timeout is None else whole_seconds("the timeout", self.timeout)

    @property
    def retry_interval_seconds(self) -> int:
        """The seconds before the first retry."""
        return _ONE_MINUTE if self.retry_interval is None else whole_seconds("the interval", self.retry_interval)

    @property
    def retry_backoff_rate(self) -> float:
        """By how much each following wait is longer."""
        return self.retry_backoff or 2


@dataclass(frozen=True, slots=True)
class ParallelSteps:
    """Branches that run side by side; the work goes on when all of them are done.

    The cluster has to run as many steps at a time, see ``step_concurrency_level``.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-concurrent-steps.html

    :raises EmrError: there are less than two branches, or a branch is empty.
    """

    branches: Sequence[Step | StepTask | Sequence[Step | StepTask]]
    """Each branch is a step, a task, or a list of them that runs in sequence."""

    def __post_init__(self) -> None:
        if isinstance(self.branches, Step | StepTask) or len(self.branches) < 2:
            raise EmrError("branches of ParallelSteps must be a list of two or more; add a branch")
        object.__setattr__(self, "branches", tuple(_branch(branch) for branch in self.branches))

    @property
    def tasks(self) -> tuple[tuple[StepTask, ...], ...]:
        """The tasks of each branch."""
        return self.branches  # type: ignore[return-value]


def _branch(branch: Step | StepTask | Sequence[Step | StepTask]) -> tuple[StepTask, ...]:
    tasks = tuple(_task(item) for item in ((branch,) if isinstance(branch, Step | StepTask) else branch))
    if not tasks:
        raise EmrError("branches of ParallelSteps must not be empty; add a step, or remove the branch")
    return tasks


def _task(item: Step | StepTask) -> StepTask:
    if isinstance(item, StepTask):
        return item
    if isinstance(item, Step):
        return StepTask(item)
    raise EmrError(f"items of workflow must be Step, StepTask or ParallelSteps, got {item!r}; convert it to a step")


Workflow: TypeAlias = "Sequence[Step | StepTask | ParallelSteps]"
"""What is run in sequence."""


def normalize(workflow: Workflow) -> tuple[StepTask | ParallelSteps, ...]:
    """``workflow`` with a task for each plain step.

    :raises EmrError: an item is no work.
    """
    items = [workflow] if isinstance(workflow, Step | StepTask | ParallelSteps) else workflow
    return tuple(item if isinstance(item, ParallelSteps) else _task(item) for item in items)


def choose_workflow(workflow: Workflow, steps: Sequence[Step]) -> tuple[StepTask | ParallelSteps, ...]:
    """``workflow``, or the ``steps`` of a definition.

    :raises EmrError: both are specified, or neither.
    """
    chosen = normalize(workflow)
    if bool(chosen) == bool(steps):
        got = "both" if chosen else "neither"
        raise EmrError(f"specify exactly one of workflow and the steps of a definition, got {got}")
    return chosen or normalize(steps)


def without_steps(definition: ClusterDefinition, workflow: Sequence[StepTask | ParallelSteps]) -> ClusterDefinition:
    """The definition of clusters that a state machine launches, submits ``workflow`` to and terminates.

    :raises EmrError: EMR would terminate the cluster too early or never, its steps wouldn't run in parallel, a password
        would be readable, or EMR would reject a step.
    """
    termination, release = definition.termination, definition.release_label
    if termination.protected or not termination.keep_alive:
        got = "termination protection" if termination.protected else "Termination.after_steps()"
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
    for task in iter_tasks(workflow):
        remaining.replace(steps=[task.step])
    return remaining


def iter_tasks(workflow: Sequence[StepTask | ParallelSteps]) -> list[StepTask]:
    """All tasks of ``workflow``, those of parallel branches too."""
    return [
        task
        for item in workflow
        for branch in (item.tasks if isinstance(item, ParallelSteps) else ((item,),))
        for task in branch
    ]
