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
    Case("emr-type", "InstanceGroupConfig", group(InstanceCount="2"),
         "InstanceCount must be a whole number, got '2'",
         group(InstanceCount=2)),
    Case("emr-type", "VolumeSpecification", volume(SizeInGB=True),
         "SizeInGB must be a whole number, got True",
         volume(SizeInGB=1)),
    Case("emr-unknown-property", "Configuration", {"Classification": "a", "properties": {"b": "c"}},
         "no 'properties'; use 'Properties'", {"Classification": "a", "Properties": {"b": "c"}}),
    Case("emr-missing-property", "VolumeSpecification", {"VolumeType": "gp3"}, "lacks SizeInGB", volume()),
    Case("emr-enum", "InstanceGroupConfig", group(Market="RESERVED"),
         "Market must be one of ON_DEMAND, SPOT, got 'RESERVED'",
         group(Market="SPOT")),
    Case("emr-enum", "StepConfig", step("a", ActionOnFailure="IGNORE"),
         "ActionOnFailure must be one of TERMINATE_JOB_FLOW, TERMINATE_CLUSTER, CANCEL_AND_WAIT, CONTINUE, got "
         "'IGNORE'; use one of these values",
         step("a", ActionOnFailure="CANCEL_AND_WAIT")),
    Case("emr-length", "StepConfig", step("a", Name="n" * 257),
         "Name must have 0 to 256 characters, got 257 "
         "('nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...')",
         step("a", Name="n" * 256)),
    Case("emr-range", "VolumeSpecification", volume(Throughput=-1),
         "Throughput must be at least 0, got -1",
         volume(Throughput=125)),
    # What a cluster in a template refers to
    Case("emr-profile-name", "RunJobFlowInput", cluster(JobFlowRole="arn:aws:iam::111111111111:role/nodes"),
         "JobFlowRole must be the name of an instance profile, got 'arn:aws:iam::111111111111:role/nodes'",
         cluster(JobFlowRole="nodes")),
    Case("emr-profile-reference", "ClusterReferences", refers("JobFlowRole", "AWS::IAM::Role"),
         "JobFlowRole must be the name of an instance profile, got 'Other', an AWS::IAM::Role, for JobFlowRole",
         refers("JobFlowRole", "AWS::IAM::InstanceProfile")),
    Case("emr-profile-reference", "ClusterReferences", refers("JobFlowRole", "AWS::IAM::InstanceProfile", "Arn"),
         "JobFlowRole must be the name of an instance profile, got the ARN of 'Other'",
         refers("JobFlowRole", "AWS::IAM::InstanceProfile")),
    Case("emr-role-reference", "ClusterReferences", refers("ServiceRole", "AWS::IAM::InstanceProfile"),
         "service role and Auto Scaling role must be IAM roles, got 'Other', an AWS::IAM::InstanceProfile, for "
         "ServiceRole",
         refers("ServiceRole", "AWS::IAM::Role", "Arn")),
    Case("emr-security-configuration-reference", "ClusterReferences",
         refers("SecurityConfiguration", "AWS::KMS::Key"),
         "SecurityConfiguration must be the name of a security configuration, got 'Other', an AWS::KMS::Key, for "
         "SecurityConfiguration",
         refers("SecurityConfiguration", "AWS::EMR::SecurityConfiguration")),
    Case("emr-unordered-resources", "ClusterReferences",
         {"Unordered": [{"LogicalId": "Policy", "Type": "AWS::IAM::Policy"}]},
         "a cluster must depend on the policies of its roles and the rules of its security groups, because it uses "
         "them from launch to termination, got no dependency on Policy",
         {"Unordered": []}),
    Case("emr-ends-at-once", "ClusterReferences", {"KeepAlive": False, "HasSteps": False},
         "a cluster without steps must have KeepJobFlowAliveWhenNoSteps, because CloudFormation's default is false",
         {"KeepAlive": False, "HasSteps": True}),
    # Security groups and their rules in the same template
    Case("emr-service-access-port", "ClusterNetwork", security_groups([ingress(8443, Source="Master")]),
         "service-access security group must allow TCP 9443 from the security group of the primary node, because EMR "
         "doesn't add the rule, got none in 'ServiceAccess'",
         security_groups([ingress(9443, Source="Master")])),
    Case("emr-service-access-missing", "ClusterNetwork",
         {"ReleaseLabel": "emr-7.14.0", "IsPrivate": True, "HasManagedGroups": True},
         "managed security groups in a private subnet require a service-access security group",
         {"ReleaseLabel": "emr-7.14.0", "IsPrivate": True, "HasManagedGroups": False}),
    Case("emr-service-access-shared", "ClusterNetwork",
         security_groups([ingress(9443, Source="Master")], Groups=[{"LogicalId": "ServiceAccess", "Nodes": "master"}]),
         "service-access security group must not be used for nodes, got 'ServiceAccess' also for the primary nodes",
         security_groups([ingress(9443, Source="Master")])),
    Case("emr-public-ingress", "ClusterNetwork", opened("0.0.0.0/0"),
         "security groups of nodes must not allow ingress from any address, because EMR rejects it in public subnets "
         "except for SSH, got port 8080 in 'Master' of the primary nodes",
         opened("10.0.0.0/8")),
    Case("emr-public-ingress", "ClusterNetwork", opened("::/0"),
         "security groups of nodes must not allow ingress from any address, because EMR rejects it in public subnets "
         "except for SSH, got port 8080 in 'Master' of the primary nodes",
         {**opened("::/0"), "IsPrivate": True}),
    # Topology
    Case("emr-master-count", "InstanceGroupConfig", group("MASTER", InstanceCount=2),
         "instance count of the primary instance group must be 1 or 3, got 2",
         THREE),
    Case("emr-core-count", "InstanceGroupConfig", group(InstanceCount=0),
         "instance count of the core instance group must be at least 1, got 0",
         CORE),
    Case("emr-task-count", "InstanceGroupConfig", group("TASK", InstanceCount=-1),
         "instance count of a task instance group must be at least 0, got -1",
         group("TASK", InstanceCount=0)),
    Case("emr-groups-and-fleets", "JobFlowInstancesConfig",
         groups(MASTER, InstanceFleets=[{"InstanceFleetType": "MASTER"}]),
         "instance groups can't be combined with instance fleets",
         groups(MASTER)),
    Case("emr-no-nodes", "RunJobFlowInput", cluster(instances={"KeepJobFlowAliveWhenNoSteps": True}),
         "a cluster must have instance groups or instance fleets",
         cluster()),
    Case("emr-master-group", "JobFlowInstancesConfig", groups(CORE),
         "a cluster must have exactly one primary instance group, got 0",
         groups(MASTER)),
    Case("emr-master-group", "JobFlowInstancesConfig", groups(MASTER, CORE, CORE),
         "a cluster must have at most one core instance group, got 2",
         groups(MASTER, CORE)),
    Case("emr-task-without-core", "JobFlowInstancesConfig", groups(MASTER, TASK),
         "task nodes require core nodes, which are missing",
         groups(MASTER, CORE, TASK)),
    Case("emr-task-group-limit", "JobFlowInstancesConfig", groups(MASTER, CORE, *[TASK] * 49),
         "task instance groups must be at most 48, got 49", groups(MASTER, CORE, *[TASK] * 48)),
    Case("emr-group-name-repeated", "JobFlowInstancesConfig",
         groups(MASTER, CORE, group("TASK", Name="a"), group("TASK", Name="a")),
         "names of instance groups and fleets must be unique, got 'a' 2 times",
         groups(MASTER, CORE, group("TASK", Name="a"), group("TASK", Name="b"))),
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
         "a cluster with three primary nodes must be termination-protected, until it is to be deleted",
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
         available(core=4)),
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
         "the Hive metastore of three primary nodes must not be in PostgreSQL, got 'jdbc:postgresql://db/hive'",
         available("Hive", Configurations=[settings("hive-site", **{JDBC_URL: "jdbc:mariadb://db/hive"})])),
    Case("emr-ha-step-failure", "RunJobFlowInput", available(Steps=[step("a", ActionOnFailure="TERMINATE_CLUSTER")]),
         "steps of a cluster with three primary nodes must not terminate it, because it is termination-protected, "
         "got TERMINATE_CLUSTER for step 'step'",
         # Whether it stays alive is not known here, or it would be warned about frozen steps.
         cluster(instances=groups(THREE, group(InstanceCount=4), **PROTECTED, KeepJobFlowAliveWhenNoSteps=KEEP_ALIVE),
                 Steps=[step("a", ActionOnFailure="CANCEL_AND_WAIT")])),
    Case("emr-placement-group", "PlacementGroupConfig", {"InstanceRole": "CORE", "PlacementStrategy": "CLUSTER"},
         "the strategy of a placement group must be SPREAD for MASTER, got CLUSTER for CORE", SPREAD[0]),
    Case("emr-placement-group-masters", "RunJobFlowInput", cluster(PlacementGroupConfigs=SPREAD),
         "a placement group requires three primary nodes", available(PlacementGroupConfigs=SPREAD)),
    Case("emr-placement-group-release", "RunJobFlowInput",
         available(PlacementGroupConfigs=SPREAD, ReleaseLabel="emr-5.22.0"),
         "release must support placement groups (5.23.0 and later), got emr-5.22.0",
         available(PlacementGroupConfigs=SPREAD, ReleaseLabel="emr-5.23.0")),
    Case("emr-master-fleet", "JobFlowInstancesConfig", fleets(fleet()),
         "a cluster must have exactly one primary instance fleet, got 0",
         FLEETS),
    Case("emr-master-fleet", "JobFlowInstancesConfig",
         fleets(fleet("MASTER"), fleet(), fleet("TASK"), fleet("TASK")),
         "a cluster must have at most one task instance fleet, got 2",
         fleets(fleet("MASTER"), fleet(), fleet("TASK"))),
    Case("emr-task-without-core", "JobFlowInstancesConfig", fleets(fleet("MASTER"), fleet("TASK")),
         "add a core instance fleet", FLEETS),
    Case("emr-group-name-repeated", "JobFlowInstancesConfig",
         fleets(fleet("MASTER", Name="a"), fleet(Name="a")),
         "names of instance groups and fleets must be unique, got 'a' 2 times",
         fleets(fleet("MASTER", Name="a"), fleet(Name="b"))),
    Case("emr-group-name-repeated", "AddInstanceGroupsInput",
         {"InstanceGroups": [group("TASK", Name="a"), group("TASK", Name="a")]},
         "names of instance groups and fleets must be unique, got 'a' 2 times",
         {"InstanceGroups": [group("TASK", Name="a"), group("TASK", Name="b")]}),
    Case("emr-added-group-role", "AddInstanceGroupsInput", {"InstanceGroups": [CORE]},
         "an instance group added to a cluster must be a task group, got the role CORE",
         {"InstanceGroups": [TASK]}),
    # Fleets
    Case("emr-fleet-capacity", "InstanceFleetConfig", fleet(on_demand=0),
         "an instance fleet must have a target of On-Demand or Spot capacity above 0",
         fleet(on_demand=0, spot=1)),
    Case("emr-fleet-capacity", "InstanceFleetConfig",
         {"InstanceFleetType": "TASK", "InstanceTypeConfigs": types(1)},
         "an instance fleet must have a target of On-Demand or Spot capacity above 0",
         fleet("TASK")),
    Case("emr-master-fleet-target", "InstanceFleetConfig", fleet("MASTER", 1, 1),
         "target of a primary instance fleet must be 1 unit, or 3 On-Demand units for high availability, got 1 "
         "On-Demand and 1 Spot units",
         fleet("MASTER", 0, 1)),
    Case("emr-master-fleet-target", "InstanceFleetConfig", fleet("MASTER", 0, 3),
         "target of a primary instance fleet must be 1 unit, or 3 On-Demand units for high availability, got 0 "
         "On-Demand and 3 Spot units",
         fleet("MASTER", 3)),
    Case("emr-master-fleet-weight", "InstanceFleetConfig",
         fleet("MASTER", InstanceTypeConfigs=types(1, WeightedCapacity=2)),
         "weighted capacity of each instance type in a primary instance fleet must be 1, got 2 for m0g.xlarge",
         fleet("MASTER", InstanceTypeConfigs=types(1, WeightedCapacity=1))),
    Case("emr-fleet-weight", "InstanceTypeConfig", types(1, WeightedCapacity=0)[0],
         "weighted capacity of an instance type must be at least 1, got 0",
         types(1, WeightedCapacity=1)[0]),
    Case("emr-fleet-types", "InstanceFleetConfig", fleet(InstanceTypeConfigs=[]),
         "an instance fleet must have instance types",
         fleet()),
    Case("emr-fleet-types", "InstanceFleetConfig", fleet(InstanceTypeConfigs=types(6)),
         "an instance fleet without an allocation strategy must have at most 5 instance types, got 6",
         fleet(InstanceTypeConfigs=types(5))),
    Case("emr-fleet-types", "InstanceFleetConfig",
         fleet(InstanceTypeConfigs=types(31), LaunchSpecifications=strategy("diversified")),
         "an instance fleet must have at most 30 instance types, got 31; remove some",
         fleet(InstanceTypeConfigs=types(30), LaunchSpecifications=strategy("diversified"))),
    Case("emr-fleet-bid", "InstanceTypeConfig", types(1, BidPrice="1", BidPriceAsPercentageOfOnDemandPrice=50)[0],
         "bid price of an instance type can't be combined with a percentage of the On-Demand price",
         types(1, BidPriceAsPercentageOfOnDemandPrice=50)[0]),
    Case("emr-bid-price", "InstanceTypeConfig", types(1, BidPrice="-1")[0],
         "bid price must be a number of US dollars per hour above 0, got '-1'",
         types(1, BidPrice="0.25")[0]),
    Case("emr-instance-type", "InstanceTypeConfig", {"InstanceType": "m7g"},
         "instance type must be a family and a size, got 'm7g'",
         {"InstanceType": "m7g.xlarge"}),
    Case("emr-custom-ami-id", "InstanceTypeConfig", types(1, CustomAmiId="ami-1")[0],
         "custom AMI must be the ID of an AMI, got 'ami-1'",
         types(1, CustomAmiId=AMI)[0]),
    Case("emr-custom-ami-twice", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=types(1, CustomAmiId=AMI))), CustomAmiId=AMI),
         "custom AMI of the cluster can't be combined with custom AMIs of instance groups or types",
         cluster(instances=FLEETS, CustomAmiId=AMI)),
    Case("emr-fleet-priority", "InstanceFleetConfig",
         fleet(LaunchSpecifications=strategy("capacity-optimized-prioritized")),
         "instance types must have priorities for an allocation strategy by priority, got "
         "capacity-optimized-prioritized without priorities",
         fleet(LaunchSpecifications=strategy("capacity-optimized-prioritized"),
               InstanceTypeConfigs=types(2, Priority=0))),
    Case("emr-fleet-priority-unused", "InstanceFleetConfig", fleet(InstanceTypeConfigs=types(1, Priority=1)),
         "priorities of instance types require an allocation strategy by priority",
         fleet(InstanceTypeConfigs=types(1, Priority=1), ResizeSpecifications={
             "OnDemandResizeSpecification": {"AllocationStrategy": "prioritized"}})),
    Case("emr-spot-timeout", "SpotProvisioningSpecification", spot(TimeoutDurationMinutes=4),
         "timeout for Spot capacity must be 5 to 1440 minutes, got 4",
         spot(TimeoutDurationMinutes=1440)),
    Case("emr-resize-timeout", "SpotResizingSpecification", {"TimeoutDurationMinutes": 10081},
         "timeout for resizing must be 5 to 10080 minutes, got 10081",
         {"TimeoutDurationMinutes": 10080}),
    Case("emr-resize-timeout", "OnDemandResizingSpecification", {"TimeoutDurationMinutes": 4},
         "timeout for resizing must be 5 to 10080 minutes, got 4",
         {"TimeoutDurationMinutes": 5}),
    Case("emr-spot-block", "SpotProvisioningSpecification", spot(BlockDurationMinutes=60),
         "Spot Instances must not have a defined duration, got 60 minutes; remove BlockDurationMinutes; EC2 retired "
         "Spot blocks on 2022-12-31",
         spot()),
    Case("emr-capacity-reservation-strategy", "OnDemandProvisioningSpecification",
         {"AllocationStrategy": "prioritized", "CapacityReservationOptions": RESERVED},
         "allocation strategy must be lowest-price to use capacity reservations, got prioritized",
         {"AllocationStrategy": "lowest-price", "CapacityReservationOptions": RESERVED}),
    Case("emr-capacity-reservation-group", "OnDemandCapacityReservationOptions",
         {"CapacityReservationResourceGroupArn": RESOURCE_GROUP},
         "resource group of capacity reservations requires a usage strategy, which is missing",
         {"CapacityReservationResourceGroupArn": RESOURCE_GROUP, "UsageStrategy": RESERVED["UsageStrategy"]}),
    Case("emr-capacity-reservation-group", "OnDemandCapacityReservationOptions",
         {"CapacityReservationResourceGroupArn": "reserved", "UsageStrategy": RESERVED["UsageStrategy"]},
         "resource group of capacity reservations must be an ARN, got 'reserved'; use an ARN such as "
         "arn:aws:resource-groups:us-east-1:111122223333:group/name",
         RESERVED),
    Case("emr-capacity-reservation-group", "OnDemandCapacityReservationOptions",
         {"CapacityReservationResourceGroupArn": RESOURCE_GROUP, "UsageStrategy": RESERVED["UsageStrategy"],
          "CapacityReservationPreference": "none"},
         "resource group of capacity reservations can't be combined with the preference none",
         {"CapacityReservationPreference": "none"}),
    Case("emr-fleet-release", "RunJobFlowInput", cluster(instances=FLEETS, ReleaseLabel="emr-5.0.3"), "use emr-5.1.0",
         cluster(instances=FLEETS, ReleaseLabel="emr-5.1.0")),
    Case("emr-fleet-strategy-release", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", LaunchSpecifications=strategy("diversified"))),
                 ReleaseLabel="emr-5.12.0"), "use emr-5.12.1", cluster(instances=FLEETS, ReleaseLabel="emr-5.12.0")),
    Case("emr-added-fleet-role", "AddInstanceFleetInput", {"InstanceFleet": fleet()},
         "an instance fleet added to a cluster must be a task fleet, got the type CORE",
         {"InstanceFleet": fleet("TASK")}),
    Case("emr-added-fleet-types", "AddInstanceFleetInput",
         {"InstanceFleet": fleet("TASK", InstanceTypeConfigs=types(6), LaunchSpecifications=strategy("diversified"))},
         "an instance fleet added to a cluster must have at most 5 instance types, with any allocation strategy, got "
         "6",
         {"InstanceFleet": fleet("TASK", InstanceTypeConfigs=types(5))}),
    # Scaling
    Case("emr-managed-scaling-limits", "ManagedScalingPolicy", managed(low=11),
         "minimum of managed scaling must be at most its maximum, got 11 and a maximum of 10",
         managed()),
    Case("emr-managed-scaling-limits", "ManagedScalingPolicy", managed(low=0),
         "minimum of managed scaling must be at least 1, got 0; use at least 1, for the core nodes",
         managed(low=10)),
    Case("emr-managed-scaling-limits", "ManagedScalingPolicy", managed(MaximumOnDemandCapacityUnits=11),
         "On-Demand limit of managed scaling must be 0 to its maximum of 10, got 11",
         managed(MaximumOnDemandCapacityUnits=0)),
    Case("emr-managed-scaling-limits", "ManagedScalingPolicy", managed(MaximumCoreCapacityUnits=0), "use 1 to 10",
         managed(MaximumCoreCapacityUnits=10)),
    Case("emr-managed-scaling-index", "ManagedScalingPolicy",
         {"ScalingStrategy": "ADVANCED", "UtilizationPerformanceIndex": 60},
         "utilization performance index must be 1, 25, 50, 75 or 100, got 60",
         {"ScalingStrategy": "ADVANCED", "UtilizationPerformanceIndex": 75}),
    Case("emr-managed-scaling-strategy", "ManagedScalingPolicy", {"UtilizationPerformanceIndex": 50},
         "utilization performance index requires the scaling strategy ADVANCED",
         {"ScalingStrategy": "ADVANCED", "UtilizationPerformanceIndex": 50}),
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
         "managed scaling requires core nodes, because it doesn't resize the primary node",
         cluster(instances=groups(MASTER, CORE), ManagedScalingPolicy=managed())),
    Case("emr-managed-scaling-initial", "RunJobFlowInput",
         cluster(instances=groups(MASTER, CORE, group("TASK", InstanceCount=10)), ManagedScalingPolicy=managed()),
         "capacity at launch must be at most the maximum of managed scaling, got 11 units and a maximum of 10",
         cluster(instances=groups(MASTER, CORE, group("TASK", InstanceCount=9)), ManagedScalingPolicy=managed())),
    Case("emr-managed-scaling-initial", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER"), fleet("CORE", 6, 5)),
                 ManagedScalingPolicy=managed("InstanceFleetUnits")),
         "capacity at launch must be at most the maximum of managed scaling, got 11 units and a maximum of 10",
         cluster(instances=fleets(fleet("MASTER"), fleet("CORE", 5, 5)),
                 ManagedScalingPolicy=managed("InstanceFleetUnits"))),
    Case("emr-managed-scaling-not-on-yarn", "RunJobFlowInput",
         cluster(instances=groups(MASTER, CORE), ManagedScalingPolicy=managed(), Applications=applications("HBase")),
         "managed scaling must not be used with applications that don't run on YARN, because it only monitors YARN, "
         "got HBase",
         cluster(instances=groups(MASTER, CORE), ManagedScalingPolicy=managed(), Applications=applications("Spark"))),
    Case("emr-two-scalings", "RunJobFlowInput",
         cluster(instances=groups(MASTER, SCALED), ManagedScalingPolicy=managed()),
         "managed scaling can't be combined with automatic scaling policies",
         cluster(instances=groups(MASTER, SCALED))),
    Case("emr-auto-scaling-role", "RunJobFlowInput", cluster(instances=groups(MASTER, SCALED), ServiceRole="r"),
         "automatic scaling policy requires an Auto Scaling role, which is missing",
         cluster(instances=groups(MASTER, SCALED), ServiceRole="r", AutoScalingRole="s")),
    Case("emr-auto-scaling-role", "RunJobFlowInput", cluster(instances=FLEETS, AutoScalingRole="s"),
         "instance fleets are resized by managed scaling", cluster(AutoScalingRole="s")),
    Case("emr-auto-scaling-master", "InstanceGroupConfig", group("MASTER", AutoScalingPolicy=automatic("a")),
         "the primary instance group must not have an automatic scaling policy", SCALED),
    Case("emr-auto-scaling-limits", "AutoScalingPolicy", automatic("a", low=11),
         "minimum of an automatic scaling policy must be 0 to its maximum, got a minimum of 11 and a maximum of 10",
         automatic("a", low=10)),
    Case("emr-auto-scaling-limits", "AutoScalingPolicy", automatic("a", low=-1),
         "minimum of an automatic scaling policy must be 0 to its maximum, got a minimum of -1 and a maximum of 10",
         automatic("a", low=0)),
    Case("emr-auto-scaling-rules", "AutoScalingPolicy", automatic(),
         "an automatic scaling policy must have rules",
         automatic("a")),
    Case("emr-auto-scaling-rules", "AutoScalingPolicy", automatic("a", "a"),
         "names of automatic scaling rules must be unique, got 'a' 2 times",
         automatic("a", "b")),
    Case("emr-scaling-adjustment", "SimpleScalingPolicyConfiguration", {"ScalingAdjustment": 0},
         "adjustment of a scaling rule must not be 0",
         {"ScalingAdjustment": -1}),
    Case("emr-scaling-adjustment", "SimpleScalingPolicyConfiguration",
         {"ScalingAdjustment": 0, "AdjustmentType": "EXACT_CAPACITY"},
         "exact capacity of a scaling rule must be at least 1, got 0",
         {"ScalingAdjustment": 1, "AdjustmentType": "EXACT_CAPACITY"}),
    Case("emr-scaling-cool-down", "SimpleScalingPolicyConfiguration", {"ScalingAdjustment": 1, "CoolDown": -1},
         "cooldown of a scaling rule must be at least 0 seconds, got -1", {"ScalingAdjustment": 1, "CoolDown": 0}),
    Case("emr-scaling-period", "CloudWatchAlarmDefinition", alarm(Period=60),
         "period of a scaling rule for a metric of EMR must be a multiple of 300 seconds, got 60",
         alarm(Period=600)),
    Case("emr-scaling-period", "CloudWatchAlarmDefinition", alarm(Period=0, Namespace="Mine"),
         "period of a scaling rule must be at least 1 second, got 0",
         alarm(Period=60, Namespace="Mine")),
    Case("emr-scaling-evaluation-periods", "CloudWatchAlarmDefinition", alarm(EvaluationPeriods=0),
         "evaluation periods of a scaling rule must be at least 1, got 0",
         alarm(EvaluationPeriods=1)),
    Case("emr-scaling-market", "ScalingAction",
         {"Market": "SPOT", "SimpleScalingPolicyConfiguration": {"ScalingAdjustment": 1}},
         "a scaling rule must not have a market, because an instance group has its own, got SPOT",
         {"SimpleScalingPolicyConfiguration": {"ScalingAdjustment": 1}}),
    # Capacity
    Case("emr-volume-type", "VolumeSpecification", volume(VolumeType="gp4"), "'gp4'", volume(VolumeType="sc1")),
    Case("emr-volume-size", "VolumeSpecification", volume(SizeInGB=1025),
         "volume size must be 1 to 1024 GiB, got 1025",
         volume(SizeInGB=1024)),
    Case("emr-volume-size-optimized", "EbsConfiguration", ebs(9, optimized=True),
         "volume size of an EBS-optimized instance must be at least 10 GiB, got 9",
         ebs(9, optimized=False)),
    Case("emr-volume-throughput", "VolumeSpecification", volume(Throughput=1001),
         "throughput of a gp3 volume must be 125 to 1000 MiB/s, got 1001",
         volume(Throughput=750)),
    Case("emr-volume-throughput-type", "VolumeSpecification", volume(VolumeType="gp2", Throughput=125),
         "volume type must be gp3 to specify a throughput, got 'gp2'", volume(VolumeType="gp3", Throughput=125)),
    Case("emr-volume-iops-type", "VolumeSpecification", volume(VolumeType="st1", Iops=3000),
         "volume type must be gp3 or io1 to specify IOPS, got 'st1'", volume(VolumeType="io1", Iops=3000)),
    Case("emr-volume-iops", "VolumeSpecification", volume(Iops=2999),
         "IOPS of a gp3 volume must be at least 3000, got 2999",
         volume(Iops=3000)),
    Case("emr-volume-iops-size", "VolumeSpecification", volume(SizeInGB=10, Iops=5001),
         "IOPS of the gp3 volume must be at most 500 for each GiB, got 5001 IOPS on 10 GiB; use at most 5000 IOPS, "
         "or at least 11 GiB",
         volume(SizeInGB=10, Iops=5000)),
    Case("emr-volume-iops-size", "VolumeSpecification", volume(VolumeType="io1", SizeInGB=10, Iops=501),
         "IOPS of the io1 volume must be at most 50 for each GiB, got 501 IOPS on 10 GiB",
         volume(SizeInGB=1, Iops=3000)),
    Case("emr-volume-throughput-iops", "VolumeSpecification", volume(Throughput=751),
         "volume throughput must be at most 0.25 MiB/s for each of its IOPS, got 751 MiB/s on 3000 IOPS; use at most "
         "750 MiB/s, or at least 3004 IOPS",
         volume(Throughput=1000, Iops=4000)),
    Case("emr-volumes-per-instance", "EbsBlockDeviceConfig",
         {"VolumeSpecification": volume(), "VolumesPerInstance": 0},
         "number of volumes per instance must be at least 1, got 0",
         {"VolumeSpecification": volume(), "VolumesPerInstance": 1}),
    Case("emr-bid-price-market", "InstanceGroupConfig", group(Market="ON_DEMAND", BidPrice="1"),
         "bid price requires Spot Instances, got 1",
         group(Market="SPOT", BidPrice="1")),
    Case("emr-bid-price", "InstanceGroupConfig", group(Market="SPOT", BidPrice="$1"),
         "bid price must be a number of US dollars per hour above 0, got '$1'",
         group(Market="SPOT", BidPrice="OnDemandPrice")),
    Case("emr-bid-price", "InstanceGroupConfig", group(Market="SPOT", BidPrice="0.0"),
         "bid price must be a number of US dollars per hour above 0, got '0.0'",
         group(Market="SPOT", BidPrice="0.25")),
    Case("emr-instance-type", "InstanceGroupConfig", group(InstanceType="m7gxlarge"),
         "instance type must be a family and a size, got 'm7gxlarge'",
         group(InstanceType="u7i-6tb.112xlarge")),
    Case("emr-custom-ami-id", "InstanceGroupConfig", group(CustomAmiId="my-image"),
         "custom AMI must be the ID of an AMI, got 'my-image'",
         group(CustomAmiId="ami-0123456789abcdef0")),
    Case("emr-custom-ami-id", "RunJobFlowInput", cluster(CustomAmiId="ami-1"),
         "custom AMI must be the ID of an AMI, got 'ami-1'",
         cluster(CustomAmiId="ami-01234567")),
    Case("emr-custom-ami-twice", "RunJobFlowInput",
         cluster(instances=groups(group("MASTER", CustomAmiId="ami-01234567")), CustomAmiId="ami-01234567"),
         "custom AMI of the cluster can't be combined with custom AMIs of instance groups or types",
         cluster(CustomAmiId="ami-01234567")),
    Case("emr-custom-ami-release", "RunJobFlowInput", cluster(CustomAmiId="ami-01234567", ReleaseLabel="emr-5.6.0"),
         "use emr-5.7.0", cluster(CustomAmiId="ami-01234567", ReleaseLabel="emr-5.7.0")),
    Case("emr-instance-type-unknown", "RunJobFlowInput",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlrage"))),
         "instance type must be one that EMR supports, got 'm7g.xlrage'; use 'm7g.xlarge' if you meant it, or "
         "acknowledge this warning if the type is newer than this version of emr_constructs",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge")))),
    Case("emr-instance-type-unknown", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "zz99.small"}]))),
         "instance type must be one that EMR supports, got 'zz99.small'; correct it, or acknowledge this warning if "
         "the type is newer than this version of emr_constructs",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "r7g.xlarge"}])))),
    Case("emr-instance-type-release", "RunJobFlowInput",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge")), ReleaseLabel="emr-6.9.0"),
         "release must support the instance type m7g.xlarge, got emr-6.9.0; use emr-6.10.0, or another instance type",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge")), ReleaseLabel="emr-6.10.0")),
    Case("emr-instance-type-release", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "m8gd.xlarge"}])),
                 ReleaseLabel="emr-7.0.0"), "use emr-7.1.0",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "m8gd.xlarge"}])),
                 ReleaseLabel="emr-7.1.0")),
    Case("emr-custom-ami-architecture", "RunJobFlowInput",
         cluster(CustomAmiId=AMI, instances=groups(
             group("MASTER", InstanceType="m7g.xlarge"), group(InstanceType="m7i.xlarge"))),
         "a custom AMI must be used for instance types of one architecture, got the AMI of the cluster for "
         "m7g.xlarge (AARCH64) and m7i.xlarge (X86_64)",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge"), group(InstanceType="m7i.xlarge")))),
    Case("emr-custom-ami-architecture", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[
             {"InstanceType": "m7g.xlarge", "CustomAmiId": AMI}, {"InstanceType": "m7i.xlarge", "CustomAmiId": AMI}]))),
         "a custom AMI must be used for instance types of one architecture, got ami-01234567 for m7g.xlarge "
         "(AARCH64) and m7i.xlarge (X86_64)",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[
             {"InstanceType": "m7g.xlarge", "CustomAmiId": AMI},
             {"InstanceType": "m7i.xlarge", "CustomAmiId": "ami-76543210"}])))),
    Case("emr-root-volume-size", "RunJobFlowInput", cluster(EbsRootVolumeSize=14), "use 15 to 100 GiB",
         cluster(EbsRootVolumeSize=14, ReleaseLabel="emr-6.9.0")),
    Case("emr-root-volume-size", "RunJobFlowInput", cluster(EbsRootVolumeSize=101),
         "root volume size must be 15 to 100 GiB, got 101",
         cluster(EbsRootVolumeSize=100)),
    Case("emr-root-volume-iops", "RunJobFlowInput", cluster(EbsRootVolumeIops=16001),
         "root volume IOPS must be 3000 to 16000, got 16001",
         cluster(EbsRootVolumeIops=16000)),
    Case("emr-root-volume-iops", "RunJobFlowInput", cluster(EbsRootVolumeSize=15, EbsRootVolumeIops=7501),
         "root volume IOPS must be at most 500 for each GiB, got 7501 IOPS on 15 GiB; use at most 7500 IOPS, or at "
         "least 16 GiB",
         cluster(EbsRootVolumeSize=15, EbsRootVolumeIops=7500)),
    Case("emr-root-volume-throughput", "RunJobFlowInput", cluster(EbsRootVolumeThroughput=100),
         "root volume throughput must be 125 to 1000 MiB/s, got 100",
         cluster(EbsRootVolumeThroughput=125)),
    Case("emr-root-volume-throughput", "RunJobFlowInput", cluster(EbsRootVolumeThroughput=751),
         "root volume throughput must be at most 0.25 MiB/s for each of its IOPS, got 751 MiB/s on 3000 IOPS; use at "
         "most 750 MiB/s, or at least 3004 IOPS",
         cluster(EbsRootVolumeThroughput=751, EbsRootVolumeIops=3004)),
    Case("emr-root-volume-release", "RunJobFlowInput", cluster(EbsRootVolumeIops=3000, ReleaseLabel="emr-6.14.0"),
         "use emr-6.15.0", cluster(EbsRootVolumeIops=3000, ReleaseLabel="emr-6.15.0")),
    # Releases and applications
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="7.14.0"),
         "release label must be emr- or emr-spark- and three numbers, got '7.14.0'",
         cluster(ReleaseLabel="emr-7.14.0")),
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="emr-6.16.0"),
         "release label must exist, got 'emr-6.16.0'",
         cluster(ReleaseLabel="emr-6.15.0")),
    Case("emr-release-unknown", "RunJobFlowInput", cluster(ReleaseLabel="emr-7.99.0"),
         "release must be known to this version of emr_constructs, got emr-7.99.0",
         cluster(ReleaseLabel="emr-spark-8.1.0")),
    Case("emr-application-unavailable", "RunJobFlowInput", cluster(Applications=applications("Ganglia")),
         "emr-6.15.0 is the newest release that offers it", cluster(Applications=applications("spark", "HADOOP"))),
    Case("emr-application-unavailable", "RunJobFlowInput",
         cluster(Applications=applications("Hive"), ReleaseLabel="emr-spark-8.1.0"),
         "application must be one that emr-spark-8.1.0 offers, got 'Hive'",
         cluster(Applications=applications("Hive"))),
    Case("emr-application-repeated", "RunJobFlowInput", cluster(Applications=applications("Spark", "spark")),
         "applications must be unique, got 'spark' 2 times", cluster(Applications=applications("Spark", "Hive"))),
    Case("emr-presto-and-trino", "RunJobFlowInput", cluster(Applications=applications("Presto", "Trino")),
         "Presto can't be combined with Trino", cluster(Applications=applications("Trino"))),
    # Termination
    Case("emr-idle-timeout", "AutoTerminationPolicy", {"IdleTimeout": 59},
         "idle timeout must be 60 to 604800 seconds, got 59",
         {"IdleTimeout": 604800}),
    Case("emr-idle-release", "RunJobFlowInput",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, ReleaseLabel="emr-6.0.1"), "use emr-6.1.0",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, ReleaseLabel="emr-5.30.0")),
    Case("emr-idle-not-on-yarn", "RunJobFlowInput",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, Applications=applications("HBase", "Trino")),
         "auto-termination must not be used with applications that don't run on YARN, because it only monitors YARN, "
         "got HBase and Trino",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, Applications=applications("Spark"))),
    Case("emr-idle-without-keep-alive", "RunJobFlowInput",
         cluster(instances=groups(MASTER, KeepJobFlowAliveWhenNoSteps=False), Steps=[step("a")],
                 AutoTerminationPolicy={"IdleTimeout": 60}),
         "auto-termination can't be combined with termination after the steps",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60})),
    Case("emr-no-steps-no-keep-alive", "RunJobFlowInput",
         cluster(instances=groups(MASTER, KeepJobFlowAliveWhenNoSteps=False)),
         "a cluster that terminates after its steps must have steps",
         cluster(instances=groups(MASTER, KeepJobFlowAliveWhenNoSteps=False), Steps=[step("a")])),
    Case("emr-scale-down-behavior", "RunJobFlowInput", cluster(ScaleDownBehavior="TERMINATE_AT_INSTANCE_HOUR"),
         "TERMINATE_AT_INSTANCE_HOUR requires a release from 5.1.0 to before 5.10.0, got emr-7.14.0",
         cluster(ScaleDownBehavior="TERMINATE_AT_TASK_COMPLETION")),
    # Steps
    Case("emr-step-name", "StepConfig", step("a", Name=""), "name of a step must not be empty", step("a", Name="a")),
    Case("emr-step-command-in-one-argument", "StepConfig", step("spark-submit s3://a/b.py"),
         "each word of a command must be an argument, because EMR does not split arguments, got 'spark-submit "
         "s3://a/b.py' as the first argument of step 'step'",
         step("spark-submit", "s3://a/b.py")),
    Case("emr-step-no-command", "StepConfig", step(),
         "a step with command-runner.jar must have arguments, got none for step 'step'",
         step("hive")),
    Case("emr-spark-deploy-mode", "StepConfig", step("spark-submit", "--deploy-mode", "local", "s3://a/b.py"),
         "deploy mode of step 'step' must be cluster or client, got 'local'; use 'cluster' or 'client'",
         step("spark-submit", "--deploy-mode=client", "s3://a/b.py", "--deploy-mode", "local")),
    Case("emr-spark-deploy-mode", "StepConfig", step("spark-sql", "--deploy-mode", "cluster", "-f", "s3://a/b.sql"),
         "deploy mode of step 'step' must be client for spark-sql, got 'cluster'; remove --deploy-mode",
         step("spark-sql", "-f", "s3://a/b.sql")),
    Case("emr-spark-property", "StepConfig", step("spark-submit", "--verbose", "--conf", "executor.cores=4", "s3://a/b"),
         "name of a Spark property must begin with spark., because spark-submit ignores others, got 'executor.cores' "
         "in step 'step'",
         step("spark-submit", "--conf=spark.executor.cores=4", "s3://a/b.py",
                                                    "--conf", "local.yaml")),
    Case("emr-spark-property", "StepConfig", step("spark-sql", "--conf=hive.exec.parallel=true", "-f", "s3://a/b.sql"),
         "name of a Spark property must begin with spark., because spark-submit ignores others, got "
         "'hive.exec.parallel' in step 'step'",
         step("spark-submit", "--class", TOKEN, "--deploy-mode", "client",
                                                        "s3://a/b.jar", "--conf=local.yaml")),
    Case("emr-spark-packages", "StepConfig", step("spark-submit", "--packages=org.a:b:1,org.a:c", "s3://a/b.py"),
         "a package must be Maven coordinates, got 'org.a:c' in step 'step'; use group:artifact:version",
         step("spark-submit", "--packages", "org.a:b:1,org.a:c:1", "s3://a/b.py")),
    Case("emr-s3distcp-options", "StepConfig", step("s3-dist-cp", "--src=hdfs:///a"),
         "s3-dist-cp of step 'step' must have --src and --dest, got no --dest; specify both",
         step("s3-dist-cp", "--src", "hdfs:///a", "--dest", "s3://a/b")),
    Case("emr-s3distcp-options", "StepConfig", step("s3-dist-cp", "--src=a", "--dest=b", "--targetSize=128"),
         "--targetSize of step 'step' requires --groupBy, which is missing",
         step("s3-dist-cp", "--src=a", TOKEN, "--targetSize=128")),
    Case("emr-s3distcp-options", "StepConfig", step("s3-dist-cp", "--src=a", "--dest=b", "--outputCodec=zip"),
         "--outputCodec of step 'step' must be one of gzip, gz, lzo, lzop, snappy, none, keep, got 'zip'",
         step("s3-dist-cp", "--deleteOnSuccess", "--src=a", "--dest=b", "--outputCodec=gz")),
    Case("emr-step-concurrency", "RunJobFlowInput", cluster(StepConcurrencyLevel=257),
         "step concurrency level must be 1 to 256, got 257",
         cluster(StepConcurrencyLevel=256)),
    Case("emr-step-concurrency-release", "RunJobFlowInput",
         cluster(StepConcurrencyLevel=2, ReleaseLabel="emr-5.27.0"), "use emr-5.28.0",
         cluster(StepConcurrencyLevel=1, ReleaseLabel="emr-5.27.0")),
    Case("emr-step-concurrency-failure", "RunJobFlowInput",
         cluster(StepConcurrencyLevel=2, Steps=[step("a", ActionOnFailure="CANCEL_AND_WAIT")]),
         "action on failure of steps must be CONTINUE with a step concurrency level above 1, got CANCEL_AND_WAIT for "
         "step 'step'",
         cluster(StepConcurrencyLevel=1, Steps=[step("a", ActionOnFailure="CANCEL_AND_WAIT")])),
    Case("emr-step-count", "RunJobFlowInput", cluster(Steps=[step("a")] * 101),
         "number of steps must be at most 100, got 101; specify fewer steps, and add the rest later",
         cluster(Steps=[step("a")] * 101, ReleaseLabel="emr-7.13.0")),
    Case("emr-step-count", "RunJobFlowInput", cluster(Steps=[step("a")] * 257, ReleaseLabel="emr-7.13.0"),
         "number of steps must be at most 256, got 257; specify fewer steps, and add the rest later",
         cluster(Steps=[step("a")] * 100)),
    Case("emr-step-application", "RunJobFlowInput",
         cluster(Applications=applications("Spark"), Steps=[step("s3-dist-cp", "--src=a", "--dest=b")]),
         "s3-dist-cp of step 'step' requires Hadoop, which the cluster does not have; add Hadoop to the applications",
         cluster(Applications=applications("Spark"), Steps=[step("s3-dist-cp", "--src=a", "--dest=b")],
                 ReleaseLabel="emr-spark-8.1.0")),
    Case("emr-steps-frozen", "RunJobFlowInput", cluster(Steps=[step("a")], instances=groups(MASTER)),
         "a long-running cluster must not be defined with steps, because CloudFormation replaces the cluster and its "
         "HDFS data when they change, got 1 step",
         cluster(Steps=[step("a")])),
    Case("emr-steps-frozen", "RunJobFlowInput", cluster(Steps=[step("a"), step("b")], instances=groups(MASTER)),
         "a long-running cluster must not be defined with steps, because CloudFormation replaces the cluster and its "
         "HDFS data when they change, got 2 steps",
         cluster(instances=groups(MASTER))),
    Case("emr-repeated-argument", "RunJobFlowInput",
         cluster(Steps=[step("hive", "-d", "A=1", "-d", "B=2")]),
         "arguments of step 'step' must be unique, got '-d' more than once; join option and value in one argument "
         "(--option=value), or add the step with AWS::EMR::Step",
         cluster(Steps=[step("a", TOKEN, TOKEN)])),
    Case("emr-repeated-argument", "RunJobFlowInput", cluster(BootstrapActions=[bootstrap("-p", "a", "-p", "b")]),
         "arguments of bootstrap action 'action' must be unique, got '-p' more than once",
         cluster(BootstrapActions=[bootstrap("-p", "a", "b")])),
    Case("emr-step-application", "RunJobFlowInput",
         cluster(Applications=applications("Hive"), Steps=[step("spark-submit", "s3://a/b.py")]),
         "add Spark to the applications",
         cluster(Applications=applications("Spark"), Steps=[step("spark-submit", "s3://a/b.py")])),
    Case("emr-bootstrap-action-count", "RunJobFlowInput",
         cluster(BootstrapActions=[{"Name": "a", "ScriptBootstrapAction": {"Path": "s3://a/b"}}] * 17),
         "number of bootstrap actions must be at most 16, got 17",
         cluster(BootstrapActions=[{"Name": "a", "ScriptBootstrapAction": {"Path": "s3://a/b"}}] * 16)),
    Case("emr-bootstrap-action-path", "ScriptBootstrapActionConfig", {"Path": "https://a/b"}, "'https://a/b'",
         {"Path": "file:/usr/share/aws/emr/run-if"}),
    # Names, tags and logs
    Case("emr-cluster-name", "RunJobFlowInput", cluster(Name="a|b"),
         "cluster name must have 1 to 256 characters and none of <, >, $, | and backtick, got 'a|b'",
         cluster(Name="a/b")),
    Case("emr-cluster-name", "RunJobFlowInput", cluster(Name=""),
         "cluster name must have 1 to 256 characters and none of <, >, $, | and backtick, got ''",
         cluster(Name="a")),
    Case("emr-tag-key", "Tag", {"Key": "aws:cost", "Value": ""}, "'aws:cost'", {"Key": "cost", "Value": ""}),
    Case("emr-tag-value", "Tag", {"Key": "a", "Value": "v" * 257},
         "tag value must have at most 256 characters, got 257 for the tag 'a'",
         {"Key": "a", "Value": "v" * 256}),
    Case("emr-log-uri", "RunJobFlowInput", cluster(LogUri="bucket/logs"), "'bucket/logs'",
         cluster(LogUri="s3://bucket/logs/")),
    Case("emr-log-key-without-uri", "RunJobFlowInput", cluster(LogEncryptionKmsKeyId=KEY),
         "log encryption key requires a log URI",
         cluster(LogEncryptionKmsKeyId=KEY, LogUri="s3://bucket/")),
    Case("emr-log-uri", "S3MonitoringConfiguration", {"LogUri": "bucket/logs"}, "'bucket/logs'",
         {"LogUri": "s3://bucket/logs/"}),
    Case("emr-step-log-key-without-uri", "S3MonitoringConfiguration", {"EncryptionKeyArn": KEY},
         "log encryption key of a step requires a log URI",
         {"LogUri": "s3://bucket/logs/", "EncryptionKeyArn": KEY}),
    Case("emr-log-key-release", "RunJobFlowInput",
         cluster(LogEncryptionKmsKeyId=KEY, LogUri="s3://bucket/", ReleaseLabel="emr-6.0.0"), "use emr-6.0.1",
         cluster(LogEncryptionKmsKeyId=KEY, LogUri="s3://bucket/", ReleaseLabel="emr-5.30.0")),
    # Software
    Case("emr-classification", "Configuration", {"Classification": "spark defaults", "Properties": {"a": "b"}},
         "'spark defaults'", {"Classification": "spark-log4j2", "Properties": {"a": "b"}}),
    Case("emr-classification-repeated", "RunJobFlowInput",
         cluster(Configurations=[{"Classification": "a", "Properties": {"b": "c"}}] * 2),
         "classifications must be unique, got 'a' 2 times",
         cluster(Configurations=[{"Classification": "a", "Properties": {"b": "c"}}])),
    Case("emr-secret-reference", "Configuration",
         {"Classification": "hive-site", "Properties": {"EMR.secret@password": "plain"}}, "'EMR.secret@password'",
         {"Classification": "hive-site",
          "Properties": {"EMR.secret@password": "arn:aws-cn:secretsmanager:cn-north-1:1:secret:a"}}),
    Case("emr-secret-length", "Configuration",
         {"Classification": "a", "Properties": {"EMR.secret@" + "k" * 900: SECRET + "s" * 200}},
         "key and value of a reference to a secret must have at most 1024 characters, got 1170 for "
         "'EMR.secret@kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk'",
         {"Classification": "a", "Properties": {"EMR.secret@" + "k" * 700: SECRET + "s" * 200}}),
    Case("emr-plain-password", "Configuration", settings("hive-site", javax__jdo__option__ConnectionPassword="hunter2"),
         "a password must be a reference to a secret, because configurations are readable, got plain text for "
         "'javax.jdo.option.ConnectionPassword' of 'hive-site'",
         {"Classification": "hive-site", "Properties": {"EMR.secret@javax.jdo.option.ConnectionPassword": SECRET}}),
    Case("emr-plain-password", "Configuration", settings("core-site", fs__s3a__secret__key="x"),
         "a password must be a reference to a secret, because configurations are readable, got plain text for "
         "'fs.s3a.secret.key' of 'core-site'",
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
         "release must support Trino (6.4.0 to before 8.0.0), got emr-6.3.1",
         configured("Trino", parts=[settings("trino-config", a="b")],
                                                  ReleaseLabel="emr-6.4.0")),
    Case("emr-classification-release", "RunJobFlowInput",
         configured("Trino", parts=[settings("prestosql-config", a="b")]),
         "release must support PrestoSQL, which became Trino (6.1.0 to before 6.4.0), got emr-7.14.0; use an earlier "
         "release",
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
         configured("Spark", parts=[EMRFS], ReleaseLabel="emr-spark-8.1.0"),
         "release must support EMRFS (4.0.0 to before 8.0.0), got emr-spark-8.1.0",
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
    Case("emr-hbase-root", "RunJobFlowInput", configured("HBase", parts=[HBASE_ON_S3]),
         "HBase on S3 requires a root directory, which is missing",
         configured("HBase", parts=[HBASE_ROOT, HBASE_ON_S3])),
    Case("emr-hbase-root", "RunJobFlowInput",
         configured("HBase", parts=[settings("hbase-site", hbase__rootdir="hdfs:///hbase"), HBASE_ON_S3]),
         "root directory of HBase on S3 must be in S3, got 'hdfs:///hbase'",
         configured("HBase", parts=[settings("hbase-site", hbase__rootdir="hdfs:///hbase")])),
    Case("emr-hbase-root", "RunJobFlowInput",
         configured("HBase", parts=[HBASE_ROOT, settings("hbase", hbase__emr__readreplica__enabled="true")]),
         "a read replica of HBase requires HBase on S3", configured("HBase", parts=[HBASE_ROOT, HBASE_REPLICA])),
    Case("emr-wal-groups", "RunJobFlowInput",
         configured("HBase", parts=[HBASE_ROOT, HBASE_WAL], instances=FLEETS),
         "the EMR write-ahead log of HBase requires instance groups, got instance fleets",
         configured("HBase", parts=[HBASE_ROOT, HBASE_WAL])),
    Case("emr-executor-range", "Configuration", executors(min="5", max="4"),
         "minimum of executors with dynamic allocation must be at most the maximum, got a minimum of 5 and a maximum "
         "of 4",
         executors(min="4", max="4")),
    Case("emr-executor-start", "Configuration", executors(min="5", initial="4"),
         "initial number of executors with dynamic allocation must be in the range from minimum to maximum, got 4 "
         "and a minimum of 5",
         executors(min="4", initial="4")),
    Case("emr-executor-start", "Configuration", executors(min="1", initial="9", max="8"), "and a maximum of 8",
         executors(min="1", initial="8", max="8")),
    Case("emr-queue-capacity", "Configuration", queues("60", "30"),
         "capacities of the queues of one parent must add up to 100 percent, got 90 percent for the queues of root "
         "(default,etl)",
         queues("60", "40")),
    Case("emr-queue-capacity", "Configuration", queues("60.5", "40"), "100.5 percent",
         queues("[memory=50%,vcores=50%]", "[memory=50%,vcores=50%]")),
    # Retired
    Case("emr-retired-property", "RunJobFlowInput", cluster(AmiVersion="3.11.0"),
         "AmiVersion works only before release 4.0; specify a release label instead",
         cluster()),
    Case("emr-retired-property", "RunJobFlowInput", cluster(NewSupportedProducts=[{"Name": "mapr"}]),
         "NewSupportedProducts works only before release 4.0", cluster()),
    Case("emr-retired-property", "RunJobFlowInput", cluster(SupportedProducts=["mapr"]),
         "SupportedProducts works only before release 4.0",
         cluster()),
    Case("emr-retired-property", "JobFlowInstancesConfig", groups(MASTER, HadoopVersion="2.4.0"),
         "HadoopVersion works only before release 4.0", groups(MASTER)),
    Case("emr-application-name-only", "Application", {"Name": "Spark", "Version": "3.5"},
         "Version of application 'Spark' works only before release 4.0; remove it; the release determines the version",
         {"Name": "Spark"}),
    Case("emr-application-name-only", "Application", {"Name": "Spark", "Args": ["-x"]}, "use configurations instead",
         {"Name": "Spark"}),
    Case("emr-application-name-only", "Application", {"Name": "a", "AdditionalInfo": {"b": "c"}},
         "AdditionalInfo of application 'a' works only for third-party products",
         {"Name": "a"}),
    Case("emr-visible-to-all-users", "RunJobFlowInput", cluster(VisibleToAllUsers=False),
         "VisibleToAllUsers must be true, because false has no effect",
         cluster(VisibleToAllUsers=True)),
    # Operating system
    Case("emr-os-release-label", "RunJobFlowInput", cluster(OSReleaseLabel="2023.12"),
         "operating system release must be a release label of Amazon Linux, got '2023.12'",
         cluster(OSReleaseLabel="2023.12.20260629.0")),
    Case("emr-os-release-label-release", "RunJobFlowInput",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-6.5.0"), "use emr-6.6.0",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-6.6.0")),
    Case("emr-os-release-label-release", "RunJobFlowInput",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-5.35.0"), "use emr-5.36.0",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-5.36.0")),
    Case("emr-os-release-label-linux", "RunJobFlowInput", cluster(OSReleaseLabel="2.0.20210312.1"),
         "operating system release must be of Amazon Linux 2023, which emr-7.14.0 runs, got 2.0.20210312.1",
         cluster(OSReleaseLabel="2023.12.20260629.0", ReleaseLabel="emr-spark-8.1.0")),
    Case("emr-os-release-label-linux", "RunJobFlowInput",
         cluster(OSReleaseLabel="2023.12.20260629.0", ReleaseLabel="emr-6.15.0"), "use a label such as 2.0.20210312.1",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-6.15.0")),
    Case("emr-os-release-label-custom-ami", "RunJobFlowInput",
         cluster(OSReleaseLabel="2023.12.20260629.0", CustomAmiId="ami-01234567"),
         "operating system release can't be combined with a custom AMI, which determines it",
         cluster(CustomAmiId="ami-01234567")),
    Case("emr-additional-info", "RunJobFlowInput", cluster(AdditionalInfo="[1]"),
         "AdditionalInfo must be a JSON object, got '[1]'",
         cluster(AdditionalInfo='{"a": 1}')),
    Case("emr-additional-info", "RunJobFlowInput", cluster(AdditionalInfo="a=1"),
         "AdditionalInfo must be a JSON object, got 'a=1'",
         cluster(AdditionalInfo="{}")),
    # Network
    Case("emr-subnet-properties", "JobFlowInstancesConfig",
         groups(MASTER, Ec2SubnetId="subnet-1", Ec2SubnetIds=["subnet-1"]),
         "Ec2SubnetId can't be combined with Ec2SubnetIds",
         groups(MASTER, Ec2SubnetId="subnet-1")),
    Case("emr-groups-one-subnet", "JobFlowInstancesConfig", groups(MASTER, Ec2SubnetIds=["subnet-1", "subnet-2"]),
         "a cluster of instance groups must have one subnet, got 2 subnets", groups(MASTER, Ec2SubnetIds=["subnet-1"])),
    Case("emr-partial-security-groups", "JobFlowInstancesConfig", groups(MASTER, EmrManagedMasterSecurityGroup="sg-1"),
         "managed security group of the primary nodes requires one of the core and task nodes, which is missing",
         groups(MASTER, EmrManagedMasterSecurityGroup="sg-1", EmrManagedSlaveSecurityGroup="sg-2")),
    Case("emr-partial-security-groups", "JobFlowInstancesConfig", groups(MASTER, ServiceAccessSecurityGroup="sg-1"),
         "service-access security group requires managed security groups, which are missing", groups(MASTER)),
    Case("emr-additional-security-groups", "JobFlowInstancesConfig",
         groups(MASTER, AdditionalMasterSecurityGroups=["sg-1"] * 5),
         "additional security groups of a node type must be at most 4, got 5 for the primary nodes",
         groups(MASTER, AdditionalMasterSecurityGroups=["sg-1"] * 4)),
    Case("emr-placement-and-subnet", "JobFlowInstancesConfig",
         groups(MASTER, Ec2SubnetId="subnet-1", Placement={"AvailabilityZone": "us-east-1a"}),
         "Placement can't be combined with a subnet, which determines the Availability Zone",
         groups(MASTER, Placement={"AvailabilityZone": "us-east-1a"})),
    # Security configuration
    Case("emr-unknown-property", DOCUMENT, {"EnableAtRestEncryption": True}, "no 'EnableAtRestEncryption'",
         {"EncryptionConfiguration": {"EnableAtRestEncryption": False}}),
    Case("emr-encryption-parts", "EncryptionConfiguration", {"EnableInTransitEncryption": True},
         "in-transit encryption must be enabled and configured, got enabled without a configuration",
         {"EnableInTransitEncryption": True,
          "InTransitEncryptionConfiguration": {"TLSCertificateConfiguration": tls("EMR")}}),
    Case("emr-encryption-parts", "EncryptionConfiguration",
         {"AtRestEncryptionConfiguration": {"S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"}}},
         "at-rest encryption must be enabled and configured, got configured, but not enabled",
         {"EnableAtRestEncryption": True,
          "AtRestEncryptionConfiguration": {"S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"}}}),
    Case("emr-at-rest-empty", "AtRestEncryptionConfiguration", {},
         "at-rest encryption must include S3, local disks or both",
         {"S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"}}),
    Case("emr-s3-encryption-provider", "S3EncryptionConfiguration", {"EncryptionMode": "SSE-KMS"},
         "S3 encryption SSE-KMS requires AwsKmsKey, which is missing",
         {"EncryptionMode": "SSE-KMS", "AwsKmsKey": KEY}),
    Case("emr-s3-encryption-provider", "S3EncryptionOverride",
         {"BucketName": "a", "EncryptionMode": "SSE-S3", "AwsKmsKey": KEY},
         "S3 encryption SSE-S3 can't be combined with AwsKmsKey",
         {"BucketName": "a", "EncryptionMode": "SSE-S3"}),
    Case("emr-s3-encryption-provider", "S3EncryptionConfiguration",
         {"EncryptionMode": "CSE-Custom", "S3Object": "s3://a/b.jar"},
         "S3 encryption CSE-Custom requires EncryptionKeyProviderClass, which is missing",
         {"EncryptionMode": "CSE-Custom", "S3Object": "s3://a/b.jar", "EncryptionKeyProviderClass": "C"}),
    Case("emr-s3-encryption-provider", "S3EncryptionConfiguration",
         {"EncryptionMode": "SSE-S3", "S3Object": "s3://a/b.jar"},
         "S3 encryption SSE-S3 can't be combined with a custom key provider",
         {"EncryptionMode": "SSE-S3"}),
    Case("emr-local-disk-provider", DISK, {"EncryptionKeyProviderType": "AwsKms"},
         "local disk encryption AwsKms requires AwsKmsKey, which is missing",
         {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY}),
    Case("emr-ebs-encryption-provider", DISK,
         {"EncryptionKeyProviderType": "Custom", "S3Object": "s3://a/b", "EncryptionKeyProviderClass": "C",
          "EnableEbsEncryption": True}, "EBS encryption requires the key provider AwsKms, got Custom",
         {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY, "EnableEbsEncryption": True}),
    Case("emr-key-provider-class", "AtRestEncryptionConfiguration",
         {"S3EncryptionConfiguration": {"EncryptionMode": "CSE-Custom", "S3Object": "s3://a/b",
                                        "EncryptionKeyProviderClass": "C"},
          DISK: {"EncryptionKeyProviderType": "Custom", "S3Object": "s3://a/b", "EncryptionKeyProviderClass": "C"}},
         "key provider classes for S3 and for local disks must be different, got 'C' for both",
         {"S3EncryptionConfiguration": {"EncryptionMode": "CSE-Custom", "S3Object": "s3://a/b",
                                        "EncryptionKeyProviderClass": "C"},
          DISK: {"EncryptionKeyProviderType": "Custom", "S3Object": "s3://a/b", "EncryptionKeyProviderClass": "D"}}),
    Case("emr-override-repeated", "S3EncryptionConfiguration",
         {"EncryptionMode": "SSE-S3", "Overrides": [{"BucketName": "a", "EncryptionMode": "SSE-S3"}] * 2},
         "buckets of encryption overrides must be unique, got 'a' 2 times",
         {"EncryptionMode": "SSE-S3", "Overrides": [{"BucketName": "a", "EncryptionMode": "SSE-S3"}]}),
    Case("emr-kms-key-arn", DISK, {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": "alias/emr"}, "'alias/emr'",
         {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY}),
    Case("emr-certificate-provider", "TLSCertificateConfiguration", tls("PEM"),
         "certificate provider PEM requires S3Object, which is missing",
         tls("PEM", S3Object="s3://a/b.zip")),
    Case("emr-certificate-provider", "TLSCertificateConfiguration", tls("EMR", S3Object="s3://a/b"),
         "certificate provider EMR can't be combined with S3Object", tls("EMR", AwsKmsKey=KEY)),
    Case("emr-certificate-provider", "TLSCertificateConfiguration",
         tls("PEM", S3Object="s3://a/b.zip", ValidityInDays=30),
         "certificate provider PEM can't be combined with ValidityInDays",
         tls("EMR", ValidityInDays=30)),
    Case("emr-certificate-validity", "TLSCertificateConfiguration", tls("EMR", ValidityInDays=0),
         "validity of certificates must be at least 1 day, got 0",
         tls("EMR", ValidityInDays=1)),
    Case("emr-s3-object", "TLSCertificateConfiguration", tls("PEM", S3Object="b.zip"), "'b.zip'",
         tls("PEM", S3Object="arn:aws:s3:::a/b.zip")),
    Case("emr-imds-version", "InstanceMetadataServiceConfiguration",
         {"MinimumInstanceMetadataServiceVersion": 3, "HttpPutResponseHopLimit": 1},
         "minimum version of the instance metadata service must be 1 or 2, got 3",
         {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 1}),
    Case("emr-imds-hop-limit", "InstanceMetadataServiceConfiguration",
         {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 65},
         "hop limit of the instance metadata service must be 1 to 64, got 65",
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
         "Kerberos provider ExternalKdc requires ExternalKdcConfiguration, which is missing", external()),
    Case("emr-kerberos-provider", "KerberosConfiguration", {**external(), "ClusterDedicatedKdcConfiguration": {}},
         "Kerberos provider ExternalKdc can't be combined with ClusterDedicatedKdcConfiguration", dedicated()),
    Case("emr-kerberos-ticket-lifetime", "ClusterDedicatedKdcConfiguration", {"TicketLifetimeInHours": 0},
         "lifetime of a Kerberos ticket must be at least 1 hour, got 0", {"TicketLifetimeInHours": 24}),
    Case("emr-kerberos-name", "CrossRealmTrustConfiguration", {**TRUST, "Realm": "AD EXAMPLE"},
         "name of a realm, domain or server must not be empty or contain spaces or slashes, got 'AD EXAMPLE' for "
         "Realm",
         TRUST),
    Case("emr-kerberos-name", "AdIntegrationConfiguration", {**DIRECTORY, "AdServer": "ldap://ad"},
         "name of a realm, domain or server must not be empty or contain spaces or slashes, got 'ldap://ad' for "
         "AdServer",
         DIRECTORY),
    Case("emr-kerberos-name", "KerberosAttributes", {**REALM, "Realm": ""},
         "name of a realm, domain or server must not be empty or contain spaces or slashes, got '' for Realm",
         REALM),
    Case("emr-kerberos-join-credentials", "KerberosAttributes", {**REALM, "ADDomainJoinUser": "joiner"},
         "ADDomainJoinUser requires ADDomainJoinPassword, which is missing", {**REALM, **JOIN}),
    Case("emr-kerberos-password-in-clear", "KerberosAttributes", {**REALM, "KdcAdminPassword": "hunter2"},
         "a password must be a reference to a secret, because templates and requests are readable, got plain text "
         "for KdcAdminPassword",
         REALM),
    Case("emr-kerberos-both-sides", "Launch", secured(document(kerberos=dedicated())),
         "Kerberos in the security configuration requires Kerberos attributes of the cluster, which are missing; "
         "specify KerberosAttributes",
         secured(document(kerberos=dedicated()), KerberosAttributes=REALM)),
    Case("emr-kerberos-both-sides", "Launch", secured(KerberosAttributes=REALM),
         "Kerberos attributes of the cluster require Kerberos in the security configuration, which is missing",
         secured(KerberosAttributes=REALM, SecurityConfiguration="made-elsewhere")),
    Case("emr-kerberos-trust-password", "Launch",
         secured(document(kerberos=dedicated(CrossRealmTrustConfiguration=TRUST)), KerberosAttributes=REALM),
         "cross-realm trust requires CrossRealmTrustPrincipalPassword, which is missing",
         secured(document(kerberos=dedicated(CrossRealmTrustConfiguration=TRUST)),
                 KerberosAttributes={**REALM, **TRUST_PASSWORD})),
    Case("emr-kerberos-trust-password", "Launch",
         secured(document(kerberos=dedicated()), KerberosAttributes={**REALM, **TRUST_PASSWORD}),
         "CrossRealmTrustPrincipalPassword requires a cross-realm trust, which is missing",
         secured(document(kerberos=dedicated()), KerberosAttributes=REALM)),
    Case("emr-kerberos-domain-join", "Launch",
         secured(document(kerberos=external(AdIntegrationConfiguration=DIRECTORY)), KerberosAttributes=REALM),
         "Active Directory integration requires ADDomainJoinUser, which is missing",
         secured(document(kerberos=external(AdIntegrationConfiguration=DIRECTORY)),
                 KerberosAttributes={**REALM, **JOIN})),
    Case("emr-kerberos-domain-join", "Launch",
         secured(document(kerberos=external()), KerberosAttributes={**REALM, **JOIN}),
         "ADDomainJoinUser requires Active Directory integration or a cross-realm trust, which are missing",
         secured(document(kerberos=dedicated(CrossRealmTrustConfiguration=TRUST)),
                 KerberosAttributes={**REALM, **JOIN, **TRUST_PASSWORD})),
    Case("emr-kerberos-ha", "Launch",
         secured(document(kerberos=dedicated()), KerberosAttributes=REALM, instances=groups(THREE, **PROTECTED)),
         "a cluster with three primary nodes must have an external KDC, because another one is lost with its node",
         secured(document(kerberos=external()), KerberosAttributes=REALM, instances=groups(THREE, **PROTECTED))),
    Case("emr-kerberos-release", "Launch",
         secured({"AuthenticationConfiguration": {"KerberosConfiguration": external()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-5.19.0"), "use emr-5.20.0",
         secured({"AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-5.19.0")),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive"),
         "a Hive metastore that Spark uses must not have TLS on a cluster with Kerberos, because Spark can't "
         "connect, got the cluster's Hive metastore",
         with_kerberos("Spark", "Hive", parts=[METASTORE_WITHOUT_TLS])),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("spark", "HCatalog"), "the cluster's Hive metastore",
         with_kerberos("spark", "HCatalog", tls=False)),
    Case("emr-kerberos-spark-metastore", "Launch", with_kerberos("Spark", "Hive", ReleaseLabel="emr-7.3.0"),
         "a Hive metastore that Spark uses must not have TLS on a cluster with Kerberos, because Spark can't "
         "connect, got the cluster's Hive metastore; set hive.metastore.use.SSL to false, or use the AWS Glue Data "
         "Catalog for Spark",
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
         "Role must be an ARN, got 'analysts'", {"Role": ROLE, "IdentifierType": "User", "Identifiers": ["a"]}),
    Case("emr-authorization-arn", "RangerConfiguration", ranger("Spark", AdminServerSecretARN="ranger"),
         "AdminServerSecretARN must be an ARN, got 'ranger'", ranger("Spark")),
    Case("emr-authorization-arn", "AuditLogs",
         {"CloudWatchLogGroup": "arn:aws:logs:us-east-1:111111111111:log-group:audit:*"}, "log-group:audit:*",
         {"CloudWatchLogGroup": "arn:aws:logs:us-east-1:111111111111:log-group:/emr/audit"}),
    Case("emr-authorization-arn", "IdentityCenterConfiguration", identity(IdentityCenterInstanceARN="ssoins-1"),
         "'ssoins-1'", identity(IdentityCenterInstanceARN="arn:aws:sso:::instance/ssoins-1")),
    Case("emr-role-mappings-empty", "EmrFsConfiguration", {"RoleMappings": []}, "role mappings must not be empty",
         MAPPINGS["EmrFsConfiguration"]),
    Case("emr-role-mapping-identifiers", "RoleMapping", {"Role": ROLE, "IdentifierType": "Group", "Identifiers": []},
         "a role mapping must have identifiers", {"Role": ROLE, "IdentifierType": "Group", "Identifiers": ["a"]}),
    Case("emr-role-mapping-identifiers", "RoleMapping",
         {"Role": ROLE, "IdentifierType": "Prefix", "Identifiers": ["bucket/sales"]},
         "identifier of type Prefix must be an S3 URI, got 'bucket/sales'",
         {"Role": ROLE, "IdentifierType": "Prefix", "Identifiers": ["s3://bucket/sales/"]}),
    Case("emr-role-mapping-identifiers", "RoleMapping",
         {"Role": ROLE, "IdentifierType": "User", "Identifiers": ["s3://bucket"]},
         "identifier of type User must be a name, got 's3://bucket'",
         {"Role": ROLE, "IdentifierType": "User", "Identifiers": ["ana"]}),
    Case("emr-source-identity-without-runtime-roles", "IAMConfiguration",
         {"EnableApplicationScopedIAMRole": False,
          "ApplicationScopedIAMRoleConfiguration": {"PropagateSourceIdentity": True}},
         "the configuration of runtime roles requires that they are enabled",
         {"EnableApplicationScopedIAMRole": True,
          "ApplicationScopedIAMRoleConfiguration": {"PropagateSourceIdentity": True}}),
    Case("emr-lake-formation-runtime-roles", DOCUMENT, document(authorization=LAKE_FORMATION),
         "Lake Formation requires runtime roles or IAM Identity Center, to identify users",
         document(authorization={**RUNTIME_ROLES, **LAKE_FORMATION})),
    Case("emr-lake-formation-session-tag", DOCUMENT,
         document(authorization={**RUNTIME_ROLES, "LakeFormationConfiguration": {"EnableLakeFormation": True}}),
         "Lake Formation with runtime roles requires an authorized session tag value",
         document(authorization={"LakeFormationConfiguration": {"EnableLakeFormation": True}},
                  identity_center=identity())),
    Case("emr-authorization-in-transit", DOCUMENT,
         document(authorization={**RUNTIME_ROLES, **LAKE_FORMATION}, in_transit=False),
         "Lake Formation requires in-transit encryption, which is not enabled",
         document(authorization=RUNTIME_ROLES, in_transit=False)),
    Case("emr-authorization-in-transit", DOCUMENT, document(identity_center=identity(), in_transit=False),
         "IAM Identity Center requires in-transit encryption, which is not enabled",
         document(identity_center=identity())),
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
                 Configurations=ACCESS_GRANTS),
         "release must support user background sessions (7.11.0 and later), got emr-7.10.0",
         secured(document(identity_center=identity(EnableUserBackgroundSession=True)), ReleaseLabel="emr-7.11.0",
                 Configurations=ACCESS_GRANTS)),
    Case("emr-authorization-ha", "Launch",
         secured(document(authorization=RUNTIME_ROLES), instances=groups(THREE, **PROTECTED)),
         "a cluster with three primary nodes must not use runtime roles or trusted identity propagation, got runtime "
         "roles",
         secured(document(authorization=RUNTIME_ROLES))),
    Case("emr-authorization-ha", "Launch",
         secured(document(identity_center=identity()), instances=groups(THREE, **PROTECTED)),
         "a cluster with three primary nodes must not use runtime roles or trusted identity propagation, got trusted "
         "identity propagation",
         secured(document(), instances=groups(THREE, **PROTECTED))),
    Case("emr-runtime-role-steps", "Launch", secured(document(authorization=RUNTIME_ROLES), Steps=[step("a")]),
         "each step of a cluster with runtime roles must have one, got none for step 'step'",
         secured(document(authorization=RUNTIME_ROLES), Steps=[step("a")], StepExecutionRoleArn=ROLE)),
    Case("emr-identity-center-source", "Launch", secured(document(identity_center=identity())),
         "IAM Identity Center requires Lake Formation or Amazon S3 Access Grants, to authorize access",
         secured(document(identity_center=identity()), Configurations=ACCESS_GRANTS)),
    Case("emr-lake-formation-catalog", "Launch",
         secured(document(authorization={**RUNTIME_ROLES, **LAKE_FORMATION})),
         "Lake Formation requires configurations that use the AWS Glue Data Catalog",
         secured(document(authorization={**RUNTIME_ROLES, **LAKE_FORMATION}),
                 Configurations=[{"Classification": "nested", "Configurations": GLUE}])),
    # Ranger
    Case("emr-ranger-admin-url", "RangerConfiguration", ranger("Spark", AdminServerURL="ranger.example.com:6182"),
         "'ranger.example.com:6182'", ranger("Spark")),
    Case("emr-ranger-plugins", "RangerConfiguration", ranger(), "Ranger must have plugins", ranger("Hive")),
    Case("emr-ranger-plugins", "RangerConfiguration", ranger("Hive", "Hive"),
         "applications of Ranger plugins must be unique, got 'Hive' 2 times",
         ranger("Hive", "Spark", "EMRFS-S3", "Trino")),
    Case("emr-ranger-kerberos", DOCUMENT, document(authorization={"RangerConfiguration": ranger("Spark")}),
         "Ranger requires Kerberos, to identify users",
         document(authorization={"RangerConfiguration": ranger("Spark")}, kerberos=dedicated())),
    Case("emr-ranger-application", "Launch",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.3.0", Applications=applications("Spark", "Hive")),
         "Spark and Hive must have a Ranger plugin on a cluster with Ranger, got Hive without one",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.3.0", Applications=applications("Spark"))),
    Case("emr-ranger-release", "Launch",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.4.0"),
         "release must support Apache Ranger (5.32.0 to before 6.0.0 or 6.3.0 to before 7.4.0), got emr-7.4.0; use "
         "an earlier release",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.3.0")),
    # Studio
    Case("emr-studio-name", STUDIO, studio(Name="***"), "'***'", studio(Name="Data science")),
    Case("emr-studio-name", STUDIO, studio(Name="s" * 257),
         "name of the Studio must have 1 to 256 characters, and at least one letter, digit, hyphen or underscore, "
         "got "
         "'ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"
         "sssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"
         "ssssssssssssssssssssssssssssssssssssssssssss'",
         studio(Name="s" * 256)),
    Case("emr-studio-subnets", STUDIO, studio(SubnetIds=[]), "number of subnets must be 1 to 5, got 0", studio()),
    Case("emr-studio-subnets", STUDIO, studio(SubnetIds=[f"subnet-{number}" for number in range(6)]),
         "number of subnets must be 1 to 5, got 6",
         studio(SubnetIds=[f"subnet-{number}" for number in range(5)])),
    Case("emr-studio-subnets", STUDIO, studio(SubnetIds=["subnet-1", "subnet-1"]), "'subnet-1' 2 times",
         studio(SubnetIds=["subnet-1", "subnet-2"])),
    Case("emr-studio-location", STUDIO, studio(DefaultS3Location="hdfs:///notebooks"), "'hdfs:///notebooks'",
         studio(DefaultS3Location="s3://company-workspaces")),
    Case("emr-studio-security-group-id", STUDIO, studio(EngineSecurityGroupId="engine"),
         "EngineSecurityGroupId must be the ID of a security group, got 'engine'", studio()),
    Case("emr-studio-security-groups", STUDIO, studio(EngineSecurityGroupId="sg-11111111"), "'sg-11111111'", studio()),
    Case("emr-studio-arn", STUDIO, studio(ServiceRole="studio"), "ServiceRole must be an ARN, got 'studio'", studio()),
    Case("emr-studio-arn", STUDIO, studio(EncryptionKeyArn="alias/studio"),
         "EncryptionKeyArn must be an ARN, got 'alias/studio'",
         studio(EncryptionKeyArn="arn:aws-cn:kms:cn-north-1:111111111111:key/1")),
    Case("emr-studio-arn", "StudioAuthMode", sign_in("SSO", IdcInstanceArn="ssoins-1"),
         "IdcInstanceArn must be an ARN, got 'ssoins-1'",
         sign_in("SSO", IdcInstanceArn="arn:aws:sso:::instance/ssoins-1")),
    Case("emr-studio-arn", SESSION_MAPPING, mapping(SessionPolicyArn=STUDIO_ROLE),
         "SessionPolicyArn must be an ARN, got 'arn:aws:iam::111111111111:role/studio'",
         mapping(SessionPolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")),
    Case("emr-studio-user-role", STUDIO, studio("SSO"), "the authentication mode SSO requires a user role",
         studio("SSO", UserRole=STUDIO_ROLE)),
    Case("emr-studio-auth-mode", STUDIO, studio(UserRole=STUDIO_ROLE),
         "UserRole can't be combined with the authentication mode IAM",
         studio()),
    Case("emr-studio-auth-mode", "StudioAuthMode", sign_in("SSO", IdpAuthUrl="https://idp.example.com"),
         "IdpAuthUrl can't be combined with the authentication mode SSO",
         sign_in("IAM", IdpAuthUrl="https://idp.example.com")),
    Case("emr-studio-auth-mode", "StudioAuthMode", sign_in("IAM", IdcUserAssignment="REQUIRED"),
         "IdcUserAssignment can't be combined with the authentication mode IAM",
         sign_in("IAM", TrustedIdentityPropagationEnabled=False)),
    Case("emr-studio-idp-url", "StudioAuthMode", sign_in("IAM", IdpAuthUrl="http://idp.example.com"), "'http://idp",
         sign_in("IAM", IdpAuthUrl="https://idp.example.com:8443/sso?app=emr")),
    Case("emr-studio-relay-state", "StudioAuthMode", sign_in("IAM", IdpRelayStateParameterName="RelayState"),
         "IdpRelayStateParameterName requires IdpAuthUrl",
         sign_in("IAM", IdpRelayStateParameterName="RelayState", IdpAuthUrl="https://idp.example.com")),
    Case("emr-studio-id", SESSION_MAPPING, mapping(StudioId="analysts"), "'analysts'", mapping()),
    Case("emr-studio-identity", SESSION_MAPPING, mapping(IdentityName=""),
         "name of the user or group must have 1 to 256 characters, got ''",
         mapping(IdentityName="Data science", IdentityType="USER")),
    # WAL workspace
    Case("emr-wal-workspace-name", "WALWorkspace", {"WALWorkspaceName": "my-orders"}, "'my-orders'",
         {"WALWorkspaceName": "orders2026"}),
    Case("emr-wal-workspace-name", "WALWorkspace", {"WALWorkspaceName": "a" * 33}, "'aaa",
         {"WALWorkspaceName": "a" * 32}),
]  # fmt: skip
