"""A cost-optimized cluster: Graviton, two core nodes, Spot task nodes as required, and auto-termination.

Managed scaling adds and removes nodes. Instance counts are initial values: don't change them, because a changed count
resizes the cluster.

Cost: 1 m7g.xlarge and 2 to 12 m7g.2xlarge nodes, up to 10 of them on Spot, until the cluster has been idle for 20
minutes.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr


class GravitonSaverStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        volumes = [emr.EbsVolume.gp3(size_gib=32, count=2)]
        emr.Cluster(
            self,
            "Saver",
            vpc=vpc,
            applications=[emr.Application.SPARK],
            instances=emr.InstanceGroups(
                master=emr.InstanceGroup("m7g.xlarge", ebs_volumes=volumes),
                core=emr.InstanceGroup("m7g.2xlarge", 2, ebs_volumes=volumes),
                tasks=[emr.InstanceGroup("m7g.2xlarge", 0, market=emr.Market.spot(), ebs_volumes=volumes)],
            ),
            # Capacity above the limits for core and On-Demand nodes is Spot task nodes.
            managed_scaling=emr.ManagedScaling.instances(
                minimum=2, maximum=12, maximum_core=2, maximum_on_demand=2, utilization_performance_index=25
            ),
            termination=emr.Termination.when_idle(cdk.Duration.minutes(20)),
        )


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    GravitonSaverStack(app, "GravitonSaver", vpc=vpc)
    app.synth()
