"""The parts that the cases of the rules are made of."""

from __future__ import annotations

from typing import Any, NamedTuple

from emr_constructs._core.unknown import UNKNOWN

TOKEN = UNKNOWN

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


def jar_step(jar: str, *args: str) -> dict[str, Any]:
    return {"Name": "step", "HadoopJarStep": {"Jar": jar, "Args": list(args)}, "ActionOnFailure": "CONTINUE"}


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


def declared(**members: Any) -> dict[str, Any]:
    """A cluster of a template."""
    return {"Cluster": cluster(**members), "InTemplate": True}


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
    return {"Property": member, "LogicalId": "Other", "Type": kind, "Attribute": attribute}


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
LAUNCH = "Launch"

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
