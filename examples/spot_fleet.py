"""Spot instance fleets across Availability Zones: EMR launches the cluster in the zone with the best capacity.

The primary and core nodes, which store HDFS data, are On-Demand. The task fleet uses nine Graviton instance types with
low prices and interruption rates, and switches to On-Demand after 20 minutes without Spot capacity.

Cost: 1 xlarge node, 4 units (16 vCPUs) On-Demand and 16 units (64 vCPUs) on Spot until the cluster has been idle for 1
hour.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr

FAMILIES = ("r8g", "r7g", "r6g")


class SpotFleetStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        volumes = [emr.EbsVolume.gp3(size_gib=64, count=2)]
        # One unit is an xlarge: four vCPUs and 32 GiB.
        sizes = {"xlarge": 1, "2xlarge": 2, "4xlarge": 4}
        types = [
            emr.FleetInstanceType(f"{family}.{size}", weighted_capacity=units, ebs_volumes=volumes)
            for family in FAMILIES
            for size, units in sizes.items()
        ]
        emr.Cluster(
            self,
            "Spark",
            vpc=vpc,
            applications=[emr.Application.SPARK],
            instances=emr.InstanceFleets(
                master=emr.InstanceFleet.on_demand("m8g.xlarge", "m7g.xlarge", "m6g.xlarge", units=1),
                core=emr.InstanceFleet.on_demand(*types[:5], units=4),  # up to 5 without an allocation strategy
                task=emr.InstanceFleet.spot(
                    *types,
                    units=16,
                    spot_provisioning=emr.SpotProvisioning(
                        allocation_strategy=emr.SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
                        timeout_minutes=20,
                        timeout_action=emr.SpotTimeoutAction.SWITCH_TO_ON_DEMAND,
                    ),
                    spot_resizing=emr.SpotResizing(timeout_minutes=30),
                ),
            ),
        )


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    SpotFleetStack(app, "SpotFleet", vpc=vpc)
    app.synth()
