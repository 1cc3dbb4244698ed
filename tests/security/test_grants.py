"""What the nodes may do with data that has a construct: exactly what its own grant says, on that resource alone."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from emr_constructs import Cluster, EmrError
from tests.tools import as_list, flat, imported_key, imported_vpc, new_app, new_stack, only, statements, synthesize

ACCOUNT = "us-east-1:111111111111"


def make_cluster():
    stack = new_stack(new_app())
    return Cluster(stack, "Cluster", vpc=imported_vpc(stack))


@pytest.fixture(scope="module")
def without_data():
    return statements(synthesize(make_cluster()), "InstancePolicy")


@pytest.fixture
def cluster():
    return make_cluster()


@pytest.fixture
def granted(cluster, without_data):
    """Actions and resources of the statements that a cluster without data does not have."""

    def added():
        listed = statements(synthesize(cluster), "InstancePolicy")
        assert [found for found in without_data if found not in listed] == []
        return [
            (sorted(as_list(found["Action"])), [flat(resource) for resource in as_list(found["Resource"])])
            for found in listed
            if found not in without_data
        ]

    return added


def test_a_table_that_the_jobs_read_and_write(cluster, granted):
    arn = f"arn:aws:dynamodb:{ACCOUNT}:table/orders"
    table = dynamodb.Table.from_table_arn(cluster.stack, "Orders", arn)
    table.grant_read_write_data(cluster)
    assert granted() == [
        (
            [
                f"dynamodb:{action}"
                for action in (
                    "BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "DescribeTable", "GetItem",
                    "GetRecords", "GetShardIterator", "PutItem", "Query", "Scan", "UpdateItem",
                )
            ],
            [arn],
        )
    ]  # fmt: skip


def test_a_stream_that_the_jobs_read(cluster, granted):
    arn = f"arn:aws:kinesis:{ACCOUNT}:stream/clicks"
    kinesis.Stream.from_stream_arn(cluster.stack, "Clicks", arn).grant_read(cluster)
    assert granted() == [
        (
            [
                f"kinesis:{action}"
                for action in (
                    "DescribeStream", "DescribeStreamConsumer", "DescribeStreamSummary", "GetRecords",
                    "GetShardIterator", "ListShards", "ListStreams", "SubscribeToShard",
                )
            ],
            [arn],
        )
    ]  # fmt: skip


def test_a_secret_that_the_jobs_read_with_its_key(cluster, granted):
    arn = f"arn:aws:secretsmanager:{ACCOUNT}:secret:warehouse-abc123"
    key = imported_key(cluster.stack)
    secretsmanager.Secret.from_secret_attributes(
        cluster.stack, "Warehouse", secret_complete_arn=arn, encryption_key=key
    ).grant_read(cluster)
    # CDK extends the policy of the key for this, which it cannot where the key is imported.
    key.grant_decrypt(cluster)
    assert granted() == [
        (["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], [arn]),
        (["kms:Decrypt"], [key.key_arn]),
    ]


def test_a_secret_of_the_stack_names_the_role_in_the_policy_of_its_key(cluster, granted):
    secretsmanager.Secret(cluster.stack, "Warehouse").grant_read(cluster)
    ((actions, resources),) = granted()
    assert actions == ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    assert resources[0].startswith("<Warehouse")


def test_an_imported_cluster_takes_grants_with_its_role():
    stack = new_stack(new_app())
    role = iam.Role.from_role_arn(stack, "Nodes", "arn:aws:iam::111111111111:role/nodes")
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1", instance_role=role)
    table = dynamodb.Table.from_table_name(stack, "Orders", "orders")
    table.grant(cluster, "dynamodb:Scan")
    (statement,) = only(synthesize(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statement["Action"] == "dynamodb:Scan"
    assert flat(statement["Resource"]).endswith(":table/orders")


@pytest.fixture(scope="module")
def imported():
    stack = new_stack(new_app())
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    return Cluster.from_cluster_attributes(stack, "Imported", cluster_id="j-1", instance_role=role)


@pytest.fixture(scope="module")
def bucket(imported):
    return s3.Bucket.from_bucket_name(imported.stack, "Bucket", "company-data")


@pytest.mark.parametrize("prefix", ["/sales/", "s3://company-data/sales/", "*", "sal*/", "sales?/", "${aws:username}/"])
@pytest.mark.parametrize("method", ["read_bucket", "read_write_bucket", "write_logs"])
def test_rejects_a_prefix_that_is_none(imported, bucket, method, prefix):
    with pytest.raises(EmrError, match="prefix must be a literal prefix of object keys, got ") as error:
        getattr(imported.grants, method)(bucket, prefix)
    assert error.value.path == "Test/Imported"


def test_the_prefix_can_be_a_token(imported, bucket):
    imported.grants.read_bucket(bucket, f"{cdk.Aws.REGION}/sales/")


def test_a_prefix_can_be_left_out(imported, bucket):
    imported.grants.read_bucket(bucket, None)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda grants: grants.read_bucket("my-bucket"),
            "bucket must be an s3.IBucket, got 'my-bucket'; use s3.Bucket",
        ),
        (lambda grants: grants.submit_steps("arn:aws:iam::1:role/a"), "grantee must be an iam.IGrantable, got 'arn"),
        (lambda grants: grants.terminate(None), "grantee must be an iam.IGrantable, got None; use iam.Role.from_role"),
        (lambda grants: grants.use_glue_data_catalog(["sales"]), "databases[0] must be a string, got ['sales']"),
        (lambda grants: grants.use_glue_data_catalog("sales", write="no"), "write must be a boolean, got 'no'"),
    ],
)
def test_arguments_are_checked(imported, call, message):
    with pytest.raises(EmrError) as error:
        call(imported.grants)
    assert str(error.value).startswith(message)
    assert error.value.path == "Test/Imported"
