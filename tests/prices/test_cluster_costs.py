"""Hourly costs of clusters, from their requests. A gp3 volume of 10 GiB costs 0.001 an hour."""

from __future__ import annotations

from decimal import Decimal

import pytest

from emr_constructs._core.unknown import MACRO, UNKNOWN
from emr_constructs.prices.cluster_costs import hourly_cost
from emr_constructs.prices.price_file import Prices
from tests.prices.records import PRICES

ALL_PRICES = Prices.of(PRICES)
ROOT = Decimal("0.0015")
NODE = Decimal("1.25") + ROOT + Decimal("0.001")
LARGE = Decimal("2.7") + ROOT + Decimal("0.001")


def volumes(size=10, kind="gp3", **more):
    specification = {"VolumeType": kind, "SizeInGB": size, **more}
    return {"EbsConfiguration": {"EbsBlockDeviceConfigs": [{"VolumeSpecification": specification}]}}


def group(role="CORE", count=2, name="m7g.xlarge", **more):
    return {"InstanceRole": role, "InstanceCount": count, "InstanceType": name, **volumes(), **more}


def fleet(role="CORE", on_demand=2, spot=0, types=None, **more):
    listed = types or [{"InstanceType": "m7g.xlarge", **volumes()}]
    targets = {"TargetOnDemandCapacity": on_demand, "TargetSpotCapacity": spot}
    return {"InstanceFleetType": role, **targets, "InstanceTypeConfigs": listed, **more}


def weighted(name, units):
    return {"InstanceType": name, "WeightedCapacity": units, **volumes()}


def cost(*nodes, prices=ALL_PRICES, more=(), **request):
    of_fleet = "InstanceFleetType" in nodes[0] if nodes else False
    instances = {"InstanceFleets" if of_fleet else "InstanceGroups": list(nodes)}
    return hourly_cost({"ReleaseLabel": "emr-7.5.0", "Instances": instances, **request}, prices, more)


def bounds(found):
    return found.least, found.most


def limits(unit="Instances", most=10, **more):
    values = {"UnitType": unit, "MinimumCapacityUnits": 1, "MaximumCapacityUnits": most, **more}
    return {"ManagedScalingPolicy": {"ComputeLimits": values}}


def test_instance_groups():
    found = cost(group("MASTER", 1), group("CORE", 2, "m7g.2xlarge"))
    assert bounds(found.launch.total) == (NODE + 2 * LARGE,) * 2
    assert bounds(found.launch.ec2) == (Decimal("5.4"),) * 2
    assert bounds(found.launch.emr) == (Decimal("1.25"),) * 2
    assert bounds(found.launch.ebs) == (Decimal("0.0075"),) * 2
    assert found.limit is None
    assert [(kind.instance_type, kind.cost.total.most) for it in found.nodes for kind in it.types] == [
        ("m7g.xlarge", NODE),
        ("m7g.2xlarge", LARGE),
    ]


def test_a_number_and_types_instead_of_groups():
    instances = {"InstanceCount": 3, "MasterInstanceType": "m5d.xlarge", "SlaveInstanceType": "m5d.xlarge"}
    found = hourly_cost({"ReleaseLabel": "emr-7.5.0", "Instances": instances}, ALL_PRICES)
    assert bounds(found.launch.total) == (3 * (Decimal("1.5") + ROOT),) * 2


def test_nodes_that_other_resources_add():
    more = [("Group", group("TASK", 4)), ("Fleet", fleet("TASK", 1))]
    assert cost(group("MASTER", 1), more=more).launch.total.most == 6 * NODE


def test_spot_instances_cost_at_most_the_on_demand_price():
    for spot in ({"Market": "SPOT"}, {"BidPrice": "0.1"}):
        found = cost(group("TASK", 4, **spot)).launch
        assert found.total.has_spot
        assert bounds(found.total) == (4 * (NODE - 1), 4 * NODE)
        assert bounds(found.emr) == (1, 1)
        assert found.total.shown("USD") == "at most $5.01"


def test_a_market_that_is_unknown_can_be_spot():
    assert cost(group("TASK", 4, Market=UNKNOWN)).launch.total.has_spot
    assert not cost(group("TASK", 4, Market="ON_DEMAND")).launch.total.has_spot


def test_a_fleet_has_a_range_over_all_mixtures():
    types = [weighted("m7g.xlarge", 1), weighted("m7g.2xlarge", 3)]
    found = cost(fleet(on_demand=4, types=types)).launch.total
    # One large and one small instance; two small ones, then a large one that exceeds the target.
    assert bounds(found) == (NODE + LARGE, 3 * NODE + LARGE)


def test_a_fleet_of_both_purchasing_options():
    found = cost(fleet(on_demand=2, spot=3)).launch.total
    assert bounds(found) == (2 * NODE + 3 * (NODE - 1), 5 * NODE)


def test_a_fleet_without_nodes():
    found = cost(fleet("TASK", 0, 0))
    assert bounds(found.launch.total) == (0, 0)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (limits(most=10), 10 * NODE),
        (limits(most=10, MaximumCoreCapacityUnits=4), 4 * NODE),
        (limits("VCPU", most=21), 5 * NODE),
        (limits(most=0), 0),
    ],
)
def test_managed_scaling_of_core_nodes(policy, expected):
    found = cost(group("MASTER", 1), group(), **policy)
    assert found.limit is not None
    assert bounds(found.limit.total) == (NODE + expected,) * 2


def test_managed_scaling_of_core_and_task_nodes():
    found = cost(group("MASTER", 1), group(), group("TASK", 0, "m7g.2xlarge", Market="SPOT"), **limits(most=10))
    assert found.limit is not None
    assert found.limit.total.most == 2 * NODE + 9 * LARGE
    assert found.limit.total.has_spot
    assert not found.launch.total.has_spot
    assert found.highest == found.limit.total


def test_managed_scaling_of_fleets():
    core = fleet("CORE", 2, types=[weighted("m7g.2xlarge", 2)])
    found = cost(fleet("MASTER", 1), core, fleet("TASK", 0, 2), **limits("InstanceFleetUnits", 10))
    assert found.limit is not None
    # Core nodes cost more for each unit, and exceed an odd number of units.
    assert found.limit.total.most == NODE + max(-(-core // 2) * LARGE + (10 - core) * NODE for core in range(1, 11))


@pytest.mark.parametrize(
    ("on_demand", "has_spot"), [({}, False), ({"MaximumOnDemandCapacityUnits": 10}, False),
                                ({"MaximumOnDemandCapacityUnits": 9}, True),
                                ({"MaximumOnDemandCapacityUnits": UNKNOWN}, True)],
)  # fmt: skip
def test_managed_scaling_adds_spot_instances_beyond_the_limit_of_on_demand_instances(on_demand, has_spot):
    found = cost(fleet("MASTER", 1), fleet("CORE", 2), **limits("InstanceFleetUnits", 10, **on_demand))
    assert found.limit is not None
    assert (found.launch.total.has_spot, found.limit.total.has_spot) == (False, has_spot)
    assert bounds(found.limit.total) == (11 * NODE - (10 if has_spot else 0), 11 * NODE)
    # The nodes of a group are all of one purchasing option.
    groups = cost(group("MASTER", 1), group("CORE", 2), **limits("Instances", 10, **on_demand))
    assert groups.limit is not None
    assert not groups.limit.total.has_spot


def test_automatic_scaling_of_instance_groups():
    policy = {"AutoScalingPolicy": {"Constraints": {"MinCapacity": 1, "MaxCapacity": 5}, "Rules": []}}
    found = cost(group("MASTER", 1), group(**policy), group("TASK", 3))
    assert found.limit is not None
    assert bounds(found.launch.total) == (6 * NODE,) * 2
    assert bounds(found.limit.total) == (9 * NODE,) * 2
    assert cost(group("CORE", 7, **policy)).highest.most == 7 * NODE


def test_a_limit_below_the_nodes_of_an_automatically_scaled_group():
    policy = {"AutoScalingPolicy": {"Constraints": {"MinCapacity": 1, "MaxCapacity": 5}, "Rules": []}}
    found = cost(group("MASTER", 1), group("CORE", 7, **policy))
    assert found.limit is not None
    assert found.limit.total.most == 8 * NODE


def test_managed_scaling_of_a_cluster_without_other_nodes():
    for primary, unit in ((group("MASTER", 1), "Instances"), (fleet("MASTER", 1), "InstanceFleetUnits")):
        found = cost(primary, **limits(unit))
        assert found.limit == found.launch


def test_what_is_unknown_at_launch_is_unknown_in_the_highest_cost():
    found = cost(group("MASTER", 1), group(count=UNKNOWN), **limits())
    assert found.limit is not None
    assert found.limit.total.unknown == ()
    assert found.highest.unknown == ("number of core nodes",)


def test_a_fleet_to_which_a_macro_adds_members_can_have_spot_instances():
    found = cost(fleet(on_demand=2, **{MACRO: UNKNOWN}), **limits("InstanceFleetUnits", 10))
    assert found.limit is not None
    assert found.limit.total.has_spot


def test_the_default_volumes_of_the_first_release_that_documents_them():
    found = cost(group(EbsConfiguration=None), ReleaseLabel="emr-5.22.0").launch.total
    assert not [reason for reason in found.unknown if "default size" in reason]


def test_a_limit_below_the_nodes_at_launch():
    found = cost(group("CORE", 7), **limits(most=5))
    assert found.limit is not None
    assert (found.limit.total.most, found.highest.most) == (5 * NODE, 7 * NODE)


@pytest.mark.parametrize(
    ("nodes", "more", "reason"),
    [
        (group(count=UNKNOWN), {}, "number of core nodes"),
        (group(count=None), {}, "number of core nodes"),
        (fleet(types=[weighted("m7g.xlarge", 0)]), {}, "weighted capacity of core nodes"),
        (group(name="${Token[CoreType]}"), {}, "instance type <CoreType>"),
        (group(name="x9.large"), {}, "EC2 price of x9.large, which the file lacks"),
        (group(name="x9.large"), {}, "EMR price of x9.large, which the file lacks"),
        (group(**volumes("${Token[Size]}")), {}, "size of storage volumes"),
        (group(**volumes(kind=UNKNOWN)), {}, "type of storage volumes"),
        (group(**volumes(kind="st1")), {}, "st1 volumes, whose price the file lacks"),
        (group(**volumes(kind="io1")), {}, "IOPS of storage volumes"),
        (group(**volumes(Throughput=UNKNOWN)), {}, "throughput of storage volumes"),
        (group(EbsConfiguration=UNKNOWN), {}, "storage volumes of m7g.xlarge"),
        (group(EbsConfiguration={"EbsBlockDeviceConfigs": [UNKNOWN]}), {}, "storage volumes of m7g.xlarge"),
        (group(CustomAmiId="ami-1"), {}, "root volumes, whose type the custom AMI determines"),
        (group(), {"CustomAmiId": "ami-1"}, "root volumes, whose type the custom AMI determines"),
        (group(), {"ReleaseLabel": UNKNOWN}, "root volumes, because the release is unknown"),
        (group(EbsConfiguration=None), {"ReleaseLabel": UNKNOWN}, "storage volumes, because the release is unknown"),
        (group(EbsConfiguration=None), {"ReleaseLabel": "emr-5.20.0"},
         "storage volumes, whose default size before emr-5.22.0 isn't documented"),
        (group(), {"EbsRootVolumeSize": UNKNOWN}, "size of root volumes"),
        (group(), {"EbsRootVolumeIops": UNKNOWN}, "IOPS of root volumes"),
        (fleet(on_demand=UNKNOWN), {}, "target capacity of core nodes"),
        (fleet(types=UNKNOWN), {}, "instance types of core nodes"),
        (fleet(types=[UNKNOWN]), {}, "instance types of core nodes"),
        (fleet(types=[weighted("m7g.xlarge", UNKNOWN)]), {}, "weighted capacity of core nodes"),
        (fleet(types=[weighted("m7g.xlarge", 1), weighted("x9.large", 1)]), {},
         "EC2 price of x9.large, which the file lacks"),
        (group(), {"Instances": UNKNOWN}, "nodes of the cluster"),
        (group(), {"Instances": {"InstanceGroups": UNKNOWN}}, "nodes in InstanceGroups"),
        (group(), {"Instances": {"InstanceFleets": [UNKNOWN]}}, "nodes in InstanceFleets"),
    ],
)  # fmt: skip
def test_unknown_values_are_never_guessed(nodes, more, reason):
    found = cost(nodes, **more).launch.total
    assert reason in found.unknown
    assert found.shown("USD").startswith(("unknown", "at least $"))
    assert found.values()["most"] is None


@pytest.mark.parametrize(
    ("nodes", "policy"),
    [
        (group(), {"ManagedScalingPolicy": UNKNOWN}),
        (group(), limits(most=UNKNOWN)),
        (group(), limits(unit=UNKNOWN)),
        (group(), limits(MaximumCoreCapacityUnits=UNKNOWN)),
        (group(name="x9.large"), limits("VCPU")),
        (fleet(), limits("Instances")),
        (fleet(types=[weighted("m7g.xlarge", UNKNOWN)]), limits("InstanceFleetUnits")),
        (group(role=UNKNOWN), limits()),
    ],
)
def test_unknown_limits_of_managed_scaling(nodes, policy):
    found = cost(nodes, **policy)
    assert found.limit is not None
    assert "limit of managed scaling" in found.limit.total.unknown
    assert "limit of managed scaling" in found.highest.unknown


def test_unknown_limits_of_automatic_scaling():
    for policy in (UNKNOWN, {"Constraints": {"MaxCapacity": UNKNOWN}}):
        found = cost(group(AutoScalingPolicy=policy))
        assert found.limit is not None
        assert found.limit.total.unknown == ("limit of automatic scaling",)
        assert not found.launch.total.unknown


def test_a_request_to_which_a_macro_adds_members():
    found = cost(group(), **{MACRO: UNKNOWN})
    assert found.limit is not None
    assert found.limit.total.unknown == ("limit of managed scaling",)
    assert "nodes of the cluster" in hourly_cost({MACRO: UNKNOWN}, ALL_PRICES).launch.total.unknown


@pytest.mark.parametrize(
    ("volume", "monthly"),
    [
        (volumes(100), "7.2"),
        (volumes(100, Iops=4000, Throughput=225), "18"),
        (volumes(100, Iops=3000, Throughput=125), "7.2"),
        (volumes(100, Iops=2000, Throughput=100), "7.2"),
        (volumes(100, "gp2"), "14.4"),
        (volumes(100, "io1", Iops=1000), "86.4"),
    ],
)
def test_storage_volumes(volume, monthly):
    found = cost(group(count=1, **volume)).launch.ebs
    assert bounds(found) == (Decimal(monthly) / 720 + ROOT,) * 2


def test_several_volumes():
    device = {"VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 10}, "VolumesPerInstance": 3}
    found = cost(group(count=1, EbsConfiguration={"EbsBlockDeviceConfigs": [device, device]})).launch.ebs
    assert found.most == ROOT + Decimal("0.006")


def test_volumes_that_emr_adds():
    """64 GiB of gp2 or gp3 for 4 vCPUs; none for a type with instance store."""
    found = cost(group(count=1, EbsConfiguration=None)).launch.ebs
    assert bounds(found) == (ROOT + Decimal("0.0064"), ROOT + Decimal("0.0128"))
    assert bounds(cost(group(count=1, name="m5d.xlarge", EbsConfiguration=None)).launch.ebs) == (ROOT, ROOT)


@pytest.mark.parametrize(
    ("label", "root", "monthly"),
    [
        ("emr-7.5.0", {}, "1.08"),
        ("emr-6.10.0", {}, "2.16"),
        ("emr-6.9.0", {}, "1.44"),
        ("emr-spark-8.0.0", {}, "1.08"),
        ("emr-7.5.0", {"EbsRootVolumeSize": 50, "EbsRootVolumeIops": 4000, "EbsRootVolumeThroughput": 225}, "14.4"),
    ],
)
def test_root_volumes(label, root, monthly):
    nodes = group(count=1, name="m5d.xlarge", EbsConfiguration=None)
    assert cost(nodes, ReleaseLabel=label, **root).launch.ebs.most == Decimal(monthly) / 720


def test_other_currencies_are_named():
    prices = Prices.of({**PRICES, "region": "cn-north-1", "currency": "CNY"})
    assert cost(group(count=1), prices=prices).launch.total.shown(prices.currency) == "CNY 1.25"


def test_odd_nodes_cost_nothing_that_is_known():
    for nodes in (
        {},
        {"InstanceRole": "CORE"},
        {"InstanceFleetType": "CORE"},
        {"InstanceRole": 5, "InstanceCount": -1},
    ):
        assert cost(nodes).launch.total.unknown
    assert hourly_cost({}, ALL_PRICES).launch.total.shown("USD") == "$0"
