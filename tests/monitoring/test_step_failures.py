"""Failed steps are published with what DescribeStep says, or with the event if it says nothing."""

from __future__ import annotations

import json

import pytest

from emr_constructs import AlarmTopic, Cluster
from tests.executions import account_of
from tests.step_functions import World
from tests.tools import actions, flat, new_app, new_stack, only, resources, statements, synthesize

CLUSTER = "j-123456789ABCD"


@pytest.fixture(scope="module")
def template():
    stack = new_stack(new_app())
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id=CLUSTER)
    cluster.events.notify_failures("Failures", AlarmTopic(stack, "Topic"))
    return synthesize(stack)


@pytest.fixture
def account():
    with account_of(World(outcome="FAILED")) as made:
        yield made


def publish(account, template, *, step_id=None):
    """Send the event of a failed step; returns the execution, the step, and the messages."""
    cluster_id = account.launch("Analytics")
    submitted = account.emr.add_job_flow_steps(
        JobFlowId=cluster_id, Steps=[{"Name": "Import", "HadoopJarStep": {"Jar": "command-runner.jar"}}]
    )["StepIds"][0]
    account.set_step("Import", "FAILED")
    detail = {
        "severity": "ERROR",
        "actionOnFailure": "CONTINUE",
        "stepId": step_id or submitted,
        "name": "Import",
        "clusterId": cluster_id,
        "state": "FAILED",
        "message": f"Step {submitted} (Import) in Amazon EMR cluster {cluster_id} (Analytics) failed.",
    }
    event = {"detail-type": "EMR Step Status Change", "source": "aws.emr", "detail": detail}
    done = account.wait(account.start(account.create(template, "StepDetails"), event))
    assert done["status"] == "SUCCEEDED", done
    expected = {
        "Outcome": "step failed",
        "ClusterId": cluster_id,
        "Step": "Import",
        "StepId": detail["stepId"],
        "ActionOnFailure": "CONTINUE",
        "Event": detail["message"],
        "Console": f"https://console.aws.amazon.com/emr/home?region=us-east-1#/clusterDetails/{cluster_id}",
    }
    return expected, account.messages()


DETAILS = {"Reason": "Unknown Error.", "Message": "Import found no data", "LogFile": "s3://logs/stderr.gz"}


@pytest.mark.parametrize(("silent", "waits"), [(0, []), (2, [30, 30])])
def test_publishes_the_details(account, template, silent, waits):
    account.world.silent = silent
    expected, messages = publish(account, template)
    assert messages == [("Test/Cluster step failed", {**expected, "FailureDetails": DETAILS})]
    assert account.world.waits == waits


def test_publishes_the_event_without_details(account, template):
    account.world.silent = 100
    expected, messages = publish(account, template)
    assert messages == [("Test/Cluster step failed", expected)]
    assert len(account.world.called("describe_step")) == 5


@pytest.mark.parametrize("code", ["InvalidRequestException", "InternalServerError"])
def test_publishes_the_event_of_a_step_that_cannot_be_described(account, template, code):
    account.world.errors["describe_step"] = [code] * 10
    expected, messages = publish(account, template)
    assert messages == [("Test/Cluster step failed", expected)]


def test_permissions_are_those_of_one_cluster(template):
    listed = statements(template, "StepDetailsJobPolicy")
    assert actions(listed) == {
        "elasticmapreduce:DescribeStep", "sns:Publish", "kms:Decrypt", "kms:GenerateDataKey",
    }  # fmt: skip
    assert flat(listed[0]["Resource"]).endswith(f":cluster/{CLUSTER}")
    assert flat(listed[1]["Resource"]).startswith("<Topic")
    assert [flat(found["Resource"]) for found in statements(template, "StepDetailsRulePolicy")] == [
        f"<{next(iter(resources(template, 'AWS::StepFunctions::StateMachine')))}>"
    ]


def test_the_log_has_no_arguments_of_steps(template):
    machine = only(template, "AWS::StepFunctions::StateMachine")
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False
    assert flat(only(template, "AWS::Logs::LogGroup")["KmsKeyId"]).startswith("<TopicKey")


@pytest.mark.parametrize(
    ("partition", "region", "console"),
    [
        ("aws", "eu-west-1", "https://console.aws.amazon.com/emr/home?region=eu-west-1#/clusterDetails/j-1"),
        ("aws-cn", "cn-north-1", "https://console.amazonaws.cn/emr/home?region=cn-north-1#/clusterDetails/j-1"),
        (
            "aws-us-gov",
            "us-gov-west-1",
            "https://console.amazonaws-us-gov.com/emr/home?region=us-gov-west-1#/clusterDetails/j-1",
        ),
    ],
)
def test_the_link_is_that_of_the_partition(partition, region, console):
    from emr_constructs._core.state_language import console_link
    from tests.step_functions import evaluate

    context = {"context": {"Execution": {"Id": f"arn:{partition}:states:{region}:111111111111:execution:m:e"}}}
    assert evaluate(f"($states := {json.dumps(context)}; {console_link(json.dumps('j-1'))})") == console
