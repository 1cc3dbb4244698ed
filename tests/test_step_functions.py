"""What stands in for the optimized integration for EMR makes the calls that Step Functions makes."""

from __future__ import annotations

import boto3
import pytest
from botocore.validate import ParamValidator

from tests.step_functions import evaluate, translate

INSTANCES = {"KeepJobFlowAliveWhenNoSteps": True}
STEP = {"Name": "A", "HadoopJarStep": {"Jar": "command-runner.jar"}}


@pytest.mark.parametrize(
    ("action", "arguments", "method", "request_", "response", "output"),
    [
        (
            "createCluster",
            {"Name": "a", "Instances": INSTANCES},
            "run_job_flow",
            {"Name": "a", "Instances": INSTANCES},
            {"JobFlowId": "j-1", "ClusterArn": "arn"},
            {"ClusterId": "j-1"},
        ),
        (
            "addStep",
            {"ClusterId": "j-1", "Step": STEP, "ExecutionRoleArn": "arn:aws:iam::1:role/a"},
            "add_job_flow_steps",
            {"JobFlowId": "j-1", "Steps": [STEP], "ExecutionRoleArn": "arn:aws:iam::1:role/a"},
            {"StepIds": ["s-1"]},
            {"StepId": "s-1"},
        ),
        (
            "cancelStep",
            {"ClusterId": "j-1", "StepId": "s-1"},
            "cancel_steps",
            {"ClusterId": "j-1", "StepIds": ["s-1"]},
            {"CancelStepsInfoList": [{"StepId": "s-1", "Status": "SUBMITTED"}]},
            {"CancelStepsInfo": {"StepId": "s-1", "Status": "SUBMITTED"}},
        ),
        ("terminateCluster", {"ClusterId": "j-1"}, "terminate_job_flows", {"JobFlowIds": ["j-1"]}, {}, {}),
    ],
)
def test_translates(action, arguments, method, request_, response, output):
    found_method, found_request, make_output = translate(action, arguments)
    assert (found_method, found_request, make_output(response)) == (method, request_, output)
    client = boto3.client("emr", region_name="us-east-1")
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
    assert not ParamValidator().validate(found_request, shape).has_errors()


@pytest.mark.parametrize(
    "arguments",
    [
        {"Name": "a", "Instances": {}},
        {"Name": "a", "Instances": {"KeepJobFlowAliveWhenNoSteps": False}},
        {"Name": "a", "Instances": INSTANCES, "Steps": []},
    ],
)
def test_refuses_what_the_integration_refuses(arguments):
    with pytest.raises(ValueError, match="createCluster takes no Steps, and wants KeepJobFlowAliveWhenNoSteps"):
        translate("createCluster", arguments)


def test_knows_no_other_action():
    with pytest.raises(ValueError, match="the integration has no runJobFlow"):
        translate("runJobFlow", {})


def test_evaluates_jsonata():
    assert evaluate('($a := {"b": [1, 2]}; $count($a.b))') == 2
    assert evaluate("{'a': null}") == {"a": None}
    assert evaluate("[{'a': 1}[a = 1].a]") == [1]
