"""Three primary nodes: what a cluster with them requires, and what it can't be combined with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from .constraints import Found, constraint, requires_release
from .parts import Part
from .registry import At, Severity
from .releases import application_at, has_application, lacks
from .software import SECRET_PREFIX, configurations
from .sources import management_guide
from .topology import fleets, groups, has_three_masters

_HA = management_guide("emr-plan-ha")
_LAUNCH = management_guide("emr-plan-ha-launch")
_APPLICATIONS = management_guide("emr-plan-ha-applications")
_PLACEMENT = management_guide("emr-plan-ha-placementgroup")
_PROTECTION = management_guide("UsingEMR_TerminationProtection")
_JDBC_URL: Final = "javax.jdo.option.ConnectionURL"
# The settings by which an application keeps its data outside the primary nodes.
_HIVE: Final = frozenset((_JDBC_URL, "hive.metastore.uris", "hive.metastore.client.factory.class"))
_CONNECTOR: Final = frozenset(("hive.metastore", "hive.metastore.uri"))
_SUBNETS: Final = ("Ec2SubnetId", "Ec2SubnetIds")
# What states the number of nodes of a group or a fleet.
_COUNTS: Final = ("InstanceCount", "TargetOnDemandCapacity", "TargetSpotCapacity")


def _highly_available(violated: Callable[[Part], Found]) -> Callable[[Part], Found]:
    """``violated``, only for clusters with three primary nodes."""
    return lambda cluster: has_three_masters(cluster) and violated(cluster)


def _automatic_termination(cluster: Part) -> Iterator[At]:
    if "AutoTerminationPolicy" in cluster:
        yield At(cluster.at("AutoTerminationPolicy"), "auto-termination")
    if cluster.part("Instances").get("KeepJobFlowAliveWhenNoSteps") is False:
        yield At(cluster.at("Instances", "KeepJobFlowAliveWhenNoSteps"), "termination after the steps")


def _has_no_subnet(cluster: Part) -> bool:
    # A request without a service role is a part of one: where it runs is not known yet.
    return "ServiceRole" in cluster and not any(map(cluster.part("Instances").__contains__, _SUBNETS))


def _few_core_nodes(cluster: Part) -> At | None:
    if "dfs.replication" in _settings(cluster, "hdfs-site") or _may_have_more(cluster, "hdfs-site"):
        return None
    instances = cluster.part("Instances")
    for part in (*groups(instances, "CORE"), *fleets(instances, "CORE")):
        # A count that isn't known can be high enough.
        count = sum(part.get(member, 4 if member in part else 0) for member in _COUNTS)
        if 0 < count < 4:
            return At(part.first(*_COUNTS), str(count))
    return None


def _local_metadata(cluster: Part) -> At | None:
    hive = _settings(cluster, "hive-site") & _HIVE
    external = {
        "Hive": hive,
        "Hue": _settings(cluster, "hue-ini", "desktop", "database"),
        "Oozie": _settings(cluster, "oozie-site") & {"oozie.service.JPAService.jdbc.url"},
    }
    for name in ("Presto", "PrestoSQL", "Trino"):
        external[name] = hive or _settings(cluster, f"{name.lower()}-connector-hive") & _CONNECTOR
    owners = {"Hive": "hive-site", "Hue": "hue-ini", "Oozie": "oozie-site"}
    lost = [
        name
        for name, found in external.items()
        if not found
        and has_application(cluster, name)
        and not _may_have_more(cluster, "hive-site", owners.get(name, f"{name.lower()}-connector-hive"))
    ]
    return At(application_at(cluster, *lost), f"{' and '.join(lost)} without one") if lost else None


def _postgresql(cluster: Part) -> Iterator[At]:
    for configuration in configurations(cluster, "MASTER"):
        properties: Mapping[str, str] = configuration.get("Properties", {})
        url = properties.get(_JDBC_URL, "")
        if configuration.get("Classification") == "hive-site" and url.startswith("jdbc:postgresql:"):
            yield At(configuration.at("Properties", _JDBC_URL), repr(url))


def _terminating_steps(cluster: Part) -> Iterator[At]:
    for step in cluster.items("Steps"):
        action = step.get("ActionOnFailure")
        if action in ("TERMINATE_CLUSTER", "TERMINATE_JOB_FLOW"):
            yield At(step.at("ActionOnFailure"), f"{action} for step {step.get('Name')!r}")


def _other_placement(group: Part) -> At | None:
    role, strategy = group.get("InstanceRole", "MASTER"), group.get("PlacementStrategy", "SPREAD")
    place = group.at("InstanceRole" if role != "MASTER" else "PlacementStrategy")
    return None if (role, strategy) == ("MASTER", "SPREAD") else At(place, f"{strategy} for {role}")


def _needs_no_placement_group(cluster: Part) -> bool:
    is_unused = bool(cluster.items("PlacementGroupConfigs")) and not has_three_masters(cluster)
    known = map(cluster.part("Instances").is_complete, ("InstanceGroups", "InstanceFleets"))
    return is_unused and all(known) and not any(lacks(cluster, "placement_groups"))


def _settings(cluster: Part, *classifications: str) -> set[str]:
    """The keys of a classification, or of one that is nested in others, without the mark of a secret."""
    found: Iterable[Part] = configurations(cluster, "MASTER")
    for depth, classification in enumerate(classifications):
        if depth:
            found = (nested for part in found for nested in part.items("Configurations"))
        found = [part for part in found if part.get("Classification") == classification]
    return {key.removeprefix(SECRET_PREFIX) for part in found for key in part.get("Properties", {})}


def _may_have_more(cluster: Part, *classifications: str) -> bool:
    """Whether settings of ``classifications`` are unknown."""
    found = configurations(cluster, "MASTER")
    same = (part for part in found if part.get("Classification") in (None, *classifications))
    return not cluster.is_complete("Configurations") or any(map(_is_open, same))


def _is_open(configuration: Part) -> bool:
    known = all(configuration.is_complete(member) for member in ("Classification", "Properties", "Configurations"))
    return not known or any(map(_is_open, configuration.items("Configurations")))


def _uses(member: str) -> Callable[[Part], bool]:
    return lambda cluster: has_three_masters(cluster) and member in cluster.part("Instances")


# fmt: off
requires_release("emr-ha-release", "RunJobFlowInput",
                 {"multi_master_groups": _uses("InstanceGroups"), "multi_master_fleets": _uses("InstanceFleets")},
                 source=_HA)
constraint("emr-ha-spot", "InstanceGroupConfig",
           "three primary nodes must not be Spot Instances, because losing two of them terminates the cluster",
           lambda group: group.get("Market") == "SPOT" and group.get("InstanceRole") == "MASTER"
           and group.get("InstanceCount") == 3, at="Market",
           fix="use On-Demand Instances for the primary instance group", severity=Severity.WARNING, source=_LAUNCH)
constraint("emr-ha-termination", "RunJobFlowInput",
           "a cluster with three primary nodes must be long-running, because EMR ignores automatic termination",
           _highly_available(_automatic_termination),
           fix="set KeepJobFlowAliveWhenNoSteps to true and remove AutoTerminationPolicy",
           library_fix="use Termination.manual(protected=True)", severity=Severity.WARNING, source=_LAUNCH)
constraint("emr-ha-protection", "RunJobFlowInput",
           "a cluster with three primary nodes must be termination-protected until you delete it",
           _highly_available(lambda cluster: cluster.part("Instances").get("TerminationProtected") is False),
           at="Instances.TerminationProtected",
           fix="set TerminationProtected to true, or acknowledge this warning before you delete the cluster",
           library_fix="use Termination.manual(protected=True), or acknowledge this warning before you delete the "
           "cluster", severity=Severity.WARNING, source=_PROTECTION)
constraint("emr-ha-subnet", "RunJobFlowInput", "a cluster with three primary nodes must have a subnet",
           _highly_available(_has_no_subnet), at="Instances.Ec2SubnetId", fix="specify a subnet", source=_LAUNCH)
constraint("emr-ha-replication", "RunJobFlowInput",
           "a cluster with three primary nodes must have at least 4 core nodes, because HDFS keeps only one copy of "
           "each block on fewer", _highly_available(_few_core_nodes),
           fix="use more core nodes, or set dfs.replication in hdfs-site to 2", severity=Severity.WARNING,
           source=_LAUNCH)
constraint("emr-ha-metastore", "RunJobFlowInput",
           "Hive, Hue, Oozie, Presto and Trino on three primary nodes must use an external database for metadata",
           _highly_available(_local_metadata), fix="use a database outside the cluster, or the AWS Glue Data Catalog",
           severity=Severity.WARNING, source=_APPLICATIONS)
constraint("emr-ha-metastore-postgresql", "RunJobFlowInput",
           "the Hive metastore of three primary nodes must not be in PostgreSQL", _highly_available(_postgresql),
           fix="use MySQL, MariaDB or the AWS Glue Data Catalog", severity=Severity.WARNING, source=_APPLICATIONS)
constraint("emr-ha-step-failure", "RunJobFlowInput",
           "steps of a cluster with three primary nodes must not terminate it, because it is termination-protected",
           _highly_available(_terminating_steps), fix="use CONTINUE or CANCEL_AND_WAIT",
           library_fix="use ActionOnFailure.CONTINUE or CANCEL_AND_WAIT", severity=Severity.WARNING,
           source=_APPLICATIONS)
constraint("emr-placement-group", "PlacementGroupConfig", "the strategy of a placement group must be SPREAD for MASTER",
           _other_placement, fix="use SPREAD for MASTER", source=_PLACEMENT)
constraint("emr-placement-group-masters", "RunJobFlowInput", "a placement group requires three primary nodes",
           _needs_no_placement_group, at="PlacementGroupConfigs", severity=Severity.WARNING, source=_PLACEMENT,
           fix="remove the placement group, or use three primary nodes")
# Three primary nodes require the same releases.
requires_release("emr-placement-group-release", "RunJobFlowInput", {
    "placement_groups": lambda cluster: "PlacementGroupConfigs" in cluster and not has_three_masters(cluster),
}, source=_PLACEMENT)
