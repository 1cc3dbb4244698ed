"""Spark on EMR 8 in subnets without internet access, with customer managed policies and restricted egress.

Sessions use the endpoints of AWS Systems Manager. A bootstrap action starts the SSM Agent in case the image doesn't.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr
from examples.network import network
from stacks.decisions import accept_logs_in_one_region


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
    RestrictedStack(app, "Restricted", vpc=network(app, nat_gateways=0, interface_endpoints=True))
    accept_logs_in_one_region(app)
    app.synth()
