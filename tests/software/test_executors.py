"""Sizes of Spark executors for the smallest worker: as the best practices of EMR compute them, and what is rejected."""

from __future__ import annotations

import pytest
from aws_cdk import CfnParameter

from emr_constructs import (
    Configuration,
    EmrError,
    FleetInstanceType,
    InstanceFleet,
    InstanceFleets,
    InstanceGroup,
    InstanceGroups,
    SparkConfigurations,
    SupportedInstanceType,
)
from emr_constructs.rules import check
from tests.rules.cases.parts import cluster
from tests.tools import properties_of

MASTER = InstanceGroup("m5.xlarge")


def workers(name="r4.8xlarge", count=10, *tasks):
    return InstanceGroups(master=MASTER, core=InstanceGroup(name, count), tasks=tasks)


def fleets(core, **options):
    return InstanceFleets(master=InstanceFleet.on_demand("m5.xlarge", units=1), core=core, **options)


def executors(fits, **options):
    return properties_of(SparkConfigurations.executors(fits=fits, **options), "spark-defaults")


def mebibytes(properties, name):
    return int(properties[name].removesuffix("m"))


def container(properties):
    return mebibytes(properties, "spark.executor.memory") + mebibytes(properties, "spark.executor.memoryOverhead")


def test_the_vcpus_of_a_worker_share_its_yarn_memory():
    """The worker of the best practices of EMR: 241664 MiB and 32 vCPUs are 8 executors of 30208 MiB."""
    assert executors(workers()) == {
        "spark.executor.cores": "4",
        "spark.executor.memory": "25438m",
        "spark.executor.memoryOverhead": "4770m",
    }


def test_without_dynamic_allocation_the_application_master_has_the_place_of_an_executor():
    found = executors(workers(), dynamic_allocation=False)
    assert (found["spark.dynamicAllocation.enabled"], found["spark.executor.instances"]) == ("false", "79")


def test_a_large_driver_has_the_place_of_several_executors():
    found = executors(workers(), dynamic_allocation=False, driver_memory_mib=40_000)
    assert (found["spark.driver.memory"], found["spark.executor.instances"]) == ("40000m", "78")


def test_one_executor_of_a_worker_leaves_room_for_the_application_master():
    found = executors(workers("m5.xlarge", 1), dynamic_allocation=False)
    assert container(found) == 12288 - 2048 - 384
    assert found["spark.executor.instances"] == "1"
    larger = executors(workers("m5.xlarge", 1), driver_memory_mib=5000)
    assert container(larger) == 12288 - 5504 == 6784


@pytest.mark.parametrize("cores", [1, 2, 3, 5, 8, 16, 31, 32])
@pytest.mark.parametrize("factor", [0.1, 0.1875, 0.4])
def test_executors_and_application_master_fit(cores, factor):
    found = executors(workers(), cores=cores, memory_overhead_factor=factor, dynamic_allocation=False)
    heap, overhead = (mebibytes(found, f"spark.executor.{name}") for name in ("memory", "memoryOverhead"))
    assert container(found) * (32 // cores) <= 241664
    assert container(found) % 32 == 0
    # Releases that ignore the property of the overhead add a tenth themselves.
    assert overhead >= max(384, heap // 10)
    used = container(found) * int(found["spark.executor.instances"]) + 2048 + 384
    assert used <= 10 * 241664


def test_the_application_master_is_rounded_up():
    """2049 + 384 MiB are 2464 MiB in YARN, so that 12010 MiB have room for 9536 MiB."""
    found = executors(workers("m5.xlarge", 1), driver_memory_mib=2049, yarn_memory_mib=12_010)
    assert container(found) == 9536


def test_the_application_master_displaces_an_executor_if_a_worker_has_several():
    found = executors(workers("r5.xlarge", 2, InstanceGroup("r5.2xlarge", 1)), dynamic_allocation=False)
    assert found["spark.executor.instances"] == "3"


def test_the_least_heap():
    found = executors(workers(), cores=1, yarn_memory_mib=32 * 864, memory_overhead_factor=0.92)
    assert (found["spark.executor.memory"], container(found)) == ("450m", 864)


def test_small_executors_have_the_least_overhead():
    found = executors(workers("c5.xlarge"), cores=1)
    assert (found["spark.executor.memory"], found["spark.executor.memoryOverhead"]) == ("1152m", "384m")


def test_the_smallest_part_of_all_workers_counts():
    task = InstanceGroup("c5.2xlarge", 0)
    found = executors(workers("r5.2xlarge", 2, task))
    assert container(found) == 12288 // 2
    assert executors(workers("c5.2xlarge", 1, InstanceGroup("r5.2xlarge", 1))) == found


def test_the_primary_node_is_no_worker():
    small = InstanceGroups(master=InstanceGroup("m5.xlarge"), core=InstanceGroup("r4.8xlarge", 10))
    large = InstanceGroups(master=InstanceGroup("m5.24xlarge"), core=InstanceGroup("r4.8xlarge", 10))
    assert executors(small) == executors(large)


def test_all_types_of_fleets_count():
    fits = fleets(
        InstanceFleet.on_demand("r5.2xlarge", "r5.4xlarge", units=2),
        task=InstanceFleet.spot("m5.2xlarge", units=4),
    )
    assert container(executors(fits)) == 24576 // 2


def test_the_number_of_executors_is_right_for_any_types_of_a_fleet():
    """8 units are 8 nodes with 2 executors each or 4 nodes with 4; types with few executors for a unit limit it."""
    even = fleets(InstanceFleet.on_demand("r5.2xlarge", FleetInstanceType("r5.4xlarge", weighted_capacity=2), units=8))
    assert executors(even, dynamic_allocation=False)["spark.executor.instances"] == "15"
    uneven = fleets(
        InstanceFleet.mixed(
            FleetInstanceType("r5.2xlarge", weighted_capacity=4), "r5.4xlarge", on_demand_units=4, spot_units=4
        )
    )
    assert executors(uneven, dynamic_allocation=False)["spark.executor.instances"] == "3"


def test_groups_with_task_groups_are_counted():
    found = executors(workers("r5.2xlarge", 2, InstanceGroup("r5.2xlarge", 3, name="A")), dynamic_allocation=False)
    assert found["spark.executor.instances"] == "9"


def test_yarn_memory_of_a_cluster_with_hbase():
    found = executors(workers("g7.24xlarge", 1), yarn_memory_mib=24_000, cores=24)
    assert container(found) == 24_000 // (96 // 24) // 32 * 32 == 5984


def test_containers_are_multiples_of_what_yarn_allocates():
    """11712 MiB have room for 4 containers of 2912 MiB, but only for 3 of 2928 MiB, which YARN rounds up to 2944."""
    assert container(executors(workers("m7g.xlarge"), cores=1)) == 2912
    # Types of the first generations have a larger increment: the application master has 2560 MiB instead of 2432.
    assert container(executors(workers("m1.large"), cores=2)) == 2560


def test_the_largest_container_of_old_types_is_the_limit():
    kind = SupportedInstanceType.find("m2.4xlarge")
    assert kind is not None
    assert (kind.vcpu, kind.yarn_memory_mib) == (8, 61440)
    assert container(executors(workers("m2.4xlarge"))) == 8192


def test_the_rules_accept_what_fits():
    fits = workers("r5.2xlarge", 2)
    own = [*SparkConfigurations.executors(fits=fits), Configuration("spark", {"maximizeResourceAllocation": False})]
    request = cluster(
        instances=fits._render(), Configurations=[part._render() for part in own], Applications=[{"Name": "Spark"}]
    )
    assert [found.rule for found in check("RunJobFlowInput", request) if "spark" in found.rule] == []


def test_a_type_may_be_a_token_of_no_worker(stack):
    token = CfnParameter(stack, "Type").value_as_string
    fits = InstanceGroups(master=InstanceGroup(token), core=InstanceGroup("r4.8xlarge", 10))
    assert executors(fits) == executors(workers())


def test_the_capacity_may_be_a_token_with_dynamic_allocation(stack):
    count = CfnParameter(stack, "Count", type="Number").value_as_number
    fits = workers("r4.8xlarge", count)
    assert executors(fits) == executors(workers())
    with pytest.raises(EmrError, match="the capacity in fits must be known at synth time, got a token"):
        executors(fits, dynamic_allocation=False)
    weighted = fleets(InstanceFleet.on_demand(FleetInstanceType("r5.2xlarge", weighted_capacity=count), units=2))
    assert executors(weighted) == executors(workers("r5.2xlarge"))
    with pytest.raises(EmrError, match=r"the weighted capacity of r5\.2xlarge in fits must be known at synth time"):
        executors(weighted, dynamic_allocation=False)
    spot = fleets(InstanceFleet(["r5.2xlarge"], 2, count))
    with pytest.raises(EmrError, match="the capacity in fits must be known at synth time, got a token"):
        executors(spot, dynamic_allocation=False)


def test_workers_must_be_known(stack):
    token = CfnParameter(stack, "Type").value_as_string
    with pytest.raises(EmrError, match="an instance type in fits must be known at synth time, got a token"):
        executors(workers(token))


@pytest.mark.parametrize(
    ("fits", "options", "message"),
    [
        (
            InstanceGroups(master=MASTER),
            {},
            "fits must have core or task nodes, got only a primary node; add core=, or configure spark-defaults",
        ),
        (
            InstanceFleets(master=InstanceFleet.on_demand("m5.xlarge", units=1)),
            {},
            "fits must have core or task nodes, got only a primary node",
        ),
        (workers("m99.xlarge"), {}, "fits must have instance types that the library knows, got 'm99.xlarge'; correct"),
        (
            workers("g7.24xlarge"),
            {},
            "yarn_memory_mib must be specified for g7.24xlarge, whose YARN memory EMR doesn't document; use yarn.node",
        ),
        (
            workers("r4.8xlarge", 1, InstanceGroup("r5.xlarge", 0)),
            {"cores": 5},
            "cores must be at most 4, the vCPUs of r5.xlarge, got 5; use fewer cores, or larger instance types for all",
        ),
        (workers(), {"cores": 0}, "cores must be at least 1, got 0"),
        (workers(), {"driver_memory_mib": 449}, "driver_memory_mib must be at least 450, got 449; use a larger number"),
        (workers(), {"yarn_memory_mib": -1}, "yarn_memory_mib must be at least 1, got -1"),
        (workers(), {"memory_overhead_factor": 0.05}, "memory_overhead_factor must be between 0.1 and 1, got 0.05; "),
        (workers(), {"memory_overhead_factor": 18.75}, "memory_overhead_factor must be between 0.1 and 1, got 18.75"),
        (
            workers(),
            {"driver_memory_mib": 300_000},
            "driver_memory_mib with its overhead must be at most 241664 MiB, which YARN has on r4.8xlarge, got 300000 "
            "+ 30000 MiB; use less driver_memory_mib, or larger instance types",
        ),
        (workers("m5.xlarge", 1), {"yarn_memory_mib": 2432}, "executors must have at least 450 MiB of memory, got 0"),
        (workers("m5.xlarge", 1), {"yarn_memory_mib": 2431}, "driver_memory_mib with its overhead must be at most"),
        (
            workers(),
            {"cores": 1, "yarn_memory_mib": 8192},
            "executors must have at least 450 MiB of memory, got 0 MiB with cores=1 on r4.8xlarge; use more cores",
        ),
        (
            workers("m5.xlarge", 1),
            {"driver_memory_mib": 10_900},
            "executors must have at least 450 MiB of memory, got 0 MiB with cores=4 on m5.xlarge; use more cores for "
            "each executor, less driver_memory_mib or larger instance types",
        ),
        (
            workers("r5.2xlarge", 1),
            {"driver_memory_mib": 50_000, "dynamic_allocation": False},
            "fits must have room for the application master and one executor, got room for 2 executors; add workers",
        ),
        ("r4.8xlarge", {}, "fits must be an InstanceGroups or an InstanceFleets, got 'r4.8xlarge'; use Instance"),
        (None, {}, "fits must be an InstanceGroups or an InstanceFleets, got None"),
        (workers(), {"cores": "4"}, "cores must be an integer, got '4'; use 4"),
    ],
)  # fmt: skip
def test_rejects(fits, options, message):
    with pytest.raises(EmrError) as error:
        SparkConfigurations.executors(fits=fits, **options)
    assert message in str(error.value)


def test_rejects_numbers_that_are_not_known_yet(stack):
    number = CfnParameter(stack, "Cores", type="Number").value_as_number
    for name in ("cores", "driver_memory_mib", "memory_overhead_factor", "yarn_memory_mib"):
        with pytest.raises(EmrError, match=f"{name} must be known at synth time, got a token"):
            executors(workers(), **{name: number})
