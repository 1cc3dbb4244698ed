"""A cluster with the instance groups and fleets that its template adds under conditions."""

from __future__ import annotations

import pytest

from emr_constructs.templates.checking import check_template

NODES = {"InstanceCount": 2, "InstanceType": "m5.xlarge"}
UNITS = {"TargetOnDemandCapacity": 1, "TargetSpotCapacity": 0, "InstanceTypeConfigs": [{"InstanceType": "m5.xlarge"}]}
GROUPS = {"MasterInstanceGroup": {**NODES, "InstanceCount": 1}, "CoreInstanceGroup": NODES}
FLEETS = {"MasterInstanceFleet": UNITS, "CoreInstanceFleet": UNITS}
GROUP = {"Name": "spot", "InstanceRole": "TASK", **NODES}
FLEET = {"Name": "spot", "InstanceFleetType": "TASK", **UNITS}
CONDITIONS = {
    "Production": {"Fn::Equals": [{"Ref": "Environment"}, "production"]},
    "Development": {"Fn::Not": [{"Condition": "Production"}]},
    "Staging": {"Fn::Equals": [{"Ref": "Environment"}, "staging"]},
    "Large": {"Fn::Equals": [{"Ref": "Size"}, "large"]},
}
VALUES = ["production", "staging", "test"]
PARAMETERS = {
    "open": {"Environment": {"Type": "String"}, "Size": {"Type": "String"}},
    "default": {
        "Environment": {"Type": "String", "Default": "production"},
        "Size": {"Type": "String", "Default": "large"},
    },
    "allowed": {
        "Environment": {"Type": "String", "Default": "production", "AllowedValues": VALUES},
        "Size": {"Type": "String", "Default": "small", "AllowedValues": ["small", "large"]},
    },
}


def rules(parameters, *added):
    """The rules that a cluster with added nodes, each with its condition, violates."""
    of_fleets = "InstanceFleetType" in added[0][1]
    owner = "ClusterId" if of_fleets else "JobFlowId"
    kind = f"AWS::EMR::Instance{'Fleet' if of_fleets else 'Group'}Config"
    instances = {"Ec2SubnetId": "subnet-0123456789abcdef0", **(FLEETS if of_fleets else GROUPS)}
    cluster = {"Name": "c", "ReleaseLabel": "emr-7.14.0", "JobFlowRole": "p", "ServiceRole": "r"}
    resources = {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": {**cluster, "Instances": instances}}}
    for number, (condition, nodes) in enumerate(added):
        resource = {"Type": kind, "Properties": {owner: {"Ref": "Cluster"}, **nodes}}
        resources[f"Added{number}"] = {**resource, **({"Condition": condition} if condition else {})}
    template = {"Parameters": PARAMETERS[parameters], "Conditions": CONDITIONS, "Resources": resources}
    return {finding.rule for finding in check_template(template)}


@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize("conditions", [("Production", "Development"), ("Production", "Staging")])
def test_nodes_whose_conditions_exclude_each_other_are_not_counted_together(parameters, conditions):
    first, second = conditions
    assert rules(parameters, (first, GROUP), (second, GROUP)) == set()
    assert rules(parameters, (first, FLEET), (second, FLEET)) == set()
    many = [(condition, {**GROUP, "Name": f"{condition}{n}"}) for condition in conditions for n in range(30)]
    assert rules(parameters, *many) == set()


@pytest.mark.parametrize(
    ("parameters", "conditions"),
    [
        ("open", (None, None)),
        ("default", (None, "Production")),
        ("default", ("Production", "Production")),
        ("default", ("Production", "Large")),
        ("allowed", (None, "Production")),
    ],
)
def test_nodes_that_exist_together_are_counted_together(parameters, conditions):
    first, second = conditions
    assert rules(parameters, (first, GROUP), (second, GROUP)) == {"emr-group-name-repeated"}
    assert rules(parameters, (first, FLEET), (second, FLEET)) == {"emr-master-fleet"}
    many = [(condition, {**GROUP, "Name": f"{at}{n}"}) for at, condition in enumerate(conditions) for n in range(30)]
    assert rules(parameters, *many) == {"emr-task-group-limit"}
