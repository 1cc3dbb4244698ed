from __future__ import annotations

import json

import boto3
import pytest
from aws_cdk import Duration, RemovalPolicy, Tags
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from botocore.validate import ParamValidator

from emr_constructs import (
    AlarmTopic,
    Application,
    Cluster,
    ClusterDefinition,
    ClusterProfile,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    JobInput,
    KerberosAttributes,
    ParallelSteps,
    ReleaseLabel,
    RootVolume,
    RuntimeRole,
    RuntimeRoles,
    Script,
    SecurityConfiguration,
    Step,
    StepTask,
    Termination,
    TransientCluster,
)
from tests.catalogue import ENVIRONMENTS, EXAMPLES, environment, example
from tests.tools import (
    as_list,
    flat,
    imported_key,
    imported_vpc,
    new_stack,
    only,
    resources,
    statements,
    synthesize,
)

MACHINE = "AWS::StepFunctions::StateMachine"
SCRIPT = Script.from_uri("s3://jobs/job.py")
COPY = Step.jar("Copy", jar=Script.from_uri("s3://jobs/copy.jar"))
CLUSTERS = "arn:<AWS::Partition>:elasticmapreduce:<AWS::Region>:<AWS::AccountId>:cluster/*"
LAUNCHER = "Test/Nightly c87d0f19f88e9859bbee96351a9d7130b835889349"
TAGGED = {"StringEquals": {"elasticmapreduce:ResourceTag/emr-constructs:launcher": LAUNCHER}}
TAGGING = {"StringEquals": {"elasticmapreduce:RequestTag/emr-constructs:launcher": LAUNCHER}}


def step(name="Import", **options):
    return Step.spark(name, script=SCRIPT, **options)


def make(stack=None, **options):
    stack = stack or new_stack()
    where = {} if "profile" in options else {"vpc": imported_vpc(stack)}
    defaults = {"applications": [Application.SPARK]} | (
        {} if {"definition", "workflow"} & options.keys() else {"workflow": [step()]}
    )
    return TransientCluster(stack, "Nightly", **where, **{**defaults, **options})


def definition_of(template, containing="NightlyJob"):
    return json.loads(flat(only(template, MACHINE, containing)["DefinitionString"]))


@pytest.fixture(scope="module")
def default():
    job = make()
    return job, synthesize(job)


def fails(message, **options):
    with pytest.raises(EmrError, match=message) as raised:
        make(**options)
    assert raised.value.path == "Test/Nightly"


class TestRequest:
    """What the state machine asks EMR for is what ``Cluster`` renders from the same definition."""

    def test_botocore_accepts_the_request(self, default):
        job, template = default
        model = boto3.client("emr", region_name="us-east-1").meta.service_model
        shape = model.operation_model("RunJobFlow").input_shape
        arguments = definition_of(template)["States"]["Create cluster"]["Arguments"]
        for request in (json.loads(json.dumps(job.run_job_flow_request)), arguments):
            report = ParamValidator().validate(request, shape)
            assert not report.has_errors(), report.generate_report()

    def test_the_integration_gets_what_it_wants(self, default):
        arguments = definition_of(default[1])["States"]["Create cluster"]["Arguments"]
        assert arguments["Instances"]["KeepJobFlowAliveWhenNoSteps"] is True
        assert arguments["Instances"]["TerminationProtected"] is False
        assert arguments["AutoTerminationPolicy"] == {"IdleTimeout": 3600}
        assert "Steps" not in arguments

    def test_says_what_emr_create_cluster_of_cdk_cannot(self):
        template = synthesize(
            make(
                instances=InstanceGroups(master=InstanceGroup("m7g.xlarge")),
                root_volume=RootVolume(size_gib=50),
                os_release_label="2023.12.20260629.0",
                termination=Termination.when_idle(Duration.minutes(20)),
            )
        )
        arguments = definition_of(template)["States"]["Create cluster"]["Arguments"]
        assert arguments["LogEncryptionKmsKeyId"].startswith("<NightlyProfileKey")
        assert arguments["Instances"]["Ec2SubnetId"] == "subnet-aaaa"
        assert arguments["OsReleaseLabel"] == "2023.12.20260629.0"
        assert arguments["EbsRootVolumeSize"] == 50
        assert arguments["AutoTerminationPolicy"] == {"IdleTimeout": 1200}

    def test_the_name_is_that_of_the_construct_and_of_the_execution(self, default):
        arguments = definition_of(default[1])["States"]["Create cluster"]["Arguments"]
        assert arguments["Name"] == '{% "Test/Nightly " & $states.context.Execution.Name %}'

    def test_a_long_name_leaves_room_for_that_of_the_execution(self):
        arguments = definition_of(synthesize(make(cluster_name="n" * 256)))["States"]["Create cluster"]["Arguments"]
        assert arguments["Name"] == f'{{% "{"n" * 175} " & $states.context.Execution.Name %}}'

    def test_clusters_have_the_tags_of_options_and_of_cdk(self):
        stack = new_stack()
        job = make(stack, tags={"team": "data"})
        Tags.of(job).add("cost", "42")
        Tags.of(stack).add("stage", "test")
        stack.tags.set_tag("owner", "me")
        arguments = definition_of(synthesize(job))["States"]["Create cluster"]["Arguments"]
        assert {tag["Key"]: tag["Value"] for tag in arguments["Tags"]} == {
            "team": "data",
            "cost": "42",
            "stage": "test",
            "owner": "me",
            "for-use-with-amazon-emr-managed-policies": "true",
            "emr-constructs:launcher": LAUNCHER,
            "emr-constructs:execution": "{% $states.context.Execution.Id %}",
        }

    def test_a_tag_is_taken_for_text_whatever_it_says(self):
        stack = new_stack()
        job = make(stack)
        Tags.of(job).add("formula", "{% 1 + 1 %}")
        arguments = definition_of(synthesize(job))["States"]["Create cluster"]["Arguments"]
        assert {"Key": "formula", "Value": '{% "{% 1 + 1 %}" %}'} in arguments["Tags"]


def plain(value):
    """``value`` of a template with intrinsic functions as readable text."""
    match value:
        case dict() if len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::")):
            return flat(value)
        case dict():
            return {name: plain(item) for name, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case _:
            return value


APPS = {f"example {name}": (example, name) for name in EXAMPLES} | {
    f"environment {name}": (environment, name) for name in ENVIRONMENTS
}


@pytest.mark.parametrize("name", APPS)
def test_asks_for_the_same_as_cluster_does_from_every_definition_of_stacks_and_examples(name):
    make_app, argument = APPS[name]
    app = make_app.__wrapped__(argument).app  # a new one, to which something can be added
    compared = set()
    for cluster in [found for found in app.node.find_all() if isinstance(found, Cluster)]:
        if cluster.definition.instances.has_three_masters or "kerberos" in cluster.definition.options:
            with pytest.raises(EmrError):
                TransientCluster(
                    cluster.stack, "Twin", profile=cluster.profile, definition=cluster.definition, workflow=[COPY]
                )
            compared.add(cluster)
            continue
        # The state machine decides when the cluster ends, and gives it the steps one by one.
        alike = cluster.definition.replace(termination=Termination.when_idle(), steps=[])
        job = TransientCluster(
            cluster.stack, f"{cluster.node.id}Twin", profile=cluster.profile, definition=alike, workflow=[COPY]
        )
        definition = cluster.stack.resolve(job.state_machine.node.default_child.definition_string)
        found = json.loads(flat(definition))["States"]["Create cluster"]["Arguments"]
        expected = plain(cluster.stack.resolve(cluster.run_job_flow_request))
        expected.pop("Steps", None)
        expected["AutoTerminationPolicy"] = {"IdleTimeout": 3600}
        expected["Instances"] |= {"KeepJobFlowAliveWhenNoSteps": True, "TerminationProtected": False}
        base = cluster.definition.options.get("cluster_name", job.node.path)
        expected["Name"] = f"{{% {json.dumps(f'{base} ')} & $states.context.Execution.Name %}}"
        tags = {tag["Key"]: tag["Value"] for tag in expected.pop("Tags")}
        given = {tag["Key"]: tag["Value"] for tag in found.pop("Tags")}
        assert given.pop("emr-constructs:launcher")
        assert tags.items() <= given.items()
        assert found == expected
        compared.add(cluster)
    assert len(compared) == len([found for found in app.node.find_all() if isinstance(found, Cluster)])


class TestArguments:
    def test_work_is_that_of_the_definition(self):
        definition = ClusterDefinition(applications=[Application.SPARK], steps=[step("A"), step("B")])
        states = definition_of(synthesize(make(definition=definition)))["States"]
        following = [states[name]["Choices"][0]["Next"] for name in ("Check cluster", "Check A", "Check B")]
        assert following == ["Submit A", "Submit B", "Terminate cluster"]

    def test_there_is_work(self):
        fails("specify exactly one of workflow and the steps of a definition, got neither", workflow=[])

    def test_it_is_given_once(self):
        fails(
            "specify exactly one of workflow and the steps of a definition, got both", workflow=[step()], steps=[step()]
        )

    def test_one_place_is_given(self):
        with pytest.raises(EmrError, match="specify exactly one of vpc and profile, got neither"):
            TransientCluster(new_stack(), "Nightly", workflow=[step()])

    def test_the_state_machine_ends_the_cluster(self):
        message = "termination must allow the state machine to terminate the cluster, and keep it alive .*, got "
        fails(f"{message}termination protection", workflow=[step()], termination=Termination.manual(protected=True))
        fails(
            rf"{message}Termination.after_steps\(\); use Termination.when_idle",
            workflow=[],
            steps=[step()],
            termination=Termination.after_steps(),
        )

    def test_emr_ends_a_cluster_that_is_left_over(self):
        fails(
            "termination must have an idle timeout, which emr-7.14.0 supports, because the state machine may fail",
            workflow=[step()],
            termination=Termination.manual(),
        )

    def test_unless_the_release_cannot(self):
        old = ReleaseLabel.of("emr-5.29.0")
        job = make(
            workflow=[step()],
            release_label=old,
            instances=InstanceGroups(master=InstanceGroup("m5.xlarge")),
            termination=Termination.manual(),
        )
        assert "AutoTerminationPolicy" not in job.run_job_flow_request
        sids = {found["Sid"] for found in statements(synthesize(job), "NightlyJobPolicy")}
        assert not {"SetPoliciesAtLaunch", "SetPoliciesOfTaggedClusters"} & sids

    def test_the_cluster_runs_as_many_steps_as_there_are_branches(self):
        branches = ParallelSteps([step("A"), step("B"), step("C")])
        assert make(workflow=[branches]).run_job_flow_request["StepConcurrencyLevel"] == 3
        assert make(workflow=[branches], step_concurrency_level=5).run_job_flow_request["StepConcurrencyLevel"] == 5
        fails(
            "step_concurrency_level must be at least the number of parallel branches, 3, got 2; use",
            workflow=[branches],
            step_concurrency_level=2,
        )

    def test_a_step_fits_the_cluster(self):
        fails(
            "requires Spark, which the cluster does not have",
            workflow=[step()],
            applications=[Application.HIVE],
        )

    def test_passwords_are_not_shown(self):
        stack = new_stack()
        secret = secretsmanager.Secret.from_secret_name_v2(stack, "Secret", "kdc")
        with pytest.raises(
            EmrError,
            match="kerberos can't be combined with a TransientCluster, because its passwords",
        ):
            make(stack, kerberos=KerberosAttributes("EC2.INTERNAL", kdc_admin_password=secret), workflow=[step()])

    def test_are_what_they_have_to_be(self):
        fails("timeout must be a cdk.Duration, got 60", workflow=[step()], timeout=60)
        fails(r"inputs\[0\] must be a JobInput, got 'day'", workflow=[step()], inputs=["day"])

    def test_times_are_whole_seconds(self):
        fails(
            "the timeout must be a whole number of seconds, got 1.5 seconds",
            workflow=[step()],
            timeout=Duration.millis(1500),
        )

    def test_an_input_is_used(self):
        fails(
            "input 'day' must be used; use its value in workflow or the definition",
            workflow=[step()],
            inputs=[JobInput.text("day")],
        )

    def test_an_input_that_is_used_is_declared(self):
        day, nodes = JobInput.text("day"), JobInput.number("nodes")
        core = InstanceGroup("m7g.xlarge", nodes.value)
        fails(
            "inputs must contain input 'day', whose value is used; add it",
            workflow=[step(args=[day.value])],
            inputs=[nodes],
            instances=InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=core),
        )

    def test_an_input_is_declared_once(self):
        day = JobInput.text("day")
        fails(
            "inputs must have different names, got 'day' 2 times; remove one",
            workflow=[step(args=[day.value])],
            inputs=[day, day],
        )

    def test_tell_about_the_arguments_of_a_definition(self):
        fails("a cluster has no option 'releas_label'", workflow=[step()], releas_label=1)


def calls(states):
    """All Task states by API, those in loops included."""
    for state in states.values():
        if state["Type"] == "Task":
            yield state["Resource"].partition(":states:::")[2], state
        if state["Type"] == "Map":
            yield from calls(state["ItemProcessor"]["States"])


@pytest.mark.parametrize("machine", ["NightlyJob", "NightlyCleanup"])
def test_calls_are_retried_unless_emr_may_have_processed_them(default, machine):
    """A launch or a step has no client token: after a timeout, a second call could start it twice."""
    waits = {"IntervalSeconds": 10, "BackoffRate": 3, "MaxAttempts": 3}
    found = list(calls(definition_of(default[1], machine)["States"]))
    assert "aws-sdk:emr:terminateJobFlows" in {api for api, _ in found}
    for api, state in found:
        starts = api in {"aws-sdk:emr:runJobFlow", "aws-sdk:emr:addJobFlowSteps"}
        errors = ["Emr.EmrException" if starts else "States.ALL"]
        retries = [retry for retry in state["Retry"] if retry["MaxAttempts"]]
        assert retries == [{"ErrorEquals": errors, **waits}], api


class TestPermissions:
    """Statement by statement; there is no other."""

    def test_of_the_job(self, default):
        found = {statement["Sid"]: statement for statement in statements(default[1], "NightlyJobPolicy")}
        passed = {
            sid: (flat(statement["Resource"]), statement["Condition"])
            for sid, statement in found.items()
            if statement["Action"] == "iam:PassRole"
        }
        assert passed == {
            "PassServiceRole": (
                flat({"Fn::GetAtt": [logical_id(default[1], "ProfileServiceRole"), "Arn"]}),
                {"StringLike": {"iam:PassedToService": "elasticmapreduce.amazonaws.com*"}},
            ),
            "PassInstanceRole": (
                flat({"Fn::GetAtt": [logical_id(default[1], "ProfileInstanceRole"), "Arn"]}),
                {"StringLike": {"iam:PassedToService": "ec2.amazonaws.com*"}},
            ),
        }
        others = {
            sid: (sorted(as_list(statement["Action"])), flat(statement["Resource"]), statement.get("Condition"))
            for sid, statement in found.items()
            if sid not in passed
        }
        no_role = {"Null": {"elasticmapreduce:ExecutionRoleArn": "true"}}
        emr = "elasticmapreduce.<AWS::URLSuffix>"
        assert plain(others.pop("CreateCleanupRole")) == (
            ["iam:CreateServiceLinkedRole"],
            f"arn:<AWS::Partition>:iam::<AWS::AccountId>:role/aws-service-role/{emr}/AWSServiceRoleForEMRCleanup",
            {
                "StringEquals": {
                    "iam:AWSServiceName": {"Fn::Join": ["", ["elasticmapreduce.", {"Ref": "AWS::URLSuffix"}]]}
                }
            },
        )
        key, topic = logical_id(default[1], "NightlyKey"), logical_id(default[1], "NightlyTopic", "AWS::SNS::Topic")
        set_policies = ["elasticmapreduce:PutAutoTerminationPolicy"]
        assert others == {
            "SetPoliciesAtLaunch": (set_policies, CLUSTERS, TAGGING),
            "SetPoliciesOfTaggedClusters": (set_policies, CLUSTERS, TAGGED),
            "LaunchTaggedClusters": (["elasticmapreduce:RunJobFlow"], "*", TAGGING),
            "TagClusters": (["elasticmapreduce:AddTags"], CLUSTERS, TAGGING),
            "SubmitSteps": (["elasticmapreduce:AddJobFlowSteps"], CLUSTERS, {**TAGGED, **no_role}),
            "UseTaggedClusters": (
                [
                    "elasticmapreduce:CancelSteps",
                    "elasticmapreduce:DescribeCluster",
                    "elasticmapreduce:DescribeStep",
                    "elasticmapreduce:TerminateJobFlows",
                ],
                CLUSTERS,
                TAGGED,
            ),
            "Publish": (["sns:Publish"], f"<{topic}>", None),
            "EncryptMessages": (["kms:Decrypt", "kms:GenerateDataKey"], f"<{key}.Arn>", None),
        }

    def test_of_the_rule(self, default):
        (statement,) = statements(default[1], "NightlyCleanupRulePolicy")
        assert statement["Action"] == "states:StartExecution"
        assert flat(statement["Resource"]).startswith("<NightlyCleanupJobStateMachine")

    @pytest.mark.parametrize("containing", ["NightlyJobObservePolicy", "NightlyCleanupJobObservePolicy"])
    def test_of_observing(self, default, containing):
        found = statements(default[1], containing)
        assert {statement["Sid"] for statement in found} == {"DeliverLogs", "WriteTraces"}
        assert all(action.startswith(("logs:", "xray:")) for statement in found for action in statement["Action"])
        assert not [action for statement in found for action in statement["Action"] if "*" in action]

    def test_only_step_functions_of_the_account_assumes_the_roles(self, default):
        for name in ("NightlyJobRole", "NightlyCleanupJobRole"):
            (statement,) = only(default[1], "AWS::IAM::Role", name)["AssumeRolePolicyDocument"]["Statement"]
            assert statement["Principal"] == {"Service": "states.amazonaws.com"}
            assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
            assert flat(statement["Condition"]["ArnLike"]["aws:SourceArn"]).endswith(":stateMachine:*")

    def test_no_policy_is_inline(self, default):
        assert resources(default[1], "AWS::IAM::Policy") == {}

    def test_executions_are_listed_only_where_it_matters(self, default):
        assert not [name for name in resources(default[1], "AWS::IAM::ManagedPolicy") if "ExecutionsPolicy" in name]
        alone = synthesize(make(allow_concurrent_executions=False))
        (statement,) = statements(alone, "ExecutionsPolicy")
        assert statement["Action"] == "states:ListExecutions"
        assert flat(statement["Resource"]).startswith("<NightlyJobStateMachine")

    def test_nobody_is_told_without_a_topic(self):
        template = synthesize(make(topic=None))
        assert resources(template, "AWS::SNS::Topic") == {}
        sids = {statement["Sid"] for statement in statements(template, "NightlyJobPolicy")}
        assert not {"Publish", "EncryptMessages"} & sids

    def test_scripts_become_readable_by_the_nodes(self, tmp_path):
        (tmp_path / "job.py").write_text("1")
        local = Step.spark("Local", script=Script.from_asset(tmp_path / "job.py"))
        template = synthesize(make(workflow=[local, local]))
        read = [found for found in statements(template, "InstancePolicy") if found["Action"] == "s3:GetObject"]
        assert len(read) == 1
        assert flat(read[0]["Resource"]).endswith(".py")

    def test_logs_of_a_step_become_writable(self):
        stack = new_stack()
        bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "logs")
        job = make(stack, workflow=[step().with_logs(bucket, "import/", encryption_key=imported_key(stack))])
        template = synthesize(job)
        assert any(
            flat(found["Resource"]).endswith(":s3:::logs/import/*")
            for found in statements(template, "InstancePolicy")
            if found["Action"] == "s3:PutObject"
        )
        assert any(found["Action"] == "kms:DescribeKey" for found in statements(template, "ServicePolicy"))
        arguments = definition_of(template)["States"]["Submit Import"]["Arguments"]
        assert arguments["Steps"][0]["StepMonitoringConfiguration"]["S3MonitoringConfiguration"]["LogUri"] == (
            "s3://logs/import/"
        )


class TestRuntimeRoles:
    @pytest.fixture
    def secured(self, stack):
        key = imported_key(stack)
        security = SecurityConfiguration(stack, "Security", encryption_key=key, runtime_roles=RuntimeRoles())
        return stack, ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)

    def test_a_step_runs_with_its_own_and_the_job_may_give_no_other(self, secured, tmp_path):
        (tmp_path / "job.py").write_text("1")
        stack, profile = secured
        analysts = RuntimeRole(stack, "Analysts", profile=profile)
        local = Step.spark("Report", script=Script.from_asset(tmp_path / "job.py"))
        template = synthesize(make(stack, profile=profile, workflow=[step(), StepTask(local, runtime_role=analysts)]))
        states = definition_of(template)["States"]
        assert "ExecutionRoleArn" not in states["Submit Import"]["Arguments"]
        arn = states["Submit Report"]["Arguments"]["ExecutionRoleArn"]
        assert arn.startswith("<AnalystsRole")
        (giving,) = (found for found in statements(template, "NightlyJobPolicy") if found["Sid"] == "SubmitSteps")
        allowed = giving["Condition"]["StringEqualsIfExists"]["elasticmapreduce:ExecutionRoleArn"]
        assert [flat(role) for role in as_list(allowed)] == [arn]
        reads = [found for found in statements(template, "AnalystsPolicy") if found["Action"] == "s3:GetObject"]
        assert flat(reads[0]["Resource"]).endswith(".py")
        assert not [found for found in statements(template, "InstancePolicy") if found["Action"] == "s3:GetObject"]

    def test_a_plain_role_reads_its_scripts_by_a_managed_policy(self, secured, tmp_path):
        (tmp_path / "job.py").write_text("1")
        stack, profile = secured
        role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
        local = Step.spark("Report", script=Script.from_asset(tmp_path / "job.py"))
        task = StepTask(local, runtime_role=role)
        template = synthesize(make(stack, profile=profile, workflow=[task, StepTask(local, runtime_role=role)]))
        (statement,) = statements(template, "NightlyRuntimePolicy")
        assert statement["Action"] == "s3:GetObject"

    def test_need_a_security_configuration_that_has_them(self, stack):
        role = iam.Role.from_role_name(stack, "Role", "analysts")
        with pytest.raises(EmrError, match="step 'Import' has a runtime role, which requires a security configuration"):
            make(stack, workflow=[StepTask(step(), runtime_role=role)])


class TestSurroundings:
    def test_logs_are_kept_encrypted_for_a_year(self, default):
        groups = resources(default[1], "AWS::Logs::LogGroup").values()
        assert len(groups) == 2
        for group in groups:
            assert group["Properties"]["RetentionInDays"] == 365
            assert flat(group["Properties"]["KmsKeyId"]).startswith("<NightlyKey")
            assert group["DeletionPolicy"] == "RetainExceptOnCreate"

    def test_the_key_is_for_these_logs_and_the_rules_and_alarms_of_the_account(self, default):
        """Logs of the state machines, dead letters of the rules of the cleanup, messages of its alarms."""
        _, *services = only(default[1], "AWS::KMS::Key", "NightlyKey")["KeyPolicy"]["Statement"]
        found = {flat(one["Principal"]["Service"]): one for one in services}
        assert set(found) == {
            "events.amazonaws.com",
            "cloudwatch.amazonaws.com",
            "logs.<AWS::Region>.<AWS::URLSuffix>",
        }
        alarms = found["cloudwatch.amazonaws.com"]
        assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert flat(alarms["Condition"]["ArnLike"]["aws:SourceArn"]).endswith(":alarm:*")
        rules = found["events.amazonaws.com"]["Condition"]["StringEquals"]
        logs = found["logs.<AWS::Region>.<AWS::URLSuffix>"]["Condition"]["ArnLike"]
        assert rules == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        folder = "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/vendedlogs/states/Test/*"
        assert {name: flat(value) for name, value in logs.items()} == {"kms:EncryptionContext:aws:logs:arn": folder}

    def test_executions_are_logged_and_traced(self, default):
        for machine in resources(default[1], MACHINE).values():
            assert machine["Properties"]["LoggingConfiguration"]["Level"] == "ALL"
            assert machine["Properties"]["TracingConfiguration"] == {"Enabled": True}

    def test_the_topic_is_encrypted_and_takes_messages_over_tls(self, default):
        assert flat(only(default[1], "AWS::SNS::Topic")["KmsMasterKeyId"]).startswith("<NightlyKey")
        (statement,) = (
            found
            for found in only(default[1], "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
            if found["Effect"] == "Deny"
        )
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}

    def test_an_execution_takes_a_day_at_most(self, default):
        assert definition_of(default[1])["TimeoutSeconds"] == 24 * 3600
        assert definition_of(synthesize(make(timeout=Duration.hours(2))))["TimeoutSeconds"] == 7200

    def test_takes_a_topic_and_a_key(self):
        stack = new_stack()
        topic, key = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:1:t"), kms.Key(stack, "Key")
        job = make(stack, topic=topic, encryption_key=key)
        template = synthesize(job)
        assert (job.topic, job.encryption_key) == (topic, key)
        assert resources(template, "AWS::SNS::Topic") == {}
        sids = {found["Sid"]: found for found in statements(template, "NightlyJobPolicy")}
        assert sids["Publish"]["Resource"] == "arn:aws:sns:us-east-1:1:t"
        assert "EncryptMessages" not in sids
        for group in resources(template, "AWS::Logs::LogGroup").values():
            assert flat(group["Properties"]["KmsKeyId"]).startswith("<Key")

    def test_takes_an_alarm_topic_and_its_key(self):
        stack = new_stack()
        topic = AlarmTopic(stack, "Topic")
        job = make(stack, topic=topic)
        template = synthesize(job)
        assert job.topic is topic.topic
        sids = {found["Sid"]: found for found in statements(template, "NightlyJobPolicy")}
        assert flat(sids["Publish"]["Resource"]).startswith("<Topic")
        assert flat(sids["EncryptMessages"]["Resource"]).startswith("<TopicKey")

    def test_does_not_use_the_key_of_a_topic_that_is_given_by_an_alias(self):
        stack = new_stack()
        topic = sns.Topic(stack, "Topic", master_key=kms.Alias.from_alias_name(stack, "Alias", "alias/topics"))
        sids = {found["Sid"] for found in statements(synthesize(make(stack, topic=topic)), "NightlyJobPolicy")}
        assert "Publish" in sids
        assert "EncryptMessages" not in sids

    def test_everything_can_go_with_the_stack(self):
        template = synthesize(make(removal_policy=RemovalPolicy.DESTROY))
        kept = {name for name, found in template["Resources"].items() if found.get("DeletionPolicy") == "Retain"}
        assert all(name.startswith("NightlyProfile") for name in kept)

    def test_the_nodes_can_be_granted_data_and_connections(self):
        stack = new_stack()
        vpc = imported_vpc(stack)
        job = TransientCluster(stack, "Nightly", vpc=vpc, applications=[Application.SPARK], workflow=[step()])
        s3.Bucket.from_bucket_name(stack, "Data", "data").grant_read(job)
        job.grants.read_bucket(s3.Bucket.from_bucket_name(stack, "More", "more"), "sales/")
        database = rds.DatabaseInstance(stack, "Database", engine=rds.DatabaseInstanceEngine.POSTGRES, vpc=vpc)
        database.connections.allow_default_port_from(job)
        template = synthesize(job)
        granted = json.dumps(statements(template, "InstancePolicy"))
        assert ":s3:::data/*" in granted
        assert ":s3:::more/sales/*" in granted
        sources = {
            flat(rule["Properties"]["SourceSecurityGroupId"])
            for name, rule in resources(template, "AWS::EC2::SecurityGroupIngress").items()
            if name.startswith("Database")
        }
        assert len(sources) == 2

    def test_jobs_share_a_profile(self):
        stack = new_stack()
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        jobs = [
            TransientCluster(stack, name, profile=profile, applications=[Application.SPARK], workflow=[step()])
            for name in ("A", "B")
        ]
        template = synthesize(stack)
        assert len(resources(template, "AWS::EMR::SecurityConfiguration")) == 1
        launchers = {
            found["Condition"]["StringEquals"]["elasticmapreduce:RequestTag/emr-constructs:launcher"]
            for name in ("AJobPolicy", "BJobPolicy")
            for found in statements(template, name)
            if found.get("Sid") == "LaunchTaggedClusters"
        }
        assert launchers == {f"Test/{name} {made.node.addr}" for name, made in zip("AB", jobs, strict=True)}


def logical_id(template, containing, kind=None):
    (found,) = (
        name
        for name, resource in template["Resources"].items()
        if name.startswith(("Nightly" if not containing.startswith("Nightly") else "") + containing)
        and resource["Type"] in ((kind,) if kind else ("AWS::IAM::Role", "AWS::KMS::Key"))
    )
    return found
