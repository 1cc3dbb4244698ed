"""Notebooks: a Studio with IAM authentication, and a cluster for its Workspaces.

Users who can assume the role sign in at the Studio URL, create a Workspace and attach it to the cluster.

Cost: 3 m7g.xlarge nodes until the cluster has been idle for 2 hours; the Studio is free of charge.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr


class StudioStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        studio = emr.Studio(self, "Studio", vpc=vpc, studio_name="Analysts", description="Notebooks of the analysts")
        # EMR Studio identifies users by their session name, so they must not be able to choose it.
        own_name = {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}
        analysts = iam.Role(self, "Analysts", assumed_by=iam.AccountRootPrincipal().with_conditions(own_name))
        analysts.add_managed_policy(studio.user_policy)

        cluster = emr.Cluster(
            self,
            "Notebooks",
            vpc=vpc,
            applications=[emr.Application.JUPYTER_ENTERPRISE_GATEWAY, emr.Application.LIVY, emr.Application.SPARK],
            termination=emr.Termination.when_idle(cdk.Duration.hours(2)),
        )
        # All users of the cluster have the permissions of the instance role.
        cluster.grants.read_bucket(s3.Bucket.from_bucket_name(self, "Sales", "company-sales"), "2026/")
        cdk.CfnOutput(self, "StudioUrl", value=studio.studio_url)


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    StudioStack(app, "Studio", vpc=vpc)
    app.synth()
