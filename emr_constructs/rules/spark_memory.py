"""Memory of Spark executors and drivers, which must fit into YARN's memory of a node.

Spark stops with "Required executor memory (...), overhead (...) is above the max threshold (...) of this cluster". YARN
has what ``yarn_memory`` states for the instance type, unless HBase or a setting changes that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from .constraints import constraint
from .instance_types import facts
from .parts import Part
from .registry import At, Severity, rule
from .releases import has_application, knows_applications
from .software import configurations, setting_at, settings
from .sources import release_guide
from .spark_submit import property_at, submitted
from .spark_values import MEMORY, OVERHEAD, least_overhead, mebibytes, whole
from .step_arguments import is_complete, of
from .yarn_memory import YARN_MEMORY, yarn_memory

_PYTHON_MEMORY: Final = "spark.executor.pyspark.memory"
_CAPACITY_SETTINGS: Final = ("yarn.nodemanager.resource.memory-mb", "yarn.scheduler.maximum-allocation-mb")
_DEPLOY_MODE: Final = "spark.submit.deployMode"
_WORKERS: Final = ("CORE", "TASK")


def _worker_types(cluster: Part) -> list[str] | None:
    """The instance types of the nodes that run YARN containers; None if one of them isn't known."""
    instances = cluster.part("Instances")
    for listed, role in (("InstanceGroups", "InstanceRole"), ("InstanceFleets", "InstanceFleetType")):
        nodes = instances.items(listed)
        if not nodes:
            continue
        if not instances.is_complete(listed):
            return None
        # The primary node of a cluster without others runs containers itself.
        workers = [part for part in nodes if part.get(role) in _WORKERS] or nodes
        if listed == "InstanceFleets":
            if not all(part.is_complete("InstanceTypeConfigs") for part in workers):
                return None
            workers = [kind for part in workers for kind in part.items("InstanceTypeConfigs")]
        types = [part.get("InstanceType") for part in workers]
        return None if None in types else types
    return None


def _largest(cluster: Part) -> tuple[str, int] | None:
    """The worker with the most memory for YARN: its instance type and the MiB; None if that isn't known."""
    sizes: dict[str, int] = {}
    for name in _worker_types(cluster) or ():
        memory = yarn_memory(name)
        if memory is None:
            return None
        sizes[name] = memory.container
    return max(sizes.items(), key=lambda item: item[1]) if sizes else None


def _is_usual(cluster: Part) -> bool:
    """Whether neither an application nor a setting changes the memory of YARN or of Spark."""
    parts = list(configurations(cluster))
    whole = cluster.items("Configurations")
    own = [part for part in parts if part not in whole]
    complete = cluster.is_complete("Configurations") and knows_applications(cluster)
    if not complete or has_application(cluster, "HBase"):
        return False
    if not all("Classification" in part and part.is_complete("Properties") for part in parts):
        return False
    # Settings of single groups override those of the cluster.
    if any(part.get("Classification") in ("spark", "spark-defaults", "yarn-site") for part in own):
        return False
    yarn = settings(whole, "yarn-site")
    maximized = settings(whole, "spark").get("maximizeResourceAllocation", "").lower() == "true"
    return not maximized and not any(name in yarn for name in _CAPACITY_SETTINGS)


def _required(properties: Mapping[str, str], part: str) -> tuple[int, int] | None:
    """The heap of executors or driver in MiB, and the least memory outside of it that Spark adds."""
    heap = mebibytes(properties.get(MEMORY[part], ""))
    if heap is None:
        return None
    given = [mebibytes(properties[name]) for name in OVERHEAD[part] if name in properties]
    # EMR's own factor is higher; Spark's is certain.
    overhead = min((size or 0 for size in given), default=least_overhead(heap))
    return heap, overhead + (mebibytes(properties.get(_PYTHON_MEMORY, "")) or 0 if part == "executor" else 0)


def _asked(cluster: Part) -> Iterator[tuple[Part, dict[str, str], dict[str, str]]]:
    """Where Spark properties are set: the cluster or a step, the properties set there, and all that apply there."""
    defaults = settings(cluster.items("Configurations"), "spark-defaults")
    yield cluster, defaults, defaults
    for step in cluster.items("Steps"):
        own = submitted(step).properties
        # An option that isn't known can override a default.
        yield step, own, defaults | own if is_complete(step) else own


def _where(owner: Part) -> str:
    """Where a cluster or a step sets Spark properties, for a message."""
    return of(owner) if "HadoopJarStep" in owner else "in spark-defaults"


def _place(owner: Part, *names: str) -> str:
    """The place of the first of the Spark properties ``names`` that a cluster or a step sets."""
    if "HadoopJarStep" in owner:
        return property_at(owner, *names)
    places = (setting_at(owner, "spark-defaults", name) for name in names)
    whole = owner.at("Configurations")
    return next((place for place in places if place != whole), whole)


def _too_large(cluster: Part) -> Iterator[At]:
    found = []
    for owner, own, properties in _asked(cluster):
        is_in_cluster = properties.get(_DEPLOY_MODE) == "cluster"
        for part in MEMORY:
            # The driver of client mode isn't in a container.
            settable = (MEMORY[part], _PYTHON_MEMORY, *OVERHEAD[part], *((_DEPLOY_MODE,) if part == "driver" else ()))
            needed = _required(properties, part) if part == "executor" or is_in_cluster else None
            if needed is not None and own.keys() & settable:
                found.append((_place(owner, *settable), f"{part} memory {_where(owner)}", *needed))
    largest = _largest(cluster) if found and _is_usual(cluster) else None
    if largest is None:
        return
    name, available = largest
    for place, what, heap, overhead in found:
        if heap + overhead > available:
            yield At(
                place,
                f"{what} with its overhead must be at most {available} MiB, which YARN has on {name}, got {heap} + "
                f"{overhead} MiB",
            )


def _many_cores(cluster: Part) -> Iterator[At]:
    """Cores of executors that are more than twice the vCPUs of each worker, which YARN doesn't limit."""
    names = _worker_types(cluster) or []
    types = {name: known["vcpu"] for name in names if (known := facts(name))}
    if not types or len(types) != len(set(names)):
        return
    largest, cores = max(types.items(), key=lambda item: item[1])
    for owner, own, _ in _asked(cluster):
        asked = whole(own.get("spark.executor.cores", ""))
        if asked is not None and asked > 2 * cores:
            place = _place(owner, "spark.executor.cores")
            yield At(place, f"{asked} {_where(owner)} on {largest}, which has {cores} vCPUs")


# fmt: off
constraint("emr-spark-cores", "RunJobFlowInput",
           "the cores of a Spark executor must be at most the vCPUs of a node, because it runs a task for each core",
           _many_cores, fix="use fewer cores, or a larger instance type for the core nodes", severity=Severity.WARNING,
           source=release_guide("emr-spark-configure"))
# fmt: on


@rule("emr-spark-memory", "RunJobFlowInput", severity=Severity.WARNING,
      fix="use less memory, or a larger instance type for the core nodes", source=YARN_MEMORY)  # fmt: skip
def _containers_fit(cluster: Part) -> Iterator[At]:
    """The memory of Spark executors, and of drivers in cluster mode, must fit into YARN's memory on a node."""
    yield from _too_large(cluster)
