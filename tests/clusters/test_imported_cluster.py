from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from emr_constructs import Cluster, EmrError, Script, Step, StepSubmission
from tests.tools import new_stack, resources, synthesize

JOB = Script.from_uri("s3://jobs/job.py")
SHELL = Script.on_node("/opt/setup.sh")


def without_role(stack, name="Cluster"):
    return Cluster.from_cluster_attributes(stack, name, cluster_id="j-1")


@pytest.fixture
def local(tmp_path):
    file = tmp_path / "job.py"
    file.write_text("print(1)\n")
    return Script.from_asset(file)


def steps_with(script):
    yield Step.spark("Script", script=script)
    yield Step.spark("Files", script=JOB, files={"a.py": script})
    yield Step.spark("Data", script=JOB, args=[script])
    yield Step.spark_sql("SQL", script=script)
    yield Step.hive("Hive", script=script)
    yield Step.pig("Pig", script=script)
    yield Step.hadoop_streaming("Count", mapper="a", reducer="b", inputs=["c"], output="d", files={"e": script})
    yield Step.shell("Shell", script=script)
    yield Step.jar("Jar", jar=script)
    yield Step.custom("Command", command=["bash", script])


def test_every_step_that_requires_no_grant_runs_without_a_role():
    stack = new_stack()
    cluster = without_role(stack)
    steps = [step for script in (JOB, SHELL) for step in steps_with(script)]
    steps.append(Step.s3_dist_cp("Copy", src="hdfs:///a", dest="s3://b/c"))
    for number, step in enumerate(steps):
        cluster.add_step(step, construct_id=f"Step{number}")
    StepSubmission(stack, "Submission", cluster=cluster, step=Step.shell("Shell", script=SHELL))
    template = synthesize(stack)
    assert {found["Type"] for found in template["Resources"].values()} == {"AWS::EMR::Step"}
    assert len(resources(template, "AWS::EMR::Step")) == len(steps)


def test_a_script_that_requires_a_grant_requires_the_role(local):
    stack = new_stack()
    cluster = without_role(stack)
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "jobs")
    stored = Script.from_bucket(bucket, "a.py")
    for name, script, shown in (("Local", local, local.path), ("Stored", stored, "s3://jobs/a.py")):
        for number, step in enumerate(steps_with(script)):
            with pytest.raises(EmrError) as error:
                cluster.add_step(step, construct_id=f"{name}{number}")
            assert error.value.problems == (
                "scripts that the nodes must be allowed to read require an instance role, which isn't known, got "
                f"{shown!r}; import the cluster with instance_role=..., or use Script.from_uri(...) and grant the "
                "access where the role is defined",
            )
            assert error.value.path == "Test/Cluster"
    with pytest.raises(EmrError, match=r"isn't known, got 'b\.py'; import"):
        cluster.add_step(Step.spark("Own", script=Script.from_bucket(s3.Bucket(stack, "Own"), "b.py")))
    with pytest.raises(EmrError, match=r"require an instance role, which isn't known, got '.*job\.py'"):
        StepSubmission(stack, "Submission", cluster=cluster, step=Step.shell("Shell", script=local))


def test_logs_and_data_of_a_step_require_the_role():
    stack = new_stack()
    cluster = without_role(stack)
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "logs")
    step = Step.shell("Shell", script=SHELL).with_logs(bucket, "nightly/")
    for call in (
        lambda: cluster.add_step(step),
        lambda: cluster.grants.read_bucket(bucket),
        lambda: cluster.grants.read_write_bucket(bucket, "a/"),
        lambda: cluster.grants.use_glue_data_catalog("sales"),
    ):
        with pytest.raises(EmrError, match=r"instance role isn't known; import the cluster with instance_role=\.\.\."):
            call()


def test_a_runtime_role_reads_the_scripts_instead(local):
    stack = new_stack()
    cluster = without_role(stack)
    role = iam.Role.from_role_arn(stack, "Analysts", "arn:aws:iam::111111111111:role/analysts")
    StepSubmission(stack, "Submission", cluster=cluster, step=Step.shell("Shell", script=local), runtime_role=role)
    assert "script-runner.jar" in str(synthesize(stack))


def test_a_known_role_may_read_the_script_runner():
    stack = new_stack()
    role = iam.Role.from_role_arn(stack, "Nodes", "arn:aws:iam::111111111111:role/nodes")
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1", instance_role=role)
    cluster.add_step(Step.shell("Shell", script=SHELL))
    (policy,) = resources(synthesize(stack), "AWS::IAM::Policy").values()
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "s3:GetObject"
    assert "script-runner.jar" in str(statement["Resource"])
