"""Cleanup of orphaned clusters, whose execution was aborted, timed out or failed.

Step Functions doesn't terminate the cluster of an execution that stops, and the execution may not know the cluster ID
yet. A second state machine finds and terminates the clusters of executions that no longer run. An EventBridge rule
starts it when an execution stops. Events are delivered on a best-effort basis, so it also runs every hour.
https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from constructs import Construct

from .._core import tokens
from ..monitoring.dead_letters import DeadLetterQueue
from ..security import job_policies, nag_findings
from ..security.permissions import RolePermissions
from .emr_states import ANY_ERROR, ERROR_TEXT, RETRY_ALL, State, publish, rule, task, terminate_cluster
from .state_machine import JobStateMachine

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns
    from aws_cdk import aws_stepfunctions as sfn

    from ..security.policies import Statement

__all__ = ["Cleanup"]

_STATUSES: Final = ("ABORTED", "FAILED", "TIMED_OUT")
# A call to EMR that launches a cluster may be in flight when an execution stops.
_IN_FLIGHT_SECONDS: Final = 30
_MINIMUM_AGE_MILLISECONDS: Final = 15 * 60 * 1000
_TIMEOUT_SECONDS: Final = 3600
_ACTIVE: Final = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")


class Cleanup(Construct):
    """A state machine that terminates the clusters of executions that no longer run, and the rules that start it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        state_machine: sfn.StateMachine,
        launcher: str,
        topic: sns.ITopic | None,
        statements: Iterable[Statement],
        encryption_key: kms.IKey,
        removal_policy: cdk.RemovalPolicy,
    ) -> None:
        """Define the state machine, its alarm and the rules that start it.

        :param state_machine: the state machine whose executions launch clusters.
        :param launcher: the tag of these clusters.
        :param topic: receives alarms, executions that were aborted or timed out, and clusters without an execution. It
            must allow alarms to publish. None: nothing is published.
        :param statements: the permissions to publish to the topic.
        :param encryption_key: encrypts the log and the dead letters.
        :param removal_policy: what happens to the log when the stack is deleted.
        """
        super().__init__(scope, construct_id)
        self._job = JobStateMachine(
            self,
            "Job",
            definition=definition(launcher, scope.node.path, None if topic is None else topic.topic_arn),
            statements=[
                job_policies.list_clusters(),
                job_policies.describe_clusters(),
                job_policies.terminate_clusters(launcher),
                job_policies.describe_executions(state_machine.state_machine_name),
                *statements,
            ],
            wildcards={
                "*": nag_findings.LISTING_CLUSTERS,
                job_policies.clusters(): nag_findings.FOUND_CLUSTERS,
                job_policies.executions(state_machine.state_machine_name): nag_findings.EXECUTIONS,
            },
            encryption_key=encryption_key,
            removal_policy=removal_policy,
            # It also describes clusters of other launchers, whose configurations must not be logged here.
            log_execution_data=False,
        )
        self.dead_letters: DeadLetterQueue = DeadLetterQueue(self, "DeadLetters", encryption_key=encryption_key)
        self.alarms: tuple[cloudwatch.Alarm, ...] = self._alarms(topic)
        """Alarms on failures of the cleanup, after which a cluster may still be running."""
        conditions = {
            "StringEquals": {"aws:SourceAccount": tokens.account()},
            "ArnLike": {"aws:SourceArn": tokens.arn("events", "rule/*")},
        }
        role = iam.Role(
            self,
            "RuleRole",
            description="Allows EventBridge to start the cleanup of orphaned EMR clusters",
            assumed_by=iam.ServicePrincipal("events.amazonaws.com", conditions=conditions),
        )
        start = RolePermissions(
            self, "RulePolicy", role, [job_policies.start_executions(self.state_machine.state_machine_arn)]
        )
        target = targets.SfnStateMachine(
            self.state_machine, role=role.without_policy_updates(), dead_letter_queue=self.dead_letters.queue
        )
        self.rule: events.Rule = events.Rule(
            self,
            "Rule",
            description="Starts the cleanup when an execution stops and may have left an EMR cluster",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={"stateMachineArn": [state_machine.state_machine_arn], "status": list(_STATUSES)},
            ),
            targets=[target],
        )
        self.sweep: events.Rule = events.Rule(
            self,
            "Sweep",
            description="Starts the cleanup of EMR clusters whose execution stopped without an event",
            schedule=events.Schedule.rate(tokens.hours(1)),
            targets=[target],
        )
        for starting in (self.rule, self.sweep):
            starting.node.add_dependency(*start.dependencies)

    @property
    def state_machine(self) -> sfn.StateMachine:
        """The state machine that terminates clusters."""
        return self._job.state_machine

    def _alarms(self, topic: sns.ITopic | None) -> tuple[cloudwatch.Alarm, ...]:
        """https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html"""
        period = tokens.minutes(5)
        # One for each metric: a sum has no value while one of them has none, and they have none without executions.
        metrics = {
            "Failed": self.state_machine.metric_failed(statistic="Sum", period=period),
            "TimedOut": self.state_machine.metric_timed_out(statistic="Sum", period=period),
        }
        alarms = tuple(
            metric.create_alarm(
                self,
                f"{name}Alarm",
                alarm_description="The cleanup of orphaned EMR clusters failed. A cluster may still be running and "
                "incur cost; check the executions of the cleanup state machine.",
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
                threshold=0,
                evaluation_periods=1,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
            for name, metric in metrics.items()
        )
        for alarm in alarms:
            if topic is None:
                nag_findings.acknowledge(alarm, nag_findings.ALARM_WITHOUT_ACTION)
            else:
                alarm.add_alarm_action(cloudwatch_actions.SnsAction(topic))
        return alarms


def definition(launcher: str, title: str, topic_arn: str | None) -> dict[str, Any]:
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
                # The cluster of an execution ends with its name, whatever it begins with by now.
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
    """Return the states for one cluster, which is terminated if the execution in its tags no longer runs.

    A cluster whose execution is running again, or has an unknown status, is not terminated.
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
    """Return the states that publish a stopped execution and clusters without an execution."""
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
