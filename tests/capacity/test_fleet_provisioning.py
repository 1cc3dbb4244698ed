from __future__ import annotations

import pytest

from emr_constructs import (
    CapacityReservations,
    EmrError,
    OnDemandAllocationStrategy,
    OnDemandProvisioning,
    OnDemandResizing,
    SpotAllocationStrategy,
    SpotProvisioning,
    SpotResizing,
    SpotTimeoutAction,
)
from tests.tools import cluster_with

GROUP = "arn:aws:resource-groups:us-east-1:111111111111:group/reserved"


def test_spot_capacity_is_awaited_for_an_hour_then_made_up_for():
    assert SpotProvisioning()._render() == {"TimeoutDurationMinutes": 60, "TimeoutAction": "SWITCH_TO_ON_DEMAND"}


def test_spot_capacity_at_launch():
    assert SpotProvisioning(
        allocation_strategy=SpotAllocationStrategy.DIVERSIFIED,
        timeout_minutes=5,
        timeout_action=SpotTimeoutAction.TERMINATE_CLUSTER,
    )._render() == {
        "TimeoutDurationMinutes": 5,
        "TimeoutAction": "TERMINATE_CLUSTER",
        "AllocationStrategy": "diversified",
    }


def test_on_demand_capacity_comes_at_the_lowest_price():
    assert OnDemandProvisioning()._render() == {"AllocationStrategy": "lowest-price"}


def test_resizing_says_what_it_was_told_alone():
    assert OnDemandResizing(timeout_minutes=10080)._render() == {"TimeoutDurationMinutes": 10080}
    assert SpotResizing(allocation_strategy=SpotAllocationStrategy.LOWEST_PRICE)._render() == {
        "AllocationStrategy": "lowest-price"
    }


@pytest.mark.parametrize(
    ("reservations", "rendered", "are_used"),
    [
        (
            CapacityReservations.open(),
            {"UsageStrategy": "use-capacity-reservations-first", "CapacityReservationPreference": "open"},
            True,
        ),
        (
            CapacityReservations.targeted(GROUP),
            {"UsageStrategy": "use-capacity-reservations-first", "CapacityReservationResourceGroupArn": GROUP},
            True,
        ),
        (CapacityReservations.none(), {"CapacityReservationPreference": "none"}, False),
    ],
)
def test_capacity_reservations(reservations, rendered, are_used):
    assert OnDemandProvisioning(capacity_reservations=reservations)._render()["CapacityReservationOptions"] == rendered
    assert OnDemandResizing(capacity_reservations=reservations)._render() == {"CapacityReservationOptions": rendered}
    assert reservations.are_used is are_used


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SpotProvisioning(timeout_minutes=4), "timeout for Spot capacity must be 5 to 1440 minutes, got 4"),
        (
            lambda: SpotProvisioning(timeout_minutes="60"),
            "timeout_minutes must be an integer or a cdk.Duration, got '60'; use 60",
        ),
        (
            lambda: SpotProvisioning(allocation_strategy="cheapest"),
            "allocation_strategy must be a SpotAllocationStrategy, got 'cheapest'; use SpotAllocationStrategy.PRICE",
        ),
        (lambda: SpotResizing(timeout_minutes=10081), "timeout for resizing must be 5 to 10080 minutes, got 10081"),
        (
            SpotResizing,
            "SpotResizing must have at least one argument, got none; specify timeout_minutes or allocation_strategy",
        ),
        (OnDemandResizing, "OnDemandResizing must have at least one argument, got none; specify timeout_minutes"),
        (
            lambda: OnDemandProvisioning(
                allocation_strategy=OnDemandAllocationStrategy.PRIORITIZED,
                capacity_reservations=CapacityReservations.open(),
            ),
            "allocation strategy must be lowest-price to use capacity reservations, got prioritized",
        ),
        (
            lambda: CapacityReservations.targeted("reserved"),
            "resource group of capacity reservations must be an ARN, got 'reserved'",
        ),
    ],
)
def test_rejects_what_emr_rejects(make, message):
    with pytest.raises(EmrError, match=message):
        cluster_with(make())
