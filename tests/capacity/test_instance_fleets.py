from __future__ import annotations

import pytest
from aws_cdk import CfnParameter
from aws_cdk import aws_ec2 as ec2

from emr_constructs import (
    CapacityReservations,
    Configuration,
    EbsVolume,
    EmrError,
    FleetInstanceType,
    InstanceFleet,
    InstanceFleets,
    InstanceGroup,
    OnDemandAllocationStrategy,
    OnDemandProvisioning,
    OnDemandResizing,
    SpotAllocationStrategy,
    SpotProvisioning,
    SpotResizing,
)
from emr_constructs.capacity.instance_fleets import InstanceFleetOptions
from tests.tools import cluster_with

MASTER = InstanceFleet.on_demand("m7g.xlarge", units=1)
CORE = InstanceFleet.on_demand("m7g.xlarge", "m6g.xlarge", units=4)
TYPES = [f"m{number}g.xlarge" for number in range(6)]
BY_PRIORITY = OnDemandProvisioning(allocation_strategy=OnDemandAllocationStrategy.PRIORITIZED)


def test_both_targets_are_always_said():
    for fleet, targets in (
        (CORE, (4, 0)),
        (InstanceFleet.spot("m7g.xlarge", units=8), (0, 8)),
        (InstanceFleet.mixed("m7g.xlarge", on_demand_units=2, spot_units=6), (2, 6)),
    ):
        rendered = fleet._render("CORE")
        assert (rendered["TargetOnDemandCapacity"], rendered["TargetSpotCapacity"]) == targets


def test_on_demand_capacity_needs_no_specification():
    assert CORE._render("CORE") == {
        "Name": "Core",
        "InstanceFleetType": "CORE",
        "TargetOnDemandCapacity": 4,
        "TargetSpotCapacity": 0,
        "InstanceTypeConfigs": [{"InstanceType": "m7g.xlarge"}, {"InstanceType": "m6g.xlarge"}],
    }


def test_spot_capacity_never_waits_for_ever():
    rendered = InstanceFleet.spot("m7g.xlarge", units=8)._render("TASK")
    assert rendered["LaunchSpecifications"] == {
        "SpotSpecification": {"TimeoutDurationMinutes": 60, "TimeoutAction": "SWITCH_TO_ON_DEMAND"}
    }


def test_renders_everything_that_a_fleet_can_say():
    fleet = InstanceFleet.mixed(
        FleetInstanceType(
            ec2.InstanceType("r7g.2xlarge"),
            weighted_capacity=2,
            priority=0,
            bid_price_percentage=80.5,
            ebs_volumes=[EbsVolume.gp3(size_gib=100)],
            ebs_optimized=True,
            configurations=[Configuration("yarn-site", {"a": 1})],
            custom_ami_id="ami-0123456789abcdef0",
        ),
        FleetInstanceType("m7g.xlarge", bid_price=0.2),
        on_demand_units=2,
        spot_units=8,
        name="Workers",
        on_demand_provisioning=BY_PRIORITY,
        spot_provisioning=SpotProvisioning(allocation_strategy=SpotAllocationStrategy.CAPACITY_OPTIMIZED_PRIORITIZED),
        on_demand_resizing=OnDemandResizing(timeout_minutes=20),
        spot_resizing=SpotResizing(timeout_minutes=30),
    )
    assert fleet._render("TASK") == {
        "Name": "Workers",
        "InstanceFleetType": "TASK",
        "TargetOnDemandCapacity": 2,
        "TargetSpotCapacity": 8,
        "InstanceTypeConfigs": [
            {
                "InstanceType": "r7g.2xlarge",
                "WeightedCapacity": 2,
                "Priority": 0,
                "BidPriceAsPercentageOfOnDemandPrice": 80.5,
                "EbsConfiguration": {
                    "EbsBlockDeviceConfigs": [
                        {"VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 100}, "VolumesPerInstance": 1}
                    ],
                    "EbsOptimized": True,
                },
                "Configurations": [{"Classification": "yarn-site", "Properties": {"a": "1"}}],
                "CustomAmiId": "ami-0123456789abcdef0",
            },
            {"InstanceType": "m7g.xlarge", "BidPrice": "0.2"},
        ],
        "LaunchSpecifications": {
            "OnDemandSpecification": {"AllocationStrategy": "prioritized"},
            "SpotSpecification": {
                "TimeoutDurationMinutes": 60,
                "TimeoutAction": "SWITCH_TO_ON_DEMAND",
                "AllocationStrategy": "capacity-optimized-prioritized",
            },
        },
        "ResizeSpecifications": {
            "OnDemandResizeSpecification": {"TimeoutDurationMinutes": 20},
            "SpotResizeSpecification": {"TimeoutDurationMinutes": 30},
        },
    }


@pytest.mark.parametrize(
    "strategy",
    [
        {"on_demand_provisioning": OnDemandProvisioning()},
        {"spot_provisioning": SpotProvisioning(allocation_strategy=SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED)},
    ],
)
def test_an_allocation_strategy_allows_30_types(strategy):
    types = [f"{family}{size}.xlarge" for family in "cmrx" for size in range(8)][:30]
    fleet = InstanceFleet.spot(*types, units=4, **strategy)
    assert len(fleet._render("CORE")["InstanceTypeConfigs"]) == 30
    with pytest.raises(EmrError, match="an instance fleet must have at most 30 instance types, got 31"):
        InstanceFleet.spot(*types, "g5.xlarge", units=4, **strategy)


def test_the_options_of_the_factories_are_fields():
    fields = InstanceFleet.__dataclass_fields__
    assert set(InstanceFleetOptions.__annotations__) == set(fields) - {
        "instance_types",
        "target_on_demand_capacity",
        "target_spot_capacity",
    }


def test_roles_and_names_follow_the_place_of_a_fleet():
    fleets = InstanceFleets(master=MASTER, core=CORE, task=InstanceFleet.spot("c7g.xlarge", units=2))
    rendered = fleets._render()["InstanceFleets"]
    assert [(fleet["Name"], fleet["InstanceFleetType"]) for fleet in rendered] == [
        ("Master", "MASTER"),
        ("Core", "CORE"),
        ("Task", "TASK"),
    ]
    assert [fleet["InstanceFleetType"] for fleet in InstanceFleets(master=MASTER)._render()["InstanceFleets"]] == [
        "MASTER"
    ]


def test_three_masters_are_on_demand_units():
    assert InstanceFleets(master=InstanceFleet.on_demand("m7g.xlarge", "m6g.xlarge", units=3)).has_three_masters
    assert not InstanceFleets(master=MASTER).has_three_masters


def test_knows_whether_reserved_capacity_is_used():
    def fleets(reservations):
        core = InstanceFleet.on_demand(
            "m7g.xlarge", units=2, on_demand_resizing=OnDemandResizing(capacity_reservations=reservations)
        )
        return InstanceFleets(master=MASTER, core=core)

    assert fleets(CapacityReservations.open()).uses_capacity_reservations
    assert not fleets(CapacityReservations.none()).uses_capacity_reservations
    assert not InstanceFleets(master=MASTER, core=CORE).uses_capacity_reservations


def test_a_target_may_be_known_only_at_deployment(stack):
    units = CfnParameter(stack, "Units", type="Number").value_as_number
    assert InstanceFleet.spot("m7g.xlarge", units=units)._render("TASK")["TargetSpotCapacity"] == units


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: InstanceFleet.on_demand(units=1), "an instance fleet must have instance types"),
        (
            lambda: InstanceFleets(
                master=InstanceFleet.on_demand("m7g.xlarge", units=1),
                core=InstanceFleet.on_demand("m7g.xlarge", units=0),
            ),
            "an instance fleet must have a target of On-Demand or Spot capacity above 0",
        ),
        (lambda: InstanceFleet.spot(*["m7g.xlarge"] * 2, units=1), "instance types of a fleet must be unique"),
        (lambda: InstanceFleet.spot("m7g.xlarge", units=-1), "TargetSpotCapacity must be at least 0, got -1"),
        (
            lambda: InstanceFleet.spot(*TYPES, units=4),
            "instance fleet without an allocation strategy must have at most 5 instance types, got 6",
        ),
        (
            lambda: InstanceFleet.on_demand("m7g.xlarge", units=1, on_demand_provisioning=BY_PRIORITY),
            "got prioritized without priorities; specify a priority: FleetInstanceType",
        ),
        (lambda: FleetInstanceType("m7gxlarge"), "instance type must be a family and a size, got 'm7gxlarge'"),
        (lambda: FleetInstanceType("m7g.xlarge", 0), "weighted capacity of an instance type must be at least 1, got 0"),
        (lambda: FleetInstanceType("m7g.xlarge", priority=-1), "Priority must be at least 0.0, got -1"),
        (
            lambda: FleetInstanceType("m7g.xlarge", bid_price="a lot"),
            "bid price must be a number of US dollars per hour above 0, got 'a lot'",
        ),
        (
            lambda: FleetInstanceType("m7g.xlarge", bid_price=1, bid_price_percentage=50),
            "can't be combined with a percentage of the On-Demand price; remove one of them",
        ),
        (
            lambda: FleetInstanceType("m7g.xlarge", custom_ami_id="latest"),
            "custom AMI must be the ID of an AMI, got 'latest'",
        ),
        (
            lambda: InstanceFleets(master=CORE),
            "for high availability, got 4 On-Demand and 0 Spot units",
        ),
        (
            lambda: InstanceFleets(master=InstanceFleet.spot("m7g.xlarge", units=3)),
            "be 1 unit, or 3 On-Demand units for high availability, got 0 On-Demand and 3 Spot units",
        ),
        (
            lambda: InstanceFleets(master=InstanceFleet.on_demand(FleetInstanceType("m7g.xlarge", 3), units=3)),
            "in a primary instance fleet must be 1, got 3 for m7g.xlarge; remove the weighted capacity",
        ),
        (
            lambda: InstanceFleets(master=MASTER, task=CORE),
            "task nodes require core nodes, which are missing",
        ),
        (
            lambda: InstanceFleets(master=InstanceGroup("m7g.xlarge")),
            "master must be an InstanceFleet, got an InstanceGroup object",
        ),
    ],
)
def test_rejects_what_emr_rejects(make, message):
    with pytest.raises(EmrError, match=message):
        cluster_with(make())
