"""Calls of EMR by schedules and custom resources: checked, described and compared."""

from __future__ import annotations

import copy
import json

import pytest

from emr_constructs.templates.checking import check_template
from emr_constructs.templates.descriptions import described_content
from emr_constructs.templates.updates import stack_update

REQUEST = {
    "Name": "nightly",
    "ReleaseLabel": "emr-7.5.0",
    "JobFlowRole": "EMR_EC2_DefaultRole",
    "ServiceRole": "EMR_DefaultRole",
    "Instances": {
        "Ec2SubnetId": "subnet-0123456789abcdef0",
        "KeepJobFlowAliveWhenNoSteps": True,
        "InstanceGroups": [{"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": "m5.xlarge"}],
    },
    "AutoTerminationPolicy": {"IdleTimeout": 3600},
}
STEPS = {
    "JobFlowId": "j-1K48XXXXXXHCB",
    "Steps": [
        {
            "Name": "step",
            "ActionOnFailure": "CONTINUE",
            "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["spark-submit"]},
        }
    ],
}


def schedule(call="runJobFlow", request=REQUEST):
    text = request if isinstance(request, dict) and "Fn::Sub" in request else json.dumps(request)
    target = {"Arn": f"arn:aws:scheduler:::aws-sdk:emr:{call}", "Input": text}
    return {"Resources": {"Nightly": {"Type": "AWS::Scheduler::Schedule", "Properties": {"Target": target}}}}


def custom(service="EMR", action="runJobFlow", request=REQUEST, events=("Create",)):
    call = json.dumps({"service": service, "action": action, "parameters": request})
    properties = {"ServiceToken": "arn", **dict.fromkeys(events, call)}
    return {"Resources": {"Launch": {"Type": "Custom::AWS", "Properties": properties}}}


def with_two_masters():
    request = copy.deepcopy(REQUEST)
    request["Instances"]["InstanceGroups"][0]["InstanceCount"] = 2
    return request


@pytest.mark.parametrize("template", [schedule(), custom(), schedule("describeCluster", {}), custom("S3", "putObject")])
def test_right_calls_and_those_of_other_services(template):
    assert check_template(template) == []


@pytest.mark.parametrize(
    ("template", "path"),
    [
        (schedule(request=with_two_masters()), "Nightly.Properties.Target.Input"),
        (custom(request=with_two_masters()), "Launch.Properties.Create.parameters"),
        # The same call in several events is one finding.
        (custom(request=with_two_masters(), events=("Create", "Update")), "Launch.Properties.Create.parameters"),
        (
            custom("@aws-sdk/client-emr", "RunJobFlowCommand", with_two_masters(), ("Update",)),
            "Launch.Properties.Update.parameters",
        ),
    ],
)
def test_findings_in_launches(template, path):
    (finding,) = check_template(template)
    assert finding.rule == "emr-master-count"
    assert finding.path == f"Resources.{path}.Instances.InstanceGroups[0].InstanceCount"


@pytest.mark.parametrize("template", [schedule("addJobFlowSteps", STEPS), custom("emr", "addJobFlowSteps", STEPS)])
def test_findings_in_added_steps(template):
    (finding,) = check_template(template)
    assert finding.rule == "emr-spark-application"
    assert finding.path.endswith(".Steps[0].HadoopJarStep.Args")


def test_values_of_an_execution_are_unknown():
    request = {**REQUEST, "Name": "nightly-<aws.scheduler.execution-id>", "LogUri": "<aws.scheduler.schedule-arn>"}
    assert check_template(schedule(request=request)) == []
    text = json.dumps({**REQUEST, "ReleaseLabel": "${Release}"})
    assert check_template(schedule(request={"Fn::Sub": text}) | {"Parameters": {"Release": {"Type": "String"}}}) == []


def test_an_input_that_is_no_json_has_no_calls():
    template = schedule()
    for value in ("{", None, [], 7, {"Ref": "Other"}):
        template["Resources"]["Nightly"]["Properties"]["Target"]["Input"] = value
        assert [finding.rule for finding in check_template(template)] in ([], ["emr-type"])


@pytest.mark.parametrize("template", [schedule(), custom()])
def test_launches_are_described(template):
    (cluster,) = described_content(template).clusters
    assert cluster.name == "nightly"


def test_changes_of_a_schedule_apply_to_its_next_executions():
    (update,) = stack_update(schedule(), schedule(request=with_two_masters())).resources
    assert update.resource == "Nightly"
    assert update.consequences == ("changes apply to future executions; running clusters aren't affected",)
