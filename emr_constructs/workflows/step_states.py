"""States of Step Functions that submit, poll, retry and cancel a step.

https://docs.aws.amazon.com/emr/latest/APIReference/API_AddJobFlowSteps.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from .._core.state_language import ANY_ERROR, RETRY_ALL, State, reasons, rule, task
from .._core.unknown import literal_part
from .api_arguments import api_arguments
from .emr_states import RETRY_REJECTED, Exit, StateNames, wait

__all__ = ["StepStates", "cancel_step", "submit_step"]

_LONGEST_WAIT: Final = 99_999_999


def submit_step(config: Mapping[str, Any], cluster_id: str, role_arn: str | None) -> State:
    """Return a state that submits a step.

    :param config: the ``StepConfig`` of the EMR API.
    :param cluster_id: an ID, or a JSONata expression in ``{% %}``.
    :param role_arn: the runtime role of the step.
    """
    arguments: dict[str, Any] = {"JobFlowId": cluster_id, "Steps": [api_arguments(dict(config), "StepConfig")]}
    if role_arn is not None:
        arguments["ExecutionRoleArn"] = role_arn
    return {**task("aws-sdk:emr:addJobFlowSteps", arguments), "Retry": RETRY_REJECTED}


def cancel_step(cluster_id: str, step_id: str) -> State:
    """Return a state that requests the cancellation of a step, without waiting.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-cancel-steps.html

    :param cluster_id: an ID, or a JSONata expression in ``{% %}``.
    :param step_id: a JSONata expression, without the braces.
    """
    arguments = {
        "ClusterId": cluster_id,
        "StepIds": f"{{% [{step_id}] %}}",
        "StepCancellationOption": "TERMINATE_PROCESS",
    }
    return {**task("aws-sdk:emr:cancelSteps", arguments), "Retry": RETRY_ALL}


class StepStates:
    """The states of one step."""

    def __init__(
        self,
        step: str,
        names: StateNames,
        *,
        cluster_id: str,
        title: str,
        prefix: str,
        role_arn: str | None = None,
        timeout_seconds: int | None = None,
        retries: int = 0,
        retry_interval_seconds: int = 60,
        retry_backoff_rate: float = 2,
    ) -> None:
        """Reserve the names of the states.

        :param step: the name of the step.
        :param names: the names of the states of the state machine.
        :param cluster_id: an ID, or a JSONata expression in ``{% %}``.
        :param title: identifies the step in the names of the states.
        :param prefix: the prefix of the variables; Step Functions can't assign variables of an outer scope.
        :param role_arn: the runtime role of the step.
        :param timeout_seconds: the seconds after which the step is canceled. None: no timeout.
        :param retries: how often a failed step is submitted again.
        :param retry_interval_seconds: the seconds before the first retry.
        :param retry_backoff_rate: the factor by which the wait increases with each retry.
        """
        self._step = step
        self._names = names
        self._cluster_id = cluster_id
        self._title = literal_part(title).strip() or "step"
        self._role_arn = role_arn
        self._timeout_seconds = timeout_seconds
        self._retries = retries
        self._pause = f"{retry_interval_seconds} * $power({retry_backoff_rate:g}, ${prefix}Tries - 1)"
        self._id, self._status, self._started, self._until, self._tries, self.failure = (
            f"{prefix}{name}" for name in ("Id", "Status", "Started", "Until", "Tries", "Failure")
        )
        self._state = f"${self._status}.State"
        self._submit = self._name("Submit")
        self.entry: str = self._name("Start") if retries else self._submit
        """The name of the first state."""

    def render(
        self,
        config: Mapping[str, Any],
        *,
        following: str,
        failed: Exit,
        unknown: Exit,
        wait_until_canceled: bool,
        with_details: bool = False,
    ) -> dict[str, State]:
        """Return the states, in sequence.

        :param config: the ``StepConfig`` of the EMR API.
        :param following: the state after the step has completed.
        :param failed: the transition if the step failed, was canceled or timed out.
        :param unknown: the transition if the state of the step is unknown.
        :param wait_until_canceled: whether to poll a timed-out step until EMR has canceled it.
        :param with_details: whether the failure has the ``FailureDetails`` of EMR. Default: false.
        """
        describe, check = self._name("Describe"), self._name("Check")
        waiting = self._name("Wait for")
        choices = [rule(f'{self._state} = "COMPLETED"') | {"Next": following}]
        before, after = self._retry(choices)
        reason = reasons(
            self._state,
            f"${self._status}.FailureDetails.Reason",
            f"${self._status}.StateChangeReason.Message",
            f"${self._status}.FailureDetails.Message",
            f"${self._status}.FailureDetails.LogFile",
        )
        details = f"$exists(${self._status}.FailureDetails) ? ${self._status}.FailureDetails : {{}}"
        choices.append(
            rule(f'{self._state} in ["FAILED", "CANCELLED", "INTERRUPTED"]')
            | failed.transition("StepFailed", f"{self._failure} & {reason}", details=details if with_details else "")
        )
        assigned = {self._id: "{% $states.result.StepIds[0] %}", self._started: "{% $millis() %}"}
        until = None
        if self._timeout_seconds is not None:
            assigned[self._until] = f"{{% $millis() + {self._timeout_seconds * 1000} %}}"
            until = f"${self._until}"
            cancel = self._name("Cancel")
            choices.append(rule(f"$millis() > {until}") | {"Next": cancel})
            late = failed.transition("StepTimedOut", self._lateness(self._timeout_seconds))
            after |= self._cancel(cancel, following, late, unknown, wait_until_canceled=wait_until_canceled)
        return {
            **before,
            self._submit: {
                **submit_step(config, self._cluster_id, self._role_arn),
                "Assign": assigned,
                "Output": {},
                "Catch": [failed.catch("StepFailed", self._failure)],
                "Next": waiting,
            },
            waiting: wait(f"${self._started}", following=describe, until=until),
            describe: self._describe(check, unknown),
            check: {"Type": "Choice", "Choices": choices, "Default": waiting},
            **after,
        }

    def _retry(self, choices: list[State]) -> tuple[dict[str, State], dict[str, State]]:
        """Return the states before and after the others that count retries.

        Adds the rule to ``choices``.
        """
        tries = self._tries
        if not self._retries:
            return {}, {}
        retry = self._name("Retry")
        choices.append(
            rule(f'{self._state} in ["FAILED", "INTERRUPTED"] and ${tries} < {self._retries}')
            | {"Assign": {tries: f"{{% ${tries} + 1 %}}"}, "Next": retry}
        )
        start = {"Type": "Pass", "Assign": {tries: 0}, "Output": {}, "Next": self._submit}
        pause = {
            "Type": "Wait",
            "Seconds": f"{{% $min([{_LONGEST_WAIT}, $round({self._pause})]) %}}",
            "Next": self._submit,
        }
        return {self.entry: start}, {retry: pause}

    def _cancel(
        self, cancel: str, following: str, late: State, unknown: Exit, *, wait_until_canceled: bool
    ) -> dict[str, State]:
        """Return the states that cancel the step, which may have completed."""
        call = cancel_step(self._cluster_id, f"${self._id}")
        if not wait_until_canceled:
            return {cancel: {**call, **late, "Catch": [{"ErrorEquals": ANY_ERROR, **late}]}}
        waiting, describe, check = (self._name(f"{verb} canceled") for verb in ("Wait for", "Describe", "Check"))
        on = {"Output": {}, "Next": waiting}
        return {
            cancel: {**call, **on, "Catch": [{"ErrorEquals": ANY_ERROR, **on}]},
            waiting: wait(f"${self._started}", following=describe),
            describe: self._describe(check, unknown),
            check: {
                "Type": "Choice",
                "Choices": [
                    rule(f'{self._state} = "COMPLETED"') | {"Next": following},
                    rule(f'{self._state} in ["FAILED", "CANCELLED", "INTERRUPTED"]') | late,
                ],
                "Default": waiting,
            },
        }

    def _describe(self, following: str, unknown: Exit) -> State:
        return {
            **task("aws-sdk:emr:describeStep", {"ClusterId": self._cluster_id, "StepId": f"{{% ${self._id} %}}"}),
            "Assign": {self._status: "{% $states.result.Step.Status %}"},
            "Output": {},
            "Retry": RETRY_ALL,
            "Catch": [unknown.catch("StepUnknown", json.dumps(f"could not describe step {self._step}: "))],
            "Next": following,
        }

    def _name(self, verb: str) -> str:
        return self._names.unique(f"{verb} {self._title}")

    @property
    def _failure(self) -> str:
        """The JSONata expression for the text before the reason."""
        given = self._cluster_id
        cluster = given.removeprefix("{%").removesuffix("%}").strip() if given.startswith("{%") else json.dumps(given)
        return f"{json.dumps(f'step {self._step} failed on ')} & {cluster} & ': '"

    def _lateness(self, seconds: int) -> str:
        text = f"it did not finish within {seconds} seconds and was canceled; what it started may still be running"
        return f"{self._failure} & {json.dumps(text)}"
