"""A cluster in a public subnet: no NAT gateway cost; no rule allows inbound internet traffic.

Cost: 3 m7g.xlarge nodes with public IPv4 addresses until the cluster has been idle for 1 hour; no NAT gateway.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr


class PublicSubnetStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        public = ec2.SubnetConfiguration(name="Public", subnet_type=ec2.SubnetType.PUBLIC)
        vpc = ec2.Vpc(self, "Vpc", max_azs=1, nat_gateways=0, subnet_configuration=[public])
        packs = ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5", "PCI.DSS.321")
        rules = [
            "AwsSolutions-VPC7",
            *(f"{pack}-VPCFlowLogsEnabled" for pack in packs),
            *(f"{pack}-VPCSubnetAutoAssignPublicIpDisabled" for pack in packs),
            *(f"{pack}-VPCNoUnrestrictedRouteToIGW" for pack in packs),
        ]
        reason = "The network processes only public data and has no idle cost; no rule allows inbound internet traffic."
        cdk.Validations.of(vpc).acknowledge(*(cdk.Acknowledgment(id=rule, reason=reason) for rule in rules))
        emr.Cluster(
            self,
            "Cluster",
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
            applications=[emr.Application.SPARK, emr.Application.ZEPPELIN],
        )


if __name__ == "__main__":
    app = cdk.App()
    PublicSubnetStack(app, "PublicSubnet")
    app.synth()
