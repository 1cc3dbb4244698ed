"""Let AWS validate every state machine of the app and of the examples.

- ``python -m tests.aws.validate`` calls ValidateStateMachineDefinition for each of them. It needs credentials with
  ``states:ValidateStateMachineDefinition`` and changes nothing.
- ``python -m tests.aws.validate --create`` also creates each of them, without an execution, and deletes it. It also
  needs ``states:CreateStateMachine``, ``states:DescribeStateMachine``, ``states:DeleteStateMachine`` and
  ``iam:PassRole``, and without ``--role-arn`` also ``iam:CreateRole`` and ``iam:DeleteRole``.

No cluster is launched, and AWS bills nothing. The exit status is 0 if AWS accepts every state machine, 1 if it rejects
one, and 2 if that is not known or something could not be deleted.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.aws.creation import Creation, one_line
from tests.aws.machines import Account, Machine, all_machines
from tests.aws.signals import interruptible

_PATIENT: Final = Config(retries={"mode": "standard", "max_attempts": 10})


def diagnostics(states: Any, machine: Machine) -> tuple[bool, list[str]]:
    """Whether AWS accepts a definition, and a line for each diagnostic.

    :param states: a boto3 client of Step Functions.
    """
    answer = states.validate_state_machine_definition(
        definition=machine.definition, type=machine.kind, severity="WARNING", maxResults=100
    )
    found = answer["diagnostics"]
    lines = [_line(item) for item in found]
    if answer.get("truncated"):
        lines.append("AWS returned only the first 100 diagnostics")
    return answer["result"] == "OK" and not any(item["severity"] == "ERROR" for item in found), lines


def _line(item: dict[str, str]) -> str:
    location = f" at {item['location']}" if item.get("location") else ""
    return f"{item['severity']} {item['code']}{location}: {' '.join(item['message'].split())}"


def validate(states: Any, machines: Iterable[Machine], creation: Creation | None = None) -> int:
    """Print a line for each state machine, and one for each diagnostic; return how many AWS rejects.

    :param states: a boto3 client of Step Functions.
    :param creation: creates the state machines that AWS accepts so far. Default: nothing is created.
    """
    rejected = 0
    for machine in machines:
        accepted, lines = diagnostics(states, machine)
        outcome = "OK"
        if accepted and creation is not None:
            rejection = creation.rejection(machine)
            accepted, outcome = rejection is None, "OK, created and deleted"
            lines += [] if rejection is None else [rejection]
        rejected += not accepted
        _print(f"{machine.path}: {outcome if accepted else 'FAIL'}", *(f"  {line}" for line in lines))
    return rejected


def main(arguments: Sequence[str] | None = None) -> int:
    """Validate all state machines; returns the exit status."""
    given = _parse(arguments)
    creation = None
    with interruptible():
        try:
            session = boto3.Session(region_name=given.region)
            if session.region_name is None:
                return _give_up("no AWS Region; specify --region or set AWS_DEFAULT_REGION")
            account = _account(session)
        except (BotoCoreError, ClientError) as error:
            return _give_up(f"no AWS account: {one_line(error)}; set AWS_PROFILE or other credentials")
        states, iam = (session.client(service, config=_PATIENT) for service in ("stepfunctions", "iam"))
        if given.create:
            creation = Creation(states, iam, account, role_arn=given.role_arn)
        try:
            machines = all_machines(account)
            with creation or contextlib.nullcontext():
                rejected = validate(states, machines, creation)
        except (BotoCoreError, ClientError) as error:
            return _give_up(one_line(error), creation)
        except KeyboardInterrupt:
            return _give_up("interrupted", creation)
    _print(f"{len(machines)} state machines in {account.region}, {rejected} rejected")
    if creation is not None and creation.remaining:
        return _give_up("delete what remains", creation)
    return 1 if rejected else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.aws.validate", description="Let AWS validate all state machines; no cluster is launched."
    )
    parser.add_argument("--region", help="where they are validated (default: that of the credentials)")
    parser.add_argument("--create", action="store_true", help="also create each state machine and delete it")
    parser.add_argument("--role-arn", help="a role for Step Functions (default: one is created and deleted)")
    given = parser.parse_args(arguments)
    if given.role_arn is not None and not given.create:
        parser.error("--role-arn requires --create")
    return given


def _account(session: boto3.Session) -> Account:
    """The account of the credentials."""
    identity = session.client("sts", config=_PATIENT).get_caller_identity()
    return Account(identity["Account"], session.region_name, identity["Arn"].split(":")[1])


def _give_up(reason: str, creation: Creation | None = None) -> int:
    remaining = [] if creation is None else creation.remaining
    sys.stderr.write("".join(f"{line}\n" for line in (reason, *(f"not deleted: {what}" for what in remaining))))
    return 2


def _print(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
