"""Cleanup of orphaned clusters, whose execution was aborted, timed out or failed.

Step Functions doesn't terminate the cluster of an execution that stops, and the execution may not know the cluster ID
yet. A second state machine finds and terminates the clusters of executions that no longer run. An EventBridge rule
starts it when an execution stops. Events are delivered on a best-effort basis, so it also runs every hour.
https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_events as events
from constructs import Construct

from .._core import tokens
from ..monitoring.dead_letters import DeadLetterQueue
from ..monitoring.state_machine import JobStateMachine, start_target
from ..security import job_policies, nag_findings
from .cleanup_states import cleanup_definition

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns
    from aws_cdk import aws_stepfunctions as sfn

    from ..security.policies import Statement

__all__ = ["Cleanup"]

_STATUSES: Final = ("ABORTED", "FAILED", "TIMED_OUT")


class Cleanup(Construct):
    """A state machine that terminates orphaned clusters, with the rules that start it.

    A cluster is orphaned if its execution no longer runs.
    """

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
            definition=cleanup_definition(launcher, scope.node.path, None if topic is None else topic.topic_arn),
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
        """The invocations of the cleanup that failed."""
        self.alarms: tuple[cloudwatch.Alarm, ...] = self._alarms(topic)
        """Alarms on failures of the cleanup, after which a cluster may still be running."""
        target, needed = start_target(
            self,
            self.state_machine,
            description="Allows EventBridge to start the cleanup of orphaned EMR clusters",
            dead_letter_queue=self.dead_letters.queue,
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
        """Starts the cleanup when an execution stops."""
        self.sweep: events.Rule = events.Rule(
            self,
            "Sweep",
            description="Starts the cleanup of EMR clusters whose execution stopped without an event",
            schedule=events.Schedule.rate(tokens.hours(1)),
            targets=[target],
        )
        """Starts the cleanup every hour."""
        for starting in (self.rule, self.sweep):
            starting.node.add_dependency(*needed)

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
