from __future__ import annotations

import aws_cdk as cdk
import pytest

from emr_constructs import (
    ActionOnFailure,
    Application,
    ClusterDefinition,
    EmrError,
    ParallelSteps,
    ReleaseLabel,
    Script,
    Step,
    StepTask,
)
from emr_constructs.workflows.tasks import cancel_problems, choose_workflow, iter_tasks, normalize, without_steps

SCRIPT = Script.from_uri("s3://jobs/job.py")


def step(name="Import", **options):
    return Step.spark(name, script=SCRIPT, **options)


def test_a_task_is_tried_once_by_default():
    assert (StepTask(step()).retries, StepTask(step()).timeout_seconds) == (0, None)


def test_says_how_often_it_is_tried_and_how_long_it_may_take():
    minutes = cdk.Duration.minutes
    task = StepTask(step(), retries=2, timeout=minutes(5))
    assert (task.timeout_seconds, task.retries, task.retry_interval_seconds, task.retry_backoff_rate) == (300, 2, 60, 2)
    task = StepTask(step(), retries=1, retry_interval=minutes(3), retry_backoff=1)
    assert (task.timeout_seconds, task.retry_interval_seconds, task.retry_backoff_rate) == (None, 180, 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"retries": -1}, "retries of the step 'Import' must be 0 or more, got -1"),
        (
            {"retry_interval": cdk.Duration.minutes(1)},
            "retry_interval of the step 'Import' requires retries, got none; set retries, or remove retry_interval",
        ),
        ({"retry_backoff": 2}, "retry_backoff of the step 'Import' requires retries, got none"),
        ({"retries": 1, "retry_backoff": 0.5}, "retry_backoff of the step 'Import' must be 1 or more, got 0.5"),
        ({"timeout": cdk.Duration.seconds(0)}, "timeout of the step 'Import' must be 1 second or more, got 0 seconds"),
        (
            {"timeout": cdk.Duration.millis(10)},
            "timeout of the step 'Import' must be a whole number of seconds",
        ),
    ],
)
def test_fails_where_a_choice_makes_no_sense(options, message):
    with pytest.raises(EmrError, match=message):
        StepTask(step(), **options)


@pytest.mark.parametrize("action", [ActionOnFailure.TERMINATE_CLUSTER, ActionOnFailure.CANCEL_AND_WAIT])
def test_the_state_machine_decides_what_follows_a_failure(action):
    with pytest.raises(
        EmrError, match=f"'Import' uses {action}, which can't be combined with a state machine .*; remove action"
    ):
        normalize([step(action_on_failure=action)])


def test_a_task_needs_a_step():
    with pytest.raises(EmrError, match="step must be a Step, got 'Import'"):
        StepTask("Import")


def test_arguments_are_what_they_have_to_be():
    with pytest.raises(EmrError) as raised:
        StepTask(step(), retries="2", timeout=60, continue_on_failure="no")
    assert raised.value.problems == (
        "retries must be an integer, got '2'; use 2",
        "timeout must be a cdk.Duration, got 60; use cdk.Duration.minutes(...)",
        "continue_on_failure must be a boolean, got 'no'; use True or False",
    )


def test_work_is_a_list_of_steps_tasks_and_branches():
    a, b, c, d = (step(name) for name in "ABCD")
    workflow = normalize([a, StepTask(b, retries=1), ParallelSteps([[c, a], StepTask(d)])])
    assert [task.step.name for task in iter_tasks(workflow)] == ["A", "B", "C", "A", "D"]
    assert [[task.step.name for task in branch] for branch in workflow[2].tasks] == [["C", "A"], ["D"]]


def test_one_step_is_work_too():
    assert normalize(step()) == (StepTask(step()),)


@pytest.mark.parametrize("branches", [[], [step()], step()])
def test_branches_are_two_or_more(branches):
    with pytest.raises(EmrError, match="ParallelSteps must have two or more branches, got fewer; pass a list"):
        ParallelSteps(branches)


def test_a_branch_has_steps():
    with pytest.raises(EmrError, match="a branch of ParallelSteps must not be empty; add a step"):
        ParallelSteps([[], [step()]])


def test_nothing_else_is_work():
    with pytest.raises(EmrError, match=r"workflow must contain .*, got 'x'; use a Step, a StepTask or ParallelSteps"):
        normalize(["x"])


@pytest.mark.parametrize(("label", "is_fine"), [("emr-5.27.1", False), ("emr-5.28.0", True), ("emr-7.14.0", True)])
def test_a_task_that_continues_after_a_timeout_requires_that_emr_cancels_running_steps(label, is_fine):
    hour = cdk.Duration.hours(1)
    tasks = [
        StepTask(step("A"), timeout=hour),
        StepTask(step("B"), continue_on_failure=True),
        ParallelSteps([step("C"), StepTask(step("D"), timeout=hour, continue_on_failure=True)]),
    ]
    problems = list(cancel_problems(tasks, ReleaseLabel.of(label)))
    expected = (
        "timeout with continue_on_failure of the step 'D' requires emr-5.28.0 or later, which can cancel running "
        f"steps, got {label}; use a later release, or remove one of them"
    )
    assert problems == ([] if is_fine else [expected])


class TestDefinitionOfClusters:
    DEFINITION = ClusterDefinition(applications=[Application.SPARK])

    def test_has_no_steps(self):
        definition = self.DEFINITION.replace(steps=[step("A"), step("B")])
        workflow = choose_workflow([], definition.steps)
        assert [task.step.name for task in iter_tasks(workflow)] == ["A", "B"]
        assert without_steps(definition, workflow).steps == ()

    def test_runs_parallel_branches_at_the_same_time(self):
        workflow = normalize([ParallelSteps([step("A"), step("B")]), step("C")])
        assert without_steps(self.DEFINITION, workflow).options["step_concurrency_level"] == 2
        assert "step_concurrency_level" not in without_steps(self.DEFINITION, normalize([step("C")])).options

    @pytest.mark.parametrize(("level", "accepted"), [(1, False), (2, True), (3, True)])
    def test_accepts_a_concurrency_of_all_branches_or_more(self, level, accepted):
        definition = self.DEFINITION.replace(step_concurrency_level=level)
        workflow = normalize([ParallelSteps([step("A"), step("B")])])
        if accepted:
            assert without_steps(definition, workflow).options["step_concurrency_level"] == level
        else:
            with pytest.raises(EmrError, match="must be at least the number of parallel branches, 2, got 1"):
                without_steps(definition, workflow)
