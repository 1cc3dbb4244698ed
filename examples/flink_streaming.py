"""Long-running Flink jobs with checkpoints in S3, which a deployment pipeline submits as steps.

Job managers run on On-Demand nodes, so that a Spot interruption doesn't stop a job.

Cost: 1 m7g.xlarge and 6 m7g.2xlarge nodes, 4 of them on Spot, until you terminate the cluster.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr


class FlinkStreamingStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        state = s3.Bucket.from_bucket_name(self, "State", "company-streaming")
        cluster = emr.Cluster(
            self,
            "Streaming",
            vpc=vpc,
            release_label=emr.ReleaseLabel.EMR_7_14_0,
            applications=[emr.Application.FLINK],
            instances=emr.InstanceGroups(
                master=emr.InstanceGroup("m7g.xlarge"),
                core=emr.InstanceGroup("m7g.2xlarge", 2),
                tasks=[emr.InstanceGroup("m7g.2xlarge", 4, market=emr.Market.spot())],
            ),
            configurations=[
                *emr.FlinkConfigurations.checkpoints(state, "orders/", interval=cdk.Duration.minutes(1)),
                *emr.FlinkConfigurations.resources(task_slots=4, task_manager_memory="8g"),
                *emr.YarnConfigurations.application_masters_on("ON_DEMAND"),
            ],
            step_concurrency_level=10,
            termination=emr.Termination.manual(),
        )
        cluster.grants.read_write_bucket(state, "orders/")

        pipeline = iam.Role(self, "Pipeline", assumed_by=iam.AccountRootPrincipal())
        cluster.grants.submit_steps(iam.ManagedPolicy(self, "PipelinePermissions", roles=[pipeline]))


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    FlinkStreamingStack(app, "FlinkStreaming", vpc=vpc)
    app.synth()
