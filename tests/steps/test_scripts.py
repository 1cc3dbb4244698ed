from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from emr_constructs import BootstrapAction, EmrError, JobInput, Script, Step
from emr_constructs._core.unknown import is_unknown
from emr_constructs.rules import check
from emr_constructs.steps.scripts import unlocated
from tests.tools import flat, imported_key

JAR = Script.from_uri("s3://bucket/job.jar")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "job.py"
    path.write_text("print(1)\n")
    return path


def test_a_local_file_becomes_an_asset(stack, file):
    location = Script.from_asset(file)._bind(stack, "Job")
    uri = flat(stack.resolve(location.uri))
    assert uri.startswith("s3://cdk-hnb659fds-assets-")
    assert uri.endswith(".py")
    arn = flat(stack.resolve(location.object_arn))
    assert arn.startswith("arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-")
    assert arn.rpartition("/")[2] == uri.rpartition("/")[2]


def test_a_folder_becomes_an_archive(stack, file):
    location = Script.from_asset(str(file.parent))._bind(stack, "Jobs")
    assert flat(stack.resolve(location.uri)).endswith(".zip")


def test_an_object_of_a_bucket_names_what_reading_it_takes(stack):
    key = imported_key(stack)
    bucket = s3.Bucket(stack, "Jobs", encryption_key=key)
    location = Script.from_bucket(bucket, "jobs/nightly.py")._bind(stack, "Unused")
    assert flat(stack.resolve(location.uri)).endswith("/jobs/nightly.py")
    assert flat(stack.resolve(location.object_arn)).endswith(".Arn>/jobs/nightly.py")
    assert location.encryption_key is not None
    assert location.encryption_key.key_arn == key.key_arn


def test_an_object_named_by_its_uri_grants_nothing(stack):
    location = Script.from_uri("s3://us-east-1.elasticmapreduce/libs/a.jar")._bind(stack, "Unused")
    assert location.uri == "s3://us-east-1.elasticmapreduce/libs/a.jar"
    assert location.object_arn is None
    assert location.encryption_key is None


def test_what_is_not_in_s3_yet_has_no_known_location(file):
    assert is_unknown(unlocated(Script.from_asset(file)))
    assert unlocated(Script.from_uri("s3://a/b")) == "s3://a/b"


def test_rejects_a_file_that_is_not_there():
    with pytest.raises(EmrError, match=r"path must be an existing file, got 'jobs/none\.py'; use a path relative to"):
        Script.from_asset("jobs/none.py")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", r"key must name an object, got ''; use a key such as 'jobs/nightly\.py'"),
        ("/jobs/nightly.py", r"key must name an object, got '/jobs/nightly\.py'; use a key such as"),
        ("orders/", r"key must name one object, got 'orders/'; pass bucket\.s3_url_for_object\('orders/'\), and grant"),
        ("orders/*.csv", r"key must name one object, got 'orders/\*\.csv'; pass bucket"),
        ("orders/2026-11-2?.csv", "key must name one object"),
        ("orders/${aws:username}.csv", "key must name one object"),
        (
            f"orders/{JobInput.text('day').value}.csv",
            r"key must not contain a job input, got .*; pass bucket\.s3_url_for_object\(\.\.\.\), and grant",
        ),
    ],
)
def test_rejects_a_key_of_no_object_or_of_several(stack, key, message):
    bucket = s3.Bucket.from_bucket_name(stack, "Jobs", "jobs")
    with pytest.raises(EmrError, match=message):
        Script.from_bucket(bucket, key)


@pytest.mark.parametrize(("arguments", "message"), [({"key": 5}, r"key .*5"), ({"bucket": "jobs"}, r"bucket .*jobs")])
def test_rejects_arguments_of_another_type(stack, arguments, message):
    bucket = s3.Bucket.from_bucket_name(stack, "Jobs", "jobs")
    with pytest.raises(EmrError, match=message):
        Script.from_bucket(**{"bucket": bucket, "key": "a.py", **arguments})


def test_a_key_may_be_known_at_deployment(stack):
    bucket = s3.Bucket.from_bucket_name(stack, "Jobs", "jobs")
    key = cdk.CfnParameter(stack, "Key").value_as_string
    location = Script.from_bucket(bucket, key)._bind(stack, "Unused")
    assert flat(stack.resolve(location.object_arn)) == "arn:<AWS::Partition>:s3:::jobs/<Key>"


URIS = [
    "s3://bucket/jobs/nightly.py",
    "s3a://bucket/jobs/nightly.py",
    "s3n://bucket/jobs/nightly.py",
    "hdfs:///jobs/nightly.py",
    "hdfs://ip-10-0-0-1:8020/jobs/nightly.py",
    "hdfs:/jobs/nightly.py",
    "file:///opt/jobs/nightly.py",
    "file:/opt/jobs/nightly.py",
    "local:///opt/jobs/nightly.py",
    "local:/opt/jobs/nightly.py",
]
PATH = "/opt/jobs/nightly.py"


@pytest.mark.parametrize("uri", URIS)
def test_a_uri_stays_as_it_is(stack, uri):
    script = Script.from_uri(uri)
    assert unlocated(script) == uri
    location = script._bind(stack, "Unused")
    assert location.uri == uri
    assert not location.requires_grant
    assert script.extension == ".py"
    assert not script.is_on_node


@pytest.mark.parametrize("uri", ["s3://bucket", "s3://bucket/", "s3:///key", "s3:bucket/key"])
def test_rejects_what_is_no_uri_of_an_object(uri):
    with pytest.raises(EmrError, match=r"uri must be the URI of an object in S3, got .*; use s3://bucket/key"):
        Script.from_uri(uri)


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        (
            "jobs/nightly.py",
            r"uri must be the URI of a file in S3, in HDFS or on the nodes, got .*Script\.from_asset\(",
        ),
        ("https://a/b", "uri must be the URI of a file in S3, in HDFS or on the nodes, got 'https://a/b'; use s3://"),
        ("S3://bucket/key", "uri must be the URI of a file in S3, in HDFS or on the nodes, got 'S3://bucket/key'"),
        ("", "uri must be the URI of a file in S3, in HDFS or on the nodes, got ''"),
        ("s3a://bucket", "uri must be the URI of an object in S3, got 's3a://bucket'; use s3a://bucket/key"),
        ("s3n:///key", "uri must be the URI of an object in S3, got 's3n:///key'; use s3n://bucket/key"),
        ("hdfs://jobs", "uri must be the URI of a file in HDFS, got 'hdfs://jobs'; use hdfs:///path"),
        ("file://opt/a.py", "uri must be the URI of a file on the nodes, got 'file://opt/a.py'; use file:///path"),
        ("file:a.py", "uri must be the URI of a file on the nodes, got 'file:a.py'; use file:///path"),
        ("local://opt/a.py", "uri must be the URI of a file on the nodes, got 'local://opt/a.py'; use local:///path"),
        ("/opt/a.py", r"uri must begin with a scheme, got '/opt/a\.py'; use Script\.on_node\('/opt/a\.py'\)"),
    ],
)
def test_rejects_a_uri_that_no_cluster_reads(uri, message):
    with pytest.raises(EmrError, match=message):
        Script.from_uri(uri)


def test_a_file_of_the_nodes_grants_nothing(stack):
    script = Script.on_node(PATH)
    location = script._bind(stack, "Unused")
    assert unlocated(script) == location.uri == PATH
    assert location.object_arn is None
    assert not location.requires_grant
    assert script.extension == ".py"
    assert script.keeps_name
    assert script.is_on_node
    assert not stack.node.children


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "opt/a.py",
            r"path must be an absolute path on the nodes, got 'opt/a\.py'; use a path such as '/opt/jobs/nightly",
        ),
        ("", "path must be an absolute path on the nodes, got ''; use a path"),
        ("~/a.py", "path must be an absolute path on the nodes, got '~/a.py'; use a path"),
        (
            "file:///a.py",
            r"path must be an absolute path on the nodes, got 'file:///a\.py'; use Script\.from_uri\('file:///a",
        ),
        (
            "s3://b/a.py",
            r"path must be an absolute path on the nodes, got 's3://b/a\.py'; use Script\.from_uri\('s3://b",
        ),
        ("/opt/", "path must name a file, got the folder '/opt/'; use the path of a file in it"),
        (5, "path must be a string, got 5"),
    ],
)
def test_rejects_what_is_no_path_of_a_file_on_the_nodes(path, message):
    with pytest.raises(EmrError, match=message):
        Script.on_node(path)


def test_a_path_and_a_uri_can_be_known_at_deployment(stack):
    token = cdk.CfnParameter(stack, "Folder").value_as_string
    for script in (Script.on_node(token), Script.on_node(f"{token}/a.py"), Script.from_uri(f"{token}/a.py")):
        assert token in script._bind(stack, "Unused").uri


def steps(file):
    """Steps of each kind with ``file`` in each of its places."""
    yield Step.spark("a", script=file, args=[file])
    yield Step.spark("a", script=file, py_files=[file], files={"a": file}, archives={"b": file}, deploy_mode="client")
    yield Step.spark("a", script=JAR, main_class="com.example.Job", jars=[file])
    yield Step.spark_sql("a", script=file)
    yield Step.hive("a", script=file)
    yield Step.pig("a", script=file)
    yield Step.hadoop_streaming("a", mapper="a", reducer="b", inputs=["s3://b/c"], output="s3://b/d", files={"a": file})
    yield Step.shell("a", script=file, args=[file])
    yield Step.custom("a", command=["ls", file])


@pytest.mark.parametrize("file", [*map(Script.from_uri, URIS), Script.on_node(PATH)], ids=unlocated)
def test_every_kind_of_step_uses_the_file_as_it_is(file):
    for step in steps(file):
        rendered = step._render()
        assert unlocated(file) in ",".join(rendered["HadoopJarStep"]["Args"])
        assert check("StepConfig", rendered) == []


@pytest.mark.parametrize("jar", ["file:///opt/a.jar", "hdfs:///a.jar", "s3a://b/a.jar"])
def test_the_jar_of_a_step_can_be_a_uri(jar):
    rendered = Step.jar("a", jar=Script.from_uri(jar))._render()
    assert rendered["HadoopJarStep"]["Jar"] == jar
    assert check("StepConfig", rendered) == []


def test_the_jar_of_a_step_can_be_on_the_node():
    path = "/usr/lib/hadoop-mapreduce/hadoop-mapreduce-examples.jar"
    rendered = Step.jar("a", jar=Script.on_node(path), args=["pi", "10", "100"])._render()
    assert rendered["HadoopJarStep"]["Jar"] == path
    assert check("StepConfig", rendered) == []


def test_the_extension_tells_what_a_file_is(stack, file):
    bucket = s3.Bucket(stack, "Bucket")
    assert Script.from_asset(file).extension == ".py"
    assert Script.from_asset(file.parent).extension == ".zip"
    assert Script.from_bucket(bucket, "a/B.JAR").extension == ".jar"
    assert Script.from_uri("s3://a.b/c").extension == ""
    assert Script.from_uri(bucket.s3_url_for_object("a.py")).extension == ""


def test_a_local_file_loses_its_name(file):
    assert not Script.from_asset(file).keeps_name
    assert Script.from_uri("s3://a/b.py").keeps_name


def test_a_folder_can_not_be_run(tmp_path):
    folder = Script.from_asset(tmp_path)
    for factory in (Step.spark, Step.hive, Step.shell):
        with pytest.raises(EmrError, match=r"script must be a file, got the folder '.*'; pass a file of it, and the"):
            factory("Job", script=folder)
    with pytest.raises(EmrError, match="script must be a file, got the folder"):
        BootstrapAction("Job", folder)
    assert Step.spark("Job", script=Script.from_uri("s3://b/job.py"), args=[folder], py_files=[folder]).scripts


@pytest.mark.parametrize(
    ("uri", "instead"),
    [
        ("https://bucket.s3.eu-west-1.amazonaws.com/jobs/a.py", "use s3://bucket/jobs/a.py"),
        ("arn:aws:s3:::bucket/jobs/a.py", "use s3://bucket/jobs/a.py"),
        ("https://example.com/a.py", "use s3://bucket/key"),
    ],
)
def test_another_address_of_an_object_gets_its_uri(uri, instead):
    with pytest.raises(EmrError, match=f"got '{uri}'; {instead}, hdfs:///path"):
        Script.from_uri(uri)
