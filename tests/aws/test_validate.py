"""What is asked of AWS and printed, and that nothing remains there."""

from __future__ import annotations

import json
import os
import re
import signal

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws
from moto.iam.models import iam_backends
from moto.stepfunctions.models import stepfunctions_backends

from tests.aws import creation, validate
from tests.aws.creation import PREFIX
from tests.aws.machines import Account, Machine
from tests.tools import PROJECT

ACCOUNT = Account("123456789012", "eu-west-1")
ROLE = "arn:aws:iam::123456789012:role/states"
PASS = '{"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": true}}}'
MACHINES = [
    Machine("Stack/First", "STANDARD", PASS),
    Machine("Stack/Second", "EXPRESS", PASS),
    Machine("Stack/Third", "STANDARD", PASS),
]
ACCEPTED = {"result": "OK", "diagnostics": [], "truncated": False}
ERROR = {
    "severity": "ERROR",
    "code": "SCHEMA_VALIDATION_FAILED",
    "message": 'The field "X" is not supported\nby Step Functions',
    "location": "/States/Create cluster/Arguments",
}
WARNING = {"severity": "WARNING", "code": "NO_PATH", "message": "it looks like a path"}


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    """Those of an account that does not exist, whatever the environment has."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setattr(creation, "_PAUSE_SECONDS", 0)


def client():
    return boto3.client("stepfunctions", region_name="eu-west-1")


class TestDiagnostics:
    """The request and the answer, checked against the service model."""

    def ask(self, machine=MACHINES[0], **answer):
        states = client()
        with Stubber(states) as stub:
            request = {"definition": PASS, "type": machine.kind, "severity": "WARNING", "maxResults": 100}
            stub.add_response("validate_state_machine_definition", {**ACCEPTED, **answer}, request)
            found = validate.diagnostics(states, machine)
            stub.assert_no_pending_responses()
        return found

    def test_a_definition_is_accepted(self):
        assert self.ask() == (True, [])

    def test_the_type_is_that_of_the_machine(self):
        assert self.ask(Machine("Stack/Quick", "EXPRESS", PASS)) == (True, [])

    def test_an_error_says_code_location_and_message_in_one_line(self):
        accepted, lines = self.ask(result="FAIL", diagnostics=[ERROR])
        assert not accepted
        assert lines == [
            "ERROR SCHEMA_VALIDATION_FAILED at /States/Create cluster/Arguments: "
            'The field "X" is not supported by Step Functions'
        ]

    def test_a_warning_is_printed_and_accepted(self):
        assert self.ask(diagnostics=[WARNING]) == (True, ["WARNING NO_PATH: it looks like a path"])

    def test_an_error_counts_whatever_the_result_is(self):
        assert not self.ask(diagnostics=[WARNING, ERROR])[0]

    def test_the_result_counts_whatever_the_diagnostics_are(self):
        assert self.ask(result="FAIL") == (False, [])

    def test_says_that_there_are_more(self):
        assert self.ask(truncated=True) == (True, ["AWS returned only the first 100 diagnostics"])


class World:
    """An account in moto, which cannot validate definitions, and what happens at its calls."""

    def __init__(self):
        self.calls = []
        self.requests = []
        self.answer = ACCEPTED
        self.before = lambda operation, number: None
        self.after = lambda operation, number: None

    def make(self, client, operation, request):
        self.calls.append(operation)
        self.requests.append(request)
        self.before(operation, self.calls.count(operation))
        validates = operation == "ValidateStateMachineDefinition"
        made = self.answer if validates else API_CALL(client, operation, request)
        self.after(operation, self.calls.count(operation))
        return made

    def requested(self, operation):
        return [request for called, request in zip(self.calls, self.requests, strict=True) if called == operation]


API_CALL = BaseClient._make_api_call


@pytest.fixture(autouse=True)
def interruptions():
    """Processes in the background of a shell inherit that Ctrl-C is ignored."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


@pytest.fixture
def aws(monkeypatch):
    world = World()
    with mock_aws():
        monkeypatch.setattr(BaseClient, "_make_api_call", lambda *call: world.make(*call))  # noqa: PLW0108
        monkeypatch.setattr(validate, "all_machines", lambda account: MACHINES)
        yield world
        assert stepfunctions_backends[ACCOUNT.id][ACCOUNT.region].state_machines == []
        assert iam_backends[ACCOUNT.id]["aws"].roles == {}


def run(*arguments):
    return validate.main(["--region", "eu-west-1", *arguments])


def raises(code, message, operation, number=1):
    """Something that fails the calls of an operation, from one of them on."""

    def fail(called, count):
        if called == operation and count >= number:
            raise ClientError({"Error": {"Code": code, "Message": message}}, operation)

    return fail


def test_prints_a_line_for_each_state_machine(aws, capsys):
    assert run() == 0
    assert capsys.readouterr() == (
        "Stack/First: OK\nStack/Second: OK\nStack/Third: OK\n3 state machines in eu-west-1, 0 rejected\n",
        "",
    )
    assert set(aws.calls) == {"GetCallerIdentity", "ValidateStateMachineDefinition"}


def test_a_rejected_definition_is_reported_and_fails_the_run(aws, capsys):
    aws.answer = {"result": "FAIL", "diagnostics": [ERROR, WARNING]}
    assert run() == 1
    first, error, warning, *_, last = capsys.readouterr().out.splitlines()
    assert first == "Stack/First: FAIL"
    assert error.startswith("  ERROR SCHEMA_VALIDATION_FAILED at /States/Create cluster/Arguments: ")
    assert warning == "  WARNING NO_PATH: it looks like a path"
    assert last == "3 state machines in eu-west-1, 3 rejected"


def test_a_warning_does_not_fail_the_run(aws, capsys):
    aws.answer = {"result": "OK", "diagnostics": [WARNING]}
    assert run() == 0
    assert capsys.readouterr().out.startswith("Stack/First: OK\n  WARNING NO_PATH: it looks like a path\n")


def test_the_values_are_those_of_the_credentials(aws, monkeypatch):
    accounts = []
    monkeypatch.setattr(validate, "all_machines", lambda account: accounts.append(account) or [])
    assert validate.main(["--region", "cn-north-1"]) == 0
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-gov-west-1")
    assert validate.main([]) == 0
    assert accounts == [
        Account("123456789012", "cn-north-1", "aws-cn"),
        Account("123456789012", "us-gov-west-1", "aws-us-gov"),
    ]


def test_no_credentials_are_one_line(monkeypatch, capsys):
    """Without any stand-in: boto3 looks for them as it always does."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert run() == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error == ("no AWS account: Unable to locate credentials; set AWS_PROFILE or other credentials\n")


def test_a_missing_profile_is_one_line(monkeypatch, capsys):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert run() == 2
    assert capsys.readouterr().err.startswith("no AWS account: The config profile (nobody) could not be found;")


def test_no_region_is_one_line(capsys):
    assert validate.main([]) == 2
    assert capsys.readouterr().err == "no AWS Region; specify --region or set AWS_DEFAULT_REGION\n"


def test_expired_credentials_are_one_line(aws, capsys):
    aws.before = raises("ExpiredToken", "The security token is expired", "GetCallerIdentity")
    assert run() == 2
    assert "no AWS account: An error occurred (ExpiredToken)" in capsys.readouterr().err
    assert aws.calls == ["GetCallerIdentity"]


def test_what_aws_does_not_let_validate_is_neither_accepted_nor_rejected(aws, capsys):
    aws.before = raises("AccessDeniedException", "not allowed", "ValidateStateMachineDefinition", 2)
    assert run() == 2
    out, error = capsys.readouterr()
    assert out == "Stack/First: OK\n"
    assert error.endswith(
        "(AccessDeniedException) when calling the ValidateStateMachineDefinition operation: not allowed\n"
    )


def test_a_role_is_only_for_creation(capsys):
    with pytest.raises(SystemExit) as stopped:
        run("--role-arn", ROLE)
    assert stopped.value.code == 2
    assert "--role-arn requires --create" in capsys.readouterr().err


class TestCreation:
    """The fixture makes sure that nothing remains."""

    def test_creates_and_deletes_each(self, aws, capsys):
        assert run("--create") == 0
        out, error = capsys.readouterr()
        assert out.startswith("Stack/First: OK, created and deleted\nStack/Second: OK, created and deleted\n")
        assert error == ""
        created = aws.requested("CreateStateMachine")
        assert [request["definition"] for request in created] == [PASS] * 3
        assert [request["type"] for request in created] == ["STANDARD", "EXPRESS", "STANDARD"]
        names = [request["name"] for request in created]
        assert len(set(names)) == 3
        assert all(name.startswith(PREFIX) for name in names)
        deleted = [request["stateMachineArn"].rsplit(":", 1)[1] for request in aws.requested("DeleteStateMachine")]
        assert deleted == names
        assert "StartExecution" not in aws.calls

    def test_the_page_lists_the_permissions(self, aws):
        assert run("--create") == 0
        page = (PROJECT / "docs" / "verification.md").read_text().partition("## Deployment to an account\n")[0]
        services = {"CreateRole": "iam", "DeleteRole": "iam"}
        needed = {f"`{services.get(name, 'states')}:{name}`" for name in aws.calls if name != "GetCallerIdentity"}
        listed = set(re.findall(r"`(?:states|iam):\w+`", page))
        assert listed == {*needed, "`iam:PassRole`"}

    def test_two_runs_use_different_names(self, aws):
        assert run("--create") == run("--create") == 0
        assert len({request["name"] for request in aws.requested("CreateStateMachine")}) == 6
        assert len({request["RoleName"] for request in aws.requested("CreateRole")}) == 2

    def test_the_role_has_no_permissions_and_only_step_functions_of_the_account_assumes_it(self, aws):
        assert run("--create") == 0
        assert not {name for name in aws.calls if name.startswith(("Put", "Attach"))}
        (request,) = aws.requested("CreateRole")
        assert "PermissionsBoundary" not in request
        (statement,) = json.loads(request["AssumeRolePolicyDocument"])["Statement"]
        assert statement == {
            "Effect": "Allow",
            "Principal": {"Service": "states.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:*"},
            },
        }
        role = f"arn:aws:iam::123456789012:role/{request['RoleName']}"
        assert {found["roleArn"] for found in aws.requested("CreateStateMachine")} == {role}

    def test_a_given_role_is_used_and_kept(self, aws):
        assert run("--create", "--role-arn", ROLE) == 0
        assert {request["roleArn"] for request in aws.requested("CreateStateMachine")} == {ROLE}
        assert not {"CreateRole", "DeleteRole"} & set(aws.calls)

    def test_what_is_rejected_is_not_created(self, aws):
        aws.answer = {"result": "FAIL", "diagnostics": [ERROR]}
        assert run("--create") == 1
        assert "CreateStateMachine" not in aws.calls

    @pytest.mark.parametrize("code", ["InvalidDefinition", "ValidationException"])
    def test_a_definition_that_only_the_creation_rejects_fails_the_run(self, aws, capsys, code):
        aws.before = raises(code, "Invalid State Machine Definition", "CreateStateMachine", 2)
        assert run("--create") == 1
        first, second, reason, *_ = capsys.readouterr().out.splitlines()
        assert (first, second) == ("Stack/First: OK, created and deleted", "Stack/Second: FAIL")
        assert f"({code}) when calling the CreateStateMachine operation: Invalid State Machine" in reason

    def test_another_failure_says_nothing_about_the_definition(self, aws, capsys):
        aws.before = raises("StateMachineLimitExceeded", "too many", "CreateStateMachine", 2)
        assert run("--create") == 2
        out, error = capsys.readouterr()
        assert out == "Stack/First: OK, created and deleted\n"
        assert "StateMachineLimitExceeded" in error

    def test_waits_until_step_functions_can_assume_the_new_role(self, aws):
        unseen = raises(
            "AccessDeniedException", "states.amazonaws.com is not authorized to assume", "CreateStateMachine"
        )
        aws.before = lambda operation, number: number > 3 or unseen(operation, number)
        assert run("--create") == 0
        assert aws.calls.count("CreateStateMachine") == 3 + len(MACHINES)

    def test_does_not_wait_for_ever(self, aws):
        aws.before = raises(
            "AccessDeniedException", "states.amazonaws.com is not authorized to assume", "CreateStateMachine"
        )
        assert run("--create") == 2
        assert aws.calls.count("CreateStateMachine") == 12

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ((), "User x is not authorized to perform: states:CreateStateMachine"),
            (("--role-arn", ROLE), "states.amazonaws.com is not authorized to assume"),
        ],
    )
    def test_does_not_wait_for_a_permission(self, aws, arguments, message):
        aws.before = raises("AccessDeniedException", message, "CreateStateMachine")
        assert run("--create", *arguments) == 2
        assert aws.calls.count("CreateStateMachine") == 1


CALLS = [
    ("CreateRole", 1),
    *((f"{verb}StateMachine{what}", n) for verb, what in (("Validate", "Definition"), ("Create", "")) for n in (1, 3)),
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("operation", "number"), CALLS)
def test_nothing_remains_after_an_interruption(aws, capsys, when, operation, number):
    """The call may have had its effect, or not."""
    interrupt(aws, when, operation, number, signal.SIGINT)
    assert run("--create") == 2
    assert capsys.readouterr().err == "interrupted\n"
    assert aws.calls.count("DeleteStateMachine") == aws.calls.count("CreateStateMachine")
    assert aws.calls.count("DeleteRole") == aws.calls.count("CreateRole") == 1


def test_nothing_remains_after_a_termination(aws, capsys):
    interrupt(aws, "after", "CreateStateMachine", 2, signal.SIGTERM)
    assert run("--create") == 2
    assert capsys.readouterr().err == "interrupted\n"
    assert aws.calls.count("DeleteStateMachine") == 2


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("operation", ["DeleteStateMachine", "DescribeStateMachine", "DeleteRole"])
def test_a_deletion_is_not_interrupted(aws, operation, kind):
    interrupt(aws, "before", operation, 1, kind)
    assert run("--create") == 0
    assert aws.calls.count("DeleteStateMachine") == len(MACHINES)


def interrupt(aws, when, operation, number, kind):
    """Send a signal before or after a call."""
    setattr(aws, when, lambda *call: call != (operation, number) or os.kill(os.getpid(), kind))


def test_signals_are_handled_as_before_afterwards(aws, monkeypatch):
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    ours = [signal.getsignal(number) for number in numbers]
    try:
        assert run("--create") == 0
        assert [signal.getsignal(number) for number in numbers] == ours
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def test_a_deletion_that_has_begun_is_enough(aws, monkeypatch):
    """Step Functions deletes asynchronously."""

    def make(client, operation, request):
        if operation == "DescribeStateMachine":
            aws.calls.append(operation)
            return {"status": "DELETING"}
        return World.make(aws, client, operation, request)

    monkeypatch.setattr(aws, "make", make)
    assert run("--create") == 0
    assert aws.calls.count("DeleteStateMachine") == aws.calls.count("DescribeStateMachine") == len(MACHINES)


def test_deletes_again_what_step_functions_did_not_see_at_first(aws, monkeypatch):
    """A deletion right after the creation may find nothing, and succeed all the same."""
    ignored = []

    def make(client, operation, request):
        if operation == "DeleteStateMachine" and not ignored:
            ignored.append(request)
            return {}
        return World.make(aws, client, operation, request)

    monkeypatch.setattr(aws, "make", make)
    assert run("--create") == 0
    assert ignored


@pytest.mark.parametrize(("operation", "what"), [("DeleteStateMachine", "state machine"), ("DeleteRole", "role")])
def test_says_what_remains(aws, capsys, operation, what):
    aws.before = raises("AccessDeniedException", "you may not", operation)
    assert run("--create") == 2
    out, error = capsys.readouterr()
    reason, *remaining = error.splitlines()
    assert out.endswith("3 state machines in eu-west-1, 0 rejected\n")
    assert reason == "delete what remains"
    assert len(remaining) == {"state machine": 3, "role": 1}[what]
    assert all(line.startswith(f"not deleted: {what} {PREFIX}") and "you may not" in line for line in remaining)
    aws.before = lambda *call: None
    delete_all()


def delete_all():
    stepfunctions_backends[ACCOUNT.id][ACCOUNT.region].state_machines.clear()
    iam_backends[ACCOUNT.id]["aws"].roles.clear()


def test_a_state_machine_that_stays_is_not_waited_for_for_ever(aws, capsys, monkeypatch):
    def make(client, operation, request):
        return {} if operation == "DeleteStateMachine" else World.make(aws, client, operation, request)

    with monkeypatch.context() as patch:
        patch.setattr(aws, "make", make)
        assert run("--create") == 2
    assert capsys.readouterr().err.count("its status is ACTIVE") == 3
    delete_all()
