"""What an update does to a cluster: nothing, in place, or replacement, and what that costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from emr_constructs.data import load
from emr_constructs.templates.differences import Outcome
from emr_constructs.templates.parsing import parse
from emr_constructs.templates.updates import compare, stack_update

TEMPLATES = Path(__file__).parents[1] / "rules" / "templates"
CASES = Path(__file__).parents[1] / "cases" / "diff"
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
    retained = "the old cluster is retained: it keeps running (and is billed) until you terminate it"
    release = ("emr-7.14.0", "emr-7.13.0")
    text = GROUPS.replace("Type: AWS::EMR::Cluster", "Type: AWS::EMR::Cluster\n    UpdateReplacePolicy: Retain")
    found = update(text, release)
    assert found.consequences[0] == retained
    assert not any("both clusters" in text or "HDFS" in text for text in found.consequences)
    # The other attribute is about deletion.
    deletion = text.replace("UpdateReplacePolicy", "DeletionPolicy")
    assert retained not in update(deletion, release).consequences
    for policy in ("Retain", "RetainExceptOnCreate"):
        old = deletion.replace("DeletionPolicy: Retain", f"DeletionPolicy: {policy}")
        deleted = compare(parse(old), {"Resources": {}})[0]
        assert deleted.consequences == (retained,)
    assert retained not in compare(parse(text), {"Resources": {}})[0].consequences


def test_the_type_of_a_resource_cannot_change():
    role = {"Resources": {"Nodes": {"Type": "AWS::IAM::Role"}}}
    group = {"Resources": {"Nodes": {"Type": "AWS::IAM::Group"}}}
    (found,) = stack_update(role, group).resources
    assert (found.outcome, str(found.changes[0])) == (Outcome.FAILS, "Type: AWS::IAM::Role -> AWS::IAM::Group")
    (cluster,) = stack_update(parse(GROUPS), {"Resources": {"Cluster": {"Type": "AWS::IAM::Role"}}}).clusters
    assert cluster.outcome is Outcome.FAILS
    assert cluster.consequences[0].endswith("because the type of Cluster can't change")
    sam = {"Resources": {"Nodes": {"Type": "AWS::Serverless::StateMachine"}}}
    assert not stack_update(sam, {"Resources": {"Nodes": {"Type": "AWS::StepFunctions::StateMachine"}}}).resources


def test_a_retained_resource_that_a_condition_removes():
    bucket = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"}
    new = {"Conditions": {"No": {"Fn::Equals": [1, 2]}}, "Resources": {"Logs": {**bucket, "Condition": "No"}}}
    (found,) = stack_update({"Resources": {"Logs": bucket}}, new).resources
    assert found.consequences == ("its condition No is false", "DeletionPolicy retains it outside of the stack")


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


def cluster(**members):
    properties = {
        "Name": "a", "ReleaseLabel": "emr-7.5.0", "JobFlowRole": "p", "ServiceRole": "s",
        "Instances": {"CoreInstanceGroup": {"InstanceCount": 2, "InstanceType": "m5.xlarge"}}, **members,
    }  # fmt: skip
    return {"Type": "AWS::EMR::Cluster", "Properties": properties}


def stack(**resources):
    return {"Resources": resources}


def resource(kind, **properties):
    return {"Type": kind, "Properties": properties}


def case(old, new):
    return stack_update(*(parse((CASES / f"{name}.yaml").read_text()) for name in (old, new)))


def test_a_condition_that_flips():
    (found,) = case("condition-old", "condition-flips").clusters
    assert found.outcome is Outcome.IN_PLACE
    assert found.consequences == (
        "instance group T is resized to 0 nodes, not deleted: its condition UseSpot is false",
    )
    assert found.notes == (
        "this is so if the stack uses the new default of parameter Spot (yes -> no); "
        "an update that keeps the old value doesn't change the cluster",
    )
    assert found.if_kept is Outcome.UNCHANGED


def test_conditions_of_other_resources_flip():
    found = case("condition-flips", "condition-old")
    assert found.clusters[0].consequences == ("instance group T is added",)

    def template(default):
        bucket = {**resource("AWS::S3::Bucket"), "Condition": "Keep"}
        conditions = {"Keep": {"Fn::Equals": [{"Ref": "Logs"}, "yes"]}}
        return {
            "Parameters": {"Logs": {"Type": "String", "Default": default}},
            "Conditions": conditions,
            **stack(Bucket=bucket),
        }

    (bucket,) = stack_update(template("yes"), template("no")).resources
    assert (bucket.resource, bucket.outcome) == ("Bucket", Outcome.DELETED)
    assert bucket.consequences == (
        "its condition Keep is false",
        "only if the stack uses the new default of parameter Logs (yes -> no)",
    )
    (bucket,) = stack_update(template("no"), template("yes")).resources
    assert bucket.outcome is Outcome.ADDED


def test_an_update_can_keep_a_value_that_replaces():
    def template(default, release):
        parameters = {"Release": {"Type": "String", "Default": default}}
        return {"Parameters": parameters, **stack(C=cluster(ReleaseLabel=release))}

    (found,) = compare(template("emr-7.5.0", "emr-7.6.0"), template("emr-7.6.0", {"Ref": "Release"}))
    assert (found.outcome, found.if_kept) == (Outcome.UNCHANGED, Outcome.REPLACED)
    assert found.notes[0].endswith("replaces the cluster: ReleaseLabel: emr-7.6.0 -> emr-7.5.0")


@pytest.mark.parametrize(
    ("old", "new", "failing"),
    [
        ("condition-old", "named-configuration-changes", "SC"),
        ("named-security-configuration-old", "named-security-configuration-new", "Sec"),
        ("named-role-old", "named-role-new", "SR"),
    ],
)
def test_a_resource_that_keeps_its_custom_name(old, new, failing):
    found = case(old, new)
    (resource,) = found.resources
    assert (resource.resource, resource.outcome) == (failing, Outcome.FAILS)
    assert resource.changes
    assert {cluster.outcome for cluster in found.clusters} <= {Outcome.FAILS}
    for cluster in found.clusters:
        assert cluster.consequences[0] == (
            f"the update fails and is rolled back, because {failing} keeps its custom name and can't be replaced"
        )


NAMED = {
    "AWS::IAM::InstanceProfile": ("InstanceProfileName", {"Path": "/a/"}, {"Path": "/b/"}),
    "AWS::EC2::SecurityGroup": ("GroupName", {"GroupDescription": "a"}, {"GroupDescription": "b"}),
    "AWS::StepFunctions::StateMachine": (
        "StateMachineName", {"StateMachineType": "STANDARD"}, {"StateMachineType": "EXPRESS"},
    ),
    "AWS::SQS::Queue": ("QueueName", {"FifoQueue": True}, {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", NAMED)
def test_names_of_other_types(kind):
    name, before, after = NAMED[kind]
    old, new = (stack(R=resource(kind, **{name: "mine"}, **properties)) for properties in (before, after))
    assert [found.outcome for found in stack_update(old, new).resources] == [Outcome.FAILS]
    renamed = stack(R=resource(kind, **{name: "other"}, **after))
    assert stack_update(old, renamed).resources == ()
    unnamed = stack(R=resource(kind, **after))
    assert stack_update(stack(R=resource(kind, **before)), unnamed).resources == ()


def test_a_name_that_is_unique_within_a_vpc():
    old, new = (
        stack(R=resource("AWS::EC2::SecurityGroup", GroupName="a", GroupDescription="a", VpcId=vpc))
        for vpc in ("vpc-1", "vpc-2")
    )
    assert stack_update(old, new).resources == ()


@pytest.mark.parametrize("kind", ["AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::Events::Rule"])
def test_a_named_resource_with_another_logical_id(kind):
    member = load("replacements.json")["types"][kind]["name"]
    named = resource(kind, **{member: "mine"})
    (found,) = stack_update(stack(A=named), stack(B=named)).resources
    assert (found.resource, found.outcome) == ("B", Outcome.FAILS)
    assert found.consequences == (
        "CloudFormation creates B before it deletes A, which has the same name mine; "
        f"keep the logical ID A, or change {member}",
    )
    assert stack_update(stack(A=named), stack(A=named, B=resource(kind))).resources == ()


def test_a_failing_update_leaves_unchanged_clusters_alone():
    group = {"GroupName": "mine", "GroupDescription": "a"}
    old = stack(C=cluster(), G=resource("AWS::EC2::SecurityGroup", **group))
    new = stack(C=cluster(), G=resource("AWS::EC2::SecurityGroup", **{**group, "GroupDescription": "b"}))
    assert [found.outcome for found in compare(old, new)] == [Outcome.UNCHANGED]


def test_references_inside_of_functions_follow_a_replacement():
    select = {"Fn::Select": [0, {"Fn::Split": [",", {"Fn::GetAtt": ["Subnet", "SubnetId"]}]}]}
    old, new = (
        stack(C=cluster(Instances={"Ec2SubnetId": select}), Subnet=resource("AWS::EC2::Subnet", CidrBlock=block))
        for block in ("10.0.0.0/24", "10.0.1.0/24")
    )
    (found,) = compare(old, new)
    assert causes(found) == ["Instances.Ec2SubnetId"]


def task_fleet(**members):
    return resource("AWS::EMR::InstanceFleetConfig", **{
        "ClusterId": {"Ref": "C"}, "InstanceFleetType": "TASK", "Name": "a", "TargetSpotCapacity": 1,
        "InstanceTypeConfigs": [{"InstanceType": "m5.xlarge"}], **members,
    })  # fmt: skip


def test_a_second_task_fleet_cannot_be_added():
    old = stack(C=cluster(), Fleet=task_fleet())
    for new in (stack(C=cluster(), Fleet=task_fleet(Name="b")), stack(C=cluster(), Other=task_fleet())):
        (found,) = compare(old, new)
        assert found.outcome is Outcome.FAILS
        assert "a cluster can't have a second task instance fleet" in found.consequences[0]
    (found,) = compare(old, stack(C=cluster(), Fleet=task_fleet(TargetSpotCapacity=2)))
    assert found.outcome is Outcome.IN_PLACE
    types = [{"InstanceType": "m5.2xlarge"}]
    (found,) = compare(old, stack(C=cluster(), Fleet=task_fleet(InstanceTypeConfigs=types)))
    assert "may require replacement, which fails" in found.consequences[0]


def test_parts_of_clusters_outside_the_template():
    step = resource("AWS::EMR::Step", JobFlowId="j-1", Name="a")
    (found,) = stack_update(stack(S=step), stack(S=resource("AWS::EMR::Step", JobFlowId="j-1", Name="b"))).resources
    assert (found.outcome, found.consequences) == (Outcome.REPLACED, ("the step is submitted again",))
    (found,) = stack_update(stack(S=step), stack()).resources
    assert found.consequences == ("the step isn't canceled or rolled back",)
    (found,) = stack_update(
        stack(F=task_fleet(ClusterId="j-1")), stack(F=task_fleet(ClusterId="j-1", Name="b"))
    ).resources
    assert found.outcome is Outcome.FAILS


APPLICATIONS = [{"Name": "Spark"}, {"Name": "Hive"}]


@pytest.mark.parametrize(
    ("new", "change", "note"),
    [
        ([{"Name": "spark"}, {"Name": "Hive"}], "Applications[0].Name: Spark -> spark",
         "EMR ignores the case of application names; keep Spark to avoid this change"),
        ([{"Name": "Hive"}, {"Name": "Spark"}], "Applications: order changed",
         "only the order of the applications differs; keep Spark, Hive to avoid this change"),
        ([{"Name": "Hive"}, {"Name": "Livy"}, {"Name": "Tez"}], "Applications: added Livy, Tez; removed Spark", None),
    ],
)  # fmt: skip
def test_changed_applications(new, change, note):
    (found,) = compare(stack(C=cluster(Applications=APPLICATIONS)), stack(C=cluster(Applications=new)))
    assert [str(it) for it in found.changes] == [change]
    assert found.notes == ((note,) if note else ())


def test_long_lists_show_what_was_added_and_removed():
    def configurations(count, **others):
        return [{"Classification": f"c{at}", "ConfigurationProperties": {"a": "1", **others}} for at in range(count)]

    new = [*configurations(19), {"Classification": "new", "ConfigurationProperties": {}}, *configurations(1, b="2")]
    (found,) = compare(
        stack(C=cluster(Configurations=configurations(20))), stack(C=cluster(Configurations=[*new[1:], {"x": 1}]))
    )
    assert sorted(map(str, found.changes)) == [
        "Configurations: added {Classification: new, ConfigurationProperties: {}}, 1; "
        "removed {Classification: c19, ConfigurationProperties: {a: '1'}}",
        "Configurations[c0].ConfigurationProperties.b: (none) -> 2",
    ]


def test_long_texts_show_where_they_differ():
    before, after = ("x" * 200 + end for end in ("old", "new"))
    (found,) = compare(stack(C=cluster(AdditionalInfo=before)), stack(C=cluster(AdditionalInfo=after)))
    shown = str(found.changes[0])
    assert "xold -> ..." in shown
    assert shown.endswith("xnew")
    assert len(shown) < 120


def test_a_step_with_another_logical_id():
    step = resource("AWS::EMR::Step", JobFlowId={"Ref": "C"}, Name="a")
    (found,) = compare(stack(C=cluster(), A=step), stack(C=cluster(), B=step))
    assert found.notes == ("step B seems to be A with another logical ID; keep A to avoid this change",)


def test_another_cluster_is_no_renamed_one():
    other = cluster(Name="b", ReleaseLabel="emr-7.9.0", JobFlowRole="x", ServiceRole="y", Instances={})
    outcomes = {found.cluster: found.outcome for found in compare(stack(A=cluster()), stack(B=other))}
    assert outcomes == {"A": Outcome.DELETED, "B": Outcome.ADDED}


def test_requests_of_state_machines():
    def template(release, **members):
        request = {"Name": "a", "ReleaseLabel": release, "Instances": {}}
        create = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:emr:runJobFlow", "Parameters": request}
        definition = {"StartAt": "Create", "States": {"Create": create}}
        return stack(M=resource("AWS::StepFunctions::StateMachine", Definition=definition, **members))

    (found,) = stack_update(template("emr-7.5.0"), template("emr-7.6.0")).resources
    assert (found.resource, found.outcome) == ("M", Outcome.IN_PLACE)
    assert list(map(str, found.changes)) == ["Definition.States.Create.Parameters.ReleaseLabel: emr-7.5.0 -> emr-7.6.0"]
    assert found.consequences == ("changes apply to future executions; running clusters aren't affected",)
    assert stack_update(template("emr-7.5.0"), template("emr-7.5.0", RoleArn="x")).resources == ()


def test_new_defaults_with_other_changes():
    def template(default, release):
        instances = {"CoreInstanceGroup": {"InstanceCount": {"Ref": "N"}, "InstanceType": "m5.xlarge"}}
        parameters = {"N": {"Type": "Number", "Default": default}}
        return {"Parameters": parameters, **stack(C=cluster(Instances=instances, ReleaseLabel=release))}

    (found,) = compare(template(2, "emr-7.5.0"), template(3, "emr-7.6.0"))
    assert (found.outcome, found.if_kept) == (Outcome.REPLACED, None)
    assert found.notes == (
        "only if the stack uses the new default of parameter N (2 -> 3): "
        "Instances.CoreInstanceGroup.InstanceCount: 2 -> 3",
    )


def test_nodes_that_the_template_adds_are_counted():
    found = update(GROUPS.replace("InstanceCount: 0", "InstanceCount: 3"), ("emr-7.14.0", "emr-7.13.0"))
    assert "both clusters run (and are billed) until the new one is ready: 10 old and 10 new nodes" in (
        found.consequences
    )


RECORD = """
  Name1:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z1
      Name: trino.corp.example.
      Type: CNAME
      TTL: 60
      ResourceRecords: [!GetAtt Cluster.MasterPublicDNS]
"""
RECORDS = """
  Names:
    Type: AWS::Route53::RecordSetGroup
    Properties:
      HostedZoneId: Z1
      RecordSets:
        - {Name: hive.corp.example, Type: CNAME, ResourceRecords: [!Sub "${Cluster.MasterPublicDNS}."]}
        - {Name: www.corp.example, Type: CNAME, ResourceRecords: [other.example]}
"""


def test_a_name_moves_to_the_new_cluster():
    text = GROUPS.rstrip("\n") + RECORD + RECORDS
    moved = [
        "DNS name trino.corp.example moves to the new cluster; clients may use the old cluster for 60 more seconds",
        "DNS name hive.corp.example moves to the new cluster",
    ]
    replaced = update(text, ("emr-7.14.0", "emr-7.13.0"))
    assert [effect for effect in replaced.consequences if "DNS" in effect] == moved
    renamed = compare(parse(text), parse(text.replace("  Cluster:\n", "  Other:\n").replace("Cluster.", "Other.")))
    assert [effect for found in renamed for effect in found.consequences if "DNS" in effect] == moved


@pytest.mark.parametrize(
    "change",
    [
        ("InstanceCount: 4", "InstanceCount: 8"),
        ("Name: trino.corp.example.", "Name: other.corp.example."),
        ("!GetAtt Cluster.MasterPublicDNS", "ip-10-0-0-1.ec2.internal"),
    ],
)
def test_a_name_that_does_not_move(change):
    changes = (change,) if change[0].startswith("Instance") else (change, ("emr-7.14.0", "emr-7.13.0"))
    found = update(GROUPS.rstrip("\n") + RECORD, *changes)
    assert not [effect for effect in found.consequences if "DNS" in effect]


def _with_password(**declared):
    properties = {"KerberosAttributes": {"KdcAdminPassword": {"Ref": "Password"}}}
    resource = {"Type": "AWS::EMR::Cluster", "Properties": properties}
    return {"Parameters": {"Password": {"Type": "String", **declared}}, "Resources": {"Cluster": resource}}


def test_a_parameter_without_a_default_keeps_its_value():
    (cluster,) = stack_update(_with_password(Default="old"), _with_password()).clusters
    assert (cluster.outcome, cluster.notes) == (Outcome.UNCHANGED, ())


def test_values_that_no_echo_hides_are_masked():
    old, new = _with_password(Default="old", NoEcho=True), _with_password(Default="new", NoEcho="true")
    (same,) = stack_update(old, old).clusters
    assert same.outcome is Outcome.UNCHANGED
    (cluster,) = stack_update(old, new).clusters
    assert [str(change) for change in cluster.changes] == ["KerberosAttributes.KdcAdminPassword: **** -> **** (new)"]
    assert not any("old)" in note or "(old" in note for note in cluster.notes)
