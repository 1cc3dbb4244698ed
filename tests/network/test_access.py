from __future__ import annotations

import shlex

import pytest
from aws_cdk import aws_ec2 as ec2

from emr_constructs import (
    Application,
    Cluster,
    ClusterPort,
    ClusterProfile,
    EmrError,
    InstanceFleet,
    InstanceFleets,
    ReleaseLabel,
)
from tests.tools import flat, imported_vpc, new_app, new_stack, resources, synthesize

LOOKUP = (
    "$(aws emr list-instances --region us-east-1 --cluster-id j-1 --instance-group-types MASTER"
    " --instance-states RUNNING --query 'Instances[0].Ec2InstanceId' --output text)"
)


def group(stack, name):
    return ec2.SecurityGroup.from_security_group_id(stack, name, f"sg-{name.lower()}")


@pytest.fixture
def imported():
    stack = new_stack(new_app(), env={"region": "us-east-1", "account": "111111111111"})
    groups = [group(stack, "Master"), group(stack, "Core")]
    return Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1", security_groups=groups)


def make(*applications, profile=None, **options):
    stack = new_stack(new_app())
    vpc = imported_vpc(stack)
    where = {"vpc": vpc} if profile is None else {"profile": ClusterProfile(stack, "Profile", vpc=vpc, **profile)}
    return Cluster(stack, "Cluster", applications=applications, **where, **options)


def test_a_session_on_the_master_node(imported):
    assert imported.access.session_command == f"aws ssm start-session --region us-east-1 --target {LOOKUP}"


def test_a_session_where_the_master_is_a_fleet():
    fleets = InstanceFleets(master=InstanceFleet.on_demand("m7g.xlarge", units=1))
    command = make(Application.SPARK, instances=fleets).access.session_command
    assert " --instance-fleet-type MASTER --instance-states RUNNING " in command
    assert "group" not in command


def test_a_forwarded_port(imported):
    command = imported.access.port_forwarding_command(ClusterPort.SPARK_HISTORY_SERVER, local_port=8000)
    words = shlex.split(command.replace(LOOKUP, "i-1"))
    assert words == [
        "aws", "ssm", "start-session", "--region", "us-east-1", "--target", "i-1", "--document-name",
        "AWS-StartPortForwardingSession", "--parameters", "portNumber=18080,localPortNumber=8000",
    ]  # fmt: skip


def test_forwards_to_the_same_port_by_default(imported):
    command = imported.access.port_forwarding_command(ClusterPort.LIVY)
    assert command.endswith("portNumber=8998,localPortNumber=8998")


@pytest.mark.parametrize(
    ("options", "port", "number"),
    [
        ({}, ClusterPort.SPARK_HISTORY_SERVER, 18480),
        ({}, ClusterPort.HDFS_NAME_NODE, 9871),
        ({"profile": {"security_configuration": None}}, ClusterPort.SPARK_HISTORY_SERVER, 18080),
        ({"release_label": ReleaseLabel.EMR_5_36_2, "profile": {"security_configuration": None}},
         ClusterPort.HDFS_NAME_NODE, 50070),
    ],
)  # fmt: skip
def test_the_port_is_that_of_the_release_and_its_encryption(options, port, number):
    command = make(Application.SPARK, **options).access.port_forwarding_command(port)
    assert f"portNumber={number}," in command


def test_ssh_with_a_key_pair():
    cluster = make()
    key_pair = ec2.KeyPair.from_key_pair_name(cluster.stack, "Pair", "operations")
    cluster = Cluster(cluster.stack, "Other", profile=cluster.profile, key_pair=key_pair)
    command = flat(cluster.stack.resolve(cluster.access.ssh_command("~/operations.pem")))
    assert command.startswith("aws emr ssh --region <AWS::Region> --cluster-id <Other")
    assert command.endswith("--key-pair-file ~/operations.pem")


def test_an_imported_cluster_may_have_a_key_pair(imported):
    assert "--cluster-id j-1 " in imported.access.ssh_command("a.pem")


def test_a_group_reaches_ports_of_the_master_alone(imported):
    imported.access.allow_from(group(imported.stack, "Notebooks"), ClusterPort.LIVY, ClusterPort.YARN_RESOURCE_MANAGER)
    found = resources(synthesize(imported), "AWS::EC2::SecurityGroupIngress")
    assert [rule["Properties"] for rule in found.values()] == [
        {
            "Description": f"{title}, TCP {port}",
            "FromPort": port,
            "ToPort": port,
            "IpProtocol": "tcp",
            "GroupId": "sg-master",
            "SourceSecurityGroupId": "sg-notebooks",
        }
        for title, port in (("Livy", 8998), ("YARN ResourceManager", 8088))
    ]


def test_an_address_range_reaches_a_cluster_of_the_stack():
    cluster = make(Application.SPARK)
    cluster.access.allow_from(ec2.Peer.ipv4("10.0.0.0/8"), ClusterPort.SPARK_HISTORY_SERVER)
    groups = resources(synthesize(cluster), "AWS::EC2::SecurityGroup")
    open_ports = {
        name: [(rule["CidrIp"], rule["FromPort"]) for rule in found["Properties"].get("SecurityGroupIngress", [])]
        for name, found in groups.items()
    }
    assert [rules for name, rules in open_ports.items() if "Master" in name] == [[("10.0.0.0/8", 18480)]]
    assert not any(rules for name, rules in open_ports.items() if "Master" not in name)


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (
            lambda access: access.allow_from(ec2.Peer.ipv4("10.0.0.0/8")),
            "ports must not be empty; specify at least one, such as",
        ),
        (
            lambda access: access.allow_from(ec2.Peer.any_ipv4(), ClusterPort.SSH),
            "peer must not be the whole internet, got 0.0.0.0/0; use a network",
        ),
        (
            lambda access: access.allow_from(ec2.Peer.any_ipv6(), ClusterPort.SSH),
            "peer must not be the whole internet, got ::/0",
        ),
        (
            lambda access: access.port_forwarding_command(ClusterPort.LIVY),
            "port must belong to an application of the cluster, got the port of Livy; add Livy to applications",
        ),
        (
            lambda access: access.port_forwarding_command(ClusterPort.SSH, local_port=0),
            "number must be a TCP port, got 0; use 1 to 65535",
        ),
        (lambda access: access.ssh_command("a.pem"), "SSH requires a cluster with a key pair, got none; pass key_pair"),
    ],
)
def test_rejects_what_leads_nowhere(use, message):
    with pytest.raises(EmrError, match=message):
        use(make(Application.SPARK).access)


def test_rejects_ports_of_unknown_groups(stack):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    with pytest.raises(EmrError, match="connections can't be allowed to a cluster whose security groups"):
        cluster.access.allow_from(ec2.Peer.ipv4("10.0.0.0/8"), ClusterPort.LIVY)
