from __future__ import annotations

import json
import time

import boto3
import pytest
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_stepfunctions as sfn
from botocore.validate import ParamValidator
from moto import mock_aws

from emr_constructs import Application, Cluster, EmrError, Schedule, Script, Step, StepSubmission
from tests.step_functions import World, interpreter
from tests.tools import as_list, flat, imported_vpc, new_stack, only, resources, statements, synthesize

ROLE = "arn:aws:iam::111111111111:role/nodes"
ANALYSTS = "arn:aws:iam::111111111111:role/analysts"
CLUSTER = "arn:<AWS::Partition>:elasticmapreduce:<AWS::Region>:<AWS::AccountId>:cluster/j-1"
HOURLY = scheduler.ScheduleExpression.rate(Duration.hours(1))


def step(*args):
    return Step.spark("Import", script=Script.from_uri("s3://jobs/a.py"), args=args)


def existing(stack, cluster_id="j-1"):
    role = iam.Role.from_role_arn(stack, "Nodes", ROLE)
    return Cluster.from_cluster_attributes(stack, "Cluster", cluster_id=cluster_id, instance_role=role)


def analysts(stack):
    return iam.Role.from_role_arn(stack, "Analysts", ANALYSTS)


class TestSchedule:
    def target(self, **options):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step("{% x %}"), **options)
        Schedule(stack, "Schedule", target=submission, schedule=HOURLY)
        template = synthesize(stack)
        return only(template, "AWS::Scheduler::Schedule")["Target"], template

    def test_adds_the_step(self):
        target, _ = self.target()
        assert flat(target["Arn"]) == "arn:<AWS::Partition>:scheduler:::aws-sdk:emr:addJobFlowSteps"
        request = json.loads(target["Input"])
        assert request["JobFlowId"] == "j-1"
        assert request["Steps"][0]["HadoopJarStep"]["Args"][-2:] == ["s3://jobs/a.py", "{% x %}"]

    def test_botocore_accepts_the_request(self):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step(), runtime_role=analysts(stack))
        Schedule(stack, "Schedule", target=submission, schedule=HOURLY)
        request = json.loads(only(synthesize(stack), "AWS::Scheduler::Schedule")["Target"]["Input"])
        assert request["ExecutionRoleArn"] == ANALYSTS
        model = boto3.client("emr", region_name="us-east-1").meta.service_model
        report = ParamValidator().validate(request, model.operation_model("AddJobFlowSteps").input_shape)
        assert not report.has_errors(), report.generate_report()

    def test_the_role_may_do_no_more(self):
        _, template = self.target()
        (giving,) = (found for found in statements(template, "SchedulePolicy") if found["Sid"] == "GiveSteps")
        assert (giving["Action"], flat(giving["Resource"])) == ("elasticmapreduce:AddJobFlowSteps", CLUSTER)
        assert giving["Condition"] == {"Null": {"elasticmapreduce:ExecutionRoleArn": "true"}}
        sids = {found["Sid"] for found in statements(template, "SchedulePolicy")}
        assert sids == {"GiveSteps", "SendToDeadLetterQueue", "EncryptDeadLetters"}
        assert resources(template, "AWS::IAM::Policy") == {}

    def test_takes_no_input(self):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        with pytest.raises(EmrError, match=r"the schedule gives the input {'a': 1}, which a step does not take"):
            Schedule(stack, "Schedule", target=submission, schedule=HOURLY, input={"a": 1})


class TestStateMachine:
    def test_may_submit_follow_and_cancel_with_the_role_of_the_step_alone(self):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step(), runtime_role=analysts(stack))
        policy = iam.ManagedPolicy(stack, "Policy")
        assert submission.grant_submit(policy).success
        found = {
            tuple(as_list(statement["Action"])): (flat(statement["Resource"]), statement.get("Condition"))
            for statement in statements(synthesize(stack), "Policy")
        }
        assert found == {
            ("elasticmapreduce:AddJobFlowSteps",): (
                CLUSTER,
                {"StringEqualsIfExists": {"elasticmapreduce:ExecutionRoleArn": [ANALYSTS]}},
            ),
            ("elasticmapreduce:CancelSteps", "elasticmapreduce:DescribeStep"): (CLUSTER, None),
        }

    @pytest.mark.parametrize("language", [sfn.QueryLanguage.JSON_PATH, sfn.QueryLanguage.JSONATA])
    def test_runs_the_step(self, language):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack, "CLUSTER"), step=step("{% x %}"))
        chain = submission.task(stack, "Run")
        sfn.StateMachine(
            stack, "Machine", definition_body=sfn.DefinitionBody.from_chainable(chain), query_language=language
        )
        definition = flat(only(synthesize(stack), "AWS::StepFunctions::StateMachine")["DefinitionString"])
        world = World(steps={"Import": ["FAILED", "COMPLETED"]})
        with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}), interpreter(world):
            emr = boto3.client("emr", "us-east-1")
            instances = {"KeepJobFlowAliveWhenNoSteps": True, "MasterInstanceType": "m5.xlarge", "InstanceCount": 1}
            cluster_id = emr.run_job_flow(Name="c", Instances=instances, JobFlowRole="r", ServiceRole="s")["JobFlowId"]
            results = [run(definition.replace("CLUSTER", cluster_id), f"m{number}") for number in range(2)]
            assert [found["status"] for found in results] == ["FAILED", "SUCCEEDED"]
            assert "Import found no data" in results[0]["cause"]
            assert json.loads(results[1]["output"])["StepId"].startswith("s-")
            submitted = emr.list_steps(ClusterId=cluster_id)["Steps"]
            assert [found["Config"]["Args"][-1] for found in submitted] == ["{% x %}", "{% x %}"]

    def test_need_not_wait(self):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        state = submission.task(stack, "Run", wait=False).to_state_json()
        assert flat(stack.resolve(state["Resource"])).endswith(":states:::elasticmapreduce:addStep")

    def test_cancels_a_step(self):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        state = submission.cancel_task(stack, "Cancel", step_id="{% $states.input.StepId %}").to_state_json()
        assert flat(stack.resolve(state["Resource"])).endswith(":states:::elasticmapreduce:cancelStep")
        assert state["Arguments"] == {"ClusterId": "j-1", "StepId": "{% $states.input.StepId %}"}


class TestScripts:
    @pytest.fixture
    def local(self, tmp_path):
        (tmp_path / "job.py").write_text("1")
        return Step.spark("Import", script=Script.from_asset(tmp_path / "job.py"))

    def test_become_readable_by_the_nodes(self, stack, local):
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.SPARK])
        StepSubmission(stack, "Import", cluster=cluster, step=local)
        reads = [
            found for found in statements(synthesize(stack), "InstancePolicy") if found["Action"] == "s3:GetObject"
        ]
        assert flat(reads[0]["Resource"]).endswith(".py")

    def test_or_by_the_role_of_the_step_alone(self, stack, local):
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.SPARK])
        role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
        StepSubmission(stack, "Import", cluster=cluster, step=local, runtime_role=role)
        template = synthesize(stack)
        (statement,) = statements(template, "ImportRuntimePolicy")
        assert statement["Action"] == "s3:GetObject"
        assert not [found for found in statements(template, "InstancePolicy") if found["Action"] == "s3:GetObject"]

    def test_nothing_runs_at_deployment(self, stack):
        StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        assert "Resources" not in synthesize(stack)

    def test_arguments_are_what_they_have_to_be(self, stack):
        with pytest.raises(EmrError, match="cluster is 'j-1'; give a ClusterBase"):
            StepSubmission(stack, "Import", cluster="j-1", step=step())

    def test_a_step_fits_the_cluster(self, stack):
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.HIVE])
        with pytest.raises(EmrError, match="does not have Spark"):
            StepSubmission(stack, "Import", cluster=cluster, step=step())


def run(definition, name):
    client = boto3.client("stepfunctions", "us-east-1")
    definition = definition.replace("<AWS::Partition>", "aws")
    machine = client.create_state_machine(name=name, definition=definition, roleArn=ROLE)["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=machine, name="run", input="{}")["executionArn"]
    for _ in range(500):
        found = client.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            break
        time.sleep(0.02)
    return found
