"""What settings of applications require: a release, the application, and values that fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint, listed
from .known_software import classification, missing_owner
from .parts import Part
from .registry import At, Severity, rule
from .releases import knows_applications, lacks, parse
from .software import configurations, setting_at, settings
from .sources import release_guide

_CONFIGURE = release_guide("emr-configure-apps")
_HBASE = release_guide("emr-hbase-s3")
_WAL = release_guide("emr-hbase-wal")
_QUEUES: Final = "yarn.scheduler.capacity."

# Settings that only some releases have: classification, key, value, feature.
_SETTINGS: Final = (
    ("core-site", "fs.s3.impl", "com.amazon.ws.emr.hadoop.fs.EmrFileSystem", "emrfs"),
    ("hbase", "hbase.emr.storageMode", "s3", "hbase_on_s3"),
    ("hbase", "hbase.emr.readreplica.enabled", "true", "hbase_read_replica"),
    ("hbase", "hbase.emr.wal.enabled", "true", "emr_wal"),
    ("yarn-site", "yarn.node-labels.am.default-node-label-expression", "ON_DEMAND", "yarn_market_labels"),
    ("yarn-site", "yarn.node-labels.am.default-node-label-expression", "SPOT", "yarn_market_labels"),
)


def _has(cluster: Part, name: str) -> bool:
    """Whether the classification ``name`` is configured for the whole cluster, as far as that is known."""
    known = [part.get("Classification", name) for part in cluster.items("Configurations")]
    return not cluster.is_complete("Configurations") or name in known


def _is_hbase_known(cluster: Part) -> bool:
    """Whether no setting in the classification hbase is unknown."""
    hbase = [part for part in cluster.items("Configurations") if part.get("Classification") == "hbase"]
    return cluster.is_complete("Configurations") and all(part.is_complete("Properties") for part in hbase)


def _capacity_sums(configuration: Part) -> Iterator[At]:
    properties: dict[str, str] = configuration.get("Properties", {})
    for key, value in properties.items() if configuration.get("Classification") == "capacity-scheduler" else ():
        if not (key.startswith(_QUEUES) and key.endswith(".queues")):
            continue
        parent = key.removesuffix(".queues")
        shares = [_percent(properties.get(f"{parent}.{queue.strip()}.capacity", "")) for queue in value.split(",")]
        known = [share for share in shares if share is not None]
        # Capacities may be unknown, or absolute amounts and weights instead of percentages.
        if len(known) == len(shares) and abs(sum(known) - 100) > 0.01:
            got = f"{sum(known):g} percent for the queues of {parent.removeprefix(_QUEUES)} ({value})"
            yield At(configuration.at("Properties", key), got)


def _percent(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


@rule("emr-classification-release", "RunJobFlowInput", fix="use another release", source=_CONFIGURE)
def _classifications_need_a_release(cluster: Part) -> Iterator[At]:
    """The release must support HBase on S3 and the other features that settings enable."""
    release = parse(cluster.get("ReleaseLabel", ""))
    features: dict[str, None] = {}
    for configuration in configurations(cluster) if release else ():
        properties: dict[str, str] = configuration.get("Properties", {})
        name = configuration.get("Classification", "")
        known = classification(name)
        # A classification that the release lacks is reported itself.
        if release and known and known.in_release(release):
            required = (it for owner, key, value, it in _SETTINGS if name == owner and properties.get(key) == value)
            features |= dict.fromkeys(required)
    for feature in features:
        yield from lacks(cluster, feature)


@rule("emr-classification-application", "RunJobFlowInput", severity=Severity.WARNING,
      fix="add the application, or remove the configuration", source=_CONFIGURE)  # fmt: skip
def _configured_applications_are_installed(cluster: Part) -> Iterator[At]:
    """A classification must configure an application that the cluster has."""
    if not knows_applications(cluster):
        return
    installed = [str(application.get("Name")) for application in cluster.items("Applications")]
    release = parse(cluster.get("ReleaseLabel", ""))
    places: dict[str, str] = {}
    for configuration in configurations(cluster):
        places.setdefault(configuration.get("Classification", ""), configuration.at("Classification"))
    by_missing: dict[str, list[str]] = {}
    for name in places:
        known = classification(name)
        # A classification that the release lacks is reported itself.
        is_there = known is not None and (release is None or known.in_release(release))
        missing = missing_owner(known.owners, installed, name) if known is not None and is_there else None
        if missing is not None:
            by_missing.setdefault(missing, []).append(name)
    for missing, names in by_missing.items():
        are_many = len(names) > 1
        subject = f"classification{'s' if are_many else ''} {listed([*map(repr, names)])}"
        message = f"{subject} require{'' if are_many else 's'} {missing}, which the cluster does not have"
        fix = f"add {missing} to the applications, or remove the configuration{'s' if are_many else ''}"
        yield At(places[names[0]], message, fix)


@rule("emr-hbase-root", "RunJobFlowInput", fix="set hbase.rootdir in hbase-site and hbase.emr.storageMode in hbase",
      library_fix="use HBaseConfigurations.on_s3(bucket)", source=_HBASE)  # fmt: skip
def _hbase_on_s3_has_a_root_there(cluster: Part) -> Iterator[At]:
    """HBase on S3 must have its root directory in S3.

    A read replica and the EMR write-ahead log require HBase on S3.
    """
    found = cluster.items("Configurations")
    hbase, site = settings(found, "hbase"), settings(found, "hbase-site")
    on_s3 = hbase.get("hbase.emr.storageMode") == "s3"
    root = site.get("hbase.rootdir")
    # A root that is only known at deployment is in none of the settings.
    if on_s3 and not _has(cluster, "hbase-site"):
        place = setting_at(cluster, "hbase", "hbase.emr.storageMode")
        yield At(place, "HBase on S3 requires a root directory, which is missing")
    if on_s3 and root is not None and not root.startswith(("s3://", "s3a://", "s3n://")):
        place = setting_at(cluster, "hbase-site", "hbase.rootdir")
        yield At(place, f"root directory of HBase on S3 must be in S3, got {root!r}", "use s3://bucket/folder")
    is_mode_known = "hbase.emr.storageMode" in hbase or _is_hbase_known(cluster)
    for key, what in (("readreplica", "a read replica"), ("wal", "the EMR write-ahead log")):
        name = f"hbase.emr.{key}.enabled"
        if hbase.get(name) == "true" and is_mode_known and not on_s3:
            yield At(setting_at(cluster, "hbase", name), f"{what} of HBase requires HBase on S3")


def _root_without_mode(cluster: Part) -> At | None:
    found = cluster.items("Configurations")
    root = settings(found, "hbase-site").get("hbase.rootdir", "")
    lacks_mode = _is_hbase_known(cluster) and "hbase.emr.storageMode" not in settings(found, "hbase")
    is_wrong = lacks_mode and root.startswith("s3")
    return At(setting_at(cluster, "hbase-site", "hbase.rootdir"), repr(root)) if is_wrong else None


# fmt: off
constraint("emr-hbase-storage-mode", "RunJobFlowInput",
           "a root directory of HBase in Amazon S3 requires the storage mode s3", _root_without_mode,
           fix="set hbase.emr.storageMode to s3 in hbase", library_fix="use HBaseConfigurations.on_s3(bucket)",
           severity=Severity.WARNING, source=_HBASE)
constraint("emr-wal-groups", "RunJobFlowInput", "the EMR write-ahead log of HBase requires instance groups",
           lambda cluster: "InstanceFleets" in cluster.part("Instances")
           and settings(cluster.items("Configurations"), "hbase").get("hbase.emr.wal.enabled") == "true"
           and "instance fleets", at="Instances.InstanceFleets[0]", fix="use instance groups", source=_WAL)
constraint("emr-queue-capacity", "Configuration",
           "the capacities of the queues of one parent must add up to 100 percent", _capacity_sums,
           fix="use shares that add up to 100", is_form=True, source=release_guide("emr-hadoop-config"))
