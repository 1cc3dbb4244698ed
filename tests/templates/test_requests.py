"""Reading a template is the inverse of writing it."""

from __future__ import annotations

import pytest
from aws_cdk import aws_emr as emr
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from emr_constructs._core.cloudformation import cluster_properties, step_properties
from emr_constructs._core.unknown import UNKNOWN, is_unknown
from emr_constructs.data import load
from emr_constructs.templates.checking import check_template
from emr_constructs.templates.requests import (
    CLUSTER,
    KINDS,
    SECURITY_CONFIGURATION,
    STEP,
    Request,
    coerced,
    document,
)
from tests._core.test_cloudformation import everything
from tests.catalogue import EXAMPLES, example
from tests.tools import resources

FACTS = load("cloudformation.json")


def schema(kind):
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema


def test_what_is_written_is_read_back():
    properties = everything(CLUSTER)
    request = Request(CLUSTER, properties)
    assert request.findings == []
    assert set(request.members["Configurations"][0]) == {"Classification", "Configurations", "Properties"}
    assert cluster_properties(request.members) == properties


def test_a_step_is_read_back():
    properties = everything(STEP)
    request = Request(STEP, properties)
    assert request.findings == []
    cluster = request.members.pop("JobFlowId")
    assert step_properties(request.members, cluster) == properties
    assert request.place("StepMonitoringConfiguration.S3MonitoringConfiguration.LogUri") == "LogUri"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_clusters_of_the_examples_are_read_back(name):
    for template in example(name).templates.values():
        for cluster in resources(template, CLUSTER).values():
            request = Request(CLUSTER, cluster["Properties"])
            assert request.findings == []
            assert cluster_properties(request.members) == cluster["Properties"]


def instances(**members):
    return {"Name": "n", "JobFlowRole": "p", "ServiceRole": "s", "Instances": members}


def test_lists_the_nodes_of_all_roles_and_knows_where_they_come_from():
    group = {"InstanceType": "m5.xlarge", "InstanceCount": 1}
    made = instances(
        TaskInstanceGroups=[{**group, "Name": "a"}, {**group, "Configurations": [{"ConfigurationProperties": {}}]}],
        MasterInstanceGroup=group,
        CoreInstanceFleet={"TargetSpotCapacity": 1},
    )
    request = Request(CLUSTER, made)
    found = request.members["Instances"]
    assert [nodes["InstanceRole"] for nodes in found["InstanceGroups"]] == ["TASK", "TASK", "MASTER"]
    assert found["InstanceFleets"] == [{"InstanceFleetType": "CORE", "TargetSpotCapacity": 1}]
    assert request.place("Instances.InstanceGroups[2].InstanceCount") == "Instances.MasterInstanceGroup.InstanceCount"
    assert request.place("Instances.InstanceFleets[0]") == "Instances.CoreInstanceFleet"
    assert request.place("Instances.InstanceGroups[1].Configurations[0].Properties.a") == (
        "Instances.TaskInstanceGroups[1].Configurations[0].ConfigurationProperties.a"
    )
    assert request.place("Instances") == "Instances"
    assert request.place("Instances.InstanceGroups") == "Instances"
    assert request.place("Instances.InstanceGroups[2].InstanceRole") == "Instances.MasterInstanceGroup"
    assert request.place("") == ""


@pytest.mark.parametrize(
    ("properties", "path", "says"),
    [
        (instances(InstanceGroups=[]), "Instances.InstanceGroups", "use MasterInstanceGroup, CoreInstanceGroup, Task"),
        (instances(masterInstanceGroup={}), "Instances.masterInstanceGroup", "use 'MasterInstanceGroup'"),
        (
            {**instances(), "SessionEnabled": True},
            "SessionEnabled",
            "launch the cluster with the RunJobFlow API, which has it",
        ),
        (
            {**instances(), "Configurations": [{"Properties": {}}]},
            "Configurations[0].Properties",
            "use 'ConfigurationProperties'",
        ),
        ({"Instances": {}, "Name": "n", "ServiceRole": "s"}, "", "specify JobFlowRole"),
        ({**instances(), "Steps": [{"Name": "n"}]}, "Steps[0]", "specify HadoopJarStep"),
    ],
)
def test_reports_unknown_and_missing_properties(properties, path, says):
    (problem,) = Request(CLUSTER, properties).findings
    assert problem.path == path
    assert says in problem.fix


def test_leaves_unknown_parts_as_they_are():
    made = {**instances(MasterInstanceGroup=UNKNOWN, TaskInstanceGroups=UNKNOWN), "Steps": UNKNOWN}
    request = Request(CLUSTER, made)
    assert request.findings == []
    assert request.members["Steps"] == UNKNOWN
    assert request.members["Instances"]["InstanceGroups"] == [UNKNOWN, UNKNOWN]


def test_additional_info_is_text_for_the_api():
    assert Request(CLUSTER, {**instances(), "AdditionalInfo": {"a": [1]}}).members["AdditionalInfo"] == '{"a": [1]}'
    assert is_unknown(Request(CLUSTER, {**instances(), "AdditionalInfo": {"a": UNKNOWN}}).members["AdditionalInfo"])


@pytest.mark.parametrize(
    ("shape", "value", "expected"),
    [
        ("Integer", "3", 3), ("Integer", 3.0, 3), ("Integer", 3.5, 3.5), ("Integer", "x", "x"), ("Integer", True, True),
        ("NonNegativeDouble", "0.5", 0.5), ("Boolean", "True", True), ("Boolean", "no", "no"), ("String", 3, "3"),
        ("String", True, "true"), ("String", 0.25, "0.25"), ("String", None, None), ("Integer", UNKNOWN, UNKNOWN),
        ("StringList", [1, "a"], ["1", "a"]), ("StringMap", {"a": 1}, {"a": "1"}),
        ("VolumeSpecification", {"SizeInGB": "3", "Other": "4"}, {"SizeInGB": 3, "Other": "4"}),
        ("VolumeSpecification", "3", "3"),
    ],
)  # fmt: skip
def test_numbers_and_text_are_interchangeable(shape, value, expected):
    assert coerced(shape, value) == expected


@pytest.mark.parametrize("given", ['{"EncryptionConfiguration": {}}', {"EncryptionConfiguration": {}}])
def test_a_security_configuration_is_text_or_an_object(given):
    assert document({"SecurityConfiguration": given}) == {"EncryptionConfiguration": {}}


def test_an_unknown_document_is_unknown():
    assert is_unknown(document({"SecurityConfiguration": UNKNOWN}))
    assert is_unknown(document({"SecurityConfiguration": f'{{"a": 1, {UNKNOWN}}}'}))
    assert is_unknown(document({}))


def test_a_text_with_unknown_values_is_known_otherwise():
    known = document({"SecurityConfiguration": f'{{"a": "{UNKNOWN}", "b": {UNKNOWN}, "c": 1}}'})
    assert known == {"a": UNKNOWN, "b": UNKNOWN, "c": 1}
    with pytest.raises(ValueError, match="delimiter"):
        document({"SecurityConfiguration": f'{{"a": "{UNKNOWN}" "b": 1}}'})


# The data against the schemas of CloudFormation's registry.


def declared(kind, definition):
    """The type of a property as the data has it, and whether it is a list."""
    if "$ref" in definition:
        name = definition["$ref"].rpartition("/")[2]
        found = schema(kind)["definitions"][name]
        if "properties" not in found:
            return declared(kind, found)
        return "Configuration" if name in ("AppConfiguration", "ApplicationConfiguration") else name, False
    match definition.get("type"):
        case "array":
            return declared(kind, definition["items"])[0], True
        case "object":
            return "map", False
        case ["object", "string"]:
            return "json", False
        case name:
            return name, False


# CloudFormation has these since November 2026, the schemas of cfn-lint not yet.
NEWER = {"CloudWatchLogConfiguration", "MonitoringConfiguration", "S3LoggingConfiguration"}


def assert_same(kind, facts, found, *, but=()):
    facts = {name: fact for name, fact in facts.items() if name not in NEWER}
    assert set(facts) == set(found["properties"]) - set(but)
    assert {name for name, fact in facts.items() if fact.get("required")} == set(found.get("required", []))
    for name, fact in facts.items():
        assert (fact["type"], fact.get("list", False)) == declared(kind, found["properties"][name]), (kind, name)


@pytest.mark.parametrize("kind", KINDS)
def test_the_data_has_the_properties_of_the_schemas(kind):
    readonly = {path.rpartition("/")[2] for path in schema(kind).get("readOnlyProperties", [])}
    assert_same(kind, FACTS["resources"][kind], schema(kind), but=readonly)


def test_the_data_has_the_structures_of_the_schemas():
    definitions = schema(CLUSTER)["definitions"]
    assert set(definitions) <= set(FACTS["types"])
    assert set(FACTS["types"]) - set(definitions) <= NEWER
    for name, facts in FACTS["types"].items():
        if name not in NEWER:
            assert_same(CLUSTER, facts, definitions[name])


@pytest.mark.parametrize("kind", KINDS)
def test_what_replaces_a_resource_is_what_the_schemas_say(kind):
    fixed = {path.split("/")[2] for path in schema(kind).get("createOnlyProperties", [])}
    assert {name for name, fact in FACTS["resources"][kind].items() if fact["update"] == "replacement"} == fixed


REPLACEMENTS = load("replacements.json")["types"]


@pytest.mark.parametrize("kind", REPLACEMENTS)
def test_what_replaces_other_resources_is_what_the_schemas_say(kind):
    fact, found = REPLACEMENTS[kind], schema(kind)
    paths = [path.split("/")[2:] for path in found.get("createOnlyProperties", [])]
    assert set(fact["replaced_by"]) == {path[0] for path in paths if len(path) == 1}
    names = {fact["name"], *fact.get("unique_within", [])} if "name" in fact else set()
    assert names <= set(found["properties"])
    assert not names or fact["name"] in fact["replaced_by"]


def test_the_documented_update_behavior_of_nested_properties():
    """Of what a cluster has inside its instances, these alone are documented to change without replacement."""
    changing = {
        (kind, name)
        for kind in ("JobFlowInstancesConfig", "InstanceGroupConfig", "InstanceFleetConfig")
        for name, fact in FACTS["types"][kind].items()
        if fact["update"] != "replacement"
    }
    assert changing == {
        ("JobFlowInstancesConfig", "TaskInstanceFleets"), ("JobFlowInstancesConfig", "TaskInstanceGroups"),
        ("JobFlowInstancesConfig", "TerminationProtected"), ("JobFlowInstancesConfig", "UnhealthyNodeReplacement"),
        ("InstanceGroupConfig", "AutoScalingPolicy"), ("InstanceGroupConfig", "InstanceCount"),
        ("InstanceFleetConfig", "InstanceTypeConfigs"), ("InstanceFleetConfig", "ResizeSpecifications"),
        ("InstanceFleetConfig", "TargetOnDemandCapacity"), ("InstanceFleetConfig", "TargetSpotCapacity"),
    }  # fmt: skip


def test_the_installed_constructs_know_no_other_resource():
    made = {
        f"AWS::EMR::{name.removeprefix('Cfn')}" for name in dir(emr) if name.startswith("Cfn") and "Props" not in name
    }
    assert {kind for kind in made if "Mixin" not in kind} == set(KINDS)


@pytest.mark.parametrize("flag", ["${Flag}", '"${Flag}"'])
@pytest.mark.parametrize("values", [["true", "false"], None])
def test_a_flag_that_a_parameter_decides_is_no_finding(flag, values):
    certificate = '"TLSCertificateConfiguration": {"CertificateProviderType": "PEM", "S3Object": "s3://b/c.zip"}'
    text = (
        f'{{"EncryptionConfiguration": {{"EnableInTransitEncryption": {flag}, "EnableAtRestEncryption": false, '
        f'"InTransitEncryptionConfiguration": {{{certificate}}}}}}}'
    )
    security = {"Type": SECURITY_CONFIGURATION, "Properties": {"SecurityConfiguration": {"Fn::Sub": text}}}
    parameter = {"Type": "String", **({"AllowedValues": values} if values else {})}
    assert not check_template({"Parameters": {"Flag": parameter}, "Resources": {"Security": security}})
