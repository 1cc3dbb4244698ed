"""What the clusters of a check cost: an estimate before it, and the hours of its instances after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emr_constructs._core.errors import EmrError
from emr_constructs.prices.amounts import Cost
from emr_constructs.prices.cost_changes import launch_cost
from emr_constructs.prices.price_file import Prices, read_prices
from emr_constructs.prices.price_list import client_for, fetch
from tests.aws.cloud import Cloud, Limits, has_ended

if TYPE_CHECKING:
    from emr_constructs.templates.launches import Launch
    from tests.aws.plan import Example, Plan

# Minutes that a cluster usually runs: with its deployment, its step and its deletion; of an execution; until aborted.
_USUAL: Final = {"cluster": 30, "execution": 20, "aborted": 10}
NOT_INCLUDED: Final = "traffic, S3, CloudWatch, KMS, NAT gateways and other parts of the network, taxes, discounts"


def prices_for(region: str, path: str | None) -> tuple[Prices | None, str]:
    """The prices of a Region, and what is known of them.

    :param path: a file of ``emr-constructs prices``. Default: they are read from the Price List.
    :raises EmrError: the file can't be read, or has prices of another Region.
    """
    if path is not None:
        prices = read_prices(Path(path))
        if prices.region != region:
            raise EmrError(f"{path}: prices must be those of {region}, got {prices.region}; pass another file")
        return prices, f"prices of {path}: {prices}"
    try:
        prices = fetch(client_for(region), region)
    except EmrError as error:
        return None, f"prices are unknown: {error}"
    return prices, f"prices of the AWS Price List: {prices}"


def for_minutes(cost: Cost, minutes: float) -> Cost:
    """The cost of some minutes at a cost per hour."""
    hours = Decimal(minutes) / 60
    return Cost(cost.least * hours, cost.most * hours, cost.unknown, cost.has_spot)


def minutes_of(example: Example, launch: Launch, limits: Limits) -> tuple[int, int]:
    """The minutes that the clusters of a launch usually run, and the most before the check terminates them."""
    if not launch.machine:
        most = limits.deploy + limits.waiting + limits.step + limits.destroy
        return _USUAL["cluster"], most
    usual, most = _USUAL["aborted"], limits.launch + limits.cleanup + limits.destroy
    if example.completed_input is not None:
        usual, most = usual + _USUAL["execution"], most + limits.execution
    return usual, most


def longest_minutes(plan: Plan, limits: Limits) -> int:
    """The most minutes that the whole check takes."""
    total = limits.network + limits.destroy if plan.network else 0
    for example in plan.examples:
        total += limits.deploy + limits.destroy + len(example.clusters) * (limits.waiting + limits.step)
        executions = limits.execution if example.completed_input is not None else 0
        total += len(example.machines) * (limits.launch + limits.cleanup + executions)
    return total


def estimate(plan: Plan, prices: Prices | None, limits: Limits) -> list[str]:
    """The costs of the clusters that the check launches, one line each, and their sum."""
    usual, most, currency = Cost(), Cost(), "USD" if prices is None else prices.currency
    lines = []
    for example in plan.examples:
        for launch in example.launches:
            cost = Cost.without("prices") if prices is None else launch_cost(launch, prices).highest
            expected, longest = minutes_of(example, launch, limits)
            usual, most = usual + for_minutes(cost, expected), most + for_minutes(cost, longest)
            hourly = cost.shown(currency)
            lines.append(f"{example.name}: {hourly} an hour, {expected} minutes expected, at most {longest} minutes")
    lines.append(f"all clusters: {usual.shown(currency)} expected, {most.shown(currency)} at the time limits")
    lines += [f"unknown: {reason}" for reason in most.unknown]
    return [*lines, f"not included: {NOT_INCLUDED}"]


def actual(cloud: Cloud, plan: Plan | None, prices: Prices | None, clusters: Iterable[dict[str, Any]]) -> list[str]:
    """The costs of the instances that ran, one line for each cluster, and their sum.

    :param plan: Default: none is known, and the storage of the instances is not included.
    """
    total, currency = Cost(), "USD" if prices is None else prices.currency
    lines = []
    for cluster in clusters:
        hours, cost = Counter[str](), Cost()
        for kind, is_spot, minutes in _instances(cloud, cluster):
            hours[kind] += minutes / 60
            cost += for_minutes(_hourly(plan, prices, cluster["Name"], kind, is_spot=is_spot), minutes)
        total += cost
        used = ", ".join(f"{count:.2f} h {kind}" for kind, count in sorted(hours.items())) or "no instances"
        lines.append(f"{cluster['Name']}: {used}: {cost.shown(currency)}")
    lines.append(f"all clusters: {total.shown(currency)}")
    lines += [f"unknown: {reason}" for reason in total.unknown]
    return [*lines, f"not included: {NOT_INCLUDED}"]


def _instances(cloud: Cloud, cluster: dict[str, Any]) -> Iterator[tuple[str, bool, float]]:
    """The type of each instance, whether it is a Spot Instance, and the minutes that it has existed."""
    now = datetime.now(UTC)
    ended = cluster["Status"]["Timeline"].get("EndDateTime") if has_ended(cluster) else None
    for instance in cloud.pages("emr", "list_instances", "Instances", ClusterId=cluster["Id"]):
        timeline = instance["Status"]["Timeline"]
        if "CreationDateTime" in timeline:
            end = timeline.get("EndDateTime") or ended or now
            # AWS bills at least one minute.
            minutes = max(1.0, (end - timeline["CreationDateTime"]).total_seconds() / 60)
            yield instance["InstanceType"], instance.get("Market") == "SPOT", minutes


def _hourly(plan: Plan | None, prices: Prices | None, cluster: str, kind: str, *, is_spot: bool) -> Cost:
    """The cost of an instance with its volumes, as the template of its cluster defines them."""
    if prices is None:
        return Cost.without("prices")
    for example in () if plan is None else plan.examples:
        for launch in example.launches if f"/{example.path.rpartition('/')[2]}/" in cluster else ():
            for nodes in launch_cost(launch, prices).nodes:
                for found in nodes.types:
                    if found.instance_type == kind:
                        return found.cost.total if not is_spot else found.offered.total
    row = prices.instances.get(kind, {})
    known = Cost.exactly(sum(row.values(), Decimal(0)))
    missing = [f"{what.upper()} price of {kind}" for what in ("ec2", "emr") if what not in row]
    cost = known + Cost.without(f"volumes of {kind}", *missing)
    return cost.as_spot() if is_spot else cost
