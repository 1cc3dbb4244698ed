"""Roles and instance profiles that are defined elsewhere stay as they are, and nothing is written for them."""

from __future__ import annotations

import json

import pytest
from aws_cdk import Aws, CfnParameter, Environment, Fn
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import cloudformation_include as include

import emr_constructs as emr
from emr_constructs._core.unset import DEFAULT
from tests.iam import documents
from tests.tools import imported_key, imported_vpc, new_stack, only, resources, synthesize, warnings

BY_NAME = "EMR_EC2_DefaultRole"
ARN = "arn:aws:iam::111111111111:role/emr"
PROFILE_ARN = "arn:aws:iam::111111111111:instance-profile/nodes"
UNKNOWN = "requires an instance profile with a known role, got one without; import it with"
JAR = emr.Script.from_uri("s3://jobs/etl.jar")


def group(stack, name):
    return ec2.SecurityGroup.from_security_group_id(stack, name, f"sg-{name.lower()}", mutable=False)


def service(stack):
    return iam.Role.from_role_name(stack, "ServiceRole", "EMR_DefaultRole")


def nodes(stack, name=BY_NAME):
    return iam.InstanceProfile.from_instance_profile_name(stack, "Nodes", name)


def existing(stack, **options):
    """A profile without resources of its own."""
    parts = {
        "vpc": imported_vpc(stack),
        "security_groups": emr.ClusterSecurityGroups.from_security_groups(
            master=group(stack, "Master"), core=group(stack, "Core"), service_access=group(stack, "Service")
        ),
        "service_role": service(stack),
        "instance_profile": options["instance_profile"] if "instance_profile" in options else nodes(stack),
        "security_configuration": None,
        "log_bucket": None,
    }
    return emr.ClusterProfile(stack, "Profile", **{**parts, **options})


def cluster(stack, **options):
    return emr.Cluster(stack, "Cluster", profile=existing(stack, **options), termination=emr.Termination.manual())


def launched(stack, **options):
    cluster(stack, **options)
    return only(synthesize(stack), "AWS::EMR::Cluster")


class TestNothingElse:
    def test_the_cluster_is_the_only_resource(self, stack):
        """With everything that requires no permission of the nodes."""
        made = emr.Cluster(
            stack,
            "Cluster",
            profile=existing(stack),
            termination=emr.Termination.manual(),
            instances=emr.InstanceFleets(
                master=emr.InstanceFleet.on_demand("m7g.xlarge", units=1),
                core=emr.InstanceFleet.spot("m7g.xlarge", units=2),
            ),
            applications=[emr.Application.HIVE],
            configurations=[
                emr.Configuration(
                    "hive-site", {"EMR.secret@a": "arn:aws:secretsmanager:us-east-1:111111111111:secret:a"}
                )
            ],
            bootstrap_actions=[emr.BootstrapAction("Setup", emr.Script.from_uri("s3://jobs/setup.sh"))],
        )
        made.add_step(emr.Step.jar("Etl", jar=JAR))
        made.add_step(emr.Step.shell("Shell", script=emr.Script.from_uri("s3://jobs/run.sh")))
        made.grants.submit_steps(iam.Role.from_role_name(stack, "Airflow", "airflow", mutable=False))
        template = synthesize(stack)
        kinds = sorted(found["Type"] for found in template["Resources"].values())
        assert kinds == ["AWS::EMR::Cluster", "AWS::EMR::Step", "AWS::EMR::Step"]
        properties = only(template, "AWS::EMR::Cluster")
        assert properties["ServiceRole"] == "EMR_DefaultRole"
        assert properties["JobFlowRole"] == "EMR_EC2_DefaultRole"
        assert not properties.keys() & {"LogUri", "SecurityConfiguration", "AutoScalingRole"}
        assert warnings(stack) == []

    def test_an_autoscaling_role_stays_a_name_too(self, stack):
        scaling = iam.Role.from_role_name(stack, "Scaling", "EMR_AutoScaling_DefaultRole")
        properties = launched(stack, auto_scaling_role=scaling)
        assert properties["AutoScalingRole"] == "EMR_AutoScaling_DefaultRole"

    def test_alarms_events_and_dashboards_need_no_role(self, stack):
        made = cluster(stack)
        emr.ClusterAlarms(stack, "Alarms", cluster=made)
        emr.ClusterDashboard(stack, "Dashboard", cluster=made)
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:us-east-1:111111111111:topic")
        made.events.on_failure("Failed", targets.SnsTopic(topic))
        kinds = {found["Type"] for found in synthesize(stack)["Resources"].values()}
        assert {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Events::Rule"} <= kinds
        assert not [kind for kind in kinds if kind.startswith("AWS::IAM")]


class TestReferences:
    @pytest.mark.parametrize(
        ("imported", "rendered"),
        [
            (lambda stack: iam.Role.from_role_name(stack, "R", "emr", mutable=False), "emr"),
            (lambda stack: iam.Role.from_role_name(stack, "R", Fn.import_value("Emr")), {"Fn::ImportValue": "Emr"}),
            (
                lambda stack: iam.Role.from_role_name(stack, "R", CfnParameter(stack, "Role").value_as_string),
                {"Ref": "Role"},
            ),
            (lambda stack: iam.Role.from_role_arn(stack, "R", ARN), ARN),
            (lambda stack: iam.Role.from_role_arn(stack, "R", Fn.import_value("Emr")), {"Fn::ImportValue": "Emr"}),
            (
                lambda stack: iam.Role.from_role_arn(stack, "R", Fn.sub("arn:${AWS::Partition}:iam::1:role/emr")),
                {"Fn::Sub": "arn:${AWS::Partition}:iam::1:role/emr"},
            ),
            (
                lambda stack: iam.Role.from_role_arn(stack, "R", f"arn:aws:iam::{Aws.ACCOUNT_ID}:role/emr"),
                {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":role/emr"]]},
            ),
            (
                lambda stack: iam.Role.from_role_arn(stack, "R", "arn:aws:iam::111111111111:role/team/emr"),
                "arn:aws:iam::111111111111:role/team/emr",
            ),
        ],
    )  # fmt: skip
    def test_a_role_is_what_it_was_imported_with(self, stack, imported, rendered):
        assert launched(stack, service_role=imported(stack))["ServiceRole"] == rendered

    @pytest.mark.parametrize(
        ("imported", "rendered"),
        [
            (
                lambda stack: nodes(stack, Fn.import_value("EmrProfile")),
                {"Fn::ImportValue": "EmrProfile"},
            ),
            (lambda stack: nodes(stack, CfnParameter(stack, "Name").value_as_string), {"Ref": "Name"}),
            (lambda stack: iam.InstanceProfile.from_instance_profile_arn(stack, "P", PROFILE_ARN), PROFILE_ARN),
            (
                lambda stack: iam.InstanceProfile.from_instance_profile_arn(stack, "P", Fn.import_value("Arn")),
                {"Fn::ImportValue": "Arn"},
            ),
            (
                lambda stack: iam.InstanceProfile.from_instance_profile_attributes(
                    stack, "P", instance_profile_arn=PROFILE_ARN
                ),
                PROFILE_ARN,
            ),
            (
                lambda stack: iam.InstanceProfile.from_instance_profile_attributes(
                    stack,
                    "P",
                    instance_profile_arn=PROFILE_ARN,
                    role=iam.Role.from_role_name(stack, "NodeRole", "nodes", mutable=False),
                ),
                "nodes",
            ),
        ],
    )
    def test_an_instance_profile_is_what_it_was_imported_with(self, stack, imported, rendered):
        assert launched(stack, instance_profile=imported(stack))["JobFlowRole"] == rendered

    def test_names_stay_names_in_a_stack_with_an_account(self):
        stack = new_stack(env=Environment(account="111111111111", region="eu-west-1"))
        properties = launched(stack)
        assert (properties["ServiceRole"], properties["JobFlowRole"]) == ("EMR_DefaultRole", "EMR_EC2_DefaultRole")

    def test_a_role_that_is_yet_to_be_looked_up(self):
        stack = new_stack(env=Environment(account="111111111111", region="eu-west-1"))
        looked_up = iam.Role.from_lookup(stack, "R", role_name="emr")
        # The placeholder of CDK, until the next synthesis.
        assert launched(stack, service_role=looked_up)["ServiceRole"] == "DUMMY_ARN"

    def test_an_arn_of_another_account_stays_an_arn(self):
        stack = new_stack(env=Environment(account="222222222222", region="eu-west-1"))
        assert launched(stack, service_role=iam.Role.from_role_arn(stack, "R", ARN))["ServiceRole"] == ARN

    def test_own_roles_are_referred_to_by_arn_or_by_name(self, stack):
        role = iam.Role(stack, "Own", assumed_by=iam.ServicePrincipal("elasticmapreduce.amazonaws.com"))
        reference = launched(stack, service_role=role)["ServiceRole"]
        (logical_id,) = resources(synthesize(stack), "AWS::IAM::Role")
        assert reference == {"Fn::GetAtt": [logical_id, "Arn"]}

        other = new_stack(name="Other")
        role = iam.Role(other, "Own", assumed_by=iam.ServicePrincipal("elasticmapreduce.amazonaws.com"))
        named = launched(other, service_role=iam.Role.from_role_name(other, "Named", role.role_name))
        (logical_id,) = resources(synthesize(other), "AWS::IAM::Role")
        assert named["ServiceRole"] == {"Ref": logical_id}
        assert resources(synthesize(other), "AWS::IAM::Policy") == {}

    def test_roles_of_an_included_template(self, stack, tmp_path):
        trust = {"Version": "2012-10-17", "Statement": []}
        template = {
            "Resources": {
                "EmrRole": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
                "NodeProfile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": ["x"]}},
            }
        }
        file = tmp_path / "template.json"
        file.write_text(json.dumps(template))
        included = include.CfnInclude(stack, "Template", template_file=str(file))
        properties = launched(
            stack,
            service_role=iam.Role.from_role_name(stack, "R", included.get_resource("EmrRole").ref),
            instance_profile=nodes(stack, included.get_resource("NodeProfile").ref),
        )
        assert properties["ServiceRole"] == {"Ref": "EmrRole"}
        assert properties["JobFlowRole"] == {"Ref": "NodeProfile"}
        kinds = sorted(found["Type"] for found in synthesize(stack)["Resources"].values())
        assert kinds == ["AWS::EMR::Cluster", "AWS::IAM::InstanceProfile", "AWS::IAM::Role"]


class TestDefaults:
    def test_what_requires_no_permission_is_the_default(self, stack):
        profile = emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), instance_profile=nodes(stack))
        emr.Cluster(stack, "Cluster", profile=profile)
        template = synthesize(stack)
        kinds = {found["Type"] for found in template["Resources"].values()}
        assert not kinds & {"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::IAM::InstanceProfile"}
        assert profile.log_uri is profile.log_bucket is profile.encryption_key is None
        document = profile.security_configuration.document
        assert document["InstanceMetadataServiceConfiguration"]["MinimumInstanceMetadataServiceVersion"] == 2
        (message,) = (found for found in warnings(profile) if "emr-unknown-instance-role" in found)
        assert message.startswith(
            "the role of the instance profile isn't known, so data isn't encrypted by the nodes and logs aren't kept "
            "by default; pass security_configuration and log_uri or log_bucket=None, or import the instance profile"
        )
        (statement,) = documents(stack)["ServicePolicy"]
        assert statement.startswith(
            "PassInstanceRole: iam:PassRole on arn:<AWS::Partition>:iam::<AWS::AccountId>:role/EMR_EC2_DefaultRole if"
        )

    def test_a_release_without_imdsv2_has_no_security_configuration(self, stack):
        profile = existing(
            stack, security_configuration=DEFAULT, release_label=emr.ReleaseLabel.EMR_5_29_0, log_bucket=None
        )
        assert profile.security_configuration is None


class TestGrants:
    @pytest.mark.parametrize(
        ("options", "action", "instead"),
        [
            (
                lambda stack: {"log_bucket": s3.Bucket.from_bucket_name(stack, "Logs", "logs")},
                "write logs to log_bucket",
                "pass log_uri instead of log_bucket",
            ),
            (lambda _: {"session_manager": True}, "open sessions of AWS Systems Manager", "remove session_manager"),
            (
                lambda stack: {"security_configuration": secured(stack)},
                "use the keys and certificates of the security configuration",
                "import the security configuration by name",
            ),
            (
                lambda stack: {"security_configuration": DEFAULT, "encryption_key": imported_key(stack)},
                "use encryption_key",
                "remove encryption_key",
            ),
            (
                lambda stack: {"log_bucket": DEFAULT, "log_encryption_key": imported_key(stack)},
                "use log_encryption_key",
                "pass log_uri",
            ),
            (
                lambda stack: {"service_role": None, "instance_profile": nodes(stack, "nodes")},
                "pass the instance role to EC2 with the service role that is created",
                "pass service_role",
            ),
        ],
    )  # fmt: skip
    def test_what_must_be_granted_is_rejected(self, stack, options, action, instead):
        with pytest.raises(emr.EmrError) as error:
            existing(stack, **options(stack))
        (problem,) = error.value.problems
        assert problem == (
            f"permission to {action} {UNKNOWN} iam.InstanceProfile.from_instance_profile_attributes(..., role=...), "
            f"with mutable=False for a role that already has the permission, or {instead}"
        )
        assert error.value.path == "Test/Profile"

    def test_all_problems_are_reported_together(self, stack):
        with pytest.raises(emr.EmrError) as error:
            existing(
                stack,
                session_manager=True,
                security_configuration=secured(stack),
                log_bucket=s3.Bucket.from_bucket_name(stack, "Logs", "logs"),
            )
        assert len(error.value.problems) == 3


@pytest.fixture(scope="module")
def made():
    return cluster(new_stack())


class TestUseOfAnUnknownRole:
    @pytest.mark.parametrize(
        ("use", "action"),
        [
            (lambda made: made.grant_principal, "access resources"),
            (lambda made: made.grants.read_bucket(bucket(made)), "access resources"),
            (lambda made: made.grants.use_glue_data_catalog("sales"), "access resources"),
            (lambda made: made.add_step(emr.Step.jar("A", jar=stored(made))), "read 's3://data/a.jar'"),
            (lambda made: made.add_step(emr.Step.jar("B", jar=emr.Script.from_asset(__file__))), f"read '{__file__}'"),
            (lambda made: emr.WalWorkspace(made.stack, "Wal").grant_use(made), "access resources"),
            (lambda made: made.add_step(emr.Step.jar("C", jar=JAR).with_logs(bucket(made), "c")), "access resources"),
        ],
    )  # fmt: skip
    def test_is_rejected(self, made, use, action):
        with pytest.raises(emr.EmrError, match=f"permission to {action} {UNKNOWN}") as error:
            use(made)
        assert error.value.path == "Test/Cluster"

    def test_grants_of_cdk_have_the_same_message(self, made):
        with pytest.raises(RuntimeError, match=f"permission to access resources {UNKNOWN}"):
            bucket(made).grant_read(made)

    def test_the_role_of_the_profile(self, made):
        with pytest.raises(emr.EmrError, match=f"permission to access resources {UNKNOWN}") as error:
            _ = made.profile.instance_role
        assert error.value.path == "Test/Profile"
        assert made.profile.instance_profile.role is None

    def test_bootstrap_actions(self, made):
        setup = emr.BootstrapAction("Setup", stored(made))
        with pytest.raises(emr.EmrError, match=f"permission to read 's3://data/a.jar' {UNKNOWN}") as error:
            emr.Cluster(made.stack, "Booted", profile=made.profile, bootstrap_actions=[setup])
        assert error.value.path == "Test/Booted"

    def test_a_runtime_role(self, stack):
        security = emr.SecurityConfiguration(
            stack,
            "Security",
            s3_encryption=None,
            local_disk_encryption=None,
            in_transit_encryption=None,
            runtime_roles=emr.RuntimeRoles(),
        )
        profile = existing(stack, security_configuration=security)
        with pytest.raises(emr.EmrError, match=f"permission to assume the runtime role {UNKNOWN}") as error:
            emr.RuntimeRole(stack, "Analysts", profile=profile)
        assert error.value.path == "Test/Analysts"

    def test_a_transient_cluster(self, stack):
        profile = existing(stack, instance_profile=nodes(stack, "nodes"))
        with pytest.raises(
            emr.EmrError, match="permission to pass the instance role to EC2 with the state machine"
        ) as error:
            emr.TransientCluster(stack, "Job", profile=profile, steps=[emr.Step.jar("Etl", jar=JAR)])
        assert error.value.path == "Test/Job"

    def test_a_transient_cluster_passes_the_default_role(self, stack):
        job = emr.TransientCluster(
            stack, "Job", profile=existing(stack), steps=[emr.Step.jar("Etl", jar=JAR)], topic=None
        )
        assert job.run_job_flow_request["ServiceRole"] == "EMR_DefaultRole"
        passed = {line.partition(" on ")[2].partition(" if ")[0] for line in lines(stack) if "iam:PassRole" in line}
        role = "arn:<AWS::Partition>:iam::<AWS::AccountId>:role/"
        assert passed == {f"{role}EMR_DefaultRole", f"{role}EMR_EC2_DefaultRole"}


class TestLogUri:
    @pytest.mark.parametrize(
        "uri",
        ["s3://logs/emr/", "s3://logs", "s3n://aws-logs-111111111111-eu-west-1/elasticmapreduce/", "s3a://logs/emr"],
    )
    def test_is_rendered_as_it_is(self, stack, uri):
        profile = existing(stack, log_bucket=DEFAULT, log_uri=uri)
        assert (profile.log_uri, profile.log_bucket, profile.encryption_key) == (uri, None, None)
        made = emr.Cluster(stack, "Cluster", profile=profile)
        assert made.run_job_flow_request["LogUri"] == uri
        assert warnings(profile) == []

    def test_can_be_one_parameter(self, stack):
        parameter = CfnParameter(stack, "LogUri").value_as_string
        assert launched(stack, log_bucket=DEFAULT, log_uri=parameter)["LogUri"] == {"Ref": "LogUri"}

    def test_nothing_is_granted_for_it(self, stack):
        """Not to roles of the app either; the key is that of the cluster's logs."""
        profile = emr.ClusterProfile(
            stack,
            "Profile",
            vpc=imported_vpc(stack),
            security_configuration=None,
            log_uri="s3://logs/emr/",
            log_encryption_key=imported_key(stack),
        )
        emr.Cluster(stack, "Cluster", profile=profile)
        template = synthesize(stack)
        assert only(template, "AWS::EMR::Cluster")["LogEncryptionKmsKeyId"].startswith("arn:aws:kms:us-east-1:")
        assert set(documents(stack)) == {"SessionPolicy", "ServicePolicy"}
        assert [line.partition(":")[0] for line in documents(stack)["ServicePolicy"]] == ["PassInstanceRole"]
        assert resources(template, "AWS::S3::Bucket") == {}

    def test_works_for_a_transient_cluster(self, stack):
        profile = existing(stack, log_bucket=DEFAULT, log_uri="s3://logs/emr/")
        job = emr.TransientCluster(stack, "Job", profile=profile, steps=[emr.Step.jar("Etl", jar=JAR)], topic=None)
        assert job.run_job_flow_request["LogUri"] == "s3://logs/emr/"

    def test_rejects_what_it_replaces(self, stack):
        with pytest.raises(emr.EmrError) as error:
            existing(stack, log_uri="s3://logs/emr/", log_prefix="emr/", encryption_key=imported_key(stack))
        assert error.value.problems == (
            "encryption_key can't be combined with security_configuration and log_uri; remove one of them",
            "log_bucket can't be combined with log_uri; remove one of them",
            "log_prefix can't be combined with log_uri; remove one of them",
        )

    @pytest.mark.parametrize(
        ("uri", "message"),
        [
            ("", "log_uri must not be empty, got ''; specify a value, or omit it"),
            ("logs/emr/", "log URI must be an S3 URI, got 'logs/emr/'; use s3://bucket/"),
            ("https://logs.s3.amazonaws.com/", "log URI must be an S3 URI, got 'https://.*'; use s3://logs/"),
            ("s3:///emr/", "log URI must be an S3 URI, got 's3:///emr/'; use s3://emr/"),
        ],
    )
    def test_must_be_an_s3_uri(self, stack, uri, message):
        with pytest.raises(emr.EmrError, match=message) as error:
            existing(stack, log_bucket=DEFAULT, log_uri=uri)
        assert error.value.path == "Test/Profile"

    def test_belongs_to_the_profile(self, stack):
        with pytest.raises(
            emr.EmrError, match=r"log_uri belongs to ClusterProfile\(...\); pass profile=ClusterProfile"
        ):
            emr.Cluster(stack, "Cluster", vpc=imported_vpc(stack), log_uri="s3://logs/")

    @pytest.mark.parametrize(
        ("prefix", "uri"),
        [
            ("logs", "s3://central/logs/"),
            ("logs/", "s3://central/logs/"),
            ("", "s3://central/"),
            (None, "s3://central/emr/"),
        ],
    )
    def test_a_slash_is_added_to_a_prefix(self, stack, prefix, uri):
        bucket = s3.Bucket.from_bucket_name(stack, "Central", "central")
        profile = emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), log_bucket=bucket, log_prefix=prefix)
        assert profile.log_uri == uri
        assert [line.partition(" on ")[2] for line in documents(stack)["InstancePolicy"] if "WriteLogs" in line] == [
            f"{uri.replace('s3://', 'arn:<AWS::Partition>:s3:::')}*"
        ]


class TestServiceRole:
    """A role that is defined elsewhere is granted what this app defines, and nothing else."""

    def test_parts_from_elsewhere_are_left_to_its_owner(self, stack):
        role = iam.Role.from_role_name(stack, "NodeRole", "nodes", mutable=False)
        security = emr.SecurityConfiguration(stack, "Security", encryption_key=imported_key(stack))
        secret = secretsmanager.Secret.from_secret_name_v2(stack, "Secret", "hive")
        profile = existing(
            stack,
            instance_profile=iam.InstanceProfile.from_instance_profile_attributes(
                stack, "P", instance_profile_arn=PROFILE_ARN, role=role
            ),
            security_configuration=security,
            log_bucket=s3.Bucket.from_bucket_name(stack, "Logs", "logs"),
            log_encryption_key=imported_key(stack, "LogKey"),
        )
        made = emr.Cluster(
            stack, "Cluster", profile=profile, configurations=[emr.Configuration("hive-site", {"password": secret})]
        )
        logs = s3.Bucket.from_bucket_attributes(
            stack, "StepLogs", bucket_name="steps", encryption_key=imported_key(stack, "StepKey")
        )
        made.add_step(emr.Step.jar("Etl", jar=JAR).with_logs(logs, "etl/"))
        template = synthesize(stack)
        assert not [found for found in template["Resources"].values() if found["Type"].startswith("AWS::IAM")]

    def test_parts_of_the_app_are_granted(self, stack):
        key = kms.Key(stack, "Key")
        secret = secretsmanager.Secret(stack, "Secret")
        profile = existing(
            stack,
            instance_profile=None,
            security_configuration=emr.SecurityConfiguration(stack, "Security", encryption_key=key),
        )
        emr.Cluster(
            stack, "Cluster", profile=profile, configurations=[emr.Configuration("hive-site", {"password": secret})]
        )
        policy = only(synthesize(stack), "AWS::IAM::Policy")
        assert policy["Roles"] == ["EMR_DefaultRole"]
        found = json.dumps(policy["PolicyDocument"])
        for action in ("iam:PassRole", "kms:CreateGrant", "secretsmanager:GetSecretValue"):
            assert f'"{action}"' in found

    def test_a_role_that_must_not_change_is_left_alone(self, stack):
        role = iam.Role.from_role_name(stack, "Fixed", "emr", mutable=False)
        existing(stack, instance_profile=None, service_role=role)
        assert resources(synthesize(stack), "AWS::IAM::Policy") == {}


class TestSessions:
    """Nothing that was not asked for is added to an instance role that is defined elsewhere."""

    @pytest.mark.parametrize(("option", "policies"), [(None, 0), (False, 0), (True, 1)])
    def test_are_allowed_on_request(self, stack, option, policies):
        profile = iam.InstanceProfile.from_instance_profile_attributes(
            stack, "P", instance_profile_arn=PROFILE_ARN, role=iam.Role.from_role_name(stack, "NodeRole", "nodes")
        )
        cluster(stack, instance_profile=profile, session_manager=option)
        assert len(resources(synthesize(stack), "AWS::IAM::Policy")) == policies

    def test_are_allowed_by_default_for_a_role_of_the_app(self, stack):
        role = iam.Role(stack, "NodeRole", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        cluster(stack, instance_profile=iam.InstanceProfile(stack, "Own", role=role))
        assert "SessionPolicy" in documents(stack)


def bucket(made):
    name = f"Bucket{len(made.stack.node.children)}"
    return s3.Bucket.from_bucket_name(made.stack, name, "data")


def stored(made):
    return emr.Script.from_bucket(bucket(made), "a.jar")


def secured(stack):
    return emr.SecurityConfiguration(stack, "Security", encryption_key=imported_key(stack, "DataKey"))


def lines(stack):
    return {line for found in documents(stack).values() for line in found}
