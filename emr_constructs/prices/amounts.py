"""Amounts of money per hour: exact ones, ranges, upper limits, and amounts of which a part is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

__all__ = ["FREE", "Breakdown", "Cost", "money"]

_ZERO: Final = Decimal(0)
_SIGNS: Final = {"USD": "$"}
_CENT: Final = Decimal("0.01")
_TENTH: Final = Decimal("0.1")
_TEN: Final = Decimal(10)


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount per hour.

    ``least`` is never more than what is billed. ``most`` is never less, unless something is ``unknown``.
    """

    least: Decimal = _ZERO
    """Without the unknown parts, and without Spot Instances, whose prices have no lower limit."""

    most: Decimal = _ZERO
    """Without the unknown parts, with Spot Instances at On-Demand prices."""

    unknown: tuple[str, ...] = ()
    """What the amounts don't contain because the file or the prices don't determine it."""

    has_spot: bool = False
    """Whether Spot Instances are part of the amounts."""

    def __add__(self, other: Cost) -> Cost:
        unknown = tuple(dict.fromkeys((*self.unknown, *other.unknown)))
        return Cost(self.least + other.least, self.most + other.most, unknown, self.has_spot or other.has_spot)

    def times(self, count: int) -> Cost:
        """Return the cost of ``count`` equal parts."""
        if not count:
            return FREE
        return Cost(self.least * count, self.most * count, self.unknown, self.has_spot)

    def as_spot(self) -> Cost:
        """Return the cost of a Spot Instance whose On-Demand price this is."""
        return Cost(_ZERO, self.most, self.unknown, has_spot=True)

    def shown(self, currency: str, *, is_precise: bool = False) -> str:
        """Return the amount for a reader."""
        least, most = (money(amount, currency, is_precise=is_precise) for amount in (self.least, self.most))
        if self.unknown:
            return f"at least {least}" if self.least else "unknown"
        return f"at most {most}" if self.has_spot else _range(least, most)

    def change(self, after: Cost, currency: str) -> str:
        """Return the difference of a later cost for a reader: ``+$0.41``, a range, or ``unknown``."""
        if self.unknown or after.unknown:
            return "unknown"
        least, most = after.least - self.least, after.most - self.most
        if self.has_spot or after.has_spot:
            # What Spot Instances save isn't known before or after.
            least = most
        texts = [money(amount, currency, is_signed=True) for amount in sorted((least, most))]
        return _range(*texts)

    def values(self) -> dict[str, Any]:
        """Return the amount for a program; ``most`` is None if something is unknown."""
        return {
            "least": float(self.least),
            "most": None if self.unknown else float(self.most),
            "has_spot": self.has_spot,
            "unknown": list(self.unknown),
        }

    @classmethod
    def exactly(cls, amount: Decimal) -> Cost:
        """Return a known amount."""
        return cls(amount, amount)

    @classmethod
    def without(cls, *unknown: str) -> Cost:
        """Return a cost of which nothing is known but what it depends on."""
        return cls(unknown=unknown)


FREE: Final = Cost()


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A cost per hour, and the parts that it consists of.

    For a fleet of several instance types, the ranges of the parts don't add up to that of the whole: the type with the
    cheapest instance can have the most expensive volumes.
    """

    ec2: Cost = FREE
    emr: Cost = FREE
    """The charge of EMR in addition to that of EC2."""

    ebs: Cost = FREE
    """Storage volumes and root volumes."""

    total: Cost = FREE

    def __add__(self, other: Breakdown) -> Breakdown:
        return Breakdown.each(lambda part: part(self) + part(other))

    def values(self) -> dict[str, Any]:
        """Return the amounts for a program."""
        return {name: getattr(self, name).values() for name in ("total", "ec2", "emr", "ebs")}

    @classmethod
    def of(cls, ec2: Cost, emr: Cost, ebs: Cost) -> Breakdown:
        """Return the cost of what consists of these parts."""
        return cls(ec2, emr, ebs, ec2 + emr + ebs)

    @classmethod
    def each(cls, cost: Callable[[Callable[[Breakdown], Cost]], Cost]) -> Breakdown:
        """Return what ``cost`` returns for each part, which it gets as a function that reads the part."""
        return cls(*(cost(part) for part in _PARTS))

    @classmethod
    def sum(cls, costs: Iterable[Breakdown]) -> Breakdown:
        """Return the sum of costs."""
        return sum(costs, cls())


def _ec2(costs: Breakdown) -> Cost:
    return costs.ec2


def _emr(costs: Breakdown) -> Cost:
    return costs.emr


def _ebs(costs: Breakdown) -> Cost:
    return costs.ebs


def _total(costs: Breakdown) -> Cost:
    return costs.total


_PARTS: Final = (_ec2, _emr, _ebs, _total)


def money(amount: Decimal, currency: str, *, is_signed: bool = False, is_precise: bool = False) -> str:
    """Return an amount for a reader.

    :param is_precise: with four decimals below 10. Default: below 0.1. Otherwise, with two.
    """
    rounded = amount.quantize(_CENT**2 if abs(amount) < (_TEN if is_precise else _TENTH) else _CENT)
    digits = f"{abs(rounded):,f}" if amount else "0"
    sign = "-" if rounded < 0 else "+" if is_signed and rounded else ""
    unit = _SIGNS.get(currency)
    return f"{sign}{unit}{digits}" if unit else f"{sign}{currency} {digits}"


def _range(least: str, most: str) -> str:
    return least if least == most else f"{least} to {most}"
