"""Spark properties of a cluster and of its steps: names and values that Spark reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .constraints import constraint
from .parts import Part
from .registry import At, Severity, rule
from .releases import parse
from .software import SECRET_PREFIX, configurations
from .sources import release_guide
from .spark_arguments import OPTION_PROPERTIES
from .spark_submit import is_other_master, masters_of, other_packages, packages_of, property_at, spark_options
from .spark_values import (
    LEAST_HEAP,
    MEMORY,
    heap_bytes,
    is_literal,
    mebibytes,
    milliseconds,
    misspelt,
    refused_java_option,
    whole,
    wrong_value,
)
from .step_arguments import is_local, of

_SPARK: Final = release_guide("emr-spark-configure")
_SUBMIT: Final = release_guide("emr-spark-submit-step")
_FILES: Final = (
    "spark.jars", "spark.files", "spark.archives", "spark.submit.pyFiles", "spark.yarn.dist.files",
    "spark.yarn.dist.jars", "spark.yarn.dist.archives",
)  # fmt: skip
_HEARTBEAT: Final = ("spark.executor.heartbeatInterval", "spark.network.timeout")
_OLD_PYTHON: Final = regex(r"(/usr/bin/)?python(2(\.\d)?|3\.[0-8])|.*/python2(\.\d)?")


def _settings(part: Part) -> list[tuple[str, str, str]]:
    """The Spark properties of a configuration or a step: name as written and as Spark knows it, and the value."""
    classification = part.get("Classification")
    if classification is not None:
        properties: dict[str, str] = part.get("Properties", {}) if classification == "spark-defaults" else {}
        return [(key, key, value) for key, value in properties.items() if not key.startswith(SECRET_PREFIX)]
    found = []
    for option, value in spark_options(part):
        if option in ("--conf", "-c"):
            name, _, setting = value.partition("=")
            found.append((name, name, setting))
        elif option in OPTION_PROPERTIES and option != "--deploy-mode":
            found.append((option, OPTION_PROPERTIES[option], value))
    return found


def _place(part: Part, *names: str) -> str:
    """The place of the first of the Spark properties ``names`` that is set."""
    if "Classification" not in part:
        return property_at(part, *names)
    return part.at("Properties", next(filter(part.get("Properties", {}).__contains__, names), ""))


def _properties(part: Part) -> dict[str, str]:
    return {name: value for _, name, value in _settings(part)}


def _executors(part: Part) -> tuple[int | None, ...]:
    """The minimum, the initial number and the maximum of executors, as far as they are known."""
    properties = _properties(part)
    given = [properties.get(f"spark.dynamicAllocation.{name}Executors", "") for name in ("min", "initial", "max")]
    return tuple(whole(value) for value in given)


def _local_files(part: Part) -> Iterator[At]:
    properties = {name: value for written, name, value in _settings(part) if not written.startswith("--")}
    for name in filter(properties.__contains__, _FILES):
        for file in properties[name].split(","):
            if is_local(file.strip().partition("#")[0]):
                yield At(_place(part, name), f"{file.strip()!r} for {name} {_where(part)}")


def _old_python(configuration: Part) -> Iterator[At]:
    properties: dict[str, str] = configuration.get("Properties", {})
    for name in ("PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON", "spark.pyspark.python", "spark.pyspark.driver.python"):
        if _OLD_PYTHON.fullmatch(properties.get(name, "")):
            got = f"{properties[name]!r} for {name}"
            message = f"Python of Spark must be Python 3.9 or later from release 7.0.0, got {got}"
            yield At(configuration.at("Properties", name), message)


@rule("emr-python-2", "RunJobFlowInput", severity=Severity.WARNING, fix="use /usr/bin/python3", source=_SPARK)
def _python_is_there(cluster: Part) -> Iterator[At]:
    """Spark must use Python 3.9 or later from release 7.0.0, which has no older one."""
    release = parse(cluster.get("ReleaseLabel", ""))
    if release is None or release.version < (7, 0, 0):
        return
    for configuration in configurations(cluster):
        for part in (configuration, *configuration.items("Configurations")):
            yield from _old_python(part)


def _unordered_executors(part: Part) -> At | None:
    few, _, many = _executors(part)
    if few is None or many is None or few <= many:
        return None
    return At(_place(part, "spark.dynamicAllocation.minExecutors"), f"a minimum of {few} and a maximum of {many}")


def _executors_at_start(part: Part) -> At | None:
    few, initial, many = _executors(part)
    if initial is None or not ((few is not None and initial < few) or (many is not None and initial > many)):
        return None
    bounds = [f"a {name} of {count}" for name, count in (("minimum", few), ("maximum", many)) if count is not None]
    return At(_place(part, "spark.dynamicAllocation.initialExecutors"), f"{initial} and {' and '.join(bounds)}")


def _late_heartbeat(part: Part) -> At | None:
    properties = _properties(part)
    interval, timeout = map(properties.get, _HEARTBEAT)
    if interval is None and timeout is None:
        return None
    # Spark's defaults.
    interval, timeout = interval or "10s", timeout or "120s"
    beat, limit = milliseconds(interval, "ms"), milliseconds(timeout, "s")
    if beat is None or limit is None or beat < limit:
        return None
    message = f"a heartbeat interval of {interval} and a network timeout of {timeout} {_where(part)}"
    return At(_place(part, *_HEARTBEAT), message)


def _small_heap(part: Part) -> Iterator[At]:
    properties = _properties(part)
    for name in MEMORY.values():
        value = properties.get(name, "")
        size = heap_bytes(value)
        if size is not None and size < (LEAST_HEAP << 20):
            unit = ", which is in bytes without a unit" if whole(value) is not None else ""
            yield At(_place(part, name), f"{value!r} {_where(part)}{unit}")


def _refused_options(part: Part) -> Iterator[At]:
    for written, name, value in _settings(part):
        option = refused_java_option(name, value)
        if option is not None:
            memory = "spark.driver.memory" if ".driver." in name else "spark.executor.memory"
            fix = f"use {memory}" if option == "-Xmx" else "set the Spark property itself"
            yield At(_place(part, name), f"{option} in {written} {_where(part)}", fix)


def _together(part: Part) -> Iterator[At]:
    """Settings that Spark accepts, and with which applications or jobs fail."""
    properties = _properties(part)
    where = _where(part)
    size = properties.get("spark.memory.offHeap.size", "")
    if properties.get("spark.memory.offHeap.enabled", "").strip().lower() == "true" and size.strip() in ("", "0"):
        name = "spark.memory.offHeap.enabled"
        yield At(_place(part, name), f"off-heap memory without a size {where}", "set spark.memory.offHeap.size")
    tasks, cores = (whole(properties.get(name, "")) for name in ("spark.task.cpus", "spark.executor.cores"))
    if tasks is not None and cores is not None and 0 < cores < tasks:
        got = f"{tasks} cores for a task and {cores} for an executor {where}"
        yield At(_place(part, "spark.task.cpus"), got, "use at most the cores of an executor")
    results = whole(properties.get("spark.driver.maxResultSize", ""))
    if results is not None and 0 < results < 1 << 20:
        got = f"{results} bytes as spark.driver.maxResultSize {where}"
        yield At(
            _place(part, "spark.driver.maxResultSize"), got, "use a size with a unit, such as 1g, or 0 for no limit"
        )
    buffer = mebibytes(properties.get("spark.kryoserializer.buffer.max", ""))
    if buffer is not None and buffer >= 2048:
        got = f"{buffer} MiB as spark.kryoserializer.buffer.max {where}"
        yield At(_place(part, "spark.kryoserializer.buffer.max"), got, "use less than 2048m")


def _other_packages(part: Part) -> Iterator[At]:
    for _, name, value in _settings(part):
        if name == "spark.jars.packages" and is_literal(value):
            for package in other_packages(value):
                yield At(_place(part, name), f"{package!r} {_where(part)}")
    yield from packages_of(part)


def _other_masters(part: Part) -> Iterator[At]:
    for _, name, value in _settings(part):
        if name == "spark.master" and is_other_master(value):
            yield At(_place(part, name), f"{value!r} {_where(part)}", "remove it; EMR sets yarn")
    yield from masters_of(part)


def _class_path_in_s3(part: Part) -> Iterator[At]:
    for written, name, value in _settings(part):
        if name in ("spark.driver.extraClassPath", "spark.executor.extraClassPath") and "s3" in value:
            location = next((item for item in re.split(r":(?!//)", value) if re.match("s3[na]?://", item)), None)
            if location is not None:
                yield At(_place(part, name), f"{location!r} in {written} {_where(part)}")


def _where(part: Part) -> str:
    return "in spark-defaults" if "Classification" in part else of(part)


def _unreadable(part: Part) -> Iterator[At]:
    for written, name, value in _settings(part):
        if must := wrong_value(name, value):
            yield At(_place(part, name), f"{value!r} for {written} {_where(part)}, which must be {must}")


def _misspelt(part: Part) -> Iterator[At]:
    for written, name, _ in _settings(part):
        if right := misspelt(name):
            yield At(_place(part, name), f"{written!r} instead of {right!r} {_where(part)}")


# fmt: off
constraint("emr-spark-value", ("Configuration", "StepConfig"),
           "the value of a Spark property must be one that Spark can read", _unreadable, fix="correct the value",
           source=_SPARK)
constraint("emr-spark-local-file", ("Configuration", "StepConfig"),
           "files that Spark properties name must be in Amazon S3, in HDFS or on the node", _local_files,
           fix="upload the file to Amazon S3, and use its URI", severity=Severity.WARNING, source=_SPARK)
constraint("emr-spark-property-name", ("Configuration", "StepConfig"),
           "the name of a Spark property must be spelled as documented, because Spark ignores others", _misspelt,
           fix="correct the name", severity=Severity.WARNING, source=_SPARK)
constraint("emr-spark-packages", ("Configuration", "StepConfig"), "a package must be Maven coordinates",
           _other_packages, fix="use group:artifact:version", is_form=True, source=_SUBMIT)
constraint("emr-spark-master", ("Configuration", "StepConfig"),
           "master of Spark must be yarn, because the cluster has no other, and local runs only on the primary node",
           _other_masters, fix="remove --master; EMR sets yarn", severity=Severity.WARNING, source=_SUBMIT)
constraint("emr-spark-java-option", ("Configuration", "StepConfig"),
           "Java options of Spark must not set the heap or Spark properties, because Spark does not start with them",
           _refused_options, fix="remove it", source=_SPARK)
constraint("emr-spark-combination", ("Configuration", "StepConfig"),
           "settings of Spark must be ones that jobs can run with", _together, fix="change one of them",
           severity=Severity.WARNING, source=_SPARK)
constraint("emr-spark-class-path", ("Configuration", "StepConfig"),
           "class path of Spark must have only paths on the nodes", _class_path_in_s3,
           fix="use spark.jars for JAR files in Amazon S3, or copy them with a bootstrap action",
           severity=Severity.WARNING, source=_SPARK)
constraint("emr-spark-memory-minimum", ("Configuration", "StepConfig"),
           "the memory of Spark executors and drivers must be at least 450 MiB, because Spark does not start with less",
           _small_heap, fix="use a size such as 4g", source=_SPARK)
constraint("emr-spark-heartbeat", ("Configuration", "StepConfig"),
           "the heartbeat interval of Spark executors must be less than the network timeout, because Spark does not "
           "start otherwise", _late_heartbeat, fix="use a longer network timeout, or a shorter interval",
           severity=Severity.WARNING, source=_SPARK)
constraint("emr-executor-range", ("Configuration", "StepConfig"),
           "the minimum of executors with dynamic allocation must be at most the maximum", _unordered_executors,
           fix="use minimum <= maximum", is_form=True, source=_SPARK)
constraint("emr-executor-start", ("Configuration", "StepConfig"),
           "the initial number of executors with dynamic allocation must be in the range from minimum to maximum",
           _executors_at_start, fix="use minimum <= initial <= maximum", severity=Severity.WARNING, source=_SPARK)
