"""The stacks of the app, deployed by the real CLI to moto and read back as AWS would report them."""

from __future__ import annotations

import ast
import json
from functools import cached_property
from typing import Any

import pytest
from botocore.exceptions import ClientError

import app as project
from tests.deploy.emulator import ACCOUNT, REGION, Emulator
from tests.tools import as_list, new_app, only, resolve, resources

NETWORK, ANALYTICS, JOB = "EmrNetwork-dev", "EmrAnalytics-dev", "EmrJob-dev"
PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
}


class Deployment:
    """What is deployed: the templates, and clients that tell what became of them."""

    def __init__(self, aws: Emulator) -> None:
        self.aws = aws
        self.said = aws.deploy()

    @cached_property
    def stacks(self) -> dict[str, Any]:
        return {found["StackName"]: found for found in self.aws.client("cloudformation").describe_stacks()["Stacks"]}

    @cached_property
    def templates(self) -> dict[str, Any]:
        cloudformation = self.aws.client("cloudformation")
        return {name: cloudformation.get_template(StackName=name)["TemplateBody"] for name in (NETWORK, ANALYTICS)}

    @cached_property
    def physical_ids(self) -> dict[str, str]:
        cloudformation = self.aws.client("cloudformation")
        return {
            found["LogicalResourceId"]: found["PhysicalResourceId"]
            for name in (NETWORK, ANALYTICS)
            for found in cloudformation.describe_stack_resources(StackName=name)["StackResources"]
            if "PhysicalResourceId" in found
        }

    @cached_property
    def exports(self) -> dict[str, str]:
        return {found["Name"]: found["Value"] for found in self.aws.client("cloudformation").list_exports()["Exports"]}

    @cached_property
    def outputs(self) -> dict[str, str]:
        return {found["OutputKey"]: found["OutputValue"] for found in self.stacks[ANALYTICS]["Outputs"]}

    @cached_property
    def job(self) -> dict[str, str]:
        """The outputs of the stack of the job."""
        return {found["OutputKey"]: found["OutputValue"] for found in self.stacks[JOB]["Outputs"]}

    @cached_property
    def cluster(self) -> dict[str, Any]:
        emr = self.aws.client("emr")
        return emr.describe_cluster(ClusterId=self.physical_ids[self.logical_id("AWS::EMR::Cluster")])["Cluster"]

    def logical_id(self, kind: str, containing: str = "") -> str:
        (found,) = (name for name in resources(self.templates[ANALYTICS], kind) if containing in name)
        return found

    def physical_id(self, kind: str, containing: str = "") -> str:
        return self.physical_ids[self.logical_id(kind, containing)]

    def policy(self, logical_id: str) -> Any:
        """The document of a managed policy."""
        iam = self.aws.client("iam")
        found = iam.get_policy(PolicyArn=self.physical_ids[logical_id])["Policy"]
        version = iam.get_policy_version(PolicyArn=found["Arn"], VersionId=found["DefaultVersionId"])
        return version["PolicyVersion"]["Document"]

    def resolve(self, value: Any) -> Any:
        """``value`` of a template with what its functions stand for in the deployment."""
        return resolve(value, self._find)

    def _find(self, name: str, attribute: str) -> Any:
        match attribute:
            case "Fn::ImportValue":
                return self.exports[name]
            case "Arn":
                return self._arn(name)
            case "Ref" | "GroupId":
                return PSEUDO_PARAMETERS.get(name) or self.physical_ids[name]
            case _:
                raise AssertionError(attribute)

    def _arn(self, name: str) -> str:
        kind = self.templates[ANALYTICS]["Resources"][name]["Type"]
        physical = self.physical_ids[name]
        match kind:
            case "AWS::IAM::Role":
                return self.aws.client("iam").get_role(RoleName=physical)["Role"]["Arn"]
            case "AWS::KMS::Key":
                return f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{physical}"
            case "AWS::S3::Bucket":
                return f"arn:aws:s3:::{physical}"
            case _:
                raise AssertionError(kind)


@pytest.fixture(scope="module")
def aws():
    with Emulator() as running:
        running.cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}")
        yield running


@pytest.fixture(scope="module")
def deployment(aws):
    return Deployment(aws)


def test_all_stacks_are_complete(deployment):
    states = {name: deployment.stacks[name]["StackStatus"] for name in (NETWORK, ANALYTICS, JOB)}
    assert states == dict.fromkeys((NETWORK, ANALYTICS, JOB), "CREATE_COMPLETE")


def test_the_cluster_runs_with_its_name_and_its_parts(deployment):
    cluster = deployment.cluster
    assert cluster["Name"] == f"{ANALYTICS}/Cluster"
    assert cluster["Status"]["State"] == "WAITING"
    assert cluster["ReleaseLabel"] == "emr-7.14.0"
    assert cluster["LogUri"] == f"s3://{deployment.physical_id('AWS::S3::Bucket', 'LogsBucket')}/emr/"
    attributes = cluster["Ec2InstanceAttributes"]
    groups = ("EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup", "ServiceAccessSecurityGroup")
    assert [attributes[group] for group in groups] == [
        deployment.physical_id("AWS::EC2::SecurityGroup", group) for group in ("Master", "Core", "ServiceAccess")
    ]
    assert attributes["IamInstanceProfile"] == deployment.physical_id("AWS::IAM::InstanceProfile")
    subnets = deployment.aws.client("ec2").describe_subnets(SubnetIds=[attributes["Ec2SubnetId"]])["Subnets"]
    assert {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"} in subnets[0]["Tags"]


def test_the_outputs_lead_to_the_cluster(deployment):
    cluster_id = deployment.cluster["Id"]
    assert deployment.outputs["ClusterId"] == cluster_id
    assert deployment.outputs["LogUri"] == f"{deployment.cluster['LogUri']}{cluster_id}/"
    assert deployment.outputs["MasterPublicDns"] == deployment.cluster["MasterPublicDnsName"]
    assert f"--region {REGION} --cluster-id {cluster_id} " in deployment.outputs["SessionCommand"]


def test_the_security_configuration_encrypts_with_the_deployed_key(deployment):
    name = deployment.physical_id("AWS::EMR::SecurityConfiguration")
    found = deployment.aws.client("emr").describe_security_configuration(Name=name)
    # moto's CloudFormation keeps the object, and shows it as Python would.
    document = ast.literal_eval(found["SecurityConfiguration"])
    key = deployment.resolve({"Fn::GetAtt": [deployment.logical_id("AWS::KMS::Key", "Profile"), "Arn"]})
    assert document["EncryptionConfiguration"]["AtRestEncryptionConfiguration"] == {
        "S3EncryptionConfiguration": {"EncryptionMode": "SSE-KMS", "AwsKmsKey": key},
        "LocalDiskEncryptionConfiguration": {
            "EncryptionKeyProviderType": "AwsKms",
            "AwsKmsKey": key,
            "EnableEbsEncryption": True,
        },
    }
    assert document["EncryptionConfiguration"]["EnableInTransitEncryption"] is True
    assert document["InstanceMetadataServiceConfiguration"] == {
        "MinimumInstanceMetadataServiceVersion": 2,
        "HttpPutResponseHopLimit": 1,
    }


def test_each_security_group_has_the_rules_of_its_template_and_no_other(deployment):
    names = ("Master", "Core", "ServiceAccess")
    groups = {deployment.physical_id("AWS::EC2::SecurityGroup", name): name for name in names}

    def readable(rule: dict[str, Any], group: str, way: str, peer: str | None) -> tuple[Any, ...]:
        ports = rule.get("FromPort"), rule.get("ToPort")
        return (groups[group], way, rule["IpProtocol"], *ports, groups.get(peer, peer))

    found = {
        readable(rule, rule["GroupId"], "out" if rule["IsEgress"] else "in", rule["ReferencedGroupInfo"]["GroupId"])
        for rule in deployment.aws.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
        # moto keeps the rule to anywhere of each new group, so what else may go out is compared.
        if rule["GroupId"] in groups and rule.get("CidrIpv4") != "0.0.0.0/0"
    }
    assert found == {
        readable(rule, rule["GroupId"], way, rule[peer])
        for kind, way, peer in (
            ("Ingress", "in", "SourceSecurityGroupId"),
            ("Egress", "out", "DestinationSecurityGroupId"),
        )
        for rule in deployment.resolve(
            [
                made["Properties"]
                for made in resources(deployment.templates[ANALYTICS], f"AWS::EC2::SecurityGroup{kind}").values()
            ]
        )
    }
    assert found >= {
        ("ServiceAccess", "in", "tcp", 9443, 9443, "Master"),
        ("Master", "in", "tcp", 8443, 8443, "ServiceAccess"),
        ("Core", "in", "tcp", 8443, 8443, "ServiceAccess"),
        ("ServiceAccess", "out", "tcp", 8443, 8443, "Master"),
        ("ServiceAccess", "out", "tcp", 8443, 8443, "Core"),
    }


@pytest.mark.parametrize(
    ("role", "service"),
    [("ServiceRole", "elasticmapreduce.amazonaws.com"), ("InstanceRole", "ec2.amazonaws.com")],
)
def test_only_the_service_that_needs_a_role_can_assume_it(deployment, role, service):
    name = deployment.physical_id("AWS::IAM::Role", role)
    trust = deployment.aws.client("iam").get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert [(statement["Effect"], statement["Action"], statement["Principal"]) for statement in trust] == [
        ("Allow", "sts:AssumeRole", {"Service": service})
    ]
    if role == "ServiceRole":
        assert trust[0]["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:elasticmapreduce:{REGION}:{ACCOUNT}:*"},
        }


@pytest.mark.parametrize("role", ["ServiceRole", "InstanceRole"])
def test_a_role_has_the_policies_of_the_template_and_no_inline_ones(deployment, role):
    iam = deployment.aws.client("iam")
    logical_id, name = deployment.logical_id("AWS::IAM::Role", role), deployment.physical_id("AWS::IAM::Role", role)
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == []
    policies = {
        policy_id: policy["Properties"]["PolicyDocument"]
        for policy_id, policy in resources(deployment.templates[ANALYTICS], "AWS::IAM::ManagedPolicy").items()
        if {"Ref": logical_id} in policy["Properties"]["Roles"]
    }
    assert policies
    # Policies of AWS are not among them: moto's CloudFormation does not attach those.
    attached = {policy["PolicyArn"] for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]}
    assert attached == {deployment.physical_ids[policy_id] for policy_id in policies}
    for policy_id, document in policies.items():
        assert deployment.policy(policy_id) == deployment.resolve(document)


def test_roles_are_passed_one_by_one_and_to_one_service(deployment):
    iam = deployment.aws.client("iam")
    passed = [
        (statement["Resource"], statement["Condition"])
        for name in resources(deployment.templates[ANALYTICS], "AWS::IAM::ManagedPolicy")
        for statement in deployment.policy(name)["Statement"]
        if "iam:PassRole" in as_list(statement["Action"])
    ]
    role = iam.get_role(RoleName=deployment.physical_id("AWS::IAM::Role", "InstanceRole"))["Role"]["Arn"]
    assert passed == [(role, {"StringLike": {"iam:PassedToService": "ec2.amazonaws.com*"}})]


def test_the_log_bucket_is_encrypted_with_the_deployed_key(deployment):
    bucket = deployment.physical_id("AWS::S3::Bucket", "LogsBucket")
    encryption = deployment.aws.client("s3").get_bucket_encryption(Bucket=bucket)
    (rule,) = encryption["ServerSideEncryptionConfiguration"]["Rules"]
    key = deployment.resolve({"Fn::GetAtt": [deployment.logical_id("AWS::KMS::Key", "Profile"), "Arn"]})
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}


def test_the_bootstrap_script_is_where_the_cluster_looks_for_it_and_its_nodes_may_read_it(deployment):
    template = deployment.templates[ANALYTICS]
    (action,) = only(template, "AWS::EMR::Cluster")["BootstrapActions"]
    uri = deployment.resolve(action["ScriptBootstrapAction"]["Path"])
    bucket, key = uri.removeprefix("s3://").split("/", 1)
    body = deployment.aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    assert body == project.NODE_FACTS.read_bytes()
    policy = only(template, "AWS::IAM::ManagedPolicy", "InstancePolicy")["PolicyDocument"]["Statement"]
    readable = [statement for statement in policy if statement["Action"] == "s3:GetObject"]
    assert deployment.resolve([statement["Resource"] for statement in readable]) == [f"arn:aws:s3:::{bucket}/{key}"]


@pytest.fixture
def launched(deployment):
    ids: list[str] = []
    yield ids
    deployment.aws.client("emr").terminate_job_flows(JobFlowIds=ids)


def test_emr_takes_the_same_cluster_as_a_request(deployment, launched):
    """moto's CloudFormation ignores most of a cluster; its RunJobFlow does not, and botocore checks the members."""
    app = new_app()
    project.build(app)
    stack = app.node.find_child(ANALYTICS)
    app.synth()  # what the stacks refer to across their borders gets its name
    request = deployment.resolve(stack.resolve(stack.cluster.run_job_flow_request))
    emr = deployment.aws.client("emr")
    cluster_id = emr.run_job_flow(**request)["JobFlowId"]
    launched.append(cluster_id)
    cluster = emr.describe_cluster(ClusterId=cluster_id)["Cluster"]
    for member in ("Name", "ReleaseLabel", "LogUri", "ServiceRole", "Tags"):
        assert cluster[member] == deployment.cluster[member]
    assert cluster["Ec2InstanceAttributes"].items() >= deployment.cluster["Ec2InstanceAttributes"].items()
    assert cluster["SecurityConfiguration"] == deployment.physical_id("AWS::EMR::SecurityConfiguration")
    assert (cluster["AutoTerminate"], cluster["TerminationProtected"]) == (False, False)
    assert cluster["StepConcurrencyLevel"] == 4
    assert [application["Name"] for application in cluster["Applications"]] == ["Spark", "Livy"]
    assert {found["Classification"]: found["Properties"] for found in cluster["Configurations"]} == {
        "spark-defaults": {"spark.dynamicAllocation.enabled": "true"},
        "spark-hive-site": {
            "hive.metastore.client.factory.class": (
                "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory"
            )
        },
    }
    groups = emr.list_instance_groups(ClusterId=cluster_id)["InstanceGroups"]
    found = {
        group["InstanceGroupType"]: (group["InstanceType"], group["RequestedInstanceCount"], group["Market"])
        for group in groups
    }
    assert found == {"MASTER": ("m7g.xlarge", 1, "ON_DEMAND"), "CORE": ("m7g.xlarge", 2, "ON_DEMAND")}
    for group in groups:
        assert [volume["VolumeSpecification"] for volume in group["EbsBlockDevices"]] == [
            {"VolumeType": "gp3", "SizeInGB": 32},
            {"VolumeType": "gp3", "SizeInGB": 32},
        ]
    (action,) = emr.list_bootstrap_actions(ClusterId=cluster_id)["BootstrapActions"]
    assert (action["Name"], action["ScriptPath"].rsplit("/", 1)[0]) == (
        "Node facts",
        f"s3://cdk-hnb659fds-assets-{ACCOUNT}-{REGION}",
    )


@pytest.mark.parametrize("date", ["2026-11-22", "2026-11-23"])
def test_the_job_runs_on_a_cluster_that_is_gone_afterwards(deployment, date):
    emr = deployment.aws.client("emr")
    done = deployment.aws.run(deployment.job["StateMachineArn"], f"day-{date}", {"day": date})
    assert done["status"] == "SUCCEEDED", done
    cluster_id = ast.literal_eval(done["output"])["ClusterId"]
    cluster = emr.describe_cluster(ClusterId=cluster_id)["Cluster"]
    assert cluster["Name"] == f"{JOB}/Job day-{date}"
    assert cluster["Status"]["State"] == "TERMINATED"
    tags = {tag["Key"]: tag["Value"] for tag in cluster["Tags"]}
    launcher = tags["emr-constructs:launcher"]
    assert launcher.startswith(f"{JOB}/Job c8")
    assert tags == {
        "environment": "dev",
        "emr-constructs:execution": done["executionArn"],
        "emr-constructs:launcher": launcher,
        "for-use-with-amazon-emr-managed-policies": "true",
    }
    (step,) = emr.list_steps(ClusterId=cluster_id)["Steps"]
    *_, script, _, day, _, orders, _, products, _, output = step["Config"]["Args"]
    assert day == date
    s3 = deployment.aws.client("s3")
    for uri, name in ((script, "daily_sales.py"), (orders, "data/orders.csv"), (products, "data/products.csv")):
        bucket, key = uri.removeprefix("s3://").split("/", 1)
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == (project.JOBS / name).read_bytes()
    assert output == f"{cluster['LogUri'].removesuffix('emr/')}results/"


def test_an_aborted_execution_leaves_a_cluster_that_the_cleanup_terminates(deployment):
    stopped = deployment.aws.abort(deployment.job["StateMachineArn"], "aborted", {"day": "2026-11-24"})
    assert stopped["status"] == "ABORTED"
    emr = deployment.aws.client("emr")

    def state():
        (found,) = (one for one in emr.list_clusters()["Clusters"] if one["Name"] == f"{JOB}/Job aborted")
        return found["Status"]["State"]

    assert state() in ("RUNNING", "WAITING")
    cleaned = deployment.aws.clean_up(stopped)
    assert cleaned["status"] == "SUCCEEDED", cleaned
    assert state() == "TERMINATED"


def test_the_job_publishes_how_it_went(deployment):
    sns, sqs = deployment.aws.client("sns"), deployment.aws.client("sqs")
    queue = sqs.create_queue(QueueName="subscriber")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:subscriber"
    sns.subscribe(TopicArn=deployment.job["TopicArn"], Protocol="sqs", Endpoint=arn)
    done = deployment.aws.run(deployment.job["StateMachineArn"], "refused", {"day": "tomorrow"})
    assert (done["status"], done["error"]) == ("FAILED", "InvalidInput")
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"])["Subject"] == f"{JOB}/Job failed"


def test_an_unchanged_app_has_nothing_to_deploy(deployment):
    assert "no differences" in deployment.aws.cdk("diff", "--all", "--method=template").lower()


def test_destroy_leaves_no_cluster_no_group_and_no_network(aws, deployment):
    """moto, like EMR, makes ``ElasticMapReduce-*`` groups for what a cluster does not name; they would keep the VPC."""
    network = deployment.physical_ids[next(iter(resources(deployment.templates[NETWORK], "AWS::EC2::VPC")))]
    kept = deployment.physical_id("AWS::S3::Bucket", "LogsBucket")
    aws.destroy()
    emr, ec2 = aws.client("emr"), aws.client("ec2")
    alive = emr.list_clusters(ClusterStates=["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"])["Clusters"]
    assert alive == []
    groups = ec2.describe_security_groups()["SecurityGroups"]
    default_vpc = {
        vpc["VpcId"] for vpc in ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    }
    assert {group["GroupName"] for group in groups if group["VpcId"] not in default_vpc} == set()
    assert not [group for group in groups if group["GroupName"].startswith("ElasticMapReduce")]
    with pytest.raises(ClientError, match="InvalidVpcID"):
        ec2.describe_vpcs(VpcIds=[network])
    assert kept in [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]], "the logs are kept"
