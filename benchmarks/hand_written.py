"""The stack of one cluster as careful people write it: L2s where aws-cdk-lib has them, L1s for EMR.

Each reading is a round trip to the Node process, so nothing is read twice for a cluster.
"""

from __future__ import annotations

from typing import NamedTuple

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_emr as emr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

TAG = "for-use-with-amazon-emr-managed-policies"


class PseudoParameters(NamedTuple):
    partition: str
    region: str
    account: str
    url_suffix: str


def define(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    aws = PseudoParameters(cdk.Aws.PARTITION, cdk.Aws.REGION, cdk.Aws.ACCOUNT_ID, cdk.Aws.URL_SUFFIX)
    subnets = vpc.select_subnets()
    profile = Construct(stack, "Profile")
    key = kms.Key(
        profile,
        "Key",
        description="Encrypts S3 data, disks, logs and certificates of Amazon EMR clusters",
        enable_key_rotation=True,
        removal_policy=cdk.RemovalPolicy.RETAIN,
    )
    log_bucket = define_log_bucket(profile, key)
    key_arn = key.key_arn
    security_configuration, tag_value = define_security_configuration(profile, key_arn)
    master_id, core_id, service_id, rules = define_security_groups(profile, vpc)
    instance_role, instance_profile, policies = define_instance_role(profile, key_arn, log_bucket, tag_value, aws)
    service_role, service_policy = define_service_role(profile, key_arn, instance_role, aws)
    for subnet in subnets.subnets:
        cdk.Tags.of(subnet).add(TAG, "true", include_resource_types=["AWS::EC2::Subnet"])

    cluster_scope = cdk.Resource(stack, "Cluster")
    volumes = emr.CfnCluster.EbsConfigurationProperty(
        ebs_block_device_configs=[
            emr.CfnCluster.EbsBlockDeviceConfigProperty(
                volume_specification=emr.CfnCluster.VolumeSpecificationProperty(size_in_gb=32, volume_type="gp3"),
                volumes_per_instance=2,
            )
        ]
    )
    cluster = emr.CfnCluster(
        cluster_scope,
        "Resource",
        name=f"{stack.stack_name}/Cluster",
        release_label="emr-7.14.0",
        applications=[emr.CfnCluster.ApplicationProperty(name="Spark")],
        visible_to_all_users=True,
        job_flow_role=instance_profile.instance_profile_name,
        service_role=service_role.role_arn,
        security_configuration=security_configuration.ref,
        log_uri=log_bucket.s3_url_for_object("emr/"),
        log_encryption_kms_key_id=key_arn,
        auto_termination_policy=emr.CfnCluster.AutoTerminationPolicyProperty(idle_timeout=3600),
        instances=emr.CfnCluster.JobFlowInstancesConfigProperty(
            master_instance_group=emr.CfnCluster.InstanceGroupConfigProperty(
                name="Master",
                instance_type="m7g.xlarge",
                instance_count=1,
                market="ON_DEMAND",
                ebs_configuration=volumes,
            ),
            core_instance_group=emr.CfnCluster.InstanceGroupConfigProperty(
                name="Core",
                instance_type="m7g.xlarge",
                instance_count=2,
                market="ON_DEMAND",
                ebs_configuration=volumes,
            ),
            ec2_subnet_id=subnets.subnet_ids[0],
            emr_managed_master_security_group=master_id,
            emr_managed_slave_security_group=core_id,
            service_access_security_group=service_id,
            keep_job_flow_alive_when_no_steps=True,
            termination_protected=False,
            unhealthy_node_replacement=True,
        ),
        tags=[cdk.CfnTag(key=TAG, value="true")],
    )
    cluster.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
    cluster.node.add_dependency(*rules, *policies, service_policy)
    define_alarms(stack, cluster.ref, key, aws)


def define_log_bucket(profile: Construct, key: kms.Key) -> s3.Bucket:
    scope = Construct(profile, "Logs")
    private = s3.BlockPublicAccess.BLOCK_ALL
    lifecycle = s3.LifecycleRule(
        expiration=cdk.Duration.days(365),
        noncurrent_version_expiration=cdk.Duration.days(30),
        abort_incomplete_multipart_upload_after=cdk.Duration.days(7),
    )
    access_logs = s3.Bucket(
        scope,
        "AccessLogs",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=private,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[lifecycle],
        removal_policy=cdk.RemovalPolicy.RETAIN,
    )
    return s3.Bucket(
        scope,
        "Bucket",
        encryption=s3.BucketEncryption.KMS,
        encryption_key=key,
        bucket_key_enabled=True,
        block_public_access=private,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[lifecycle],
        server_access_logs_bucket=access_logs,
        removal_policy=cdk.RemovalPolicy.RETAIN,
    )


def define_security_configuration(profile: Construct, key_arn: str) -> tuple[emr.CfnSecurityConfiguration, str]:
    scope = cdk.Resource(profile, "SecurityConfiguration")
    tag_value = scope.node.addr
    configuration = emr.CfnSecurityConfiguration(
        scope,
        "Resource",
        security_configuration={
            "EncryptionConfiguration": {
                "EnableInTransitEncryption": True,
                "EnableAtRestEncryption": True,
                "InTransitEncryptionConfiguration": {
                    "TLSCertificateConfiguration": {
                        "CertificateProviderType": "EMR",
                        "AwsKmsKey": key_arn,
                        "SecretTags": [{"Key": "emr-constructs:security-configuration", "Value": tag_value}],
                    }
                },
                "AtRestEncryptionConfiguration": {
                    "S3EncryptionConfiguration": {"EncryptionMode": "SSE-KMS", "AwsKmsKey": key_arn},
                    "LocalDiskEncryptionConfiguration": {
                        "EncryptionKeyProviderType": "AwsKms",
                        "AwsKmsKey": key_arn,
                        "EnableEbsEncryption": True,
                    },
                },
            },
            "InstanceMetadataServiceConfiguration": {
                "MinimumInstanceMetadataServiceVersion": 2,
                "HttpPutResponseHopLimit": 1,
            },
        },
    )
    return configuration, tag_value


def define_security_groups(profile: Construct, vpc: ec2.IVpc) -> tuple[str, str, str, list[Construct]]:
    scope = Construct(profile, "SecurityGroups")
    master = ec2.SecurityGroup(scope, "Master", vpc=vpc, description="Master nodes of Amazon EMR clusters")
    core = ec2.SecurityGroup(scope, "Core", vpc=vpc, description="Core and task nodes of Amazon EMR clusters")
    service_access = ec2.SecurityGroup(
        scope,
        "ServiceAccess",
        vpc=vpc,
        description="Access of the Amazon EMR service to clusters",
        allow_all_outbound=False,
    )
    cdk.Tags.of(scope).add(TAG, "true", include_resource_types=["AWS::EC2::SecurityGroup"])
    master_id, core_id, service_id = (group.security_group_id for group in (master, core, service_access))
    names = {master_id: "primary nodes", core_id: "core and task nodes", service_id: "the EMR service"}
    rules: list[Construct] = []

    def ingress(name: str, to: str, source: str, protocol: str, first: int, last: int, label: str) -> None:
        rules.append(
            ec2.CfnSecurityGroupIngress(
                scope,
                name,
                group_id=to,
                source_security_group_id=source,
                ip_protocol=protocol,
                from_port=first,
                to_port=last,
                description=f"Allows {label} from {names[source]} to {names[to]}",
            )
        )

    for to, to_id in (("Master", master_id), ("Core", core_id)):
        for source, source_id in (("Master", master_id), ("Core", core_id)):
            ingress(f"{to}From{source}Icmp", to_id, source_id, "icmp", -1, -1, "ICMP")
            ingress(f"{to}From{source}Tcp", to_id, source_id, "tcp", 0, 65535, "TCP")
            ingress(f"{to}From{source}Udp", to_id, source_id, "udp", 0, 65535, "UDP")
    for to, to_id in (("Master", master_id), ("Core", core_id)):
        ingress(f"{to}FromServiceAccess8443", to_id, service_id, "tcp", 8443, 8443, "TCP 8443")
        rules.append(
            ec2.CfnSecurityGroupEgress(
                scope,
                f"ServiceAccessTo{to}8443",
                group_id=service_id,
                destination_security_group_id=to_id,
                ip_protocol="tcp",
                from_port=8443,
                to_port=8443,
                description=f"Allows TCP 8443 from the EMR service to {names[to_id]}",
            )
        )
    ingress("ServiceAccessFromMaster9443", service_id, master_id, "tcp", 9443, 9443, "TCP 9443")
    return master_id, core_id, service_id, rules


def define_instance_role(
    profile: Construct, key_arn: str, log_bucket: s3.Bucket, tag_value: str, aws: PseudoParameters
) -> tuple[iam.Role, iam.InstanceProfile, list[iam.ManagedPolicy]]:
    role = iam.Role(
        profile,
        "InstanceRole",
        description="Allows the nodes of Amazon EMR clusters to call AWS services",
        assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
    )
    instance_profile = iam.InstanceProfile(profile, "InstanceProfile", role=role)
    policy = iam.ManagedPolicy(
        profile,
        "InstancePolicy",
        statements=[
            iam.PolicyStatement(
                sid="WriteLogs", actions=["s3:PutObject"], resources=[log_bucket.arn_for_objects("emr/*")]
            ),
            iam.PolicyStatement(
                sid="UseEncryptionKeys",
                actions=[
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                resources=[key_arn],
            ),
            iam.PolicyStatement(
                sid="ReadCertificateAuthority",
                actions=["secretsmanager:GetSecretValue"],
                resources=[f"arn:{aws.partition}:secretsmanager:{aws.region}:{aws.account}:secret:*"],
                conditions={
                    "StringEquals": {"secretsmanager:ResourceTag/emr-constructs:security-configuration": tag_value}
                },
            ),
        ],
        roles=[role],
    )
    sessions = iam.ManagedPolicy(
        profile,
        "SessionPolicy",
        statements=[
            iam.PolicyStatement(
                sid="UseSessionManager",
                actions=[
                    "ssm:UpdateInstanceInformation",
                    "ssmmessages:CreateControlChannel",
                    "ssmmessages:CreateDataChannel",
                    "ssmmessages:OpenControlChannel",
                    "ssmmessages:OpenDataChannel",
                ],
                resources=["*"],
            )
        ],
        roles=[role],
    )
    return role, instance_profile, [policy, sessions]


def define_service_role(
    profile: Construct, key_arn: str, instance_role: iam.Role, aws: PseudoParameters
) -> tuple[iam.Role, iam.ManagedPolicy]:
    role = iam.Role(
        profile,
        "ServiceRole",
        description="Allows Amazon EMR to launch and manage the instances of clusters",
        assumed_by=iam.ServicePrincipal(
            f"elasticmapreduce.{aws.url_suffix}",
            conditions={
                "StringEquals": {"aws:SourceAccount": aws.account},
                "ArnLike": {"aws:SourceArn": f"arn:{aws.partition}:elasticmapreduce:{aws.region}:{aws.account}:*"},
            },
        ),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonEMRServicePolicy_v2")],
    )
    policy = iam.ManagedPolicy(
        profile,
        "ServicePolicy",
        statements=[
            iam.PolicyStatement(
                sid="PassInstanceRole",
                actions=["iam:PassRole"],
                resources=[instance_role.role_arn],
                conditions={"StringLike": {"iam:PassedToService": "ec2.amazonaws.com*"}},
            ),
            iam.PolicyStatement(
                sid="EncryptVolumes",
                actions=[
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                resources=[key_arn],
            ),
            iam.PolicyStatement(
                sid="GrantKeysToVolumes",
                actions=["kms:CreateGrant"],
                resources=[key_arn],
                conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
            ),
        ],
        roles=[role],
    )
    return role, policy


def define_alarms(stack: cdk.Stack, cluster_id: str, key: kms.Key, aws: PseudoParameters) -> None:
    scope = Construct(stack, "Alarms")
    topic_scope = Construct(scope, "AlarmTopic")
    alarms = iam.ServicePrincipal(
        "cloudwatch.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": aws.account},
            "ArnLike": {"aws:SourceArn": f"arn:{aws.partition}:cloudwatch:{aws.region}:{aws.account}:alarm:*"},
        },
    )
    topic = sns.Topic(topic_scope, "Topic", master_key=key, enforce_ssl=True)
    topic.grant_publish(alarms)
    action = cloudwatch_actions.SnsAction(topic)
    above = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
    below = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
    for name, metric, statistic, comparison, threshold, periods, description in (
        ("HdfsUtilization", "HDFSUtilization", "Average", above, 80, 3,
         "HDFS utilization has been above 80% for 15 minutes; add core nodes or delete data."),
        ("MissingBlocks", "MissingBlocks", "Maximum", above, 0, 1, "HDFS has missing blocks; data may be lost."),
        ("CorruptBlocks", "CorruptBlocks", "Maximum", above, 0, 1, "HDFS has corrupt blocks; data may be lost."),
        ("UnhealthyNodes", "MRUnhealthyNodes", "Minimum", above, 0, 2,
         "One or more nodes have been unhealthy for 10 minutes, often because of low disk space."),
        ("LostNodes", "MRLostNodes", "DIFF", above, 0, 1,
         "One or more nodes stopped communicating with YARN within 5 minutes; the cluster runs at reduced capacity."),
        ("CoreNodesPending", "CoreNodesPending", "Minimum", above, 0, 3,
         "Core nodes have been pending for 15 minutes; check EC2 capacity and service quotas."),
        ("FailedApplications", "AppsFailed", "DIFF", above, 0, 1,
         "One or more YARN applications failed within 5 minutes; check their logs."),
        ("PendingApplications", "AppsPending", "Minimum", above, 10, 3,
         "More than 10 YARN applications have been pending for 15 minutes; consider scaling out."),
        ("YarnMemoryAvailable", "YARNMemoryAvailablePercentage", "Average", below, 15, 3,
         "Available YARN memory has been below 15% for 15 minutes; consider scaling out."),
        ("Idle", "IsIdle", "Minimum", above, 0, 24,
         "The cluster has been idle for 120 minutes and is still incurring cost."),
    ):  # fmt: skip
        watched: cloudwatch.IMetric = cloudwatch.Metric(
            namespace="AWS/ElasticMapReduce",
            metric_name=metric,
            dimensions_map={"JobFlowId": cluster_id},
            statistic="Maximum" if statistic == "DIFF" else statistic,
        )
        if statistic == "DIFF":
            counter = metric.lower()
            watched = cloudwatch.MathExpression(
                expression=f"DIFF({counter})", using_metrics={counter: watched}, label=f"New {metric}"
            )
        alarm = cloudwatch.Alarm(
            scope,
            name,
            metric=watched,
            comparison_operator=comparison,
            threshold=threshold,
            evaluation_periods=periods,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=description,
        )
        alarm.add_alarm_action(action)
