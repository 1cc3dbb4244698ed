"""Dead-letter queues for events that EventBridge could not deliver.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from .._core import tokens
from .._core.errors import EmrError
from ..security import nag_findings

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["DeadLetterQueue", "dead_letter_key"]

_KEY_ID: Final = "ScheduleDeadLettersKey"


def dead_letter_key(scope: IConstruct) -> kms.IKey:
    """Return the key of the dead-letter queues in the stack of ``scope`` that have no other key.

    The first queue creates it. It is rotated every year and deleted with the stack.

    :raises EmrError: another construct of the stack has the ID of the key.
    """
    stack = cdk.Stack.of(scope)
    known = stack.node.try_find_child(_KEY_ID)
    if isinstance(known, kms.Key):
        return known
    if known is not None:
        raise EmrError(
            f"the ID {_KEY_ID!r} must be that of the key of dead-letter queues, got another construct with it; rename "
            "that construct, or pass encryption_key",
            at=stack,
        )
    return kms.Key(
        stack,
        _KEY_ID,
        description="Encrypts invocations that EventBridge could not deliver",
        enable_key_rotation=True,
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )


class DeadLetterQueue(Construct):
    """An encrypted queue that requires TLS and retains messages for 14 days."""

    def __init__(self, scope: Construct, construct_id: str, *, encryption_key: kms.IKey) -> None:
        """Define the queue.

        :param encryption_key: encrypts the messages.
        """
        super().__init__(scope, construct_id)
        self.encryption_key: kms.IKey = encryption_key
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
