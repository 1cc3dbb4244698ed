from __future__ import annotations

import ast
import json

import aws_cdk as cdk
import boto3
import pytest
from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from botocore.validate import ParamValidator
from moto import mock_aws

from emr_constructs import (
    Application,
    AutoScalingPolicy,
    ClusterDefinition,
    ClusterProfile,
    ClusterSecurityGroups,
    Configuration,
    EmrError,
    InstanceFleet,
    InstanceFleets,
    InstanceGroup,
    InstanceGroups,
    JobInput,
    Kerberos,
    KerberosAttributes,
    LaunchTemplate,
    RuntimeRole,
    RuntimeRoles,
    ScalingRule,
    ScalingTrigger,
    Script,
    SecurityConfiguration,
    Step,
    TransientCluster,
)
from tests.tools import as_list, flat, imported_key, imported_vpc, new_app, new_stack, only, resources, synthesize

PARAMETER = "AWS::SSM::Parameter"
CLUSTERS = "arn:<AWS::Partition>:elasticmapreduce:<AWS::Region>:<AWS::AccountId>:cluster/*"
LAUNCHER = "Test/Nightly c87d0f19f88e9859bbee96351a9d7130b835889349"
TAG = "emr-constructs:launch-template"
TAGGING = {"StringEquals": {f"elasticmapreduce:RequestTag/{TAG}": LAUNCHER}}
TAGGED = {f"elasticmapreduce:ResourceTag/{TAG}": LAUNCHER}
SCRIPT = Script.from_uri("s3://jobs/job.py")
SPARK_STEP = Step.spark("Import", script=SCRIPT)


def make(stack=None, **options):
    stack = stack or new_stack()
    where = {} if "profile" in options else {"vpc": imported_vpc(stack)}
    defaults = {} if "definition" in options else {"applications": [Application.SPARK]}
    return LaunchTemplate(stack, "Nightly", **where, **{**defaults, **options})


@pytest.fixture(scope="module")
def shared():
    return make()


def function_in(stack):
    code = lambda_.Code.from_inline("def handler(event, context): ...")
    return lambda_.Function(stack, "Launcher", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", code=code)


def published(template, containing="Parameter"):
    return json.loads(flat(only(template, PARAMETER, containing)["Value"]))


def statements_of(template, containing="Launch"):
    document = only(template, "AWS::IAM::ManagedPolicy", containing)["PolicyDocument"]
    return [
        (tuple(as_list(each["Action"])), tuple(map(flat, as_list(each["Resource"]))), each.get("Condition"))
        for each in document["Statement"]
    ]


@pytest.fixture(scope="module")
def default():
    stack = new_stack()
    stack.tags.set_tag("team", "data")
    launch = make(stack)
    Tags.of(launch).add("job", "nightly")
    launch.publish_to_parameter("/emr/nightly")
    launch.publish_to_airflow("emr_nightly")
    launch.publish_to_airflow("emr_nightly", backend="secrets-manager")
    launch.grants.launch(function_in(stack))
    return launch, synthesize(launch)


class TestRequest:
    def test_there_is_no_cluster(self, default):
        assert not resources(default[1], "AWS::EMR::Cluster")

    def test_botocore_accepts_what_is_published(self, default):
        model = boto3.client("emr", region_name="us-east-1").meta.service_model
        shape = model.operation_model("RunJobFlow").input_shape
        report = ParamValidator().validate(published(default[1]), shape)
        assert not report.has_errors(), report.generate_report()

    def test_what_is_published_is_the_request_with_all_tags(self, default):
        launch, template = default
        request = published(template)
        tags = {tag["Key"]: tag["Value"] for tag in request["Tags"]}
        assert tags == {
            "team": "data",
            "job": "nightly",
            "for-use-with-amazon-emr-managed-policies": "true",
            TAG: LAUNCHER,
        }
        assert [tag["Key"] for tag in launch.run_job_flow_request["Tags"]] == [
            "for-use-with-amazon-emr-managed-policies",
            TAG,
        ]
        assert request.keys() == launch.run_job_flow_request.keys()
        assert request["Name"] == "Test/Nightly"
        assert request["Instances"]["Ec2SubnetId"] == "subnet-aaaa"
        assert request["ServiceRole"].startswith("<NightlyProfileServiceRole")

    def test_the_tag_is_unknown_to_the_cleanup_of_transient_clusters(self, default):
        keys = [tag["Key"] for tag in published(default[1])["Tags"]]
        assert not {"emr-constructs:launcher", "emr-constructs:execution"} & set(keys)

    def test_is_the_request_of_a_definition(self):
        definition = ClusterDefinition(
            applications=[Application.SPARK], steps=[Step.spark("Import", script=SCRIPT, args=["{{ ds }}"])]
        )
        launch = make(definition=definition, cluster_name="import")
        launch.publish_to_parameter("import")
        template = synthesize(launch)
        request = published(template)
        assert request["Name"] == "import"
        assert request["Steps"][0]["HadoopJarStep"]["Args"][-1] == "{{ ds }}"
        assert "{{" not in flat(only(template, PARAMETER)["Value"])

    def test_waits_for_what_clusters_require(self, default):
        (parameter,) = (found for name, found in resources(default[1], PARAMETER).items() if "Parameter" in name)
        assert any("ServicePolicy" in name for name in parameter["DependsOn"])
        assert any("CoreFromMaster" in name for name in parameter["DependsOn"])

    def test_shares_a_profile(self):
        stack = new_stack()
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        launch = make(stack, profile=profile)
        launch.publish_to_parameter("/emr/nightly")
        assert launch.profile is profile
        assert published(synthesize(launch))["JobFlowRole"].startswith("<ProfileInstanceProfile")

    def test_a_profile_without_the_tag_of_managed_policies(self):
        stack = new_stack()
        role = iam.Role.from_role_name(stack, "Service", "company-emr")
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), service_role=role, managed_policy_tag=False)
        launch = make(stack, profile=profile)
        job = TransientCluster(stack, "Job", profile=profile, workflow=[SPARK_STEP], applications=[Application.SPARK])
        assert [tag["Key"] for tag in launch.run_job_flow_request["Tags"]] == [TAG]
        assert [tag["Key"] for tag in job.run_job_flow_request["Tags"]] == ["emr-constructs:launcher"]

    def test_a_list_of_subnets_that_is_known_at_deployment_needs_no_custom_resource(self):
        stack = new_stack()
        ids = cdk.CfnParameter(stack, "Subnets", type="List<AWS::EC2::Subnet::Id>").value_as_list
        launch = LaunchTemplate(
            stack,
            "Nightly",
            subnets=ids,
            public=True,
            security_groups=ClusterSecurityGroups.emr_managed(),
            instances=InstanceFleets(
                master=InstanceFleet.on_demand("m7g.xlarge", units=1),
                core=InstanceFleet.on_demand("m7g.xlarge", units=1),
            ),
        )
        launch.publish_to_parameter("/emr/nightly")
        template = synthesize(launch)
        assert {"Fn::Join": ['","', {"Ref": "Subnets"}]} in only(template, PARAMETER)["Value"]["Fn::Join"][1]
        assert not [kind for kind in template["Resources"].values() if kind["Type"].startswith("Custom::")]
        assert not resources(template, "AWS::Lambda::Function")

    def test_tags_of_the_request_override_others(self):
        stack = new_stack()
        launch = make(stack, tags={"team": "request", TAG: "mine"})
        for construct in (stack, launch):
            Tags.of(construct).add("team", "app")
            Tags.of(construct).add(TAG, "other")
        launch.publish_to_parameter("/emr/nightly")
        tags = {tag["Key"]: tag["Value"] for tag in published(synthesize(launch))["Tags"]}
        assert (tags["team"], tags[TAG]) == ("request", LAUNCHER)

    def test_a_number_that_is_known_at_deployment_has_no_quotes(self):
        stack = new_stack()
        count = cdk.CfnParameter(stack, "Nodes", type="Number").value_as_string
        core = InstanceGroup("m7g.xlarge", count)
        launch = make(stack, instances=InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=core))
        assert '"InstanceCount":<Nodes>,' in flat(stack.resolve(launch.request_json))

    def test_can_be_passed_on_as_text(self, default):
        launch, template = default
        text = launch.node.scope.resolve(launch.request_json)
        assert json.loads(flat(text)) == published(template)


class TestRejected:
    def fails(self, message, **options):
        with pytest.raises(EmrError, match=message) as raised:
            make(**options)
        assert raised.value.path == "Test/Nightly"

    def test_passwords_of_kerberos(self):
        stack = new_stack()
        secret = secretsmanager.Secret(stack, "Password")
        attributes = KerberosAttributes("EC2.INTERNAL", kdc_admin_password=secret)
        with pytest.raises(
            EmrError, match="kerberos can't be used with a LaunchTemplate, because the published request"
        ):
            make(stack, kerberos=attributes)

    def test_a_profile_with_kerberos(self):
        stack = new_stack()
        configuration = SecurityConfiguration(
            stack, "Configuration", kerberos=Kerberos.cluster_dedicated_kdc(), encryption_key=kms.Key(stack, "Key")
        )
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=configuration)
        with pytest.raises(EmrError, match="must have a security configuration without Kerberos"):
            make(stack, profile=profile)

    def test_neither_vpc_nor_profile(self):
        with pytest.raises(EmrError, match="specify exactly one of vpc and profile, got neither"):
            LaunchTemplate(new_stack(), "Nightly")

    def test_what_emr_rejects(self):
        stack = new_stack()
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        with pytest.raises(EmrError, match=r"emr-7\.11\.0"):
            make(stack, profile=profile, release_label="emr-6.15.0")

    def test_inputs_of_executions(self):
        day = JobInput.text("day")
        self.fails(
            "a launch template can't contain the value of the input 'day'; use it only in the work",
            steps=[Step.spark("Import", script=SCRIPT, args=[day.value])],
        )

    @pytest.mark.parametrize(
        "reference", ["{{resolve:secretsmanager:db:SecretString:password}}", "{{resolve:ssm-secure:/db:1}}"]
    )
    def test_secrets_that_cloudformation_would_write_into_the_text(self, reference):
        launch = make(configurations=[Configuration("core-site", {"fs.custom": reference})])
        with pytest.raises(EmrError, match=r"must not contain secrets.*got a dynamic reference to a secret; pass the"):
            launch.publish_to_parameter("/emr/nightly")

    def test_the_value_of_a_secret(self):
        stack = new_stack()
        value = secretsmanager.Secret(stack, "Password").secret_value.unsafe_unwrap()
        launch = make(stack, configurations=[Configuration("core-site", {"fs.custom": value})])
        with pytest.raises(EmrError, match="got a dynamic reference to a secret"):
            launch.publish_to_airflow("emr_nightly")

    def test_a_parameter_with_no_echo(self):
        stack = new_stack()
        value = cdk.CfnParameter(stack, "Token", no_echo=True).value_as_string
        launch = make(stack, configurations=[Configuration("core-site", {"fs.custom": value})])
        with pytest.raises(EmrError, match="got the parameter 'Token' with NoEcho"):
            _ = launch.request_json


class TestNames:
    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("", "name must consist of 1 to 1011 letters, digits"),
            ("/emr/n ightly", "name must consist of 1 to 1011 letters, digits"),
            ("emr/nightly", "name must begin with a slash if it contains one, got 'emr/nightly'; use '/emr/nightly'"),
            ("/emr/nightly/", "name must not have empty parts"),
            ("/emr//nightly", "name must not have empty parts"),
            ("/a" * 16, "name must have at most 15 levels, got 16"),
            ("aws-request", "name must not begin with aws or ssm"),
            ("/AWS/request", "name must not begin with aws or ssm"),
            ("SSM", "name must not begin with aws or ssm"),
        ],
    )
    def test_of_parameters(self, shared, name, message):
        with pytest.raises(EmrError, match=message) as raised:
            shared.publish_to_parameter(name)
        assert raised.value.path == "Test/Nightly"

    @pytest.mark.parametrize("name", [None, 5, ["/emr"]])
    def test_that_are_no_text(self, shared, name):
        with pytest.raises(EmrError, match="name must be a string"):
            shared.publish_to_parameter(name)

    @pytest.mark.parametrize("connection_id", ["", "a/b", "emr nightly"])
    def test_of_connections(self, shared, connection_id):
        with pytest.raises(EmrError, match=r"connection_id must consist of letters, digits and \._-"):
            shared.publish_to_airflow(connection_id)

    def test_of_backends(self, shared):
        with pytest.raises(EmrError, match="backend must be 'parameter-store' or 'secrets-manager', got 'ssm'"):
            shared.publish_to_airflow("emr", backend="ssm")
        with pytest.raises(EmrError, match="prefix must consist of 1 to 512 letters"):
            shared.publish_to_airflow("emr", backend="secrets-manager", prefix="a b")
        with pytest.raises(EmrError, match="encryption_key requires backend='secrets-manager'"):
            shared.publish_to_airflow("emr", encryption_key=imported_key(new_stack()))

    @pytest.mark.parametrize("key", ["", "/emr/nightly.json", "emr/", "s3://bucket/key", "k" * 1025])
    def test_of_objects(self, shared, key):
        bucket = s3.Bucket.from_bucket_name(new_stack(), "Bucket", "company-data")
        with pytest.raises(EmrError, match="key must be the key of an object, at most 1024 bytes"):
            shared.publish_to_bucket(bucket, key)

    @pytest.mark.parametrize("key", ["emr/*.json", "emr/?.json", "emr/${aws:username}.json"])
    def test_of_objects_that_permissions_read_as_patterns(self, shared, key):
        bucket = s3.Bucket.from_bucket_name(new_stack(), "Bucket", "company-data")
        with pytest.raises(EmrError, match=r"key must not contain \*, \? or \${, which are patterns in IAM policies"):
            shared.publish_to_bucket(bucket, key)

    def test_of_backends_that_are_known_at_deployment(self, shared):
        backend = cdk.CfnParameter(new_stack(), "Backend").value_as_string
        with pytest.raises(EmrError, match="backend must be known at synth time, got a token"):
            shared.publish_to_airflow("emr", backend=backend)

    def test_of_a_parameter_that_another_launch_template_publishes(self):
        stack = new_stack()
        vpc = imported_vpc(stack)
        make(stack, profile=ClusterProfile(stack, "Profile", vpc=vpc)).publish_to_parameter("/emr/nightly")
        other = LaunchTemplate(stack, "Other", vpc=vpc)
        message = "the parameter '/emr/nightly' must be unique in a stack, but Test/Nightly also publishes it"
        with pytest.raises(EmrError, match=message):
            other.publish_to_parameter("/emr/nightly")
        with pytest.raises(EmrError, match=message):
            other.publish_to_airflow("nightly", prefix="emr")

    def test_twice(self):
        stack = new_stack()
        launch = make(stack)
        bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "company-data")
        ways = [
            lambda **options: launch.publish_to_parameter("/emr/nightly", **options),
            lambda **options: launch.publish_to_airflow("nightly", backend="secrets-manager", **options),
            lambda **options: launch.publish_to_bucket(bucket, "nightly.json", **options),
        ]
        for publish in ways:
            publish()
            with pytest.raises(EmrError, match="must be unique in a stack, but Test/Nightly also publishes it"):
                publish(construct_id="Other")
        launch.publish_to_airflow("nightly")
        with pytest.raises(EmrError, match="construct_id must not be empty"):
            launch.publish_to_parameter("/emr/weekly", construct_id="")

    def test_ids_that_only_differ_in_tokens(self, shared):
        first, second = (cdk.CfnParameter(shared, name).value_as_string for name in ("First", "Second"))
        shared.publish_to_parameter(f"/emr/{first}")
        with pytest.raises(EmrError, match=r"the ID 'Parameter:emr:' must be unique in the launch template.*construct"):
            shared.publish_to_parameter(f"/emr/{second}")
        shared.publish_to_parameter(f"/emr/{second}", construct_id="Second request")

    def test_that_only_differ_in_punctuation(self):
        launch = make()
        for name in ("/emr/nightly", "emr-nightly", "emr_nightly", "/emr-nightly"):
            launch.publish_to_parameter(name)
        found = resources(synthesize(launch), PARAMETER).values()
        assert len({parameter["Properties"]["Name"] for parameter in found}) == 4

    def test_that_are_known_at_deployment(self):
        stack = new_stack()
        launch = make(stack)
        name = cdk.CfnParameter(stack, "Name").value_as_string
        launch.publish_to_parameter(name)
        launch.publish_to_parameter(f"/emr/{name}")
        launch.grants.launch(iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com")))
        template = synthesize(launch)
        (arns,) = (on for actions, on, _ in statements_of(template) if "ssm:GetParameter" in actions)
        assert [arn.partition(":parameter")[2] for arn in arns] == ["<Name>", "/<Name>", "/emr/<Name>"]

    def test_a_prefix_of_connections(self):
        launch = make()
        launch.publish_to_airflow("nightly", prefix="company/airflow")
        assert only(synthesize(launch), PARAMETER)["Name"] == "/company/airflow/nightly"


class TestLength:
    def launch_of(self, characters, stack=None):
        return make(stack, configurations=[Configuration("core-site", {"padding": "x" * characters})])

    def length(self, launch):
        from emr_constructs.clusters.publication import _length

        return _length(launch, launch.request_json)

    def test_every_token_counts_128_characters(self):
        stack = new_stack()
        plain, with_token = (
            self.launch_of(0),
            make(
                stack,
                configurations=[
                    Configuration("core-site", {"padding": cdk.CfnParameter(stack, "Padding").value_as_string})
                ],
            ),
        )
        assert self.length(with_token) - self.length(plain) == 128

    @pytest.mark.parametrize(("characters", "tier"), [(4095, "Standard"), (4096, "Advanced"), (8192, "Advanced")])
    def test_the_tier_is_for_the_length(self, shared, characters, tier):
        launch = self.launch_of(characters - self.length(shared) - 86)
        missing = characters - self.length(launch)
        launch = self.launch_of(characters - self.length(shared) - 86 + missing)
        assert self.length(launch) == characters
        launch.publish_to_parameter("/emr/nightly")
        assert only(synthesize(launch), PARAMETER)["Tier"] == tier

    def test_what_is_too_long_for_a_parameter_goes_to_a_bucket(self):
        launch = self.launch_of(8192)
        with pytest.raises(
            EmrError,
            match=r"must have at most 8,192 characters in an SSM parameter, got up to 1\d,\d+, with 128 for each value "
            r"that is only known at deployment; use publish_to_bucket\(\.\.\.\)",
        ):
            launch.publish_to_parameter("/emr/nightly")
        assert not launch.node.try_find_child("Parameter:emr:nightly")

    def test_secrets_are_longer(self):
        self.launch_of(30_000).publish_to_airflow("emr", backend="secrets-manager")
        with pytest.raises(EmrError, match="at most 65,536 characters in a secret"):
            self.launch_of(70_000).publish_to_airflow("emr", backend="secrets-manager")

    def test_tags_that_are_added_later_count(self):
        stack = new_stack()
        launch = make(stack)
        launch.publish_to_parameter("/emr/nightly")
        for number in range(40):
            stack.tags.set_tag(f"tag{number}", "v" * 200)
        with pytest.raises(Exception, match="at most 8,192 characters in an SSM parameter"):
            synthesize(launch)
        other = make(stack := new_stack())
        other.publish_to_parameter("/emr/nightly")
        for number in range(10):
            stack.tags.set_tag(f"tag{number}", "v" * 200)
        assert only(synthesize(other), PARAMETER)["Tier"] == "Advanced"


class TestGrants:
    def test_launching_requires_the_tag_and_passes_the_roles_of_the_profile(self, default):
        found = {actions: (on, conditions) for actions, on, conditions in statements_of(default[1])}
        assert found["elasticmapreduce:RunJobFlow",] == (("*",), TAGGING)
        tagging = found["elasticmapreduce:AddTags", "elasticmapreduce:PutAutoTerminationPolicy"]
        assert tagging == ((CLUSTERS,), TAGGING)
        passed = [
            (on, conditions["StringLike"]["iam:PassedToService"])
            for actions, on, conditions in statements_of(default[1])
            if actions == ("iam:PassRole",)
        ]
        (service, instances) = passed
        assert service[0][0].startswith("<NightlyProfileServiceRole")
        assert service[1] == "elasticmapreduce.amazonaws.com*"
        assert instances[0][0].startswith("<NightlyProfileInstanceRole")
        assert instances[1] == "ec2.amazonaws.com*"

    def test_only_clusters_with_the_tag_can_be_used(self, default):
        used = {
            action: (on, conditions)
            for actions, on, conditions in statements_of(default[1])
            for action in actions
            if action.startswith("elasticmapreduce:") and (conditions or {}) != TAGGING
        }
        assert used.keys() == {
            f"elasticmapreduce:{action}"
            for action in (
                "AddJobFlowSteps",
                "CancelSteps",
                "DescribeCluster",
                "DescribeStep",
                "ListBootstrapActions",
                "ListInstanceFleets",
                "ListInstanceGroups",
                "ListInstances",
                "ListSteps",
                "PutAutoTerminationPolicy",
                "TerminateJobFlows",
            )
        }
        assert all(on == (CLUSTERS,) and TAGGED.items() <= found["StringEquals"].items() for on, found in used.values())
        assert used["elasticmapreduce:AddJobFlowSteps"][1]["Null"] == {"elasticmapreduce:ExecutionRoleArn": "true"}

    def test_reads_only_what_is_published(self, default):
        reading = [
            (actions, on)
            for actions, on, _ in statements_of(default[1])
            if not actions[0].startswith(("elasticmapreduce:", "iam:"))
        ]
        names = ("/airflow/connections/emr_nightly", "/emr/nightly")
        arns = tuple(f"arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter{name}" for name in names)
        (parameters, (actions, (secret,))) = reading
        assert parameters == (("ssm:GetParameter", "ssm:GetParameters"), arns)
        assert actions == ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")
        assert secret.startswith("<NightlySecret")

    def test_nothing_is_inline(self, default):
        assert not resources(default[1], "AWS::IAM::Policy")

    def test_a_grant_before_and_after_the_publication_is_the_same(self):
        found = []
        for is_first in (True, False):
            stack = new_stack()
            launch, function = make(stack), function_in(stack)
            if is_first:
                launch.grants.launch(function)
            launch.publish_to_parameter("/emr/nightly")
            bucket = s3.Bucket(stack, "Bucket", encryption_key=kms.Key(stack, "Key"))
            assert flat(stack.resolve(launch.publish_to_bucket(bucket, "emr/nightly.json"))).endswith(
                ">/emr/nightly.json"
            )
            if not is_first:
                launch.grants.launch(function)
            found.append(statements_of(synthesize(launch)))
        assert found[0] == found[1]
        reading = {actions: on for actions, on, _ in found[0]}
        assert reading["s3:GetObject",][0].endswith("/emr/nightly.json")
        assert reading["kms:Decrypt",][0].startswith("<Key")

    def test_only_a_key_of_its_own_is_used_to_read_a_secret(self):
        decrypting = []
        for key in (None, kms.Key):
            stack = new_stack()
            launch = make(stack)
            options = {} if key is None else {"encryption_key": key(stack, "Key")}
            launch.publish_to_airflow("emr", backend="secrets-manager", **options)
            launch.grants.launch(function_in(stack))
            decrypting.append([on for actions, on, _ in statements_of(synthesize(launch)) if "kms:Decrypt" in actions])
        assert decrypting[0] == []
        (((key_arn,),),) = (decrypting[1],)
        assert key_arn.startswith("<Key")

    def test_granting_again_adds_nothing(self):
        stack = new_stack()
        launch, function = make(stack), function_in(stack)
        launch.publish_to_parameter("/emr/nightly")
        launch.grants.launch(function)
        launch.grants.launch(function)
        policies = [name for name in resources(synthesize(launch), "AWS::IAM::ManagedPolicy") if "Launch" in name]
        assert len(policies) == 1

    def test_policies_of_the_request_and_the_role_for_scaling(self):
        policy = AutoScalingPolicy(
            minimum=1,
            maximum=4,
            rules=[ScalingRule.change_by("Out", 1, when=ScalingTrigger.below("YARNMemoryAvailablePercentage", 15))],
        )
        stack = new_stack()
        core = InstanceGroup("m7g.xlarge", 2, auto_scaling_policy=policy)
        launch = make(stack, instances=InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=core))
        launch.grants.launch(function_in(stack))
        found = statements_of(synthesize(launch))
        passed = [conditions["StringLike"] for actions, _, conditions in found if actions == ("iam:PassRole",)]
        assert {"iam:PassedToService": "application-autoscaling.amazonaws.com*"} in passed
        assert sum("elasticmapreduce:PutAutoScalingPolicy" in actions for actions, *_ in found) == 2

    def test_runtime_roles(self):
        stack = new_stack()
        configuration = SecurityConfiguration(
            stack, "Configuration", runtime_roles=RuntimeRoles(), encryption_key=kms.Key(stack, "Key")
        )
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=configuration)
        launch, function = make(stack, profile=profile), function_in(stack)
        with pytest.raises(EmrError, match=r"runtime_roles must contain the roles of the steps.*specify runtime_roles"):
            launch.grants.launch(function)
        analysts = RuntimeRole(stack, "Analysts", profile=profile)
        launch.grants.launch(function, runtime_roles=[analysts])
        ((_, conditions),) = (
            (on, conditions)
            for actions, on, conditions in statements_of(synthesize(launch))
            if actions == ("elasticmapreduce:AddJobFlowSteps",)
        )
        assert conditions["StringEquals"].keys() == {*TAGGED, "elasticmapreduce:ExecutionRoleArn"}

    def test_a_role_of_another_stack_and_region(self):
        app = new_app()
        env = {"account": "111111111111"}
        stack = new_stack(app, env=cdk.Environment(region="eu-west-1", **env))
        airflow = new_stack(app, "Airflow", env=cdk.Environment(region="us-east-1", **env))
        profile = ClusterProfile(
            stack,
            "Profile",
            vpc=imported_vpc(stack),
            instance_profile=iam.InstanceProfile.from_instance_profile_name(stack, "Nodes", "EMR_EC2_DefaultRole"),
            service_role=iam.Role.from_role_name(stack, "Service", "EMR_DefaultRole"),
            log_uri="s3://logs/",
            security_configuration=None,
        )
        launch = make(stack, profile=profile)
        launch.publish_to_parameter("/emr/nightly")
        role = iam.Role(airflow, "Airflow", assumed_by=iam.ServicePrincipal("airflow-env.amazonaws.com"))
        launch.grants.launch(role)
        found = {actions: on for actions, on, _ in statements_of(synthesize(role))}
        assert found["ssm:GetParameter", "ssm:GetParameters"] == (
            "arn:<AWS::Partition>:ssm:eu-west-1:111111111111:parameter/emr/nightly",
        )
        clusters = "arn:<AWS::Partition>:elasticmapreduce:eu-west-1:111111111111:cluster/*"
        assert found["elasticmapreduce:AddJobFlowSteps",] == (clusters,)
        assert not resources(synthesize(launch), "AWS::IAM::ManagedPolicy").keys() & {"Airflow"}

    def test_a_role_of_another_region_or_account(self):
        app = new_app()
        stack = new_stack(app, env=cdk.Environment(account="111111111111", region="eu-west-1"))
        launch = make(stack)
        for region, account, message in (
            ("us-east-1", "111111111111", "grantee in another Region requires roles with explicit names"),
            ("eu-west-1", "222222222222", "grantee must be in the account of the launch template, 111111111111, in "
             "which clusters run, got one in 222222222222; let it assume a role in 111111111111"),
        ):  # fmt: skip
            other = new_stack(app, f"{region}{account}", env=cdk.Environment(account=account, region=region))
            role = iam.Role(other, "Airflow", assumed_by=iam.ServicePrincipal("airflow-env.amazonaws.com"))
            with pytest.raises(EmrError, match=message) as raised:
                launch.grants.launch(role)
            assert raised.value.path == "Test/Nightly"
        known = iam.Role.from_role_arn(stack, "Known", "arn:aws:iam::222222222222:role/airflow")
        with pytest.raises(EmrError, match="grantee must be in the account of the launch template"):
            launch.grants.launch(known)

    def test_a_role_that_is_imported(self):
        stack = new_stack()
        launch = make(stack)
        launch.publish_to_parameter("/emr/nightly")
        role = iam.Role.from_role_name(stack, "Airflow", "airflow")
        assert launch.grants.launch(role).success
        actions = [
            as_list(each["Action"])[0]
            for each in only(synthesize(launch), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
        ]
        assert {"elasticmapreduce:RunJobFlow", "ssm:GetParameter"} <= set(actions)

    def test_a_principal_without_policies(self, shared):
        with pytest.raises(EmrError, match="grantee must be a principal whose policies can be extended"):
            shared.grants.launch(iam.ServicePrincipal("airflow.amazonaws.com"))

    @pytest.mark.parametrize("grantee", [None, "role"])
    def test_what_is_no_principal(self, shared, grantee):
        with pytest.raises(EmrError, match=r"grantee must be an iam\.IGrantable"):
            shared.grants.launch(grantee)

    def test_an_instance_role_that_is_not_known(self):
        stack = new_stack()
        profile = ClusterProfile(
            stack,
            "Profile",
            vpc=imported_vpc(stack),
            instance_profile=iam.InstanceProfile.from_instance_profile_name(stack, "Nodes", "company-nodes"),
            service_role=iam.Role.from_role_name(stack, "Service", "EMR_DefaultRole"),
            log_uri="s3://logs/",
            security_configuration=None,
        )
        with pytest.raises(EmrError, match="pass the instance role to EC2 with this permission"):
            make(stack, profile=profile).grants.launch(function_in(stack))

    def test_data_is_granted_to_the_nodes(self):
        stack = new_stack()
        launch = make(stack)
        launch.grants.read_bucket(s3.Bucket.from_bucket_name(stack, "Data", "company-data"), "sales/")
        template = synthesize(launch)
        document = only(template, "AWS::IAM::ManagedPolicy", "InstancePolicy")["PolicyDocument"]
        assert "company-data/sales/" in json.dumps(document)


class TestBucket:
    def test_the_object_is_what_a_parameter_would_be(self):
        stack = new_stack()
        launch = make(stack)
        launch.publish_to_parameter("/emr/nightly")
        launch.publish_to_bucket(s3.Bucket(stack, "Bucket"), "emr/nightly.json")
        template = synthesize(launch)
        custom = only(template, "Custom::EmrLaunchRequest")
        call = json.loads(flat(custom["Update"]))
        assert (call["service"], call["action"]) == ("S3", "PutObject")
        assert json.loads(call["parameters"]["Body"]) == published(template)
        assert call["parameters"]["Key"] == "emr/nightly.json"
        assert json.loads(flat(custom["Create"])) == call
        delete = json.loads(flat(custom["Delete"]))
        assert (delete["action"], delete["parameters"]["Key"]) == ("DeleteObject", "emr/nightly.json")

    def test_the_custom_resource_can_only_change_the_object(self):
        stack = new_stack()
        launch = make(stack)
        launch.publish_to_bucket(s3.Bucket.from_bucket_name(stack, "Bucket", "company-data"), "emr/nightly.json")
        policy = only(synthesize(launch), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
        assert [(each["Action"], flat(each["Resource"])) for each in policy] == [
            (["s3:DeleteObject", "s3:PutObject"], "arn:<AWS::Partition>:s3:::company-data/emr/nightly.json")
        ]

    def test_the_custom_resource_encrypts_with_the_key_of_the_bucket(self):
        stack = new_stack()
        launch = make(stack)
        bucket = s3.Bucket(stack, "Bucket", encryption_key=kms.Key(stack, "Key"))
        launch.publish_to_bucket(bucket, "emr/nightly.json")
        policy = only(synthesize(launch), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
        ((actions, key),) = ((each["Action"], each["Resource"]) for each in policy if "kms:Decrypt" in each["Action"])
        assert actions == ["kms:Decrypt", "kms:GenerateDataKey"]
        assert flat(key).startswith("<Key")


@pytest.fixture(scope="module")
def clients():
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        with mock_aws():
            yield {
                name: boto3.client(name, region_name="us-east-1") for name in ("cloudformation", "ec2", "emr", "ssm")
            }


@pytest.fixture(scope="module")
def deployed(clients):
    network = clients["ec2"].create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = clients["ec2"].create_subnet(VpcId=network, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    stack = new_stack()
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id=network,
        availability_zones=["us-east-1a"],
        private_subnet_ids=[subnet],
        private_subnet_route_table_ids=["rtb-aaaa"],
    )
    stack.tags.set_tag("team", "data")
    step = Step.spark("Import", script=SCRIPT, args=["{{ ds }}", "Zürich"])
    launch = LaunchTemplate(stack, "Nightly", vpc=vpc, applications=[Application.SPARK], steps=[step])
    launch.publish_to_parameter("/emr/nightly")
    launch.publish_to_airflow("emr_nightly")
    template = synthesize(launch)
    # Those of the bootstrap stack.
    del template["Parameters"], template["Rules"]
    with pytest.warns(UserWarning, match="not supported by moto's CloudFormation"):
        clients["cloudformation"].create_stack(
            StackName="Test", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
        )
    return subnet


class TestDeployment:
    """The template in an emulated account, read as orchestrators read it."""

    def value(self, clients, name):
        return clients["ssm"].get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]

    def airflow(self, clients, connection_id, job_flow_overrides=None):
        """Launch a cluster as Airflow's operator does: a connection from JSON, and its extra with the overrides."""
        connection = json.loads(self.value(clients, f"/airflow/connections/{connection_id}"))
        assert connection.keys() <= {"conn_type", "host", "login", "password", "schema", "port", "extra"}
        assert connection["conn_type"] == "emr"
        extra = connection["extra"]
        config = json.loads(extra if isinstance(extra, str) else json.dumps(extra))
        if isinstance(job_flow_overrides, str):
            job_flow_overrides = ast.literal_eval(job_flow_overrides)
        config.update(job_flow_overrides or {})
        return clients["emr"].run_job_flow(**config)["JobFlowId"]

    def test_boto3(self, clients, deployed):
        answer = clients["emr"].run_job_flow(**json.loads(self.value(clients, "/emr/nightly")))
        cluster = clients["emr"].describe_cluster(ClusterId=answer["JobFlowId"])["Cluster"]
        assert cluster["Name"] == "Test/Nightly"
        assert cluster["ReleaseLabel"] == "emr-7.14.0"
        assert cluster["Ec2InstanceAttributes"]["Ec2SubnetId"] == deployed
        assert cluster["Ec2InstanceAttributes"]["EmrManagedMasterSecurityGroup"].startswith("sg-")
        assert {tag["Key"]: tag["Value"] for tag in cluster["Tags"]} == {
            "team": "data",
            "for-use-with-amazon-emr-managed-policies": "true",
            TAG: LAUNCHER,
        }
        (step,) = clients["emr"].list_steps(ClusterId=answer["JobFlowId"])["Steps"]
        assert step["Config"]["Args"][-2:] == ["{{ ds }}", "Zürich"]

    def test_airflow(self, clients, deployed):
        launched = self.airflow(clients, "emr_nightly")
        cluster = clients["emr"].describe_cluster(ClusterId=launched)["Cluster"]
        assert cluster["Name"] == "Test/Nightly"
        assert TAG in [tag["Key"] for tag in cluster["Tags"]]

    @pytest.mark.parametrize("overrides", [{"Name": "Backfill"}, "{'Name': 'Backfill'}"])
    def test_airflow_with_overrides(self, clients, deployed, overrides):
        launched = self.airflow(clients, "emr_nightly", overrides)
        cluster = clients["emr"].describe_cluster(ClusterId=launched)["Cluster"]
        assert cluster["Name"] == "Backfill"
        assert TAG in [tag["Key"] for tag in cluster["Tags"]]

    def test_overrides_replace_the_tags(self, clients, deployed):
        launched = self.airflow(clients, "emr_nightly", {"Tags": [{"Key": "run", "Value": "1"}]})
        tags = clients["emr"].describe_cluster(ClusterId=launched)["Cluster"]["Tags"]
        assert [tag["Key"] for tag in tags] == ["run"]


def test_too_many_tags_are_an_error_at_synth_time():
    stack = new_stack()
    make(stack).publish_to_airflow("emr", backend="secrets-manager")
    for number in range(50):
        stack.tags.set_tag(f"tag{number}", "value")
    with pytest.raises(Exception, match="tags of a cluster"):
        synthesize(stack)
