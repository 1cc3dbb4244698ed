"""Clusters and steps of state machines: in files, in templates, as objects and as texts."""

from __future__ import annotations

import json

import pytest

from emr_constructs._core.unknown import is_unknown
from emr_constructs.templates.checking import check_template
from emr_constructs.templates.display import described
from emr_constructs.templates.graph import Graph
from emr_constructs.templates.inputs import Source, check_source, definitions_of
from emr_constructs.templates.intrinsics import Scenario
from emr_constructs.templates.parsing import line_of, parse
from emr_constructs.templates.state_machines import calls_in, machine_calls
from emr_constructs.workflows.api_arguments import api_arguments
from tests._core.test_cloudformation import everything
from tests.catalogue import example
from tests.cli.tools import run
from tests.overviews import launched_overviews, overviews

CREATE = "arn:aws:states:::elasticmapreduce:createCluster.sync"
ADD = "arn:aws:states:::elasticmapreduce:addStep.sync"
RUN = "arn:aws-cn:states:::aws-sdk:emr:runJobFlow"
ADD_STEPS = "arn:aws:states:::aws-sdk:emr:addJobFlowSteps"
GOOD = {
    "Name": "x",
    "ReleaseLabel": "emr-7.5.0",
    "Applications": [{"Name": "Spark"}],
    "JobFlowRole": "EMR_EC2_DefaultRole",
    "ServiceRole": "EMR_DefaultRole",
    "Instances": {
        "Ec2SubnetId": "subnet-0123456789abcdef0",
        "KeepJobFlowAliveWhenNoSteps": True,
        "InstanceGroups": [{"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": "m5.xlarge"}],
    },
}
TWO = {"InstanceGroups": [{"InstanceRole": "MASTER", "InstanceCount": 2, "InstanceType": "m5.xlarge"}]}
BAD = {**GOOD, "Instances": {**GOOD["Instances"], **TWO}}
STEP = {"Name": "s", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": []}}


def task(resource, request, member="Parameters"):
    return {"Type": "Task", "Resource": resource, member: request, "End": True}


def machine(**states):
    return {"StartAt": "A", "States": states}


def rules(definition):
    text = json.dumps(definition, indent=1)
    return [f"{finding.path} {finding.rule}" for finding in check_source(Source("a.asl.json", text, json.loads(text)))]


def of_template(properties, kind="AWS::StepFunctions::StateMachine", **more):
    template = {"Resources": {"SM": {"Type": kind, "Properties": properties}, **more}}
    return [f"{finding.path} {finding.rule}" for finding in check_template(template)]


@pytest.mark.parametrize("resource", [CREATE, CREATE.removesuffix(".sync"), RUN, f"{RUN}.waitForTaskToken"])
@pytest.mark.parametrize("member", ["Parameters", "Arguments"])
def test_a_cluster(resource, member):
    assert not rules(machine(A=task(resource, GOOD, member)))
    path = f"States.A.{member}.Instances.InstanceGroups[0].InstanceCount"
    assert rules(machine(A=task(resource, BAD, member))) == [f"{path} emr-master-count"]


def test_nested_states():
    inner = machine(**{"a.b": task(CREATE, BAD)})
    nested = {
        "Branches": {"Type": "Parallel", "Branches": [machine(), inner]},
        "Map": {"Type": "Map", "ItemProcessor": inner},
        "Old": {"Type": "Map", "Iterator": machine(M={"Type": "Map", "ItemProcessor": inner})},
    }
    suffix = "States.a.b.Parameters.Instances.InstanceGroups[0].InstanceCount emr-master-count"
    assert rules(machine(**nested)) == [
        f"States.Branches.Branches[1].{suffix}",
        f"States.Map.ItemProcessor.{suffix}",
        f"States.Old.Iterator.States.M.ItemProcessor.{suffix}",
    ]


def test_steps():
    assert rules(machine(A=task(ADD, {"ClusterId.$": "$.id", "Step": STEP}))) == [
        "States.A.Parameters.Step.HadoopJarStep.Args emr-step-no-command"
    ]
    assert rules(machine(A=task(ADD_STEPS, {"JobFlowId": "j-1", "Steps": [STEP]}, "Arguments"))) == [
        "States.A.Arguments.Steps[0].HadoopJarStep.Args emr-step-no-command"
    ]


def test_changes_of_a_cluster():
    group = {"InstanceRole": "TASK", "InstanceCount": 0, "InstanceType": "m5.xlarge", "Market": "SPOTT"}
    states = {
        "A": task("arn:aws:states:::aws-sdk:emr:addInstanceGroups", {"JobFlowId.$": "$.id", "InstanceGroups": [group]}),
        "B": task("arn:aws:states:::aws-sdk:emr:addInstanceFleet", {"InstanceFleet": {"InstanceFleetType": "CORE"}}),
        "C": task(
            "arn:aws:states:::aws-sdk:emr:putAutoTerminationPolicy", {"AutoTerminationPolicy": {"IdleTimeout": 1}}
        ),
        "D": task("arn:aws:states:::aws-sdk:emr:describeCluster", {"ClusterId": 1}),
    }
    found = rules(machine(**states))
    assert "States.A.Parameters.InstanceGroups[0].Market emr-enum" in found
    assert "States.B.Parameters.InstanceFleet.InstanceFleetType emr-added-fleet-role" in found
    assert "States.C.Parameters.AutoTerminationPolicy.IdleTimeout emr-idle-timeout" in found
    assert not [rule for rule in found if "States.D" in rule]


@pytest.mark.parametrize(
    "request_",
    [
        {"Name.$": "$.name", "Instances.$": "$.instances", "ReleaseLabel.$": "$.label"},
        {**GOOD, "Instances": {**GOOD["Instances"], "InstanceGroups.$": "$.groups"}},
        {**GOOD, "Name": "{% $name %}", "Instances": "{% $instances %}"},
        {**BAD, "Instances": {**BAD["Instances"], "InstanceGroups": ["{% $group %}"]}},
        {**GOOD, "ReleaseLabel": "${Release}", "Applications": [{"Name": "${Application}"}]},
        {**GOOD, "Configurations": [{"Classification": "spark-defaults", "Properties": {"a.$": "$.a"}}]},
        "{% $request %}",
        "$.request",
    ],
)
def test_what_an_execution_decides_is_unknown(request_):
    found = rules(machine(A=task(RUN, request_), B=task(CREATE, request_)))
    assert {rule.rpartition(" ")[2] for rule in found} == ({"emr-type"} if request_ == "$.request" else set())


def test_what_create_cluster_requires():
    ends = {**GOOD["Instances"], "KeepJobFlowAliveWhenNoSteps": False}
    steps = {**GOOD, "Steps": [{**STEP, "HadoopJarStep": {"Jar": "s3://b/a.jar"}}]}
    left_out = {key: value for key, value in ends.items() if key != "KeepJobFlowAliveWhenNoSteps"}
    assert rules(machine(A=task(CREATE, {**GOOD, "Instances": ends}))) == [
        "States.A.Parameters.Instances.KeepJobFlowAliveWhenNoSteps emr-state-keep-alive"
    ]
    assert rules(machine(A=task(CREATE, {**GOOD, "Instances": left_out}))) == [
        "States.A.Parameters.Instances emr-state-keep-alive"
    ]
    assert rules(machine(A=task(CREATE, steps))) == ["States.A.Parameters.Steps emr-state-steps"]
    assert not rules(machine(A=task(RUN, {**steps, "Instances": ends})))
    assert not rules(machine(A=task(CREATE, {**GOOD, "Instances": {**left_out, "KeepJobFlowAliveWhenNoSteps.$": "$"}})))


def test_names_of_step_functions_are_those_of_the_api():
    request = everything("AWS::EMR::Cluster")
    api = {"OSReleaseLabel": "2023", "KerberosAttributes": {"Realm": "R", "ADDomainJoinUser": "u"}}
    assert request["OSReleaseLabel"]
    (call,) = calls_in(machine(A=task(RUN, api_arguments(api, "RunJobFlowInput"))))
    assert call.request == api


def test_a_definition_in_a_template():
    definition = machine(A=task(CREATE, BAD))
    (found,) = of_template({"Definition": definition})
    assert found == (
        "Resources.SM.Properties.Definition.States.A.Parameters.Instances.InstanceGroups[0].InstanceCount "
        "emr-master-count"
    )
    (found,) = of_template({"DefinitionString": json.dumps(definition)})
    assert found.startswith("Resources.SM.Properties.DefinitionString.States.A.Parameters.Instances")
    text = "Resources:\n  SM:\n    Type: a\n    Properties:\n      RoleArn: b\n      DefinitionString: '{}'\n"
    assert line_of(text, found.partition(" ")[0]) == 6
    assert of_template({"Definition": definition}, "AWS::Serverless::StateMachine")
    assert not of_template({"Definition": definition}, "AWS::Other::StateMachine")


def test_texts_with_functions():
    definition = json.dumps(machine(A=task("arn:${AWS::Partition}:states:::aws-sdk:emr:runJobFlow", BAD)))
    assert of_template({"DefinitionString": {"Fn::Sub": definition}})
    counted = definition.replace('"InstanceCount": 2', '"InstanceCount": ${Count}')
    assert not of_template({"DefinitionString": {"Fn::Sub": counted}})
    assert of_template({"DefinitionString": {"Fn::Sub": [counted, {"Count": 2}]}})
    parts = definition.replace("${AWS::Partition}", "aws").split("x", 1)
    joined = [parts[0], {"Fn::ImportValue": 'odd "text" ]} \\'}, parts[1]]
    assert of_template({"DefinitionString": {"Fn::Join": ["", joined]}})


def test_substitutions():
    definition = machine(A=task(CREATE, {**GOOD, "ReleaseLabel": "${Release}", "Name": "n-${Name}"}))
    for value in (definition, json.dumps(definition)):
        member = "DefinitionString" if isinstance(value, str) else "Definition"
        assert not of_template({member: value})
        assert not of_template({member: value, "DefinitionSubstitutions": {"Release": "emr-7.5.0"}})
        (found,) = of_template({member: value, "DefinitionSubstitutions": {"Release": "7.5.0"}})
        assert found.endswith("emr-release-label")


@pytest.mark.parametrize("as_text", [False, True])
def test_a_state_refers_to_resources_of_the_template(as_text):
    document = {"AuthenticationConfiguration": {"KerberosConfiguration": {"Provider": "ClusterDedicatedKdc"}}}
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
        "SC": {"Type": "AWS::EMR::SecurityConfiguration", "Properties": {"SecurityConfiguration": document}},
    }

    def found(**members):
        definition = machine(A=task(RUN, {**GOOD, **members}))
        if not as_text:
            return of_template({"Definition": definition}, **resources)
        text = json.dumps(definition).replace('{"Ref": "Role"}', '"${Role}"').replace('{"Ref": "SC"}', '"${SC}"')
        return of_template({"DefinitionString": {"Fn::Sub": text}}, **resources)

    before = found()
    roles = {rule.partition(" ")[2] for rule in found(JobFlowRole={"Ref": "Role"}) if rule not in before}
    assert roles == {"emr-profile-reference"}
    kerberos = {rule.partition(" ")[2] for rule in found(SecurityConfiguration={"Ref": "SC"}) if rule not in before}
    assert kerberos == {"emr-kerberos-both-sides"}


def test_the_texts_of_expressions():
    (call,) = calls_in(machine(A=task(RUN, {"Name": '{% "Nightly " & $states.context.Execution.Name %}'}, "Arguments")))
    assert is_unknown(call.request["Name"])
    assert described(call.request["Name"]) == "Nightly <$states.context.Execution.Name>"
    (call,) = calls_in(machine(A=task(RUN, {"Name.$": "States.Array($.a[0])"})))
    assert described(call.request["Name"]) == "<States.Array($.a(0))>"


def test_a_transient_cluster_of_this_library():
    template = example("nightly_job").templates["NightlyJob"]
    assert not check_template(template)
    graph = Graph(template)
    machines = graph.of_kind("AWS::StepFunctions::StateMachine")
    calls = [call for name in machines for call in machine_calls(graph, Scenario(template), name)]
    assert [call.kind for call in calls] == ["RunJobFlowInput", *["StepConfigList"] * 3]
    (overview,) = overviews(template)
    assert overview.release == "emr-7.14.0"
    assert overview.steps == ("Count books", "Count articles", "Count comments")
    assert "IMDSv2 only" in overview.encryption


def test_overviews_of_a_file():
    definition = machine(A=task(CREATE, GOOD), B=task(ADD, {"ClusterId.$": "$.id", "Step": STEP}))
    (overview,) = launched_overviews(definition)
    assert (overview.cluster, overview.name, overview.steps) == ("state A", "x", ("s",))
    both = launched_overviews({**definition, "States": {**definition["States"], "C": task(RUN, GOOD)}})
    assert [found.steps for found in both] == [(), ()]


@pytest.mark.parametrize(
    "definition",
    [
        {"StartAt": 1, "States": {"a": [], "b": {"Branches": [1, {"States": {"c": {"Resource": ["x"]}}}]}}},
        {"StartAt": "A", "States": {1: {"Iterator": 3, "ItemProcessor": []}}},
        machine(A=task(RUN, None), B=task(CREATE, []), C=task(ADD, {"Step": 1}), D=task(ADD_STEPS, {"Steps": {}})),
    ],
)
def test_odd_definitions(definition):
    check_source(Source("a", "", definition))
    launched_overviews(definition)
    of_template({"Definition": definition, "DefinitionSubstitutions": [1]})


@pytest.mark.parametrize("text", ["", "{", "[]", '{"States": ', "${x}", "{{resolve:ssm:x}}", 1, None, ["a"]])
def test_odd_texts(text):
    assert not of_template({"DefinitionString": text, "DefinitionSubstitutions": {"x": {"a": 1}}})


def test_yaml_files():
    content = parse(
        "StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: " + CREATE + "\n    Parameters: {Steps: []}\n"
    )
    found = check_source(Source("a.asl.yaml", "", content))
    assert {finding.rule for finding in found} == {"emr-missing-property", "emr-state-steps"}


def test_definitions_in_files_of_their_own(tmp_path):
    definition = machine(A=task(CREATE, {**GOOD, "ReleaseLabel": "${Release}"}))
    (tmp_path / "machines").mkdir()
    (tmp_path / "machines" / "a.asl.json").write_text(json.dumps(definition))
    (tmp_path / "asset.1f.json").write_text(json.dumps(definition))
    (tmp_path / "other.json").write_text("{}")

    def found(**properties):
        resources = {"SM": {"Type": "AWS::Serverless::StateMachine", "Properties": properties}}
        source = Source(str(tmp_path / "t.yaml"), "", {"Resources": resources})
        return [finding.rule for part in definitions_of(source) for finding in check_source(part)]

    wrong = {"Release": "7.5.0"}
    assert found(DefinitionUri="machines/a.asl.json", DefinitionSubstitutions=wrong) == ["emr-release-label"]
    assert found(DefinitionS3Location={"Key": "1f.json"}, DefinitionSubstitutions=wrong) == ["emr-release-label"]
    assert not found(DefinitionUri="machines/a.asl.json")
    for uri in (
        "s3://b/a",
        "absent.json",
        "other.json",
        f"../{tmp_path.name}/asset.1f.json",
        1,
        None,
        "\0",
        "a" * 5000,
    ):
        assert not found(DefinitionUri=uri, DefinitionSubstitutions=wrong)
    assert not found(DefinitionUri=str(tmp_path / "asset.1f.json"), DefinitionSubstitutions=wrong)
    assert not list(definitions_of(Source("-", "", {"Resources": {}})))


def test_the_command_line_checks_and_describes_definitions_of_a_template(tmp_path):
    (tmp_path / "a.asl.json").write_text(json.dumps(machine(A=task(CREATE, BAD))))
    path = tmp_path / "template.yaml"
    path.write_text(
        "Resources:\n  M: {Type: 'AWS::Serverless::StateMachine', Properties: {DefinitionUri: a.asl.json}}\n"
    )
    assert f"{tmp_path / 'a.asl.json'}:1: error: instance count" in run("check", path).output
    assert "x  state A in" in run("describe", path).output
