from __future__ import annotations

import aws_cdk as cdk
import pytest

from emr_constructs import ActionOnFailure, EmrError, ParallelSteps, Script, Step, StepTask
from emr_constructs.workflows.tasks import iter_tasks, normalize

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
        ({"retries": -1}, "the step 'Import' has -1 retries; use 0 or more"),
        (
            {"retry_interval": cdk.Duration.minutes(1)},
            "retry_interval of the step 'Import' has no effect without retries",
        ),
        ({"retry_backoff": 2}, "retry_backoff of the step 'Import' has no effect without retries"),
        ({"retries": 1, "retry_backoff": 0.5}, "the retry_backoff of the step 'Import' is 0.5; use 1 or more"),
        ({"timeout": cdk.Duration.seconds(0)}, "the timeout of the step 'Import' is 0 seconds; use a second or more"),
        (
            {"timeout": cdk.Duration.millis(10)},
            "the timeout of the step 'Import' must be a whole number of seconds, got 0.01 seconds",
        ),
    ],
)
def test_fails_where_a_choice_makes_no_sense(options, message):
    with pytest.raises(EmrError, match=message):
        StepTask(step(), **options)


@pytest.mark.parametrize("action", [ActionOnFailure.TERMINATE_CLUSTER, ActionOnFailure.CANCEL_AND_WAIT])
def test_the_state_machine_decides_what_follows_a_failure(action):
    with pytest.raises(
        EmrError, match=f"has the action on failure {action}, but the state machine decides what follows"
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
    with pytest.raises(EmrError, match="parallel steps have less than two branches; give a list of two or more"):
        ParallelSteps(branches)


def test_a_branch_has_steps():
    with pytest.raises(EmrError, match="a branch of parallel steps is empty"):
        ParallelSteps([[], [step()]])


def test_nothing_else_is_work():
    with pytest.raises(EmrError, match="workflow has the item 'x'; give a Step, a StepTask or ParallelSteps"):
        normalize(["x"])
