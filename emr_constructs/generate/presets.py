"""The factories of configurations that say the same as configurations of the EMR API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from .._core.unknown import is_unknown
from .code import Call, Code, Entries, Literal, Name
from .rendering import evaluated

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
    if len(names) == 1 and names[0] in _FACTORIES:
        found += _FACTORIES[names[0]](configurations[0][1])
    return found


def _glue(configurations: Sequence[tuple[str, _Properties]]) -> Code:
    applications = [Name(f"emr.Application.{_METASTORES[name]}") for name, _ in configurations]
    catalog = configurations[0][1].get("hive.metastore.glue.catalogid")
    options: dict[str, Code] = {} if catalog is None else {"catalog_id": Literal(catalog)}
    return Call("emr.Configuration.glue_data_catalog", applications, options)


def _spark(_properties: _Properties) -> list[Code]:
    return [Call("emr.SparkConfigurations.maximize_resource_allocation")]


def _spark_defaults(properties: _Properties) -> list[Code]:
    options = {name: number for key, name in _EXECUTORS.items() if (number := _number(properties.get(key, "")))}
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


def _query_limits(engine: str) -> Callable[[_Properties], list[Code]]:
    def candidates(properties: _Properties) -> list[Code]:
        arguments = {"query.max-memory": "max_memory", "query.max-memory-per-node": "max_memory_per_node"}
        options: dict[str, Code] = {
            argument: Literal(properties[key]) for key, argument in arguments.items() if key in properties
        }
        return [Call(f"emr.{engine}.query_limits", (), options)] if options else []

    return candidates


_FACTORIES: Final[dict[str, Callable[[_Properties], list[Code]]]] = {
    "spark": _spark,
    "spark-defaults": _spark_defaults,
    "hadoop-log4j": _log_levels,
    "hdfs-site": _hdfs_site,
    "core-site": _core_site,
    "yarn-site": _yarn_site,
    "capacity-scheduler": _capacity_scheduler,
    "trino-config": _query_limits("TrinoConfigurations"),
    "presto-config": _query_limits("PrestoConfigurations"),
}


def _number(text: str) -> Literal | None:
    """Return a whole number; None for text that isn't one in the form that the library writes."""
    if text.isascii() and text.isdecimal() and str(int(text[:18])) == text:
        return Literal(int(text))
    return None


def _same(candidate: Code, raw: Sequence[Any]) -> bool:
    """Return whether a factory returns the configurations ``raw``."""
    from .._core.errors import EmrError

    try:
        rendered = [configuration._render() for configuration in evaluated(candidate)]
    except EmrError:
        return False
    plain = [{name: value for name, value in item.items() if value} for item in raw]
    return rendered == plain
