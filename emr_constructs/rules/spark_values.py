"""How Spark reads the values of its properties: sizes, durations, numbers and booleans.

Spark fails to start if it can't parse one: "Size must be specified as bytes (b), kibibytes (k), mebibytes (m) ...".
https://spark.apache.org/docs/latest/configuration.html#spark-properties
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from .._core.nearest import nearest
from .._core.patterns import regex

__all__ = [
    "LEAST_HEAP",
    "MEMORY",
    "OVERHEAD",
    "heap_bytes",
    "is_known",
    "is_literal",
    "least_overhead",
    "mebibytes",
    "milliseconds",
    "misspelt",
    "refused_java_option",
    "whole",
    "wrong_value",
]

_UNITS: Final = {"b": -20, "k": -10, "m": 0, "g": 10, "t": 20, "p": 30}
_WITH_UNIT: Final = regex(r"\s*-?(\d{1,19})([kmgtp]?b|[kmgtp])?\s*", re.ASCII | re.IGNORECASE)
_DURATION: Final = regex(r"\s*-?\d+(us|ms|s|m|min|h|d)?\s*", re.ASCII | re.IGNORECASE)
_PARTS_OF_DURATION: Final = regex(r"\s*(\d{1,12})(ms|s|m|min|h|d)?\s*", re.ASCII | re.IGNORECASE)
_MILLISECONDS: Final = {"ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_WHOLE: Final = regex(r"\s*[+-]?\d+\s*", re.ASCII)
_POSITIVE: Final = regex(r"\s*\+?0*[1-9]\d*\s*", re.ASCII)
_NATURAL: Final = regex(r"\s*\+?\d+\s*", re.ASCII)
_SHARE: Final = regex(r"\s*\+?(0*1(\.0*)?|0*\.\d+|0+(\.\d*)?)(e-\d+)?[fd]?\s*", re.ASCII | re.IGNORECASE)
_CLASS: Final = regex(r"\s*[A-Za-z_]\w*(\.[\w$]+)+\s*")
_DECIMAL: Final = regex(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?\s*", re.ASCII | re.IGNORECASE)
_BOOLEAN: Final = regex(r"\s*(true|false)\s*", re.IGNORECASE)
_MODE: Final = regex(r"client|cluster")

_Kind = tuple[str, re.Pattern[str]]
_SIZE: Final[_Kind] = ("a size such as 4g", _WITH_UNIT)
_TIME: Final[_Kind] = ("a duration such as 60s", _DURATION)
_COUNT: Final[_Kind] = ("a whole number", _WHOLE)
_FRACTION: Final[_Kind] = ("a number", _DECIMAL)
_AT_LEAST_ONE: Final[_Kind] = ("a whole number above 0", _POSITIVE)
_AT_LEAST_NONE: Final[_Kind] = ("a whole number from 0", _NATURAL)
_PART: Final[_Kind] = ("a number from 0 to 1", _SHARE)
_CLASS_NAME: Final[_Kind] = ("the name of a class with its package", _CLASS)
_SWITCH: Final[_Kind] = ("true or false", _BOOLEAN)

MEMORY: Final = {"executor": "spark.executor.memory", "driver": "spark.driver.memory"}
"""The properties of the heap of executors and driver."""

OVERHEAD: Final = {
    part: (f"spark.{part}.memoryOverhead", f"spark.yarn.{part}.memoryOverhead") for part in ("executor", "driver")
}
"""The properties of the memory outside the heap, today's name first."""

LEAST_HEAP: Final = 450
"""The least heap of executors and drivers in MiB: one and a half times what Spark reserves. With less, Spark doesn't
start: "Executor memory 314572800 must be at least 471859200"."""

_OF_KIND: Final[Mapping[_Kind, str]] = {
    _SIZE: """
        spark.executor.memory spark.driver.memory spark.executor.memoryOverhead spark.driver.memoryOverhead
        spark.yarn.executor.memoryOverhead spark.yarn.driver.memoryOverhead spark.yarn.am.memory
        spark.executor.pyspark.memory spark.memory.offHeap.size spark.driver.maxResultSize
        spark.kryoserializer.buffer spark.kryoserializer.buffer.max spark.reducer.maxSizeInFlight
        spark.shuffle.file.buffer spark.sql.autoBroadcastJoinThreshold spark.sql.files.maxPartitionBytes
        spark.sql.adaptive.advisoryPartitionSizeInBytes
    """,
    _TIME: """
        spark.network.timeout spark.executor.heartbeatInterval spark.locality.wait spark.sql.broadcastTimeout
        spark.dynamicAllocation.executorIdleTimeout spark.dynamicAllocation.cachedExecutorIdleTimeout
        spark.dynamicAllocation.schedulerBacklogTimeout spark.rpc.askTimeout spark.yarn.am.waitTime
    """,
    _COUNT: """
        spark.driver.cores spark.executor.instances spark.task.maxFailures
        spark.default.parallelism spark.sql.shuffle.partitions spark.yarn.maxAppAttempts
        spark.dynamicAllocation.initialExecutors
    """,
    _AT_LEAST_ONE: "spark.executor.cores spark.task.cpus spark.dynamicAllocation.maxExecutors",
    _AT_LEAST_NONE: "spark.dynamicAllocation.minExecutors",
    _PART: "spark.memory.fraction spark.memory.storageFraction",
    _CLASS_NAME: "spark.serializer",
    _FRACTION: """
        spark.speculation.quantile spark.speculation.multiplier
        spark.executor.memoryOverheadFactor spark.driver.memoryOverheadFactor
    """,
    _SWITCH: """
        spark.dynamicAllocation.enabled spark.shuffle.service.enabled spark.eventLog.enabled spark.eventLog.compress
        spark.speculation spark.memory.offHeap.enabled spark.shuffle.compress spark.shuffle.spill.compress
        spark.rdd.compress spark.sql.adaptive.enabled spark.sql.adaptive.coalescePartitions.enabled
        spark.sql.adaptive.skewJoin.enabled spark.dynamicAllocation.shuffleTracking.enabled
    """,
    ("client or cluster", _MODE): "spark.submit.deployMode",
}
# Spark sets these itself, and raises an exception for others.
_REFUSED_OPTIONS: Final = {
    "spark.executor.extraJavaOptions": ("-Xmx", "-Dspark"),
    "spark.executor.defaultJavaOptions": ("-Xmx", "-Dspark"),
    "spark.driver.extraJavaOptions": ("-Xmx",),
    "spark.yarn.am.extraJavaOptions": ("-Xmx", "-Dspark"),
}
_KINDS: Final = {name: kind for kind, names in _OF_KIND.items() for name in names.split()}
# Properties whose values aren't checked.
_OTHERS: Final = """
    spark.pyspark.python spark.pyspark.driver.python spark.jars.packages spark.submit.pyFiles spark.sql.extensions
    spark.sql.warehouse.dir spark.sql.catalogImplementation spark.driver.extraClassPath spark.executor.extraClassPath
    spark.driver.extraJavaOptions spark.executor.extraJavaOptions spark.eventLog.dir spark.yarn.archive
    spark.yarn.dist.archives spark.yarn.dist.files spark.hadoop.hive.metastore.client.factory.class
"""
_NAMES: Final = dict.fromkeys((*_KINDS, *_OTHERS.split()))
# Spark's documentation shows it as the default of these.
_INFINITE: Final = "infinity"


def is_literal(value: str) -> bool:
    """Whether a value is not empty and has no reference to another one, which Spark resolves."""
    return bool(value.strip()) and not set(value) & set("${}")


def is_known(name: str) -> bool:
    """Whether ``name`` is a Spark property whose values are known."""
    return name in _KINDS


@lru_cache(maxsize=1024)
def misspelt(name: str) -> str | None:
    """The Spark property that ``name`` is a misspelling of; their names are case-sensitive."""
    if name in _NAMES or not name.lower().startswith("spark."):
        return None
    return nearest(name, _NAMES, cutoff=0.96)


def wrong_value(name: str, value: str) -> str | None:
    """What the value of a Spark property must be, if Spark can't parse ``value``; None if it can or isn't known to."""
    kind = _KINDS.get(name)
    if kind is None or not is_literal(value) or value.strip().lower() == _INFINITE:
        return None
    must, pattern = kind
    return None if pattern.fullmatch(value) else must


def refused_java_option(name: str, value: str) -> str | None:
    """The JVM option in the value of a Spark property that Spark doesn't accept there."""
    refused = _REFUSED_OPTIONS.get(name)
    return next((option for option in refused if option in value), None) if refused else None


def whole(value: str) -> int | None:
    """A number of digits only; None for any other text."""
    return int(value) if re.fullmatch(r"\d{1,9}", value.strip(), re.ASCII) else None


def heap_bytes(value: str) -> int | None:
    """A size as Spark reads it when it checks the least heap: bytes if it has no unit; None if Spark can't parse it."""
    size = mebibytes(f"{value.strip()}b" if value.strip().isdigit() else value)
    return None if size is None else size << 20


def least_overhead(heap: int) -> int:
    """The memory in MiB outside a heap of ``heap`` MiB that each Spark version adds at least."""
    return max(384, heap // 10)


def milliseconds(value: str, unit: str) -> int | None:
    """A duration in milliseconds, in ``unit`` if it has none; None if Spark can't parse it."""
    match = _PARTS_OF_DURATION.fullmatch(value) if is_literal(value) else None
    return None if match is None else int(match[1]) * _MILLISECONDS[(match[2] or unit).lower()]


def mebibytes(value: str) -> int | None:
    """A size as Spark reads the memory of executors: MiB if it has no unit; None if Spark can't parse it."""
    match = _WITH_UNIT.fullmatch(value) if is_literal(value) else None
    if match is None:
        return None
    digits, unit = match.groups()
    if value.lstrip().startswith("-"):
        return None
    power = _UNITS[unit[0].lower()] if unit else 0
    return int(digits) << power if power >= 0 else int(digits) >> -power
