"""Sizes of Spark executors that fit on each worker of a cluster.

A worker runs as many executors as its vCPUs allow, in equal parts of YARN's memory, as the best practices of Amazon EMR
advise (https://aws.github.io/aws-emr-best-practices/docs/bestpractices/Applications/Spark/best_practices/). The
application master, which is the driver in cluster mode, also runs in a container on a worker:

- With several executors on a worker, it has the place of as many executors as it is large.
- With one executor on a worker, both share the memory, so that a cluster with one worker can run an application.

YARN rounds the memory of a container up to a multiple of its increment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple

from .._core.errors import EmrError
from .._core.known import require_known
from .._core.unknown import is_unknown
from ..rules.instance_types import facts
from ..rules.spark_values import LEAST_HEAP, least_overhead
from ..rules.yarn_memory import increment_of, yarn_memory

__all__ = ["DRIVER_MEMORY", "ExecutorSize", "executor_size"]

DRIVER_MEMORY: Final = 2048
"""The memory of the driver in MiB that EMR configures."""


class ExecutorSize(NamedTuple):
    """The memory of an executor in MiB, and how many of them run at the same time."""

    heap: int
    overhead: int
    instances: int | None
    """None if the number of workers isn't asked for."""


class _Kind(NamedTuple):
    """An instance type of workers."""

    name: str
    slots: int
    """Executors of a node."""

    node: int
    """The memory of YARN on a node in MiB."""

    container: int
    """The largest container of YARN in MiB."""


class _Nodes(NamedTuple):
    """A group or a fleet of workers."""

    kinds: Sequence[tuple[str, int]]
    """The instance types, and the units of the capacity that a node of each counts."""

    capacity: Any


def executor_size(
    instances: Mapping[str, Any],
    *,
    cores: int,
    driver: int,
    overhead_factor: float,
    memory: int | None,
    is_counted: bool,
) -> ExecutorSize:
    """Return the size of executors that fit on each worker of ``instances``, a ``JobFlowInstancesConfig``.

    :param cores: the cores of an executor.
    :param driver: the memory of the driver in MiB.
    :param overhead_factor: the memory outside the heap as a part of the heap.
    :param memory: the memory of YARN on each worker in MiB instead of EMR's default.
    :param is_counted: whether to return the number of executors.
    :raises EmrError: there is no worker, a type or a capacity isn't known, or an executor doesn't fit.
    """
    nodes = _workers(instances)
    vcpus = {name: _vcpu(name) for part in nodes for name, _ in part.kinds}
    smallest = min(vcpus, key=lambda name: vcpus[name])
    if cores > vcpus[smallest]:
        raise EmrError(
            f"cores must be at most {vcpus[smallest]}, the vCPUs of {smallest}, got {cores}; use fewer cores, or "
            "larger instance types for all workers"
        )
    kinds = {name: _kind(name, vcpu // cores, memory) for name, vcpu in vcpus.items()}
    increment = increment_of(vcpus)
    master = driver + least_overhead(driver)
    largest = max(kinds.values(), key=lambda kind: kind.container)
    if master > largest.container:
        raise EmrError(
            f"driver_memory_mib with its overhead must be at most {largest.container} MiB, which YARN has on "
            f"{largest.name}, got {driver} + {master - driver} MiB; use less driver_memory_mib, "
            "or larger instance types"
        )
    master += -master % increment
    share, name = min((_share(kind, master), kind.name) for kind in kinds.values())
    container = share - share % increment
    heap = int(container / (1 + overhead_factor))
    heap = min(heap, container - least_overhead(heap))
    if heap < LEAST_HEAP:
        raise EmrError(
            f"executors must have at least {LEAST_HEAP} MiB of memory, got {max(heap, 0)} MiB with cores={cores} on "
            f"{name}; use more cores for each executor, less driver_memory_mib or larger instance types"
        )
    if not is_counted:
        return ExecutorSize(heap, container - heap, None)
    places = sum(_places(part, kinds) for part in nodes)
    is_beside = all(kind.slots == 1 for kind in kinds.values())
    count = places if is_beside else places - -(-master // container)
    if count < 1:
        raise EmrError(
            f"fits must have room for the application master and one executor, got room for {places} executors; add "
            "workers, or use fewer cores for each executor"
        )
    return ExecutorSize(heap, container - heap, count)


def _workers(instances: Mapping[str, Any]) -> list[_Nodes]:
    """Return the core and task nodes."""
    groups = [
        _Nodes([(group["InstanceType"], 1)], group["InstanceCount"])
        for group in instances.get("InstanceGroups", ())
        if group["InstanceRole"] != "MASTER"
    ]
    fleets = [
        _Nodes(
            [(kind["InstanceType"], kind.get("WeightedCapacity", 1)) for kind in fleet["InstanceTypeConfigs"]],
            _sum(fleet.get("TargetOnDemandCapacity", 0), fleet.get("TargetSpotCapacity", 0)),
        )
        for fleet in instances.get("InstanceFleets", ())
        if fleet["InstanceFleetType"] != "MASTER"
    ]
    if not groups and not fleets:
        raise EmrError(
            "fits must have core or task nodes, got only a primary node; add core=, or configure spark-defaults with "
            "Configuration(...)"
        )
    return groups or fleets


def _sum(*capacities: Any) -> Any:
    """Return a sum, or the first capacity that isn't known."""
    return next((capacity for capacity in capacities if is_unknown(capacity)), None) or sum(capacities)


def _vcpu(name: str) -> int:
    require_known("an instance type in fits", name, "use the name of an instance type")
    known = facts(name)
    if known is None:
        raise EmrError(
            f"fits must have instance types that the library knows, got {name!r}; correct it, or configure "
            "spark-defaults with Configuration(...)"
        )
    return known["vcpu"]


def _kind(name: str, slots: int, memory: int | None) -> _Kind:
    if memory is not None:
        return _Kind(name, slots, memory, memory)
    default = yarn_memory(name)
    if default is None:
        raise EmrError(
            f"yarn_memory_mib must be specified for {name}, whose YARN memory EMR doesn't document; use "
            "yarn.nodemanager.resource.memory-mb of a node"
        )
    return _Kind(name, slots, default.node, default.container)


def _share(kind: _Kind, master: int) -> int:
    """Return the memory of an executor, with its overhead, on a node of an instance type."""
    free = kind.node if kind.slots > 1 else kind.node - master
    return min(free // kind.slots, kind.container)


def _places(nodes: _Nodes, kinds: Mapping[str, _Kind]) -> int:
    """Return how many executors run on the nodes, whichever instance types EC2 provides."""
    require_known("the capacity in fits", nodes.capacity, "use dynamic_allocation=True, or numbers")
    for name, weight in nodes.kinds:
        require_known(f"the weighted capacity of {name} in fits", weight, "use a number")
    return int(nodes.capacity * min(Fraction(kinds[name].slots, weight) for name, weight in nodes.kinds))
