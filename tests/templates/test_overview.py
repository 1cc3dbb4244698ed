"""What a cluster launches, at a glance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emr_constructs._core.unknown import MACRO, UNKNOWN
from emr_constructs.templates import nodes as module
from emr_constructs.templates.launches import launch_of_request
from emr_constructs.templates.nodes import Span
from emr_constructs.templates.overview import overview_of
from emr_constructs.templates.parsing import parse
from emr_constructs.templates.relations import Relation
from tests.overviews import overviews

TEMPLATES = Path(__file__).parents[1] / "rules" / "templates"
CASES = Path(__file__).parents[1] / "cases"


def overview(name, *changes):
    text = (TEMPLATES / name).read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (found,) = overviews(parse(text))
    return found


def size(vcpu, memory, storage=0):
    return {"vcpu": vcpu, "memory_gib": memory, "storage_gb": storage, "ebs_only": not storage}


@pytest.fixture(autouse=True)
def types(monkeypatch):
    """Facts that do not change with AWS's."""
    known = {
        "m5.xlarge": size(4, 16),
        "m7g.xlarge": size(4, 16),
        "r7g.2xlarge": size(8, 64),
        "i3.xlarge": size(4, 30.5, 950),
    }
    monkeypatch.setattr(module, "facts", known.get)


def test_instance_groups():
    found = overview("instance_groups.yaml")
    assert (found.cluster, found.name, found.release) == ("Cluster", "<AWS::StackName>-analytics", "emr-7.14.0")
    assert [(nodes.role, nodes.count, nodes.instance_types, nodes.purchase) for nodes in found.nodes] == [
        ("primary", 1, ("m7g.xlarge",), "On-Demand"),
        ("core", 2, ("m7g.xlarge",), "On-Demand"),
        ("task", 4, ("r7g.2xlarge",), "Spot (bid price 0.25 USD)"),
        ("task", 0, ("m7g.xlarge",), "On-Demand"),
    ]
    assert [nodes.resource for nodes in found.nodes] == ["", "", "", "MoreNodes"]
    core = next(nodes for nodes in found.nodes if nodes.role == "core")
    assert (core.vcpus, core.memory_gib, core.storage_gib) == (8, 32, 400)
    assert found.hdfs == "400 GiB"
    assert found.scaling == ("automatic scaling of core nodes: 2 to 10 nodes, 1 rule",)
    assert found.applications == ("Spark 3.5.8-amzn-0", "hive 3.1.3-amzn-24")
    assert found.steps == ("Count",)
    assert found.logs == "s3://logs-<AWS::AccountId>/emr/"
    assert found.encryption == ("none",)
    assert found.access == (
        "instance profile EMR_EC2_DefaultRole",
        "service role arn:<AWS::Partition>:iam::<AWS::AccountId>:role/EMR_DefaultRole",
        "subnet <Subnet>",
        "no SSH key pair",
    )
    assert found.terminates == "manually only"


def test_instance_fleets():
    found = overview("instance_fleets.yaml")
    core = next(nodes for nodes in found.nodes if nodes.role == "core")
    assert (core.count, core.unit, core.purchase) == (6, "units", "2 On-Demand, 4 Spot")
    assert core.instance_types == ("r6g.xlarge", "r6g.2xlarge x2", "r7g.xlarge")
    assert (core.vcpus, core.storage_gib) == (None, None)
    assert found.hdfs == "depends on the instances that are launched"
    assert found.scaling == ("managed scaling: 2 to 20 units (core up to 10, On-Demand up to 4)",)


def test_instance_storage_and_replication():
    found = overview("high_availability.yaml")
    assert found.hdfs == "3540 GiB (1770 GiB of data with replication factor 2)"
    assert found.terminates == "manually only (termination-protected)"


def test_the_replication_of_the_configuration_counts():
    change = ("- Classification: hbase-site\n          ConfigurationProperties: {hbase.rootdir: \"s3://data/hbase\"}",
              "- Classification: hdfs-site\n          ConfigurationProperties: {dfs.replication: 3}")  # fmt: skip
    assert overview("high_availability.yaml", change).hdfs == "3540 GiB (1180 GiB of data with replication factor 3)"


def test_default_ebs_volumes():
    core = overview("private_network.yaml").nodes[1]
    assert core.storage_gib == 128


def test_access_and_encryption():
    found = overview("private_network.yaml")
    assert found.encryption == (
        "S3 with SSE-S3",
        "local disks with AwsKms, including EBS volumes",
        "in transit with PEM certificates",
        "IMDSv2 only",
    )
    assert found.access == (
        "instance profile <Profile>",
        "service role <ServiceRole.Arn>",
        "subnet <Subnet>",
        "no SSH key pair",
    )
    assert found.terminates == "after 1 hour idle"


def test_a_security_configuration_that_the_cluster_names():
    named = (
        "Type: AWS::EMR::SecurityConfiguration\n    Properties:",
        "Type: AWS::EMR::SecurityConfiguration\n    Properties:\n      Name: secure",
    )
    found = overview(
        "private_network.yaml", named, ("SecurityConfiguration: !Ref Encryption", "SecurityConfiguration: secure")
    )
    assert found.encryption == overview("private_network.yaml").encryption


def test_kerberos():
    found = overview("kerberos.json")
    assert "Kerberos realm EC2.INTERNAL" in found.access
    assert found.encryption == ("no encryption settings",)


def test_a_cluster_that_terminates_after_its_steps():
    found = overview("transient_spark.yaml")
    assert (found.steps, found.terminates) == (("Nightly",), "when its steps finish")
    assert [nodes.purchase for nodes in found.nodes] == ["On-Demand", "Spot"]


def test_unknown_values_are_in_angle_brackets():
    found = overview("open_questions.yaml")
    assert found.release == "<Release>"
    assert "service role <Roles.Outputs.Service>" in found.access
    assert found.encryption[0].startswith("defined by security configuration <")


def test_an_unknown_instance_type():
    core = overview("high_availability.yaml", ("i3.xlarge", "z9.xlarge")).nodes[1]
    assert (core.vcpus, core.memory_gib, core.storage_gib) == (None, None, None)


def described(instances):
    """The overview of a cluster with only these instances."""
    properties = {"Name": "a", "ReleaseLabel": "emr-7.14.0", "Instances": instances}
    (found,) = overviews({"Resources": {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": properties}}})
    return found


def group(**members):
    return {"InstanceCount": 1, "InstanceType": "m7g.xlarge", **members}


def test_roles_are_in_order():
    found = described({
        "TaskInstanceGroups": [group()], "CoreInstanceGroup": group(), "MasterInstanceGroup": group(),
    })  # fmt: skip
    assert [nodes.role for nodes in found.nodes] == ["primary", "core", "task"]


def test_hdfs_of_a_cluster_with_only_a_primary_node():
    assert described({"MasterInstanceGroup": group()}).hdfs == "64 GiB"


def test_a_bid_price_requests_spot_instances():
    (nodes,) = described({"MasterInstanceGroup": group(BidPrice="0.1")}).nodes
    assert nodes.purchase == "Spot (bid price 0.1 USD)"


def test_what_the_template_does_not_determine():
    found = described({"MasterInstanceGroup": group(), "KeepJobFlowAliveWhenNoSteps": {"Fn::ImportValue": "Alive"}})
    assert found.terminates == "when its steps finish, unless <Fn::ImportValue Alive> is true"
    assert "no subnet specified" in found.access
    assert found.logs == "not archived"


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (60, "1 minute"),
        (5400, "90 minutes"),
        (172800, "2 days"),
        (90, "90 seconds"),
        ("!Ref AWS::Region", "<AWS::Region>"),
    ],
)
def test_idle_time(seconds, says):
    assert (
        overview("private_network.yaml", ("IdleTimeout: 3600", f"IdleTimeout: {seconds}")).terminates
        == f"after {says} idle"
    )


def fleet(role, *types, on_demand=0, spot=0):
    return {
        f"{role}InstanceFleet": {
            "TargetOnDemandCapacity": on_demand, "TargetSpotCapacity": spot, "InstanceTypeConfigs": list(types),
        }
    }  # fmt: skip


def kind(name, weight=1, **members):
    return {"InstanceType": name, "WeightedCapacity": weight, **members}


def test_a_fleet_of_one_size():
    (nodes,) = described(fleet("Core", kind("m5.xlarge"), kind("m7g.xlarge"), on_demand=2, spot=1)).nodes
    assert (nodes.vcpus, nodes.memory_gib, nodes.storage_gib) == (12, 48, 192)


def test_a_fleet_of_several_sizes():
    found = described(fleet("Core", kind("m7g.xlarge"), kind("r7g.2xlarge", weight=2), on_demand=3, spot=2))
    (nodes,) = found.nodes
    # Five of the small type; two and one of the large one, which is rounded up for each target.
    assert (nodes.vcpus, nodes.memory_gib) == (Span(20, 24), Span(80, 192))
    assert (str(nodes.vcpus), found.hdfs) == ("20 to 24", "320 to 384 GiB before replication")


@pytest.mark.parametrize(
    "instances",
    [
        fleet("Core", kind("m5.xlarge"), kind("z9.huge"), on_demand=2),
        fleet("Core", kind("m5.xlarge"), on_demand={"Ref": "AWS::Region"}),
        fleet("Core", kind("m5.xlarge", weight={"Ref": "AWS::Region"}), on_demand=2),
        fleet("Core", kind({"Ref": "AWS::Region"}), on_demand=2),
        fleet("Core", kind("m5.xlarge"), {"Ref": "AWS::Region"}, on_demand=2),
        fleet("Core", on_demand=2),
        fleet("Core", kind("m5.xlarge"), on_demand=10**30),
    ],
)
def test_a_fleet_with_unknown_parts(instances):
    (nodes,) = described(instances).nodes
    assert (nodes.vcpus, nodes.memory_gib, nodes.storage_gib) == (None, None, None)


def test_figures_that_differ_from_those_of_ec2():
    assert described({"MasterInstanceGroup": group()}).figures == ("m7g.xlarge has 16 GiB of memory",)
    assert described({"MasterInstanceGroup": group(InstanceType="m5.xlarge")}).figures == ()


def test_nodes_and_steps_of_other_resources():
    found = overview("instance_groups.yaml", ("InstanceCount: 0", "InstanceCount: 3"))
    assert [(nodes.resource, nodes.count, nodes.vcpus) for nodes in found.nodes][-1] == ("MoreNodes", 3, 12)
    assert found.steps == ("Count",)


def test_included_instances():
    (found,) = overviews(parse((CASES / "describe" / "included-instances.yaml").read_text()))
    assert found.unknown == ("nodes and network are unknown", "Configurations are unknown")
    assert (found.nodes, found.hdfs, found.terminates) == ((), "unknown", "unknown")
    assert found.access[2:] == ("subnet unknown", "SSH key pair unknown")
    assert found.steps == ("A", "B")


def test_properties_that_a_macro_adds():
    macro = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}}
    instances = {"MasterInstanceGroup": group()}
    properties = {"Name": "a", "Instances": instances, **macro}
    (found,) = overviews({"Resources": {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": properties}}})
    assert {found.release, found.logs, *found.scaling, *found.steps, *found.applications, *found.encryption} == {
        "unknown"
    }
    assert "the cluster may have more properties" in found.unknown
    assert [nodes.role for nodes in found.nodes] == ["primary"]


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ({"Transform": "Mine"}, "macro Mine can change all values"),
        ({"Resources": {"Fn::ForEach::Nodes": ["N", {"Ref": "AWS::Region"}, {}]}},
         "Fn::ForEach::Nodes adds resources that are unknown"),
        ({"Resources": {"Fn::Transform": {"Name": "AWS::Include"}}}, "Fn::Transform adds resources that are unknown"),
        ({"Resources": {"More": {"Type": "AWS::EMR::Step", "Fn::Transform": {"Name": "AWS::Include"}}}},
         "More may add to the cluster: Fn::Transform determines its properties"),
    ],
)  # fmt: skip
def test_what_a_template_does_not_show(template, says):
    cluster = {"Type": "AWS::EMR::Cluster", "Properties": {"Name": "a", "Instances": {}}}
    resources = {**template.get("Resources", {}), "Cluster": cluster}
    (found,) = overviews({**template, "Resources": resources})
    assert found.unknown == (says,)


@pytest.mark.parametrize(
    ("members", "in_template", "in_request"),
    [
        ({}, "manually only", "when its steps finish"),
        ({"KeepJobFlowAliveWhenNoSteps": True}, "manually only", "manually only"),
        ({"KeepJobFlowAliveWhenNoSteps": "false"}, "when its steps finish", "when its steps finish"),
    ],
)
def test_when_a_cluster_ends_in_a_template_and_in_a_request(members, in_template, in_request):
    assert described({"MasterInstanceGroup": group(), **members}).terminates == in_template
    assert overview_of(launch_of_request({"Name": "a", "Instances": members})).terminates == in_request


def test_an_idle_timeout_of_a_cluster_that_ends_after_its_steps():
    request = {"Instances": {}, "AutoTerminationPolicy": {"IdleTimeout": 900}}
    assert overview_of(launch_of_request(request)).terminates == (
        "when its steps finish; its idle timeout has no effect"
    )


def machine(definition, **others):
    return {"Resources": {"Machine": {
        "Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": json.dumps(definition)},
    }, **others}}  # fmt: skip


CREATE = {
    "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:emr:runJobFlow", "Next": "Add",
    "Arguments": {"Name": '{% "a" & $x %}', "ReleaseLabel": "emr-7.5.0", "Instances": {
        "Ec2SubnetId": "subnet-1", "InstanceGroups": [{**group(), "InstanceRole": "MASTER"}],
    }},
}  # fmt: skip
ADD = {
    "Type": "Task", "Resource": "arn:aws:states:::elasticmapreduce:addStep.sync", "End": True,
    "Parameters": {"ClusterId.$": "$.id", "Step": {"Name": "Count", "HadoopJarStep": {"Jar": "command-runner.jar"}}},
}  # fmt: skip
DEFINITION = {"StartAt": "Create", "States": {"Create": CREATE, "Add": ADD}}


def test_the_cluster_of_a_state_machine():
    schedule = {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {"ScheduleExpression": "rate(1 day)", "Target": {"Arn": {"Fn::GetAtt": ["Machine", "Arn"]}}},
    }
    (found,) = overviews(machine(DEFINITION, Daily=schedule))
    assert (found.machine, found.cluster, found.release) == ("Machine", "Machine, state Create", "emr-7.5.0")
    assert (found.steps, found.terminates) == (("Count",), "when its steps finish")
    assert Relation("schedule", "rate(1 day)", "Daily") in found.relations


def test_a_state_machine_that_terminates_its_cluster():
    states = {**DEFINITION["States"], "Stop": {"Resource": "arn:aws:states:::elasticmapreduce:terminateCluster.sync"}}
    (found,) = overviews(machine({**DEFINITION, "States": states}))
    assert found.terminates.startswith("by its state machine; otherwise ")


def test_steps_of_several_clusters_belong_to_none():
    states = {**DEFINITION["States"], "Other": CREATE}
    assert [found.steps for found in overviews(machine({**DEFINITION, "States": states}))] == [(), ()]


def test_relations():
    found = overview("private_network.yaml")
    kinds = {relation.kind for relation in found.relations}
    assert {"subnet", "security group", "instance profile", "service role", "security configuration"} <= kinds
    assert Relation("subnet", "<Subnet>", "<Vpc>") in found.relations


def test_conditions_that_are_open():
    condition = {"Fn::Equals": [{"Ref": "Size"}, "big"]}
    kind = {"Fn::If": ["Big", "r7g.2xlarge", "m5.xlarge"]}
    instances = {"MasterInstanceGroup": group(InstanceType=kind)}
    template = {
        "Parameters": {"Size": {"Type": "String"}},
        "Conditions": {"Big": condition, "Unused": {"Fn::Equals": [{"Ref": "Size"}, "small"]}},
        "Resources": {"C": {"Type": "AWS::EMR::Cluster", "Properties": {"Name": "a", "Instances": instances}}},
    }
    (found,) = overviews(template)
    assert found.unknown == ("condition Big is assumed to be true",)
    template["Parameters"]["Size"]["Default"] = "big"
    assert overviews(template)[0].unknown == ()


def test_a_request_of_which_only_a_part_is_known():
    found = overview_of(launch_of_request({"Steps": [{"Name": "a"}], MACRO: UNKNOWN}))
    assert found.unknown[:2] == ("the cluster may have more properties", "nodes and network are unknown")
    assert (found.access[2:], found.terminates) == (("subnet unknown", "SSH key pair unknown"), "unknown")


def test_members_without_a_value():
    request = {"Instances": {"Ec2KeyName": "", "InstanceGroups": UNKNOWN}, "KerberosAttributes": None}
    found = overview_of(launch_of_request(request))
    assert found.access[2:] == ("no subnet specified", "no SSH key pair")
    assert found.unknown == ("instance groups are unknown",)


def test_a_cluster_shows_only_conditions_that_it_depends_on():
    cluster = {"Type": "AWS::EMR::Cluster", "Properties": {"Name": "n", "Instances": {"Ec2KeyName": "k"}}}
    key = {"Fn::If": ["IsOpen", "a", "b"]}
    open_one = {**cluster, "Properties": {"Name": "n", "Instances": {"Ec2KeyName": key}}}
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Condition": "IsHere",
        "Properties": {"Definition": {"StartAt": "Launch", "States": {"Launch": {
            "Type": "Task", "Resource": "arn:aws:states:::elasticmapreduce:createCluster", "Parameters": {"Name": "n"},
            "End": True}}}},
    }  # fmt: skip
    conditions = {name: {"Fn::Equals": [{"Ref": "AWS::Region"}, name]} for name in ("IsOpen", "IsHere")}
    resources = {"First": open_one, "Second": cluster, "Machine": machine}
    found = overviews({"Conditions": conditions, "Resources": resources})
    assert [it.unknown for it in found] == [
        ("condition IsOpen is assumed to be true",),
        (),
        ("condition IsHere is assumed to be true",),
    ]
