"""The factories of configurations that say the same as configurations of the EMR API."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from .._core.unknown import is_unknown
from .code import Call, Code, Entries, Literal, Name
from .durations import known_duration
from .rendering import evaluated
from .settings import is_whole_number

__all__ = ["presets"]

_Properties: TypeAlias = Mapping[str, str]
_EXECUTORS: Final = {
    f"spark.dynamicAllocation.{name}Executors": f"{name}_executors" for name in ("min", "max", "initial")
}
_METASTORES: Final = {
    "spark-hive-site": "SPARK",
    "hive-site": "HIVE",
    "presto-connector-hive": "PRESTO",
    "trino-connector-hive": "TRINO",
}
_TABLE_FORMATS: Final = {"iceberg-defaults": "iceberg", "delta-defaults": "delta"}
_WAREHOUSE: Final = re.compile(r"spark\.sql\.catalog\.(\w+)\.warehouse")
_LOGGER: Final = "log4j.logger."
_QUEUES: Final = "yarn.scheduler.capacity.root."


def presets(raw: Sequence[Any]) -> tuple[Code, int] | None:
    """Return a factory for the first configurations of ``raw``, and for how many of them. None without a factory."""
    simple = list(map(_simple, raw))
    for count in range(len(simple), 0, -1):
        first = simple[:count]
        if None in first:
            continue
        for candidate in _candidates(first):  # type: ignore[arg-type]
            if _same(candidate, raw[:count]):
                return candidate, count
    return None


def _simple(raw: Any) -> tuple[str, dict[str, str]] | None:
    """Return classification and properties of a configuration of plain text without others inside."""
    match raw:
        case {"Classification": str(name), "Properties": Mapping() as properties, **rest} if not any(rest.values()):
            texts = {key: value for key, value in properties.items() if isinstance(value, str)}
            if len(texts) == len(properties) and not is_unknown(properties):
                return name, texts
    return None


def _candidates(configurations: Sequence[tuple[str, _Properties]]) -> list[Code]:
    names = [name for name, _ in configurations]
    found: list[Code] = []
    if all(name in _METASTORES for name in names):
        found.append(_glue(configurations))
        if names == ["hive-site", "spark-hive-site"]:
            found.append(Call("emr.HiveConfigurations.metastore_without_tls"))
    if names[1:] == ["spark-defaults"] and names[0] in _TABLE_FORMATS:
        found += _table_formats(names[0], configurations[1][1])
    if len(names) == 1 and names[0] in _FACTORIES:
        found += _FACTORIES[names[0]](configurations[0][1])
    return found


def _glue(configurations: Sequence[tuple[str, _Properties]]) -> Code:
    applications = [Name(f"emr.Application.{_METASTORES[name]}") for name, _ in configurations]
    catalog = configurations[0][1].get("hive.metastore.glue.catalogid")
    options: dict[str, Code] = {} if catalog is None else {"catalog_id": Literal(catalog)}
    return Call("emr.Configuration.glue_data_catalog", applications, options)


def _table_formats(name: str, properties: _Properties) -> list[Code]:
    formats: list[Code] = [Call(f"emr.TableFormat.{_TABLE_FORMATS[name]}")]
    if name == "iceberg-defaults":
        formats = [_iceberg(match[1], properties) for key in properties if (match := _WAREHOUSE.fullmatch(key))]
    return [Call("emr.SparkConfigurations.table_formats", (code,)) for code in formats]


def _iceberg(catalog: str, properties: _Properties) -> Code:
    options: dict[str, Code] = {
        "catalog": Literal(catalog),
        "warehouse": Literal(properties[f"spark.sql.catalog.{catalog}.warehouse"]),
    }
    if f"spark.sql.catalog.{catalog}.type" in properties:
        options["metastore"] = Literal("hive")
    if "spark.sql.defaultCatalog" in properties:
        options["default"] = Literal(True)
    return Call("emr.TableFormat.iceberg", (), options)


def _spark(_properties: _Properties) -> list[Code]:
    return [Call("emr.SparkConfigurations.maximize_resource_allocation")]


def _spark_defaults(properties: _Properties) -> list[Code]:
    options: dict[str, Code] = {
        name: number for key, name in _EXECUTORS.items() if (number := _number(properties.get(key, "")))
    }
    options |= _seconds("idle_timeout", properties.get("spark.dynamicAllocation.executorIdleTimeout", ""))
    return [Call("emr.SparkConfigurations.dynamic_allocation", (), options)] if options else []


def _log_levels(properties: _Properties) -> list[Code]:
    levels: dict[str, Code] = {key.removeprefix(_LOGGER): Literal(level) for key, level in properties.items()}
    return [Call("emr.HadoopConfigurations.log_levels", (Entries(levels),))]


def _hdfs_site(properties: _Properties) -> list[Code]:
    copies = _number(properties.get("dfs.replication", ""))
    return [Call("emr.HadoopConfigurations.hdfs_replication", (copies,))] if copies else []


def _core_site(_properties: _Properties) -> list[Code]:
    return [Call("emr.HadoopConfigurations.emrfs")]


def _yarn_site(properties: _Properties) -> list[Code]:
    label = properties.get("yarn.node-labels.am.default-node-label-expression", "")
    return [Call("emr.YarnConfigurations.application_masters_on", (Literal(label),))]


def _capacity_scheduler(properties: _Properties) -> list[Code]:
    queues = [queue for queue in properties.get(f"{_QUEUES}queues", "").split(",") if queue]
    shares = {queue: _number(properties.get(f"{_QUEUES}{queue}.capacity", "")) for queue in queues}
    limits = {queue: _number(properties.get(f"{_QUEUES}{queue}.maximum-capacity", "")) for queue in queues}
    given = {queue: share for queue, share in shares.items() if share}
    if not given:
        return []
    maximum = {queue: limit for queue, limit in limits.items() if limit}
    options: dict[str, Code] = {"maximum": Entries(maximum)} if maximum else {}
    return [Call("emr.YarnConfigurations.capacity_scheduler", (Entries(given),), options)]


def _flink(properties: _Properties) -> list[Code]:
    arguments = {
        "taskmanager.memory.process.size": "task_manager_memory",
        "jobmanager.memory.process.size": "job_manager_memory",
    }
    slots = _number(properties.get("taskmanager.numberOfTaskSlots", ""))
    options: dict[str, Code] = {} if slots is None else {"task_slots": slots}
    options |= {argument: Literal(properties[key]) for key, argument in arguments.items() if key in properties}
    return [Call("emr.FlinkConfigurations.resources", (), options)] if options else []


def _livy(properties: _Properties) -> list[Code]:
    options = _seconds("idle_timeout", properties.get("livy.server.session.timeout", ""))
    return [Call("emr.LivyConfigurations.sessions", (), options)] if options else []


def _seconds(argument: str, text: str) -> dict[str, Code]:
    """Return a duration such as ``60s``, by the name of its argument; nothing for other text."""
    number = text.removesuffix("s")
    if number == text or not is_whole_number(number) or number == "0":
        return {}
    return {argument: known_duration(int(number))}


def _query_limits(engine: str) -> Callable[[_Properties], list[Code]]:
    def candidates(properties: _Properties) -> list[Code]:
        arguments = {"query.max-memory": "max_memory", "query.max-memory-per-node": "max_memory_per_node"}
        options: dict[str, Code] = {
            argument: Literal(properties[key]) for key, argument in arguments.items() if key in properties
        }
        options |= _seconds("max_run_time", properties.get("query.max-run-time", ""))
        return [Call(f"emr.{engine}.query_limits", (), options)] if options else []

    return candidates


_FACTORIES: Final[dict[str, Callable[[_Properties], list[Code]]]] = {
    "spark": _spark,
    "spark-defaults": _spark_defaults,
    "hadoop-log4j": _log_levels,
    "hdfs-site": _hdfs_site,
    "flink-conf": _flink,
    "livy-conf": _livy,
    "core-site": _core_site,
    "yarn-site": _yarn_site,
    "capacity-scheduler": _capacity_scheduler,
    "trino-config": _query_limits("TrinoConfigurations"),
    "presto-config": _query_limits("PrestoConfigurations"),
}


def _number(text: str) -> Literal | None:
    """Return a whole number; None for text that isn't one in the form that the library writes."""
    return Literal(int(text)) if is_whole_number(text) else None


def _same(candidate: Code, raw: Sequence[Any]) -> bool:
    """Return whether a factory returns the configurations ``raw``."""
    from .._core.errors import EmrError

    try:
        rendered = [configuration._render() for configuration in evaluated(candidate)]
    except EmrError:
        return False
    plain = [{name: value for name, value in item.items() if value is not None} for item in raw]
    return rendered == plain
