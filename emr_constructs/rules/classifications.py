"""What the settings of single applications need: a release, the application, and values that fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .registry import Part, Severity, rule
from .releases import lacks
from .software import configurations, settings
from .sources import release_guide

_CONFIGURE = release_guide("emr-configure-apps")
_HBASE = release_guide("emr-hbase-s3")
_SPARK = release_guide("emr-spark-configure")
_WAL = release_guide("emr-hbase-wal")
_QUEUES: Final = "yarn.scheduler.capacity."

# The classification, or how it begins, and the feature that a release has if it knows it.
_CLASSIFICATIONS: Final = {
    "delta-defaults": "delta",
    "iceberg-defaults": "iceberg",
    "prestosql-": "presto_sql",
    "trino-": "trino",
    "trino-exchange-manager": "trino_exchange_manager",
}
# Settings that only some releases have: classification, key, value, feature.
_SETTINGS: Final = (
    ("core-site", "fs.s3.impl", "com.amazon.ws.emr.hadoop.fs.EmrFileSystem", "emrfs"),
    ("hbase", "hbase.emr.storageMode", "s3", "hbase_on_s3"),
    ("hbase", "hbase.emr.readreplica.enabled", "true", "hbase_read_replica"),
    ("hbase", "hbase.emr.wal.enabled", "true", "emr_wal"),
    ("yarn-site", "yarn.node-labels.am.default-node-label-expression", "ON_DEMAND", "yarn_market_labels"),
    ("yarn-site", "yarn.node-labels.am.default-node-label-expression", "SPOT", "yarn_market_labels"),
)
# How a classification begins, and the applications that bring what it configures.
_APPLICATIONS: Final = {
    "flink-": ("Flink",),
    "hbase": ("HBase", "Phoenix"),
    "hue-": ("Hue",),
    "jupyter-": ("JupyterHub", "JupyterEnterpriseGateway"),
    "livy-": ("Livy", "JupyterHub", "JupyterEnterpriseGateway"),
    "oozie-": ("Oozie",),
    "phoenix-": ("Phoenix",),
    "pig-": ("Pig",),
    "presto-": ("Presto",),
    "prestosql-": ("PrestoSQL",),
    "sqoop-": ("Sqoop",),
    "trino-": ("Trino",),
    "zeppelin-": ("Zeppelin",),
}


def _has(cluster: Part, classification: str) -> bool:
    """Whether ``classification`` is configured for the whole cluster, as far as the configurations are known."""
    known = [part.get("Classification", classification) for part in cluster.items("Configurations")]
    return not cluster.is_complete("Configurations") or classification in known


@rule("emr-classification-release", "RunJobFlowInput", do="use another release", source=_CONFIGURE)
def _classifications_need_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Table formats, Trino, HBase on S3 and some settings exist in some releases only."""
    features: dict[str, None] = {}
    for configuration in configurations(cluster):
        name = configuration.get("Classification", "")
        properties: dict[str, str] = configuration.get("Properties", {})
        fitting = [
            known for known in _CLASSIFICATIONS if known == name or (known[-1] == "-" and name.startswith(known))
        ]
        # The longest name says the most.
        features |= {_CLASSIFICATIONS[max(fitting, key=len)]: None} if fitting else {}
        features |= {
            feature: None
            for classification, key, value, feature in _SETTINGS
            if name == classification and properties.get(key) == value
        }
    for feature in features:
        yield from lacks(cluster, feature)


@rule(
    "emr-classification-application",
    "RunJobFlowInput",
    do="install the application, or leave the configuration out",
    source=_CONFIGURE,
    severity=Severity.WARNING,
)
def _configured_applications_are_installed(cluster: Part) -> Iterator[tuple[str, str]]:
    """A classification configures an application that the cluster has."""
    if not cluster.is_complete("Applications"):
        return
    installed = {str(application.get("Name")).lower() for application in cluster.items("Applications")}
    names = dict.fromkeys(configuration.get("Classification", "") for configuration in configurations(cluster))
    for name in names:
        wanted = next((wanted for start, wanted in _APPLICATIONS.items() if name.startswith(start)), ())
        if wanted and not installed & {application.lower() for application in wanted}:
            fix = f"add {wanted[0]} to the applications, or leave the configuration out"
            yield f"the cluster has the configuration {name!r} and does not install {wanted[0]}", fix


@rule("emr-hbase-root", "RunJobFlowInput", do="use HBaseConfigurations.on_s3(bucket)", source=_HBASE)
def _hbase_on_s3_has_a_root_there(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """HBase on S3 has its root directory in S3; a read replica and the EMR write-ahead log are for HBase on S3."""
    found = cluster.items("Configurations")
    hbase, site = settings(found, "hbase"), settings(found, "hbase-site")
    on_s3 = hbase.get("hbase.emr.storageMode") == "s3"
    root = site.get("hbase.rootdir")
    # A root that is only known at deployment is in none of the settings.
    if on_s3 and not _has(cluster, "hbase-site"):
        yield "HBase stores its data in S3 and has no root directory"
    if on_s3 and root is not None and not root.startswith("s3://"):
        yield f"HBase stores its data in S3 and its root directory is {root!r}", "use s3://bucket/folder"
    for key, what in (("readreplica", "a read replica"), ("wal", "the EMR write-ahead log")):
        if hbase.get(f"hbase.emr.{key}.enabled") == "true" and not on_s3:
            yield f"HBase has {what} and does not store its data in S3"


@rule("emr-wal-groups", "RunJobFlowInput", do="use instance groups", source=_WAL)
def _wal_needs_groups(cluster: Part) -> Iterator[str]:
    """The EMR write-ahead log works with instance groups, not with instance fleets."""
    with_wal = settings(cluster.items("Configurations"), "hbase").get("hbase.emr.wal.enabled") == "true"
    if with_wal and "InstanceFleets" in cluster.part("Instances"):
        yield "HBase has the EMR write-ahead log on instance fleets"


@rule("emr-executor-range", "Configuration", do="use a maximum of at least the minimum", source=_SPARK)
def _executors_have_a_range(configuration: Part) -> Iterator[str]:
    """With dynamic allocation Spark has at least the minimum and at most the maximum of executors."""
    few, _, many = _executors(configuration)
    if few is not None and many is not None and few > many:
        yield f"dynamic allocation has a minimum of {few} executors and a maximum of {many}"


@rule(
    "emr-executor-start",
    "Configuration",
    do="start with a number from the minimum to the maximum",
    source=_SPARK,
    severity=Severity.WARNING,
)
def _executors_start_in_range(configuration: Part) -> Iterator[str]:
    """With dynamic allocation Spark starts with no fewer executors than the minimum, and no more than the maximum."""
    few, initial, many = _executors(configuration)
    if initial is None:
        return
    if (few is not None and initial < few) or (many is not None and initial > many):
        bounds = [f"a {name} of {count}" for name, count in (("minimum", few), ("maximum", many)) if count is not None]
        yield f"dynamic allocation starts with {initial} executors and has {' and '.join(bounds)}"


def _executors(configuration: Part) -> tuple[int | None, ...]:
    """The minimum, the initial number and the maximum of executors, as far as they are known."""
    properties: dict[str, str] = configuration.get("Properties", {})
    if configuration.get("Classification") != "spark-defaults":
        return None, None, None
    given = [properties.get(f"spark.dynamicAllocation.{name}Executors", "") for name in ("min", "initial", "max")]
    return tuple(int(value) if value.isdigit() else None for value in given)


@rule(
    "emr-queue-capacity",
    "Configuration",
    do="give shares that add up to 100 percent",
    source=release_guide("emr-hadoop-config"),
)
def _queues_share_everything(configuration: Part) -> Iterator[str]:
    """The capacities of the queues below the same parent add up to 100 percent."""
    if configuration.get("Classification") != "capacity-scheduler":
        return
    properties: dict[str, str] = configuration.get("Properties", {})
    for key, value in properties.items():
        if not (key.startswith(_QUEUES) and key.endswith(".queues")):
            continue
        parent = key.removesuffix(".queues")
        shares = [_percent(properties.get(f"{parent}.{queue.strip()}.capacity", "")) for queue in value.split(",")]
        known = [share for share in shares if share is not None]
        # Capacities may be unknown, or absolute amounts and weights instead of percentages.
        if len(known) == len(shares) and abs(sum(known) - 100) > 0.01:
            name = parent.removeprefix(_QUEUES)
            yield f"the queues below {name} ({value}) have {sum(known):g} percent of its capacity"


def _percent(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
