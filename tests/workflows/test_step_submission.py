from __future__ import annotations

import json

import boto3
import pytest
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_stepfunctions as sfn
from botocore.validate import ParamValidator

from emr_constructs import (
    Application,
    Cluster,
    ClusterProfile,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    ReleaseLabel,
    RuntimeRoles,
    Schedule,
    Script,
    SecurityConfiguration,
    Step,
    StepSubmission,
    Termination,
)
from tests.tools import as_list, flat, imported_key, imported_vpc, new_stack, only, resources, statements, synthesize

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


def with_runtime_roles(stack):
    security = SecurityConfiguration(
        stack, "Security", encryption_key=imported_key(stack), runtime_roles=RuntimeRoles()
    )
    profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)
    return Cluster(stack, "Cluster", profile=profile, applications=[Application.SPARK])


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
        (giving,) = (found for found in statements(template, "SchedulePolicy") if found["Sid"] == "SubmitSteps")
        assert (giving["Action"], flat(giving["Resource"])) == ("elasticmapreduce:AddJobFlowSteps", CLUSTER)
        assert giving["Condition"] == {"Null": {"elasticmapreduce:ExecutionRoleArn": "true"}}
        sids = {found["Sid"] for found in statements(template, "SchedulePolicy")}
        assert sids == {"SubmitSteps", "SendToDeadLetterQueue", "EncryptDeadLetters"}
        assert resources(template, "AWS::IAM::Policy") == {}

    def test_takes_no_input(self):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        with pytest.raises(EmrError, match=r"input of the schedule must be empty .*, got {'a': 1}; remove it"):
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
    def test_runs_the_step(self, account, language):
        account.world.steps["Import"] = ["FAILED", "COMPLETED"]
        definition = machine(language=language)
        failed, done = (self.run(account, definition) for _ in range(2))
        assert (failed["status"], failed["error"]) == ("FAILED", "StepFailed")
        assert failed["cause"] == (
            f"step Import failed on {account.cluster}: FAILED; Unknown Error.; Import found no data; s3://logs/stderr.gz"
        )
        assert done["status"] == "SUCCEEDED"
        first, second = (found["Id"] for found in account.emr.list_steps(ClusterId=account.cluster)["Steps"])
        assert json.loads(done["output"]) in ({"StepId": first}, {"StepId": second})
        args = [request["Steps"][0]["HadoopJarStep"]["Args"] for request in account.world.called("add_job_flow_steps")]
        assert [found[-1] for found in args] == ["{% x %}", "{% x %}"]

    def test_a_step_that_takes_too_long_is_canceled_and_the_cluster_stays(self, account):
        account.world.steps["Import"], account.world.canceled = ["RUNNING"], "CANCEL_PENDING"
        seen = []

        def cancel():
            seen.extend(account.world.called("cancel_steps"))
            if len(seen) == 3:
                account.set_step("Import", "CANCELLED")

        account.world.on_wait = cancel
        done = self.run(account, machine(timeout=Duration.seconds(1)))
        assert (done["status"], done["error"]) == ("FAILED", "StepTimedOut")
        assert done["cause"].endswith("was canceled; what it started may still be running")
        assert len(seen) == 3, "the state waits until EMR has canceled the step"
        assert account.world.called("terminate_job_flows") == []
        assert account.running() == ["c"]

    def test_a_step_that_completes_while_it_is_canceled_has_run(self, account):
        account.world.steps["Import"], account.world.canceled = ["RUNNING"], "COMPLETED"
        assert self.run(account, machine(timeout=Duration.seconds(1)))["status"] == "SUCCEEDED"

    def test_a_failure_to_describe_the_step_leaves_the_cluster(self, account):
        account.world.errors["describe_step"] = ["InternalServerException"] * 4
        done = self.run(account, machine())
        assert (done["status"], done["error"]) == ("FAILED", "StepUnknown")
        assert account.world.called("terminate_job_flows") == []

    def test_two_steps_of_a_machine_have_states_of_their_own(self, account):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack, "j-CLUSTER"), step=step())
        names = ["a" * 60 + end for end in ("1", "2")]
        first, second = (submission.task(stack, name) for name in names)
        definition = definition_of(stack, first.next(second))
        found = [
            name
            for state in json.loads(definition)["States"].values()
            for branch in state["Branches"]
            for name in branch["States"]
        ]
        assert len(found) == len(set(found))
        assert max(map(len, found)) <= 40
        assert self.run(account, definition)["status"] == "SUCCEEDED"
        assert account.submitted() == ["Import", "Import"]

    def test_its_states_have_other_names_than_those_of_the_user(self, account):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack, "j-CLUSTER"), step=step())
        run = submission.task(stack, "Run", timeout=Duration.hours(1))
        others = ("Submit Run", "Wait for Run", "Describe Run", "Check Run", "Run succeeded", "Run failed")
        chain = run
        for name in others:
            chain = chain.next(sfn.Pass(stack, name))
        cancel = submission.cancel_task(stack, "Cancel Run", step_id="{% $states.input[0].StepId %}")
        states = json.loads(definition_of(stack, chain.next(cancel)))["States"]
        inner = list(states["Run"]["Branches"][0]["States"])
        assert not set(states) & set(inner)
        assert max(map(len, inner)) <= 40

    @pytest.mark.parametrize("label", ["emr-5.27.0", "emr-4.9.6"])
    def test_a_timeout_requires_that_emr_cancels_running_steps(self, stack, label):
        cluster = Cluster(
            stack,
            "Cluster",
            vpc=imported_vpc(stack),
            release_label=ReleaseLabel.of(label),
            applications=[Application.SPARK],
            instances=InstanceGroups(master=InstanceGroup("m4.xlarge")),
            termination=Termination.manual(),
        )
        submission = StepSubmission(stack, "Import", cluster=cluster, step=step())
        submission.task(stack, "Run")
        with pytest.raises(EmrError, match=f"timeout requires emr-5.28.0 or later, .* got {label}; remove it"):
            submission.task(stack, "Limited", timeout=Duration.hours(1))

    def test_it_may_not_terminate_the_cluster(self):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        submission.grant_submit(iam.ManagedPolicy(stack, "Policy"))
        actions = [action for found in statements(synthesize(stack), "Policy") for action in as_list(found["Action"])]
        assert sorted(actions) == [
            f"elasticmapreduce:{name}" for name in ("AddJobFlowSteps", "CancelSteps", "DescribeStep")
        ]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"timeout": Duration.hours(1), "wait": False}, "timeout requires wait=True, got wait=False"),
            ({"timeout": Duration.seconds(0)}, "timeout must be 1 second or more, got 0; increase it"),
            ({"timeout": 60}, "timeout must be a cdk.Duration, got 60"),
            ({"wait": "no"}, "wait must be a boolean, got 'no'"),
        ],
    )
    def test_arguments_of_a_task_are_checked(self, options, message):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        with pytest.raises(EmrError, match=message) as raised:
            submission.task(stack, "Run", **options)
        assert raised.value.path == "Test/Import"

    @pytest.mark.parametrize("step_id", ["s-1", None, "{%%}", "{%  %}"])
    def test_the_step_to_cancel_is_an_expression(self, step_id):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        with pytest.raises(EmrError, match=r"step_id must be a (JSONata expression|string), got"):
            submission.cancel_task(stack, "Cancel", step_id=step_id)

    @staticmethod
    def run(account, definition):
        if not account.clusters():
            account.cluster = account.launch("c")
        return account.wait(account.start(account.define(definition.replace("j-CLUSTER", account.cluster))))

    def test_need_not_wait(self):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        state = submission.task(stack, "Run", wait=False).to_state_json()
        assert flat(stack.resolve(state["Resource"])).endswith(":states:::aws-sdk:emr:addJobFlowSteps")

    def test_cancels_a_step(self):
        stack = new_stack()
        submission = StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        state = submission.cancel_task(stack, "Cancel", step_id="{% $states.input.StepId %}").to_state_json()
        assert flat(stack.resolve(state["Resource"])).endswith(":states:::aws-sdk:emr:cancelSteps")
        assert state["Arguments"] == {
            "ClusterId": "j-1",
            "StepIds": "{% [$states.input.StepId] %}",
            "StepCancellationOption": "TERMINATE_PROCESS",
        }


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
        cluster = with_runtime_roles(stack)
        role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
        StepSubmission(stack, "Import", cluster=cluster, step=local, runtime_role=role)
        template = synthesize(stack)
        (statement,) = statements(template, "ImportRuntimePolicy")
        assert statement["Action"] == "s3:GetObject"
        assert not [found for found in statements(template, "InstancePolicy") if found["Action"] == "s3:GetObject"]

    def test_rejects_a_runtime_role_if_the_cluster_has_no_runtime_roles(self, stack, local):
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.SPARK])
        with pytest.raises(
            EmrError, match="step 'Import' has a runtime role, which requires a security configuration with runtime"
        ):
            StepSubmission(stack, "Import", cluster=cluster, step=local, runtime_role=analysts(stack))

    def test_requires_a_runtime_role_if_the_cluster_has_runtime_roles(self, stack, local):
        cluster = with_runtime_roles(stack)
        with pytest.raises(EmrError, match="emr-runtime-role-steps"):
            StepSubmission(stack, "Import", cluster=cluster, step=local)

    def test_nothing_runs_at_deployment(self, stack):
        StepSubmission(stack, "Import", cluster=existing(stack), step=step())
        assert "Resources" not in synthesize(stack)

    def test_arguments_are_what_they_have_to_be(self, stack):
        with pytest.raises(EmrError, match="cluster must be an ICluster, got 'j-1'"):
            StepSubmission(stack, "Import", cluster="j-1", step=step())

    def test_a_step_fits_the_cluster(self, stack):
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.HIVE])
        with pytest.raises(
            EmrError, match="spark-submit of step 'Import' requires Spark, which the cluster does not have"
        ):
            StepSubmission(stack, "Import", cluster=cluster, step=step())


def machine(language=None, **options):
    stack = new_stack()
    submission = StepSubmission(stack, "Import", cluster=existing(stack, "j-CLUSTER"), step=step("{% x %}"))
    return definition_of(stack, submission.task(stack, "Run", **options), language)


def definition_of(stack, chain, language=None):
    body = sfn.DefinitionBody.from_chainable(chain)
    sfn.StateMachine(stack, "Machine", definition_body=body, query_language=language)
    definition = flat(only(synthesize(stack), "AWS::StepFunctions::StateMachine")["DefinitionString"])
    return definition.replace("<AWS::Partition>", "aws")
