"""A job reads the files that its step is given, and no others: the file systems of EMR against the policies of roles.

S3A, the default from emr-7.10.0 on, lists what it reads before it asks for it; EMRFS asks first.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler

import emr_constructs as emr
from emr_constructs.security.permissions import _length
from stacks.transient_job import TransientJobStack
from tests.iam import Permissions, concrete
from tests.tools import PROJECT, as_list, imported_key, imported_vpc, new_app, new_stack, only, resources

JOBS = PROJECT / "examples" / "jobs"
DATA = JOBS / "data"
ASSETS = "cdk-hnb659fds-assets-111111111111-us-east-1"


class ForbiddenError(Exception):
    """403."""


class NotFoundError(Exception):
    """404."""


@dataclass
class S3:
    """S3 with ``objects`` by bucket and key, as a role sees it.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html#API_HeadObject_Permissions
    """

    objects: dict[tuple[str, str], bytes]
    permissions: Permissions

    def head(self, bucket: str, key: str) -> int:
        """The size of an object; that it is missing is told only to those who may list the bucket."""
        if not self.permissions.allow("s3:GetObject", f"arn:aws:s3:::{bucket}/{key}"):
            raise ForbiddenError(f"HEAD {bucket}/{key}")
        if (bucket, key) not in self.objects:
            listable = self.permissions.allow("s3:ListBucket", f"arn:aws:s3:::{bucket}")
            raise (NotFoundError if listable else ForbiddenError)(f"HEAD {bucket}/{key}")
        return len(self.objects[bucket, key])

    def get(self, bucket: str, key: str) -> bytes:
        self.head(bucket, key)
        return self.objects[bucket, key]

    def list(self, bucket: str, prefix: str) -> list[str]:
        context = {"s3_prefix": prefix} if prefix else {}
        if not self.permissions.allow("s3:ListBucket", f"arn:aws:s3:::{bucket}", **context):
            raise ForbiddenError(f"LIST {bucket} {prefix!r}")
        return [key for found, key in self.objects if found == bucket and key.startswith(prefix)]


@dataclass
class FileSystem:
    """The requests that Hadoop's ``FileSystem`` makes on S3."""

    s3: S3

    def status(self, bucket: str, key: str) -> list[str]:
        """``getFileStatus`` of S3A and EMRFS: the object, or else a folder."""
        try:
            self.s3.head(bucket, key)
        except NotFoundError:
            found = self.s3.list(bucket, f"{key}/")
            if not found:
                raise
            return found
        return [key]

    def list_status(self, bucket: str, key: str) -> list[str]:
        raise NotImplementedError

    def open(self, bucket: str, key: str) -> bytes:
        self.s3.head(bucket, key)
        return self.s3.get(bucket, key)


class S3A(FileSystem):
    """``Listing.getFileStatusesAssumingNonEmptyDir``, then ``S3AFileSystem.innerGetFileStatus``.

    https://github.com/apache/hadoop/blob/trunk/hadoop-tools/hadoop-aws/src/main/java/org/apache/hadoop/fs/s3a/Listing.java
    """

    def list_status(self, bucket, key):
        return self.s3.list(bucket, f"{key}/") or self.status(bucket, key)


class Emrfs(FileSystem):
    """An object that exists is asked for by its name."""

    def list_status(self, bucket, key):
        return self.status(bucket, key)


def read_csv(files: FileSystem, uri: str) -> list[dict[str, str]]:
    """``spark.read.csv``: the path exists (``DataSource``), is listed (``HadoopFSUtils``), and its files are opened."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    files.status(bucket, key)
    found = [files.open(bucket, each).decode() for each in files.list_status(bucket, key)]
    return [row for text in found for row in csv.DictReader(io.StringIO(text))]


def run(files: FileSystem, uri: str) -> bytes:
    """A program is opened by its name: ``spark-submit``, ``hive -f``, a bootstrap action."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    files.status(bucket, key)
    return files.open(bucket, key)


def shipped(assembly: Any) -> dict[tuple[str, str], bytes]:
    """The files that a deployment uploads, with a file of another job beside each."""
    objects = {}
    for path in Path(assembly.directory).glob("*.assets.json"):
        for file in json.loads(path.read_text())["files"].values():
            if file["source"]["packaging"] == "file":
                (destination,) = file["destinations"].values()
                source = Path(assembly.directory, file["source"]["path"])
                objects[ASSETS, destination["objectKey"]] = source.read_bytes()
    return objects | {(bucket, f"{key}.other"): b"other" for bucket, key in objects}


def arguments(template: Any) -> list[str]:
    """The arguments of the only step in a template, wherever it is."""

    def search(value):
        match value:
            case {"HadoopJarStep": {"Args": [*args]}}:
                yield args
            case dict():
                for item in value.values():
                    yield from search(item)
            case list():
                for item in value:
                    yield from search(item)
            case str() if value.startswith('{"'):
                yield from search(json.loads(value))

    found = {tuple(args) for args in search(concrete(template["Resources"]))}
    assert len(found) == 1, found
    return list(found.pop())


def option(args: list[str], name: str) -> str:
    return args[args.index(name) + 1]


def sales_step() -> emr.Step:
    args: list[str | emr.Script] = ["--day", "2026-11-23", "--output", "hdfs:///sales"]
    for name in ("orders", "products"):
        args += [f"--{name}", emr.Script.from_asset(DATA / f"{name}.csv")]
    return emr.Step.spark("Daily sales", script=emr.Script.from_asset(JOBS / "daily_sales.py"), args=args)


SPARK = [emr.Application.SPARK]


def profile_with_runtime_roles(stack):
    security = emr.SecurityConfiguration(
        stack, "Security", encryption_key=imported_key(stack), runtime_roles=emr.RuntimeRoles()
    )
    return emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)


def account_role(stack):
    return iam.Role(stack, "Runtime", assumed_by=iam.AccountRootPrincipal())


def steps_of_a_cluster(stack):
    emr.Cluster(
        stack,
        "Cluster",
        vpc=imported_vpc(stack),
        applications=SPARK,
        steps=[sales_step()],
        termination=emr.Termination.after_steps(),
    )
    return "InstanceRole"


def added_step(stack):
    cluster = emr.Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=SPARK)
    cluster.add_step(sales_step())
    return "InstanceRole"


def added_step_of_an_imported_cluster(stack):
    imported(stack).add_step(sales_step())
    return "nodes"


def imported(stack):
    role = iam.Role.from_role_arn(stack, "Nodes", "arn:aws:iam::111111111111:role/nodes")
    return emr.Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1", instance_role=role)


def transient_cluster(stack):
    emr.TransientCluster(stack, "Job", vpc=imported_vpc(stack), applications=SPARK, workflow=[sales_step()])
    return "InstanceRole"


def transient_cluster_with_runtime_role(stack):
    task = emr.StepTask(sales_step(), runtime_role=account_role(stack))
    emr.TransientCluster(stack, "Job", profile=profile_with_runtime_roles(stack), applications=SPARK, workflow=[task])
    return "Runtime"


def submission(stack):
    cluster = emr.Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=SPARK)
    submit(stack, emr.StepSubmission(stack, "Sales", cluster=cluster, step=sales_step()))
    return "InstanceRole"


def submission_to_an_imported_cluster(stack):
    submit(stack, emr.StepSubmission(stack, "Sales", cluster=imported(stack), step=sales_step()))
    return "nodes"


def submission_with_role(stack):
    role = account_role(stack)
    submit(stack, emr.StepSubmission(stack, "Sales", cluster=imported(stack), step=sales_step(), runtime_role=role))
    return "Runtime"


def submission_with_runtime_role(stack):
    role = emr.RuntimeRole(stack, "Analysts", profile=profile_with_runtime_roles(stack))
    submit(stack, emr.StepSubmission(stack, "Sales", cluster=imported(stack), step=sales_step(), runtime_role=role))
    return "AnalystsRole"


def submit(stack, target):
    emr.Schedule(stack, "Schedule", target=target, schedule=scheduler.ScheduleExpression.cron(minute="0"))


CONSTRUCTS = [
    steps_of_a_cluster,
    added_step,
    added_step_of_an_imported_cluster,
    transient_cluster,
    transient_cluster_with_runtime_role,
    submission,
    submission_to_an_imported_cluster,
    submission_with_role,
    submission_with_runtime_role,
]


@pytest.fixture(scope="module", params=CONSTRUCTS, ids=lambda make: make.__name__)
def read(request):
    """The arguments of the step, and S3 as the role sees it that runs the step."""
    stack = new_stack(new_app())
    role = request.param(stack)
    assembly = stack.node.root.synth()
    template = assembly.get_stack_by_name("Test").template
    return arguments(template), S3(shipped(assembly), Permissions.of([template], role))


@pytest.mark.parametrize("files", [S3A, Emrfs])
class TestEveryConstruct:
    def test_the_job_reads_the_files_that_are_its_arguments(self, read, files):
        args, storage = read
        for name in ("orders", "products"):
            with (DATA / f"{name}.csv").open(newline="") as expected:
                assert read_csv(files(storage), option(args, f"--{name}")) == list(csv.DictReader(expected))

    def test_the_program_is_read(self, read, files):
        args, storage = read
        (script,) = (each for each in args if each.endswith(".py"))
        assert run(files(storage), script) == (JOBS / "daily_sales.py").read_bytes()

    def test_no_file_beside_them_is_read(self, read, files):
        args, storage = read
        for uri in (option(args, "--orders"), option(args, "--products")):
            with pytest.raises(ForbiddenError):
                read_csv(files(storage), f"{uri}.other")
            with pytest.raises(ForbiddenError):
                run(files(storage), f"{uri}.other")


class TestNothingElse:
    def test_only_the_keys_of_data_are_listed(self, read):
        args, storage = read
        orders = option(args, "--orders").rpartition("/")[2]
        (script,) = (each.rpartition("/")[2] for each in args if each.endswith(".py"))
        assert storage.list(ASSETS, orders) == [orders, f"{orders}.other"]
        assert storage.list(ASSETS, f"{orders}/part-0") == []
        for prefix in ("", "/", orders[:8], f"{orders}.other", f"{orders}.other/", f"{orders}x", script, f"{script}/"):
            with pytest.raises(ForbiddenError):
                storage.list(ASSETS, prefix)

    def test_the_region_of_the_bucket_is_found(self, read):
        _, storage = read
        assert storage.permissions.allow("s3:GetBucketLocation", f"arn:aws:s3:::{ASSETS}")

    def test_nothing_is_written(self, read):
        args, storage = read
        orders = option(args, "--orders").rpartition("/")[2]
        for action in ("s3:PutObject", "s3:DeleteObject"):
            assert not storage.permissions.allow(action, f"arn:aws:s3:::{ASSETS}/{orders}")


@pytest.mark.parametrize("files", [S3A, Emrfs])
def test_the_shipped_job_reads_its_data(files):
    app = new_app()
    stack = TransientJobStack(
        app,
        "Job",
        vpc=imported_vpc(new_stack(app, "Network")),
        definition=emr.ClusterDefinition(applications=SPARK),
        script=emr.Script.from_asset(JOBS / "daily_sales.py"),
        orders=emr.Script.from_asset(DATA / "orders.csv"),
        products=emr.Script.from_asset(DATA / "products.csv"),
        schedule=scheduler.ScheduleExpression.cron(minute="0"),
    )
    assembly = app.synth()
    template = assembly.get_stack_by_name(stack.stack_name).template
    storage = S3(shipped(assembly), Permissions.of([template], "InstanceRole"))
    args = arguments(template)
    for name in ("orders", "products"):
        with (DATA / f"{name}.csv").open(newline="") as expected:
            assert read_csv(files(storage), option(args, f"--{name}")) == list(csv.DictReader(expected))


def policies_of_nodes(template):
    return [
        policy["Properties"]["PolicyDocument"]
        for name, policy in resources(template, "AWS::IAM::ManagedPolicy").items()
        if "InstancePolicy" in name
    ]


def spark_cluster(stack, **options):
    return emr.Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=SPARK, **options)


class TestObjectsOfABucket:
    KEY = "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000"

    def step(self, stack):
        bucket = s3.Bucket.from_bucket_attributes(
            stack, "Data", bucket_name="data", encryption_key=imported_key(stack, "DataKey")
        )
        orders = emr.Script.from_bucket(bucket, "shop/orders.csv")
        elsewhere = emr.Script.from_uri("s3://elsewhere/products.csv")
        return emr.Step.spark("Sales", script=emr.Script.from_uri("s3://jobs/a.py"), args=[orders, elsewhere])

    def permissions(self, stack, role):
        return Permissions.of([stack.node.root.synth().get_stack_by_name("Test").template], role)

    def test_nodes_read_the_object_with_its_key_and_nothing_that_only_has_a_uri(self, stack):
        spark_cluster(stack).add_step(self.step(stack))
        self.check(self.permissions(stack, "InstanceRole"))

    def test_so_does_a_runtime_role(self, stack):
        role = account_role(stack)
        emr.StepSubmission(stack, "Sales", cluster=imported(stack), step=self.step(stack), runtime_role=role)
        self.check(self.permissions(stack, "Runtime"))

    def check(self, permissions):
        objects = {("data", "shop/orders.csv"): b"id\n1", ("elsewhere", "products.csv"): b"id\n1"}
        files = S3A(S3(objects, permissions))
        assert read_csv(files, "s3://data/shop/orders.csv") == [{"id": "1"}]
        assert permissions.allow("kms:Decrypt", self.KEY)
        assert not permissions.allow("kms:Encrypt", "arn:aws:kms:us-east-1:111111111111:key/other")
        for uri in ("s3://elsewhere/products.csv", "s3://data/shop", "s3://data/shop/products.csv"):
            with pytest.raises(ForbiddenError):
                read_csv(files, uri)


COUNT = 20


@pytest.fixture(scope="module")
def csv_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    made = []
    for number in range(COUNT):
        (folder / f"{number}.csv").write_text(f"id\n{number}\n")
        made.append(emr.Script.from_asset(folder / f"{number}.csv"))
    return made


class TestManyFiles:
    """IAM takes 6,144 characters for a policy, and ten managed policies for a role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """

    @pytest.mark.parametrize("flags", [True, False])
    @pytest.mark.parametrize("steps", ["in one step", "in a step each"])
    @pytest.mark.parametrize("construct", ["cluster", "added", "transient", "submission"])
    def test_fit_into_two_policies(self, csv_files, steps, construct, flags):
        stack = new_stack(new_app(flags=flags))
        arguments = [csv_files] if steps == "in one step" else [[file] for file in csv_files]
        work = [
            emr.Step.spark(f"Step {number}", script=emr.Script.from_asset(JOBS / "daily_sales.py"), args=args)
            for number, args in enumerate(arguments)
        ]
        match construct:
            case "cluster":
                spark_cluster(stack, steps=work, termination=emr.Termination.after_steps())
            case "added":
                cluster = spark_cluster(stack)
                for step in work:
                    cluster.add_step(step)
            case "transient":
                emr.TransientCluster(stack, "Job", vpc=imported_vpc(stack), applications=SPARK, workflow=work)
            case "submission":
                cluster = spark_cluster(stack)
                for number, step in enumerate(work):
                    emr.StepSubmission(stack, f"Submission{number}", cluster=cluster, step=step)
        assembly = stack.node.root.synth()
        template = assembly.get_stack_by_name("Test").template
        documents = policies_of_nodes(template)
        assert len(documents) == 2
        assert all(_length(document) <= 6144 for document in documents)
        listing = [
            len([found for found in document["Statement"] if found["Action"] == "s3:ListBucket"])
            for document in documents
        ]
        assert max(listing) == 1
        permissions = Permissions.of([template], "InstanceRole")
        storage = S3(shipped(assembly), permissions)
        data = [key for _, key in storage.objects if key.endswith(".csv")]
        assert len(data) == COUNT
        for key in data:
            assert read_csv(S3A(storage), f"s3://{ASSETS}/{key}")

    def test_fit_into_the_inline_policy_of_an_imported_role(self, csv_files):
        """10,240 characters."""
        stack = new_stack(new_app())
        imported(stack).add_step(emr.Step.spark("a", script=emr.Script.from_uri("s3://jobs/a.py"), args=csv_files))
        document = only(stack.node.root.synth().get_stack_by_name("Test").template, "AWS::IAM::Policy")[
            "PolicyDocument"
        ]
        assert _length(document) <= 10240
        actions = [found["Action"] for found in document["Statement"]]
        assert sorted(actions) == ["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:ListBucket"]

    def test_more_than_one_policy_takes(self, tmp_path):
        """A statement is never divided, so each has to fit."""
        modules = []
        for number in range(70):
            (tmp_path / f"{number}.zip").write_text(f"{number}")
            modules.append(emr.Script.from_asset(tmp_path / f"{number}.zip"))
        stack = new_stack(new_app())
        script = emr.Script.from_uri("s3://jobs/a.py")
        spark_cluster(stack).add_step(emr.Step.spark("a", script=script, py_files=modules))
        documents = policies_of_nodes(stack.node.root.synth().get_stack_by_name("Test").template)
        assert all(_length(document) <= 6144 for document in documents)
        assert len(documents) == 2

    def test_the_same_file_in_many_steps_is_granted_once(self, csv_files):
        stack = new_stack(new_app(flags=False))
        cluster = spark_cluster(stack)
        for number in range(COUNT):
            cluster.add_step(
                emr.Step.spark(f"Step {number}", script=emr.Script.from_uri("s3://jobs/a.py"), args=csv_files[:1])
            )
        template = stack.node.root.synth().get_stack_by_name("Test").template
        (document,) = policies_of_nodes(template)
        actions = [action for found in document["Statement"] for action in as_list(found["Action"])]
        for action in ("s3:GetObject", "s3:GetBucketLocation", "s3:ListBucket"):
            assert actions.count(action) == 1


def test_programs_and_their_modules_are_not_listed(stack, tmp_path):
    for name in ("a.py", "b.zip", "c.jar", "d.txt", "e.sh", "f.q"):
        (tmp_path / name).write_text(name)
    file = {path.suffix: emr.Script.from_asset(path) for path in tmp_path.iterdir()}
    cluster = emr.Cluster(
        stack,
        "Cluster",
        vpc=imported_vpc(stack),
        applications=[emr.Application.HADOOP, emr.Application.HIVE, emr.Application.PIG, emr.Application.SPARK],
        bootstrap_actions=[emr.BootstrapAction("Prepare", file[".sh"])],
    )
    steps = [
        emr.Step.spark(
            "Spark",
            script=file[".py"],
            py_files=[file[".zip"]],
            jars=[file[".jar"]],
            files={"d": file[".txt"]},
            archives={"b": file[".zip"]},
        ),
        emr.Step.spark_sql("SQL", script=file[".q"]),
        emr.Step.hive("Hive", script=file[".q"]),
        emr.Step.pig("Pig", script=file[".q"]),
        emr.Step.hadoop_streaming(
            "Streaming", mapper="a", reducer="b", inputs=["s3://a"], output="hdfs:///b", files={"d": file[".txt"]}
        ),
        emr.Step.shell("Shell", script=file[".sh"]),
        emr.Step.jar("Jar", jar=file[".jar"]),
    ]
    for step in steps:
        cluster.add_step(step)
    template = stack.node.root.synth().get_stack_by_name("Test").template
    actions = {
        action
        for document in policies_of_nodes(template)
        for found in document["Statement"]
        for action in as_list(found["Action"])
    }
    assert "s3:GetObject" in actions
    assert not {"s3:ListBucket", "s3:GetBucketLocation"} & actions
