"""State machines that run as they are: what moto's interpreter of the Amazon States Language lacks is put in here.

- It has no optimized integration for EMR: a task ``elasticmapreduce:...`` becomes the call of the EMR API that Step
  Functions makes for it, and ``.sync`` asks EMR until it is done. No definition is changed for it.
- It hands arguments of ``aws-sdk`` tasks on as they are spelled, where Step Functions begins every name with a capital.
- It evaluates JSONata with a program in Java that it does not bring: a port to Python does.
- Its waits take as long as they say: here they do not.

moto's EMR leaves steps and clusters as they were made; :class:`World` says what becomes of them.
"""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import jsonata
from botocore.exceptions import ClientError
from moto.emr.models import emr_backends
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for

from tests.deploy.emulator import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENDED: Final = ("TERMINATED", "TERMINATED_WITH_ERRORS")


def translate(action: str, arguments: dict[str, Any]) -> tuple[str, dict[str, Any], Callable[[Any], dict[str, Any]]]:
    """The method of a boto3 client that says the same as an optimized integration, its request, and the output.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
    """
    match action:
        case "createCluster":
            if "Steps" in arguments or arguments["Instances"].get("KeepJobFlowAliveWhenNoSteps") is not True:
                raise ValueError("createCluster takes no Steps, and wants KeepJobFlowAliveWhenNoSteps to be true")
            return "run_job_flow", arguments, lambda found: {"ClusterId": found["JobFlowId"]}
        case "addStep":
            request = {"JobFlowId": arguments["ClusterId"], "Steps": [arguments["Step"]]}
            if "ExecutionRoleArn" in arguments:
                request["ExecutionRoleArn"] = arguments["ExecutionRoleArn"]
            return "add_job_flow_steps", request, lambda found: {"StepId": found["StepIds"][0]}
        case "cancelStep":
            request = {"ClusterId": arguments["ClusterId"], "StepIds": [arguments["StepId"]]}
            return "cancel_steps", request, lambda found: {"CancelStepsInfo": found["CancelStepsInfoList"][0]}
        case "terminateCluster":
            return "terminate_job_flows", {"JobFlowIds": [arguments["ClusterId"]]}, lambda _: {}
        case _:
            raise ValueError(f"the integration has no {action}")


@dataclass
class World:
    """What becomes of clusters and steps, and what was asked for."""

    steps: dict[str, list[str]] = field(default_factory=dict)
    """The states that the steps of a name come to, one after the other. Otherwise: COMPLETED."""

    launch: str = "WAITING"
    """The state that a cluster comes to."""

    protected: bool = False
    """Whether somebody protects the cluster from termination while it runs."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What was asked of EMR."""

    def called(self, method: str) -> list[dict[str, Any]]:
        return [request for name, request in self.calls if name == method]

    def launched(self, region: str, cluster_id: str) -> None:
        cluster = emr_backends[ACCOUNT][region].clusters[cluster_id]
        cluster.state = self.launch
        cluster.termination_protected = self.protected
        if self.launch in ENDED:
            cluster.last_state_change_reason = "no capacity"

    def submitted(self, region: str, cluster_id: str, step_id: str) -> None:
        (step,) = (found for found in emr_backends[ACCOUNT][region].clusters[cluster_id].steps if found.id == step_id)
        outcomes = self.steps.get(step.name, [])
        step.state = outcomes.pop(0) if outcomes else "COMPLETED"
        if step.state == "FAILED":
            step.last_state_change_reason = f"{step.name} found no data"


_world = World()


class EmrIntegration(StateTaskServiceCallback):
    """The optimized integration for EMR."""

    def __init__(self) -> None:
        super().__init__({ResourceCondition.WaitForTaskToken, ResourceCondition.Sync})

    def _get_supported_parameters(self) -> set[str]:
        return set()

    def _from_error(self, env: Any, ex: Exception) -> FailureEvent:
        if not isinstance(ex, ClientError):
            return super()._from_error(env=env, ex=ex)
        name = f"ElasticMapReduce.{ex.response['Error']['Code']}"
        return self._failure(env, CustomErrorName(name), name, ex.response["Error"]["Message"])

    def _failure(self, env: Any, error_name: Any, error: str, cause: str) -> FailureEvent:
        details = TaskFailedEventDetails(
            resource=self._get_sfn_resource(), resourceType=self._get_sfn_resource_type(), error=error, cause=cause
        )
        return FailureEvent(
            env=env,
            error_name=error_name,
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )

    def _eval_service_task(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any
    ) -> None:
        client = boto_client_for(
            service="emr", region=resource_runtime_part.region, state_credentials=state_credentials
        )
        method, request, output = translate(self.resource.api_action, normalised_parameters)
        _world.calls.append((method, request))
        made = output(getattr(client, method)(**request))
        region, cluster_id = resource_runtime_part.region, normalised_parameters.get("ClusterId")
        if "ClusterId" in made:
            _world.launched(region, made["ClusterId"])
        if "StepId" in made:
            _world.submitted(region, cluster_id, made["StepId"])
        env.stack.append(made)

    def _eval_sync(self, env: Any, sync_resolver: Any, **_: Any) -> Any:
        """Without listening for a task token: moto takes the one of the first try for a time-out in the second."""
        return super()._eval_sync(env, sync_resolver, None, None, None)

    def _build_sync_resolver(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any
    ) -> Callable[[], Any]:
        client = boto_client_for(
            service="emr", region=resource_runtime_part.region, state_credentials=state_credentials
        )
        made = env.stack.pop()
        action, cluster_id = self.resource.api_action, made.get("ClusterId") or normalised_parameters["ClusterId"]

        def ask() -> tuple[str, Any, tuple[str, ...], tuple[str, ...]]:
            if action == "addStep":
                step = client.describe_step(ClusterId=cluster_id, StepId=made["StepId"])["Step"]
                return "Step", step, ("COMPLETED",), ("FAILED", "CANCELLED", "INTERRUPTED")
            cluster = client.describe_cluster(ClusterId=cluster_id)["Cluster"]
            if action == "createCluster":
                return "Cluster", cluster, ("WAITING", "RUNNING"), ENDED
            return "Cluster", cluster, ENDED, ()

        def resolve() -> dict[str, Any] | None:
            kind, found, good, bad = ask()
            state = found["Status"]["State"]
            if state in bad:
                failed = StatesErrorNameType.StatesTaskFailed
                cause = json.dumps({kind: {"Id": found["Id"], "Status": found["Status"]}}, default=str)
                raise FailureEventException(self._failure(env, StatesErrorName(typ=failed), failed.to_name(), cause))
            return {**made, kind: {"Id": found["Id"]}} if state in good else None

        return resolve


class CapitalizedSdk(StateTaskServiceAwsSdk):
    """The integration for any API, with names as Step Functions spells them."""

    def _eval_service_task(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any
    ) -> None:
        service = self._get_boto_service_name()
        client = boto_client_for(
            service=service, region=resource_runtime_part.region, state_credentials=state_credentials
        )
        action = self._get_boto_service_action()
        operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[action])
        self._to_boto_request(normalised_parameters, operation.input_shape)
        response = getattr(client, action)(**normalised_parameters)
        response.pop("ResponseMetadata")
        if operation.output_shape is not None:
            self._from_boto_response(response, operation.output_shape)
        env.stack.append(response)


def evaluate(expression: str) -> Any:
    """The value of a JSONata expression."""
    try:
        # The library has types of its own for null and for sequences.
        return json.loads(json.dumps(jsonata.Jsonata(expression).evaluate(None), default=lambda _: None))
    except Exception as error:
        raise moto_jsonata.JSONataException("UNKNOWN", str(error)) from error


@contextlib.contextmanager
def interpreter(world: World) -> Iterator[None]:
    """moto's interpreter with what it lacks."""
    original = state_task_factory.state_task_service_for

    def service_for(service_name: str) -> Any:
        stand_in = {"aws-sdk": CapitalizedSdk, "elasticmapreduce": EmrIntegration}.get(service_name)
        return original(service_name) if stand_in is None else stand_in()

    sleep = time.sleep
    with (
        mock.patch.object(state_task_factory, "state_task_service_for", service_for),
        mock.patch.object(moto_jsonata, "_eval_jsonata", evaluate),
        mock.patch.object(WaitFunction, "_wait_interval"),
        mock.patch("time.sleep", lambda seconds: sleep(min(seconds, 0.02))),
        mock.patch(f"{__name__}._world", world),
    ):
        yield
