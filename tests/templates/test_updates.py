"""What an update does to a cluster: nothing, in place, or replacement, and what that costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from emr_constructs.data import load
from emr_constructs.templates.differences import Outcome
from emr_constructs.templates.parsing import parse
from emr_constructs.templates.updates import compare

TEMPLATES = Path(__file__).parents[1] / "rules" / "templates"
GROUPS = (TEMPLATES / "instance_groups.yaml").read_text()
FLEETS = (TEMPLATES / "instance_fleets.yaml").read_text()
PRIVATE = (TEMPLATES / "private_network.yaml").read_text()


def update(text, *changes):
    new = text
    for old, changed in changes:
        assert old in new, old
        new = new.replace(old, changed, 1)
    (found,) = compare(parse(text), parse(new))
    return found


def causes(found):
    return [change.path for change in found.changes if change.outcome in (Outcome.REPLACED, Outcome.MAY_REPLACE)]


def test_nothing_changes():
    found = update(GROUPS)
    assert (found.cluster, found.outcome, found.changes, found.consequences) == ("Cluster", Outcome.UNCHANGED, (), ())


@pytest.mark.parametrize(
    "change",
    [
        ('StepConcurrencyLevel: "4"', "StepConcurrencyLevel: 4"),
        ("spark.dynamicAllocation.enabled: true", 'spark.dynamicAllocation.enabled: "true"'),
        ('!Sub "${AWS::StackName}-analytics"', '!Join ["", [!Ref "AWS::StackName", "-analytics"]]'),
        ("Default: 2", "Default: 2\n    Description: how many"),
        ("InstanceCount: !Ref CoreNodes", "InstanceCount: 2"),
    ],
)
def test_equal_values_in_cloudformation_are_unchanged(change):
    assert update(GROUPS, change).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("Default: 2", "Default: 5"), "Instances.CoreInstanceGroup.InstanceCount: 2 -> 5"),
        (("InstanceCount: 4", "InstanceCount: 8"), "Instances.TaskInstanceGroups[Spot].InstanceCount: 4 -> 8"),
        (("MaxCapacity: 10", "MaxCapacity: 12"), "AutoScalingPolicy.Constraints.MaxCapacity: 10 -> 12"),
        (
            ("TerminationProtected: false", "TerminationProtected: true"),
            "Instances.TerminationProtected: false -> true",
        ),
        (('StepConcurrencyLevel: "4"', "StepConcurrencyLevel: 5"), "StepConcurrencyLevel: 4 -> 5"),
        (("Value: 4711", "Value: 4712"), "Tags[1].Value: 4711 -> 4712"),
    ],
)
def test_changes_in_place(change, says):
    found = update(GROUPS, change)
    assert found.outcome is Outcome.IN_PLACE
    assert str(found.changes[0]).endswith(says)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("emr-7.14.0", "emr-7.13.0"), "ReleaseLabel"),
        (("- Name: hive", "- Name: Pig"), "Applications[1].Name"),
        (("        - Name: hive\n", ""), "Applications"),
        (("spark.executor.cores: 4", "spark.executor.cores: 5"),
         "Configurations[0].ConfigurationProperties.spark.executor.cores"),
        (("Default: m7g.xlarge", "Default: r7g.xlarge"), "Instances.MasterInstanceGroup.InstanceType"),
        (("SizeInGB: 100", "SizeInGB: 200"),
         "Instances.CoreInstanceGroup.EbsConfiguration.EbsBlockDeviceConfigs[0].VolumeSpecification.SizeInGB"),
        (("BidPrice: 0.25", "BidPrice: 0.3"), "Instances.TaskInstanceGroups[Spot].BidPrice"),
        (("KeepJobFlowAliveWhenNoSteps: true", "KeepJobFlowAliveWhenNoSteps: false"),
         "Instances.KeepJobFlowAliveWhenNoSteps"),
        (("InstanceCount: 1", "InstanceCount: 3"), "Instances.MasterInstanceGroup.InstanceCount"),
        (("Name: !Sub \"${AWS::StackName}-analytics\"", "Name: analytics"), "Name"),
        (("s3://logs-${AWS::AccountId}/emr/", "s3://logs-${AWS::AccountId}/all/"), "LogUri"),
        (("Ec2SubnetId: !Ref Subnet", "Ec2SubnetId: !ImportValue Subnet"), "Instances.Ec2SubnetId"),
    ],
)  # fmt: skip
def test_replaces(change, path):
    found = update(GROUPS, change)
    assert found.outcome is Outcome.REPLACED
    assert causes(found)[0] == path


def test_task_groups_come_and_go_in_place():
    more = (
        "InstanceCount: 4\n            InstanceType: m7g.xlarge\n          - Name: More\n            InstanceCount: 4"
    )
    found = update(
        GROUPS, ("          - Name: Spot\n            InstanceCount: 4", f"          - Name: Spot\n            {more}")
    )
    assert "Instances.TaskInstanceGroups[More]" in [change.path for change in found.changes]
    gone = update(GROUPS, ("- Name: Spot", "- Name: Other"))
    assert gone.outcome is Outcome.IN_PLACE
    assert {change.path for change in gone.changes} == {
        "Instances.TaskInstanceGroups[Spot]", "Instances.TaskInstanceGroups[Other]",
    }  # fmt: skip


def test_fleets_change_their_targets_in_place():
    assert update(FLEETS, ("TargetSpotCapacity: 4", "TargetSpotCapacity: 6")).outcome is Outcome.IN_PLACE
    assert update(FLEETS, ("MaximumCapacityUnits: 20", "MaximumCapacityUnits: 30")).outcome is Outcome.IN_PLACE


def test_a_change_with_ambiguous_documentation():
    found = update(FLEETS, ("r6g.2xlarge, WeightedCapacity: 2", "r6g.4xlarge, WeightedCapacity: 4"))
    assert found.outcome is Outcome.MAY_REPLACE
    assert causes(found) == [
        f"Instances.CoreInstanceFleet.InstanceTypeConfigs[1].{name}" for name in ("InstanceType", "WeightedCapacity")
    ]


def test_the_consequences_of_a_replacement():
    found = update(GROUPS, ("emr-7.14.0", "emr-7.13.0"))
    assert found.consequences == (
        "data in HDFS on 2 core nodes is lost",
        "running steps are canceled",
        "both clusters run (and are billed) until the new one is ready: 7 old and 7 new nodes",
        "step Count runs again on the new cluster",
    )


def test_a_protected_cluster_cannot_be_deleted():
    text = GROUPS.replace("TerminationProtected: false", "TerminationProtected: true")
    found = update(text, ("emr-7.14.0", "emr-7.13.0"))
    assert (
        "the old cluster is termination-protected, so CloudFormation can't delete it; "
        "set TerminationProtected to false in a separate update first"
    ) in found.consequences


def test_a_retained_cluster_keeps_running():
    text = GROUPS.replace("Type: AWS::EMR::Cluster", "Type: AWS::EMR::Cluster\n    UpdateReplacePolicy: Retain")
    found = update(text, ("emr-7.14.0", "emr-7.13.0"))
    assert (
        found.consequences[0] == "the old cluster is retained: it keeps running (and is billed) until you terminate it"
    )


def test_steps_of_the_cluster_itself_run_again():
    text = (TEMPLATES / "transient_spark.yaml").read_text()
    assert (
        "the steps in the Steps property run again on the new cluster"
        in update(text, ("s3://logs/", "s3://more/")).consequences
    )


def test_removed_core_nodes_and_managed_scaling():
    text = GROUPS.replace("      AutoScalingRole", "      ManagedScalingPolicy: {}\n      AutoScalingRole")
    assert update(text, ("Default: 2", "Default: 1")).consequences == (
        "core nodes are removed; EMR first moves their HDFS data to the remaining core nodes",
        "managed scaling also resizes the cluster; the update resets the counts to those in the template",
    )


_ROLE = "  ServiceRole:\n    Type: AWS::IAM::Role\n    Properties:"


@pytest.mark.parametrize(
    "change",
    [
        ("EncryptionMode: SSE-S3", "EncryptionMode: CSE-KMS, AwsKmsKey: 'arn:aws:kms:us-east-1:1:key/1'"),
        ("GroupDescription: Master nodes", "GroupDescription: Masters"),
        ("CidrBlock: 10.0.0.0/24", "CidrBlock: 10.0.1.0/24"),
        ("{Roles: [!Ref NodeRole]}", "{Roles: [!Ref NodeRole], InstanceProfileName: nodes}"),
        (_ROLE, f"{_ROLE}\n      Path: /emr/"),
    ],
    ids=["security configuration", "security group", "subnet", "profile", "role"],
)  # fmt: skip
def test_what_replaces_a_part_replaces_the_cluster(change):
    found = update(PRIVATE, change)
    assert found.outcome is Outcome.REPLACED
    assert "<new " in str(found.changes[0])


def test_a_part_that_changes_in_place_does_not():
    assert update(PRIVATE, ("Action: s3:GetObject", "Action: s3:*")).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("Args: [spark-submit, --deploy-mode", "Args: [spark-submit, --verbose, --deploy-mode"),
         "step Count is submitted again (HadoopJarStep.Args)"),
        (("  Count:\n", "  Recount:\n"), "step Recount is added"),
        (("  Count:\n", "  Recount:\n"), "step Count is removed from the template, but isn't canceled or rolled back"),
        (("InstanceCount: 0", "InstanceCount: 2"), "instance group MoreNodes changes: InstanceCount: 0 -> 2"),
        (("Name: Later", "Name: Now"),
         "instance group MoreNodes is added again; the old one is resized to 0 nodes, not deleted (Name)"),
        (("  MoreNodes:\n", "  More:\n"), "instance group MoreNodes is resized to 0 nodes, not deleted"),
    ],
)  # fmt: skip
def test_changes_of_added_steps_and_nodes(change, says):
    found = update(GROUPS, change)
    assert found.outcome is Outcome.IN_PLACE
    assert says in found.consequences


def test_added_deleted_and_renamed_clusters():
    cluster = parse(GROUPS)["Resources"]["Cluster"]
    empty, one, other = {"Resources": {}}, {"Resources": {"A": cluster}}, {"Resources": {"B": cluster}}
    assert [found.outcome for found in compare(empty, one)] == [Outcome.ADDED]
    (gone,) = compare(one, empty)
    assert gone.outcome is Outcome.DELETED
    assert "running steps are canceled" in gone.consequences
    (moved,) = compare(one, other)
    assert moved.outcome is Outcome.REPLACED
    assert [str(change) for change in moved.changes] == ["(logical ID): A -> B"]


def test_a_cluster_that_a_condition_removes_is_deleted():
    text = GROUPS.replace("Type: AWS::EMR::Cluster", "Type: AWS::EMR::Cluster\n    Condition: HasKeyPair")
    assert [found.outcome for found in compare(parse(GROUPS), parse(text))] == [Outcome.DELETED]


@pytest.mark.parametrize("name", load("cloudformation.json")["resources"]["AWS::EMR::Cluster"])
def test_every_property_does_what_the_table_says(name):
    """Whatever a property of a cluster is changed to, the outcome is the documented one."""
    fact = load("cloudformation.json")["resources"]["AWS::EMR::Cluster"][name]
    old, new = {"Name": "a", "Instances": {}}, {"Name": "a", "Instances": {}}
    new[name] = {"TerminationProtected": True} if name == "Instances" else "changed"
    templates = [{"Resources": {"C": {"Type": "AWS::EMR::Cluster", "Properties": made}}} for made in (old, new)]
    (found,) = compare(*templates)
    assert found.outcome is (Outcome.REPLACED if fact["update"] == "replacement" else Outcome.IN_PLACE)
