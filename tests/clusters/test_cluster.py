from __future__ import annotations

import json

import boto3
import pytest
from aws_cdk import Acknowledgment, Duration, Fn, RemovalPolicy, Tags, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_emr as emr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from botocore.validate import ParamValidator

from emr_constructs import (
    ActionOnFailure,
    Application,
    BootstrapAction,
    Cluster,
    ClusterDefinition,
    ClusterProfile,
    ClusterSecurityGroups,
    Configuration,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    InTransitEncryption,
    ReleaseLabel,
    Script,
    SecurityConfiguration,
    Step,
    Termination,
)
from tests.tools import (
    as_list,
    flat,
    imported_key,
    imported_vpc,
    new_app,
    new_stack,
    only,
    resources,
    rules,
    statements,
    synthesize,
    warnings,
)

JOB = Script.from_uri("s3://bucket/job.py")


def make(**options):
    stack = new_stack(new_app())
    cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), **options)
    return cluster, only(synthesize(stack), "AWS::EMR::Cluster")


def depends_on(template, kind="AWS::EMR::Cluster"):
    (resource,) = resources(template, kind).values()
    return set(resource.get("DependsOn", []))


@pytest.fixture(scope="module")
def default():
    stack = new_stack(new_app())
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
    vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
    cluster = Cluster(stack, "Cluster", vpc=vpc, applications=[Application.SPARK])
    return cluster, synthesize(stack)


class TestResource:
    def test_is_the_default_child_with_the_id_resource(self, default):
        cluster, template = default
        assert isinstance(cluster.node.default_child, emr.CfnCluster)
        assert cluster.node.default_child.node.path == "Test/Cluster/Resource"
        assert (
            list(resources(template, "AWS::EMR::Cluster")) == ["Cluster611F8AFF"]
            or len(resources(template, "AWS::EMR::Cluster")) == 1
        )

    def test_runs_where_and_as_what_its_profile_says(self, default):
        _, template = default
        made = only(template, "AWS::EMR::Cluster")
        assert flat(made["JobFlowRole"]).startswith("<ClusterProfileInstanceProfile")
        assert flat(made["ServiceRole"]).startswith("<ClusterProfileServiceRole")
        assert flat(made["SecurityConfiguration"]).startswith("<ClusterProfileSecurityConfiguration")
        assert flat(made["LogUri"]).startswith("s3://<ClusterProfileLogsBucket")
        assert flat(made["LogEncryptionKmsKeyId"]).startswith("<ClusterProfileKey")
        instances = made["Instances"]
        assert flat(instances["Ec2SubnetId"]).startswith("<VpcPrivateSubnet1")
        assert flat(instances["EmrManagedMasterSecurityGroup"]).startswith("<ClusterProfileSecurityGroupsMaster")
        assert flat(instances["EmrManagedSlaveSecurityGroup"]).startswith("<ClusterProfileSecurityGroupsCore")
        assert flat(instances["ServiceAccessSecurityGroup"]).startswith("<ClusterProfileSecurityGroupsServiceAccess")
        assert "Ec2KeyName" not in instances

    def test_is_visible_to_the_account_as_in_the_console(self, default):
        assert only(default[1], "AWS::EMR::Cluster")["VisibleToAllUsers"] is True

    def test_is_named_by_its_path(self, default):
        cluster, template = default
        assert cluster.cluster_name == only(template, "AWS::EMR::Cluster")["Name"] == "Test/Cluster"

    def test_takes_a_name(self):
        cluster, made = make(cluster_name="nightly")
        assert cluster.cluster_name == made["Name"] == "nightly"

    def test_leaves_characters_out_that_emr_rejects_in_a_name(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "A<B>$|`" + "c" * 300, vpc=imported_vpc(stack))
        assert cluster.cluster_name == ("Test/AB" + "c" * 300)[:256]

    def test_refers_to_itself_by_id_and_arn(self, default):
        cluster, _ = default
        stack = cluster.stack
        assert flat(stack.resolve(cluster.cluster_ref.cluster_id)).startswith("<Cluster")
        assert flat(stack.resolve(cluster.cluster_arn)).startswith(
            "arn:<AWS::Partition>:elasticmapreduce:<AWS::Region>:<AWS::AccountId>:cluster/<Cluster"
        )
        assert flat(stack.resolve(cluster.master_public_dns)).endswith(".MasterPublicDNS>")

    def test_is_deleted_by_default(self, default):
        (resource,) = resources(default[1], "AWS::EMR::Cluster").values()
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Delete", "Delete")

    def test_can_be_retained(self):
        stack = new_stack(new_app())
        Cluster(stack, "Cluster", vpc=imported_vpc(stack), removal_policy=RemovalPolicy.RETAIN)
        (resource,) = resources(synthesize(stack), "AWS::EMR::Cluster").values()
        assert resource["DeletionPolicy"] == "Retain"

    def test_takes_tags_of_options_and_of_cdk(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), tags={"team": "data"})
        Tags.of(cluster).add("cost", "42")
        tags = {tag["Key"]: tag["Value"] for tag in only(synthesize(stack), "AWS::EMR::Cluster")["Tags"]}
        assert tags == {"team": "data", "cost": "42", "for-use-with-amazon-emr-managed-policies": "true"}

    def test_escape_hatches_work(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        cluster.node.default_child.scale_down_behavior = "TERMINATE_AT_TASK_COMPLETION"
        assert only(synthesize(stack), "AWS::EMR::Cluster")["ScaleDownBehavior"] == "TERMINATE_AT_TASK_COMPLETION"


class TestRequest:
    def test_template_and_request_say_the_same(self, default):
        cluster, template = default
        request = cluster.stack.resolve(cluster.run_job_flow_request)
        made = only(template, "AWS::EMR::Cluster")
        assert request.keys() == made.keys()
        for name in ("Name", "ReleaseLabel", "Applications", "LogUri", "JobFlowRole", "Tags", "AutoTerminationPolicy"):
            assert request[name] == made[name], name
        assert request["Instances"]["InstanceGroups"][1]["InstanceCount"] == 2
        assert request["Instances"]["Ec2SubnetId"] == made["Instances"]["Ec2SubnetId"]

    def test_botocore_accepts_the_request(self, default):
        cluster, _ = default
        model = boto3.client("emr", region_name="us-east-1").meta.service_model
        request = json.loads(json.dumps(cluster.run_job_flow_request))
        report = ParamValidator().validate(request, model.operation_model("RunJobFlow").input_shape)
        assert not report.has_errors(), report.generate_report()


class TestOptions:
    def test_everything_that_a_definition_says_arrives(self):
        _, made = make(
            applications=[Application.SPARK],
            instances=InstanceGroups(
                master=InstanceGroup("m7g.xlarge"),
                core=InstanceGroup("m7g.2xlarge", 3, custom_ami_id="ami-0123456789abcdef0"),
                tasks=[InstanceGroup("c7g.xlarge", 2, name="A"), InstanceGroup("c7g.xlarge", 0, name="B")],
            ),
            configurations=[Configuration("spark-env", configurations=[Configuration("export", {"A": 1})])],
            bootstrap_actions=[BootstrapAction("Setup", Script.from_uri("s3://bucket/setup.sh"), ["a"])],
            steps=[Step.spark("Nightly", script=JOB, conf={"spark.a": True})],
            step_concurrency_level=3,
            unhealthy_node_replacement=False,
            termination=Termination.manual(protected=True),
        )
        assert made["Instances"]["CoreInstanceGroup"]["CustomAmiId"] == "ami-0123456789abcdef0"
        assert [group["Name"] for group in made["Instances"]["TaskInstanceGroups"]] == ["A", "B"]
        assert made["Instances"]["TaskInstanceGroups"][1]["InstanceCount"] == 0
        assert made["Instances"]["UnhealthyNodeReplacement"] is False
        assert made["Instances"]["TerminationProtected"] is True
        assert made["Instances"]["KeepJobFlowAliveWhenNoSteps"] is True
        assert "AutoTerminationPolicy" not in made
        assert made["Configurations"] == [
            {
                "Classification": "spark-env",
                "Configurations": [{"Classification": "export", "ConfigurationProperties": {"A": "1"}}],
            }
        ]
        assert made["BootstrapActions"] == [
            {"Name": "Setup", "ScriptBootstrapAction": {"Path": "s3://bucket/setup.sh", "Args": ["a"]}}
        ]
        assert made["Steps"][0]["HadoopJarStep"]["Args"][-2:] == ["--conf=spark.a=true", "s3://bucket/job.py"]
        assert made["StepConcurrencyLevel"] == 3

    def test_options_override_the_definition(self):
        definition = ClusterDefinition(applications=[Application.SPARK], step_concurrency_level=5)
        _, made = make(definition=definition, step_concurrency_level=2)
        assert made["Applications"] == [{"Name": "Spark"}]
        assert made["StepConcurrencyLevel"] == 2

    def test_idle_timeout(self):
        _, made = make(termination=Termination.when_idle(Duration.minutes(5)))
        assert made["AutoTerminationPolicy"] == {"IdleTimeout": 300}

    def test_key_pair(self):
        stack = new_stack(new_app())
        pair = ec2.KeyPair.from_key_pair_name(stack, "Pair", "ops")
        Cluster(stack, "Cluster", vpc=imported_vpc(stack), key_pair=pair)
        assert only(synthesize(stack), "AWS::EMR::Cluster")["Instances"]["Ec2KeyName"] == "ops"

    def test_public_subnets(self):
        _, made = make(vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC))
        assert made["Instances"]["Ec2SubnetId"] == "subnet-cccc"
        assert "ServiceAccessSecurityGroup" not in made["Instances"]

    def test_an_older_release_gets_what_it_can(self):
        cluster, made = make(release_label=ReleaseLabel.EMR_6_9_0)
        assert made["Instances"]["MasterInstanceGroup"]["InstanceType"] == "m6g.xlarge"
        assert (
            cluster.profile.security_configuration.document["EncryptionConfiguration"]["EnableInTransitEncryption"]
            is False
        )

    def test_spark_8(self):
        stack = new_stack(new_app())
        Cluster(
            stack,
            "Cluster",
            vpc=imported_vpc(stack),
            release_label=ReleaseLabel.EMR_SPARK_8_1_0,
            applications=[Application.SPARK],
        )
        template = synthesize(stack)
        assert ("Ingress", "tcp 443-443", "ServiceAccess", "10.1.0.0/16") in rules(template)
        assert not [rule for rule in rules(template) if "443-9443" in rule[1] or "8443" in rule[1]]

    def test_clusters_of_other_stacks_share_a_profile(self):
        app = new_app()
        base, one, two = (new_stack(app, name) for name in ("Base", "One", "Two"))
        profile = ClusterProfile(base, "Profile", vpc=imported_vpc(base))
        for stack, release in ((one, ReleaseLabel.EMR_7_14_0), (two, ReleaseLabel.EMR_SPARK_8_1_0)):
            Cluster(stack, "Cluster", profile=profile, release_label=release)
        template = synthesize(one)
        assert [made["Type"] for made in template["Resources"].values()] == ["AWS::EMR::Cluster"]
        assert flat(only(template, "AWS::EMR::Cluster")["SecurityConfiguration"]).startswith("<import Base:")
        ports = {rule[1] for rule in rules(synthesize(base)) if rule[2] == "ServiceAccess" and rule[0] == "Ingress"}
        assert ports == {"tcp 9443-9443", "tcp 443-443"}


class TestDependencies:
    def test_rules_policies_routes_and_endpoints_outlive_the_cluster(self, default):
        _, template = default
        needed = depends_on(template)
        for kind in (
            "AWS::EC2::SecurityGroupIngress",
            "AWS::EC2::SecurityGroupEgress",
            "AWS::IAM::ManagedPolicy",
            "AWS::EC2::VPCEndpoint",
        ):
            assert set(resources(template, kind)) <= needed, kind
        routes = {name for name in resources(template, "AWS::EC2::Route") if "PrivateSubnet1" in name}
        assert routes <= needed
        associations = resources(template, "AWS::EC2::SubnetRouteTableAssociation")
        assert {name for name in associations if "PrivateSubnet1" in name} <= needed

    def test_says_no_dependency_twice(self, default):
        _, template = default
        text = json.dumps(only(template, "AWS::EMR::Cluster"))
        assert not [name for name in depends_on(template) if f'"{name}"' in text]

    def test_refers_to_profile_configuration_key_and_bucket(self, default):
        _, template = default
        text = json.dumps(only(template, "AWS::EMR::Cluster"))
        for kind in ("AWS::IAM::InstanceProfile", "AWS::EMR::SecurityConfiguration", "AWS::KMS::Key"):
            (name,) = resources(template, kind)
            assert f'"{name}"' in text, kind

    def test_no_security_group_is_left_to_emr(self, default):
        instances = only(default[1], "AWS::EMR::Cluster")["Instances"]
        for name in ("EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup", "ServiceAccessSecurityGroup"):
            assert flat(instances[name]).endswith(".GroupId>")

    def test_nothing_else_depends_on_the_cluster(self, default):
        _, template = default
        (name,) = resources(template, "AWS::EMR::Cluster")
        assert not [other for other, made in template["Resources"].items() if name in made.get("DependsOn", [])]

    def test_policies_of_imported_roles_are_needed_too(self):
        stack = new_stack(new_app())
        role = iam.Role.from_role_arn(stack, "Service", "arn:aws:iam::111111111111:role/emr")
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), service_role=role)
        Cluster(stack, "Cluster", profile=profile)
        template = synthesize(stack)
        assert set(resources(template, "AWS::IAM::Policy")) <= depends_on(template)


class TestGrantsAndConnections:
    def test_data_is_granted_to_the_nodes_in_a_managed_policy(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        key = kms.Key(stack, "DataKey")
        s3.Bucket(stack, "Data", encryption_key=key).grant_read_write(cluster)
        secretsmanager.Secret(stack, "Password", encryption_key=key).grant_read(cluster)
        template = synthesize(stack)
        assert resources(template, "AWS::IAM::Policy") == {}
        allowed = statements(template, "InstancePolicy")
        assert [one for one in allowed if "s3:GetObject*" in one["Action"]]
        assert [
            one for one in allowed if "kms:Decrypt" in one["Action"] and flat(one["Resource"]).startswith("<DataKey")
        ]
        assert [one for one in allowed if "secretsmanager:DescribeSecret" in one["Action"]]
        via = [
            statement
            for statement in only(template, "AWS::KMS::Key", "DataKey")["KeyPolicy"]["Statement"]
            if flat(statement["Principal"]["AWS"]).startswith("<ClusterProfileInstanceRole")
        ]
        assert via

    def test_all_nodes_connect_to_a_database(self):
        stack = new_stack(new_app())
        vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
        cluster = Cluster(stack, "Cluster", vpc=vpc)
        database = rds.DatabaseInstance(
            stack,
            "Metastore",
            vpc=vpc,
            engine=rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.VER_8_0),
        )
        database.connections.allow_default_port_from(cluster, "Hive metastore")
        sources = {
            rule["Properties"]["SourceSecurityGroupId"]["Fn::GetAtt"][0]
            for rule in resources(synthesize(stack), "AWS::EC2::SecurityGroupIngress").values()
            if rule["Properties"].get("Description") == "Hive metastore"
        }
        assert len(sources) == 2

    def test_others_reach_one_kind_of_nodes(self):
        stack = new_stack(new_app())
        vpc = imported_vpc(stack)
        cluster = Cluster(stack, "Cluster", vpc=vpc)
        bastion = ec2.SecurityGroup(stack, "Bastion", vpc=vpc)
        cluster.profile.security_groups.master.connections.allow_from(bastion, ec2.Port.tcp(8998), "Livy")
        found = [
            rule["Properties"]["GroupId"]["Fn::GetAtt"][0]
            for rule in resources(synthesize(stack), "AWS::EC2::SecurityGroupIngress").values()
            if rule["Properties"]["Description"] == "Livy"
        ]
        assert len(found) == 1
        assert "Master" in found[0]

    @pytest.mark.parametrize(
        ("grant", "actions"),
        [
            ("submit_steps", {"AddJobFlowSteps", "CancelSteps", "DescribeCluster", "DescribeStep", "ListSteps"}),
            ("cancel_steps", {"CancelSteps", "DescribeCluster", "DescribeStep", "ListSteps"}),
            ("terminate", {"DescribeCluster", "TerminateJobFlows"}),
        ],
    )
    def test_grants_on_the_cluster_name_it(self, grant, actions):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        user = iam.Role(stack, "User", assumed_by=iam.AccountRootPrincipal())
        getattr(cluster.grants, grant)(user)
        (statement,) = only(synthesize(stack), "AWS::IAM::Policy", "User")["PolicyDocument"]["Statement"]
        assert set(statement["Action"]) == {f"elasticmapreduce:{action}" for action in actions}
        assert flat(statement["Resource"]).startswith(
            "arn:<AWS::Partition>:elasticmapreduce:<AWS::Region>:<AWS::AccountId>:cluster/<Cluster"
        )

    def test_describing_changes_nothing(self):
        stack = new_stack(new_app())
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        user = iam.Role(stack, "User", assumed_by=iam.AccountRootPrincipal())
        cluster.grants.describe(user)
        (statement,) = only(synthesize(stack), "AWS::IAM::Policy", "User")["PolicyDocument"]["Statement"]
        verbs = {action.split(":")[1] for action in statement["Action"]}
        assert verbs
        assert all(verb.startswith(("Describe", "Get", "List")) for verb in verbs)

    def test_buckets_are_read_below_a_prefix(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        bucket = s3.Bucket(stack, "Data", encryption_key=kms.Key(stack, "DataKey"))
        cluster.grants.read_bucket(bucket, "sales/")
        allowed = [one for one in statements(synthesize(stack), "InstancePolicy") if "Sid" not in one]
        by_action = {one["Action"] if isinstance(one["Action"], str) else one["Action"][0]: one for one in allowed}
        assert set(by_action) == {"s3:GetObject", "s3:GetBucketLocation", "kms:Decrypt"}
        # Hadoop looks for the folder itself too, under two names.
        objects = [flat(arn).partition(".Arn>/")[2] for arn in by_action["s3:GetObject"]["Resource"]]
        assert sorted(objects) == ["sales", "sales/*", "sales_$folder$"]
        assert by_action["s3:GetBucketLocation"]["Action"] == ["s3:GetBucketLocation", "s3:ListBucket"]
        assert "Condition" not in by_action["s3:GetBucketLocation"]
        assert flat(by_action["kms:Decrypt"]["Resource"]).startswith("<DataKey")

    @pytest.mark.parametrize(
        ("prefix", "written", "read_too"),
        [
            ("a/b/", ["a/b", "a/b/*", "a/b_$folder$"], ["a", "a_$folder$"]),
            ("a/part-", ["a/part-*"], ["a", "a_$folder$"]),
            ("part-", ["part-*"], []),
        ],
    )
    def test_folders_above_a_prefix_can_be_read_and_not_written(self, prefix, written, read_too):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        cluster.grants.read_write_bucket(s3.Bucket.from_bucket_name(stack, "Data", "data"), prefix)
        allowed = [one for one in statements(synthesize(stack), "InstancePolicy") if "Sid" not in one]

        def objects(action):
            found = (one for one in allowed if action in as_list(one["Action"]))
            return sorted(flat(arn).partition(":::data/")[2] for one in found for arn in as_list(one["Resource"]))

        assert objects("s3:PutObject") == written
        assert objects("s3:GetObject") == sorted(written + read_too)

    def test_buckets_are_written_where_that_is_asked_for(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        cluster.grants.read_write_bucket(s3.Bucket.from_bucket_name(stack, "Data", "company-data"))
        text = json.dumps([one for one in statements(synthesize(stack), "InstancePolicy") if "Sid" not in one])
        for action in ("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListBucketMultipartUploads"):
            assert f'"{action}"' in text
        assert "s3:prefix" not in text
        assert not [part for part in text.split('"') if part.startswith("s3:") and "*" in part]

    def test_glue_databases_are_named(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        cluster.grants.use_glue_data_catalog("sales")
        (statement,) = (
            one for one in statements(synthesize(stack), "InstancePolicy") if "glue:GetTable" in one["Action"]
        )
        assert sorted(flat(arn).rpartition("AccountId>:")[2] for arn in statement["Resource"]) == [
            "catalog",
            "database/default",
            "database/global_temp",
            "database/sales",
            "table/sales/*",
            "userDefinedFunction/default/*",
            "userDefinedFunction/sales/*",
        ]
        assert not [action for action in statement["Action"] if "Create" in action or "Update" in action]

    def test_glue_databases_are_written_where_that_is_asked_for(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        cluster.grants.use_glue_data_catalog("sales", write=True)
        (write,) = (
            one for one in statements(synthesize(stack), "InstancePolicy") if "glue:CreateTable" in one["Action"]
        )
        assert "database/default" not in str([flat(arn) for arn in write["Resource"]])

    @pytest.mark.parametrize("name", ["", "*", "sales*", "sales?", "${aws:username}", "a/b"])
    def test_glue_databases_have_names(self, stack, name):
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        with pytest.raises(EmrError, match=r"databases must be names of Glue databases, got .*; name each database"):
            cluster.grants.use_glue_data_catalog("hr", name)

    def test_glue_needs_a_database(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        with pytest.raises(EmrError, match="databases must name at least one database of the Glue Data"):
            cluster.grants.use_glue_data_catalog()


class TestSteps:
    def test_a_step_is_submitted_by_the_deployment(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.SPARK])
        cluster.add_step(Step.spark("Nightly run", script=JOB, args=["a"]))
        template = synthesize(stack)
        step = only(template, "AWS::EMR::Step")
        assert step == {
            "Name": "Nightly run",
            "ActionOnFailure": "CONTINUE",
            "JobFlowId": {"Ref": next(iter(resources(template, "AWS::EMR::Cluster")))},
            "HadoopJarStep": {
                "Jar": "command-runner.jar",
                "Args": ["spark-submit", "--deploy-mode", "cluster", "s3://bucket/job.py", "a"],
            },
        }
        assert next(iter(resources(template, "AWS::EMR::Step"))).startswith("ClusterStepNightlyRun")
        assert "Steps" not in only(template, "AWS::EMR::Cluster")

    def test_the_nodes_may_read_its_script(self, tmp_path):
        script = tmp_path / "job.py"
        script.write_text("print(1)\n")
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.SPARK])
        cluster.add_step(Step.spark("Nightly", script=Script.from_asset(script)))
        template = synthesize(stack)
        (read,) = (one for one in statements(template, "InstancePolicy") if one["Action"] == "s3:GetObject")
        assert flat(read["Resource"]).endswith(".py")
        (policy,) = (name for name in resources(template, "AWS::IAM::ManagedPolicy") if "InstancePolicy" in name)
        assert policy in depends_on(template, "AWS::EMR::Step")

    @pytest.mark.parametrize(
        ("termination", "warned"), [(Termination.when_idle(), True), (Termination.manual(), False)]
    )
    def test_warns_that_a_later_deployment_may_find_the_cluster_gone(self, termination, warned):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), termination=termination)
        for name in ("One", "Two"):
            cluster.add_step(Step.jar(name, jar=JOB))
        assert len([found for found in warnings(cluster) if "emr-step-after-idle" in found]) == warned

    @pytest.mark.parametrize("action", ActionOnFailure)
    def test_warns_about_an_added_step_that_terminates_the_cluster(self, action):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), termination=Termination.manual())
        cluster.add_step(Step.jar("One", jar=JOB, action_on_failure=action))
        found = [text for text in warnings(cluster) if "emr-added-step-failure" in text]
        assert len(found) == (action is ActionOnFailure.TERMINATE_CLUSTER)

    @pytest.mark.parametrize("construct_id", ["Resource", "Profile"])
    def test_a_step_cannot_have_the_id_of_a_part_of_the_cluster(self, stack, construct_id):
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        with pytest.raises(EmrError, match=f"the ID of the step must be unique in the cluster, got '{construct_id}'"):
            cluster.add_step(Step.jar("One", jar=JOB), construct_id=construct_id)

    def test_scripts_and_steps_do_not_share_ids(self, stack, tmp_path):
        script = tmp_path / "a.py"
        script.write_text("print(1)\n")
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.SPARK])
        cluster.add_step(Step.spark("a", script=Script.from_asset(script)))
        cluster.add_step(Step.spark("A Script1", script=Script.from_asset(script)))

    def test_the_logs_of_a_step_go_where_it_says(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=[Application.SPARK])
        logs = s3.Bucket(stack, "Audit", encryption_key=kms.Key(stack, "AuditKey"))
        cluster.add_step(Step.spark("Nightly", script=JOB).with_logs(logs, "nightly/"))
        template = synthesize(stack)
        step = only(template, "AWS::EMR::Step")
        assert flat(step["LogUri"]).endswith(">/nightly/")
        assert flat(step["EncryptionKeyArn"]).startswith("<AuditKey")
        nodes = [one for one in statements(template, "InstancePolicy") if "Audit" in str(one["Resource"])]
        assert [one["Action"] for one in nodes] == ["s3:PutObject", ["kms:Decrypt", "kms:GenerateDataKey"]]
        assert flat(nodes[0]["Resource"]).endswith(".Arn>/nightly/*")
        (described,) = [one for one in statements(template, "ServicePolicy") if "AuditKey" in str(one["Resource"])]
        assert described["Action"] == "kms:DescribeKey"

    def test_steps_run_in_the_order_in_which_they_were_added(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        for name in ("One", "Two", "Three"):
            cluster.add_step(Step.jar(name, jar=JOB))
        template = synthesize(stack)
        names = {made["Properties"]["Name"]: name for name, made in resources(template, "AWS::EMR::Step").items()}
        steps = template["Resources"]
        assert names["One"] in steps[names["Two"]]["DependsOn"]
        assert names["Two"] in steps[names["Three"]]["DependsOn"]

    def test_steps_of_a_cluster_that_runs_several_do_not_wait(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), step_concurrency_level=2)
        for name in ("One", "Two"):
            cluster.add_step(Step.jar(name, jar=JOB))
        template = synthesize(stack)
        for made in resources(template, "AWS::EMR::Step").values():
            assert not set(made["DependsOn"]) & set(resources(template, "AWS::EMR::Step"))

    def test_two_steps_of_one_name_need_ids(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
        cluster.add_step(Step.jar("Load data", jar=JOB))
        with pytest.raises(
            EmrError, match="the ID of the step must be unique in the cluster, got 'StepLoadData' twice; use another"
        ):
            cluster.add_step(Step.jar("load-data", jar=JOB))
        cluster.add_step(Step.jar("load-data", jar=JOB), construct_id="Again")
        assert len(resources(synthesize(stack), "AWS::EMR::Step")) == 2

    def test_rejects_a_step_that_the_cluster_cannot_run(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), step_concurrency_level=2)
        with pytest.raises(EmrError) as error:
            cluster.add_step(Step.spark("a", script=JOB, action_on_failure=ActionOnFailure.TERMINATE_CLUSTER))
        assert [finding.rule for finding in error.value.findings] == [
            "emr-step-application",
            "emr-step-concurrency-failure",
        ]
        assert "got TERMINATE_CLUSTER for step 'a'" in error.value.problems[1]
        assert error.value.path == "Test/Cluster"

    def test_rejects_a_step_for_a_cluster_that_ends_before(self):
        stack = new_stack(new_app())
        cluster = Cluster(
            stack,
            "Cluster",
            vpc=imported_vpc(stack),
            steps=[Step.jar("a", jar=JOB)],
            termination=Termination.after_steps(),
        )
        with pytest.raises(EmrError, match=r"step 'b' can't be added to a cluster that is terminated after its steps"):
            cluster.add_step(Step.jar("b", jar=JOB))


class TestImported:
    @pytest.mark.parametrize("cluster_id", ["", "my-cluster", "j-", "arn:aws:elasticmapreduce:us-east-1:1:cluster/j-1"])
    def test_needs_an_id(self, stack, cluster_id):
        with pytest.raises(EmrError, match="cluster_id must be a cluster ID such as 'j-2AXXXXXXGAPLF', got") as error:
            Cluster.from_cluster_attributes(stack, "Cluster", cluster_id=cluster_id)
        assert error.value.path == "Test/Cluster"

    def test_the_id_can_be_a_token(self, stack):
        cluster_id = Fn.import_value("ClusterId")
        assert Cluster.from_cluster_attributes(stack, "Cluster", cluster_id=cluster_id).cluster_id == cluster_id

    def test_knows_what_it_was_told(self, stack):
        vpc = imported_vpc(stack)
        role = iam.Role.from_role_arn(stack, "Nodes", "arn:aws:iam::111111111111:role/nodes")
        group = ec2.SecurityGroup(stack, "Group", vpc=vpc)
        cluster = Cluster.from_cluster_attributes(
            stack, "Cluster", cluster_id="j-1", instance_role=role, security_groups=[group]
        )
        assert cluster.cluster_id == cluster.cluster_ref.cluster_id == "j-1"
        s3.Bucket(stack, "Data").grant_read(cluster)
        ec2.SecurityGroup(stack, "Database", vpc=vpc).connections.allow_from(cluster, ec2.Port.tcp(3306))
        template = synthesize(stack)
        assert only(template, "AWS::IAM::Policy")["Roles"] == ["nodes"]
        assert len(resources(template, "AWS::EC2::SecurityGroupIngress")) == 1

    def test_takes_steps(self, stack, tmp_path):
        script = tmp_path / "job.py"
        script.write_text("print(1)\n")
        key = kms.Key(stack, "JobsKey")
        bucket = s3.Bucket(stack, "Jobs", encryption_key=key)
        role = iam.Role.from_role_arn(stack, "Nodes", "arn:aws:iam::111111111111:role/nodes")
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1", instance_role=role)
        cluster.add_step(Step.spark("One", script=Script.from_asset(script)))
        cluster.add_step(Step.spark("Two", script=Script.from_bucket(bucket, "job.py")))
        template = synthesize(stack)
        steps = resources(template, "AWS::EMR::Step")
        assert {made["Properties"]["JobFlowId"] for made in steps.values()} == {"j-1"}
        allowed = only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
        assert [one["Action"] for one in allowed if one["Action"] != "s3:GetObject"] == ["kms:Decrypt"]

    def test_steps_write_logs_of_their_own(self, stack):
        role = iam.Role.from_role_arn(stack, "LoggingNodes", "arn:aws:iam::111111111111:role/logging")
        cluster = Cluster.from_cluster_attributes(stack, "Logging", cluster_id="j-2", instance_role=role)
        bucket = s3.Bucket.from_bucket_name(stack, "Central", "central-logs")
        cluster.add_step(Step.jar("Logged", jar=JOB).with_logs(bucket, "logged/"))
        template = synthesize(stack)
        assert only(template, "AWS::EMR::Step", "LoggingStep")["LogUri"] == "s3://central-logs/logged/"
        (allowed,) = only(template, "AWS::IAM::Policy", "Logging")["PolicyDocument"]["Statement"]
        assert allowed["Action"] == "s3:PutObject"

    def test_says_what_it_cannot_do(self, stack):
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        with pytest.raises(EmrError, match="permissions can't be granted to a cluster whose instance role isn't known"):
            _ = cluster.grant_principal
        with pytest.raises(EmrError, match="connections can't be allowed to a cluster whose security groups"):
            _ = cluster.connections
        with pytest.raises(EmrError, match="the DNS name of the primary node isn't known; import the cluster with mas"):
            _ = cluster.master_public_dns


class TestRefusals:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                {},
                "specify exactly one of vpc and profile, got neither",
            ),
            ({"vpc": True, "profile": True}, "specify exactly one of vpc and profile, got both"),
            (
                {"profile": True, "vpc_subnets": ec2.SubnetSelection()},
                "vpc_subnets can't be combined with profile; pass it to the profile",
            ),
            (
                {"vpc": True, "removal_policy": RemovalPolicy.SNAPSHOT},
                "removal_policy must be DESTROY or RETAIN, got",
            ),
            ({"vpc": True, "release": "emr-7.14.0"}, "a cluster has no option 'release'"),
            (
                {"vpc": True, "step_concurrency_level": 0},
                "step concurrency level must be 1 to 256, got 0; use 1 to 256",
            ),
        ],
    )
    def test_arguments(self, stack, options, message):
        vpc = imported_vpc(stack)
        if "vpc" in options:
            options = {**options, "vpc": vpc}
        if "profile" in options:
            options = {**options, "profile": ClusterProfile(stack, "Profile", vpc=vpc)}
        with pytest.raises(EmrError, match=message) as error:
            Cluster(stack, "Cluster", **options)
        assert error.value.path == "Test/Cluster"

    def test_a_release_without_what_the_security_configuration_asks_for(self, stack):
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        with pytest.raises(EmrError, match="release must support in-transit encryption with EMR-managed certificates"):
            Cluster(stack, "Cluster", profile=profile, release_label=ReleaseLabel.EMR_7_10_0)

    def test_a_release_with_certificates_of_ones_own(self, stack):
        configuration = SecurityConfiguration(
            stack,
            "Security",
            encryption_key=imported_key(stack),
            in_transit_encryption=InTransitEncryption.pem(Script.from_uri("s3://bucket/certificates.zip")),
        )
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=configuration)
        Cluster(stack, "Cluster", profile=profile, release_label=ReleaseLabel.EMR_7_10_0)

    def test_warnings_have_ids_and_can_be_acknowledged(self):
        stack = new_stack(new_app())
        cluster = Cluster(
            stack,
            "Cluster",
            vpc=ec2.Vpc(stack, "Vpc", max_azs=1),
            release_label=ReleaseLabel.of("emr-7.99.0"),
            applications=[Application.HBASE],
        )
        found = sorted(message.rpartition("Annotation::")[2].rstrip("]") for message in warnings(cluster))
        assert found == ["emr-idle-not-on-yarn", "emr-release-unknown"]
        for rule in found:
            Validations.of(cluster).acknowledge(Acknowledgment(id=rule, reason="The release notes say so."))
        messages = stack.node.root.synth().get_stack_by_name(stack.stack_name).messages
        assert not [message for message in messages if "emr-" in str(message.entry.data)]


class TestFindings:
    """What the library answers for when checkers ask who can log in, and what it leaves to others."""

    @staticmethod
    def reasons(**profile):
        stack = new_stack(new_app())
        vpc = imported_vpc(stack)
        if profile.pop("given_groups", False):
            group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")
            groups = ClusterSecurityGroups.from_security_groups(master=group, core=group, service_access=group)
            profile["security_groups"] = groups
        cluster = Cluster(stack, "Cluster", profile=ClusterProfile(stack, "Profile", vpc=vpc, **profile))
        entries = [entry.data for entry in cluster.node.default_child.node.metadata]
        known = [data for data in entries if isinstance(data, dict)]
        return {rule.removeprefix("Annotation::"): reason for data in known for rule, reason in data.items()}

    def test_sessions_are_the_only_way(self):
        assert "sessions use AWS Systems Manager" in self.reasons()["AwsSolutions-EMR6"]

    def test_nobody_logs_in(self):
        assert "no access with AWS Systems Manager" in self.reasons(session_manager=False)["AwsSolutions-EMR6"]

    def test_groups_from_elsewhere_may_let_anybody_in(self):
        assert not [rule for rule in self.reasons(given_groups=True) if "EMR6" in rule or "Kerberos" in rule]
