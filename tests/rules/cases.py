"""For every rule what it refuses, what it says, and what it accepts instead."""

from __future__ import annotations

from typing import Any, NamedTuple

from emr_constructs.rules.engine import UNKNOWN as TOKEN


class Case(NamedTuple):
    rule: str
    shape: str
    refused: dict[str, Any]
    says: str
    accepted: dict[str, Any]


def group(role: str = "CORE", **members: Any) -> dict[str, Any]:
    return {"InstanceRole": role, "InstanceType": "m7g.xlarge", "InstanceCount": 1, **members}


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


def launch(label: str, **encryption: Any) -> dict[str, Any]:
    return {"Cluster": cluster(ReleaseLabel=label), "SecurityConfiguration": {"EncryptionConfiguration": encryption}}


MASTER, CORE, TASK = group("MASTER"), group("CORE"), group("TASK")
THREE = group("MASTER", InstanceCount=3)
PROTECTED = {"TerminationProtected": True}
KEY = "arn:aws:kms:us-east-1:111111111111:key/1"
DISK = "LocalDiskEncryptionConfiguration"
DOCUMENT = "SecurityConfigurationDocument"

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
    # Topology
    Case("emr-master-count", "InstanceGroupConfig", group("MASTER", InstanceCount=2), "instance count of 2", THREE),
    Case("emr-core-count", "InstanceGroupConfig", group(InstanceCount=0), "instance count of 0", CORE),
    Case("emr-task-count", "InstanceGroupConfig", group("TASK", InstanceCount=-1), "instance count of -1",
         group("TASK", InstanceCount=0)),
    Case("emr-groups-and-fleets", "JobFlowInstancesConfig",
         groups(MASTER, InstanceFleets=[{"InstanceFleetType": "MASTER"}]), "both instance groups and instance fleets",
         groups(MASTER)),
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
    Case("emr-ha-termination", "RunJobFlowInput", cluster(instances=groups(THREE, TerminationProtected=False)),
         "not protected from termination", cluster(instances=groups(THREE, **PROTECTED))),
    Case("emr-ha-termination", "RunJobFlowInput",
         cluster(instances=groups(THREE, KeepJobFlowAliveWhenNoSteps=False), Steps=[step("a")]),
         "three master nodes ends after its steps", cluster(instances=groups(THREE))),
    # Capacity
    Case("emr-volume-type", "VolumeSpecification", volume(VolumeType="gp4"), "'gp4'", volume(VolumeType="sc1")),
    Case("emr-volume-size", "VolumeSpecification", volume(SizeInGB=1025), "1025 GiB", volume(SizeInGB=1024)),
    Case("emr-volume-size-optimized", "EbsConfiguration", ebs(9, optimized=True), "9 GiB on an EBS-optimized instance",
         ebs(9, optimized=False)),
    Case("emr-volume-throughput", "VolumeSpecification", volume(Throughput=1001), "1001 MiB/s",
         volume(Throughput=1000)),
    Case("emr-volume-throughput-type", "VolumeSpecification", volume(VolumeType="gp2", Throughput=125),
         "a gp2 volume has a throughput", volume(VolumeType="gp3", Throughput=125)),
    Case("emr-volume-iops-type", "VolumeSpecification", volume(VolumeType="st1", Iops=3000),
         "a st1 volume has provisioned IOPS", volume(VolumeType="io1", Iops=3000)),
    Case("emr-volume-iops", "VolumeSpecification", volume(Iops=2999), "2999 IOPS", volume(Iops=3000)),
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
]  # fmt: skip
