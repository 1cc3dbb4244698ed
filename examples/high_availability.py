"""A highly available cluster: three primary nodes on distinct hardware, and an external Hive metastore.

The cluster is termination-protected: to delete it, deploy with ``Termination.manual()``, then run ``cdk destroy``. The
metastore is an existing MySQL database. EMR reads its password, which is never part of the template.

Cost: 3 m7g.xlarge and 4 r7g.xlarge nodes with 1 TiB of EBS volumes until you terminate the cluster.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

import emr_constructs as emr


class HighAvailabilityStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        metastore = emr.Configuration(
            "hive-site",
            {
                "javax.jdo.option.ConnectionURL": "jdbc:mysql://metastore.example.com:3306/hive",
                "javax.jdo.option.ConnectionDriverName": "org.mariadb.jdbc.Driver",
                "javax.jdo.option.ConnectionUserName": "hive",
                "javax.jdo.option.ConnectionPassword": secretsmanager.Secret.from_secret_name_v2(
                    self, "MetastorePassword", "hive/metastore"
                ),
            },
        )
        cluster = emr.Cluster(
            self,
            "Warehouse",
            vpc=vpc,
            applications=[emr.Application.HIVE, emr.Application.SPARK],
            instances=emr.InstanceGroups(
                master=emr.InstanceGroup("m7g.xlarge", 3),
                # With four or more core nodes, HDFS stores two copies of each block.
                core=emr.InstanceGroup("r7g.xlarge", 4, ebs_volumes=[emr.EbsVolume.gp3(size_gib=128, count=2)]),
            ),
            configurations=[metastore],
            termination=emr.Termination.manual(protected=True),
        )
        database = ec2.SecurityGroup.from_security_group_id(self, "Metastore", "sg-0123456789abcdef0")
        database.connections.allow_from(cluster, ec2.Port.tcp(3306), "Hive metastore")
        emr.ClusterAlarms(self, "Alarms", cluster=cluster)


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    HighAvailabilityStack(app, "HighAvailability", vpc=vpc)
    app.synth()
