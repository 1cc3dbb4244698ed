"""A Spot fleet of instance types chosen by size, and Spark executors that fit on each of them.

All types have 8 vCPUs and 64 GiB, so that each node runs two executors with 4 cores. The choice stays the same with
later versions of the library; a later release can choose newer types, and replaces the cluster anyway.

Cost: 1 xlarge and 10 2xlarge nodes, 8 of them on Spot, until the cluster has been idle for 1 hour.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr

RELEASE = emr.ReleaseLabel.EMR_7_14_0


class SizedFleetStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        workers = emr.SupportedInstanceType.choose(
            RELEASE, vcpu=8, memory_gib=64, architecture="AARCH64", limit=5
        )  # r8g, r8gb, r8gn, r7g and r6g
        instances = emr.InstanceFleets(
            master=emr.InstanceFleet.on_demand("m8g.xlarge", "m7g.xlarge", "m6g.xlarge", units=1),
            core=emr.InstanceFleet.on_demand(*workers, units=2),
            task=emr.InstanceFleet.spot(
                *workers,
                units=8,
                spot_provisioning=emr.SpotProvisioning(
                    allocation_strategy=emr.SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED
                ),
            ),
        )
        emr.Cluster(
            self,
            "Spark",
            vpc=vpc,
            release_label=RELEASE,
            applications=[emr.Application.SPARK],
            instances=instances,
            configurations=emr.SparkConfigurations.executors(fits=instances, cores=4, driver_memory_mib=8192),
        )


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    SizedFleetStack(app, "SizedFleet", vpc=vpc)
    app.synth()
