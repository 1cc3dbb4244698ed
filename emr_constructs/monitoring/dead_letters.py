"""Where calls go that EventBridge could not deliver.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_sqs as sqs
from constructs import Construct

from .. import _aws
from ..security import acknowledgments

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

__all__ = ["DeadLetterQueue"]


class DeadLetterQueue(Construct):
    """An encrypted queue that takes messages over TLS only and keeps them for two weeks."""

    def __init__(self, scope: Construct, construct_id: str, *, encryption_key: kms.IKey) -> None:
        """Define the queue.

        :param encryption_key: encrypts the messages.
        """
        super().__init__(scope, construct_id)
        self.queue: sqs.Queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=encryption_key,
            enforce_ssl=True,
            retention_period=_aws.days(14),
        )
        acknowledgments.acknowledge(self.queue, acknowledgments.DEAD_LETTERS)
