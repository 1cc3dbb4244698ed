"""A Spark cluster with a step and default settings.

Cost: 3 m7g.xlarge nodes until the cluster has been idle for 1 hour.
Files: ``jobs/word_count.py``.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr

JOBS = Path(__file__).parent / "jobs"


class QuickstartStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        cluster = emr.Cluster(
            self,
            "Spark",
            vpc=vpc,
            release_label=emr.ReleaseLabel.EMR_7_14_0,
            applications=[emr.Application.SPARK],
        )
        script = emr.Script.from_asset(JOBS / "word_count.py")
        # The words of the script itself, so that the step finds its data in every account.
        cluster.add_step(emr.Step.spark("Count words", script=script, args=[script, "hdfs:///counts/"]))


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    QuickstartStack(app, "Quickstart", vpc=vpc)
    app.synth()
