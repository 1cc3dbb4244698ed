"""The cost of a capacity that nodes of several types can provide: its range over all mixtures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import gcd
from typing import Final, NamedTuple

from .amounts import FREE, Cost

__all__ = ["Choice", "covered", "filled", "split"]

_ZERO: Final = Decimal(0)
# The most instances of a fleet. Larger capacities have bounds by the price of a unit instead of exact ones.
_MOST_UNITS: Final = 4_000
_Bounds = tuple[Decimal, Decimal]
_Span = Callable[[int], _Bounds]


class Choice(NamedTuple):
    """A type of nodes that a capacity can consist of."""

    units: int
    """The capacity of one node."""

    cost: Cost


def covered(choices: Sequence[Choice], capacity: int) -> Cost:
    """Return the cost of an instance fleet: EMR adds instances until the target is reached, also if it is exceeded.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_InstanceFleetConfig.html

    :param choices: the instance types of the fleet.
    """
    return _cost(choices, _covering(choices, capacity)(capacity)) if capacity else FREE


def filled(choices: Sequence[Choice], capacity: int) -> Cost:
    """Return the cost of as many nodes as a limit of capacity allows: of the cheapest, and of the most expensive ones.

    :param choices: the nodes of instance groups.
    """
    return _cost(choices, _filling(choices, capacity)(capacity)) if choices else FREE


def split(core: Sequence[Choice], task: Sequence[Choice], capacity: int, most_core: int, *, is_fleet: bool) -> Cost:
    """Return the cost of a capacity that core and task nodes share.

    :param most_core: the largest capacity of core nodes, of which there is at least one.
    """
    if not task or not core:
        alone = core or task
        return (covered if is_fleet else filled)(alone, min(capacity, most_core) if core else capacity)
    spans = _covering if is_fleet else _filling
    of_core, of_task = spans(core, capacity), spans(task, capacity)
    most = min(capacity, most_core)
    least = min(most, *(choice.units for choice in core))
    shares = range(least, most + 1) if capacity <= _MOST_UNITS else (least, most)
    bounds = [(of_core(share), of_task(capacity - share)) for share in shares]
    total = (min(one[0] + other[0] for one, other in bounds), max(one[1] + other[1] for one, other in bounds))
    return _cost([*core, *task], total)


def _cost(choices: Sequence[Choice], bounds: _Bounds) -> Cost:
    unknown = tuple(dict.fromkeys(reason for choice in choices for reason in choice.cost.unknown))
    return Cost(*bounds, unknown, any(choice.cost.has_spot for choice in choices))


def _covering(choices: Sequence[Choice], capacity: int) -> _Span:
    """The bounds of the cost of a capacity that is reached or exceeded."""
    common = gcd(*(choice.units for choice in choices))
    if capacity > _MOST_UNITS * common:
        lowest = min(choice.cost.least / choice.units for choice in choices)
        highest = max(choice.cost.most / choice.units for choice in choices)
        excess = max(choice.units for choice in choices) - 1
        return lambda units: (units * lowest, (units + excess) * highest) if units else (_ZERO, _ZERO)
    types = [(choice.units // common, choice.cost.least, choice.cost.most) for choice in choices]
    least, most = [_ZERO], [_ZERO]
    for units in range(1, -(-capacity // common) + 1):
        least.append(min(low + least[max(0, units - size)] for size, low, _ in types))
        most.append(max(high + most[max(0, units - size)] for size, _, high in types))
    return lambda units: (least[-(-units // common)], most[-(-units // common)])


def _filling(choices: Sequence[Choice], capacity: int) -> _Span:
    """The bounds of the cost of a capacity that isn't exceeded: all nodes are of one type, or of the most expensive."""
    common = gcd(*(choice.units for choice in choices))
    most = [_ZERO]
    types = [(choice.units // common, choice.cost.most) for choice in choices]
    for units in range(1, min(capacity // common, _MOST_UNITS) + 1):
        most.append(max((high + most[units - size] for size, high in types if size <= units), default=_ZERO))
    highest = max(choice.cost.most / choice.units for choice in choices)

    def bounds(units: int) -> _Bounds:
        low = min(units // choice.units * choice.cost.least for choice in choices)
        size = units // common
        return low, most[size] if size < len(most) else units * highest

    return bounds
