from __future__ import annotations

import boto3
import pytest
from aws_cdk import aws_s3 as s3
from botocore.validate import ParamValidator

from emr_constructs import ActionOnFailure, EmrError, Script, Step
from tests.tools import imported_key, new_stack

JOB = Script.from_uri("s3://bucket/job.py")
JAR = Script.from_uri("s3://bucket/job.jar")


def test_spark_runs_a_script_on_the_cluster():
    assert Step.spark("Nightly", script=JOB, args=["--date", "2026-11-23"]).render() == {
        "Name": "Nightly",
        "ActionOnFailure": "CONTINUE",
        "HadoopJarStep": {
            "Jar": "command-runner.jar",
            "Args": ["spark-submit", "--deploy-mode", "cluster", "s3://bucket/job.py", "--date", "2026-11-23"],
        },
    }


def test_spark_runs_a_class_of_a_jar_with_properties():
    step = Step.spark(
        "Report", script=JAR, main_class="com.example.Report", conf={"a": True, "b": 2}, deploy_mode="client"
    )
    assert step.render()["HadoopJarStep"]["Args"] == [
        "spark-submit",
        "--deploy-mode",
        "client",
        "--class",
        "com.example.Report",
        "--conf=a=true",
        "--conf=b=2",
        "s3://bucket/job.jar",
    ]


def test_spark_properties_do_not_repeat_an_argument():
    arguments = Step.spark("a", script=JOB, conf={"a": 1, "b": 1}).render()["HadoopJarStep"]["Args"]
    assert len(arguments) == len(set(arguments))


def test_jar():
    step = Step.jar(
        "Import",
        jar=JAR,
        args=["orders", JOB],
        main_class="com.example.Import",
        action_on_failure=ActionOnFailure.TERMINATE_CLUSTER,
    )
    assert step.render() == {
        "Name": "Import",
        "ActionOnFailure": "TERMINATE_CLUSTER",
        "HadoopJarStep": {
            "Jar": "s3://bucket/job.jar",
            "MainClass": "com.example.Import",
            "Args": ["orders", "s3://bucket/job.py"],
        },
    }
    assert step.scripts == (JAR, JOB)


def test_logs_of_its_own():
    stack = new_stack()
    logs = s3.Bucket.from_bucket_name(stack, "Logs", "logs")
    step = Step.jar("a", jar=JAR).with_logs(logs, "a/", encryption_key=imported_key(stack))
    monitoring = step.render()["StepMonitoringConfiguration"]["S3MonitoringConfiguration"]
    assert monitoring == {"LogUri": "s3://logs/a/", "EncryptionKeyArn": step.logs.encryption_key.key_arn}
    model = boto3.client("emr", region_name="us-east-1").meta.service_model.shape_for("StepConfig")
    report = ParamValidator().validate(step.render(), model)
    assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("prefix", ["a", "", "/a/"])
def test_refuses_a_log_prefix_that_is_no_folder(prefix):
    logs = s3.Bucket.from_bucket_name(new_stack(), "Logs", "logs")
    with pytest.raises(EmrError, match=f"the log prefix is '{prefix}'; use a prefix that ends with a slash"):
        Step.jar("a", jar=JAR).with_logs(logs, prefix)


def test_refuses_arguments_in_one_text():
    with pytest.raises(EmrError, match="the arguments of the step 'a' are the text '--date today'; give a list"):
        Step.spark("a", script=JOB, args="--date today")


def test_refuses_an_argument_that_is_no_text():
    with pytest.raises(EmrError, match="an argument of the step 'a' is 5; give text, or a script"):
        Step.jar("a", jar=JAR, args=[5])


def test_refuses_an_empty_name():
    with pytest.raises(EmrError, match="the name of a step is empty; give it a name"):
        Step.spark("", script=JOB)


def test_refuses_a_long_argument():
    with pytest.raises(EmrError, match="has 10281 characters"):
        Step.spark("a", script=JOB, args=["x" * 10281])
