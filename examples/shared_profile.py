"""Two clusters that share a profile: ad hoc queries with the AWS Glue Data Catalog, and a shared reporting job.

Cost: 3 m7g.xlarge nodes until the first cluster has been idle for 30 minutes; 1 m7g.xlarge and 9 m7g.2xlarge nodes, 6
of them on Spot, until you terminate the second one.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

import emr_constructs as emr


class SharedProfileStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        profile = emr.ClusterProfile(self, "Profile", vpc=vpc)

        queries = emr.Cluster(
            self,
            "Queries",
            profile=profile,
            applications=[emr.Application.SPARK, emr.Application.HIVE],
            configurations=emr.Configuration.glue_data_catalog(emr.Application.SPARK, emr.Application.HIVE),
            termination=emr.Termination.when_idle(cdk.Duration.minutes(30)),
        )
        queries.grants.use_glue_data_catalog("sales", "marketing")

        password = secretsmanager.Secret.from_secret_name_v2(self, "MetastorePassword", "hive/metastore")
        emr.Cluster(
            self,
            "Reports",
            profile=profile,
            applications=[emr.Application.HIVE],
            instances=emr.InstanceGroups(
                master=emr.InstanceGroup("m7g.xlarge"),
                core=emr.InstanceGroup("m7g.2xlarge", 3),
                tasks=[emr.InstanceGroup("m7g.2xlarge", 6, market=emr.Market.spot())],
            ),
            configurations=[emr.Configuration("hive-site", {"javax.jdo.option.ConnectionPassword": password})],
            termination=emr.Termination.manual(),
        )

        analysts = iam.Role(self, "Analysts", assumed_by=iam.AccountRootPrincipal())
        permissions = iam.ManagedPolicy(self, "AnalystPermissions", roles=[analysts])
        queries.grants.describe(permissions)
        queries.grants.submit_steps(permissions)


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    SharedProfileStack(app, "SharedProfile", vpc=vpc)
    app.synth()
