from __future__ import annotations

import pytest

from emr_constructs import EmrError, ManagedScaling
from emr_constructs.capacity.managed_scaling import ScalingLimits
from tests.tools import cluster_with


@pytest.mark.parametrize(
    ("factory", "unit"),
    [
        (ManagedScaling.instances, "Instances"),
        (ManagedScaling.vcpu, "VCPU"),
        (ManagedScaling.fleet_units, "InstanceFleetUnits"),
    ],
)
def test_what_is_counted(factory, unit):
    assert factory(minimum=2, maximum=20)._render() == {
        "ComputeLimits": {"UnitType": unit, "MinimumCapacityUnits": 2, "MaximumCapacityUnits": 20}
    }


def test_limits_for_on_demand_and_core():
    limits = ManagedScaling.instances(minimum=2, maximum=20, maximum_on_demand=0, maximum_core=4)._render()
    assert limits["ComputeLimits"]["MaximumOnDemandCapacityUnits"] == 0
    assert limits["ComputeLimits"]["MaximumCoreCapacityUnits"] == 4


def test_an_index_is_the_advanced_strategy():
    policy = ManagedScaling.instances(minimum=2, maximum=20, utilization_performance_index=25)._render()
    assert (policy["ScalingStrategy"], policy["UtilizationPerformanceIndex"]) == ("ADVANCED", 25)


def test_the_options_of_the_factories_are_fields():
    assert set(ScalingLimits.__annotations__) == set(ManagedScaling.__dataclass_fields__) - {
        "unit_type",
        "minimum",
        "maximum",
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"minimum": 11}, "managed scaling must be at most its maximum, got a minimum of 11 and a maximum of 10"),
        ({"maximum_on_demand": 11}, "got a maximum of On-Demand capacity of 11 and a maximum of 10"),
        ({"maximum_core": 11}, "got a maximum of core capacity of 11 and a maximum of 10"),
        ({"utilization_performance_index": 60}, "utilization performance index must be 1, 25, 50, 75 or 100, got 60"),
        ({"minimum": "1"}, "minimum must be an integer, got '1'; use 1"),
    ],
)
def test_rejects_what_emr_rejects(options, message):
    with pytest.raises(EmrError, match=message):
        cluster_with(ManagedScaling.instances(**{"minimum": 1, "maximum": 10, **options}))
