"""The range of the cost of a capacity, compared with all mixtures of nodes."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from emr_constructs.prices.amounts import Cost
from emr_constructs.prices.capacity_costs import Choice, covered, filled, split

CHOICES = [Choice(1, Cost.exactly(Decimal(3))), Choice(4, Cost(Decimal(8), Decimal(13)))]


def sequences(choices, capacity):
    """The costs of all ways to add nodes one by one until a capacity is reached."""
    if capacity <= 0:
        yield Decimal(0), Decimal(0)
        return
    for choice in choices:
        for least, most in sequences(choices, capacity - choice.units):
            yield choice.cost.least + least, choice.cost.most + most


def bounds(cost):
    return cost.least, cost.most


@pytest.mark.parametrize("capacity", range(12))
def test_a_fleet_covers_its_target(capacity):
    found = list(sequences(CHOICES, capacity))
    expected = (min(least for least, _ in found), max(most for _, most in found))
    assert bounds(covered(CHOICES, capacity)) == expected


def test_fleets_of_random_types():
    numbers = random.Random(7)
    for _ in range(40):
        choices = [Choice(numbers.randint(1, 5), Cost.exactly(Decimal(numbers.randint(1, 9)))) for _ in range(2)]
        capacity = numbers.randint(1, 9)
        found = [least for least, _ in sequences(choices, capacity)]
        assert bounds(covered(choices, capacity)) == (min(found), max(found))


def test_groups_do_not_exceed_their_limit():
    assert bounds(filled([Choice(4, Cost.exactly(Decimal(5)))], 11)) == (10, 10)
    assert bounds(filled([Choice(4, Cost.exactly(Decimal(5))), Choice(8, Cost.exactly(Decimal(7)))], 16)) == (14, 20)
    assert filled([], 5) == Cost()
    assert bounds(filled([Choice(4, Cost.exactly(Decimal(5)))], 3)) == (0, 0)


@pytest.mark.parametrize("is_fleet", [True, False])
def test_core_and_task_nodes_share_a_limit(is_fleet):
    core, task = [Choice(1, Cost.exactly(Decimal(2)))], [Choice(1, Cost.exactly(Decimal(5)))]
    # There is at least one core node.
    assert bounds(split(core, task, 10, 10, is_fleet=is_fleet)) == (20, 47)
    assert bounds(split(core, task, 10, 4, is_fleet=is_fleet)) == (38, 47)
    assert bounds(split(core, [], 10, 4, is_fleet=is_fleet)) == (8, 8)
    assert bounds(split(core, task, 10, 0, is_fleet=is_fleet)) == (50, 50)
    assert bounds(split(task, core, 10, 10, is_fleet=is_fleet)) == (23, 50)


@pytest.mark.parametrize("capacity", [4_001, 123_456, 2**31 - 1])
def test_large_capacities_have_bounds(capacity):
    choices = [Choice(2, Cost.exactly(Decimal(3))), Choice(3, Cost.exactly(Decimal(4)))]
    cost = covered(choices, capacity)
    assert float(cost.least) == pytest.approx(capacity * 4 / 3)
    # The last node exceeds the capacity by up to 2 units.
    assert cost.most == (capacity + 2) * Decimal("1.5")
    assert bounds(covered([Choice(8, Cost.exactly(Decimal(1)))], 16_000)) == (2000, 2000)
    shared = split(choices, choices, capacity, capacity, is_fleet=True)
    assert cost.least <= shared.least
    assert filled(choices, capacity).most <= capacity * Decimal("1.5")


def test_bounds_are_those_of_small_capacities():
    small, large = (covered(CHOICES, capacity) for capacity in (4_000, 4_001))
    assert small.most <= large.most
    assert (large.most - small.most) / small.most < Decimal("0.002")
    assert abs(large.least - small.least) / small.least < Decimal("0.002")


def test_unknown_parts_and_spot_instances_stay():
    choices = [Choice(1, Cost.exactly(Decimal(3)).as_spot()), Choice(2, Cost.without("price"))]
    for cost in (covered(choices, 4), filled(choices, 4), split(choices, choices, 4, 2, is_fleet=True)):
        assert (cost.unknown, cost.has_spot, cost.least) == (("price",), True, 0)
    assert covered(choices, 0) == Cost()
