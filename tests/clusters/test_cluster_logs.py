from __future__ import annotations

import json

import pytest
from aws_cdk import CfnParameter, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from emr_constructs import (
    Application,
    CloudWatchLogs,
    Cluster,
    ClusterDefinition,
    ClusterProfile,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    LaunchTemplate,
    RuntimeRole,
    RuntimeRoles,
    Script,
    SecurityConfiguration,
    Step,
    TransientCluster,
)
from tests.iam import documents
from tests.tools import as_list, flat, imported_vpc, new_stack, only, resources, synthesize

GROUP = "AWS::Logs::LogGroup"
ACTIONS = {
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "logs:PutRetentionPolicy",
}
STEP = Step.spark("Report", script=Script.from_uri("s3://jobs/report.py"))
SPARK_8 = {"release_label": "emr-spark-8.0.0", "applications": [Application.SPARK], "session_enabled": True}


def cluster(stack=None, **options):
    stack = stack or new_stack()
    where = {} if "profile" in options else {"vpc": imported_vpc(stack)}
    return Cluster(stack, "Cluster", **where, **options)


def monitoring_of(template):
    return only(template, "AWS::EMR::Cluster")["MonitoringConfiguration"]


def warnings_of(construct):
    return [str(entry.data) for entry in construct.node.metadata]


@pytest.fixture(scope="module")
def template():
    made = CloudWatchLogs(log_types={"STEP_LOGS": ["STDOUT", "STDERR"]}, log_stream_prefix="nightly")
    return synthesize(cluster(cloudwatch_logs=made, applications=[Application.SPARK]))


class TestCloudWatch:
    def test_the_cluster_sends_logs_to_a_log_group(self, template):
        (group,) = resources(template, GROUP)
        assert monitoring_of(template) == {
            "CloudWatchLogConfiguration": {
                "Enabled": True,
                "LogGroupName": {"Ref": group},
                "LogStreamNamePrefix": "nightly",
                "LogTypes": {"STEP_LOGS": ["STDOUT", "STDERR"]},
            }
        }

    def test_the_log_group_is_encrypted_and_kept_for_a_year(self, template):
        ((_, group),) = resources(template, GROUP).items()
        assert group["Properties"]["RetentionInDays"] == 365
        assert flat(group["Properties"]["KmsKeyId"]).startswith("<ClusterProfileKey")
        assert group["DeletionPolicy"] == "Retain"
        policy = only(template, "AWS::KMS::Key")["KeyPolicy"]["Statement"]
        assert "logs.<AWS::Region>.<AWS::URLSuffix>" in [flat(each["Principal"].get("Service")) for each in policy]

    def test_the_agent_is_installed(self, template):
        assert only(template, "AWS::EMR::Cluster")["Applications"] == [
            {"Name": "Spark"},
            {"Name": "AmazonCloudWatchAgent"},
        ]

    def test_an_agent_that_is_listed_is_not_listed_twice(self):
        definition = ClusterDefinition(
            applications=["Spark", "amazoncloudwatchagent"], cloudwatch_logs=CloudWatchLogs()
        )
        assert [each["Name"].lower() for each in definition._render()["Applications"]] == [
            "spark",
            "amazoncloudwatchagent",
        ]

    def test_the_nodes_have_the_six_actions_on_the_log_group(self, template):
        (group,) = resources(template, GROUP)
        document = only(template, "AWS::IAM::ManagedPolicy", "InstancePolicy")["PolicyDocument"]
        found = {
            action: [flat(arn).rpartition(":log-group:")[2] for arn in as_list(statement["Resource"])]
            for statement in document["Statement"]
            for action in as_list(statement["Action"])
            if action.startswith("logs:")
        }
        assert found.keys() == ACTIONS
        assert found.pop("logs:DescribeLogGroups") == ["*"]
        assert all(sorted(names) == [f"<{group}>", f"<{group}>:*"] for names in found.values())

    def test_a_log_group_of_your_own(self):
        stack = new_stack()
        group = logs.LogGroup.from_log_group_name(stack, "Group", "/emr/shared")
        template = synthesize(cluster(stack, cloudwatch_logs=CloudWatchLogs(log_group=group)))
        assert not resources(template, GROUP)
        assert monitoring_of(template)["CloudWatchLogConfiguration"]["LogGroupName"] == "/emr/shared"
        assert any(":log-group:/emr/shared" in line for lines in documents(stack).values() for line in lines)

    def test_a_profile_without_a_key(self):
        stack = new_stack()
        profile = ClusterProfile(
            stack, "Profile", vpc=imported_vpc(stack), security_configuration=None, log_bucket=None
        )
        template = synthesize(cluster(stack, profile=profile, cloudwatch_logs=CloudWatchLogs()))
        assert "KmsKeyId" not in only(template, GROUP)

    @pytest.mark.parametrize("kind", ["value_as_number", "value_as_string"])
    def test_a_retention_that_is_a_parameter(self, kind):
        stack = new_stack()
        days = getattr(CfnParameter(stack, "Days", type="Number"), kind)
        template = synthesize(cluster(stack, cloudwatch_logs=CloudWatchLogs(retention_days=days)))
        assert only(template, GROUP)["RetentionInDays"] == {"Ref": "Days"}

    def test_clusters_that_share_a_profile(self):
        stack = new_stack()
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        definition = ClusterDefinition(cloudwatch_logs=CloudWatchLogs(retention_days=Duration.days(30)))
        for name in ("One", "Two"):
            Cluster(stack, name, profile=profile, definition=definition)
        template = synthesize(profile)
        assert [group["Properties"]["RetentionInDays"] for group in resources(template, GROUP).values()] == [30, 30]
        document = only(template, "AWS::IAM::ManagedPolicy", "InstancePolicy")["PolicyDocument"]["Statement"]
        ids = [statement["Sid"] for statement in document if "Sid" in statement]
        assert len(ids) == len(set(ids))

    def test_clusters_that_are_launched_through_the_api(self):
        stack = new_stack()
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        definition = ClusterDefinition(cloudwatch_logs=CloudWatchLogs(), applications=[Application.SPARK])
        job = TransientCluster(stack, "Job", profile=profile, definition=definition, workflow=[STEP])
        launch = LaunchTemplate(stack, "Launch", profile=profile, definition=definition)
        for made in (job, launch):
            found = made.run_job_flow_request["MonitoringConfiguration"]["CloudWatchLogConfiguration"]
            assert found["Enabled"] is True
            assert stack.resolve(found["LogGroupName"])["Ref"].startswith(made.node.id)

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"retention_days": 31}, r"retention_days must be 1, 3, .* 3288 or 3653, got 31; use one of these"),
            ({"retention_days": 0}, "retention_days must be 1, 3"),
            ({"retention_days": "30"}, "retention_days must be an integer"),
            ({"log_group": "/emr/shared"}, r"log_group must be a logs\.ILogGroup"),
            ({"log_types": ["STEP_LOGS"]}, "log_types must be a mapping"),
            ({"log_types": {"STEP_LOGS": "STDOUT"}}, "log_types"),
            ({"log_stream_prefix": 5}, "log_stream_prefix must be a string"),
        ],
    )
    def test_rejects(self, options, message):
        with pytest.raises(EmrError, match=message):
            CloudWatchLogs(**options)

    def test_rejects_a_retention_with_a_log_group(self):
        group = logs.LogGroup.from_log_group_name(new_stack(), "Group", "/emr/shared")
        with pytest.raises(EmrError, match="retention_days can't be combined with log_group, which has its own"):
            CloudWatchLogs(log_group=group, retention_days=30)

    def test_rejects_an_earlier_release(self):
        with pytest.raises(EmrError, match=r"logs in Amazon CloudWatch \(7\.11\.0 and later\), got emr-7\.10\.0"):
            cluster(cloudwatch_logs=CloudWatchLogs(), release_label="emr-7.10.0")

    def test_rejects_nodes_without_a_known_role(self):
        stack = new_stack()
        profile = ClusterProfile(
            stack,
            "Profile",
            vpc=imported_vpc(stack),
            instance_profile=iam.InstanceProfile.from_instance_profile_name(stack, "Nodes", "EMR_EC2_DefaultRole"),
            service_role=iam.Role.from_role_name(stack, "Service", "EMR_DefaultRole"),
            security_configuration=None,
            log_uri="s3://logs/",
        )
        with pytest.raises(EmrError, match="write logs to Amazon CloudWatch") as raised:
            cluster(stack, profile=profile, cloudwatch_logs=CloudWatchLogs())
        assert raised.value.path == "Test/Cluster"


class TestS3:
    def test_policies(self):
        policies = {"system-logs": "on-customer-s3only", "persistent-ui-logs": "disabled"}
        template = synthesize(cluster(s3_log_policies=policies))
        assert monitoring_of(template) == {"S3LoggingConfiguration": {"LogTypeUploadPolicy": policies}}

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                {"s3_log_policies": {"persistent-ui-logs": "on-customer-s3only"}},
                "persistent-ui-logs must be emr-managed",
            ),
            ({"s3_log_policies": {"system-logs": "off"}}, "emr-managed"),
            ({"s3_log_policies": {"logs": "disabled"}}, "system-logs"),
            ({"s3_log_policies": "disabled"}, "s3_log_policies must be a mapping"),
            ({"s3_log_policies": {"system-logs": "disabled"}, "release_label": "emr-7.12.0"}, r"7\.13\.0 and later"),
        ],
    )
    def test_rejects(self, options, message):
        with pytest.raises(EmrError, match=message):
            cluster(**options)

    def test_rejects_logs_without_a_bucket(self):
        stack = new_stack()
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), log_bucket=None)
        with pytest.raises(EmrError, match="require a LogUri, got 'system-logs'; pass log_bucket or log_uri"):
            cluster(stack, profile=profile, s3_log_policies={"system-logs": "on-customer-s3only"})


class TestSessions:
    @pytest.fixture(scope="class")
    @classmethod
    def launched(cls):
        stack = new_stack()
        launch = LaunchTemplate(stack, "Launch", vpc=imported_vpc(stack), **SPARK_8)
        job = TransientCluster(stack, "Job", profile=launch.profile, workflow=[STEP], **SPARK_8)
        return launch, job, synthesize(launch)

    def test_the_request_enables_them(self, launched):
        launch, job, _ = launched
        assert launch.run_job_flow_request["SessionEnabled"] is True
        assert job.run_job_flow_request["SessionEnabled"] is True

    def test_the_service_role_can_connect_clients_with_private_subnets(self, launched):
        policies = only(launched[2], "AWS::IAM::Role", "ServiceRole")["ManagedPolicyArns"]
        assert [flat(policy).rpartition("/")[2] for policy in policies] == [
            "AmazonEMRServicePolicy_v2",
            "AmazonEMRServicePolicyForSessions",
        ]

    def test_cloudformation_lacks_them(self):
        with pytest.raises(
            EmrError,
            match="AWS::EMR::Cluster doesn't support SessionEnabled; remove it, or launch clusters with a "
            "LaunchTemplate or a TransientCluster",
        ) as raised:
            cluster(**SPARK_8)
        assert raised.value.path == "Test/Cluster"

    def test_rejects_an_earlier_release(self):
        stack = new_stack()
        with pytest.raises(EmrError, match=r"Spark Connect sessions \(8\.0\.0 and later\), got emr-7\.14\.0"):
            LaunchTemplate(stack, "Launch", vpc=imported_vpc(stack), session_enabled=True)

    @pytest.mark.parametrize("value", ["yes", 1])
    def test_rejects_what_is_no_boolean(self, value):
        with pytest.raises(EmrError, match="session_enabled must be a boolean"):
            ClusterDefinition(session_enabled=value)

    def test_warns_about_three_masters(self):
        stack = new_stack()
        groups = InstanceGroups(master=InstanceGroup("m7g.xlarge", 3), core=InstanceGroup("m7g.xlarge", 4))
        launch = LaunchTemplate(stack, "Launch", vpc=imported_vpc(stack), **SPARK_8, instances=groups)
        assert any("one primary node, got three" in said for said in warnings_of(launch))


class TestStepRole:
    @pytest.fixture(scope="class")
    @classmethod
    def profile(cls):
        stack = new_stack()
        configuration = SecurityConfiguration(
            stack, "Configuration", runtime_roles=RuntimeRoles(), encryption_key=kms.Key(stack, "Key")
        )
        return ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=configuration)

    def test_the_steps_of_the_request_have_it(self, profile, tmp_path):
        (tmp_path / "report.py").write_text("print()")
        step = Step.spark("Report", script=Script.from_asset(tmp_path / "report.py"))
        stack = profile.node.scope
        analysts = RuntimeRole(stack, "Analysts", profile=profile)
        launch = LaunchTemplate(
            stack,
            "Launch",
            profile=profile,
            applications=[Application.SPARK],
            steps=[step],
            step_execution_role=analysts,
        )
        assert launch.run_job_flow_request["StepExecutionRoleArn"] == analysts.role_arn
        template = synthesize(launch)
        policies = resources(template, "AWS::IAM::ManagedPolicy").values()
        reading = [
            policy["Properties"]
            for policy in policies
            if "AnalystsRole" in json.dumps(policy["Properties"].get("Roles"))
            and "s3:GetObject" in json.dumps(policy["Properties"]["PolicyDocument"])
        ]
        assert reading

    def test_warns_without_steps(self, profile):
        role = iam.Role.from_role_arn(profile, "Imported", "arn:aws:iam::111111111111:role/analysts")
        launch = LaunchTemplate(profile.node.scope, "Empty", profile=profile, step_execution_role=role)
        assert any("requires steps in the request" in said for said in warnings_of(launch))

    def test_rejects_other_constructs(self, profile):
        stack = profile.node.scope
        role = iam.Role.from_role_arn(stack, "Other", "arn:aws:iam::111111111111:role/analysts")
        spark = {"applications": [Application.SPARK], "step_execution_role": role}
        with pytest.raises(EmrError, match=r"use StepTask\(step, runtime_role=\.\.\.\) in workflow"):
            TransientCluster(stack, "Job", profile=profile, workflow=[STEP], **spark)
        with pytest.raises(EmrError, match="AWS::EMR::Cluster doesn't support StepExecutionRoleArn"):
            Cluster(stack, "Cluster", profile=profile, steps=[STEP], **spark)

    def test_rejects_a_profile_without_runtime_roles(self):
        stack = new_stack()
        role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111111111111:role/analysts")
        with pytest.raises(EmrError, match="which requires a security configuration with runtime roles"):
            LaunchTemplate(stack, "Launch", vpc=imported_vpc(stack), steps=[STEP], step_execution_role=role)
