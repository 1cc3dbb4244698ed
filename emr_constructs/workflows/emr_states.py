"""States of Step Functions that call EMR.

The states are dictionaries in the Amazon States Language with JSONata. Transient clusters, step submissions and the
cleanup share them. They call the EMR API through ``aws-sdk:emr:*``, which accepts all RunJobFlow members, and poll
until EMR has finished. The optimized integration rejects members that clusters require.
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from .._core.deployed import text_of
from .._core.patterns import regex
from .._core.state_language import ANY_ERROR, ERROR_TEXT, RETRY_ALL, RETRY_WAITS, State, reasons, rule, task
from .._core.unknown import is_unknown, literal_part
from .api_arguments import api_arguments

__all__ = [
    "LAUNCH_STATES",
    "NO_CLUSTER",
    "RETRY_REJECTED",
    "TERMINATION_STATES",
    "Exit",
    "StateNames",
    "cluster_name",
    "launch_cluster",
    "state_title",
    "terminate_cluster",
    "wait",
]

RETRY_REJECTED: Final = [{"ErrorEquals": ["Emr.EmrException"], "MaxAttempts": 3, **RETRY_WAITS}]
"""For RunJobFlow and AddJobFlowSteps, which have no client token: after other errors, EMR may have processed the call.

EMR's model has no name for throttling errors, so Step Functions reports them with this name.
"""

NO_CLUSTER: Final = {"clusterId": ""}
"""The variable of a failure before there is a cluster."""

LAUNCH_STATES: Final = ("Create cluster", "Wait for cluster", "Describe cluster", "Check cluster")
TERMINATION_STATES: Final = (
    "Terminate cluster",
    "Wait for termination",
    "Describe terminating cluster",
    "Check termination",
)

_TERMINATED: Final = '["TERMINATED", "TERMINATED_WITH_ERRORS"]'
# Characters that CloudWatch does not support in the name of a state.
_ILLEGAL: Final = regex(r"[^A-Za-z0-9 ._()'+-]+")
_LONGEST_NAME: Final = 40


class Exit(NamedTuple):
    """The transition after a failure."""

    variable: str
    """The variable for the failure, an object with ``Error``, ``Cause`` and, for a step, ``Details``."""

    following: str
    """The next state."""

    def transition(self, error: str, cause: str, *, details: str = "") -> State:
        """Return the members of a Catch or a Choice rule.

        :param error: the name of the error.
        :param cause: the JSONata expression for its text.
        :param details: the JSONata expression for the ``FailureDetails`` of a step. Default: none.
        """
        # A cause has at most 32,768 characters, and another one may be added to it.
        failure = {"Error": error, "Cause": f"{{% $substring(({cause}) & '', 0, 8000) %}}"}
        if details:
            failure["Details"] = f"{{% {details} %}}"
        return {"Assign": {self.variable: failure}, "Next": self.following}

    def catch(self, error: str, what: str) -> State:
        """Return a Catch of any error.

        :param what: the JSONata expression for the text before the reason.
        """
        return {"ErrorEquals": ANY_ERROR, **self.transition(error, f"{what} & {ERROR_TEXT}")}


class StateNames:
    """Unique names of states in a state machine."""

    def __init__(self, taken: Sequence[str] = ()) -> None:
        self._taken = set(taken)

    def unique(self, wanted: str) -> str:
        """Return ``wanted`` without tokens as the name of a state, with a number if the name exists."""
        short = _ILLEGAL.sub(" ", literal_part(wanted)).strip()[:_LONGEST_NAME].strip()
        number, name = 1, short
        while name in self._taken:
            number += 1
            suffix = f" {number}"
            name = f"{short[: _LONGEST_NAME - len(suffix)]}{suffix}"
        self._taken.add(name)
        return name


def state_title(construct_id: str) -> str:
    """Return an identifier of a construct for the names of its states."""
    short = _ILLEGAL.sub(" ", construct_id).strip()
    if short != construct_id or len(short) > 12:
        short = f"{short[:4].strip()}{hashlib.sha256(construct_id.encode()).hexdigest()[:8]}"
    return f"EMR step {short}"


def cluster_name(name: str) -> str:
    """Return the JSONata expression for the cluster name.

    It ends with the name of the execution.
    """
    # A cluster name has up to 256 characters, the name of an execution up to 80.
    short = name if is_unknown(name) else name[:175]
    return f"{json.dumps(f'{text_of(short)} ')} & $states.context.Execution.Name"


def launch_cluster(
    request: Mapping[str, Any], *, following: str, failed: Exit, unknown: Exit, variables: Mapping[str, Any]
) -> dict[str, State]:
    """Return the states that launch a cluster and wait until it accepts steps.

    They assign its ID to ``$clusterId``, or an empty string if no cluster is created.

    :param request: the RunJobFlow request, with a cluster name to which the name of the execution is added.
    :param failed: the transition if no cluster is created, or if it terminates.
    :param unknown: the transition if the state of the cluster is unknown.
    :param variables: further variables to assign with the ID.
    """
    create, waiting, describe, check = LAUNCH_STATES
    arguments = api_arguments(dict(request), "RunJobFlowInput")
    status = "$clusterStatus.State"
    ended = rule(f'{status} in ["TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"]')
    ended_text = "'cluster ' & $clusterId & ' failed to start: '"
    rejected = failed.catch("ClusterFailed", "'could not create the cluster: '")
    rejected["Assign"] |= NO_CLUSTER
    reason = reasons("$clusterStatus.State", "$clusterStatus.StateChangeReason.Code", _message("$clusterStatus"))
    return {
        create: {
            **task("aws-sdk:emr:runJobFlow", {**arguments, "Name": f"{{% {cluster_name(request['Name'])} %}}"}),
            "Assign": {
                "clusterId": "{% $states.result.JobFlowId %}",
                "clusterStarted": "{% $millis() %}",
                **variables,
            },
            "Output": {},
            "Retry": RETRY_REJECTED,
            "Catch": [rejected],
            "Next": waiting,
        },
        waiting: wait("$clusterStarted", following=describe),
        describe: {
            **_describe_cluster("$clusterId"),
            "Catch": [unknown.catch("ClusterFailed", "'could not describe the cluster: '")],
            "Next": check,
        },
        check: {
            "Type": "Choice",
            "Choices": [
                rule(f'{status} in ["WAITING", "RUNNING"]') | {"Next": following},
                ended | failed.transition("ClusterFailed", f"{ended_text} & {reason}"),
            ],
            "Default": waiting,
        },
    }


def terminate_cluster(cluster_id: str, *, following: str, failed: State) -> dict[str, State]:
    """Return the states that terminate a cluster and wait until it has terminated.

    :param cluster_id: the JSONata expression for the cluster ID.
    :param failed: a Catch for a cluster that may still be running.
    """
    terminate, waiting, describe, check = TERMINATION_STATES
    return {
        terminate: {
            # One expression for the list, because a list of one expression would have to be evaluated by item.
            **task("aws-sdk:emr:terminateJobFlows", {"JobFlowIds": f"{{% [{cluster_id}] %}}"}),
            "Assign": {"terminationStarted": "{% $millis() %}"},
            "Output": {},
            "Retry": RETRY_ALL,
            "Catch": [failed],
            "Next": waiting,
        },
        waiting: wait("$terminationStarted", following=describe),
        describe: {
            **_describe_cluster(cluster_id),
            "Catch": [failed],
            "Next": check,
        },
        check: {
            "Type": "Choice",
            "Choices": [rule(f"$clusterStatus.State in {_TERMINATED}") | {"Next": following}],
            "Default": waiting,
        },
    }


def _describe_cluster(cluster_id: str) -> State:
    """Return a state that keeps only the status of a cluster.

    A whole cluster can exceed the payload limit.
    """
    return {
        **task("aws-sdk:emr:describeCluster", {"ClusterId": f"{{% {cluster_id} %}}"}),
        "Assign": {"clusterStatus": "{% $states.result.Cluster.Status %}"},
        "Output": {},
        "Retry": RETRY_ALL,
    }


def wait(started: str, *, following: str, until: str | None = None) -> State:
    """Return a state that waits for 5% of the elapsed time.

    An execution has at most 25,000 events.
    https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html

    :param started: the JSONata expression for the start in milliseconds.
    :param until: the JSONata expression for the latest end of the wait in milliseconds. Default: no limit.
    """
    seconds = f"$min([300, $max([30, $round(($millis() - {started}) / 20000)])])"
    if until is not None:
        seconds = f"$max([1, $min([{seconds}, $ceil(({until} - $millis()) / 1000)])])"
    return {"Type": "Wait", "Seconds": f"{{% {seconds} %}}", "Next": following}


def _message(status: str) -> str:
    return f"{status}.StateChangeReason.Message"
