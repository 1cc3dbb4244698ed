"""Macros, loops and language extensions: what they may change is unknown, what they leave is checked."""

from __future__ import annotations

import pytest

from emr_constructs._core.unknown import UNKNOWN
from emr_constructs.rules import check
from emr_constructs.templates.checking import check_template
from emr_constructs.templates.differences import Outcome
from emr_constructs.templates.intrinsics import Scenario
from emr_constructs.templates.macros import custom_macros, expanded
from emr_constructs.templates.parsing import line_of, parse
from emr_constructs.templates.updates import compare
from tests.tools import PROJECT

CLUSTER = """
  C:
    Type: AWS::EMR::Cluster
    Properties:
      Name: x
      ReleaseLabel: emr-7.5.0
      Applications: [{Name: Spark}]
      JobFlowRole: EMR_EC2_DefaultRole
      ServiceRole: EMR_DefaultRole
      Instances:
        Ec2SubnetId: subnet-0123456789abcdef0
        KeepJobFlowAliveWhenNoSteps: true
        MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge}
"""
INCLUDE = "Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/part.yaml}}"
CUSTOM = "Fn::Transform: {Name: Custom, Parameters: {A: B}}"


def found(resources, head=""):
    return [f"{finding.path} {finding.rule}" for finding in check_template(parse(f"{head}\nResources:{resources}"))]


@pytest.mark.parametrize(
    "lines",
    [
        ("      Name: x\n", f"      {INCLUDE}\n"),
        ("        MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge}\n", f"        {INCLUDE}\n"),
        ("{InstanceCount: 1, InstanceType: m5.xlarge}", f"{{InstanceType: m5.xlarge, {INCLUDE}}}"),
        ("[{Name: Spark}]", f"{{{INCLUDE}}}"),
        ("[{Name: Spark}]", f"[{{{INCLUDE}}}]"),
        ("{InstanceCount: 1, InstanceType: m5.xlarge}", f"{{InstanceType: 'a::b', {CUSTOM}}}"),
    ],
)
def test_what_a_macro_may_add_is_not_missing(lines):
    assert not found(CLUSTER.replace(*lines))


def test_what_is_beside_an_include_is_checked():
    resources = CLUSTER.replace("      Name: x\n", f"      {INCLUDE}\n").replace("InstanceCount: 1", "InstanceCount: 2")
    assert found(resources) == ["Resources.C.Properties.Instances.MasterInstanceGroup.InstanceCount emr-master-count"]


def test_nodes_of_other_roles_may_be_included():
    task = "TaskInstanceGroups: [{InstanceCount: 1, InstanceType: m5.xlarge}]"
    assert found(f"{CLUSTER}        {task}\n") == [
        "Resources.C.Properties.Instances.TaskInstanceGroups[0] emr-task-without-core"
    ]
    assert not found(f"{CLUSTER}        {task}\n        {INCLUDE}\n")


@pytest.mark.parametrize("macro", [INCLUDE, CUSTOM])
def test_the_properties_of_a_resource_with_a_macro_are_unknown(macro):
    assert not found(f"{CLUSTER.replace('InstanceCount: 1', 'InstanceCount: 2')}    {macro}\n")


@pytest.mark.parametrize(
    ("head", "macros"),
    [
        ("Transform: AWS::Serverless-2016-10-31", []),
        ("Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]", []),
        ("Transform: {Name: AWS::Include, Parameters: {Location: s3://b/x.yaml}}", []),
        ("Transform: Custom", ["Custom"]),
        ("Transform: [AWS::LanguageExtensions, {Name: Custom}]", ["Custom"]),
        ("Transform: [1, null]", ["1"]),
    ],
)
def test_a_macro_of_the_account_may_rewrite_the_template(head, macros):
    bad = CLUSTER.replace("InstanceCount: 1", "InstanceCount: 2")
    assert custom_macros(parse(head)) == macros
    assert bool(found(bad, head)) is not bool(macros)


def test_a_macro_of_all_resources_may_rewrite_them():
    bad = CLUSTER.replace("InstanceCount: 1", "InstanceCount: 2")
    assert found(f"{bad}  {INCLUDE}\n")
    assert not found(f"{bad}  {CUSTOM}\n")


LOOP = """
  Fn::ForEach::Steps:
    - Job
    - [a, b-c]
    - Step&{Job}:
        Type: AWS::EMR::Step
        Properties:
          Name: !Sub "run ${Job}"
          JobFlowId: !Ref C
          ActionOnFailure: CONTINUE
          HadoopJarStep: {Jar: command-runner.jar, Args: [hive-script, !Ref Job]}
"""


def test_a_loop_over_resources():
    template, places = expanded(parse(f"Resources:{CLUSTER}{LOOP}"))
    assert list(template["Resources"]) == ["C", "Stepa", "Stepbc"]
    step = template["Resources"]["Stepbc"]["Properties"]
    assert step["Name"] == {"Fn::Sub": "run b-c"}
    assert step["HadoopJarStep"]["Args"] == ["hive-script", "b-c"]
    assert places["Stepbc"] == "Resources.Fn::ForEach::Steps[2].Step&{Job}"


def test_findings_in_the_copies_of_a_resource_are_reported_once_where_the_loop_is():
    text = f"Resources:{CLUSTER}{LOOP.replace('[hive-script, !Ref Job]', '[]')}"
    (finding,) = check_template(parse(text))
    assert finding.path.startswith("Resources.Fn::ForEach::Steps[2].Step&{Job}.Properties")
    assert (finding.rule, finding.resource) == ("emr-step-no-command", "Stepa")
    assert text.splitlines()[line_of(text, finding.path) - 1].strip().startswith("HadoopJarStep: ")


def test_updates_of_clusters_in_loops():
    def template(release):
        body = parse(f"Resources:{CLUSTER}")["Resources"]["C"]
        body["Properties"]["ReleaseLabel"] = release
        return {"Resources": {"Fn::ForEach::Clusters": ["Name", ["a", "b"], {"C${Name}": body}]}}

    found = compare(template("emr-7.5.0"), template("emr-7.6.0"))
    assert [(update.cluster, update.outcome) for update in found] == [
        ("Ca", Outcome.REPLACED),
        ("Cb", Outcome.REPLACED),
    ]


def test_an_update_of_what_a_macro_processes_is_seen():
    old = parse(f"Resources:{CLUSTER}    {CUSTOM}")
    (update,) = compare(old, parse(f"Resources:{CLUSTER.replace('7.5.0', '7.6.0')}    {CUSTOM}"))
    assert update.outcome is Outcome.REPLACED


def test_loops_in_loops_and_over_parameters():
    text = """
    Parameters: {Names: {Type: CommaDelimitedList, Default: "x,y"}, Open: {Type: CommaDelimitedList}}
    Resources:
      Fn::ForEach::Outer:
        - A
        - !Ref Names
        - Fn::ForEach::Inner:
            - B
            - [1, 2]
            - R${A}${B}: {Type: AWS::EMR::Step}
      Fn::ForEach::Unknown: [A, !Ref Open, {"S${A}": {Type: AWS::EMR::Step}}]
      Fn::ForEach::Odd: [A]
      Fn::ForEach::Odder: 1
      Other: {Type: AWS::EMR::Step}
    """
    template, _ = expanded(parse(text))
    assert list(template["Resources"]) == ["Rx1", "Rx2", "Ry1", "Ry2", "Other"]
    check_template(parse(text))


def test_loops_do_not_multiply_without_end():
    body = {"R${A1}${A2}${A3}": {"Type": "AWS::EMR::Step"}}
    for at in (1, 2, 3):
        body = {f"Fn::ForEach::L{at}": [f"A{at}", [*range(400)], body]}
    assert expanded({"Resources": body}).template["Resources"] == {}
    assert Scenario({}).value(body) == {"Fn::Transform": UNKNOWN}


def test_loops_in_properties():
    scenario = Scenario(parse("Parameters: {Open: {Type: CommaDelimitedList}}"))
    loop = parse("{a: 1, 'Fn::ForEach::X': [X, [b, c], {'${X}': !Ref X}]}")
    assert scenario.value(loop) == {"a": 1, "b": "b", "c": "c"}
    assert scenario.value(parse("{'Fn::ForEach::X': [X, [b], {'k.${X}': 1}]}")) == {"k.b": 1}
    unknown = scenario.value(parse("{Name: x, 'Fn::ForEach::X': [X, !Ref Open, {'${X}': 1}]}"))
    assert not check("RunJobFlowInput", unknown)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Fn::Length: [a, b]", 2),
        ("Fn::Length: !Split [',', 'a,b,c']", 3),
        ("Fn::ToJsonString: {a: [1]}", '{"a": [1]}'),
        ("Fn::FindInMap: [M, x, k, {DefaultValue: d}]", 1),
        ("Fn::FindInMap: [M, y, k, {DefaultValue: d}]", "d"),
        ("Fn::FindInMap: [N, y, k, {DefaultValue: d}]", "d"),
    ],
)
def test_language_extensions(text, value):
    assert Scenario(parse("Mappings: {M: {x: {k: 1}}}")).value(parse(text)) == value


@pytest.mark.parametrize(
    "text", ["Fn::Length: !Ref Open", "Fn::ToJsonString: {a: !Ref Open}", "Fn::FindInMap: [M, y, k, {DefaultValue: d}]"]
)
def test_open_language_extensions(text):
    template = parse(f"Parameters: {{Open: {{Type: CommaDelimitedList}}}}\nMappings: {{M: {{{INCLUDE}}}}}")
    value = Scenario(template).value(parse(text))
    assert isinstance(value, str)
    assert value.startswith("${Token[")


def test_dynamic_references_are_unknown():
    secret = "'{{resolve:ssm:/emr/type:1}}'"
    resources = CLUSTER.replace("emr-7.5.0", secret).replace("m5.xlarge", secret).replace("[{Name: Spark}]", secret)
    assert not found(resources)


_MACRO = {"Fn::Transform": {"Name": "Company"}}
_INCLUDE = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/rules.yaml"}}}


@pytest.mark.parametrize(
    "changed",
    [
        lambda it: {**it, "Properties": {**it["Properties"], **_MACRO}},
        lambda it: {**it, "Properties": {**it["Properties"], **_INCLUDE}},
        lambda it: {**it, "Properties": _MACRO},
        lambda it: {**it, **_MACRO},
        lambda it: {"Type": it["Type"], **_MACRO},
    ],
    ids=["beside", "include", "properties", "resource", "only"],
)
def test_a_macro_on_any_resource_causes_no_finding(changed):
    for file in ("private_network.yaml", "instance_fleets.yaml"):
        template = parse((PROJECT / "tests" / "rules" / "templates" / file).read_text())
        known = {finding.rule for finding in check_template(template)}
        for name, resource in template["Resources"].items():
            with_macro = {**template["Resources"], name: changed(resource)}
            found = {finding.rule for finding in check_template({**template, "Resources": with_macro})}
            assert found <= known, (file, name)
