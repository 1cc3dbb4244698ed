"""SNS topics for alarms and events of clusters.

- ``ClusterAlarms(self, "Alarms", cluster=cluster, topic=topic)``
- ``cluster.events.notify_failures("Failures", topic)``
- ``cluster.events.on_step_state_change("Steps", topic.event_target())``

``topic`` is an ``AlarmTopic`` or any ``sns.ITopic``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from .._core import tokens
from .._core.errors import EmrError
from .._core.scopes import check_scope, with_scope_errors
from .._core.types import QUEUE, check_types, implements
from ..security import job_policies

if TYPE_CHECKING:
    from aws_cdk import aws_events as events
    from aws_cdk import aws_sqs as sqs

    from ..interfaces import IClusterRef
    from ..security.policies import Statement

__all__ = ["AlarmTopic", "Topic", "key_of", "publish_statements", "rule_target", "topic_for_alarms"]

Topic: TypeAlias = "sns.ITopic | AlarmTopic"


class AlarmTopic(Construct):
    """An encrypted topic for the alarms of the account, which requires TLS."""

    @with_scope_errors
    def __init__(self, scope: Construct, construct_id: str, *, encryption_key: kms.Key | None = None) -> None:
        """Define the topic.

        :param encryption_key: encrypts the messages. Its key policy is extended for the alarms, so it can't be an
            imported key. Default: a new key that is rotated every year and deleted with the stack.
        :raises EmrError: the key isn't defined in this app.
        """
        check_scope(scope, construct_id)
        super().__init__(scope, construct_id)
        if encryption_key is not None and not isinstance(encryption_key, kms.Key):
            raise EmrError(
                "encryption_key must be a kms.Key that this app defines, since CloudWatch requires a statement in its "
                f"key policy, got an object of the class {type(encryption_key).__name__}; pass a kms.Key, or omit it",
                at=self,
            )
        self.encryption_key: kms.Key = encryption_key or kms.Key(
            self,
            "Key",
            description="Encrypts messages of alarms on Amazon EMR clusters",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        """The key that encrypts the messages."""
        self.topic: sns.Topic = sns.Topic(self, "Topic", master_key=self.encryption_key, enforce_ssl=True)
        """The topic."""
        _allow_alarms(self.topic)
        self._dead_letter_queue: sqs.IQueue | None = None

    @property
    def dead_letter_queue(self) -> sqs.IQueue | None:
        """The queue for events that couldn't be published. None until a rule uses it.

        Messages are kept for 14 days.
        """
        return self._dead_letter_queue

    def event_target(
        self, message: events.RuleTargetInput | None = None, *, dead_letter_queue: sqs.IQueue | None = None
    ) -> events.IRuleTarget:
        """Return a target for EventBridge rules, and allow them to publish.

        Use it for rules such as those of ``cluster.events``.

        :param message: the message to publish. Default: the event.
        :param dead_letter_queue: keeps the events that can't be published. Default: a queue of this topic.
        :raises EmrError: an argument has the wrong type.
        """
        from aws_cdk import aws_events as events

        check_types(
            self,
            message=(message, events.RuleTargetInput, None),
            dead_letter_queue=(dead_letter_queue, QUEUE, None),
        )
        if dead_letter_queue is None and self._dead_letter_queue is None:
            self._dead_letter_queue = self._make_dead_letter_queue()
        return rule_target(self.topic, message, dead_letter_queue or self._dead_letter_queue)

    def _make_dead_letter_queue(self) -> sqs.IQueue:
        from .dead_letters import DeadLetterQueue

        # The topic itself gets a statement without conditions from CDK: the key policy of an encrypted topic can't name
        # the source account or ARN for EventBridge, that of a queue can.
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
        conditions = {"StringEquals": {"aws:SourceAccount": tokens.account()}}
        self.encryption_key.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
                principals=[iam.ServicePrincipal("events.amazonaws.com", conditions=conditions)],
            )
        )
        return DeadLetterQueue(self, "DeadLetters", encryption_key=self.encryption_key).queue


def topic_for_alarms(topic: Topic) -> sns.ITopic:
    """Return the SNS topic, and allow the alarms of the account to publish.

    Only policies of a topic and a key that this app defines are extended.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    """
    if isinstance(topic, AlarmTopic):
        return topic.topic
    _allow_alarms(topic)
    return topic


def _allow_alarms(topic: sns.ITopic) -> None:
    topic.grant_publish(_alarms_of_account())


@cache
def _alarms_of_account() -> iam.ServicePrincipal:
    conditions = {
        "StringEquals": {"aws:SourceAccount": tokens.account()},
        "ArnLike": {"aws:SourceArn": tokens.arn("cloudwatch", "alarm:*")},
    }
    return iam.ServicePrincipal("cloudwatch.amazonaws.com", conditions=conditions)


def key_of(cluster: IClusterRef) -> kms.Key | None:
    """Return the key of the cluster's profile, if its policy can be extended."""
    key = cluster.encryption_key
    return key if isinstance(key, kms.Key) else None


def publish_statements(topic: sns.ITopic) -> list[Statement]:
    """Return the statements that allow a role to publish to ``topic``, with its key if it is known."""
    key = topic.master_key
    if key is None or implements(key, "alias_name"):
        return job_policies.publish(topic.topic_arn, None)
    return job_policies.publish(topic.topic_arn, tokens.key_arn(key))


def rule_target(
    topic: sns.ITopic, message: events.RuleTargetInput | None, dead_letter_queue: sqs.IQueue | None
) -> events.IRuleTarget:
    """Return a target for EventBridge rules.

    CDK extends the policies of topic and key, if this app defines them.
    """
    from aws_cdk import aws_events_targets as targets

    return targets.SnsTopic(topic, message=message, dead_letter_queue=dead_letter_queue)
