"""Steps, task groups and task fleets that are added to a cluster under conditions."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk.cloudformation_include import CfnInclude

from emr_constructs import (
    Cluster,
    EmrError,
    InstanceFleet,
    InstanceFleets,
    InstanceGroup,
    InstanceGroups,
    Script,
    Step,
    Termination,
)
from emr_constructs.templates.checking import check_template
from tests.tools import imported_vpc, new_app, new_stack, resources, synthesize

JOB = Script.from_uri("s3://jobs/job.jar")
GROUP = InstanceGroup("m7g.xlarge", 2, name="Spot nodes")
UNIT = InstanceFleet.on_demand("m7g.xlarge", units=1)
FLEETS = InstanceFleets(master=UNIT, core=UNIT)
SAME_FLEET = "a cluster must have at most one task fleet, got two; extend the first one, or pass a condition to each"
SAME_NAME = "names of task instance groups must be unique, got 'Spot nodes' 2 times; change a name"


def step(name):
    return Step.jar(name, jar=JOB)


def conditions_in(stack):
    environment = cdk.CfnParameter(stack, "Environment", default="test", allowed_values=["production", "test", "demo"])
    size = cdk.CfnParameter(stack, "Size", default="small")
    production = cdk.CfnCondition(
        stack, "IsProduction", expression=cdk.Fn.condition_equals(environment.value_as_string, "production")
    )
    return {
        "production": production,
        "other": cdk.CfnCondition(stack, "IsOther", expression=cdk.Fn.condition_not(production)),
        "demo": cdk.CfnCondition(
            stack, "IsDemo", expression=cdk.Fn.condition_equals("demo", environment.value_as_string)
        ),
        "large": cdk.CfnCondition(stack, "IsLarge", expression=cdk.Fn.condition_equals(size.value_as_string, "large")),
    }


@pytest.fixture
def conditions(stack):
    return conditions_in(stack)


@pytest.fixture(scope="module")
def template():
    stack = new_stack(new_app())
    production, other, demo, large = conditions_in(stack).values()
    vpc = imported_vpc(stack)
    groups = Cluster(stack, "Groups", vpc=vpc, termination=Termination.manual())
    groups.add_task_group(GROUP, condition=production)
    groups.add_task_group(GROUP, condition=other)
    groups.add_task_group(GROUP, condition=large, construct_id="Large")
    for name, condition in (
        ("first", None), ("second", production), ("third", production), ("third", other), ("demo", demo),
        ("large", large), ("last", None),
    ):  # fmt: skip
        groups.add_step(step(name), condition=condition)
    fleets = Cluster(stack, "Fleets", vpc=vpc, instances=FLEETS, termination=Termination.manual())
    fleets.add_task_fleet(UNIT, condition=production)
    fleets.add_task_fleet(UNIT, condition=other)
    fleets.add_task_fleet(UNIT, condition=large, construct_id="Large")
    parallel = Cluster(stack, "Parallel", vpc=vpc, termination=Termination.manual(), step_concurrency_level=2)
    parallel.add_step(step("first"), condition=production)
    parallel.add_step(step("second"))
    return synthesize(stack)


def conditions_of(template, kind, containing):
    return {name[:-8]: made.get("Condition") for name, made in resources(template, kind).items() if containing in name}


def test_groups_and_fleets_of_one_name_exist_under_different_conditions(template):
    assert conditions_of(template, "AWS::EMR::InstanceGroupConfig", "Groups") == {
        "GroupsTaskGroupSpotNodesIsProduction": "IsProduction",
        "GroupsTaskGroupSpotNodesIsOther": "IsOther",
        "GroupsLarge": "IsLarge",
    }
    assert conditions_of(template, "AWS::EMR::InstanceFleetConfig", "Fleets") == {
        "FleetsTaskFleetIsProduction": "IsProduction",
        "FleetsTaskFleetIsOther": "IsOther",
        "FleetsLarge": "IsLarge",
    }
    groups = resources(template, "AWS::EMR::InstanceGroupConfig")
    assert {made["Properties"]["Name"] for name, made in groups.items() if "Groups" in name} == {"Spot nodes"}


def test_a_step_waits_for_those_before_it_that_exist(template):
    steps = {name: made for name, made in resources(template, "AWS::EMR::Step").items() if "Groups" in name}

    def before(named):
        (found,) = (made for name, made in steps.items() if name[:-8] == f"GroupsStep{named}")
        certain = [name[10:-8] for name in found["DependsOn"] if name in steps]
        references = found["Metadata"].get("emr-constructs:After", []) if "Metadata" in found else []
        assert all(reference["Fn::If"][2] == {"Ref": "AWS::NoValue"} for reference in references)
        return certain, [(name, value["Ref"][10:-8]) for name, value, _ in (each["Fn::If"] for each in references)]

    assert before("SecondIsProduction") == (["First"], [])
    assert before("ThirdIsProduction") == (["SecondIsProduction"], [])
    # Conditions that exclude each other.
    assert before("ThirdIsOther") == (["First"], [])
    assert before("DemoIsDemo") == (["First"], [("IsOther", "ThirdIsOther")])
    maybe = [("IsDemo", "DemoIsDemo"), ("IsOther", "ThirdIsOther"), ("IsProduction", "ThirdIsProduction")]
    assert before("LargeIsLarge") == (["First"], maybe)
    assert before("Last") == (["First"], [("IsLarge", "LargeIsLarge"), *maybe])
    assert steps[next(name for name in steps if "ThirdIsOther" in name)]["Condition"] == "IsOther"


def test_parallel_steps_do_not_wait(template):
    steps = {name: made for name, made in resources(template, "AWS::EMR::Step").items() if "Parallel" in name}
    assert len(steps) == 2
    assert not [name for made in steps.values() for name in made["DependsOn"] if name in steps]
    assert not [made for made in steps.values() if "emr-constructs:After" in made.get("Metadata", {})]


def test_the_template_has_no_findings(template):
    assert [str(finding) for finding in check_template(template)] == []


def test_nodes_that_exist_together_are_checked_together(stack, conditions):
    production, other = conditions["production"], conditions["other"]

    def groups(name):
        return Cluster.from_cluster_attributes(stack, f"Rejected{name}", cluster_id="j-1")

    always_last, always_first, twice, kinds = map(groups, ("Last", "First", "Twice", "Kinds"))
    always_last.add_task_group(GROUP, condition=production)
    always_first.add_task_group(GROUP)
    twice.add_task_group(GROUP, condition=production)
    twice.add_task_fleet(UNIT, condition=other)
    kinds.add_task_fleet(UNIT, condition=production)
    for call, message in (
        (lambda: always_last.add_task_group(GROUP), SAME_NAME),
        (lambda: always_first.add_task_group(GROUP, condition=production), SAME_NAME),
        (lambda: twice.add_task_group(GROUP, condition=production, construct_id="Other"), SAME_NAME),
        (lambda: twice.add_task_group(GROUP, condition=other), "task groups can't be combined with the task fleet"),
        (lambda: twice.add_task_fleet(UNIT, condition=other), SAME_FLEET),
        (lambda: twice.add_task_fleet(UNIT), SAME_FLEET),
        (lambda: kinds.add_task_group(GROUP), "task groups can't be combined with the task fleet of the cluster"),
        (lambda: always_first.add_task_fleet(UNIT, condition=other), "a task fleet can't be combined with the task"),
        (lambda: kinds.add_task_fleet(UNIT, condition=other, construct_id="TaskFleetIsProduction"), "must be unique"),
        (lambda: twice.add_task_group(GROUP, condition=production), "ID of the task group must be unique in the clus"),
    ):
        with pytest.raises(EmrError, match=message) as error:
            call()
        assert error.value.path.startswith("Test/Rejected")


def test_nodes_are_checked_with_those_of_the_cluster(stack, conditions):
    vpc = imported_vpc(stack, "OtherVpc")
    core = InstanceGroup("m7g.xlarge", 2)
    full = Cluster(
        stack,
        "Full",
        vpc=vpc,
        instances=InstanceGroups(
            master=InstanceGroup("m7g.xlarge"),
            core=core,
            tasks=[GROUP, *(InstanceGroup("m7g.xlarge", 1, name=f"{number}") for number in range(46))],
        ),
        termination=Termination.manual(),
    )
    with pytest.raises(EmrError, match=SAME_NAME):
        full.add_task_group(GROUP, condition=conditions["production"])
    more = [InstanceGroup("m7g.xlarge", 1, name=name) for name in ("More", "Most")]
    full.add_task_group(more[0], condition=conditions["production"])
    full.add_task_group(more[1], condition=conditions["other"])
    with pytest.raises(EmrError, match="number of task instance groups must be at most 48, got 49"):
        full.add_task_group(InstanceGroup("m7g.xlarge", 1, name="Last"), condition=conditions["other"])
    with_task = InstanceFleets(master=UNIT, core=UNIT, task=UNIT)
    fleets = Cluster(stack, "FullFleets", vpc=vpc, instances=with_task, termination=Termination.manual())
    with pytest.raises(EmrError, match=SAME_FLEET):
        fleets.add_task_fleet(UNIT, condition=conditions["production"])


def test_rejects_what_is_no_condition_of_the_stack(stack, conditions):
    cluster = Cluster.from_cluster_attributes(stack, "Typed", cluster_id="j-1")
    elsewhere = cdk.CfnCondition(new_stack(name="Elsewhere"), "IsProduction")
    other_stack = (
        "condition must be in the stack of the cluster, Test, got one in Elsewhere; create the cdk.CfnCondition in the "
        "stack of the cluster"
    )
    expression = cdk.Fn.condition_not(conditions["production"])
    for value, message in (
        (elsewhere, other_stack),
        ("IsProduction", r"condition must be a CfnCondition, got 'IsProduction'; use CfnCondition\(\.\.\.\)"),
        (True, "condition must be a CfnCondition, got True"),
        (expression, "condition must be a CfnCondition, got an ICfnRuleConditionExpression object"),
        (cdk.CfnCondition, "condition must be a CfnCondition, got the class CfnCondition"),
    ):
        for call in (
            lambda value=value: cluster.add_step(step("a"), condition=value),
            lambda value=value: cluster.add_task_group(GROUP, condition=value),
            lambda value=value: cluster.add_task_fleet(UNIT, condition=value),
        ):
            with pytest.raises(EmrError, match=message) as error:
                call()
            assert error.value.path == "Test/Typed"


def test_a_condition_of_an_included_template_is_one_condition(stack, tmp_path):
    file = tmp_path / "included.json"
    expression = {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}
    topic = {"Type": "AWS::SNS::Topic"}
    file.write_text(json.dumps({"Conditions": {"IsHome": expression}, "Resources": {"Topic": topic}}))
    included = CfnInclude(stack, "Included", template_file=str(file))
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    first = cluster.add_step(step("first"), condition=included.get_condition("IsHome"))
    second = cluster.add_step(step("second"), condition=included.get_condition("IsHome"))
    assert second.node.dependencies == [first]
    cluster.add_task_group(GROUP, condition=included.get_condition("IsHome"))
    with pytest.raises(EmrError, match=SAME_NAME):
        cluster.add_task_group(GROUP, condition=included.get_condition("IsHome"), construct_id="Other")
