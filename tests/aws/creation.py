"""Creates state machines on an account, and always deletes them again."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from botocore.exceptions import BotoCoreError, ClientError

from tests.aws.signals import uninterrupted

if TYPE_CHECKING:
    from tests.aws.machines import Account, Machine

PREFIX: Final = "emr-constructs-validate-"
"""Begins the names of the state machines and of the role."""

_ATTEMPTS: Final = 12
_PAUSE_SECONDS: Final = 5
# What CreateStateMachine says of a definition; any other error says nothing about it.
_REJECTED: Final = ("InvalidDefinition", "ValidationException")


def one_line(error: Exception) -> str:
    """What an error says."""
    return " ".join(str(error).split())


class Creation:
    """Creates state machines, none of which is ever started, with a role that may do nothing."""

    def __init__(self, states: Any, iam: Any, account: Account, *, role_arn: str | None = None) -> None:
        """Prepare the creation; ``with`` creates the role and deletes it.

        :param states: a boto3 client of Step Functions.
        :param iam: a boto3 client of IAM.
        :param role_arn: a role that Step Functions may assume. Default: one that is created and deleted.
        """
        self._states, self._iam, self._account = states, iam, account
        self._name = f"{PREFIX}{secrets.token_hex(4)}"
        self._role_arn = role_arn
        self._owns_role = role_arn is None
        self._count = 0
        self.remaining: list[str] = []
        """What could not be deleted, and why."""

    def __enter__(self) -> Self:
        if self._owns_role:
            try:
                self._role_arn = self._create_role()
            except BaseException:
                self._clean_up(f"role {self._name}", self._delete_role)
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._owns_role:
            self._clean_up(f"role {self._name}", self._delete_role)

    def rejection(self, machine: Machine) -> str | None:
        """What Step Functions says if it does not create a state machine; one that it creates is deleted at once.

        :raises ClientError: the state machine could not be created for a reason that is not in its definition.
        """
        self._count += 1
        name = f"{self._name}-{self._count}"
        try:
            self._create(machine, name)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _REJECTED:
                raise
            return one_line(error)
        finally:
            self._clean_up(f"state machine {name}", lambda: self._delete(name))
        return None

    def _create(self, machine: Machine, name: str) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._states.create_state_machine(
                    name=name, definition=machine.definition, type=machine.kind, roleArn=self._role_arn
                )
            except ClientError as error:
                if attempt == _ATTEMPTS or not (self._owns_role and _cannot_assume(error)):
                    raise
                time.sleep(_PAUSE_SECONDS)
            else:
                return

    def _delete(self, name: str) -> None:
        """Delete a state machine until it is gone: Step Functions may not see at once what it has just created."""
        account = self._account
        arn = f"arn:{account.partition}:states:{account.region}:{account.id}:stateMachine:{name}"
        for _ in range(_ATTEMPTS):
            self._states.delete_state_machine(stateMachineArn=arn)
            try:
                status = self._states.describe_state_machine(stateMachineArn=arn)["status"]
            except self._states.exceptions.StateMachineDoesNotExist:
                return
            if status == "DELETING":
                return
            time.sleep(_PAUSE_SECONDS)
        raise ClientError({"Error": {"Code": "StillThere", "Message": f"its status is {status}"}}, "DeleteStateMachine")

    def _create_role(self) -> str:
        """Create a role with the trust policy that the library gives to those of state machines.

        https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
        """
        account = self._account
        source = f"arn:{account.partition}:states:{account.region}:{account.id}:stateMachine:*"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "states.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": account.id}, "ArnLike": {"aws:SourceArn": source}},
        }
        created = self._iam.create_role(
            RoleName=self._name,
            Description="Validates state machines of emr_constructs; has no permissions",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )
        arn: str = created["Role"]["Arn"]
        return arn

    def _delete_role(self) -> None:
        with contextlib.suppress(self._iam.exceptions.NoSuchEntityException):
            self._iam.delete_role(RoleName=self._name)

    def _clean_up(self, what: str, delete: Callable[[], None]) -> None:
        with uninterrupted():
            try:
                delete()
            except (BotoCoreError, ClientError) as error:
                self.remaining.append(f"{what}: {one_line(error)}")


def _cannot_assume(error: ClientError) -> bool:
    """Whether Step Functions cannot assume the role: for some seconds it cannot assume a new one."""
    reason = error.response["Error"]
    return reason["Code"] == "AccessDeniedException" and "not authorized to perform" not in reason["Message"]
