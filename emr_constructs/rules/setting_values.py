"""Settings that have no effect or that the application can't read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .._core.nearest import nearest
from .._core.patterns import regex
from .constraints import constraint, listed
from .known_software import classification
from .parts import Part
from .registry import At, Severity
from .software import SECRET_PREFIX, each_setting
from .sources import management_guide, release_guide
from .spark_values import is_known, is_literal

_CONFIGURE: Final = release_guide("emr-configure-apps")
_SPARK: Final = release_guide("emr-spark-configure")
_MAXIMIZE: Final = "maximizeResourceAllocation"

_BOOLEAN: Final = ("true or false", regex(r"\s*(true|false)\s*", re.IGNORECASE))
_WHOLE: Final = ("a whole number without unit", regex(r"\s*-?\d+\s*", re.ASCII))
_DECIMAL: Final = ("a number without unit", regex(r"\s*-?\d+(\.\d+)?\s*", re.ASCII))
_HDFS_SIZE: Final = ("bytes, or a size such as 128m", regex(r"\s*\d+\s*[kmgtpe]?\s*", re.ASCII | re.IGNORECASE))
_ABOVE_0: Final = ("a whole number above 0", regex(r"\s*0*[1-9]\d*\s*", re.ASCII))
_LIVY_TIME: Final = ("a duration such as 1h", regex(r"\s*\d+(us|ms|s|m|min|h|d)?\s*", re.ASCII))
_DATA_SIZE: Final = ("a size with a unit such as 20GB", regex(r"\s*\d+(\.\d+)?\s*[kMGTP]?B\s*|\s*\d+(\.\d+)?%\s*"))
_FLINK_SIZE: Final = ("a size such as 4096m", regex(
    r"\s*\d+\s*(b|bytes|[kmgt](b|ibibytes|ebibytes)?|kibibytes|mebibytes|gibibytes|tebibytes)?\s*",
    re.ASCII | re.IGNORECASE,
))  # fmt: skip
_CATALOG: Final = ("the 12 digits of an account", regex(r"\s*\d{12}(:.+)?\s*", re.ASCII))
_THRIFT: Final = ("thrift://HOST:PORT", regex(r"\s*thrift://[^\s,:/]+:\d+(\s*,\s*thrift://[^\s,:/]+:\d+)*\s*"))
_JDBC: Final = ("jdbc:mysql, jdbc:mariadb or jdbc:postgresql and an address", regex(
    r"\s*jdbc:(?!(postgres|maria):)\w+:.+", re.DOTALL,
))  # fmt: skip
_GLUE_FACTORY: Final = "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory"
# The class for the AWS Glue Data Catalog, or one of another package.
_METASTORE_FACTORY: Final = (
    _GLUE_FACTORY,
    regex(rf"\s*({re.escape(_GLUE_FACTORY)}|(?!com\.amazonaws\.glue\.|.*AWSGlueDataCatalog).*)\s*"),
)
# What the name of the driver of a database contains; the driver of MariaDB also connects to MySQL.
_DRIVERS: Final = {"mysql": ("mysql", "mariadb"), "mariadb": ("mariadb",), "postgresql": ("postgresql",)}
_QUERY_MEMORY: Final = """
    query.max-memory query.max-memory-per-node query.max-total-memory query.max-total-memory-per-node
    memory.heap-headroom-per-node
"""
# Spark reads none of these files, or has properties of its own in them.
_NOT_OF_SPARK: Final = (
    "spark", "spark-env", "spark-hive-site", "yarn-site", "yarn-env", "core-site", "hdfs-site", "mapred-site",
    "emrfs-site",
)  # fmt: skip
# Classification, what its values must be, and the settings.
_SETTINGS: Final = (
    ("spark", _BOOLEAN, _MAXIMIZE),
    ("yarn-site", _WHOLE, """
        yarn.nodemanager.resource.memory-mb yarn.nodemanager.resource.cpu-vcores
        yarn.scheduler.minimum-allocation-mb yarn.scheduler.maximum-allocation-mb
        yarn.scheduler.minimum-allocation-vcores yarn.scheduler.maximum-allocation-vcores
        yarn.log-aggregation.retain-seconds yarn.resourcemanager.am.max-attempts
    """),
    ("yarn-site", _DECIMAL, "yarn.nodemanager.vmem-pmem-ratio"),
    ("yarn-site", _BOOLEAN, """
        yarn.nodemanager.pmem-check-enabled yarn.nodemanager.vmem-check-enabled yarn.log-aggregation-enable
        yarn.node-labels.enabled yarn.timeline-service.enabled yarn.acl.enable
    """),
    ("mapred-site", _WHOLE, """
        mapreduce.map.memory.mb mapreduce.reduce.memory.mb mapreduce.job.reduces mapreduce.job.maps
        yarn.app.mapreduce.am.resource.mb mapreduce.task.io.sort.mb
    """),
    ("mapred-site", _BOOLEAN, """
        mapreduce.map.speculative mapreduce.reduce.speculative mapreduce.map.output.compress
        mapreduce.output.fileoutputformat.compress
    """),
    ("hdfs-site", _ABOVE_0, "dfs.replication"),
    ("hdfs-site", _BOOLEAN, "dfs.permissions.enabled dfs.webhdfs.enabled dfs.encrypt.data.transfer"),
    ("hdfs-site", _HDFS_SIZE, "dfs.blocksize"),
    ("emrfs-site", _BOOLEAN, "fs.s3.consistent fs.s3.enableServerSideEncryption fs.s3.cse.enabled"),
    ("hive-site", _WHOLE, "hive.tez.container.size hive.exec.reducers.max hive.exec.max.dynamic.partitions"),
    ("hive-site", _BOOLEAN, """
        hive.exec.parallel hive.exec.dynamic.partition hive.auto.convert.join hive.exec.compress.output
        hive.vectorized.execution.enabled hive.metastore.use.SSL hive.server2.use.SSL
    """),
    ("hive-site", ("mr or tez", regex(r"\s*(mr|tez)\s*")), "hive.execution.engine"),
    ("hive-site", _THRIFT, "hive.metastore.uris"),
    ("spark-hive-site", _THRIFT, "hive.metastore.uris"),
    ("hive-site", _JDBC, "javax.jdo.option.ConnectionURL"),
    ("livy-conf", _BOOLEAN, "livy.server.session.timeout-check livy.impersonation.enabled"),
    ("livy-conf", _LIVY_TIME, "livy.server.session.timeout"),
    ("tez-site", _WHOLE, "tez.am.resource.memory.mb tez.task.resource.memory.mb"),
    ("hbase", _BOOLEAN, "hbase.emr.readreplica.enabled hbase.emr.wal.enabled"),
    ("hbase", ("s3 or hdfs", regex("s3|hdfs")), "hbase.emr.storageMode"),
    ("delta-defaults", _BOOLEAN, "delta.enabled"),
    ("iceberg-defaults", _BOOLEAN, "iceberg.enabled"),
    ("jupyter-s3-conf", _BOOLEAN, "s3.persistence.enabled"),
    ("jupyter-s3-conf", ("the name of a bucket", regex(r"[a-z0-9][a-z0-9.-]*")), "s3.persistence.bucket"),
    ("hive-site", _METASTORE_FACTORY, "hive.metastore.client.factory.class"),
    ("spark-hive-site", _METASTORE_FACTORY, "hive.metastore.client.factory.class"),
    ("hive-site", _CATALOG, "hive.metastore.glue.catalogid"),
    ("spark-hive-site", _CATALOG, "hive.metastore.glue.catalogid"),
    ("emrfs-site", _BOOLEAN, "fs.s3.s3AccessGrants.enabled fs.s3.s3AccessGrants.fallbackToIAM"),
    ("flink-conf", _WHOLE, "taskmanager.numberOfTaskSlots parallelism.default"),
    ("flink-conf", _FLINK_SIZE, """
        jobmanager.memory.process.size taskmanager.memory.process.size jobmanager.memory.flink.size
        taskmanager.memory.flink.size
    """),
    ("presto-config", _DATA_SIZE, _QUERY_MEMORY),
    ("prestosql-config", _DATA_SIZE, _QUERY_MEMORY),
    ("trino-config", _DATA_SIZE, _QUERY_MEMORY),
)  # fmt: skip
_KINDS: Final = {(owner, key): kind for owner, kind, keys in _SETTINGS for key in keys.split()}


def _properties(configuration: Part) -> tuple[str, list[tuple[str, str]]]:
    """The name of a classification, and its properties without references to secrets."""
    properties: dict[str, str] = configuration.get("Properties", {})
    pairs = [(key, value) for key, value in properties.items() if not key.startswith(SECRET_PREFIX)]
    return configuration.get("Classification", ""), pairs


def _unreadable(name: str | None, key: str, value: str) -> str | None:
    must, pattern = _KINDS.get((name or "", key), ("", None))
    is_wrong = pattern is not None and is_literal(value) and not pattern.fullmatch(value)
    return f"{value!r} for {key} of {name}, which must be {must}" if is_wrong else None


def _other_driver(configuration: Part) -> str | None:
    name, properties = _properties(configuration)
    known = dict(properties) if name == "hive-site" else {}
    url, driver = (known.get(f"javax.jdo.option.Connection{member}", "") for member in ("URL", "DriverName"))
    match = re.match(r"jdbc:(\w+):", url)
    expected = _DRIVERS.get(match[1]) if match else None
    is_known = any(word in driver.lower() for words in _DRIVERS.values() for word in words)
    is_other = expected is not None and is_known and not any(word in driver.lower() for word in expected)
    return f"{driver} for {match[0]}" if match and is_other else None


def _unordered_allocation(configuration: Part) -> Iterator[At]:
    name, properties = _properties(configuration)
    if name != "yarn-site":
        return
    known = {key: int(value) for key, value in properties if value.strip().isdecimal() and len(value) < 19}
    for unit in ("mb", "vcores"):
        low, high = (known.get(f"yarn.scheduler.{bound}-allocation-{unit}") for bound in ("minimum", "maximum"))
        if low is not None and high is not None and low > high:
            place = configuration.at("Properties", f"yarn.scheduler.minimum-allocation-{unit}")
            yield At(place, f"a minimum of {low} and a maximum of {high} for allocation-{unit}")


def _misspelt(configuration: Part) -> Iterator[At]:
    name, properties = _properties(configuration)
    others = [key for key, _ in properties if (name, key) not in _KINDS]
    known = [key for owner, key in _KINDS if owner == name] if others else []
    for key in others if known else ():
        near = nearest(key, known, cutoff=0.95)
        # A name of more or fewer words is that of another setting.
        if near and near.count(".") == key.count("."):
            yield At(configuration.at("Properties", key), f"{key!r} instead of {near!r} in {name!r}")


def _ignored_by_spark(name: str | None, key: str, _value: str) -> str | None:
    is_read = key == _MAXIMIZE or key.startswith(("spark.", SECRET_PREFIX))
    return None if name != "spark-defaults" or is_read else repr(key)


def _outside_defaults(configuration: Part) -> At | None:
    name, properties = _properties(configuration)
    of_spark = [
        key
        for key, _ in (properties if name in _NOT_OF_SPARK else ())
        if is_known(key) or (name == "spark" and key.startswith("spark."))
    ]
    if not of_spark:
        return None
    fix = f"move {'them' if len(of_spark) > 1 else 'it'} to spark-defaults"
    return At(configuration.at("Properties", of_spark[0]), f"{listed([*map(repr, of_spark)])} in {name!r}", fix)


def _without_export(configuration: Part) -> str | None:
    name, properties = _properties(configuration)
    known = classification(name)
    is_environment = known is not None and known.facts.get("env")
    return f"{properties[0][0]!r} in {name!r}" if is_environment and properties else None


# fmt: off
constraint("emr-maximize-resource-allocation", "Configuration",
           f"the setting {_MAXIMIZE} must be in the classification spark, because spark-defaults ignores it",
           lambda configuration: configuration.get("Classification") == "spark-defaults"
           and _MAXIMIZE in configuration.get("Properties", {}), at="Properties.maximizeResourceAllocation",
           fix="move it to the classification spark", severity=Severity.WARNING, source=_SPARK)
constraint("emr-spark-default", "Configuration",
           "the name of a property in spark-defaults must begin with spark., because Spark ignores others",
           each_setting(_ignored_by_spark), fix="use a property such as spark.executor.memory",
           severity=Severity.WARNING, source=_SPARK)
constraint("emr-spark-classification", "Configuration",
           "Spark properties must be in the classification spark-defaults, because they have no effect in others",
           _outside_defaults, fix="move it to spark-defaults", severity=Severity.WARNING, source=_SPARK)
constraint("emr-environment-export", "Configuration",
           "environment variables must be in the nested classification export", _without_export,
           at="Properties", fix="move the properties to a nested classification export",
           library_fix="use Configuration.environment(classification, variables)", severity=Severity.WARNING,
           source=_CONFIGURE)
constraint("emr-metastore-driver", "Configuration",
           "the driver of the Hive metastore must be that of the database in its URL", _other_driver,
           at="Properties.javax.jdo.option.ConnectionDriverName", fix="use the driver of the database",
           severity=Severity.WARNING, source=release_guide("emr-hive-metastore-external"))
constraint("emr-yarn-allocation-range", "Configuration",
           "the minimum of a YARN allocation must be at most the maximum, because the ResourceManager does not start "
           "otherwise", _unordered_allocation, fix="use minimum <= maximum", severity=Severity.WARNING,
           source=release_guide("emr-hadoop-config"))
constraint("emr-consistent-view", "Configuration",
           "EMRFS consistent view must not be enabled, because AWS ended support for it in 2023",
           lambda configuration: ("fs.s3.consistent", "true") in _properties(configuration)[1],
           at="Properties.fs.s3.consistent", fix="remove fs.s3.consistent; Amazon S3 is strongly consistent",
           severity=Severity.WARNING, source=management_guide("emrfs-consistent-view"))
constraint("emr-setting-name", "Configuration",
           "the name of a setting must be spelled as documented, because applications ignore others", _misspelt,
           fix="correct the name", severity=Severity.WARNING, source=_CONFIGURE)
constraint("emr-classification-value", "Configuration",
           "the value of a setting must be one that the application can read",
           each_setting(_unreadable), fix="correct the value", severity=Severity.WARNING, source=_CONFIGURE)
