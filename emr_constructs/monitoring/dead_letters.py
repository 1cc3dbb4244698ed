"""Dead-letter queues for events that EventBridge could not deliver.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from .._core import tokens
from ..security import nag_findings

__all__ = ["DeadLetterQueue"]


class DeadLetterQueue(Construct):
    """An encrypted queue that requires TLS and retains messages for 14 days."""

    def __init__(self, scope: Construct, construct_id: str, *, encryption_key: kms.IKey | None = None) -> None:
        """Define the queue.

        :param encryption_key: encrypts the messages. Default: a new key that is rotated every year and deleted with the
            queue.
        """
        super().__init__(scope, construct_id)
        self.encryption_key: kms.IKey = encryption_key or kms.Key(
            self,
            "Key",
            description="Encrypts invocations that EventBridge could not deliver",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        """The key that encrypts the messages."""
        self.queue: sqs.Queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=self.encryption_key,
            enforce_ssl=True,
            retention_period=tokens.days(14),
        )
        """The queue."""
        nag_findings.acknowledge(self.queue, nag_findings.DEAD_LETTERS)
