"""An account in which the state machines of a template run, on moto."""

from __future__ import annotations

import contextlib
import json
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from moto import mock_aws
from moto.core.utils import utcnow
from moto.emr.models import emr_backends
from moto.moto_api._internal import mock_random
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from emr_constructs import Application, Script, Step, TransientCluster
from tests.deploy.emulator import ACCOUNT
from tests.step_functions import ENDED, World, client_of, interpreter
from tests.tools import imported_vpc, new_app, new_stack, only, synthesize

if TYPE_CHECKING:
    from collections.abc import Callable

REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/states"
_INSTANCES = {"KeepJobFlowAliveWhenNoSteps": True, "MasterInstanceType": "m5.xlarge", "InstanceCount": 1}


def step(name, *args):
    return Step.spark(name, script=Script.from_uri(f"s3://jobs/{name}.py"), args=args)


def job(construct_id="Nightly", **options):
    stack = new_stack(new_app())
    options = {"workflow": [step("Import"), step("Report")], "applications": [Application.SPARK], **options}
    TransientCluster(stack, construct_id, vpc=imported_vpc(stack), **options)
    return synthesize(stack)


class Account:
    """The account in which the state machines of a template run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.emr, self.sfn = client_of("emr", REGION), client_of("stepfunctions", REGION)
        ec2, sns, sqs = (client_of(service, REGION) for service in ("ec2", "sns", "sqs"))
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self._subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/20")["Subnet"]["SubnetId"]
        self._group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
        self._topic = sns.create_topic(Name="t")["TopicArn"]
        self._queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        sns.subscribe(TopicArn=self._topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:q")
        self._sqs = sqs
        self._count = 0

    def _resolve(self, value):
        """``value`` of a template with what moto needs to exist; anything else stands for itself."""
        match value:
            case {"Fn::Join": [delimiter, items]}:
                return delimiter.join(map(self._resolve, items))
            case {"Ref": "AWS::Partition"}:
                return "aws"
            case {"Ref": name} if "Topic" in name:
                return self._topic
            case {"Ref": name}:
                return name
            case {"Fn::GetAtt": [name, "GroupId"]}:
                return self._group
            case {"Fn::GetAtt": [name, _]}:
                return name
            case str():
                return value
        raise AssertionError(value)

    def create(self, template, containing):
        definition = self._resolve(only(template, "AWS::StepFunctions::StateMachine", containing)["DefinitionString"])
        return self.define(definition.replace("subnet-aaaa", self._subnet))

    def define(self, definition):
        self._count += 1
        made = self.sfn.create_state_machine(name=f"machine-{self._count}", definition=definition, roleArn=ROLE)
        return made["stateMachineArn"]

    def start(self, machine, given=None, name=None):
        self._count += 1
        return self.sfn.start_execution(
            stateMachineArn=machine,
            name=name or f"execution-{self._count}",
            input=json.dumps({} if given is None else given),
        )["executionArn"]

    def wait(self, execution):
        # The model is asked: a call would cost much more than the execution does in the meantime.
        backend = stepfunctions_parser_backends[ACCOUNT][REGION]
        for _ in range(1200):
            if backend.describe_execution(execution).status != "RUNNING":
                return self.sfn.describe_execution(executionArn=execution)
            threading.Event().wait(0.01)
        raise AssertionError(self.sfn.get_execution_history(executionArn=execution)["events"][-3:])

    @contextlib.contextmanager
    def paused(self, condition):
        """Hold an execution in its next wait with ``condition``: moto fails one that is stopped during a call."""
        paused, resumed = threading.Event(), threading.Event()

        def hold():
            if condition():
                paused.set()
                resumed.wait(10)

        self.world.on_wait = hold
        try:
            assert paused.wait(10), "it did not wait"
            yield
        finally:
            self.world.on_wait = lambda: None
            resumed.set()

    def run(self, template, given=None):
        return self.wait(self.start(self.create(template, "NightlyJob"), given))

    def clean_up(self, template, execution, **detail):
        """Send the event that EventBridge would, if the rule of the template asks for it."""
        pattern = only(template, "AWS::Events::Rule", "CleanupRule")["EventPattern"]
        assert (pattern["source"], pattern["detail-type"]) == (
            ["aws.states"],
            ["Step Functions Execution Status Change"],
        )
        assert execution["status"] in pattern["detail"]["status"]
        detail = {
            "executionArn": execution["executionArn"],
            "stateMachineArn": execution["stateMachineArn"],
            "name": execution["name"],
            "status": execution["status"],
            "error": execution.get("error"),
            "cause": execution.get("cause"),
            **detail,
        }
        event = {"source": "aws.states", "detail-type": "Step Functions Execution Status Change", "detail": detail}
        return self.wait(self.start(self.create(template, "Cleanup"), event))

    def sweep(self, template):
        """Send what EventBridge sends every hour."""
        assert only(template, "AWS::Events::Rule", "CleanupSweep")["ScheduleExpression"] == "rate(1 hour)"
        event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
        return self.wait(self.start(self.create(template, "Cleanup"), event))

    def launch(self, name, **tags):
        """A cluster that somebody launched by other means."""
        tags = [{"Key": key.replace("__", ":"), "Value": value} for key, value in tags.items()]
        request = {"Instances": _INSTANCES, "JobFlowRole": "r", "ServiceRole": "s", "Tags": tags}
        return self.emr.run_job_flow(Name=name, **request)["JobFlowId"]

    def grow_older(self, minutes):
        for cluster in emr_backends[ACCOUNT][REGION].clusters.values():
            cluster.creation_datetime = utcnow() - timedelta(minutes=minutes)

    def set_state(self, state, after):
        """Bring the clusters to a state after a number of waits."""
        if len(self.world.waits) >= after:
            for cluster in emr_backends[ACCOUNT][REGION].clusters.values():
                if cluster.state == "STARTING":
                    cluster.state = state

    def set_step(self, name, state):
        for cluster in emr_backends[ACCOUNT][REGION].clusters.values():
            for found in cluster.steps:
                if found.name == name:
                    found.state = state

    def delete_topic(self):
        client_of("sns", REGION).delete_topic(TopicArn=self._topic)

    def tags(self, cluster_id):
        cluster = self.emr.describe_cluster(ClusterId=cluster_id)["Cluster"]
        return {tag["Key"]: tag["Value"] for tag in cluster["Tags"]}

    def clusters(self):
        return {found["Name"]: found["Status"]["State"] for found in self.emr.list_clusters()["Clusters"]}

    def running(self):
        return [name for name, state in self.clusters().items() if state not in ENDED]

    def messages(self):
        found = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", [])
        bodies = [json.loads(message["Body"]) for message in found]
        return [(body["Subject"], json.loads(body["Message"])) for body in bodies]

    def submitted(self):
        return [request["Steps"][0]["Name"] for request in self.world.called("add_job_flow_steps")]


@contextlib.contextmanager
def account_of(world: World):
    # Each account has the same ids, so that definitions that name them are parsed once.
    mock_random.seed(1)
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}), interpreter(world):
        yield Account(world)


def wait_for(condition: Callable[[], object]) -> None:
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not happen")
