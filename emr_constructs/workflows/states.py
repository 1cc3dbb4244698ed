"""The state machine of a job on a transient cluster.

It is in the Amazon States Language with JSONata.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from .._core.state_language import ANY_ERROR, ERROR_TEXT, RETRY_ALL, State, console_link, publish, rule, task
from .._core.unknown import literal_part
from .dates import INSTANT, SCHEDULED_TIME, is_no_instant
from .emr_states import (
    LAUNCH_STATES,
    NO_CLUSTER,
    TERMINATION_STATES,
    Exit,
    StateNames,
    launch_cluster,
    terminate_cluster,
)
from .inputs import DateInput, JobInput
from .step_states import StepStates
from .tasks import ParallelSteps, StepTask

__all__ = ["Render", "States"]

Render: TypeAlias = Callable[[StepTask], Mapping[str, Any]]
"""Renders the step of a task as ``StepConfig``."""

_CLUSTER_ID: Final = "{% $clusterId %}"
_DETAILS: Final = ("Reason", "Message", "LogFile")
"""The members of ``FailureDetails`` of a step."""

_SEPARATOR: Final = '"\\u001e"'
"""The JSONata literal between the cause of a failed branch and the details of its step."""

# The console, and executions that start other executions, add these keys to the input.
_ALWAYS_ACCEPTED: Final = ("AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID", "Comment")


class States:
    """The states of a job on a transient cluster, with unique names."""

    CHECK: Final = "Check input"
    READ: Final = "Read input"
    LIST: Final = "List executions"
    CHECK_RUNNING: Final = "Check for running execution"
    ALREADY_RUNNING: Final = "Already running"
    CREATE: Final = "Create cluster"
    TERMINATE: Final = "Terminate cluster"
    RESULT: Final = "Check result"
    NOTIFY_SUCCESS: Final = "Notify success"
    NOTIFY_FAILURE: Final = "Notify failure"
    SUCCEEDED: Final = "Succeeded"
    FAILED: Final = "Failed"

    def __init__(self, title: str, topic_arn: str | None) -> None:
        """Start a definition.

        :param title: the subject of messages.
        :param topic_arn: the topic of messages. None: nothing is published.
        """
        self._title = title
        self._topic_arn = topic_arn
        own = (name for name in vars(States).values() if isinstance(name, str))
        self._names = StateNames([*own, *LAUNCH_STATES, *TERMINATION_STATES])
        self.after_success = self.SUCCEEDED if topic_arn is None else self.NOTIFY_SUCCESS
        self.after_failure = self.FAILED if topic_arn is None else self.NOTIFY_FAILURE

    def check_inputs(self, inputs: Sequence[JobInput], following: str) -> dict[str, State]:
        """Return the states that validate and assign the inputs.

        They reject other keys.
        """
        names = [found.name for found in inputs]
        dates = [found.name for found in inputs if isinstance(found, DateInput) and not found.is_required]
        accepted = list(dict.fromkeys([*_ALWAYS_ACCEPTED, *names, *([SCHEDULED_TIME] if dates else [])]))
        unknown = f"$filter($keys($states.input), function($key) {{$not($key in {json.dumps(accepted)})}})"
        choices = [
            self._reject('$type($states.input) != "object"', "the input must be a JSON object", "$states.input"),
            self._reject(
                f"$count({unknown}) > 0",
                f"the input must have no keys but {', '.join(names)}",
                f"$join([{unknown}], ', ')",
            ),
        ]
        if dates:
            given = " and ".join(f"$exists($states.input.{name})" for name in dates)
            unusable = f"({given}) ? false : {is_no_instant(INSTANT)}"
            choices.append(self._reject(unusable, f"{SCHEDULED_TIME} must be a time from 2020 to 2050", INSTANT))
        values = {}
        for found in inputs:
            given = f"$states.input.{found.name}"
            condition = f"$exists({given}) ? ({found._rejects(given)}) : {json.dumps(found.is_required)}"
            choices.append(self._reject(condition, f"the input {found.name} must be {found.expectation}", given))
            values[found.name] = f"{{% $exists({given}) ? {given} : {found._fallback()} %}}"
        return {
            self.CHECK: {"Type": "Choice", "Choices": choices, "Default": self.READ},
            self.READ: {"Type": "Pass", "Assign": {"inputs": values}, "Next": following},
        }

    def skip_if_running(self, following: str) -> dict[str, State]:
        """Return the states that continue only if no earlier execution is running."""
        # Executions are sorted by start time, newest first: only the oldest continues.
        oldest = "$states.input.Executions[-1].ExecutionArn"
        alone = f"$count($states.input.Executions) = 0 ? true : {oldest} = $states.context.Execution.Id"
        arguments = {"StateMachineArn": "{% $states.context.StateMachine.Id %}", "StatusFilter": "RUNNING"}
        listing = task("aws-sdk:sfn:listExecutions", arguments)
        failed = Exit("failure", self.after_failure)
        unknown = failed.catch("ExecutionsUnknown", "'could not list running executions: '")
        unknown["Assign"] |= NO_CLUSTER
        return {
            self.LIST: {
                **listing,
                "Retry": RETRY_ALL,
                "Catch": [unknown],
                "Next": self.CHECK_RUNNING,
            },
            self.CHECK_RUNNING: {
                "Type": "Choice",
                "Choices": [rule(alone) | {"Next": following}],
                "Default": self.ALREADY_RUNNING,
            },
            self.ALREADY_RUNNING: {"Type": "Succeed", "Output": {"AlreadyRunning": f"{{% {oldest} %}}"}},
        }

    def launch(self, request: Mapping[str, Any], following: str) -> dict[str, State]:
        """Return the states that launch the cluster and assign its ID to ``$clusterId``."""
        return launch_cluster(
            request,
            following=following,
            failed=Exit("failure", self.after_failure),
            unknown=Exit("failure", self.TERMINATE),
            variables={"failure": {"Error": "", "Cause": ""}},
        )

    def workflow(self, workflow: Sequence[StepTask | ParallelSteps], render: Render) -> dict[str, State]:
        """Return the states that run steps on the cluster, followed by its termination."""
        failed = Exit("failure", self.TERMINATE)
        begun: list[str | StepStates] = [
            self._names.unique("Parallel steps") if isinstance(item, ParallelSteps) else self._begin(item, "step")
            for item in workflow
        ]
        entries = [item if isinstance(item, str) else item.entry for item in begun]
        states: dict[str, State] = {}
        for item, step, following in zip(workflow, begun, [*entries[1:], self.TERMINATE], strict=True):
            if isinstance(item, ParallelSteps):
                states[str(step)] = self._parallel(item, render, failed, following)
            else:
                assert isinstance(step, StepStates)
                states |= self._step(item, step, render, failed, following)
        return states

    def end(self) -> dict[str, State]:
        """Return the states that terminate the cluster and publish the result."""
        # Report the first failure.
        first = '$failure.Error = "" ? "" : $failure.Cause & "; and "'
        cause = f"({first}) & 'could not terminate cluster ' & $clusterId & ': ' & {ERROR_TEXT}"
        failed = {
            "ErrorEquals": ANY_ERROR,
            "Assign": {
                "failure": {
                    "Error": '{% $failure.Error = "" ? "TerminationFailed" : $failure.Error %}',
                    "Cause": f"{{% $substring({cause}, 0, 16000) %}}",
                    "Details": "{% $exists($failure.Details) ? $failure.Details : {} %}",
                }
            },
            "Next": self.after_failure,
        }
        states: dict[str, State] = {
            **terminate_cluster("$clusterId", following=self.RESULT, failed=failed),
            self.RESULT: {
                "Type": "Choice",
                "Choices": [rule('$failure.Error = ""') | {"Next": self.after_success}],
                "Default": self.after_failure,
            },
        }
        if self._topic_arn is not None:
            failure = _failure("$failure")
            success = {"ClusterId": "$clusterId"}
            states[self.NOTIFY_SUCCESS] = self._notify("succeeded", success, following=self.SUCCEEDED)
            states[self.NOTIFY_FAILURE] = self._notify("failed", failure, following=self.FAILED)
        states[self.SUCCEEDED] = {"Type": "Succeed", "Output": {"ClusterId": _CLUSTER_ID}}
        states[self.FAILED] = {"Type": "Fail", "Error": "{% $failure.Error %}", "Cause": "{% $failure.Cause %}"}
        return states

    def _parallel(self, item: ParallelSteps, render: Render, failed: Exit, following: str) -> State:
        parts = f"$split($states.errorOutput.Cause, {_SEPARATOR})"
        given = (f'"{name}": $parts[{at}] != "" ? $parts[{at}]' for at, name in enumerate(_DETAILS, 1))
        details = f"($parts := {parts}; {{{', '.join(given)}}})"
        caught = failed.transition("{% $states.errorOutput.Error %}", f"{parts}[0]", details=details)
        return {
            "Type": "Parallel",
            "Branches": [self._branch(branch, render) for branch in item.tasks],
            "Output": {},
            "Catch": [{"ErrorEquals": ANY_ERROR, **caught}],
            "Next": following,
        }

    def _branch(self, tasks: Sequence[StepTask], render: Render) -> State:
        steps = [self._begin(item, "branchStep") for item in tasks]
        done, failed = self._names.unique("Branch done"), self._names.unique("Branch failed")
        states: dict[str, State] = {}
        following = [*(step.entry for step in steps[1:]), done]
        for item, step, after in zip(tasks, steps, following, strict=True):
            states |= self._step(item, step, render, Exit("branchFailure", failed), after)
        # A Catch receives only the error and its cause, which has at most 32,768 characters.
        details = [f"{_SEPARATOR} & $substring($branchFailure.Details.{name} & '', 0, 8000)" for name in _DETAILS]
        states[done] = {"Type": "Succeed"}
        states[failed] = {
            "Type": "Fail",
            "Error": "{% $branchFailure.Error %}",
            "Cause": f"{{% {' & '.join(['$branchFailure.Cause', *details])} %}}",
        }
        return {"StartAt": steps[0].entry, "States": states}

    def _begin(self, item: StepTask, prefix: str) -> StepStates:
        return StepStates(
            item.step.name,
            self._names,
            cluster_id=_CLUSTER_ID,
            title=item.step.name,
            prefix=prefix,
            role_arn=None if item.runtime_role is None else item.runtime_role.role_arn,
            timeout_seconds=item.timeout_seconds,
            retries=item.retries,
            retry_interval_seconds=item.retry_interval_seconds,
            retry_backoff_rate=item.retry_backoff_rate,
        )

    def _step(self, item: StepTask, step: StepStates, render: Render, failed: Exit, following: str) -> dict[str, State]:
        notified: dict[str, State] = {}
        tolerated = failed
        if item.continue_on_failure:
            tolerated = Exit(step.failure, following)
            if self._topic_arn is not None:
                notify = self._names.unique(f"Notify {literal_part(item.step.name)[:26]} failed")
                notified[notify] = self._notify("continues", _failure(f"${step.failure}"), following=following)
                tolerated = Exit(step.failure, notify)
        states = step.render(
            render(item),
            following=following,
            failed=tolerated,
            unknown=failed,
            # Otherwise the cluster terminates, with everything that the step has started.
            wait_until_canceled=item.continue_on_failure,
            with_details=True,
        )
        return {**states, **notified}

    def _notify(self, outcome: str, details: Mapping[str, str], *, following: str) -> State:
        assert self._topic_arn is not None
        execution = {"Execution": "$states.context.Execution.Id"}
        state = publish(self._topic_arn, self._title, outcome, {**execution, **details})
        # A failed notification does not change the result.
        return {**state, "Catch": [{"ErrorEquals": ANY_ERROR, "Next": following}], "Next": following}

    def _reject(self, condition: str, expected: str, got: str) -> State:
        """Return the choice that fails the execution if ``condition`` is true.

        The message contains ``expected`` and ``got``.
        """
        value = "$got = null ? 'null' : $type($got) & ' ' & $substring($string($got), 0, 200)"
        shown = f"$exists($got) ? ({value}) : 'nothing'"
        failure = {
            "Error": "InvalidInput",
            "Cause": f"{{% ($got := {got}; {json.dumps(f'{expected}, got ')} & ({shown})) %}}",
        }
        return rule(condition) | {"Assign": {"failure": failure, **NO_CLUSTER}, "Next": self.after_failure}


def _failure(variable: str) -> dict[str, str]:
    """Return the members of a message about a failure: those without a value are left out.

    :param variable: the JSONata expression for the failure.
    """
    return {
        "Error": f"{variable}.Error",
        "Reason": f"{variable}.Cause",
        "FailureDetails": f"$count($keys({variable}.Details)) > 0 ? {variable}.Details",
        "ClusterId": '$clusterId != "" ? $clusterId',
        "Console": f'$clusterId != "" ? {console_link("$clusterId")}',
    }
