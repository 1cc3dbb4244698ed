"""Three master nodes: what a cluster with them needs, and what it does without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from .registry import Part, Severity, rule
from .releases import lacks
from .software import SECRET_PREFIX, configurations
from .sources import management_guide
from .topology import has_three_masters

_HA = management_guide("emr-plan-ha")
_LAUNCH = management_guide("emr-plan-ha-launch")
_APPLICATIONS = management_guide("emr-plan-ha-applications")
_PLACEMENT = management_guide("emr-plan-ha-placementgroup")
_JDBC_URL: Final = "javax.jdo.option.ConnectionURL"
# By which setting an application says that its data are not on a master node.
_HIVE: Final = (_JDBC_URL, "hive.metastore.uris", "hive.metastore.client.factory.class")
_CONNECTOR: Final = ("hive.metastore", "hive.metastore.uri")


@rule("emr-ha-release", "RunJobFlowInput", do="use a newer release", source=_HA)
def _three_masters_need_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Three master nodes in an instance group need a release from 5.23.0 on; in a fleet one from 5.36.1 or 6.8.1 on."""
    if has_three_masters(cluster):
        fleets = "InstanceFleets" in cluster.part("Instances")
        yield from lacks(cluster, "multi_master_fleets" if fleets else "multi_master_groups")


@rule("emr-ha-spot", "InstanceGroupConfig", do="run the master instance group on demand", source=_LAUNCH)
def _three_masters_are_on_demand(group: Part) -> Iterator[str]:
    """Three master nodes do not run on Spot: losing two of them ends the cluster."""
    if group.get("InstanceRole") == "MASTER" and group.get("InstanceCount") == 3 and group.get("Market") == "SPOT":
        yield "three master nodes run on Spot"


@rule(
    "emr-ha-termination",
    "RunJobFlowInput",
    do="end it by hand: Termination.manual(protected=True)",
    source=_LAUNCH,
)
def _three_masters_live_on(cluster: Part) -> Iterator[str]:
    """A cluster with three master nodes is long-running: EMR overrides automatic termination."""
    if not has_three_masters(cluster):
        return
    if "AutoTerminationPolicy" in cluster:
        yield "a cluster with three master nodes ends itself when idle"
    if cluster.part("Instances").get("KeepJobFlowAliveWhenNoSteps") is False:
        yield "a cluster with three master nodes ends after its steps"


@rule(
    "emr-ha-protection",
    "RunJobFlowInput",
    severity=Severity.WARNING,
    do="use Termination.manual(protected=True), or acknowledge this warning to delete the cluster afterwards",
    source=management_guide("UsingEMR_TerminationProtection"),
)
def _three_masters_are_protected(cluster: Part) -> Iterator[str]:
    """A cluster with three master nodes is protected from termination, until it is to be deleted."""
    if has_three_masters(cluster) and cluster.part("Instances").get("TerminationProtected") is False:
        yield "a cluster with three master nodes is not protected from termination"


@rule("emr-ha-subnet", "RunJobFlowInput", do="give a subnet", source=_LAUNCH)
def _three_masters_need_a_subnet(cluster: Part) -> Iterator[str]:
    """A cluster with three master nodes names its subnet."""
    # A request without a service role is a part of one: where it runs is not known yet.
    if not has_three_masters(cluster) or "ServiceRole" not in cluster:
        return
    instances = cluster.part("Instances")
    if "Ec2SubnetId" not in instances and "Ec2SubnetIds" not in instances:
        yield "a cluster with three master nodes has no subnet"


@rule(
    "emr-ha-replication",
    "RunJobFlowInput",
    severity=Severity.WARNING,
    do="use four core nodes or more, or set dfs.replication of hdfs-site to 2",
    source=_LAUNCH,
)
def _blocks_survive_a_node(cluster: Part) -> Iterator[str]:
    """With fewer than four core nodes EMR keeps one copy of each block of HDFS, and losing a node loses data."""
    if not has_three_masters(cluster) or not cluster.is_complete("Configurations"):
        return
    if "dfs.replication" in _settings(cluster, "hdfs-site"):
        return
    instances = cluster.part("Instances")
    groups = (part for part in instances.items("InstanceGroups") if part.get("InstanceRole") == "CORE")
    fleets = (part for part in instances.items("InstanceFleets") if part.get("InstanceFleetType") == "CORE")
    targets = ("TargetOnDemandCapacity", "TargetSpotCapacity")
    counts = [
        *(part.get("InstanceCount", 4) for part in groups),
        *(sum(part.get(target, 4 if target in part else 0) for target in targets) for part in fleets),
    ]
    if any(0 < count < 4 for count in counts):
        yield f"a highly available cluster has {counts[0]} core nodes, so HDFS keeps one copy of each block"


@rule(
    "emr-ha-metastore",
    "RunJobFlowInput",
    severity=Severity.WARNING,
    do="keep them in a database outside of the cluster, or in the Glue Data Catalog",
    source=_APPLICATIONS,
)
def _metadata_outlive_a_master(cluster: Part) -> Iterator[str]:
    """Hive, Hue, Oozie, Presto and Trino keep their metadata outside of a cluster with three master nodes."""
    if not has_three_masters(cluster):
        return
    names = {str(application.get("Name")).lower() for application in cluster.items("Applications")}
    hive = _settings(cluster, "hive-site") & set(_HIVE)
    external = {
        "Hive": hive,
        "Hue": _settings(cluster, "hue-ini", "desktop", "database"),
        "Oozie": _settings(cluster, "oozie-site") & {"oozie.service.JPAService.jdbc.url"},
        "Presto": hive or _settings(cluster, "presto-connector-hive") & set(_CONNECTOR),
        "PrestoSQL": hive or _settings(cluster, "prestosql-connector-hive") & set(_CONNECTOR),
        "Trino": hive or _settings(cluster, "trino-connector-hive") & set(_CONNECTOR),
    }
    lost = [name for name, found in external.items() if name.lower() in names and not found]
    if lost and cluster.is_complete("Configurations"):
        yield f"the metadata of {' and '.join(lost)} are on one of three master nodes"


@rule(
    "emr-ha-metastore-postgresql",
    "RunJobFlowInput",
    do="use MySQL, MariaDB or the Glue Data Catalog",
    source=_APPLICATIONS,
)
def _metastore_is_no_postgresql(cluster: Part) -> Iterator[str]:
    """The metastore of Hive on a cluster with three master nodes is not in PostgreSQL."""
    if not has_three_masters(cluster):
        return
    for configuration in configurations(cluster, "MASTER"):
        properties: Mapping[str, str] = configuration.get("Properties", {})
        url = properties.get(_JDBC_URL, "")
        if configuration.get("Classification") == "hive-site" and url.startswith("jdbc:postgresql:"):
            yield f"the metastore of a highly available cluster is {url!r}"


@rule(
    "emr-ha-step-failure",
    "RunJobFlowInput",
    severity=Severity.WARNING,
    do="use ActionOnFailure.CONTINUE or CANCEL_AND_WAIT",
    source=_APPLICATIONS,
)
def _steps_do_not_end_the_cluster(cluster: Part) -> Iterator[str]:
    """A failed step does not end a cluster with three master nodes, which is protected."""
    if not has_three_masters(cluster):
        return
    for step in cluster.items("Steps"):
        if step.get("ActionOnFailure") in ("TERMINATE_CLUSTER", "TERMINATE_JOB_FLOW"):
            yield f"the step {step.get('Name')!r} is to end a protected cluster when it fails"


@rule(
    "emr-placement-group",
    "PlacementGroupConfig",
    do="use the strategy SPREAD for the role MASTER",
    source=_PLACEMENT,
)
def _placement_groups_spread_masters(group: Part) -> Iterator[str]:
    """A placement group of EMR spreads master nodes over the hardware."""
    role, strategy = group.get("InstanceRole", "MASTER"), group.get("PlacementStrategy", "SPREAD")
    if (role, strategy) != ("MASTER", "SPREAD"):
        yield f"a placement group has the strategy {strategy} for {role.lower()} nodes"


@rule(
    "emr-placement-group-masters",
    "RunJobFlowInput",
    severity=Severity.WARNING,
    do="leave the placement group out, or use three master nodes",
    source=_PLACEMENT,
)
def _placement_groups_are_for_three_masters(cluster: Part) -> Iterator[str]:
    """A placement group is for three master nodes."""
    instances = cluster.part("Instances")
    known = all(instances.is_complete(member) for member in ("InstanceGroups", "InstanceFleets"))
    if cluster.items("PlacementGroupConfigs") and known and not has_three_masters(cluster):
        yield "a cluster without three master nodes has a placement group"


@rule("emr-placement-group-release", "RunJobFlowInput", do="use a newer release", source=_PLACEMENT)
def _placement_groups_need_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Placement groups need a release from 5.23.0 on."""
    if "PlacementGroupConfigs" in cluster:
        yield from lacks(cluster, "placement_groups")


def _settings(cluster: Part, *classifications: str) -> set[str]:
    """The keys of a classification, or of one that is nested in others, without the mark of a secret."""
    found: Iterable[Part] = configurations(cluster, "MASTER")
    for depth, classification in enumerate(classifications):
        if depth:
            found = (nested for part in found for nested in part.items("Configurations"))
        found = [part for part in found if part.get("Classification") == classification]
    return {key.removeprefix(SECRET_PREFIX) for part in found for key in part.get("Properties", {})}
