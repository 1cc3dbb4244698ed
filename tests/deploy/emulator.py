"""moto's server on loopback as the AWS that the real CDK CLI deploys to."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import boto3

if TYPE_CHECKING:
    from types import TracebackType

ACCOUNT = "123456789012"
REGION = "us-east-1"
PROJECT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


class Emulator:
    """A moto server that lives as long as the ``with`` block."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        # The name, not the address: with an address moto cannot find a template in S3.
        self.url = f"http://localhost:{port}"
        self._command = [sys.executable, "-m", "tests.deploy.server", "-H", "127.0.0.1", "-p", str(port)]
        self._assembly = tempfile.TemporaryDirectory()
        self._server: subprocess.Popen[bytes] | None = None
        self._stopped, self._deploying = threading.Event(), threading.Event()
        self._responder = threading.Thread(target=self._answer_custom_resources, daemon=True)

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            self._command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment()
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                # Functions have nothing to run in here; the calls that wait for one are answered below.
                settings = {"lambda": {"use_docker": False}, "stepfunctions": {"execute_state_machine": True}}
                self._post("/moto-api/config", settings)
                break
            except OSError:
                if time.monotonic() > deadline or self._server.poll() is not None:
                    raise
                time.sleep(0.1)
        self._responder.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._responder.join()
        assert self._server is not None
        self._server.terminate()
        self._server.wait(timeout=30)
        self._assembly.cleanup()

    def environment(self) -> dict[str, str]:
        """The environment in which the CLI and SDKs reach the emulator, and nothing else of AWS."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
        return inherited | {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def cdk(self, *arguments: str, folder: Path = PROJECT) -> str:
        """Run the CDK CLI; returns what it said, and raises what it said when it fails."""
        self._deploying.set()
        done = subprocess.run(
            [str(BIN / "cdk"), *arguments, "--no-notices", "--ci", "--output", self._assembly.name],
            cwd=folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        self._deploying.clear()
        if done.returncode:
            raise RuntimeError(f"cdk {' '.join(arguments)} failed:\n{done.stdout}")
        return done.stdout

    def deploy(self, *arguments: str, folder: Path = PROJECT) -> str:
        """Deploy all stacks of the app."""
        # Without change sets, which do not make moto register the exports of a stack.
        return self.cdk("deploy", "--all", "--require-approval=never", "--method=direct", *arguments, folder=folder)

    def destroy(self) -> str:
        """Destroy all stacks of the app that was synthesized last."""
        return self.cdk("destroy", "--all", "--force", "--app", self._assembly.name)

    def run(self, state_machine: str, name: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
        """Start a state machine and wait until it is done."""
        states = self.client("stepfunctions")
        execution = states.start_execution(stateMachineArn=state_machine, name=name, input=json.dumps(given or {}))
        deadline = time.monotonic() + 60
        while True:
            found: dict[str, Any] = states.describe_execution(executionArn=execution["executionArn"])
            if found["status"] != "RUNNING" or time.monotonic() > deadline:
                return found
            time.sleep(0.1)

    def abort(self, state_machine: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """Start a state machine whose steps never finish, and stop the execution once a step runs."""
        self._post("/test/steps", {"state": "RUNNING"})
        states, emr = self.client("stepfunctions"), self.client("emr")
        execution = states.start_execution(stateMachineArn=state_machine, name=name, input=json.dumps(given))
        arn = execution["executionArn"]
        deadline = time.monotonic() + 60
        while not any(
            emr.list_steps(ClusterId=found["Id"])["Steps"]
            for found in emr.list_clusters()["Clusters"]
            if found["Name"].endswith(f" {name}")
        ):
            if time.monotonic() > deadline:
                raise RuntimeError(f"no step of {arn} runs")
            time.sleep(0.1)
        # The emulator fails an execution that is stopped during a call, so the waits are long meanwhile.
        while states.get_execution_history(executionArn=arn)["events"][-1]["type"] != "WaitStateEntered":
            if time.monotonic() > deadline:
                raise RuntimeError(f"{arn} does not wait")
            time.sleep(0.05)
        states.stop_execution(executionArn=arn)
        self._post("/test/steps", {"state": "COMPLETED"})
        while states.describe_execution(executionArn=arn)["status"] == "RUNNING":
            time.sleep(0.1)
        found: dict[str, Any] = states.describe_execution(executionArn=arn)
        return found

    def clean_up(self, stopped: dict[str, Any]) -> dict[str, Any]:
        """Start the cleanup of the job with the event that EventBridge sends when an execution stops."""
        (rule,) = (
            found
            for found in self.client("events").list_rules()["Rules"]
            if stopped["stateMachineArn"] in found.get("EventPattern", "")
        )
        (target,) = self.client("events").list_targets_by_rule(Rule=rule["Name"])["Targets"]
        detail = {key: stopped.get(key) for key in ("executionArn", "stateMachineArn", "name", "status", "cause")}
        event = {"source": "aws.states", "detail-type": "Step Functions Execution Status Change", "detail": detail}
        return self.run(target["Arn"], f"after-{stopped['name']}", event)

    def _post(self, path: str, body: dict[str, Any]) -> None:
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            response.read()

    def _answer_custom_resources(self) -> None:
        """Say that a custom resource is done: its function cannot run without a container engine."""
        cloudformation = self.client("cloudformation")
        while not self._stopped.wait(0.2):
            if not self._deploying.is_set():
                continue
            # The server may be busy with the very stack; an answer that comes too early is given again.
            with contextlib.suppress(Exception):
                stacks = cloudformation.describe_stacks()["Stacks"]
                for stack in (stack["StackId"] for stack in stacks if stack["StackStatus"].endswith("IN_PROGRESS")):
                    for resource in cloudformation.describe_stack_resources(StackName=stack)["StackResources"]:
                        if resource.get("ResourceType", "").startswith("Custom::"):
                            name = resource["LogicalResourceId"]
                            answer = {"Status": "SUCCESS", "StackId": stack, "LogicalResourceId": name, "Data": {}}
                            self._post(f"/cloudformation_{REGION}/cfnresponse?stack={stack}", answer)
