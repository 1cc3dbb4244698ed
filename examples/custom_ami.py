"""A custom AMI for all nodes, a larger root volume, and configurations from a file.

The AMI must be based on the Amazon Linux 2023 release of emr-7.14.0, for Graviton, in the Region of the cluster.

Cost: 3 m7g.xlarge nodes until the cluster has been idle for 1 hour.
Files: ``configurations.yaml``.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr

CONFIGURATIONS = Path(__file__).parent / "configurations.yaml"


class CustomAmiStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        scanner = ec2.SecurityGroup.from_security_group_id(self, "Scanner", "sg-0123456789abcdef0", mutable=False)
        groups = emr.ClusterSecurityGroups(
            self, "Groups", vpc=vpc, additional_master=[scanner], additional_core=[scanner]
        )
        emr.Cluster(
            self,
            "Cluster",
            profile=emr.ClusterProfile(self, "Profile", vpc=vpc, security_groups=groups),
            release_label=emr.ReleaseLabel.EMR_7_14_0,
            applications=[emr.Application.SPARK],
            custom_ami_id="ami-0123456789abcdef0",
            root_volume=emr.RootVolume(size_gib=60, iops=6000, throughput_mibps=500),
            configurations=emr.Configuration.from_file(CONFIGURATIONS),
        )


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    CustomAmiStack(app, "CustomAmi", vpc=vpc)
    app.synth()
