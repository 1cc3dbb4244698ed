"""For every rule what it refuses, what it says, and what it accepts instead."""

from __future__ import annotations

from typing import Any, NamedTuple

from emr_constructs._core.unknown import UNKNOWN as TOKEN

KEEP_ALIVE = {"Ref": "KeepAlive"}


class Case(NamedTuple):
    rule: str
    shape: str
    refused: dict[str, Any]
    says: str
    accepted: dict[str, Any]


def group(role: str = "CORE", **members: Any) -> dict[str, Any]:
    return {"InstanceRole": role, "InstanceType": "m4.xlarge", "InstanceCount": 1, **members}


def groups(*parts: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"InstanceGroups": list(parts), "KeepJobFlowAliveWhenNoSteps": True, **members}


def cluster(*, instances: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    return {
        "Name": "cluster",
        "ReleaseLabel": "emr-7.14.0",
        # A cluster with steps ends after them: one that stays alive is warned that they are frozen.
        "Instances": instances or groups(group("MASTER"), KeepJobFlowAliveWhenNoSteps="Steps" not in members),
        **members,
    }


def applications(*names: str) -> list[dict[str, str]]:
    return [{"Name": name} for name in names]


def step(*args: str, **members: Any) -> dict[str, Any]:
    jar = {"Jar": "command-runner.jar", **({"Args": list(args)} if args else {})}
    return {"Name": "step", "HadoopJarStep": jar, "ActionOnFailure": "CONTINUE", **members}


def bootstrap(*args: str) -> dict[str, Any]:
    return {"Name": "action", "ScriptBootstrapAction": {"Path": "s3://a/b.sh", "Args": list(args)}}


def volume(**members: Any) -> dict[str, Any]:
    return {"VolumeType": "gp3", "SizeInGB": 64, **members}


def ebs(size: int, *, optimized: bool) -> dict[str, Any]:
    return {"EbsOptimized": optimized, "EbsBlockDeviceConfigs": [{"VolumeSpecification": volume(SizeInGB=size)}]}


def tls(kind: str, **members: Any) -> dict[str, Any]:
    return {"CertificateProviderType": kind, **members}


def fleet(role: str = "CORE", on_demand: int = 1, spot: int = 0, **members: Any) -> dict[str, Any]:
    return {
        "InstanceFleetType": role,
        "TargetOnDemandCapacity": on_demand,
        "TargetSpotCapacity": spot,
        "InstanceTypeConfigs": [{"InstanceType": "m4.xlarge"}],
        **members,
    }


def fleets(*parts: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"InstanceFleets": list(parts), "KeepJobFlowAliveWhenNoSteps": True, **members}


def types(count: int, **members: Any) -> list[dict[str, Any]]:
    return [{"InstanceType": f"m{number}g.xlarge", **members} for number in range(count)]


def spot(**members: Any) -> dict[str, Any]:
    return {"TimeoutDurationMinutes": 60, "TimeoutAction": "SWITCH_TO_ON_DEMAND", **members}


def strategy(name: str) -> dict[str, Any]:
    return {"SpotSpecification": spot(AllocationStrategy=name)}


def managed(unit: str = "Instances", low: int = 1, high: int = 10, **limits: int) -> dict[str, Any]:
    return {
        "ComputeLimits": {"UnitType": unit, "MinimumCapacityUnits": low, "MaximumCapacityUnits": high, **limits},
    }


def alarm(**members: Any) -> dict[str, Any]:
    return {
        "ComparisonOperator": "LESS_THAN", "MetricName": "YARNMemoryAvailablePercentage", "Period": 300,
        "Threshold": 15.0, **members,
    }  # fmt: skip


def automatic(*names: str, low: int = 1, high: int = 10) -> dict[str, Any]:
    rules = [
        {"Name": name, "Action": {"SimpleScalingPolicyConfiguration": {"ScalingAdjustment": 1}},
         "Trigger": {"CloudWatchAlarmDefinition": alarm()}}
        for name in names
    ]  # fmt: skip
    return {"Constraints": {"MinCapacity": low, "MaxCapacity": high}, "Rules": rules}


def available(*names: str, core: int = 4, **members: Any) -> dict[str, Any]:
    """A highly available cluster with applications."""
    return cluster(
        instances=groups(THREE, group(InstanceCount=core), **PROTECTED), Applications=applications(*names), **members
    )


def settings(classification: str, *nested: dict[str, Any], **properties: str) -> dict[str, Any]:
    """One classification; two underscores in a key stand for a dot, one for a hyphen."""
    members: dict[str, Any] = {"Classification": classification}
    if properties:
        keys = {key.replace("__", ".").replace("_", "-"): value for key, value in properties.items()}
        members["Properties"] = keys
    if nested:
        members["Configurations"] = list(nested)
    return members


def launch(label: str, **encryption: Any) -> dict[str, Any]:
    return {"Cluster": cluster(ReleaseLabel=label), "SecurityConfiguration": {"EncryptionConfiguration": encryption}}


def dedicated(**members: Any) -> dict[str, Any]:
    return {"Provider": "ClusterDedicatedKdc", "ClusterDedicatedKdcConfiguration": members}


def external(**members: Any) -> dict[str, Any]:
    kdc = {"KdcServerType": "Single", "AdminServer": "kdc:749", "KdcServer": "kdc:88", **members}
    return {"Provider": "ExternalKdc", "ExternalKdcConfiguration": kdc}


def identity(**members: Any) -> dict[str, Any]:
    return {"EnableIdentityCenter": True, "IAMRoleForEMRIdentityCenterApplicationARN": ROLE, **members}


def plugin(application: str) -> dict[str, Any]:
    return {"App": application, "ClientSecretARN": SECRET, "PolicyRepositoryName": "service"}


def ranger(*applications: str, **members: Any) -> dict[str, Any]:
    return {
        "AdminServerURL": "https://ranger.example.com:6182",
        "AdminServerSecretARN": SECRET,
        "RoleForRangerPluginsARN": ROLE,
        "RoleForOtherAWSServicesARN": ROLE,
        "RangerPluginConfigurations": [plugin(application) for application in applications],
        **members,
    }


def document(
    *,
    kerberos: dict[str, Any] | None = None,
    identity_center: dict[str, Any] | None = None,
    authorization: dict[str, Any] | None = None,
    in_transit: bool = True,
) -> dict[str, Any]:
    authentication = {"KerberosConfiguration": kerberos, "IdentityCenterConfiguration": identity_center}
    return {
        "EncryptionConfiguration": CERTIFICATES if in_transit else {"EnableInTransitEncryption": False},
        "AuthenticationConfiguration": authentication,
        "AuthorizationConfiguration": authorization or {},
    }


def secured(made: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A cluster of ``members`` with the security configuration ``made``."""
    return {"Cluster": cluster(**members), "SecurityConfiguration": made}


def refers(member: str, kind: str, attribute: str = "Ref") -> dict[str, Any]:
    return {member: {"LogicalId": "Other", "Type": kind, "Attribute": attribute}}


def ingress(port: int, **peer: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}


def security_groups(service_access: list[dict[str, Any]], **members: Any) -> dict[str, Any]:
    return {
        "ReleaseLabel": "emr-7.14.0",
        "Master": {"LogicalId": "Master", "Ingress": []},
        "ServiceAccess": {"LogicalId": "ServiceAccess", "Ingress": service_access},
        **members,
    }


def opened(cidr: str) -> dict[str, Any]:
    rule = ingress(8080, **{"CidrIpv6" if ":" in cidr else "CidrIp": cidr})
    return {"Groups": [{"LogicalId": "Master", "Nodes": "master", "Ingress": [rule]}]}


def executors(**counts: str) -> dict[str, Any]:
    return settings("spark-defaults", **{f"spark__dynamicAllocation__{name}Executors": n for name, n in counts.items()})


def queues(default: str, etl: str) -> dict[str, Any]:
    root = "yarn.scheduler.capacity.root"
    shares = {f"{root}.queues": "default,etl", f"{root}.default.capacity": default, f"{root}.etl.capacity": etl}
    return {"Classification": "capacity-scheduler", "Properties": shares}


def fleet_of_a_type(**members: Any) -> dict[str, Any]:
    master = {"InstanceFleetType": "MASTER", "TargetOnDemandCapacity": 1, "TargetSpotCapacity": 0}
    types = [{"InstanceType": "m7g.xlarge", **members}]
    return {"InstanceFleets": [{**master, "InstanceTypeConfigs": types}], "KeepJobFlowAliveWhenNoSteps": True}


def with_kerberos(
    *names: str, tls: bool = True, parts: list[dict[str, Any]] | None = None, **members: Any
) -> dict[str, Any]:
    """A cluster of applications ``names`` with Kerberos, and with certificates that each release knows."""
    pem = {"TLSCertificateConfiguration": {"CertificateProviderType": "PEM", "S3Object": "s3://bucket/pem.zip"}}
    made = document(kerberos=dedicated(), in_transit=False)
    if tls:
        made["EncryptionConfiguration"] = {"EnableInTransitEncryption": True, "InTransitEncryptionConfiguration": pem}
    more = {"Configurations": parts} if parts else {}
    return secured(made, KerberosAttributes=REALM, Applications=applications(*names), **more, **members)


def configured(*names: str, parts: list[dict[str, Any]], **members: Any) -> dict[str, Any]:
    return cluster(Applications=applications(*names), Configurations=parts, **members)


MASTER, CORE, TASK = group("MASTER"), group("CORE"), group("TASK")
THREE = group("MASTER", InstanceCount=3)
PROTECTED = {"TerminationProtected": True}
HBASE_ROOT = settings("hbase-site", hbase__rootdir="s3://bucket/hbase")
HBASE_ON_S3 = settings("hbase", hbase__emr__storageMode="s3")
HBASE_REPLICA = settings("hbase", hbase__emr__storageMode="s3", hbase__emr__readreplica__enabled="true")
HBASE_WAL = settings("hbase", hbase__emr__storageMode="s3", hbase__emr__wal__enabled="true")
EMRFS = settings("core-site", fs__s3__impl="com.amazon.ws.emr.hadoop.fs.EmrFileSystem")
ON_DEMAND = settings("yarn-site", yarn__node_labels__am__default_node_label_expression="ON_DEMAND")
FLEETS = fleets(fleet("MASTER"), fleet())
SCALED = group(AutoScalingPolicy=automatic("out"))
AMI = "ami-01234567"
JDBC_URL = "javax.jdo.option.ConnectionURL"
SPREAD = [{"InstanceRole": "MASTER", "PlacementStrategy": "SPREAD"}]
RESERVED = {"UsageStrategy": "use-capacity-reservations-first", "CapacityReservationPreference": "open"}
RESOURCE_GROUP = "arn:aws:resource-groups:us-east-1:111111111111:group/reserved"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1"
ROLE = "arn:aws:iam::111111111111:role/analysts"
SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret:ranger"
CERTIFICATES = {
    "EnableInTransitEncryption": True,
    "InTransitEncryptionConfiguration": {"TLSCertificateConfiguration": {"CertificateProviderType": "EMR"}},
}
TRUST = {"Realm": "AD.EXAMPLE.COM", "Domain": "ad.example.com", "AdminServer": "ad:749", "KdcServer": "ad:88"}
DIRECTORY = {"AdRealm": "AD.EXAMPLE.COM", "AdDomain": "ad.example.com", "AdServer": "ad.example.com"}
REALM = {"Realm": "EC2.INTERNAL", "KdcAdminPassword": "{{resolve:secretsmanager:kdc}}"}
JOIN = {"ADDomainJoinUser": "joiner", "ADDomainJoinPassword": "{{resolve:secretsmanager:join}}"}
TRUST_PASSWORD = {"CrossRealmTrustPrincipalPassword": "{{resolve:secretsmanager:trust}}"}
RUNTIME_ROLES = {"IAMConfiguration": {"EnableApplicationScopedIAMRole": True}}
LAKE_FORMATION = {"LakeFormationConfiguration": {"AuthorizedSessionTagValue": "Amazon EMR"}}
MAPPINGS = {"EmrFsConfiguration": {"RoleMappings": [
    {"Role": ROLE, "IdentifierType": "User", "Identifiers": ["ana"]}]}}  # fmt: skip
GLUE = [{"Classification": "spark-hive-site", "Properties": {"hive.metastore.client.factory.class": "AWSGlueData"}}]
METASTORE_WITH_TLS = settings("hive-site", hive__metastore__use__SSL="true")
METASTORE_WITHOUT_TLS = settings("hive-site", hive__metastore__use__SSL="false")
SPARK_WITHOUT_TLS = settings("spark-hive-site", hive__metastore__use__SSL="false")
REMOTE = {"hive.metastore.uris": "thrift://metastore:9083"}
ACCESS_GRANTS = [{"Classification": "core-site", "Properties": {"fs.s3.s3AccessGrants.enabled": "true"}}]
DISK = "LocalDiskEncryptionConfiguration"
DOCUMENT = "SecurityConfigurationDocument"

STUDIO = "CreateStudioInput"
SESSION_MAPPING = "CreateStudioSessionMappingInput"
STUDIO_ROLE = "arn:aws:iam::111111111111:role/studio"


def sign_in(mode: str, **members: Any) -> dict[str, Any]:
    return {"AuthMode": mode, **members}


def studio(mode: str = "IAM", **members: Any) -> dict[str, Any]:
    return {
        "Name": "analysts",
        "VpcId": "vpc-11111111",
        "SubnetIds": ["subnet-11111111"],
        "ServiceRole": STUDIO_ROLE,
        "WorkspaceSecurityGroupId": "sg-11111111",
        "EngineSecurityGroupId": "sg-22222222",
        "DefaultS3Location": "s3://company-workspaces/analysts/",
        "AuthMode": mode,
        **members,
    }


def mapping(**members: Any) -> dict[str, Any]:
    return {
        "StudioId": "es-0123456789ABCDEF",
        "IdentityType": "GROUP",
        "IdentityName": "analysts",
        "SessionPolicyArn": "arn:aws:iam::111111111111:policy/analysts",
        **members,
    }


CASES = [
    # The engine, from the service model of EMR.
    Case("emr-type", "InstanceGroupConfig", group(InstanceCount="2"), "InstanceCount is '2'", group(InstanceCount=2)),
    Case("emr-type", "VolumeSpecification", volume(SizeInGB=True), "SizeInGB is True", volume(SizeInGB=1)),
    Case("emr-unknown-property", "Configuration", {"Classification": "a", "properties": {"b": "c"}},
         "no 'properties'; use 'Properties'", {"Classification": "a", "Properties": {"b": "c"}}),
    Case("emr-missing-property", "VolumeSpecification", {"VolumeType": "gp3"}, "lacks SizeInGB", volume()),
    Case("emr-enum", "InstanceGroupConfig", group(Market="RESERVED"), "Market is 'RESERVED'", group(Market="SPOT")),
    Case("emr-enum", "StepConfig", step("a", ActionOnFailure="IGNORE"), "use one of TERMINATE_JOB_FLOW",
         step("a", ActionOnFailure="CANCEL_AND_WAIT")),
    Case("emr-length", "StepConfig", step("a", Name="n" * 257), "has 257 characters", step("a", Name="n" * 256)),
    Case("emr-range", "VolumeSpecification", volume(Throughput=-1), "Throughput is -1", volume(Throughput=125)),
    # What a cluster in a template refers to
    Case("emr-profile-name", "RunJobFlowInput", cluster(JobFlowRole="arn:aws:iam::111111111111:role/nodes"),
         "JobFlowRole is 'arn:aws:iam::111111111111:role/nodes'", cluster(JobFlowRole="nodes")),
    Case("emr-profile-reference", "ClusterReferences", refers("JobFlowRole", "AWS::IAM::Role"),
         "JobFlowRole refers to 'Other', which is AWS::IAM::Role", refers("JobFlowRole", "AWS::IAM::InstanceProfile")),
    Case("emr-profile-reference", "ClusterReferences", refers("JobFlowRole", "AWS::IAM::InstanceProfile", "Arn"),
         "JobFlowRole is the ARN of the instance profile 'Other'", refers("JobFlowRole", "AWS::IAM::InstanceProfile")),
    Case("emr-role-reference", "ClusterReferences", refers("ServiceRole", "AWS::IAM::InstanceProfile"),
         "ServiceRole refers to 'Other'", refers("ServiceRole", "AWS::IAM::Role", "Arn")),
    Case("emr-security-configuration-reference", "ClusterReferences",
         refers("SecurityConfiguration", "AWS::KMS::Key"), "SecurityConfiguration refers to 'Other'",
         refers("SecurityConfiguration", "AWS::EMR::SecurityConfiguration")),
    Case("emr-unordered-resources", "ClusterReferences",
         {"Unordered": [{"LogicalId": "Policy", "Type": "AWS::IAM::Policy"}]}, "does not depend on Policy",
         {"Unordered": []}),
    Case("emr-ends-at-once", "ClusterReferences", {"KeepAlive": False, "HasSteps": False}, "nothing keeps it alive",
         {"KeepAlive": False, "HasSteps": True}),
    # Security groups and their rules in the same template
    Case("emr-service-access-port", "ClusterNetwork", security_groups([ingress(8443, Source="Master")]),
         "'ServiceAccess' has no ingress rule for it", security_groups([ingress(9443, Source="Master")])),
    Case("emr-service-access-missing", "ClusterNetwork",
         {"ReleaseLabel": "emr-7.14.0", "IsPrivate": True, "HasManagedGroups": True},
         "has none for service access", {"ReleaseLabel": "emr-7.14.0", "IsPrivate": True, "HasManagedGroups": False}),
    Case("emr-service-access-shared", "ClusterNetwork",
         security_groups([ingress(9443, Source="Master")], Groups=[{"LogicalId": "ServiceAccess", "Nodes": "master"}]),
         "is for service access and for master nodes", security_groups([ingress(9443, Source="Master")])),
    Case("emr-public-ingress", "ClusterNetwork", opened("0.0.0.0/0"), "lets port 8080 in from everywhere",
         opened("10.0.0.0/8")),
    Case("emr-public-ingress", "ClusterNetwork", opened("::/0"), "of the master nodes lets port 8080 in",
         {**opened("::/0"), "IsPrivate": True}),
    # Topology
    Case("emr-master-count", "InstanceGroupConfig", group("MASTER", InstanceCount=2), "instance count of 2", THREE),
    Case("emr-core-count", "InstanceGroupConfig", group(InstanceCount=0), "instance count of 0", CORE),
    Case("emr-task-count", "InstanceGroupConfig", group("TASK", InstanceCount=-1), "instance count of -1",
         group("TASK", InstanceCount=0)),
    Case("emr-groups-and-fleets", "JobFlowInstancesConfig",
         groups(MASTER, InstanceFleets=[{"InstanceFleetType": "MASTER"}]), "both instance groups and instance fleets",
         groups(MASTER)),
    Case("emr-no-nodes", "RunJobFlowInput", cluster(instances={"KeepJobFlowAliveWhenNoSteps": True}), "has no nodes",
         cluster()),
    Case("emr-master-group", "JobFlowInstancesConfig", groups(CORE), "has 0 master instance groups", groups(MASTER)),
    Case("emr-master-group", "JobFlowInstancesConfig", groups(MASTER, CORE, CORE), "has 2 core instance groups",
         groups(MASTER, CORE)),
    Case("emr-task-without-core", "JobFlowInstancesConfig", groups(MASTER, TASK), "task nodes and no core nodes",
         groups(MASTER, CORE, TASK)),
    Case("emr-task-group-limit", "JobFlowInstancesConfig", groups(MASTER, CORE, *[TASK] * 49),
         "49 task instance groups", groups(MASTER, CORE, *[TASK] * 48)),
    Case("emr-group-name-repeated", "JobFlowInstancesConfig",
         groups(MASTER, CORE, group("TASK", Name="a"), group("TASK", Name="a")), "2 instance groups have the name 'a'",
         groups(MASTER, CORE, group("TASK", Name="a"), group("TASK", Name="b"))),
    Case("emr-ha-release", "RunJobFlowInput",
         cluster(instances=groups(THREE, **PROTECTED), ReleaseLabel="emr-5.22.0"), "use emr-5.23.0",
         cluster(instances=groups(THREE, **PROTECTED), ReleaseLabel="emr-5.23.0")),
    Case("emr-ha-spot", "InstanceGroupConfig", {**THREE, "Market": "SPOT"}, "three master nodes run on Spot",
         {**THREE, "Market": "ON_DEMAND"}),
    Case("emr-ha-termination", "RunJobFlowInput",
         cluster(instances=groups(THREE, **PROTECTED), AutoTerminationPolicy={"IdleTimeout": 3600}),
         "three master nodes ends itself when idle", cluster(instances=groups(THREE, **PROTECTED))),
    Case("emr-ha-protection", "RunJobFlowInput", cluster(instances=groups(THREE, TerminationProtected=False)),
         "not protected from termination", cluster(instances=groups(THREE, **PROTECTED))),
    Case("emr-ha-termination", "RunJobFlowInput",
         cluster(instances=groups(THREE, KeepJobFlowAliveWhenNoSteps=False), Steps=[step("a")]),
         "three master nodes ends after its steps", cluster(instances=groups(THREE))),
    Case("emr-ha-release", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", 3), **PROTECTED), ReleaseLabel="emr-6.11.0"), "use emr-6.11.1",
         cluster(instances=fleets(fleet("MASTER", 3), **PROTECTED), ReleaseLabel="emr-5.36.1")),
    Case("emr-ha-subnet", "RunJobFlowInput",
         cluster(instances=groups(THREE, **PROTECTED), ServiceRole="r"), "has no subnet",
         cluster(instances=groups(THREE, **PROTECTED, Ec2SubnetId="subnet-1"), ServiceRole="r")),
    Case("emr-ha-subnet", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", 3), **PROTECTED), ServiceRole="r"), "has no subnet",
         cluster(instances=fleets(fleet("MASTER", 3), **PROTECTED, Ec2SubnetIds=["subnet-1"]), ServiceRole="r")),
    Case("emr-ha-replication", "RunJobFlowInput", available(core=3), "has 3 core nodes", available(core=4)),
    Case("emr-ha-replication", "RunJobFlowInput", available(core=2), "has 2 core nodes",
         available(core=2, Configurations=[settings("hdfs-site", **{"dfs.replication": "2"})])),
    Case("emr-ha-replication", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", 3), fleet("CORE", 1, 1), **PROTECTED)), "has 2 core nodes",
         cluster(instances=fleets(fleet("MASTER", 3), fleet("CORE", 1, 3), **PROTECTED))),
    Case("emr-ha-metastore", "RunJobFlowInput", available("Hive", "Spark"), "the metadata of Hive are on one",
         available("Hive", Configurations=[settings("hive-site", **{JDBC_URL: "jdbc:mysql://db:3306/hive"})])),
    Case("emr-ha-metastore", "RunJobFlowInput", available("Oozie", "Trino"), "metadata of Oozie and Trino are on one",
         available("Oozie", "Trino", Configurations=[
             settings("oozie-site", **{"EMR.secret@oozie.service.JPAService.jdbc.url":
                                       "arn:aws:secretsmanager:us-east-1:1:secret:a"}),
             settings("trino-connector-hive", **{"hive.metastore": "glue"})])),
    Case("emr-ha-metastore", "RunJobFlowInput", available("Hue"), "the metadata of Hue are on one",
         available("Hue", Configurations=[
             settings("hue-ini", settings("desktop", settings("database", host="db")))])),
    Case("emr-ha-metastore-postgresql", "RunJobFlowInput",
         available("Hive", Configurations=[settings("hive-site", **{JDBC_URL: "jdbc:postgresql://db/hive"})]),
         "is 'jdbc:postgresql://db/hive'",
         available("Hive", Configurations=[settings("hive-site", **{JDBC_URL: "jdbc:mariadb://db/hive"})])),
    Case("emr-ha-step-failure", "RunJobFlowInput", available(Steps=[step("a", ActionOnFailure="TERMINATE_CLUSTER")]),
         "is to end a protected cluster",
         # Whether it stays alive is not known here, or it would be warned about frozen steps.
         cluster(instances=groups(THREE, group(InstanceCount=4), **PROTECTED, KeepJobFlowAliveWhenNoSteps=KEEP_ALIVE),
                 Steps=[step("a", ActionOnFailure="CANCEL_AND_WAIT")])),
    Case("emr-placement-group", "PlacementGroupConfig", {"InstanceRole": "CORE", "PlacementStrategy": "CLUSTER"},
         "the strategy CLUSTER for core nodes", SPREAD[0]),
    Case("emr-placement-group-masters", "RunJobFlowInput", cluster(PlacementGroupConfigs=SPREAD),
         "without three master nodes has a placement group", available(PlacementGroupConfigs=SPREAD)),
    Case("emr-placement-group-release", "RunJobFlowInput",
         available(PlacementGroupConfigs=SPREAD, ReleaseLabel="emr-5.22.0"), "does not have placement groups",
         available(PlacementGroupConfigs=SPREAD, ReleaseLabel="emr-5.23.0")),
    Case("emr-master-fleet", "JobFlowInstancesConfig", fleets(fleet()), "has no master instance fleet", FLEETS),
    Case("emr-master-fleet", "JobFlowInstancesConfig",
         fleets(fleet("MASTER"), fleet(), fleet("TASK"), fleet("TASK")), "has 2 task instance fleets",
         fleets(fleet("MASTER"), fleet(), fleet("TASK"))),
    Case("emr-task-without-core", "JobFlowInstancesConfig", fleets(fleet("MASTER"), fleet("TASK")),
         "add a core instance fleet", FLEETS),
    Case("emr-group-name-repeated", "JobFlowInstancesConfig",
         fleets(fleet("MASTER", Name="a"), fleet(Name="a")), "2 instance fleets have the name 'a'",
         fleets(fleet("MASTER", Name="a"), fleet(Name="b"))),
    Case("emr-group-name-repeated", "AddInstanceGroupsInput",
         {"InstanceGroups": [group("TASK", Name="a"), group("TASK", Name="a")]}, "2 instance groups have the name 'a'",
         {"InstanceGroups": [group("TASK", Name="a"), group("TASK", Name="b")]}),
    Case("emr-added-group-role", "AddInstanceGroupsInput", {"InstanceGroups": [CORE]}, "a core instance group is added",
         {"InstanceGroups": [TASK]}),
    # Fleets
    Case("emr-fleet-capacity", "InstanceFleetConfig", fleet(on_demand=0), "are both 0", fleet(on_demand=0, spot=1)),
    Case("emr-fleet-capacity", "InstanceFleetConfig",
         {"InstanceFleetType": "TASK", "InstanceTypeConfigs": types(1)}, "are both 0", fleet("TASK")),
    Case("emr-master-fleet-target", "InstanceFleetConfig", fleet("MASTER", 1, 1), "1 On-Demand units and 1 Spot units",
         fleet("MASTER", 0, 1)),
    Case("emr-master-fleet-target", "InstanceFleetConfig", fleet("MASTER", 0, 3), "0 On-Demand units and 3 Spot units",
         fleet("MASTER", 3)),
    Case("emr-master-fleet-weight", "InstanceFleetConfig",
         fleet("MASTER", InstanceTypeConfigs=types(1, WeightedCapacity=2)), "weighs 2 units",
         fleet("MASTER", InstanceTypeConfigs=types(1, WeightedCapacity=1))),
    Case("emr-fleet-weight", "InstanceTypeConfig", types(1, WeightedCapacity=0)[0], "weighs 0 units",
         types(1, WeightedCapacity=1)[0]),
    Case("emr-fleet-types", "InstanceFleetConfig", fleet(InstanceTypeConfigs=[]), "has no instance types", fleet()),
    Case("emr-fleet-types", "InstanceFleetConfig", fleet(InstanceTypeConfigs=types(6)),
         "without an allocation strategy has 6 instance types", fleet(InstanceTypeConfigs=types(5))),
    Case("emr-fleet-types", "InstanceFleetConfig",
         fleet(InstanceTypeConfigs=types(31), LaunchSpecifications=strategy("diversified")), "use 30 at most",
         fleet(InstanceTypeConfigs=types(30), LaunchSpecifications=strategy("diversified"))),
    Case("emr-fleet-bid", "InstanceTypeConfig", types(1, BidPrice="1", BidPriceAsPercentageOfOnDemandPrice=50)[0],
         "a bid price and a percentage", types(1, BidPriceAsPercentageOfOnDemandPrice=50)[0]),
    Case("emr-bid-price", "InstanceTypeConfig", types(1, BidPrice="-1")[0], "the bid price is '-1'",
         types(1, BidPrice="0.25")[0]),
    Case("emr-instance-type", "InstanceTypeConfig", {"InstanceType": "m7g"}, "'m7g' is not",
         {"InstanceType": "m7g.xlarge"}),
    Case("emr-custom-ami-id", "InstanceTypeConfig", types(1, CustomAmiId="ami-1")[0], "'ami-1' is not the id",
         types(1, CustomAmiId=AMI)[0]),
    Case("emr-custom-ami-twice", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=types(1, CustomAmiId=AMI))), CustomAmiId=AMI),
         "both the cluster and an instance type", cluster(instances=FLEETS, CustomAmiId=AMI)),
    Case("emr-fleet-priority", "InstanceFleetConfig",
         fleet(LaunchSpecifications=strategy("capacity-optimized-prioritized")), "no type with a priority",
         fleet(LaunchSpecifications=strategy("capacity-optimized-prioritized"),
               InstanceTypeConfigs=types(2, Priority=0))),
    Case("emr-fleet-priority-unused", "InstanceFleetConfig", fleet(InstanceTypeConfigs=types(1, Priority=1)),
         "no allocation strategy that looks at it",
         fleet(InstanceTypeConfigs=types(1, Priority=1), ResizeSpecifications={
             "OnDemandResizeSpecification": {"AllocationStrategy": "prioritized"}})),
    Case("emr-spot-timeout", "SpotProvisioningSpecification", spot(TimeoutDurationMinutes=4), "is 4 minutes",
         spot(TimeoutDurationMinutes=1440)),
    Case("emr-resize-timeout", "SpotResizingSpecification", {"TimeoutDurationMinutes": 10081}, "is 10081 minutes",
         {"TimeoutDurationMinutes": 10080}),
    Case("emr-resize-timeout", "OnDemandResizingSpecification", {"TimeoutDurationMinutes": 4}, "is 4 minutes",
         {"TimeoutDurationMinutes": 5}),
    Case("emr-spot-block", "SpotProvisioningSpecification", spot(BlockDurationMinutes=60),
         "leave BlockDurationMinutes out: EC2 ended Spot blocks", spot()),
    Case("emr-capacity-reservation-strategy", "OnDemandProvisioningSpecification",
         {"AllocationStrategy": "prioritized", "CapacityReservationOptions": RESERVED}, "the allocation strategy prio",
         {"AllocationStrategy": "lowest-price", "CapacityReservationOptions": RESERVED}),
    Case("emr-capacity-reservation-group", "OnDemandCapacityReservationOptions",
         {"CapacityReservationResourceGroupArn": RESOURCE_GROUP}, "have no usage strategy",
         {"CapacityReservationResourceGroupArn": RESOURCE_GROUP, "UsageStrategy": RESERVED["UsageStrategy"]}),
    Case("emr-capacity-reservation-group", "OnDemandCapacityReservationOptions",
         {"CapacityReservationResourceGroupArn": "reserved", "UsageStrategy": RESERVED["UsageStrategy"]},
         "is 'reserved'; use an ARN", RESERVED),
    Case("emr-capacity-reservation-group", "OnDemandCapacityReservationOptions",
         {"CapacityReservationResourceGroupArn": RESOURCE_GROUP, "UsageStrategy": RESERVED["UsageStrategy"],
          "CapacityReservationPreference": "none"}, "reservations are not to be used",
         {"CapacityReservationPreference": "none"}),
    Case("emr-fleet-release", "RunJobFlowInput", cluster(instances=FLEETS, ReleaseLabel="emr-5.0.3"), "use emr-5.1.0",
         cluster(instances=FLEETS, ReleaseLabel="emr-5.1.0")),
    Case("emr-fleet-strategy-release", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", LaunchSpecifications=strategy("diversified"))),
                 ReleaseLabel="emr-5.12.0"), "use emr-5.12.1", cluster(instances=FLEETS, ReleaseLabel="emr-5.12.0")),
    Case("emr-added-fleet-role", "AddInstanceFleetInput", {"InstanceFleet": fleet()}, "a core instance fleet is added",
         {"InstanceFleet": fleet("TASK")}),
    Case("emr-added-fleet-types", "AddInstanceFleetInput",
         {"InstanceFleet": fleet("TASK", InstanceTypeConfigs=types(6), LaunchSpecifications=strategy("diversified"))},
         "with 6 instance types is added", {"InstanceFleet": fleet("TASK", InstanceTypeConfigs=types(5))}),
    # Scaling
    Case("emr-managed-scaling-limits", "ManagedScalingPolicy", managed(low=11), "is 11 and the maximum 10", managed()),
    Case("emr-managed-scaling-limits", "ManagedScalingPolicy", managed(low=0), "use 1 or more, for the core nodes",
         managed(low=10)),
    Case("emr-managed-scaling-limits", "ManagedScalingPolicy", managed(MaximumOnDemandCapacityUnits=11),
         "the On-Demand limit of managed scaling is 11", managed(MaximumOnDemandCapacityUnits=0)),
    Case("emr-managed-scaling-limits", "ManagedScalingPolicy", managed(MaximumCoreCapacityUnits=0), "use 1 to 10",
         managed(MaximumCoreCapacityUnits=10)),
    Case("emr-managed-scaling-index", "ManagedScalingPolicy",
         {"ScalingStrategy": "ADVANCED", "UtilizationPerformanceIndex": 60}, "index is 60",
         {"ScalingStrategy": "ADVANCED", "UtilizationPerformanceIndex": 75}),
    Case("emr-managed-scaling-strategy", "ManagedScalingPolicy", {"UtilizationPerformanceIndex": 50},
         "the default scaling strategy has", {"ScalingStrategy": "ADVANCED", "UtilizationPerformanceIndex": 50}),
    Case("emr-managed-scaling-release", "RunJobFlowInput",
         cluster(instances=groups(MASTER, CORE), ManagedScalingPolicy=managed(), ReleaseLabel="emr-5.29.0"),
         "use emr-5.30.0",
         cluster(instances=groups(MASTER, CORE), ManagedScalingPolicy=managed(), ReleaseLabel="emr-5.30.0")),
    Case("emr-managed-scaling-release", "RunJobFlowInput",
         cluster(instances=groups(MASTER, CORE), ReleaseLabel="emr-6.15.0",
                 ManagedScalingPolicy={"ScalingStrategy": "ADVANCED"}), "use emr-7.0.0",
         cluster(instances=groups(MASTER, CORE), ReleaseLabel="emr-7.0.0",
                 ManagedScalingPolicy={"ScalingStrategy": "ADVANCED"})),
    Case("emr-managed-scaling-unit", "RunJobFlowInput",
         cluster(instances=groups(MASTER, CORE), ManagedScalingPolicy=managed("InstanceFleetUnits")),
         "use Instances or VCPU", cluster(instances=groups(MASTER, CORE), ManagedScalingPolicy=managed("VCPU"))),
    Case("emr-managed-scaling-unit", "RunJobFlowInput", cluster(instances=FLEETS, ManagedScalingPolicy=managed()),
         "use InstanceFleetUnits",
         cluster(instances=FLEETS, ManagedScalingPolicy=managed("InstanceFleetUnits"))),
    Case("emr-managed-scaling-core", "RunJobFlowInput", cluster(ManagedScalingPolicy=managed()),
         "without core nodes has managed scaling",
         cluster(instances=groups(MASTER, CORE), ManagedScalingPolicy=managed())),
    Case("emr-managed-scaling-initial", "RunJobFlowInput",
         cluster(instances=groups(MASTER, CORE, group("TASK", InstanceCount=10)), ManagedScalingPolicy=managed()),
         "is launched with 11 units",
         cluster(instances=groups(MASTER, CORE, group("TASK", InstanceCount=9)), ManagedScalingPolicy=managed())),
    Case("emr-managed-scaling-initial", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER"), fleet("CORE", 6, 5)),
                 ManagedScalingPolicy=managed("InstanceFleetUnits")), "is launched with 11 units",
         cluster(instances=fleets(fleet("MASTER"), fleet("CORE", 5, 5)),
                 ManagedScalingPolicy=managed("InstanceFleetUnits"))),
    Case("emr-managed-scaling-not-on-yarn", "RunJobFlowInput",
         cluster(instances=groups(MASTER, CORE), ManagedScalingPolicy=managed(), Applications=applications("HBase")),
         "says nothing about HBase",
         cluster(instances=groups(MASTER, CORE), ManagedScalingPolicy=managed(), Applications=applications("Spark"))),
    Case("emr-two-scalings", "RunJobFlowInput",
         cluster(instances=groups(MASTER, SCALED), ManagedScalingPolicy=managed()), "managed scaling and an instance",
         cluster(instances=groups(MASTER, SCALED))),
    Case("emr-auto-scaling-role", "RunJobFlowInput", cluster(instances=groups(MASTER, SCALED), ServiceRole="r"),
         "the cluster has no autoscaling role",
         cluster(instances=groups(MASTER, SCALED), ServiceRole="r", AutoScalingRole="s")),
    Case("emr-auto-scaling-role", "RunJobFlowInput", cluster(instances=FLEETS, AutoScalingRole="s"),
         "instance fleets are resized by managed scaling", cluster(AutoScalingRole="s")),
    Case("emr-auto-scaling-master", "InstanceGroupConfig", group("MASTER", AutoScalingPolicy=automatic("a")),
         "the master instance group has an automatic", SCALED),
    Case("emr-auto-scaling-limits", "AutoScalingPolicy", automatic("a", low=11), "minimum 11 and the maximum 10",
         automatic("a", low=10)),
    Case("emr-auto-scaling-limits", "AutoScalingPolicy", automatic("a", low=-1), "the minimum -1",
         automatic("a", low=0)),
    Case("emr-auto-scaling-rules", "AutoScalingPolicy", automatic(), "has no rules", automatic("a")),
    Case("emr-auto-scaling-rules", "AutoScalingPolicy", automatic("a", "a"), "2 automatic scaling rules have the name",
         automatic("a", "b")),
    Case("emr-scaling-adjustment", "SimpleScalingPolicyConfiguration", {"ScalingAdjustment": 0}, "capacity by 0",
         {"ScalingAdjustment": -1}),
    Case("emr-scaling-adjustment", "SimpleScalingPolicyConfiguration",
         {"ScalingAdjustment": 0, "AdjustmentType": "EXACT_CAPACITY"}, "sets the capacity to 0",
         {"ScalingAdjustment": 1, "AdjustmentType": "EXACT_CAPACITY"}),
    Case("emr-scaling-cool-down", "SimpleScalingPolicyConfiguration", {"ScalingAdjustment": 1, "CoolDown": -1},
         "is -1 seconds", {"ScalingAdjustment": 1, "CoolDown": 0}),
    Case("emr-scaling-period", "CloudWatchAlarmDefinition", alarm(Period=60), "is 60 seconds", alarm(Period=600)),
    Case("emr-scaling-period", "CloudWatchAlarmDefinition", alarm(Period=0, Namespace="Mine"), "is 0 seconds",
         alarm(Period=60, Namespace="Mine")),
    Case("emr-scaling-evaluation-periods", "CloudWatchAlarmDefinition", alarm(EvaluationPeriods=0), "at 0 periods",
         alarm(EvaluationPeriods=1)),
    Case("emr-scaling-market", "ScalingAction",
         {"Market": "SPOT", "SimpleScalingPolicyConfiguration": {"ScalingAdjustment": 1}}, "has the market SPOT",
         {"SimpleScalingPolicyConfiguration": {"ScalingAdjustment": 1}}),
    # Capacity
    Case("emr-volume-type", "VolumeSpecification", volume(VolumeType="gp4"), "'gp4'", volume(VolumeType="sc1")),
    Case("emr-volume-size", "VolumeSpecification", volume(SizeInGB=1025), "1025 GiB", volume(SizeInGB=1024)),
    Case("emr-volume-size-optimized", "EbsConfiguration", ebs(9, optimized=True), "9 GiB on an EBS-optimized instance",
         ebs(9, optimized=False)),
    Case("emr-volume-throughput", "VolumeSpecification", volume(Throughput=1001), "1001 MiB/s",
         volume(Throughput=750)),
    Case("emr-volume-throughput-type", "VolumeSpecification", volume(VolumeType="gp2", Throughput=125),
         "a gp2 volume has a throughput", volume(VolumeType="gp3", Throughput=125)),
    Case("emr-volume-iops-type", "VolumeSpecification", volume(VolumeType="st1", Iops=3000),
         "a st1 volume has provisioned IOPS", volume(VolumeType="io1", Iops=3000)),
    Case("emr-volume-iops", "VolumeSpecification", volume(Iops=2999), "2999 IOPS", volume(Iops=3000)),
    Case("emr-volume-iops-size", "VolumeSpecification", volume(SizeInGB=10, Iops=5001),
         "5001 IOPS on 10 GiB, more than 500 for each GiB; use 5000 IOPS at most, or 11 GiB at least",
         volume(SizeInGB=10, Iops=5000)),
    Case("emr-volume-iops-size", "VolumeSpecification", volume(VolumeType="io1", SizeInGB=10, Iops=501),
         "the io1 volume has 501 IOPS on 10 GiB", volume(SizeInGB=1, Iops=3000)),
    Case("emr-volume-throughput-iops", "VolumeSpecification", volume(Throughput=751),
         "751 MiB/s on 3000 IOPS, more than 0.25 for each; use 750 MiB/s at most, or 3004 IOPS at least",
         volume(Throughput=1000, Iops=4000)),
    Case("emr-volumes-per-instance", "EbsBlockDeviceConfig",
         {"VolumeSpecification": volume(), "VolumesPerInstance": 0}, "per instance is 0",
         {"VolumeSpecification": volume(), "VolumesPerInstance": 1}),
    Case("emr-bid-price-market", "InstanceGroupConfig", group(Market="ON_DEMAND", BidPrice="1"), "bid price of 1",
         group(Market="SPOT", BidPrice="1")),
    Case("emr-bid-price", "InstanceGroupConfig", group(Market="SPOT", BidPrice="$1"), "the bid price is '$1'",
         group(Market="SPOT", BidPrice="OnDemandPrice")),
    Case("emr-bid-price", "InstanceGroupConfig", group(Market="SPOT", BidPrice="0.0"), "the bid price is '0.0'",
         group(Market="SPOT", BidPrice="0.25")),
    Case("emr-instance-type", "InstanceGroupConfig", group(InstanceType="m7gxlarge"), "'m7gxlarge' is not",
         group(InstanceType="u7i-6tb.112xlarge")),
    Case("emr-custom-ami-id", "InstanceGroupConfig", group(CustomAmiId="my-image"), "'my-image' is not the id",
         group(CustomAmiId="ami-0123456789abcdef0")),
    Case("emr-custom-ami-id", "RunJobFlowInput", cluster(CustomAmiId="ami-1"), "'ami-1' is not the id",
         cluster(CustomAmiId="ami-01234567")),
    Case("emr-custom-ami-twice", "RunJobFlowInput",
         cluster(instances=groups(group("MASTER", CustomAmiId="ami-01234567")), CustomAmiId="ami-01234567"),
         "both the cluster and an instance group", cluster(CustomAmiId="ami-01234567")),
    Case("emr-custom-ami-release", "RunJobFlowInput", cluster(CustomAmiId="ami-01234567", ReleaseLabel="emr-5.6.0"),
         "use emr-5.7.0", cluster(CustomAmiId="ami-01234567", ReleaseLabel="emr-5.7.0")),
    Case("emr-instance-type-unknown", "RunJobFlowInput",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlrage"))), "use 'm7g.xlarge' if you meant that",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge")))),
    Case("emr-instance-type-unknown", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "zz99.small"}]))),
         "no instance type 'zz99.small' for any release; correct it",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "r7g.xlarge"}])))),
    Case("emr-instance-type-release", "RunJobFlowInput",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge")), ReleaseLabel="emr-6.9.0"),
         "emr-6.9.0 does not support the instance type m7g.xlarge; use emr-6.10.0, or another instance type",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge")), ReleaseLabel="emr-6.10.0")),
    Case("emr-instance-type-release", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "m8gd.xlarge"}])),
                 ReleaseLabel="emr-7.0.0"), "use emr-7.1.0",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "m8gd.xlarge"}])),
                 ReleaseLabel="emr-7.1.0")),
    Case("emr-custom-ami-architecture", "RunJobFlowInput",
         cluster(CustomAmiId=AMI, instances=groups(
             group("MASTER", InstanceType="m7g.xlarge"), group(InstanceType="m7i.xlarge"))),
         "the AMI of the cluster is used for m7g.xlarge (AARCH64) and m7i.xlarge (X86_64)",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge"), group(InstanceType="m7i.xlarge")))),
    Case("emr-custom-ami-architecture", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[
             {"InstanceType": "m7g.xlarge", "CustomAmiId": AMI}, {"InstanceType": "m7i.xlarge", "CustomAmiId": AMI}]))),
         f"{AMI} is used for m7g.xlarge (AARCH64) and m7i.xlarge (X86_64)",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[
             {"InstanceType": "m7g.xlarge", "CustomAmiId": AMI},
             {"InstanceType": "m7i.xlarge", "CustomAmiId": "ami-76543210"}])))),
    Case("emr-root-volume-size", "RunJobFlowInput", cluster(EbsRootVolumeSize=14), "use 15 to 100 GiB",
         cluster(EbsRootVolumeSize=14, ReleaseLabel="emr-6.9.0")),
    Case("emr-root-volume-size", "RunJobFlowInput", cluster(EbsRootVolumeSize=101), "is 101 GiB",
         cluster(EbsRootVolumeSize=100)),
    Case("emr-root-volume-iops", "RunJobFlowInput", cluster(EbsRootVolumeIops=16001), "16001 IOPS",
         cluster(EbsRootVolumeIops=16000)),
    Case("emr-root-volume-iops", "RunJobFlowInput", cluster(EbsRootVolumeSize=15, EbsRootVolumeIops=7501),
         "use 7500 IOPS at most, or 16 GiB at least", cluster(EbsRootVolumeSize=15, EbsRootVolumeIops=7500)),
    Case("emr-root-volume-throughput", "RunJobFlowInput", cluster(EbsRootVolumeThroughput=100), "is 100 MiB/s",
         cluster(EbsRootVolumeThroughput=125)),
    Case("emr-root-volume-throughput", "RunJobFlowInput", cluster(EbsRootVolumeThroughput=751),
         "use 750 MiB/s at most, or 3004 IOPS at least",
         cluster(EbsRootVolumeThroughput=751, EbsRootVolumeIops=3004)),
    Case("emr-root-volume-release", "RunJobFlowInput", cluster(EbsRootVolumeIops=3000, ReleaseLabel="emr-6.14.0"),
         "use emr-6.15.0", cluster(EbsRootVolumeIops=3000, ReleaseLabel="emr-6.15.0")),
    # Releases and applications
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="7.14.0"), "'7.14.0' is not a release label",
         cluster(ReleaseLabel="emr-7.14.0")),
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="emr-6.16.0"), "EMR has no release emr-6.16.0",
         cluster(ReleaseLabel="emr-6.15.0")),
    Case("emr-release-unknown", "RunJobFlowInput", cluster(ReleaseLabel="emr-7.99.0"), "does not know the release",
         cluster(ReleaseLabel="emr-spark-8.1.0")),
    Case("emr-application-unavailable", "RunJobFlowInput", cluster(Applications=applications("Ganglia")),
         "emr-6.15.0 is the newest release that offers it", cluster(Applications=applications("spark", "HADOOP"))),
    Case("emr-application-unavailable", "RunJobFlowInput",
         cluster(Applications=applications("Hive"), ReleaseLabel="emr-spark-8.1.0"), "does not offer",
         cluster(Applications=applications("Hive"))),
    Case("emr-application-repeated", "RunJobFlowInput", cluster(Applications=applications("Spark", "spark")),
         "named 2 times", cluster(Applications=applications("Spark", "Hive"))),
    Case("emr-presto-and-trino", "RunJobFlowInput", cluster(Applications=applications("Presto", "Trino")),
         "both Presto and Trino", cluster(Applications=applications("Trino"))),
    # Termination
    Case("emr-idle-timeout", "AutoTerminationPolicy", {"IdleTimeout": 59}, "59 seconds", {"IdleTimeout": 604800}),
    Case("emr-idle-release", "RunJobFlowInput",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, ReleaseLabel="emr-6.0.1"), "use emr-6.1.0",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, ReleaseLabel="emr-5.30.0")),
    Case("emr-idle-not-on-yarn", "RunJobFlowInput",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, Applications=applications("HBase", "Trino")),
         "nothing about HBase and Trino",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, Applications=applications("Spark"))),
    Case("emr-idle-without-keep-alive", "RunJobFlowInput",
         cluster(instances=groups(MASTER, KeepJobFlowAliveWhenNoSteps=False), Steps=[step("a")],
                 AutoTerminationPolicy={"IdleTimeout": 60}), "has an idle timeout",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60})),
    Case("emr-no-steps-no-keep-alive", "RunJobFlowInput",
         cluster(instances=groups(MASTER, KeepJobFlowAliveWhenNoSteps=False)), "ends after its steps and has none",
         cluster(instances=groups(MASTER, KeepJobFlowAliveWhenNoSteps=False), Steps=[step("a")])),
    Case("emr-scale-down-behavior", "RunJobFlowInput", cluster(ScaleDownBehavior="TERMINATE_AT_INSTANCE_HOUR"),
         "at the instance hour", cluster(ScaleDownBehavior="TERMINATE_AT_TASK_COMPLETION")),
    # Steps
    Case("emr-step-name", "StepConfig", step("a", Name=""), "the name of a step is empty", step("a", Name="a")),
    Case("emr-step-command-in-one-argument", "StepConfig", step("spark-submit s3://a/b.py"), "is the whole command",
         step("spark-submit", "s3://a/b.py")),
    Case("emr-step-no-command", "StepConfig", step(), "without arguments", step("hive")),
    Case("emr-spark-deploy-mode", "StepConfig", step("spark-submit", "--deploy-mode", "local", "s3://a/b.py"),
         "the deploy mode of the step 'step' is 'local'; use 'cluster' or 'client'",
         step("spark-submit", "--deploy-mode=client", "s3://a/b.py", "--deploy-mode", "local")),
    Case("emr-spark-deploy-mode", "StepConfig", step("spark-sql", "--deploy-mode", "cluster", "-f", "s3://a/b.sql"),
         "runs spark-sql in the deploy mode 'cluster'; leave it out", step("spark-sql", "-f", "s3://a/b.sql")),
    Case("emr-spark-property", "StepConfig", step("spark-submit", "--verbose", "--conf", "executor.cores=4", "s3://a/b"),
         "sets the property 'executor.cores'", step("spark-submit", "--conf=spark.executor.cores=4", "s3://a/b.py",
                                                    "--conf", "local.yaml")),
    Case("emr-spark-property", "StepConfig", step("spark-sql", "--conf=hive.exec.parallel=true", "-f", "s3://a/b.sql"),
         "sets the property 'hive.exec.parallel'", step("spark-submit", "--class", TOKEN, "--deploy-mode", "client",
                                                        "s3://a/b.jar", "--conf=local.yaml")),
    Case("emr-spark-packages", "StepConfig", step("spark-submit", "--packages=org.a:b:1,org.a:c", "s3://a/b.py"),
         "has the package 'org.a:c'; use group:artifact:version",
         step("spark-submit", "--packages", "org.a:b:1,org.a:c:1", "s3://a/b.py")),
    Case("emr-s3distcp-options", "StepConfig", step("s3-dist-cp", "--src=hdfs:///a"), "without --dest; give both",
         step("s3-dist-cp", "--src", "hdfs:///a", "--dest", "s3://a/b")),
    Case("emr-s3distcp-options", "StepConfig", step("s3-dist-cp", "--src=a", "--dest=b", "--targetSize=128"),
         "has --targetSize and no --groupBy", step("s3-dist-cp", "--src=a", TOKEN, "--targetSize=128")),
    Case("emr-s3distcp-options", "StepConfig", step("s3-dist-cp", "--src=a", "--dest=b", "--outputCodec=zip"),
         "the output codec of the step 'step' is 'zip'",
         step("s3-dist-cp", "--deleteOnSuccess", "--src=a", "--dest=b", "--outputCodec=gz")),
    Case("emr-step-concurrency", "RunJobFlowInput", cluster(StepConcurrencyLevel=257), "level is 257",
         cluster(StepConcurrencyLevel=256)),
    Case("emr-step-concurrency-release", "RunJobFlowInput",
         cluster(StepConcurrencyLevel=2, ReleaseLabel="emr-5.27.0"), "use emr-5.28.0",
         cluster(StepConcurrencyLevel=1, ReleaseLabel="emr-5.27.0")),
    Case("emr-step-concurrency-failure", "RunJobFlowInput",
         cluster(StepConcurrencyLevel=2, Steps=[step("a", ActionOnFailure="CANCEL_AND_WAIT")]),
         "has the action on failure CANCEL_AND_WAIT",
         cluster(StepConcurrencyLevel=1, Steps=[step("a", ActionOnFailure="CANCEL_AND_WAIT")])),
    Case("emr-step-count", "RunJobFlowInput", cluster(Steps=[step("a")] * 101), "give 100 at most",
         cluster(Steps=[step("a")] * 101, ReleaseLabel="emr-7.13.0")),
    Case("emr-step-count", "RunJobFlowInput", cluster(Steps=[step("a")] * 257, ReleaseLabel="emr-7.13.0"),
         "give 256 at most", cluster(Steps=[step("a")] * 100)),
    Case("emr-step-application", "RunJobFlowInput",
         cluster(Applications=applications("Spark"), Steps=[step("s3-dist-cp", "--src=a", "--dest=b")]),
         "runs s3-dist-cp and the cluster does not have Hadoop; add Hadoop",
         cluster(Applications=applications("Spark"), Steps=[step("s3-dist-cp", "--src=a", "--dest=b")],
                 ReleaseLabel="emr-spark-8.1.0")),
    Case("emr-steps-frozen", "RunJobFlowInput", cluster(Steps=[step("a")], instances=groups(MASTER)),
         "is defined with a step: a change", cluster(Steps=[step("a")])),
    Case("emr-steps-frozen", "RunJobFlowInput", cluster(Steps=[step("a"), step("b")], instances=groups(MASTER)),
         "is defined with 2 steps", cluster(instances=groups(MASTER))),
    Case("emr-repeated-argument", "RunJobFlowInput",
         cluster(Steps=[step("hive", "-d", "A=1", "-d", "B=2")]),
         "the step 'step' has the argument '-d' more than once; join option and value",
         cluster(Steps=[step("a", TOKEN, TOKEN)])),
    Case("emr-repeated-argument", "RunJobFlowInput", cluster(BootstrapActions=[bootstrap("-p", "a", "-p", "b")]),
         "the bootstrap action 'action' has the argument '-p' more than once",
         cluster(BootstrapActions=[bootstrap("-p", "a", "b")])),
    Case("emr-step-application", "RunJobFlowInput",
         cluster(Applications=applications("Hive"), Steps=[step("spark-submit", "s3://a/b.py")]),
         "add Spark to the applications",
         cluster(Applications=applications("Spark"), Steps=[step("spark-submit", "s3://a/b.py")])),
    Case("emr-bootstrap-action-count", "RunJobFlowInput",
         cluster(BootstrapActions=[{"Name": "a", "ScriptBootstrapAction": {"Path": "s3://a/b"}}] * 17), "has 17",
         cluster(BootstrapActions=[{"Name": "a", "ScriptBootstrapAction": {"Path": "s3://a/b"}}] * 16)),
    Case("emr-bootstrap-action-path", "ScriptBootstrapActionConfig", {"Path": "https://a/b"}, "'https://a/b'",
         {"Path": "file:/usr/share/aws/emr/run-if"}),
    # Names, tags and logs
    Case("emr-cluster-name", "RunJobFlowInput", cluster(Name="a|b"), "the cluster name is 'a|b'", cluster(Name="a/b")),
    Case("emr-cluster-name", "RunJobFlowInput", cluster(Name=""), "the cluster name is ''", cluster(Name="a")),
    Case("emr-tag-key", "Tag", {"Key": "aws:cost", "Value": ""}, "'aws:cost'", {"Key": "cost", "Value": ""}),
    Case("emr-tag-value", "Tag", {"Key": "a", "Value": "v" * 257}, "257 characters", {"Key": "a", "Value": "v" * 256}),
    Case("emr-log-uri", "RunJobFlowInput", cluster(LogUri="bucket/logs"), "'bucket/logs'",
         cluster(LogUri="s3://bucket/logs/")),
    Case("emr-log-key-without-uri", "RunJobFlowInput", cluster(LogEncryptionKmsKeyId=KEY), "no location",
         cluster(LogEncryptionKmsKeyId=KEY, LogUri="s3://bucket/")),
    Case("emr-log-uri", "S3MonitoringConfiguration", {"LogUri": "bucket/logs"}, "'bucket/logs'",
         {"LogUri": "s3://bucket/logs/"}),
    Case("emr-step-log-key-without-uri", "S3MonitoringConfiguration", {"EncryptionKeyArn": KEY}, "no location",
         {"LogUri": "s3://bucket/logs/", "EncryptionKeyArn": KEY}),
    Case("emr-log-key-release", "RunJobFlowInput",
         cluster(LogEncryptionKmsKeyId=KEY, LogUri="s3://bucket/", ReleaseLabel="emr-6.0.0"), "use emr-6.0.1",
         cluster(LogEncryptionKmsKeyId=KEY, LogUri="s3://bucket/", ReleaseLabel="emr-5.30.0")),
    # Software
    Case("emr-classification", "Configuration", {"Classification": "spark defaults", "Properties": {"a": "b"}},
         "'spark defaults'", {"Classification": "spark-log4j2", "Properties": {"a": "b"}}),
    Case("emr-classification-repeated", "RunJobFlowInput",
         cluster(Configurations=[{"Classification": "a", "Properties": {"b": "c"}}] * 2), "have the classification 'a'",
         cluster(Configurations=[{"Classification": "a", "Properties": {"b": "c"}}])),
    Case("emr-secret-reference", "Configuration",
         {"Classification": "hive-site", "Properties": {"EMR.secret@password": "plain"}}, "'EMR.secret@password'",
         {"Classification": "hive-site",
          "Properties": {"EMR.secret@password": "arn:aws-cn:secretsmanager:cn-north-1:1:secret:a"}}),
    Case("emr-secret-length", "Configuration",
         {"Classification": "a", "Properties": {"EMR.secret@" + "k" * 900: SECRET + "s" * 200}}, "characters with its",
         {"Classification": "a", "Properties": {"EMR.secret@" + "k" * 700: SECRET + "s" * 200}}),
    Case("emr-plain-password", "Configuration", settings("hive-site", javax__jdo__option__ConnectionPassword="hunter2"),
         "'javax.jdo.option.ConnectionPassword' of 'hive-site' is readable",
         {"Classification": "hive-site", "Properties": {"EMR.secret@javax.jdo.option.ConnectionPassword": SECRET}}),
    Case("emr-plain-password", "Configuration", settings("core-site", fs__s3a__secret__key="x"), "is readable",
         settings("core-site", fs__s3a__encryption__key="x")),
    # Classifications
    Case("emr-classification-release", "RunJobFlowInput",
         configured("Spark", parts=[settings("iceberg-defaults", iceberg__enabled="true")], ReleaseLabel="emr-6.4.0"),
         "use emr-6.5.0",
         configured("Spark", parts=[settings("iceberg-defaults", iceberg__enabled="true")], ReleaseLabel="emr-6.5.0")),
    Case("emr-classification-release", "RunJobFlowInput",
         configured("Spark", parts=[settings("delta-defaults", delta__enabled="true")], ReleaseLabel="emr-6.8.1"),
         "use emr-6.9.0",
         configured("Spark", parts=[settings("delta-defaults", delta__enabled="true")], ReleaseLabel="emr-6.9.0")),
    Case("emr-classification-release", "RunJobFlowInput",
         configured("PrestoSQL", parts=[settings("trino-config", a="b")], ReleaseLabel="emr-6.3.1"),
         "does not have Trino, which", configured("Trino", parts=[settings("trino-config", a="b")],
                                                  ReleaseLabel="emr-6.4.0")),
    Case("emr-classification-release", "RunJobFlowInput",
         configured("Trino", parts=[settings("prestosql-config", a="b")]), "use an older release",
         configured("PrestoSQL", parts=[settings("prestosql-config", a="b")], ReleaseLabel="emr-6.3.1")),
    Case("emr-classification-release", "RunJobFlowInput",
         configured("Trino", parts=[settings("trino-exchange-manager", a="b")], ReleaseLabel="emr-6.8.1"),
         "use emr-6.9.0",
         configured("Trino", parts=[settings("trino-exchange-manager", a="b")], ReleaseLabel="emr-6.9.0")),
    Case("emr-classification-release", "RunJobFlowInput",
         configured("HBase", parts=[HBASE_ROOT, HBASE_ON_S3], ReleaseLabel="emr-5.1.0"), "use emr-5.2.0",
         configured("HBase", parts=[HBASE_ROOT, HBASE_ON_S3], ReleaseLabel="emr-5.2.0")),
    Case("emr-classification-release", "RunJobFlowInput",
         configured("HBase", parts=[HBASE_ROOT, HBASE_REPLICA], ReleaseLabel="emr-5.6.0"), "use emr-5.7.0",
         configured("HBase", parts=[HBASE_ROOT, HBASE_REPLICA], ReleaseLabel="emr-5.7.0")),
    Case("emr-classification-release", "RunJobFlowInput",
         configured("HBase", parts=[HBASE_ROOT, HBASE_WAL], ReleaseLabel="emr-6.14.0"), "use emr-6.15.0",
         configured("HBase", parts=[HBASE_ROOT, HBASE_WAL], ReleaseLabel="emr-6.15.0")),
    Case("emr-classification-release", "RunJobFlowInput",
         configured("Spark", parts=[EMRFS], ReleaseLabel="emr-spark-8.1.0"), "does not have EMRFS",
         configured("Spark", parts=[EMRFS])),
    Case("emr-classification-release", "RunJobFlowInput",
         cluster(instances=groups(group("MASTER", Configurations=[ON_DEMAND])), ReleaseLabel="emr-6.15.0"),
         "use emr-7.0.0", cluster(instances=groups(group("MASTER", Configurations=[ON_DEMAND])))),
    Case("emr-classification-release", "RunJobFlowInput",
         cluster(instances=fleet_of_a_type(Configurations=[ON_DEMAND]), ReleaseLabel="emr-6.15.0"), "use emr-7.0.0",
         cluster(instances=fleet_of_a_type(Configurations=[ON_DEMAND]))),
    Case("emr-classification-application", "RunJobFlowInput",
         configured("Spark", parts=[settings("flink-conf", a="b")]), "add Flink to the applications",
         configured("Flink", parts=[settings("flink-conf", a="b")])),
    Case("emr-classification-application", "RunJobFlowInput",
         configured("Presto", parts=[settings("trino-config", a="b")]), "add Trino to the applications",
         configured("trino", parts=[settings("trino-config", a="b")])),
    Case("emr-hbase-root", "RunJobFlowInput", configured("HBase", parts=[HBASE_ON_S3]), "has no root directory",
         configured("HBase", parts=[HBASE_ROOT, HBASE_ON_S3])),
    Case("emr-hbase-root", "RunJobFlowInput",
         configured("HBase", parts=[settings("hbase-site", hbase__rootdir="hdfs:///hbase"), HBASE_ON_S3]),
         "its root directory is 'hdfs:///hbase'",
         configured("HBase", parts=[settings("hbase-site", hbase__rootdir="hdfs:///hbase")])),
    Case("emr-hbase-root", "RunJobFlowInput",
         configured("HBase", parts=[HBASE_ROOT, settings("hbase", hbase__emr__readreplica__enabled="true")]),
         "a read replica and does not store its data in S3", configured("HBase", parts=[HBASE_ROOT, HBASE_REPLICA])),
    Case("emr-wal-groups", "RunJobFlowInput",
         configured("HBase", parts=[HBASE_ROOT, HBASE_WAL], instances=FLEETS), "write-ahead log on instance fleets",
         configured("HBase", parts=[HBASE_ROOT, HBASE_WAL])),
    Case("emr-executor-range", "Configuration", executors(min="5", max="4"), "of 5 executors and a maximum of 4",
         executors(min="4", max="4")),
    Case("emr-executor-start", "Configuration", executors(min="5", initial="4"),
         "starts with 4 executors and has a minimum of 5", executors(min="4", initial="4")),
    Case("emr-executor-start", "Configuration", executors(min="1", initial="9", max="8"), "and a maximum of 8",
         executors(min="1", initial="8", max="8")),
    Case("emr-queue-capacity", "Configuration", queues("60", "30"),
         "the queues below root (default,etl) have 90 percent of its capacity", queues("60", "40")),
    Case("emr-queue-capacity", "Configuration", queues("60.5", "40"), "100.5 percent",
         queues("[memory=50%,vcores=50%]", "[memory=50%,vcores=50%]")),
    # Retired
    Case("emr-retired-property", "RunJobFlowInput", cluster(AmiVersion="3.11.0"), "give a release label", cluster()),
    Case("emr-retired-property", "RunJobFlowInput", cluster(NewSupportedProducts=[{"Name": "mapr"}]),
         "NewSupportedProducts was for releases before 4.0", cluster()),
    Case("emr-retired-property", "RunJobFlowInput", cluster(SupportedProducts=["mapr"]), "name the applications",
         cluster()),
    Case("emr-retired-property", "JobFlowInstancesConfig", groups(MASTER, HadoopVersion="2.4.0"),
         "HadoopVersion was for releases before 4.0", groups(MASTER)),
    Case("emr-application-name-only", "Application", {"Name": "Spark", "Version": "3.5"},
         "Version of the application 'Spark' was for releases before 4.0; leave it out", {"Name": "Spark"}),
    Case("emr-application-name-only", "Application", {"Name": "Spark", "Args": ["-x"]}, "use configurations instead",
         {"Name": "Spark"}),
    Case("emr-application-name-only", "Application", {"Name": "a", "AdditionalInfo": {"b": "c"}}, "third parties",
         {"Name": "a"}),
    Case("emr-visible-to-all-users", "RunJobFlowInput", cluster(VisibleToAllUsers=False), "which has no effect",
         cluster(VisibleToAllUsers=True)),
    # Operating system
    Case("emr-os-release-label", "RunJobFlowInput", cluster(OSReleaseLabel="2023.12"), "'2023.12' is not a release",
         cluster(OSReleaseLabel="2023.12.20260629.0")),
    Case("emr-os-release-label-release", "RunJobFlowInput",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-6.5.0"), "use emr-6.6.0",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-6.6.0")),
    Case("emr-os-release-label-release", "RunJobFlowInput",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-5.35.0"), "use emr-5.36.0",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-5.36.0")),
    Case("emr-os-release-label-linux", "RunJobFlowInput", cluster(OSReleaseLabel="2.0.20210312.1"),
         "runs Amazon Linux 2023 and the operating system release is 2.0.20210312.1",
         cluster(OSReleaseLabel="2023.12.20260629.0", ReleaseLabel="emr-spark-8.1.0")),
    Case("emr-os-release-label-linux", "RunJobFlowInput",
         cluster(OSReleaseLabel="2023.12.20260629.0", ReleaseLabel="emr-6.15.0"), "use a label such as 2.0.20210312.1",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-6.15.0")),
    Case("emr-os-release-label-custom-ami", "RunJobFlowInput",
         cluster(OSReleaseLabel="2023.12.20260629.0", CustomAmiId="ami-01234567"), "a custom AMI and an operating",
         cluster(CustomAmiId="ami-01234567")),
    Case("emr-additional-info", "RunJobFlowInput", cluster(AdditionalInfo="[1]"), "information is '[1]'",
         cluster(AdditionalInfo='{"a": 1}')),
    Case("emr-additional-info", "RunJobFlowInput", cluster(AdditionalInfo="a=1"), "information is 'a=1'",
         cluster(AdditionalInfo="{}")),
    # Network
    Case("emr-subnet-properties", "JobFlowInstancesConfig",
         groups(MASTER, Ec2SubnetId="subnet-1", Ec2SubnetIds=["subnet-1"]), "both a subnet and a list",
         groups(MASTER, Ec2SubnetId="subnet-1")),
    Case("emr-groups-one-subnet", "JobFlowInstancesConfig", groups(MASTER, Ec2SubnetIds=["subnet-1", "subnet-2"]),
         "has 2 subnets", groups(MASTER, Ec2SubnetIds=["subnet-1"])),
    Case("emr-partial-security-groups", "JobFlowInstancesConfig", groups(MASTER, EmrManagedMasterSecurityGroup="sg-1"),
         "the core and task nodes have none",
         groups(MASTER, EmrManagedMasterSecurityGroup="sg-1", EmrManagedSlaveSecurityGroup="sg-2")),
    Case("emr-partial-security-groups", "JobFlowInstancesConfig", groups(MASTER, ServiceAccessSecurityGroup="sg-1"),
         "no managed security groups", groups(MASTER)),
    Case("emr-additional-security-groups", "JobFlowInstancesConfig",
         groups(MASTER, AdditionalMasterSecurityGroups=["sg-1"] * 5), "5 additional security groups",
         groups(MASTER, AdditionalMasterSecurityGroups=["sg-1"] * 4)),
    Case("emr-placement-and-subnet", "JobFlowInstancesConfig",
         groups(MASTER, Ec2SubnetId="subnet-1", Placement={"AvailabilityZone": "us-east-1a"}), "has a subnet and a",
         groups(MASTER, Placement={"AvailabilityZone": "us-east-1a"})),
    # Security configuration
    Case("emr-unknown-property", DOCUMENT, {"EnableAtRestEncryption": True}, "no 'EnableAtRestEncryption'",
         {"EncryptionConfiguration": {"EnableAtRestEncryption": False}}),
    Case("emr-encryption-parts", "EncryptionConfiguration", {"EnableInTransitEncryption": True},
         "on and not configured",
         {"EnableInTransitEncryption": True,
          "InTransitEncryptionConfiguration": {"TLSCertificateConfiguration": tls("EMR")}}),
    Case("emr-encryption-parts", "EncryptionConfiguration",
         {"AtRestEncryptionConfiguration": {"S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"}}},
         "configured and not on",
         {"EnableAtRestEncryption": True,
          "AtRestEncryptionConfiguration": {"S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"}}}),
    Case("emr-at-rest-empty", "AtRestEncryptionConfiguration", {}, "covers nothing",
         {"S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"}}),
    Case("emr-s3-encryption-provider", "S3EncryptionConfiguration", {"EncryptionMode": "SSE-KMS"}, "has no key",
         {"EncryptionMode": "SSE-KMS", "AwsKmsKey": KEY}),
    Case("emr-s3-encryption-provider", "S3EncryptionOverride",
         {"BucketName": "a", "EncryptionMode": "SSE-S3", "AwsKmsKey": KEY}, "does not use",
         {"BucketName": "a", "EncryptionMode": "SSE-S3"}),
    Case("emr-s3-encryption-provider", "S3EncryptionConfiguration",
         {"EncryptionMode": "CSE-Custom", "S3Object": "s3://a/b.jar"}, "lacks EncryptionKeyProviderClass",
         {"EncryptionMode": "CSE-Custom", "S3Object": "s3://a/b.jar", "EncryptionKeyProviderClass": "C"}),
    Case("emr-s3-encryption-provider", "S3EncryptionConfiguration",
         {"EncryptionMode": "SSE-S3", "S3Object": "s3://a/b.jar"}, "a custom key provider that it does not use",
         {"EncryptionMode": "SSE-S3"}),
    Case("emr-local-disk-provider", DISK, {"EncryptionKeyProviderType": "AwsKms"}, "has no key",
         {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY}),
    Case("emr-ebs-encryption-provider", DISK,
         {"EncryptionKeyProviderType": "Custom", "S3Object": "s3://a/b", "EncryptionKeyProviderClass": "C",
          "EnableEbsEncryption": True}, "EBS encryption is on with a custom",
         {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY, "EnableEbsEncryption": True}),
    Case("emr-key-provider-class", "AtRestEncryptionConfiguration",
         {"S3EncryptionConfiguration": {"EncryptionMode": "CSE-Custom", "S3Object": "s3://a/b",
                                        "EncryptionKeyProviderClass": "C"},
          DISK: {"EncryptionKeyProviderType": "Custom", "S3Object": "s3://a/b", "EncryptionKeyProviderClass": "C"}},
         "the same key provider class 'C'",
         {"S3EncryptionConfiguration": {"EncryptionMode": "CSE-Custom", "S3Object": "s3://a/b",
                                        "EncryptionKeyProviderClass": "C"},
          DISK: {"EncryptionKeyProviderType": "Custom", "S3Object": "s3://a/b", "EncryptionKeyProviderClass": "D"}}),
    Case("emr-override-repeated", "S3EncryptionConfiguration",
         {"EncryptionMode": "SSE-S3", "Overrides": [{"BucketName": "a", "EncryptionMode": "SSE-S3"}] * 2},
         "2 encryption overrides",
         {"EncryptionMode": "SSE-S3", "Overrides": [{"BucketName": "a", "EncryptionMode": "SSE-S3"}]}),
    Case("emr-kms-key-arn", DISK, {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": "alias/emr"}, "'alias/emr'",
         {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY}),
    Case("emr-certificate-provider", "TLSCertificateConfiguration", tls("PEM"), "PEM lacks S3Object",
         tls("PEM", S3Object="s3://a/b.zip")),
    Case("emr-certificate-provider", "TLSCertificateConfiguration", tls("EMR", S3Object="s3://a/b"),
         "EMR does not take S3Object", tls("EMR", AwsKmsKey=KEY)),
    Case("emr-certificate-provider", "TLSCertificateConfiguration",
         tls("PEM", S3Object="s3://a/b.zip", ValidityInDays=30), "PEM does not take ValidityInDays",
         tls("EMR", ValidityInDays=30)),
    Case("emr-certificate-validity", "TLSCertificateConfiguration", tls("EMR", ValidityInDays=0), "0 days",
         tls("EMR", ValidityInDays=1)),
    Case("emr-s3-object", "TLSCertificateConfiguration", tls("PEM", S3Object="b.zip"), "'b.zip'",
         tls("PEM", S3Object="arn:aws:s3:::a/b.zip")),
    Case("emr-imds-version", "InstanceMetadataServiceConfiguration",
         {"MinimumInstanceMetadataServiceVersion": 3, "HttpPutResponseHopLimit": 1}, "service is 3",
         {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 1}),
    Case("emr-imds-hop-limit", "InstanceMetadataServiceConfiguration",
         {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 65}, "service is 65",
         {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 64}),
    Case("emr-security-configuration-release", "Launch",
         launch("emr-7.10.0", EnableInTransitEncryption=True,
                InTransitEncryptionConfiguration={"TLSCertificateConfiguration": tls("EMR")}), "use emr-7.11.0",
         launch("emr-7.11.0", EnableInTransitEncryption=True,
                InTransitEncryptionConfiguration={"TLSCertificateConfiguration": tls("EMR")})),
    Case("emr-security-configuration-release", "Launch",
         launch("emr-5.23.0", EnableAtRestEncryption=True, AtRestEncryptionConfiguration={
             DISK: {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY, "EnableEbsEncryption": True}}),
         "use emr-5.24.0",
         launch("emr-5.23.0", EnableAtRestEncryption=True, AtRestEncryptionConfiguration={
             DISK: {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY, "EnableEbsEncryption": False}})),
    Case("emr-unknown-property", DOCUMENT, {"AuthorizationConfiguration": {"KerberosConfiguration": dedicated()}},
         "no 'KerberosConfiguration'; it belongs in AuthenticationConfiguration",
         {"AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}),
    Case("emr-security-configuration-release", "Launch", launch("emr-6.14.0", EMRWALEncryptionConfiguration={}),
         "use emr-6.15.0", launch("emr-6.15.0", EMRWALEncryptionConfiguration={})),
    Case("emr-kms-key-arn", "EMRWALEncryptionConfiguration", {"AwsKmsKey": "alias/wal"}, "'alias/wal'",
         {"AwsKmsKey": KEY}),
    # Kerberos
    Case("emr-kerberos-provider", "KerberosConfiguration", {"Provider": "ExternalKdc"},
         "is ExternalKdc and ExternalKdc is not configured", external()),
    Case("emr-kerberos-provider", "KerberosConfiguration", {**external(), "ClusterDedicatedKdcConfiguration": {}},
         "is ExternalKdc and ClusterDedicatedKdc is configured", dedicated()),
    Case("emr-kerberos-ticket-lifetime", "ClusterDedicatedKdcConfiguration", {"TicketLifetimeInHours": 0},
         "valid for 0 hours", {"TicketLifetimeInHours": 24}),
    Case("emr-kerberos-name", "CrossRealmTrustConfiguration", {**TRUST, "Realm": "AD EXAMPLE"}, "Realm is 'AD EXAMPLE'",
         TRUST),
    Case("emr-kerberos-name", "AdIntegrationConfiguration", {**DIRECTORY, "AdServer": "ldap://ad"},
         "AdServer is 'ldap://ad'", DIRECTORY),
    Case("emr-kerberos-name", "KerberosAttributes", {**REALM, "Realm": ""}, "Realm is ''", REALM),
    Case("emr-kerberos-join-credentials", "KerberosAttributes", {**REALM, "ADDomainJoinUser": "joiner"},
         "an ADDomainJoinUser and no ADDomainJoinPassword", {**REALM, **JOIN}),
    Case("emr-kerberos-password-in-clear", "KerberosAttributes", {**REALM, "KdcAdminPassword": "hunter2"},
         "KdcAdminPassword is there in clear", REALM),
    Case("emr-kerberos-both-sides", "Launch", secured(document(kerberos=dedicated())),
         "has Kerberos and the cluster has no Kerberos attributes; give the cluster kerberos=",
         secured(document(kerberos=dedicated()), KerberosAttributes=REALM)),
    Case("emr-kerberos-both-sides", "Launch", secured(KerberosAttributes=REALM),
         "its security configuration has no Kerberos",
         secured(KerberosAttributes=REALM, SecurityConfiguration="made-elsewhere")),
    Case("emr-kerberos-trust-password", "Launch",
         secured(document(kerberos=dedicated(CrossRealmTrustConfiguration=TRUST)), KerberosAttributes=REALM),
         "trusts another realm and the cluster has no CrossRealmTrustPrincipalPassword",
         secured(document(kerberos=dedicated(CrossRealmTrustConfiguration=TRUST)),
                 KerberosAttributes={**REALM, **TRUST_PASSWORD})),
    Case("emr-kerberos-trust-password", "Launch",
         secured(document(kerberos=dedicated()), KerberosAttributes={**REALM, **TRUST_PASSWORD}),
         "its KDC trusts no other realm", secured(document(kerberos=dedicated()), KerberosAttributes=REALM)),
    Case("emr-kerberos-domain-join", "Launch",
         secured(document(kerberos=external(AdIntegrationConfiguration=DIRECTORY)), KerberosAttributes=REALM),
         "integrated with Active Directory and the cluster has no ADDomainJoinUser",
         secured(document(kerberos=external(AdIntegrationConfiguration=DIRECTORY)),
                 KerberosAttributes={**REALM, **JOIN})),
    Case("emr-kerberos-domain-join", "Launch",
         secured(document(kerberos=external()), KerberosAttributes={**REALM, **JOIN}),
         "its KDC knows no Active Directory domain",
         secured(document(kerberos=dedicated(CrossRealmTrustConfiguration=TRUST)),
                 KerberosAttributes={**REALM, **JOIN, **TRUST_PASSWORD})),
    Case("emr-kerberos-ha", "Launch",
         secured(document(kerberos=dedicated()), KerberosAttributes=REALM, instances=groups(THREE, **PROTECTED)),
         "three master nodes has a KDC of its own",
         secured(document(kerberos=external()), KerberosAttributes=REALM, instances=groups(THREE, **PROTECTED))),
    Case("emr-kerberos-release", "Launch",
         secured({"AuthenticationConfiguration": {"KerberosConfiguration": external()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-5.19.0"), "use emr-5.20.0",
         secured({"AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-5.19.0")),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive"),
         "Spark can't connect to the cluster's Hive metastore, because Kerberos and in-transit encryption are both",
         with_kerberos("Spark", "Hive", parts=[METASTORE_WITHOUT_TLS])),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("spark", "HCatalog"), "the cluster's Hive metastore",
         with_kerberos("spark", "HCatalog", tls=False)),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive", ReleaseLabel="emr-7.3.0"),
         "add *HiveConfigurations.metastore_without_tls()",
         with_kerberos("Spark", "Hive", ReleaseLabel="emr-7.2.0")),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive", parts=[METASTORE_WITH_TLS]),
         "can't connect", with_kerberos("Spark", "Hive", parts=GLUE)),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive", parts=[SPARK_WITHOUT_TLS]),
         "can't connect", with_kerberos("Spark", "Hive", parts=[METASTORE_WITHOUT_TLS, SPARK_WITHOUT_TLS])),
    Case("emr-kerberos-spark-metastore", "Launch",
         with_kerberos("Spark", parts=[{"Classification": "spark-hive-site", "Properties": REMOTE}]),
         "the Hive metastore at 'thrift://metastore:9083'",
         with_kerberos("Spark", parts=[{"Classification": "spark-hive-site",
                                        "Properties": {**REMOTE, "hive.metastore.use.SSL": "false"}}])),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive"), "can't connect",
         with_kerberos("Hive")),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive"), "can't connect",
         with_kerberos("Spark", "Hive", parts=[{"Ref": "Configuration"}])),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive"), "can't connect",
         with_kerberos("Spark", "Hive", instances=groups(
             {**group("MASTER"), "Configurations": [METASTORE_WITHOUT_TLS]}))),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive"), "can't connect",
         with_kerberos("Spark", "Hive", parts=[settings("hive-site", hive__metastore__use__SSL=TOKEN)])),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive"), "can't connect",
         secured(document(), Applications=applications("Spark", "Hive"))),
    # Authorization
    Case("emr-authorization-arn", "RoleMapping", {"Role": "analysts", "IdentifierType": "User", "Identifiers": ["a"]},
         "Role is 'analysts'", {"Role": ROLE, "IdentifierType": "User", "Identifiers": ["a"]}),
    Case("emr-authorization-arn", "RangerConfiguration", ranger("Spark", AdminServerSecretARN="ranger"),
         "AdminServerSecretARN is 'ranger'", ranger("Spark")),
    Case("emr-authorization-arn", "AuditLogs",
         {"CloudWatchLogGroup": "arn:aws:logs:us-east-1:111111111111:log-group:audit:*"}, "log-group:audit:*",
         {"CloudWatchLogGroup": "arn:aws:logs:us-east-1:111111111111:log-group:/emr/audit"}),
    Case("emr-authorization-arn", "IdentityCenterConfiguration", identity(IdentityCenterInstanceARN="ssoins-1"),
         "'ssoins-1'", identity(IdentityCenterInstanceARN="arn:aws:sso:::instance/ssoins-1")),
    Case("emr-role-mappings-empty", "EmrFsConfiguration", {"RoleMappings": []}, "there are no role mappings",
         MAPPINGS["EmrFsConfiguration"]),
    Case("emr-role-mapping-identifiers", "RoleMapping", {"Role": ROLE, "IdentifierType": "Group", "Identifiers": []},
         "mapped to nobody and nothing", {"Role": ROLE, "IdentifierType": "Group", "Identifiers": ["a"]}),
    Case("emr-role-mapping-identifiers", "RoleMapping",
         {"Role": ROLE, "IdentifierType": "Prefix", "Identifiers": ["bucket/sales"]}, "the prefix 'bucket/sales'",
         {"Role": ROLE, "IdentifierType": "Prefix", "Identifiers": ["s3://bucket/sales/"]}),
    Case("emr-role-mapping-identifiers", "RoleMapping",
         {"Role": ROLE, "IdentifierType": "User", "Identifiers": ["s3://bucket"]}, "the user 's3://bucket'",
         {"Role": ROLE, "IdentifierType": "User", "Identifiers": ["ana"]}),
    Case("emr-source-identity-without-runtime-roles", "IAMConfiguration",
         {"EnableApplicationScopedIAMRole": False,
          "ApplicationScopedIAMRoleConfiguration": {"PropagateSourceIdentity": True}}, "configured and not on",
         {"EnableApplicationScopedIAMRole": True,
          "ApplicationScopedIAMRoleConfiguration": {"PropagateSourceIdentity": True}}),
    Case("emr-lake-formation-runtime-roles", DOCUMENT, document(authorization=LAKE_FORMATION), "has no runtime roles",
         document(authorization={**RUNTIME_ROLES, **LAKE_FORMATION})),
    Case("emr-lake-formation-session-tag", DOCUMENT,
         document(authorization={**RUNTIME_ROLES, "LakeFormationConfiguration": {"EnableLakeFormation": True}}),
         "without an authorized session tag value",
         document(authorization={"LakeFormationConfiguration": {"EnableLakeFormation": True}},
                  identity_center=identity())),
    Case("emr-authorization-in-transit", DOCUMENT,
         document(authorization={**RUNTIME_ROLES, **LAKE_FORMATION}, in_transit=False),
         "Lake Formation is on and in-transit encryption is not",
         document(authorization=RUNTIME_ROLES, in_transit=False)),
    Case("emr-authorization-in-transit", DOCUMENT, document(identity_center=identity(), in_transit=False),
         "Identity Center is on and in-transit encryption is not", document(identity_center=identity())),
    Case("emr-authorization-release", "Launch",
         secured({"AuthorizationConfiguration": RUNTIME_ROLES}, ReleaseLabel="emr-6.6.0"), "use emr-6.7.0",
         secured({"AuthorizationConfiguration": RUNTIME_ROLES}, ReleaseLabel="emr-6.7.0")),
    Case("emr-authorization-release", "Launch",
         secured({"AuthorizationConfiguration": MAPPINGS}, ReleaseLabel="emr-5.9.0"), "use emr-5.10.0",
         secured({"AuthorizationConfiguration": MAPPINGS}, ReleaseLabel="emr-5.10.0")),
    Case("emr-authorization-release", "Launch",
         secured({"AuthorizationConfiguration": RUNTIME_ROLES}, ReleaseLabel="emr-7.5.0",
                 Applications=applications("AmazonCloudWatchAgent")), "use emr-7.6.0",
         secured({"AuthorizationConfiguration": RUNTIME_ROLES}, ReleaseLabel="emr-7.6.0",
                 Applications=applications("AmazonCloudWatchAgent"))),
    Case("emr-authorization-release", "Launch",
         secured({"AuthorizationConfiguration": RUNTIME_ROLES, "EncryptionConfiguration": {
             "EnableInTransitEncryption": True, "InTransitEncryptionConfiguration": {
                 "TLSCertificateConfiguration": tls("PEM", S3Object="s3://a/b.zip")}},
             "AuthenticationConfiguration": {"IdentityCenterConfiguration": identity()}}, ReleaseLabel="emr-7.7.0",
             Configurations=ACCESS_GRANTS), "runtime roles beside trusted identity propagation",
         secured(document(identity_center=identity(), authorization=RUNTIME_ROLES), Configurations=ACCESS_GRANTS)),
    Case("emr-authorization-release", "Launch",
         secured(document(identity_center=identity(EnableUserBackgroundSession=True)), ReleaseLabel="emr-7.10.0",
                 Configurations=ACCESS_GRANTS), "does not have user background sessions",
         secured(document(identity_center=identity(EnableUserBackgroundSession=True)), ReleaseLabel="emr-7.11.0",
                 Configurations=ACCESS_GRANTS)),
    Case("emr-authorization-ha", "Launch",
         secured(document(authorization=RUNTIME_ROLES), instances=groups(THREE, **PROTECTED)),
         "three master nodes has runtime roles", secured(document(authorization=RUNTIME_ROLES))),
    Case("emr-authorization-ha", "Launch",
         secured(document(identity_center=identity()), instances=groups(THREE, **PROTECTED)),
         "three master nodes has trusted identity propagation",
         secured(document(), instances=groups(THREE, **PROTECTED))),
    Case("emr-runtime-role-steps", "Launch", secured(document(authorization=RUNTIME_ROLES), Steps=[step("a")]),
         "its step 'step' has none",
         secured(document(authorization=RUNTIME_ROLES), Steps=[step("a")], StepExecutionRoleArn=ROLE)),
    Case("emr-identity-center-source", "Launch", secured(document(identity_center=identity())),
         "neither Lake Formation nor S3 Access Grants is",
         secured(document(identity_center=identity()), Configurations=ACCESS_GRANTS)),
    Case("emr-lake-formation-catalog", "Launch",
         secured(document(authorization={**RUNTIME_ROLES, **LAKE_FORMATION})), "no configuration uses the Glue",
         secured(document(authorization={**RUNTIME_ROLES, **LAKE_FORMATION}),
                 Configurations=[{"Classification": "nested", "Configurations": GLUE}])),
    # Ranger
    Case("emr-ranger-admin-url", "RangerConfiguration", ranger("Spark", AdminServerURL="ranger.example.com:6182"),
         "'ranger.example.com:6182'", ranger("Spark")),
    Case("emr-ranger-plugins", "RangerConfiguration", ranger(), "Ranger has no plugins", ranger("Hive")),
    Case("emr-ranger-plugins", "RangerConfiguration", ranger("Hive", "Hive"), "2 plugins for Hive",
         ranger("Hive", "Spark", "EMRFS-S3", "Trino")),
    Case("emr-ranger-kerberos", DOCUMENT, document(authorization={"RangerConfiguration": ranger("Spark")}),
         "Ranger and no Kerberos",
         document(authorization={"RangerConfiguration": ranger("Spark")}, kerberos=dedicated())),
    Case("emr-ranger-application", "Launch",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.3.0", Applications=applications("Spark", "Hive")), "the cluster has Hive",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.3.0", Applications=applications("Spark"))),
    Case("emr-ranger-release", "Launch",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.4.0"), "6.3.0 up to, not including, 7.4.0; use an older release",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.3.0")),
    # Studio
    Case("emr-studio-name", STUDIO, studio(Name="***"), "'***'", studio(Name="Data science")),
    Case("emr-studio-name", STUDIO, studio(Name="s" * 257), "the name of the Studio is", studio(Name="s" * 256)),
    Case("emr-studio-subnets", STUDIO, studio(SubnetIds=[]), "the Studio has no subnets", studio()),
    Case("emr-studio-subnets", STUDIO, studio(SubnetIds=[f"subnet-{number}" for number in range(6)]), "6 subnets",
         studio(SubnetIds=[f"subnet-{number}" for number in range(5)])),
    Case("emr-studio-subnets", STUDIO, studio(SubnetIds=["subnet-1", "subnet-1"]), "'subnet-1' 2 times",
         studio(SubnetIds=["subnet-1", "subnet-2"])),
    Case("emr-studio-location", STUDIO, studio(DefaultS3Location="hdfs:///notebooks"), "'hdfs:///notebooks'",
         studio(DefaultS3Location="s3://company-workspaces")),
    Case("emr-studio-security-group-id", STUDIO, studio(EngineSecurityGroupId="engine"),
         "EngineSecurityGroupId is 'engine'", studio()),
    Case("emr-studio-security-groups", STUDIO, studio(EngineSecurityGroupId="sg-11111111"), "'sg-11111111'", studio()),
    Case("emr-studio-arn", STUDIO, studio(ServiceRole="studio"), "ServiceRole is 'studio'", studio()),
    Case("emr-studio-arn", STUDIO, studio(EncryptionKeyArn="alias/studio"), "EncryptionKeyArn is 'alias/studio'",
         studio(EncryptionKeyArn="arn:aws-cn:kms:cn-north-1:111111111111:key/1")),
    Case("emr-studio-arn", "StudioAuthMode", sign_in("SSO", IdcInstanceArn="ssoins-1"), "IdcInstanceArn is 'ssoins-1'",
         sign_in("SSO", IdcInstanceArn="arn:aws:sso:::instance/ssoins-1")),
    Case("emr-studio-arn", SESSION_MAPPING, mapping(SessionPolicyArn=STUDIO_ROLE), "SessionPolicyArn is 'arn:aws:iam",
         mapping(SessionPolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")),
    Case("emr-studio-user-role", STUDIO, studio("SSO"), "the Studio has no user role",
         studio("SSO", UserRole=STUDIO_ROLE)),
    Case("emr-studio-auth-mode", STUDIO, studio(UserRole=STUDIO_ROLE), "UserRole has no effect", studio()),
    Case("emr-studio-auth-mode", "StudioAuthMode", sign_in("SSO", IdpAuthUrl="https://idp.example.com"),
         "IdpAuthUrl has no effect with the authentication mode SSO",
         sign_in("IAM", IdpAuthUrl="https://idp.example.com")),
    Case("emr-studio-auth-mode", "StudioAuthMode", sign_in("IAM", IdcUserAssignment="REQUIRED"),
         "IdcUserAssignment has no effect with the authentication mode IAM",
         sign_in("IAM", TrustedIdentityPropagationEnabled=False)),
    Case("emr-studio-idp-url", "StudioAuthMode", sign_in("IAM", IdpAuthUrl="http://idp.example.com"), "'http://idp",
         sign_in("IAM", IdpAuthUrl="https://idp.example.com:8443/sso?app=emr")),
    Case("emr-studio-relay-state", "StudioAuthMode", sign_in("IAM", IdpRelayStateParameterName="RelayState"),
         "there is no identity provider",
         sign_in("IAM", IdpRelayStateParameterName="RelayState", IdpAuthUrl="https://idp.example.com")),
    Case("emr-studio-id", SESSION_MAPPING, mapping(StudioId="analysts"), "'analysts'", mapping()),
    Case("emr-studio-identity", SESSION_MAPPING, mapping(IdentityName=""), "the name of the group is ''",
         mapping(IdentityName="Data science", IdentityType="USER")),
    # WAL workspace
    Case("emr-wal-workspace-name", "WALWorkspace", {"WALWorkspaceName": "my-orders"}, "'my-orders'",
         {"WALWorkspaceName": "orders2026"}),
    Case("emr-wal-workspace-name", "WALWorkspace", {"WALWorkspaceName": "a" * 33}, "'aaa",
         {"WALWorkspaceName": "a" * 32}),
]  # fmt: skip
