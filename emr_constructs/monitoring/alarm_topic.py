"""Where alarms and events of clusters are sent, for people to be told.

- ``ClusterAlarms(self, "Alarms", cluster=cluster, actions=[SnsAction(topic.topic)])``
- ``cluster.events.notify_failures("Failures", topic)``
- ``cluster.events.on_step_state_change("Steps", topic.event_target())``
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from .. import _aws
from .._errors import EmrError

if TYPE_CHECKING:
    from aws_cdk import aws_events as events
    from aws_cdk import aws_sqs as sqs

__all__ = ["AlarmTopic"]


class AlarmTopic(Construct):
    """An encrypted topic that takes messages over TLS only, to which the alarms of the account can publish."""

    def __init__(self, scope: Construct, construct_id: str, *, encryption_key: kms.Key | None = None) -> None:
        """Define the topic.

        :param encryption_key: encrypts the messages; its policy is extended for the alarms, which is why an imported
            key does not do. Default: a key of its own, rotated every year, which goes with the stack.
        :raises EmrError: the key is not defined in this app.
        """
        super().__init__(scope, construct_id)
        if encryption_key is not None and not isinstance(encryption_key, kms.Key):
            raise EmrError(
                "the key of the topic is not defined in this app, so its policy cannot be extended and no alarm could "
                "publish; give a kms.Key that is, or leave it out",
                at=self,
            )
        conditions = {
            "StringEquals": {"aws:SourceAccount": _aws.account()},
            "ArnLike": {"aws:SourceArn": _aws.arn("cloudwatch", "alarm:*")},
        }
        alarms = iam.ServicePrincipal("cloudwatch.amazonaws.com", conditions=conditions)
        self.encryption_key: kms.Key = encryption_key or kms.Key(
            self,
            "Key",
            description="Messages of alarms on Amazon EMR clusters",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        self._allow_key(alarms)
        self.topic: sns.Topic = sns.Topic(self, "Topic", master_key=self.encryption_key, enforce_ssl=True)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(actions=["sns:Publish"], resources=[self.topic.topic_arn], principals=[alarms])
        )

    @cached_property
    def dead_letter_queue(self) -> sqs.IQueue:
        """Keeps the events that could not be published for 14 days; made when the first rule publishes here."""
        from .dead_letters import DeadLetterQueue

        # The documented policies for EventBridge have no conditions: https://repost.aws/knowledge-center/sns-not-getting-eventbridge-notification
        self._allow_key(iam.ServicePrincipal("events.amazonaws.com"))
        return DeadLetterQueue(self, "DeadLetters", encryption_key=self.encryption_key).queue

    def event_target(self, message: events.RuleTargetInput | None = None) -> events.IRuleTarget:
        """A target for rules of EventBridge, such as those of ``cluster.events``; lets them publish here.

        :param message: what is published. Default: the event.
        """
        from aws_cdk import aws_events_targets as targets

        return targets.SnsTopic(self.topic, message=message, dead_letter_queue=self.dead_letter_queue)

    def _allow_key(self, publisher: iam.ServicePrincipal) -> None:
        self.encryption_key.add_to_resource_policy(
            iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=["*"], principals=[publisher])
        )
