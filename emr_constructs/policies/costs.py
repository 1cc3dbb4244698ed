"""The policy on the hourly cost of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from .._core.errors import EmrError
from .._core.unknown import is_unknown
from .policy import Policy

if TYPE_CHECKING:
    from .._core.findings import Severity
    from ..prices.price_file import Prices
    from .cluster import ResolvedCluster
    from .parts import Violation

__all__ = ["cost_policy"]


def cost_policy(limit: float, prices: Prices, severity: Severity, rule_id: str | None) -> Policy:
    """Return the policy that a cluster costs at most ``limit`` per hour.

    :raises EmrError: the limit isn't positive, or only known at deployment.
    """
    from ..prices.amounts import money

    if is_unknown(limit):
        raise EmrError("limit must be known at synth time, got a token; use a number")
    if limit <= 0:
        raise EmrError(f"limit must be more than 0, got {limit}; use an amount per hour, such as 25")
    maximum = Decimal(str(limit))
    condition = f"hourly cost must be at most {money(maximum, prices.currency)}"

    def find(cluster: ResolvedCluster) -> Iterator[Violation]:
        cost = cluster.hourly_cost(prices)
        if cost.most > maximum:
            amount = f"up to {money(cost.most, prices.currency)} with prices of {prices}"
            yield cluster.violation(f"{condition}, got {amount}", member="Instances")

    statement = f"The hourly cost of a cluster must be at most {money(maximum, prices.currency)}."
    fix = "use fewer or smaller nodes, or a lower limit of scaling"
    return Policy("hourly-cost", statement, fix, find, severity, rule_id)
