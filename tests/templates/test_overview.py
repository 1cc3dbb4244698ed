"""What a cluster launches, at a glance."""

from __future__ import annotations

from pathlib import Path

import pytest

from emr_constructs.templates import nodes as module
from emr_constructs.templates.overview import overviews
from emr_constructs.templates.parsing import parse

TEMPLATES = Path(__file__).parents[1] / "rules" / "templates"


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
    ]
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
