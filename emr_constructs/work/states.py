"""States of Step Functions that work with EMR, as plain dictionaries in the Amazon States Language with JSONata.

The only place that knows how Step Functions spells what RunJobFlow, AddJobFlowSteps and TerminateJobFlows take.
https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from .. import _aws
from .._input_values import as_expressions
from ..rules.engine import is_unknown
from .dates import INSTANT, SCHEDULED_TIME, is_no_instant
from .job_inputs import DateInput, JobInput
from .tasks import ParallelSteps, StepTask

__all__ = ["SEVERAL_TIMES", "States", "add_step", "cancel_step", "cluster_name", "create_cluster", "publish", "task"]

State: TypeAlias = dict[str, Any]
Render: TypeAlias = Callable[[StepTask], Mapping[str, Any]]
"""Tells the step of a task as ``StepConfig``."""

SEVERAL_TIMES: Final = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 3, "IntervalSeconds": 10, "BackoffRate": 3}]
_EVERY_ERROR: Final = ["States.ALL"]
_REASON: Final = "$states.errorOutput.Error & ': ' & $states.errorOutput.Cause"
# The console, and executions that start others, put these keys into the input.
_ALWAYS_ACCEPTED: Final = ("AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID", "Comment")
# What CloudWatch does not take in the name of a state.
_ILLEGAL: Final = re.compile(r"[^A-Za-z0-9 ._()'+-]+")


def task(api: str, arguments: Mapping[str, Any] | str) -> State:
    """A state that calls ``api``, such as ``elasticmapreduce:addStep.sync``."""
    return {"Type": "Task", "Resource": f"arn:{_aws.partition()}:states:::{api}", "Arguments": arguments}


def create_cluster(request: Mapping[str, Any]) -> State:
    """A state that launches a cluster from a RunJobFlow request and waits until it is ready.

    The integration wants the cluster to stay alive, and takes no steps.
    """
    assert request["Instances"]["KeepJobFlowAliveWhenNoSteps"] is True
    assert "Steps" not in request
    name = cluster_name(request["Name"], "$states.context.Execution.Name")
    arguments = {member: as_expressions(value) for member, value in request.items()}
    return task("elasticmapreduce:createCluster.sync", {**arguments, "Name": f"{{% {name} %}}"})


def cluster_name(name: str, execution: str) -> str:
    """The JSONata expression for the name of an execution's cluster, by which it is found without its id.

    :param execution: the expression for the name of the execution.
    """
    # EMR takes 256 characters, Step Functions 80 for the name of an execution.
    short = name if is_unknown(name) else name[:175]
    return f"{json.dumps(f'{short} ')} & {execution}"


def add_step(step: Mapping[str, Any], cluster_id: str, role_arn: str | None, *, wait: bool = True) -> State:
    """A state that submits a step, and waits until it has run."""
    arguments: dict[str, Any] = {"ClusterId": cluster_id, "Step": as_expressions(step)}
    if role_arn is not None:
        arguments["ExecutionRoleArn"] = role_arn
    return task("elasticmapreduce:addStep.sync" if wait else "elasticmapreduce:addStep", arguments)


def cancel_step(cluster_id: str, step_id: str) -> State:
    """A state that cancels a step."""
    return task("elasticmapreduce:cancelStep", {"ClusterId": cluster_id, "StepId": step_id})


def publish(topic_arn: str, title: str, outcome: str, details: Mapping[str, str]) -> State:
    """A state that tells what happened.

    :param title: what the subject says before the outcome.
    :param details: JSONata expressions of what to tell.
    """
    told = {"Outcome": json.dumps(outcome), **details}
    message = ", ".join(f"{json.dumps(name)}: {value}" for name, value in told.items())
    # A subject has up to 100 characters of ASCII.
    subject = f"{re.sub(r'[^ -~]+', ' ', title)[:80]} {outcome}"
    arguments = {"TopicArn": topic_arn, "Subject": subject, "Message": f"{{% $string({{{message}}}, true) %}}"}
    return {**task("sns:publish", arguments), "Retry": SEVERAL_TIMES}


class States:
    """The states of a job on a cluster of its own, each with a name of its own."""

    CHECK: Final = "Check input"
    READ: Final = "Read input"
    LIST: Final = "List executions"
    ALONE: Final = "Is another one running"
    ALREADY_RUNNING: Final = "Already running"
    CREATE: Final = "Create cluster"
    TERMINATE: Final = "Terminate cluster"
    TERMINATE_AFTER_FAILURE: Final = "Terminate cluster after failure"
    TELL_SUCCESS: Final = "Tell success"
    TELL_FAILURE: Final = "Tell failure"
    SUCCEEDED: Final = "Succeeded"
    FAILED: Final = "Failed"

    def __init__(self, title: str, topic_arn: str | None) -> None:
        """Begin a definition.

        :param title: what the subject of a message says.
        :param topic_arn: where messages go; None where nobody is told.
        """
        self._title = title
        self._topic_arn = topic_arn
        self._taken = {name for name in vars(States).values() if isinstance(name, str)}
        self.after_success = self.SUCCEEDED if topic_arn is None else self.TELL_SUCCESS
        self.after_failure = self.FAILED if topic_arn is None else self.TELL_FAILURE

    def check_inputs(self, inputs: Sequence[JobInput], following: str) -> dict[str, State]:
        """States that accept the inputs and nothing else, and keep their values."""
        names = [found.name for found in inputs]
        dates = [found.name for found in inputs if isinstance(found, DateInput) and not found.is_required]
        accepted = list(dict.fromkeys([*_ALWAYS_ACCEPTED, *names, *([SCHEDULED_TIME] if dates else [])]))
        unknown = f"$filter($keys($states.input), function($key) {{$not($key in {json.dumps(accepted)})}})"
        choices = [
            self._refuse('$type($states.input) != "object"', "the input must be a JSON object", "$states.input"),
            self._refuse(
                f"$count({unknown}) > 0",
                f"the input must have no keys but {', '.join(names)}",
                f"$join([{unknown}], ', ')",
            ),
        ]
        if dates:
            given = " and ".join(f"$exists($states.input.{name})" for name in dates)
            unusable = f"({given}) ? false : {is_no_instant(INSTANT)}"
            choices.append(self._refuse(unusable, f"{SCHEDULED_TIME} must be a time from 2020 to 2050", INSTANT))
        values = {}
        for found in inputs:
            given = f"$states.input.{found.name}"
            condition = f"$exists({given}) ? ({found.rejects(given)}) : {json.dumps(found.is_required)}"
            choices.append(self._refuse(condition, f"the input {found.name} must be {found.expectation}", given))
            values[found.name] = f"{{% $exists({given}) ? {given} : {found.fallback()} %}}"
        return {
            self.CHECK: {"Type": "Choice", "Choices": choices, "Default": self.READ},
            self.READ: {"Type": "Pass", "Assign": {"inputs": values}, "Next": following},
        }

    def be_alone(self, following: str) -> dict[str, State]:
        """States that go on where no execution of the state machine has started before and still runs."""
        # The newest comes first, so that of several the one goes on that started first.
        oldest = "$states.input.Executions[-1].ExecutionArn"
        alone = f"$count($states.input.Executions) = 0 ? true : {oldest} = $states.context.Execution.Id"
        arguments = {"StateMachineArn": "{% $states.context.StateMachine.Id %}", "StatusFilter": "RUNNING"}
        listing = task("aws-sdk:sfn:listExecutions", arguments)
        return {
            self.LIST: {
                **listing,
                "Retry": SEVERAL_TIMES,
                "Catch": [
                    self._catch("ExecutionsUnknown", "'it is not known which executions run: '", self.after_failure)
                ],
                "Next": self.ALONE,
            },
            self.ALONE: {
                "Type": "Choice",
                "Choices": [{"Condition": f"{{% {alone} %}}", "Next": following}],
                "Default": self.ALREADY_RUNNING,
            },
            self.ALREADY_RUNNING: {"Type": "Succeed", "Output": {"AlreadyRunning": f"{{% {oldest} %}}"}},
        }

    def launch(self, request: Mapping[str, Any], following: str) -> dict[str, State]:
        """The state that launches the cluster and keeps its id as ``$clusterId``."""
        state = {
            **create_cluster(request),
            "Assign": {"clusterId": "{% $states.result.ClusterId %}"},
            "Catch": [self._catch("ClusterFailed", "'the cluster did not start: '", self.after_failure)],
            "Next": following,
        }
        return {self.CREATE: state}

    def work(self, work: Sequence[StepTask | ParallelSteps], render: Render) -> dict[str, State]:
        """States that run steps on the cluster, and lead to its end."""
        states: dict[str, State] = {}
        names = [self._name("Parallel steps" if isinstance(item, ParallelSteps) else item.step.name) for item in work]
        for name, item, following in zip(names, work, [*names[1:], self.TERMINATE], strict=True):
            if isinstance(item, ParallelSteps):
                states[name] = {
                    "Type": "Parallel",
                    "Branches": [self._branch(branch, render) for branch in item.tasks],
                    "Catch": [self._catch("StepFailed", None, self.TERMINATE_AFTER_FAILURE)],
                    "Next": following,
                }
            else:
                catch = self._catch("StepFailed", _failing(item), self.TERMINATE_AFTER_FAILURE)
                states |= self._step(name, item, render, catch, following)
        return states

    def end(self) -> dict[str, State]:
        """States that end the cluster, tell how the execution went, and end it too."""
        ending = task("elasticmapreduce:terminateCluster.sync", {"ClusterId": "{% $clusterId %}"})
        # The first failure is the one to report.
        cause = f"{{% $failure.Cause & '; and the cluster did not end: ' & {_REASON} %}}"
        first = {"Error": "{% $failure.Error %}", "Cause": cause}
        states: dict[str, State] = {
            self.TERMINATE: {
                **ending,
                "Retry": SEVERAL_TIMES,
                "Catch": [self._catch("TerminationFailed", "'the cluster did not end: '", self.after_failure)],
                "Next": self.after_success,
            },
            self.TERMINATE_AFTER_FAILURE: {
                **ending,
                "Retry": SEVERAL_TIMES,
                "Catch": [{"ErrorEquals": _EVERY_ERROR, "Assign": {"failure": first}, "Next": self.after_failure}],
                "Next": self.after_failure,
            },
        }
        if self._topic_arn is not None:
            failure = {"Error": "$failure.Error", "Reason": "$failure.Cause"}
            success = {"ClusterId": "$clusterId"}
            states[self.TELL_SUCCESS] = self._tell("succeeded", success, following=self.SUCCEEDED)
            states[self.TELL_FAILURE] = self._tell("failed", failure, following=self.FAILED)
        states[self.SUCCEEDED] = {"Type": "Succeed", "Output": {"ClusterId": "{% $clusterId %}"}}
        states[self.FAILED] = {"Type": "Fail", "Error": "{% $failure.Error %}", "Cause": "{% $failure.Cause %}"}
        return states

    def _branch(self, tasks: Sequence[StepTask], render: Render) -> State:
        states: dict[str, State] = {}
        names = [self._name(item.step.name) for item in tasks]
        done, failed = self._name("Branch done"), self._name("Branch failed")
        for name, item, following in zip(names, tasks, [*names[1:], done], strict=True):
            # A branch cannot set the variables of what is around it, so the reason is handed on as its failure.
            cause = f"{{% {_failing(item)} & {_REASON} %}}"
            catch = {"ErrorEquals": _EVERY_ERROR, "Output": {"Cause": cause}, "Next": failed}
            states |= self._step(name, item, render, catch, following)
        states[done] = {"Type": "Succeed"}
        states[failed] = {"Type": "Fail", "Error": "StepFailed", "Cause": "{% $states.input.Cause %}"}
        return {"StartAt": names[0], "States": states}

    def _step(self, name: str, item: StepTask, render: Render, catch: State, following: str) -> dict[str, State]:
        told: dict[str, State] = {}
        if item.continue_on_failure:
            catch = {"ErrorEquals": _EVERY_ERROR, "Next": following}
            if self._topic_arn is not None:
                tell = self._name(f"Tell that {name[:40]} failed")
                reason = f"{_failing(item)} & $states.input.Error & ': ' & $states.input.Cause"
                told[tell] = self._tell("goes on", {"Reason": reason}, following=following)
                catch = {**catch, "Next": tell}
        role_arn = None if item.runtime_role is None else item.runtime_role.role_arn
        submission = add_step(render(item), "{% $clusterId %}", role_arn)
        return {name: {**submission, **item.error_handling, "Catch": [catch], "Next": following}, **told}

    def _tell(self, outcome: str, details: Mapping[str, str], *, following: str) -> State:
        assert self._topic_arn is not None
        execution = {"Execution": "$states.context.Execution.Id"}
        told = publish(self._topic_arn, self._title, outcome, {**execution, **details})
        # What happened stays so where nobody can be told.
        return {**told, "Catch": [{"ErrorEquals": _EVERY_ERROR, "Next": following}], "Next": following}

    def _name(self, wanted: str) -> str:
        """``wanted`` as the name of a state, with a number where it is taken."""
        short = _ILLEGAL.sub(" ", wanted).strip()[:60] or "Step"
        number, name = 1, short
        while name in self._taken:
            number += 1
            name = f"{short} {number}"
        self._taken.add(name)
        return name

    def _refuse(self, condition: str, rule: str, got: str) -> State:
        """The choice that fails the execution if ``condition`` is true, because ``got`` is not what ``rule`` says."""
        value = "$got = null ? 'null' : $type($got) & ' ' & $substring($string($got), 0, 200)"
        shown = f"$exists($got) ? ({value}) : 'nothing'"
        failure = {
            "Error": "InvalidInput",
            "Cause": f"{{% ($got := {got}; {json.dumps(f'{rule}, got ')} & ({shown})) %}}",
        }
        return {"Condition": f"{{% {condition} %}}", "Assign": {"failure": failure}, "Next": self.after_failure}

    @staticmethod
    def _catch(error: str, what: str | None, following: str) -> State:
        text = "$states.errorOutput.Cause" if what is None else f"{what} & {_REASON}"
        failure = {"Error": error, "Cause": f"{{% {text} %}}"}
        return {"ErrorEquals": _EVERY_ERROR, "Assign": {"failure": failure}, "Next": following}


def _failing(item: StepTask) -> str:
    """What to say before the reason, as a JSONata expression."""
    return f"{json.dumps(f'the step {item.step.name} failed on ')} & $clusterId & ': '"
