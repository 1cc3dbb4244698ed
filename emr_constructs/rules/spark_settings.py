"""Spark properties of a cluster and of its steps: names and values that Spark reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint
from .registry import Part, Severity
from .software import SECRET_PREFIX
from .sources import release_guide
from .spark_arguments import OPTION_PROPERTIES
from .spark_submit import spark_options
from .spark_values import MEMORY, heap_bytes, milliseconds, misspelt, whole, wrong_value
from .step_arguments import of

_SPARK: Final = release_guide("emr-spark-configure")
# "Executor memory 314572800 must be at least 471859200": one and a half times what Spark reserves.
_LEAST_HEAP: Final = 450 << 20


def _settings(part: Part) -> Iterator[tuple[str, str, str]]:
    """The Spark properties of a configuration or a step: name as written and as Spark knows it, and the value."""
    if part.get("Classification") == "spark-defaults":
        properties: dict[str, str] = part.get("Properties", {})
        yield from ((key, key, value) for key, value in properties.items() if not key.startswith(SECRET_PREFIX))
    for option, value in spark_options(part):
        if option in ("--conf", "-c"):
            name, _, setting = value.partition("=")
            yield name, name, setting
        elif option in OPTION_PROPERTIES and option != "--deploy-mode":
            yield option, OPTION_PROPERTIES[option], value


def _properties(part: Part) -> dict[str, str]:
    return {name: value for _, name, value in _settings(part)}


def _executors(part: Part) -> tuple[int | None, ...]:
    """The minimum, the initial number and the maximum of executors, as far as they are known."""
    properties = _properties(part)
    given = [properties.get(f"spark.dynamicAllocation.{name}Executors", "") for name in ("min", "initial", "max")]
    return tuple(whole(value) for value in given)


def _unordered_executors(part: Part) -> str | None:
    few, _, many = _executors(part)
    is_wrong = few is not None and many is not None and few > many
    return f"a minimum of {few} and a maximum of {many}" if is_wrong else None


def _executors_at_start(part: Part) -> str | None:
    few, initial, many = _executors(part)
    if initial is None or not ((few is not None and initial < few) or (many is not None and initial > many)):
        return None
    bounds = [f"a {name} of {count}" for name, count in (("minimum", few), ("maximum", many)) if count is not None]
    return f"{initial} and {' and '.join(bounds)}"


def _late_heartbeat(part: Part) -> str | None:
    properties = _properties(part)
    interval, timeout = (properties.get(name) for name in ("spark.executor.heartbeatInterval", "spark.network.timeout"))
    if interval is None and timeout is None:
        return None
    # Spark's defaults.
    interval, timeout = interval or "10s", timeout or "120s"
    beat, limit = milliseconds(interval, "ms"), milliseconds(timeout, "s")
    is_late = beat is not None and limit is not None and beat >= limit
    return f"a heartbeat interval of {interval} and a network timeout of {timeout} {_where(part)}" if is_late else None


def _small_heap(part: Part) -> str | None:
    value = _properties(part).get(MEMORY["executor"], "")
    size = heap_bytes(value)
    unit = ", which is in bytes without a unit" if whole(value) is not None else ""
    return f"{value!r} {_where(part)}{unit}" if size is not None and size < _LEAST_HEAP else None


def _where(part: Part) -> str:
    return "in spark-defaults" if "Classification" in part else of(part)


def _unreadable(part: Part) -> Iterator[str]:
    for written, name, value in _settings(part):
        must = wrong_value(name, value)
        if must:
            yield f"{value!r} for {written} {_where(part)}, which must be {must}"


def _misspelt(part: Part) -> Iterator[str]:
    for written, name, _ in _settings(part):
        right = misspelt(name)
        if right:
            yield f"{written!r} instead of {right!r} {_where(part)}"


# fmt: off
constraint("emr-spark-value", ("Configuration", "StepConfig"),
           "value of a Spark property must be one that Spark can read", _unreadable, fix="correct the value",
           source=_SPARK)
constraint("emr-spark-property-name", ("Configuration", "StepConfig"),
           "name of a Spark property must be spelled as documented, because Spark ignores others", _misspelt,
           fix="correct the name", severity=Severity.WARNING, source=_SPARK)
constraint("emr-spark-memory-minimum", ("Configuration", "StepConfig"),
           "memory of Spark executors must be at least 450 MiB, because Spark does not start with less", _small_heap,
           fix="use a size such as 4g", source=_SPARK)
constraint("emr-spark-heartbeat", ("Configuration", "StepConfig"),
           "heartbeat interval of Spark executors must be less than the network timeout, because Spark does not start "
           "otherwise", _late_heartbeat, fix="use a longer network timeout, or a shorter interval",
           severity=Severity.WARNING, source=_SPARK)
constraint("emr-executor-range", ("Configuration", "StepConfig"),
           "minimum of executors with dynamic allocation must be at most the maximum", _unordered_executors,
           fix="use minimum <= maximum", source=_SPARK)
constraint("emr-executor-start", ("Configuration", "StepConfig"),
           "initial number of executors with dynamic allocation must be in the range from minimum to maximum",
           _executors_at_start, fix="use minimum <= initial <= maximum", severity=Severity.WARNING, source=_SPARK)
