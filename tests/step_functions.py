"""State machines that run as they are: what moto's interpreter of the Amazon States Language lacks is put in here.

- Its ``aws-sdk`` tasks hand arguments on as they are spelled, where Step Functions spells names as the AWS SDK for Java
  does, and its errors of EMR have other names.
- Its EMR API cannot cancel steps, and leaves steps and clusters as they were made; :class:`World` says what becomes of
  them, and which calls fail.
- It evaluates JSONata with a program in Java that it does not bring, and does not escape text: a port to Python does.
- Its waits take as long as they say: here they do not, and are noted.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import boto3
import jsonata
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import rsa
from moto.emr.models import emr_backends
from moto.sns.models import Subscription
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
    state_task_service_sns,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval import states as moto_states
from moto.stepfunctions.parser.asl.eval import variable_store as moto_variables
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for

from tests.deploy.emulator import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable

ENDED: Final = ("TERMINATED", "TERMINATED_WITH_ERRORS")


# As the AWS SDK for Java 2 spells members whose name begins with several capitals.
_JAVA_NAMES: Final = {
    "AdDomainJoinPassword": "ADDomainJoinPassword",
    "AdDomainJoinUser": "ADDomainJoinUser",
    "OsReleaseLabel": "OSReleaseLabel",
}


@dataclass
class World:
    """What becomes of clusters and steps, what EMR answers, and what was asked for."""

    steps: dict[str, list[str]] = field(default_factory=dict)
    """The states that the steps of a name come to, one after the other."""

    outcome: str = "COMPLETED"
    """The state that other steps come to."""

    launch: str = "WAITING"
    """The state that a cluster comes to."""

    messages: dict[str, str] = field(default_factory=dict)
    """What EMR says of the failure of the steps of a name."""

    silent: int = 0
    """How many descriptions of failed steps have no details."""

    protected: bool = False
    """Whether somebody protects the cluster from termination while it runs."""

    canceled: str = "CANCELLED"
    """The state that a step comes to that is canceled."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    """The codes with which the next calls of a method fail, or those of a method and a cluster."""

    executions: dict[str, str] = field(default_factory=dict)
    """The status that Step Functions reports of an execution, or the code of its error."""

    launched: list[str] = field(default_factory=list)
    """The ids of the clusters."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What was asked of EMR."""

    waits: list[int] = field(default_factory=list)
    """The seconds of each wait."""

    wait_seconds: float = 0.01
    """How long each wait really takes."""

    on_wait: Callable[[], None] = lambda: None
    """What happens meanwhile."""

    def called(self, method: str) -> list[dict[str, Any]]:
        return [request for name, request in self.calls if name == method]

    def call(self, client: Any, method: str, request: dict[str, Any]) -> Any:
        """The answer of EMR."""
        self.calls.append((method, request))
        codes = self.errors.get(f"{method} {request.get('ClusterId')}") or self.errors.get(method, [])
        if codes:
            code = codes.pop(0)
            answer = {"Error": {"Code": code, "Message": f"{code} says 'no'"}, "ResponseMetadata": _METADATA}
            raise getattr(client.exceptions, code, ClientError)(answer, method)
        region = client.meta.region_name
        if method == "cancel_steps":
            for step_id in request["StepIds"]:
                self._step(region, request["ClusterId"], step_id).state = self.canceled
            return {"CancelStepsInfoList": [{"StepId": step, "Status": "SUBMITTED"} for step in request["StepIds"]]}
        answer = getattr(client, method)(**request)
        if method == "run_job_flow":
            self._launched(region, answer["JobFlowId"])
        if method == "add_job_flow_steps":
            self._submitted(region, request["JobFlowId"], answer["StepIds"][0])
        return answer

    def describe_execution(self, client: Any, request: dict[str, Any]) -> Any:
        """The answer of Step Functions."""
        status = self.executions.get(request["executionArn"])
        if status is not None and not status.isupper():
            answer = {"Error": {"Code": status, "Message": "it does not say"}, "ResponseMetadata": _METADATA}
            raise getattr(client.exceptions, status, ClientError)(answer, "describe_execution")
        answer = client.describe_execution(**request)
        return answer if status is None else {**answer, "status": status}

    def _launched(self, region: str, cluster_id: str) -> None:
        self.launched.append(cluster_id)
        cluster = emr_backends[ACCOUNT][region].clusters[cluster_id]
        cluster.state = self.launch
        cluster.termination_protected = self.protected
        if self.launch in ENDED:
            cluster.last_state_change_reason = "no capacity"

    def _submitted(self, region: str, cluster_id: str, step_id: str) -> None:
        step = self._step(region, cluster_id, step_id)
        outcomes = self.steps.get(step.name, [])
        step.state = outcomes.pop(0) if outcomes else self.outcome

    @staticmethod
    def _step(region: str, cluster_id: str, step_id: str) -> Any:
        (found,) = (step for step in emr_backends[ACCOUNT][region].clusters[cluster_id].steps if step.id == step_id)
        return found


_METADATA: Final = {"HTTPStatusCode": 400, "RequestId": "1"}
_world = World()


class SdkIntegration(StateTaskServiceAwsSdk):
    """The integration for any API, with names as Step Functions spells them."""

    def _eval_service_task(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any
    ) -> None:
        service = self._get_boto_service_name()
        client = _task_client(region=resource_runtime_part.region, service=service)
        action = self._get_boto_service_action()
        operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[action])
        request = of_java(normalised_parameters)
        self._to_boto_request(request, operation.input_shape)
        if service == "emr":
            answer = _world.call(client, action, request)
        elif action == "describe_execution":
            answer = _world.describe_execution(client, request)
        else:
            answer = getattr(client, action)(**request)
        answer.pop("ResponseMetadata", None)
        if operation.output_shape is not None:
            self._from_boto_response(answer, operation.output_shape)
        if action == "describe_step" and answer["Step"]["Status"]["State"] == "FAILED" and _world.silent:
            _world.silent -= 1
        elif action == "describe_step" and answer["Step"]["Status"]["State"] == "FAILED":
            answer["Step"]["Status"]["FailureDetails"] = {
                "Reason": "Unknown Error.",
                "Message": _world.messages.get(answer["Step"]["Name"], f"{answer['Step']['Name']} found no data"),
                "LogFile": "s3://logs/stderr.gz",
            }
        env.stack.append(json.loads(json.dumps(answer, default=_iso)))


def of_java(request: Any) -> Any:
    """A request as botocore spells it; one that has botocore's spelling already is not what Step Functions takes."""
    match request:
        case dict():
            wrong = set(request) & set(_JAVA_NAMES.values())
            if wrong:
                raise ValueError(f"Step Functions has no member {wrong}")
            return {
                _JAVA_NAMES.get(name, name): value if name == "Properties" else of_java(value)
                for name, value in request.items()
            }
        case list():
            return [of_java(item) for item in request]
        case _:
            return request


def _iso(value: Any) -> str:
    assert isinstance(value, datetime)
    return f"{value.astimezone(UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def _declare(bindings: dict[str, Any]) -> str:
    return "".join(f"{name}:={json.dumps(value, default=_iso)};" for name, value in bindings.items())


def _note_wait(function: Any, env: Any, wait_seconds: int) -> None:
    _world.waits.append(wait_seconds)
    _world.on_wait()
    _sleep(_world.wait_seconds)


_sleep = time.sleep


def evaluate(expression: str) -> Any:
    """The value of a JSONata expression."""
    try:
        # The library has types of its own for null and for sequences.
        return json.loads(json.dumps(jsonata.Jsonata(expression).evaluate(None), default=lambda _: None))
    except Exception as error:
        raise moto_jsonata.JSONataException("UNKNOWN", str(error)) from error


_parse: Final = AmazonStateLanguageParser.parse


@cache
def _tree(definition: str) -> Any:
    return _parse(definition)[1]


def parsed(definition: str) -> tuple[Any, Any]:
    """The program of a definition, whose syntax takes a second to parse: once for all of its executions."""
    tree = _tree(definition)
    return Preprocessor().visit(tree), tree


@cache
def client_of(service: str, region: str) -> Any:
    """A client of boto3, which reads the model of its service; once in a process."""
    return boto3.session.Session("test", "test").client(service, region)


@cache
def _shared_task_client(region: str, service: str) -> Any:
    return boto_client_for(region, service)


def _task_client(*, region: str, service: str, state_credentials: Any = None) -> Any:
    return _shared_task_client(region, service)


@staticmethod
@cache
def _signing_key() -> Any:
    """The key with which SNS signs messages, which takes long to generate: not one for each subscription."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@contextlib.contextmanager
def interpreter(world: World) -> Iterator[None]:
    """moto's interpreter with what it lacks."""
    original = state_task_factory.state_task_service_for

    def service_for(service_name: str) -> Any:
        return SdkIntegration() if service_name == "aws-sdk" else original(service_name)

    error_names = {"emr": "Emr"}
    with (
        mock.patch.object(state_task_factory, "state_task_service_for", service_for),
        mock.patch.dict(state_task_service_aws_sdk._SERVICE_ERROR_NAMES, error_names),
        mock.patch.object(state_task_service_sns, "boto_client_for", _task_client),
        mock.patch.object(Subscription, "private_key", _signing_key),
        mock.patch.object(AmazonStateLanguageParser, "parse", staticmethod(parsed)),
        mock.patch.object(moto_jsonata, "_eval_jsonata", evaluate),
        mock.patch.object(moto_states, "encode_jsonata_variable_declarations", _declare),
        mock.patch.object(moto_variables, "encode_jsonata_variable_declarations", _declare),
        mock.patch.object(WaitFunction, "_wait_interval", _note_wait),
        mock.patch("time.sleep", lambda seconds: _sleep(min(seconds, 0.02))),
        mock.patch(f"{__name__}._world", world),
    ):
        yield
