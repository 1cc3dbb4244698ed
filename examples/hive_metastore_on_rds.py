"""An external Hive metastore in Amazon RDS for MariaDB, whose tables outlive the cluster.

The database and EMR share a secret that contains only the password: EMR uses the whole text of a secret, so the JSON
secret that Amazon RDS creates by default can't be used. After the password changes, replace the cluster. The database
has deletion protection and is retained: to remove it, disable the protection, then delete it.

Cost: 3 m7g.xlarge nodes until the cluster has been idle for 1 hour, and 2 db.t4g.medium instances until you delete the
database.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

import emr_constructs as emr

USER, DATABASE, PORT = "hive", "hive", 3307


class HiveMetastoreOnRdsStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", description="Encrypts the Hive metastore", enable_key_rotation=True)
        password = secretsmanager.Secret(
            self,
            "Password",
            description="Contains the password of the Hive metastore as plain text",
            encryption_key=key,
            generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True, password_length=32),
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        monitoring = iam.Role(
            self,
            "MonitoringRole",
            description="Allows Amazon RDS to write metrics of the operating system to Amazon CloudWatch Logs",
            assumed_by=iam.ServicePrincipal(
                "monitoring.rds.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
            ),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonRDSEnhancedMonitoringRole")
            ],
        )
        database = rds.DatabaseInstance(
            self,
            "Database",
            engine=rds.DatabaseInstanceEngine.maria_db(version=rds.MariaDbEngineVersion.VER_10_11_16),
            credentials=rds.Credentials.from_password(USER, password.secret_value),
            database_name=DATABASE,
            port=PORT,
            instance_type=ec2.InstanceType("t4g.medium"),
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            multi_az=True,
            storage_encrypted=True,
            storage_encryption_key=key,
            backup_retention=cdk.Duration.days(14),
            copy_tags_to_snapshot=True,
            monitoring_role=monitoring,
            monitoring_interval=cdk.Duration.minutes(1),
            cloudwatch_logs_exports=["error", "general", "slowquery", "audit"],
            deletion_protection=True,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        cluster = emr.Cluster(
            self,
            "Warehouse",
            vpc=vpc,
            applications=[emr.Application.HIVE, emr.Application.SPARK],
            configurations=emr.HiveConfigurations.external_metastore(
                jdbc_url=f"jdbc:mysql://{database.db_instance_endpoint_address}:{PORT}/{DATABASE}",
                user=USER,
                password=password,
            ),
        )
        # Only the metastore on the primary node connects to the database; other nodes connect to the metastore.
        database.connections.allow_from(cluster.master_connections, ec2.Port.tcp(PORT), "Hive metastore")
        _accept_findings(password, database, monitoring)


def _accept_findings(password: secretsmanager.Secret, database: rds.DatabaseInstance, monitoring: iam.Role) -> None:
    def accept(scope: Construct, rules: list[str], reason: str) -> None:
        cdk.Validations.of(scope).acknowledge(*(cdk.Acknowledgment(id=rule, reason=reason) for rule in rules))

    accept(
        password,
        [
            "AwsSolutions-SMG4",
            *(f"{pack}-SecretsManagerRotationEnabled" for pack in ("HIPAA.Security", "NIST.800.53.R5")),
        ],
        "EMR reads the password only when it launches a cluster, so a rotation would interrupt running clusters.",
    )
    accept(
        database,
        [f"{pack}-RDSInBackupPlan" for pack in ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5")],
        "The automated backups of the database, which are kept for 14 days, replace a plan of AWS Backup.",
    )
    policy = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
    accept(
        monitoring,
        [f"AwsSolutions-IAM4[{policy}]"],
        "AWS maintains this policy for the enhanced monitoring of Amazon RDS, which can only write its logs with it.",
    )


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    HiveMetastoreOnRdsStack(app, "HiveMetastoreOnRds", vpc=vpc)
    app.synth()
