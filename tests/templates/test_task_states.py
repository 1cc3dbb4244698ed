"""The findings in the states of state machines that call EMR."""

from __future__ import annotations

import json

import pytest

from emr_constructs.templates.checking import check_template
from emr_constructs.templates.inputs import Source, check_source

STEP = {"Name": "a", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "s3://bucket/a.jar"}}
ID = {"ClusterId.$": "$.ClusterId"}


def definition(resource, parameters, member="Parameters"):
    task = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", member: parameters, "End": True}
    branch = {"StartAt": "Call", "States": {"Call": task}}
    return {"StartAt": "All", "States": {"All": {"Type": "Parallel", "Branches": [branch], "End": True}}}


def found(content):
    source = Source("a", json.dumps(content), content)
    return [f"{finding.path}: {finding.message}; {finding.fix}" for finding in check_source(source)]


PLACE = "States.All.Branches[0].States.Call"


@pytest.mark.parametrize(
    ("resource", "parameters", "expected"),
    [
        ("elasticmapreduce:addStep.sync", {**ID, "Steps": [STEP]},
         "Parameters.Steps: addStep has no 'Steps'; use 'Step'"),
        ("elasticmapreduce:addStep", {"JobFlowId.$": "$.Id", "Step": STEP},
         "Parameters.JobFlowId: addStep has no 'JobFlowId'; use 'ClusterId'"),
        ("elasticmapreduce:addStep", {"Step": STEP}, "Parameters: addStep lacks ClusterId; specify ClusterId"),
        ("aws-sdk:emr:addJobFlowSteps", {"JobFlowId.$": "$.Id", "Step": STEP},
         "Parameters.Step: addJobFlowSteps has no 'Step'; use 'Steps'"),
        ("aws-sdk:emr:terminateJobFlows", ID, "Parameters.ClusterId: terminateJobFlows has no 'ClusterId'; use "
         "'JobFlowIds'"),
        ("elasticmapreduce:terminateCluster", {"ClusterId": "$.ClusterId"},
         "Parameters.ClusterId: a member whose name ends with .$ must be a JSONPath expression or intrinsic function, "
         "and only such a member, got '$.ClusterId' for ClusterId; use ClusterId.$ as the name"),
        ("elasticmapreduce:addStep.waitForTaskToken", {**ID, "Step": STEP},
         "Resource: resource of the state must be an integration that Step Functions has, got "
         "'arn:aws:states:::elasticmapreduce:addStep.waitForTaskToken'; use arn:aws:states:::elasticmapreduce:addStep"),
    ],
)  # fmt: skip
def test_a_wrong_state_is_one_finding(resource, parameters, expected):
    assert found(definition(resource, parameters)) == [f"{PLACE}.{expected}"]


@pytest.mark.parametrize(
    ("resource", "parameters", "member"),
    [
        ("elasticmapreduce:addStep.sync", {**ID, "Step": STEP, "ExecutionRoleArn.$": "$.Role"}, "Parameters"),
        ("elasticmapreduce:addStep.sync", {"ClusterId": "{% $states.input.Id %}", "Step": STEP}, "Arguments"),
        ("elasticmapreduce:terminateCluster.sync", "{% $states.input %}", "Arguments"),
        ("aws-sdk:emr:listClusters", {"ClusterStates": ["RUNNING"]}, "Parameters"),
        ("lambda:invoke", {"FunctionName": "a"}, "Parameters"),
    ],
)
def test_a_right_state_has_no_findings(resource, parameters, member):
    assert found(definition(resource, parameters, member)) == []


def test_a_state_of_a_template_is_found_at_its_state_machine():
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
        "DefinitionString": {"Fn::Sub": json.dumps(definition("elasticmapreduce:addStep", {"Step": STEP})).replace(
            "arn:aws:", "arn:${AWS::Partition}:")}}}  # fmt: skip
    (finding,) = check_template({"Resources": {"Machine": machine}})
    assert finding.rule == "emr-missing-property"
    assert finding.path.startswith("Resources.Machine.Properties.DefinitionString")
