"""The states of a state machine that call EMR, each by itself and all together."""

from __future__ import annotations

import json

import pytest

from emr_constructs.templates.checking import check_template
from emr_constructs.templates.inputs import Source, check_source

REQUEST = {
    "Name": "x",
    "ReleaseLabel": "emr-7.14.0",
    "Applications": [{"Name": "Spark"}],
    "JobFlowRole": "EMR_EC2_DefaultRole",
    "ServiceRole": "EMR_DefaultRole",
    "Instances": {
        "Ec2SubnetId": "subnet-0123456789abcdef0",
        "KeepJobFlowAliveWhenNoSteps": True,
        "InstanceGroups": [{"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": "m7g.xlarge"}],
    },
}
STEP = {"Name": "s", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "s3://jobs/a.jar"}}


def task(resource, parameters, **more):
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, **more}


def machine(**states):
    known = {
        "Create": task("elasticmapreduce:createCluster.sync", REQUEST, ResultPath="$.cluster", Next="Add"),
        "Add": task("elasticmapreduce:addStep.sync", {"ClusterId.$": "$.cluster.ClusterId", "Step": STEP}, Next="End"),
        "End": task("elasticmapreduce:terminateCluster", {"ClusterId.$": "$.cluster.ClusterId"}, End=True),
    }
    all_states = {
        name: {**known.get(name, {}), **(states.get(name) or {})}
        for name in {**known, **states}
        if name not in states or states[name] is not None
    }
    return {"StartAt": "Create", "States": all_states}


def found(**states):
    content = machine(**states)
    text = json.dumps(content)
    return [(finding.rule, finding.path) for finding in check_source(Source("a.asl.json", text, content))]


def resource(name):
    return {"Resource": f"arn:aws:states:::{name}"}


INSTANCES = {**REQUEST["Instances"], "TerminationProtected": True}
PROTECTED = {"Parameters": {**REQUEST, "Instances": INSTANCES}}
UNPROTECT = task("elasticmapreduce:setClusterTerminationProtection",
                 {"ClusterId.$": "$.cluster.ClusterId", "TerminationProtected": False}, Next="End")  # fmt: skip
JSONATA = {"QueryLanguage": "JSONata", "Parameters": None}
FUNCTION = task("lambda:invoke", {"FunctionName": "f"}, End=True)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({}, []),
        ({"Add": resource("elasticmapreduce:addJobFlowSteps.sync")},
         [("emr-state-resource", "States.Add.Resource")]),
        ({"Add": resource("elasticmapreduce:addStep")}, [("emr-state-step-not-awaited", "States.Add.Resource")]),
        ({"Add": {"Parameters": {"ClusterId": "$.cluster.ClusterId", "Step": STEP}}},
         [("emr-state-path", "States.Add.Parameters.ClusterId")]),
        ({"Add": {"Parameters": {"ClusterId": "{% $id %}", "Step": STEP}}}, []),
        ({"Add": {**JSONATA, "Arguments": {"ClusterId": "$.x", "Step": STEP}}}, []),
        ({"Add": {"Parameters": {"JobFlowId.$": "$.cluster.ClusterId", "Step": STEP}}},
         [("emr-unknown-property", "States.Add.Parameters.JobFlowId")]),
        ({"End": {"Parameters": {}}}, [("emr-missing-property", "States.End.Parameters")]),
        ({"Add": {"Next": None, "End": True}, "End": None}, [("emr-state-never-terminated", "States.Create.Resource")]),
        ({"Add": {"Next": "Call"}, "Call": FUNCTION, "End": None}, []),
        ({"Add": {"Next": "Elsewhere"}, "End": None}, []),
        ({"Create": {"Parameters": {**REQUEST, "AutoTerminationPolicy": {"IdleTimeout": 3600}}},
          "Add": {"Next": None, "End": True}, "End": None}, []),
        ({"Create": PROTECTED},
         [("emr-state-protected-cluster", "States.Create.Parameters.Instances.TerminationProtected")]),
        ({"Create": PROTECTED, "Add": {"Next": "Open"}, "Open": UNPROTECT}, []),
        ({"End": resource("emr-serverless:startJobRun.sync")}, []),
        ({"Add": {"Resource": "arn:${Partition}:states:::elasticmapreduce:addSteps.sync"}},
         [("emr-state-resource", "States.Add.Resource")]),
    ],
)  # fmt: skip
def test_states(states, expected):
    assert found(**states) == expected


def test_a_path_in_the_arguments_of_a_step():
    step = {**STEP, "HadoopJarStep": {"Jar": "s3://jobs/a.jar", "Args": ["$.day"]}}
    (finding,) = found(Add={"Parameters": {"ClusterId.$": "$.id", "Step": step}})
    assert finding == ("emr-state-path-literal", "States.Add.Parameters.Step.HadoopJarStep.Args[0]")


@pytest.mark.parametrize(
    ("target", "is_reported"),
    [
        ("aws-sdk:emr:runJobFlow", False),
        ("aws-sdk:emr:RunJobFlow", True),
        ("aws-sdk:elasticmapreduce:runJobFlow", True),
        ("aws-sdk:emrserverless:startJobRun", False),
    ],
)
def test_targets_of_schedules(target, is_reported):
    schedule = {"Target": {"Arn": f"arn:aws:scheduler:::{target}"}}
    template = {"Resources": {"Nightly": {"Type": "AWS::Scheduler::Schedule", "Properties": schedule}}}
    found = [(finding.rule, finding.path) for finding in check_template(template)]
    assert found == ([("emr-state-resource", "Resources.Nightly.Properties.Target.Arn")] if is_reported else [])


def test_states_in_branches():
    branch = {"StartAt": "A", "States": {"A": task("elasticmapreduce:runJobFlow", REQUEST, End=True)}}
    both = {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": [branch], "End": True}}}
    findings = check_source(Source("a.asl.json", json.dumps(both), both))
    assert [finding.path for finding in findings] == ["States.Both.Branches[0].States.A.Resource"]
