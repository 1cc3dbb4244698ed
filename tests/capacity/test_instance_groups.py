from __future__ import annotations

import pytest
from aws_cdk import aws_ec2 as ec2

from emr_constructs import Configuration, EbsVolume, EmrError, InstanceGroup, InstanceGroups, Market, ReleaseLabel
from tests.tools import cluster_with

MASTER = InstanceGroup("m7g.xlarge")


def test_roles_and_names_follow_the_place_of_a_group():
    groups = InstanceGroups(master=MASTER, core=InstanceGroup("r7g.xlarge", 3), tasks=[InstanceGroup("c7g.xlarge", 5)])
    rendered = groups._render()["InstanceGroups"]
    assert [(group["Name"], group["InstanceRole"], group["InstanceCount"]) for group in rendered] == [
        ("Master", "MASTER", 1),
        ("Core", "CORE", 3),
        ("Task", "TASK", 5),
    ]


def test_renders_everything_that_a_group_can_say():
    group = InstanceGroup(
        ec2.InstanceType("r7g.2xlarge"),
        4,
        market=Market.spot(bid_price=0.25),
        name="Workers",
        ebs_volumes=[EbsVolume.gp3(size_gib=100)],
        ebs_optimized=True,
        configurations=[Configuration("yarn-site", {"a": 1})],
        custom_ami_id="ami-0123456789abcdef0",
    )
    assert group._render("CORE") == {
        "Name": "Workers",
        "InstanceRole": "CORE",
        "InstanceType": "r7g.2xlarge",
        "InstanceCount": 4,
        "Market": "SPOT",
        "BidPrice": "0.25",
        "EbsConfiguration": {
            "EbsBlockDeviceConfigs": [
                {"VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 100}, "VolumesPerInstance": 1}
            ],
            "EbsOptimized": True,
        },
        "Configurations": [{"Classification": "yarn-site", "Properties": {"a": "1"}}],
        "CustomAmiId": "ami-0123456789abcdef0",
    }


def test_spot_without_a_price_pays_up_to_on_demand():
    assert Market.spot()._render() == {"Market": "SPOT"}
    assert Market.on_demand()._render() == {"Market": "ON_DEMAND"}


@pytest.mark.parametrize(
    ("release", "family"),
    [
        (ReleaseLabel.EMR_7_14_0, "m7g"),
        (ReleaseLabel.EMR_SPARK_8_1_0, "m7g"),
        (ReleaseLabel.EMR_6_9_0, "m6g"),
        (ReleaseLabel.EMR_5_36_1, "m7g"),
        (ReleaseLabel.EMR_5_29_0, "m5"),
    ],
)
def test_default_is_the_newest_graviton_that_the_release_supports(release, family):
    groups = InstanceGroups.default(release)
    assert groups.master.instance_type == f"{family}.xlarge"
    assert groups.core is not None
    assert groups.core.instance_count == 2
    assert groups.master.ebs_volumes == (EbsVolume.gp3(size_gib=32, count=2),)


def test_a_single_node_is_a_cluster():
    assert len(InstanceGroups(master=MASTER)._render()["InstanceGroups"]) == 1


def test_three_masters():
    assert InstanceGroups(master=InstanceGroup("m7g.xlarge", 3)).has_three_masters
    assert not InstanceGroups(master=MASTER).has_three_masters


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (
            {"master": InstanceGroup("m7g.xlarge", 2)},
            "instance count of the primary instance group must be 1 or 3, got 2",
        ),
        (
            {"master": MASTER, "core": InstanceGroup("m7g.xlarge", 0)},
            "instance count of the core instance group must be at least 1, got 0",
        ),
        ({"master": MASTER, "tasks": [MASTER]}, "task nodes require core nodes, which are missing"),
        (
            {"master": MASTER, "core": MASTER, "tasks": [MASTER, MASTER]},
            "names of task instance groups must be unique, got 'Task' 2 times",
        ),
        (
            {"master": MASTER, "core": MASTER, "tasks": [InstanceGroup("m7g.xlarge", name=str(n)) for n in range(49)]},
            "number of task instance groups must be at most 48, got 49",
        ),
        (
            {"master": MASTER, "core": MASTER, "tasks": MASTER},
            "tasks must be a list of InstanceGroup objects, got an InstanceGroup object",
        ),
    ],
)
def test_rejects_topologies_that_emr_rejects(groups, message):
    with pytest.raises(EmrError, match=message):
        cluster_with(InstanceGroups(**groups))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"instance_type": "m7gxlarge"}, "instance type must be a family and a size, got 'm7gxlarge'"),
        ({"instance_count": -1}, "instance count of a task instance group must be at least 0, got -1"),
        ({"instance_count": 1.5}, "instance_count must be an integer, got 1.5"),
        (
            {"market": Market.spot(bid_price="a lot")},
            "bid price must be a number of US dollars per hour above 0, got 'a lot'",
        ),
        ({"custom_ami_id": "latest"}, "custom AMI must be the ID of an AMI, got 'latest'"),
    ],
)
def test_rejects_groups_that_emr_rejects(arguments, message):
    with pytest.raises(EmrError, match=message):
        InstanceGroup(**{"instance_type": "m7g.xlarge", **arguments})


def test_rejects_small_volumes_on_optimized_instances():
    with pytest.raises(EmrError, match="volume size of an EBS-optimized instance must be at least 10 GiB, got 5"):
        cluster_with(InstanceGroup("m7g.xlarge", ebs_volumes=[EbsVolume.gp3(size_gib=5)], ebs_optimized=True))
