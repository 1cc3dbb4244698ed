"""Self-service: a Service Catalog portfolio with which analysts launch clusters from EMR Studio and SageMaker Studio.

All clusters share one profile. They choose among the types and sizes that the templates allow.

Cost: no nodes before a user launches a cluster: 2 m7g.xlarge nodes, or 1 m7g.xlarge and 4 r7g.2xlarge nodes, until it
has been idle for 2 hours.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr

NOTEBOOKS = [emr.Application.JUPYTER_ENTERPRISE_GATEWAY, emr.Application.LIVY, emr.Application.SPARK]


class StudioTemplatesStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        profile = emr.ClusterProfile(self, "Profile", vpc=vpc)
        definition = emr.ClusterDefinition(
            applications=NOTEBOOKS, termination=emr.Termination.when_idle(cdk.Duration.hours(2))
        )
        small = emr.StudioTemplate(
            self,
            "Small",
            profile=profile,
            definition=definition,
            product_name="Spark, small",
            instances=emr.InstanceGroups(master=emr.InstanceGroup("m7g.xlarge"), core=emr.InstanceGroup("m7g.xlarge")),
        )
        large = emr.StudioTemplate(
            self,
            "Large",
            profile=profile,
            definition=definition,
            product_name="Spark, large",
            instances=emr.InstanceGroups(
                master=emr.InstanceGroup("m7g.xlarge"), core=emr.InstanceGroup("r7g.2xlarge", 4)
            ),
            core_instance_types=["r7g.2xlarge", "r7g.4xlarge"],
            core_instance_counts=[4, 8, 16],
        )
        # The templates share the instance role of the profile.
        small.grants.read_bucket(s3.Bucket.from_bucket_name(self, "Sales", "company-sales"), "2026/")

        own_name = {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}
        analysts = iam.Role(self, "Analysts", assumed_by=iam.AccountRootPrincipal().with_conditions(own_name))
        emr.StudioTemplates(
            self,
            "Templates",
            templates=[small, large],
            principals=[analysts],
            portfolio_name="Clusters for notebooks",
            provider_name="Data platform",
        )


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    StudioTemplatesStack(app, "StudioTemplates", vpc=vpc)
    app.synth()
