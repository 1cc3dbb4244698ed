"""Spark on EMR 8 in subnets without internet access, with customer managed policies and restricted egress.

Sessions use the endpoints of AWS Systems Manager. A bootstrap action starts the SSM Agent in case the image doesn't.

Cost: 3 m7g.xlarge nodes until the cluster has been idle for 1 hour, and 10 interface endpoints in 2 Availability Zones;
no NAT gateway.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr


class RestrictedStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        profile = emr.ClusterProfile(
            self,
            "Profile",
            vpc=vpc,
            security_groups=emr.ClusterSecurityGroups(self, "Groups", vpc=vpc, allow_all_outbound=False),
            service_role_policy=emr.ServiceRolePolicy.CUSTOMER_MANAGED,
            release_label=emr.ReleaseLabel.EMR_SPARK_8_1_0,
        )
        emr.Cluster(
            self,
            "Spark",
            profile=profile,
            release_label=emr.ReleaseLabel.EMR_SPARK_8_1_0,
            applications=[emr.Application.SPARK, emr.Application.LIVY],
            bootstrap_actions=[emr.BootstrapAction.start_ssm_agent()],
        )


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    isolated = ec2.SubnetConfiguration(name="Private", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    addresses = "10.40.0.0/16"
    vpc = ec2.Vpc(network, "Vpc", ip_addresses=ec2.IpAddresses.cidr(addresses), subnet_configuration=[isolated])
    emr.add_s3_endpoint(vpc)
    emr.add_interface_endpoints(vpc, cidr_block=addresses)
    RestrictedStack(app, "Restricted", vpc=vpc)
    app.synth()
