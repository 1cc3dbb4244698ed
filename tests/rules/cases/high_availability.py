"""What the rules of ``emr_constructs.rules.high_availability`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import (
    JDBC_URL,
    KEEP_ALIVE,
    PROTECTED,
    SPREAD,
    THREE,
    TOKEN,
    Case,
    available,
    cluster,
    fleet,
    fleets,
    group,
    groups,
    settings,
    step,
)

CASES = [
    Case("emr-ha-release", "RunJobFlowInput",
         cluster(instances=groups(THREE, **PROTECTED), ReleaseLabel="emr-5.22.0"), "use emr-5.23.0",
         cluster(instances=groups(THREE, **PROTECTED), ReleaseLabel="emr-5.23.0")),
    Case("emr-ha-spot", "InstanceGroupConfig", {**THREE, "Market": "SPOT"},
         "three primary nodes must not be Spot Instances, because losing two of them terminates the cluster",
         {**THREE, "Market": "ON_DEMAND"}),
    Case("emr-ha-termination", "RunJobFlowInput",
         cluster(instances=groups(THREE, **PROTECTED), AutoTerminationPolicy={"IdleTimeout": 3600}),
         "a cluster with three primary nodes must be long-running, because EMR ignores automatic termination, got "
         "auto-termination",
         cluster(instances=groups(THREE, **PROTECTED))),
    Case("emr-ha-protection", "RunJobFlowInput", cluster(instances=groups(THREE, TerminationProtected=False)),
         "a cluster with three primary nodes must be termination-protected until you delete it",
         cluster(instances=groups(THREE, **PROTECTED))),
    Case("emr-ha-termination", "RunJobFlowInput",
         cluster(instances=groups(THREE, KeepJobFlowAliveWhenNoSteps=False), Steps=[step("a")]),
         "a cluster with three primary nodes must be long-running, because EMR ignores automatic termination, got "
         "termination after the steps",
         cluster(instances=groups(THREE))),
    Case("emr-ha-release", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", 3), **PROTECTED), ReleaseLabel="emr-6.11.0"), "use emr-6.11.1",
         cluster(instances=fleets(fleet("MASTER", 3), **PROTECTED), ReleaseLabel="emr-5.36.1")),
    Case("emr-ha-subnet", "RunJobFlowInput",
         cluster(instances=groups(THREE, **PROTECTED), ServiceRole="r"),
         "a cluster with three primary nodes must have a subnet",
         cluster(instances=groups(THREE, **PROTECTED, Ec2SubnetId="subnet-1"), ServiceRole="r")),
    Case("emr-ha-subnet", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", 3), **PROTECTED), ServiceRole="r"),
         "a cluster with three primary nodes must have a subnet",
         cluster(instances=fleets(fleet("MASTER", 3), **PROTECTED, Ec2SubnetIds=["subnet-1"]), ServiceRole="r")),
    Case("emr-ha-replication", "RunJobFlowInput", available(core=3),
         "a cluster with three primary nodes must have at least 4 core nodes, because HDFS keeps only one copy of "
         "each block on fewer, got 3",
         available(core=2, Configurations=[settings("hdfs-site", **{"dfs.replication": TOKEN})])),
    Case("emr-ha-replication", "RunJobFlowInput", available(core=2),
         "a cluster with three primary nodes must have at least 4 core nodes, because HDFS keeps only one copy of "
         "each block on fewer, got 2",
         available(core=2, Configurations=[settings("hdfs-site", **{"dfs.replication": "2"})])),
    Case("emr-ha-replication", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", 3), fleet("CORE", 1, 1), **PROTECTED)),
         "a cluster with three primary nodes must have at least 4 core nodes, because HDFS keeps only one copy of "
         "each block on fewer, got 2",
         cluster(instances=fleets(fleet("MASTER", 3), fleet("CORE", 1, 3), **PROTECTED))),
    Case("emr-ha-metastore", "RunJobFlowInput", available("Hive", "Spark"),
         "Hive, Hue, Oozie, Presto and Trino on three primary nodes must use an external database for metadata, got "
         "Hive without one",
         available("Hive", Configurations=[settings("hive-site", **{JDBC_URL: "jdbc:mysql://db:3306/hive"})])),
    Case("emr-ha-metastore", "RunJobFlowInput", available("Hive", Configurations=[settings("core-site", a=TOKEN)]),
         "got Hive without one",
         available("Hive", Configurations=[settings("hive-site", **{JDBC_URL: TOKEN})])),
    Case("emr-ha-metastore", "RunJobFlowInput", available("Oozie", "Trino"),
         "Hive, Hue, Oozie, Presto and Trino on three primary nodes must use an external database for metadata, got "
         "Oozie and Trino without one",
         available("Oozie", "Trino", Configurations=[
             settings("oozie-site", **{"EMR.secret@oozie.service.JPAService.jdbc.url":
                                       "arn:aws:secretsmanager:us-east-1:1:secret:a"}),
             settings("trino-connector-hive", **{"hive.metastore": "glue"})])),
    Case("emr-ha-metastore", "RunJobFlowInput", available("Hue"),
         "Hive, Hue, Oozie, Presto and Trino on three primary nodes must use an external database for metadata, got "
         "Hue without one",
         available("Hue", Configurations=[
             settings("hue-ini", settings("desktop", settings("database", host="db")))])),
    Case("emr-ha-metastore-postgresql", "RunJobFlowInput",
         available("Hive", Configurations=[settings("hive-site", **{JDBC_URL: "jdbc:postgresql://db/hive"})]),
         "Hive metastore of three primary nodes must not be in PostgreSQL, got 'jdbc:postgresql://db/hive'",
         available("Hive", Configurations=[settings("hive-site", **{JDBC_URL: "jdbc:mariadb://db/hive"})])),
    Case("emr-ha-step-failure", "RunJobFlowInput", available(Steps=[step("a", ActionOnFailure="TERMINATE_CLUSTER")]),
         "steps of a cluster with three primary nodes must not terminate it, because it is termination-protected, "
         "got TERMINATE_CLUSTER for step 'step'",
         # Whether it stays alive is not known here, or it would be warned about frozen steps.
         cluster(instances=groups(THREE, group(InstanceCount=4), **PROTECTED, KeepJobFlowAliveWhenNoSteps=KEEP_ALIVE),
                 Steps=[step("a", ActionOnFailure="CANCEL_AND_WAIT")])),
    Case("emr-placement-group", "PlacementGroupConfig", {"InstanceRole": "CORE", "PlacementStrategy": "CLUSTER"},
         "strategy of a placement group must be SPREAD for MASTER, got CLUSTER for CORE", SPREAD[0]),
    Case("emr-placement-group-masters", "RunJobFlowInput", cluster(PlacementGroupConfigs=SPREAD),
         "a placement group requires three primary nodes", available(PlacementGroupConfigs=SPREAD)),
    Case("emr-placement-group-release", "RunJobFlowInput",
         cluster(PlacementGroupConfigs=SPREAD, ReleaseLabel="emr-5.22.0"),
         "release must support placement groups (5.23.0 and later), got emr-5.22.0",
         available(PlacementGroupConfigs=SPREAD, ReleaseLabel="emr-5.23.0")),
]  # fmt: skip
