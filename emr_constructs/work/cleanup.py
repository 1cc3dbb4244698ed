"""What ends the cluster of an execution that could not do so itself: it was aborted, took too long, or failed.

Step Functions does not end the cluster of an execution that stops, and may not have told the execution its id yet. So a
rule starts a second state machine, which finds the cluster by its name, of which the name of the execution is a part.
https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from constructs import Construct

from .. import _aws
from ..monitoring.dead_letters import DeadLetterQueue
from ..security import acknowledgments, job_policies
from ..security.permissions import RolePermissions
from .state_machine import JobStateMachine
from .states import SEVERAL_TIMES, cluster_name, publish, task

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_stepfunctions as sfn

    from ..security.policies import Statement

__all__ = ["Cleanup"]

_STATUSES: Final = ("ABORTED", "FAILED", "TIMED_OUT")
# An execution that stops may have just asked EMR for a cluster.
_CALLS_UNDER_WAY_SECONDS: Final = 30
_TIMEOUT_SECONDS: Final = 900
_ACTIVE: Final = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")
_EVENT: Final = "$states.context.Execution.Input.detail"


class Cleanup(Construct):
    """A rule on the executions of a state machine, and the state machine that ends their clusters."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        state_machine: sfn.IStateMachine,
        cluster_name: str,
        launcher: str,
        topic_arn: str | None,
        statements: Iterable[Statement],
        encryption_key: kms.IKey,
        removal_policy: cdk.RemovalPolicy,
    ) -> None:
        """Define the rule and the state machine.

        :param state_machine: whose executions launch clusters.
        :param cluster_name: the name of the clusters, before that of the execution.
        :param launcher: the tag of the clusters.
        :param topic_arn: where to tell of executions that were aborted or took too long, which cannot tell it.
        :param statements: what it takes to publish there.
        :param encryption_key: encrypts the log and the dead letters.
        :param removal_policy: what happens to the log when the stack is deleted.
        """
        super().__init__(scope, construct_id)
        self._job = JobStateMachine(
            self,
            "Job",
            definition=definition(cluster_name, scope.node.path, topic_arn),
            statements=[job_policies.list_clusters(), job_policies.end_clusters(launcher), *statements],
            wildcards={
                "*": acknowledgments.LISTING_CLUSTERS,
                job_policies.clusters(): acknowledgments.LAUNCHED_CLUSTERS,
            },
            encryption_key=encryption_key,
            removal_policy=removal_policy,
        )
        self.dead_letters: DeadLetterQueue = DeadLetterQueue(self, "DeadLetters", encryption_key=encryption_key)
        conditions = {
            "StringEquals": {"aws:SourceAccount": _aws.account()},
            "ArnLike": {"aws:SourceArn": _aws.arn("events", "rule/*")},
        }
        role = iam.Role(
            self,
            "RuleRole",
            description="EventBridge ends Amazon EMR clusters that are left over",
            assumed_by=iam.ServicePrincipal("events.amazonaws.com", conditions=conditions),
        )
        start = RolePermissions(
            self, "RulePolicy", role, [job_policies.start_executions(self.state_machine.state_machine_arn)]
        )
        self.rule: events.Rule = events.Rule(
            self,
            "Rule",
            description="An execution stopped and may have left an Amazon EMR cluster",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={"stateMachineArn": [state_machine.state_machine_arn], "status": list(_STATUSES)},
            ),
            targets=[
                targets.SfnStateMachine(
                    self.state_machine,
                    role=role.without_policy_updates(),
                    dead_letter_queue=self.dead_letters.queue,
                )
            ],
        )
        self.rule.node.add_dependency(*start.dependencies)

    @property
    def state_machine(self) -> sfn.StateMachine:
        """The state machine that ends clusters."""
        return self._job.state_machine


def definition(name: str, title: str, topic_arn: str | None) -> dict[str, Any]:
    """The definition of the state machine; its input is the event of the execution that stopped."""
    query = json.dumps({"ClusterStates": list(_ACTIVE)})
    found = f"$states.result.Clusters[Name = ({cluster_name(name, f'{_EVENT}.name')})].Id"
    last = "Is all done" if topic_arn is None else "Is it known"
    unfinished = {
        "ErrorEquals": ["States.ALL"],
        "Assign": {"problem": {"Text": "{% $states.errorOutput.Error & ': ' & $states.errorOutput.Cause %}"}},
        "Next": last,
    }
    states: dict[str, Any] = {
        "Wait for calls under way": {
            "Type": "Wait",
            "Seconds": _CALLS_UNDER_WAY_SECONDS,
            "Assign": {"page": {}, "problem": {"Text": ""}},
            "Next": "List clusters",
        },
        "List clusters": {
            **task("aws-sdk:emr:listClusters", f"{{% $merge([{query}, $page]) %}}"),
            "Assign": {"page": "{% $exists($states.result.Marker) ? {'Marker': $states.result.Marker} : {} %}"},
            "Output": f"{{% [{found}] %}}",
            "Retry": SEVERAL_TIMES,
            "Catch": [unfinished],
            "Next": "Is the cluster among them",
        },
        "Is the cluster among them": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $count($states.input) > 0 %}", "Next": "Terminate cluster"}],
            "Default": "Are there more",
        },
        "Terminate cluster": {
            **task("aws-sdk:emr:terminateJobFlows", {"JobFlowIds": "{% $states.input %}"}),
            "Retry": SEVERAL_TIMES,
            "Catch": [unfinished],
            "Next": "Are there more",
        },
        "Are there more": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $exists($page.Marker) %}", "Next": "List clusters"}],
            "Default": last,
        },
    }
    if topic_arn is not None:
        # An execution that failed has told it.
        known = f"{_EVENT}.status = 'FAILED' and $problem.Text = ''"
        details = {
            "Execution": f"{_EVENT}.executionArn",
            "Reason": f"$exists({_EVENT}.cause) ? {_EVENT}.cause : {_EVENT}.status",
            "ClusterMayRunOn": "$problem.Text != ''",
            "Problem": "$problem.Text",
        }
        told = publish(topic_arn, title, "stopped", details)
        states["Is it known"] = {
            "Type": "Choice",
            "Choices": [{"Condition": f"{{% {known} %}}", "Next": "Is all done"}],
            "Default": "Tell",
        }
        states["Tell"] = {**told, "Next": "Is all done"}
    states["Is all done"] = {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $problem.Text = '' %}", "Next": "Done"}],
        "Default": "Not done",
    }
    states["Done"] = {"Type": "Succeed"}
    states["Not done"] = {"Type": "Fail", "Error": "ClusterMayRunOn", "Cause": "{% $problem.Text %}"}
    return {
        "Comment": "Ends the Amazon EMR cluster of an execution that stopped",
        "QueryLanguage": "JSONata",
        "StartAt": "Wait for calls under way",
        "TimeoutSeconds": _TIMEOUT_SECONDS,
        "States": states,
    }
