"""The definition of the state machine that terminates orphaned clusters.

It is in the Amazon States Language with JSONata.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from __future__ import annotations

import json
from typing import Any, Final

from .._core.state_language import ANY_ERROR, ERROR_TEXT, RETRY_ALL, State, publish, rule, task
from ..security import job_policies
from .emr_states import terminate_cluster

__all__ = ["cleanup_definition"]

# A call to EMR that launches a cluster may be in flight when an execution stops.
_IN_FLIGHT_SECONDS: Final = 30
_MINIMUM_AGE_MILLISECONDS: Final = 15 * 60 * 1000
_TIMEOUT_SECONDS: Final = 3600
_ACTIVE: Final = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")


def cleanup_definition(launcher: str, title: str, topic_arn: str | None) -> dict[str, Any]:
    """Return the definition of the state machine.

    The input is the event of a stopped execution, or a scheduled event.

    :param launcher: the tag of the clusters.
    :param title: the subject of messages.
    :param topic_arn: the topic of messages. None: nothing is published.
    """
    active = f'"ClusterStates": {json.dumps(list(_ACTIVE))}'
    # A sweep leaves a cluster that has just launched. The time is the same for all pages, as EMR has it for a marker.
    old = f'"CreatedBefore": $fromMillis($millis() - {_MINIMUM_AGE_MILLISECONDS})'
    given = "$type($states.input.detail.name) = 'string'"
    named = "$substring(Name, -$length($suffix)) = $suffix"
    unfinished = {
        "ErrorEquals": ANY_ERROR,
        "Assign": {"problems": f"{{% [$problems, {ERROR_TEXT}] %}}"},
        "Next": "Check result" if topic_arn is None else "Check if already notified",
    }
    states: dict[str, State] = {
        "Wait for in-flight calls": {
            "Type": "Wait",
            "Seconds": _IN_FLIGHT_SECONDS,
            "Assign": {
                "query": f"{{% {given} ? {{{active}}} : {{{active}, {old}}} %}}",
                "page": {},
                "problems": [],
                "terminated": [],
                "event": "{% $type($states.input.detail.executionArn) = 'string' ? $states.input.detail : {} %}",
                # The name of the cluster ends with that of its execution; its prefix can have changed since.
                "suffix": f"{{% {given} ? ' ' & $states.input.detail.name : '' %}}",
            },
            "Output": {},
            "Next": "List clusters",
        },
        "List clusters": {
            **task("aws-sdk:emr:listClusters", "{% $merge([$query, $page]) %}"),
            "Assign": {
                "page": "{% $type($states.result.Marker) = 'string' ? {'Marker': $states.result.Marker} : {} %}"
            },
            "Output": f"{{% [$states.result.Clusters[$suffix = '' ? true : {named}].Id] %}}",
            "Retry": RETRY_ALL,
            "Catch": [unfinished],
            "Next": "Check if cluster found",
        },
        "Check if cluster found": {
            "Type": "Choice",
            "Choices": [rule("$count($states.input) > 0") | {"Next": "Terminate orphaned clusters"}],
            "Default": "Check for next page",
        },
        "Terminate orphaned clusters": {
            "Type": "Map",
            "Items": "{% $states.input %}",
            "ItemProcessor": {"StartAt": "Describe cluster", "States": _terminate_if_orphaned(launcher)},
            "MaxConcurrency": 5,
            "Assign": {
                "problems": "{% [$problems, $states.result.Problem] %}",
                "terminated": "{% [$terminated, $states.result.Terminated] %}",
            },
            "Output": {},
            "Catch": [unfinished],
            "Next": "Check for next page",
        },
        "Check for next page": {
            "Type": "Choice",
            "Choices": [rule("$exists($page.Marker)") | {"Next": "List clusters"}],
            "Default": unfinished["Next"],
        },
    }
    if topic_arn is not None:
        states |= _notify(title, topic_arn)
    states["Check result"] = {
        "Type": "Choice",
        "Choices": [rule("$count($problems) = 0") | {"Next": "Done"}],
        "Default": "Failed",
    }
    states["Done"] = {"Type": "Succeed", "Output": {"Terminated": "{% $terminated %}"}}
    states["Failed"] = {
        "Type": "Fail",
        "Error": "ClusterMayStillBeRunning",
        "Cause": "{% $join($problems, '; ') %}",
    }
    return {
        "Comment": "Terminates Amazon EMR clusters whose execution no longer runs",
        "QueryLanguage": "JSONata",
        "StartAt": "Wait for in-flight calls",
        "TimeoutSeconds": _TIMEOUT_SECONDS,
        "States": states,
    }


def _terminate_if_orphaned(launcher: str) -> dict[str, State]:
    """Return the states that terminate a cluster if its execution no longer runs.

    The execution is in the tags of the cluster. A cluster whose execution is running again, or has an unknown status,
    is not terminated.
    """
    launcher_tag, execution_tag = (
        f"{{% $states.result.Cluster.Tags[Key = {json.dumps(key)}].Value & '' %}}"
        for key in (job_policies.LAUNCHER_TAG, job_policies.EXECUTION_TAG)
    )
    unknown = {
        "ErrorEquals": ANY_ERROR,
        "Assign": {"problem": f"{{% 'cluster ' & $states.input & ': ' & {ERROR_TEXT} %}}"},
        "Next": "Report problem",
    }
    failed = {**unknown, "Assign": {"problem": f"{{% 'cluster ' & $orphan & ': ' & {ERROR_TEXT} %}}"}}
    gone = ["Sfn.ExecutionDoesNotExistException"]
    mine = f'$launcher = {json.dumps(launcher)} and $execution != "" and '
    mine += "($exists($event.executionArn) ? $execution = $event.executionArn : true)"
    status = "$executionStatus"
    return {
        "Describe cluster": {
            **task("aws-sdk:emr:describeCluster", {"ClusterId": "{% $states.input %}"}),
            "Assign": {
                "orphan": "{% $states.input %}",
                "launcher": launcher_tag,
                "execution": execution_tag,
            },
            "Output": {},
            "Retry": RETRY_ALL,
            "Catch": [unknown],
            "Next": "Check tags",
        },
        "Check tags": {
            "Type": "Choice",
            "Choices": [rule(mine) | {"Next": "Describe execution"}],
            "Default": "Leave cluster",
        },
        "Describe execution": {
            **task("aws-sdk:sfn:describeExecution", {"ExecutionArn": "{% $execution %}"}),
            "Assign": {"executionStatus": "{% $states.result.Status %}"},
            "Output": {},
            "Retry": [{"ErrorEquals": gone, "MaxAttempts": 0}, *RETRY_ALL],
            "Catch": [{"ErrorEquals": gone, "Next": "Terminate cluster"}, failed],
            "Next": "Check execution",
        },
        "Check execution": {
            "Type": "Choice",
            "Choices": [
                rule(f'{status} in ["FAILED", "ABORTED", "TIMED_OUT", "SUCCEEDED"]') | {"Next": "Terminate cluster"},
                rule(f'{status} in ["RUNNING", "PENDING_REDRIVE"]') | {"Next": "Leave cluster"},
            ],
            "Default": "Report unknown status",
        },
        **terminate_cluster("$orphan", following="Report termination", failed=failed),
        "Report termination": {"Type": "Succeed", "Output": {"Terminated": "{% $orphan %}"}},
        "Leave cluster": {"Type": "Succeed", "Output": {}},
        "Report unknown status": {
            "Type": "Succeed",
            "Output": {"Problem": f"{{% 'cluster ' & $orphan & ': unknown status ' & {status} %}}"},
        },
        "Report problem": {"Type": "Succeed", "Output": {"Problem": "{% $problem %}"}},
    }


def _notify(title: str, topic_arn: str) -> dict[str, State]:
    """Return the states that publish stopped executions and their clusters."""
    results = {
        "Terminated": "$terminated",
        "ClusterMayStillBeRunning": "$count($problems) > 0",
        "Problems": "$problems",
    }
    # The cause of an event is null for most executions.
    cause = "$type($event.cause) = 'string' ? $event.cause : $event.status"
    # Such as States.Runtime after 25,000 events: no Catch and no other state runs.
    # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    internal = "$type($event.error) = 'string' ? $substring($event.error, 0, 7) = 'States.' : false"
    stopped = {"Execution": "$event.executionArn", "Reason": cause}
    result = {"Next": "Check result"}
    return {
        "Check if already notified": {
            "Type": "Choice",
            "Choices": [
                # An execution that failed has published it, unless Step Functions itself ended it.
                rule(f"$event.status = 'FAILED' and $not({internal}) and $count($problems) = 0") | result,
                rule("$exists($event.status)") | {"Next": "Notify stopped execution"},
                rule("$count($terminated) + $count($problems) > 0") | {"Next": "Notify orphaned clusters"},
            ],
            "Default": "Check result",
        },
        # A message that cannot be published does not mean that a cluster may still be running.
        "Notify stopped execution": {
            **publish(topic_arn, title, "stopped", {**stopped, **results}),
            "Catch": [{"ErrorEquals": ANY_ERROR, **result}],
            **result,
        },
        "Notify orphaned clusters": {
            **publish(topic_arn, title, "cleaned up", results),
            "Catch": [{"ErrorEquals": ANY_ERROR, **result}],
            **result,
        },
    }
