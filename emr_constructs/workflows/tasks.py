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
from ..steps.steps import ActionOnFailure, Step

if TYPE_CHECKING:
    from aws_cdk import Duration

    from ..interfaces import IRuntimeRole

__all__ = ["ParallelSteps", "StepTask", "Workflow", "iter_tasks", "normalize"]

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
        title = f"the step {self.step.name!r}"
        if self.step.action_on_failure is not ActionOnFailure.CONTINUE:
            problems.append(
                f"{title} has the action on failure {self.step.action_on_failure.value}, but the state machine decides "
                "what follows; leave action_on_failure out"
            )
        if not 0 <= self.retries <= 99_999_999:
            problems.append(f"{title} has {self.retries} retries; use 0 or more")
        if self.retries == 0:
            given = {"retry_interval": self.retry_interval, "retry_backoff": self.retry_backoff}
            problems += [
                f"{name} of {title} has no effect without retries; give retries, or leave it out"
                for name, value in given.items()
                if value is not None
            ]
        if self.retry_backoff is not None and self.retry_backoff < 1:
            problems.append(f"the retry_backoff of {title} is {self.retry_backoff:g}; use 1 or more")
        for name, duration in {"retry_interval": self.retry_interval, "timeout": self.timeout}.items():
            if duration is not None and whole_seconds(f"the {name} of {title}", duration) < 1:
                problems.append(f"the {name} of {title} is 0 seconds; use a second or more")
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
        if not isinstance(self.branches, list | tuple) or len(self.branches) < 2:
            raise EmrError("parallel steps have less than two branches; give a list of two or more")
        object.__setattr__(self, "branches", tuple(_branch(branch) for branch in self.branches))

    @property
    def tasks(self) -> tuple[tuple[StepTask, ...], ...]:
        """The tasks of each branch."""
        return self.branches  # type: ignore[return-value]


def _branch(branch: Step | StepTask | Sequence[Step | StepTask]) -> tuple[StepTask, ...]:
    tasks = tuple(_task(item) for item in (branch if isinstance(branch, list | tuple) else (branch,)))
    if not tasks:
        raise EmrError("a branch of parallel steps is empty; give it a step, or leave it out")
    return tasks


def _task(item: Step | StepTask) -> StepTask:
    if isinstance(item, StepTask):
        return item
    if isinstance(item, Step):
        return StepTask(item)
    raise EmrError(f"workflow has the item {item!r}; give a Step, a StepTask or ParallelSteps")


Workflow: TypeAlias = "Sequence[Step | StepTask | ParallelSteps]"
"""What is run in sequence."""


def normalize(workflow: Workflow) -> tuple[StepTask | ParallelSteps, ...]:
    """``workflow`` with a task for each plain step.

    :raises EmrError: an item is no work.
    """
    items = [workflow] if isinstance(workflow, Step | StepTask | ParallelSteps) else workflow
    return tuple(item if isinstance(item, ParallelSteps) else _task(item) for item in items)


def iter_tasks(workflow: Sequence[StepTask | ParallelSteps]) -> list[StepTask]:
    """All tasks of ``workflow``, those of parallel branches too."""
    return [
        task
        for item in workflow
        for branch in (item.tasks if isinstance(item, ParallelSteps) else ((item,),))
        for task in branch
    ]
