"""HBase with tables in S3 that outlive the cluster, and a read replica cluster.

Flush the tables before you terminate the first cluster: data in memory and in its write-ahead log is lost.

Cost: 2 m7g.xlarge and 6 r7g.2xlarge nodes with 3 TiB of EBS volumes until you terminate the 2 clusters.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr


class HBaseOnS3Stack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        tables = s3.Bucket.from_bucket_name(self, "Tables", "company-tables")
        profile = emr.ClusterProfile(self, "Profile", vpc=vpc)
        definition = emr.ClusterDefinition(
            release_label=emr.ReleaseLabel.EMR_7_14_0,
            applications=[emr.Application.HBASE, emr.Application.PHOENIX],
            instances=emr.InstanceGroups(
                master=emr.InstanceGroup("m7g.xlarge"),
                core=emr.InstanceGroup("r7g.2xlarge", 3, ebs_volumes=[emr.EbsVolume.gp3(size_gib=256, count=2)]),
            ),
            configurations=emr.HBaseConfigurations.on_s3(tables, "hbase/"),
            termination=emr.Termination.manual(),
        )
        orders = emr.Cluster(self, "Orders", profile=profile, definition=definition)
        orders.grants.read_write_bucket(tables, "hbase/")

        replica = emr.Cluster(
            self,
            "OrdersReplica",
            profile=profile,
            definition=definition,
            configurations=emr.HBaseConfigurations.on_s3(tables, "hbase/", read_replica=True),
        )
        # At start, the replica reads the data that the first cluster has written.
        replica.node.add_dependency(orders)


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    HBaseOnS3Stack(app, "HBaseOnS3", vpc=vpc)
    app.synth()
