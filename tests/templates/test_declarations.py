"""What a template declares: types, parameters, mappings, outputs, dependencies, and lists of references."""

from __future__ import annotations

import pytest

from emr_constructs.templates.checking import check_template
from emr_constructs.templates.parsing import parse

CLUSTER = """
Parameters:
  Open: {Type: String}
  Nodes: {Type: Number, Default: 2}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  Stage: {Type: String, AllowedValues: [dev, prod]}
Mappings:
  Sizes:
    dev: {Type: m7g.xlarge}
    prod: {Type: m7g.2xlarge}
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, VpcId: !Ref Open}}
  Other: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: b, VpcId: !Ref Open}}
  Cluster:
    Type: AWS::EMR::Cluster
    Properties:
      Name: cluster
      ReleaseLabel: emr-7.14.0
      Applications: [{Name: Spark}]
      ServiceRole: EMR_DefaultRole
      JobFlowRole: EMR_EC2_DefaultRole
      Instances:
        Ec2SubnetId: !Select [0, !Ref Subnets]
        EmrManagedMasterSecurityGroup: !Ref Group
        EmrManagedSlaveSecurityGroup: !Ref Other
        MasterInstanceGroup: {InstanceCount: 1, InstanceType: !FindInMap [Sizes, !Ref Stage, Type]}
        CoreInstanceGroup: {InstanceCount: !Ref Nodes, InstanceType: m7g.xlarge}
Outputs:
  Dns: {Value: !GetAtt Cluster.MasterPublicDNS}
"""
INSTANCES = "Resources.Cluster.Properties.Instances"


def found(*changes, more=""):
    text = CLUSTER
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    text = text.replace("Outputs:", f"{more}Outputs:")
    return [(finding.rule, finding.path) for finding in check_template(parse(text))]


def test_accepts_the_template():
    assert found() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("{Type: Number,", "{Type: Integer,"), ("emr-parameter-type", "Parameters.Nodes.Type")),
        # One cause, one finding: the default is also no number of nodes.
        (("Default: 2", "Default: two"), ("emr-parameter-default", "Parameters.Nodes.Default")),
        (("AllowedValues: [dev, prod]", "AllowedValues: [dev, test]"),
         ("emr-unknown-reference", f"{INSTANCES}.MasterInstanceGroup.InstanceType")),
        (("[Sizes, !Ref Stage, Type]", "[Sizes, prod, Kind]"),
         ("emr-unknown-reference", f"{INSTANCES}.MasterInstanceGroup.InstanceType")),
        (("MasterPublicDNS}", "MasterPublicDnsName}"), ("emr-unknown-reference", "Outputs.Dns.Value")),
        (('!GetAtt Cluster.MasterPublicDNS', '!Sub "http://${Cluster.Dns}"'),
         ("emr-unknown-reference", "Outputs.Dns.Value")),
        (("!Select [0, !Ref Subnets]", "!Ref Subnets"), ("emr-list-reference", f"{INSTANCES}.Ec2SubnetId")),
        (("Ec2SubnetId", "AdditionalMasterSecurityGroups: !Ref Group\n        Ec2SubnetId"),
         ("emr-list-reference", f"{INSTANCES}.AdditionalMasterSecurityGroups")),
        (("    Properties:\n      Name", "    Properites:\n      Name"),
         ("emr-unknown-property", "Resources.Cluster.Properites")),
        (("      ReleaseLabel: emr-7.14.0\n", "      ReleaseLable: emr-7.14.0\n"),
         ("emr-unknown-property", "Resources.Cluster.Properties.ReleaseLable")),
    ],
)  # fmt: skip
def test_reports_once(change, expected):
    assert found(change) == [expected]


@pytest.mark.parametrize(
    "change",
    [
        ("[Sizes, !Ref Stage, Type]", "[Sizes, test, Type, {DefaultValue: m7g.xlarge}]"),
        ("[Sizes, !Ref Stage, Type]", "[Sizes, !Ref Open, Type]"),
        ("[Sizes, !Ref Stage, Type]", "[Sizes, !Ref AWS::Region, Type]"),
        ("{Type: Number, Default: 2}", "{Type: AWS::SSM::Parameter::Value<String>, Default: /nodes}"),
        ("MasterPublicDNS}", "Id}"),
        ("Ec2SubnetId: !Select [0, !Ref Subnets]",
         "Ec2SubnetId: !Ref Open\n        AdditionalMasterSecurityGroups: [!Ref Group]"),
    ],
)  # fmt: skip
def test_accepts(change):
    assert found(change) == []


def test_an_item_that_is_a_list():
    lists = ("Ec2SubnetId: !Select [0, !Ref Subnets]", "AdditionalMasterSecurityGroups: [!Ref Subnets]")
    assert ("emr-network-reference", f"{INSTANCES}.AdditionalMasterSecurityGroups[0]") in found(lists)


@pytest.mark.parametrize(
    ("written", "is_reported"),
    [
        ("AWS::EMR::Clusters", True),
        ("AWS::ElasticMapReduce::Cluster", True),
        ("AWS::EMR::cluster", True),
        ("AWS::EMR::InstanceFleet", True),
        ("AWS::EMR::SomethingNew", True),
        ("AWS::EMRServerless::Application", False),
        ("AWS::EMRContainers::VirtualCluster", False),
    ],
)
def test_types_of_resources(written, is_reported):
    more = f"  More: {{Type: {written}, Properties: {{}}}}\n"
    assert found(more=more) == ([("emr-resource-type", "Resources.More.Type")] if is_reported else [])


def rule(name, source):
    ingress = f"SecurityGroupIngress: [{{SourceSecurityGroupId: {source}}}], "
    return (f"GroupDescription: {name}, ", f"GroupDescription: {name}, {ingress}")


CYCLE = "emr-circular-dependency"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([rule("a", "!Ref Other"), rule("b", "!Ref Group")],
         [(CYCLE, "Resources.Group.Properties.SecurityGroupIngress[0].SourceSecurityGroupId")]),
        ([rule("a", "!Ref Group")],
         [(CYCLE, "Resources.Group.Properties.SecurityGroupIngress[0].SourceSecurityGroupId")]),
        ([("    Type: AWS::EMR::Cluster\n", "    Type: AWS::EMR::Cluster\n    DependsOn: Group\n"),
          ("GroupDescription: a, ", "GroupDescription: !Ref Cluster, ")],
         [(CYCLE, "Resources.Cluster.Properties.Instances.EmrManagedMasterSecurityGroup")]),
        ([rule("a", "!Ref Other"), rule("b", "!If [Open, !Ref Group, !Ref AWS::NoValue]")], []),
        ([rule("a", "!Ref Other")], []),
    ],
)  # fmt: skip
def test_cycles(changes, expected):
    assert [item for item in found(*changes) if item[0] == CYCLE] == expected


def test_a_placeholder_of_emr_in_sub():
    template = parse(CLUSTER.replace("Name: cluster", 'Name: !Sub "${emr.clusterId}"'))
    (finding,) = check_template(template)
    assert finding.fix == "use '${!emr.clusterId}'"


@pytest.mark.parametrize("key", ["emr_constructs", "EmrConstructs", "emr-construct"])
def test_a_misspelt_key_of_acknowledgments(key):
    template = parse(CLUSTER)
    template["Resources"]["Cluster"]["Metadata"] = {key: {}, "aws:cdk:path": "a"}
    (finding,) = check_template(template)
    assert (finding.rule, finding.path) == ("emr-acknowledgment", f"Resources.Cluster.Metadata.{key}")
