"""Trino with the AWS Glue Data Catalog, and fault-tolerant execution of long queries on Spot task nodes.

Clients connect to ``trino.data.internal``, which moves to the new cluster when CloudFormation replaces it:
``jdbc:trino://trino.data.internal:8446/hive/sales?SSL=true&SSLVerification=CA``.

Cost: 1 r7g.xlarge and 8 r7g.2xlarge nodes, 6 of them on Spot, until you terminate the cluster.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr


class TrinoWithGlueStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        sales = s3.Bucket.from_bucket_name(self, "Sales", "company-sales")
        scratch = s3.Bucket.from_bucket_name(self, "Scratch", "company-scratch")
        cluster = emr.Cluster(
            self,
            "Trino",
            vpc=vpc,
            release_label=emr.ReleaseLabel.EMR_7_14_0,
            applications=[emr.Application.TRINO, emr.Application.HADOOP],
            instances=emr.InstanceGroups(
                master=emr.InstanceGroup("r7g.xlarge"),
                core=emr.InstanceGroup("r7g.2xlarge", 2),
                tasks=[emr.InstanceGroup("r7g.2xlarge", 6, market=emr.Market.spot())],
            ),
            configurations=[
                *emr.Configuration.glue_data_catalog(emr.Application.TRINO),
                *emr.TrinoConfigurations.fault_tolerant_execution(scratch, "trino/"),
                *emr.TrinoConfigurations.query_limits(max_run_time=cdk.Duration.hours(4)),
            ],
            termination=emr.Termination.manual(),
        )
        cluster.grants.use_glue_data_catalog("sales")
        cluster.grants.read_bucket(sales)
        cluster.grants.read_write_bucket(scratch, "trino/")

        zone = route53.PrivateHostedZone(self, "Zone", zone_name="data.internal", vpc=vpc)
        name = cluster.access.add_dns_name(zone, "trino")
        emr.acknowledge(name, "emr-dns-name-identity", reason="Clients verify the CA, not the name of the node.")


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    TrinoWithGlueStack(app, "TrinoWithGlue", vpc=vpc)
    app.synth()
