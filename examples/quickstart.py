"""A Spark cluster with a step and default settings."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr
from examples.network import network
from stacks.decisions import accept_logs_in_one_region

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
    QuickstartStack(app, "Quickstart", vpc=network(app))
    accept_logs_in_one_region(app)
    app.synth()
