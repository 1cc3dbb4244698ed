"""A state machine that publishes failed steps of a cluster, with the details of the failure.

EMR's event of a failed step has no details: DescribeStep returns the reason, the message and the log file. Without
them, the message of the event is published.
https://docs.aws.amazon.com/emr/latest/APIReference/API_FailureDetails.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import aws_cdk as cdk
from constructs import Construct

from .._core.state_language import ANY_ERROR, RETRY_ALL, State, console_link, publish, rule, task
from ..security.job_policies import describe_steps
from .alarm_topic import AlarmTopic, key_of, publish_statements
from .state_machine import JobStateMachine, job_key, start_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_events as events
    from aws_cdk import aws_sqs as sqs
    from constructs import IDependable

    from ..interfaces import IClusterRef
    from .alarm_topic import Topic

__all__ = ["StepFailures", "step_failures_definition"]

_TIMEOUT_SECONDS: Final = 3600
_WAIT_SECONDS: Final = 30
_TRIES: Final = 5


class StepFailures(Construct):
    """A state machine that adds the details of failed steps to their events, and publishes them."""

    def __init__(
        self,
        cluster: IClusterRef,
        construct_id: str,
        *,
        topic: Topic,
        dead_letter_queue: sqs.IQueue | None,
    ) -> None:
        """Define the state machine and its role.

        Its log is encrypted with the key of an ``AlarmTopic`` or of the cluster's profile, or with a new key.

        :param topic: receives the failures.
        :param dead_letter_queue: keeps the events that can't be delivered. Default: that of an ``AlarmTopic``.
        """
        super().__init__(cast("Construct", cluster), construct_id)
        if isinstance(topic, AlarmTopic):
            dead_letter_queue = dead_letter_queue or topic.dead_letter_queue
        published = topic.topic if isinstance(topic, AlarmTopic) else topic
        key = topic.encryption_key if isinstance(topic, AlarmTopic) else key_of(cluster)
        self._job = JobStateMachine(
            self,
            "Job",
            definition=step_failures_definition(cluster.node.path, published.topic_arn),
            statements=[describe_steps(cluster.cluster_arn), *publish_statements(published)],
            wildcards={},
            encryption_key=key or job_key(self, cdk.RemovalPolicy.DESTROY),
            removal_policy=cdk.RemovalPolicy.DESTROY,
            # The arguments of a step can be confidential.
            log_execution_data=False,
        )
        self.target: events.IRuleTarget
        """The target of rules on failed steps."""
        self.dependencies: Sequence[IDependable]
        """What the rules depend on."""
        self.target, self.dependencies = start_target(
            self,
            self._job.state_machine,
            description="Allows EventBridge to publish failed steps of an EMR cluster",
            dead_letter_queue=dead_letter_queue,
        )


def step_failures_definition(title: str, topic_arn: str) -> dict[str, Any]:
    """Return the definition of the state machine, whose input is the event of a failed step.

    :param title: the subject of messages.
    :param topic_arn: the topic of messages.
    """
    notify: State = {"Next": "Notify step failure"}
    details = {
        "ClusterId": "$event.clusterId",
        "Step": "$event.name",
        "StepId": "$event.stepId",
        "ActionOnFailure": "$event.actionOnFailure",
        "Event": "$event.message",
        "FailureDetails": "$status.FailureDetails",
        "Console": console_link("$event.clusterId"),
    }
    states: dict[str, State] = {
        "Read event": {
            "Type": "Pass",
            "Assign": {"event": "{% $states.input.detail %}", "status": {}, "tries": 0},
            "Output": {},
            "Next": "Describe step",
        },
        "Describe step": {
            **task(
                "aws-sdk:emr:describeStep", {"ClusterId": "{% $event.clusterId %}", "StepId": "{% $event.stepId %}"}
            ),
            "Assign": {"status": "{% $states.result.Step.Status %}", "tries": "{% $tries + 1 %}"},
            "Output": {},
            "Retry": RETRY_ALL,
            "Catch": [{"ErrorEquals": ANY_ERROR, **notify}],
            "Next": "Check details",
        },
        # EMR reads the details from the logs of the step, which may take longer than the event.
        "Check details": {
            "Type": "Choice",
            "Choices": [rule(f"$exists($status.FailureDetails) or $tries >= {_TRIES}") | notify],
            "Default": "Wait for details",
        },
        "Wait for details": {"Type": "Wait", "Seconds": _WAIT_SECONDS, "Next": "Describe step"},
        "Notify step failure": {**publish(topic_arn, title, "step failed", details), "Output": {}, "End": True},
    }
    return {
        "Comment": "Publishes failed steps of an Amazon EMR cluster with the details of the failure",
        "QueryLanguage": "JSONata",
        "StartAt": "Read event",
        "TimeoutSeconds": _TIMEOUT_SECONDS,
        "States": states,
    }
