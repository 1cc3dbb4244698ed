"""Lake Formation table permissions for jobs: each job runs with a runtime role that has access to tables, not to S3.

In Lake Formation, an administrator registers the data location once and, under *Application integration settings*,
allows external engines to filter data, with the session tag value ``Amazon EMR``.
Principals with the policy of this stack submit steps with AddJobFlowSteps and ``ExecutionRoleArn``.

Cost: 3 m7g.xlarge nodes until the cluster has been idle for 1 hour.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lakeformation as lakeformation
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr


class LakeFormationStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", enable_key_rotation=True)
        security = emr.SecurityConfiguration(
            self,
            "Security",
            encryption_key=key,
            runtime_roles=emr.RuntimeRoles(propagate_source_identity=True),
            lake_formation=emr.LakeFormation(),
        )
        # Anyone with shell access to a node has the node's permissions, and so every runtime role.
        profile = emr.ClusterProfile(
            self, "Profile", vpc=vpc, encryption_key=key, security_configuration=security, session_manager=False
        )
        cluster = emr.Cluster(
            self,
            "Cluster",
            profile=profile,
            applications=[emr.Application.SPARK],
            configurations=emr.Configuration.glue_data_catalog(emr.Application.SPARK),
        )

        analysts = emr.RuntimeRole(self, "Analysts", profile=profile)
        analysts.grants.read_bucket(s3.Bucket.from_bucket_name(self, "Jobs", "company-jobs"), "analysts/")
        analysts.grants.use_glue_data_catalog("sales")
        lakeformation.CfnPrincipalPermissions(
            self,
            "AnalystsSeeSales",
            principal=lakeformation.CfnPrincipalPermissions.DataLakePrincipalProperty(
                data_lake_principal_identifier=analysts.role_arn
            ),
            resource=lakeformation.CfnPrincipalPermissions.ResourceProperty(
                table=lakeformation.CfnPrincipalPermissions.TableResourceProperty(
                    catalog_id=self.account, database_name="sales", table_wildcard={}
                )
            ),
            permissions=["DESCRIBE", "SELECT"],
            permissions_with_grant_option=[],
        )
        submit = iam.ManagedPolicy(self, "SubmitAsAnalysts", description="Submit steps that run as the analysts do")
        cluster.grants.submit_steps(submit, runtime_roles=[analysts])
        cdk.CfnOutput(self, "ExecutionRoleArn", value=analysts.role_arn)


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    LakeFormationStack(app, "LakeFormation", vpc=vpc)
    app.synth()
